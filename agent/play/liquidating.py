"""The decision how to raise cash: what a person may sell or mortgage where it has to."""

from __future__ import annotations

from agent.play.asking import Choice, Question, address, outcome_choice
from agent.play.table import Table
from monopoly_env.actions import PASS, Phase
from monopoly_env.board import GROUP_OF, TITLES
from monopoly_env.decision.decision import decision_of, mortgaging, selling
from monopoly_env.rules.property import can_mortgage, can_sell
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars


def liquidate_question(table: Table) -> Question:
    """Return the question how a person raises the cash it needs."""
    game, decision = table.game, decision_of(table.game)
    seat, need = decision.seat, decision.need
    titles = [title for title in range(TITLES) if GROUP_OF[title] != need.spared]
    outcomes = [selling(game, title) for title in titles if can_sell(game, seat, title)]
    outcomes += [mortgaging(game, title) for title in titles if can_mortgage(game, seat, title)]
    choices = [outcome_choice(table, outcome, None) for outcome in outcomes]
    choices.append(Choice(wording.give_up_text(decision), lambda: _give_up(table)))
    if need.creditor is None:
        why = f"you need {dollars(need.amount)} for {wording.need_text(need)}"
    else:
        whom = "the bank" if need.creditor < 0 else table.names[need.creditor]
        why = f"you owe {whom} {dollars(need.amount)}"
    short = need.amount - decision.cash
    return Question(f"{address(table)}Raise {dollars(short)}: {why} and have {dollars(decision.cash)}.", choices)


def _give_up(table: Table) -> None:
    """Decline every group that is still to be asked about."""
    seat, last = int(table.game.actor), -1
    while table.person == seat and table.game.phase == Phase.LIQUIDATE and int(table.game.table_group) > last:
        last = int(table.game.table_group)
        table.decide(PASS)
