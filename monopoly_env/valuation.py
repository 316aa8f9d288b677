"""What ``landlord`` thinks a position is worth: every living player's strength in dollars, and a seat's share of the total.

A player's *strength* is what it owns plus what its titles will earn, less what the rivals' will cost it. Buildings that it can
pay for count as if they stood: a complete group is worth much to a player with cash and little to one without. The *share* of a
seat is its strength, to a power, over the sum of all. Purchases, bids and deals are judged by that number, so a rival's gain
counts against a deal by itself, and no round of deals that the seat agrees to can bring it back to where it was, but poorer.

Constants marked "tuned" were found by an evolution strategy on the results of some 600,000 four-player games against the fixed
policies, an earlier ``landlord`` and the candidate's own predecessor, from all seats; the others are facts of the board.
"""

import numpy as np

from monopoly_env.board import (
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOTEL,
    HOUSE_COST,
    RAILROADS,
    RENT,
    STREET_GROUPS,
)
from monopoly_env.game import BANK, MAX_PLAYERS
from monopoly_env.jit import kernel
from monopoly_env.memory import stack_array
from monopoly_env.rules.counts import count_of, count_titles, new_counts, unpack
from monopoly_env.rules.deal import interest_on
from monopoly_env.rules.property import first_title

_GROUPS = len(GROUPS)
THREE_HOUSES = 3  # the level at which rents jump
# How often a rival's turn ends on the squares of a group (long-run shares of the board, extra rolls included).
HITS = np.array([0.050, 0.079, 0.088, 0.101, 0.098, 0.093, 0.090, 0.056, 0.130, 0.063])
# (8, 6) mean rent of the streets of a complete group by building level
MEAN_RENT = np.array([RENT[group == GROUP_OF].mean(axis=0) for group in range(STREET_GROUPS)])
MEAN_RENT[:, 0] *= 2
_THREE_HOUSES_COST = THREE_HOUSES * GROUP_SIZE[:STREET_GROUPS] * HOUSE_COST[:STREET_GROUPS]
# Street groups by what a dollar spent on three houses a street earns, the best first.
BUILD_ORDER = np.argsort(-HITS[:STREET_GROUPS] * (MEAN_RENT[:, THREE_HOUSES] - MEAN_RENT[:, 0]) / _THREE_HOUSES_COST)
# (2, 5) mean rent of a railroad and of a utility by how many of them the owner holds
_LINE_RENT = np.array([[0.0, 25.0, 50.0, 100.0, 200.0], [0.0, 28.0, 70.0, 0.0, 0.0]])

ROUNDS = 17.4  # rounds over which a title is expected to earn, in terms of its list price (tuned)
TITLE_WORTH = 0.69  # worth of a title beyond its earnings, as a share of its list price (tuned)
CASH_WORTH = 0.64  # worth of a dollar (tuned) ...
FIRST_CASH = 300.0
FIRST_CASH_WORTH = 0.45  # ... and how much more the first $300 are worth each (tuned)
KEPT_CASH = 44.0  # dollars that are not counted on for building (tuned)
BORROWED = 1.2  # share of the mortgages of other titles that is counted on for building (tuned)
LATER = 0.1  # share of a group's missing houses that counts though there is no money for them yet
LINE_WORTH = 0.16  # share of the rents of railroads and utilities that counts: their rents do not grow (tuned)
PART_WORTH = 0.024  # share of a group's potential that all but one of its streets are worth (tuned) ...
MANY_PLAYERS = 5
PART_WORTH_OF_MANY = 0.1  # ... from five players on, where titles are scattered and come together by deals alone (measured)
PART_POWER = 2.0  # how fast that grows with the streets held (tuned)
BANK_MISSING, RIVAL_MISSING = 0.91, 0.82  # less where the missing streets are with the bank, with rivals (tuned)
LOSS = 0.32  # share of the rents to be paid to rivals that counts against a player (tuned)
LEAST_SHARE, LEAST_STRENGTH = 0.2, 20.0  # strength is at least this share of what is owned, and so many dollars
POWER = 1.31  # chances to win go with this power of strength (tuned)

# (8, 8) dollars that a group with three houses a street will earn from 0 to 7 rivals, less half the cost of building
_POTENTIAL = np.maximum(
    0.0,
    ROUNDS * np.arange(MAX_PLAYERS) * (HITS[:STREET_GROUPS] * MEAN_RENT[:, THREE_HOUSES])[:, np.newaxis]
    - 0.5 * _THREE_HOUSES_COST[:, np.newaxis],
)
# (8, 4) how far 0 to 3 streets have come towards their group, for each street that is missing
_PART = np.array([[(n / (size - 1)) ** PART_POWER / max(size - n, 1) for n in range(4)] for size in GROUP_SIZE[:STREET_GROUPS]])
# (2, 8, 8, 4) that potential for the part held: with few players and many, by group, rivals and streets held
_PARTS = np.array([PART_WORTH, PART_WORTH_OF_MANY])[:, np.newaxis, np.newaxis, np.newaxis] * _POTENTIAL[:, :, np.newaxis]
_PARTS = _PARTS * _PART[:, np.newaxis]
# (5, 5) less for missing streets, by how many are with the bank and with rivals
_OPENNESS = BANK_MISSING * np.arange(5)[:, np.newaxis] + RIVAL_MISSING * np.arange(5)
# (2, 5, 5) what railroads and utilities earn from a rival, by how many are held and not mortgaged
_LINE_INCOME = (LINE_WORTH * HITS[RAILROADS:, np.newaxis] * np.arange(5) / GROUP_SIZE[RAILROADS:, np.newaxis])[:, np.newaxis]
_LINE_INCOME = _LINE_INCOME * _LINE_RENT[:, :, np.newaxis]
WORTH, INCOME, WEIGHT = range(3)
_new_assets = stack_array((3, MAX_PLAYERS), np.float64)


@kernel
def living_players(game):
    """Return how many players are in the game."""
    count = 0
    for seat in range(game.players):
        count += game.alive[seat]
    return count


@kernel
def _mean_rent(group, level):
    """Mean rent of a complete street group at a mean building level of 0.0 to 5.0, in dollars."""
    low = int(level)
    if low >= HOTEL:
        return MEAN_RENT[group, HOTEL]
    return MEAN_RENT[group, low] + (level - low) * (MEAN_RENT[group, low + 1] - MEAN_RENT[group, low])


@kernel
def _building_plan(game, counts, seat, complete, money):
    """Spend ``money`` on houses for the groups in the bit set ``complete``, up to three a street, the best group first.

    Houses that have to wait for more money count by ``LATER``.

    Returns:
        ``(income, spent)``: dollars more a round and rival, and dollars spent on houses.
    """
    income, spent = 0.0, 0.0
    houses_left = float(game.houses_left)
    for group in BUILD_ORDER:
        if not complete >> group & 1:
            continue
        size = GROUP_SIZE[group]
        _, _, levels, _, owed = unpack(counts[seat, group])
        wanted = max(0.0, float(THREE_HOUSES * size - levels))
        houses = 0.0
        if owed < money:
            money -= owed
            houses = min(min(wanted, money / HOUSE_COST[group]), houses_left)
            money -= houses * HOUSE_COST[group]
            houses_left -= houses
        now, soon = levels / size, (levels + houses) / size
        income += HITS[group] * (_mean_rent(group, soon) - _mean_rent(group, now))
        if wanted > houses:
            income += LATER * HITS[group] * (MEAN_RENT[group, THREE_HOUSES] - _mean_rent(group, soon))
        spent += (houses + LATER * (wanted - houses)) * HOUSE_COST[group]
    return income, spent


@kernel
def _holdings(game, counts, seat, cash, rivals):
    """Return ``(worth, income)`` of a seat with ``cash``: dollars owned, and dollars its titles will earn from each rival."""
    # Almost without branches: what is not held adds zeros.
    worth, income, borrow = 0.0, 0.0, 0.0
    complete, many = 0, int(game.players >= MANY_PLAYERS)
    for group in range(STREET_GROUPS):
        count, free, levels, price, owed = unpack(counts[seat, group])
        size = GROUP_SIZE[group]
        worth += TITLE_WORTH * price - owed
        if count == size:
            income += HITS[group] * _mean_rent(group, levels / size) * free / size
            complete |= 1 << group
        else:
            unowned = counts[BANK, group] & 15
            borrow += 0.5 * price * free / max(count, 1)
            worth += _PARTS[many, group, rivals, count] * _OPENNESS[unowned, size - count - unowned]
    for group in range(RAILROADS, _GROUPS):
        count, free, _, price, owed = unpack(counts[seat, group])
        worth += TITLE_WORTH * price - owed
        borrow += 0.5 * price * free / max(count, 1)
        income += _LINE_INCOME[group - RAILROADS, count, free]
    money = cash - KEPT_CASH + BORROWED * borrow
    if complete:
        more, spent = _building_plan(game, counts, seat, complete, money)
        income += more
        cash -= spent
    return worth + CASH_WORTH * cash + FIRST_CASH_WORTH * min(cash, FIRST_CASH), ROUNDS * income


@kernel
def _assess(game, counts, seat, cash, rivals, assets):
    """Write what the seat has into ``assets``, float64 ``(3, 8)``; its weight is then still to be found."""
    assets[WORTH, seat], assets[INCOME, seat] = _holdings(game, counts, seat, float(cash), rivals)
    assets[WEIGHT, seat] = 0.0


@kernel
def _assess_others(game, counts, seat, rivals, assets):
    """The same for all living players but the seat; zero for those who are out."""
    assets[:] = 0.0
    for player in range(game.players):
        if player != seat and game.alive[player]:
            _assess(game, counts, player, game.cash[player], rivals, assets)


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
def strength_share(game, counts, seat):
    """Return the seat's share of the strength at the table, in [0, 1]; 0 for a bankrupt seat, 1 for the last one.

    ``counts``: of ``count_titles``.
    """
    if not game.alive[seat]:
        return 0.0
    assets = _new_assets()
    rivals = living_players(game) - 1
    _assess_others(game, counts, seat, rivals, assets)
    _assess(game, counts, seat, game.cash[seat], rivals, assets)
    everyone = _total_income(game, assets)
    total = _weigh(game, rivals, assets, everyone, everyone)
    return assets[WEIGHT, seat] / total


@kernel
def _move(game, counts, titles, owner, seat):
    """Count ``titles`` (a bit set) for ``seat`` in place of their owner."""
    while titles:
        title = first_title(titles)
        counts[owner, GROUP_OF[title]] -= count_of(game, title)
        counts[seat, GROUP_OF[title]] += count_of(game, title)
        titles &= titles - 1


@kernel
def shares_by_deal(game, seat, other, gets, gives, cash):
    """Say what a deal does to both sides: titles ``gets`` and ``cash`` dollars for ``gives``, the titles as bit sets.

    Returns:
        ``(before, after, other_before, other_after)``: the shares of ``seat`` and of ``other``.
    """
    counts, assets = new_counts(), _new_assets()
    rivals = living_players(game) - 1
    count_titles(game, counts)
    _assess_others(game, counts, seat, rivals, assets)
    _assess(game, counts, seat, game.cash[seat], rivals, assets)
    earlier = _total_income(game, assets)
    total = _weigh(game, rivals, assets, earlier, earlier)
    before, other_before = assets[WEIGHT, seat] / total, assets[WEIGHT, other] / total
    _move(game, counts, gets, other, seat)
    _move(game, counts, gives, seat, other)
    # Nothing changes for the players besides these two.
    _assess(game, counts, seat, game.cash[seat] + cash - interest_on(game, gets), rivals, assets)
    _assess(game, counts, other, game.cash[other] - cash - interest_on(game, gives), rivals, assets)
    total = _weigh(game, rivals, assets, _total_income(game, assets), earlier)
    return before, assets[WEIGHT, seat] / total, other_before, assets[WEIGHT, other] / total


@kernel
def shares_by_buyer(game, seat, title, price, rival, rival_price):
    """Return the seat's share ``(bought, lost)`` if the bank sells ``title`` to it or to ``rival``, for dollars each."""
    counts, assets = new_counts(), _new_assets()
    rivals = living_players(game) - 1
    count_titles(game, counts)
    _move(game, counts, 1 << title, BANK, seat)
    _assess_others(game, counts, seat, rivals, assets)
    _assess(game, counts, seat, game.cash[seat] - price, rivals, assets)
    earlier = _total_income(game, assets)
    total = _weigh(game, rivals, assets, earlier, earlier)
    bought = assets[WEIGHT, seat] / total
    _move(game, counts, 1 << title, seat, rival)
    _assess(game, counts, seat, game.cash[seat], rivals, assets)  # to the others one buyer is like another
    _assess(game, counts, rival, game.cash[rival] - rival_price, rivals, assets)
    total = _weigh(game, rivals, assets, _total_income(game, assets), earlier)
    return bought, assets[WEIGHT, seat] / total
