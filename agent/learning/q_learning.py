"""Q(lambda) for the linear head, over many games side by side, without replay buffer or target network.

The method is PQN (Gallici et al. 2024, "Simplifying Deep Temporal Difference Learning"): layer normalisation keeps the
bootstrapped targets stable, and the parallel games give each update enough independent samples. It explores by
softmax(Q / temperature) with a falling temperature. Read from top to bottom: the network, how it acts, what an update does, one
gradient step. In the shapes, n is any number of states, M the rows of a minibatch, T x N those of a rollout. Importing this
module starts TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning import saving
from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras, xla_works
from agent.learning.network import MASKS, STATES, UNIFORM, build_policy, check_shapes
from agent.learning.rollout import Rollout, explained_variance, minibatches
from agent.learning.tf_masking import masked_log_softmax, masked_max, pick, sample
from monopoly_env.actions import ACTION_COUNT

tf, keras = load_keras()

METRICS = ("value_loss", "q_mean", "grad_norm")


class QLearning:
    """Action values `(n, 23) -> (n, 7)`, trained towards lambda-returns that bootstrap on the best legal value.

    Args:
        config: the settings; the head must be "linear".
        model: a network of one's own whose 7 outputs are action values; default: `build_policy`.

    Attributes:
        model: the network, to save and to play with.
        temperature: of the exploration, in units of reward; set by `anneal`.

    Raises:
        ValueError: the configuration is for another head, or the model has other shapes.
    """

    def __init__(self, config: TrainConfig, model: Any = None) -> None:
        if config.head != "linear":
            raise ValueError(f"QLearning trains the linear head. Received: head={config.head!r}")
        self.config = config
        self.model = build_policy(config.hidden, "linear", seed=config.seed) if model is None else model
        check_shapes(self.model)
        self.variables = self.model.trainable_variables
        self.optimizer = keras.optimizers.Adam(config.learning_rate, epsilon=config.adam_epsilon)
        self.optimizer.build(self.variables)
        self._step = tf.function(self.gradient_step, jit_compile=config.xla and xla_works())
        self.anneal(0.0)

    def anneal(self, progress: float) -> None:
        """Set everything that changes over a run to its value at `progress`, a share from 0 to 1."""
        self.optimizer.learning_rate = self.config.learning_rate_at(progress)
        self.temperature = self.config.temperature_at(progress)

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Draw an action for each state from softmax(Q / temperature) over the legal actions.

        Args:
            states: float32 `(n, 23)`.
            masks: int8 `(n, 7)`, 1 = legal, at least one per row.
            rng: source of the draws.

        Returns:
            `(actions, logp, values)`: int32 `(n,)`, float32 `(n,)` (their log-probabilities), float32 `(n,)` (the largest
            legal Q).
        """
        uniform = rng.random((len(states), ACTION_COUNT), dtype=np.float32)  # (n, 7)
        drawn = self._act(states, masks, uniform, tf.constant(self.temperature, tf.float32))
        return tuple(tensor.numpy() for tensor in drawn)

    @tf.function(input_signature=(STATES, MASKS, UNIFORM, tf.TensorSpec((), tf.float32)))
    def _act(self, states, masks, uniform, temperature):
        q = self.model(states)  # (n, 23) -> (n, 7)
        logp = masked_log_softmax(q / temperature, masks)  # (n, 7)
        actions = sample(logp, uniform)  # (n,)
        return actions, pick(logp, actions), masked_max(q, masks)

    def values(self, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Return the largest legal action value of each state, float32 `(n,)`."""
        return self._values(states, masks).numpy()

    @tf.function(input_signature=(STATES, MASKS))
    def _values(self, states, masks):
        return masked_max(self.model(states), masks)  # (n, 23) -> (n, 7) -> (n,)

    def update(self, rollout: Rollout, rng: np.random.Generator) -> dict[str, float]:
        """Make `epochs` passes over a rollout, a gradient step for each minibatch.

        Returns:
            The means of `METRICS` over all steps, and `explained_variance`, `return_mean`, `temperature`.

        Raises:
            FloatingPointError: the loss is no longer finite.
        """
        returns = rollout.returns(self.config.gamma, self.config.lam)  # (T, N)
        states = rollout.states.reshape(-1, rollout.states.shape[-1])  # (T * N, 23)
        actions, targets = rollout.actions.ravel(), returns.ravel()  # (T * N,)
        steps = [
            self._step(tf.constant(states[rows]), tf.constant(actions[rows]), tf.constant(targets[rows]))
            for rows in minibatches(returns.size, self.config.minibatch, self.config.epochs, rng)
        ]
        report = saving.mean_metrics(METRICS, steps)
        report["explained_variance"] = explained_variance(rollout.values[:-1], returns)
        report["return_mean"] = float(returns.mean())
        report["temperature"] = self.temperature
        return report

    def gradient_step(self, states, actions, targets):
        """Make one optimizer step on a minibatch of M rows; return `METRICS`, float32 `(3,)`."""
        with tf.GradientTape() as tape:
            q = pick(self.model(states), actions)  # (M, 23) -> (M, 7) -> (M,): only the action taken is judged
            loss = tf.reduce_mean(tf.square(q - targets))
        gradients = tape.gradient(loss, [variable.value for variable in self.variables])
        gradients, norm = tf.clip_by_global_norm(gradients, self.config.max_grad_norm)
        self.optimizer.apply(gradients, self.variables)
        return tf.stack([loss, tf.reduce_mean(q), norm])

    def get_state(self) -> dict[str, Any]:
        """Return copies of all weights and optimizer variables, as nested dicts of arrays."""
        return saving.get_state(optimizer=self.optimizer, policy=self.model)

    def set_state(self, saved: dict[str, Any]) -> None:
        """Restore what `get_state` returned; training then continues bit for bit. Errors as `saving.set_state`."""
        saving.set_state(saved, optimizer=self.optimizer, policy=self.model)
