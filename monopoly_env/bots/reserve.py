"""How ``landlord`` looks after its cash: what threatens it, what it keeps at hand, and what it would mortgage or sell first."""

from monopoly_env.board import (
    GROUP_BITS,
    GROUP_FIRST,
    GROUP_SIZE,
    HOUSE_COST,
    RAILROADS,
)
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.compiled.jit import kernel
from monopoly_env.rules.property import has_buildings, held, titles_of
from monopoly_env.strength.exposure import danger, worst_rent

# Cash kept at hand, in dollars (tuned by played matches): a fixed sum, and for each dollar of expected and of worst rent.
RESERVE = 40.0
RESERVE_BY_DANGER = 1.06
RESERVE_BY_WORST = 0.16
RESERVE_AT_MOST = 229.0

# What goes first when cash is short.
SINGLES, LINES, PAIRS, RAILROAD_ROW, GROUPS_WITHOUT_BUILDINGS, BUILDINGS, EVERYTHING = range(7)


@kernel
def reserve(game, seat):
    """Dollars to keep at hand, by danger."""
    return min(RESERVE + RESERVE_BY_DANGER * danger(game, seat) + RESERVE_BY_WORST * worst_rent(game, seat), RESERVE_AT_MOST)


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
