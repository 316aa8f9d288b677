"""What is said to be compiled: see ``monopoly_env.compiled.jit``."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from numba import config

from monopoly_env import compiled
from monopoly_env.compiled import jit, progress, sources
from monopoly_env.compiled.sources import PACKAGE


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(jit, "CACHE", str(tmp_path))
    monkeypatch.setattr(jit, "_noted", set())
    monkeypatch.setattr(jit.config, "DISABLE_JIT", 0)


def test_a_part_counts_as_compiled_once_all_of_it_is():
    assert not jit.is_compiled("game")
    jit.note_compiled("game")
    assert jit.is_compiled("game")
    assert not jit.is_compiled("batch")


def test_a_compilation_that_broke_off_does_not_count(tmp_path):
    (tmp_path / "engine.play_on-1.py311.nbi").touch()
    assert not jit.is_compiled("game")


def test_another_copy_of_the_same_sources_compiles_for_itself(monkeypatch, tmp_path):
    jit.note_compiled("batch")
    assert jit.is_compiled("batch")
    monkeypatch.setattr(jit, "__file__", str(tmp_path / "elsewhere" / "jit.py"))
    assert not jit.is_compiled("batch")


def test_the_cache_is_where_the_user_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    folder = Path(jit._usable_cache())
    assert folder == tmp_path / "caches" / "monopoly-rl" and folder.is_dir()


def test_what_was_long_unused_is_removed(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "monopoly-rl"
    (folder / "old").mkdir(parents=True)
    (folder / "fresh").mkdir()
    (folder / "old" / "x.nbi").touch()
    os.utime(folder / "old", (0, 0))
    jit._usable_cache()
    assert [entry.name for entry in folder.iterdir()] == ["fresh"]


ENGINE, BOTS, STEP = (PACKAGE / name for name in ("engine/engine.py", "bots/landlord.py", "batch/step.py"))


@pytest.fixture
def copies(monkeypatch, tmp_path):
    """A copy of the package that may be edited; a function that gives the hashes of some of its files."""
    package = tmp_path / "monopoly_env"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sources, "PACKAGE", package)

    def hashes():
        for function in (sources.closure_hash, sources._read):
            function.cache_clear()
        return [sources.closure_hash(package / path.relative_to(PACKAGE)) for path in (ENGINE, BOTS, STEP)]

    yield package, hashes
    for function in (sources.closure_hash, sources._read):
        function.cache_clear()


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("bots/landlord.py", '"""', '"""Once more: ', (False, False, False)),
        ("text/events.py", "import", "# a comment\nimport", (False, False, False)),
        ("text/events.py", "def ", "def another():\n    return 1\n\n\ndef ", (False, False, False)),
        ("bots/reserve.py", "RESERVE = 40.0", "RESERVE = 41.0", (False, True, True)),
        ("rules/turn.py", "game.doubles == 3", "game.doubles == 4", (True, True, True)),
        ("board.py", "JAIL_FEE = 50", "JAIL_FEE = 51", (True, True, True)),
        ("batch/step.py", "MOST_STARTS = 5000", "MOST_STARTS = 6000", (False, False, True)),
    ],
)
def test_an_edit_concerns_what_depends_on_it_alone(copies, file, old, new, changed):
    package, hashes = copies
    before = hashes()
    text = (package / file).read_text()
    assert old in text
    (package / file).write_text(text.replace(old, new, 1))
    assert tuple(one != other for one, other in zip(before, hashes(), strict=True)) == changed


@pytest.mark.slow
def test_other_kernels_call_one_version_for_all_integers(tmp_path):
    """A kernel that others call with a constant, a loop counter, a comparison and fields of 8 and 32 bits."""
    (tmp_path / "kernels.py").write_text(KERNELS)
    code = "from kernels import *; print(outer(record()), len(inner.linked.signatures), inner.linked.signatures[0])"
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.stdout.split() == ["27", "1", "(int64,)"], told.stderr


KERNELS = """
import numpy as np
from monopoly_env.compiled.jit import kernel

def record():
    return np.array([(3, 4)], [("small", "i1"), ("field", "i4")])[0]

@kernel
def inner(number):
    return number + 1

@kernel
def outer(record):
    total = inner(5) + inner(record.small) + inner(record.field) + inner(record.field > 2)
    for number in range(4):
        total += inner(number)
    return total
"""


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
@pytest.mark.parametrize(
    ("terminal", "told"),
    [
        (True, r"\rCompiling, once on this machine: 0 of 1, kernels\.inner +\rCompiling took \d+ s\. +\n"),
        (False, r"Compiling 1 functions, once on this machine; this takes about half a minute\.\n"),
    ],
)
def test_a_compilation_shows_how_far_it_has_come(monkeypatch, terminal, told):
    stream = io.StringIO()
    stream.isatty = lambda: terminal
    for owner, name, value in (
        (sys, "stderr", stream),
        (sys, "__stderr__", stream),
        (progress, "_SHORT", 0.0),
        (progress, "_FEW", 0),
        (compiled.PROGRESS, "_told_anywhere", False),
    ):
        monkeypatch.setattr(owner, name, value)
    names = {"__name__": "kernels"}
    exec(KERNELS, names)
    assert names["outer"](names["record"]()) == 27
    assert re.fullmatch(told, stream.getvalue())


FAILING = """
import sys
from monopoly_env.compiled.jit import kernel

@kernel
def inner(number):
    if number > 3:
        raise ValueError("too large")
    return number + 1

@kernel
def outer(number):
    return inner(number) + 1

@kernel
def another(number):
    return outer(number) + inner(number)

for function in (outer, another, inner):
    try:
        function(int(sys.argv[1]))
        print("fine")
    except ValueError as error:
        print(error)
print(sum(kernel.linked.stats.cache_hits.total() for kernel in (outer, inner)))
"""


@pytest.mark.slow
def test_errors_of_linked_kernels_arrive_and_linked_kernels_are_kept(tmp_path):
    """Compiled anew, from the cache, and where the caller alone was edited (its file has a folder of its own)."""
    (tmp_path / "inside.py").write_text(FAILING)
    environment = dict(os.environ, NUMBA_CACHE_DIR=str(tmp_path / "cache"), PYTHONPATH=str(PACKAGE.parent))

    def told(number):
        command = [sys.executable, "inside.py", str(number)]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert not ran.returncode, ran.stderr
        return ran.stdout.split("\n")[:-1]

    assert told(5) == ["too large"] * 3 + ["0"]
    assert told(5) == ["too large"] * 3 + ["0"]  # the machine code of the outermost ones is enough
    for path in (tmp_path / "cache").rglob("*another*"):
        path.unlink()
    assert told(5) == ["too large"] * 3 + ["2"]
    assert told(1) == ["fine"] * 3 + ["0"]


def test_without_a_cache_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(jit, "CACHE", None)
    jit.note_compiled("game")
    assert not jit.is_compiled("game")
