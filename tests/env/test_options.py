"""Options of the single and the vector environment: what is refused, and how it is told."""

import gc

import gymnasium
import pytest

from monopoly_env import HOUSE_RULES, MonopolyEnv, MonopolyVectorEnv
from monopoly_env.situation.situation import Seat, Situation

ID = "monopoly_env:Monopoly-v0"


class WithAct:
    """Plays by its method, as ``agent.players.network.Player`` does."""

    def __repr__(self):
        return "Somebody"

    def act(self, observation, mask):
        return 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"players": 1}, "2 to 8"),
        ({"players": 9}, "Received: players=9"),
        ({"opponents": "shark"}, "Unknown bot. Expected one of random"),
        ({"opponents": ["random"]}, "4 players need 3 opponents"),
        ({"opponents": 3}, "opponents must be"),
        ({"opponents": [1, 2, 3]}, "An opponent is"),
        ({"opponents": "self"}, "needs gymnasium.make_vec or monopoly_env.envs.pettingzoo"),
        ({"opponents": "landlord,self,random"}, "needs gymnasium.make_vec or monopoly_env.envs.pettingzoo"),
        ({"opponents": WithAct()}, "Received: Somebody; give its method act"),
        ({"opponents": ["random", WithAct(), "random"]}, "Received: Somebody; give its method act"),
        ({"seat": 4}, "0 to 3"),
        ({"seat": "first"}, "Received: 'first'"),
        ({"reward": "money"}, "shaped, win"),
        ({"observation": "all"}, "observation must be one of assessed, facts. Received: 'all'"),
        ({"max_turns": 0}, "max_turns"),
        ({"illegal_action": "ignore"}, "pass, raise"),
        ({"house_rules": ("free_beer",)}, "free_beer"),
        ({"starting_cash": -5}, "starting_cash"),
        *(({"max_turns": value}, f"whole number. Received: {value!r}") for value in (10.5, True, "100", None)),
        *(({"starting_cash": value}, "starting_cash must be a whole number") for value in (1500.9, "x", None, False)),
        ({"starting_cash": 10**12}, "starting_cash must lie between 0 and 1,000,000"),
        *(({"house_rules": value}, "house_rules must be names out of free_parking_pot") for value in (None, 5)),
        ({"render_mode": "hologram"}, "ansi, human, rgb_array"),
    ],
)
def test_wrong_options_are_told_in_one_line(options, told):
    with pytest.raises(ValueError, match=told) as error:
        MonopolyEnv(**options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"num_envs": 0}, "num_envs"),
        ({"opponents": [lambda o, m: 0, "self", "self"]}, "functions or 'self'"),
        ({"opponents": "selfish"}, "Unknown bot"),
        ({"opponents": "self,self"}, "4 players need 3"),
        ({"max_episode_steps": 0}, "max_episode_steps"),
        ({"max_episode_steps": 1.5}, "max_episode_steps must be None or an integer of at least 1. Received: 1.5"),
        ({"max_episode_steps": "9"}, "Received: '9'"),
        ({"max_turns": 10.5}, "max_turns must be a whole number. Received: 10.5"),
        ({"starting_cash": 10**12}, "starting_cash must lie between 0 and 1,000,000"),
        ({"house_rules": None}, "house_rules must be names"),
        ({"threads": 1.5}, "threads must be None or a whole number of at least 1. Received: 1.5"),
        ({"threads": "2"}, "Received: '2'"),
        ({"autoreset_mode": "Sometimes"}, "Sometimes"),
        ({"threads": 0}, "threads"),
        ({"render_mode": "human"}, "None or one of rgb_array. Received: 'human'"),
    ],
)
def test_wrong_options_of_many_games_are_told(options, told):
    with pytest.raises(ValueError, match=told):
        MonopolyVectorEnv(**{"num_envs": 2, **options})


@pytest.mark.parametrize("opponents", [" self ", ["self"] * 3, "self, self ,self"])
def test_self_play_however_it_is_written(opponents):
    envs = MonopolyVectorEnv(2, opponents=opponents)
    assert envs.self_play and (envs.reset(seed=1)[1]["seat_rewards"] == 0).all()


def test_refused_options_leave_nothing_behind_to_complain_later(monkeypatch):
    complaints = []
    monkeypatch.setattr("sys.unraisablehook", complaints.append)
    for options in ({"num_envs": 0}, {"opponents": "nobody"}, {"render_mode": "human"}):
        with pytest.raises(ValueError):
            MonopolyVectorEnv(**options)
        gc.collect()
    assert not complaints


def games(**options):
    """A game of each kind of environment, after its third reset."""
    single, vector = gymnasium.make(ID, **options), gymnasium.make_vec(ID, num_envs=3, **options)
    for seed in (1, None, None):
        single.reset(seed=seed)
        vector.reset(seed=seed)
    return single.unwrapped.game, vector.unwrapped.games[2]


def test_all_options_reach_the_games_and_last():
    for game in games(house_rules=HOUSE_RULES, starting_cash=2500, max_turns=77):
        assert game["house_rules"] == 15 and game["max_turns"] == 77
        assert game["cash"].sum() + game["pot"] == game["paid_out"] - game["paid_in"] and game["paid_out"] >= 4 * 2500


def test_house_rules_are_off_by_default():
    for game in (*games(), Situation([Seat(cash=1), Seat(cash=1)]).game()):
        assert game["house_rules"] == 0 and game["max_turns"] == 1000
        assert game["paid_out"] < 4 * 2500
