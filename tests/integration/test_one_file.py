"""The two single files of docs/examples: short, of Gymnasium, NumPy and Keras alone, and they learn."""

import ast
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

from agent import Player, load_model, save_model

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
# Few games and small batches, so that a training of some updates takes seconds.
SMALL = {"ppo_one_file": {"N": 16, "T": 8, "M": 32}, "dqn_one_file": {"N": 16, "M": 32, "CAPACITY": 200, "COPY_EVERY": 5}}


def example(name, **settings):
    """The module, with some of its settings changed."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for key, value in settings.items():
        assert hasattr(module, key)
        setattr(module, key, value)
    return module


@pytest.mark.parametrize(("name", "head"), [("ppo_one_file", "softmax"), ("dqn_one_file", "linear")])
def test_it_runs_and_its_network_plays_from_its_file(name, head, tmp_path, capsys, monkeypatch):
    """All its actions are legal, and games that the turn cap stops are among those that it learns from."""
    made = []

    def make_vec(*args, **kwargs):
        made.append(gymnasium.make_vec(*args, **kwargs, illegal_action="raise", max_turns=25))
        return made[0]

    module = example(name, **SMALL[name])
    monkeypatch.setattr(module, "gymnasium", SimpleNamespace(make_vec=make_vec))
    model = module.train(decisions=1500, seed=1)
    assert (made[0].unwrapped.games["max_turns"] == 25).all()
    assert "games" in capsys.readouterr().out.splitlines()[-1]
    save_model(model, tmp_path / "m.keras")
    states = np.random.default_rng(0).random((5, 23), dtype=np.float32)
    for player in (Player.load(tmp_path / "m.keras"), Player(load_model(tmp_path / "m.keras"))):
        assert player.head == head
        np.testing.assert_allclose(player.outputs(states), model(states), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", SMALL)
def test_training_moves_the_weights_and_repeats_with_its_seed(name):
    first, again, other = (example(name, **SMALL[name]).train(500, seed) for seed in (1, 1, 2))
    longer = example(name, **SMALL[name]).train(1000, 1)
    weights = [np.concatenate([w.ravel() for w in model.get_weights()]) for model in (first, again, other, longer)]
    np.testing.assert_allclose(weights[0], weights[1], rtol=1e-4, atol=1e-5)
    assert np.abs(weights[0] - weights[2]).max() > 1e-3 and np.abs(weights[0] - weights[3]).max() > 1e-3


@pytest.mark.parametrize("name", SMALL)
def test_it_fits_on_two_screens_and_takes_the_agent_for_the_end_alone(name):
    source = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 100
    tree = ast.parse(source)
    imported = {
        getattr(node, "module", None) or node.names[0].name for node in ast.walk(tree) if "Import" in type(node).__name__
    }
    assert imported == {"sys", "gymnasium", "keras", "numpy", "tensorflow", "agent"}
    ends = [node for node in tree.body if isinstance(node, ast.If)]
    inside = {name.name for node in ast.walk(ends[0]) if isinstance(node, ast.ImportFrom) for name in node.names}
    assert inside == {"Player", "play_match", "save_model"}


def test_what_the_facts_alone_are_worth(monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)
    module = example("facts_alone")
    model = example("ppo_one_file", **SMALL["ppo_one_file"]).train(500, 1, "facts")
    won = module.games_won(model, "facts", ["random"] * 3, games=40)
    assert 0 <= won <= 40 and won == module.games_won(model, "facts", ["random"] * 3, games=40)
