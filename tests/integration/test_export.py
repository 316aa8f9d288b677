"""Networks as ONNX, loaded and played as users of ONNX Runtime do."""

import os
import subprocess
import sys
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from agent.learning.masking import masked_argmax
from agent.learning.network import build_policy, keras
from agent.players import export
from agent.players.export import TOLERANCE, export_model
from agent.players.model_file import ModelError, load_model
from agent.players.network import Player
from agent.players.playouts import sample_decisions
from agent.players.registry import SHIPPED, model_path

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.integration
onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")


def session(path):
    """The file as ONNX Runtime loads it."""
    return runtime.InferenceSession(path, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - {"agent"}))
def test_shipped_agents_say_and_do_what_keras_says(name, tmp_path):
    model, path = load_model(model_path(name)), tmp_path / "net.onnx"
    found = export_model(model, path, decisions=5000)
    assert 0 < found.difference <= TOLERANCE and found.changed == 0
    loaded = session(path)
    (source,), (target,) = loaded.get_inputs(), loaded.get_outputs()
    assert (source.name, source.shape, source.type) == ("state", ["batch", 23], "tensor(float)")
    assert (target.name, target.shape) == (found.output, ["batch", 7])
    states, masks, _ = sample_decisions(Player(model), ["fp-a", "random", "landlord"], 4000, seed=5)
    for count in (1, 4000):
        outputs = loaded.run(None, {"state": states[:count]})[0]
        np.testing.assert_allclose(outputs, model(states[:count]), atol=TOLERANCE, rtol=0)
    assert (masked_argmax(outputs, masks) == Player(model).batch(states, masks)).all()
    observation, info = gymnasium.make("monopoly_env:Monopoly-v0", players=4).reset(seed=2)
    (outputs,) = loaded.run([found.output], {"state": observation[np.newaxis]})
    action = int(np.where(info["action_mask"] == 1, outputs[0], -np.inf).argmax())
    assert action == Player(model).act(observation, info["action_mask"])


def test_the_graph_is_the_layers_of_the_network(tmp_path):
    export_model(build_policy((8, 6), "softmax", seed=0), tmp_path / "net.onnx", decisions=500)
    graph = onnx.load(tmp_path / "net.onnx").graph
    kinds = [node.op_type for node in graph.node]
    assert kinds == ["Gemm", "LayerNormalization", "Relu", "Gemm", "LayerNormalization", "Relu", "Gemm", "Softmax"]
    assert [list(array.dims) for array in graph.initializer if len(array.dims) == 2] == [[23, 8], [8, 6], [6, 7]]


def test_other_networks_agree_or_are_refused(tmp_path):
    layers = keras.layers
    plain = keras.Sequential([keras.Input((23,)), layers.Dense(9, "relu"), layers.Dense(7)])
    assert export_model(plain, tmp_path / "plain.onnx", decisions=500).output == "action_values"
    odd = keras.Sequential([keras.Input((23,)), layers.Dense(9, "tanh"), layers.Dense(7)])
    with pytest.raises(ModelError, match=r"An exported network is a stack of .* Received: activation tanh"):
        export_model(odd, tmp_path / "odd.onnx", decisions=500)
    other = keras.Sequential([keras.Input((22,)), keras.layers.Dense(7)])
    with pytest.raises(ModelError, match=r"must take \(None, 23\) .* Received: input \(None, 22\)"):
        export_model(other, tmp_path / "odd.onnx")
    assert not (tmp_path / "odd.onnx").exists()


@pytest.mark.parametrize("factor", [10.0, np.nan])
def test_a_graph_that_says_something_else_is_not_written(factor, tmp_path, monkeypatch):
    def coarser(model):
        steps, head = honest(model)
        return [export.Operation(step.kind, step.arrays, factor * step.epsilon) for step in steps], head

    honest = export.operations
    monkeypatch.setattr(export, "operations", coarser)
    path = tmp_path / "net.onnx"
    path.write_bytes(b"before")
    with pytest.raises(ModelError, match=r"net\.onnx is not written: its outputs would differ"):
        export_model(load_model(model_path("agent-linear")), path, decisions=2000)
    assert path.read_bytes() == b"before" and [file.name for file in tmp_path.iterdir()] == ["net.onnx"]


@pytest.mark.slow
def test_the_example_plays_a_game_with_an_exported_agent(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    commands = [
        (ROOT / "scripts" / "evaluate.py", "export", "--to", "agent.onnx"),
        (ROOT / "docs" / "examples" / "onnx_decide.py", "agent.onnx"),
    ]
    for command in commands:
        words = [sys.executable, *map(str, command)]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    assert "state ['batch', 23] -> action_probabilities ['batch', 7]" in done.stdout and "the agent at seat" in done.stdout
