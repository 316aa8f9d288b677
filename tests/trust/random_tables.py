"""Random legal situations: any number of players, any holdings, and any point of a turn.

The one function ``random_table`` asks ``pick(low, high)`` for every choice. Hypothesis draws the choices in tests, and shrinks
them; ``numpy_pick`` draws them at speed in the long mode.
"""

from collections.abc import Callable

import numpy as np

from monopoly_env import board, cards, game
from monopoly_env.game import BANK, new_game
from monopoly_env.rules.auction import OPENING_BID
from monopoly_env.rules.deal import deal_is_legal, put_offer

Pick = Callable[[int, int], int]  # low, high -> an integer from low to high

TURN_BEGINS, ROLLS, LANDS, MANAGES, OWES, BIDS, BANKRUPT_AUCTIONS, OFFERED = range(8)  # where the turn stands
KINDS = 8
NEVER_AT_REST = board.GO_TO_JAIL
CASH_LIMITS = (0, 60, 400, 3000)


def numpy_pick(source: np.random.Generator) -> Pick:
    """Choices drawn from a NumPy generator."""
    return lambda low, high: int(source.integers(low, high + 1))


def random_table(pick: Pick, players: int, max_turns: int = 60) -> np.record:
    """Build a legal situation for ``players`` seats; call ``advance`` to come to its first decision."""
    table = new_game(players, pick(0, 2**32 - 1), max_turns=max_turns)
    table.house_rules = pick(0, 15) if pick(0, 2) == 0 else 0
    _seats(table, pick)
    _titles(table, pick)
    _cards(table, pick)
    table.pot = pick(0, 500) if table.house_rules & game.FREE_PARKING_POT else 0
    table.turn = _one_of(pick, _living(table))
    table.turns = pick(1, max_turns - 1)
    for seat in _living(table):
        for group in range(len(board.GROUPS)):
            table.refusals[seat, group] = max(0, pick(-4, 4))
    _point_of_turn(table, pick, pick(0, KINDS - 1))
    table.paid_in, table.paid_out = 0, int(table.cash.sum() + table.pot)
    return table


def _one_of(pick: Pick, things):
    return things[pick(0, len(things) - 1)]


def _living(table):
    return [seat for seat in range(table.players) if table.alive[seat]]


def _seats(table, pick):
    for seat in range(table.players):
        if pick(0, 5) == 5 and table.alive.sum() > 2:
            table.alive[seat] = 0
            table.cash[seat] = 0
            continue
        table.cash[seat] = pick(0, _one_of(pick, CASH_LIMITS))
        table.manage_both[seat] = pick(0, 2) == 0
        table.position[seat] = pick(0, board.SQUARES - 1)
        if table.position[seat] == NEVER_AT_REST or pick(0, 5) == 5:
            table.position[seat] = board.JAIL
            table.jailed[seat] = 1
            table.jail_rolls[seat] = pick(0, 2)


def _titles(table, pick):
    living = _living(table)
    for group in range(len(board.GROUPS)):
        titles = range(board.GROUP_FIRST[group], board.GROUP_FIRST[group + 1])
        spread = pick(0, 2)  # one owner, scattered, or mostly the bank's
        owner = _one_of(pick, living)
        for title in titles:
            if spread == 1:
                owner = _one_of(pick, living)
            table.owner[title] = BANK if spread == 2 and pick(0, 3) else owner
        if spread == 0 and group < board.STREET_GROUPS and pick(0, 1):
            _buildings(table, pick, titles)
        elif pick(0, 1):
            for title in titles:
                table.mortgaged[title] = table.owner[title] != BANK and pick(0, 1)


def _buildings(table, pick, titles):
    """Put up buildings evenly, as many as the bank has."""
    low = pick(0, board.HOTEL)
    higher = pick(0, len(titles) - 1) if low < board.HOTEL else 0  # so many streets are a level above the others
    levels = [low + (place < higher) for place in range(len(titles))]
    houses = sum(level for level in levels if level < board.HOTEL)
    hotels = levels.count(board.HOTEL)
    if houses <= table.houses_left and hotels <= table.hotels_left:
        table.houses[titles[0] : titles[-1] + 1] = levels if pick(0, 1) else levels[::-1]
        table.houses_left -= houses
        table.hotels_left -= hotels


def _cards(table, pick):
    for deck in range(2):
        order = np.roll(np.arange(cards.CARDS), pick(0, cards.CARDS - 1))
        if pick(0, 3) == 3:
            order = order[order != cards.JAIL_CARD[deck]]
            table.jail_card_holder[deck] = _one_of(pick, _living(table))
        table.deck[deck, : len(order)] = order
        table.deck_size[deck] = len(order)


def _point_of_turn(table, pick, kind):
    """Write where the turn stands."""
    seat = int(table.turn)
    table.dice[:] = pick(1, 6), pick(1, 6)
    table.stage = game.TURN
    if kind == TURN_BEGINS:
        return
    table.stage = game.MANAGING
    table.manage_group = pick(0, len(board.GROUPS) - 1)
    if kind in (ROLLS, LANDS):
        table.jailed[seat] = table.jail_rolls[seat] = 0
        table.stage = game.ROLL if kind == ROLLS else game.LAND
        table.doubles = pick(0, 2)
        if table.doubles:
            table.dice[1] = table.dice[0]
    elif kind == OWES:
        _debts(table, pick)
    elif kind == BIDS:
        _auction(table, pick)
    elif kind == BANKRUPT_AUCTIONS:
        table.auction_start = _one_of(pick, range(table.players))
        table.auction_queue[:] = [owner == BANK and pick(0, 1) for owner in table.owner]
    elif kind == OFFERED:
        _offer(table, pick)


def _debts(table, pick):
    """Owe sums of all sizes, some beyond what the debtor could raise."""
    living = _living(table)
    for row in range(pick(1, table.players)):
        debtor = _one_of(pick, living)
        table.debtor[row] = debtor
        table.creditor[row] = _one_of(pick, [seat for seat in (BANK, *living) if seat != debtor])
        table.amount[row] = pick(1, _one_of(pick, (50, 500, 2500)))
        table.reason[row] = _one_of(pick, (game.TAX, game.CARD) if table.creditor[row] == BANK else (game.RENT, game.CARD))
        table.debts = row + 1


def _auction(table, pick):
    """Leave an auction at some bid; who leads can pay."""
    unowned = np.flatnonzero(table.owner == BANK)
    if len(unowned) == 0:
        return
    table.auction_title = _one_of(pick, unowned.tolist())
    table.auction_in[:] = table.alive
    table.auction_seat = _one_of(pick, _living(table))
    for seat in _living(table):
        table.auction_in[seat] = pick(0, 3) > 0
    leader = _one_of(pick, _living(table))
    if pick(0, 1) and table.cash[leader] >= OPENING_BID:
        table.auction_in[leader] = 1
        table.auction_leader = leader
        table.auction_bid = pick(OPENING_BID, int(table.cash[leader]))


def _offer(table, pick):
    """Lay any legal deal before a rival, if the one drawn is legal."""
    seat = int(table.turn)
    other = _one_of(pick, [rival for rival in _living(table) if rival != seat])
    give, take = (
        sum(1 << title for title in range(board.TITLES) if table.owner[title] == owner and pick(0, 2) == 0)
        for owner in (seat, other)
    )
    cash = pick(-300, 300)
    if deal_is_legal(table, seat, other, give, take, cash):
        put_offer(table, seat, other, give, take, cash, -1)
