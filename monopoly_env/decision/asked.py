"""What a decision asks of a seat: about which groups, at what cost, and what both answers are worth to whom.

Worth is told as shares of the strength at the table (``monopoly_env.strength``).
"""

from monopoly_env.actions import AUCTION, IN_JAIL, LIQUIDATE, MANAGE, OFFER, PURCHASE
from monopoly_env.board import GROUP_OF, HOUSE_COST, JAIL_FEE, PRICE, RENT, TITLE_AT
from monopoly_env.compiled.jit import kernel
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import group_of_titles, interest_on
from monopoly_env.rules.debt import needed
from monopoly_env.rules.property import build_title, held, redeem_cost, redeem_title
from monopoly_env.rules.turn import jail_card
from monopoly_env.strength.exposure import visitors
from monopoly_env.strength.strength import shares_by_buyer, shares_by_deal, strength_share


@kernel
def deal_asked(game, seat):
    """Return the deal that saying yes makes or proposes.

    Returns:
        ``(other, gets, gives, cash)``: the other side (-1: the decision of ``seat`` is about no deal), the titles that ``seat``
        gets and gives as bit sets, and the dollars it receives (negative: pays), interest on mortgaged titles not counted.
    """
    if game.actor == seat:
        if game.phase == OFFER:
            return game.offer_from, game.offer_give, game.offer_take, game.offer_cash
        if game.phase == MANAGE and game.table_group >= 0:
            other, give, take, price, _ = game.composed
            if other >= 0:
                return other, take, give, -price
    return -1, 0, 0, 0


@kernel
def groups_and_cost(game, seat, deal):
    """Say which groups the decision of ``seat`` is about, and what saying yes costs.

    Args:
        deal: what ``deal_asked`` returned.

    Returns:
        ``(mine, theirs, cost)``: the group in which I gain or decide (-1: none), the group in which the other side of a
        deal gains (-1: none), and the dollars that saying yes costs (negative: brings).
    """
    phase, group = game.phase, game.table_group
    if game.actor != seat:
        return -1, -1, 0
    other, gets, gives, cash = deal
    if other >= 0:
        gain, loss = group_of_titles(gets), group_of_titles(gives)
        cost = interest_on(game, gets) - cash
        return (gain if gain >= 0 else loss), (loss if loss >= 0 else gain), cost
    if phase == PURCHASE:
        return group, -1, PRICE[TITLE_AT[game.position[seat]]]
    if phase == AUCTION:
        return group, -1, next_bid(game, seat)
    if phase == IN_JAIL:
        return -1, -1, 0 if jail_card(game, seat) >= 0 else JAIL_FEE
    if phase == LIQUIDATE:
        return group, -1, needed(game)
    if phase == MANAGE and group >= 0:
        return group, -1, _managing_cost(game, seat, group)
    return -1, -1, 0


@kernel
def _managing_cost(game, seat, group):
    if build_title(game, seat, group) >= 0:
        return HOUSE_COST[group]
    title = redeem_title(game, seat, group)
    return redeem_cost(game, title) if title >= 0 else 0


@kernel
def building_return(game, seat, title):
    """Return the rent that one more building on ``title`` adds to what the rivals' next rolls bring, per dollar of its cost."""
    group, level = GROUP_OF[title], game.houses[title]
    rent = RENT[title, level] * (2 if level == 0 else 1)  # R11
    return visitors(game, seat, group) * (RENT[title, level + 1] - rent) / HOUSE_COST[group]


@kernel
def contender(game, seat, title):
    """Return the rival that ``title`` helps most: the one with the most titles of its group, then the most cash."""
    best, most = -1, -1.0
    for rival in range(game.players):
        if rival != seat and game.alive[rival]:
            score = held(game, rival, GROUP_OF[title]) * 1e6 + game.cash[rival]
            if score > most:
                best, most = rival, score
    return best


@kernel
def purchase_shares(game, seat, holdings):
    """Return the seat's share ``(no, yes)`` at PURCHASE: the contender gets the title, as far as its cash goes, or the seat."""
    title = TITLE_AT[game.position[seat]]
    rival = contender(game, seat, title)
    bought, lost = shares_by_buyer(game, seat, title, PRICE[title], rival, min(PRICE[title], game.cash[rival]), holdings)
    return lost, bought


@kernel
def bid_shares(game, seat, holdings):
    """Return the seat's share ``(no, yes)`` at AUCTION: the leader gets the title for its bid, or the seat for the next one.

    Before the first bid it is the contender that would get it, for half the list price.
    """
    title = game.auction_title
    rival, price = game.auction_leader, game.auction_bid
    if rival < 0:
        rival = contender(game, seat, title)
        price = min(PRICE[title] // 2, game.cash[rival])
    bought, lost = shares_by_buyer(game, seat, title, next_bid(game, seat), rival, price, holdings)
    return lost, bought


@kernel
def prospects(game, seat, deal, holdings):
    """Return what the answers to the decision that waits are worth.

    Args:
        deal: what ``deal_asked`` returned.
        holdings: any record of ``monopoly_env.strength.holdings``; it is brought up to date.

    Returns:
        ``(share, no, yes, other_no, other_yes)``: the seat's share of the strength at the table now, after no and after yes;
        that of the other side of a deal, 0 where there is none. Where no title changes hands, no and yes are equal.
    """
    other, gets, gives, cash = deal
    if other >= 0:
        no, yes, other_no, other_yes = shares_by_deal(game, seat, other, gets, gives, cash, holdings)
        return no, no, yes, other_no, other_yes
    share = strength_share(game, seat, holdings)
    if game.actor == seat:
        if game.phase == PURCHASE:
            no, yes = purchase_shares(game, seat, holdings)
            return share, no, yes, 0.0, 0.0
        if game.phase == AUCTION:
            no, yes = bid_shares(game, seat, holdings)
            return share, no, yes, 0.0, 0.0
    return share, share, share, 0.0, 0.0
