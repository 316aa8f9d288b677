"""PPO for the softmax head (Schulman et al. 2017, with generalised advantage estimates, Schulman et al. 2016).

Read from top to bottom: the two networks, how they act, what an update does, one gradient step, the losses. Illegal actions are
masked before the softmax, when acting and when learning: they have probability 0 and no gradient. In the shapes, n is any
number of states, M the rows of a minibatch, T x N those of a rollout. Importing this module starts TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning import saving
from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras, xla_works
from agent.learning.network import MASKS, STATES, UNIFORM, build_critic, build_policy, check_shapes, score_model
from agent.learning.rollout import Rollout, explained_variance, minibatches
from agent.learning.tf_masking import masked_log_softmax, pick, sample
from monopoly_env.actions import ACTION_COUNT

tf, keras = load_keras()

METRICS = ("policy_loss", "value_loss", "entropy", "kl", "clip_fraction", "grad_norm")


class PPO:
    """A policy `(n, 23) -> (n, 7)` and a critic `(n, 23) -> (n, 1)`, trained by one Adam.

    Args:
        config: the settings; the head must be "softmax".
        model: a policy of one's own, `(n, 23) -> (n, 7)`, ending in a softmax; default: `build_policy`.

    Attributes:
        model: the policy, to save and to play with.

    Raises:
        ValueError: the configuration is for another head, or the model has other shapes or another end.
    """

    def __init__(self, config: TrainConfig, model: Any = None) -> None:
        if config.head != "softmax":
            raise ValueError(f"PPO trains the softmax head. Received: head={config.head!r}")
        self.config = config
        self.model = build_policy(config.hidden, "softmax", seed=config.seed) if model is None else model
        check_shapes(self.model)
        self.logits = score_model(self.model)  # the same weights without the softmax: it comes after the mask
        self.critic = build_critic(config.hidden, seed=config.seed + 1)
        self.variables = self.model.trainable_variables + self.critic.trainable_variables
        self.optimizer = keras.optimizers.Adam(config.learning_rate, epsilon=config.adam_epsilon)
        self.optimizer.build(self.variables)
        self._step = tf.function(self.gradient_step, jit_compile=config.xla and xla_works())
        self.anneal(0.0)

    def anneal(self, progress: float) -> None:
        """Set everything that changes over a run to its value at `progress`, a share from 0 to 1."""
        self.optimizer.learning_rate = self.config.learning_rate_at(progress)
        self.entropy_weight = self.config.entropy_at(progress)

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Draw an action for each state from the masked policy.

        Args:
            states: float32 `(n, 23)`.
            masks: int8 `(n, 7)`, 1 = legal, at least one per row.
            rng: source of the draws.

        Returns:
            `(actions, logp, values)`: int32 `(n,)`, float32 `(n,)` (their log-probabilities), float32 `(n,)` (the critic's).
        """
        uniform = rng.random((len(states), ACTION_COUNT), dtype=np.float32)  # (n, 7)
        return tuple(tensor.numpy() for tensor in self._act(states, masks, uniform))

    @tf.function(input_signature=(STATES, MASKS, UNIFORM))
    def _act(self, states, masks, uniform):
        logp = masked_log_softmax(self.logits(states), masks)  # (n, 23) -> (n, 7)
        actions = sample(logp, uniform)  # (n,)
        return actions, pick(logp, actions), self.critic(states)[:, 0]

    def values(self, states: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        """Return the critic's value of each state, float32 `(n,)`; the masks do not matter to it."""
        return self._values(states).numpy()

    @tf.function(input_signature=(STATES,))
    def _values(self, states):
        return self.critic(states)[:, 0]  # (n, 23) -> (n, 1) -> (n,)

    def update(self, rollout: Rollout, rng: np.random.Generator) -> dict[str, float]:
        """Make `epochs` passes over a rollout, a gradient step for each minibatch.

        Returns:
            The means of `METRICS` over all steps, and `explained_variance`, `return_mean`.

        Raises:
            FloatingPointError: the loss is no longer finite.
        """
        values = rollout.values[:-1]  # (T, N)
        returns = rollout.returns(self.config.gamma, self.config.lam)  # (T, N)
        advantages = normalised(returns - values)  # (T, N)
        columns = [
            column.reshape(-1, *column.shape[2:])  # (T, N, ...) -> (T * N, ...)
            for column in (rollout.states, rollout.masks, rollout.actions, rollout.logp, advantages, returns)
        ]
        entropy_weight = tf.constant(self.entropy_weight, tf.float32)
        steps = [
            self._step(*[tf.constant(column[rows]) for column in columns], entropy_weight)
            for rows in minibatches(returns.size, self.config.minibatch, self.config.epochs, rng)
        ]
        report = saving.mean_metrics(METRICS, steps)
        report["explained_variance"] = explained_variance(values, returns)
        report["return_mean"] = float(returns.mean())
        return report

    def gradient_step(self, states, masks, actions, logp_old, advantages, returns, entropy_weight):
        """Make one optimizer step on a minibatch of M rows; return `METRICS`, float32 `(6,)`."""
        config = self.config
        with tf.GradientTape() as tape:
            logp_all = masked_log_softmax(self.logits(states), masks)  # (M, 23) -> (M, 7)
            log_ratio = pick(logp_all, actions) - logp_old  # (M,)
            ratio = tf.exp(log_ratio)  # (M,), how much likelier the action has become
            policy_loss = clipped_policy_loss(ratio, advantages, config.clip)
            value_loss = tf.reduce_mean(tf.square(self.critic(states)[:, 0] - returns))
            entropy = mean_entropy(logp_all)
            loss = policy_loss - entropy_weight * entropy + config.value_coefficient * value_loss  # equation 9, negated
        gradients = tape.gradient(loss, [variable.value for variable in self.variables])
        gradients, norm = tf.clip_by_global_norm(gradients, config.max_grad_norm)
        self.optimizer.apply(gradients, self.variables)
        kl = tf.reduce_mean(ratio - 1.0 - log_ratio)  # low-variance estimate, never negative
        clipped = tf.reduce_mean(tf.cast(tf.abs(ratio - 1.0) > config.clip, tf.float32))
        return tf.stack([policy_loss, value_loss, entropy, kl, clipped, norm])

    def get_state(self) -> dict[str, Any]:
        """Return copies of all weights and optimizer variables, as nested dicts of arrays."""
        return saving.get_state(optimizer=self.optimizer, policy=self.model, critic=self.critic)

    def set_state(self, saved: dict[str, Any]) -> None:
        """Restore what `get_state` returned; training then continues bit for bit. Errors as `saving.set_state`."""
        saving.set_state(saved, optimizer=self.optimizer, policy=self.model, critic=self.critic)


def normalised(advantages: np.ndarray) -> np.ndarray:
    """Return advantages with mean 0 and deviation 1 over the rollout, float32, shape kept."""
    return ((advantages - advantages.mean()) / (advantages.std() + 1e-8)).astype(np.float32)


def clipped_policy_loss(ratio: Any, advantages: Any, clip: float) -> Any:
    """Return PPO's surrogate loss (equation 7, negated), a scalar.

    Args:
        ratio: `(M,)`, new over old probability of the action taken.
        advantages: `(M,)`.
        clip: how far the ratio may leave 1 before it stops earning anything.
    """
    limited = tf.clip_by_value(ratio, 1.0 - clip, 1.0 + clip)
    return -tf.reduce_mean(tf.minimum(ratio * advantages, limited * advantages))


def mean_entropy(logp: Any) -> Any:
    """Return the mean entropy of policies in nats, a scalar, from log-probabilities `(M, 7)`."""
    return -tf.reduce_mean(tf.reduce_sum(tf.exp(logp) * logp, axis=-1))
