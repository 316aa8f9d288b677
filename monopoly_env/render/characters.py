"""The ring in characters: lines of runs, each with its colours. Text joins them (``text``), a terminal paints them."""

from typing import NamedTuple, TypeVar

import numpy as np

from monopoly_env.board import HOTEL
from monopoly_env.render.ring import (
    GROUP_PAINTS,
    HOTEL_PAINT,
    HOUSE_PAINT,
    RING,
    SEAT_PAINTS,
    SIDE,
    SIGNS,
    Paint,
    SquareView,
    building_sign,
    owner_sign,
    short_name,
    square_view,
    token_signs,
)

SIDE_WIDTH = 14  # of the squares left and right in the compact ring
COMPACT_ROWS = 4 + SIDE - 2
ASCII, BOX = "-|+++++++++", "─│┌┬┐├┼┤└┴┘"


class Run(NamedTuple):
    """Some characters of one line."""

    text: str
    paint: Paint | None = None


Middle = TypeVar("Middle")
Line = list[Run | Middle]


def full_ring(game: np.record, width: int, middle: list[Middle], lines: str) -> list[Line]:
    """Return the ring with lines between the squares, each of two lines.

    Args:
        game: a game record.
        width: characters of a square, six at least.
        middle: the lines inside, as many and as wide as ``full_middle(width)`` says; they come back in their places.
        lines: what the lines are drawn with, ``ASCII`` or ``BOX``: across, down, and nine crossings, row by row.
    """
    frame = _Frame(width, lines)
    inside, bar = iter(middle), Run(frame.bar)
    drawn: list[Line] = [[Run(frame.edge(0, 0))], *_row(game, 0, width, bar, edges=True), [Run(frame.edge(1, 2))]]
    for row in range(1, SIDE - 1):
        left, right = (tall_square(game, RING[row, column], width) for column in (0, SIDE - 1))
        drawn += [[bar, *left[part], bar, next(inside), bar, *right[part], bar] for part in range(2)]
        if row < SIDE - 2:
            drawn.append([Run(frame.side), next(inside), Run(frame.side)])
    return [*drawn, [Run(frame.edge(1, 0))], *_row(game, SIDE - 1, width, bar, edges=True), [Run(frame.edge(2, 2))]]


def full_middle(width: int) -> tuple[int, int]:
    """Return columns and rows inside the ring of ``full_ring``."""
    return (width + 1) * (SIDE - 2) - 1, 3 * (SIDE - 2) - 1


def compact_ring(game: np.record, width: int, middle: list[Middle]) -> list[Line]:
    """Return the ring in ``COMPACT_ROWS`` lines, without lines between the squares.

    Args:
        game: a game record.
        width: characters of the whole ring, 76 at least.
        middle: the lines inside, as many and as wide as ``compact_middle(width)`` says; they come back in their places.
    """
    cell, blank = (width + 1) // SIDE - 1, Run(" ")
    drawn: list[Line] = list(_row(game, 0, cell, blank))
    for row, text in enumerate(middle, start=1):
        left, right = (flat_square(game, RING[row, column], SIDE_WIDTH) for column in (0, SIDE - 1))
        drawn.append([*left, blank, text, blank, *right])
    return drawn + _row(game, SIDE - 1, cell, blank)


def compact_middle(width: int) -> tuple[int, int]:
    """Return columns and rows inside the ring of ``compact_ring``."""
    total = SIDE * ((width + 1) // SIDE) - 1
    return total - 2 * SIDE_WIDTH - 2, SIDE - 2


def _row(game: np.record, row: int, width: int, join: Run, edges: bool = False) -> list[list[Run]]:
    """Return the two lines of the top or bottom row."""
    squares = [tall_square(game, RING[row, column], width) for column in range(SIDE)]
    lines = []
    for part in range(2):
        line = [run for square in squares for run in (join, *square[part])]
        lines.append([*line, join] if edges else line[1:])
    return lines


def tall_square(game: np.record, square: int, width: int) -> tuple[list[Run], list[Run]]:
    """Return a square in two lines: name and owner, buildings and tokens."""
    view = square_view(game, square)
    standing = tokens(view.tokens, width - 1)
    if view.inmates:
        return _jail(view, width), [Run(" "), *standing]
    if view.group < 0:
        return [_name(view, square, width)], [Run(" "), *standing]
    return [_name(view, square, width - 1), _owner(view)], [_buildings(view), *standing]


def flat_square(game: np.record, square: int, width: int) -> list[Run]:
    """Return a square in one line: name, owner, buildings, tokens."""
    view = square_view(game, square)
    standing = [Run(" "), *tokens(view.tokens, width - 11)]
    if view.inmates:
        return [*_jail(view, 10), *standing]
    if view.group < 0:
        return [_name(view, square, 10), *standing]
    return [_name(view, square, 8), _owner(view), _buildings(view), *standing]


def tokens(seats: tuple[int, ...], width: int) -> list[Run]:
    """Return tokens, flush right in ``width`` characters."""
    signs = token_signs(seats, width)
    runs = [Run(sign, SEAT_PAINTS[SIGNS.index(sign)] if sign in SIGNS else None) for sign in signs]
    return [Run(" " * (width - len(signs))), *runs]


def _jail(view: SquareView, width: int) -> list[Run]:
    held = tokens(view.inmates, min(len(view.inmates), width - 2))
    return [Run("["), *held, Run("]".ljust(width - sum(len(run.text) for run in held) - 1))]


def _name(view: SquareView, square: int, width: int) -> Run:
    """Return the name of a square; that of a title leaves a blank before its owner."""
    if view.group < 0:
        return Run(short_name(square, width).ljust(width))
    return Run(short_name(square, width - 1).ljust(width), GROUP_PAINTS[view.group])


def _owner(view: SquareView) -> Run:
    return Run(owner_sign(view), SEAT_PAINTS[view.owner] if view.owner >= 0 else None)


def _buildings(view: SquareView) -> Run:
    paint = None if view.level == 0 else HOTEL_PAINT if view.level >= HOTEL else HOUSE_PAINT
    return Run(building_sign(view.level), paint)


class _Frame:
    """The lines between the squares, drawn with ``lines``."""

    def __init__(self, width: int, lines: str) -> None:
        self._dash, self.bar = lines[0] * width, lines[1]
        self._crossings = lines[2:]
        self.side = f"{lines[5]}{self._dash}{lines[7]}"

    def edge(self, row: int, inner: int) -> str:
        """Return a line across: its own crossings from ``row`` (0 top, 1 middle, 2 bottom), those inside from ``inner``."""
        left, outer, right = self._crossings[3 * row : 3 * row + 3]
        joints = [outer, *[self._crossings[3 * inner + 1]] * (SIDE - 3), outer]
        return left + self._dash + "".join(joint + self._dash for joint in joints) + right
