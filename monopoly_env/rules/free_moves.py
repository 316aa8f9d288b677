"""What a person may do beyond the seven actions: any building, sale, mortgage or deal, one call each.

Open to the seat that decides at MANAGE of its own turn (all of them), at LIQUIDATE (``sell`` and ``mortgage``) and at OFFER
(``propose``: an offer in answer to an offer). Each call checks the rule, acts, and plays on; a refusal changes nothing.
"""

from collections.abc import Iterable

import numpy as np

from monopoly_env import board
from monopoly_env.actions import LIQUIDATE, MANAGE, NONE, OFFER, PASS, IllegalActionError, Phase
from monopoly_env.rules import deal, property
from monopoly_env.rules.debt import spared_group
from monopoly_env.rules.engine import play_on
from monopoly_env.rules.turn import build_or_plan, can_pay_for_building


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
    play_on(game)


def build(game: np.record, title: int) -> None:
    """Build on ``title``, raising the cash first if need be (R34 to R37, R54).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (MANAGE,), title)
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
    raised = can_pay_for_building(game, seat, title)
    _check(raised, f"A building there costs ${cost:,}; that cannot be raised", "R54", amount=cost)
    build_or_plan(game, seat, title)
    _continue(game)


def sell(game: np.record, title: int) -> None:
    """Sell one building of ``title`` (R35, R38, R39).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (MANAGE, LIQUIDATE), title)
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
    seat = _seat_that_may(game, (MANAGE, LIQUIDATE), title)
    name, group = board.TITLE_NAMES[title], board.GROUPS[board.GROUP_OF[title]]
    _check_spared(game, title)
    _check(not game.mortgaged[title], f"{name} is mortgaged already", "R40")
    _check(property.can_mortgage(game, seat, title), f"The buildings of the {group} group must be sold first", "R40")
    property.mortgage(game, seat, title)
    _continue(game)


def redeem(game: np.record, title: int) -> None:
    """Redeem ``title`` (R42).

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (MANAGE,), title)
    name = board.TITLE_NAMES[title]
    _check(bool(game.mortgaged[title]), f"{name} is not mortgaged", "R42")
    cost = int(property.redeem_cost(title))
    reason = f"Redeeming {name} costs ${cost:,}; {{seat}} {{has}} ${game.cash[seat]:,}"
    _check(property.can_redeem(game, seat, title), reason, "R42", seat, cost)
    property.redeem(game, seat, title)
    _continue(game)


def bit_set(titles: Iterable[int]) -> int:
    """Return the bit set of some titles."""
    return sum(1 << title for title in set(titles))


def propose(game: np.record, other: int, give: Iterable[int], take: Iterable[int], cash: int) -> None:
    """Propose any deal: ``give`` and ``cash`` dollars to ``other`` for ``take``; negative cash is asked for (R47).

    The other seat decides next, at OFFER. Whoever is asked at OFFER may answer its proposer so: that refuses the offer.

    Raises:
        IllegalActionError: the rules forbid it; one line that says why.
    """
    seat = _seat_that_may(game, (MANAGE, OFFER))
    give, take = list(give), list(take)
    _check(not game.house_rules & deal.NO_TRADES, "Deals are switched off in this game", "H4")
    _check(0 <= other < game.players and other != seat and game.alive[other], f"There is no rival at seat {other}.")
    answering = game.phase == OFFER
    _check(not answering or other == game.offer_from, "An offer is answered by one to whoever made it", "R47")
    _check(bool(give or take), "A deal needs a title on at least one side", "R47")
    for owner, titles in ((seat, give), (other, take)):
        for title in titles:
            _check(0 <= title < board.TITLES, f"A title is a number from 0 to {board.TITLES - 1}. Received: {title!r}")
            name, group = board.TITLE_NAMES[title], int(board.GROUP_OF[title])
            _check(game.owner[title] == owner, f"{name} does not belong to {{seat}}", "R47", owner)
            _check(not property.has_buildings(game, group), f"The {board.GROUPS[group]} group has buildings", "R47")
    given, taken = bit_set(give), bit_set(take)
    for payer, due, titles in ((seat, cash, taken), (other, -cash, given)):
        due += int(deal.interest_on(game, titles))
        reason = f"{{Seat}} would have to pay ${due:,} and {{has}} ${game.cash[payer]:,}"
        _check(game.cash[payer] >= due, reason, "R47", payer, due)
    if answering:
        deal.apply_answer(game, PASS)
    deal.put_offer(game, seat, other, given, taken, cash, -1)
