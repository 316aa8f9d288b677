"""What happened in a game: rows of seven integers that the engine writes when ``game.logging`` is 1.

A row is ``(kind, seat, a, b, c, d, e)``. ``EVENT_FIELDS`` names the numbers of each kind; ``monopoly_env.text`` turns rows
into sentences. Whoever reads the rows empties the buffer by setting ``game.events = 0`` (``take_events``,
``played_events``).
"""

from collections.abc import Callable
from enum import IntEnum

import numpy as np

from monopoly_env.compiled.jit import kernel
from monopoly_env.game import MAX_EVENTS

HEADROOM = 48  # rows that one step of the engine may write at most


class Event(IntEnum):
    """Kinds of events."""

    TURN = 0
    ROLL = 1
    MOVE = 2
    SALARY = 3
    CARD = 4
    RENT = 5
    OWE = 6
    PAY = 7
    COLLECT = 8
    BUY = 9
    DECLINE = 10
    AUCTION_OPEN = 11
    BID = 12
    AUCTION_PASS = 13
    AUCTION_WON = 14
    AUCTION_EMPTY = 15
    TO_JAIL = 16
    LEAVE_JAIL = 17
    STAY_IN_JAIL = 18
    BUILD = 19
    SELL = 20
    MORTGAGE = 21
    REDEEM = 22
    PROPOSE = 23
    ACCEPT = 24
    REFUSE = 25
    BANKRUPT = 26
    INHERIT = 27
    WIN = 28
    CAP = 29
    UNDO = 30  # never of the engine: a table with people writes it (agent.play.table)


EVENT_FIELDS = {
    Event.TURN: ("turns",),
    Event.ROLL: ("die_1", "die_2", "doubles"),
    Event.MOVE: ("from_square", "to_square"),
    Event.SALARY: ("amount",),
    Event.CARD: ("deck", "card"),
    Event.RENT: ("owner", "square", "amount", "why", "number"),
    Event.OWE: ("creditor", "amount", "reason"),
    Event.PAY: ("creditor", "amount", "reason"),
    Event.COLLECT: ("amount", "reason"),
    Event.BUY: ("title", "price"),
    Event.DECLINE: ("title",),
    Event.AUCTION_OPEN: ("title",),
    Event.BID: ("title", "amount"),
    Event.AUCTION_PASS: ("title",),
    Event.AUCTION_WON: ("title", "amount"),
    Event.AUCTION_EMPTY: ("title",),
    Event.TO_JAIL: ("why",),
    Event.LEAVE_JAIL: ("how",),
    Event.STAY_IN_JAIL: ("tries",),
    Event.BUILD: ("title", "level", "cost"),
    Event.SELL: ("title", "level", "refund"),
    Event.MORTGAGE: ("title", "amount"),
    Event.REDEEM: ("title", "cost"),
    Event.PROPOSE: ("to", "give", "take", "cash"),
    Event.ACCEPT: ("from",),
    Event.REFUSE: ("from",),
    Event.BANKRUPT: ("creditor",),
    Event.INHERIT: ("from", "title"),
    Event.WIN: (),
    Event.CAP: (),
    Event.UNDO: ("amount",),
}

# why a rent is what it is
WHY_BASE, WHY_GROUP, WHY_HOUSES, WHY_RAILROADS, WHY_DICE, WHY_CARD_RAILROAD, WHY_CARD_DICE = range(7)
# why a player goes to jail, and how it leaves
JAIL_SQUARE, JAIL_CARD, JAIL_DOUBLES = range(3)
OUT_BY_CARD, OUT_BY_FEE, OUT_BY_DOUBLES, OUT_BY_THIRD_ROLL = range(4)
# what a COLLECT is for (PAY and OWE carry the reasons of ``monopoly_env.game``)
FROM_BANK_CARD, FROM_POT = range(2)

(
    E_TURN,
    E_ROLL,
    E_MOVE,
    E_SALARY,
    E_CARD,
    E_RENT,
    E_OWE,
    E_PAY,
    E_COLLECT,
    E_BUY,
    E_DECLINE,
    E_AUCTION_OPEN,
    E_BID,
    E_AUCTION_PASS,
    E_AUCTION_WON,
    E_AUCTION_EMPTY,
    E_TO_JAIL,
    E_LEAVE_JAIL,
    E_STAY_IN_JAIL,
    E_BUILD,
    E_SELL,
    E_MORTGAGE,
    E_REDEEM,
    E_PROPOSE,
    E_ACCEPT,
    E_REFUSE,
    E_BANKRUPT,
    E_INHERIT,
    E_WIN,
    E_CAP,
    E_UNDO,
) = (int(event) for event in Event)


@kernel
def emit(game, kind, seat, a=0, b=0, c=0, d=0, e=0):
    """Append one event if the game keeps a log and has room."""
    if game.logging and game.events < MAX_EVENTS:
        row = game.events
        game.event[row, 0] = kind
        game.event[row, 1] = seat
        game.event[row, 2] = a
        game.event[row, 3] = b
        game.event[row, 4] = c
        game.event[row, 5] = d
        game.event[row, 6] = e
        game.events = row + 1


def take_events(game: np.record) -> np.ndarray:
    """Return the events since the last call, int32 ``(n, 7)``, and empty the buffer."""
    rows = game.event[: game.events].copy()
    game.events = 0
    return rows


def played_events(game: np.record, go_on: Callable[[], None]) -> np.ndarray:
    """Return all events up to the next decision or the end, int32 ``(n, 7)``; plays on where the full buffer stopped the game.

    Args:
        game: a game record.
        go_on: plays it on, for one game alone by ``monopoly_env.engine.engine.advance``.
    """
    parts = [take_events(game)]
    while not (game.phase or game.over):
        go_on()
        parts.append(take_events(game))
    return np.concatenate(parts)
