"""Actions that are none, of the learner and of functions among the opponents."""

import re

import gymnasium
import numpy as np
import pytest

from monopoly_env import IllegalActionError, MonopolyEnv
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER


@pytest.mark.parametrize("action", [1.9, -0.5, "0", None, np.array([1]), np.float32(1), 2**70, -(2**70)])
@pytest.mark.parametrize("illegal_action", ["pass", "raise"])
def test_what_is_no_integer_is_no_action(action, illegal_action):
    env = MonopolyEnv(illegal_action=illegal_action)
    env.reset(seed=3)
    before = env.game.tobytes()
    with pytest.raises(IllegalActionError, match=r"^An action is an integer from 0 to 6\. Received: ") as error:
        env.step(action)
    assert "\n" not in str(error.value) and env.game.tobytes() == before
    env.step(0)


def test_any_kind_of_integer_is_an_action():
    results = set()
    for kind in (int, np.int64, np.uint8, np.array, lambda number: np.array(number, np.int32)):
        env = MonopolyEnv(illegal_action="raise")
        env.reset(seed=3)
        env.step(kind(1))
        results.add(env.game.tobytes())
    assert len(results) == 1
    env = MonopolyEnv()
    env.reset(seed=3)
    assert env.step(2**40)[4]["illegal_action"] is True


def raises(observation, mask):
    """A function that fails at its first decision."""
    raise RuntimeError("no idea")


@pytest.mark.parametrize("illegal_action", ["pass", "raise"])
@pytest.mark.parametrize(
    ("opponent", "told"),
    [
        (lambda observation, mask: 9, "An action is an integer from 0 to 6. Received: 9"),
        (lambda observation, mask: 1.5, "Received: 1.5"),
        (lambda observation, mask: 6, "TRADE is not legal for seat 1 in AUCTION"),
    ],
)
def test_an_opponent_that_plays_badly_is_named_and_its_game_is_given_up(opponent, told, illegal_action):
    env = MonopolyEnv(players=2, seat=0, opponents=opponent, illegal_action=illegal_action)
    env.reset(seed=0)
    with pytest.raises(IllegalActionError, match=re.escape(told)) as error:
        while True:
            env.step(0)
    assert str(error.value).startswith("The opponent at seat 1 broke the rules, and the game is given up: call reset(). ")
    given_up(env)


def given_up(env):
    """Nobody plays on in the opponent's place, and the next game is as ever."""
    before = env.game.tobytes()
    assert env.action_masks().tolist() == [True] + [False] * 6
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(1)
    assert env.game.tobytes() == before
    assert env.reset(seed=1)[1]["seat"] == 0 and env.action_masks().sum() > 1


def test_an_opponent_that_fails_is_named_and_its_game_is_given_up():
    env = MonopolyEnv(players=2, seat=0, opponents=raises)
    env.reset(seed=0)
    with pytest.raises(RuntimeError, match="no idea") as error:
        while True:
            env.step(0)
    assert error.value.__notes__ == ["The opponent at seat 1 failed, and the game is given up: call reset()."]
    given_up(env)


def test_an_opponent_that_fails_before_the_learners_first_decision_leaves_no_game():
    env = MonopolyEnv(players=2, seat=1, opponents=raises)
    with pytest.raises(RuntimeError, match="no idea"):
        env.reset(seed=0)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)


def test_all_seeds_are_read_before_a_game_is_touched():
    batch = GameBatch([[LEARNER, 0, LEARNER]] * 3, threads=1)
    batch.begin([1, 2, 3])
    for _ in range(20):
        batch.step(batch.episodes["mask"].argmax(axis=1))
    before = batch.games.tobytes(), batch.episodes.tobytes()
    for wrong in (-1, "x", 1.5):
        with pytest.raises(ValueError, match=r"^A seed is a whole number of at least 0\. Received: "):
            batch.begin([5, 6, wrong])
    assert (batch.games.tobytes(), batch.episodes.tobytes()) == before
