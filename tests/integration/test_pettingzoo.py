"""Monopoly for PettingZoo."""

import re
import subprocess
import sys
import warnings

import numpy as np
import pytest

from monopoly_env import IllegalActionError, MonopolyVectorEnv, Phase

pytestmark = pytest.mark.integration
# PettingZoo's checks do not count dict observations with a mask among the usual ones, though its own games have them.
USUAL = "(Observation is not a NumPy array|Observation space for each agent probably|Observations between agents)"


@pytest.fixture(scope="module")
def aec_env():
    """The module, where PettingZoo is installed."""
    pytest.importorskip("pettingzoo")
    from monopoly_env.envs import pettingzoo as aec_env

    return aec_env


def legal(rng, mask):
    """Any legal action."""
    return int(rng.choice(np.flatnonzero(mask)))


def game_of(env, seed, rng_seed=0):
    """Play one game; return for each turn of an agent (agent, observation, mask, reward, terminated, truncated, info)."""
    rng = np.random.default_rng(rng_seed)
    env.reset(seed=seed)
    rows = []
    for agent in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        rows.append((agent, observation["observation"], observation["action_mask"], reward, terminated, truncated, info))
        env.step(None if terminated or truncated else legal(rng, observation["action_mask"]))
    return rows


@pytest.mark.parametrize("players", range(2, 9))
def test_pettingzoo_finds_nothing_to_complain_about(aec_env, players):
    from pettingzoo.test import api_test, seed_test

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=USUAL)
        api_test(aec_env.env(players=players), num_cycles=150)
        seed_test(lambda: aec_env.env(players=players), num_cycles=100)


@pytest.mark.filterwarnings("ignore:The `observation_spaces`", "ignore:The `action_spaces`", "ignore:Agent was given")
def test_all_agents_at_once_and_what_they_all_see(aec_env):
    """Game by game the same as agent after agent; PettingZoo's checks of states and of parallel environments."""
    from pettingzoo.test.state_test import state_test

    state_test(aec_env.env(players=3), aec_env.parallel_env(players=3))
    one, all_at_once = aec_env.env(players=3, max_turns=60), aec_env.parallel_env(players=3, max_turns=60)
    rows = [row for row in game_of(one, seed=4) if not (row[4] or row[5])]
    rng = np.random.default_rng(0)
    observations, _ = all_at_once.reset(seed=4)
    for agent, observation, mask, *_ in rows:
        asked = [name for name, seen in observations.items() if seen["action_mask"].any()]
        assert asked == [agent] and np.array_equal(observations[agent]["action_mask"], mask)
        assert np.array_equal(all_at_once.state()[int(agent[-1])], observation)
        action = legal(rng, mask)
        observations, _, terminated, truncated, _ = all_at_once.step(dict.fromkeys(all_at_once.agents, action))
    assert not all_at_once.agents and all(terminated[name] or truncated[name] for name in terminated)


def test_it_is_registered(aec_env):
    pettingzoo = pytest.importorskip("pettingzoo", minversion="1.27")
    assert pettingzoo.make("aec", "monopoly_v0", players=2).possible_agents == ["player_0", "player_1"]
    assert pettingzoo.make("parallel", "monopoly_v0", players=2).metadata["name"] == "monopoly_v0"


def test_the_game_is_the_one_of_the_vector_environment(aec_env):
    """One seed, one choice of actions: the same decisions, observations, masks and rewards as in self-play."""
    rows = game_of(aec_env.env(players=3), seed=7)
    decisions = [row for row in rows if not (row[4] or row[5])]
    envs = MonopolyVectorEnv(1, players=3, opponents="self", seat=0, autoreset_mode="Disabled")
    observations, info = envs.reset(seed=7)
    rng = np.random.default_rng(0)
    reward, over = 0.0, False
    for agent, observation, mask, earned, *_, phase in decisions:
        assert not over and agent == f"player_{info['seat'][0]}" and phase["phase"] == info["phase"][0]
        assert np.array_equal(observation, observations[0]) and np.array_equal(mask, info["action_mask"][0])
        assert earned == pytest.approx(reward, abs=1e-6)
        observations, rewards, terminated, truncated, info = envs.step(np.array([legal(rng, mask)]))
        reward, over = rewards[0], bool(terminated[0] or truncated[0])
    assert over and len(decisions) > 100


def test_one_agent_wins_the_others_lose_and_all_are_told(aec_env):
    for seed in range(8):
        rows = game_of(aec_env.env(players=4, reward="win"), seed=seed)
        ends = {row[0]: row for row in rows if row[4]}
        assert len(ends) == 4 and sorted(row[3] for row in ends.values()) == [-1, -1, -1, 1]
        assert not any(row[3] for row in rows if not row[4])
        winner = next(agent for agent, row in ends.items() if row[3] == 1)
        assert ends[winner][6] == {"winner": int(winner[-1]), "decided": True} and rows[-1][0] in ends
        assert all(row[2].tolist() == [1, 0, 0, 0, 0, 0, 0] for row in ends.values())
        first_out = next(row for row in rows if row[4])
        assert first_out[6] == {"winner": -1, "decided": False}
        # Nobody is asked again after its end.
        assert all(sum(row[0] == agent and bool(row[4]) for row in rows) == 1 for agent in ends)
        assert [row[0] for row in rows].index(first_out[0]) < len(rows) - 1


def test_the_turn_cap_truncates_all(aec_env):
    rows = game_of(aec_env.env(players=3, max_turns=9), seed=1)
    ends = [row for row in rows if row[4] or row[5]]
    assert len(ends) == 3 and all(row[5] and not row[4] and row[6] == {"winner": -1, "decided": False} for row in ends)


def test_only_the_agent_that_decides_has_legal_actions(aec_env):
    env = aec_env.raw_env(players=4)
    env.reset(seed=2)
    for agent in env.possible_agents:
        seen = env.observe(agent)
        assert env.observation_space(agent).contains(seen)
        assert seen["action_mask"].any() == (agent == env.agent_selection)
    assert isinstance(env.infos[env.agent_selection]["phase"], Phase)


def test_an_illegal_action_loses_and_ends_the_game(aec_env):
    env = aec_env.env(players=3)
    env.reset(seed=3)
    observation, *_ = env.last()
    loser = env.agent_selection
    env.step(int(np.flatnonzero(observation["action_mask"] == 0)[0]))
    assert env.rewards == {agent: -1 if agent == loser else 0 for agent in env.possible_agents}
    assert all(env.terminations.values())
    for agent in env.agent_iter():
        last = env.last()
        assert last[2] and last[1] == (-1 if agent == loser else 0) and env.observation_space(agent).contains(last[0])
        env.step(None)
    assert not env.agents
    env.reset(seed=3)
    assert env.agents == env.possible_agents and not any(env.terminations.values())


def test_without_the_wrappers_an_illegal_action_is_an_error_and_changes_nothing(aec_env):
    env = aec_env.raw_env(players=3)
    env.reset(seed=3)
    before = env.game.tobytes()
    illegal = int(np.flatnonzero(env.observe(env.agent_selection)["action_mask"] == 0)[0])
    with pytest.raises(IllegalActionError, match="is not legal for seat"):
        env.step(illegal)
    for nonsense in (7, None, 1.5, "0", 2**70):
        with pytest.raises(IllegalActionError, match="from 0 to 6"):
            env.step(nonsense)
    assert env.game.tobytes() == before
    wrapped = aec_env.env(players=3)
    with pytest.raises(AttributeError, match="before reset"):
        _ = wrapped.agents
    wrapped.reset(seed=3)
    with pytest.raises((AssertionError, IndexError)):
        wrapped.step(9)


def test_the_next_game_follows_from_the_seed(aec_env):
    first, second = aec_env.env(players=2), aec_env.env(players=2)
    rows = [(game_of(env, 5), game_of(env, None)) for env in (first, second)]
    ends = [[row[1].tolist() for row in game] for pair in rows for game in pair]
    assert ends[0] == ends[2] and ends[1] == ends[3] and ends[0] != ends[1]


def test_rendering_shows_the_game_and_does_not_change_it(aec_env, capsys):
    quiet = game_of(aec_env.env(players=2, max_turns=40), seed=6)
    env = aec_env.env(players=2, max_turns=40, render_mode="ansi")
    spoken = game_of(env, seed=6)
    assert [row[3] for row in quiet] == [row[3] for row in spoken]
    text = env.unwrapped.render()
    assert "rolled" in text and "player_1" in text and "\x1b" not in text
    game_of(aec_env.env(players=2, max_turns=6, render_mode="human"), seed=6)
    assert "rolled" in capsys.readouterr().out
    picture = aec_env.env(players=2, render_mode="rgb_array")
    picture.reset(seed=1)
    frame = picture.render()
    assert frame.dtype == np.uint8 and frame.ndim == 3 and frame.std() > 0


def test_wrong_options_are_told_in_one_line(aec_env):
    for options, told in (
        ({"players": 9}, "2 to 8"),
        ({"render_mode": "hologram"}, "ansi, human, rgb_array"),
        ({"reward": "money"}, "shaped, win"),
        ({"house_rules": "free_beer"}, "free_beer"),
    ):
        with pytest.raises(ValueError, match=told):
            aec_env.env(**options)


def test_without_pettingzoo_the_error_says_what_to_install():
    code = "import sys; sys.modules['pettingzoo'] = None; import monopoly_env; import monopoly_env.envs.pettingzoo"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert re.fullmatch(r"ImportError: .* needs PettingZoo: pip install pettingzoo", last)
