"""The forward pass of a plain stack of layers in NumPy.

A decision in play is one state, and for one state almost all of Keras' time is overhead: NumPy does the same sums some
thousand times faster than `model.predict`, and it can read a model file without starting TensorFlow.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Forward = Callable[[np.ndarray], np.ndarray]
_H5_GROUPS = {"Dense": "dense", "LayerNormalization": "layer_normalization"}


class UnsupportedNetworkError(Exception):
    """The network is more than a stack of Dense, LayerNormalization and activations; TensorFlow must run it."""


@dataclass(frozen=True)
class Operation:
    """One step of a plain stack of layers, in whatever way it is then run or written down.

    Attributes:
        kind: "dense" (x @ kernel + bias), "layer_norm" (over the last axis), "relu" or "softmax".
        arrays: float32: kernel (inputs, units) and bias (units,), or gamma and beta (units,).
        epsilon: added to the variance by "layer_norm".
    """

    kind: str
    arrays: tuple[np.ndarray, ...] = ()
    epsilon: float = 0.0


class NumpyNetwork:
    """Calls like a function: float32 `(n, 23) -> (n, 7)`, equal to the Keras model to about 1e-6.

    It holds copies of the weights: training the model further does not change it.

    Attributes:
        head: the activation of the last layer: "softmax", "linear" or "relu".
    """

    def __init__(self, steps: list[Forward], head: str) -> None:
        self._steps = steps
        self.head = head

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return the network's output for a float32 batch."""
        for step in self._steps:
            x = step(x)  # (n, units)
        return x

    @classmethod
    def from_model(cls, model: Any) -> NumpyNetwork:
        """Copy a Keras model.

        Raises:
            UnsupportedNetworkError: see there.
        """
        return _build(cls, *operations(model))

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> NumpyNetwork:
        """Read a `.keras` file without starting TensorFlow or running anything in it.

        Raises:
            UnsupportedNetworkError: see there; also where the archive is laid out in a way not known here.
        """
        import h5py

        with zipfile.ZipFile(path) as archive:
            layers = _stack(json.loads(archive.read("config.json")))
            file = h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r")
        # Keras numbers the groups by class, in the order of the layers: dense, dense_1, dense_2, ...
        seen: Counter[str] = Counter()
        weights = []
        with file:
            for layer in layers:
                group = _H5_GROUPS.get(layer["class_name"])
                if group is None:
                    weights.append([])
                    continue
                name = f"layers/{group}_{seen[group]}/vars" if seen[group] else f"layers/{group}/vars"
                seen[group] += 1
                if name not in file:
                    raise UnsupportedNetworkError(f"no {name} in {path}")
                variables = file[name]
                weights.append([np.asarray(variables[key]) for key in sorted(variables, key=int)])
        return _build(cls, *_operations(layers, weights))


def operations(model: Any) -> tuple[list[Operation], str]:
    """Return the operations of a Keras model, with copies of its weights, and the activation that it ends in.

    Raises:
        UnsupportedNetworkError: see there.
    """
    try:
        config = json.loads(model.to_json())
    except (NotImplementedError, TypeError, ValueError) as error:  # a class that does not say how it is made again
        raise UnsupportedNetworkError(type(model).__name__) from error
    layers = _stack(config)
    return _operations(layers, [model.get_layer(layer["config"]["name"]).get_weights() for layer in layers])


def _operations(layers: list[dict], weights: list[list[np.ndarray]]) -> tuple[list[Operation], str]:
    made: list[Operation] = []
    last = "linear"
    for layer, arrays in zip(layers, weights, strict=True):
        contiguous = tuple(np.ascontiguousarray(a, np.float32) for a in arrays)
        added, last = _layer_operations(layer["class_name"], layer["config"], contiguous)
        made += added
    return made, last


def _build(cls: type[NumpyNetwork], made: list[Operation], head: str) -> NumpyNetwork:
    steps: dict[str, Callable[[Operation], Forward]] = {
        "dense": lambda op: _dense(*op.arrays),
        "layer_norm": lambda op: _layer_norm(*op.arrays, np.float32(op.epsilon)),
        "relu": lambda op: _relu,
        "softmax": lambda op: _softmax,
    }
    return cls([steps[op.kind](op) for op in made], head)


def _stack(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of a serialised model after its input, checking that each one feeds only on the one before."""
    if config["class_name"] not in ("Functional", "Sequential"):  # a class of somebody's own
        raise UnsupportedNetworkError(config["class_name"])
    layers = config["config"]["layers"]
    plain = all(layer["module"] == "keras.layers" for layer in layers)  # there are functions of keras.ops as well
    if not plain or layers[0]["class_name"] != "InputLayer":
        raise UnsupportedNetworkError("operations")
    if config["class_name"] == "Functional":
        for before, layer in itertools.pairwise(layers):
            try:
                (node,) = layer["inbound_nodes"]
                (tensor,) = node["args"]
                source = tensor["config"]["keras_history"][0]
            except (KeyError, TypeError, ValueError) as error:
                raise UnsupportedNetworkError("branches") from error
            if source != before["name"]:
                raise UnsupportedNetworkError("branches")
    return layers[1:]


def _layer_operations(kind: str, config: dict[str, Any], arrays: tuple[np.ndarray, ...]) -> tuple[list[Operation], str]:
    """Return the operations of one layer, and the name of the activation it ends in."""
    if kind == "Dense" and config["use_bias"] and len(arrays) == 2:
        activation, name = _activation(config["activation"])
        return [Operation("dense", arrays), *activation], name
    if kind == "LayerNormalization" and len(arrays) == 2 and not config.get("rms_scaling"):
        # Serialised as [-1] or, once built, as [1]: for (n, units) the same.
        if config["axis"] in (-1, 1, [-1], [1]):
            return [Operation("layer_norm", arrays, config["epsilon"])], "linear"
    elif kind == "Activation":
        return _activation(config["activation"])
    elif kind == "ReLU" and config["max_value"] is None and not config["negative_slope"] and not config["threshold"]:
        return [Operation("relu")], "relu"
    elif kind == "Softmax" and config["axis"] in (-1, 1):
        return [Operation("softmax")], "softmax"
    raise UnsupportedNetworkError(f"layer {kind}")


def _activation(name: Any) -> tuple[list[Operation], str]:
    if name == "linear":
        return [], name
    if name in ("relu", "softmax"):
        return [Operation(name)], name
    raise UnsupportedNetworkError(f"activation {name}")


def _dense(kernel: np.ndarray, bias: np.ndarray) -> Forward:
    def dense(x: np.ndarray) -> np.ndarray:
        out = x @ kernel
        out += bias
        return out

    return dense


def _layer_norm(gamma: np.ndarray, beta: np.ndarray, epsilon: np.float32) -> Forward:
    share = np.float32(1 / gamma.size)

    def layer_norm(x: np.ndarray) -> np.ndarray:
        # einsum sums squares without a temporary array: this function is most of the time of one decision.
        centred = x - np.add.reduce(x, axis=-1, keepdims=True) * share
        variance = np.einsum("ni,ni->n", centred, centred)[:, None] * share
        centred *= gamma / np.sqrt(variance + epsilon)
        centred += beta
        return centred

    return layer_norm


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def _softmax(x: np.ndarray) -> np.ndarray:
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
