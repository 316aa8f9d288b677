"""What both learners need besides learning: their state as arrays and back, and numbers that are checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def get_state(learner: Any, **networks: Any) -> dict[str, Any]:
    """Return copies of the weights of `networks`, the optimizer's variables and the counters, as nested dicts of arrays."""
    saved: dict[str, Any] = {name: _numbered(network.get_weights()) for name, network in networks.items()}
    saved["optimizer"] = _numbered([variable.numpy() for variable in learner.optimizer.variables])
    saved["counters"] = {"updates": np.int64(learner.updates), "progress": np.float64(learner.progress)}
    return saved


def set_state(learner: Any, saved: dict[str, Any], **networks: Any) -> None:
    """Restore what `get_state` returned.

    Raises:
        ValueError: it belongs to another kind or size of learner. Nothing is changed then.
    """
    targets = {name: network.weights for name, network in networks.items()} | {"optimizer": learner.optimizer.variables}
    expected = {name: [tuple(variable.shape) for variable in variables] for name, variables in targets.items()}
    received = {name: [np.shape(array) for array in saved[name].values()] for name in saved if name != "counters"}
    if received != expected or "counters" not in saved:
        raise ValueError(
            f"This learner state belongs to a learner with another head or other layer sizes than "
            f"{learner.config.head} {learner.config.hidden}. Received: {', '.join(sorted(saved)) or 'nothing'}"
        )
    for name, variables in targets.items():
        for variable, array in zip(variables, saved[name].values(), strict=True):
            variable.assign(array)
    learner.updates = int(saved["counters"]["updates"])
    learner.anneal(float(saved["counters"]["progress"]))


def _numbered(arrays: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    # Keras may hand out views of live variables; a saved state must not change with the next update.
    return {f"{i:03d}": np.array(array) for i, array in enumerate(arrays)}


def checked_progress(progress: float) -> float:
    """Return the share of a run that is done; raise ValueError outside 0 to 1."""
    if not 0.0 <= progress <= 1.0:
        raise ValueError(f"progress must lie in [0, 1]. Received: {progress}")
    return float(progress)


def mean_metrics(names: Sequence[str], steps: Sequence[Any], update: int) -> dict[str, float]:
    """Return the mean of what the gradient steps reported, by name.

    Raises:
        FloatingPointError: one of them is not finite.
    """
    means = np.mean([step.numpy() for step in steps], axis=0)
    if not np.isfinite(means).all():
        raise FloatingPointError(f"Training diverged in update {update}; try a lower learning rate.")
    return {name: float(mean) for name, mean in zip(names, means, strict=True)}
