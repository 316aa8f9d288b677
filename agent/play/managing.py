"""A person's own turn: build, sell, mortgage, redeem, deal, in any order, until it ends the turn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agent.play.asking import BACK, Choice, Menu, NotUnderstood, Question, address, decide, leaves, still_managing
from agent.play.dealing import deal_menu
from agent.play.raising import mortgaging, sale
from agent.play.table import Table
from monopoly_env.actions import BUILD, PASS, REDEEM, SELL
from monopoly_env.actions import MORTGAGE as MORTGAGE_ACTION
from monopoly_env.board import (
    GROUP_FIRST,
    GROUP_OF,
    GROUPS,
    HOTEL,
    HOUSE_COST,
    INTEREST,
    MORTGAGE,
    STREET_GROUPS,
    TITLE_NAMES,
    TITLES,
)
from monopoly_env.game import NO_TRADES
from monopoly_env.rules import free_moves
from monopoly_env.rules.property import can_mortgage, can_redeem, can_sell
from monopoly_env.rules.turn import can_pay_for_building
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars, listing


def manage_question(table: Table) -> Question:
    """Return the menu of the end of a person's turn."""
    game, seat = table.game, int(table.game.actor)
    choices = [Choice("End your turn", decide(table, PASS, "ended the turn"))]
    build = [g for g in range(STREET_GROUPS) if any(can_pay_for_building(game, seat, t) for t in _titles(g))]
    if build:
        choices.append(Choice(f"Build on {listing([GROUPS[g] for g in build])}", lambda: lambda: build_question(table)))
    if any(can_sell(game, seat, title) for title in range(TITLES)):
        choices.append(Choice("Sell buildings", lambda: lambda: sell_question(table)))
    if any(can_mortgage(game, seat, title) for title in range(TITLES)):
        choices.append(Choice("Mortgage titles", lambda: lambda: mortgage_question(table)))
    redeem = [t for t in range(TITLES) if game.owner[t] == seat and game.mortgaged[t]]
    if any(can_redeem(game, seat, title) for title in redeem):
        choices.append(Choice(f"Redeem titles ({len(redeem)} mortgaged)", lambda: lambda: redeem_question(table)))
    if not game.house_rules & NO_TRADES and (game.owner >= 0).any():
        choices.append(Choice("Propose a deal", lambda: deal_menu(table)))
    return Question(f"{address(table)}The end of your turn. You have {dollars(game.cash[seat])}.", choices)


def _titles(group: int) -> range:
    return range(GROUP_FIRST[group], GROUP_FIRST[group + 1])


def build_question(table: Table) -> Question:
    """Return what can be built now, street by street, and whole levels of a group."""
    game, seat = table.game, int(table.game.actor)
    choices = []
    for group in range(STREET_GROUPS):
        titles = [title for title in _titles(group) if can_pay_for_building(game, seat, title)]
        if len(titles) > 1 and _affords_level(game, seat, group, titles):
            choices.append(_level(table, group, titles))
        choices += [_building(table, title) for title in titles]
    lines = [f"The bank has {game.houses_left} houses and {game.hotels_left} hotels left."]
    return Question(f"{address(table)}Build where? You have {dollars(game.cash[seat])}.", [*choices, BACK], lines)


def _affords_level(game: np.record, seat: int, group: int, titles: list[int]) -> bool:
    """Whether cash and bank allow one building on each of ``titles``."""
    hotel = game.houses[titles[0]] == HOTEL - 1
    stock = game.hotels_left if hotel else game.houses_left
    return game.cash[seat] >= len(titles) * HOUSE_COST[group] and stock >= len(titles)


def _level(table: Table, group: int, titles: list[int]) -> Choice:
    cost = len(titles) * int(HOUSE_COST[group])
    thing = wording.next_building(table.game, titles[0])
    seat = int(table.game.actor)

    def act() -> Menu | None:
        for title in reversed(titles):
            if still_managing(table, seat):
                _build(table, title)
        return lambda: build_question(table)

    where = f"each of the {len(titles)} {GROUPS[group]} streets"
    text = f"{thing.capitalize()} on {where} for {dollars(cost)} {leaves(table.game, cost)}"
    return Choice(text, act, short=f"All {GROUPS[group]} {dollars(cost)}")


def _building(table: Table, title: int) -> Choice:
    cost, thing = int(HOUSE_COST[GROUP_OF[title]]), wording.next_building(table.game, title)

    def act() -> Menu | None:
        _build(table, title)
        return lambda: build_question(table)

    text = f"{thing.capitalize()} on {TITLE_NAMES[title]} for {dollars(cost)} {leaves(table.game, cost)}"
    return Choice(text, act, short=f"{{}} {dollars(cost)}", title=title)


def _build(table: Table, title: int) -> None:
    chose = f"built {wording.next_building(table.game, title)} on {TITLE_NAMES[title]}"
    table.free_moves(free_moves.build, title, action=BUILD, group=int(GROUP_OF[title]), chose=chose)


def sell_question(table: Table) -> Question:
    """Return the buildings that can be sold now."""
    game, seat = table.game, int(table.game.actor)
    menu: Menu = lambda: sell_question(table)  # noqa: E731
    choices = [sale(table, title, menu) for title in range(TITLES) if can_sell(game, seat, title)]
    return Question(f"{address(table)}Sell what? You have {dollars(game.cash[seat])}.", [*choices, BACK])


def mortgage_question(table: Table) -> Question:
    """Return the titles that can be mortgaged now."""
    game, seat = table.game, int(table.game.actor)
    menu: Menu = lambda: mortgage_question(table)  # noqa: E731
    choices = [mortgaging(table, title, menu) for title in range(TITLES) if can_mortgage(game, seat, title)]
    return Question(f"{address(table)}Mortgage what? You have {dollars(game.cash[seat])}.", [*choices, BACK])


def redeem_question(table: Table) -> Question:
    """Return the titles that can be redeemed now."""
    game, seat = table.game, int(table.game.actor)
    choices = [_redeeming(table, title) for title in range(TITLES) if can_redeem(game, seat, title)]
    return Question(f"{address(table)}Redeem what? You have {dollars(game.cash[seat])}.", [*choices, BACK])


def _redeeming(table: Table, title: int) -> Choice:
    cost, group = int(MORTGAGE[title] + INTEREST[title]), int(GROUP_OF[title])

    def act() -> Menu | None:
        table.free_moves(free_moves.redeem, title, action=REDEEM, group=group, chose=f"redeemed {TITLE_NAMES[title]}")
        return lambda: redeem_question(table)

    text = f"Redeem {TITLE_NAMES[title]} for {dollars(cost)} {leaves(table.game, cost)}"
    return Choice(text, act, short=f"Redeem {{}} {dollars(cost)}", title=title)


def direct(table: Table, verb: str, title: int) -> None:
    """Carry out "build boardwalk" and the like.

    Raises:
        IllegalActionError: the rules forbid it.
    """
    group, name = int(GROUP_OF[title]), TITLE_NAMES[title]
    acts: dict[str, Callable[[], None]] = {
        "build": lambda: _build(table, title),
        "sell": lambda: table.free_moves(
            free_moves.sell, title, action=SELL, group=group, chose=f"sold {wording.top_building(table.game, title)} of {name}"
        ),
        "mortgage": lambda: table.free_moves(
            free_moves.mortgage, title, action=MORTGAGE_ACTION, group=group, chose=f"mortgaged {name}"
        ),
        "redeem": lambda: table.free_moves(free_moves.redeem, title, action=REDEEM, group=group, chose=f"redeemed {name}"),
    }
    acts[verb]()


def listed(table: Table, verb: str) -> Menu:
    """Return the list that "build", "sell", "mortgage" or "redeem" alone opens.

    Raises:
        NotUnderstood: it is empty.
    """
    maker = {"build": build_question, "sell": sell_question, "mortgage": mortgage_question, "redeem": redeem_question}[verb]
    if maker(table).empty:
        raise NotUnderstood(f"There is nothing to {verb} now.")
    return lambda: maker(table)
