"""The fixed-policy players FP-A, FP-B and FP-C, after Bonjour, Haliem et al. 2022 (arXiv 2103.00683).

All three buy, bid, build and trade by a table of group priorities and keep a fixed reserve; they differ in the table. Their
simulator is another one, so these are players in the same spirit, not the same programs.
"""

import numpy as np

from monopoly_env.actions import AUCTION, BUILD, BUY, IN_JAIL, LIQUIDATE, MANAGE, MORTGAGE, OFFER, PASS, REDEEM, SELL, TRADE
from monopoly_env.board import GROUP_OF, GROUP_SIZE, HOUSE_COST, PRICE, TITLE_AT, TITLES
from monopoly_env.compiled.jit import kernel
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import interest_on, standing_deal, title_bit, worth_of_cards
from monopoly_env.rules.property import has_buildings, held

# priorities: 0 low, 1 usual, 2 high
# groups: brown, light blue, pink, orange, red, yellow, green, dark blue, railroads, utilities
PRIORITY = np.array(
    [
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1, 1, 2, 2, 0],
        [1, 2, 1, 2, 1, 1, 1, 1, 2, 1],
    ],
    np.int64,
)
RESERVE = np.array([300, 100, 0], np.int64)  # dollars kept when buying, by priority
LIMIT = np.array([60, 100, 140], np.int64)  # highest bid and worth of a title in per cent of list price, by priority
BUILDING_RESERVE = 150
REDEEM_RESERVE = 400
COMPLETING = 2  # a title that completes a group is worth this many times more


@kernel
def _worth(game, seat, title, policy):
    """What ``title`` is worth to the seat, in dollars, whoever owns it now."""
    group = GROUP_OF[title]
    worth = PRICE[title] * LIMIT[PRIORITY[policy, group]] // 100
    others = held(game, seat, group) - (1 if game.owner[title] == seat else 0)
    return COMPLETING * worth if others + 1 == GROUP_SIZE[group] else worth


@kernel
def _deal_gain(game, seat, gets, gives, cash, policy):
    """Worth of the titles ``gets`` less that of ``gives`` (bit sets), plus ``cash`` received, in dollars."""
    gain = cash - interest_on(game, gets) + worth_of_cards(gets) - worth_of_cards(gives)
    for title in range(TITLES):
        if gets >> title & 1:
            gain += _worth(game, seat, title, policy)
        elif gives >> title & 1:
            gain -= _worth(game, seat, title, policy)
    return gain


@kernel
def _purchase(game, seat, policy):
    title = TITLE_AT[game.position[seat]]
    kept = RESERVE[PRIORITY[policy, GROUP_OF[title]]]
    return BUY if game.cash[seat] - PRICE[title] >= kept else PASS


@kernel
def _bid(game, seat, policy):
    title = game.auction_title
    kept = RESERVE[PRIORITY[policy, GROUP_OF[title]]]
    bid = next_bid(game, seat)
    return BUY if bid <= _worth(game, seat, title, policy) and game.cash[seat] - bid >= kept else PASS


@kernel
def _manage(game, seat, mask, policy):
    group = game.table_group
    if mask[BUILD]:
        return BUILD if game.cash[seat] - HOUSE_COST[group] >= BUILDING_RESERVE else PASS
    if mask[TRADE]:
        _, give, take, cash = standing_deal(game, seat, group)
        gain = _deal_gain(game, seat, title_bit(take), title_bit(give), -cash, policy)
        if gain > 0 and game.cash[seat] - cash >= BUILDING_RESERVE:
            return TRADE
    return REDEEM if mask[REDEEM] and game.cash[seat] >= REDEEM_RESERVE else PASS


@kernel
def _liquidate(game, seat, mask):
    group = game.table_group
    if mask[MORTGAGE] and not has_buildings(game, group):
        return MORTGAGE
    # Buildings go last: only if what lies ahead cannot cover the debt.
    if mask[SELL] and game.debts > 0:
        ahead = 0
        for title in range(TITLES):
            later = GROUP_OF[title]
            if game.owner[title] == seat and later > group and not game.mortgaged[title] and not has_buildings(game, later):
                ahead += PRICE[title] // 2
        if game.cash[seat] + ahead < game.amount[0]:
            return SELL
    return PASS


@kernel
def fixed_policy_action(game, mask, policy):
    """Return the action of fixed policy 0 (FP-A), 1 (FP-B) or 2 (FP-C)."""
    seat, phase = game.actor, game.phase
    if phase == AUCTION:
        return _bid(game, seat, policy)
    if phase == MANAGE:
        return _manage(game, seat, mask, policy)
    if phase == OFFER:
        gain = _deal_gain(game, seat, game.offer_give, game.offer_take, game.offer_cash, policy)
        return BUY if gain > 0 else PASS
    if phase == LIQUIDATE:
        return _liquidate(game, seat, mask)
    if phase == IN_JAIL:
        return BUY if game.cash[seat] >= BUILDING_RESERVE else PASS
    return _purchase(game, seat, policy)
