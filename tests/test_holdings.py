"""Holdings that have seen other games, or this one earlier, say what fresh ones say; and what they count, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.situations import has, mortgaged, table, title, titles_of
from trust.random_tables import numpy_pick, random_table

from monopoly_env.actions import NONE
from monopoly_env.bots import BOTS, LANDLORD, bot_action
from monopoly_env.compiled.rng import below
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.game import RUNNING, new_game
from monopoly_env.observation import STATE_SIZE, write_observation
from monopoly_env.strength.holdings import count_of, new_holdings, unpack, update_holdings
from monopoly_env.strength.strength import update_strengths


def seen(game, holdings):
    """What everybody sees, and what landlord would do."""
    states = np.zeros((game.players, STATE_SIZE), np.float32)
    for seat in range(game.players):
        write_observation(game, seat, states[seat], holdings)
    decides = game.phase != NONE and game.over == RUNNING
    return states, bot_action(game, legal_actions(game), LANDLORD, holdings) if decides else None


def assert_same(game, holdings):
    """``holdings`` says of the game what a fresh one says."""
    fresh = new_holdings()
    states, action = seen(game, holdings)
    expected, best = seen(game, fresh)
    assert np.array_equal(states, expected) and action == best
    players = int(game.players)  # of seats beyond these it may remember another game
    assert np.array_equal(holdings.assets[:, :players], fresh.assets[:, :players])
    assert (holdings.total, holdings.everyone) == (fresh.total, fresh.everyone)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.tuples(st.integers(2, 8), st.integers(0, 2**32 - 1)), min_size=2, max_size=5))
def test_it_may_be_lent_from_game_to_game(batch):
    holdings = new_holdings()
    for players, seed in batch:
        game = random_table(numpy_pick(np.random.default_rng(seed)), players)
        advance(game)
        assert_same(game, holdings)


@pytest.mark.parametrize("players", [2, 4, 7])
def test_it_may_be_kept_for_a_whole_game(players):
    game, holdings = new_game(players, players, max_turns=150), new_holdings()
    advance(game)
    while game.over == RUNNING:
        assert_same(game, holdings)
        legal = np.flatnonzero(legal_actions(game))
        apply(game, int(legal[below(game.bot_rng, len(legal))]))
        advance(game)


@pytest.mark.parametrize(
    ("field", "index", "number"),
    [
        ("owner", title("Park Place"), 2),
        ("houses", title("Park Place"), 3),
        ("mortgaged", title("Short Line"), 1),
        ("cash", 1, 77),
        ("alive", 2, 0),
        ("houses_left", None, 2),
    ],
)
def test_it_notices_what_is_written_into_the_record(field, index, number):
    game = table(owns={0: "Park Place, Boardwalk", 1: "Short Line"})
    holdings = new_holdings()
    update_strengths(game, holdings)
    known = holdings.copy()
    if index is None:
        game[field] = number
    else:
        game[field][index] = number
    assert_same(game, holdings)
    assert holdings.assets.tobytes() != known.assets.tobytes()


def test_only_what_concerns_a_seat_is_looked_at_again():
    game = table(owns={0: "Park Place, Boardwalk", 1: "Short Line"})
    holdings = new_holdings()
    update_strengths(game, holdings)
    holdings.worth[0] = holdings.worth[3] = -1.0  # a mark that stays where nothing is worked out
    mortgaged(game, "Short Line")
    update_holdings(game, holdings)
    assert holdings.worth[0] == holdings.worth[3] == -1.0 and holdings.cash[1] == -1
    has(game, 1, 5)
    update_strengths(game, holdings)
    assert holdings.worth[0] == -1.0 and holdings.cash[1] == 5


def test_every_bot_takes_one():
    game = table()
    advance(game)
    for bot in range(len(BOTS)):
        assert legal_actions(game)[bot_action(game, legal_actions(game), bot, new_holdings())]


# Counts of titles, titles not mortgaged, levels of buildings, dollars of list price and dollars to redeem, in one integer


def counted(game, *names):
    """The counts of some titles, added and taken apart."""
    return unpack(sum(int(count_of(game, title(name))) for name in names))


@pytest.mark.parametrize(
    ("names", "in_mortgage", "counts"),
    [
        (["Baltic Avenue"], [], (1, 1, 0, 60, 0)),
        (["Boardwalk"], [], (1, 1, 0, 400, 0)),
        (["Water Works"], [], (1, 1, 0, 150, 0)),
        (["Baltic Avenue"], ["Baltic Avenue"], (1, 0, 0, 60, 33)),
        (["Short Line"], ["Short Line"], (1, 0, 0, 200, 110)),
        (["Water Works"], ["Water Works"], (1, 0, 0, 150, 83)),
        (["Park Place", "Boardwalk"], ["Park Place"], (2, 1, 0, 750, 193)),
        (titles_of("railroads"), ["Reading Railroad", "Short Line"], (4, 2, 0, 800, 220)),
    ],
)
def test_counts_of_titles_by_hand(names, in_mortgage, counts):
    game = table()
    mortgaged(game, *in_mortgage)
    assert counted(game, *names) == counts


def test_counts_of_buildings_by_hand():
    game = table(built={"orange": (2, 2, 3), "green": 5})
    assert counted(game, *titles_of("orange")) == (3, 3, 7, 560, 0)
    assert counted(game, *titles_of("green")) == (3, 3, 15, 920, 0)
