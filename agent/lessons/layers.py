"""Shapes and parameter counts of layers, worked out by formula, to be held against what Keras reports.

Every formula below uses the shape that came out of the layer before and the layer's own settings, nothing that Keras has
counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Worked:
    """What a formula says of a layer: the shape that leaves it, its weights, and the count in words."""

    output: Shape
    weights: tuple[Shape, ...] = ()
    sum: str = "nothing to learn"

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns: the entries of all its weights."""
        return sum(math.prod(shape) for shape in self.weights)


@dataclass(frozen=True)
class LayerRow:
    """One layer: the formula's word and Keras's."""

    layer: str
    formula: Worked
    keras_output: Shape
    keras_weights: tuple[Shape, ...]
    keras_parameters: int

    @property
    def agrees(self) -> bool:
        """Whether Keras reports what the formula says."""
        reported = (self.keras_output, self.keras_weights, self.keras_parameters)
        return reported == (self.formula.output, self.formula.weights, self.formula.parameters)


def dense(shape: Shape, layer: Any) -> Worked:
    """Every unit has a weight for every input, and a bias."""
    inputs, units = shape[-1], layer.units
    return Worked((*shape[:-1], units), ((inputs, units), (units,)), f"{inputs} x {units} + {units}")


def simple_rnn(shape: Shape, layer: Any) -> Worked:
    """One cell for all steps: weights for the features, weights for its own last output, a bias."""
    features, units = shape[-1], layer.units
    weights = ((features, units), (units, units), (units,))
    return Worked(_recurrent(shape, layer), weights, f"({features} + {units} + 1) x {units}")


def lstm(shape: Shape, layer: Any) -> Worked:
    """Four times a SimpleRNN: three gates and the candidate, side by side in each matrix."""
    features, units = shape[-1], layer.units
    weights = ((features, 4 * units), (units, 4 * units), (4 * units,))
    return Worked(_recurrent(shape, layer), weights, f"4 x ({features} + {units} + 1) x {units}")


def _recurrent(shape: Shape, layer: Any) -> Shape:
    return (shape[0], shape[1], layer.units) if layer.return_sequences else (shape[0], layer.units)


def conv2d(shape: Shape, layer: Any) -> Worked:
    """A filter covers a window of all channels and slides; without padding it fits ``size - window + 1`` times."""
    (tall, wide), filters = layer.kernel_size, layer.filters
    rows, columns, channels = _image(shape, layer)
    output = (_slides(rows, tall, layer, 0), _slides(columns, wide, layer, 1), filters)
    weights = ((tall, wide, channels, filters), (filters,))
    return Worked(_batch_of(shape, output, layer), weights, f"{tall} x {wide} x {channels} x {filters} + {filters}")


def max_pooling_2d(shape: Shape, layer: Any) -> Worked:
    """The largest number of each window; every channel by itself."""
    rows, columns, channels = _image(shape, layer)
    tall, wide = layer.pool_size
    return Worked(_batch_of(shape, (rows // tall, columns // wide, channels), layer))


def _image(shape: Shape, layer: Any) -> tuple[int, int, int]:
    """Return rows, columns and channels, wherever the layer expects the channels."""
    if layer.data_format == "channels_first":
        return shape[2], shape[3], shape[1]
    return shape[1:]


def _batch_of(shape: Shape, image: tuple[int, int, int], layer: Any) -> Shape:
    rows, columns, channels = image
    if layer.data_format == "channels_first":
        return (shape[0], channels, rows, columns)
    return (shape[0], rows, columns, channels)


def _slides(size: int, window: int, layer: Any, axis: int) -> int:
    stride = layer.strides[axis]
    return -(-size // stride) if layer.padding == "same" else (size - window) // stride + 1


def flatten(shape: Shape, layer: Any) -> Worked:
    """All numbers of a sample in one row."""
    return Worked((shape[0], math.prod(shape[1:])))


def permute(shape: Shape, layer: Any) -> Worked:
    """The same numbers, axes in another order; the batch stays first."""
    return Worked((shape[0], *(shape[axis] for axis in layer.dims)))


def unchanged(shape: Shape, layer: Any) -> Worked:
    """Dropout and Masking: the shape stays."""
    return Worked(shape)


FORMULAS: dict[str, Callable[[Shape, Any], Worked]] = {
    "Dense": dense,
    "SimpleRNN": simple_rnn,
    "LSTM": lstm,
    "Conv2D": conv2d,
    "MaxPooling2D": max_pooling_2d,
    "Flatten": flatten,
    "Permute": permute,
    "Dropout": unchanged,
    "Masking": unchanged,
}


def layer_table(network: Any) -> list[LayerRow]:
    """Work the layers of a Sequential network out, one after the other, beside what Keras reports.

    Raises:
        ValueError: there is no formula for a layer.
    """
    rows, shape = [], tuple(network.input_shape)
    for layer in network.layers:
        kind = type(layer).__name__
        if kind not in FORMULAS:
            raise ValueError(f"Expected layers of the kinds {', '.join(FORMULAS)}. Received: {kind}")
        worked = FORMULAS[kind](shape, layer)
        weights = tuple(tuple(weight.shape) for weight in layer.weights if "seed" not in weight.name)
        rows.append(LayerRow(_label(layer), worked, tuple(layer.output.shape), weights, layer.count_params()))
        shape = worked.output
    return rows


def _label(layer: Any) -> str:
    """Return the layer as it is written: ``Dense(32, relu)``."""
    kind, settings = type(layer).__name__, []
    if kind in ("Dense", "SimpleRNN", "LSTM"):
        settings.append(str(layer.units))
    elif kind == "Conv2D":
        settings += [str(layer.filters), "x".join(map(str, layer.kernel_size))]
    elif kind == "MaxPooling2D":
        settings.append("x".join(map(str, layer.pool_size)))
    elif kind == "Dropout":
        settings.append(str(layer.rate))
    activation = getattr(getattr(layer, "activation", None), "__name__", None)
    if activation and (kind, activation) != ("LSTM", "tanh"):
        settings.append(activation)
    if getattr(layer, "return_sequences", False):
        settings.append("return_sequences")
    return f"{kind}({', '.join(settings)})" if settings else kind
