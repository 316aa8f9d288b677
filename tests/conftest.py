"""Tests run in a process a core, up to four (pytest-xdist; see addopts in pyproject.toml); ``-n0`` runs them in one.

A file of tests stays in one worker, so its fixtures are made once; files with slow tests come first, so that the workers end at
about the same time.
"""

import signal
from collections import Counter

import pytest
from xdist import is_xdist_controller, is_xdist_worker


def pytest_configure():
    """Let Ctrl-C work in the tests and what they start: a shell starts background jobs with the signal ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart(session):
    """Compile the engine before the first test, whose time is limited, and before workers start, which would all compile it."""
    if session.config.option.collectonly or is_xdist_worker(session):
        return
    from monopoly_env.compiled.jit import is_compiled

    with session.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        if not is_compiled("batch"):
            import gymnasium

            gymnasium.make("monopoly_env:Monopoly-v0").reset(seed=0)
        if is_xdist_controller(session):
            compile_kernels_of_tests()


def compile_kernels_of_tests():
    """Call the kernel of tests that takes longest to compile; where it is in the cache this takes a second or two."""
    import numpy as np
    from invariants import COUNTS, UNIFORM, play_out

    from monopoly_env.game import new_games

    play_out(new_games(1, 2, 0, max_turns=2), UNIFORM, np.zeros(COUNTS, np.int64), 0, True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Order the files by their number of slow tests, the most first; within a file nothing changes."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])
