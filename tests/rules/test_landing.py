"""Chapter "Landing": R7 to R18."""

import pytest

from monopoly_env.actions import BUY, PASS
from monopoly_env.board import GROUP_OF, GROUPS
from monopoly_env.game import BANK, CAPPED

from .situations import asks, bank_dollars, lands, legal, pass_on, play, square, table, title


def test_r07_an_unowned_title_is_bought_at_list_price():
    game = lands(table(), "Boardwalk")
    asks(game, 0, "PURCHASE", "dark blue")
    assert legal(game) == {"PASS", "BUY"}
    play(game, BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 1100 and bank_dollars(game) == -6000 + 400


def test_r07_the_last_dollar_buys():
    game = play(lands(table(cash={0: 400}), "Boardwalk"), BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 0


def test_r08_a_declined_title_is_auctioned_at_once():
    game = play(lands(table(), "Boardwalk"), PASS)
    asks(game, 1, "AUCTION", "dark blue")  # left of the decliner


@pytest.mark.parametrize(
    ("owned", "cash", "decision"),
    [
        ((), 399, (1, "AUCTION", "dark blue")),
        ("Reading Railroad", 300, (0, "PURCHASE", "dark blue")),  # mortgage value 100
        ("Reading Railroad", 299, (1, "AUCTION", "dark blue")),
    ],
)
def test_r08_without_asking_if_the_price_cannot_be_raised(owned, cash, decision):
    asks(lands(table(owns={0: owned}, cash={0: cash}), "Boardwalk"), *decision)


def test_r09_own_and_mortgaged_titles_cost_nothing():
    game = pass_on(lands(table(owns={0: "Boardwalk"}), "Boardwalk"))
    assert game.cash.tolist()[:4] == [1500] * 4
    game = lands(table(owns={1: "dark blue"}, mortgaged="Boardwalk"), "Boardwalk")
    assert game.cash.tolist()[:4] == [1500] * 4 and game.over == CAPPED


def test_r09_nobody_owes_rent_to_itself():
    """Seen with no cash and in the count of rents: a rent paid to oneself would leave cash and ledger as they were."""
    game = lands(table(owns={0: "dark blue"}, built={"dark blue": 5}, cash={0: 0}), "Boardwalk")
    assert game.alive[0] and not game.debts and game.houses[title("Boardwalk")] == 5
    assert game.rent.sum() == 0


# The deeds in full, typed from the cards: base, 1, 2, 3, 4 houses, hotel.
DEEDS = {
    "Mediterranean Avenue": (60, 2, 10, 30, 90, 160, 250),
    "Baltic Avenue": (60, 4, 20, 60, 180, 320, 450),
    "Oriental Avenue": (100, 6, 30, 90, 270, 400, 550),
    "Vermont Avenue": (100, 6, 30, 90, 270, 400, 550),
    "Connecticut Avenue": (120, 8, 40, 100, 300, 450, 600),
    "St. Charles Place": (140, 10, 50, 150, 450, 625, 750),
    "States Avenue": (140, 10, 50, 150, 450, 625, 750),
    "Virginia Avenue": (160, 12, 60, 180, 500, 700, 900),
    "St. James Place": (180, 14, 70, 200, 550, 750, 950),
    "Tennessee Avenue": (180, 14, 70, 200, 550, 750, 950),
    "New York Avenue": (200, 16, 80, 220, 600, 800, 1000),
    "Kentucky Avenue": (220, 18, 90, 250, 700, 875, 1050),
    "Indiana Avenue": (220, 18, 90, 250, 700, 875, 1050),
    "Illinois Avenue": (240, 20, 100, 300, 750, 925, 1100),
    "Atlantic Avenue": (260, 22, 110, 330, 800, 975, 1150),
    "Ventnor Avenue": (260, 22, 110, 330, 800, 975, 1150),
    "Marvin Gardens": (280, 24, 120, 360, 850, 1025, 1200),
    "Pacific Avenue": (300, 26, 130, 390, 900, 1100, 1275),
    "North Carolina Avenue": (300, 26, 130, 390, 900, 1100, 1275),
    "Pennsylvania Avenue": (320, 28, 150, 450, 1000, 1200, 1400),
    "Park Place": (350, 35, 175, 500, 1100, 1300, 1500),
    "Boardwalk": (400, 50, 200, 600, 1400, 1700, 2000),
}


@pytest.mark.parametrize(("whole", "level"), [(False, 0), *((True, level) for level in range(6))])
@pytest.mark.parametrize("name", DEEDS)
def test_r10_r11_r12_the_rent_on_the_deed_doubled_for_a_whole_group_without_buildings(name, whole, level):
    owned = GROUPS[GROUP_OF[title(name)]] if whole else name
    game = lands(table(owns={2: owned}, built={owned: level}, cash={0: 3000}), name)
    rent = DEEDS[name][1 + level] * (2 if whole and level == 0 else 1)
    assert game.cash[2] == 1500 + rent and game.rent[square(name)] == rent


@pytest.mark.parametrize(
    ("situation", "place", "rent"),
    [
        ({"owns": {2: "dark blue"}, "mortgaged": "Park Place"}, "Boardwalk", 100),
        ({"owns": {2: "Kentucky Avenue, Illinois Avenue", 1: "Indiana Avenue"}}, "Illinois Avenue", 20),
        ({"owns": {2: "dark blue"}, "built": {"dark blue": (0, 1)}}, "Park Place", 70),
    ],
    ids=["doubled if another street is mortgaged", "not if one is another's", "doubled for a bare street of a built group"],
)
def test_r11_what_counts_as_a_whole_group(situation, place, rent):
    assert lands(table(**situation), place).cash[2] == 1500 + rent


RAILROADS = ("Reading Railroad", "Pennsylvania Railroad", "B. & O. Railroad", "Short Line")


@pytest.mark.parametrize(
    ("count", "others", "mortgaged", "rent"),
    [
        (1, (), (), 25),
        (2, (), (), 50),
        (3, (), (), 100),
        (4, (), (), 200),
        (3, RAILROADS[3:], RAILROADS[1:3], 100),  # mortgaged ones count, and others' do not
    ],
)
def test_r13_railroads(count, others, mortgaged, rent):
    game = table(owns={1: others, 3: RAILROADS[:count]}, mortgaged=mortgaged)
    assert lands(game, "Reading Railroad").cash[3] == 1500 + rent


@pytest.mark.parametrize(("dice", "one", "both"), [((1, 2), 12, 30), ((5, 6), 44, 110), ((2, 5), 28, 70)])
def test_r14_utilities(dice, one, both):
    game = lands(table(owns={3: "Water Works"}), "Water Works", dice)
    assert game.cash[3] == 1500 + one
    game = lands(table(owns={3: "utilities"}, mortgaged="Electric Company"), "Water Works", dice)  # counted all the same
    assert game.cash[3] == 1500 + both


def test_r15_income_tax_is_flat():
    assert lands(table(cash={0: 1000}), "Income Tax").cash[0] == 800


@pytest.mark.parametrize(
    ("place", "cash"), [("Luxury Tax", 1400), ("GO", 1700), ("Just Visiting", 1500), ("Free Parking", 1500)]
)
def test_r16_r17_luxury_tax_and_the_corners_that_do_nothing(place, cash):
    game = lands(table(), place)
    assert game.cash.tolist()[:4] == [cash, 1500, 1500, 1500] and game.pot == 0
    assert not game.jailed.any() and (game.owner == BANK).all() and game.over == CAPPED


def test_r18_go_to_jail():
    game = lands(table(), "Go To Jail")
    assert game.position[0] == 10 and game.jailed[0] == 1 and game.cash[0] == 1500
    assert game.visits[40] == 1 and game.visits[30] == 0
