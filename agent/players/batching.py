"""From whatever holds 23 numbers to the float32 batch `(n, 23)` that a network takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from monopoly_env.actions import ACTION_COUNT
from monopoly_env.observation import STATE_SIZE

_NEED = f"A state is {STATE_SIZE} numbers, a batch of n states has shape (n, {STATE_SIZE})"


def as_batch(state: Any) -> np.ndarray:
    """Return `state` as a batch of states.

    A network takes a batch even when there is one state: `(23,)` becomes `(1, 23)`, one row of 23 columns.

    Args:
        state: 23 numbers as a list, tuple or array of shape `(23,)`, or n states of shape `(n, 23)`.

    Returns:
        float32 array of shape `(n, 23)`, C-contiguous. Shares memory with `state` where no conversion is needed.

    Raises:
        ValueError: another shape, no states at all, something other than real numbers, NaN or infinity. One line.
    """
    array = _to_array(state)
    if array.shape == (STATE_SIZE,):
        array = array[np.newaxis]  # (1, 23)
    if array.ndim != 2 or array.shape[1] != STATE_SIZE or array.shape[0] == 0:
        raise ValueError(f"{_NEED}; {_remedy(array.shape)}. Received: shape {array.shape}")
    with np.errstate(over="ignore"):
        batch = np.ascontiguousarray(array, dtype=np.float32)  # (n, 23)
    finite = np.isfinite(batch)
    if not finite.all():
        row, column = (int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(
            f"A state holds finite float32 numbers only; look at state {row}, column {column}, and replace it before "
            f"the network sees it. Received: {array[row, column]}"
        )
    return batch


def _to_array(state: Any) -> np.ndarray:
    """Return `state` as an array of real numbers of any shape; ValueError where it is not one."""
    if np.ma.is_masked(state):
        raise ValueError(f"{_NEED}; a mask hides some, give them values by state.filled(...). Received: {_brief(state)}")
    try:
        array = np.asarray(state)
    except (ValueError, TypeError, OverflowError):
        array = None
    if array is None:
        raise ValueError(
            f"{_NEED}; these rows differ in length, give every row {STATE_SIZE} numbers. Received: {_brief(state)}"
        )
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{_NEED}; convert the entries to numbers first, e.g. np.array(state, dtype=np.float32). Received: {_brief(state)}"
        )
    return array


def _remedy(shape: tuple[int, ...]) -> str:
    """Return the way from `shape` to a batch, as a clause."""
    size = int(np.prod(shape))
    count = size // STATE_SIZE
    if size == 0:
        return "there are no states here, give at least one"
    if shape[-2:] == (STATE_SIZE, 1):  # the last axis that an LSTM or a Conv1D wants
        return f"use state.reshape({count}, {STATE_SIZE})"
    if len(shape) == 2 and shape[0] == STATE_SIZE:
        return "rows and columns look swapped, use state.T"
    if len(shape) != 2 and size % STATE_SIZE == 0 and (len(shape) == 1 or shape[-1] == STATE_SIZE):
        return f"use state.reshape({count}, {STATE_SIZE})"
    if len(shape) == 0:
        return f"a single number is not a state, give all {STATE_SIZE}"
    found = shape[-1] if len(shape) <= 2 else size
    difference = found - STATE_SIZE
    if len(shape) <= 2 and difference:
        return f"each state has {abs(difference)} number(s) too {'many' if difference > 0 else 'few'}"
    return f"{size} numbers in {len(shape)} dimensions cannot be read as states of {STATE_SIZE}"


def as_masks(masks: Any, count: int) -> np.ndarray:
    """Return action masks as bool `(count, 7)`.

    Args:
        masks: `(count, 7)`, True or non-zero where the action is legal.
        count: number of decisions.

    Raises:
        ValueError: another shape, or something other than booleans, or numbers of 0 and above. One line.
    """
    try:
        array = np.asarray(masks)
    except (ValueError, TypeError):  # rows of several lengths
        array = np.zeros(0)
    if array.shape != (count, ACTION_COUNT):
        shape = array.shape if array.size else _brief(masks)
        raise ValueError(f"Masks must have shape ({count}, {ACTION_COUNT}). Received: {shape}")
    if np.ma.is_masked(masks) or array.dtype.kind not in "biuf" or not (array >= 0).all():  # NaN is not
        raise ValueError(f"A mask holds 1 (or True) for legal actions and 0 for the others. Received: {_brief(masks)}")
    return array != 0


def _brief(value: Any) -> str:
    """Return the type and a short form of `value` on one line."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
