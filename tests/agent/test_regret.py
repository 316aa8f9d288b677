"""What a decision gives away: a planted blunder is found, and named by its kind."""

import numpy as np
import pytest

from agent.evaluation.regret import KINDS, Losses, Taken, given_away, regret, regret_table, taken_decisions
from monopoly_env.actions import Action, Phase
from monopoly_env.situation.situation import Seat, Situation


def offered(action):
    """Bo is offered Park Place for its Boardwalk's sake, with $1,000 on top, and takes that action."""
    seats = [Seat("Ada", cash=1500, titles=["Park Place"]), Seat("Bo", cash=1400, titles=["Boardwalk", "brown"])]
    offer = {"to": "Bo", "give": ["Park Place"], "cash": 1000}
    game = Situation(seats, phase="OFFER", offer=offer).game(seed=1)
    return Taken(game, action, ["landlord", "landlord"])


def test_a_planted_blunder_is_found_and_the_good_answer_gives_nothing_away():
    kind, lost = given_away(offered(Action.PASS), 200)
    assert kind == "answer" and lost > 0.2
    assert given_away(offered(Action.BUY), 200) == ("answer", 0.0)


def test_a_game_is_looked_at_and_the_result_does_not_depend_on_threads():
    one, two = (regret("landlord", ["fp-a", "random"], 30, 20, games=4, seed=1, threads=threads) for threads in (1, 2))
    assert one.kinds == two.kinds and np.array_equal(one.lost, two.lost)
    assert 25 < len(one.lost) <= 30 and set(one.kinds) <= set(KINDS.values()) and len(set(one.kinds)) > 2
    assert (np.abs(one.lost) <= 1).all() and one.of()[1] > 10


def test_decisions_are_drawn_from_all_games_and_stand_for_all():
    drawn, again = (taken_decisions("landlord", ["random", "fp-a"], 60, 9, seed=3) for _ in range(2))
    assert [taken.game.tobytes() for taken in drawn] == [taken.game.tobytes() for taken in again]
    phases = [int(taken.game.phase) for taken in drawn]
    assert max(phases.count(phase) for phase in Phase) == 10 and len(set(phases)) > 4
    assert {int(taken.game.actor) for taken in drawn} == {0, 1, 2}
    for taken in drawn:
        assert np.roll(taken.seats, -taken.game.actor).tolist() == ["landlord", "random", "fp-a"]
    every = taken_decisions("landlord", ["random", "fp-a"], 10**6, 9, seed=3)
    assert {taken.weight for taken in every} == {1 / 9}
    assert sum(taken.weight for taken in drawn) == pytest.approx(len(every) / 9)
    with pytest.raises(ValueError, match="at least 1 game"):
        taken_decisions("landlord", ["random"], 1, 0)
    with pytest.raises(ValueError, match="at least 2 playouts"):
        given_away(drawn[0], 1)


def test_the_table_ranks_by_loss_a_game():
    losses = Losses(["bid"] * 3 + ["build"], np.array([0.01, 0.02, 0.03, 0.05]), np.array([20.0, 20, 20, 40]))
    half = 1.96 * 0.01 / 3**0.5
    assert losses.of("bid") == pytest.approx((3, 60, 0.02, 0.02 - half, 0.02 + half))
    assert losses.of()[:3] == pytest.approx((4, 100, 0.032))
    kinds, lost = (list(regret_table(losses, "x").columns[number].cells) for number in (0, 5))
    assert kinds == ["build", "bid", "all"] and lost == ["200.00", "120.00", "320.00"]
