"""Players: equal to Keras, always legal, and quick."""

import json
import logging
import os
import subprocess
import sys

import numpy as np
import pytest

from agent.learning.network import build_policy, keras
from agent.players.model_file import ModelError, save_model
from agent.players.network import Player

RNG = np.random.default_rng(0)
STATES = RNG.normal(size=(300, 23)).astype(np.float32)
MASKS = (RNG.random((300, 7)) < 0.4).astype(np.int8)
MASKS[:, 0] = 1


def trained(head, hidden=(150, 150)):
    """Return a policy whose weights are no longer the tidy initial ones."""
    model = build_policy(hidden, head, seed=0)
    rng = np.random.default_rng(1)
    model.set_weights([w + rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize("head", ["softmax", "linear"])
@pytest.mark.parametrize("hidden", [(150, 150), (150,), (5, 4, 3)])
def test_numpy_and_keras_agree_from_memory_and_from_file(head, hidden, tmp_path):
    model = trained(head, hidden)
    save_model(model, tmp_path / "m.keras", {"seed": 5})
    expected = model(STATES).numpy()
    for player in (Player(model), Player.load(tmp_path / "m.keras")):
        assert player.head == head
        values = np.array([player.action_values(s) for s in STATES])
        assert player.action_values(STATES[0]).shape == (7,)
        assert values.dtype == np.float32
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-5)
    assert player.metadata["seed"] == 5


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_greedy_takes_the_best_legal_action(head):
    model = trained(head)
    player = Player(model)
    best = np.where(MASKS != 0, model(STATES).numpy(), -np.inf).argmax(axis=-1)
    np.testing.assert_array_equal(player.batch(STATES, MASKS), best)
    assert [player.act(list(s), list(m)) for s, m in zip(STATES, MASKS, strict=True)] == best.tolist()


@pytest.mark.parametrize("head", ["softmax", "linear"])
@pytest.mark.parametrize("temperature", [1.0, 1e-3, 1e3, 1e-12, 1e-320])
def test_drawn_actions_are_legal_and_repeat_with_the_seed(head, temperature):
    player = Player(trained(head))
    drawn = [player.batch(STATES, MASKS, np.random.default_rng(2), temperature) for _ in range(2)]
    np.testing.assert_array_equal(*drawn)
    assert MASKS[np.arange(300), drawn[0]].all()
    if temperature < 0.01:
        assert (drawn[0] == player.batch(STATES, MASKS)).mean() > 0.95


def test_draws_follow_the_masked_probabilities():
    player = Player(trained("softmax"))
    mask = np.array([1, 0, 1, 0, 1, 0, 0])
    p = player.action_values(STATES[3]) * mask
    count = 20_000
    drawn = player.batch(np.repeat(STATES[3:4], count, 0), np.repeat(mask[None], count, 0), np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(drawn, minlength=7) / count, p / p.sum(), atol=0.02)


def test_errors(tmp_path, monkeypatch):
    player = Player(trained("softmax"))
    with pytest.raises(ValueError, match="One state is needed here; use batch"):
        player.action_values(STATES)
    with pytest.raises(ValueError, match=r"use state\.reshape\(1, 23\)"):
        player.act(STATES[:1].T, MASKS[0])
    with pytest.raises(ValueError, match=r"action mask of shape \(7,\). Received: \(1, 7\)"):
        player.act(STATES[0], MASKS[:1])
    with pytest.raises(ValueError, match="needs a legal action"):
        player.act(STATES[0], np.zeros(7))
    with pytest.raises(ValueError, match=r"Masks must have shape \(300, 7\)"):
        player.batch(STATES, MASKS[:2])
    for call in (lambda: player.act(STATES[0], [np.nan] * 7), lambda: player.batch(STATES[:1], [["1"] * 7])):
        with pytest.raises(ValueError, match="A mask holds 1"):
            call()
    with pytest.raises(ValueError, match=r"temperature must be above 0\. Received: 0"):
        player.batch(STATES, MASKS, RNG, 0)
    monkeypatch.setattr("agent.players.network.DEFAULT_MODEL", tmp_path / "none.keras")
    with pytest.raises(ModelError, match="No model at"):
        Player.load()


def test_many_networks_that_tensorflow_runs_are_traced_once_each(caplog):
    """TensorFlow warns of retracing where several functions are made in one place."""
    x = state = keras.Input((23,))
    x = keras.layers.Add()([keras.layers.Dense(23, activation="relu")(x), state])
    model = keras.Model(state, keras.layers.Dense(7, activation="softmax")(x))
    caplog.set_level("WARNING", logger="tensorflow")
    logging.getLogger("tensorflow").addHandler(caplog.handler)
    try:
        for count in range(1, 9):
            assert Player(model).outputs(STATES[:count]).shape == (count, 7)
    finally:
        logging.getLogger("tensorflow").removeHandler(caplog.handler)
    assert not caplog.records


def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch):
    save_model(trained("softmax", (4,)), tmp_path / "m.keras")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match="h5py"):
        Player.load(tmp_path / "m.keras")


def run(code, **extra):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_"))} | extra
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=120)


def plain(**last):
    """A plain model of a user's own."""
    dense = keras.layers.Dense
    return keras.Sequential([keras.Input((23,)), dense(9, "relu"), keras.layers.Activation("relu"), dense(7, **last)])


def test_playing_from_a_file_does_not_start_tensorflow(tmp_path):
    models = [trained("softmax"), plain(), plain(activation="softmax")]
    for number, model in enumerate(models):
        save_model(model, tmp_path / f"{number}.keras")
    result = run(
        "import sys, json, agent; from agent.players.network import Player;"
        f"players = [Player.load({str(tmp_path)!r} + f'/{{number}}.keras') for number in range(3)];"
        "values = [player.action_values([0.5] * 23).tolist() for player in players];"
        "assert not {'tensorflow', 'keras'} & set(sys.modules), 'TensorFlow was imported';"
        "print(json.dumps(values))"
    )
    assert result.returncode == 0, result.stderr
    expected = [model(np.full((1, 23), 0.5, np.float32))[0] for model in models]
    np.testing.assert_allclose(json.loads(result.stdout), expected, rtol=1e-4, atol=1e-5)


def test_tensorflow_starts_quietly_with_the_threads_asked_for():
    code = (
        "import os; from agent.learning.keras_setup import load_keras, xla_works; tf, keras = load_keras(1); xla_works();"
        "print(tf.config.threading.get_intra_op_parallelism_threads(), 'TF_CPP_MIN_LOG_LEVEL' in os.environ);"
        "import pytest\nwith pytest.raises(RuntimeError, match='Received: threads=2'): load_keras(2)"
    )
    result = run(code)
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "1 False", "")


def test_another_backend_is_refused_in_one_line():
    result = run("from agent.learning.keras_setup import load_keras; load_keras()", KERAS_BACKEND="jax")
    assert "unset KERAS_BACKEND. Received: 'jax'" in result.stderr.strip().splitlines()[-1]
