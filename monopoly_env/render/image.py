"""The picture of a game: squares drawn into a NumPy array, text by the font engine and the font that come with Matplotlib.

Names, bands and lines never change, so they are drawn once; a frame copies them and adds owners, buildings, tokens and money.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from monopoly_env.board import FREE_PARKING, GO, GO_TO_JAIL, GROUPS, HOTEL, JAIL, SQUARES
from monopoly_env.game import CAPPED, DECIDED
from monopoly_env.render.ring import SIDE, SIGNS, SquareView, place_of, player_name, ring_place, square_view
from monopoly_env.rules.property import net_worth

CELL = 72  # pixels a square
SIZE = SIDE * CELL + 1  # pixels a side of the picture
BAND = 15
_TOKEN = 9  # radius
_BOARD, _PAPER, _INK, _GREY = (214, 232, 218), (247, 250, 245), (25, 25, 25), (120, 120, 120)
_HOUSE, _HOTEL = (30, 140, 60), (200, 30, 40)

Colour = tuple[int, int, int]

GROUP_COLOURS: tuple[Colour, ...] = (
    (130, 82, 48),
    (150, 210, 240),
    (214, 60, 148),
    (240, 145, 30),
    (222, 40, 44),
    (250, 222, 50),
    (30, 150, 84),
    (24, 92, 172),
    (70, 70, 70),
    (165, 175, 165),
)
SEAT_COLOURS: tuple[Colour, ...] = (
    (202, 38, 50),
    (28, 92, 190),
    (24, 132, 66),
    (150, 66, 178),
    (190, 105, 0),
    (0, 135, 145),
    (100, 100, 100),
    (120, 72, 40),
)
assert len(GROUP_COLOURS) == len(GROUPS) and len(SEAT_COLOURS) == len(SIGNS)


@lru_cache(maxsize=4)
def _font(bold: bool, pixels: int):
    import matplotlib
    from matplotlib.ft2font import FT2Font

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name))
    font.set_size(pixels, 72)
    return font


@lru_cache(maxsize=4096)
def _text_mask(text: str, pixels: int, bold: bool) -> np.ndarray:
    """Return how much ink each pixel of a text takes, float32 ``(height, width, 1)`` in [0, 1]."""
    font = _font(bold, pixels)
    font.set_text(text)
    font.draw_glyphs_to_bitmap(antialiased=True)
    return (np.asarray(font.get_image(), np.float32) / 255.0)[:, :, np.newaxis]


def _write(
    image: np.ndarray,
    text: str,
    row: int,
    column: int,
    pixels: int,
    colour: Colour = _INK,
    *,
    bold: bool = False,
    centred: bool = False,
) -> None:
    """Write a text with its top left corner (``centred``: its centre) at ``(row, column)``, cut off at the picture's edge."""
    if not text.strip():
        return
    mask = _text_mask(text, pixels, bold)
    if centred:
        row, column = row - mask.shape[0] // 2, column - mask.shape[1] // 2
    part = image[row : row + mask.shape[0], column : column + mask.shape[1]]
    mask = mask[: part.shape[0], : part.shape[1]]
    part[:] = (part + mask * (np.array(colour, np.float32) - part)).astype(np.uint8)


@lru_cache(maxsize=8)
def _disc_mask(radius: int) -> np.ndarray:
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)[:, :, np.newaxis]


def _disc(image: np.ndarray, row: int, column: int, radius: int, colour: Colour) -> None:
    part = image[row - radius : row + radius + 1, column - radius : column + radius + 1]
    part[:] = (part + _disc_mask(radius) * (np.array(colour, np.float32) - part)).astype(np.uint8)


def _corner(square: int) -> tuple[int, int]:
    row, column = ring_place(square)
    return row * CELL, column * CELL


def _draw_square(image: np.ndarray, square: int, view: SquareView) -> None:
    top, left = _corner(square)
    image[top : top + CELL + 1, left : left + CELL + 1] = _INK
    image[top + 1 : top + CELL, left + 1 : left + CELL] = _PAPER
    first = top + 5
    if view.group >= 0:
        image[top + 1 : top + BAND, left + 1 : left + CELL] = GROUP_COLOURS[view.group]
        image[top + BAND, left : left + CELL] = _INK
        first = top + BAND + 4
    name = view.name.removesuffix(" Avenue").replace("Pennsylvania", "Pennsylv.").replace("Mediterranean", "Mediterran.")
    words, lines = name.split(), [""]
    big = square in (GO, JAIL, FREE_PARKING, GO_TO_JAIL)
    for word in words:
        if len(f"{lines[-1]} {word}") > (8 if big else 12):
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    for number, line in enumerate(lines):
        _write(image, line, first + number * 12, left + 4, 12 if big else 9, bold=big)


@lru_cache(maxsize=1)
def _empty_board() -> np.ndarray:
    from monopoly_env.game import new_game

    image = np.full((SIZE, SIZE, 3), _BOARD, np.uint8)
    game = new_game(2, seed=0)
    for square in range(SQUARES):
        _draw_square(image, square, square_view(game, square))
    image.flags.writeable = False
    return image


def _draw_holding(image: np.ndarray, square: int, view: SquareView) -> None:
    """Draw the owner's plate, a mortgage and the buildings."""
    top, left = _corner(square)
    if view.mortgaged:
        paper = image[top + BAND + 1 : top + CELL, left + 1 : left + CELL]
        paper[:] = paper * 0.78
        _write(image, "mortgaged", top + CELL - 11, left + 17, 9, (150, 20, 20))
    if view.level >= HOTEL:
        image[top + 3 : top + BAND - 2, left + 8 : left + 36] = 255
        image[top + 4 : top + BAND - 3, left + 9 : left + 35] = _HOTEL
    else:
        for house in range(view.level):
            x = left + 5 + house * 15
            image[top + 3 : top + BAND - 2, x : x + 12] = 255
            image[top + 4 : top + BAND - 3, x + 1 : x + 11] = _HOUSE
    if view.owner >= 0:
        image[top + CELL - 11 : top + CELL, left + 1 : left + 14] = SEAT_COLOURS[view.owner]
        _write(image, SIGNS[view.owner], top + CELL - 6, left + 7, 9, (255, 255, 255), bold=True, centred=True)


def _draw_tokens(image: np.ndarray, square: int, view: SquareView) -> None:
    top, left = _corner(square)
    free, held = view.tokens, view.inmates
    for place, seat in enumerate((*held, *free)):
        x = left + 10 + (place % 4) * (2 * _TOKEN - 1)
        y = top + CELL - 23 - (place // 4) * 17
        _disc(image, y, x, _TOKEN, (255, 255, 255))
        _disc(image, y, x, _TOKEN - 1, SEAT_COLOURS[seat])
        if place < len(held):  # behind bars
            for bar in (-4, 0, 4):
                image[y - _TOKEN + 1 : y + _TOKEN, x + bar] = (255, 255, 255)
        else:
            _write(image, SIGNS[seat], y, x, 11, (255, 255, 255), bold=True, centred=True)


def _headline(game: np.record, names: Sequence[str] | None) -> str:
    if game.over == DECIDED:
        return f"{player_name(int(game.winner), names)} won in turn {game.turns}"
    return f"Turn {game.turns}" + (": stopped at the turn cap" if game.over == CAPPED else "")


def _draw_players(image: np.ndarray, game: np.record, names: Sequence[str] | None) -> None:
    top, left = 2 * CELL, 2 * CELL
    _write(image, _headline(game, names), top, left, 24, bold=True)
    pot = f", ${game.pot:,} in the pot" if game.pot else ""
    _write(image, f"Bank: {game.houses_left} houses, {game.hotels_left} hotels{pot}", top + 34, left, 14, _GREY)
    for seat in range(game.players):
        y = top + 72 + seat * 46
        colour = SEAT_COLOURS[seat] if game.alive[seat] else (170, 170, 170)
        if seat == game.turn and not game.over:
            image[y - 4 : y + 38, left - 12 : left + 6 * CELL + 12] = (238, 245, 238)
        _disc(image, y + 16, left + 12, 12, colour)
        _write(image, SIGNS[seat], y + 16, left + 12, 14, (255, 255, 255), bold=True, centred=True)
        _write(image, player_name(seat, names)[:24], y, left + 34, 16, _INK if game.alive[seat] else _GREY, bold=True)
        facts = place_of(game, seat)
        if game.alive[seat]:
            facts = f"${game.cash[seat]:,} cash, worth ${net_worth(game, seat):,}, {facts}"
        _write(image, facts, y + 20, left + 34, 13, _GREY)


def draw_board(game: np.record, names: Sequence[str] | None = None) -> np.ndarray:
    """Return the picture of a game, uint8 ``(SIZE, SIZE, 3)``; see ``monopoly_env.render.text.board_rgb``."""
    image = _empty_board().copy()
    for square in range(SQUARES):
        view = square_view(game, square)
        _draw_holding(image, square, view)
        _draw_tokens(image, square, view)
    _draw_players(image, game, names)
    return image
