"""A person's own turn: build, sell, mortgage, redeem, deal, in any order, until it ends the turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from agent.play.deals import deal_menu
from agent.play.menu import BACK, Choice, Menu, NotUnderstood, Question, address, capitalised, decide, outcome_choice
from agent.play.table import OUTCOMES, Table
from monopoly_env.actions import MANAGE, PASS
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUPS, HOTEL, STREET_GROUPS, TITLE_NAMES, TITLES
from monopoly_env.decision.decision import Outcome, decision_of
from monopoly_env.game import NO_TRADES
from monopoly_env.rules.property import can_build, can_mortgage, can_pay_for_building, can_redeem, can_sell, holds_group
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
            choices.append(Choice(_heading(game, verb, outcomes), lambda verb=verb: listed(table, verb)))
    if not game.house_rules & NO_TRADES and (game.owner >= 0).any():
        choices.append(Choice("Propose a deal", lambda: deal_menu(table)))
    if table.can_undo and table.phase_before == MANAGE:
        choices.append(Choice("Take the last step back", table.undo))
    heading = f"{address(table)}{heading}. You have {dollars(game.cash[game.actor])}."
    return Question(heading, choices, redeem_first(game))


def redeem_first(game: np.record) -> list[str]:
    """Return a line about each complete group on which the seat that decides could build if it were not for mortgages."""
    lines = []
    for group in range(STREET_GROUPS):
        titles = range(GROUP_FIRST[group], GROUP_FIRST[group + 1])
        mortgages = [TITLE_NAMES[title] for title in titles if game.mortgaged[title]]
        if mortgages and holds_group(game, game.actor, group):
            lines.append(f"To build on {GROUPS[group]}, redeem {listing(mortgages)} first (R34).")
    return lines


def _heading(game: np.record, verb: str, outcomes: list[Outcome]) -> str:
    if verb == "build":
        groups = sorted({int(GROUP_OF[outcome.title]) for outcome in outcomes})
        return f"Build on {listing([GROUPS[group] for group in groups])}"
    if verb == "redeem":
        mortgages = int(game.mortgaged[game.owner == game.actor].sum())
        return f"Redeem titles ({mortgages} mortgaged)"
    return "Sell buildings" if verb == "sell" else "Mortgage titles"


def listed(table: Table, verb: str) -> Menu:
    """Return the list of what can be built, sold, mortgaged or redeemed. Its numbers stay as they are while it is open.

    Raises:
        NotUnderstood: it is empty.
    """
    titles = [outcome.title for outcome in _outcomes(table.game, verb)]
    if not titles:
        notes = redeem_first(table.game) if verb == "build" else []
        raise NotUnderstood(" ".join([f"There is nothing to {verb} now.", *notes]))
    groups = list(dict.fromkeys(int(GROUP_OF[title]) for title in titles))
    if verb in ("build", "sell"):  # also the streets whose turn comes later, as building is even
        titles = [title for group in groups for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1])]
    menu: Menu = lambda: _work_question(table, verb, titles, groups, menu)  # noqa: E731
    return menu


def _work_question(table: Table, verb: str, titles: list[int], groups: list[int], menu: Menu) -> Question:
    game, outcomes = table.game, _outcomes(table.game, verb)
    heading = f"{address(table)}{WORKS[verb].asked} You have {dollars(game.cash[game.actor])}."
    if not outcomes:
        return Question(heading, [BACK])
    legal = {outcome.title for outcome in outcomes}
    choices, lines = [], []
    for title in titles:
        choice = outcome_choice(table, OUTCOMES[verb](game, title), menu)
        later = replace(choice, text=f"{TITLE_NAMES[title]}: not now", short="{}: not now")
        choices.append(choice if title in legal else later)
    if verb == "build":
        for group in groups:
            level = [outcome for outcome in outcomes if GROUP_OF[outcome.title] == group]
            if len(level) > 1 and _affords(game, level):
                choices.append(_whole_level(table, level, menu))
        lines = [f"The bank has {game.houses_left} houses and {game.hotels_left} hotels left."]
    return Question(heading, [*choices, BACK], lines, several=True)


def _affords(game: np.record, level: list[Outcome]) -> bool:
    """Whether cash and bank allow all of these buildings on one group."""
    stock = game.hotels_left if level[0].level == HOTEL - 1 else game.houses_left
    return game.cash[game.actor] + sum(outcome.dollars for outcome in level) >= 0 and stock >= len(level)


def _whole_level(table: Table, level: list[Outcome], menu: Menu) -> Choice:
    """Return the choice of one building on each street of a group whose turn it is."""
    seat, cost = int(table.game.actor), -sum(outcome.dollars for outcome in level)

    def act() -> Menu | None:
        for outcome in reversed(level):
            if table.person == seat and table.game.phase == MANAGE:  # else the cash for a building is to be raised first
                table.do(OUTCOMES["build"](table.game, outcome.title))
        return menu

    group = GROUPS[GROUP_OF[level[0].title]]
    thing = capitalised(wording.next_building(level[0].level))
    leaves = dollars(int(table.game.cash[seat]) - cost)
    text = f"{thing} on each of the {len(level)} {group} streets for {dollars(cost)} (leaves {leaves})"
    return Choice(text, act, short=f"All {group} {dollars(cost)}")
