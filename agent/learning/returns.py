"""Lambda-returns per seat over interleaved games, as a pure NumPy function.

In a rollout of N games side by side every row holds one decision of whichever seat is to move, so the next decision of
a seat lies an unknown number of rows further down, and a new game may begin in between under the same seat numbers.
"""

from __future__ import annotations

import numpy as np


def seat_lambda_returns(
    rewards: np.ndarray,
    terminated: np.ndarray,
    truncated: np.ndarray,
    bootstrap: np.ndarray,
    seats: np.ndarray,
    values: np.ndarray,
    gamma: float,
    lam: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lambda-return of every decision, each seat's chain of decisions on its own.

        G = r + gamma * ((1 - lam) * v_next + lam * G_next)

    where r, v_next and G_next belong to the same seat's next decision (Sutton and Barto 2018, section 12.1; with action
    values it is Peng's Q(lambda), Peng and Williams 1996, as PQN uses it, Gallici et al. 2024). `G - values[:T]` is the
    generalised advantage estimate (Schulman et al. 2016).

    Args:
        rewards: float `(T, N, S)`; what a seat earned in step t since its previous decision. Read only for the seat
            that decides in row t + 1 and for seats whose game ends in step t.
        terminated: bool `(T, N, S)`; the seat went bankrupt or its game was decided in step t. Nothing follows.
        truncated: bool `(T, N, S)`; its game was stopped by the turn cap in step t. The value of the last state follows.
        bootstrap: float `(T, N, S)`; that value, read where `truncated` (and not `terminated`).
        seats: int `(T + 1, N)`; the seat to move in each row. The last row is the decision pending after the rollout.
        values: float `(T + 1, N)`; the value of each row's state to the seat that moves there: V(s), or the largest
            legal Q.
        gamma: discount from one decision of a seat to its next.
        lam: 0 looks one decision ahead, 1 to the end of the rollout.

    Returns:
        returns: float32 `(T, N)`; `values` where not known.
        known: bool `(T, N)`; False where the seat neither decides again nor ends inside the rollout, so that nothing is
            known about what the decision led to. Such a row still bootstraps the seat's previous one.

    Raises:
        ValueError: the shapes do not fit together.
    """
    _check_shapes(rewards, terminated, truncated, bootstrap, seats, values)
    steps, games, players = rewards.shape
    every = np.arange(games)
    returns = np.empty((steps, games), np.float32)
    known = np.empty((steps, games), bool)

    # What lies ahead of each seat, seen from the row being handled. float64 keeps long chains exact.
    reward = np.zeros((games, players))  # (N, S)
    value_next = np.zeros((games, players))
    return_next = np.zeros((games, players))
    has_next = np.zeros((games, players), bool)
    value_next[every, seats[steps]] = return_next[every, seats[steps]] = values[steps]
    has_next[every, seats[steps]] = True

    for t in range(steps - 1, -1, -1):
        # After-effects of step t. A seat whose game ended here forgets what it carried: that was the next game.
        mover = seats[t + 1]
        reward[every, mover] = rewards[t, every, mover]
        ended = terminated[t] | truncated[t]  # (N, S)
        if ended.any():
            tail = np.where(terminated[t], 0.0, bootstrap[t])
            np.copyto(reward, rewards[t], where=ended)
            np.copyto(value_next, tail, where=ended)
            np.copyto(return_next, tail, where=ended)
            has_next |= ended

        seat, value = seats[t], values[t]  # (N,)
        mixed = (1 - lam) * value_next[every, seat] + lam * return_next[every, seat]
        known[t] = has_next[every, seat]
        returns[t] = target = np.where(known[t], reward[every, seat] + gamma * mixed, value)

        value_next[every, seat] = value
        return_next[every, seat] = target
        has_next[every, seat] = True
    return returns, known


def _check_shapes(rewards, terminated, truncated, bootstrap, seats, values) -> None:
    if rewards.ndim != 3:
        raise ValueError(f"rewards must have shape (T, N, S). Received: {rewards.shape}")
    steps, games, _ = rewards.shape
    for name, array in (("terminated", terminated), ("truncated", truncated), ("bootstrap", bootstrap)):
        if array.shape != rewards.shape:
            raise ValueError(f"{name} must have the shape of rewards, {rewards.shape}. Received: {array.shape}")
    for name, array in (("seats", seats), ("values", values)):
        if array.shape != (steps + 1, games):
            raise ValueError(f"{name} must have shape (T + 1, N) = {(steps + 1, games)}. Received: {array.shape}")
