"""What a screen is made of: the board, the players and the story, as lines of styled text.

The board is ``monopoly_env.render.characters`` painted. Colours are blocks with a text colour of their own, so they read the
same on dark and light backgrounds; without colours letters say it all (see ``monopoly_env.render.ring`` for the signs).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.text import Text

from agent.play.story import Line, painted
from monopoly_env.board import GROUP_SIZE, GROUPS, SQUARE_OF
from monopoly_env.render import characters
from monopoly_env.render.characters import ASCII, BOX, compact_middle, full_middle
from monopoly_env.render.ring import GROUP_PAINTS, SEAT_PAINTS, SIGNS, building_sign, place_of, short_name, titles_by_group
from monopoly_env.rules.property import net_worth
from monopoly_env.text.events import dollars

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


def _painted(line: characters.Line[Text]) -> Text:
    text = Text()
    for part in line:
        if isinstance(part, Text):
            text.append_text(part)
        else:
            text.append(part.text, part.paint.style if part.paint else "")
    return text


_MEASURE = Console(width=200, legacy_windows=False)
_WORTH = len(" worth $12,345")  # columns of a player's row
_PLACE, _LEAST_PLACE = 19, 7  # columns of the square that a player stands on, at most and at least


def wrapped(text: Text | str, width: int, indent: str = "") -> list[Text]:
    """Return ``text`` in lines of ``width`` columns, the later ones indented."""
    text = Text(text) if isinstance(text, str) else text
    if text.cell_len <= width:
        return [text]
    first, *rest = text.wrap(_MEASURE, max(10, width))
    for line in (first, *rest):
        line.rstrip()
    if not rest or not indent:
        return [first, *rest]
    tail = Text(" ").join(rest)
    return [first, *(Text(indent).append_text(line) for line in tail.wrap(_MEASURE, max(10, width - len(indent))))]


def player_panel(game: np.record, names: Sequence[str], kinds: Sequence[str], width: int, height: int) -> list[Text]:
    """Return the players one below the other: cash, worth, place, groups; titles by name if ``height`` lines are enough."""
    for by_name in (True, False):
        lines = []
        for seat in range(game.players):
            lines += _player_block(game, seat, names[seat], kinds[seat], width, by_name)
        if len(lines) <= height:
            break
    return lines


def _player_block(game: np.record, seat: int, name: str, kind: str, width: int, by_name: bool) -> list[Text]:
    head = _sign(game, seat).append(f" {name}", "bold")
    if name != "You" and kind != "me":
        head.append(f" ({kind})")
    if not game.alive[seat]:
        return [pad(head.append(" bankrupt"), width)]
    cash = dollars(game.cash[seat])
    facts = Text(f"   worth {dollars(net_worth(game, seat))}, {place_of(game, seat)}{_cards(game, seat)}")
    titles = _title_lists(game, seat, width) if by_name else _chips(game, seat, width)
    return [pad(head, width - len(cash) - 1).append(f" {cash}", "bold"), *wrapped(facts, width, "   "), *titles]


def _title_lists(game: np.record, seat: int, width: int) -> list[Text]:
    """Return the titles of a seat by name, a group a line; a star for a complete group, brackets for a mortgaged title."""
    lines = []
    for group, titles in titles_by_group(game, seat):
        star = "*" if len(titles) == GROUP_SIZE[group] else ""
        head = f"{GROUPS[group]}{star}"
        lines.append(Text("   ").append(head, GROUP_PAINTS[group].style))
        for title in titles:
            name = _short_holding(game, title)
            if lines[-1].cell_len + len(name) + 1 > width:
                lines.append(Text("    "))
            lines[-1].append(f" {name}")
    return lines


def _short_holding(game: np.record, title: int) -> str:
    name = short_name(int(SQUARE_OF[title]), 9)
    if game.mortgaged[title]:
        return f"({name})"
    return f"{name}:{building_sign(int(game.houses[title]))}" if game.houses[title] else name


def _sign(game: np.record, seat: int) -> Text:
    turn = game.turn == seat and not game.over
    sign = Text().append("> " if turn else "  ", "bold")
    return sign.append(SIGNS[seat], SEAT_PAINTS[seat].style if game.alive[seat] else "")


def _cards(game: np.record, seat: int) -> str:
    count = int((game.jail_card_holder == seat).sum())
    return "" if count == 0 else ", jail card" if count == 1 else f", {count} jail cards"


def _chips(game: np.record, seat: int, width: int) -> list[Text]:
    """Return the groups that a seat has a part of, as chips: "orange 2/3"; a star for a complete group, m for mortgages."""
    lines = [Text("  ")]
    for group, titles in titles_by_group(game, seat):
        mortgaged = int(game.mortgaged[titles].sum())
        full = "*" if len(titles) == GROUP_SIZE[group] else ""
        chip = f"{GROUPS[group]} {len(titles)}/{GROUP_SIZE[group]}{full}{f' {mortgaged}m' if mortgaged else ''}"
        if lines[-1].cell_len + len(chip) + 1 > width:
            lines.append(Text("  "))
        lines[-1].append(" ").append(chip, GROUP_PAINTS[group].style)
    return [pad(line, width) for line in lines if line.plain.strip()]


def player_rows(game: np.record, names: Sequence[str], width: int) -> list[Text]:
    """Return the players in four lines at most: one a line with their groups, or two a line without."""
    if game.players <= 4:
        return _rows_with_groups(game, names, width)
    half = (game.players + 1) // 2
    rows = [_short_row(game, seat, names, width // 2) for seat in range(game.players)]
    return [Text().append_text(rows[i]).append_text(rows[i + half] if i + half < len(rows) else Text()) for i in range(half)]


def _row_head(game: np.record, seat: int, names: Sequence[str]) -> Text:
    """Return whose turn it is, a player's sign, name and cash; the same width for each."""
    head = _sign(game, seat).append(f" {names[seat]:{max(map(len, names))}}", "bold")
    return head.append(f" {dollars(game.cash[seat]):>7}", "bold") if game.alive[seat] else head.append(" bankrupt")


def _short_row(game: np.record, seat: int, names: Sequence[str], width: int) -> Text:
    text = _row_head(game, seat, names)
    if game.alive[seat]:
        text.append(f" {_short_place(game, seat, width - text.cell_len - 2)}")
    return pad(text, width)


def _rows_with_groups(game: np.record, names: Sequence[str], width: int) -> list[Text]:
    """Return a line a player. Where it is narrow, the places go first, then what the players are worth."""
    heads = [_row_head(game, seat, names) for seat in range(game.players)]
    groups = [_codes(game, seat) for seat in range(game.players)]
    left = width - max(head.cell_len for head in heads) - max(1 + text.cell_len for text in groups)
    worth = left >= _WORTH
    left -= _WORTH * worth
    place = min(left - 1, _PLACE) if left - 1 >= _LEAST_PLACE else 0
    lines = []
    for seat, (line, codes) in enumerate(zip(heads, groups, strict=True)):
        if game.alive[seat]:
            if worth:
                line.append(f" worth {dollars(net_worth(game, seat)):>7}")
            if place:
                line.append(f" {_short_place(game, seat, place):{place}}")
            line.append(" ").append_text(codes)
        lines.append(pad(line, width))
    return lines


def _short_place(game: np.record, seat: int, width: int) -> str:
    """Return where a player stands and its jail cards in ``width`` columns, with names as short as that takes."""
    square, cards = int(game.position[seat]), _cards(game, seat)
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


def story_lines(story: Sequence[Line], names: Sequence[str], fresh: int, width: int, height: int) -> list[Text]:
    """Return the end of the story in ``height`` lines; sentences from event ``fresh`` on are marked with a chevron."""
    lines: list[Text] = []
    hidden = sum(line.event >= fresh for line in story)
    for line in reversed(story):
        new = line.event >= fresh
        part = wrapped(Text("> " if new else "  ").append_text(painted(line, names)), width, "    ")
        if len(lines) + len(part) > height - (hidden > 1 and len(lines) + len(part) == height):
            break
        lines = part + lines
        hidden -= new
    return [Text(f"> ({hidden} more before: log)"), *lines] if hidden > 0 and height > len(lines) else lines
