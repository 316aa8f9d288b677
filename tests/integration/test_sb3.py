"""Stable-Baselines3, sb3-contrib and Tianshou, as their users call them."""

import os
import subprocess
import sys
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from choosing import choose_all

from monopoly_env import IllegalActionError, MonopolyVectorEnv

pytestmark = pytest.mark.integration
ID = "monopoly_env:Monopoly-v0"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def sb3():
    """Stable-Baselines3, on one thread: networks this small are fastest so."""
    torch = pytest.importorskip("torch")
    module = pytest.importorskip("stable_baselines3")
    torch.set_num_threads(1)
    return module


@pytest.fixture(scope="module")
def vec_env(sb3):
    """The adapter."""
    from monopoly_env.envs.sb3 import MonopolySB3VecEnv

    return MonopolySB3VecEnv


def test_stable_baselines_finds_nothing_to_complain_about(sb3, recwarn):
    from stable_baselines3.common.env_checker import check_env

    check_env(gymnasium.make(ID, players=3), warn=True)
    assert not [warning for warning in recwarn if "stable_baselines3" in str(warning.filename)]


def test_maskable_ppo_learns_on_one_game_without_a_wrapper(sb3):
    contrib = pytest.importorskip("sb3_contrib")
    model = contrib.MaskablePPO("MlpPolicy", gymnasium.make(ID), n_steps=64, batch_size=32, n_epochs=2, seed=1)
    model.learn(128)
    env = gymnasium.make(ID, illegal_action="raise")
    observation, info = env.reset(seed=1)
    for _ in range(50):  # an illegal action would raise
        action, _ = model.predict(observation, action_masks=env.get_wrapper_attr("action_masks")())
        observation, _, terminated, truncated, info = env.step(int(action))
        if terminated or truncated:
            observation, info = env.reset()
    assert info["action_mask"].shape == (7,)


@pytest.mark.parametrize("kind", ["DummyVecEnv", pytest.param("SubprocVecEnv", marks=pytest.mark.slow)])
def test_maskable_ppo_learns_on_make_vec_env_without_a_wrapper(sb3, kind):
    contrib = pytest.importorskip("sb3_contrib")
    from stable_baselines3.common import vec_env
    from stable_baselines3.common.env_util import make_vec_env

    envs = make_vec_env(ID, n_envs=2, seed=1, vec_env_cls=getattr(vec_env, kind), env_kwargs={"illegal_action": "raise"})
    model = contrib.MaskablePPO("MlpPolicy", envs, n_steps=32, batch_size=32, n_epochs=1, seed=1)
    model.learn(128)
    assert model.num_timesteps == 128
    envs.close()


def test_plain_dqn_learns_with_illegal_actions_tolerated(sb3):
    model = sb3.DQN("MlpPolicy", gymnasium.make(ID), learning_starts=50, train_freq=10, batch_size=16, seed=1)
    model.learn(200)
    env = model.get_env()
    observations, illegal = env.reset(), 0
    for action in range(7):
        observations, *_, infos = env.step(np.array([action]))
        illegal += infos[0].get("illegal_action", False)
    assert illegal > 0 and observations.shape == (1, 23)


def test_the_adapter_goes_as_stable_baselines_own_vec_env(sb3, vec_env):
    """Step for step against DummyVecEnv over single environments, over many ends of episodes."""
    from stable_baselines3.common.env_util import make_vec_env

    options = {"players": 2, "opponents": "random", "max_turns": 40}
    ours, theirs = vec_env(4, **options), make_vec_env(ID, n_envs=4, env_kwargs=options)
    ours.seed(30)
    theirs.seed(30)
    observations, expected = ours.reset(), theirs.reset()
    ends = 0
    for step in range(250):
        masks = np.stack(ours.env_method("action_masks"))
        assert np.array_equal(observations, expected) and np.array_equal(masks, np.stack(theirs.env_method("action_masks")))
        assert np.array_equal(masks, ours.action_masks()) and masks.dtype == np.bool_
        actions = choose_all(masks, step)
        observations, rewards, dones, infos = ours.step(actions)
        expected, wanted, over, told = theirs.step(actions)
        assert np.array_equal(rewards, wanted) and rewards.dtype == np.float32 and np.array_equal(dones, over)
        for number in np.flatnonzero(dones):
            ends += 1
            mine, their = infos[number], told[number]
            assert np.array_equal(mine["terminal_observation"], their["terminal_observation"])
            assert all(mine[key] == their[key] for key in ("TimeLimit.truncated", "winner", "decided"))
        assert all(not info for info, done in zip(infos, dones, strict=True) if not done)
    assert ends > 10


def test_learners_take_the_adapter(sb3, vec_env):
    contrib = pytest.importorskip("sb3_contrib")
    from stable_baselines3.common.vec_env import VecMonitor

    envs = VecMonitor(vec_env(16, players=2, opponents="random", max_turns=40, illegal_action="raise"))
    model = contrib.MaskablePPO("MlpPolicy", envs, n_steps=32, batch_size=128, n_epochs=1, seed=1)
    model.learn(1024)
    assert model.num_timesteps == 1024 and len(model.ep_info_buffer) > 0
    sb3.PPO("MlpPolicy", vec_env(8), n_steps=8, batch_size=32, n_epochs=1, seed=1).learn(64)
    sb3.DQN("MlpPolicy", vec_env(8), learning_starts=16, batch_size=16, seed=1).learn(64)


def test_the_adapter_tells_illegal_actions_and_wrong_options(vec_env):
    envs = vec_env(3)
    envs.reset()
    illegal = np.array([np.flatnonzero(~mask)[0] for mask in envs.action_masks()])
    *_, infos = envs.step(illegal)
    assert all(info["illegal_action"] is True for info in infos)
    short = vec_env(3, max_episode_steps=1)
    short.reset()
    *_, dones, infos = short.step(np.array([np.flatnonzero(~mask)[0] for mask in short.action_masks()]))
    assert dones.all() and all(info["illegal_action"] is True and "winner" in info for info in infos)
    assert (
        envs.has_attr("action_masks") and not envs.has_attr("wings") and envs.env_is_wrapped(gymnasium.Wrapper) == [False] * 3
    )
    assert envs.get_attr("action_masks", [1])[0]().shape == (7,) and envs.get_images() == [None] * 3
    for call, error in (
        (lambda: envs.env_method("fly"), AttributeError),
        (lambda: envs.set_attr("wings", 2), AttributeError),
        (lambda: envs.set_attr("illegal_action", "raise", 1), ValueError),
    ):
        with pytest.raises(error):
            call()
    envs.set_attr("illegal_action", "raise")
    assert envs.get_attr("illegal_action", 2) == ["raise"] and len(envs.env_method("get_state")) == 3
    with pytest.raises(IllegalActionError):
        envs.step(np.full(3, 9))
    drawn = vec_env(3, render_mode="rgb_array")
    drawn.reset()
    picture = drawn.env_method("render", indices=[2])[0]
    assert np.array_equal(picture, drawn.get_images()[2]) and drawn.render().shape > picture.shape
    for options, told in (
        ({"opponents": "self"}, "one seat"),
        ({"autoreset_mode": "Disabled"}, "same step"),
        ({"players": 9}, "2 to 8"),
    ):
        with pytest.raises(ValueError, match=told):
            vec_env(2, **options)
    envs.close()


def test_the_adapter_goes_on_with_games_of_its_own_without_a_seed(vec_env):
    envs = vec_env(2)
    first, second = envs.reset(), envs.reset()
    assert first.shape == (2, 23) and not np.array_equal(first, second)
    envs.seed(5)
    assert np.array_equal(envs.reset(), MonopolyVectorEnv(2).reset(seed=5)[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "needs", "shown"),
    [
        ("aec_random", "pettingzoo", "player_3"),
        ("sb3_maskable_ppo", "sb3_contrib", "winner"),
        ("sb3_dqn", "stable_baselines3", "actions were illegal"),
        ("sb3_vec_env", "sb3_contrib", "8192 decisions"),
        ("tianshou_collect", "tianshou", "0 illegal actions"),
        ("torchrl_rollout", "torchrl", "0 illegal actions"),
    ],
)
def test_the_examples_run(name, needs, shown):
    pytest.importorskip(needs)
    command = [sys.executable, "-W", "ignore", str(EXAMPLES / f"{name}.py")]
    result = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert result.returncode == 0, result.stderr[-2000:]
    assert shown in result.stdout


def test_without_stable_baselines_the_error_says_what_to_install():
    code = "import sys; sys.modules['stable_baselines3'] = None; import monopoly_env.envs.sb3"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.strip().splitlines()[-1].endswith("needs Stable-Baselines3: pip install stable-baselines3")
