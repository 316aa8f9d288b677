"""How far counts are from what chance should bring, without a library of statistics."""

import math

import numpy as np


def chi_square_deviation(counts: np.ndarray, expected: "np.ndarray | float", freedom: int) -> float:
    """Deviation of a chi-square statistic from its mean in standard deviations (Fisher's approximation).

    Far above 0: the counts differ from what was expected. Far below: they are too good to be chance.

    Args:
        counts: observed counts, any shape.
        expected: expected counts, of the same shape or one number.
        freedom: degrees of freedom.
    """
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    return math.sqrt(2 * chi_square) - math.sqrt(2 * freedom - 1)


def wilson(wins: int, games: int, deviations: float = 1.96) -> tuple[float, float]:
    """The Wilson interval of a win rate (95 % by default)."""
    share, square = wins / games, deviations**2
    centre = (share + square / (2 * games)) / (1 + square / games)
    half = deviations * math.sqrt(share * (1 - share) / games + square / (4 * games**2)) / (1 + square / games)
    return centre - half, centre + half
