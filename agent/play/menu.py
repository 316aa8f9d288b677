"""What a person can be asked, the words that questions share, and titles, players and sums by what is typed.

The questions themselves are in ``agent.play.questions``, ``managing`` and ``deals``.

A ``Menu`` makes a ``Question`` from the state of the game at the moment it is shown. A choice acts on the table and
returns the menu to show next, or None for whatever the game asks next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent.play.table import OUTCOMES, Table
from monopoly_env.actions import LIQUIDATE, MANAGE, Action
from monopoly_env.board import TITLE_NAMES
from monopoly_env.decision.decision import Outcome
from monopoly_env.render.ring import SIGNS
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars
from monopoly_env.text.names import seats_meant, titles_meant

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
    key: str = ""  # what chooses it instead of its number, where that must not happen by going on


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
    several: bool = False  # whether several numbers may be picked at once

    @property
    def empty(self) -> bool:
        """Whether there is nothing to choose but the way back."""
        return self.choices == [BACK]


BACK = Choice("Back", lambda: None)


def picked(question: Question, line: str) -> list[Choice]:
    """Return the choices that ``line`` means: one by its key, or by numbers: "3", "1 3 5", "1,3"; none: it is no such line.

    Raises:
        NotUnderstood: a number that no choice has or that is not enough, or several where one is to be chosen.
    """
    by_key = [choice for choice in question.choices if choice.key and choice.key == line.lower()]
    if by_key or not re.fullmatch(r"[0-9]+([\s,]+[0-9]+)*", line):
        return by_key
    numbers, count = list(dict.fromkeys(re.findall("[0-9]+", line))), len(question.choices)
    if len(numbers) > 1 and not question.several:
        raise NotUnderstood(f"Type a number from 1 to {count}, or ? for help. Received: {line[:40]}")
    for number in numbers:
        if not 1 <= int(number[:9]) <= count:
            raise NotUnderstood(f"The choices are numbered 1 to {count}. Received: {number[:40]}")
    choices = [question.choices[int(number) - 1] for number in numbers]
    if any(choice.key for choice in choices):
        keys = [choice.key for choice in question.choices if choice.key]
        raise NotUnderstood(f"For that, type {' or '.join(keys)}. Received: {line[:40]}")
    return choices


def cash_after(outcome: Outcome) -> str:
    """Return what an action leaves: "(leaves $212)", "(then $512)" where it brings cash, or what is missing for it."""
    if outcome.leaves < 0:
        return f"({dollars(-outcome.leaves)} short: sell or mortgage first)"
    return f"({'then' if outcome.dollars > 0 else 'leaves'} {dollars(outcome.leaves)})"


def outcome_choice(table: Table, outcome: Outcome, menu: Menu | None) -> Choice:
    """Return the choice to build, sell, mortgage or redeem; ``menu`` is shown after it."""

    phase = int(table.game.phase)

    def act() -> Menu | None:
        # Several may be picked at once. The first may change what the others bring, or settle what they were picked for.
        if table.game.phase != phase:
            return None
        table.do(OUTCOMES[outcome.action.name.lower()](table.game, outcome.title))
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
    """Whether ``seat`` manages or raises cash, and so can come back to a menu."""
    return table.person == seat and table.game.phase in (MANAGE, LIQUIDATE)


def without_commas(text: str) -> str:
    """Return ``text`` with the commas inside numbers left out: "$1,200" becomes "$1200"."""
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` is, dollars or not, or None for anything else and what is longer than any sum."""
    digits = without_commas(text).removeprefix("$")
    return int(digits) if re.fullmatch("[0-9]{1,9}", digits) else None


def find_title(text: str) -> int:
    """Return the title that ``text`` names, as ``monopoly_env.text.names`` reads it.

    Raises:
        NotUnderstood: none, or several.
    """
    found = titles_meant(text)
    if not found:
        raise NotUnderstood(f"There is no title {text!r}. Try the beginning of its name, such as board for Boardwalk.")
    if len(found) > 1:
        raise NotUnderstood(f"{text!r} could be {' or '.join(TITLE_NAMES[title] for title in found)}.")
    return found[0]


def split_player(names: Sequence[str], text: str) -> tuple[int, str]:
    """Return the seat of the player that ``text`` begins with, by its whole name or as ``find_player`` does, and the rest.

    Raises:
        NotUnderstood: nobody, or several.
    """
    for seat in sorted(range(len(names)), key=lambda seat: -len(names[seat])):
        name = names[seat].casefold()
        if f"{text} ".casefold().startswith(f"{name} "):
            return seat, text[len(names[seat]) :].strip()
    word, _, rest = text.partition(" ")
    return find_player(names, word), rest.strip()


def find_player(names: Sequence[str], text: str) -> int:
    """Return the seat of the player that ``text`` names: the name, its beginning, or the player's letter.

    Raises:
        NotUnderstood: nobody, or several.
    """
    found = seats_meant(text, names)
    if not found:
        raise NotUnderstood(f"There is no player {text!r}. At the table: {', '.join(names)}.")
    if len(found) > 1:
        players = " or ".join(f"{names[seat]} ({SIGNS[seat]})" for seat in found)
        raise NotUnderstood(f"{text!r} could be {players}. Write more of the name.")
    return found[0]
