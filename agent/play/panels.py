"""What stands beside and below the board: the players, the story, the decision. Lines of styled text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.text import Text

from agent.play.drawing import GROUP_CODES, GROUP_STYLES, SEAT_STYLES, pad
from agent.play.questions import Choice, Question
from agent.play.story import Line
from monopoly_env.board import GROUP_SIZE, GROUPS, SQUARE_OF
from monopoly_env.render import SIGNS, building_sign, holdings, place_of, short_name
from monopoly_env.rules.property import net_worth
from monopoly_env.sentences import dollars

_MEASURE = Console(width=200, legacy_windows=False)


def wrapped(text: Text | str, width: int, indent: str = "") -> list[Text]:
    """Return ``text`` in lines of ``width`` columns, the later ones indented."""
    text = Text(text) if isinstance(text, str) else text
    if text.cell_len <= width:
        return [text]
    first, *rest = text.wrap(_MEASURE, max(10, width))
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
    for group, titles in holdings(game, seat):
        star = "*" if len(titles) == GROUP_SIZE[group] else ""
        head = f"{GROUPS[group]}{star}"
        lines.append(Text("   ").append(head, GROUP_STYLES[group]))
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
    return sign.append(SIGNS[seat], SEAT_STYLES[seat] if game.alive[seat] else "")


def _cards(game: np.record, seat: int) -> str:
    count = int((game.jail_card_holder == seat).sum())
    return "" if count == 0 else ", jail card" if count == 1 else f", {count} jail cards"


def _chips(game: np.record, seat: int, width: int) -> list[Text]:
    """Return the groups that a seat has a part of, as chips: "orange 2/3"; a star for a complete group, m for mortgages."""
    lines = [Text("  ")]
    for group, titles in holdings(game, seat):
        mortgaged = int(game.mortgaged[titles].sum())
        full = "*" if len(titles) == GROUP_SIZE[group] else ""
        chip = f"{GROUPS[group]} {len(titles)}/{GROUP_SIZE[group]}{full}{f' {mortgaged}m' if mortgaged else ''}"
        if lines[-1].cell_len + len(chip) + 1 > width:
            lines.append(Text("  "))
        lines[-1].append(" ").append(chip, GROUP_STYLES[group])
    return [pad(line, width) for line in lines if line.plain.strip()]


def player_rows(game: np.record, names: Sequence[str], width: int) -> list[Text]:
    """Return the players in four lines at most: one a line with their groups, or two a line without."""
    if game.players <= 4:
        return [_player_row(game, seat, names, width, True) for seat in range(game.players)]
    half = (game.players + 1) // 2
    rows = [_player_row(game, seat, names, width // 2, False) for seat in range(game.players)]
    return [Text().append_text(rows[i]).append_text(rows[i + half] if i + half < len(rows) else Text()) for i in range(half)]


def _player_row(game: np.record, seat: int, names: Sequence[str], width: int, groups: bool) -> Text:
    longest = max(len(name) for name in names)
    text = _sign(game, seat).append(f" {names[seat]:{longest}}", "bold")
    if not game.alive[seat]:
        return pad(text.append(" bankrupt"), width)
    text.append(f" {dollars(game.cash[seat]):>7}", "bold")
    if not groups:
        return pad(text.append(f" {place_of(game, seat)}{_cards(game, seat)}"), width)
    text.append(f" worth {dollars(net_worth(game, seat)):>7}")
    place = place_of(game, seat).removesuffix(" Avenue")
    text = pad(text.append(f" {place}{_cards(game, seat)}"), longest + 46).append(" ")
    held = holdings(game, seat)
    gap = " " if text.cell_len + 4 * len(held) <= width else ""
    for group, titles in held:
        code = GROUP_CODES[group]
        code = code.upper() if len(titles) == GROUP_SIZE[group] else code
        text.append(f"{code}{len(titles)}", GROUP_STYLES[group]).append(gap)
    return pad(text, width)


def story_lines(story: Sequence[Line], fresh: int, width: int, height: int) -> list[Text]:
    """Return the end of the story in ``height`` lines; sentences from event ``fresh`` on are marked with a chevron."""
    lines: list[Text] = []
    hidden = sum(line.event >= fresh for line in story)
    for line in reversed(story):
        new = line.event >= fresh
        part = wrapped(Text(("> " if new else "  ") + line.text), width, "    ")
        if len(lines) + len(part) > height - (hidden > 1 and len(lines) + len(part) == height):
            break
        lines = part + lines
        hidden -= new
    return [Text(f"> ({hidden} more before: log)"), *lines] if hidden > 0 and height > len(lines) else lines


def decision_lines(question: Question, coach: Sequence[str], width: int, height: int) -> list[Text]:
    """Return the question in at most ``height`` lines if it can be done, else in as few as it takes."""
    for tight, columns in ((False, 1), (False, 2), (True, 1), (True, 2), (True, 3)):
        lines = _decision(question, coach, width, tight, columns)
        if len(lines) <= height:
            return lines
    return lines


def _decision(question: Question, coach: Sequence[str], width: int, tight: bool, columns: int) -> list[Text]:
    lines = wrapped(Text(question.heading, "bold"), width)
    notes = [" ".join(question.lines)] if tight and question.lines else question.lines
    for note in notes:
        lines += wrapped(note, width)
    if question.columns is not None:
        lines += _two_columns(*question.columns, width)
    for line in coach:
        lines += wrapped(Text(line, "italic"), width, "  ")
    if not tight and question.choices:
        lines.append(Text())
    lines += _choices(question.choices, width, columns)
    if question.hint:
        lines += wrapped(question.hint[0].upper() + question.hint[1:] + ".", width)
    return lines


def _two_columns(left: list[str], right: list[str], width: int) -> list[Text]:
    """Return two lists side by side, their first lines as headings."""
    half = width // 2
    lines = []
    for i in range(max(len(left), len(right))):
        a, b = (side[i] if i < len(side) else "" for side in (left, right))
        style = "bold underline" if i == 0 else ""
        lines.append(pad(Text().append(a, style), half - 1).append(" ").append_text(Text().append(b, style)))
    return lines


def _choices(choices: Sequence[Choice], width: int, columns: int) -> list[Text]:
    numbered = [(f"{number:2} ", choice) for number, choice in enumerate(choices, start=1)]
    sided = [[(n, c) for n, c in numbered if c.side == side] for side in (0, 1)]
    across = [(n, c) for n, c in numbered if c.side < 0]
    lines = []
    half = width // 2
    for i in range(max(map(len, sided))):
        cells = [_choice(*side[i]) if i < len(side) else Text() for side in sided]
        lines.append(pad(cells[0], half - 1).append(" ").append_text(pad(cells[1], half)))
    if columns == 1:
        for number, choice in across:
            lines += wrapped(_choice(number, choice), width, "   ")
        return lines
    rows = -(-len(across) // columns)
    each = width // columns
    if any(len(number + choice.text) >= each for number, choice in across):
        return _choices(choices, width, 1)
    for row in range(rows):
        cells = [_choice(*across[i]) for i in range(row, len(across), rows)]
        lines.append(Text().join(pad(cell, each) for cell in cells))
    return lines


def _choice(number: str, choice: Choice) -> Text:
    text = Text().append(number, "bold")
    if not choice.short:
        return text.append(choice.text)
    mark, name = choice.short[:4], choice.short[4:]
    return text.append(mark, "bold").append(name, GROUP_STYLES[choice.group])
