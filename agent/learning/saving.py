"""What both learners need besides learning: their state as arrays and back, and metrics that are checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def get_state(**owners: Any) -> dict[str, Any]:
    """Return copies of all variables of some networks and optimizers, as nested dicts of arrays."""
    # Keras may hand out views of live variables; a saved state must not change with the next update.
    return {
        name: {f"{number:03d}": np.array(variable.numpy()) for number, variable in enumerate(_variables(owner))}
        for name, owner in owners.items()
    }


def set_state(saved: dict[str, Any], **owners: Any) -> None:
    """Restore what `get_state` returned.

    Raises:
        ValueError: it belongs to another kind or size of learner. Nothing is changed then.
    """
    expected = {name: [tuple(variable.shape) for variable in _variables(owner)] for name, owner in owners.items()}
    received = {name: [np.shape(array) for array in arrays.values()] for name, arrays in saved.items() if name != "counters"}
    if received != expected:  # "counters": of earlier versions
        raise ValueError(
            f"This learner state belongs to another head or other layer sizes. Expected: {_brief(expected)}. "
            f"Received: {_brief(received)}"
        )
    for name, owner in owners.items():
        for variable, array in zip(_variables(owner), saved[name].values(), strict=True):
            variable.assign(array)


def _variables(owner: Any) -> Sequence[Any]:
    """Return the variables of a network or an optimizer, in the order in which they were made."""
    return getattr(owner, "weights", None) or owner.variables


def _brief(shapes: dict[str, list[tuple[int, ...]]]) -> str:
    return ", ".join(f"{name} {sizes[0] if sizes else '()'}" for name, sizes in sorted(shapes.items())) or "nothing"


def mean_metrics(names: Sequence[str], steps: Sequence[Any]) -> dict[str, float]:
    """Return the mean of what the gradient steps reported, by name.

    Raises:
        FloatingPointError: one of them is not finite.
    """
    means = np.mean([step.numpy() for step in steps], axis=0)
    if not np.isfinite(means).all():
        raise FloatingPointError("Training diverged: the loss is no longer a number; try a lower learning rate.")
    return {name: float(mean) for name, mean in zip(names, means, strict=True)}
