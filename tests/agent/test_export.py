"""What Keras users find: files that plain Keras opens, and networks as TFLite (ONNX: tests/integration/test_export.py)."""

import runpy
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from agent.evaluation.explain import sample_decisions
from agent.learning.keras_setup import load_keras
from agent.learning.masking import masked_argmax
from agent.learning.network import build_policy, keras
from agent.players import export
from agent.players.export import TOLERANCE, export_model
from agent.players.model_file import ModelError
from agent.players.network import Player
from agent.players.registry import SHIPPED, model_path

ROOT = Path(__file__).parents[2]
DECISIONS = 3000


def sharp(head):
    """A network far from a uniform first policy, which would hide differences."""
    model = build_policy((40, 30), head, seed=0)
    rng = np.random.default_rng(0)
    for variable in model.variables:
        variable.assign(variable + rng.normal(0, 0.3, variable.shape))
    return model


@pytest.fixture
def evaluate():
    """Run ``scripts/evaluate.py`` with some arguments."""
    app = runpy.run_path(str(ROOT / "scripts" / "evaluate.py"))["app"]
    return lambda *words: CliRunner().invoke(app, ["export", *map(str, words)])


@pytest.mark.parametrize("name", sorted(set(SHIPPED)))
def test_plain_keras_opens_the_shipped_models_and_their_summary_names_the_shapes(name):
    model = keras.models.load_model(model_path(name))
    text = []
    model.summary(line_length=100, print_fn=lambda line, **_: text.append(line))
    rows = [line for line in "\n".join(text).splitlines() if "(None, " in line]
    assert "state" in rows[0] and "(None, 23)" in rows[0] and "(None, 7)" in rows[-1]
    assert model.inputs[0].name == "state" and model.predict(np.zeros((2, 23)), verbose=0).shape == (2, 7)


@pytest.mark.parametrize(("head", "output"), [("softmax", "action_probabilities"), ("linear", "action_values")])
def test_tflite_says_what_keras_says_and_is_used_as_its_users_do(head, output, tmp_path):
    model, path = sharp(head), tmp_path / "new" / "net.tflite"
    found = export_model(model, path, decisions=DECISIONS)
    assert found.output == output and found.size == path.stat().st_size and found.decisions == DECISIONS
    assert 0 < found.difference <= TOLERANCE and found.changed == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        interpreter = load_keras()[0].lite.Interpreter(str(path))
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert source["shape_signature"].tolist() == [-1, 23] and target["shape_signature"].tolist() == [-1, 7]
    runner = interpreter.get_signature_runner()
    states, masks = sample_decisions(Player(model), ["landlord"] * 3, 1000, seed=5)
    for count in (1, 1000, 3):
        outputs = runner(state=states[:count])[output]
        np.testing.assert_allclose(outputs, model(states[:count]), atol=TOLERANCE, rtol=0)
    assert masks[:3][np.arange(3), masked_argmax(outputs, masks[:3])].all()


def test_a_network_that_says_something_else_is_not_written(tmp_path, monkeypatch):
    model, path = sharp("softmax"), tmp_path / "net.tflite"
    path.write_bytes(b"before")
    honest = export._tflite
    monkeypatch.setattr(export, "_tflite", lambda model, output: honest(sharp_copy(model, 1e-3), output))
    with pytest.raises(ModelError, match=r"net\.tflite is not written: its outputs would differ from Keras by up to \d"):
        export_model(model, path, decisions=DECISIONS)
    monkeypatch.setattr(export, "_tflite", lambda model, output: honest(sharp_copy(model, np.nan), output))
    with pytest.raises(ModelError, match="by up to nan"):
        export_model(model, path, decisions=DECISIONS)
    assert path.read_bytes() == b"before" and [file.name for file in tmp_path.iterdir()] == ["net.tflite"]


def sharp_copy(model, change):
    """The model with one weight of its last layer changed."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    bias = copy.weights[-1]
    bias.assign(bias + np.array([change, 0, 0, 0, 0, 0, 0], np.float32))
    return copy


def test_wrong_targets_and_models_are_told_before_anything_is_played(tmp_path, monkeypatch):
    monkeypatch.setattr("agent.evaluation.explain.sample_decisions", None)
    model = build_policy((4,))
    with pytest.raises(ModelError, match=r"ends in \.onnx or \.tflite\. Received: 'net\.h5'"):
        export_model(model, Path("net.h5"))
    other = keras.Sequential([keras.Input((22,)), keras.layers.Dense(7)])
    with pytest.raises(ModelError, match=r"must take \(None, 23\) .* Received: input \(None, 22\)"):
        export_model(other, tmp_path / "net.tflite")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModelError, match=r'needs the package onnx: pip install -e "\.\[export\]"'):
        export_model(model, tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_is_told(tmp_path):
    (tmp_path / "net.tflite").mkdir()
    with pytest.raises(ModelError, match=r"Cannot write .*net\.tflite: Is a directory\."):
        export_model(build_policy((4,)), tmp_path / "net.tflite", decisions=500)
    assert [file.name for file in tmp_path.iterdir()] == ["net.tflite"]


def test_a_tensorflow_without_tflite_is_told(tmp_path, monkeypatch):
    tf, _ = load_keras()
    monkeypatch.delattr(tf.lite, "TFLiteConverter")
    with pytest.raises(ModelError, match=r"has no tf\.lite\.TFLiteConverter; write \.onnx"):
        export_model(build_policy((4,)), tmp_path / "net.tflite", decisions=500)


@pytest.mark.slow
def test_the_command_writes_and_says_how_well_it_agrees(evaluate, tmp_path):
    path = tmp_path / "agent.tflite"
    result = evaluate("--model", "agent-linear", "--to", path)
    assert result.exit_code == 0, result.output
    assert "state (batch, 23) -> action_values (batch, 7)" in result.output
    assert "on 50,000 decisions" in result.output and "another best action in 0 of them" in result.output
    assert path.stat().st_size > 50_000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "x.h5"), "Error: An exported network's name ends in .onnx or .tflite. Received: 'x.h5'"),
        (("--to", "nowhere/x.tflite"), "Error: Cannot write nowhere/x.tflite: nowhere must be a folder"),
        (("--to", "x.tflite", "--model", "landlord"), "Error: Unknown network. Expected one of agent, "),
        (("--to", "x.tflite", "--model", "none.keras"), "Error: No model at none.keras"),
    ],
)
def test_the_command_refuses_in_one_line(evaluate, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    result = evaluate(*words)
    assert result.exit_code == 1 and result.output.startswith(told) and len(result.output.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_command_needs_a_target(evaluate):
    result = evaluate("--model", "agent")
    assert result.exit_code == 2 and "--to" in result.output
