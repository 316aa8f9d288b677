"""A decision as one record: what it is about, and what each legal action does in titles and dollars.

    decision = decision_of(game)          # the decision that waits in the game
    decision.outcomes[Action.SELL].dollars

Menus, coach, explanations and odds read it; ``monopoly_env.text.decisions`` puts it into words. All sums come from the rules'
own functions, so that what is said is what the engine then does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from monopoly_env.actions import ACTION_COUNT, AUCTION, LIQUIDATE, MANAGE, OFFER, PURCHASE, Action, Phase
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUPS, HOUSE_COST, JAIL_FEE, MORTGAGE, PRICE, TITLE_AT, TITLES, things_in
from monopoly_env.decision.asked import deal_asked
from monopoly_env.engine.engine import legal_actions
from monopoly_env.engine.free_moves import bit_set
from monopoly_env.game import BEFORE_ROLL, GAME, NO_AUCTIONS, NO_PLAN, PLAN_BUILD
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import interest_on
from monopoly_env.rules.debt import needed, spared_group
from monopoly_env.rules.property import (
    build_title,
    levels_sold,
    mortgage_title,
    redeem_cost,
    redeem_title,
    sale_brings,
    sell_title,
)
from monopoly_env.rules.turn import jail_card
from monopoly_env.strength.composer import ask_about_group, composed_deal
from monopoly_env.strength.holdings import new_holdings


@dataclass(frozen=True)
class Deal:
    """A deal, seen from one of its two sides.

    Attributes:
        other: the seat on the other side.
        gets, gives: titles, in board order, and Get Out of Jail Free cards (28 and 29: ``board.THING_NAMES``).
        cash: dollars received from the other side; negative: paid to it.
        interest: dollars due to the bank for mortgaged titles among those it gets (R43).
    """

    other: int
    gets: tuple[int, ...]
    gives: tuple[int, ...]
    cash: int
    interest: int

    @property
    def dollars(self) -> int:
        """What the deal brings all told; negative: costs."""
        return self.cash - self.interest


@dataclass(frozen=True)
class Outcome:
    """What one action does.

    Attributes:
        action: the action.
        dollars: what it brings the seat that decides (negative: costs it), all told: with the interest due in a deal (R43) and
            with all that falls together with a hotel (R39).
        leaves: the seat's cash after that; negative: so much has to be raised first.
        at_once: whether the action alone brings that about. A bid may be topped and an offer refused, and what is wanted
            without the cash has to be raised for first.
        title: bought, bid for, built on, sold from, mortgaged or redeemed; -1: none.
        level: BUILD and SELL: what stands on the street before, 0 to 4 houses, 5: a hotel.
        group_keeps: SELL of a hotel in a shortage, which brings the group down (R39): the houses left on it. Else None.
        deal: OFFER and TRADE: the deal that BUY accepts or TRADE proposes, else None.
    """

    action: Action
    dollars: int
    leaves: int
    at_once: bool = True
    title: int = -1
    level: int = 0
    group_keeps: int | None = None
    deal: Deal | None = None

    @property
    def titles(self) -> tuple[int, ...]:
        """All titles that it concerns."""
        if self.deal is not None:
            return tuple(thing for thing in self.deal.gets + self.deal.gives if thing < TITLES)
        return (self.title,) if self.title >= 0 else ()


@dataclass(frozen=True)
class Need:
    """What a seat at LIQUIDATE raises cash for.

    Attributes:
        amount: dollars that it needs in all.
        creditor: whom it owes them, -1: the bank; None: it owes nobody, but wants to buy, to build or to leave jail (R54).
        title: the title to be bought or built on, -1 for a debt and for the way out of jail.
        level: what stands there, for a building; None for a purchase or a debt.
        spared: the group that is left alone, as it is to be built on (R54), or -1.
        lost: whether the bank cannot bring as much: a person may sell titles to rivals, or is bankrupt (R52).
    """

    amount: int
    creditor: int | None
    title: int = -1
    level: int | None = None
    spared: int = -1
    lost: bool = False


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision: whose, what about, what each legal action does; and, if somebody was asked, what it saw and chose.

    Attributes:
        turn: of the game.
        seat: who decides.
        phase: the kind of decision.
        group: the group that it is about, -1: none.
        title: the title that is for sale or up for auction, -1 at other kinds of decisions.
        cash: of the seat, in dollars.
        auctions: whether a title that nobody buys is auctioned (not by house rule H3).
        before_roll: whether the dice come next when a seat is done with MANAGE, and not the end of its turn.
        mask: int8 ``(7,)``, 1: legal.
        outcomes: what each legal action does.
        need: what cash is raised for at LIQUIDATE, else None.
        state: float32 ``(23,)``, what the seat sees; None where nobody was asked that sees it so.
        outputs: float32 ``(7,)``, what a network put out, unmasked; None where none was asked.
        numbers: float ``(7,)``, what it chooses by: probabilities over the legal actions (softmax head), values (linear
            head), or chances to win (search); None where no network was asked.
        head: "softmax", "linear" or "search"; "" where none was asked.
        action: what was chosen; None: nothing yet.
    """

    turn: int
    seat: int
    phase: Phase
    group: int
    title: int
    cash: int
    auctions: bool
    mask: np.ndarray
    outcomes: dict[Action, Outcome] = field(repr=False)
    need: Need | None = None
    state: np.ndarray | None = field(default=None, repr=False)
    outputs: np.ndarray | None = field(default=None, repr=False)
    numbers: np.ndarray | None = None
    head: str = ""
    action: Action | None = None
    before_roll: bool = False

    @property
    def ranked(self) -> dict[Action, float]:
        """The network's number of each legal action, the best first; empty where none was asked."""
        if self.numbers is None:
            return {}
        return {action: float(self.numbers[action]) for action in sorted(self.outcomes, key=lambda a: -self.numbers[a])}

    @property
    def margin(self) -> float:
        """How far the network's number of its best legal action is ahead of the second best."""
        best, second = list(self.ranked.values())[:2]
        return best - second


def decision_of(game: np.record, mask: Any = None) -> Decision:
    """Return the decision that waits in ``game``, with nobody asked yet.

    Args:
        game: a record.
        mask: 7 numbers, 0: not to be done where the game is played, whatever the rules say; None: whatever is legal.

    Raises:
        ValueError: the game waits for none, or the mask leaves nothing.
    """
    phase, seat = Phase(int(game.phase)), int(game.actor)
    if phase == Phase.NONE:
        raise ValueError("The game waits for no decision: the dice come first. Give a phase such as MANAGE or PURCHASE.")
    title = -1
    if phase == PURCHASE:
        title = int(TITLE_AT[game.position[seat]])
    elif phase == AUCTION:
        title = int(game.auction_title)
    mask = legal_actions(game) if mask is None else _allowed(legal_actions(game), mask)
    outcomes = {action: _outcome(game, phase, seat, title, action) for action in Action if mask[action]}
    auctions = not game.house_rules & NO_AUCTIONS
    need = _need(game) if phase == LIQUIDATE else None
    return Decision(
        int(game.turns),
        seat,
        phase,
        int(game.table_group),
        title,
        int(game.cash[seat]),
        auctions,
        mask,
        outcomes,
        need,
        before_roll=bool(game.stage == BEFORE_ROLL),
    )


def _allowed(legal: np.ndarray, mask: Any) -> np.ndarray:
    given = np.asarray(mask)
    if given.shape != legal.shape:
        raise ValueError(f"A mask has {ACTION_COUNT} numbers, one for each action. Received: shape {given.shape}")
    both = legal * (given != 0).astype(np.int8)
    if not both.any():
        told = (", ".join(action.name for action in Action if each[action]) for each in (legal, given))
        raise ValueError("The mask leaves nothing to do. Legal: {}. Allowed: {}.".format(*told))
    return both


def _outcome(game: np.record, phase: Phase, seat: int, title: int, action: Action) -> Outcome:
    group = int(game.table_group)
    if action == Action.PASS:
        return _result(game, action, 0)
    if action == Action.BUILD:
        return building(game, int(build_title(game, seat, group)))
    if action == Action.SELL:
        return selling(game, int(sell_title(game, seat, group)))
    if action == Action.MORTGAGE:
        return mortgaging(game, int(mortgage_title(game, seat, group)))
    if action == Action.REDEEM:
        return redeeming(game, int(redeem_title(game, seat, group)))
    if phase in (OFFER, MANAGE):
        other, gets, gives, cash = deal_asked(game, seat)
        deal = deal_with(game, int(other), things_in(gets), things_in(gives), int(cash))
        return _result(game, action, deal.dollars, at_once=phase == OFFER, deal=deal)
    if phase == AUCTION:
        return _result(game, action, -int(next_bid(game, seat)), at_once=False, title=title)
    if phase == PURCHASE:
        price = int(PRICE[title])
        return _result(game, action, -price, at_once=game.cash[seat] >= price, title=title)
    fee = 0 if jail_card(game, seat) >= 0 else JAIL_FEE
    return _result(game, action, -fee, at_once=game.cash[seat] >= fee)


def _result(game: np.record, action: Action, dollars: int, at_once: bool = True, **facts) -> Outcome:
    return Outcome(action, dollars, int(game.cash[game.actor]) + dollars, bool(at_once), **facts)


def building(game: np.record, title: int) -> Outcome:
    """Return what the next building on ``title`` does for the seat that decides."""
    cost = int(HOUSE_COST[GROUP_OF[title]])
    at_once = game.cash[game.actor] >= cost
    return _result(game, Action.BUILD, -cost, at_once, title=title, level=int(game.houses[title]))


def selling(game: np.record, title: int) -> Outcome:
    """Return what selling a building of ``title`` does for the seat that decides: R38, or R39 in a shortage of houses."""
    group, levels = int(GROUP_OF[title]), int(levels_sold(game, title))
    stood = int(game.houses[GROUP_FIRST[group] : GROUP_FIRST[group + 1]].sum())
    keeps = stood - levels if levels > 1 else None
    dollars, level = int(sale_brings(game, title)), int(game.houses[title])
    return _result(game, Action.SELL, dollars, title=title, level=level, group_keeps=keeps)


def mortgaging(game: np.record, title: int) -> Outcome:
    """Return what mortgaging ``title`` does for the seat that decides (R40)."""
    return _result(game, Action.MORTGAGE, int(MORTGAGE[title]), title=title)


def redeeming(game: np.record, title: int) -> Outcome:
    """Return what redeeming ``title`` does for the seat that decides (R42)."""
    return _result(game, Action.REDEEM, -int(redeem_cost(game, title)), title=title)


def deal_with(game: np.record, other: int, gets: Iterable[int], gives: Iterable[int], cash: int) -> Deal:
    """Return a deal with ``other`` from the side that gets and gives these titles and receives ``cash`` dollars."""
    return Deal(other, tuple(sorted(gets)), tuple(sorted(gives)), cash, int(interest_on(game, bit_set(gets))))


def _need(game: np.record) -> Need:
    """Return what the seat at LIQUIDATE raises cash for."""
    amount, title = int(needed(game)), int(game.plan_title)
    if game.debts > 0 or game.plan == NO_PLAN:
        return Need(amount, int(game.creditor[0]), lost=bool(game.table_group < 0))
    level = int(game.houses[title]) if game.plan == PLAN_BUILD else None
    return Need(amount, None, title, level, int(spared_group(game)))


def on_group(game: np.record, group: int) -> np.record | None:
    """Return a copy of ``game`` in which the seat that decides is asked about ``group``; None where it would not be."""
    copy = np.array(game, GAME)[()]
    copy.manual[copy.actor] = 0
    copy.table_group = group
    if copy.phase == MANAGE:
        ask_about_group(copy, copy.actor, group, composed_deal(copy, copy.actor, group, new_holdings()))
    return copy if legal_actions(copy).sum() > 1 else None


def group_by_group(game: np.record) -> list[np.record]:
    """Return the decision that waits as a network in the seat would meet it.

    A person manages all groups in one decision, and may sell and mortgage anything when raising cash; a network is asked about
    one group after the other: a copy of the game for each that it would be asked about. Any other decision: the game itself.
    """
    if game.phase == MANAGE and game.table_group < 0:
        groups = range(len(GROUPS))
    elif game.phase == LIQUIDATE:
        groups = range(int(game.raise_group), len(GROUPS))
    else:
        return [game]
    spared = int(spared_group(game))
    stops = (on_group(game, group) for group in groups if group != spared)
    return [stop for stop in stops if stop is not None]
