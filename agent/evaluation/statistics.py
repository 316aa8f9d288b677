"""Win rates, their intervals and how both are written, as pure functions."""

from __future__ import annotations

import math


def wilson_interval(wins: int, games: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a win rate (Wilson 1927), 95 % by default.

    Unlike rate +- z * standard error it stays inside [0, 1] and keeps its coverage near 0, near 1 and for few games.

    Returns:
        `(low, high)`; `(0.0, 1.0)` for no games.

    Raises:
        ValueError: negative counts, or more wins than games.
    """
    if not 0 <= wins <= games:
        raise ValueError(f"wins must lie between 0 and games. Received: wins={wins}, games={games}")
    if games == 0:
        return 0.0, 1.0
    rate = wins / games
    scale = 1 + z * z / games
    middle = (rate + z * z / (2 * games)) / scale
    half = z / scale * math.sqrt(rate * (1 - rate) / games + z * z / (4 * games * games))
    # The exact ends at 0 and at all wins are 0 and 1; rounding must not push them inside or outside.
    low = 0.0 if wins == 0 else middle - half
    high = 1.0 if wins == games else middle + half
    return low, high


def percent(rate: float) -> str:
    """Return a share in percent: ``57.1 %``."""
    return f"{100 * rate:.1f} %"


def span(interval: tuple[float, float]) -> str:
    """Return an interval of shares in percent: ``54.0 to 60.2``."""
    low, high = interval
    return f"{100 * low:.1f} to {100 * high:.1f}"


def rate_text(rate: float, interval: tuple[float, float]) -> str:
    """Return a share with its interval: ``57.1 % (54.0 to 60.2)``."""
    return f"{percent(rate)} ({span(interval)})"
