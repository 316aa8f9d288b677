"""What a person is asked: a heading, the legal choices in words with prices, and what they do.

A ``Menu`` makes a ``Question`` from the state of the game at the moment it is shown. A choice acts on the table and
returns the menu to show next, or None for whatever the game asks next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from agent.play import wording
from agent.play.table import Table
from monopoly_env.actions import BUY, MANAGE, MORTGAGE, PASS, SELL, Phase
from monopoly_env.board import (
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOUSE_COST,
    JAIL_FEE,
    PRICE,
    STREET_GROUPS,
    TITLE_AT,
    TITLE_NAMES,
    TITLES,
)
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.game import NO_AUCTIONS, PLAN_BUILD
from monopoly_env.rules import freely
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.property import can_mortgage, can_sell, held
from monopoly_env.rules.turn import jail_card
from monopoly_env.sentences import dollars, listing

Menu = Callable[[], "Question"]


class NotUnderstood(Exception):
    """An answer that makes no sense here; the message says what would."""


@dataclass(frozen=True)
class Choice:
    """One numbered line."""

    text: str
    act: Callable[[], Menu | None]
    side: int = -1  # 0 left, 1 right column, -1 across
    short: str = ""  # for a narrow column; "" where the text will do
    group: int = -1  # whose colours the short text has


@dataclass(frozen=True)
class Question:
    """What is asked now."""

    heading: str
    choices: list[Choice]
    lines: list[str] = field(default_factory=list)
    columns: tuple[list[str], list[str]] | None = None  # two sides of a deal, each headed by its first line
    hint: str = ""  # what may be typed besides numbers
    typed: Callable[[str], Menu | None] | None = None  # takes what is no number and no command, or raises NotUnderstood

    @property
    def empty(self) -> bool:
        """Whether there is nothing to choose but the way back."""
        return self.choices == [BACK]


BACK = Choice("Back", lambda: None)


def leaves(game: np.record, cost: int) -> str:
    """Return "(leaves $212)" for a price that the seat that decides would pay, or what it is short of."""
    rest = int(game.cash[game.actor]) - int(cost)
    return f"(leaves {dollars(rest)})" if rest >= 0 else f"(you are {dollars(-rest)} short: sell or mortgage first)"


def brings(game: np.record, amount: int) -> str:
    """Return "(then $512)" for a sum that the seat that decides would get."""
    return f"(then {dollars(int(game.cash[game.actor]) + int(amount))})"


def address(table: Table) -> str:
    """Return the beginning of a heading: empty for a lone person, else the name of the one that is asked."""
    name = table.names[table.game.actor]
    return "" if name == "You" else f"{name}: "


def top_question(table: Table) -> Question:
    """Return the question that the game asks a person now."""
    from agent.play.dealing import offer_question
    from agent.play.managing import manage_question

    maker = {
        Phase.JAIL: _jail_question,
        Phase.PURCHASE: _purchase_question,
        Phase.AUCTION: _auction_question,
        Phase.MANAGE: manage_question,
        Phase.OFFER: offer_question,
        Phase.LIQUIDATE: _liquidate_question,
    }[Phase(int(table.game.phase))]
    return maker(table)


def decide(table: Table, action: int, chose: str) -> Callable[[], None]:
    """Return a choice's act that is one of the seven actions."""
    return lambda: table.decide(action, chose)


def group_note(game: np.record, title: int) -> str:
    """Return who holds how much of a title's group, as far as it matters to the seat that decides."""
    group, seat = int(GROUP_OF[title]), int(game.actor)
    mine, size = int(held(game, seat, group)), int(GROUP_SIZE[group])
    name = GROUPS[group] if group >= STREET_GROUPS else f"{GROUPS[group]} streets"
    note = f"You hold {mine} of the {size} {name}"
    return note + (": this one completes the group." if mine + 1 == size else ".")


def rivals_note(table: Table, title: int) -> list[str]:
    """Return a line about each rival that holds a part of a title's group."""
    game, group = table.game, int(GROUP_OF[title])
    lines = []
    for seat in range(game.players):
        count = int(held(game, seat, group))
        if seat != game.actor and count:
            end = ", and would complete it" if count + 1 == GROUP_SIZE[group] else ""
            lines.append(f"{table.names[seat]} holds {count} of {GROUP_SIZE[group]}{end}.")
    return lines


def _purchase_question(table: Table) -> Question:
    game = table.game
    title = int(TITLE_AT[game.position[game.actor]])
    name, price = TITLE_NAMES[title], int(PRICE[title])
    no = f"Leave {name} to the bank" if game.house_rules & NO_AUCTIONS else f"Let {name} go to auction"
    return Question(
        f"{address(table)}{name} is for sale.",
        [
            Choice(f"Buy {name} for {dollars(price)} {leaves(game, price)}", decide(table, BUY, "bought it")),
            Choice(no, decide(table, PASS, "did not buy it")),
        ],
        [group_note(game, title), *rivals_note(table, title)],
    )


def _auction_question(table: Table) -> Question:
    game = table.game
    title, bid = int(game.auction_title), int(next_bid(game))
    leader = int(game.auction_leader)
    state = f"{table.names[leader]} leads with {dollars(game.auction_bid)}" if leader >= 0 else "No bid yet"
    others = [table.names[s] for s in range(game.players) if game.auction_in[s] and s not in (game.actor, leader)]
    still = f"; {listing(others)} {'is' if len(others) == 1 else 'are'} still in" if others else ""
    return Question(
        f"{address(table)}{TITLE_NAMES[title]} is up for auction (list price {dollars(PRICE[title])}).",
        [
            Choice(f"Bid {dollars(bid)} {leaves(game, bid)}", decide(table, BUY, f"bid {dollars(bid)}")),
            Choice("Leave the auction for good", decide(table, PASS, "left the auction")),
        ],
        [f"{state}{still}. {group_note(game, title)}", *rivals_note(table, title)],
        hint="max 200 bids for you up to $200",
        typed=lambda line: _bid_up_to(table, title, line),
    )


def _bid_up_to(table: Table, title: int, line: str) -> None:
    """Bid until the auction is won or asks for more than the limit in ``line`` ("max 200")."""
    words = line.split()
    number = words[1].lstrip("$").replace(",", "") if len(words) == 2 and words[0] == "max" else ""
    if not number.isdecimal():
        raise NotUnderstood("Type 1 to bid, 2 to leave, or max and a sum, such as max 200.")
    limit, seat = int(number), int(table.game.actor)
    if limit < next_bid(table.game):
        raise NotUnderstood(f"The next bid is {dollars(next_bid(table.game))} already; max {limit} would bid nothing.")
    while table.person == seat and table.game.phase == Phase.AUCTION and table.game.auction_title == title:
        bid = int(next_bid(table.game))
        table.decide(BUY if bid <= limit else PASS, f"bid {dollars(bid)}" if bid <= limit else "left the auction")
        table.play_on()


def _jail_question(table: Table) -> Question:
    game, seat = table.game, int(table.game.actor)
    if jail_card(game, seat) >= 0:
        way = Choice("Use a Get Out of Jail Free card, then roll", decide(table, BUY, "used the card"))
    else:
        way = Choice(f"Pay {dollars(JAIL_FEE)}, then roll {leaves(game, JAIL_FEE)}", decide(table, BUY, "paid the fee"))
    tries = int(game.jail_rolls[seat])
    stay = f"Try for doubles (try {tries + 1} of 3" + (": if it fails you pay $50 and move)" if tries == 2 else ")")
    lines = ["In jail you still collect rent, bid, build and deal (R30)."]
    return Question(f"{address(table)}You are in jail.", [way, Choice(stay, decide(table, PASS, "tried for doubles"))], lines)


def _liquidate_question(table: Table) -> Question:
    game, seat = table.game, int(table.game.actor)
    amount, purpose = wording.needed(game)
    cash = int(game.cash[seat])
    choices = raising_choices(table)
    choices.append(Choice(wording.plan_of(game), lambda: _give_up(table)))
    owed = _owed(table) if game.debts > 0 else f"you need {dollars(amount)} for {purpose}"
    return Question(f"{address(table)}Raise {dollars(amount - cash)}: {owed} and have {dollars(cash)}.", choices)


def _owed(table: Table) -> str:
    creditor = int(table.game.creditor[0])
    whom = "the bank" if creditor < 0 else table.names[creditor]
    return f"you owe {whom} {dollars(table.game.amount[0])}"


def raising_choices(table: Table, menu: Menu | None = None) -> list[Choice]:
    """Return everything that the seat that decides may sell or mortgage now; ``menu`` is shown after each."""
    game, seat = table.game, int(table.game.actor)
    spared = int(GROUP_OF[game.plan_title]) if game.phase != MANAGE and game.plan == PLAN_BUILD else -1
    choices = []
    for title in range(TITLES):
        if GROUP_OF[title] != spared and can_sell(game, seat, title):
            choices.append(sale(table, title, menu))
    for title in range(TITLES):
        if GROUP_OF[title] != spared and can_mortgage(game, seat, title):
            choices.append(mortgaging(table, title, menu))
    return choices


def sale(table: Table, title: int, menu: Menu | None = None) -> Choice:
    """Return the choice to sell one building of ``title``."""
    group, game = int(GROUP_OF[title]), table.game
    refund, thing = int(HOUSE_COST[group] // 2), wording.top_building(game, title)
    chose = f"sold {thing} of {TITLE_NAMES[title]}"

    def act() -> Menu | None:
        table.freely(freely.sell, title, action=SELL, group=group, chose=chose)
        return menu

    return Choice(f"Sell {thing} of {TITLE_NAMES[title]} for {dollars(refund)} {brings(game, refund)}", act)


def mortgaging(table: Table, title: int, menu: Menu | None = None) -> Choice:
    """Return the choice to mortgage ``title``."""
    value = int(MORTGAGE_VALUE[title])
    chose = f"mortgaged {TITLE_NAMES[title]}"

    def act() -> Menu | None:
        table.freely(freely.mortgage, title, action=MORTGAGE, group=int(GROUP_OF[title]), chose=chose)
        return menu

    return Choice(f"Mortgage {TITLE_NAMES[title]} for {dollars(value)} {brings(table.game, value)}", act)


def _give_up(table: Table) -> None:
    """Decline every group that is still to be asked about."""
    seat, last = int(table.game.actor), -1
    while table.person == seat and table.game.phase == Phase.LIQUIDATE and int(table.game.table_group) > last:
        last = int(table.game.table_group)
        table.decide(PASS, f"kept the {GROUPS[last]} group")
