"""Win rates with their intervals, written in one way everywhere."""

from __future__ import annotations


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
