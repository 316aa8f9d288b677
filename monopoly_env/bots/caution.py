"""How ``landlord`` looks after its cash: what threatens it, what it keeps at hand, and what it would mortgage or sell first."""

import numpy as np

from monopoly_env.board import (
    GROUP_BITS,
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    HOUSE_COST,
    RAILROADS,
    RENT,
    SQUARE_OF,
    SQUARES,
    STREET_GROUPS,
    TITLE_AT,
    TITLES,
)
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.game import BANK
from monopoly_env.jit import kernel
from monopoly_env.rules.property import has_buildings, held, rent_due, titles_of

_ROLL_CHANCE = np.array([0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36  # of two dice, by their sum
_USUAL_ROLL = 7
_TITLES_AHEAD = np.zeros(SQUARES, np.int64)  # (40,) titles that a roll of two dice leads to from each square, as a bit set
for _dice in range(2, 13):
    _titles = TITLE_AT[(np.arange(SQUARES) + _dice) % SQUARES]
    _TITLES_AHEAD |= np.where(_titles >= 0, 1 << np.maximum(_titles, 0), 0)

# Cash kept at hand, in dollars (tuned by played matches): a fixed sum, and for each dollar of expected and of worst rent.
RESERVE = 40.0
RESERVE_BY_DANGER = 1.06
RESERVE_BY_WORST = 0.16
RESERVE_AT_MOST = 229.0

# What goes first when cash is short.
SINGLES, LINES, PAIRS, RAILROAD_ROW, GROUPS_WITHOUT_BUILDINGS, BUILDINGS, EVERYTHING = range(7)


@kernel
def _dangers(game, seat):
    """Return the titles that would cost the seat a rent, as a bit set."""
    titles = 0
    for title in range(TITLES):
        safe = game.owner[title] == BANK or game.owner[title] == seat or game.mortgaged[title] != 0
        titles |= 0 if safe else 1 << title
    return titles


@kernel
def danger(game, seat):
    """Expected rent of the seat's next roll, in dollars."""
    total = 0.0
    square = game.position[seat]
    ahead = _dangers(game, seat) & _TITLES_AHEAD[square]
    if ahead:
        for dice in range(2, 13):
            title = TITLE_AT[(square + dice) % SQUARES]
            if title >= 0 and ahead >> title & 1:
                total += _ROLL_CHANCE[dice] * rent_due(game, title, dice, 0)
    return total


@kernel
def worst_rent(game, seat):
    """The highest rent on the board that the seat could owe, in dollars."""
    worst = 0
    dangers = _dangers(game, seat)
    for title in range(TITLES - 1, -1, -1):
        # A street's rent is at most doubled (R11), so most need no closer look.
        looked_at = GROUP_OF[title] >= STREET_GROUPS or 2 * RENT[title, game.houses[title]] > worst
        if looked_at and dangers >> title & 1:
            worst = max(worst, rent_due(game, title, _USUAL_ROLL, 0))
    return worst


@kernel
def reserve(game, seat):
    """Dollars to keep at hand, by danger."""
    return min(RESERVE + RESERVE_BY_DANGER * danger(game, seat) + RESERVE_BY_WORST * worst_rent(game, seat), RESERVE_AT_MOST)


@kernel
def visitors(game, seat, group):
    """Expected number of rivals that their next roll brings to the squares of ``group``."""
    total = 0.0
    for rival in range(game.players):
        if rival == seat or not game.alive[rival]:
            continue
        for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
            distance = (SQUARE_OF[title] - game.position[rival]) % SQUARES
            if distance < len(_ROLL_CHANCE):
                total += _ROLL_CHANCE[distance]
    return total


@kernel
def sacrifice(game, seat, group):
    """How late the seat mortgages its titles of ``group``: ``SINGLES`` go first, ``GROUPS_WITHOUT_BUILDINGS`` last."""
    count = held(game, seat, group)
    if group == RAILROADS:
        return LINES if count < 3 else RAILROAD_ROW
    if group > RAILROADS:
        return LINES
    if count == GROUP_SIZE[group]:
        return GROUPS_WITHOUT_BUILDINGS
    return SINGLES if count == 1 else PAIRS


@kernel
def cash_from(game, seat, group, limit):
    """Dollars that the seat can raise in ``group`` with sacrifices up to ``limit``."""
    built = has_buildings(game, group)
    if limit < (BUILDINGS if built else sacrifice(game, seat, group)):
        return 0
    total = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.owner[title] == seat:
            total += game.houses[title] * (HOUSE_COST[group] // 2)
            if not game.mortgaged[title] and (not built or limit >= EVERYTHING):
                total += MORTGAGE_VALUE[title]
    return total


@kernel
def cash_within(game, seat, first_group, spared_group, limit):
    """Dollars that sacrifices up to ``limit`` bring from ``first_group`` on, ``spared_group`` (-1: none) left alone."""
    total = 0
    mine = titles_of(game, seat)
    for group in range(first_group, len(GROUP_SIZE)):
        if group != spared_group and mine & GROUP_BITS[group]:
            total += cash_from(game, seat, group, limit)
    return total


@kernel
def least_sacrifice(game, seat, first_group, spared_group, amount):
    """The lowest limit with which cash and sacrifices from ``first_group`` on come to ``amount`` dollars."""
    limit = SINGLES
    while limit < EVERYTHING and game.cash[seat] + cash_within(game, seat, first_group, spared_group, limit) < amount:
        limit += 1
    return limit
