"""The whole suite in several processes: ``pytest`` (also ``pytest -m "not slow"``) starts a worker a core, up to four.

Files, folders or tests given by name run in one process, as does everything with ``-n0``, ``-s``, ``--pdb`` or without
pytest-xdist. A file of tests stays in one worker, so its fixtures are made once; files with slow tests come first, so that the
workers end at about the same time.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

MOST_WORKERS = 4  # each holds a TensorFlow of its own
WHOLE = (Path(__file__).parent, Path(__file__).parents[1])


def pytest_configure():
    """Let Ctrl-C work in the tests and what they start: a shell starts background jobs with the signal ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Choose the number of workers, unless the command line has. A worker must not start workers of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ or hasattr(config, "workerinput"):
        return
    option = config.option
    if not config.pluginmanager.hasplugin("xdist") or option.numprocesses is not None or option.tx or option.dist != "no":
        return
    interactive = option.capture == "no" or option.usepdb or option.trace or option.collectonly
    whole = all(Path(name).resolve() in WHOLE for name in option.file_or_dir)
    if whole and not interactive and cores() > 1:
        option.numprocesses = min(cores(), MOST_WORKERS)
        option.dist, option.loadscopereorder = "loadfile", False


def cores():
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pytest_sessionstart(session):
    """Compile the kernels before workers start: two that need them at once would both compile them."""
    if getattr(session.config.option, "numprocesses", None) and not hasattr(session.config, "workerinput"):
        compile_kernels()


_HISTORY = "from monopoly_env.history import play_history; play_history(1, ['landlord'] * 2, 0)"


def compile_kernels():
    """Call the kernels that take longest to compile; where they are in the cache this takes a second or two."""
    import gymnasium
    import numpy as np
    from invariants import COUNTS, UNIFORM, play_out

    from monopoly_env.game import new_games

    gymnasium.make("monopoly_env:Monopoly-v0").reset(seed=0)
    with subprocess.Popen([sys.executable, "-c", _HISTORY], cwd=WHOLE[1]):  # waits at the end
        play_out(new_games(1, 2, 0, max_turns=2), UNIFORM, np.zeros(COUNTS, np.int64), 0, True)


def pytest_collection_modifyitems(items):
    """Order the files by their number of slow tests, the most first; within a file nothing changes."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])
