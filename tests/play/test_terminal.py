"""A real pseudo-terminal: screens, keys, and every way in which a sitting can end."""

import contextlib
import os
import re
import select
import signal
import struct
import sys
import time
from pathlib import Path

import pytest

from agent.play.game_file import read
from agent.play.players import load_players
from agent.play.questions import top_question
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from monopoly_env.actions import Phase

pty = pytest.importorskip("pty")
SCRIPT = Path(__file__).parents[2] / "scripts" / "play.py"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][A-Z]")


class Terminal:
    """The program in a pseudo-terminal of its own."""

    def __init__(self, *arguments, size=(80, 24), **environment):
        import fcntl
        import termios

        self.pid, self.end = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where the tests run in the background
            # What readline has put into the process's own environment (LINES and COLUMNS) is not in os.environ, and stays here.
            kept = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")}
            command = [sys.executable, str(SCRIPT), *map(str, arguments)]
            os.execve(sys.executable, command, {**kept, "TERM": "xterm-256color", **environment})
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.raw = ""
        self.status = None

    def read_until(self, text, seconds=240):
        """Read until ``text`` appears after what was read before; return what came, without escape codes."""
        came, limit = "", time.monotonic() + seconds
        while text not in ESCAPES.sub("", came):
            ready, _, _ = select.select([self.end], [], [], max(0, limit - time.monotonic()))
            try:
                part = os.read(self.end, 65536).decode(errors="replace") if ready else ""
            except OSError:
                part = ""
            assert part, f"{text!r} did not come. Received: {ESCAPES.sub('', came)[-3000:]}"
            came += part
        self.raw += came
        return ESCAPES.sub("", came)

    def prompt(self, seconds=240):
        """Read until the program waits for a person: something came, and no more follows, no spinner turns."""
        came, limit = "", time.monotonic() + seconds
        while True:
            waits = "\x1b[?1049h" in self.raw + came and came
            ready, _, _ = select.select([self.end], [], [], 1.0 if waits else max(0, limit - time.monotonic()))
            if waits and not ready:
                self.raw += came
                return ESCAPES.sub("", came)
            part = os.read(self.end, 65536).decode(errors="replace") if ready else ""
            assert part, f"no question came. Received: {ESCAPES.sub('', came)[-3000:]}"
            came += part

    def type(self, text):
        os.write(self.end, text.encode())

    def wait(self, seconds=60):
        """Wait for the end; return the exit status as from a shell (128 + n for signal n), and what was still written."""
        rest, limit = "", time.monotonic() + seconds
        while True:
            ready, _, _ = select.select([self.end], [], [], 0.05)
            if ready:
                with contextlib.suppress(OSError):
                    rest += os.read(self.end, 65536).decode(errors="replace")
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
                self.raw += rest
                return os.waitstatus_to_exitcode(status), ESCAPES.sub("", rest)
            assert time.monotonic() < limit, "the program does not end"

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.end)


@pytest.fixture
def start():
    started = []

    def make(*arguments, **options):
        started.append(Terminal(*arguments, **options))
        return started[-1]

    yield make
    for terminal in started:
        terminal.close()


GAME = ("--seats", "me,landlord", "--seed", "4", "--save", "games/g")


def expected(decisions):
    """The same game, played in this process: 1 at every prompt."""
    setup = make_setup(Wishes("me,landlord", seed=4))
    table = Table(setup, load_players(setup))
    table.play_on()
    for _ in range(decisions):
        table.decide(0 if table.game.phase == Phase.MANAGE else 1)
        table.play_on()
    return table


def saved_like(decisions):
    return read(Path("games/g.jsonl")).play().game.tobytes() == expected(decisions).game.tobytes()


def play_three(terminal):
    """Answer three questions and wait for the fourth."""
    for decisions in range(4):
        terminal.read_until(top_question(expected(decisions)).choices[0].text[:12])
        time.sleep(1)  # until it is painted
        if decisions < 3:
            terminal.type("1")


ENDS = {
    "q": (lambda t: t.type("q\r"), 0, True),
    "control-c": (lambda t: t.type("\x03"), 0, True),
    "control-d": (lambda t: t.type("\x04"), 0, True),
    "sigterm": (lambda t: os.kill(t.pid, signal.SIGTERM), 143, False),
    "sighup": (lambda t: os.kill(t.pid, signal.SIGHUP), 129, False),
    "sigkill": (lambda t: os.kill(t.pid, signal.SIGKILL), -9, False),
}


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_however_a_sitting_ends_at_most_the_decision_in_hand_is_lost(start, end):
    how, status, says = ENDS[end]
    terminal = start(*GAME)
    play_three(terminal)
    if end != "q":
        terminal.type("max 2")  # a decision in hand: typed, not entered
    how(terminal)
    code, rest = terminal.wait()
    assert code == status
    assert ("Saved in games/g.jsonl\r\nGo on with: " in rest) == says
    assert saved_like(3)
    if end != "sigkill":  # it leaves the lock, an empty file that holds nobody up
        assert [path.name for path in Path("games").iterdir()] == ["g.jsonl"]
        assert terminal.raw.count("\x1b[?1049h") == terminal.raw.count("\x1b[?1049l") == 1, "the first screen is back"
    again = start("--resume")
    again.prompt()
    again.type("1")
    again.prompt()
    again.type("q\r")
    again.wait()
    assert saved_like(4) and [path.name for path in Path("games").iterdir()] == ["g.jsonl"]


@pytest.mark.slow
def test_a_closed_window(start):
    terminal = start(*GAME)
    play_three(terminal)
    os.close(terminal.end)
    terminal.end = os.open(os.devnull, os.O_RDONLY)
    deadline = time.monotonic() + 60
    while terminal.status is None and time.monotonic() < deadline:
        pid, status = os.waitpid(terminal.pid, os.WNOHANG)
        terminal.status = status if pid else None
        time.sleep(0.05)
    assert terminal.status is not None
    assert saved_like(3)
    assert [path.name for path in Path("games").iterdir()] == ["g.jsonl"]


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"COLORTERM": "truecolor"}])
def test_colours_and_a_resized_window(start, environment):
    import fcntl
    import termios

    terminal = start(*GAME, size=(120, 40), **environment)
    terminal.prompt()
    coloured = re.search(r"\x1b\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;[0-9;]*)?m", terminal.raw)
    assert bool(coloured) == ("NO_COLOR" not in environment)
    fcntl.ioctl(terminal.end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.kill(terminal.pid, signal.SIGWINCH)
    assert "Bdwk" in terminal.prompt()
    terminal.type("q\r")
    assert terminal.wait()[0] == 0


@pytest.mark.slow
def test_suspended_and_taken_up_again(start):
    terminal = start(*GAME)
    terminal.prompt()
    terminal.type("\x1a")
    assert os.WIFSTOPPED(os.waitpid(terminal.pid, os.WUNTRACED)[1])
    os.kill(terminal.pid, signal.SIGCONT)
    assert "Bdwk" in terminal.prompt(), "drawn again, the board too"
    terminal.type("q\r")
    assert terminal.wait()[0] == 0


@pytest.mark.slow
def test_plain_sentences_forget_what_was_typed_before_the_question(start):
    terminal = start(*GAME, "--plain")
    terminal.type("2\n2\n2\n")  # long before anything is asked
    terminal.read_until("\n> ")
    terminal.type("q\n")
    assert terminal.wait()[0] == 0
    acts = [act for _, act in read(Path("games/g.jsonl")).acts]
    assert [act.name for act in acts] in ([], ["PASS"])  # before the first roll there was nothing to manage


@pytest.mark.slow
def test_keys_while_watching(start):
    terminal = start("--watch", "--seats", "landlord,landlord", "--seed", 1, "--speed", "2", size=(120, 40))
    terminal.read_until("2 a second")
    terminal.type(" ")
    terminal.read_until("paused")
    terminal.type("n")
    terminal.type("+ ")
    terminal.read_until("4 a second")
    terminal.type("-")
    terminal.read_until("2 a second")
    terminal.type("q")
    code, rest = terminal.wait()
    assert code == 0 and "Go on with: " in rest
    import termios

    assert termios.tcgetattr(terminal.end)[3] & termios.ICANON, "the terminal reads lines again"
