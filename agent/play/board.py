"""The board on the whole screen: forty squares around the middle, each as large as the window allows.

A title shows its name in the colours of its group, its owner on a white label, and the price or the rent that is due there now;
the players who stand on a square come behind a dot, in the colours of their tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from agent.play.panels import wrapped
from agent.play.view import View
from monopoly_env.board import (
    GROUP_OF,
    HOTEL,
    INCOME_TAX,
    INCOME_TAX_DUE,
    LUXURY_TAX,
    LUXURY_TAX_DUE,
    PRICE,
    SQUARE_NAMES,
    SQUARES,
    TITLE_AT,
    UTILITIES,
)
from monopoly_env.render.ring import (
    GROUP_PAINTS,
    HOTEL_PAINT,
    HOUSE_PAINT,
    SEAT_PAINTS,
    SIGNS,
    Paint,
    SquareView,
    building_sign,
    owner_sign,
    short_name,
    square_view,
)
from monopoly_env.rules.property import rent_due

OWNER_PAINTS = tuple(Paint(paint.ground, "#ffffff", bold=True) for paint in SEAT_PAINTS)
_TAXES = {INCOME_TAX: INCOME_TAX_DUE, LUXURY_TAX: LUXURY_TAX_DUE}
_WIDE = 12  # columns of a square in which an owner stands by name


class Square(Widget):
    """One square of the board."""

    class Picked(Message):
        """Somebody clicked on the square of a title."""

        def __init__(self, title: int) -> None:
            super().__init__()
            self.title = title

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.shown: View | None = None

    def render(self) -> Text:
        """Draw the square as the game stands."""
        if self.shown is None or not self.size:
            return Text()
        lines = square_lines(self.shown.game, self.shown.names, self.number, *self.size)
        return Text("\n", no_wrap=True).join(lines)

    def on_click(self, event: events.Click) -> None:
        """Ask for the deed."""
        if TITLE_AT[self.number] >= 0:
            self.post_message(self.Picked(int(TITLE_AT[self.number])))


def squares_on_the_way(before: np.record, after: np.record) -> set[int]:
    """Return the squares that tokens pass between two states of a game, both ends included."""
    return {square for way in _ways(before, after).values() for square in way}


def on_the_way(before: np.record, after: np.record, part: float) -> np.record:
    """Return a game as it is ``after``, with the tokens that part (0.0 to 1.0) of their way from where they were ``before``."""
    game = after.copy()
    for seat, way in _ways(before, after).items():
        game.position[seat] = way[int(part * (len(way) - 1))]
    return game


def _ways(before: np.record, after: np.record) -> dict[int, list[int]]:
    """Return by seat the squares from where it was to where it is now; none for who did not move, and for who went to jail."""
    ways = {}
    for seat in range(after.players):
        start, steps = int(before.position[seat]), int(after.position[seat] - before.position[seat]) % SQUARES
        if after.alive[seat] and steps and not after.jailed[seat]:
            back = steps == SQUARES - 3  # "Go back 3 spaces"
            ways[seat] = [(start + (-step if back else step)) % SQUARES for step in range(4 if back else steps + 1)]
    return ways


def square_lines(game: np.record, names: Sequence[str], square: int, width: int, height: int) -> list[Text]:
    """Return a square in ``height`` lines, two at least: names first, the tokens last, and between them what it costs."""
    view = square_view(game, square)
    standing = _standing(view, width)
    if view.group < 0:
        rest = [Text(f"pay ${_TAXES[square]}"[-width:])] if square in _TAXES and height > 2 else []
        return _filled([*_name(square, width, height - 1 - len(rest)), *rest], standing, height)
    paint, title = GROUP_PAINTS[view.group].style, int(TITLE_AT[square])
    if height == 2:
        name = Text(short_name(square, width - 2).ljust(width - 1), paint)
        return [name.append_text(_owner(view, names, 1)), standing]
    bar = [Text(line.plain.ljust(width), paint) for line in _name(square, width, height - 2)]
    return _filled([*bar, _money(game, title, view, names, width)], standing, height)


def _filled(lines: list[Text], last: Text, height: int) -> list[Text]:
    return [*lines, *[Text()] * (height - 1 - len(lines)), last]


def _name(square: int, width: int, lines: int) -> list[Text]:
    """Return the whole name where it fits into so many lines, else a short one."""
    whole = wrapped(SQUARE_NAMES[square], width) if max(map(len, SQUARE_NAMES[square].split())) <= width else []
    fits = 0 < len(whole) <= lines
    return whole if fits else [Text(short_name(square, width))]


def _owner(view: SquareView, names: Sequence[str], width: int) -> Text:
    """Return the owner's letter or name on a label, small for a mortgaged title."""
    if view.owner < 0:
        return Text(" " * width)
    text = owner_sign(view)
    if width > 1:
        name = names[view.owner][:width]
        text = name.lower() if view.mortgaged else name
    return Text().append(text, OWNER_PAINTS[view.owner].style)


def _money(game: np.record, title: int, view: SquareView, names: Sequence[str], width: int) -> Text:
    """Return the price of a title nobody owns, or its owner and what rent is due there now."""
    if view.owner < 0:
        return Text(f"${PRICE[title]}")
    if view.mortgaged:
        amount = "no rent"
    elif GROUP_OF[title] == UTILITIES:
        amount = f"{rent_due(game, title, 1, 0)}x dice"
    else:
        amount = f"${rent_due(game, title, 0, 0)}"
    line = _owner(view, names, width - len(amount) - 1 if width >= _WIDE else 1)
    return line.append(f"{amount[: width - line.cell_len - 1]:>{width - line.cell_len}}")


def _standing(view: SquareView, width: int) -> Text:
    """Return the buildings on a square and, flush right, the tokens; those in jail in brackets."""
    line = Text()
    if view.level:
        line.append(building_sign(view.level), (HOTEL_PAINT if view.level >= HOTEL else HOUSE_PAINT).style)
    tokens = Text()
    for seats, before, after in ((view.inmates, "[", "]"), (view.tokens, "●", "")):
        if not seats:
            continue
        tokens.append(before, "" if view.inmates and seats is view.inmates else SEAT_PAINTS[seats[0]].style)
        for seat in seats:
            tokens.append(SIGNS[seat], SEAT_PAINTS[seat].style)
        tokens.append(after)
    room = width - line.cell_len
    if tokens.cell_len > room:
        tokens.truncate(room - 1)
        tokens.append("+")
    return line.append(" " * (room - tokens.cell_len)).append_text(tokens)
