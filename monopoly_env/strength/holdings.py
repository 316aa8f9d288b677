"""What everybody holds, and what that is worth, the cash left aside: kept beside a game, counted again where a title changes.

A *holdings* record remembers what it looked at: the titles (here) and the cash (``strength``). Brought up to date,
it compares them with the game and works out anew only what differs. So it may be kept from decision to decision, lent to
another game or thrown away (a record of zeros knows nothing yet), and it never says anything that the game alone would not.

Constants marked "tuned" were found as ``strength`` says; the others are facts of the board.
"""

import numpy as np

from monopoly_env.board import (
    GROUP_BITS,
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOTEL,
    HOUSE_COST,
    INTEREST,
    MORTGAGE,
    PRICE,
    RAILROADS,
    RENT,
    STREET_GROUPS,
    TITLES,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import BANK, MAX_PLAYERS

_GROUPS = len(GROUPS)
_SEATS = (MAX_PLAYERS,)
# What a player holds of a group is one integer, its *count*: titles held, those not mortgaged, building levels, list price of
# what is held, and dollars to redeem the mortgages stand in it from these bits on. So one addition counts a title.
_FREE, _LEVELS, _PRICES, _OWED = 4, 8, 16, 32
_UNMORTGAGED = 1 + (1 << _FREE) + (PRICE << _PRICES)  # (28,)
_MORTGAGED = 1 + (PRICE << _PRICES) + (MORTGAGE + INTEREST << _OWED)  # (28,)

UNKNOWN = -1
ALL_TITLES = (1 << TITLES) - 1
THREE_HOUSES = 3  # the level at which rents jump
# How often a rival's turn ends on the squares of a group (long-run shares of the board, extra rolls included).
HITS = np.array([0.050, 0.079, 0.088, 0.101, 0.098, 0.093, 0.090, 0.056, 0.130, 0.063])
# (8, 6) mean rent of the streets of a complete group by building level
MEAN_RENT = np.array([RENT[group == GROUP_OF].mean(axis=0) for group in range(STREET_GROUPS)])
MEAN_RENT[:, 0] *= 2
_THREE_HOUSES_COST = THREE_HOUSES * GROUP_SIZE[:STREET_GROUPS] * HOUSE_COST[:STREET_GROUPS]
# Street groups by what a dollar spent on three houses a street earns, the best first.
BUILD_ORDER = np.argsort(-HITS[:STREET_GROUPS] * (MEAN_RENT[:, THREE_HOUSES] - MEAN_RENT[:, 0]) / _THREE_HOUSES_COST)
_BUILD_BIT = 1 << np.argsort(BUILD_ORDER)  # (8,) each group's bit in a bit set over BUILD_ORDER
# (2, 5) mean rent of a railroad and of a utility by how many of them the owner holds
_LINE_RENT = np.array([[0.0, 25.0, 50.0, 100.0, 200.0], [0.0, 28.0, 70.0, 0.0, 0.0]])

ROUNDS = 17.4  # rounds over which a title is expected to earn, in terms of its list price (tuned)
TITLE_WORTH = 0.69  # worth of a title beyond its earnings, as a share of its list price (tuned)
LINE_WORTH = 0.16  # share of the rents of railroads and utilities that counts: their rents do not grow (tuned)
PART_WORTH = 0.024  # share of a group's potential that all but one of its streets are worth (tuned) ...
MANY_PLAYERS = 5
PART_WORTH_OF_MANY = 0.1  # ... from five players on, where titles are scattered and come together by deals alone (measured)
PART_POWER = 2.0  # how fast that grows with the streets held (tuned)
BANK_MISSING, RIVAL_MISSING = 0.91, 0.82  # less where the missing streets are with the bank, with rivals (tuned)

# (8, 8) dollars that a group with three houses a street will earn from 0 to 7 rivals, less half the cost of building
_POTENTIAL = np.maximum(
    0.0,
    ROUNDS * np.arange(MAX_PLAYERS) * (HITS[:STREET_GROUPS] * MEAN_RENT[:, THREE_HOUSES])[:, np.newaxis]
    - 0.5 * _THREE_HOUSES_COST[:, np.newaxis],
)
# (8, 4) how far 0 to 3 streets have come towards their group, for each street that is missing
_PART = np.array([[(n / (size - 1)) ** PART_POWER / max(size - n, 1) for n in range(4)] for size in GROUP_SIZE[:STREET_GROUPS]])
# (2, 8, 8, 4) that potential for the part held: with few players and many, by group, rivals and streets held
_PARTS = np.array([PART_WORTH, PART_WORTH_OF_MANY])[:, np.newaxis, np.newaxis, np.newaxis] * _POTENTIAL[:, :, np.newaxis]
_PARTS = _PARTS * _PART[:, np.newaxis]
# (5, 5) less for missing streets, by how many are with the bank and with rivals
_OPENNESS = BANK_MISSING * np.arange(5)[:, np.newaxis] + RIVAL_MISSING * np.arange(5)
# (2, 5, 5) what railroads and utilities earn from a rival, by how many are held and not mortgaged
_LINE_INCOME = (LINE_WORTH * HITS[RAILROADS:, np.newaxis] * np.arange(5) / GROUP_SIZE[RAILROADS:, np.newaxis])[:, np.newaxis]
_LINE_INCOME = _LINE_INCOME * _LINE_RENT[:, :, np.newaxis]


def _mean_rent(group, level):
    """Mean rent of a complete street group at a mean building level of 0.0 to 5.0, in dollars."""
    low = int(level)
    if low >= HOTEL:
        return MEAN_RENT[group, HOTEL]
    return MEAN_RENT[group, low] + (level - low) * (MEAN_RENT[group, low + 1] - MEAN_RENT[group, low])


mean_rent = kernel(_mean_rent)
# (8, 16) dollars a round and rival that a complete street group earns, by its building levels in all
_INCOME_AT = np.array(
    [[HITS[group] * _mean_rent(group, n / GROUP_SIZE[group]) for n in range(16)] for group in range(STREET_GROUPS)]
)
# (10, 9) hold on a group without buildings by the halves held: an unmortgaged title counts two
_HOLD = np.arange(9) / (2.0 * GROUP_SIZE[:, np.newaxis])
_HOLD[:STREET_GROUPS] *= 0.5

HOLDINGS = np.dtype(
    (
        np.record,
        [
            # the titles as they were looked at last
            ("players", "i4"),  # 0: never
            ("living", "i4"),
            ("title", "u1", (TITLES,)),  # see _code
            # the cash as it was looked at last, and the strength of all by seat: see ``strength``
            ("houses_left", "i4"),
            ("cash", "i4", _SEATS),  # UNKNOWN: not since a title changed
            ("everyone", "f8"),
            ("total", "f8"),
            ("assets", "f8", (3, MAX_PLAYERS)),
            # the titles by seat
            ("worth", "f8", _SEATS),  # dollars
            ("income", "f8", _SEATS),  # what they bring from each rival, dollars a round
            ("borrow", "f8", _SEATS),  # what they would bring as mortgages, complete groups left out, dollars
            ("complete", "i8", _SEATS),  # street groups that the seat holds, as a bit set over BUILD_ORDER
            ("hold", "f4", (MAX_PLAYERS, _GROUPS)),  # on each group, in [0, 1]
            ("counts", "i8", (MAX_PLAYERS + 1, _GROUPS)),  # see count_of
        ],
    )
)


@kernel
def count_of(game, title):
    """Return what ``title`` adds to the count of its owner in its group."""
    return (_MORTGAGED[title] if game.mortgaged[title] else _UNMORTGAGED[title]) + (game.houses[title] << _LEVELS)


@kernel
def unpack(count):
    """Return ``(titles, free, levels, price, owed)``."""
    return count & 15, count >> _FREE & 15, count >> _LEVELS & 255, count >> _PRICES & 0xFFFF, count >> _OWED


@kernel
def living_players(game):
    """Return how many players are in the game."""
    count = 0
    for seat in range(game.players):
        count += game.alive[seat]
    return count


@kernel
def hold_of(count, group):
    """Return the hold of a player with that count on a group, in [0, 1]."""
    titles, free, levels, _, _ = unpack(count)
    hold = _HOLD[group, titles + free]
    if levels > 0 and group < STREET_GROUPS and titles == GROUP_SIZE[group]:
        hold += 0.1 * levels / GROUP_SIZE[group]
    return hold


@kernel
def holding_values(counts, seat, players, rivals):
    """Return ``(worth, income, borrow, complete)`` of what a seat holds, see ``HOLDINGS``."""
    # Almost without branches: what is not held adds zeros.
    worth, income, borrow = 0.0, 0.0, 0.0
    complete, many = 0, int(players >= MANY_PLAYERS)
    for group in range(STREET_GROUPS):
        count, free, levels, price, owed = unpack(counts[seat, group])
        size = GROUP_SIZE[group]
        worth += TITLE_WORTH * price - owed
        if count == size:
            income += _INCOME_AT[group, levels] * free / size
            complete |= _BUILD_BIT[group]
        else:
            unowned = counts[BANK, group] & 15
            borrow += 0.5 * price * free / max(count, 1)
            worth += _PARTS[many, group, rivals, count] * _OPENNESS[unowned, size - count - unowned]
    for group in range(RAILROADS, _GROUPS):
        count, free, _, price, owed = unpack(counts[seat, group])
        worth += TITLE_WORTH * price - owed
        borrow += 0.5 * price * free / max(count, 1)
        income += _LINE_INCOME[group - RAILROADS, count, free]
    return worth, income, borrow, complete


@kernel
def _code(game, title):
    """Return owner, buildings and mortgage of a title as one number from 0 to 255."""
    return game.owner[title] + 1 | game.houses[title] << 4 | (game.mortgaged[title] != 0) << 7


@kernel
def _changed_titles(game, holdings):
    """Return the titles that are not as they were, as a bit set."""
    titles = 0
    for title in range(TITLES):
        titles |= 0 if _code(game, title) == holdings.title[title] else 1 << title
    return titles


@kernel
def _recount(game, holdings, group):
    """Count one group again. Return the seats to which its titles mean something else now, as a bit set."""
    counts, concerned = holdings.counts, 0
    for seat in range(game.players):
        concerned |= (counts[seat, group] != 0) << seat
        counts[seat, group] = 0
    counts[BANK, group] = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        counts[game.owner[title], group] += count_of(game, title)
        holdings.title[title] = _code(game, title)
    for seat in range(game.players):
        concerned |= (counts[seat, group] != 0) << seat
        holdings.hold[seat, group] = hold_of(counts[seat, group], group)
    return concerned


@kernel
def update_holdings(game, holdings):
    """Bring what ``holdings`` says of titles up to date with the game."""
    living = living_players(game)
    changed = _changed_titles(game, holdings)
    concerned = 0
    if game.players != holdings.players or living != holdings.living:
        changed, concerned = ALL_TITLES, (1 << game.players) - 1
    elif changed == 0:
        return
    for group in range(_GROUPS):
        if changed & GROUP_BITS[group]:
            concerned |= _recount(game, holdings, group)
    for seat in range(game.players):
        if concerned >> seat & 1:
            worth, income, borrow, complete = holding_values(holdings.counts, seat, game.players, living - 1)
            holdings.worth[seat] = worth
            holdings.income[seat] = income
            holdings.borrow[seat] = borrow
            holdings.complete[seat] = complete
            holdings.cash[seat] = UNKNOWN
    holdings.players = game.players
    holdings.living = living


def new_holdings() -> np.record:
    """Return holdings that knows nothing yet."""
    return np.zeros(1, HOLDINGS)[0]
