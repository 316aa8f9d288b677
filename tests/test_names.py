"""The one reader of names: what people and files may write, and what they mean by it."""

import pytest

from monopoly_env.board import GROUPS, SQUARE_NAMES, SQUARE_OF, TITLE_NAMES
from monopoly_env.render.ring import short_name
from monopoly_env.text.names import group_named, seat_named, seats_meant, square_named, title_named, titles_meant

READ = {
    "boardwalk": "Boardwalk",
    "Board Walk": "Boardwalk",
    "board": "Boardwalk",
    "bo": "Boardwalk",
    "b&o": "B. & O. Railroad",
    "B. & O.": "B. & O. Railroad",
    "b and o railroad": "B. & O. Railroad",
    "BORR": "B. & O. Railroad",
    "NoCa": "North Carolina Avenue",
    "carolina": "North Carolina Avenue",
    "nc": "North Carolina Avenue",
    "PaRR": "Pennsylvania Railroad",
    "Penn. RR": "Pennsylvania Railroad",
    "Pennsylv.": "Pennsylvania Avenue",
    "Pennsylvania": "Pennsylvania Avenue",
    "WaterWrks": "Water Works",
    "St.Charls": "St. Charles Place",
    "st charles": "St. Charles Place",
    "ny": "New York Avenue",
    "york": "New York Avenue",
    "ShortLine": "Short Line",
    "elec": "Electric Company",
}


@pytest.mark.parametrize("text", READ)
def test_a_title_by_what_people_write(text):
    assert [TITLE_NAMES[title] for title in titles_meant(text)] == [READ[text]]


@pytest.mark.parametrize("text", ["rail", "p", "place", "m"])
def test_what_could_be_several_titles_is_all_of_them(text):
    assert len(titles_meant(text)) > 1


@pytest.mark.parametrize("text", ["", " ", "walk", "any", "mpa", "xyz", "&", "boardwalk baltic", "\u00b2"])
def test_what_is_no_title(text):
    assert titles_meant(text) == []


def test_every_short_form_on_the_drawn_board_is_that_square():
    for title, square in enumerate(SQUARE_OF.tolist()):
        assert titles_meant(TITLE_NAMES[title]) == [title] == [title_named(TITLE_NAMES[title].upper())]
        for width in range(4, 22):
            assert title_named(short_name(square, width)) == title


def test_groups_and_squares():
    assert [group_named(name.upper()) for name in GROUPS] == list(range(10))
    assert group_named("Boardwalk") is None
    assert square_named("free parking") == SQUARE_NAMES.index("Free Parking")
    assert square_named("baltic") == 3 and square_named("go") == 0
    assert square_named("Chance") is None and square_named("Community Chest") is None


def test_a_player_by_name_letter_or_beginning():
    names = ("You", "Ada", "Ben")
    assert seats_meant("ben", names) == seats_meant("BE", names) == [2]
    assert seats_meant("c", names) == [2]
    assert seats_meant("a", names) == [0, 1], "A is the first player's letter, and Ada begins with it"
    assert seats_meant("b", names) == [1, 2]
    assert seats_meant("b", ("You", "Ben", "Cleo")) == [1]
    assert seats_meant("b", ("Ann", "Bo", "B")) == [2], "a whole name comes first"
    assert seats_meant("zoe", names) == seats_meant("", names) == []


def test_names_that_differ_in_case_alone():
    assert seat_named("ann", ("Ann", "ann")) == 1 and seat_named("Ann", ("Ann", "ann")) == 0
    assert seat_named("ANN", ("Ann", "ann")) is None and seat_named("ANN", ("Ann", "Bo")) == 0
