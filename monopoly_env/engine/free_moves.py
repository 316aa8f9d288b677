"""What a person may do beyond the seven actions: any building, sale, mortgage, bid or deal, one call each.

Open to the seat that decides, whatever it is asked (R60): it does what it likes, and is asked again; an offer may be answered
by another (``propose``). Each call checks the rule, acts, and plays on; a refusal changes nothing.
"""

from collections.abc import Iterable

import numpy as np

from monopoly_env import board
from monopoly_env.actions import AUCTION, BUY, IN_JAIL, LIQUIDATE, MANAGE, NONE, OFFER, PASS, IllegalActionError, Phase
from monopoly_env.engine.engine import play_on
from monopoly_env.game import GAME, is_whole
from monopoly_env.rules import deal, property
from monopoly_env.rules.auction import apply_bid, least_bid
from monopoly_env.rules.debt import needed, spared_group
from monopoly_env.rules.turn import build_or_plan, may_pay_jail_fee, pay_jail_fee

ANY = tuple(int(phase) for phase in Phase if phase)
SPENDING = tuple(phase for phase in ANY if phase != LIQUIDATE)
PROPOSING = tuple(phase for phase in ANY if phase != AUCTION)  # who leads an auction must keep its cash


def _check(condition: bool, reason: str, rule: str = "", seat: int | None = None, amount: int | None = None) -> None:
    if not condition:
        raise IllegalActionError(f"{reason} ({rule})." if rule else reason, seat, rule, amount)


def _seat_that_may(game: np.record, phases: tuple[int, ...], title: int | None = None) -> int:
    names = " or ".join(Phase(phase).name for phase in phases)
    _check(game.phase in phases, f"This needs a decision of the kind {names}. Now: {Phase(int(game.phase)).name}.")
    if title is not None:
        _check(0 <= title < board.TITLES, f"A title is a number from 0 to {board.TITLES - 1}. Received: {title!r}")
        owner = int(game.owner[title])
        seat = int(game.actor)
        _check(owner == seat, f"{board.TITLE_NAMES[title]} does not belong to {{seat}}.", seat=seat)
    return int(game.actor)


def _check_spared(game: np.record, title: int) -> None:
    spared = board.GROUP_OF[title] == spared_group(game)
    _check(not spared, f"{board.TITLE_NAMES[title]} is of the group to be built on, which is left alone", "R54")


def _continue(game: np.record) -> None:
    game.phase = NONE
    game.own_bid = 0  # the cash for it may have gone
    play_on(game)


def build(game: np.record, title: int) -> None:
    """Build on ``title`` (R34 to R37); at MANAGE of the own turn the cash is raised first if need be (R54).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, SPENDING, title)
    name, group = board.TITLE_NAMES[title], int(board.GROUP_OF[title])
    _check(group < board.STREET_GROUPS, f"{name} is no street: nothing can be built on it", "R34")
    _check(property.holds_group(game, seat, group), f"Building on {name} needs the whole {board.GROUPS[group]} group", "R34")
    _check(not property.has_mortgages(game, group), f"A street of the {board.GROUPS[group]} group is mortgaged", "R34")
    _check(game.houses[title] < board.HOTEL, f"{name} has its hotel already", "R36")
    if not property.can_build(game, seat, title):
        lowest = game.houses[board.GROUP_FIRST[group] : board.GROUP_FIRST[group + 1]].min()
        even = game.houses[title] == lowest
        _check(even, f"Building is even: the others of the {board.GROUPS[group]} group first", "R35")
        _check(False, "The bank has no such building left", "R37")
    cost = int(board.HOUSE_COST[group])
    if game.phase == MANAGE and not game.received:
        raised = property.can_pay_for_building(game, seat, title)
        _check(raised, f"A building there costs ${cost:,}; that cannot be raised", "R54", amount=cost)
    else:
        reason = f"A building there costs ${cost:,}; {{seat}} {{has}} ${game.cash[seat]:,}"
        _check(game.cash[seat] >= cost, reason, "R36", seat, cost)
    build_or_plan(game, seat, title)
    _continue(game)


def sell(game: np.record, title: int) -> None:
    """Sell one building of ``title`` (R35, R38, R39).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, ANY, title)
    name, group = board.TITLE_NAMES[title], board.GROUPS[board.GROUP_OF[title]]
    _check_spared(game, title)
    _check(game.houses[title] > 0, f"{name} has no building", "R38")
    _check(property.can_sell(game, seat, title), f"Selling is even: the taller streets of the {group} group first", "R35")
    property.sell(game, seat, title)
    _continue(game)


def mortgage(game: np.record, title: int) -> None:
    """Mortgage ``title`` (R40).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, ANY, title)
    name, group = board.TITLE_NAMES[title], board.GROUPS[board.GROUP_OF[title]]
    _check_spared(game, title)
    _check(not game.mortgaged[title], f"{name} is mortgaged already", "R40")
    _check(property.can_mortgage(game, seat, title), f"The buildings of the {group} group must be sold first", "R40")
    property.mortgage(game, seat, title)
    _continue(game)


def redeem(game: np.record, title: int) -> None:
    """Redeem ``title`` (R42, R43).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, SPENDING, title)
    name = board.TITLE_NAMES[title]
    _check(bool(game.mortgaged[title]), f"{name} is not mortgaged", "R42")
    cost = int(property.redeem_cost(game, title))
    reason = f"Redeeming {name} costs ${cost:,}; {{seat}} {{has}} ${game.cash[seat]:,}"
    _check(game.cash[seat] >= cost, reason, "R42", seat, cost)
    property.redeem(game, seat, title)
    _continue(game)


def name_bid(game: np.record, dollars: int) -> None:
    """Make the BUY of the seat that is asked at AUCTION bid ``dollars`` in place of a step; nothing is played (R44).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (AUCTION,))
    _check(is_whole(dollars), f"A bid is a whole number of dollars. Received: {dollars!r}")
    least, cash = int(least_bid(game)), int(game.cash[seat])
    _check(dollars >= least, f"The next bid is at least ${least:,}. Received: ${dollars:,}", "R44", amount=least)
    _check(dollars <= cash, f"{{Seat}} {{has}} ${cash:,} to bid. Received: ${dollars:,}", "R45", seat, cash)
    game.own_bid = dollars


def bid(game: np.record, dollars: int) -> None:
    """Bid any whole sum in an auction (R44).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    name_bid(game, dollars)
    apply_bid(game, BUY)
    _continue(game)


def pay_fee(game: np.record) -> None:
    """Leave jail for the fee, whatever cards the seat holds (R31).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (IN_JAIL,))
    allowed = may_pay_jail_fee(game, seat)
    _check(allowed, f"The fee of ${board.JAIL_FEE} is paid before the first or the second try, if it can be raised", "R31")
    pay_jail_fee(game, seat)
    _continue(game)


def bit_set(things: Iterable[int]) -> int:
    """Return the bit set of some titles and Get Out of Jail Free cards."""
    return sum(1 << thing for thing in set(things))


def holder(game: np.record, thing: int) -> int:
    """Return the seat that has a title (0 to 27) or the Get Out of Jail Free card of a deck (28, 29); -1: the bank."""
    return int(game["owner"][thing] if thing < board.TITLES else game["jail_card_holder"][thing - board.TITLES])


def jail_cards(game: np.record, seat: int) -> list[int]:
    """Return the Get Out of Jail Free cards that a seat holds, numbered as in deals."""
    return [card for card in range(board.TITLES, board.THINGS) if holder(game, card) == seat]


def _check_thing(game: np.record, owner: int, thing: int) -> None:
    """Check that ``owner`` may hand a title or a Get Out of Jail Free card over."""
    last = board.THINGS - 1
    whole = is_whole(thing) and 0 <= thing <= last
    _check(whole, f"A title is a number from 0 to {board.TITLES - 1}, a jail card {last - 1} or {last}. Received: {thing!r}")
    _check(holder(game, thing) == owner, f"{board.THING_NAMES[thing]} does not belong to {{seat}}", "R47", owner)
    if thing < board.TITLES:
        group = int(board.GROUP_OF[thing])
        _check(not property.has_buildings(game, group), f"The {board.GROUPS[group]} group has buildings", "R47")


def propose(game: np.record, other: int, give: Iterable[int], take: Iterable[int], cash: int) -> None:
    """Propose any deal: ``give`` and ``cash`` dollars to ``other`` for ``take``; negative cash is asked for (R47).

    Who owes money may do so too, if that brings it nearer to what it owes (R52). The other side decides next, at OFFER.
    Whoever is asked at OFFER may answer its proposer so: that refuses the offer.

    Args:
        game: a game record.
        other: the seat that is asked.
        give, take: numbers of titles, and 28 or 29 for the Get Out of Jail Free card of a deck.
        cash: dollars.

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, PROPOSING)
    give, take = list(give), list(take)
    answering = game.phase == OFFER
    _check(not game.house_rules & deal.NO_TRADES, "Deals are switched off in this game", "H4")
    _check(0 <= other < game.players and other != seat and game.alive[other], f"There is no rival at seat {other}.")
    _check(not answering or other == game.offer_from, "An offer is answered by one to whoever made it", "R47")
    _check(bool(give or take), "A deal needs a title or a jail card on at least one side", "R47")
    for owner, things in ((seat, give), (other, take)):
        for thing in things:
            _check_thing(game, owner, thing)
    given, taken = bit_set(give), bit_set(take)
    for payer, due, things in ((seat, cash, taken), (other, -cash, given)):
        due += int(deal.interest_on(game, things))
        reason = f"{{Seat}} would have to pay ${due:,} and {{has}} ${game.cash[payer]:,}"
        _check(game.cash[payer] >= due, reason, "R47", payer, due)
    if answering:
        deal.apply_answer(game, PASS)
    elif game.phase == LIQUIDATE:
        _check_helps(game, seat, (other, given, taken, cash))
    deal.put_offer(game, seat, other, given, taken, cash, -1)


def _check_helps(game: np.record, seat: int, terms: tuple[int, int, int, int]) -> None:
    """Check that a seat that raises cash can raise more after a deal than before, or still as much as it needs."""
    after = np.array(game, GAME)[()]
    deal.put_offer(after, seat, *terms, -1)
    deal.carry_out_deal(after)
    amount = int(needed(game))
    before, then = (int(record.cash[seat] + property.raisable(record, seat, -1)) for record in (game, after))
    helps = then >= amount or then > before
    _check(helps, f"After that {{seat}} could raise less towards the ${amount:,}", "R52", seat, amount)
