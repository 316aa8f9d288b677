"""TensorFlow twins of `agent.learning.masking`, for use inside compiled graphs. Importing this module starts TensorFlow.

They agree with the NumPy functions to rounding (tested), except that a row without any legal action is not noticed.
"""

from __future__ import annotations

from typing import Any

from agent.learning.keras_setup import load_keras
from agent.learning.masking import ILLEGAL
from monopoly_env.actions import ACTION_COUNT

tf, _ = load_keras()


def masked_log_softmax(scores: Any, mask: Any) -> Any:
    """Return log-probabilities over legal actions, `ILLEGAL` elsewhere; `(..., 7)` and `(..., 7)` -> `(..., 7)`."""
    legal = mask != 0  # (..., 7)
    best = tf.reduce_max(tf.where(legal, scores, -float("inf")), axis=-1, keepdims=True)  # (..., 1)
    shifted = tf.where(legal, scores - tf.stop_gradient(best), ILLEGAL)
    total = tf.reduce_sum(tf.exp(shifted), axis=-1, keepdims=True)  # (..., 1)
    return tf.where(legal, shifted - tf.math.log(total), ILLEGAL)


def masked_max(scores: Any, mask: Any) -> Any:
    """Return the largest legal score, `(..., 7) -> (...)`."""
    return tf.reduce_max(tf.where(mask != 0, scores, -float("inf")), axis=-1)


def pick(rows: Any, action: Any) -> Any:
    """Return `rows[i, action[i]]`: `(n, 7)` and int32 `(n,)` -> `(n,)`. A one-hot product: its gradient is no scatter."""
    chosen = tf.one_hot(action, ACTION_COUNT, on_value=True, off_value=False)
    return tf.reduce_sum(tf.where(chosen, rows, 0.0), axis=-1)


def sample(log_probabilities: Any, uniform: Any) -> Any:
    """Draw one action per row by the Gumbel-max trick, int32 `(n,)`.

    The random numbers come in from outside, so that one NumPy generator governs a run and a resumed run repeats it.

    Args:
        log_probabilities: float32 `(n, 7)`, `ILLEGAL` at illegal actions (they cannot win).
        uniform: float32 `(n, 7)` in [0, 1).
    """
    noise = -tf.math.log(-tf.math.log(tf.maximum(uniform, 1e-20)))  # (n, 7); uniform may be exactly 0
    return tf.argmax(log_probabilities + noise, axis=-1, output_type=tf.int32)
