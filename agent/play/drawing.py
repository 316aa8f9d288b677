"""The board as lines of styled text: the ring of 40 squares with something in the middle.

Colours are blocks with a text colour of their own, so they read the same on dark and light backgrounds; without colours
letters say it all (see ``monopoly_env.render.text`` for the signs).
"""

from __future__ import annotations

import numpy as np
from rich.text import Text

from monopoly_env.board import GROUPS, HOTEL
from monopoly_env.render.text import RING, SIDE, SIGNS, Look, building_sign, owner_sign, short_name, square_look, token_signs

GROUP_STYLES = (
    "#ffffff on #82522f",
    "#000000 on #96d2f0",
    "#ffffff on #c22f83",
    "#000000 on #f0911e",
    "#ffffff on #c4262a",
    "#000000 on #fade32",
    "#ffffff on #17804a",
    "#ffffff on #185cac",
    "#ffffff on #4a4a4a",
    "#000000 on #b4beb4",
)
SEAT_STYLES = (
    "bold #ffffff on #ca2632",
    "bold #ffffff on #1c5cbe",
    "bold #ffffff on #127a3c",
    "bold #ffffff on #8a3ea6",
    "bold #ffffff on #a85a00",
    "bold #ffffff on #00757f",
    "bold #ffffff on #5a5a5a",
    "bold #ffffff on #78482a",
)
HOUSE_STYLE, HOTEL_STYLE = "bold #ffffff on #127a3c", "bold #ffffff on #b41e28"
GROUP_CODES = ("br", "lb", "pk", "or", "rd", "yl", "gr", "db", "rr", "ut")
assert len(GROUP_STYLES) == len(GROUP_CODES) == len(GROUPS) and len(SEAT_STYLES) == len(SIGNS)


def pad(text: Text | str, width: int) -> Text:
    """Return a copy of ``text`` that is exactly ``width`` wide."""
    text = Text(text) if isinstance(text, str) else text.copy()
    text.truncate(max(0, width), overflow="ellipsis", pad=True)
    return text


def tokens(seats: tuple[int, ...], width: int) -> Text:
    """Return tokens, flush right in ``width`` characters."""
    signs = token_signs(seats, width)
    text = Text(" " * (width - len(signs)))
    for sign in signs:
        text.append(sign, SEAT_STYLES[SIGNS.index(sign)] if sign in SIGNS else "")
    return text


def _owner(look: Look) -> Text:
    return Text().append(owner_sign(look), SEAT_STYLES[look.owner] if look.owner >= 0 else "")


def _level(look: Look) -> Text:
    sign = building_sign(look.level)
    return Text().append(sign, "" if sign == " " else HOTEL_STYLE if look.level >= HOTEL else HOUSE_STYLE)


def _name(look: Look, square: int, width: int) -> Text:
    return Text().append(
        short_name(square, width - (look.group >= 0)).ljust(width), GROUP_STYLES[look.group] if look.group >= 0 else ""
    )


def _jail(look: Look, width: int) -> Text:
    text = Text("[")
    text.append_text(tokens(look.inmates, min(len(look.inmates), width - 2)))
    return pad(text.append("]"), width)


def _tall_cell(game: np.record, square: int, width: int) -> tuple[Text, Text]:
    """Return a square in two lines: name and owner, buildings and tokens."""
    look = square_look(game, square)
    if look.inmates:
        return _jail(look, width), Text(" ").append_text(tokens(look.tokens, width - 1))
    if look.group < 0:
        return _name(look, square, width), Text(" ").append_text(tokens(look.tokens, width - 1))
    first = _name(look, square, width - 1).append_text(_owner(look))
    return first, _level(look).append_text(tokens(look.tokens, width - 1))


def _flat_cell(game: np.record, square: int, width: int) -> Text:
    """Return a square in one line: name, owner, buildings, tokens."""
    look = square_look(game, square)
    room = width - 3 - 8
    if look.group < 0:
        text = _jail(look, 9).append(" ") if look.inmates else _name(look, square, 10)
    else:
        text = _name(look, square, 8).append_text(_owner(look)).append_text(_level(look))
    return pad(text.append(" ").append_text(tokens(look.tokens, room)), width)


def _row(game: np.record, row: int, width: int, join: str) -> list[Text]:
    """Return the two lines of the top or bottom row."""
    cells = [_tall_cell(game, RING[row, column], width) for column in range(SIDE)]
    return [Text(join).join(cell[part] for cell in cells) for part in range(2)]


def full_ring(game: np.record, width: int, middle: list[Text], unicode: bool = True) -> list[Text]:
    """Return the ring with lines between the squares.

    Args:
        game: a game record.
        width: columns of a square, six at least.
        middle: the lines inside, ``full_middle(width)`` of them at most.
        unicode: draw with box characters.
    """
    line = _Lines(width, "─│┌┬┐├┼┤└┴┘" if unicode else "-|+++++++++")
    inside, rows = full_middle(width)
    middle = [pad(Text(" ").append_text(text), inside) for text in middle[:rows]]
    middle += [Text(" " * inside)] * (rows - len(middle))
    bar = line.bar
    lines = [Text(line.edge(0, 0))]
    lines += [Text(bar).append_text(text).append(bar) for text in _row(game, 0, width, bar)]
    lines.append(Text(line.edge(1, 2)))
    for row in range(1, SIDE - 1):
        left, right = (_tall_cell(game, RING[row, column], width) for column in (0, SIDE - 1))
        for part in range(2):
            lines.append(Text(bar).join([Text(), left[part], middle.pop(0), right[part], Text()]))
        if row < SIDE - 2:
            lines.append(Text(line.side).append_text(middle.pop(0)).append(line.side))
    lines.append(Text(line.edge(1, 0)))
    lines += [Text(bar).append_text(text).append(bar) for text in _row(game, SIDE - 1, width, bar)]
    lines.append(Text(line.edge(2, 2)))
    return lines


class _Lines:
    """The lines between the squares, drawn with ``signs``: horizontal, vertical, and nine crossings, row by row."""

    def __init__(self, width: int, signs: str) -> None:
        self._dash, self.bar = signs[0] * width, signs[1]
        self._crossings = signs[2:]
        self.side = f"{signs[5]}{self._dash}{signs[7]}"

    def edge(self, row: int, inner: int) -> str:
        """Return a line across: its own crossings from ``row`` (0 top, 1 middle, 2 bottom), those inside from ``inner``."""
        left, outer, right = self._crossings[3 * row : 3 * row + 3]
        joints = [outer, *[self._crossings[3 * inner + 1]] * (SIDE - 3), outer]
        return left + self._dash + "".join(joint + self._dash for joint in joints) + right


def full_middle(width: int) -> tuple[int, int]:
    """Return columns and rows inside the ring of ``full_ring``."""
    return (width + 1) * (SIDE - 2) - 1, 3 * (SIDE - 2) - 1


SIDE_WIDTH = 14  # of the squares left and right in the compact ring
COMPACT_ROWS = 4 + SIDE - 2


def compact_ring(game: np.record, width: int, middle: list[Text]) -> list[Text]:
    """Return the ring in ``COMPACT_ROWS`` lines, without lines between the squares.

    Args:
        game: a game record.
        width: columns of the whole ring, 76 at least.
        middle: the lines inside, nine at most.
    """
    cell = (width + 1) // SIDE - 1
    total = SIDE * (cell + 1) - 1
    inside = total - 2 * SIDE_WIDTH - 2
    lines = _row(game, 0, cell, " ")
    for row in range(1, SIDE - 1):
        left, right = (_flat_cell(game, RING[row, column], SIDE_WIDTH) for column in (0, SIDE - 1))
        text = middle[row - 1] if row <= len(middle) else Text()
        lines.append(Text(" ").join([left, pad(text, inside), right]))
    return lines + _row(game, SIDE - 1, cell, " ")


def compact_middle(width: int) -> tuple[int, int]:
    """Return columns and rows inside the ring of ``compact_ring``."""
    total = SIDE * ((width + 1) // SIDE) - 1
    return total - 2 * SIDE_WIDTH - 2, SIDE - 2
