"""Softmax, log-softmax and maximum over the legal actions only (NumPy; `agent.learning.tf_masking` has the same for graphs).

The last axis is the action axis. An illegal action never contributes, however large its score: it is replaced before
any maximum or exponential is taken.
"""

from __future__ import annotations

import numpy as np

# So low that its exponential is exactly 0, yet finite: 0 * ILLEGAL is 0, and gradients stay finite.
ILLEGAL = -1e9


def masked_log_softmax(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return log-probabilities over the legal actions.

    Args:
        scores: floats `(..., A)`.
        mask: `(..., A)`, non-zero where the action is legal.

    Returns:
        Array like `scores`; `ILLEGAL` (-1e9) at illegal actions.

    Raises:
        ValueError: shapes differ, or some row has no legal action.
    """
    legal = _legal(scores, mask)  # (..., A)
    kept = np.where(legal, scores, -np.inf).astype(np.result_type(scores, np.float32))
    shifted = kept - kept.max(axis=-1, keepdims=True)  # (..., A); 0 at the best legal action
    total = np.sum(np.exp(shifted), axis=-1, keepdims=True)  # (..., 1)
    return np.where(legal, shifted - np.log(total), np.array(ILLEGAL, kept.dtype))


def masked_softmax(scores: np.ndarray, mask: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return probabilities over the legal actions; exactly 0 at illegal ones. Shapes and errors as the log version.

    Args:
        scores: floats `(..., A)`.
        mask: `(..., A)`, non-zero where the action is legal.
        temperature: above 0. It divides how far scores lie below the best legal one, so it may be as small as it likes.
    """
    best = masked_max(scores, mask)[..., np.newaxis]  # (..., 1)
    below = np.where(_legal(scores, mask), scores, best) - best  # (..., A), never above 0
    with np.errstate(over="ignore"):  # what is minus infinity has the probability 0
        return np.exp(masked_log_softmax(below / temperature, mask))


def log_probabilities(probabilities: np.ndarray) -> np.ndarray:
    """Return the scores behind a softmax head's outputs, up to a constant that a softmax does not see; nothing is below -69."""
    return np.log(np.maximum(probabilities, 1e-30))


def among_legal(probabilities: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Share a softmax head's probabilities out among the legal actions. Shapes and errors as `masked_softmax`.

    A network is trained behind the mask, so it may give all legal actions almost nothing.
    """
    return masked_softmax(log_probabilities(probabilities), mask)


def masked_max(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the largest score among the legal actions, `(..., A) -> (...)`. Errors as `masked_log_softmax`."""
    return np.where(_legal(scores, mask), scores, -np.inf).max(axis=-1).astype(np.asarray(scores).dtype)


def masked_argmax(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the best legal action, the first on ties, int64 `(..., A) -> (...)`. Errors as `masked_log_softmax`."""
    return np.where(_legal(scores, mask), scores, -np.inf).argmax(axis=-1)


def _legal(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    legal = np.asarray(mask) != 0
    if legal.shape != np.shape(scores):
        raise ValueError(f"Scores and mask must have one shape. Received: {np.shape(scores)} and {legal.shape}")
    if not legal.any(axis=-1).all():
        raise ValueError("Every row of a mask needs a legal action. Received: a row of zeros")
    return legal
