"""Histories: the same games as anywhere else, and arrays that agree with the rules and with each other."""

import itertools

import numpy as np
import pytest

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, PURCHASE, Action
from monopoly_env.batch.history import History, play_history, strongest_rival
from monopoly_env.bots import BOTS, ask_bot, bot_number
from monopoly_env.events import Event, take_events
from monopoly_env.game import CAPPED, DECIDED, RENT, new_games
from monopoly_env.observation import MINE, RIVALS, observe
from monopoly_env.rules.engine import advance, apply, legal_actions
from monopoly_env.rules.property import net_worth
from monopoly_env.strength.holdings import new_holdings, update_holdings

BOTS_HERE = ("landlord", "fp-b", "random", "landlord")
GAMES, SEED = 12, 5


@pytest.fixture(scope="module")
def history():
    return play_history(GAMES, BOTS_HERE, SEED, decisions=1)


class Replay:
    """The same games played by the plain functions of the engine, one decision after the other."""

    def __init__(self, games=GAMES, bots=BOTS_HERE, seed=SEED, **options):
        self.games = new_games(games, len(bots), seed, **options)
        self.turn_rows, self.rents, self.decisions = [], [], []
        for number, game in enumerate(self.games):
            game.logging = 1
            seats = [bot_number(bots[(seat + number) % len(bots)]) for seat in range(len(bots))]
            self._play(number, game, seats)

    def _play(self, number, game, seats):
        square, turn = -1, 0
        self._look(number, game, 0)
        while True:
            advance(game)
            for kind, seat, *fields in take_events(game).tolist():
                if kind == Event.TURN:
                    turn = fields[0]
                elif kind == Event.RENT:
                    square = fields[1]
                elif kind == Event.PAY and fields[2] == RENT:
                    title = int(board.TITLE_AT[square])
                    self.rents.append((number, turn, seat, fields[0], title, fields[1]))
            if game.over:
                break
            mask = legal_actions(game)
            action = ask_bot(game, mask, seats[game.actor])
            self.decisions.append((number, int(game.turns), int(game.actor), int(game.phase), action, mask, observe(game)))
            apply(game, action)
        self._look(number, game, int(game.turns))

    def _look(self, number, game, turn):
        worth = [net_worth(game, seat) if game.alive[seat] else 0 for seat in range(game.players)]
        self.turn_rows.append((number, turn, game.owner.copy(), game.houses.copy(), game.cash[: game.players].copy(), worth))


@pytest.fixture(scope="module")
def replay():
    return Replay()


def test_games_end_as_they_do_without_a_history(history, replay):
    np.testing.assert_array_equal(history.winner, replay.games["winner"])
    np.testing.assert_array_equal(history.turns, replay.games["turns"])
    last = history.rows_at(10**6)
    np.testing.assert_array_equal(last, history.turn_start[1:] - 1)
    np.testing.assert_array_equal(history.cash[last], replay.games["cash"][:, :4])
    for number, turn, owner, houses, cash, worth in replay.turn_rows:
        row = history.turn_start[number] + turn
        np.testing.assert_array_equal(history.owner[row], owner)
        np.testing.assert_array_equal(history.houses[row], houses)
        np.testing.assert_array_equal(history.cash[row], cash)
        np.testing.assert_array_equal(history.net_worth[row], worth)


def test_decisions_are_those_of_the_engine(history, replay):
    assert len(replay.decisions) == len(history.action) == history.decision_start[-1]
    game = np.repeat(np.arange(GAMES), np.diff(history.decision_start))
    number, turn, seat, phase, action, mask, state = zip(*replay.decisions, strict=True)
    for found, wanted in (
        (game, number),
        (history.decision_turn, turn),
        (history.decision_seat, seat),
        (history.decision_phase, phase),
        (history.action, action),
        (history.action_mask, mask),
        (history.state, state),
    ):
        np.testing.assert_array_equal(found, np.array(wanted))
    assert history.action_mask[np.arange(len(history.action)), history.action].all()
    purchase = history.decision_phase == PURCHASE
    assert set(history.action[purchase]) == {Action.PASS, Action.BUY}
    assert (history.decision_group[purchase] >= 0).all()


def test_rents_are_those_of_the_log(history, replay):
    game = np.repeat(np.arange(GAMES), np.diff(history.rent_start))
    columns = (game, history.rent_turn, history.rent_payer, history.rent_owner, history.rent_title, history.rent_amount)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == replay.rents
    assert (history.rent_payer != history.rent_owner).all()
    np.testing.assert_array_equal(
        np.bincount(board.SQUARE_OF[history.rent_title], history.rent_amount, board.SQUARES), replay.games["rent"].sum(axis=0)
    )


def test_every_turn_has_a_row(history):
    np.testing.assert_array_equal(np.diff(history.turn_start), history.turns + 1)
    first = history.turn_start[:-1]
    assert (history.mover[first] == -1).all()
    assert (history.cash[first] == 1500).all() and (history.owner[first] == -1).all() and history.alive[first].all()
    later = np.setdiff1d(np.arange(len(history.mover)), first)
    assert (history.mover[later] >= 0).all()
    # who moves was alive before its turn, and the seats follow each other
    assert history.alive[later - 1, history.mover[later]].all()
    early = first[:, np.newaxis] + np.arange(1, 9)
    assert ((np.diff(history.mover[early], axis=1) - 1) % 4 == 0).all()


def test_a_row_changes_little_from_turn_to_turn(history):
    inside = np.setdiff1d(np.arange(1, len(history.mover)), history.turn_start)
    moved = history.position[inside] != history.position[inside - 1]
    mover = history.mover[inside]
    others = np.arange(4) != mover[:, np.newaxis]
    assert not (moved & others & history.alive[inside]).any()  # only the mover's token moves
    assert not (history.alive[inside] & ~history.alive[inside - 1]).any()  # nobody comes back
    assert (history.net_worth[~history.alive] == 0).all()
    assert (history.alive[history.turn_start[1:] - 1].sum(axis=1) == 1).all()


@pytest.mark.parametrize("turns", [0, 17, [3, 40, 5000], "own"])
def test_rows_at_counts_turns_and_stays_at_the_end(history, turns):
    if turns == "own":
        turns = np.stack([np.arange(GAMES), history.turns + 5], axis=1)
    rows = history.rows_at(turns)
    wanted = np.asarray(turns)
    if wanted.ndim == 2:
        assert rows.shape == (GAMES, 2)
    else:
        assert rows.shape == (GAMES, *wanted.shape)
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


def test_holds_and_rivals_are_the_features_without_marks(history):
    """Between turns, from the row before a decision: the 20 features where they are not marked."""
    game = np.repeat(np.arange(GAMES), np.diff(history.decision_start))
    first = np.searchsorted(game * 10**6 + history.decision_turn, np.arange(GAMES) * 10**6 + 30)  # first decision after turn 29
    seat = history.decision_seat[first]
    before = history.turn_start[:-1] + history.decision_turn[first] - 1
    holds = history.holds(before)
    mine, rivals = holds[np.arange(GAMES), seat], strongest_rival(holds)[np.arange(GAMES), seat]
    state = history.state[first]
    for found, wanted in ((mine, state[:, MINE : MINE + 10]), (rivals, state[:, RIVALS : RIVALS + 10])):
        marked = (wanted >= 1) & (wanted != found)
        assert (marked.sum(axis=1) <= 1).all() and marked.any()
        assert np.isclose(found, wanted, atol=1e-6)[~marked].mean() > 0.97  # a rent paid by mortgages apart


def test_strongest_rival_leaves_the_seat_out():
    holds = np.array([[0.1, 0.5], [0.2, 0.4], [0.0, 0.9]], np.float32)  # (3 seats, 2 groups)
    np.testing.assert_allclose(strongest_rival(holds), [[0.2, 0.9], [0.1, 0.9], [0.2, 0.5]])
    assert strongest_rival(np.zeros((7, 5, 4, 10))).shape == (7, 5, 4, 10)


def test_rent_by_group_adds_up(history):
    earned = history.rent_by_group()
    assert earned.shape == (GAMES, 4, 10) and earned.dtype == np.int64
    assert earned.sum() == history.rent_amount.sum()
    slow = np.zeros_like(earned)
    for game in range(GAMES):
        for row in range(history.rent_start[game], history.rent_start[game + 1]):
            slow[game, history.rent_owner[row], board.GROUP_OF[history.rent_title[row]]] += history.rent_amount[row]
    np.testing.assert_array_equal(earned, slow)
    assert (history.rent_by_group(10**6) == 0).all()
    late = history.rent_by_group(np.where(np.arange(GAMES) == 3, 40, 10**6))
    assert (late[np.arange(GAMES) != 3] == 0).all() and late[3].sum() == history.rent_amount[
        (history.rent_turn > 40) & (np.repeat(np.arange(GAMES), np.diff(history.rent_start)) == 3)
    ].sum()


def test_neither_threads_nor_the_number_of_games_change_a_game():
    few, many = play_history(260, seed=9, threads=1), play_history(520, seed=9, threads=3)
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
    games = new_games(5, 4, 3, max_turns=30)
    assert {CAPPED, DECIDED} >= {int(over) for over in games["over"]} - {0}


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
