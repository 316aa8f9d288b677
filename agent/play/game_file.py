"""The file of a game: saved game, log and replay in one. JSON lines that grow with the game; docs/PLAY.md says what is in them.

The first line holds how the game began, every further one an act of a seat. Reading it plays them again, so that the engine
checks each one, and nothing that a file says becomes part of a game in any other way. What happened after an act stands in
its line too, for people and other programs; here it is never read.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.files.atomic import atomic_write
from agent.play.errors import PlayError
from agent.play.limits import checked_limits, limits_of, set_limits
from agent.play.players import model_prints
from agent.play.setup import Options, Setup
from agent.play.table import FREE_MOVES, Act, Table
from monopoly_env.actions import Action, IllegalActionError
from monopoly_env.board import THING_NAMES, TITLE_NAMES
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.game import RULES_VERSION
from monopoly_env.text.events import sentence

FORMAT, VERSION = "monopoly-game", 1
_THING = {name: thing for thing, name in enumerate(THING_NAMES)}  # titles and jail cards
_DIGEST = re.compile(rb', "digest": "([0-9a-f]{16})"\}$')
_DIGEST_LENGTH = len(', "digest": "0123456789abcdef"}')
_MOST = 10**9  # of any number in an act; what the engine counts in goes to twice that
_OLD = {
    b'{"format": "monopoly-log"': "a log of an earlier version of this program",
    b"PK\x03\x04": "a saved game of an earlier version of this program (or another archive)",
}


@dataclass(frozen=True)
class Saved:
    """What a file holds."""

    path: Path
    setup: Setup
    acts: list[tuple[int, Act]]  # each with the number of its line
    options: Options
    prints: list[str | None]  # fingerprints of the models
    limits: list[dict[str, Any]]  # what people have said once and for all
    size: int  # bytes, without a last line that breaks off
    digest: bytes  # of the last line
    torn: bool  # whether there is such a line

    def play(self) -> Table:
        """Return the game, played again.

        Raises:
            PlayError: the rules forbid an act; the line is named.
        """
        table = Table(self.setup, {})
        for number, act in self.acts:
            try:
                table.replay(act)
            except IllegalActionError as error:
                raise _problem(self.path, number, f"the rules forbid this. {error}") from error
        set_limits(table, self.limits)
        return table


class GameFile:
    """A file that grows with a game. ``save`` writes what is new.

    Args:
        path: the file.
        table: the game.
        options: how it is shown.
        saved: the game in ``path`` that goes on; None: the file is written anew, whole or not at all.

    Raises:
        PlayError: it cannot be written.
    """

    def __init__(self, path: Path, table: Table, options: Options, saved: Saved | None = None) -> None:
        self.path = path
        self._table = table
        self._options = options
        if saved is None:
            self._begin()
            return
        self._size, self._digest, self._written = saved.size, saved.digest, len(saved.acts)
        self._known = _state(saved.options, saved.prints, saved.limits)
        try:
            self._file = open(path, "ab", buffering=0)  # noqa: SIM115 (it stays open as long as the game)
            os.ftruncate(self._file.fileno(), self._size)
        except OSError as error:
            raise self._refused(error) from error

    def _begin(self) -> None:
        """Write the file anew, with everything up to now."""
        self._digest, self._written = b"", 0
        self._known = self._state_now()
        setup = self._table.setup
        before = [event_in_words(row, setup.names) for row in Table(setup, {}).rows]  # up to the first decision
        text = self._line({**_header(setup), **self._known, "events": before}) + self._new_acts()
        try:
            with atomic_write(self.path) as temporary:
                temporary.write_bytes(text)
            self._file = open(self.path, "ab", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise self._refused(error) from error
        self._size = len(text)

    def save(self, lasting: bool = True) -> None:
        """Write what is new.

        Args:
            lasting: wait until it is on the disk, so that it outlasts a power cut and not only the end of this program.

        Raises:
            PlayError: the disk refuses. The file holds what it held before.
        """
        if self._file.closed or not os.fstat(self._file.fileno()).st_nlink:  # somebody has deleted it
            self.close()
            self._begin()
            return
        before = self._digest, self._written, self._known
        state = self._state_now()
        text = b"" if state == self._known else self._line(state)
        self._known = state
        text += self._new_acts()
        try:
            rest = memoryview(text)
            while rest:
                rest = rest[self._file.write(rest) :]
            if lasting:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._digest, self._written, self._known = before
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self._size)
            raise self._refused(error) from error
        self._size += len(text)

    def _state_now(self) -> dict[str, Any]:
        return _state(self._options, model_prints(self._table.setup), limits_of(self._table))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _refused(self, error: OSError) -> PlayError:
        return PlayError(f"The game cannot be saved: Cannot write {self.path}: {error.strerror or error}.")

    def _new_acts(self) -> bytes:
        table, text = self._table, b""
        ends = [*(act.first for act in table.acts[self._written + 1 :]), len(table.rows)]
        for act, end in zip(table.acts[self._written :], ends, strict=False):
            events = [event_in_words(row, table.names) for row in table.rows[act.first : end]]
            text += self._line({**_act_line(act), "events": events})
        self._written = len(table.acts)
        return text

    def _line(self, values: dict[str, Any]) -> bytes:
        # A path may hold bytes that are no text, which only escapes can say; names and sentences are left readable.
        body = json.dumps(values, ensure_ascii="seats" in values or "shown" in values)[:-1].encode()
        self._digest = _digest(self._digest, body)
        return body + b', "digest": "' + self._digest + b'"}\n'


def event_in_words(row: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """Return an event by name: its kind, seat, the fields of its kind, and the sentence."""
    kind = Event(row[0])
    return {"event": kind.name, "seat": row[1], **dict(zip(EVENT_FIELDS[kind], row[2:])), "text": sentence(row, names)}  # noqa: B905


def _digest(before: bytes, body: bytes) -> bytes:
    return hashlib.sha256(before + body).hexdigest()[:16].encode()


def _header(setup: Setup) -> dict[str, Any]:
    began = datetime.datetime.now().isoformat(" ", "seconds")
    return {"format": FORMAT, "version": VERSION, "rules": RULES_VERSION, "began": began, **setup.to_dict()}


def _state(options: Options, prints: list[str | None], limits: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what may change in the course of a game: how it is shown, the agents' models, the limits of people."""
    return {"shown": options.to_dict(), "fingerprints": prints, "limits": limits}


def _act_line(act: Act) -> dict[str, Any]:
    arguments = dict(zip(FREE_MOVES.get(act.name, ()), act.arguments, strict=True))
    for name, value in arguments.items():
        if name == "title":
            arguments[name] = TITLE_NAMES[value]
        elif name in ("give", "take"):
            arguments[name] = [THING_NAMES[thing] for thing in sorted(value)]
    return {"seat": act.seat, "act": act.name, **arguments}


def read(path: Path) -> Saved:
    """Read a game. Whether the rules allow what was done is seen when it is played again (``Saved.play``).

    Raises:
        PlayError: no game is there, it is damaged, or of another version; one line that names the file and the place.
    """
    try:
        *lines, rest = path.read_bytes().split(b"\n")
    except OSError as error:
        raise PlayError(f"Cannot read {path}: {error.strerror or error}.") from error
    _check_format(path, lines[0] if lines else rest)
    setup, options, prints, limits, acts, digest = None, None, None, [], [], b""
    for number, line in enumerate(lines, start=1):
        try:
            values, digest = _values(line, digest)
            if number == 1:
                setup = Setup.from_dict(values)
            if number > 1 and "act" in values:
                acts.append((number, _act(values)))
            else:
                options, prints = Options.from_dict(values["shown"]), _prints(values["fingerprints"], setup)
                limits = checked_limits(values.get("limits", []), setup)
        except PlayError as error:
            raise _problem(path, number, str(error)) from error
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise _problem(path, number, f"this is no part of a game ({error!r}).") from error
    if setup is None:
        raise _problem(path, 1, "it breaks off.")
    return Saved(path, setup, acts, options, prints, limits, sum(len(line) + 1 for line in lines), digest, rest != b"")


def _problem(path: Path, line: int, text: str) -> PlayError:
    return PlayError(f"{path}, line {line}: {text} The file is left untouched.")


def _check_format(path: Path, line: bytes) -> None:
    """Refuse what is no game, or one of another version."""
    for beginning, what in _OLD.items():
        if line.startswith(beginning):
            raise PlayError(f"{path} is {what}, which this one does not read. The file is left untouched.")
    try:
        values = json.loads(line)
        known = values["format"] == FORMAT
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise PlayError(f"{path} is no file of a game: its first line does not say so. The file is left untouched.")
    for name, here in (("version", VERSION), ("rules", RULES_VERSION)):
        if values.get(name) != here:
            raise PlayError(
                f"{path} has {name} {values.get(name)!r}; this program reads {name} {here}. The file is left untouched."
            )


def _values(line: bytes, before: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what a line says, and its digest."""
    end = _DIGEST.search(line, max(0, len(line) - _DIGEST_LENGTH))
    digest = _digest(before, line[: end.start()]) if end else b""
    if not end or end[1] != digest:
        raise PlayError("it is damaged, or was changed: its digest does not match.")
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError("no JSON object")
    return values, digest


def _act(values: dict[str, Any]) -> Act:
    seat, name = _whole(values["seat"]), values["act"]
    if name in Action.__members__:
        return Act(seat, name)
    return Act(seat, name, tuple(_argument(key, values[key]) for key in FREE_MOVES[name]))


def _argument(name: str, value: Any) -> Any:
    if name == "title":
        return _THING[value]
    if name in ("give", "take"):
        return [_THING[thing] for thing in value]
    return _whole(value)


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > _MOST:
        raise ValueError(f"a number from -{_MOST} to {_MOST} is needed. Received: {str(value)[:40]}")
    return value


def _prints(values: Any, setup: Setup) -> list[str | None]:
    prints = [value if isinstance(value, str) else None for value in values]
    if prints != values or len(prints) != len(setup.seats):
        raise ValueError("there is one fingerprint a seat, or null")
    return prints
