"""How a situation is read: titles, squares and players by name, numbers, and what is done about what cannot be."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from monopoly_env import board
from monopoly_env.board import GROUP_OF, GROUPS
from monopoly_env.text.names import group_named, seat_named, square_named, title_named

MAX_DOLLARS = 1_000_000


class SituationError(ValueError):
    """A situation that the rules forbid or that is not written as one; one line."""


class NoDecisionError(SituationError):
    """The situation is sound, but what its phase asks is not asked there: the rules leave no choice. One line that says why."""


def check(condition: bool, text: str) -> None:
    """Raise SituationError with ``text`` unless the condition holds."""
    if not condition:
        raise SituationError(text)


def check_asked(condition: bool, text: str) -> None:
    """Raise NoDecisionError with ``text`` unless the condition holds."""
    if not condition:
        raise NoDecisionError(text)


class Reading:
    """One reading of a situation.

    Attributes:
        names: the players' names by seat.
        strict: refuse what the rules forbid, even where it can be mended or let stand.
        repairs: where not strict, what was mended or let stand, a line each.
        owed: where not strict, dollars that a seat was below zero.
    """

    def __init__(self, names: Sequence[str], strict: bool) -> None:
        self.names = names
        self.strict = strict
        self.repairs: list[str] = []
        self.owed: dict[int, int] = {}

    def allow(self, condition: bool, text: str, done: str = "kept") -> None:
        """Unless the condition holds raise SituationError with ``text``, or where not strict note what was ``done`` instead."""
        if condition:
            return
        check(not self.strict, text)
        self.repairs.append(f"{text} Here: {done}.")

    def number(self, value: Any, what: str, low: int, high: int, rule: str) -> int:
        """Return a whole number from ``low`` to ``high``; where not strict, a fraction is cut off and the nearest bound taken.

        Raises:
            SituationError: with the rule; it is none.
        """
        number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
        if self.strict or not number or not math.isfinite(value):
            return whole(value, what, low, high, rule)
        mended = min(max(int(value), low), high)
        if mended != value or not isinstance(value, int | np.integer):
            self.repairs.append(f"{what} must be a whole number from {low} to {high:,}. Here: {value!r} read as {mended}.")
        return mended

    def seat(self, seat: int | str, what: str) -> int:
        """Return the number of a seat, given by number or by the player's name.

        Raises:
            SituationError: nobody sits there.
        """
        if isinstance(seat, str):
            found = seat_named(seat, self.names)
            check(found is not None, f"{what}: there is no player {seat!r}. Players: {', '.join(self.names)}.")
            return found
        return whole(seat, what, 0, len(self.names) - 1, "R1")


def whole(value: Any, what: str, low: int, high: int, rule: str) -> int:
    """Return a whole number from ``low`` to ``high``, or raise SituationError naming the rule."""
    number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise SituationError(f"{what} must be a whole number from {low} to {high:,}. Received: {value!r} ({rule})")
    return int(value)


@lru_cache(4096)
def _titles_named(name: str) -> tuple[int, ...]:
    group, title = group_named(name), title_named(name)
    if group is not None:
        return tuple(np.flatnonzero(group == GROUP_OF).tolist())
    return () if title is None else (title,)


def find_titles(names: Sequence[str], what: str) -> list[int]:
    """Return the numbers of titles by name; a group's name stands for all of its titles.

    Raises:
        SituationError: not a list, or an unknown name.
    """
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise SituationError(f"{what}: expected a list of titles. Received: {names!r}")
    found: list[int] = []
    for name in names:
        titles = _titles_named(name) if isinstance(name, str) else ()
        if not titles:
            raise SituationError(f"{what}: there is no title or group {name!r}. Titles are named as on the board.")
        found += titles
    return found


def find_title(name: str, what: str) -> int:
    """Return the number of one title.

    Raises:
        SituationError: an unknown name, or that of a group.
    """
    found = find_titles([name], what)
    check(len(found) == 1, f"{what}: expected one title. Received: {name!r}")
    return found[0]


def find_group(name: str, what: str) -> int:
    """Return the number of a group.

    Raises:
        SituationError: an unknown name.
    """
    group = group_named(name) if isinstance(name, str) else None
    check(group is not None, f"{what} must be one of {', '.join(GROUPS)}. Received: {name!r}")
    return group


def find_square(square: int | str) -> int:
    """Return the number of a square, given by number or name.

    Raises:
        SituationError: off the board, or a name that several squares or none have.
    """
    if isinstance(square, str):
        found = _square_named(square)
        text = f"There is no one square {square!r}: name it as on the board, or by number from 0 (GO) to 39 (Boardwalk)."
        check(found is not None, text)
        return found
    return whole(square, "position", 0, board.SQUARES - 1, "R2")


_square_named = lru_cache(4096)(square_named)


def keys(data: Any, what: str, known: Sequence[str]) -> Mapping[str, Any]:
    """Return ``data``, an object that has no other keys.

    Raises:
        SituationError: it has, or it is none.
    """
    if not isinstance(data, Mapping):
        raise SituationError(f"{what} is an object with some of {', '.join(known)}. Received: {data!r}")
    for key in data:
        if key not in known:
            raise SituationError(f"{what} has no {key!r}. Known: {', '.join(known)}.")
    return data
