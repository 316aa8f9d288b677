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
from typing import Any

import numpy as np

Forward = Callable[[np.ndarray], np.ndarray]
_H5_GROUPS = {"Dense": "dense", "LayerNormalization": "layer_normalization"}


class UnsupportedNetworkError(Exception):
    """The network is more than a stack of Dense, LayerNormalization and activations; TensorFlow must run it."""


class NumpyNetwork:
    """Calls like a function: float32 `(n, 23) -> (n, 7)`, equal to the Keras model to about 1e-6.

    It holds copies of the weights: training the model further does not change it.

    Attributes:
        head: "softmax" or "linear", the activation of the last layer.
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
        layers = _stack(json.loads(model.to_json()))
        weights = [model.get_layer(layer["config"]["name"]).get_weights() for layer in layers]
        return _build(cls, layers, weights)

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
        return _build(cls, layers, weights)


def _build(cls: type[NumpyNetwork], layers: list[dict], weights: list[list[np.ndarray]]) -> NumpyNetwork:
    steps: list[Forward] = []
    last = "linear"
    for layer, arrays in zip(layers, weights, strict=True):
        arrays = [np.ascontiguousarray(a, np.float32) for a in arrays]
        made, last = _layer_steps(layer["class_name"], layer["config"], arrays)
        steps += made
    return cls(steps, last)


def _stack(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of a serialised model after its input, checking that each one feeds only on the one before."""
    layers = config["config"]["layers"]
    if config["class_name"] not in ("Functional", "Sequential") or layers[0]["class_name"] != "InputLayer":
        raise UnsupportedNetworkError(config["class_name"])
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


def _layer_steps(kind: str, config: dict[str, Any], arrays: list[np.ndarray]) -> tuple[list[Forward], str]:
    """Return the functions of one layer, and the name of the activation it ends in."""
    if kind == "Dense" and config["use_bias"] and len(arrays) == 2:
        function, name = _activation(config["activation"])
        return [_dense(*arrays), *function], name
    if kind == "LayerNormalization" and len(arrays) == 2 and not config.get("rms_scaling"):
        # Serialised as [-1] or, once built, as [1]: for (n, units) the same.
        if config["axis"] in (-1, 1, [-1], [1]):
            return [_layer_norm(*arrays, np.float32(config["epsilon"]))], "linear"
    elif kind == "Activation":
        function, name = _activation(config["activation"])
        return function, name
    elif kind == "ReLU" and config["max_value"] is None and not config["negative_slope"] and not config["threshold"]:
        return [_relu], "relu"
    elif kind == "Softmax" and config["axis"] in (-1, 1):
        return [_softmax], "softmax"
    raise UnsupportedNetworkError(f"layer {kind}")


def _activation(name: Any) -> tuple[list[Forward], str]:
    functions: dict[str, list[Forward]] = {"linear": [], "relu": [_relu], "softmax": [_softmax]}
    if not isinstance(name, str) or name not in functions:
        raise UnsupportedNetworkError(f"activation {name}")
    return functions[name], name


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
