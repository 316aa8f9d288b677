"""This project's PPO beside MaskablePPO: what is compared is alike, and what is printed is what was measured."""

import inspect
import re
import subprocess
import sys

import numpy as np
import pytest
from programs import ROOT, refused
from rich.console import Console

from agent.evaluation.match import play_match
from agent.learning.config import TrainConfig

pytestmark = pytest.mark.integration
SCRIPT = ROOT / "scripts" / "benchmark.py"
TINY = {"hidden": (8, 6), "num_envs": 16, "rollout_steps": 8, "minibatches": 2, "epochs": 1, "xla": False, "max_turns": 100}


@pytest.fixture(scope="module")
def sb3():
    """The module beside which this project stands."""
    pytest.importorskip("sb3_contrib")
    from agent.learning.keras_setup import load_keras

    load_keras()
    from agent.benchmark import beside_sb3

    yield beside_sb3
    beside_sb3.torch.set_num_threads(1)  # as the other tests of Stable-Baselines3 want it


@pytest.fixture(scope="module")
def config(sb3):
    """Three updates of 128 decisions."""
    return sb3.settings(384, seed=3, **TINY)


@pytest.mark.slow
def test_all_learn_and_are_judged(config, sb3):
    for name in sb3.LEARNERS[:2]:
        entry = sb3.measure(name, config, 8)
        assert entry.name == name and entry.decisions == 384
        assert entry.rate > 0 and entry.seconds > 0 and entry.processor > 0
        assert {bot: match.games for bot, match in entry.matches.items()} == {"landlord": 8, "random": 8}
        assert all(match.actions.any() and match.players == 4 for match in entry.matches.values())


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


def test_its_own_defaults_are_its_own(config, sb3):
    model = sb3.as_it_comes(config)
    own = inspect.signature(sb3.MaskablePPO).parameters
    for name in ("learning_rate", "n_steps", "batch_size", "n_epochs", "gamma", "gae_lambda", "ent_coef", "vf_coef"):
        assert getattr(model, name) == own[name].default, name
    assert model.n_envs == 8


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


def test_the_settings_are_fixed_opponents_and_the_defaults_of_the_head(sb3):
    found, default = sb3.settings(524_288), TrainConfig(decisions=524_288)
    same = {name: value for name, value in default.to_dict().items() if found.to_dict()[name] == value}
    assert set(default.to_dict()) - set(same) == {"opponents"}
    assert found.opponents == ("landlord",)
    with pytest.raises(ValueError, match=r"Two updates of 65,536 decisions are the least .* Received: 65,536"):
        sb3.settings(65_536)


@pytest.mark.parametrize("missing", ["sb3_contrib", "stable_baselines3", "torch"])
def test_without_stable_baselines_one_line_says_what_to_install(missing):
    code = (
        f"import runpy, sys; sys.modules[{missing!r}] = None; sys.argv = ['benchmark.py', '--sb3']; "
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("Error: This needs Stable-Baselines3: pip install stable-baselines3")
    assert "CPU build of PyTorch first" in done.stderr


def test_too_few_decisions_are_one_line(sb3):
    assert refused("benchmark", "--sb3", "--sb3-decisions", 1000).startswith("Error: Two updates of 65,536")


def test_what_is_printed_is_what_was_measured(sb3, config):
    match = play_match("random", ["random"], 100, seed=2, max_turns=5)
    match.winner = np.where(np.arange(100) < 30, match.seat, 1 - match.seat)
    entry = sb3.Entry(sb3.LIKE_OURS, 131_072, 12.4, 20.6, 30_000.0, {"landlord": match, "random": match})
    console = Console(width=80, record=True)
    console.print(*sb3.tables([entry]))
    text = console.export_text()
    assert re.search(r"same settings\s+│\s+131,072 │\s+12 │\s+21 │\s+30,000 │", text)
    assert re.search(r"same settings\s+│\s+30.0 % \(21.9 to 39.6\) │", text)
    told = sb3.described(config)
    assert "seed 3," in told and "num_envs 16, rollout_steps 8" in told and "sb3-contrib 2." in told
