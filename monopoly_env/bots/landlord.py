"""The bot ``landlord``: the strongest player written as rules.

It puts a dollar value on every holding (``holding``): list price plus what a group earns from the rivals over the next rounds.
Purchases, bids and deals are judged by how they change its own holdings and the rivals'; cash is kept by danger.
"""

import numpy as np

from monopoly_env.actions import (
    AUCTION,
    BUILD,
    BUY,
    IN_JAIL,
    LIQUIDATE,
    MANAGE,
    MORTGAGE,
    OFFER,
    PASS,
    REDEEM,
    SELL,
    TRADE,
)
from monopoly_env.board import (
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOUSE_COST,
    INTEREST,
    PRICE,
    RAILROADS,
    RENT,
    SQUARES,
    STREET_GROUPS,
    TITLE_AT,
    TITLES,
)
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.game import BANK, NO_PLAN
from monopoly_env.jit import kernel
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import interest_on, standing_deal, title_bit
from monopoly_env.rules.property import build_title, held, holds_group, rent_due

_GROUPS = len(GROUPS)
ROUNDS = 9.0  # rounds over which a holding is expected to earn
# How often a rival's turn ends on the squares of a group (long-run shares of the board, extra rolls included).
HITS = np.array([0.050, 0.079, 0.088, 0.101, 0.098, 0.093, 0.090, 0.056, 0.130, 0.063])
THREE_HOUSES = 3
PART = 0.30  # share of a complete group's earnings that its last missing title is worth while missing
RIVAL_SHARE = 0.55  # how much of a rival's gain in a deal counts against it
_DICE_WAYS = np.array([0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1])


@kernel
def _earnings(game, group):
    """Dollars that the complete group earns over the next rounds, less the cost of its three houses a street."""
    rivals = -1
    for seat in range(game.players):
        rivals += game.alive[seat]
    size = GROUP_SIZE[group]
    rent, cost = 0.0, 0.0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        rent += RENT[title, max(THREE_HOUSES, game.houses[title])]
        cost += max(0, THREE_HOUSES - game.houses[title]) * HOUSE_COST[group]
    return ROUNDS * rivals * HITS[group] * rent / size - 0.5 * cost


@kernel
def _line_earnings(game, group, count):
    """Dollars that ``count`` railroads or utilities earn over the next rounds."""
    rivals = -1
    for seat in range(game.players):
        rivals += game.alive[seat]
    if count == 0:
        return 0.0
    rent = 25.0 * 2 ** (count - 1) if group == RAILROADS else (28.0 if count == 1 else 70.0)
    return ROUNDS * rivals * HITS[group] * count / GROUP_SIZE[group] * rent


@kernel
def holding(game, seat, group, gets, loses):
    """Value in dollars of a seat's hold on ``group`` once the titles ``gets`` have come and ``loses`` have gone (bit sets)."""
    count, value = 0, 0.0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        mine = game.owner[title] == seat
        if gets >> title & 1:
            mine = True
        elif loses >> title & 1:
            mine = False
        if mine:
            count += 1
            value += PRICE[title] - (MORTGAGE_VALUE[title] + INTEREST[title] if game.mortgaged[title] else 0)
    if count == 0:
        return 0.0
    if group >= STREET_GROUPS:
        return value + _line_earnings(game, group, count)
    if count == GROUP_SIZE[group]:
        return value + _earnings(game, group)
    return value + PART * _earnings(game, group) * (count / (GROUP_SIZE[group] - 1.0)) ** 2


@kernel
def _change(game, seat, gets, loses):
    """Change of the value of all holdings of a seat by a deal, in dollars."""
    touched = 0
    for title in range(TITLES):
        if (gets | loses) >> title & 1:
            touched |= 1 << GROUP_OF[title]
    total = 0.0
    for group in range(_GROUPS):
        if touched >> group & 1:
            total += holding(game, seat, group, gets, loses) - holding(game, seat, group, 0, 0)
    return total


@kernel
def deal_gain(game, seat, other, gets, loses, cash):
    """What a deal is worth to ``seat``: its own gain less its share of the damage by the other's gain, in dollars.

    ``cash`` is what ``seat`` receives.
    """
    mine = _change(game, seat, gets, loses) + cash - interest_on(game, gets)
    theirs = _change(game, other, loses, gets) - cash - interest_on(game, loses)
    living = 0
    for player in range(game.players):
        living += game.alive[player]
    share = 1.0 if living == 2 else RIVAL_SHARE
    return mine - share * max(theirs, 0.0)


@kernel
def danger(game, seat):
    """Expected rent of the next roll, in dollars."""
    total = 0.0
    for dice in range(2, 13):
        title = TITLE_AT[(game.position[seat] + dice) % SQUARES]
        if title >= 0 and game.owner[title] != BANK and game.owner[title] != seat and not game.mortgaged[title]:
            total += _DICE_WAYS[dice] / 36.0 * rent_due(game, title, dice, 0)
    return total


@kernel
def worst_rent(game, seat):
    """The highest rent on the board that the seat could owe, in dollars."""
    worst = 0
    for title in range(TITLES):
        owner = game.owner[title]
        if owner != BANK and owner != seat and not game.mortgaged[title]:
            worst = max(worst, rent_due(game, title, 7, 0))
    return worst


@kernel
def reserve(game, seat):
    """Dollars to keep at hand."""
    return min(30.0 + 1.5 * danger(game, seat) + 0.12 * worst_rent(game, seat), 500.0)


@kernel
def _singles(game, seat, first_group, spared):
    """Dollars that mortgages in the incomplete groups (and railroads, utilities) from ``first_group`` on would bring."""
    total = 0
    for title in range(TITLES):
        group = GROUP_OF[title]
        if game.owner[title] != seat or group < first_group or group == spared or game.mortgaged[title]:
            continue
        if group >= STREET_GROUPS or not holds_group(game, seat, group):
            total += MORTGAGE_VALUE[title]
    return total


@kernel
def _blocks(game, seat, title):
    """Whether a rival holds all the rest of the group of ``title``."""
    group = GROUP_OF[title]
    for other in range(game.players):
        if other != seat and game.alive[other] and held(game, other, group) == GROUP_SIZE[group] - 1:
            return True
    return False


@kernel
def _title_value(game, seat, title):
    """What the seat would pay for an unowned title, in dollars."""
    gain = _change(game, seat, 1 << title, 0)
    if _blocks(game, seat, title):
        gain = max(gain, 0.5 * _earnings(game, GROUP_OF[title]) + PRICE[title]) if GROUP_OF[title] < STREET_GROUPS else gain
    return gain


@kernel
def _purchase(game, seat):
    title = TITLE_AT[game.position[seat]]
    group = GROUP_OF[title]
    vital = held(game, seat, group) == GROUP_SIZE[group] - 1 or _blocks(game, seat, title)
    left = game.cash[seat] - PRICE[title]
    if left >= 0:
        return BUY if vital or left >= 0.5 * danger(game, seat) else PASS
    return BUY if vital and left + _singles(game, seat, 0, -1) >= 0 else PASS


@kernel
def _bid(game, seat):
    bid = next_bid(game)
    left = game.cash[seat] - bid
    if left < 0.5 * danger(game, seat):
        return PASS
    return BUY if bid <= _title_value(game, seat, game.auction_title) else PASS


@kernel
def _manage(game, seat, mask):
    group = game.table_group
    cash = game.cash[seat]
    if mask[BUILD]:
        cost = HOUSE_COST[group]
        kept = reserve(game, seat)
        if cash - cost >= kept:
            return BUILD
        # Up to the third house a street is worth the mortgages of single titles.
        low = game.houses[build_title(game, seat, group)] < THREE_HOUSES
        return BUILD if low and cash + _singles(game, seat, 0, group) - cost >= kept else PASS
    if mask[TRADE]:
        other, give, take, price = standing_deal(game, seat, group)
        gain = deal_gain(game, seat, other, title_bit(take), title_bit(give), -price)
        if gain > 0 and cash - price >= 0.5 * danger(game, seat):
            return TRADE
    if mask[REDEEM]:
        useful = group < STREET_GROUPS and holds_group(game, seat, group)
        return REDEEM if cash >= reserve(game, seat) + (150 if useful else 500) else PASS
    return PASS


@kernel
def _liquidate(game, seat, mask):
    group = game.table_group
    single = group >= STREET_GROUPS or not holds_group(game, seat, group)
    if game.debts == 0 and game.plan != NO_PLAN:
        return MORTGAGE if single and mask[MORTGAGE] else PASS
    if single and mask[MORTGAGE]:
        return MORTGAGE
    if game.cash[seat] + _singles(game, seat, group + 1, -1) >= game.amount[0]:
        return PASS
    return SELL if mask[SELL] else MORTGAGE


@kernel
def _jail(game, seat):
    unowned = 0
    for title in range(TITLES):
        unowned += game.owner[title] == BANK
    if unowned >= 6:
        return BUY
    return BUY if worst_rent(game, seat) < 150 and game.cash[seat] >= 200 else PASS


@kernel
def landlord_action(game, mask):
    """Return the action of ``landlord`` for the pending decision."""
    seat, phase = game.actor, game.phase
    if phase == AUCTION:
        return _bid(game, seat)
    if phase == MANAGE:
        return _manage(game, seat, mask)
    if phase == OFFER:
        gain = deal_gain(game, seat, game.offer_from, game.offer_give, game.offer_take, game.offer_cash)
        return BUY if gain > 0 else PASS
    if phase == LIQUIDATE:
        return _liquidate(game, seat, mask)
    if phase == IN_JAIL:
        return _jail(game, seat)
    return _purchase(game, seat)
