"""A player of a few fixed rules, for golden games: it uses every action, and no change of a bot can move it."""

from monopoly_env import actions, board
from monopoly_env.game import BANK
from monopoly_env.rules.auction import next_bid

KEPT = 100  # dollars a seat keeps when it buys, builds or bids; each seat keeps as much more as its number says
STEP = 40


def steady_action(game, mask) -> int:
    """The action of the seat that decides."""
    seat, phase = int(game.actor), int(game.phase)
    cash = int(game.cash[seat])
    kept = KEPT + STEP * seat
    if phase == actions.IN_JAIL:
        return actions.BUY if (game.owner == BANK).any() and cash >= 3 * kept else actions.PASS
    if phase == actions.PURCHASE:
        price = int(board.PRICE[board.TITLE_AT[game.position[seat]]])
        return actions.BUY if cash - price >= kept or _completes(game, seat) else actions.PASS
    if phase == actions.AUCTION:
        bid = int(next_bid(game, seat))
        return actions.BUY if bid <= board.PRICE[game.auction_title] * (4 + seat) // 5 and cash - bid >= kept else actions.PASS
    if phase == actions.OFFER:
        return actions.BUY if _gain(game) >= KEPT else actions.PASS
    if phase == actions.LIQUIDATE:
        return _raise_cash(game, seat, mask)
    assert phase == actions.MANAGE
    return _manage(game, mask, cash, kept)


def _completes(game, seat):
    """Whether the title on offer is the last one of a group that the seat holds the rest of."""
    return _held(game, seat) == board.GROUP_SIZE[game.table_group] - 1


def _held(game, seat):
    """How many titles of the table group the seat owns."""
    first, end = board.GROUP_FIRST[game.table_group : game.table_group + 2]
    return int((game.owner[first:end] == seat).sum())


def _raise_cash(game, seat, mask):
    """Mortgage, or else sell; by choice only what is not a whole group."""
    if game.debts == 0 and _held(game, seat) == board.GROUP_SIZE[game.table_group]:
        return actions.PASS
    return actions.MORTGAGE if mask[actions.MORTGAGE] else actions.SELL


def _manage(game, mask, cash, kept):
    if mask[actions.BUILD] and (cash - board.HOUSE_COST[game.table_group] >= kept or cash < kept // 2):
        return actions.BUILD  # with little cash, by a mortgage
    if mask[actions.TRADE] and cash >= 4 * kept:
        return actions.TRADE
    return actions.REDEEM if mask[actions.REDEEM] and cash >= 5 * kept else actions.PASS


def _gain(game):
    """List prices and cash gained by an offer; what the other side gives counts a fifth more."""
    gain = int(game.offer_cash)
    for title in range(board.TITLES):
        gain += int(board.PRICE[title]) * 6 // 5 * (int(game.offer_give) >> title & 1)
        gain -= int(board.PRICE[title]) * (int(game.offer_take) >> title & 1)
    return gain
