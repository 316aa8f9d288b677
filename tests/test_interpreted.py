"""The engine without its compiler (``NUMBA_DISABLE_JIT=1``) plays the same games, number for number."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from interpreted import interpreted
from numba import config

from monopoly_env.game import new_games
from monopoly_env.rules.engine import carry_out, play_on, write_mask

RULES = Path(__file__).with_name("rules")
GAMES = ((2, ()), (3, ("free_parking_pot", "double_salary")), (4, ()), (8, ()))
DECISIONS = 400

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="this compares with the compiled engine")


def digest_of_games():
    """Play the first decisions of some games by a fixed rule and return a digest of all records on the way."""
    digest = hashlib.sha256()
    mask = np.zeros(7, np.int8)
    for number, (players, house_rules) in enumerate(GAMES):
        game = new_games(1, players, [number], max_turns=200, house_rules=house_rules)[0]
        game.logging = number % 2
        for step in range(DECISIONS):
            play_on(game)
            while game.logging and not game.phase and not game.over:
                digest.update(game.tobytes())
                game.events = 0
                play_on(game)
            digest.update(game.tobytes())
            game.events = 0
            if game.over:
                break
            write_mask(game, mask)
            digest.update(mask.tobytes())
            legal = np.flatnonzero(mask)
            carry_out(game, int(legal[(7 * step + step // 3) % len(legal)]))
    return digest.hexdigest()


def test_interpreted_games_equal_compiled_games():
    assert interpreted(__file__).split() == [digest_of_games()]


@pytest.mark.slow
def test_the_rules_hold_without_the_compiler():
    assert " passed" in interpreted("-m", "pytest", str(RULES), "-o", "addopts=", "-p", "no:cacheprovider")


if __name__ == "__main__":
    print(digest_of_games())
