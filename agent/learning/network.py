"""The networks: 23 numbers in, 7 out (or 1, for the critic). Importing this module starts TensorFlow.

150 units have nothing to do with 23 columns: the first Dense layer owns a (23, 150) matrix, the next a (150, 150), the
last a (150, 7). Only the first number of the input shape, the batch, is left open.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from agent.learning.config import HEADS
from agent.learning.keras_setup import load_keras
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.observation import STATE_SIZE

tf, keras = load_keras()

# What compiled functions take: any number of states, of action masks, and of random numbers in [0, 1) for the draws.
STATES = tf.TensorSpec((None, STATE_SIZE), tf.float32, "states")
MASKS = tf.TensorSpec((None, ACTION_COUNT), tf.int8, "masks")
UNIFORM = tf.TensorSpec((None, ACTION_COUNT), tf.float32, "uniform")

LOGITS = "logits"
OUTPUT_NAMES = {"softmax": "action_probabilities", "linear": "action_values"}
# A nearly uniform first policy explores everything; larger first logits would have to be unlearned.
_FINAL_GAIN = {"softmax": 0.01, "linear": 0.1, "critic": 1.0}


def build_policy(hidden: tuple[int, ...] = (150, 150), head: str = "softmax", seed: int | None = None) -> Any:
    """Return the Keras model `(batch, 23) -> (batch, 7)`, float32.

    Head "softmax" returns action probabilities (each row sums to 1; illegal actions are not masked out), "linear"
    action values. The model loads with plain `keras.models.load_model`: there are no custom objects in it.

    Args:
        hidden: units of the hidden layers, each Dense + LayerNormalization + ReLU.
        head: "softmax" or "linear".
        seed: makes the initial weights reproducible; None draws fresh ones.

    Raises:
        ValueError: an unknown head or bad layer sizes.
    """
    if head not in HEADS:
        raise ValueError(f"head must be one of {', '.join(HEADS)}. Received: {head!r}")
    state, x, seeds = _body(hidden, seed)  # (batch, hidden[-1])
    name = LOGITS if head == "softmax" else OUTPUT_NAMES["linear"]
    x = keras.layers.Dense(ACTION_COUNT, kernel_initializer=_orthogonal(_FINAL_GAIN[head], seeds[-1]), name=name)(x)
    if head == "softmax":
        x = keras.layers.Softmax(name=OUTPUT_NAMES["softmax"])(x)  # (batch, 7)
    return keras.Model(state, x, name="policy" if head == "softmax" else "action_value_network")


def build_critic(hidden: tuple[int, ...] = (150, 150), seed: int | None = None) -> Any:
    """Return the Keras model `(batch, 23) -> (batch, 1)`, float32: the value of a state, used in training only.

    Raises:
        ValueError: bad layer sizes.
    """
    state, x, seeds = _body(hidden, seed)
    x = keras.layers.Dense(1, kernel_initializer=_orthogonal(_FINAL_GAIN["critic"], seeds[-1]), name="state_value")(x)
    return keras.Model(state, x, name="critic")


def score_model(model: Any) -> Any:
    """Return what gives the scores in front of a softmax, `(n, 23) -> (n, 7)`: masking and training need them.

    They are `model` itself with a linear head, its logits with a `Softmax` layer at the end, and where the last layer applies a
    softmax itself the logarithms of its probabilities, which are logits too.

    Raises:
        ValueError: it cannot be seen that the model ends in a softmax or a linear layer.
    """
    head = head_of(model)
    if head is None:
        raise ValueError(
            "A policy to train ends in a softmax: make it by keras.Sequential or keras.Model(inputs, outputs), with "
            f'keras.layers.Dense(7, "softmax") at the end. Received: {type(model).__name__} {model.name}, which does not.'
        )
    if head == "linear":
        return model
    if isinstance(model.layers[-1], keras.layers.Softmax):
        return keras.Model(model.inputs[0], model.layers[-1].input, name="policy_logits")
    return lambda states: tf.math.log(tf.maximum(model(states), 1e-30))


def head_of(model: Any) -> str | None:
    """Return "softmax" or "linear", judged by what the model ends in; None where that does not tell (tanh, Add, a class)."""
    steps = model.layers if isinstance(model, keras.Sequential) else getattr(model, "operations", None)
    if not steps:
        return None  # a model of one's own class: in which order it calls its layers does not show
    last = steps[-1]
    if isinstance(last, keras.Model):
        return head_of(last)
    plain = isinstance(last, keras.layers.Dense | keras.layers.Activation)
    name = getattr(last.activation, "__name__", None) if plain else type(last).__name__.lower()
    return name if name in HEADS else None


def check_shapes(model: Any, name: str = "The model") -> None:
    """Build a Keras model that has never been called, and see that it takes `(n, 23)` and returns `(n, 7)`.

    Raises:
        ValueError: it does not; `name` starts the message.
    """
    shapes = [getattr(model, side, None) for side in ("input_shape", "output_shape")]
    needed = f"{name} must take (None, {STATE_SIZE}) and return (None, {ACTION_COUNT})."
    if isinstance(model, keras.Model) and None in shapes:  # not built yet, or of one's own class: a call shows the shapes
        try:
            output = model(np.zeros((2, STATE_SIZE), np.float32), training=False)  # (2, 7)
        except Exception as error:  # whatever the layers of other people raise
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ValueError(f"{needed} Received: one that fails on two states: {reason}") from error
        shapes = [(None, STATE_SIZE), (None, *getattr(output, "shape", ())[1:])]
    # The first number is the batch: a Sequential without Input remembers how many rows it was first called with.
    rows = [tuple(shape[1:]) if isinstance(shape, tuple) else None for shape in shapes]
    if rows != [(STATE_SIZE,), (ACTION_COUNT,)]:
        raise ValueError(f"{needed} Received: input {shapes[0]}, output {shapes[1]}")


def _body(hidden: tuple[int, ...], seed: int | None) -> tuple[Any, Any, list[int]]:
    """Return the input, the last hidden tensor, and one initialiser seed per Dense layer."""
    if not hidden or any(not isinstance(units, int) or units < 1 for units in hidden):
        raise ValueError(f"hidden must be positive layer sizes such as (150, 150). Received: {hidden!r}")
    seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(len(hidden) + 1)]
    state = x = keras.Input((STATE_SIZE,), name="state")  # (batch, 23)
    for i, units in enumerate(hidden, start=1):
        kernel = _orthogonal(math.sqrt(2), seeds[i - 1])
        x = keras.layers.Dense(units, kernel_initializer=kernel, name=f"hidden_{i}")(x)  # (batch, units)
        x = keras.layers.LayerNormalization(name=f"norm_{i}")(x)
        x = keras.layers.ReLU(name=f"relu_{i}")(x)
    return state, x, seeds


def _orthogonal(gain: float, seed: int) -> Any:
    return keras.initializers.Orthogonal(gain, seed=seed)
