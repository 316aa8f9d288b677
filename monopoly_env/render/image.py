"""The picture of a game, painted by Pillow.

Names, bands and lines never change, so they are drawn once; a frame copies them and adds owners, buildings, tokens and money.
"""

import textwrap
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageDraw import ImageDraw as Draw

from monopoly_env.board import FREE_PARKING, GO, GO_TO_JAIL, HOTEL, JAIL, SQUARES
from monopoly_env.game import CAPPED, DECIDED, new_game
from monopoly_env.render.ring import (
    GROUP_PAINTS,
    HOTEL_PAINT,
    HOUSE_PAINT,
    SEAT_PAINTS,
    SIDE,
    SIGNS,
    SquareView,
    place_of,
    player_name,
    ring_place,
    square_view,
)
from monopoly_env.rules.property import net_worth

CELL = 72  # pixels a square
SIZE = SIDE * CELL + 1  # pixels a side of the picture
BAND = 15
_BOARD, _PAPER, _MORTGAGED, _TURN = "#d6e8da", "#f7faf5", "#c1c3bf", "#eef5ee"
_INK, _GREY, _FAINT, _WHITE, _WARNING = "#191919", "#6a6a6a", "#aaaaaa", "#ffffff", "#961414"
_FINER = 4  # times, for the discs: Pillow does not smooth their edges itself


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(pixels)


def _write(draw: Draw, place: tuple[float, float], text: str, pixels: int, colour: str, bold: bool = False, anchor: str = "la"):
    """Write a line of text; ``anchor``: what of it is at ``place``, "la" its top left, "mm" its middle."""
    draw.text(place, text, colour, _font(pixels), anchor, stroke_width=0.4 if bold else 0, stroke_fill=colour)


@lru_cache(maxsize=64)
def _token(sign: str, colour: str, radius: int, jailed: bool) -> Image.Image:
    """Return a player's token with a white rim and its sign, or bars where it is in jail; RGBA."""
    size = 2 * radius + 1
    large = Image.new("RGBA", (size * _FINER, size * _FINER))
    draw = ImageDraw.Draw(large)
    draw.ellipse((0, 0, size * _FINER - 1, size * _FINER - 1), _WHITE)
    draw.ellipse((_FINER, _FINER, (size - 1) * _FINER - 1, (size - 1) * _FINER - 1), colour)
    token = large.reduce(_FINER)
    draw = ImageDraw.Draw(token)
    if jailed:
        for bar in (-4, 0, 4):
            draw.line((radius + bar, 1, radius + bar, size - 2), _WHITE)
    else:
        _write(draw, (radius + 0.5, radius + 0.5), sign, round(1.3 * radius), _WHITE, bold=True, anchor="mm")
    return token


@cache
def _plate(seat: int) -> Image.Image:
    """Return the sign that stands on a seat's titles."""
    plate = Image.new("RGB", (14, 13), SEAT_PAINTS[seat].ground)
    _write(ImageDraw.Draw(plate), (7, 6.5), SIGNS[seat], 11, _WHITE, bold=True, anchor="mm")
    return plate


def _corner(square: int) -> tuple[int, int]:
    """Return ``(x, y)`` of a square's upper left corner."""
    row, column = ring_place(square)
    return column * CELL, row * CELL


def _draw_square(draw: Draw, square: int, view: SquareView) -> None:
    x, y = _corner(square)
    draw.rectangle((x, y, x + CELL, y + CELL), _PAPER, _INK)
    first = y + 4
    if view.group >= 0:
        draw.rectangle((x, y, x + CELL, y + BAND), GROUP_PAINTS[view.group].ground, _INK)
        first = y + BAND + 3
    big = square in (GO, JAIL, FREE_PARKING, GO_TO_JAIL)
    lines = textwrap.wrap(view.name.removesuffix(" Avenue"), 8 if big else 13)
    pixels = 13 if big else 9 if max(map(len, lines)) > 11 else 11
    for number, line in enumerate(lines):
        _write(draw, (x + 4, first + number * 13), line, pixels, _INK, bold=big)


@cache
def _empty_board() -> Image.Image:
    image = Image.new("RGB", (SIZE, SIZE), _BOARD)
    draw = ImageDraw.Draw(image)
    game = new_game(2, seed=0)
    for square in range(SQUARES):
        _draw_square(draw, square, square_view(game, square))
    return image


def _draw_holding(image: Image.Image, draw: Draw, square: int, view: SquareView) -> None:
    """Draw the owner's plate, a mortgage and the buildings."""
    x, y = _corner(square)
    if view.mortgaged:
        paper = (x + 1, y + BAND + 1, x + CELL, y + CELL)
        image.paste(image.crop(paper).point(lambda shade: shade * 0.78), paper)
        _write(draw, (x + 18, y + CELL - 2), "mortgaged", 10, _WARNING, anchor="ls")
    if view.level >= HOTEL:
        draw.rectangle((x + 8, y + 3, x + 35, y + BAND - 3), HOTEL_PAINT.ground, _WHITE)
    else:
        for left in range(x + 5, x + 5 + 15 * view.level, 15):
            draw.rectangle((left, y + 3, left + 11, y + BAND - 3), HOUSE_PAINT.ground, _WHITE)
    if view.owner >= 0:
        image.paste(_plate(view.owner), (x + 1, y + CELL - 13))


def _draw_tokens(image: Image.Image, square: int, view: SquareView) -> None:
    x, y = _corner(square)
    for place, seat in enumerate((*view.inmates, *view.tokens)):
        token = _token(SIGNS[seat], SEAT_PAINTS[seat].ground, 9, place < len(view.inmates))
        image.paste(token, (x + 1 + place % 4 * 17, y + CELL - 32 - place // 4 * 17), token)


def _headline(game: np.record, names: Sequence[str] | None) -> str:
    if game.over == DECIDED:
        return f"{player_name(int(game.winner), names)} won in turn {game.turns}"
    return f"Turn {game.turns}" + (": stopped at the turn cap" if game.over == CAPPED else "")


def _draw_players(image: Image.Image, draw: Draw, game: np.record, names: Sequence[str] | None) -> None:
    x, y = 2 * CELL, 2 * CELL
    _write(draw, (x, y), _headline(game, names), 26, _INK, bold=True)
    pot = f", ${game.pot:,} in the pot" if game.pot else ""
    _write(draw, (x, y + 36), f"Bank: {game.houses_left} houses, {game.hotels_left} hotels{pot}", 16, _GREY)
    for seat in range(game.players):
        y = 3 * CELL + seat * 46
        alive = bool(game.alive[seat])
        if seat == game.turn and not game.over:
            draw.rectangle((x - 12, y - 4, x + 6 * CELL + 12, y + 37), _TURN)
        token = _token(SIGNS[seat], SEAT_PAINTS[seat].ground if alive else _FAINT, 13, False)
        image.paste(token, (x - 1, y + 3), token)
        _write(draw, (x + 34, y - 2), player_name(seat, names)[:24], 18, _INK if alive else _GREY, bold=True)
        facts = place_of(game, seat)
        if alive:
            facts = f"${game.cash[seat]:,} cash, worth ${net_worth(game, seat):,}, {facts}"
        _write(draw, (x + 34, y + 19), facts, 15, _GREY)


def draw_board(game: np.record, names: Sequence[str] | None = None) -> np.ndarray:
    """Return the picture of a game, uint8 ``(SIZE, SIZE, 3)``; see ``monopoly_env.render.text.board_rgb``."""
    image = _empty_board().copy()
    draw = ImageDraw.Draw(image)
    for square in range(SQUARES):
        view = square_view(game, square)
        _draw_holding(image, draw, square, view)
        _draw_tokens(image, square, view)
    _draw_players(image, draw, game, names)
    return np.array(image)
