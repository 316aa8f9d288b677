"""The seven actions and the six kinds of decision, declared once.

The compiled engine reads the plain integers; ``Action`` and ``Phase`` are for people. ``docs/SPACES.md`` is generated
from here.
"""

from enum import IntEnum

ACTION_COUNT = 7


class Action(IntEnum):
    """What a seat may do at a decision."""

    PASS = 0
    BUY = 1
    BUILD = 2
    SELL = 3
    MORTGAGE = 4
    REDEEM = 5
    TRADE = 6


class Phase(IntEnum):
    """The kind of decision a game waits for. ``NONE``: it waits for none (playing on, or over)."""

    NONE = 0
    JAIL = 1
    PURCHASE = 2
    AUCTION = 3
    MANAGE = 4
    OFFER = 5
    LIQUIDATE = 6


ACTION_MEANING = {
    Action.PASS: "declines what the phase offers; always legal",
    Action.BUY: "takes what is on the table: the title at list price, the next bid, the offer, the way out of jail",
    Action.BUILD: "one house or hotel, on the title of the table group whose turn it is under the even-building rule",
    Action.SELL: "one building of the table group back to the bank",
    Action.MORTGAGE: "one title of the table group (the first one not mortgaged)",
    Action.REDEEM: "one mortgaged title of the table group (the dearest that the cash at hand redeems)",
    Action.TRADE: "proposes the deal composed for the table group to one of its owners",
}
PHASE_MEANING = {
    Phase.JAIL: ("PASS, BUY", "in jail, before the roll: BUY uses a card or pays $50, PASS tries for doubles"),
    Phase.PURCHASE: ("PASS, BUY", "on an unowned title: BUY takes it at list price, PASS sends it to auction"),
    Phase.AUCTION: (
        "PASS, BUY",
        "BUY bids $10, later a tenth of the list price more, or all the cash if that is less; PASS leaves the auction",
    ),
    Phase.MANAGE: (
        "PASS, BUILD, REDEEM, TRADE",
        'end of the own turn (with `manage="both"` before the roll too), group by group: an action stays on the group, PASS '
        "moves on; REDEEM or PASS also for a title just received mortgaged",
    ),
    Phase.OFFER: ("PASS, BUY", "somebody offers a deal: BUY accepts, PASS refuses"),
    Phase.LIQUIDATE: (
        "PASS, SELL, MORTGAGE",
        "short of cash for a debt, a purchase, a house or the way out of jail, group by group: PASS moves on",
    ),
}

PASS, BUY, BUILD, SELL, MORTGAGE, REDEEM, TRADE = (int(action) for action in Action)
NONE, IN_JAIL, PURCHASE, AUCTION, MANAGE, OFFER, LIQUIDATE = (int(phase) for phase in Phase)


class IllegalActionError(ValueError):
    """An action that the rules do not allow at this decision; ``str`` says why in one line, seats by number.

    Attributes:
        reason: the line; where it is about a seat, with ``{seat}`` (``{Seat}`` at its beginning) and ``{has}`` in its place.
        seat: the seat that it is about, or None. ``monopoly_env.text.decisions.refusal`` puts the player's name in.
        rule: the number of the rule that forbids it, such as "R47"; "" where the action is none at this decision.
        amount: the dollars that it would take, or None.
    """

    def __init__(self, reason: str, seat: int | None = None, rule: str = "", amount: int | None = None) -> None:
        self.reason = reason
        self.seat = seat
        self.rule = rule
        self.amount = amount
        super().__init__(self.said_of(f"seat {seat}", f"Seat {seat}", "has"))

    def said_of(self, player: str, first: str, has: str) -> str:
        """Return the line with ``player`` in the place of the seat, ``first`` at its beginning, and the verb for both."""
        return self.reason if self.seat is None else self.reason.format(seat=player, Seat=first, has=has)
