"""A game shown event by event, at a chosen speed: agents and bots at play (``--watch``), or a log file (``--replay``)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from agent.play.coach import thought_line
from agent.play.keys import SPACE, NoKeys
from agent.play.replica import follow, replica_of
from agent.play.screen import View
from agent.play.setup import Setup
from agent.play.story import full_story
from agent.play.table import Table
from agent.play.terminal import Leave, PlainTerminal, ScreenTerminal
from monopoly_env.decision.decision import Decision

KEYS = "Space: pause or go on   n: one step   + and -: speed   q: leave"
_REDRAW = 0.1  # seconds between two screens where nothing slows the game down
_SAVE = 1.0  # seconds between two saves
_STORY = 60

Row = Sequence[int]


def live_events(table: Table, shown: int, save: Callable[[], None]) -> Iterator[tuple[Row, list[Decision]]]:
    """Yield the events of a game from number ``shown`` on as it is played, each with the thoughts that led to it."""
    saved, thoughts = 0.0, []
    while True:
        for row in table.rows[shown:]:
            yield row, thoughts
            thoughts = []
        shown = len(table.rows)
        if time.monotonic() - saved > _SAVE or table.over:
            save()
            saved = time.monotonic()
        if table.over:
            return
        thoughts = [table.step()]


class Show:
    """Shows events one after the other.

    Args:
        setup: of the game.
        terminal: where it is shown.
        keys: what steers it.
        speed: events a second; 0: no pause.
        open_: show what the agents thought.
    """

    def __init__(
        self, setup: Setup, terminal: PlainTerminal | ScreenTerminal, keys: NoKeys, speed: float, open_: bool = False
    ) -> None:
        self._setup = setup
        self._terminal = terminal
        self._keys = keys
        self._speed = speed
        self._open = open_
        self._paused = self._done = False
        self._game = replica_of(len(setup.seats), setup.house_rules, setup.starting_cash, setup.max_turns)
        self._rows: list[Row] = []
        self._thoughts: list[str] = []
        self._drawn = 0.0

    def run(self, events: Iterable[tuple[Row, list[Decision]]], before: Sequence[Row] = ()) -> None:
        """Show the events; those ``before`` have happened already.

        Raises:
            Leave: q was pressed.
        """
        for row in before:
            follow(self._game, row)
            self._rows.append(row)
        self._terminal.skip(len(self._rows))
        for row, thoughts in events:
            follow(self._game, row)
            self._rows.append(row)
            self._hear(thoughts)
            self._draw(last=False)
            self._wait()
        self._done = True
        self._draw(last=True)

    def _hear(self, thoughts: list[Decision]) -> None:
        if not self._open:
            return
        names = self._setup.names
        told = [thought_line(t, names) for t in thoughts if t.numbers is not None]
        self._thoughts = told if not self._terminal.screen else [*self._thoughts, *told][-6:]

    def _draw(self, last: bool) -> None:
        now = time.monotonic()
        if self._terminal.screen and not last and not self._speed and now - self._drawn < _REDRAW:
            return
        self._drawn = now
        self._terminal.show(self._view())
        if not self._terminal.screen:
            self._thoughts = []

    def _view(self) -> View:
        setup = self._setup
        start = max(0, len(self._rows) - _STORY)
        if self._terminal.screen:
            story = full_story(self._rows, setup.names, start)
        else:
            story = full_story(self._rows, setup.names, len(self._rows) - 1)
        view = View(self._game, setup.names, [seat.kind for seat in setup.seats], story, len(self._rows) - 1)
        view.thoughts = self._thoughts
        view.status = f"Seed {setup.seed}"
        pace = "no pause" if not self._speed else f"{self._speed:g} a second"
        view.keys = f"{KEYS}   ({'paused' if self._paused else pace})" if self._terminal.screen else ""
        if self._done and self._terminal.screen:
            view.keys = "That is the end. Press any key."
        return view

    def _wait(self) -> None:
        """Wait for the next event's time, or for the key that brings it."""
        end = time.monotonic() + (1 / self._speed if self._speed else 0)
        while True:
            left = None if self._paused else max(0.0, end - time.monotonic())
            key = self._keys.wait(left)
            if key == "q":
                raise Leave
            if key == "n":
                self._paused = True
                return
            if key in ("+", "-"):
                self._speed = _changed(self._speed, key)
            elif key == SPACE:
                self._paused = not self._paused
            if key and self._terminal.screen:
                self._terminal.show(self._view())
            if not self._paused and time.monotonic() >= end:
                return


def _changed(speed: float, key: str) -> float:
    """Return the speed after + or -; above 64 a second there is no pause at all."""
    if key == "-":
        return 64.0 if not speed else max(0.25, speed / 2)
    return 0.0 if not speed or speed * 2 > 64 else speed * 2
