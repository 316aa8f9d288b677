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
@pytest.mark.parametrize("number", [0, 1])
def test_all_learn_and_are_judged_on_the_way(config, sb3, number):
    points = sb3.measure(sb3.LEARNERS[number], config, 8)
    assert points[0].decisions == 128 and points[-1].decisions == 384
    assert 0 < points[0].processor < points[-1].processor
    assert all({bot: match.games for bot, match in point.matches.items()} == {"random": 8, "landlord": 8} for point in points)


def test_the_networks_are_the_same(config, sb3):
    from agent.learning.network import build_critic, build_policy

    theirs = sb3.like_ours(config).policy
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
    model = sb3.like_ours(config)
    seen = []

    class Watched(sb3.Pace):
        def _on_rollout_start(self):
            super()._on_rollout_start()
            seen.append((model.policy.optimizer.param_groups[0]["lr"], model.ent_coef))

    model.learn(config.total, callback=Watched(sb3.Watch(config, 1), config))
    rates = [config.learning_rate_at(done / 3) for done in (0, 0, 1)]  # when a rollout starts: those of the update before it
    assert seen == [(pytest.approx(rate), config.entropy_at(done / 3)) for done, rate in enumerate(rates)]
    assert model.policy.optimizer.param_groups[0]["lr"] == pytest.approx(config.learning_rate_at(2 / 3))
    assert model.policy.optimizer.param_groups[0]["eps"] == config.adam_epsilon
    assert (model.n_envs, model.n_steps, model.batch_size, model.n_epochs) == (16, 8, 64, 1)
    assert model._n_updates == config.updates * config.epochs


def test_its_own_defaults_are_its_own(config, sb3):
    model = sb3.as_it_comes(config)
    own = inspect.signature(sb3.MaskablePPO).parameters
    for name in ("learning_rate", "n_steps", "batch_size", "n_epochs", "gamma", "gae_lambda", "ent_coef", "vf_coef"):
        assert getattr(model, name) == own[name].default, name
    assert model.n_envs == 8


def test_the_adapter_plays_what_the_model_would(config, sb3):
    model = sb3.like_ours(config)
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
    weak, strong = (play_match("random", ["random"], 100, seed=2, max_turns=5) for _ in range(2))
    strong.winner = strong.seat
    weak.winner = np.where(np.arange(100) < 30, weak.seat, 1 - weak.seat)
    points = [
        sb3.Point(1000, 10.0, {"random": weak, "landlord": weak}),
        sb3.Point(131_000, 20.4, {"random": strong, "landlord": weak}),
    ]
    console = Console(width=80, record=True)
    console.print(sb3.table(sb3.LIKE_OURS, points))
    assert re.search(r"131,000 │ +20 │ +100.0 % \(96.3 to 100.0\) │ +30.0 % \(21.9 to 39.6\)", console.export_text())
    told = "90% against 3 random after 20 processor seconds, 20% against 3 landlord after 10 processor seconds; 12,500"
    assert sb3.summary(sb3.LIKE_OURS, points).startswith(f"{sb3.LIKE_OURS}: {told}")
    late = points[0]._replace(decisions=2000, processor=11.0)
    assert "90% against 3 random not reached" in sb3.summary("it", [points[0], late])
    told = sb3.described(config)
    assert "seed 3," in told and "num_envs 16, rollout_steps 8" in told and "sb3-contrib 2." in told
