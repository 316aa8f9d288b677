"""The deal that the action TRADE proposes for a group (R48, R49): composed by value, priced by how often it was refused.

It is the environment's design, like the 23 floats, and no rule of Monopoly; docs/SPACES.md says it for readers. Out of many
swaps the few that help both sides most are priced, and the one that raises the proposer's share of the strength most is
proposed. There are two kinds of opponents, those who judge by list prices and those who judge by strength, so the price suits
one and then the other.
"""

import numpy as np

from monopoly_env.actions import MANAGE
from monopoly_env.board import GROUP_BITS, GROUPS, INTEREST, MORTGAGE, PRICE, TITLES
from monopoly_env.compiled.intrinsics import stack_array
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import MAX_PLAYERS, NO_TRADES
from monopoly_env.rules.deal import interest_on, put_offer
from monopoly_env.rules.property import first_title
from monopoly_env.strength.holdings import HOLDINGS
from monopoly_env.strength.strength import WEIGHT, copy_assets, exchange, exchange_back, shares_at, update_strengths

MOST_OFFERS = 4  # for a group, until one of its titles changes hands
MOST_LOSS = 0.1  # of the proposer's share, as a part of it: the first step towards a group costs
KEPT = 100  # dollars that both sides keep
PRICED = 6  # swaps that are priced
NEAR = 5  # dollars within which a price is found
# How a deal is priced after 0 to 3 refusals: at list prices and so much more of what is taken, in per cent; or, where that is
# -1, so that the other side's share of the strength rises by so much, as a part of it.
ABOVE_LIST = np.array([5, -1, 50, -1])
THEIR_GAIN = np.array([0.0, 0.02, 0.0, 0.08])

NO_DEAL = -1, 0, 0, 0, MOST_OFFERS
AT_LIST, BY_STRENGTH = 0, 1  # the kinds of prices
FOR_BOTH = 2  # after so many refusals it is the swap that helps both sides together most; between two players there is none

_GROUPS = len(GROUPS)
_MOST_SWAPS = 512
scratch_holdings = stack_array((1,), HOLDINGS)
_new_assets = stack_array((3, MAX_PLAYERS), np.float64)
_new_swaps = stack_array((_MOST_SWAPS, 3), np.int64)  # other side, given, taken
_new_gains = stack_array((_MOST_SWAPS,), np.float64)
_new_tried = stack_array((2, PRICED), np.bool_)
_new_singles = stack_array((_GROUPS,), np.int64)
_new_held = stack_array((MAX_PLAYERS,), np.int64)


@kernel
def _lowest_bit(things):
    return things & -things


@kernel
def _add(swaps, count, other, give, take):
    if count < _MOST_SWAPS:
        swaps[count, 0], swaps[count, 1], swaps[count, 2] = other, give, take
        return count + 1
    return count


@kernel
def _add_swaps(mine, theirs, other, group, take, swaps, count):
    """Add the swaps for ``take`` of one rival: for nothing, for titles of one other group, for one each of two groups.

    What is given comes from groups that the proposer has not complete, so none has buildings (R34).
    """
    singles = _new_singles()
    found = 0
    count = _add(swaps, count, other, 0, take)
    for given in range(_GROUPS):
        part = mine & GROUP_BITS[given]
        if given == group or part == 0 or part == GROUP_BITS[given]:
            continue
        single = _lowest_bit(part)
        count = _add(swaps, count, other, single, take)
        if part != single:
            count = _add(swaps, count, other, part, take)
        if theirs & GROUP_BITS[given]:
            for earlier in range(found):
                count = _add(swaps, count, other, singles[earlier] | single, take)
            singles[found] = single
            found += 1
    return count


@kernel
def _find_swaps(game, seat, group, swaps):
    """Write all swaps that are looked at into ``swaps``; return how many there are."""
    held = _new_held()
    for player in range(game.players):
        held[player] = 0
    for title in range(TITLES):
        if game.owner[title] >= 0:
            held[game.owner[title]] |= 1 << title
    mine, count = held[seat], 0
    part = mine & GROUP_BITS[group]
    if part == 0 or part == GROUP_BITS[group]:
        return 0
    for other in range(game.players):
        wanted = held[other] & GROUP_BITS[group]
        if wanted and other != seat:
            single = _lowest_bit(wanted)
            count = _add_swaps(mine, held[other], other, group, single, swaps, count)
            if wanted != single:
                count = _add_swaps(mine, held[other], other, group, wanted, swaps, count)
    return count


@kernel
def _list_price(game, titles):
    """List prices of the titles of a bit set, less what it costs to redeem those that are mortgaged, in dollars."""
    total = 0
    while titles:
        title = first_title(titles)
        total += PRICE[title] - (MORTGAGE[title] + INTEREST[title] if game.mortgaged[title] else 0)
        titles &= titles - 1
    return total


@kernel
def _price_bounds(game, seat, swap):
    """Return the least and the most dollars that the proposer may pay (negative: is paid), so that both sides keep some."""
    other, give, take = swap
    least = interest_on(game, give) + KEPT - game.cash[other]
    return least, game.cash[seat] - interest_on(game, take) - KEPT


@kernel
def _exchange(game, seat, swap, holdings, assets):
    copy_assets(game, holdings, assets)
    other, give, take = swap
    return exchange(game, seat, other, take, give, holdings)


@kernel
def _undo(game, seat, swap, holdings):
    other, give, take = swap
    exchange_back(game, seat, other, take, give, holdings)


@kernel
def _shares(game, seat, swap, price, held, other_held, holdings, assets):
    """Return the shares of both sides after an exchange at a price."""
    other, give, take = swap
    cash = game.cash[seat] - price - interest_on(game, take)
    other_cash = game.cash[other] + price - interest_on(game, give)
    return shares_at(game, seat, other, held, other_held, cash, other_cash, holdings, assets)


@kernel
def _price_that_pleases(game, seat, swap, held, other_held, holdings, assets, target, floor, least, most):
    """Find the lowest price at which the other side's share is ``target``, to ``NEAR`` dollars.

    Returns:
        ``(price, mine)``: the price and the proposer's share with it, -1.0 where that would be below ``floor`` or nothing is
        enough for the other side.
    """
    mine, low = _shares(game, seat, swap, least, held, other_held, holdings, assets)
    if low >= target or mine < floor:  # the proposer's share falls with the price
        return least, mine if mine >= floor else -1.0
    most_left = mine
    mine, high = _shares(game, seat, swap, most, held, other_held, holdings, assets)
    if high < target:
        return most, -1.0
    interpolate = True
    while most - least > NEAR:
        middle = (least + most) // 2
        if interpolate:  # a share rises with cash almost in a straight line; every other guess halves what is left
            guess = least + int((most - least) * (target - low) / (high - low)) + 1
            if mine < floor:
                last = least + int((most - least) * (most_left - floor) / (most_left - mine)) + 1
                if last < guess:  # it seems that no price is good for both: look between the two
                    guess = (last + guess) // 2
            middle = min(max(guess, least + 1), most - 1)
        interpolate = not interpolate
        there, reached = _shares(game, seat, swap, middle, held, other_held, holdings, assets)
        if reached >= target:
            most, high, mine = middle, reached, there
        elif there < floor:
            return middle, -1.0
        else:
            least, low, most_left = middle, reached, there
    return most, mine if mine >= floor else -1.0


@kernel
def _keep_most_helpful(game, seat, swaps, count, floor, holdings, assets):
    """Bring the swaps that help most to the front, the best first, where they are too many; return how many are left.

    It counts how much a swap at list prices helps both sides together; with two players, where one's gain is the other's loss,
    how much it helps the proposer. Those that cost the proposer too much at their lowest price are left out.
    """
    if count <= PRICED:
        return count
    possible = 0
    gains = _new_gains()
    for row in range(count):
        swap = swaps[row, 0], swaps[row, 1], swaps[row, 2]
        least, most = _price_bounds(game, seat, swap)
        if least > most:
            continue
        held, other_held = _exchange(game, seat, swap, holdings, assets)
        mine, theirs = _shares(game, seat, swap, least, held, other_held, holdings, assets)
        if mine >= floor:
            price = min(max(_list_price(game, swap[2]) - _list_price(game, swap[1]), least), most)
            if price > least:
                mine, theirs = _shares(game, seat, swap, price, held, other_held, holdings, assets)
            before = holdings.assets[WEIGHT, swap[0]] / holdings.total
            gains[possible] = mine if holdings.living == 2 else mine + theirs - before
            swaps[possible, 0], swaps[possible, 1], swaps[possible, 2] = swap
            possible += 1
        _undo(game, seat, swap, holdings)
    for place in range(min(PRICED, possible)):
        best = place
        for row in range(place + 1, possible):
            if gains[row] > gains[best]:
                best = row
        if best != place:
            for column in range(3):
                swaps[place, column], swaps[best, column] = swaps[best, column], swaps[place, column]
            gains[place], gains[best] = gains[best], gains[place]
    return min(PRICED, possible)


@kernel
def _best_priced(game, seat, swaps, count, refusals, floor, tried, holdings, assets):
    """Price the swaps as after so many refusals; return the place of the best, and its price. Place -1: none is good enough.

    ``tried``: the places that are looked at. Those not good enough are taken out, for a later price of the same kind is higher.
    """
    best, best_price, most_worth = -1, 0, 0.0
    for row in range(count):
        swap = swaps[row, 0], swaps[row, 1], swaps[row, 2]
        least, most = _price_bounds(game, seat, swap)
        if not tried[row] or least > most:
            continue
        held, other_held = _exchange(game, seat, swap, holdings, assets)
        if ABOVE_LIST[refusals] >= 0:
            taken = _list_price(game, swap[2])
            price = max(taken + taken * ABOVE_LIST[refusals] // 100 - _list_price(game, swap[1]), least)
            mine, theirs = -1.0, 0.0
            if price <= most:
                mine, theirs = _shares(game, seat, swap, price, held, other_held, holdings, assets)
        else:
            theirs = 0.0
            target = (1 + THEIR_GAIN[refusals]) * holdings.assets[WEIGHT, swap[0]] / holdings.total
            price, mine = _price_that_pleases(game, seat, swap, held, other_held, holdings, assets, target, floor, least, most)
        worth = mine
        if refusals == FOR_BOTH and holdings.living > 2:
            worth += theirs - holdings.assets[WEIGHT, swap[0]] / holdings.total
        if mine < floor:
            tried[row] = False
        elif worth > most_worth:
            best, best_price, most_worth = row, price, worth
        _undo(game, seat, swap, holdings)
    return best, best_price


@kernel
def _compose(game, seat, group, holdings):
    """Return ``(other, give, take, cash, refusals)``; see ``composed_deal``."""
    swaps = _new_swaps()
    count = _find_swaps(game, seat, group, swaps)
    if count:
        assets = _new_assets()
        update_strengths(game, holdings)
        floor = (1 - MOST_LOSS) * holdings.assets[WEIGHT, seat] / holdings.total
        count = _keep_most_helpful(game, seat, swaps, count, floor, holdings, assets)
        tried = _new_tried()
        tried[AT_LIST, :] = True
        tried[BY_STRENGTH, :] = holdings.living > 2  # of two players both cannot gain
        for refusals in range(game.refusals[seat, group], MOST_OFFERS):
            kind = AT_LIST if ABOVE_LIST[refusals] >= 0 else BY_STRENGTH
            best, price = _best_priced(game, seat, swaps, count, refusals, floor, tried[kind], holdings, assets)
            if best >= 0:
                return swaps[best, 0], swaps[best, 1], swaps[best, 2], price, refusals
    return NO_DEAL


@kernel
def composed_deal(game, seat, group, holdings):
    """Return the deal that TRADE proposes for ``seat`` on ``group``.

    Args:
        holdings: any record of ``monopoly_env.strength.holdings``; it is brought up to date where something is composed.

    Returns:
        ``(other, give, take, cash, refusals)``: the rival (-1: there is no deal), the titles given and taken as bit sets, the
        dollars that ``seat`` pays (negative: is paid), and after how many refusals the deal is priced like that.
    """
    asked_before = game.proposed >> group & 1
    if game.house_rules & NO_TRADES or game.received or asked_before or game.refusals[seat, group] >= MOST_OFFERS:
        return NO_DEAL
    return _compose(game, seat, group, holdings)


@kernel
def ask_about_group(game, seat, group, deal):
    """Let ``seat`` decide what it does with ``group`` (MANAGE). ``deal``: what TRADE proposes there, see ``composed_deal``."""
    game.phase = MANAGE
    game.actor = seat
    game.table_group = group
    composed = game.composed
    composed[0], composed[1], composed[2], composed[3], composed[4] = deal


@kernel
def propose_composed(game, seat, group):
    """Carry out TRADE: propose what was composed for ``group``, once a turn."""
    other, give, take, cash, refusals = game.composed
    game.refusals[seat, group] = refusals
    game.proposed |= 1 << group
    put_offer(game, seat, other, give, take, cash, group)
