"""Settings are checked when they are made, and survive JSON."""

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest

from agent.learning.config import RunOptions, TrainConfig


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_json_round_trip(head):
    config = TrainConfig.for_head(head, hidden=(64,), seed=7, threads=1)
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().seed = 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("head", "sigmoid"),
        ("reward", "money"),
        ("hidden", ()),
        ("hidden", (150, 0)),
        ("hidden", 150),
        ("hidden", (99_999_999_999,)),
        ("hidden", (1,) * 101),
        ("max_turns", 0),
        ("max_turns", 2_000_000),
        ("num_envs", 10**7),
        ("rollout_steps", 10**7),
        ("epochs", 10**6),
        ("threads", 10**6),
        ("opponents", ([],)),
        ("head", []),
        ("learning_rate", 10**400),
        ("decisions", 0),
        ("decisions", 1.5),
        ("players", 9),
        ("players", 1),
        ("num_envs", True),
        ("minibatches", 10**9),
        ("seed", -1),
        ("threads", 0),
        ("xla", 1),
        ("gamma", 1.01),
        ("lam", -0.1),
        ("learning_rate", 0),
        ("learning_rate", float("nan")),
        ("learning_rate_final", -1e-4),
        ("clip", "0.2"),
        ("temperature", 0.0),
        ("temperature_fraction", 1.5),
        ("bots", -1.0),
    ],
)
def test_a_bad_setting_is_named_in_one_line(setting, value):
    with pytest.raises(ValueError, match=rf"^{setting} must .*Received: ") as error:
        TrainConfig.from_dict({setting: value})
    assert "\n" not in str(error.value)


def test_a_rollout_has_no_more_rows_than_can_be_numbered():
    with pytest.raises(ValueError, match=r"^num_envs \* rollout_steps must be .* Received: 1000000 \* 3000$"):
        TrainConfig(num_envs=10**6, rollout_steps=3000)


def test_numbers_of_other_libraries_are_taken_and_become_pythons_own():
    reals = {"gamma": np.float32(0.5), "lam": Fraction(1, 4), "bots": np.float64(2)}
    config = TrainConfig(seed=np.int64(3), hidden=(np.int32(8), 9), epochs=np.uint8(1), **reals)
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    plain = (config.seed, *config.hidden, config.gamma, config.lam, config.epochs, config.bots)
    assert plain == (3, 8, 9, 0.5, 0.25, 1, 2) and [type(n) for n in plain] == [int, int, int, float, float, int, float]
    with pytest.raises(ValueError, match=r"^seed must be a whole number of at least 0\. Received: -3$"):
        TrainConfig(seed=np.int64(-3))


def test_a_head_that_is_no_text_is_refused_like_any_other():
    with pytest.raises(ValueError, match=r"^head must be one of softmax, linear\. Received: \[\]$"):
        TrainConfig.for_head([])


@pytest.mark.parametrize(
    ("option", "value"),
    [("evaluations", -1), ("games", 0), ("games", 2.5), ("final_games", None), ("save_every", -1), ("tensorboard", 1)],
)
def test_a_bad_option_is_named_in_one_line(option, value):
    with pytest.raises(ValueError, match=rf"^{option} must .*Received: "):
        RunOptions(**{option: value})


def test_a_run_is_of_whole_rollouts():
    config = TrainConfig(decisions=70_001)
    assert (config.updates, config.batch, config.total) == (2, 65_536, 131_072)


def test_unknown_settings_and_an_empty_mix_are_refused():
    with pytest.raises(ValueError, match="Unknown training setting 'lr'"):
        TrainConfig.from_dict({"lr": 1})
    with pytest.raises(ValueError, match="Unknown training setting 'value_clip'"):
        TrainConfig.from_dict({"value_clip": 0.2})
    assert TrainConfig.from_dict({"value_clip": None}) == TrainConfig()  # of a run of an earlier version
    with pytest.raises(ValueError, match="One of self_play, bots and mixed"):
        TrainConfig(self_play=0, bots=0, mixed=0)


def test_schedules_start_and_end_where_they_say():
    config = TrainConfig(temperature=0.4, temperature_final=0.1, temperature_fraction=0.5, self_play=2, mixed=0)
    assert config.temperature_at(0) == pytest.approx(0.4)
    assert config.temperature_at(0.25) == pytest.approx(0.2)  # geometric: half way is the geometric mean
    assert config.temperature_at(0.5) == config.temperature_at(1) == pytest.approx(0.1)
    assert config.learning_rate_at(0) == config.learning_rate
    assert config.learning_rate_at(1) == pytest.approx(config.learning_rate_final)
    assert config.entropy_at(1) == pytest.approx(config.entropy_final)
    assert config.mix == pytest.approx((2 / 3, 1 / 3, 0))
    assert config.updates == -(-config.decisions // (config.num_envs * config.rollout_steps))
