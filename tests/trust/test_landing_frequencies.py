"""Where rolls end in the long run: the engine against Collins' published table and an exact Markov chain.

python -m pytest tests/trust/test_landing_frequencies.py -s -n0        # prints the deviations
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from monopoly_env.board import SQUARE_NAMES

from .markov import IN_JAIL, chain, long_run_shares
from .walk import shares

# Truman Collins, "Probabilities in the Game of Monopoly": where rolls end, for a player that leaves jail at once, in per cent.
# Index 10 is Just Visiting, index 40 in jail. Cards are drawn with replacement; what counts is where a roll ends after cards
# have moved the token.
COLLINS = np.array(
    [
        *(3.0961, 2.1314, 1.8849, 2.1624, 2.3285, 2.9631, 2.2621, 0.8650, 2.3210, 2.3003),
        *(2.2695, 2.7017, 2.6040, 2.3721, 2.4649, 2.9200, 2.7924, 2.5945, 2.9356, 3.0852),
        *(2.8836, 2.8358, 1.0480, 2.7357, 3.1858, 3.0659, 2.7072, 2.6789, 2.8074, 2.5861),
        *(0.0000, 2.6774, 2.6252, 2.3661, 2.5006, 2.4326, 0.8669, 2.1864, 2.1799, 2.6260),
        3.9499,
    ]
)  # (41,)
TOLERANCE = 0.02  # percentage points
PRINTED = 0.0001  # the published table has four decimals
ROLLS = 50_000_000
OTHER_ROLLS = 20_000_000
WALKS = {
    "leave, cards put back": (ROLLS, {}),
    "stay, cards put back": (OTHER_ROLLS, {"stay_in_jail": True}),
    "leave, real decks": (OTHER_ROLLS, {"with_replacement": False}),
    "stay, real decks": (OTHER_ROLLS, {"stay_in_jail": True, "with_replacement": False}),
}


def name(square):
    return "in jail" if square == IN_JAIL else f"{square} {SQUARE_NAMES[square]}"


def largest(found, expected, what):
    """Print the largest deviation in points; return it."""
    deviation = found - expected
    worst = int(np.abs(deviation).argmax())
    print(f"\n{what}: largest deviation {abs(deviation[worst]):.4f} points, at {name(worst)}: ", end="")
    print(f"{found[worst]:.4f} against {expected[worst]:.4f} per cent")
    return abs(deviation[worst])


@pytest.fixture(scope="module")
def walked():
    """Per cent of rolls that end on each square and in jail, float64 ``(41,)``, by walk; the walks run on two threads."""
    shares(1000, 0)
    with ThreadPoolExecutor(2) as pool:
        jobs = {walk: pool.submit(shares, rolls, 1, **how) for walk, (rolls, how) in WALKS.items()}
        results = {walk: job.result() for walk, job in jobs.items()}
    for walk, (rolls, _) in WALKS.items():
        assert results[walk][1].sum() == rolls
    return {walk: 100 * result[0] for walk, result in results.items()}


@pytest.mark.parametrize("stay_in_jail", [False, True])
def test_the_chain_is_one(stay_in_jail):
    step, ends = chain(stay_in_jail)
    assert np.allclose(step.sum(axis=1), 1) and np.allclose(ends.sum(axis=1), 1)
    exact = long_run_shares(stay_in_jail)
    assert exact.sum() == pytest.approx(1) and exact[30] == 0 and (np.delete(exact, 30) > 0.005).all()
    many = np.linalg.matrix_power(step, 4096)[0] @ ends  # wherever the token starts
    assert np.abs(many - exact).max() < 1e-9


def test_the_chain_gives_the_published_table():
    assert COLLINS.shape == (41,) and COLLINS.sum() == pytest.approx(100, abs=0.001)
    assert largest(100 * long_run_shares(False), COLLINS, "chain against Collins") < PRINTED


def test_a_million_rolls_are_near_the_published_table():
    found, dice, _ = shares(1_000_000, 3)
    assert dice.sum() == 1_000_000
    assert largest(100 * found, COLLINS, "1 million rolls against Collins") < 0.1  # four standard deviations of so few rolls


@pytest.mark.slow
def test_fifty_million_rolls_give_the_published_table_and_the_chain(walked):
    found = walked["leave, cards put back"]
    assert largest(found, COLLINS, "50 million rolls against Collins") < TOLERANCE
    assert largest(found, 100 * long_run_shares(False), "50 million rolls against the chain") < TOLERANCE


@pytest.mark.slow
def test_staying_in_jail_gives_the_chain(walked):
    exact = 100 * long_run_shares(True)
    found = walked["stay, cards put back"]
    assert largest(found, exact, "staying in jail, 20 million rolls against the chain") < TOLERANCE
    print(f"in jail: {found[IN_JAIL]:.4f} against {exact[IN_JAIL]:.4f} per cent")
    assert exact[IN_JAIL] > 2 * COLLINS[IN_JAIL]


@pytest.mark.slow
def test_what_real_decks_change_is_seen_and_small(walked):
    for walk, stay in (("leave, real decks", False), ("stay, real decks", True)):
        change = largest(walked[walk], 100 * long_run_shares(stay), f"{walk}, 20 million rolls against the chain")
        assert TOLERANCE < change < 0.2  # cards in order and cards held are a difference, not a rounding error
