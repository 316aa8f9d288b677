"""A game shown step by step, at a chosen speed: bots at play (``--watch``), or one that was played (``--replay``)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from agent.play.coach import thought_line
from agent.play.game_file import GameFile, Saved
from agent.play.story import full_story
from agent.play.table import Table
from agent.play.terminal import Leave, Terminal
from agent.play.view import View, show_roll
from monopoly_env.decision.decision import Decision

SPACE = " "
KEYS = "Space: pause or go on   n: one step   + and -: speed   q: leave"
_REDRAW = 0.1  # seconds between two screens where nothing slows the game down
_SAVE = 1.0  # seconds between two saves that outlast a power cut
_STORY = 60

Steps = Iterable[list[Decision]]  # one item for each step that was played, with what was thought before it


def live(table: Table, file: GameFile) -> Iterator[list[Decision]]:
    """Play a game step by step; each decision is written to ``file``, and made to last about once a second."""
    lasting = 0.0
    yield from _settling(table)
    while not table.over:
        due = time.monotonic() - lasting > _SAVE
        file.save(lasting=due)
        lasting = time.monotonic() if due else lasting
        yield [table.choose()]
        yield from _settling(table)


def replayed(table: Table, saved: Saved) -> Iterator[list[Decision]]:
    """Play a game again step by step on a table that has just been laid."""
    yield from _settling(table)
    for _, act in saved.acts:
        table.carry_out_again(act)
        yield []
        yield from _settling(table)


def _settling(table: Table) -> Iterator[list[Decision]]:
    while table.advance_one():
        yield []


class Show:
    """Shows a game while it is played.

    Args:
        table: the game.
        terminal: where it is shown.
        speed: events a second; 0: no pause.
        open_: show what the agents thought.
    """

    def __init__(self, table: Table, terminal: Terminal, speed: float, open_: bool = False) -> None:
        self._table = table
        self._terminal = terminal
        self._speed = speed
        self._open = open_
        self._paused = self._done = False
        self._fresh = len(table.rows)  # number of the first event of the step that is shown
        self._thoughts: list[str] = []
        self._drawn = 0.0

    def run(self, steps: Steps) -> None:
        """Show the steps; what is on the table already has been seen.

        Raises:
            Leave: q was pressed.
        """
        rows = self._table.rows
        self._terminal.skip(len(rows))
        seen = len(rows)
        for thoughts in steps:
            self._hear(thoughts)
            if len(rows) == seen:  # nothing to be seen happened
                continue
            self._fresh, seen = seen, len(rows)
            self._draw(last=False)
            self._wait(seen - self._fresh)
        self._done = True
        self._draw(last=True)
        if self._terminal.screen:
            self._terminal.key(None)

    def _hear(self, thoughts: list[Decision]) -> None:
        if not self._open:
            return
        told = [thought_line(t, self._table.names) for t in thoughts if t.numbers is not None]
        self._thoughts = [*self._thoughts, *told]
        if self._terminal.screen:
            self._thoughts = self._thoughts[-6:]

    def _draw(self, last: bool) -> None:
        now = time.monotonic()
        if self._terminal.screen and not last and not self._speed and now - self._drawn < _REDRAW:
            return
        self._drawn = now
        self._terminal.show(self._view())
        if not self._terminal.screen:
            self._thoughts = []

    def _view(self) -> View:
        table, setup = self._table, self._table.setup
        start = max(0, len(table.rows) - _STORY) if self._terminal.screen else self._fresh
        story = full_story(table.rows, table.names, start)
        view = View(table.game, table.names, [seat.kind for seat in setup.seats], story, self._fresh)
        view.thoughts = self._thoughts
        view.status = f"Seed {setup.seed}"
        show_roll(view, table.rows)
        pace = "no pause" if not self._speed else f"{self._speed:g} a second"
        view.keys = f"{KEYS}   ({'paused' if self._paused else pace})" if self._terminal.screen else ""
        if self._done and self._terminal.screen:
            view.keys = "That is the end. Press any key."
        return view

    def _wait(self, events: int) -> None:
        """Wait for the time that so many events take, or for the key that brings the next step."""
        end = time.monotonic() + (events / self._speed if self._speed else 0)
        while True:
            left = None if self._paused else max(0.0, end - time.monotonic())
            key = self._terminal.key(left)
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
