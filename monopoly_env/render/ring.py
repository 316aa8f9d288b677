"""What every display of a game shows: where the 40 squares stand on the ring, what lies on them, in which signs and colours.

A player's sign is a letter: A for seat 0, B for seat 1, and so on; on a title it stands for the owner, in small letters if
the title is mortgaged. Text, picture and terminal (``agent.play.board``) paint what is said here.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUPS, HOTEL, SQUARE_NAMES, SQUARES, TITLE_AT

SIDE = 11  # squares along a side of the ring
SIGNS = "ABCDEFGH"

_SHORT = (
    "GO", "Medi", "Chst", "Balt", "InTx", "RdRR", "Orie", "Chnc", "Verm", "Conn",
    "Visi", "StCh", "Elec", "Stat", "Virg", "PaRR", "StJa", "Chst", "Tenn", "NewY",
    "Free", "Kent", "Chnc", "Indi", "Illi", "BORR", "Atla", "Vent", "Watr", "Marv",
    "GoJl", "Paci", "NoCa", "Chst", "Penn", "ShRR", "Chnc", "Park", "LxTx", "Bdwk",
)  # fmt: skip
_LONG = {
    1: "Mediterr.", 2: "Chest", 4: "Income tx", 5: "Reading", 9: "Connectic", 10: "Visiting", 11: "St.Charls", 12: "Electric",
    15: "Penn. RR", 16: "St. James", 17: "Chest", 18: "Tennessee", 20: "Parking", 25: "B. & O.", 28: "WaterWrks", 29: "Marvin",
    30: "To jail", 32: "N. Carol.", 33: "Chest", 34: "Pennsylv.", 35: "ShortLine", 37: "Park Pl.", 38: "Luxury tx",
}  # fmt: skip


class Paint(NamedTuple):
    """The colours of some text, which reads the same on every background."""

    ink: str
    ground: str
    bold: bool = False

    @property
    def style(self) -> str:
        """The same as a style of Rich."""
        return f"{'bold ' if self.bold else ''}{self.ink} on {self.ground}"


GROUP_PAINTS = (
    Paint("#ffffff", "#82522f"),
    Paint("#000000", "#96d2f0"),
    Paint("#ffffff", "#c22f83"),
    Paint("#000000", "#f0911e"),
    Paint("#ffffff", "#c4262a"),
    Paint("#000000", "#fade32"),
    Paint("#ffffff", "#17804a"),
    Paint("#ffffff", "#185cac"),
    Paint("#ffffff", "#4a4a4a"),
    Paint("#000000", "#b4beb4"),
)
SEAT_PAINTS = tuple(
    Paint("#ffffff", ground, bold=True)
    for ground in ("#ca2632", "#1c5cbe", "#127a3c", "#8a3ea6", "#a85a00", "#00757f", "#5a5a5a", "#78482a")
)
HOUSE_PAINT, HOTEL_PAINT = Paint("#ffffff", "#127a3c", bold=True), Paint("#ffffff", "#b41e28", bold=True)
assert len(GROUP_PAINTS) == len(GROUPS) and len(SEAT_PAINTS) == len(SIGNS)


class SquareView(NamedTuple):
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


def square_view(game: np.record, square: int) -> SquareView:
    """Return what the square shows in this game."""
    title = int(TITLE_AT[square])
    here = [seat for seat in range(game.players) if game.alive[seat] and game.position[seat] == square]
    owner, mortgaged, level = (-1, False, 0)
    if title >= 0:
        owner, mortgaged, level = int(game.owner[title]), bool(game.mortgaged[title]), int(game.houses[title])
    return SquareView(
        SQUARE_NAMES[square],
        int(GROUP_OF[title]) if title >= 0 else -1,
        owner,
        mortgaged,
        level,
        tuple(seat for seat in here if not game.jailed[seat]),
        tuple(seat for seat in here if game.jailed[seat]),
    )


def short_name(square: int, width: int) -> str:
    """Return a name of the square that fits into ``width`` characters (four at least)."""
    full = SQUARE_NAMES[square].removesuffix(" Avenue")
    for name in (full, _LONG.get(square, full)):
        if len(name) <= width:
            return name
    return _SHORT[square][:width]


def owner_sign(view: SquareView) -> str:
    """Return the owner's letter, small if the title is mortgaged, or a space."""
    if view.owner < 0:
        return " "
    return SIGNS[view.owner].lower() if view.mortgaged else SIGNS[view.owner]


def building_sign(level: int) -> str:
    """Return the buildings on a street in one character: a space, 1 to 4, H."""
    return " " if level == 0 else "H" if level >= HOTEL else str(level)


def token_signs(seats: Sequence[int], width: int) -> str:
    """Return the letters of some seats in at most ``width`` characters; a plus stands for those that do not fit."""
    signs = "".join(SIGNS[seat] for seat in seats)
    return signs if len(signs) <= width else signs[: max(0, width - 1)] + "+"


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
