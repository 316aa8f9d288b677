"""The decision on the screen: the question, the sides of a deal and the choices, in as many lines as there are. Styled text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from agent.play.menu import Choice, Question, Side
from agent.play.panels import pad, wrapped
from monopoly_env.board import GROUP_OF, SQUARE_OF
from monopoly_env.render.ring import GROUP_PAINTS, short_name

_LEAST_SIDE = 4  # lines of a deal that are kept from the coach
_Numbered = tuple[str, Choice]


def decision_lines(question: Question, coach: Sequence[str], width: int, height: int, fold: bool = True) -> list[Text]:
    """Return the question in at most ``height`` lines if it can be done, as spacious as that allows.

    Args:
        question: what is asked.
        coach: the coach's lines.
        width: columns.
        height: lines.
        fold: shorten what is too long: the names in the choices, then the coach's lines, then the sides of a deal, with a
            note of how much is missing. All numbers and the hint stay.
    """
    for tight, columns in ((False, 1), (False, 2), (True, 1), (True, 2), (True, 3)):
        lines = _decision(question, coach, width, _choices(question.choices, width, columns), tight)
        if len(lines) <= height:
            return lines
    if not fold:
        return lines
    for columns in (2, 3):
        choices = _choices(question.choices, width, columns, short=True)
        lines = _decision(question, coach, width, choices, True)
        if len(lines) <= height:
            return lines
    return _decision(question, coach, width, choices, True, height)


def _decision(
    question: Question, coach: Sequence[str], width: int, choices: list[Text], tight: bool, height: int | None = None
) -> list[Text]:
    top = wrapped(Text(question.heading, "bold"), width)
    notes = [" ".join(question.lines)] if tight and question.lines else question.lines
    for note in notes:
        top += wrapped(note, width)
    end = [Text(), *choices] if not tight and choices else choices
    if question.hint:
        end = end + wrapped(question.hint[0].upper() + question.hint[1:] + ".", width)
    room = None if height is None else max(0, height - len(top) - len(end))
    advice = _advice(coach, width, room if question.sides is None or room is None else max(0, room - _LEAST_SIDE))
    sides = [] if question.sides is None else _two_sides(question.sides, width, None if room is None else room - len(advice))
    return [*top, *sides, *advice, *end]


def _advice(coach: Sequence[str], width: int, height: int | None) -> list[Text]:
    """Return the coach's lines, those that do not fit counted in the last one."""
    lines = [wrapped(Text(line, "italic"), width, "  ") for line in coach]
    kept = len(lines)
    while height is not None and kept and sum(map(len, lines[:kept])) + (kept < len(lines)) > height:
        kept -= 1
    more = [Text(f"... and {len(lines) - kept} more: coach shows them all", "italic")] if kept < len(lines) and height else []
    return [line for part in lines[:kept] for line in part] + more


def _two_sides(sides: tuple[Side, Side], width: int, height: int | None) -> list[Text]:
    """Return what a deal means for the two, side by side."""
    half = width // 2
    left, right = (_side(side, half - 1, height) for side in sides)
    lines = []
    for i in range(max(len(left), len(right))):
        a, b = (column[i] if i < len(column) else Text() for column in (left, right))
        lines.append(pad(a, half - 1).append(" ").append_text(b))
    return lines


def _side(side: Side, width: int, height: int | None) -> list[Text]:
    """Return a side of a deal: an item a line, or as running text where ``height`` is less, or without the end of that."""
    heading = Text(side.heading, "bold underline")
    money = [line for text in side.money for line in wrapped(text, width, "  ")]
    lines = [line for text in side.gets for line in wrapped(f"  {text}", width, "    ")]
    lines += [line for text in side.effects for line in wrapped(text, width, "  ")]
    if height is None or len(lines) + len(money) + 1 <= height:
        return [heading, *lines, *money]
    room = max(0, height - 1 - len(money))
    effects = _running(side.effects, width, max(room // 2, room - len(_running(side.gets, width, room))))
    return [heading, *_running(side.gets, width, room - len(effects)), *effects, *money]


def _running(items: Sequence[str], width: int, height: int) -> list[Text]:
    """Return items one after the other in at most ``height`` lines; those that do not fit are counted."""
    for kept in range(len(items), -1, -1):
        more = [f"... and {len(items) - kept} more"] if kept < len(items) else []
        lines = wrapped(", ".join([*items[:kept], *more]), width) if items else []
        if len(lines) <= height:
            return lines
    return []


def _choices(choices: Sequence[Choice], width: int, columns: int, short: bool = False) -> list[Text]:
    """Return the choices in ``columns`` columns if they are short enough, or can be made so, else one a line."""
    numbered = [(f"{choice.key or number:>2} ", choice) for number, choice in enumerate(choices, start=1)]
    left, right = ([(n, c) for n, c in numbered if c.side == side] for side in (0, 1))
    across = [(n, c) for n, c in numbered if c.side < 0]
    lines = _sided_choices(left, right, width, columns + 1) if left or right else []
    table = None if columns == 1 else _table(across, width // columns, columns, short)
    if table is not None:
        return lines + table
    for number, choice in across:
        lines += wrapped(Text().append(number, "bold").append(choice.text), width, "   ")
    return lines


def _sided_choices(left: list[_Numbered], right: list[_Numbered], width: int, columns: int) -> list[Text]:
    """Return the choices of two sides beside each other in ``columns`` columns, shared out so that it takes few lines."""

    def height(first: int) -> int:
        return max(-(-len(left) // first), -(-len(right) // (columns - first)))

    first = min(range(1, columns), key=lambda first: (height(first), abs(columns - 2 * first)))
    each = width // columns
    sides = (_table(left, each, first, True) or [], _table(right, each, columns - first, True) or [])
    lines = []
    for i in range(max(map(len, sides))):
        a, b = (side[i] if i < len(side) else Text() for side in sides)
        lines.append(pad(a, each * first).append_text(b))
    return lines


def _table(numbered: list[_Numbered], each: int, columns: int, short: bool) -> list[Text] | None:
    """Return choices in columns of ``each`` characters, downwards first; None where one is too long for that."""
    cells = [_cell(number, choice, each - 1, short) for number, choice in numbered]
    if any(cell.cell_len >= each for cell in cells):
        return None
    rows = -(-len(cells) // columns)
    return [Text().join(pad(cell, each) for cell in cells[row::rows]) for row in range(rows)]


def _cell(number: str, choice: Choice, width: int, short: bool) -> Text:
    """Return a choice for ``width`` columns: whole, or the ``short`` form, with a name of the title that fits."""
    head = Text().append(number, "bold")
    if not short or not choice.short:
        return head.append(choice.text)
    before, _, after = choice.short.partition("{}")
    head.append(before, "bold" if choice.side >= 0 else "")
    if choice.title >= 0:
        room = max(4, width - head.cell_len - len(after))
        head.append(short_name(int(SQUARE_OF[choice.title]), room), GROUP_PAINTS[GROUP_OF[choice.title]].style)
    return head.append(after)
