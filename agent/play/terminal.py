"""The terminal: shows views, asks for a line, pages long texts. ``PlainTerminal`` speaks in sentences only."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from agent.play.panels import pad
from agent.play.screen import View, build_screen, layout_for

PROMPT = "> "


class Leave(Exception):
    """The person has left: q, Ctrl-C, or the end of the input."""


def read_line(prompt: str) -> str:
    """Return the next line that is typed.

    Raises:
        Leave: there is none.
    """
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt, OSError):
        raise Leave from None


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

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold the terminal for the time of a game."""
        yield

    def write(self, text: str) -> None:
        """Write a sentence."""
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
        """Take the first ``events`` events as told."""
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

    def ask(self, view: View | None = None) -> str:
        """Return the next line that is typed.

        Raises:
            Leave: the person has left.
        """
        return self._read(PROMPT)

    def note(self, text: str) -> None:
        """Say that something takes a while: only where the game before it would seem to be frozen."""

    def page(self, title: str, lines: Sequence[str], then: str = "for the game", at_end: bool = False) -> None:
        """Show a text."""
        self.write("")
        self.write(title)
        for line in lines:
            self.write(line)


def state_sentences(state: Sequence[float]) -> list[str]:
    """Return the 23 floats in three lines for reading aloud."""
    from monopoly_env.board import GROUPS
    from monopoly_env.observation import FEATURE_NAMES

    count = len(GROUPS)
    parts = [", ".join(f"{group} {state[first + i]:.2f}" for i, group in enumerate(GROUPS)) for first in (0, count)]
    rest = ", ".join(f"{FEATURE_NAMES[i]} {state[i]:.2f}" for i in range(2 * count, len(state)))
    return [f"Coach's floats, mine: {parts[0]}.", f"Rivals': {parts[1]}.", f"{rest}."]


class ScreenTerminal:
    """Draws the whole screen anew each time, on the terminal's second screen; small windows get plain sentences."""

    screen = True

    def __init__(self, console: Console, read: Callable[[str], str] = read_line) -> None:
        self.console = console
        self._read = read
        self._plain = PlainTerminal(console, read)
        self._typed = ""  # at a page, and meant for the game
        self._unicode = console.encoding.lower().startswith("utf")
        self._view: View | None = None

    @property
    def layout(self) -> str:
        """The layout for the window as it is now."""
        return layout_for(*self.console.size)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold the terminal for the time of a game: second screen, drawn again when the window changes."""
        previous = signal.signal(signal.SIGWINCH, self._resized) if hasattr(signal, "SIGWINCH") else None
        self.console.set_alt_screen(True)
        try:
            yield
        finally:
            self._view = None
            with suppress(OSError):  # the window may have been closed
                self.console.set_alt_screen(False)
            if previous is not None:
                signal.signal(signal.SIGWINCH, previous)

    def _resized(self, *_: object) -> None:
        if self._view is not None:
            self.show(self._view)
            sys.stdout.write(PROMPT)
            sys.stdout.flush()

    def show(self, view: View) -> None:
        """Draw a view."""
        self._view = view
        if self.layout == "plain":
            self._plain.show(view)
            return
        if view.story:
            self._plain.skip(view.story[-1].event + 1)
        width, height = self.console.size
        # Written over what is there and not cleared first, so that nothing flickers; then what is left below is erased.
        self.console.control(Control.home())
        self.console.print(build_screen(view, width, height, self._unicode), crop=True, overflow="crop")
        self.console.control(Control((ControlType.ERASE_IN_LINE, 2)))

    def skip(self, events: int) -> None:
        """Take the first ``events`` events as told."""
        self._plain.skip(events)

    def ask(self, view: View | None = None) -> str:
        """Return the next line that is typed.

        Raises:
            Leave: the person has left.
        """
        line, self._typed = self._typed, ""
        return line or self._read(PROMPT)

    def note(self, text: str) -> None:
        """Say in the line of the prompt that something takes a while; the next screen covers it."""
        if self.layout != "plain":
            self.console.print(pad(text, self.console.width - 1), end="\r")

    def page(self, title: str, lines: Sequence[str], then: str = "for the game", at_end: bool = False) -> None:
        """Show a text on pages of its own, until Enter is pressed, which leads ``then``, or something is typed.

        That is taken as the answer to the question that is asked next.
        """
        if self.layout == "plain":
            self._plain.page(title, lines)
            return
        self._view = None
        width, height = self.console.size
        heading = Text(title, "bold").wrap(self.console, width - 1)
        wrapped = [part for line in lines for part in (Text(line).wrap(self.console, width - 1) if line else [Text()])]
        room = height - 3 - len(heading)
        for start in range(max(0, len(wrapped) - room) if at_end else 0, max(1, len(wrapped)), room):
            self.console.clear()
            for line in [*heading, Text(), *wrapped[start : start + room]]:
                self.console.print(line, no_wrap=True, overflow="crop")
            more = start + room < len(wrapped)
            line = self._read(f"Enter for more, b {then}: " if more else f"Enter {then}: ")
            if line:
                self._typed = "" if line.lower() in ("b", "back") else line
                return
