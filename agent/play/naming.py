"""Titles, players and sums by what people type: one, or a line that says what is unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.play.asking import NotUnderstood
from monopoly_env.board import TITLE_NAMES
from monopoly_env.render.ring import SIGNS
from monopoly_env.text.names import seats_meant, titles_meant


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
