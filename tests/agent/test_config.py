"""Settings are checked when they are made, and survive JSON."""

import dataclasses
import json

import pytest

from agent.config import TrainConfig


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_json_round_trip(head):
    config = TrainConfig.for_head(head, hidden=(64,), seed=7, value_clip=0.2)
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
        ("value_clip", 0),
        ("temperature", 0.0),
        ("temperature_fraction", 1.5),
        ("bots", -1.0),
    ],
)
def test_a_bad_setting_is_named_in_one_line(setting, value):
    with pytest.raises(ValueError, match=rf"^{setting} must .*Received: ") as error:
        TrainConfig.from_dict({setting: value})
    assert "\n" not in str(error.value)


def test_unknown_settings_and_an_empty_mix_are_refused():
    with pytest.raises(ValueError, match="Unknown training setting 'lr'"):
        TrainConfig.from_dict({"lr": 1})
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
