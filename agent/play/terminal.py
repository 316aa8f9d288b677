"""What a session talks to, and the plain one: sentences only, for pipes, screen readers and dumb terminals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from rich.console import Console
from rich.text import Text

from agent.play.view import View
from monopoly_env.board import GROUPS
from monopoly_env.observation import FEATURE_NAMES

PROMPT = "> "
Result = TypeVar("Result")


class Leave(Exception):
    """The person has left: q, Ctrl-C, or the end of the input."""


class Terminal(Protocol):
    """Where a game is shown and people are asked: ``PlainTerminal``, or ``agent.play.full_screen.FullScreen``."""

    screen: bool  # whether it shows the board, and all of the story at any time

    def run(self, game: Callable[[], Result]) -> Result:
        """Hold the terminal while ``game`` is played; return what it returns."""

    def show(self, view: View) -> None:
        """Show the game as it stands, and the question."""

    def ask(self) -> str:
        """Return the answer to the question that is shown: the number or key of a choice, or a command. Raises Leave."""

    def key(self, seconds: float | None) -> str:
        """Return the next key, or "" after ``seconds``. Raises Leave."""

    def page(self, title: str, lines: Sequence[str], at_end: bool = False) -> None:
        """Show a text, from its beginning or its end. Raises Leave."""

    def note(self, text: str) -> None:
        """Say who thinks, should it take a while. Raises Leave."""

    def skip(self, events: int) -> None:
        """Take the first ``events`` events as told."""


def read_line(prompt: str) -> str:
    """Return the next line; what was typed before the prompt was there does not count.

    Raises:
        Leave: there is none.
    """
    try:
        _forget_what_was_typed()
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt, OSError):
        raise Leave from None


def _forget_what_was_typed() -> None:
    if not sys.stdin.isatty():
        return
    with suppress(ImportError):
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    with suppress(ImportError):
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()


def say(console: Console, text: str, exact: str = "") -> None:
    """Write ``text``, wrapped at blanks where the output is a terminal.

    Args:
        console: where to.
        text: words.
        exact: a path or a command to copy, in one piece: on a line of its own where it does not fit beside ``text``.
    """
    whole = f"{text} {exact}" if exact else text
    if not console.is_terminal or len(whole) <= console.width:
        console.print(Text(whole), soft_wrap=True)
        return
    console.print(Text(text))
    if exact:
        console.print(Text(exact), soft_wrap=True)


class PlainTerminal:
    """Writes what is new, line after line, without colours or boxes."""

    screen = False

    def __init__(self, console: Console, read: Callable[[str], str] = read_line) -> None:
        self._console = console
        self._read = read
        self.told = 0  # events told so far

    def run(self, game: Callable[[], Result]) -> Result:
        return game()

    def write(self, text: str) -> None:
        say(self._console, text)

    def show(self, view: View) -> None:
        """Write what has happened since the last time, and the question."""
        for line in view.story:
            if line.event >= self.told:
                if line.turn:
                    self.write("")
                self.write(line.text)
        if view.story:
            self.told = max(self.told, view.story[-1].event + 1)
        for thought in view.thoughts:
            self.write(thought)
        if view.notice:
            self.write(view.notice)
        if view.question is not None:
            self._ask(view)

    def skip(self, events: int) -> None:
        self.told = max(self.told, events)

    def _ask(self, view: View) -> None:
        question = view.question
        assert question is not None
        self.write("")
        self.write(question.heading)
        for line in question.lines:
            self.write(line)
        for side in question.sides or ():
            self.write(f"{side.heading}: {'; '.join([*side.gets, *side.effects, *side.money])}.")
        for line in view.coach:
            self.write(line)
        if view.advice is not None:
            for line in state_sentences(view.advice.state):
                self.write(line)
        for number, choice in enumerate(question.choices, start=1):
            self.write(f"  {choice.key or number} {choice.text}")
        if question.hint:
            self.write(f"  {question.hint}")

    def ask(self) -> str:
        return self._read(PROMPT)

    def key(self, seconds: float | None) -> str:
        """Wait so long; there are lines here, and no keys."""
        time.sleep(seconds or 0)
        return ""

    def note(self, text: str) -> None:
        """Sentences come when there is something to tell."""

    def page(self, title: str, lines: Sequence[str], at_end: bool = False) -> None:
        self.write("")
        self.write(title)
        for line in lines:
            self.write(line)


def state_sentences(state: Sequence[float]) -> list[str]:
    """Return the 23 floats in three lines for reading aloud."""
    count = len(GROUPS)
    parts = [", ".join(f"{group} {state[first + i]:.2f}" for i, group in enumerate(GROUPS)) for first in (0, count)]
    rest = ", ".join(f"{FEATURE_NAMES[i]} {state[i]:.2f}" for i in range(2 * count, len(state)))
    return [f"Coach's floats, mine: {parts[0]}.", f"Rivals': {parts[1]}.", f"{rest}."]
