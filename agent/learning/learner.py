"""What both learners share: acting, annealing, and a state that can be saved and restored exactly.

Importing this module starts TensorFlow; call `agent.learning.keras_setup.load_keras(threads)` first to choose the threads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from agent.learning.acting import NumpyActor
from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras, xla_works
from agent.learning.network import build_policy, score_model
from agent.learning.rollout import Rollout, minibatch_index
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.observation import STATE_SIZE

tf, keras = load_keras()

STATES = tf.TensorSpec((None, None), tf.float32, "states")  # (batch, 23), but for experiments with other states
MASKS = tf.TensorSpec((None, ACTION_COUNT), tf.int8, "masks")
UNIFORM = tf.TensorSpec((None, ACTION_COUNT), tf.float32, "uniform")
INDEX = tf.TensorSpec((None, None), tf.int32, "index")
FLOATS = tf.TensorSpec((None,), tf.float32)
INTS = tf.TensorSpec((None,), tf.int32)
SCALAR = tf.TensorSpec((), tf.float32)


class Learner(ABC):
    """A policy network, its optimizer, and the update that improves it from a rollout.

    Attributes:
        config: the run's settings.
        model: the Keras model to save and play with, `(batch, 23) -> (batch, 7)`.
        updates: how many updates have been made.
        progress: the last value given to `anneal`.
    """

    metrics: tuple[str, ...]  # names of the numbers that a gradient step reports, in order
    inputs = STATE_SIZE

    def __init__(self, config: TrainConfig, critic: Any = None) -> None:
        self.config = config
        self.model = self.build_model(config)
        self.scores = self.build_scores()
        self.networks = {"policy": self.model} | ({"critic": critic} if critic is not None else {})
        self.variables = [v for net in self.networks.values() for v in net.trainable_variables]
        self.optimizer = keras.optimizers.Adam(config.learning_rate, epsilon=config.adam_epsilon)
        self.optimizer.build(self.variables)
        self.updates = 0
        # XLA fuses the normalisation and the optimizer: a quarter faster. The loop around the steps stays outside, so
        # that the number of minibatches may change without compiling again.
        self._step = tf.function(self._gradient_step, jit_compile=config.xla and xla_works())
        self.anneal(0.0)

    def build_model(self, config: TrainConfig) -> Any:
        """Return the network to train, `(batch, 23) -> (batch, 7)`."""
        return build_policy(config.hidden, config.head, seed=config.seed, inputs=self.inputs)

    def build_scores(self) -> Any:
        """Return the part of `model` in front of a softmax; it is made once."""
        return score_model(self.model)

    @abstractmethod
    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw an action for each state.

        Args:
            states: float32 `(N, 23)`.
            masks: int8 `(N, 7)`, 1 = legal, at least one per row.
            rng: source of the draws.

        Returns:
            `action` int32 `(N,)`, `logp` float32 `(N,)` (its log-probability), `value` float32 `(N,)`.
        """

    @abstractmethod
    def values(self, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Return the value of each state to the seat that moves, float32 `(N,)`; arguments as `act`."""

    @abstractmethod
    def update(self, rollout: Rollout, rng: np.random.Generator) -> dict[str, float]:
        """Improve the networks from `rollout` and return named numbers about it.

        Raises:
            ValueError: no decision in the rollout has a known return.
            FloatingPointError: the loss is no longer finite.
        """

    @abstractmethod
    def actor(self) -> NumpyActor:
        """Return a copy that acts as the learner does now, without TensorFlow."""

    @abstractmethod
    def _gradient_step(self, *columns: Any) -> Any:
        """Make one optimizer step on one minibatch and return its metrics, float32 `(len(self.metrics),)`."""

    def anneal(self, progress: float) -> None:
        """Set everything that changes over a run to its value at `progress` in [0, 1].

        Raises:
            ValueError: `progress` is outside [0, 1].
        """
        if not 0.0 <= progress <= 1.0:
            raise ValueError(f"progress must lie in [0, 1]. Received: {progress}")
        self.progress = float(progress)
        self.optimizer.learning_rate = self.config.learning_rate_at(self.progress)

    def get_state(self) -> dict[str, Any]:
        """Return copies of all weights, optimizer variables and counters, as nested dicts of arrays."""
        state: dict[str, Any] = {name: _numbered(net.get_weights()) for name, net in self.networks.items()}
        state["optimizer"] = _numbered([v.numpy() for v in self.optimizer.variables])
        state["counters"] = {"updates": np.int64(self.updates), "progress": np.float64(self.progress)}
        return state

    def set_state(self, state: dict[str, Any]) -> None:
        """Restore what `get_state` returned; training then continues bit for bit as it would have.

        Raises:
            ValueError: the state belongs to another kind or size of learner. Nothing is changed then.
        """
        targets = {name: net.weights for name, net in self.networks.items()}
        targets["optimizer"] = self.optimizer.variables
        expected = {name: [tuple(v.shape) for v in variables] for name, variables in targets.items()}
        received = {name: [np.shape(a) for a in state[name].values()] for name in state if name != "counters"}
        if received != expected or "counters" not in state:
            raise ValueError(
                f"This learner state belongs to a learner with another head or other layer sizes than "
                f"{self.config.head} {self.config.hidden}. Received: {', '.join(sorted(state)) or 'nothing'}"
            )
        for name, variables in targets.items():
            for variable, array in zip(variables, state[name].values(), strict=True):
                variable.assign(array)
        self.updates = int(state["counters"]["updates"])
        self.anneal(float(state["counters"]["progress"]))

    def _run_steps(self, columns: tuple[Any, ...], index: Any, *scalars: Any) -> Any:
        """Trace the loop over minibatches; returns the mean of their metrics."""
        total = tf.zeros((len(self.metrics),))
        for i in tf.range(tf.shape(index)[0]):
            rows = tf.ensure_shape(index[i], (self.config.minibatch,))  # XLA compiles for this size
            total += self._step(*[tf.gather(column, rows) for column in columns], *scalars)
        return total / tf.cast(tf.shape(index)[0], tf.float32)

    def _apply(self, tape: Any, loss: Any) -> Any:
        """Clip the gradients by their global norm, step the optimizer, return the norm before clipping."""
        gradients = tape.gradient(loss, [v.value for v in self.variables])
        gradients, norm = tf.clip_by_global_norm(gradients, self.config.max_grad_norm)
        self.optimizer.apply(gradients, self.variables)
        return norm

    def _index(self, known: np.ndarray, rng: np.random.Generator) -> Any:
        return tf.constant(minibatch_index(known, self.config.minibatch, self.config.epochs, rng))

    def _report(self, means: Any) -> dict[str, float]:
        """Name the metrics of an update, count it, and stop a run that has diverged."""
        self.updates += 1
        report = dict(zip(self.metrics, (float(x) for x in means.numpy()), strict=True))
        if not np.isfinite(list(report.values())).all():
            raise FloatingPointError(f"Training diverged in update {self.updates}; try a lower learning rate.")
        return report


def build_learner(config: TrainConfig) -> Learner:
    """Return the learner of `config.head`: `PPO` for softmax, `QLambda` for linear."""
    if config.head == "softmax":
        from agent.learning.ppo import PPO

        return PPO(config)
    from agent.learning.q_lambda import QLambda

    return QLambda(config)


def flat(array: np.ndarray) -> Any:
    """Return `(T, N, ...)` as a tensor `(T * N, ...)`."""
    return tf.constant(array.reshape(-1, *array.shape[2:]))


def _numbered(arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    # Keras may hand out views of live variables; a saved state must not change with the next update.
    return {f"{i:03d}": np.array(array) for i, array in enumerate(arrays)}
