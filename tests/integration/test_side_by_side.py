"""This project's PPO beside MaskablePPO: what is compared is alike, and what is printed is what was measured."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from agent.benchmark.side_by_side import (
    LIKE_OURS,
    OURS,
    Entry,
    check_installed,
    described,
    settings,
    side_by_side,
    tables,
    verdicts,
)
from agent.evaluation.match import play_match
from agent.learning.config import TrainConfig

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark.py"
TINY = {"hidden": (8, 6), "num_envs": 16, "rollout_steps": 8, "minibatches": 2, "epochs": 1, "xla": False, "max_turns": 100}


@pytest.fixture(scope="module")
def config():
    """Three updates of 128 decisions."""
    return settings(384, seed=3, **TINY)


@pytest.fixture(scope="module")
def sb3():
    """The module beside which this project stands."""
    pytest.importorskip("sb3_contrib")
    from agent.learning.keras_setup import load_keras

    load_keras()
    from agent.benchmark import maskable_ppo

    yield maskable_ppo
    maskable_ppo.torch.set_num_threads(1)  # as the other tests of Stable-Baselines3 want it


def benchmark(*words):
    """Run scripts/benchmark.py in this process."""
    spec = importlib.util.spec_from_file_location("benchmark_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return CliRunner().invoke(module.app, [str(word) for word in words], env={"COLUMNS": "80"})


@pytest.mark.slow
@pytest.mark.integration
def test_both_learn_and_are_judged(config, sb3):
    told = []
    entries = list(side_by_side(config, 8, tell=told.append))
    assert [entry.name for entry in entries] == [OURS, LIKE_OURS]
    assert [line for line in told if line.startswith("Training")] == [f"Training {OURS}", f"Training {LIKE_OURS}"]
    for entry in entries:
        assert entry.decisions == 384 and entry.rate > 0 and entry.seconds > 0 and entry.processor > 0 and not entry.note
        assert {name: match.games for name, match in entry.matches.items()} == {"landlord": 8, "random": 8}
        assert all(match.actions.any() and match.players == 4 for match in entry.matches.values())


@pytest.mark.integration
def test_the_networks_are_the_same(config, sb3):
    from agent.learning.network import build_critic, build_policy

    theirs = sb3.like_ours(config, sb3.Pace(config)).policy
    policy, critic = build_policy(config.hidden), build_critic(config.hidden)
    assert sum(parameter.numel() for parameter in theirs.parameters()) == policy.count_params() + critic.count_params()
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=weight.shape).astype(np.float32) for weight in policy.get_weights()]
    policy.set_weights(weights)
    parameters = [*theirs.pi_features_extractor.parameters(), *theirs.action_net.parameters()]
    with sb3.torch.no_grad():
        for parameter, weight in zip(parameters, weights, strict=True):
            parameter.copy_(sb3.torch.as_tensor(weight.T))
    states = rng.random((50, 23), np.float32)
    with sb3.torch.no_grad():
        found = theirs.get_distribution(sb3.torch.as_tensor(states)).distribution.probs.numpy()
    np.testing.assert_allclose(found, policy(states).numpy(), atol=1e-5)


@pytest.mark.integration
def test_learning_rate_and_entropy_bonus_fall_alike(config, sb3):
    seen = []

    class Watched(sb3.Pace):
        def _on_rollout_end(self):
            seen.append((self.learning_rate(0.0), self.model.ent_coef))

    pace = Watched(config)
    model = sb3.like_ours(config, pace)
    model.learn(config.updates * config.batch, callback=pace)
    assert seen == [(config.learning_rate_at(done / 3), config.entropy_at(done / 3)) for done in range(3)]
    assert model.policy.optimizer.param_groups[0]["lr"] == pytest.approx(config.learning_rate_at(2 / 3))
    assert model.policy.optimizer.param_groups[0]["eps"] == config.adam_epsilon
    assert (model.n_envs, model.n_steps, model.batch_size, model.n_epochs) == (16, 8, 64, 1)
    assert model._n_updates == config.updates * config.epochs and len(pace.began) == config.updates


@pytest.mark.integration
def test_its_own_defaults_are_its_own(config, sb3):
    model = sb3.as_it_comes(config)
    own = inspect.signature(sb3.MaskablePPO).parameters
    for name in ("learning_rate", "n_steps", "batch_size", "n_epochs", "gamma", "gae_lambda", "ent_coef", "vf_coef"):
        assert getattr(model, name) == own[name].default, name
    assert model.n_envs == 8
    told = sb3.described(model)
    assert "8 games, 2,048 decisions of each" in told and "10 passes in minibatches of 64, Adam at 0.0003, gamma 0.99," in told


@pytest.mark.integration
def test_the_adapter_plays_what_the_model_would(config, sb3):
    model = sb3.like_ours(config, sb3.Pace(config))
    player = sb3.MaskablePPOPlayer(model)
    rng = np.random.default_rng(1)
    states, masks = rng.random((200, 23), np.float32), rng.integers(0, 2, (200, 7)).astype(np.int8)
    masks[:, 0] = 1
    expected, _ = model.predict(states, action_masks=masks, deterministic=True)
    assert np.array_equal(player.batch(states, masks), expected) and len(set(expected)) > 2
    first, again = (play_match(player, ["random"], 6, seed=1, max_turns=100) for _ in range(2))
    assert np.array_equal(first.winner, again.winner) and first.actions.any()


@pytest.mark.integration
def test_games_that_it_cannot_play_are_refused(sb3):
    for changes in ({}, {"self_play": 1, "opponents": ("random",)}, {"mixed": 1, "opponents": ("random",)}):
        config = TrainConfig(**changes)
        with pytest.raises(ValueError, match="one seat against one kind of bot"):
            sb3.like_ours(config, sb3.Pace(config))


def test_the_settings_are_fixed_opponents_and_the_defaults_of_the_head():
    found, default = settings(524_288), TrainConfig(decisions=524_288)
    same = {name: value for name, value in default.to_dict().items() if found.to_dict()[name] == value}
    assert set(default.to_dict()) - set(same) == {"opponents"}
    assert found.mix == (0, 1, 0) and found.opponents == ("landlord",)
    with pytest.raises(ValueError, match=r"Two updates of 65,536 decisions are the least .* Received: 65,536"):
        settings(65_536)


@pytest.mark.parametrize("missing", ["sb3_contrib", "stable_baselines3", "torch"])
def test_without_stable_baselines_one_line_says_what_to_install(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError):
        check_installed()
    result = benchmark("--sb3")
    assert result.exit_code == 1 and result.stderr.count("\n") == 1
    assert result.stderr.startswith('Error: This needs Stable-Baselines3 and sb3-contrib: pip install -e ".[sb3]"')
    assert "CPU build of PyTorch first" in result.stderr and missing in result.stderr


def test_too_few_decisions_are_one_line():
    result = benchmark("--sb3", "--sb3-decisions", 1000)
    assert result.exit_code == 1 and result.stderr.startswith("Error: Two updates of 65,536") and result.stderr.count("\n") == 1


def entry(name, rate, wins):
    """An entry with a match of 100 games of which so many were won, against each yardstick."""
    match = play_match("random", ["random"], 100, seed=2, max_turns=5)
    match.winner = np.where(np.arange(100) < wins, match.seat, 1 - match.seat)
    return Entry(name, 131_072, 12.4, 20.6, rate, matches={"landlord": match, "random": match})


def test_what_is_printed_is_what_was_measured():
    entries = [entry(OURS, 30_000.0, 60), entry(LIKE_OURS, 12_000.0, 30), entry("another", 60_000.0, 59)]
    first, second = verdicts(entries)
    assert "2.5 times as many decisions a second" in first and "stronger against landlord; stronger against random" in first
    assert "0.5 times as many" in second and "no clear difference against landlord" in second
    assert "weaker against random" in verdicts(entries[1::-1])[0]

    from rich.console import Console

    console = Console(width=80, record=True)
    console.print(tables(entries))
    text = console.export_text()
    assert re.search(r"this project's PPO\s+│\s+131,072 │\s+12 │\s+21 │\s+30,000 │", text)
    assert re.search(r"same settings\s+│\s+30.0 % \(21.9 to 39.6\) │", text)


@pytest.mark.integration
def test_the_settings_are_told(sb3, config):
    text = described(config)
    assert "against 3 landlord, reward shaped, seed 3" in text and "16 games side by side, 8 decisions of each" in text
    assert "layers of 8, 6" in text and "sb3-contrib 2." in text
