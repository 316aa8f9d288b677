"""The board as text and as a picture."""

import numpy as np
import pytest
from PIL import ImageColor
from rules.situations import table, title

from monopoly_env import board
from monopoly_env.board import CHANCE, SQUARE_OF
from monopoly_env.game import CAPPED, DECIDED, new_game
from monopoly_env.render import ring
from monopoly_env.render import text as render
from monopoly_env.render.image import CELL, SIZE
from monopoly_env.render.ring import SEAT_PAINTS

NAMES = ("You", "Ada", "Bo")


@pytest.fixture
def situation():
    """Three players in the middle of a game."""
    game = table(
        3,
        turn=1,
        turns=1000,
        owns={0: "dark blue", 1: "Short Line, Water Works"},
        built={"dark blue": (4, 5)},
        mortgaged="Water Works",
        cash={0: 1250, 1: 80},
        at={0: "Boardwalk", 2: "Just Visiting"},
        jailed={1: 0},
        jail_cards={CHANCE: 1},
    )
    game.turns = 31
    return game


def test_the_ring_goes_round():
    places = [ring.ring_place(square) for square in range(board.SQUARES)]
    assert places[:2] == [(10, 10), (10, 9)]
    assert [places[i] for i in (10, 20, 30, 39)] == [(10, 0), (0, 0), (0, 10), (9, 10)]
    assert len(set(places)) == board.SQUARES
    for here, there in zip(places, places[1:] + places[:1], strict=True):
        assert abs(here[0] - there[0]) + abs(here[1] - there[1]) == 1


@pytest.mark.parametrize("width", range(4, 25))
def test_short_names_fit(width):
    for square in range(board.SQUARES):
        assert 2 <= len(ring.short_name(square, width)) <= width


def test_what_a_square_shows(situation):
    view = ring.square_view(situation, 39)
    assert view == ("Boardwalk", 7, 0, False, 5, (0,), ())
    assert (ring.owner_sign(view), ring.building_sign(view.level)) == ("A", "H")
    jail = ring.square_view(situation, board.JAIL)
    assert (jail.tokens, jail.inmates, jail.group) == ((2,), (1,), -1)
    mortgaged = ring.square_view(situation, int(SQUARE_OF[title("Water Works")]))
    assert ring.owner_sign(mortgaged) == "b"
    assert ring.owner_sign(ring.square_view(situation, 1)) == " "


def test_a_bankrupt_player_has_no_token(situation):
    situation.alive[2] = 0
    assert ring.square_view(situation, board.JAIL).tokens == ()
    assert ring.place_of(situation, 2) == "bankrupt"
    assert [ring.place_of(situation, seat) for seat in (0, 1)] == ["Boardwalk", "in jail"]


def test_tokens_that_do_not_fit():
    assert ring.token_signs((0, 1, 2), 3) == "ABC"
    assert ring.token_signs((0, 1, 2), 2) == "A+"


PLAYERS = """\
Turn 31 of 1000; the bank has 28 houses and 11 hotels.
 A You: $1,250 cash, worth $3,800, Boardwalk
    dark blue (whole group): Park Place (4), Boardwalk (hotel)
>B Ada: $80 cash, worth $355, in jail (1 jail card)
    railroads: Short Line
    utilities: Water Works (mortgaged)
 C Bo: $1,500 cash, worth $1,500, Just Visiting"""


def test_the_players_in_words(situation):
    assert render.board_text(situation, NAMES, width=77) == PLAYERS


def test_the_board_in_text(situation):
    lines = render.board_text(situation, NAMES).split("\n")
    assert "\n".join(lines[34:]) == PLAYERS
    assert len(lines[0]) == 78 and set(lines[0]) == set("+-")
    assert lines[28:30] == [
        "|StCh  |                                                              |Bdwk A|",
        "|      |                                                              |H    A|",
    ]
    assert "|[B]   |" in render.board_text(situation, NAMES) and "|Watr b|" in lines[1]
    assert max(map(len, lines)) <= 80 and render.board_text(situation, NAMES).isascii()


@pytest.mark.parametrize("width", [40, 78, 80, 120, 200])
def test_text_keeps_to_its_width(situation, width):
    lines = render.board_text(situation, ("A", "B", "C"), width).split("\n")
    assert (len(lines) > 35) == (width >= 78)
    assert all(len(line) <= width for line in lines)


def test_the_end_in_words(situation):
    situation.over, situation.winner = DECIDED, 2
    assert render.board_text(situation, NAMES, 76).startswith("Bo won in turn 31; the bank")
    situation.over = CAPPED
    assert render.board_text(situation, None, 76).startswith("Stopped without a winner at the turn cap of 1000;")
    assert "Seat 2" in render.board_text(situation)


def test_the_picture(situation):
    image = render.board_rgb(situation, NAMES)
    assert image.shape == (SIZE, SIZE, 3) == (793, 793, 3) and image.dtype == np.uint8
    assert (image == render.board_rgb(situation, NAMES)).all()


def cell(image, square):
    row, column = ring.ring_place(square)
    return image[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]


def has_colour(part, colour):
    return (part == np.array(ImageColor.getrgb(colour))).all(axis=2).sum() > 20


def test_the_picture_shows_owners_buildings_and_tokens():
    game = new_game(2, seed=0)
    before = render.board_rgb(game)
    square = int(SQUARE_OF[title("Boardwalk")])
    assert not has_colour(cell(before, square), SEAT_PAINTS[1].ground)
    game.owner[title("Boardwalk")] = 1
    owned = render.board_rgb(game)
    assert has_colour(cell(owned, square), SEAT_PAINTS[1].ground)
    game.houses[title("Boardwalk")] = 3
    built = render.board_rgb(game)
    assert (cell(built, square) != cell(owned, square)).any()
    game.position[0] = square
    moved = render.board_rgb(game)
    assert has_colour(cell(moved, square), SEAT_PAINTS[0].ground) and not has_colour(cell(moved, 0), SEAT_PAINTS[0].ground)
    for other in range(1, 38):
        assert (cell(before, other) == cell(moved, other)).all(), "only what has changed is drawn differently"
