"""What a person can be asked, and the words that questions share. The questions themselves are in ``agent.play.questions``.

A ``Menu`` makes a ``Question`` from the state of the game at the moment it is shown. A choice acts on the table and
returns the menu to show next, or None for whatever the game asks next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from agent.play.table import Table
from monopoly_env.actions import MANAGE
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


def decide(table: Table, action: int, chose: str) -> Callable[[], None]:
    """Return a choice's act that is one of the seven actions."""
    return lambda: table.decide(action, chose)


def still_managing(table: Table, seat: int) -> bool:
    """Whether ``seat`` is at the end of its turn."""
    return table.person == seat and table.game.phase == MANAGE
