"""Full runs at the fixed seed: every score beats its baseline on games held out, and sigmoid at 0.2 is stuck."""

import numpy as np
import pytest

from agent.lessons import LESSONS, run_lesson
from agent.lessons.data import bot_games, decision_games, hold_rows, owner_pictures, seats_after, split_by_game, wins, worth_of
from agent.lessons.page import Page

# By how much at least the network beats each baseline, in the units of its score.
MARGIN = {
    "dense-784": [0.03],
    "dense-20": [0.3, 0.03],
    "dense-10-5": [0.04],
    "monopoly": [0.2, 0.06],
    "monopoly-one": [0.05],
    "rnn": [0.08],
    "lstm": [12.0],
    "conv": [0.03],
}


@pytest.fixture(scope="module", params=list(LESSONS))
def full(request):
    page = Page(request.param)
    run_lesson(page)
    return page


@pytest.mark.slow
def test_every_score_beats_its_baseline(full):
    assert len(full.scores) == len(MARGIN[full.name])
    for score, margin in zip(full.scores, MARGIN[full.name], strict=True):
        gain = score.network - score.baseline if score.higher_is_better else score.baseline - score.network
        assert gain > margin, score
    if full.name == "monopoly":
        stuck = "sigmoid, mse, Adam(0.2)"
        found = full.findings
        assert found[f"stuck outputs, {stuck}"] > 0.95 and found[f"slope, {stuck}"] < 0.01
        assert found[f"different answers, {stuck}"] == 1
        for usual in ("sigmoid, mse, Adam(0.001)", "softmax"):
            assert found[f"stuck outputs, {usual}"] < 0.4 and found[f"slope, {usual}"] > 0.03
            assert found[f"right, {usual}"] > found[f"right, {stuck}"] + 0.05


@pytest.fixture(scope="module")
def history():
    return bot_games(120, 0)


class TestData:
    """The arrays behind the lessons, on few games."""

    def test_games_are_played_once(self, history):
        assert bot_games(120, 0) is history

    def test_no_game_is_on_both_sides_of_the_split(self, history):
        game, _, _ = owner_pictures(history)
        train, test = split_by_game(game)
        assert not set(game[train]) & set(game[test])
        assert (train ^ test).all() and 0.1 < test.mean() < 0.3

    def test_seats_after_are_alive_in_games_that_go_on(self, history):
        game, seat = seats_after(history, 112)
        pairs = set(zip(game.tolist(), seat.tolist(), strict=True))
        for number in range(history.games):
            row = history.turn_start[number] + 112
            for place in range(4):
                wanted = history.turns[number] > 112 and bool(history.alive[row, place])
                assert ((number, place) in pairs) == wanted

    def test_pictures_show_owners(self, history):
        game, pictures, won = owner_pictures(history)
        _, seat = seats_after(history, 112)
        for row in (0, len(game) // 2, len(game) - 1):
            owner = history.owner[history.turn_start[game[row]] + 4 * (1 + np.arange(28))]
            np.testing.assert_array_equal(pictures[row] == 1, owner == seat[row])
            np.testing.assert_array_equal(pictures[row] == 0, owner == -1)
            assert won[row] == (history.winner[game[row]] == seat[row])

    def test_hold_rows(self, history):
        game, seat, mine, rivals = hold_rows(history, 60)
        holds = history.holds(history.rows_at(60))
        for row in range(0, len(game), 37):
            np.testing.assert_array_equal(mine[row], holds[game[row], seat[row]])
            np.testing.assert_array_equal(rivals[row], np.delete(holds[game[row]], seat[row], axis=0).max(axis=0))

    def test_worth_and_wins(self, history):
        game, seat = seats_after(history, 40)
        worth = worth_of(history, game, seat, np.array([0, 40]))
        np.testing.assert_allclose(worth[:, 0], 1.5)
        np.testing.assert_allclose(worth[5, 1], history.net_worth[history.turn_start[game[5]] + 40, seat[5]] / 1000, rtol=1e-6)
        assert wins(history, game, seat).sum() == (history.turns > 40).sum()  # every winner is alive before

    def test_decision_games(self, history):
        game = decision_games(history)
        assert len(game) == len(history.action)
        np.testing.assert_array_equal(np.bincount(game, minlength=120), np.diff(history.decision_start))
