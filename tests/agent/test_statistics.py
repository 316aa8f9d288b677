"""Intervals against published or hand-worked numbers."""

import pytest

from agent.evaluation.statistics import wilson_interval


def test_wilson_by_hand():
    # 81 of 263, the example of Newcombe 1998 (Statistics in Medicine 17), table I, method 3: 0.2553 to 0.3662
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    # z = 1, 1 of 2: middle 1/2, half = 1 / 1.5 * sqrt(1/8 + 1/16)
    half = (3 / 16) ** 0.5 / 1.5
    assert wilson_interval(1, 2, z=1.0) == pytest.approx((0.5 - half, 0.5 + half))


def test_wilson_at_the_ends():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    low, high = wilson_interval(0, 20)  # same table: 0 of 20 -> 0 to 0.1611
    assert low == 0.0
    assert high == pytest.approx(0.1611, abs=5e-5)
    assert wilson_interval(20, 20) == pytest.approx((1 - high, 1.0))
    for wins, games in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="wins must lie between 0 and games"):
            wilson_interval(wins, games)
