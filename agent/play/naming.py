"""Finding titles, players and rules by what people type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.play.asking import NotUnderstood
from monopoly_env.board import TITLE_NAMES
from monopoly_env.render.ring import SIGNS


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip()


def without_commas(text: str) -> str:
    """Return ``text`` with the commas inside numbers left out: "$1,200" becomes "$1200"."""
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` is, dollars or not, or None for anything else and what is longer than any sum."""
    digits = without_commas(text).removeprefix("$")
    return int(digits) if re.fullmatch("[0-9]{1,9}", digits) else None


def _initials(name: str) -> str:
    return "".join(word[0] for word in _plain(name).split())


def find_title(text: str) -> int:
    """Return the title that ``text`` names: its name, the beginning of one of its words, or its initials.

    Raises:
        NotUnderstood: none, or several.
    """
    wanted = _plain(text)
    names = [_plain(name) for name in TITLE_NAMES]
    tests = (
        lambda name: name == wanted or name.removesuffix(" avenue") == wanted,
        lambda name: name.startswith(wanted),
        lambda name: any(word.startswith(wanted) for word in name.split()),
        lambda name: _initials(name) == wanted,
        lambda name: wanted in name,
    )
    for test in tests if wanted else ():
        found = [title for title, name in enumerate(names) if test(name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotUnderstood(f"{text!r} could be {' or '.join(TITLE_NAMES[title] for title in found)}.")
    raise NotUnderstood(f"There is no title {text!r}. Try the beginning of its name, such as board for Boardwalk.")


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
    wanted = text.casefold()
    tests = (
        lambda seat: names[seat].casefold() == wanted,
        lambda seat: SIGNS[seat].casefold() == wanted,
        lambda seat: names[seat].casefold().startswith(wanted),
    )
    for test in tests:
        found = [seat for seat in range(len(names)) if test(seat)]
        if len(found) == 1:
            return found[0]
    raise NotUnderstood(f"There is no player {text!r}. At the table: {', '.join(names)}.")
