"""How programs tell a user what is wrong: one line, an exit code, no traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.files.errors import UserError, user_errors

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted(path.name for path in (ROOT / "scripts").glob("[a-z]*.py"))


class ResourceExhaustedError(Exception):
    """As TensorFlow's."""


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UserError("No run at x; choose another."), 1, "Error: No run at x; choose another.\n"),
        (ValueError("players must be 2 to 8.\nReceived: 9"), 1, "Error: players must be 2 to 8. Received: 9\n"),
        (
            FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "x.json"),
            1,
            "Error: x.json: No such file or directory.\n",
        ),
        (OSError(errno.ENOSPC, "No space left"), 1, "Error: Cannot write the output: No space left.\n"),
        (OSError("no HDF5 file"), 1, "Error: no HDF5 file\n"),
        (FloatingPointError("Training diverged"), 1, "Error: Training diverged\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 1, ""),
        (SystemExit(7), 7, ""),
    ],
)
def test_what_a_user_can_put_right_is_one_line(error, code, line, capsys):
    @user_errors()
    def program():
        raise error

    with pytest.raises(SystemExit) as end:
        program()
    assert end.value.code == code and capsys.readouterr().err == line


@pytest.mark.parametrize("error", [MemoryError(), ResourceExhaustedError("OOM when allocating")])
def test_too_little_memory_says_what_takes_less(error, capsys):
    with pytest.raises(SystemExit) as end, user_errors():
        raise error
    line = capsys.readouterr().err
    assert end.value.code == 1 and line.startswith("Error: There is not enough memory") and line.count("\n") == 1


def test_a_fault_of_the_program_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError), user_errors():
        raise ZeroDivisionError
    assert user_errors()(lambda: 3)() == 3


def run(script, words, stdout):
    """A program in a process of its own, whose output waits in a buffer as it usually does."""
    command = [sys.executable, f"scripts/{script}", *words]
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(command, cwd=ROOT, env=usual, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=300)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("script", PROGRAMS)
def test_an_output_that_takes_nothing_is_one_line(script):
    with open("/dev/full", "w") as full:
        result = run(script, ["--help"], full)
    assert (result.returncode, result.stderr) == (1, "Error: Cannot write the output: No space left on device.\n")


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe that closes")
@pytest.mark.parametrize("script", PROGRAMS)
def test_a_pipe_that_nobody_reads_ends_quietly(script):
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as pipe:
        result = run(script, ["--help"], pipe)
    assert (result.returncode, result.stderr) == (1, "")
