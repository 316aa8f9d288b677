"""A trained network for other programs, as ONNX; written once it has been seen to say what Keras says.

It takes `state`, float32 `(batch, 23)`, and returns `action_probabilities` or `action_values`, float32 `(batch, 7)`, unmasked.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.files.atomic import atomic_write
from agent.files.output import check_output
from agent.learning.masking import masked_argmax
from agent.players.model_file import ModelError, check_model
from agent.players.numpy_network import Forward, Operation, UnsupportedNetworkError, operations
from monopoly_env.actions import ACTION_COUNT, Action
from monopoly_env.observation import LAYOUT_VERSION, STATE_SIZE

INPUT = "state"
TOLERANCE = 1e-5  # that an output may differ by from Keras, as an absolute number
DECISIONS = 50_000  # that are compared: a hundred from each of 500 games
# Old enough for every onnxruntime in use; 17 is the first version with LayerNormalization.
_ONNX_OPSET, _ONNX_FORMAT = 17, 8


@dataclass(frozen=True)
class Agreement:
    """How an exported file compares with Keras on decisions from games.

    Attributes:
        output: name of the file's output.
        size: of the file, bytes.
        decisions: that were compared.
        difference: the largest between two outputs, absolute.
        changed: decisions with another best legal action.
    """

    output: str
    size: int
    decisions: int
    difference: float
    changed: int


def export_model(model: Any, path: Path, seed: int = 0, decisions: int = DECISIONS) -> Agreement:
    """Write a Keras model as ONNX; checked and complete, or not at all.

    Args:
        model: Keras model `(None, 23) -> (None, 7)` with a softmax or linear head.
        path: the target, `NAME.onnx`.
        seed: of the games that the compared decisions come from.
        decisions: how many.

    Raises:
        ModelError: another model, layers that ONNX is not written of, a missing package, outputs that differ by more than
            `TOLERANCE`, or a disk that refuses; one line.
        OutputError: another suffix, or a place where nothing can be written.
    """
    check_target(path)
    output = _output_name(check_model(model, "The model"))
    content = _onnx(model, output)
    agreement = Agreement(output, len(content), decisions, *_compare(model, _loaded(content, output), seed, decisions))
    # A NaN is not below anything.
    if not agreement.difference <= TOLERANCE:
        raise ModelError(
            f"{path} is not written: its outputs would differ from Keras by up to {agreement.difference:.2g} on "
            f"{decisions:,} decisions, and {TOLERANCE:g} is allowed."
        )
    try:
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise ModelError(f"Cannot write {path}: {error.strerror or error}.") from error
    return agreement


def check_target(path: Path) -> None:
    """Refuse what `export_model` would refuse about the path alone: before a network is loaded, not after.

    Raises:
        ModelError: a missing package.
        OutputError: another suffix, or nothing can be written there.
    """
    check_output(path, "--to", (".onnx",))
    for package in ("onnx", "onnxruntime"):
        _needed(package)


def _needed(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ModelError(f"ONNX needs the package {package}: pip install onnx onnxruntime  ({error})") from error


def _output_name(head: str | None) -> str:
    from agent.learning.network import OUTPUT_NAMES

    return OUTPUT_NAMES[head or "linear"]


def _compare(model: Any, exported: Forward, seed: int, decisions: int) -> tuple[float, int]:
    """Return the largest difference and the number of other best actions."""
    from agent.players.network import Player
    from agent.players.playouts import sample_decisions

    states, masks, _ = sample_decisions(Player(model), ["landlord"] * 3, decisions, seed)  # (n, 23), (n, 7)
    wanted = np.asarray(model(states, training=False))  # (n, 7)
    received = exported(states)  # (n, 7)
    # A file whose batch were not free would fail here, or have failed there.
    single = exported(states[:1])
    if received.shape != wanted.shape or single.shape != (1, ACTION_COUNT):
        raise ModelError(f"The exported network returns other shapes: {received.shape} and {single.shape}.")
    changed = masked_argmax(received, masks) != masked_argmax(wanted, masks)
    return float(np.abs(received - wanted).max()), int(changed.sum())


def _onnx(model: Any, output: str) -> bytes:
    """Return the model as an ONNX graph of its layers, with its state layout and its actions as properties."""
    from onnx import TensorProto, checker, helper

    try:
        steps, head = operations(model)
    except UnsupportedNetworkError as error:
        raise ModelError(
            f"An exported network is a stack of Dense, LayerNormalization, ReLU and softmax layers. Received: {error}"
        ) from error
    nodes, weights, source = [], [], INPUT
    for number, step in enumerate(steps, start=1):
        target = output if number == len(steps) else f"{step.kind}_{number}"
        node, arrays = _onnx_node(step, source, target)
        nodes.append(node)
        weights += arrays
        source = target
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
        for name, size in ((INPUT, STATE_SIZE), (output, ACTION_COUNT))
    ]
    graph = helper.make_graph(nodes, model.name, ends[:1], ends[1:], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _ONNX_OPSET)], ir_version=_ONNX_FORMAT)
    actions = ",".join(action.name for action in Action)
    helper.set_model_props(made, {"layout": str(LAYOUT_VERSION), "head": head, "actions": actions})
    checker.check_model(made, full_check=True)
    return made.SerializeToString()


def _onnx_node(step: Operation, source: str, target: str) -> tuple[Any, list[Any]]:
    """Return the node of one operation, and its weights."""
    from onnx import helper, numpy_helper

    names, kind, attributes = {
        "dense": (("kernel", "bias"), "Gemm", {}),
        "layer_norm": (("gamma", "beta"), "LayerNormalization", {"axis": -1, "epsilon": step.epsilon}),
        "relu": ((), "Relu", {}),
        "softmax": ((), "Softmax", {"axis": -1}),
    }[step.kind]
    inputs = [f"{target}/{name}" for name in names]
    weights = [numpy_helper.from_array(array, name) for array, name in zip(step.arrays, inputs, strict=True)]
    return helper.make_node(kind, [source, *inputs], [target], name=target, **attributes), weights


def _loaded(content: bytes, output: str) -> Forward:
    session = _needed("onnxruntime").InferenceSession(content, providers=["CPUExecutionProvider"])
    return lambda states: session.run([output], {INPUT: states})[0]
