"""How a situation is read: titles, squares and players by name, whole numbers, and the error that says what is wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from monopoly_env import board
from monopoly_env.board import GROUP_OF, GROUPS
from monopoly_env.text.names import group_named, seat_named, square_named, title_named

MAX_DOLLARS = 1_000_000


class SituationError(ValueError):
    """A situation that the rules forbid or that is not written as one; one line."""


def check(condition: bool, text: str) -> None:
    """Raise SituationError with ``text`` unless the condition holds."""
    if not condition:
        raise SituationError(text)


def whole(value: Any, what: str, low: int, high: int, rule: str) -> int:
    """Return a whole number from ``low`` to ``high``, or raise SituationError naming the rule."""
    number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    check(
        number and low <= value <= high, f"{what} must be a whole number from {low} to {high:,}. Received: {value!r} ({rule})"
    )
    return int(value)


def find_titles(names: Sequence[str], what: str) -> list[int]:
    """Return the numbers of titles by name; a group's name stands for all of its titles.

    Raises:
        SituationError: not a list, or an unknown name.
    """
    listed = not isinstance(names, str) and isinstance(names, Sequence)
    check(listed, f"{what}: expected a list of titles. Received: {names!r}")
    found = []
    for name in names:
        group, title = (group_named(name), title_named(name)) if isinstance(name, str) else (None, None)
        if group is not None:
            found += np.flatnonzero(group == GROUP_OF).tolist()
        else:
            check(title is not None, f"{what}: there is no title or group {name!r}. Titles are named as on the board.")
            found.append(title)
    return found


def find_title(name: str, what: str) -> int:
    """Return the number of one title.

    Raises:
        SituationError: an unknown name, or that of a group.
    """
    found = find_titles([name], what)
    check(len(found) == 1, f"{what}: expected one title. Received: {name!r}")
    return found[0]


def find_group(name: str) -> int:
    """Return the number of a group.

    Raises:
        SituationError: an unknown name.
    """
    group = group_named(name) if isinstance(name, str) else None
    check(group is not None, f"group must be one of {', '.join(GROUPS)}. Received: {name!r}")
    return group


def find_square(square: int | str) -> int:
    """Return the number of a square, given by number or name.

    Raises:
        SituationError: off the board, or a name that several squares or none have.
    """
    if isinstance(square, str):
        found = square_named(square)
        text = f"There is no one square {square!r}: name it as on the board, or by number from 0 (GO) to 39 (Boardwalk)."
        check(found is not None, text)
        return found
    return whole(square, "position", 0, board.SQUARES - 1, "R2")


def find_seat(seat: int | str, names: Sequence[str], what: str) -> int:
    """Return the number of a seat, given by number or by the player's name.

    Raises:
        SituationError: nobody sits there.
    """
    if isinstance(seat, str):
        found = seat_named(seat, names)
        check(found is not None, f"{what}: there is no player {seat!r}. Players: {', '.join(names)}.")
        return found
    return whole(seat, what, 0, len(names) - 1, "R1")
