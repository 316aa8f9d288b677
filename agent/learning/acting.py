"""A learner's network as it acts, in NumPy: small to send, and quick to start where TensorFlow takes seconds."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from agent.learning.masking import masked_log_softmax, masked_max
from agent.players.numpy_network import Forward
from monopoly_env.actions import ACTION_COUNT


class Acting(Protocol):
    """What a collector asks of whoever plays: a learner itself, or a copy of it that acts elsewhere."""

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw actions; see ``agent.learning.learner.Learner.act``."""

    def values(self, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Return values; see ``agent.learning.learner.Learner.values``."""


class NumpyActor:
    """Draws as its learner would with the same random numbers, but for rounding (about 1e-6).

    Args:
        scores: the network before its softmax, `(n, 23) -> (n, 7)`.
        critic: the value of a state, `(n, 23) -> (n, 1)`; None: the best legal score is the value.
        temperature: the scores are divided by it before the draw.
    """

    def __init__(self, scores: Forward, critic: Forward | None = None, temperature: float = 1.0) -> None:
        self._scores = scores
        self._critic = critic
        self._temperature = np.float32(temperature)

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw an action for each state; see ``agent.learning.learner.Learner.act``."""
        scores = self._scores(states)  # (n, 7)
        logp = masked_log_softmax(scores / self._temperature, masks)
        noise = -np.log(-np.log(np.maximum(uniforms(len(states), rng), np.float32(1e-20))))  # the Gumbel-max trick
        action = (logp + noise).argmax(axis=-1).astype(np.int32)  # (n,)
        drawn = np.take_along_axis(logp, action[:, np.newaxis], axis=-1)[:, 0]
        return {"action": action, "logp": drawn, "value": self._values(scores, states, masks)}

    def values(self, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Return the value of each state, float32 `(n,)`."""
        return self._values(None if self._critic is not None else self._scores(states), states, masks)

    def _values(self, scores: Any, states: np.ndarray, masks: np.ndarray) -> np.ndarray:
        return masked_max(scores, masks) if self._critic is None else self._critic(states)[:, 0]


def uniforms(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return the random numbers that sampling `count` actions takes, float32 `(count, 7)` in [0, 1)."""
    return rng.random((count, ACTION_COUNT), dtype=np.float32)
