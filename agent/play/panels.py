"""What stands in the middle of the board, as styled text: the players, the story, the question.

Colours are blocks with a text colour of their own, so they read the same on dark and light backgrounds; without colours letters
say it all (see ``monopoly_env.render.ring`` for the signs).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.text import Text

from agent.play.menu import Choice, Question, Side
from agent.play.story import Line, painted
from monopoly_env.board import GROUP_OF, GROUP_SIZE, GROUPS, SQUARE_OF
from monopoly_env.render.ring import GROUP_PAINTS, SEAT_PAINTS, SIGNS, place_of, short_name, titles_by_group
from monopoly_env.rules.property import net_worth
from monopoly_env.text.events import dollars

GROUP_CODES = ("br", "lb", "pk", "or", "rd", "yl", "gr", "db", "rr", "ut")
assert len(GROUP_CODES) == len(GROUPS)
_MEASURE = Console(width=200, legacy_windows=False)
_WORTH = len(" worth $12,345")  # columns of a player's row
_PLACE, _LEAST_PLACE = 19, 7  # columns of the square that a player stands on, at most and at least
_PIPS = ("   ", " ● ", "●  ", "● ●", "  ●")
_FACES = ((0, 1, 0), (2, 0, 4), (2, 1, 4), (3, 0, 3), (3, 1, 3), (3, 3, 3))  # rows of pips on the faces 1 to 6


def pad(text: Text | str, width: int) -> Text:
    """Return a copy of ``text`` that is exactly ``width`` wide."""
    text = Text(text) if isinstance(text, str) else text.copy()
    text.truncate(max(0, width), overflow="ellipsis", pad=True)
    return text


def wrapped(text: Text | str, width: int, indent: str = "") -> list[Text]:
    """Return ``text`` in lines of ``width`` columns, the later ones indented."""
    text = Text(text) if isinstance(text, str) else text
    if text.cell_len <= width:
        return [text]
    first, *rest = text.wrap(_MEASURE, max(1, width))
    for line in (first, *rest):
        line.rstrip()
    if not rest or not indent:
        return [first, *rest]
    tail = Text(" ").join(rest)
    return [first, *(Text(indent).append_text(line) for line in tail.wrap(_MEASURE, max(10, width - len(indent))))]


def player_rows(game: np.record, names: Sequence[str], width: int) -> list[Text]:
    """Return the players, one a line: whose turn it is, cash, worth, place, groups. Where it is narrow, the places go first."""
    heads, groups = [], [_codes(game, seat) for seat in range(game.players)]
    for seat in range(game.players):
        head = Text().append("> " if game.turn == seat and not game.over else "  ", "bold")
        head.append(SIGNS[seat], SEAT_PAINTS[seat].style if game.alive[seat] else "")
        head.append(f" {names[seat]:{max(map(len, names))}}", "bold")
        heads.append(head.append(f" {dollars(game.cash[seat]):>7}", "bold") if game.alive[seat] else head.append(" bankrupt"))
    left = width - max(head.cell_len for head in heads) - max(1 + text.cell_len for text in groups)
    worth = left >= _WORTH
    left -= _WORTH * worth
    place = min(left - 1, _PLACE) if left - 1 >= _LEAST_PLACE else 0
    for seat, (line, codes) in enumerate(zip(heads, groups, strict=True)):
        if game.alive[seat]:
            line.append(f" worth {dollars(net_worth(game, seat)):>7}" if worth else "")
            line.append(f" {_short_place(game, seat, place):{place}}" if place else "")
            line.append(" ").append_text(codes)
    return [pad(line, width) for line in heads]


def _short_place(game: np.record, seat: int, width: int) -> str:
    """Return where a player stands and its jail cards in ``width`` columns, with names as short as that takes."""
    square, count = int(game.position[seat]), int((game.jail_card_holder == seat).sum())
    cards = "" if count == 0 else ", jail card" if count == 1 else f", {count} jail cards"
    long = place_of(game, seat).removesuffix(" Avenue")
    short = ("jail",) if game.jailed[seat] else (short_name(square, 9), short_name(square, 4))
    texts = [name + more for more in (cards, cards.replace("jail ", "")) for name in (long, *short)]
    return next((text for text in texts if len(text) <= width), short[-1])[:width]


def _codes(game: np.record, seat: int) -> Text:
    """Return the groups of a seat as codes and counts: "rd2 DB2", capital letters for a complete group."""
    text = Text()
    for group, titles in titles_by_group(game, seat):
        code = GROUP_CODES[group]
        code = code.upper() if len(titles) == GROUP_SIZE[group] else code
        text.append(" " if text else "").append(f"{code}{len(titles)}", GROUP_PAINTS[group].style)
    return text


def roll_lines(dice: Sequence[int], texts: Sequence[str], width: int, tall: bool) -> list[Text]:
    """Return the dice and, beside them, what came of them: drawn in three lines, or in one as numbers."""
    texts = [text for text in texts if text]
    if not tall:
        faces = Text(" ").join(Text(f" {die} ", "reverse bold") for die in dice)
        return [pad(Text(" ").join([faces, Text(". ".join(texts))]), width)] if dice else []
    lines = []
    for row in range(3 if dice else 0):
        line = Text("  ").join(Text(f" {_PIPS[_FACES[die - 1][row]]} ", "reverse") for die in dice)
        lines.append(pad(Text("   ").join([line, Text(texts[row - 1] if 0 < row <= len(texts) else "")]), width))
    return lines


def story_text(story: Sequence[Line], names: Sequence[str], fresh: int, width: int) -> Text:
    """Return the story; sentences from event ``fresh`` on are marked with a chevron."""
    lines: list[Text] = []
    for line in story:
        mark = "> " if line.event >= fresh else "  "
        lines += wrapped(Text(mark).append_text(painted(line, names)), width, "    ")
    return Text("\n").join(lines)


def question_lines(question: Question, coach: Sequence[str], width: int) -> list[Text]:
    """Return all of a question but its choices."""
    lines = wrapped(Text(question.heading, "bold"), width)
    for note in question.lines:
        lines += wrapped(note, width)
    lines += _two_sides(question.sides, width) if question.sides else []
    for line in coach:
        lines += wrapped(Text(line, "italic"), width, "  ")
    if question.hint:
        lines += wrapped(question.hint[0].upper() + question.hint[1:] + ".", width)
    return lines


def _two_sides(sides: tuple[Side, Side], width: int) -> list[Text]:
    """Return what a deal means for the two, side by side."""
    half = width // 2
    left, right = (_side(side, half - 1) for side in sides)
    rows = max(len(left), len(right))
    left, right = (side + [Text()] * (rows - len(side)) for side in (left, right))
    return [pad(a, half).append_text(b) for a, b in zip(left, right, strict=True)]


def _side(side: Side, width: int) -> list[Text]:
    lines = [Text(side.heading, "bold underline")]
    for text in side.gets:
        lines += wrapped(f"  {text}", width, "    ")
    for text in [*side.effects, *side.money]:
        lines += wrapped(text, width, "  ")
    return lines


def choice_text(number: int, choice: Choice, width: int) -> Text:
    """Return a choice for a list: its key and what it says; in one of two columns in a short form where it has to."""
    text = Text().append(f"{choice.key or number or '':>2} ", "bold")
    if choice.side < 0 or not choice.short or text.cell_len + len(choice.text) <= width:
        return text.append(choice.text)
    before, _, after = choice.short.partition("{}")
    text.append(before)
    if choice.title >= 0:
        name = short_name(int(SQUARE_OF[choice.title]), max(4, width - text.cell_len - len(after)))
        text.append(name, GROUP_PAINTS[GROUP_OF[choice.title]].style)
    return text.append(after)
