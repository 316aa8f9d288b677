"""The log file of a game: one line of JSON an event (``--log``), and reading it again (``--replay``). See docs/PLAY.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from agent.files.atomic import atomic_write
from agent.play.errors import PlayError
from agent.play.setup import Setup
from agent.play.soundness import check_event
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.game import EVENT_WIDTH, RULES_VERSION
from monopoly_env.text.events import sentence

FORMAT = "monopoly-log"
VERSION = 1


def header(setup: Setup) -> dict[str, Any]:
    """Return the first line of a log."""
    return {"format": FORMAT, "version": VERSION, "rules": RULES_VERSION, **setup.to_dict()}


def event_line(number: int, row: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """Return one event as a dict: its number, kind, seat, the fields of its kind, and the sentence."""
    kind = Event(row[0])
    fields = dict(zip(EVENT_FIELDS[kind], (int(n) for n in row[2:]), strict=False))
    return {"n": number, "event": kind.name, "seat": int(row[1]), **fields, "text": sentence(row, names)}


def row_of(line: dict[str, Any]) -> tuple[int, ...]:
    """Return the event row of a parsed line.

    Raises:
        ValueError: it is no event.
    """
    try:
        kind = Event[line["event"]]
        numbers = [line["seat"], *(line[name] for name in EVENT_FIELDS[kind])]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no event: {error}") from error
    if not all(isinstance(number, int) for number in numbers):
        raise ValueError("its fields are not integers")
    row = (int(kind), *numbers)
    return row + (0,) * (EVENT_WIDTH - len(row))


class Journal:
    """A log file that grows with the game.

    Args:
        path: the file. It is written anew with everything so far, then added to, a line an event.
        setup: of the game.
        rows: the events so far.

    Raises:
        PlayError: the file cannot be written.
    """

    def __init__(self, path: Path, setup: Setup, rows: Sequence[Sequence[int]] = ()) -> None:
        self.path = path
        self._names = setup.names
        self._written = 0
        try:
            with atomic_write(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
                file.write(json.dumps(header(setup)) + "\n")
                self._write(file, rows)
            self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115 (it stays open as long as the game)
        except OSError as error:
            raise PlayError(f"Cannot write the log {path}: {error.strerror or error}.") from error

    def add(self, rows: Sequence[Sequence[int]]) -> None:
        """Write those of all the game's ``rows`` that are not in the file yet."""
        try:
            self._write(self._file, rows[self._written :])
            self._file.flush()
        except OSError as error:
            raise PlayError(f"Cannot write the log {self.path}: {error.strerror or error}.") from error

    def _write(self, file: TextIO, rows: Iterable[Sequence[int]]) -> None:
        for row in rows:
            self._written += 1
            file.write(json.dumps(event_line(self._written, row, self._names), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True)
class Recording:
    """A log file, read back. ``torn``: its last line is incomplete."""

    setup: Setup
    rows: list[tuple[int, ...]]
    torn: bool


def new_log(path: str) -> Path:
    """Return the path of a log to be started.

    Raises:
        PlayError: the file exists already.
    """
    if Path(path).exists():
        raise PlayError(f"{path} exists already; choose another file for --log, or delete it.")
    return Path(path)


def own_log(path: str, setup: Setup, rows: Sequence[Sequence[int]]) -> Path:
    """Return the path of the log that a saved game goes on with.

    Args:
        path: the log. It may be missing, or be ahead of the saved game, or behind it.
        setup: of the saved game.
        rows: its events.

    Raises:
        PlayError: the file there is not this game's log.
    """
    if Path(path).exists():
        try:
            found = read(path)
        except PlayError as error:
            raise PlayError(f"{error} The saved game cannot go on with it: choose another file with --log.") from error
        shared = min(len(found.rows), len(rows))
        if found.setup != setup or found.rows[:shared] != [tuple(map(int, row)) for row in rows[:shared]]:
            raise PlayError(f"{path} is the log of another game; choose another file with --log.")
    return Path(path)


def read(path: str | Path) -> Recording:
    """Read a log file.

    Raises:
        PlayError: no such file, not a log, or of another version; one line that names the place.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise PlayError(f"{path} is no log of a game: it is not text.") from error
    except OSError as error:
        raise PlayError(f"Cannot read the log {path}: {error.strerror or error}.") from error
    setup = _read_header(path, lines[0])
    torn = lines[-1] != ""
    rows = []
    for number, line in enumerate(lines[1:-1], start=2):
        try:
            row = row_of(json.loads(line))
            check_event(row, setup.names)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise PlayError(f"{path}, line {number}: this is no event ({error}).") from error
        rows.append(row)
    return Recording(setup, rows, torn)


def _read_header(path: str | Path, line: str) -> Setup:
    try:
        values = json.loads(line)
        known = values["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise PlayError(f"{path} is no log of a game: its first line does not say so.")
    for name, here in (("version", VERSION), ("rules", RULES_VERSION)):
        if values.get(name) != here:
            raise PlayError(f"{path} has {name} {values.get(name)}; this program reads {name} {here}.")
    try:
        return Setup.from_dict(values)
    except PlayError as error:
        raise PlayError(f"{path}, line 1: {error}") from error
