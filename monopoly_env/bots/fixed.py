"""The fixed policies: players that follow constants (``policies``), those of this project and those of other simulators.

All of them buy, bid, build, redeem and trade by dollars to keep and by per cent of list prices. They differ in the numbers, and
in how they judge a deal (``deals``).
"""

from monopoly_env.actions import AUCTION, BUILD, BUY, IN_JAIL, LIQUIDATE, MANAGE, MORTGAGE, OFFER, PASS, REDEEM, SELL, TRADE
from monopoly_env.board import GROUP_OF, HOUSE_COST, PRICE, RENT, STREET_GROUPS, TITLE_AT, TITLES
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.bots.deals import accepts, all_single, arms_a_rival, completes, makes_group, prices_of
from monopoly_env.bots.policies import (
    BID,
    BID_BLOCKING,
    BID_COMPLETING,
    BID_HOLDING,
    BID_KEEP,
    BUILD_FROM,
    BUILD_KEEP,
    BUILDINGS_FIRST,
    BY_RENT,
    CARD,
    CARD_AS_CASH,
    CARD_AT_ONCE,
    COMPLETING,
    JAIL_FROM,
    KEEP,
    KEEP_COMPLETING,
    LEVELS,
    NEVER_SINGLE,
    NOTHING,
    PAYS,
    PROPOSE_FROM,
    PROPOSE_KEEP,
    REDEEM_FROM,
    REDEEM_KEEP,
    REDEEM_PRICE,
    SEEKS,
    SHUNNED,
    SINGLE,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.decision.asked import deal_asked
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.property import build_title, has_buildings, held, level_to_raise, redeem_cost, redeem_title
from monopoly_env.rules.turn import jail_card

_LAST_TRY = 2  # failed tries for doubles before the third


@kernel
def _purchase(game, seat, policy):
    title = TITLE_AT[game.position[seat]]
    group = GROUP_OF[title]
    kept = KEEP_COMPLETING[policy, group] if completes(game, seat, title) else KEEP[policy, group]
    return BUY if not SHUNNED[policy] >> title & 1 and game.cash[seat] - PRICE[title] >= kept else PASS


@kernel
def _highest_bid(game, seat, title, policy):
    """Return the limit in an auction, in per cent of the list price."""
    group = GROUP_OF[title]
    if SHUNNED[policy] >> title & 1:
        return 0
    if completes(game, seat, title):
        return BID_COMPLETING[policy, group]
    limit = BID_HOLDING[policy, group] if held(game, seat, group) else BID[policy, group]
    if BID_BLOCKING[policy, group] > limit:
        for rival in range(game.players):
            if game.alive[rival] and completes(game, rival, title):
                return BID_BLOCKING[policy, group]
    return limit


@kernel
def _bid(game, seat, policy):
    title, bid = game.auction_title, next_bid(game, seat)
    if 100 * bid > PRICE[title] * _highest_bid(game, seat, title, policy):
        return PASS
    return BUY if game.cash[seat] - bid >= BID_KEEP[policy, GROUP_OF[title]] else PASS


@kernel
def _rent_growth(game, seat, group):
    """Dollars that the next building of the group adds to a rent, less its cost."""
    title = build_title(game, seat, group)
    level = game.houses[title]
    rent = RENT[title, level] * (2 if level == 0 else 1)  # R11
    return RENT[title, level + 1] - rent - HOUSE_COST[group]


@kernel
def _may_build(game, seat, group, policy):
    """Whether the policy would build on a group, the other groups aside."""
    level, cash = level_to_raise(game, seat, group), game.cash[seat]
    if level < 0 or level >= LEVELS[policy] or cash < BUILD_FROM[policy]:
        return False
    return cash - HOUSE_COST[group] >= BUILD_KEEP[policy]


@kernel
def _wants_building(game, seat, group, policy):
    if not _may_build(game, seat, group, policy):
        return False
    if BY_RENT[policy]:
        for later in range(group + 1, STREET_GROUPS):
            if _may_build(game, seat, later, policy) and _rent_growth(game, seat, later) > _rent_growth(game, seat, group):
                return False
    return True


@kernel
def _wants_deal(game, seat, group, policy):
    seeks, cash = SEEKS[policy, group], game.cash[seat]
    if seeks == NOTHING:
        return False
    other, gets, gives, received = deal_asked(game, seat)
    if seeks == COMPLETING and not makes_group(game, seat, gets, group):
        return False
    if cash < PROPOSE_FROM[policy] or cash + received < PROPOSE_KEEP[policy]:
        return False
    if 100 * (prices_of(gives) - received) > PAYS[policy] * prices_of(gets):
        return False
    if SINGLE[policy] != NEVER_SINGLE and not all_single(game, seat, gives):
        return False
    if arms_a_rival(game, seat, other, gets, gives, policy):
        return False
    return accepts(game, seat, other, gets, gives, received, policy)


@kernel
def _wants_redeemed(game, seat, group, policy):
    title, cash = redeem_title(game, seat, group), game.cash[seat]
    if cash < REDEEM_FROM[policy] or cash - redeem_cost(game, title) < REDEEM_KEEP[policy]:
        return False
    return 100 * cash > REDEEM_PRICE[policy] * PRICE[title]


@kernel
def _manage(game, seat, mask, policy):
    group = game.table_group
    if mask[BUILD]:
        return BUILD if _wants_building(game, seat, group, policy) else PASS
    if mask[TRADE] and _wants_deal(game, seat, group, policy):
        return TRADE
    return REDEEM if mask[REDEEM] and _wants_redeemed(game, seat, group, policy) else PASS


@kernel
def _ahead(game, seat, group, buildings):
    """Dollars that the buildings, or the mortgages of titles without any, of the groups after this one would bring."""
    total = 0
    for title in range(TITLES):
        later = GROUP_OF[title]
        if game.owner[title] == seat and later > group:
            if buildings:
                total += game.houses[title] * (HOUSE_COST[later] // 2)
            elif not game.mortgaged[title] and not has_buildings(game, later):
                total += MORTGAGE_VALUE[title]
    return total


@kernel
def _liquidate(game, seat, mask, policy):
    """Give what goes first; the other only if what lies ahead of the first kind cannot cover the debt."""
    group = game.table_group
    buildings = BUILDINGS_FIRST[policy]
    first, second = (SELL, MORTGAGE) if buildings else (MORTGAGE, SELL)
    if mask[first]:
        return first
    if mask[second] and game.debts > 0 and game.cash[seat] + _ahead(game, seat, group, buildings) < game.amount[0]:
        return second
    return PASS


@kernel
def _jail(game, seat, policy):
    if CARD[policy] != CARD_AS_CASH and jail_card(game, seat) >= 0:
        return BUY if CARD[policy] == CARD_AT_ONCE or game.jail_rolls[seat] == _LAST_TRY else PASS
    return BUY if game.cash[seat] >= JAIL_FROM[policy] else PASS


@kernel
def fixed_policy_action(game, mask, policy):
    """Return the action of a fixed policy, by its place in ``POLICIES``, for the pending decision."""
    seat, phase = game.actor, game.phase
    if phase == AUCTION:
        return _bid(game, seat, policy)
    if phase == MANAGE:
        return _manage(game, seat, mask, policy)
    if phase == OFFER:
        taken = accepts(game, seat, game.offer_from, game.offer_give, game.offer_take, game.offer_cash, policy)
        return BUY if taken else PASS
    if phase == LIQUIDATE:
        return _liquidate(game, seat, mask, policy)
    if phase == IN_JAIL:
        return _jail(game, seat, policy)
    return _purchase(game, seat, policy)
