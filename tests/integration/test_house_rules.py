"""House rules and options, wherever a game is made: the single, the vector and the wrapped environments."""

import gymnasium
import numpy as np
import pytest

from monopoly_env import HOUSE_RULES, MonopolyEnv, MonopolyVectorEnv
from monopoly_env.situation.situation import Seat, Situation

ID = "monopoly_env:Monopoly-v0"
OPTIONS = {"house_rules": HOUSE_RULES, "starting_cash": 2500, "max_turns": 77}


def records():
    """A game of each kind of environment, made with all options, by name."""
    single = gymnasium.make(ID, **OPTIONS)
    single.reset(seed=1)
    vector = gymnasium.make_vec(ID, num_envs=3, **OPTIONS)
    vector.reset(seed=1)
    return {"single": single.unwrapped.game, "vector": vector.unwrapped.games[2]}


@pytest.mark.parametrize("kind", ["single", "vector"])
def test_all_options_reach_the_game(kind):
    game = records()[kind]
    assert game["house_rules"] == 15 and game["max_turns"] == 77
    assert game["cash"].sum() + game["pot"] == game["paid_out"] - game["paid_in"] and game["paid_out"] >= 4 * 2500


def test_all_are_off_by_default():
    env = MonopolyEnv()
    env.reset(seed=1)
    vector = MonopolyVectorEnv(2)
    vector.reset(seed=1)
    for game in (env.game, vector.games[0], Situation([Seat(cash=1), Seat(cash=1)]).game()):
        assert game["house_rules"] == 0 and game["max_turns"] == 1000
    assert env.game["paid_out"] >= 4 * 1500 and env.game["paid_out"] < 4 * 2500


@pytest.mark.parametrize(("rule", "phase"), [("no_auctions", 3), ("no_trades", 5)])
def test_without_auctions_or_deals_nobody_is_ever_asked(rule, phase):
    """Some thousand decisions with and without the rule."""
    seen = {}
    for rules in ((), (rule,)):
        envs = MonopolyVectorEnv(40, players=3, opponents="self", house_rules=rules)
        _, info = envs.reset(seed=3)
        rng = np.random.default_rng(0)
        phases = set()
        for _ in range(150):
            phases |= set(info["phase"].tolist())
            actions = (info["action_mask"] * (1 + rng.random((40, 7)))).argmax(axis=1)
            *_, info = envs.step(actions)
        seen[rules] = phases
    assert phase in seen[()] and phase not in seen[(rule,)]


def test_options_last_over_the_next_games():
    env = MonopolyEnv(players=2, opponents="random", **OPTIONS | {"max_turns": 3})
    env.reset(seed=1)
    for _ in range(3):
        env.reset()
        assert env.game["house_rules"] == 15 and env.game["max_turns"] == 3 and env.game["paid_out"] >= 5000
