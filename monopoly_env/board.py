"""The board: 40 squares, 28 titles in ten groups, prices and rents (US deeds, edition of 2008).

Titles are numbered by group: the titles of group ``g`` are ``GROUP_FIRST[g] .. GROUP_FIRST[g + 1] - 1``, in board order.
Money is in dollars. All tables are int64 arrays that the compiled engine reads as constants.
"""

import numpy as np

GROUPS = (
    "brown",
    "light blue",
    "pink",
    "orange",
    "red",
    "yellow",
    "green",
    "dark blue",
    "railroads",
    "utilities",
)
STREET_GROUPS = 8  # the groups that can be built on come first
RAILROADS = 8
UTILITIES = 9

GO = 0
INCOME_TAX = 4
JAIL = 10
FREE_PARKING = 20
GO_TO_JAIL = 30
LUXURY_TAX = 38
IN_JAIL = 40  # index of "in jail" in tables over squares that tell it from Just Visiting

# group, square, name, list price, rents: base, 1 to 4 houses, hotel (streets only)
_DEEDS = (
    (0, 1, "Mediterranean Avenue", 60, (2, 10, 30, 90, 160, 250)),
    (0, 3, "Baltic Avenue", 60, (4, 20, 60, 180, 320, 450)),
    (1, 6, "Oriental Avenue", 100, (6, 30, 90, 270, 400, 550)),
    (1, 8, "Vermont Avenue", 100, (6, 30, 90, 270, 400, 550)),
    (1, 9, "Connecticut Avenue", 120, (8, 40, 100, 300, 450, 600)),
    (2, 11, "St. Charles Place", 140, (10, 50, 150, 450, 625, 750)),
    (2, 13, "States Avenue", 140, (10, 50, 150, 450, 625, 750)),
    (2, 14, "Virginia Avenue", 160, (12, 60, 180, 500, 700, 900)),
    (3, 16, "St. James Place", 180, (14, 70, 200, 550, 750, 950)),
    (3, 18, "Tennessee Avenue", 180, (14, 70, 200, 550, 750, 950)),
    (3, 19, "New York Avenue", 200, (16, 80, 220, 600, 800, 1000)),
    (4, 21, "Kentucky Avenue", 220, (18, 90, 250, 700, 875, 1050)),
    (4, 23, "Indiana Avenue", 220, (18, 90, 250, 700, 875, 1050)),
    (4, 24, "Illinois Avenue", 240, (20, 100, 300, 750, 925, 1100)),
    (5, 26, "Atlantic Avenue", 260, (22, 110, 330, 800, 975, 1150)),
    (5, 27, "Ventnor Avenue", 260, (22, 110, 330, 800, 975, 1150)),
    (5, 29, "Marvin Gardens", 280, (24, 120, 360, 850, 1025, 1200)),
    (6, 31, "Pacific Avenue", 300, (26, 130, 390, 900, 1100, 1275)),
    (6, 32, "North Carolina Avenue", 300, (26, 130, 390, 900, 1100, 1275)),
    (6, 34, "Pennsylvania Avenue", 320, (28, 150, 450, 1000, 1200, 1400)),
    (7, 37, "Park Place", 350, (35, 175, 500, 1100, 1300, 1500)),
    (7, 39, "Boardwalk", 400, (50, 200, 600, 1400, 1700, 2000)),
    (8, 5, "Reading Railroad", 200, (25, 0, 0, 0, 0, 0)),
    (8, 15, "Pennsylvania Railroad", 200, (25, 0, 0, 0, 0, 0)),
    (8, 25, "B. & O. Railroad", 200, (25, 0, 0, 0, 0, 0)),
    (8, 35, "Short Line", 200, (25, 0, 0, 0, 0, 0)),
    (9, 12, "Electric Company", 150, (0, 0, 0, 0, 0, 0)),
    (9, 28, "Water Works", 150, (0, 0, 0, 0, 0, 0)),
)
_OTHER_SQUARES = {
    0: "GO",
    2: "Community Chest",
    4: "Income Tax",
    7: "Chance",
    10: "Just Visiting",
    17: "Community Chest",
    20: "Free Parking",
    22: "Chance",
    30: "Go To Jail",
    33: "Community Chest",
    36: "Chance",
    38: "Luxury Tax",
}

SQUARES = 40
TITLES = len(_DEEDS)
TITLE_NAMES = tuple(deed[2] for deed in _DEEDS)
GROUP_OF = np.array([deed[0] for deed in _DEEDS], np.int64)  # (28,) title -> group
SQUARE_OF = np.array([deed[1] for deed in _DEEDS], np.int64)  # (28,) title -> square
PRICE = np.array([deed[3] for deed in _DEEDS], np.int64)  # (28,) list price
RENT = np.array([deed[4] for deed in _DEEDS], np.int64)  # (28, 6) rent by building level
MORTGAGE = PRICE // 2  # (28,) mortgage value
INTEREST = (MORTGAGE + 9) // 10  # (28,) 10 % of the mortgage, rounded up (R42)
GROUP_FIRST = np.searchsorted(GROUP_OF, np.arange(len(GROUPS) + 1))  # (11,) first title of each group
GROUP_SIZE = np.diff(GROUP_FIRST)  # (10,)
GROUP_BITS = (1 << GROUP_FIRST[1:]) - (1 << GROUP_FIRST[:-1])  # (10,) titles of each group as a bit set
HOUSE_COST = np.array([50, 50, 100, 100, 150, 150, 200, 200, 0, 0], np.int64)  # (10,) by group
TITLE_AT = np.full(SQUARES, -1, np.int64)  # (40,) square -> title or -1
TITLE_AT[SQUARE_OF] = np.arange(TITLES)
# (29,) title by the remainder of its bit: the powers of two from 2**0 to 2**27 leave 28 different ones when divided by 29.
BIT_DIVISOR = 29
TITLE_OF_BIT = np.full(BIT_DIVISOR, -1, np.int64)
TITLE_OF_BIT[(1 << np.arange(TITLES)) % BIT_DIVISOR] = np.arange(TITLES)
CHANCE, CHEST = 0, 1
# What changes hands in deals (R47): the titles, then the Get Out of Jail Free card of each deck.
JAIL_CARD_NAMES = ("Get Out of Jail Free card (Chance)", "Get Out of Jail Free card (Community Chest)")
THING_NAMES = (*TITLE_NAMES, *JAIL_CARD_NAMES)
THINGS = len(THING_NAMES)
TITLE_BITS = (1 << TITLES) - 1
DECK_AT = np.full(SQUARES, -1, np.int64)  # (40,) square -> deck or -1
DECK_AT[[7, 22, 36]] = CHANCE
DECK_AT[[2, 17, 33]] = CHEST


def things_in(bits: int) -> list[int]:
    """Return what is in a bit set: titles in board order, then Get Out of Jail Free cards (28 and 29)."""
    return [thing for thing in range(THINGS) if int(bits) >> thing & 1]


SQUARE_NAMES = tuple(
    _OTHER_SQUARES[square] if TITLE_AT[square] < 0 else TITLE_NAMES[TITLE_AT[square]] for square in range(SQUARES)
)

HOUSES = 32
HOTELS = 12
HOTEL = 5  # building level of a hotel
STARTING_CASH = 1500
SALARY = 200
JAIL_FEE = 50
INCOME_TAX_DUE = 200
LUXURY_TAX_DUE = 100
