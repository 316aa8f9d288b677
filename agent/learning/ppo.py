"""Clipped policy gradient (PPO, Schulman et al. 2017) with generalised advantage estimates, for the softmax head.

Importing this module starts TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.evaluation.statistics import explained_variance
from agent.learning.acting import NumpyActor, uniforms
from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras
from agent.learning.learner import FLOATS, INDEX, INTS, MASKS, SCALAR, STATES, UNIFORM, Learner, flat
from agent.learning.network import build_critic
from agent.learning.rollout import Rollout
from agent.learning.tf_masking import masked_log_softmax, pick, sample
from agent.players.numpy_network import NumpyNetwork

tf, _ = load_keras()


class PPO(Learner):
    """Policy `(batch, 23) -> (batch, 7)` and critic `(batch, 23) -> (batch, 1)`, trained by one Adam.

    Illegal actions are masked before the softmax, when acting and when learning, so they have probability 0 and no
    gradient.

    Raises:
        ValueError: the configuration is for another head.
    """

    metrics = ("policy_loss", "value_loss", "entropy", "kl", "clip_fraction", "grad_norm")

    def __init__(self, config: TrainConfig) -> None:
        if config.head != "softmax":
            raise ValueError(f"PPO trains the softmax head. Received: head={config.head!r}")
        self.critic = build_critic(config.hidden, seed=config.seed + 1, inputs=self.inputs)
        super().__init__(config, self.critic)

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw from the masked policy; `value` is the critic's. See `Learner.act` for shapes."""
        action, logp, value = self._act(states, masks, uniforms(len(states), rng))
        return {"action": action.numpy(), "logp": logp.numpy(), "value": value.numpy()}

    def values(self, states: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        """Return the critic's values, float32 `(N,)`; the masks do not matter to it."""
        return self._values(states).numpy()

    def update(self, rollout: Rollout, rng: np.random.Generator) -> dict[str, float]:
        """Make `epochs` passes over the rollout. See `Learner.update`.

        Returns:
            The means of `metrics` over all minibatches, and `explained_variance`, `return_mean`, `rows`.
        """
        returns, known = rollout.returns(self.config.gamma, self.config.lam)  # (T, N)
        values = rollout.values[:-1]
        index = self._index(known, rng)
        means = self._update(
            flat(rollout.states),
            flat(rollout.masks),
            flat(rollout.actions),
            flat(rollout.logp),
            flat(normalised(returns - values, known)),
            flat(returns),
            flat(values),
            index,
            tf.constant(self.config.entropy_at(self.progress), tf.float32),
        )
        report = self._report(means)
        report["explained_variance"] = explained_variance(values[known], returns[known])
        report["return_mean"] = float(returns[known].mean())
        report["rows"] = float(known.sum())
        return report

    def actor(self) -> NumpyActor:
        """Return a copy that acts as the learner does now. See `Learner.actor`."""
        return NumpyActor(NumpyNetwork.from_model(self.scores), NumpyNetwork.from_model(self.critic))

    @tf.function(input_signature=(STATES, MASKS, UNIFORM))
    def _act(self, states: Any, masks: Any, uniform: Any) -> Any:
        logp = masked_log_softmax(self.scores(states), masks)  # (N, 7)
        action = sample(logp, uniform)  # (N,)
        return action, pick(logp, action), self.critic(states)[:, 0]

    @tf.function(input_signature=(STATES,))
    def _values(self, states: Any) -> Any:
        return self.critic(states)[:, 0]  # (N,)

    @tf.function(input_signature=(STATES, MASKS, INTS, FLOATS, FLOATS, FLOATS, FLOATS, INDEX, SCALAR))
    def _update(self, states, masks, actions, logp, advantages, returns, values, index, entropy_weight):
        columns = (states, masks, actions, logp, advantages, returns, values)
        return self._run_steps(columns, index, entropy_weight)

    def _gradient_step(self, states, masks, actions, logp_old, advantages, returns, values_old, entropy_weight):
        config = self.config
        with tf.GradientTape() as tape:
            logp_all = masked_log_softmax(self.scores(states), masks)  # (M, 7)
            log_ratio = pick(logp_all, actions) - logp_old  # (M,)
            ratio = tf.exp(log_ratio)
            policy_loss = clipped_policy_loss(ratio, advantages, config.clip)
            entropy = mean_entropy(logp_all)
            value_loss = clipped_value_loss(self.critic(states)[:, 0], returns, values_old, config.value_clip)
            loss = total_loss(policy_loss, entropy, value_loss, entropy_weight, config.value_coefficient)
        norm = self._apply(tape, loss)
        kl = tf.reduce_mean(ratio - 1.0 - log_ratio)  # low-variance estimate, never negative
        clipped = tf.reduce_mean(tf.cast(tf.abs(ratio - 1.0) > config.clip, tf.float32))
        return tf.stack([policy_loss, value_loss, entropy, kl, clipped, norm])


def total_loss(policy_loss: Any, entropy: Any, value_loss: Any, entropy_weight: Any, value_coefficient: float) -> Any:
    """Return what a step descends, a scalar (Schulman et al. 2017, equation 9, negated): entropy is a bonus."""
    return policy_loss - entropy_weight * entropy + value_coefficient * value_loss


def mean_entropy(logp: Any) -> Any:
    """Return the mean entropy of policies in nats, a scalar, from log-probabilities `(M, 7)`."""
    return -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=-1))


def clipped_value_loss(values: Any, returns: Any, values_old: Any, limit: float | None) -> Any:
    """Return the mean squared error of the critic, a scalar; with a limit, the larger of it and the clipped one.

    Args:
        values: `(M,)`, of the critic as it is now.
        returns: `(M,)`.
        values_old: `(M,)`, of the critic that played.
        limit: how far a value may move from the old one before it stops earning anything; None: as far as it likes.
    """
    error = tf.square(values - returns)  # (M,)
    if limit is not None:
        moved = values_old + tf.clip_by_value(values - values_old, -limit, limit)
        error = tf.maximum(error, tf.square(moved - returns))
    return tf.reduce_mean(error)


def clipped_policy_loss(ratio: Any, advantages: Any, clip: float) -> Any:
    """Return PPO's surrogate loss (Schulman et al. 2017, equation 7, negated), a scalar.

    Args:
        ratio: `(M,)`, new over old probability of the action taken.
        advantages: `(M,)`.
        clip: how far the ratio may leave 1 before it stops earning anything.
    """
    limited = tf.clip_by_value(ratio, 1.0 - clip, 1.0 + clip)
    return -tf.reduce_mean(tf.minimum(ratio * advantages, limited * advantages))


def normalised(advantages: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return advantages with mean 0 and deviation 1 over the known rows and 0 elsewhere, float32, shape kept."""
    sample_of = advantages[known]
    scaled = (advantages - sample_of.mean()) / (sample_of.std() + 1e-8) if sample_of.size else advantages
    return np.where(known, scaled, 0.0).astype(np.float32)
