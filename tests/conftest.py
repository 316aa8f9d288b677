"""Tests run in a process a core, up to four (pytest-xdist; see addopts in pyproject.toml); ``-n0`` runs them in one.

A file of tests stays in one worker, so its fixtures are made once; files with slow tests come first, so that the workers end at
about the same time.
"""

import signal
from collections import Counter

import pytest
from xdist import is_xdist_controller


def pytest_configure():
    """Let Ctrl-C work in the tests and what they start: a shell starts background jobs with the signal ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart(session):
    """Compile the kernels before workers start: two that need them at once would both compile them."""
    if is_xdist_controller(session) and not session.config.option.collectonly:
        compile_kernels()


def compile_kernels():
    """Call the kernels that take longest to compile; where they are in the cache this takes a second or two."""
    import gymnasium
    import numpy as np
    from invariants import COUNTS, UNIFORM, play_out

    from monopoly_env.game import new_games

    gymnasium.make("monopoly_env:Monopoly-v0").reset(seed=0)
    play_out(new_games(1, 2, 0, max_turns=2), UNIFORM, np.zeros(COUNTS, np.int64), 0, True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Order the files by their number of slow tests, the most first; within a file nothing changes."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])
