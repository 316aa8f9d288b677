"""What a person can be asked, and the words that questions share. The questions themselves are in ``agent.play.questions``.

A ``Menu`` makes a ``Question`` from the state of the game at the moment it is shown. A choice acts on the table and
returns the menu to show next, or None for whatever the game asks next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.play.table import Table
from monopoly_env.actions import MANAGE, Action
from monopoly_env.decision.decision import Outcome
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars

Menu = Callable[[], "Question"]


class NotUnderstood(Exception):
    """An answer that makes no sense here; the message says what would."""


@dataclass(frozen=True)
class Choice:
    """One numbered line."""

    text: str
    act: Callable[[], Menu | None]
    side: int = -1  # 0 left, 1 right column, -1 across
    short: str = ""  # for a narrow column, with {} where the title's name stands; "" where the text will do
    title: int = -1  # what the short text is about


@dataclass(frozen=True)
class Side:
    """What a deal means for one of the two."""

    heading: str
    gets: list[str]  # titles and dollars
    effects: list[str]  # on its groups
    money: list[str]  # what it pays besides, and its cash afterwards


@dataclass(frozen=True)
class Question:
    """What is asked now."""

    heading: str
    choices: list[Choice]
    lines: list[str] = field(default_factory=list)
    sides: tuple[Side, Side] | None = None  # of a deal
    hint: str = ""  # what may be typed besides numbers
    typed: Callable[[str], Menu | None] | None = None  # takes what is no number and no command, or raises NotUnderstood

    @property
    def empty(self) -> bool:
        """Whether there is nothing to choose but the way back."""
        return self.choices == [BACK]


BACK = Choice("Back", lambda: None)


def cash_after(outcome: Outcome) -> str:
    """Return what an action leaves: "(leaves $212)", "(then $512)" where it brings cash, or what is missing for it."""
    if outcome.leaves < 0:
        return f"(you are {dollars(-outcome.leaves)} short: sell or mortgage first)"
    return f"({'then' if outcome.dollars > 0 else 'leaves'} {dollars(outcome.leaves)})"


def outcome_choice(table: Table, outcome: Outcome, menu: Menu | None) -> Choice:
    """Return the choice to build, sell, mortgage or redeem; ``menu`` is shown after it."""

    def act() -> Menu | None:
        table.do(outcome)
        return menu

    amount = dollars(abs(outcome.dollars))
    short = {
        Action.BUILD: f"{{}} {amount}",
        Action.SELL: f"Sell {wording.top_building(outcome.level)}: {{}} {amount}",
        Action.MORTGAGE: f"Mortgage {{}} {amount}",
        Action.REDEEM: f"Redeem {{}} {amount}",
    }[outcome.action]
    text = capitalised(wording.outcome_text(outcome).removeprefix("build "))
    return Choice(f"{text} {cash_after(outcome)}", act, short=short, title=outcome.title)


def capitalised(text: str) -> str:
    """Return a text with a capital letter first; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def address(table: Table) -> str:
    """Return the beginning of a heading: empty for a lone person, else the name of the one that is asked."""
    name = table.names[table.game.actor]
    return "" if name == "You" else f"{name}: "


def decide(table: Table, action: int) -> Callable[[], None]:
    """Return a choice's act that is one of the seven actions."""
    return lambda: table.decide(action)


def still_managing(table: Table, seat: int) -> bool:
    """Whether ``seat`` is at the end of its turn."""
    return table.person == seat and table.game.phase == MANAGE
