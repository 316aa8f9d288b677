"""Histories: the games that the plain functions of the engine play, and sums over their arrays worked out slowly."""

import itertools

import numpy as np
import pytest

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.batch.history import History, play_history, strongest_rival
from monopoly_env.bots import BOTS, ask_bot, bot_number
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.events import Event, take_events
from monopoly_env.game import RENT, new_games
from monopoly_env.observation import observe
from monopoly_env.rules.property import net_worth
from monopoly_env.strength.holdings import new_holdings, update_holdings

BOTS_HERE = ("landlord", "fp-b", "random", "landlord")
GAMES, SEED, LAST = 12, 5, 1000


@pytest.fixture(scope="module")
def history():
    return play_history(GAMES, BOTS_HERE, SEED, decisions=1)


def played(max_turns=LAST):
    """The same games, one decision after the other: their records at the end, whose turns they had, all rents and decisions."""
    games = new_games(GAMES, 4, SEED, max_turns=max_turns)
    turns, rents, decisions, square = [], [], [], -1
    for number, game in enumerate(games):
        game.logging = 1
        seats = [bot_number(BOTS_HERE[(seat + number) % 4]) for seat in range(4)]
        while True:
            advance(game)
            for kind, seat, *fields in take_events(game).tolist():
                if kind == Event.TURN:
                    turns.append((number, fields[0], seat))
                elif kind == Event.RENT:
                    square = fields[1]
                elif kind == Event.PAY and fields[2] == RENT:
                    rents.append((number, turns[-1][1], seat, fields[0], int(board.TITLE_AT[square]), fields[1]))
            if game.over:
                break
            mask = legal_actions(game)
            action = ask_bot(game, mask, seats[game.actor])
            about = (int(game.turns), int(game.actor), int(game.phase), int(game.table_group))
            decisions.append((number, *about, action, mask, observe(game)))
            apply(game, action)
    return games, turns, rents, decisions


@pytest.fixture(scope="module")
def replay():
    return played()


def games_of(starts):
    """The game of every row."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


@pytest.mark.parametrize("turns", [1, 8, 77, LAST])
def test_a_row_is_the_table_at_which_the_game_would_have_been_stopped(history, turns):
    games, rows = played(turns)[0], history.rows_at(turns)
    for name in ("alive", "position", "cash"):
        np.testing.assert_array_equal(getattr(history, name)[rows], games[name][:, :4])
    for name in ("owner", "houses", "mortgaged"):
        np.testing.assert_array_equal(getattr(history, name)[rows], games[name])
    worth = [[net_worth(game, seat) if game.alive[seat] else 0 for seat in range(4)] for game in games]
    np.testing.assert_array_equal(history.net_worth[rows], worth)
    if turns == LAST:
        np.testing.assert_array_equal(rows, history.turn_start[1:] - 1)
        np.testing.assert_array_equal(history.winner, games["winner"])
        np.testing.assert_array_equal(history.turns, games["turns"])


def test_every_turn_has_a_row_behind_the_first_one(history, replay):
    np.testing.assert_array_equal(np.diff(history.turn_start), history.turns + 1)
    first = history.turn_start[:-1]
    assert (history.mover[first] == -1).all() and history.alive[first].all()
    assert (history.cash[first] == 1500).all() and (history.owner[first] == -1).all()
    later = np.setdiff1d(np.arange(len(history.mover)), first)
    game = games_of(history.turn_start)[later]
    moved = zip(game.tolist(), (later - first[game]).tolist(), history.mover[later].tolist(), strict=True)
    assert list(moved) == replay[1]


def test_rents_are_those_of_the_log(history, replay):
    names = ("turn", "payer", "owner", "title", "amount")
    columns = (games_of(history.rent_start), *(getattr(history, f"rent_{name}") for name in names))
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == replay[2]


def test_decisions_are_those_of_the_engine(history, replay):
    names = ("decision_turn", "decision_seat", "decision_phase", "decision_group", "action", "action_mask", "state")
    found = (games_of(history.decision_start), *(getattr(history, name) for name in names))
    for column, wanted in zip(found, zip(*replay[3], strict=True), strict=True):
        np.testing.assert_array_equal(column, np.array(wanted))


@pytest.mark.parametrize("turns", [0, 17, [3, 40, 5000], np.arange(2 * GAMES).reshape(GAMES, 2) * 20])
def test_rows_at_counts_turns_and_stays_at_the_end(history, turns):
    rows, wanted = history.rows_at(turns), np.asarray(turns)
    assert rows.shape == (wanted.shape if wanted.ndim == 2 else (GAMES, *wanted.shape))
    for game in range(GAMES):
        per_game = wanted[game] if wanted.ndim == 2 else wanted
        np.testing.assert_array_equal(rows[game] - history.turn_start[game], np.minimum(per_game, history.turns[game]))


@pytest.mark.parametrize("turns", [-1, [1, -2], 1.5, np.zeros((3, 2), int), np.zeros((1, 2, 3), int)])
def test_rows_at_refuses_what_is_not_turns(history, turns):
    with pytest.raises(ValueError, match=r"Expected turns, 0 or more.*Received:"):
        history.rows_at(turns)


def test_holds_are_those_of_the_observation(history):
    """On a table in play, group by group and seat by seat, with mortgages and buildings."""
    game = new_games(1, 4, 0)[0]
    source = np.random.default_rng(0)
    rows = source.choice(len(history.mover), 60, replace=False)
    assert history.mortgaged[rows].any() and history.houses[rows].any()
    holds = history.holds(rows)
    assert holds.shape == (60, 4, 10) and holds.dtype == np.float32
    for row, found in zip(rows, holds, strict=True):
        game.owner[:], game.houses[:], game.mortgaged[:] = history.owner[row], history.houses[row], history.mortgaged[row]
        holdings = new_holdings()
        update_holdings(game, holdings)
        np.testing.assert_allclose(found, holdings.hold[:4], atol=1e-6)


def test_strongest_rival_leaves_the_seat_out():
    holds = np.array([[0.1, 0.5], [0.2, 0.4], [0.0, 0.9]], np.float32)  # (3 seats, 2 groups)
    np.testing.assert_allclose(strongest_rival(holds), [[0.2, 0.9], [0.1, 0.9], [0.2, 0.5]])
    assert strongest_rival(np.zeros((7, 5, 4, 10))).shape == (7, 5, 4, 10)


def test_rent_by_group_adds_up(history):
    game = games_of(history.rent_start)
    for after in (0, 10**6, np.where(np.arange(GAMES) == 3, 40, 10**6)):
        earned, slow = history.rent_by_group(after), np.zeros((GAMES, 4, 10), np.int64)
        for row in np.flatnonzero(history.rent_turn > np.broadcast_to(after, GAMES)[game]):
            slow[game[row], history.rent_owner[row], board.GROUP_OF[history.rent_title[row]]] += history.rent_amount[row]
        np.testing.assert_array_equal(earned, slow)
        assert earned.dtype == np.int64


def test_neither_threads_nor_the_number_of_games_change_a_game():
    few, many = (play_history(games, seed=9, max_turns=60, threads=threads) for games, threads in ((260, 1), (520, 3)))
    for name, array in few.arrays().items():
        if name.endswith("_start"):
            np.testing.assert_array_equal(array, many.arrays()[name][:261])
        else:
            np.testing.assert_array_equal(array, many.arrays()[name][: len(array)])
    assert many.games == 520 and many.players == 4


def test_a_stride_keeps_every_kth_decision_of_each_game(history):
    seventh = play_history(GAMES, BOTS_HERE, SEED, decisions=7)
    kept = np.concatenate([np.arange(start, stop, 7) for start, stop in itertools.pairwise(history.decision_start)])
    np.testing.assert_array_equal(seventh.state, history.state[kept])
    np.testing.assert_array_equal(seventh.action, history.action[kept])
    every = play_history(GAMES, BOTS_HERE, SEED)  # unless told otherwise
    np.testing.assert_array_equal(every.state, history.state)
    none = play_history(2, seed=1, decisions=0)
    assert none.state.shape == (0, 23) and none.action_mask.shape == (0, ACTION_COUNT) and (none.decision_start == 0).all()


def test_bots_take_turns_in_the_seats():
    numbers = [BOTS.index(name) for name in ("fp-a", "random", "landlord")]
    turned = play_history(4, ("fp-a", "random", "landlord"), 0)
    np.testing.assert_array_equal(turned.bots, [np.roll(numbers, -game) for game in range(4)])
    fixed = play_history(4, ("fp-a", "random", "landlord"), 0, rotate=False)
    np.testing.assert_array_equal(fixed.bots, [numbers] * 4)
    assert fixed.cash.shape[1] == fixed.alive.shape[1] == fixed.rent_by_group().shape[1] == 3


def test_capped_games_and_house_rules():
    capped = play_history(5, seed=3, max_turns=30)
    assert (capped.winner == -1).all() and (capped.turns == 30).all()
    np.testing.assert_array_equal(np.diff(capped.turn_start), 31)
    whole = play_history(5, seed=3)
    np.testing.assert_array_equal(whole.net_worth[whole.rows_at(30)], capped.net_worth[capped.rows_at(30)])
    rich = play_history(3, ("landlord", "fp-a"), 3, starting_cash=2000, house_rules=["free_parking_pot"], max_turns=1)
    assert (rich.cash[rich.turn_start[:-1]] == 2000).all()


def test_games_played_in_several_batches_are_joined_in_their_order(monkeypatch):
    wanted = play_history(7, seed=2)
    monkeypatch.setattr("monopoly_env.batch.history._CHUNK", 3)
    found = play_history(7, seed=2)
    for name, array in wanted.arrays().items():
        np.testing.assert_array_equal(array, getattr(found, name), err_msg=name)


def test_arrays_can_be_saved(history, tmp_path):
    np.savez_compressed(tmp_path / "games.npz", **history.arrays())
    with np.load(tmp_path / "games.npz", allow_pickle=False) as saved:
        loaded = History(**{name: saved[name] for name in saved.files})
    np.testing.assert_array_equal(loaded.holds(loaded.rows_at(20)), history.holds(history.rows_at(20)))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"games": 0}, "games must be an integer, 1 or more. Received: 0"),
        ({"games": 2.0}, "games must be an integer"),
        ({"games": True}, "games must be an integer"),
        ({"games": 1, "decisions": -1}, "decisions must be an integer, 0 or more"),
        ({"games": 1, "threads": 0}, "threads must be an integer, 1 or more"),
        ({"games": 1, "bots": ("landlord", "tycoon")}, "Unknown bot"),
        ({"games": 1, "bots": ("landlord",)}, "2 to 8 players"),
        ({"games": 1, "max_turns": 0}, "max_turns must lie"),
        ({"games": 1, "house_rules": ["none"]}, "Unknown house rule"),
    ],
)
def test_errors(arguments, error):
    with pytest.raises(ValueError, match=error):
        play_history(**arguments)
