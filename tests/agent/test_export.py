"""What users of other programs find: files that plain Keras opens, and an export that refuses in one line.

What an export writes: tests/integration/test_export.py.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from agent.learning.network import keras
from agent.players.registry import SHIPPED, model_path

ROOT = Path(__file__).parents[2]


@pytest.fixture
def evaluate():
    """Run ``scripts/evaluate.py export`` with some arguments."""
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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "x.tflite"), "Error: The file of --to ends in .onnx. Received: 'x.tflite'"),
        (("--to", "nowhere/x.onnx"), "Error: Cannot write nowhere/x.onnx: nowhere must be a folder"),
        (("--to", "x.onnx"), "Error: ONNX needs the package onnx: pip install onnx onnxruntime"),
    ],
)
def test_the_command_refuses_in_one_line(evaluate, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "onnx", None)
    result = evaluate(*words)
    assert result.exit_code == 1 and result.output.startswith(told) and len(result.output.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_command_needs_a_target(evaluate):
    result = evaluate("--model", "agent")
    assert result.exit_code == 2 and "--to" in result.output
