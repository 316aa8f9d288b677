"""The arrays behind the lessons against the histories they come from."""

import numpy as np
import pytest

from agent.lessons import data
from monopoly_env.batch.history import play_history


@pytest.fixture(scope="module")
def games():
    return play_history(120, ["landlord"] * 4, 0, decisions=30)


@pytest.fixture(autouse=True)
def few_games(games, monkeypatch):
    monkeypatch.setattr(data, "history", lambda: games)


def test_held_out_is_the_last_fifth_of_the_games(games):
    *_, held_out = data.decisions()
    game = np.repeat(np.arange(120), np.diff(games.decision_start))
    np.testing.assert_array_equal(held_out, game >= 96)


@pytest.mark.parametrize(
    ("make", "shapes"),
    [
        (data.decisions, [(23,), (7,), ()]),
        (data.transitions, [(23,), (7,), (), (), (23,), (7,), ()]),
        (data.owner_pictures, [(28, 28), ()]),
        (lambda: data.holds(80), [(10,), ()]),
        (lambda: data.best_groups(60), [(20,), ()]),
        (lambda: data.net_worths([40, 80, 120]), [(3,), ()]),
        (data.forecasts, [(20, 1), (20,)]),
    ],
)
def test_shapes(make, shapes):
    *arrays, held_out = make()
    assert [array.shape[1:] for array in arrays] == shapes
    assert {len(array) for array in arrays} == {len(held_out)} and len(held_out) > 50
    assert held_out.dtype == bool and 0.05 < held_out.mean() < 0.4
    assert all(np.isfinite(array).all() for array in arrays)


def test_a_transition_leads_to_the_next_decision_of_the_same_seat(games):
    states, masks, actions, rewards, next_states, next_masks, done, _ = data.transitions()
    game = np.repeat(np.arange(120), np.diff(games.decision_start))
    for row in range(len(states)):
        later = np.flatnonzero((game == game[row]) & (games.decision_seat == games.decision_seat[row]))
        later = later[later > row]
        assert done[row] == (len(later) == 0)
        if len(later):
            assert rewards[row] == 0
            np.testing.assert_array_equal(next_states[row], states[later[0]])
            np.testing.assert_array_equal(next_masks[row], masks[later[0]])
        else:
            assert rewards[row] == (1 if games.winner[game[row]] == games.decision_seat[row] else -1)
    assert masks[np.arange(len(actions)), actions].all()


def test_pictures_show_owners_of_living_seats(games):
    pictures, won, _ = data.owner_pictures()
    pairs = [
        (number, seat)
        for number in range(120)
        for seat in range(4)
        if games.turns[number] > 112 and games.alive[games.turn_start[number] + 112, seat]
    ]
    assert len(pictures) == len(pairs)
    for row, (number, seat) in list(enumerate(pairs))[::7]:
        owner = games.owner[games.turn_start[number] + 4 * (1 + np.arange(28))]
        np.testing.assert_array_equal(pictures[row] == 1, owner == seat)
        np.testing.assert_array_equal(pictures[row] == 0, owner == -1)
        assert won[row] == (games.winner[number] == seat)


def test_holds_are_mine_and_the_strongest_rivals(games):
    mine, won, _ = data.holds(60)
    all_holds = games.holds(games.rows_at(60))
    alive = games.alive[games.rows_at(60)] & (games.turns > 60)[:, np.newaxis]
    np.testing.assert_array_equal(mine, all_holds[alive])
    assert won.sum() == (games.turns > 60).sum()  # every winner is alive before
    both, best_group, _ = data.best_groups(60)
    assert set(map(tuple, both[:, :10])) <= set(map(tuple, mine))
    assert best_group.min() >= 0 and best_group.max() <= 9


def test_worth_begins_at_the_cash_of_the_start():
    worth, _, _ = data.net_worths([0, 40])
    np.testing.assert_allclose(worth[:, 0], 1.5)
    past, _, _ = data.forecasts()
    assert (past[:, -1] == 0).all() and np.abs(past[:, 0]).max() > 0.1
