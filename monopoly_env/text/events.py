"""One plain English sentence for every event of a game (see ``monopoly_env.events``).

    for row in take_events(game):
        print(sentence(row, ("You", "Ada", "Bo", "Cy")))

A player named ``You`` is spoken to: "Ada paid you $50 rent."
"""

from collections.abc import Callable, Sequence

from monopoly_env import events, game
from monopoly_env.board import GROUP_OF, GROUPS, HOTEL, SQUARE_NAMES, THING_NAMES, TITLE_AT, TITLE_NAMES, things_in
from monopoly_env.cards import CARD_TEXT, DECK_NAMES
from monopoly_env.events import EVENT_FIELDS, Event

REASONS = {
    game.RENT: "rent",
    game.TAX: "tax",
    game.CARD: "for the card",
    game.JAIL_FEE: "to leave jail",
    game.INTEREST: "interest on mortgaged titles",
}
WAYS_IN = {
    events.JAIL_SQUARE: "the square says so",
    events.JAIL_CARD: "the card says so",
    events.JAIL_DOUBLES: "three doubles in one turn",
}
WAYS_OUT = {
    events.OUT_BY_CARD: " with a Get Out of Jail Free card",
    events.OUT_BY_FEE: "",  # the payment has been told
    events.OUT_BY_DOUBLES: " by rolling doubles",
    events.OUT_BY_THIRD_ROLL: " after a third roll without doubles",
}
_COUNTS = ("no", "one", "two", "three", "four")


class _Table:
    """The names at the table, in the forms a sentence needs."""

    def __init__(self, names: Sequence[str] | None) -> None:
        self._names = names

    def who(self, seat: int) -> str:
        """The player as the first word of a sentence."""
        if self._names is not None and 0 <= seat < len(self._names):
            return str(self._names[seat])
        return "The bank" if seat < 0 else f"Seat {seat}"

    def whom(self, seat: int) -> str:
        """The player further on in a sentence."""
        name = self.who(seat)
        return name.lower() if name in ("You", "The bank") or name.startswith("Seat ") else name

    def whose(self, seat: int) -> str:
        """The player as an owner."""
        name = self.whom(seat)
        return "your" if name == "you" else name + "'s"


def listing(things: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"; "nothing" for an empty sequence."""
    if not things:
        return "nothing"
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def dollars(amount: int) -> str:
    """Return an amount as "$1,250"."""
    return f"${int(amount):,}" if amount >= 0 else f"-${-int(amount):,}"


def buildings(level: int) -> str:
    """Return a building level in words: "no houses", "one house", ..., "a hotel"."""
    return "a hotel" if level >= HOTEL else f"{_COUNTS[level]} house{'' if level == 1 else 's'}"


def side_of_deal(things: Sequence[int], cash: int) -> str:
    """Return what one side of a deal hands over: titles, jail cards, and cash if there is any."""
    return listing([THING_NAMES[thing] for thing in things] + ([dollars(cash)] if cash > 0 else []))


def sentence(row: Sequence[int], names: Sequence[str] | None = None) -> str:
    """Return what happened as one English sentence.

    Args:
        row: one event, ``(kind, seat, a, b, c, d, e)``: int32 ``(7,)``, or any sequence of that many integers.
        names: the players' names by seat (default: "Seat 0", "Seat 1", ...); "You" is spoken to.

    Raises:
        ValueError: the row is no event.
    """
    numbers = [int(number) for number in row]
    if len(numbers) != game.EVENT_WIDTH or numbers[0] not in _WORDS:
        raise ValueError(
            f"An event is {game.EVENT_WIDTH} integers that start with a kind of 0 to {len(Event) - 1}. Received: {row}"
        )
    kind, seat, *rest = numbers
    return _WORDS[kind](_Table(names), seat, *rest[: len(EVENT_FIELDS[Event(kind)])])


def _turn(at: _Table, seat: int, turns: int) -> str:
    return f"Turn {turns}: it is {at.whose(seat)} turn."


def _roll(at: _Table, seat: int, first: int, second: int, doubles: int) -> str:
    kind = "doubles, " if first == second else ""
    return f"{at.who(seat)} rolled {first} and {second}: {kind}{first + second} in all."


def _move(at: _Table, seat: int, start: int, end: int) -> str:
    return f"{at.who(seat)} moved from {SQUARE_NAMES[start]} to {SQUARE_NAMES[end]}."


def _salary(at: _Table, seat: int, amount: int) -> str:
    return f"{at.who(seat)} collected {dollars(amount)} salary at GO."


def _card(at: _Table, seat: int, deck: int, card: int) -> str:
    return f"{at.who(seat)} drew from {DECK_NAMES[deck]}: “{CARD_TEXT[deck][card]}”"


def why_rent(square: int, why: int, number: int) -> str:
    """Return why a rent is what it is: the words behind the numbers ``why`` and ``number`` of a RENT event."""
    group = GROUPS[GROUP_OF[TITLE_AT[square]]]
    railroads = "one railroad" if number == 1 else f"{_COUNTS[number] if number < len(_COUNTS) else number} railroads"
    return {
        events.WHY_BASE: "the rent on the deed",
        events.WHY_GROUP: f"double, with the whole {group} group in one hand",
        events.WHY_HOUSES: f"with {buildings(number)}",
        events.WHY_RAILROADS: f"with {railroads} in one hand",
        events.WHY_DICE: "ten times the roll, with both utilities in one hand" if number == 2 else "four times the roll",
        events.WHY_CARD_RAILROAD: f"twice the rent of {railroads}, by the card",
        events.WHY_CARD_DICE: "ten times the new roll, by the card",
    }[why]


def _rent(at: _Table, seat: int, owner: int, square: int, amount: int, why: int, number: int) -> str:
    reason = why_rent(square, why, number)
    return f"{at.who(seat)} owed {at.whom(owner)} {dollars(amount)} rent on {SQUARE_NAMES[square]}: {reason}."


def _owe(at: _Table, seat: int, creditor: int, amount: int, reason: int) -> str:
    return f"{at.who(seat)} had less cash than the {dollars(amount)} due to {at.whom(creditor)} ({REASONS[reason]})."


def _pay(at: _Table, seat: int, creditor: int, amount: int, reason: int) -> str:
    # A payment to the bank may go into the pot of house rule H1, so it names nobody.
    whom = "" if creditor < 0 else f" {at.whom(creditor)}"
    return f"{at.who(seat)} paid{whom} {dollars(amount)} {REASONS[reason]}."


def _collect(at: _Table, seat: int, amount: int, source: int) -> str:
    if source == events.FROM_POT:
        return f"{at.who(seat)} took the pot of {dollars(amount)} on Free Parking."
    return f"{at.who(seat)} collected {dollars(amount)} from the bank."


def _buy(at: _Table, seat: int, title: int, price: int) -> str:
    return f"{at.who(seat)} bought {TITLE_NAMES[title]} for {dollars(price)}."


def _decline(at: _Table, seat: int, title: int) -> str:
    return f"{at.who(seat)} did not buy {TITLE_NAMES[title]}."


def _auction_open(at: _Table, seat: int, title: int) -> str:
    return f"{TITLE_NAMES[title]} came up for auction."


def _bid(at: _Table, seat: int, title: int, amount: int) -> str:
    return f"{at.who(seat)} bid {dollars(amount)} for {TITLE_NAMES[title]}."


def _auction_pass(at: _Table, seat: int, title: int) -> str:
    return f"{at.who(seat)} left the auction of {TITLE_NAMES[title]}."


def _auction_won(at: _Table, seat: int, title: int, amount: int) -> str:
    return f"{at.who(seat)} won the auction of {TITLE_NAMES[title]} for {dollars(amount)}."


def _auction_empty(at: _Table, seat: int, title: int) -> str:
    return f"Nobody bid for {TITLE_NAMES[title]}: it stayed with the bank."


def _to_jail(at: _Table, seat: int, why: int) -> str:
    return f"{at.who(seat)} went to jail: {WAYS_IN[why]}."


def _leave_jail(at: _Table, seat: int, how: int) -> str:
    return f"{at.who(seat)} left jail{WAYS_OUT[how]}."


def _stay_in_jail(at: _Table, seat: int, tries: int) -> str:
    return f"{at.who(seat)} stayed in jail: no doubles in {'one try' if tries == 1 else f'{_COUNTS[tries]} tries'}."


def _build(at: _Table, seat: int, title: int, level: int, cost: int) -> str:
    thing = "a hotel" if level == HOTEL else "a house"
    now = "" if level in (1, HOTEL) else f", which now has {_COUNTS[level]}"
    return f"{at.who(seat)} built {thing} for {dollars(cost)} on {TITLE_NAMES[title]}{now}."


def _sell(at: _Table, seat: int, title: int, level: int, refund: int) -> str:
    return f"{at.who(seat)} sold {TITLE_NAMES[title]} down to {buildings(level)} for {dollars(refund)}."


def _mortgage(at: _Table, seat: int, title: int, amount: int) -> str:
    return f"{at.who(seat)} mortgaged {TITLE_NAMES[title]} for {dollars(amount)}."


def _redeem(at: _Table, seat: int, title: int, cost: int) -> str:
    return f"{at.who(seat)} redeemed {TITLE_NAMES[title]} for {dollars(cost)}."


def _propose(at: _Table, seat: int, other: int, give: int, take: int, cash: int) -> str:
    gives, gets = side_of_deal(things_in(give), cash), side_of_deal(things_in(take), -cash)
    return f"{at.who(seat)} offered {at.whom(other)} {gives} for {gets}."


def _accept(at: _Table, seat: int, proposer: int) -> str:
    return f"{at.who(seat)} accepted {at.whose(proposer)} offer."


def _refuse(at: _Table, seat: int, proposer: int) -> str:
    return f"{at.who(seat)} refused {at.whose(proposer)} offer."


def _bankrupt(at: _Table, seat: int, creditor: int) -> str:
    return f"{at.who(seat)} went bankrupt; everything left goes to {at.whom(creditor)}."


def _inherit(at: _Table, seat: int, other: int, title: int) -> str:
    return f"{at.who(seat)} took over {TITLE_NAMES[title]} from {at.whom(other)}."


def _win(at: _Table, seat: int) -> str:
    return f"{at.who(seat)} won the game."


def _cap(at: _Table, seat: int) -> str:
    return "The game reached its last turn and stopped without a winner."


def _undo(at: _Table, seat: int, amount: int) -> str:
    return f"{at.who(seat)} took that back."


_WORDS: dict[int, Callable[..., str]] = {int(event): globals()[f"_{event.name.lower()}"] for event in Event}
