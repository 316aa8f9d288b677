"""What the network saw, did and earned: T decisions in each of N games, and what each decision was worth in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monopoly_env.actions import ACTION_COUNT, Action
from monopoly_env.observation import STATE_SIZE


@dataclass
class Rollout:
    """T steps of N games. The arrays are allocated once (`Rollout.empty`), and every rollout overwrites them.

    Row T of `values` is that of the decision that is pending after the last step.
    """

    states: np.ndarray  # (T, N, 23) float32
    masks: np.ndarray  # (T, N, 7) int8, 1 = legal
    actions: np.ndarray  # (T, N) int32
    logp: np.ndarray  # (T, N) float32, log-probability of the action when it was drawn
    values: np.ndarray  # (T + 1, N) float32, what the network expected of each state
    rewards: np.ndarray  # (T, N) float32
    terminated: np.ndarray  # (T, N) bool, the game was won or lost in this step
    truncated: np.ndarray  # (T, N) bool, the turn cap stopped it
    final_values: np.ndarray  # (T, N) float32, value of the last state of a truncated game

    @classmethod
    def empty(cls, steps: int, games: int) -> Rollout:
        """Return zeroed arrays for `steps` (T) decisions in each of `games` (N)."""
        return cls(
            states=np.zeros((steps, games, STATE_SIZE), np.float32),
            masks=np.zeros((steps, games, ACTION_COUNT), np.int8),
            actions=np.zeros((steps, games), np.int32),
            logp=np.zeros((steps, games), np.float32),
            values=np.zeros((steps + 1, games), np.float32),
            rewards=np.zeros((steps, games), np.float32),
            terminated=np.zeros((steps, games), bool),
            truncated=np.zeros((steps, games), bool),
            final_values=np.zeros((steps, games), np.float32),
        )

    def returns(self, gamma: float, lam: float) -> np.ndarray:
        """Return what each decision was worth, float32 `(T, N)`, looking ahead along the game:

            G_t = r_t + gamma * ((1 - lam) * v_{t+1} + lam * G_{t+1})

        (Sutton and Barto 2018, section 12.1; with action values it is Peng's Q(lambda), Peng and Williams 1996, as PQN uses it,
        Gallici et al. 2024). `G - values[:T]` is the generalised advantage estimate (Schulman et al. 2016).

        After a game that was won or lost nothing follows: both terms are 0. After one that the turn cap stopped, the value of
        its last state follows: it would have gone on.

        Args:
            gamma: discount from one decision to the next.
            lam: 0 looks one decision ahead, 1 to the end of the rollout.
        """
        returns = np.empty(self.rewards.shape, np.float32)
        value_next = return_next = self.values[-1].astype(np.float64)  # (N,); float64 keeps long chains exact
        for t in range(len(returns) - 1, -1, -1):
            after_end = np.where(self.terminated[t], 0.0, self.final_values[t])
            ended = self.terminated[t] | self.truncated[t]
            value_next = np.where(ended, after_end, value_next)
            return_next = np.where(ended, after_end, return_next)
            return_next = self.rewards[t] + gamma * ((1 - lam) * value_next + lam * return_next)
            returns[t] = return_next
            value_next = self.values[t].astype(np.float64)
        return returns


def minibatches(rows: int, size: int, epochs: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield the rows of one optimizer step after the other, int32 `(size,)`.

    Every epoch is a fresh shuffle of all rows, cut into whole minibatches; the few left over differ from epoch to epoch.
    """
    for _ in range(epochs):
        shuffled = rng.permutation(np.arange(rows, dtype=np.int32))
        yield from shuffled[: rows // size * size].reshape(-1, size)


def action_shares(actions: np.ndarray) -> dict[str, float]:
    """Return how often each action was taken, `{"action_PASS": 0.7, ...}`; the shares sum to 1.

    Args:
        actions: any integers in 0..6, any shape.
    """
    shares = np.bincount(actions.ravel(), minlength=ACTION_COUNT) / actions.size
    return {f"action_{action.name}": float(shares[action]) for action in Action}


def explained_variance(predicted: np.ndarray, actual: np.ndarray) -> float:
    """Return `1 - Var(actual - predicted) / Var(actual)`: 1 is a perfect critic, 0 one no better than a constant.

    Args:
        predicted: floats of any shape.
        actual: floats of the same shape; where they do not vary there is nothing to explain, and 0.0 is returned.

    Raises:
        ValueError: the shapes differ.
    """
    predicted, actual = np.asarray(predicted, np.float64), np.asarray(actual, np.float64)
    if predicted.shape != actual.shape:
        raise ValueError(f"predicted and actual must have one shape. Received: {predicted.shape} and {actual.shape}")
    variance = actual.var() if actual.size else 0.0
    return 0.0 if variance == 0 else float(1 - (actual - predicted).var() / variance)
