"""The golden games are what the rules play. A wanted change: ``python tests/trust/golden_games.py`` writes them anew."""

import difflib
from itertools import islice

import numpy as np
import pytest
from interpreted import interpreted
from numba import config

from monopoly_env.actions import Phase
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.events import Event, take_events
from monopoly_env.game import DECIDED, new_game

from . import golden_games
from .golden_games import FOLDER, GAMES, text_of
from .steady import steady_action


@pytest.mark.parametrize("name", GAMES)
def test_golden_game(name):
    written = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    played = text_of(name).splitlines()
    difference = list(islice(difflib.unified_diff(written, played, "golden", "played now", lineterm="", n=2), 40))
    assert not difference, "\n".join([f"{name}: a wanted change? python tests/trust/golden_games.py", *difference])


def test_golden_games_show_every_event_and_every_action():
    events, choices, legal = set(), set(), set()
    for players, seed in GAMES.values():
        game = new_game(players, seed, max_turns=2000)
        game.logging = 1
        while not game.over:
            advance(game)
            events |= {int(row[0]) for row in take_events(game)}
            if game.phase:
                mask = legal_actions(game)
                action = steady_action(game, mask)
                choices.add((int(game.phase), action))
                legal |= {(int(game.phase), int(other)) for other in np.flatnonzero(mask)}
                apply(game, action)
        assert game.over == DECIDED
    assert events == set(Event) - {Event.CAP, Event.UNDO}
    assert choices == legal and {phase for phase, _ in choices} == set(Phase) - {Phase.NONE}


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="this compares with the compiled engine")
def test_golden_games_are_the_same_without_the_compiler():
    assert interpreted(golden_games.__file__, "--check").count("unchanged") == len(GAMES)
