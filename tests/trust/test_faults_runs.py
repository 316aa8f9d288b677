"""Training runs that are interrupted, lose their terminal or their disk, meet each other, or live through a jump of the clock.

The files alone: ``test_faults_files.py``. Kills in numbers: ``kills.py``.
"""

import errno
import itertools
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from programs import ROOT, app, call

from agent.files.checkpoint import load_checkpoint
from agent.learning.config import RunOptions
from agent.learning.trainer import Training
from agent.runs import run as train
from agent.runs.folder import RunFolder
from agent.runs.run import Run

from .kills import compare, prepare, settings, torment
from .test_faults_files import file_size_limit

pytestmark = pytest.mark.slow
WORDS = ["--evaluations", "1", "--games", "8", "--final-games", "0", "--no-tensorboard"]


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    """Drawing the curve takes longer than these runs."""
    monkeypatch.setattr("agent.runs.curves.write_picture", lambda *_: None)


@pytest.fixture(autouse=True)
def untaken_signals():
    """A signal that the program does not take fails the test, and does not end the tests."""

    def fail(number, _):
        raise AssertionError(f"nobody takes signal {number}")

    previous = {number: signal.signal(number, fail) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in previous.items():
        signal.signal(number, handler)


@pytest.fixture
def begun(tmp_path):
    """The folder of a run of a few updates that has not begun."""
    prepare(tmp_path / "run", settings(6, threads=None))
    return tmp_path / "run"


def updates(folder):
    """How many updates the saved run has behind it."""
    return load_checkpoint(folder / "checkpoint.npz")[1]["updates"]


def interrupt_in(monkeypatch, owner, method, *numbers):
    """Send this process signals whenever a method is called, which then goes on."""
    original = getattr(owner, method)

    def interrupted(self, *arguments):
        for number in numbers:
            os.kill(os.getpid(), number)
        return original(self, *arguments)

    monkeypatch.setattr(owner, method, interrupted)


# A terminal that closes may send SIGHUP twice, and a system that shuts down sends SIGTERM after it.
CLOSED = (signal.SIGHUP, signal.SIGHUP, signal.SIGTERM)


@pytest.mark.parametrize(
    ("place", "numbers", "done"),
    [
        ((Training, "step"), [signal.SIGINT], 1),
        ((Training, "step"), [signal.SIGTERM], 1),
        ((Run, "measure"), [signal.SIGINT], 2),
        ((Run, "measure"), CLOSED, 2),
    ],
    ids=["Ctrl-C in training", "SIGTERM in training", "Ctrl-C in an evaluation", "the terminal closes in an evaluation"],
)
def test_a_signal_saves_and_stops_and_the_run_goes_on(begun, monkeypatch, place, numbers, done):
    with monkeypatch.context() as patch:
        interrupt_in(patch, *place, *numbers)
        code, output = call("train", "--resume", begun, *WORDS, "--evaluations", 2)
    assert code == 130 and f"Stopped and saved. Go on with: python scripts/train.py --resume {begun}" in output
    assert updates(begun) == done
    code, output = call("train", "--resume", begun, *WORDS)
    assert code == 0 and f"{512 * done:,} of 3,072 decisions are done" in output and updates(begun) == 6


def test_a_second_ctrl_c_stops_at_once_and_the_last_save_stays(begun, monkeypatch):
    interrupt_in(monkeypatch, Run, "measure", signal.SIGINT, signal.SIGINT)
    code, output = call("train", "--resume", begun, *WORDS, "--evaluations", 2, "--save-every", 0)
    assert code == 130 and f"Stopped at once; the last save is in {begun}/." in output
    assert updates(begun) == 1


def test_ctrl_c_in_the_final_games_leaves_a_complete_run(begun, monkeypatch):
    interrupt_in(monkeypatch, Run, "measure", signal.SIGINT)
    code, output = call("train", "--resume", begun, *WORDS, "--evaluations", 0, "--final-games", 8)
    assert code == 130 and f"Stopped in the final games. The run is complete; its model is {begun}/model.keras." in output
    assert updates(begun) == 6


def test_nohup_goes_on_when_the_terminal_closes(begun, monkeypatch):
    interrupt_in(monkeypatch, Run, "measure", signal.SIGHUP)
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        code, _ = call("train", "--resume", begun, *WORDS, "--evaluations", 2)
    finally:
        signal.signal(signal.SIGHUP, previous)
    assert code == 0 and updates(begun) == 6


@pytest.mark.parametrize("ends", [os.pipe, pty.openpty], ids=["pipe", "terminal"])
def test_a_run_whose_output_nobody_reads_any_more_saves_and_ends(tmp_path, monkeypatch, ends, capfd):
    folder, (reader, writer) = tmp_path / "long", ends()
    prepare(folder, settings(100_000, threads=None))
    original = Training.step

    def step(self):
        if not self.updates:
            os.close(reader)
        return original(self)

    monkeypatch.setattr(Training, "step", step)
    with open(writer, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        code = app("train")(["--resume", str(folder), *WORDS], standalone_mode=False)
        output.write("still there")  # and the end of the program can flush it
    assert code == 130 and 1 <= updates(folder) < 100_000
    assert "Traceback" not in capfd.readouterr().err


def test_a_full_disk_ends_the_program_in_one_line_and_the_run_can_go_on(begun):
    with file_size_limit(50_000):
        code, output = call("train", "--resume", begun, *WORDS, "--save-every", 0)
    assert code == 1
    assert output.splitlines()[-1] == f"Error: Cannot write checkpoint {begun}/checkpoint.npz: {os.strerror(errno.EFBIG)}."
    with RunFolder.open(begun) as opened:
        assert Run.resume(opened, {"threads": None}).training.updates == 0 and not opened.notes
    assert {path.name for path in begun.iterdir()} == {".lock", "config.json", "metrics.csv"}


def test_two_runs_of_one_name(begun):
    with RunFolder.open(begun):
        for words in (("--name", "run", "--runs", begun.parent), ("--resume", begun)):
            code, output = call("train", *words)
            lines = output.strip().splitlines()
            assert code == 1 and len(lines) == 1
            assert re.match(r"Error: (There is a run at|Another process is training in) .*run", lines[0]), lines


def test_a_name_whose_run_wrote_nothing_can_be_used_again(tmp_path):
    for _ in range(2):
        RunFolder.create("x", "softmax", tmp_path).close()


def test_a_jump_of_the_clock_changes_nothing(tmp_path, monkeypatch):
    """The time of day leaps back and forth by years; saves come by the time that has gone by, and the weights are the same."""
    jumps = itertools.cycle([0.0, 4e9, 1.0, -5e8, 3e9])
    hours = itertools.count()
    results = []
    for jumping in (False, True):
        with monkeypatch.context() as patch, RunFolder.create(f"clock-{jumping}", "softmax", tmp_path) as folder:
            if jumping:
                patch.setattr(time, "time", lambda: next(jumps))
                patch.setattr(train.time, "monotonic", lambda: float(next(hours)))
            run = Run(Training(settings(6, threads=None)), folder, options=RunOptions(evaluations=0, save_every=1.5))
            saves = []
            patch.setattr(run, "save", lambda saves=saves, run=run: saves.append(run.training.updates))
            progress = list(run.progress())
            results.append([w.tobytes() for w in run.training.learner.model.get_weights()])
    assert results[0] == results[1]
    assert saves == [2, 4, 6], "one reading of the clock an update, one save each 1.5 seconds"
    assert all(p.rate == 512 and p.seconds_left == 6 - p.update.number for p in progress)


def test_intervals_are_measured_by_a_clock_that_does_not_jump():
    """The time of day appears where it is shown or stamped, and nowhere else."""
    stamps = {"agent/runs/tensorboard.py", "agent/play/game_file.py", "agent/play/games.py", "monopoly_env/compiled/jit.py"}
    for path in (path for folder in ("agent", "scripts", "monopoly_env") for path in (ROOT / folder).rglob("*.py")):
        if re.search(r"\btime\.time\(|datetime\.(now|today|utcnow)\(|from time import time\b", path.read_text()):
            assert path.relative_to(ROOT).as_posix() in stamps, path


# From here on the program runs in a process of its own.


def lines_of(terminal):
    """The lines that come out of a terminal, until it is closed."""
    text = b""
    while True:
        try:
            text += os.read(terminal, 4096)
        except OSError:
            return
        while b"\n" in text:
            line, _, text = text.partition(b"\n")
            yield line.decode(errors="replace")


def test_closing_the_terminal_saves_and_ends_the_run(tmp_path):
    """A real terminal that the program runs in as the first process: closing it sends SIGHUP and makes every write fail."""
    folder = tmp_path / "run"
    prepare(folder, settings(100_000))
    outside, inside = pty.openpty()
    command = [sys.executable, "-c", _IN_TERMINAL, str(folder), *WORDS]
    process = subprocess.Popen(command, cwd=ROOT, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
    os.close(inside)
    for line in lines_of(outside):
        if "per second" in line:  # the live view is there
            break
    os.close(outside)
    assert process.wait(120) == 130
    done = updates(folder)
    assert done >= 1
    with RunFolder.open(folder) as opened:
        assert opened.load()[1]["updates"] == done and not opened.notes
        assert opened.metrics.path.exists() and not list(folder.glob(".*.tmp.*"))


_IN_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv = ["train.py", "--resume", *sys.argv[1:]]
runpy.run_path("scripts/train.py", run_name="__main__")
"""


def test_killed_runs_end_as_if_left_alone(tmp_path):
    tally = torment(tmp_path, kills=2, updates=20, seed=1)
    assert tally.kills == 2 and sum(tally.moments.values()) == 2


def test_the_comparison_of_killed_runs_can_fail(tmp_path):
    """Two runs that differ in the seed alone are told apart."""
    for number, name in enumerate("ab"):
        with RunFolder.create(name, "softmax", tmp_path) as folder:
            run = Run(Training(settings(1, threads=None)), folder, options=RunOptions(evaluations=0))
            run.training.updates += number
            run.save()
    with pytest.raises(Exception, match=r"The checkpoint in .*b differs"):
        compare(Path(tmp_path / "b"), Path(tmp_path / "a"))
