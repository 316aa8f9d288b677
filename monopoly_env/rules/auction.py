"""Auctions (R44 to R46)."""

from monopoly_env.actions import AUCTION, BUY, NONE
from monopoly_env.board import GROUP_OF, PRICE, TITLES
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_AUCTION_EMPTY, E_AUCTION_OPEN, E_AUCTION_PASS, E_AUCTION_WON, E_BID, emit
from monopoly_env.game import MAX_PLAYERS, NO_AUCTIONS
from monopoly_env.rules.money import to_bank
from monopoly_env.rules.property import give_title

OPENING_BID = 10


@kernel
def least_bid(game):
    """Return the lowest bid that the rules allow next, in dollars (R44)."""
    return max(OPENING_BID, game.auction_bid + 1)


@kernel
def next_bid(game, seat):
    """Return what BUY of the seat bids, in dollars: the sum it has named, else a step or all its cash if that is less (R44)."""
    if game.own_bid > 0:
        return game.own_bid
    step = max(OPENING_BID, PRICE[game.auction_title] // 10) if game.auction_bid > 0 else OPENING_BID
    return min(game.auction_bid + step, game.cash[seat])


@kernel
def open_auction(game, title, opener):
    """Put ``title`` up; the seat left of ``opener`` is asked first (R44)."""
    if game.house_rules & NO_AUCTIONS:  # H3
        return
    game.auction_title = title
    game.auction_bid = 0
    game.auction_leader = -1
    for seat in range(MAX_PLAYERS):
        game.auction_in[seat] = game.alive[seat]
    game.auction_seat = (opener + 1) % game.players
    emit(game, E_AUCTION_OPEN, opener, title)


@kernel
def open_next_auction(game):
    """Put up the first title waiting after a bankruptcy (R57). Return whether there was one."""
    if game.auction_start < 0:  # the usual case; this is asked before every step
        return False
    for title in range(TITLES):
        if game.auction_queue[title]:
            game.auction_queue[title] = 0
            open_auction(game, title, game.auction_start)
            return True
    game.auction_start = -1
    return False


@kernel
def _close(game):
    title = game.auction_title
    if game.auction_leader >= 0:  # R46
        to_bank(game, game.auction_leader, game.auction_bid)
        emit(game, E_AUCTION_WON, game.auction_leader, title, game.auction_bid)
        give_title(game, title, game.auction_leader)
    else:
        emit(game, E_AUCTION_EMPTY, -1, title)
    game.auction_title = -1


@kernel
def auction_step(game):
    """Ask the next bidder, or close the auction."""
    bidders = 0
    for seat in range(game.players):
        bidders += game.auction_in[seat]
    if bidders == 0 or (bidders == 1 and game.auction_leader >= 0):
        _close(game)
        return
    seat = game.auction_seat
    if not game.auction_in[seat]:
        game.auction_seat = (seat + 1) % game.players
    elif game.cash[seat] < least_bid(game):  # R45
        _leave(game, seat)
    else:
        game.phase = AUCTION
        game.actor = seat
        game.table_group = GROUP_OF[game.auction_title]


@kernel
def _leave(game, seat):
    game.auction_in[seat] = 0
    game.auction_seat = (seat + 1) % game.players
    emit(game, E_AUCTION_PASS, seat, game.auction_title)


@kernel
def apply_bid(game, action):
    """Carry out BUY (bid) or PASS (leave) of the seat that is asked."""
    seat = game.actor
    game.phase = NONE
    if action == BUY:
        game.auction_bid = next_bid(game, seat)
        game.auction_leader = seat
        game.auction_seat = (seat + 1) % game.players
        emit(game, E_BID, seat, game.auction_title, game.auction_bid)
    else:
        _leave(game, seat)
    game.own_bid = 0
