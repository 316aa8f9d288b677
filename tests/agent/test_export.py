"""What users of other programs find: files that plain Keras opens, and an export that refuses in one line.

What an export writes: tests/integration/test_export.py.
"""

import sys
from types import ModuleType

import numpy as np
import pytest
from programs import call

from agent.learning.network import keras
from agent.players.registry import SHIPPED, model_path


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
        (("--to", "x.onnx", "--model", "landlord"), "Error: Unknown network. Expected one of agent, "),
        (("--to", "x.onnx", "--model", "none.keras"), "Error: No model at none.keras"),
    ],
)
def test_the_command_refuses_in_one_line(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    for package in ("onnx", "onnxruntime"):
        monkeypatch.setitem(sys.modules, package, ModuleType(package) if "--model" in words else None)
    code, output = call("evaluate", "export", *words)
    assert code == 1 and output.splitlines()[-1].startswith(told)
    assert not list(tmp_path.iterdir())


def test_the_command_needs_a_target():
    code, output = call("evaluate", "export", "--model", "agent")
    assert code == 2 and "--to" in output
