"""What may be typed besides the numbers of choices and acts on the game: build, deal, ask, counter, undo and the like.

An order takes the table, its own word, the rest of the line, the question that is shown and its menu, and returns the menu to
show next. It raises NotUnderstood where the line makes no sense here, and IllegalActionError where the rules forbid it.
"""

from __future__ import annotations

from collections.abc import Callable

from agent.play.deals import ask_terms, counter, deal_menu, draft_question
from agent.play.draft import parse_deal, proposed
from agent.play.managing import WORKS, listed
from agent.play.menu import Menu, NotUnderstood, Question, find_title, still_managing, whole_number
from agent.play.table import OUTCOMES, Table
from monopoly_env.actions import MANAGE, OFFER


def _work(table: Table, verb: str, name: str, question: Question, menu: Menu | None) -> Menu | None:
    """Build, sell, mortgage or redeem on the title that is named, or open the list."""
    if not name and table.game.phase == MANAGE:
        return listed(table, verb)
    table.do(OUTCOMES[verb](table.game, find_title(name)))
    return menu


def _deal(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Open the draft of a deal: the one that is typed, or an empty one."""
    if not text:
        if not still_managing(table, table.person):
            raise NotUnderstood("Here a deal is put on one line, such as: deal ben baltic + 100 for boardwalk")
        return deal_menu(table)
    draft = parse_deal(table, text)
    proposed(table, draft)  # what the rules forbid is told at once
    return lambda: draft_question(table, draft)


def _ask(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Ask a player what it wants for titles. In a draft "ask 100" puts in dollars."""
    if question.typed is not None and (not text or whole_number(text) is not None):
        return question.typed(f"ask {text}")
    return ask_terms(table, text)


def _counter(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Open the draft of an answer to the offer on the table."""
    if table.game.phase != OFFER:
        raise NotUnderstood("counter answers an offer, and none is before you.")
    return counter(table)


def _undo(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Take the last act back."""
    table.undo()
    return menu


Order = Callable[[Table, str, str, Question, "Menu | None"], "Menu | None"]
ORDERS: dict[str, Order] = dict.fromkeys(WORKS, _work) | {"deal": _deal, "ask": _ask, "counter": _counter, "undo": _undo}
