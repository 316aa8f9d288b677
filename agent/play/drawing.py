"""The board as lines of styled text: ``monopoly_env.render.characters`` painted, with something in the middle.

Colours are blocks with a text colour of their own, so they read the same on dark and light backgrounds; without colours
letters say it all (see ``monopoly_env.render.ring`` for the signs).
"""

from __future__ import annotations

import numpy as np
from rich.text import Text

from monopoly_env.board import GROUPS
from monopoly_env.render import characters
from monopoly_env.render.characters import ASCII, BOX, Line, compact_middle, full_middle

GROUP_CODES = ("br", "lb", "pk", "or", "rd", "yl", "gr", "db", "rr", "ut")
assert len(GROUP_CODES) == len(GROUPS)


def pad(text: Text | str, width: int) -> Text:
    """Return a copy of ``text`` that is exactly ``width`` wide."""
    text = Text(text) if isinstance(text, str) else text.copy()
    text.truncate(max(0, width), overflow="ellipsis", pad=True)
    return text


def full_ring(game: np.record, width: int, middle: list[Text], unicode: bool = True) -> list[Text]:
    """Return the ring with lines between the squares.

    Args:
        game: a game record.
        width: columns of a square, six at least.
        middle: the lines inside, ``full_middle(width)`` of them at most.
        unicode: draw with box characters.
    """
    columns, rows = full_middle(width)
    middle = _filled([Text(" ").append_text(line) for line in middle], columns, rows)
    return [_painted(line) for line in characters.full_ring(game, width, middle, BOX if unicode else ASCII)]


def compact_ring(game: np.record, width: int, middle: list[Text]) -> list[Text]:
    """Return the ring in ``COMPACT_ROWS`` lines, without lines between the squares.

    Args:
        game: a game record.
        width: columns of the whole ring, 76 at least.
        middle: the lines inside, nine at most.
    """
    middle = _filled(middle, *compact_middle(width))
    return [_painted(line) for line in characters.compact_ring(game, width, middle)]


def _filled(lines: list[Text], columns: int, rows: int) -> list[Text]:
    return [pad(line, columns) for line in [*lines[:rows], *[Text()] * (rows - len(lines))]]


def _painted(line: Line[Text]) -> Text:
    text = Text()
    for part in line:
        if isinstance(part, Text):
            text.append_text(part)
        else:
            text.append(part.text, part.paint.style if part.paint else "")
    return text
