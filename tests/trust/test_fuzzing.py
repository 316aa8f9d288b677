"""Random situations, random actions: nothing that must hold ever breaks. Hypothesis draws both, and shrinks what fails."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import FAULTS, UNIFORM, any_fault, check_mask, copy_of, observation_fault, play_out, state_fault

from monopoly_env.actions import ACTION_COUNT, IllegalActionError, Phase
from monopoly_env.engine.engine import advance, apply
from monopoly_env.events import HEADROOM
from monopoly_env.game import MAX_EVENTS, new_games
from monopoly_env.strength.holdings import new_holdings

from .fuzz import batches, play_batch, set_up
from .random_tables import KINDS, numpy_pick, random_table

PLAYERS = st.integers(2, 8)
CHOICES = st.lists(st.integers(0, 2**16), min_size=1, max_size=25)
STEPS_A_DECISION = 3000  # steps of the engine between two decisions of the longest stretch: far above what was ever seen
SLOWLY = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def table_from(data, players):
    """A random situation whose every choice hypothesis draws."""
    return random_table(lambda low, high: data.draw(st.integers(low, high)), players)


def sound(game, mask):
    """Check everything that must hold at a decision or at the end."""
    fault = any_fault(game, mask) or observation_fault(game, np.zeros(23, np.float32), new_holdings())
    assert fault == 0, FAULTS[fault]


def try_every_action(game, mask):
    """The mask is exactly what ``apply`` accepts; a refusal changes nothing; a legal action leaves a sound state."""
    before = game.tobytes()
    for action in range(ACTION_COUNT):
        copy = copy_of(game)
        if mask[action]:
            apply(copy, action)
            advance(copy)
            assert state_fault(copy) == 0, FAULTS[state_fault(copy)]
        else:
            with pytest.raises(IllegalActionError, match="Legal: PASS"):
                apply(copy, action)
            assert copy.tobytes() == before


@SLOWLY
@given(data=st.data(), players=PLAYERS, choices=CHOICES)
def test_from_any_situation_every_action_leaves_a_sound_game(data, players, choices):
    game = table_from(data, players)
    assert state_fault(game) == 0, FAULTS[state_fault(game)]
    for choice in choices:
        advance(game)
        mask = check_mask(game)
        sound(game, mask)
        if game.over:
            break
        try_every_action(game, mask)
        legal = np.flatnonzero(mask)
        apply(game, int(legal[choice % len(legal)]))


@SLOWLY
@given(data=st.data(), players=PLAYERS, choices=CHOICES)
def test_the_engine_comes_to_a_decision_in_few_steps_and_the_log_has_room(data, players, choices):
    """A logged game stops when its buffer is nearly full: one row short of that it plays one step that writes."""
    game = table_from(data, players)
    game.logging = 1
    for choice in choices:
        steps = 0
        while not game.phase and not game.over:
            steps += 1
            assert steps < STEPS_A_DECISION
            game.events = MAX_EVENTS - HEADROOM
            advance(game)
            assert game.events < MAX_EVENTS
        if game.over:
            break
        legal = np.flatnonzero(check_mask(game))
        apply(game, int(legal[choice % len(legal)]))


def test_random_situations_come_to_every_kind_of_decision():
    pick = numpy_pick(np.random.default_rng(0))
    seen, players, living = set(), set(), set()
    for number in range(400):
        game = random_table(pick, 2 + number % 7)
        players.add(int(game.players))
        living.add(int(game.alive.sum()))
        advance(game)
        seen.add(int(game.phase))
    assert seen >= set(Phase) - {Phase.NONE} and players == living == set(range(2, 9)) and KINDS == 8


def test_batches_play_every_number_of_players_in_every_way_and_repeat():
    some = batches(50_000, 1, size=200)
    assert sum(batch.count for batch in some) == 50_000
    assert {(batch.players, batch.way, batch.from_tables) for batch in some} == {
        (players, way, from_tables) for players in range(2, 9) for way in range(4) for from_tables in (False, True)
    }
    assert set_up(some[3]).tobytes() == set_up(batches(800, 1, size=200)[3]).tobytes()
    small = batches(28, 2, size=7)
    for batch in small:
        result = play_batch(batch)
        assert result.violation is None and result.decided + result.capped == result.games == 7 and result.decisions > 0


def test_a_planted_fault_is_found():
    games = new_games(3, 4, 1, max_turns=100)
    games[1].cash[2] += 1  # a dollar from nowhere
    fault, number = play_out(games, UNIFORM, np.zeros(44, np.int64), 0, True)
    assert (fault, number) == (1, 1)


@pytest.mark.slow
def test_two_thousand_games_without_a_violation():
    for batch in batches(2_000, 3, size=25):
        assert play_batch(batch).violation is None
