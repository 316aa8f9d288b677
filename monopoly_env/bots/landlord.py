"""The bot ``landlord``: the strongest player written as rules.

Purchases, bids and deals are judged by the seat's share of the strength at the table (``strength``), buildings and debts by
what threatens its cash (``reserve``).

It proposes what TRADE composes for it, and takes any deal that raises its share a little. It builds to three houses on its best
group first, with the mortgages of other titles if need be, and keeps less cash the more rivals are about to arrive. It
leaves a title to the auction where no rival can bid near the price, pays its way out of jail while titles are to be had, and
sits there later.
"""

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
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, HOTEL, HOUSE_COST, PRICE, STREET_GROUPS, TITLE_AT, TITLES
from monopoly_env.bots.reserve import (
    BUILDINGS,
    GROUPS_WITHOUT_BUILDINGS,
    RAILROAD_ROW,
    RESERVE,
    RESERVE_AT_MOST,
    cash_within,
    least_sacrifice,
    reserve,
    sacrifice,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.decision.asked import bid_shares, contender, purchase_shares
from monopoly_env.game import BANK
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.debt import needed, spared_group
from monopoly_env.rules.property import held, holds_group, level_to_raise, mortgage_title, redeem_title, sell_title
from monopoly_env.rules.turn import can_build_group
from monopoly_env.strength.exposure import danger, visitors, worst_rent
from monopoly_env.strength.holdings import BUILD_ORDER, MEAN_RENT, THREE_HOUSES
from monopoly_env.strength.strength import shares_by_deal

# All tuned by played matches but for the cash to leave jail.
LOSS_TO_PROPOSE = 0.03  # of the share, as a part of it, for a step towards a group
GAIN_TO_ACCEPT = 0.01  # by how much an offer must raise the seat's share (1.0 = doubles it)
DEAL_RESERVE_BY_DANGER = 0.65  # dollars kept for each dollar of expected rent, paying for a deal
BUYING_RESERVE_BY_DANGER = 0.47  # the same, buying from the bank
CHEAP_AUCTION = 0.91  # a title goes to auction if no rival can bid this share of its list price
MORTGAGES_TRUSTED = 0.65  # share of what mortgages would bring that counts as cash for the first three houses
LATE_BUILDING_RESERVE = 0.51  # share of the reserve kept when building beyond three houses
RESERVE_LESS_ARRIVING = 1.04  # dollars less in reserve for a dollar of rent expected from the rivals' next rolls
SCARCE_HOUSES = 9  # no hotel if the bank has fewer houses than this and a rival can use them
SPARE_TO_REDEEM_GROUP = 80.0  # dollars above the reserve to redeem a street of a complete group
SPARE_TO_REDEEM = 403.0  # the same for any other title
UNOWNED_TO_LEAVE_JAIL = 9  # leaves jail while the bank has so many titles ...
RENT_TO_STAY_IN_JAIL = 210.0  # ... or while no rent is as high as this
CASH_TO_LEAVE_JAIL = 200


@kernel
def _most_cash(game, seat):
    """Cash of the richest rival, in dollars."""
    most = 0
    for rival in range(game.players):
        if rival != seat and game.alive[rival]:
            most = max(most, game.cash[rival])
    return most


@kernel
def _lacks_one(game, seat, group):
    return held(game, seat, group) == GROUP_SIZE[group] - 1


@kernel
def _purchase(game, seat, holdings):
    title = TITLE_AT[game.position[seat]]
    price, group = PRICE[title], GROUP_OF[title]
    left = game.cash[seat] - price
    if left >= 0 and _most_cash(game, seat) + max(10, price // 10) < CHEAP_AUCTION * price:
        return PASS
    lost, bought = purchase_shares(game, seat, holdings)
    if bought <= lost:
        return PASS
    if left >= BUYING_RESERVE_BY_DANGER * danger(game, seat):
        return BUY
    vital = _lacks_one(game, seat, group) or _lacks_one(game, contender(game, seat, title), group)
    return BUY if vital and left + cash_within(game, seat, 0, -1, RAILROAD_ROW) >= 0 else PASS


@kernel
def _bid(game, seat, holdings):
    if game.cash[seat] - next_bid(game, seat) < BUYING_RESERVE_BY_DANGER * danger(game, seat):
        return PASS
    lost, bought = bid_shares(game, seat, holdings)
    return BUY if bought > lost else PASS


@kernel
def _better_group_ahead(game, seat, group):
    """Whether a better group of the seat's, still short of three houses a street, comes later in this turn."""
    for better in BUILD_ORDER:
        if better == group:
            return False
        if better > group and 0 <= level_to_raise(game, seat, better) < THREE_HOUSES:
            return True
    return False


@kernel
def _rival_wants_houses(game, seat):
    """Whether a rival holds a street group with room for houses."""
    for group in range(STREET_GROUPS):
        first = GROUP_FIRST[group]
        owner = game.owner[first]
        if owner != BANK and owner != seat and holds_group(game, owner, group) and game.houses[first] < HOTEL - 1:
            return True
    return False


@kernel
def _wants_building(game, seat, group):
    level = level_to_raise(game, seat, group)
    if _better_group_ahead(game, seat, group):
        return False
    if level == HOTEL - 1 and game.houses_left < SCARCE_HOUSES and _rival_wants_houses(game, seat):
        return False  # a hotel would hand the bank four houses
    left = game.cash[seat] - HOUSE_COST[group]
    if left >= RESERVE_AT_MOST:  # whatever threatens
        return True
    arriving = visitors(game, seat, group) * MEAN_RENT[group, THREE_HOUSES]
    kept = max(0.0, reserve(game, seat) - RESERVE_LESS_ARRIVING * arriving)
    if level < THREE_HOUSES:
        # Up to the third house a street is worth the mortgages of other titles.
        return left >= kept or left + MORTGAGES_TRUSTED * cash_within(game, seat, 0, group, RAILROAD_ROW) >= kept
    return left >= LATE_BUILDING_RESERVE * kept


@kernel
def _wants_deal(game, seat, holdings):
    """Whether there is a deal for the table group that costs the seat little of its share, and enough cash is left."""
    other, give, take, price, _ = game.composed
    if other < 0 or game.cash[seat] - price < DEAL_RESERVE_BY_DANGER * danger(game, seat):
        return False
    before, after, _, _ = shares_by_deal(game, seat, other, take, give, -price, holdings)
    return after >= (1 - LOSS_TO_PROPOSE) * before


@kernel
def _manage(game, seat, holdings):
    group = game.table_group
    if group < 0:  # a person's turn, who manages freely
        return PASS
    if can_build_group(game, seat, group) and _wants_building(game, seat, group):
        return BUILD
    if _wants_deal(game, seat, holdings):
        return TRADE
    if redeem_title(game, seat, group) >= 0:
        to_build = group < STREET_GROUPS and holds_group(game, seat, group)
        spare = game.cash[seat] - (SPARE_TO_REDEEM_GROUP if to_build else SPARE_TO_REDEEM)
        return REDEEM if spare >= RESERVE and spare >= reserve(game, seat) else PASS
    return PASS


@kernel
def _answer(game, seat, holdings):
    """Accept an offer that raises the seat's share."""
    other, gets, gives, cash = game.offer_from, game.offer_give, game.offer_take, game.offer_cash
    before, after, _, _ = shares_by_deal(game, seat, other, gets, gives, cash, holdings)
    return BUY if after > (1 + GAIN_TO_ACCEPT) * before else PASS


@kernel
def _liquidate(game, seat):
    """Give up what hurts least: act on this group only if the groups ahead do not bring enough with lesser sacrifices."""
    group = game.table_group
    limit = least_sacrifice(game, seat, group, spared_group(game), needed(game))
    if game.debts == 0:  # by choice (R54)
        limit = min(limit, GROUPS_WITHOUT_BUILDINGS - 1)
    if sell_title(game, seat, group) >= 0:
        return SELL if limit >= BUILDINGS else PASS
    return MORTGAGE if mortgage_title(game, seat, group) >= 0 and sacrifice(game, seat, group) <= limit else PASS


@kernel
def _jail(game, seat):
    """Out early, while titles are to be had; later only where no rent threatens."""
    unowned = 0
    for title in range(TITLES):
        unowned += game.owner[title] == BANK
    if unowned >= UNOWNED_TO_LEAVE_JAIL:
        return BUY
    return BUY if worst_rent(game, seat) < RENT_TO_STAY_IN_JAIL and game.cash[seat] >= CASH_TO_LEAVE_JAIL else PASS


@kernel
def landlord_action(game, holdings):
    """Return the action of ``landlord`` for the pending decision. It finds out for itself what is legal, where that matters.

    ``holdings``: any record of ``monopoly_env.strength.holdings``; it is brought up to date.
    """
    seat, phase = game.actor, game.phase
    if phase == AUCTION:
        return _bid(game, seat, holdings)
    if phase == MANAGE:
        return _manage(game, seat, holdings)
    if phase == OFFER:
        return _answer(game, seat, holdings)
    if phase == LIQUIDATE:
        return _liquidate(game, seat)
    if phase == IN_JAIL:
        return _jail(game, seat)
    return _purchase(game, seat, holdings)
