"""How the fixed policies judge a deal: by the worth of its titles, by the groups it makes, as a swap, or by parts of groups."""

import numpy as np

from monopoly_env.board import (
    GROUP_BITS,
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    HOTEL,
    HOUSE_COST,
    PRICE,
    RENT,
    SQUARES,
    STARTING_CASH,
    STREET_GROUPS,
    TITLE_BITS,
    TITLES,
    UTILITIES,
)
from monopoly_env.bots.policies import (
    ALWAYS_SINGLE,
    BY_GROUPS,
    BY_SETS,
    BY_SWAPS,
    COMPLETING_WORTH,
    GIVEN,
    JUDGE,
    LEAST,
    MORTGAGED,
    SHUNNED,
    SINGLE,
    WORTH,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import BANK
from monopoly_env.rules.deal import interest_on, worth_of_cards
from monopoly_env.rules.property import first_title, held, holds_group, redeem_cost
from monopoly_env.strength.holdings import HITS

_GROUPS = len(GROUP_SIZE)


@kernel
def completes(game, seat, title):
    """Whether the seat owns all of the group but ``title``, whoever owns that."""
    group = GROUP_OF[title]
    return held(game, seat, group) - (1 if game.owner[title] == seat else 0) + 1 == GROUP_SIZE[group]


@kernel
def _count(titles, group):
    count = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        count += titles >> title & 1
    return count


@kernel
def makes_group(game, seat, titles, group):
    """Whether the titles of a bit set are all that the seat lacks of a group."""
    missing = GROUP_SIZE[group] - held(game, seat, group)
    return missing > 0 and missing == _count(titles, group)


@kernel
def all_single(game, seat, titles):
    """Whether the seat holds no other title of the groups of a bit set of its titles."""
    while titles:
        if held(game, seat, GROUP_OF[first_title(titles)]) > 1:
            return False
        titles &= titles - 1
    return True


@kernel
def _any_mortgaged(game, titles):
    for title in range(TITLES):
        if titles >> title & 1 and game.mortgaged[title]:
            return True
    return False


@kernel
def prices_of(titles):
    """List prices of the titles of a bit set, in dollars."""
    total = 0
    for title in range(TITLES):
        total += PRICE[title] if titles >> title & 1 else 0
    return total


# --- by worth


@kernel
def _worth(game, seat, title, policy):
    """What ``title`` is worth to the seat, in dollars, whoever owns it now."""
    worth = PRICE[title] * WORTH[policy, GROUP_OF[title]] // 100
    if completes(game, seat, title):
        worth = worth * COMPLETING_WORTH[policy] // 100
    return worth * MORTGAGED[policy] // 100 if game.mortgaged[title] else worth


@kernel
def _gain(game, seat, gets, gives, cash, policy):
    """Worth of the titles ``gets`` less that of ``gives`` (bit sets), plus ``cash`` received, in dollars."""
    gain = cash - interest_on(game, gets)
    for title in range(TITLES):
        if gets >> title & 1:
            gain += _worth(game, seat, title, policy)
        elif gives >> title & 1:
            gain -= _worth(game, seat, title, policy) * GIVEN[policy] // 100
    return gain


# --- by groups: GNOME-p3

_SALARY, _HALF_SALARY = 200, 100  # cash to have after a deal


@kernel
def _groups_made(game, seat, gets, gives):
    """Groups that a deal completes for the seat, less complete street groups that it breaks."""
    made = 0
    for group in range(_GROUPS):
        if makes_group(game, seat, gets, group):
            made += 1
        elif group < STREET_GROUPS and gives & GROUP_BITS[group] and holds_group(game, seat, group):
            made -= 1
    return made


@kernel
def _good_for_groups(game, seat, gets, gives, cash):
    """More groups at any price, fewer at none; otherwise cash decides, and only with little of it what titles are worth."""
    if _any_mortgaged(game, gets | gives) or (gets == 0 and cash <= 0):
        return False
    made, left = _groups_made(game, seat, gets, gives), game.cash[seat] + cash
    if made != 0:
        return made > 0 and left > 0
    return left >= _SALARY or (left >= _HALF_SALARY and prices_of(gets) + cash > prices_of(gives))


# --- as swaps: gamescomputersplay

_MOST_DIFFERENCE = 200  # dollars between the list prices of both sides
_SWAP_KEEP = 200


@kernel
def _good_swap(game, seat, other, gets, gives, cash):
    """Groups for groups: every title completes one, both sides are worth about the same, and the difference is paid."""
    if gets == 0 or gives == 0:
        return False
    largest = 0
    for group in range(_GROUPS):
        if gets & GROUP_BITS[group] and not makes_group(game, seat, gets, group):
            return False
        if gives & GROUP_BITS[group] and not makes_group(game, other, gives, group):
            return False
        if (gets | gives) & GROUP_BITS[group]:
            largest = max(largest, GROUP_SIZE[group])
    got, given = prices_of(gets), prices_of(gives)
    if largest == 2 or abs(got - given) > _MOST_DIFFERENCE or got > 2 * given or given > 2 * got:
        return False
    return cash >= given - got and (cash >= 0 or game.cash[seat] + cash >= _SWAP_KEEP)


# --- by sets: yyongg

_SET_VALUE, _FIRST_SET, _INCOME_WORTH, _RIVAL_WEIGHT = 3.0, 2.0, 3.0, 0.5
_INFLATION, _MOST_INFLATION = 0.5, 2.0
_PART = np.array([[min(n / size, 1.0) ** 2.5 for n in range(5)] for size in GROUP_SIZE])  # (10, 5) share of a group's value
_GROUP_PRICE = np.array([PRICE[group == GROUP_OF].sum() for group in range(_GROUPS)])
_TRAFFIC = (SQUARES * HITS / GROUP_SIZE)[GROUP_OF]  # (28,) visits, 1 for a mean square
_FIRST_RENT = np.where(GROUP_OF == UTILITIES, 28, RENT[:, 0])
_TITLE_VALUE = PRICE + _INCOME_WORTH * _TRAFFIC * _FIRST_RENT  # (28,) dollars, the group aside
_LAST_RENT = np.where(GROUP_OF < STREET_GROUPS, RENT[:, HOTEL], np.where(GROUP_OF == UTILITIES, 70, 400))
_EARNED = np.bincount(GROUP_OF, _TRAFFIC * _LAST_RENT)
_RETURN = _EARNED / (_GROUP_PRICE + 5 * GROUP_SIZE * HOUSE_COST)
_STRENGTH = _EARNED / _EARNED.mean() * np.clip(_RETURN / _RETURN.mean(), 0.75, 1.25)
_STRENGTH = np.clip(_STRENGTH / _STRENGTH.mean(), 0.15, 2.0)  # (10,) 1 for a mean group


@kernel
def _group_value(game, group):
    """Dollars that the whole group is worth: more where it is good, nobody has one yet, and cash abounds."""
    value = _SET_VALUE * _GROUP_PRICE[group] * _STRENGTH[group]
    first = True
    for other in range(_GROUPS):
        owner = game.owner[GROUP_FIRST[other]]
        if other != group and owner != BANK and holds_group(game, owner, other):
            first = False
    cash, living = 0, 0
    for seat in range(game.players):
        if game.alive[seat]:
            cash += game.cash[seat]
            living += 1
    inflation = 1.0 + _INFLATION * (cash / living / STARTING_CASH - 1.0)
    return value * (_FIRST_SET if first else 1.0) * min(max(inflation, 1.0), _MOST_INFLATION)


@kernel
def _best_rival_part(game, seat, group, other, more):
    """The largest part of the group that a rival has, ``other`` with ``more`` of its titles."""
    best = 0.0
    for rival in range(game.players):
        if rival != seat and game.alive[rival]:
            best = max(best, _PART[group, held(game, rival, group) + (more if rival == other else 0)])
    return best


@kernel
def _set_gain(game, seat, other, gets, gives, cash):
    """Dollars that a deal is worth: titles, cash, and what it does to both sides' parts of groups."""
    gain = float(cash - interest_on(game, gets))
    for title in range(TITLES):
        if (gets | gives) >> title & 1:
            value = _TITLE_VALUE[title] - (redeem_cost(game, title) if game.mortgaged[title] else 0)
            gain += value if gets >> title & 1 else -value
    for group in range(_GROUPS):
        if (gets | gives) & GROUP_BITS[group]:
            mine, more = held(game, seat, group), _count(gets, group) - _count(gives, group)
            rivals = _best_rival_part(game, seat, group, other, -more) - _best_rival_part(game, seat, group, other, 0)
            gain += _group_value(game, group) * (_PART[group, mine + more] - _PART[group, mine] - _RIVAL_WEIGHT * rivals)
    return gain


@kernel
def _best_group_made(game, seat, titles):
    """Dollars of the best group that ``titles`` complete for the seat, 0 if there is none."""
    best = 0.0
    for group in range(_GROUPS):
        if makes_group(game, seat, titles, group):
            best = max(best, _group_value(game, group))
    return best


@kernel
def arms_a_rival(game, seat, other, gets, gives, policy):
    """Whether a deal gives ``other`` a better group than the seat gets, in the eyes of one that judges by sets."""
    return JUDGE[policy] == BY_SETS and _best_group_made(game, other, gives) > _best_group_made(game, seat, gets)


@kernel
def accepts(game, seat, other, gets, gives, cash, policy):
    """Whether the policy takes a deal: ``gets`` and ``cash`` dollars (negative: paid) for ``gives``, titles and jail cards."""
    cash += worth_of_cards(gets) - worth_of_cards(gives)
    gets, gives = gets & TITLE_BITS, gives & TITLE_BITS
    if gets & SHUNNED[policy]:
        return False
    if SINGLE[policy] == ALWAYS_SINGLE and not all_single(game, seat, gives):
        return False
    judge = JUDGE[policy]
    if judge == BY_GROUPS:
        return _good_for_groups(game, seat, gets, gives, cash)
    if judge == BY_SWAPS:
        return _good_swap(game, seat, other, gets, gives, cash)
    if judge == BY_SETS:
        return _set_gain(game, seat, other, gets, gives, cash) >= 0.0
    return _gain(game, seat, gets, gives, cash, policy) > LEAST[policy]
