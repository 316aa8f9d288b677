"""The formulas for shapes and parameters against Keras, on many more layers than the lessons use."""

import dataclasses

import numpy as np
import pytest

from agent.learning.keras_setup import load_keras
from agent.lessons.layers import Worked, layer_table

_, keras = load_keras()
L = keras.layers


@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ((784,), lambda: [L.Dense(32)]),
        ((1,), lambda: [L.Dense(1), L.Dropout(0.3), L.Dense(500)]),
        ((7, 24), lambda: [L.Dense(5), L.Flatten(), L.Dense(2)]),  # Dense works on the last axis
        ((3, 1), lambda: [L.SimpleRNN(10)]),
        ((9, 4), lambda: [L.SimpleRNN(6, return_sequences=True), L.SimpleRNN(2)]),
        ((None, 2), lambda: [L.Masking(0.0), L.LSTM(11, return_sequences=True), L.LSTM(3), L.Dense(20)]),
        ((28, 28, 1), lambda: [L.Conv2D(32, 3), L.Conv2D(16, (5, 2)), L.MaxPooling2D((2, 3)), L.Flatten()]),
        ((17, 10, 3), lambda: [L.Conv2D(8, 3, strides=2), L.Conv2D(4, (2, 3), padding="same"), L.MaxPooling2D()]),
        ((15, 12, 3), lambda: [L.Conv2D(8, 4, strides=(2, 3), padding="same")]),
        ((3, 15, 12), lambda: [L.Permute((2, 3, 1)), L.Conv2D(8, 4)]),
        ((3, 15, 12), lambda: [L.Conv2D(8, 4, data_format="channels_first"), L.MaxPooling2D(3, data_format="channels_first")]),
    ],
)
def test_formulas_agree_with_keras(shape, layers):
    network = keras.Sequential([keras.Input(shape), *layers()])
    rows = layer_table(network)
    assert len(rows) == len(network.layers)
    for row in rows:
        assert row.formula.output == row.keras_output, row.layer
        assert row.formula.weights == row.keras_weights, row.layer
        assert row.formula.parameters == row.keras_parameters, row.layer
        assert row.agrees
        if row.formula.weights:
            assert eval(row.formula.sum.replace("x", "*")) == row.formula.parameters
    assert sum(row.formula.parameters for row in rows) == network.count_params()


def test_a_row_that_does_not_agree_says_so():
    row = layer_table(keras.Sequential([keras.Input((4,)), L.Dense(3)]))[0]
    for worked in (
        Worked((None, 4), row.formula.weights),
        Worked(row.formula.output, ((4, 3),)),
        Worked(row.formula.output, ((3, 4), (3,))),
    ):
        assert not dataclasses.replace(row, formula=worked).agrees


def test_labels():
    network = keras.Sequential(
        [keras.Input((8, 8, 1)), L.Conv2D(2, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dropout(0.5), L.Dense(1)]
    )
    labels = [row.layer for row in layer_table(network)]
    assert labels == ["Conv2D(2, 3x3, relu)", "MaxPooling2D(2x2)", "Flatten", "Dropout(0.5)", "Dense(1, linear)"]
    assert layer_table(keras.Sequential([keras.Input((8, 1)), L.LSTM(2, return_sequences=True)]))[0].layer == (
        "LSTM(2, return_sequences)"
    )


def test_layers_without_a_formula_are_refused():
    with pytest.raises(ValueError, match=r"Expected layers of the kinds Dense, .* Received: BatchNormalization"):
        layer_table(keras.Sequential([keras.Input((8,)), L.BatchNormalization()]))


def test_formulas_hold_for_what_layers_return():
    """Not only for what Keras says of itself: shapes of real outputs."""
    network = keras.Sequential([keras.Input((6, 6, 2)), L.Conv2D(4, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(3)])
    numbers = np.zeros((5, 6, 6, 2), np.float32)
    for row, layer in zip(layer_table(network), network.layers, strict=True):
        numbers = layer(numbers)
        assert tuple(numbers.shape)[1:] == row.formula.output[1:]
