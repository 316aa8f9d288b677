"""A person's own turn: build, sell, mortgage, redeem, deal, in any order, until it ends the turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agent.play.deals import deal_menu
from agent.play.menu import (
    BACK,
    Choice,
    Menu,
    NotUnderstood,
    Question,
    address,
    capitalised,
    decide,
    outcome_choice,
    still_managing,
)
from agent.play.table import OUTCOMES, Table
from monopoly_env.actions import PASS
from monopoly_env.board import GROUP_OF, GROUPS, HOTEL, TITLES
from monopoly_env.decision.decision import Outcome, decision_of
from monopoly_env.game import NO_TRADES
from monopoly_env.rules.property import can_build, can_mortgage, can_pay_for_building, can_redeem, can_sell
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars, listing


@dataclass(frozen=True)
class Work:
    """What a person may do to titles at the end of its turn: the question, and where it is legal."""

    asked: str
    legal: Callable[[np.record, int, int], bool]


def _can_build(game: np.record, seat: int, title: int) -> bool:
    return can_build(game, seat, title) and can_pay_for_building(game, seat, title)


WORKS = {
    "build": Work("Build where?", _can_build),
    "sell": Work("Sell what?", can_sell),
    "mortgage": Work("Mortgage what?", can_mortgage),
    "redeem": Work("Redeem what?", can_redeem),
}


def _outcomes(game: np.record, verb: str) -> list[Outcome]:
    """Return what building, selling, mortgaging or redeeming does on each title where the seat that decides may do it."""
    legal, outcome, seat = WORKS[verb].legal, OUTCOMES[verb], int(game.actor)
    return [outcome(game, title) for title in range(TITLES) if legal(game, seat, title)]


def manage_question(table: Table) -> Question:
    """Return the menu of a person that manages: before its roll, at the end of its turn, or a title received mortgaged."""
    game, decision = table.game, decision_of(table.game)
    if decision.group >= 0:
        choices = [outcome_choice(table, outcome, None) for outcome in _outcomes(game, "redeem")]
        choices.append(Choice("Keep it mortgaged: the interest is due again later", decide(table, PASS)))
        return Question(f"{address(table)}Redeem at once what you received mortgaged (R43)?", choices)
    heading, done = ("Before your roll", "Roll the dice") if decision.before_roll else ("The end of your turn", "End your turn")
    choices = [Choice(done, decide(table, PASS))]
    for verb in WORKS:
        outcomes = _outcomes(game, verb)
        if outcomes:
            choices.append(Choice(_heading(game, verb, outcomes), lambda verb=verb: lambda: work_question(table, verb)))
    if not game.house_rules & NO_TRADES and (game.owner >= 0).any():
        choices.append(Choice("Propose a deal", lambda: deal_menu(table)))
    return Question(f"{address(table)}{heading}. You have {dollars(game.cash[game.actor])}.", choices)


def _heading(game: np.record, verb: str, outcomes: list[Outcome]) -> str:
    if verb == "build":
        groups = sorted({int(GROUP_OF[outcome.title]) for outcome in outcomes})
        return f"Build on {listing([GROUPS[group] for group in groups])}"
    if verb == "redeem":
        mortgages = int(game.mortgaged[game.owner == game.actor].sum())
        return f"Redeem titles ({mortgages} mortgaged)"
    return "Sell buildings" if verb == "sell" else "Mortgage titles"


def work_question(table: Table, verb: str) -> Question:
    """Return what can be built, sold, mortgaged or redeemed now, title by title."""
    game, work = table.game, WORKS[verb]
    menu: Menu = lambda: work_question(table, verb)  # noqa: E731
    choices: list[Choice] = []
    lines = []
    outcomes = _outcomes(game, verb)
    for outcome in outcomes:
        if verb == "build":
            level = [other for other in outcomes if GROUP_OF[other.title] == GROUP_OF[outcome.title]]
            if outcome is level[0] and len(level) > 1 and _affords(game, level):
                choices.append(_whole_level(table, level, menu))
        choices.append(outcome_choice(table, outcome, menu))
    if verb == "build":
        lines = [f"The bank has {game.houses_left} houses and {game.hotels_left} hotels left."]
    return Question(f"{address(table)}{work.asked} You have {dollars(game.cash[game.actor])}.", [*choices, BACK], lines)


def _affords(game: np.record, level: list[Outcome]) -> bool:
    """Whether cash and bank allow all of these buildings on one group."""
    stock = game.hotels_left if level[0].level == HOTEL - 1 else game.houses_left
    return game.cash[game.actor] + sum(outcome.dollars for outcome in level) >= 0 and stock >= len(level)


def _whole_level(table: Table, level: list[Outcome], menu: Menu) -> Choice:
    """Return the choice of one building on each street of a group whose turn it is."""
    seat, cost = int(table.game.actor), -sum(outcome.dollars for outcome in level)

    def act() -> Menu | None:
        for outcome in reversed(level):
            if still_managing(table, seat):
                table.do(OUTCOMES["build"](table.game, outcome.title))
        return menu

    group = GROUPS[GROUP_OF[level[0].title]]
    thing = capitalised(wording.next_building(level[0].level))
    leaves = dollars(int(table.game.cash[seat]) - cost)
    text = f"{thing} on each of the {len(level)} {group} streets for {dollars(cost)} (leaves {leaves})"
    return Choice(text, act, short=f"All {group} {dollars(cost)}")


def at_once(table: Table, verb: str, title: int) -> None:
    """Carry out "build boardwalk" and the like.

    Raises:
        IllegalActionError: the rules forbid it.
    """
    table.do(OUTCOMES[verb](table.game, title))


def listed(table: Table, verb: str) -> Menu:
    """Return the list that "build", "sell", "mortgage" or "redeem" alone opens.

    Raises:
        NotUnderstood: it is empty.
    """
    if work_question(table, verb).empty:
        raise NotUnderstood(f"There is nothing to {verb} now.")
    return lambda: work_question(table, verb)
