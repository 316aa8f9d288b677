"""What ``landlord`` thinks a position is worth: every living player's strength in dollars, and a seat's share of the total.

A player's *strength* is what it owns plus what its titles will earn, less what the rivals' will cost it. Buildings that it can
pay for count as if they stood: a complete group is worth much to a player with cash and little to one without. The *share* of a
seat is its strength, to a power, over the sum of all. Purchases, bids and deals are judged by that number, so a rival's gain
counts against a deal by itself, and no round of deals that the seat agrees to can bring it back to where it was, but poorer.

Constants marked "tuned" were found by an evolution strategy on the results of some 600,000 four-player games against the fixed
policies, an earlier ``landlord`` and the candidate's own predecessor, from all seats; the others are facts of the board.
"""

import numpy as np

from monopoly_env.board import GROUP_OF, GROUP_SIZE, HOUSE_COST, TITLE_BITS
from monopoly_env.compiled.intrinsics import stack_array
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import BANK, MAX_PLAYERS
from monopoly_env.rules.deal import interest_on, worth_of_cards
from monopoly_env.rules.property import first_title
from monopoly_env.strength.holdings import (
    BUILD_ORDER,
    HITS,
    MEAN_RENT,
    ROUNDS,
    THREE_HOUSES,
    count_of,
    holding_values,
    mean_rent,
    unpack,
    update_holdings,
)

CASH_WORTH = 0.64  # worth of a dollar (tuned) ...
FIRST_CASH = 300.0
FIRST_CASH_WORTH = 0.45  # ... and how much more the first $300 are worth each (tuned)
KEPT_CASH = 44.0  # dollars that are not counted on for building (tuned)
BORROWED = 1.2  # share of the mortgages of other titles that is counted on for building (tuned)
LATER = 0.1  # share of a group's missing houses that counts though there is no money for them yet
LOSS = 0.32  # share of the rents to be paid to rivals that counts against a player (tuned)
LEAST_SHARE, LEAST_STRENGTH = 0.2, 20.0  # strength is at least this share of what is owned, and so many dollars
POWER = 1.31  # chances to win go with this power of strength (tuned)

_GROUP_OF_BIT = np.zeros(1 << len(BUILD_ORDER), np.int64)  # (256,) group by its bit in a bit set over BUILD_ORDER
_GROUP_OF_BIT[1 << np.arange(len(BUILD_ORDER))] = BUILD_ORDER

WORTH, INCOME, WEIGHT = range(3)  # the rows of assets
_new_assets = stack_array((3, MAX_PLAYERS), np.float64)


@kernel
def _building_plan(game, counts, seat, complete, money):
    """Spend ``money`` on houses for the groups ``complete`` (a bit set over ``BUILD_ORDER``), up to three a street, the best
    group first.

    Houses that have to wait for more money count by ``LATER``.

    Returns:
        ``(income, spent)``: dollars more a round and rival, and dollars spent on houses.
    """
    income, spent = 0.0, 0.0
    houses_left = float(game.houses_left)
    while complete:
        group = _GROUP_OF_BIT[complete & -complete]
        complete &= complete - 1
        size = GROUP_SIZE[group]
        _, _, levels, _, owed = unpack(counts[seat, group])
        wanted = float(THREE_HOUSES * size - levels)
        if wanted <= 0.0:
            continue
        houses = 0.0
        if owed < money:
            money -= owed
            houses = min(min(wanted, money / HOUSE_COST[group]), houses_left)
            money -= houses * HOUSE_COST[group]
            houses_left -= houses
        now, soon = levels / size, (levels + houses) / size
        income += HITS[group] * (mean_rent(group, soon) - mean_rent(group, now))
        if wanted > houses:
            income += LATER * HITS[group] * (MEAN_RENT[group, THREE_HOUSES] - mean_rent(group, soon))
        spent += (houses + LATER * (wanted - houses)) * HOUSE_COST[group]
    return income, spent


@kernel
def _assess(game, counts, seat, cash, held, assets):
    """Write what the seat has with ``cash`` dollars into ``assets``, float64 ``(3, 8)``: the dollars it owns, and those that
    its titles will earn from each rival. Its weight is then still to be found.

    ``held``: ``(worth, income, borrow, complete)`` of its titles.
    """
    worth, income, borrow, complete = held
    cash = float(cash)
    money = cash - KEPT_CASH + BORROWED * borrow
    if complete:
        more, spent = _building_plan(game, counts, seat, complete, money)
        income += more
        cash -= spent
    assets[WORTH, seat] = worth + CASH_WORTH * cash + FIRST_CASH_WORTH * min(cash, FIRST_CASH)
    assets[INCOME, seat] = ROUNDS * income
    assets[WEIGHT, seat] = 0.0


@kernel
def _total_income(game, assets):
    total = 0.0
    for player in range(game.players):
        total += assets[INCOME, player]
    return total


@kernel
def _weigh(game, rivals, assets, everyone, before):
    """Write the weights of all players; return their sum. Those found with the same income of all ``before`` are kept."""
    total = 0.0
    for player in range(game.players):
        if game.alive[player]:
            if assets[WEIGHT, player] == 0.0 or everyone != before:
                worth, income = assets[WORTH, player], assets[INCOME, player]
                strength = worth + rivals * income - LOSS * (everyone - income)
                assets[WEIGHT, player] = max(strength, LEAST_SHARE * worth, LEAST_STRENGTH) ** POWER
            total += assets[WEIGHT, player]
    return total


@kernel
def update_strengths(game, holdings):
    """Bring all that ``holdings`` says up to date with the game: titles, and everybody's strength with the cash at hand."""
    update_holdings(game, holdings)
    assets = holdings.assets
    built = game.houses_left != holdings.houses_left
    changed = False
    for player in range(game.players):
        cash = game.cash[player]
        if not built and cash == holdings.cash[player]:
            continue
        changed = True
        holdings.cash[player] = cash
        if game.alive[player]:
            held = (holdings.worth[player], holdings.income[player], holdings.borrow[player], holdings.complete[player])
            _assess(game, holdings.counts, player, cash, held, assets)
        else:
            assets[:, player] = 0.0
    if changed:
        earlier = holdings.everyone
        holdings.houses_left = game.houses_left
        holdings.everyone = _total_income(game, assets)
        holdings.total = _weigh(game, holdings.living - 1, assets, holdings.everyone, earlier)


@kernel
def strength_share(game, seat, holdings):
    """Return the seat's share of the strength at the table, in [0, 1]; 0 for a bankrupt seat, 1 for the last one.

    ``holdings``: any record of ``monopoly_env.strength.holdings``; it is brought up to date.
    """
    update_strengths(game, holdings)
    return holdings.assets[WEIGHT, seat] / holdings.total


@kernel
def copy_assets(game, holdings, copy):
    """Copy what everybody has into ``copy``, float64 ``(3, 8)``."""
    for row in range(3):
        for player in range(game.players):
            copy[row, player] = holdings.assets[row, player]


@kernel
def _assess_anew(game, holdings, seat, cash, assets):
    """Assess a seat with ``cash`` dollars by the counts as they stand now, in place of what was appraised."""
    held = holding_values(holdings.counts, seat, game.players, holdings.living - 1)
    _assess(game, holdings.counts, seat, cash, held, assets)


@kernel
def _move(game, counts, titles, owner, seat):
    """Count ``titles`` (a bit set) for ``seat`` in place of their owner."""
    while titles:
        title = first_title(titles)
        counts[owner, GROUP_OF[title]] -= count_of(game, title)
        counts[seat, GROUP_OF[title]] += count_of(game, title)
        titles &= titles - 1


@kernel
def exchange(game, seat, other, gets, gives, holdings):
    """Count a deal as if it were made, until ``exchange_back``: ``seat`` has the titles ``gets``, ``other`` has ``gives``.

    Returns:
        What ``seat`` and what ``other`` hold then, each as ``holding_values`` says it.
    """
    counts, rivals = holdings.counts, holdings.living - 1
    _move(game, counts, gets, other, seat)
    _move(game, counts, gives, seat, other)
    return holding_values(counts, seat, game.players, rivals), holding_values(counts, other, game.players, rivals)


@kernel
def exchange_back(game, seat, other, gets, gives, holdings):
    """Undo ``exchange``."""
    _move(game, holdings.counts, gets, seat, other)
    _move(game, holdings.counts, gives, other, seat)


@kernel
def shares_at(game, seat, other, held, other_held, cash, other_cash, holdings, assets):
    """Return the shares of ``seat`` and ``other`` with so many dollars after an ``exchange``; nothing changes for the others.

    ``assets``: what ``copy_assets`` or an earlier call for the same exchange left, written over.
    """
    before = _total_income(game, assets)
    _assess(game, holdings.counts, seat, cash, held, assets)
    _assess(game, holdings.counts, other, other_cash, other_held, assets)
    total = _weigh(game, holdings.living - 1, assets, _total_income(game, assets), before)
    return assets[WEIGHT, seat] / total, assets[WEIGHT, other] / total


@kernel
def shares_by_deal(game, seat, other, gets, gives, cash, holdings):
    """Say what a deal does to both sides: ``gets`` and ``cash`` dollars for ``gives``, bit sets of titles and jail cards.

    Returns:
        ``(before, after, other_before, other_after)``: the shares of ``seat`` and of ``other``.
    """
    update_strengths(game, holdings)
    before, other_before = holdings.assets[WEIGHT, seat] / holdings.total, holdings.assets[WEIGHT, other] / holdings.total
    cash += worth_of_cards(gets) - worth_of_cards(gives)
    gets, gives = gets & TITLE_BITS, gives & TITLE_BITS
    held, other_held = exchange(game, seat, other, gets, gives, holdings)
    mine, theirs = game.cash[seat] + cash - interest_on(game, gets), game.cash[other] - cash - interest_on(game, gives)
    assets = _new_assets()
    copy_assets(game, holdings, assets)
    after, other_after = shares_at(game, seat, other, held, other_held, mine, theirs, holdings, assets)
    exchange_back(game, seat, other, gets, gives, holdings)
    return before, after, other_before, other_after


@kernel
def shares_by_buyer(game, seat, title, price, rival, rival_price, holdings):
    """Return the seat's share ``(bought, lost)`` if the bank sells ``title`` to it or to ``rival``, for dollars each."""
    update_strengths(game, holdings)
    assets, counts, rivals = _new_assets(), holdings.counts, holdings.living - 1
    copy_assets(game, holdings, assets)
    group = GROUP_OF[title]
    _move(game, counts, 1 << title, BANK, seat)
    for player in range(game.players):
        if player != seat and counts[player, group]:  # for those with a part of the group, one street less is with the bank
            _assess_anew(game, holdings, player, game.cash[player], assets)
    _assess_anew(game, holdings, seat, game.cash[seat] - price, assets)
    earlier = _total_income(game, assets)
    total = _weigh(game, rivals, assets, earlier, holdings.everyone)
    bought = assets[WEIGHT, seat] / total
    _move(game, counts, 1 << title, seat, rival)
    _assess_anew(game, holdings, seat, game.cash[seat], assets)  # to the others one buyer is like another
    _assess_anew(game, holdings, rival, game.cash[rival] - rival_price, assets)
    _move(game, counts, 1 << title, rival, BANK)
    total = _weigh(game, rivals, assets, _total_income(game, assets), earlier)
    return bought, assets[WEIGHT, seat] / total
