"""The one reader of names: which title, group, square or player a text means. For files and for what people type.

The ``..._named`` functions take whole names; the ``..._meant`` functions also beginnings and initials, and return everything
that a text could mean, so that the caller can ask. Case, dots, blanks and a final "Avenue" do not matter, "&" is "and", and
the short forms on the drawn board are names too ("NoCa", "St.Charls").
"""

import re
from collections.abc import Callable, Sequence

from monopoly_env.board import GROUPS, SQUARE_NAMES, SQUARE_OF, TITLE_NAMES
from monopoly_env.render.ring import SIGNS, short_name

_WIDTHS = range(4, 14)  # of the columns that the board is drawn in


def _plain(text: str) -> str:
    """Return a name in small letters and single blanks, a final "rr" written out."""
    words = " ".join(re.sub(r"[^\w\s]", "", text.casefold().replace("&", " and ")).split())
    return re.sub(r" rr$", " railroad", words)


def _key(text: str) -> str:
    """Return what two spellings of a whole name have in common."""
    return _plain(text).removesuffix(" avenue").replace(" ", "")


_TITLES = {_key(name): title for title, name in enumerate(TITLE_NAMES)}
for _title, _square in enumerate(SQUARE_OF.tolist()):
    for _width in _WIDTHS:
        _TITLES.setdefault(_key(short_name(_square, _width)), _title)
_GROUPS = {_key(name): group for group, name in enumerate(GROUPS)}
_SQUARES = {_key(name): square for square, name in enumerate(SQUARE_NAMES) if SQUARE_NAMES.count(name) == 1}
_PLAIN_TITLES = [_plain(name) for name in TITLE_NAMES]


def title_named(text: str) -> int | None:
    """Return the title with this name, or None."""
    return _TITLES.get(_key(text))


def group_named(text: str) -> int | None:
    """Return the group with this name, or None."""
    return _GROUPS.get(_key(text))


def square_named(text: str) -> int | None:
    """Return the one square with this name, or None: Chance and Community Chest are several."""
    title = title_named(text)
    return _SQUARES.get(_key(text)) if title is None else int(SQUARE_OF[title])


def seat_named(text: str, names: Sequence[str]) -> int | None:
    """Return the seat of the player with this name, written the same or else in any case, or None."""
    for same in (lambda name: name == text, lambda name: name.casefold() == text.casefold()):
        found = [seat for seat, name in enumerate(names) if same(name)]
        if len(found) == 1:
            return found[0]
    return None


def titles_meant(text: str) -> list[int]:
    """Return the titles that ``text`` could mean: by name, else by its beginning or that of a word in it, else by initials."""
    named, wanted = title_named(text), _plain(text)
    if named is not None:
        return [named]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name.startswith(wanted),
        lambda name: f" {wanted}" in name.replace(" and ", " & "),
        lambda name: wanted in (_initials(name), _initials(name.removesuffix(" avenue"))),
    )
    for test in tests if wanted else ():
        found = [title for title, name in enumerate(_PLAIN_TITLES) if test(name)]
        if found:
            return found
    return []


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word != "and")


def seats_meant(text: str, names: Sequence[str]) -> list[int]:
    """Return the seats that ``text`` could mean: by name, else by the player's letter or the beginning of the name."""
    named = seat_named(text, names)
    if named is not None:
        return [named]
    wanted = text.casefold()
    letters = [seat for seat in range(len(names)) if wanted == SIGNS[seat].casefold()]
    beginnings = [seat for seat, name in enumerate(names) if wanted and name.casefold().startswith(wanted)]
    return sorted({*letters, *beginnings})
