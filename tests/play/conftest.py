"""A network of each head for these tests: random weights, so they play badly but decidedly."""

import numpy as np
import pytest


def _model(head, path):
    from agent.learning.network import build_policy
    from agent.players.model_file import save_model

    model = build_policy((20, 20), head, seed=0)
    rng = np.random.default_rng(1)
    model.set_weights([weights + rng.normal(0, 0.5, weights.shape) for weights in model.get_weights()])
    save_model(model, path)
    return str(path)


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """The path of a model with a softmax head."""
    return _model("softmax", tmp_path_factory.mktemp("models") / "softmax.keras")


@pytest.fixture(scope="session")
def linear_model(tmp_path_factory):
    """The path of a model with a linear head."""
    return _model("linear", tmp_path_factory.mktemp("models") / "linear.keras")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test has a folder of its own for saved games."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
