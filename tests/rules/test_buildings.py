"""Chapter "Buildings": R34 to R39."""

import pytest

from monopoly_env.actions import BUILD, SELL
from monopoly_env.board import HOUSE_COST
from monopoly_env.engine import free_moves

from .situations import (
    answers,
    asks,
    comes_to_manage,
    gives,
    group,
    lands,
    legal,
    play,
    refuses,
    stands_on,
    stands_still,
    table,
    title,
    titles_of,
)


def levels(game, name):
    return [int(game.houses[title(street)]) for street in titles_of(name)]


def builder(name, built=0, cash=5000, **situation):
    """A table where seat 0 holds a group with these buildings and is at the end of its turn."""
    return comes_to_manage(table(owns={0: name}, built={name: built}, cash={0: cash}, **situation))


def person(name, built=0, cash=5000, **situation):
    """The same for a person, who may do anything to any title."""
    return builder(name, built, cash, people=[0], **situation)


def test_r34_the_owner_of_the_whole_group_builds():
    game = builder("red")
    asks(game, 0, "MANAGE", "red")
    assert legal(game) == {"PASS", "BUILD"}
    play(game, BUILD)
    assert levels(game, "red") == [0, 0, 1] and game.cash[0] == 4850


def test_r34_not_with_a_street_missing():
    game = table(owns={0: "Kentucky Avenue, Indiana Avenue"})
    assert stands_still(comes_to_manage(game))
    game = comes_to_manage(table(owns={0: "Kentucky Avenue, Indiana Avenue"}, people=[0]))
    refuses(game, "R34", free_moves.build, title("Indiana Avenue"))


def test_r34_not_with_a_street_mortgaged():
    game = comes_to_manage(table(owns={0: "red"}, mortgaged="Kentucky Avenue"))
    assert legal(game) == {"PASS", "REDEEM"}
    game.manual[0] = 1
    refuses(game, "R34", free_moves.build, title("Illinois Avenue"))


@pytest.mark.parametrize("name", ["railroads", "utilities"])
def test_r34_nothing_is_built_on_railroads_and_utilities(name):
    game = table(owns={0: name})
    assert stands_still(comes_to_manage(game))
    game = person(name)
    refuses(game, "R34", free_moves.build, title(titles_of(name)[0]))


def test_r35_building_is_even_dearest_street_first():
    game = builder("orange")
    seen = []
    for _ in range(15):
        play(game, BUILD)
        seen.append(levels(game, "orange"))
        assert max(seen[-1]) - min(seen[-1]) <= 1
    assert seen[:4] == [[0, 0, 1], [0, 1, 1], [1, 1, 1], [1, 1, 2]]
    assert seen[-1] == [5, 5, 5] and game.cash[0] == 5000 - 15 * 100
    assert stands_still(game)


def test_r35_selling_is_even_cheapest_street_first():
    game = lands(table(owns={0: "orange"}, built={"orange": (2, 2, 3)}, cash={0: 0}), "Income Tax")
    seen = []
    for _ in range(4):
        play(game, SELL)
        seen.append(levels(game, "orange"))
    assert seen == [[2, 2, 2], [1, 2, 2], [1, 1, 2], [1, 1, 1]] and game.cash[0] == 0


def test_r35_uneven_selling_is_refused():
    game = person("orange", (2, 2, 3))
    refuses(game, "R35", free_moves.sell, title("St. James Place"))
    free_moves.sell(game, title("New York Avenue"))
    assert levels(game, "orange") == [2, 2, 2]


PRICES = dict(zip(range(8), (50, 50, 100, 100, 150, 150, 200, 200), strict=True))


@pytest.mark.parametrize("name", ["brown", "light blue", "pink", "orange", "red", "yellow", "green", "dark blue"])
def test_r36_a_house_costs_what_the_deed_says(name):
    game = play(builder(name), BUILD)
    assert game.cash[0] == 5000 - PRICES[group(name)] and game.houses_left == 31
    assert HOUSE_COST[group(name)] == PRICES[group(name)]


def test_r36_a_hotel_gives_four_houses_back():
    game = builder("dark blue", (4, 4))
    assert (game.houses_left, game.hotels_left) == (24, 12)
    play(game, BUILD)
    assert levels(game, "dark blue") == [4, 5] and game.cash[0] == 4800
    assert (game.houses_left, game.hotels_left) == (28, 11)
    play(game, BUILD)
    assert (game.houses_left, game.hotels_left) == (32, 10) and stands_still(game)


@pytest.mark.parametrize(
    ("name", "built", "bank", "street", "rule"),
    [
        ("orange", (1, 0, 0), {}, "St. James Place", "R35"),
        ("orange", (1, 0, 1), {}, "New York Avenue", "R35"),
        ("dark blue", (3, 4), {}, "Boardwalk", "R35"),  # no hotel before four houses everywhere
        ("dark blue", (5, 5), {}, "Boardwalk", "R36"),  # one hotel a street
        ("dark blue", 0, {"houses_left": 0}, "Boardwalk", "R37"),
        ("dark blue", 4, {"hotels_left": 0}, "Boardwalk", "R37"),
    ],
)
def test_r35_r36_r37_what_not_even_a_person_may_build(name, built, bank, street, rule):
    refuses(person(name, built, **bank), rule, free_moves.build, title(street))


def test_r37_a_program_builds_what_the_bank_has():
    assert stands_still(builder("dark blue", houses_left=0))
    assert stands_still(builder("dark blue", (4, 5), hotels_left=0))  # no house instead of a hotel
    game = play(builder("dark blue", houses_left=1), BUILD)
    assert game.houses_left == 0 and levels(game, "dark blue") == [0, 1] and stands_still(game)
    game = play(builder("dark blue", 4, houses_left=0), BUILD)  # a hotel needs no house from the bank
    assert levels(game, "dark blue") == [4, 5] and game.houses_left == 4


@pytest.mark.parametrize("name", ["brown", "light blue", "pink", "orange", "red", "yellow", "green", "dark blue"])
def test_r38_sold_at_half_cost(name):
    game = person(name, 1, cash=0)
    free_moves.sell(game, title(titles_of(name)[0]))
    assert game.cash[0] == PRICES[group(name)] // 2


def test_r38_a_hotel_sells_for_half_its_own_price_and_leaves_four_houses():
    game = person("green", (5, 5, 5), cash=0)
    free_moves.sell(game, title("Pacific Avenue"))
    assert levels(game, "green") == [4, 5, 5] and game.cash[0] == 100
    assert (game.houses_left, game.hotels_left) == (28, 10)


def test_r38_nobody_sells_the_buildings_of_others():
    game = person("green", (1, 1, 1))
    gives(game, 1, "red")
    stands_on(game, "red", 1, 1, 1)
    refuses(game, "does not belong", free_moves.sell, title("Illinois Avenue"))
    gives(game, 0, "Boardwalk")
    refuses(game, "R38", free_moves.sell, title("Boardwalk"))


# Before the sale, houses in the bank, after the sale (levels in all), worked by hand: the group may keep as many houses as
# stand on it and lie in the bank together, never more than four a street.
SHORTAGES = [
    ((5, 4, 4), 0, 8),
    ((5, 4, 4), 1, 9),
    ((5, 4, 4), 2, 10),
    ((5, 4, 4), 3, 11),
    ((5, 4, 4), 4, 12),
    ((5, 4, 4), 9, 12),
    ((5, 5, 4), 0, 4),
    ((5, 5, 4), 1, 5),
    ((5, 5, 4), 2, 6),
    ((5, 5, 4), 3, 7),
    ((5, 5, 4), 4, 13),  # the other hotel stays
    ((5, 5, 5), 0, 0),
    ((5, 5, 5), 1, 1),
    ((5, 5, 5), 2, 2),
    ((5, 5, 5), 3, 3),
    ((5, 5, 5), 4, 14),
]


@pytest.mark.parametrize(("before", "in_bank", "after"), SHORTAGES)
@pytest.mark.parametrize("turned", range(3))
def test_r39_a_hotel_sold_in_a_shortage(before, in_bank, after, turned):
    before = before[turned:] + before[:turned]
    game = person("orange", before, houses_left=in_bank, cash=0)
    stood = sum(level for level in before if level < 5)
    hotels = int(game.hotels_left)
    free_moves.sell(game, title(titles_of("orange")[before.index(5)]))
    built = levels(game, "orange")
    assert sum(built) == after and max(built) - min(built) <= 1
    assert game.cash[0] == 50 * (sum(before) - after)
    assert game.houses_left == in_bank + stood - sum(level for level in built if level < 5) >= 0
    assert game.hotels_left == hotels + before.count(5) - built.count(5)


@pytest.mark.parametrize(("before", "in_bank", "after"), [((5, 5), 0, 0), ((5, 5), 3, 3), ((4, 5), 0, 4), ((4, 5), 3, 7)])
def test_r39_in_a_group_of_two_streets(before, in_bank, after):
    game = person("dark blue", before, houses_left=in_bank, cash=0)
    free_moves.sell(game, title("Boardwalk"))
    built = levels(game, "dark blue")
    assert sum(built) == after and max(built) - min(built) <= 1 and game.cash[0] == 100 * (sum(before) - after)


def test_r39_in_a_debt():
    game = lands(table(owns={0: "orange"}, built={"orange": (4, 4, 5)}, cash={0: 0}, houses_left=1), "Luxury Tax")
    answers(game, 0, "LIQUIDATE", "orange", SELL)  # 13 levels down to 9 houses: 4 x $50, and $100 tax
    assert levels(game, "orange") == [3, 3, 3] and game.cash[0] == 100 and game.houses_left == 0
    assert game.hotels_left == 12


def test_r39_a_house_is_sold_without_any_shortage():
    game = person("orange", (3, 4, 4), houses_left=0, cash=0)
    free_moves.sell(game, title("New York Avenue"))
    assert levels(game, "orange") == [3, 4, 3] and game.houses_left == 1 and game.cash[0] == 50
