"""The whole screen, driven by keys and mouse (Textual's Pilot): what is on it at three sizes, and which keys count."""

import io
import re
import time

import pytest
from rich.console import Console
from rules.situations import at, load_dice, title

from agent.play.app import Page, TableApp
from agent.play.board import Square, square_lines
from agent.play.terminal import PlainTerminal, say
from monopoly_env.board import SQUARES, TITLE_NAMES

from .screens import EIGHT, FOUR, LARGE, MIDDLE, SMALL, crowded, end_of_turn, middle, play, screen_after
from .sitting import Passive

SIZES = (SMALL, MIDDLE, LARGE)
OFFER = {"seats": "me,me", "names": "You,Ben"}


@pytest.mark.parametrize("size", SIZES)
def test_the_board_the_players_the_story_and_the_question_are_on_every_screen(size):
    text = screen_after(size=size, prepare=middle, **FOUR)
    lines = text.split("\n")
    assert len(lines) <= size[1] and max(map(len, lines)) <= size[0]
    for words in ("Boardwalk is for sale.", "1 Buy Boardwalk for $400 (leaves $362)", "2 ", "> You moved", "Turn 1. Bank: 20"):
        assert words in text
    for name in ("You", "Ben", "Cleo", "Dan"):
        assert re.search(rf"[A-D] {name} +\$", text)
    corner = {SMALL: "Free", MIDDLE: "Parking", LARGE: "Free Parking"}[size]
    assert lines[0].startswith(corner), "the board begins at the upper left"
    assert "F1 Help" in lines[-1] or "f1 Help" in lines[-1]


@pytest.mark.parametrize(("size", "told"), [(MIDDLE, "$4 "), (LARGE, "You")])
def test_larger_squares_say_more(size, told):
    text = screen_after(size=size, prepare=middle, **FOUR)
    assert "pay $200" in text and "no rent" in text and told in text
    if size == LARGE:
        assert "Mediterranean" in text and "Pennsylvania" in text


@pytest.mark.parametrize("size", SIZES)
def test_eight_players_fit(size):
    text = screen_after(size=size, prepare=crowded, **EIGHT)
    for name in ("You", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"):
        assert name in text


def divided(game):
    """Two players share all titles; seat 0 comes to the end of its turn."""
    at(game, 0, 10)
    load_dice(game, (4, 6))
    game.owner[:] = 1
    game.owner[:14] = 0


def test_the_largest_deal_keeps_the_board_and_every_title_can_be_reached():
    async def act(seat):
        await seat.type("deal ben")
        await seat.type("deal")
        assert "Free" in seat.read().split("\n")[0] and "Your deal with Ben." in seat.read()
        await seat.type("1 2 15 16")
        assert "You get" in seat.read() and "cash $1,500 to $1,500" in seat.read()
        await seat.press(*["down"] * 13)
        assert "14 " in seat.read()
        await seat.press("right", "enter")
        assert "[x]" in seat.read()

    play(act, prepare=divided, seats="me,landlord")


def test_owner_and_token_look_different(monkeypatch):
    game = play_nothing().game
    at(game, 0, 39)
    game.owner[title("Boardwalk")] = 0
    for width, height in ((6, 2), (9, 3), (14, 4)):
        first, last = (line for line in square_lines(game, ("You", "Ben"), 39, width, height) if "A" in line or "You" in line)
        owner, token = first.spans[-1].style, last.spans[-1].style
        assert owner != token or first.plain != last.plain
        assert "●A" in last.plain


def play_nothing():
    from .sitting import Sitting

    return Sitting()


@pytest.mark.parametrize("square", range(SQUARES))
def test_a_square_fills_its_place(square):
    game = play_nothing().game
    game.owner[:] = 1
    for width, height in ((6, 2), (7, 3), (10, 3), (13, 4), (20, 6)):
        lines = square_lines(game, ("You", "Fourteen-Tall!"), square, width, height)
        assert len(lines) == height and all(line.cell_len <= width for line in lines)
