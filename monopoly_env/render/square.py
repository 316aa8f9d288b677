"""What every display of a game shows: the ring of 40 squares, what lies on them, and the players in words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUPS, SQUARE_NAMES, SQUARES, TITLE_AT

SIDE = 11  # squares along a side of the ring
SIGNS = "ABCDEFGH"


class Look(NamedTuple):
    """What a square shows."""

    name: str  # full name
    group: int  # -1: not a title
    owner: int  # seat, -1: nobody
    mortgaged: bool
    level: int  # buildings, 5 = hotel
    tokens: tuple[int, ...]  # seats standing here, those in jail not among them
    inmates: tuple[int, ...]  # seats in jail (on the jail square only)


def ring_place(square: int) -> tuple[int, int]:
    """Return ``(row, column)`` of a square in the 11 x 11 ring; GO is at the bottom right, as on the real board."""
    side, step = divmod(square, SIDE - 1)
    last = SIDE - 1
    return ((last, last - step), (last - step, 0), (0, step), (step, last))[side]


RING = {ring_place(square): square for square in range(SQUARES)}  # (row, column) -> square


def square_look(game: np.record, square: int) -> Look:
    """Return what the square shows in this game."""
    title = int(TITLE_AT[square])
    here = [seat for seat in range(game.players) if game.alive[seat] and game.position[seat] == square]
    owner, mortgaged, level = (-1, False, 0)
    if title >= 0:
        owner, mortgaged, level = int(game.owner[title]), bool(game.mortgaged[title]), int(game.houses[title])
    return Look(
        SQUARE_NAMES[square],
        int(GROUP_OF[title]) if title >= 0 else -1,
        owner,
        mortgaged,
        level,
        tuple(seat for seat in here if not game.jailed[seat]),
        tuple(seat for seat in here if game.jailed[seat]),
    )


def player_name(seat: int, names: Sequence[str] | None) -> str:
    """Return the name of a seat (default: "Seat 0", ...)."""
    return str(names[seat]) if names is not None and seat < len(names) else f"Seat {seat}"


def titles_by_group(game: np.record, seat: int) -> list[tuple[int, list[int]]]:
    """Return ``(group, titles)`` for each group in which the seat owns a title."""
    groups = []
    for group in range(len(GROUPS)):
        titles = [t for t in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]) if game.owner[t] == seat]
        if titles:
            groups.append((group, titles))
    return groups


def place_of(game: np.record, seat: int) -> str:
    """Return where a player stands, in words."""
    if not game.alive[seat]:
        return "bankrupt"
    return "in jail" if game.jailed[seat] else SQUARE_NAMES[game.position[seat]]
