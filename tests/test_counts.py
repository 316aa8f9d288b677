"""What a player holds of a group, counted into one integer (``monopoly_env.strength.holdings``), worked by hand."""

import pytest
from rules.situations import mortgaged, stands_on, table, title, titles_of

from monopoly_env.strength.holdings import count_of, unpack


def counted(game, *names):
    """The counts of some titles, added and taken apart: titles, those not mortgaged, levels, list price, dollars to redeem."""
    return unpack(sum(int(count_of(game, title(name))) for name in names))


@pytest.mark.parametrize(
    ("name", "count"),
    [("Baltic Avenue", (1, 1, 0, 60, 0)), ("Boardwalk", (1, 1, 0, 400, 0)), ("Water Works", (1, 1, 0, 150, 0))],
)
def test_a_title_counts_once_with_its_list_price(name, count):
    assert counted(table(), name) == count


@pytest.mark.parametrize(
    ("name", "count"),
    [("Baltic Avenue", (1, 0, 0, 60, 33)), ("Short Line", (1, 0, 0, 200, 110)), ("Water Works", (1, 0, 0, 150, 83))],
)
def test_a_mortgaged_title_is_not_free_and_owes_the_mortgage_and_a_tenth(name, count):
    game = table()
    mortgaged(game, name)
    assert counted(game, name) == count


def test_the_counts_of_a_group_add_up():
    game = table()
    stands_on(game, "orange", 2, 2, 3)
    assert counted(game, *titles_of("orange")) == (3, 3, 7, 560, 0)
    stands_on(game, "green", 5, 5, 5)
    assert counted(game, *titles_of("green")) == (3, 3, 15, 920, 0)
    mortgaged(game, "Reading Railroad", "Short Line")
    assert counted(game, *titles_of("railroads")) == (4, 2, 0, 800, 220)


def test_what_is_added_can_be_taken_off_again():
    game = table()
    mortgaged(game, "Park Place")
    both = int(count_of(game, title("Park Place"))) + int(count_of(game, title("Boardwalk")))
    assert unpack(both) == (2, 1, 0, 750, 193)
    assert unpack(both - int(count_of(game, title("Park Place")))) == (1, 1, 0, 400, 0)
