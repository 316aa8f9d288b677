"""Titles: groups, rent, building, selling, mortgages (R7 to R14, R34 to R43).

``can_x(game, seat, title)`` says whether ``x`` is legal for one title and is the only place that knows; ``x_title(game, seat,
group)`` picks the title that the seven actions mean, or -1.
"""

from monopoly_env.board import (
    BIT_DIVISOR,
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    HOTEL,
    HOUSE_COST,
    INTEREST,
    MORTGAGE,
    PRICE,
    RAILROADS,
    STREET_GROUPS,
    TITLE_OF_BIT,
    TITLES,
    UTILITIES,
)
from monopoly_env.board import RENT as DEED_RENT
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_BUILD, E_MORTGAGE, E_REDEEM, E_SELL, emit
from monopoly_env.game import DOUBLE_RAILROAD
from monopoly_env.rules.money import from_bank, to_bank

# Loops over all titles are written without branches: that lets the compiler look at many titles at once.
_HOUSE_COST = HOUSE_COST[GROUP_OF]  # (28,) dollars for a building of each title ...
_REFUND = _HOUSE_COST // 2  # ... and what the bank pays for it


@kernel
def titles_of(game, seat):
    """Return the titles that the seat owns, as a bit set."""
    titles = 0
    for title in range(TITLES):
        titles |= (1 << title) if game.owner[title] == seat else 0
    return titles


@kernel
def first_title(titles):
    """Return the first title of a bit set that is not empty."""
    return TITLE_OF_BIT[(titles & -titles) % BIT_DIVISOR]


@kernel
def held(game, seat, group):
    """Return how many titles of ``group`` the seat owns."""
    count = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        count += 1 if game.owner[title] == seat else 0
    return count


@kernel
def holds_group(game, seat, group):
    """Whether the seat owns the whole group."""
    return held(game, seat, group) == GROUP_SIZE[group]


@kernel
def has_buildings(game, group):
    """Whether any street of the group has a building."""
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.houses[title] > 0:
            return True
    return False


@kernel
def has_mortgages(game, group):
    """Whether any title of the group is mortgaged."""
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.mortgaged[title]:
            return True
    return False


@kernel
def rent_due(game, title, dice, card_rent):
    """Return the rent of an unmortgaged title in dollars (R10 to R14, R22). R23 is settled where the card is."""
    group = GROUP_OF[title]
    owner = game.owner[title]
    if group == RAILROADS:  # R13
        rent = 25 << (held(game, owner, group) - 1)
        return 2 * rent if card_rent == DOUBLE_RAILROAD else rent
    if group == UTILITIES:  # R14
        return dice * (10 if holds_group(game, owner, group) else 4)
    level = game.houses[title]
    if level == 0 and holds_group(game, owner, group):  # R11
        return 2 * DEED_RENT[title, 0]
    return DEED_RENT[title, level]  # R10, R12


@kernel
def level_to_raise(game, seat, group):
    """Return the level of the streets of ``group`` on which the seat may put the next building, the money aside, or -1."""
    if group >= STREET_GROUPS or not holds_group(game, seat, group) or has_mortgages(game, group):  # R34
        return -1
    level = HOTEL
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):  # R35
        level = min(level, game.houses[title])
    left = game.hotels_left if level == HOTEL - 1 else game.houses_left  # R37
    return level if level < HOTEL and left > 0 else -1


@kernel
def can_build(game, seat, title):
    """Whether the rules let the seat put the next building on ``title``, the money aside (R34, R35, R37)."""
    return game.houses[title] == level_to_raise(game, seat, GROUP_OF[title])


@kernel
def build_title(game, seat, group):
    """Return the street of ``group`` to build on next, the dearest of those whose turn it is, or -1."""
    if game.received:  # the decision is about a title received mortgaged alone (R43)
        return -1
    level = level_to_raise(game, seat, group)
    if level < 0:
        return -1
    title = GROUP_FIRST[group + 1] - 1
    while game.houses[title] != level:
        title -= 1
    return title


@kernel
def build(game, seat, title):
    """Put the next building on ``title`` and pay for it (R36)."""
    cost = HOUSE_COST[GROUP_OF[title]]
    if game.houses[title] == HOTEL - 1:
        game.hotels_left -= 1
        game.houses_left += HOTEL - 1
    else:
        game.houses_left -= 1
    game.houses[title] += 1
    to_bank(game, seat, cost)
    emit(game, E_BUILD, seat, title, game.houses[title], cost)


@kernel
def can_sell(game, seat, title):
    """Whether the seat may sell a building of ``title`` (R35, R38)."""
    level = game.houses[title]
    if game.owner[title] != seat or level == 0:
        return False
    group = GROUP_OF[title]
    for other in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.houses[other] > level:
            return False
    return True


@kernel
def sell_title(game, seat, group):
    """Return the street of ``group`` to sell from next, the cheapest of those whose turn it is, or -1."""
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if can_sell(game, seat, title):
            return title
    return -1


@kernel
def _lower(game, title):
    """Take one level off a street; ``houses_left`` may go below zero until the group is low enough."""
    if game.houses[title] == HOTEL:
        game.hotels_left += 1
        game.houses_left -= HOTEL - 1
    else:
        game.houses_left += 1
    game.houses[title] -= 1


@kernel
def levels_sold(game, title):
    """Return the levels that a sale on ``title`` takes off its group: one; for a hotel in a shortage, all that must (R39)."""
    if game.houses[title] < HOTEL or game.houses_left >= HOTEL - 1:
        return 1
    group = GROUP_OF[title]
    levels, houses = 0, game.houses_left
    for other in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        levels += game.houses[other]
        houses += game.houses[other] if game.houses[other] < HOTEL else 0
    return levels - houses  # the group keeps the houses that it has and those left in the bank


@kernel
def sale_brings(game, title):
    """Return the dollars that a sale on ``title`` brings: half the cost of each level that goes (R38, R39)."""
    return levels_sold(game, title) * _REFUND[title]


@kernel
def sell(game, seat, title):
    """Sell one building of ``title`` at half its cost (R38); a hotel in a shortage takes the group down evenly (R39)."""
    levels, refund = levels_sold(game, title), sale_brings(game, title)
    _lower(game, title)
    for _ in range(levels - 1):
        _lower(game, sell_title(game, seat, GROUP_OF[title]))
    from_bank(game, seat, refund)
    emit(game, E_SELL, seat, title, game.houses[title], refund)


@kernel
def can_mortgage(game, seat, title):
    """Whether the seat may mortgage ``title`` (R40)."""
    return game.owner[title] == seat and not game.mortgaged[title] and not has_buildings(game, GROUP_OF[title])


@kernel
def mortgage_title(game, seat, group):
    """Return the title of ``group`` to mortgage next, the cheapest first, or -1."""
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if can_mortgage(game, seat, title):
            return title
    return -1


@kernel
def mortgage(game, seat, title):
    """Mortgage ``title`` (R40)."""
    game.mortgaged[title] = 1
    from_bank(game, seat, MORTGAGE[title])
    emit(game, E_MORTGAGE, seat, title, MORTGAGE[title])


@kernel
def redeem_cost(game, title):
    """Return what it takes to redeem ``title``: the mortgage plus 10 % (R42), unless that has just been paid (R43)."""
    return MORTGAGE[title] + (0 if game.received >> title & 1 else INTEREST[title])


@kernel
def can_redeem(game, seat, title):
    """Whether ``title`` is the seat's and mortgaged, and the cash at hand redeems it (R42).

    While new owners are asked about what they received mortgaged (R43), it is about nothing else.
    """
    if game.owner[title] != seat or not game.mortgaged[title] or (game.received and not game.received >> title & 1):
        return False
    return game.cash[seat] >= redeem_cost(game, title)


@kernel
def redeem_title(game, seat, group):
    """Return the title of ``group`` to redeem next, the dearest first, or -1."""
    for title in range(GROUP_FIRST[group + 1] - 1, GROUP_FIRST[group] - 1, -1):
        if can_redeem(game, seat, title):
            return title
    return -1


@kernel
def redeem(game, seat, title):
    """Redeem ``title`` (R42)."""
    cost = redeem_cost(game, title)
    game.mortgaged[title] = 0
    game.received &= ~(1 << title)
    to_bank(game, seat, cost)
    emit(game, E_REDEEM, seat, title, cost)


@kernel
def raisable(game, seat, spared_group):
    """Return the dollars that selling and mortgaging everything would bring, ``spared_group`` left alone (-1: none)."""
    total = 0
    for title in range(TITLES):
        worth = game.houses[title] * _REFUND[title] + (0 if game.mortgaged[title] else MORTGAGE[title])
        total += worth if game.owner[title] == seat and GROUP_OF[title] != spared_group else 0
    return total


@kernel
def can_raise(game, seat, amount, spared_group):
    """Whether the seat has ``amount`` dollars or can raise them (R52, R54)."""
    return game.cash[seat] >= amount or game.cash[seat] + raisable(game, seat, spared_group) >= amount


@kernel
def _hotels(game, seat, group):
    """Return how many hotels the seat has in ``group``."""
    count = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        count += 1 if game.owner[title] == seat and game.houses[title] == HOTEL else 0
    return count


@kernel
def can_pay_for_building(game, seat, title):
    """Whether the seat can pay for the next building on ``title``, raising cash outside its group if need be (R54).

    A hotel that is sold takes four houses from the bank. Where that could leave none to build, what groups with a hotel
    would bring does not count.
    """
    spared = GROUP_OF[title]
    cost = HOUSE_COST[spared]
    if game.cash[seat] >= cost:
        return True
    total = game.cash[seat] + raisable(game, seat, spared)
    if total < cost or game.houses[title] == HOTEL - 1:
        return total >= cost
    hotels = 0
    for group in range(STREET_GROUPS):
        count = _hotels(game, seat, group)
        if count > 0:
            hotels += count
            for other in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
                total -= game.houses[other] * _REFUND[other] + MORTGAGE[other]
    return total >= cost or game.houses_left > (HOTEL - 1) * hotels


@kernel
def give_title(game, title, seat):
    """Hand a title to its new owner; that puts refused deals for its group back on the table."""
    game.owner[title] = seat
    game.refusals[:, GROUP_OF[title]] = 0
    if game.mortgaged[title] and seat >= 0:
        game.received |= 1 << title  # R43
    else:
        game.received &= ~(1 << title)


@kernel
def title_worth(game, title):
    """Return the list price of a title (mortgaged: half of it) and the cost of its buildings, in dollars."""
    mortgage = MORTGAGE[title] if game.mortgaged[title] else 0
    return PRICE[title] - mortgage + game.houses[title] * _HOUSE_COST[title]


@kernel
def net_worth(game, seat):
    """Return cash and the worth of the seat's titles, in dollars."""
    total = game.cash[seat]
    for title in range(TITLES):
        if game.owner[title] == seat:
            total += title_worth(game, title)
    return total
