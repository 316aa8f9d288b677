"""House rules and options, wherever a game is made: the single, the vector and the wrapped environments."""

import gymnasium
import numpy as np
import pytest

from monopoly_env import HOUSE_RULES, MonopolyVectorEnv
from monopoly_env.situation.situation import Seat, Situation

ID = "monopoly_env:Monopoly-v0"
OPTIONS = {"house_rules": HOUSE_RULES, "starting_cash": 2500, "max_turns": 77}


def games(**options):
    """A game of each kind of environment, after its third reset."""
    single, vector = gymnasium.make(ID, **options), gymnasium.make_vec(ID, num_envs=3, **options)
    for seed in (1, None, None):
        single.reset(seed=seed)
        vector.reset(seed=seed)
    return single.unwrapped.game, vector.unwrapped.games[2]


def test_all_options_reach_the_games_and_last():
    for game in games(**OPTIONS):
        assert game["house_rules"] == 15 and game["max_turns"] == 77
        assert game["cash"].sum() + game["pot"] == game["paid_out"] - game["paid_in"] and game["paid_out"] >= 4 * 2500


def test_all_are_off_by_default():
    for game in (*games(), Situation([Seat(cash=1), Seat(cash=1)]).game()):
        assert game["house_rules"] == 0 and game["max_turns"] == 1000
        assert game["paid_out"] < 4 * 2500


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
