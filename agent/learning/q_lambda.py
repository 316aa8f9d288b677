"""Q(lambda) over many parallel games, without replay buffer or target network, for the linear head.

The method is PQN (Gallici et al. 2024, "Simplifying Deep Temporal Difference Learning"): layer normalisation keeps the
bootstrapped targets stable, and the parallel games give each update enough independent samples. Exploration is by
softmax(Q / temperature) with a falling temperature. Importing this module starts TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.evaluation.statistics import explained_variance
from agent.learning.acting import NumpyActor, uniforms
from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras
from agent.learning.learner import FLOATS, INDEX, INTS, MASKS, SCALAR, STATES, UNIFORM, Learner, flat
from agent.learning.rollout import Rollout
from agent.learning.tf_masking import masked_log_softmax, masked_max, pick, sample
from agent.players.numpy_network import NumpyNetwork

tf, _ = load_keras()


class QLambda(Learner):
    """Action values `(batch, 23) -> (batch, 7)`, trained towards lambda-returns that bootstrap on the best legal value.

    Attributes:
        temperature: of the exploration, in units of reward; set by `anneal`.

    Raises:
        ValueError: the configuration is for another head.
    """

    metrics = ("value_loss", "q_mean", "grad_norm")

    def __init__(self, config: TrainConfig) -> None:
        if config.head != "linear":
            raise ValueError(f"QLambda trains the linear head. Received: head={config.head!r}")
        super().__init__(config)

    def anneal(self, progress: float) -> None:
        """Set learning rate and temperature. See `Learner.anneal`."""
        super().anneal(progress)
        self.temperature = self.config.temperature_at(self.progress)

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw from softmax(Q / temperature); `value` is the largest legal Q. See `Learner.act` for shapes."""
        temperature = tf.constant(self.temperature, tf.float32)
        action, logp, value = self._act(states, masks, uniforms(len(states), rng), temperature)
        return {"action": action.numpy(), "logp": logp.numpy(), "value": value.numpy()}

    def values(self, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Return the largest legal action value of each state, float32 `(N,)`."""
        return self._values(states, masks).numpy()

    def update(self, rollout: Rollout, rng: np.random.Generator) -> dict[str, float]:
        """Make `epochs` passes over the rollout. See `Learner.update`.

        Returns:
            The means of `metrics` over all minibatches, and `explained_variance`, `return_mean`, `temperature`, `rows`.
        """
        returns, known = rollout.returns(self.config.gamma, self.config.lam)  # (T, N)
        index = self._index(known, rng)
        columns = (flat(rollout.states), flat(rollout.actions), flat(returns))
        report = self._report(self._update(*columns, index))
        report["explained_variance"] = explained_variance(rollout.values[:-1][known], returns[known])
        report["return_mean"] = float(returns[known].mean())
        report["temperature"] = self.temperature
        report["rows"] = float(known.sum())
        return report

    def actor(self) -> NumpyActor:
        """Return a copy that acts as the learner does now. See `Learner.actor`."""
        return NumpyActor(NumpyNetwork.from_model(self.scores), temperature=self.temperature)

    @tf.function(input_signature=(STATES, MASKS, UNIFORM, SCALAR))
    def _act(self, states: Any, masks: Any, uniform: Any, temperature: Any) -> Any:
        q = self.scores(states)  # (N, 7)
        logp = masked_log_softmax(q / temperature, masks)
        action = sample(logp, uniform)  # (N,)
        return action, pick(logp, action), masked_max(q, masks)

    @tf.function(input_signature=(STATES, MASKS))
    def _values(self, states: Any, masks: Any) -> Any:
        return masked_max(self.scores(states), masks)  # (N,)

    @tf.function(input_signature=(STATES, INTS, FLOATS, INDEX))
    def _update(self, states: Any, actions: Any, targets: Any, index: Any) -> Any:
        return self._run_steps((states, actions, targets), index)

    def _gradient_step(self, states: Any, actions: Any, targets: Any) -> Any:
        with tf.GradientTape() as tape:
            q = pick(self.scores(states), actions)  # (M,)
            loss = tf.reduce_mean(tf.square(q - targets))
        norm = self._apply(tape, loss)
        return tf.stack([loss, tf.reduce_mean(q), norm])
