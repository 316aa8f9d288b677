"""Actions of a fixed rule, for tests that compare two ways of playing the same games."""

import numpy as np


def choose(mask, step):
    """Some legal action by the number of the step."""
    return int(np.flatnonzero(mask)[(7 * step + 3) % np.sum(mask)])


def choose_all(masks, step):
    """The same for many games, int64 ``(n,)``."""
    return np.array([choose(mask, step) for mask in masks])
