"""Gymnasium in full: its wrappers, its vector environments, both autoreset modes, pictures."""

import subprocess
import sys
import warnings
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from choosing import choose, choose_all
from gymnasium import wrappers
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import vector as vector_wrappers

from monopoly_env import MonopolyEnv, MonopolyVectorEnv

ID = "monopoly_env:Monopoly-v0"


def played(env, seed, limit=10_000):
    """Play one episode by the fixed rule; return its rewards, the last step and its number of steps."""
    _, info = env.reset(seed=seed)
    rewards = []
    for step in range(limit):
        last = env.step(choose(info["action_mask"], step))
        rewards.append(last[1])
        info = last[4]
        if last[2] or last[3]:
            break
    return rewards, last


# One environment and its wrappers


def test_record_episode_statistics():
    rewards, last = played(wrappers.RecordEpisodeStatistics(gymnasium.make(ID)), seed=1)
    assert last[4]["episode"]["r"] == pytest.approx(sum(rewards), abs=1e-4) and last[4]["episode"]["l"] == len(rewards)
    assert last[4]["action_mask"].shape == (7,) and "winner" in last[4]


def test_time_limit_truncates():
    rewards, last = played(wrappers.TimeLimit(MonopolyEnv(), max_episode_steps=12), seed=1)
    assert len(rewards) == 12 and last[3] and not last[2]
    assert len(played(gymnasium.make(ID, max_episode_steps=5), seed=1)[0]) == 5


def test_transform_observation():
    space = gymnasium.spaces.Box(-2, 4, (23,), np.float32)
    env = wrappers.TransformObservation(gymnasium.make(ID), lambda observation: 2 * observation, space)
    plain = MonopolyEnv()
    for _ in range(3):
        assert np.array_equal(env.reset(seed=3)[0], 2 * plain.reset(seed=3)[0])
    assert np.array_equal(env.step(0)[0], 2 * plain.step(0)[0])


def test_frame_stack_observation():
    env = wrappers.FrameStackObservation(gymnasium.make(ID), 4)
    plain = MonopolyEnv()
    frames = [plain.reset(seed=3)[0]]
    observation, info = env.reset(seed=3)
    assert observation.shape == env.observation_space.shape == (4, 23) and env.observation_space.contains(observation)
    for step in range(5):
        action = choose(info["action_mask"], step)
        observation, *_, info = env.step(action)
        frames.append(plain.step(action)[0])
    assert np.array_equal(observation, np.stack(frames[-4:]))


def test_wrappers_in_a_row_and_the_mask_still_reachable():
    env = wrappers.FlattenObservation(wrappers.FrameStackObservation(gymnasium.make(ID), 2))
    assert env.observation_space.shape == (46,) and np.array_equal(env.reset(seed=3)[0][-23:], MonopolyEnv().reset(seed=3)[0])
    env = wrappers.RecordEpisodeStatistics(wrappers.TimeLimit(env, 30))
    rewards, last = played(env, seed=3)
    assert last[0].shape == (46,) and last[4]["episode"]["l"] == len(rewards) == 30
    assert env.unwrapped.action_masks().dtype == np.bool_ and env.get_wrapper_attr("action_masks")().shape == (7,)


# Pictures


def test_rgb_array_gives_frames_of_one_size():
    env = gymnasium.make(ID, render_mode="rgb_array")
    _, info = env.reset(seed=1)
    first = env.render()
    assert first.dtype == np.uint8 and first.shape[2] == 3 and first.std() > 10
    for step in range(15):
        *_, info = env.step(choose(info["action_mask"], step))
    later = env.render()
    assert later.shape == first.shape and not np.array_equal(later, first)
    assert env.metadata["render_fps"] > 0 and env.render_mode == "rgb_array"


def test_render_collection_and_add_render():
    env = wrappers.RenderCollection(gymnasium.make(ID, render_mode="rgb_array"))
    _, info = env.reset(seed=1)
    for step in range(2):
        *_, info = env.step(choose(info["action_mask"], step))
    frames = env.render()
    assert len(frames) == 3 and all(frame.shape == frames[0].shape for frame in frames)
    env = wrappers.AddRenderObservation(gymnasium.make(ID, render_mode="rgb_array"), render_only=True)
    observation, _ = env.reset(seed=1)
    assert env.observation_space.contains(observation) and observation.ndim == 3


@pytest.mark.integration
def test_record_video_writes_a_film(tmp_path):
    pytest.importorskip("moviepy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        env = wrappers.RecordVideo(
            gymnasium.make(ID, render_mode="rgb_array", players=2), str(tmp_path / "films"), video_length=8
        )
        _, info = env.reset(seed=1)
        for step in range(10):
            *_, info = env.step(choose(info["action_mask"], step))
        env.close()
    (film,) = (tmp_path / "films").glob("*.mp4")
    assert film.stat().st_size > 2000


def test_gymnasium_checks_all_ways_of_rendering(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        check_env(gymnasium.make(ID, players=2, render_mode="ansi").unwrapped)  # makes one environment in every mode
    assert "rolled" in capsys.readouterr().out


# Vector environments


def test_make_vec_in_its_three_modes_plays_the_same_games():
    told = []
    for mode, kind in (("vector_entry_point", MonopolyVectorEnv), ("sync", SyncVectorEnv), ("async", AsyncVectorEnv)):
        envs = gymnasium.make_vec(ID, num_envs=2, vectorization_mode=mode, players=3)
        assert isinstance(envs.unwrapped, kind) and envs.num_envs == 2
        observations, info = envs.reset(seed=21)
        rows = [observations.tolist()]
        for step in range(25):
            observations, rewards, *ends, info = envs.step(choose_all(info["action_mask"], step))
            assert observations.dtype == np.float32 and not np.any(ends)
            rows.append((observations.tolist(), rewards.tolist()))
        envs.close()
        told.append(rows)
    assert told[0] == told[1] == told[2]


def test_many_games_are_drawn_and_their_spec_says_where_they_stop():
    envs = gymnasium.make_vec(ID, num_envs=2, render_mode="rgb_array", max_episode_steps=3)
    envs.reset(seed=1)
    pictures = envs.render()
    assert len(pictures) == 2 and pictures[0].dtype == np.uint8 and not np.array_equal(*pictures)
    assert envs.spec.max_episode_steps == 3 and gymnasium.make_vec(envs.spec).spec.max_episode_steps == 3
    assert gymnasium.make_vec(ID).render() is None and gymnasium.make_vec(ID).spec.max_episode_steps is None


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_record_episode_statistics_of_the_vector_environment(mode):
    options = {"players": 2, "opponents": "random", "max_turns": 40}
    envs = vector_wrappers.RecordEpisodeStatistics(MonopolyVectorEnv(5, autoreset_mode=mode, **options))
    theirs = vector_wrappers.RecordEpisodeStatistics(SyncVectorEnv([lambda: MonopolyEnv(**options)] * 5, autoreset_mode=mode))
    info, told = envs.reset(seed=9)[1], theirs.reset(seed=9)[1]
    ends = 0
    for step in range(200):
        actions = choose_all(info["action_mask"], step)
        *_, info = envs.step(actions)
        *_, told = theirs.step(actions)
        assert ("episode" in info) == ("episode" in told)
        if "episode" in info:
            ended = told["_episode"]
            ends += ended.sum()
            assert np.array_equal(info["_episode"], ended)
            for key in ("r", "l"):
                assert np.allclose(info["episode"][key][ended], told["episode"][key][ended])
    assert ends > 10


def test_vector_wrappers():
    envs = vector_wrappers.TransformReward(vector_wrappers.DictInfoToList(MonopolyVectorEnv(3)), lambda reward: 10 * reward)
    _, infos = envs.reset(seed=1)
    assert len(infos) == 3 and infos[2]["action_mask"].shape == (7,)
    plain = MonopolyVectorEnv(3)
    plain.reset(seed=1)
    for _ in range(10):
        assert np.allclose(envs.step(np.zeros(3, int))[1], 10 * plain.step(np.zeros(3, int))[1])
    flat = vector_wrappers.FlattenObservation(MonopolyVectorEnv(3))
    assert flat.reset(seed=1)[0].shape == (3, 23)


def test_a_batch_of_one_passes_gymnasiums_passive_checker():
    envs = gymnasium.make_vec(ID, num_envs=1)
    observations, _ = envs.reset(seed=np.int64(4))
    assert observations.shape == (1, 23) and envs.action_space.contains(envs.action_space.sample())


@pytest.mark.integration
def test_the_example_runs():
    example = Path(__file__).parents[2] / "docs" / "examples" / "gymnasium_wrappers.py"
    result = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True)
    assert "episode" in result.stdout
