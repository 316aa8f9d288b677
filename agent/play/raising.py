"""Raising cash: what a person may sell or mortgage, and the question where it has to."""

from __future__ import annotations

from agent.play.asking import Choice, Menu, Question, address, brings
from agent.play.table import Table
from monopoly_env.actions import MANAGE, MORTGAGE, PASS, SELL, Phase
from monopoly_env.board import GROUP_OF, GROUPS, HOUSE_COST, TITLE_NAMES, TITLES
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.game import PLAN_BUILD
from monopoly_env.rules import free_moves
from monopoly_env.rules.property import can_mortgage, can_sell
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars


def liquidate_question(table: Table) -> Question:
    """Return the question how a person raises the cash it needs."""
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
        table.free_moves(free_moves.sell, title, action=SELL, group=group, chose=chose)
        return menu

    text = f"Sell {thing} of {TITLE_NAMES[title]} for {dollars(refund)} {brings(game, refund)}"
    return Choice(text, act, short=f"Sell {thing}: {{}} {dollars(refund)}", title=title)


def mortgaging(table: Table, title: int, menu: Menu | None = None) -> Choice:
    """Return the choice to mortgage ``title``."""
    value = int(MORTGAGE_VALUE[title])
    chose = f"mortgaged {TITLE_NAMES[title]}"

    def act() -> Menu | None:
        table.free_moves(free_moves.mortgage, title, action=MORTGAGE, group=int(GROUP_OF[title]), chose=chose)
        return menu

    text = f"Mortgage {TITLE_NAMES[title]} for {dollars(value)} {brings(table.game, value)}"
    return Choice(text, act, short=f"Mortgage {{}} {dollars(value)}", title=title)


def _give_up(table: Table) -> None:
    """Decline every group that is still to be asked about."""
    seat, last = int(table.game.actor), -1
    while table.person == seat and table.game.phase == Phase.LIQUIDATE and int(table.game.table_group) > last:
        last = int(table.game.table_group)
        table.decide(PASS, f"kept the {GROUPS[last]} group")
