"""What a learner is handed: T decisions of each of N games side by side, in arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.learning.returns import seat_lambda_returns
from monopoly_env.actions import ACTION_COUNT, Action
from monopoly_env.observation import STATE_SIZE


@dataclass
class Rollout:
    """T steps of N games with S seats; row t is the decision of seat `seats[t, n]` in game n.

    Row T of `seats` and `values` is the decision that is pending after the last step. The arrays are allocated once
    (`Rollout.empty`) and overwritten by every rollout. For the meaning of the reward arrays see
    `agent.learning.returns.seat_lambda_returns`.
    """

    states: np.ndarray  # (T, N, 23) float32
    masks: np.ndarray  # (T, N, 7) int8, 1 = legal
    actions: np.ndarray  # (T, N) int32
    logp: np.ndarray  # (T, N) float32, log-probability of the action when it was drawn
    values: np.ndarray  # (T + 1, N) float32
    seats: np.ndarray  # (T + 1, N) int32
    rewards: np.ndarray  # (T, N, S) float32
    terminated: np.ndarray  # (T, N, S) bool
    truncated: np.ndarray  # (T, N, S) bool
    bootstrap: np.ndarray  # (T, N, S) float32

    @classmethod
    def empty(cls, steps: int, games: int, seats: int, inputs: int = STATE_SIZE) -> Rollout:
        """Return zeroed arrays for `steps` (T) decisions of each of `games` (N) with `seats` (S) players."""
        per_seat = (steps, games, seats)
        return cls(
            states=np.zeros((steps, games, inputs), np.float32),
            masks=np.zeros((steps, games, ACTION_COUNT), np.int8),
            actions=np.zeros((steps, games), np.int32),
            logp=np.zeros((steps, games), np.float32),
            values=np.zeros((steps + 1, games), np.float32),
            seats=np.zeros((steps + 1, games), np.int32),
            rewards=np.zeros(per_seat, np.float32),
            terminated=np.zeros(per_seat, bool),
            truncated=np.zeros(per_seat, bool),
            bootstrap=np.zeros(per_seat, np.float32),
        )

    def returns(self, gamma: float, lam: float) -> tuple[np.ndarray, np.ndarray]:
        """Return `(returns, known)`, float32 and bool `(T, N)`; see `seat_lambda_returns`."""
        return seat_lambda_returns(
            self.rewards, self.terminated, self.truncated, self.bootstrap, self.seats, self.values, gamma, lam
        )


def action_shares(actions: np.ndarray) -> dict[str, float]:
    """Return how often each action was taken, `{"action_PASS": 0.7, ...}`; the shares sum to 1.

    Args:
        actions: any integers in 0..6, any shape.
    """
    shares = np.bincount(actions.ravel(), minlength=ACTION_COUNT) / actions.size
    return {f"action_{action.name}": float(shares[action]) for action in Action}


def minibatch_index(known: np.ndarray, size: int, epochs: int, rng: np.random.Generator) -> np.ndarray:
    """Return which flat rows go into which optimizer step, int32 `(steps, size)`.

    Every epoch is a fresh shuffle of the rows whose return is known, cut into whole minibatches; the few rows left over
    differ from epoch to epoch. With fewer known rows than one minibatch holds, rows repeat to fill it: the compiled
    step needs one fixed size.

    Args:
        known: bool, any shape; flattened in C order.
        size: rows of one minibatch.
        epochs: number of shuffles.
        rng: source of the shuffles.

    Raises:
        ValueError: no row is known.
    """
    rows = np.flatnonzero(known).astype(np.int32)
    if rows.size == 0:
        raise ValueError("No decision of this rollout has a known return; make rollout_steps larger. Received: 0 rows")
    steps = max(rows.size // size, 1)
    shuffles = [np.resize(rng.permutation(rows), (steps, size)) for _ in range(epochs)]
    return np.concatenate(shuffles)
