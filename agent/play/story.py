"""What has happened, in sentences: one for each event, or a block for each turn that says what matters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from monopoly_env.board import GROUP_OF, SQUARE_NAMES, TITLE_NAMES, TITLES
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.game import BANK, JAIL_FEE, RENT
from monopoly_env.render.ring import GROUP_PAINTS, SEAT_PAINTS
from monopoly_env.text.events import buildings, dollars, listing, sentence, why_rent

Row = Sequence[int]
_WORKS = {Event.BUILD: "built on", Event.SELL: "sold from", Event.MORTGAGE: "mortgaged", Event.REDEEM: "redeemed"}
_UNTOLD = (Event.TURN, Event.AUCTION_PASS, Event.BID, Event.AUCTION_OPEN)
# What a seat pays (-1) or gets (1) by its own events; who else has a part in PAY and ACCEPT stands in ``money_of``.
_MONEY = {
    Event.SALARY: ("amount", 1),
    Event.PAY: ("amount", -1),
    Event.COLLECT: ("amount", 1),
    Event.BUY: ("price", -1),
    Event.AUCTION_WON: ("amount", -1),
    Event.BUILD: ("cost", -1),
    Event.SELL: ("refund", 1),
    Event.MORTGAGE: ("amount", 1),
    Event.REDEEM: ("cost", -1),
    Event.UNDO: ("amount", 1),
}


@dataclass(frozen=True)
class Line:
    """A part of the story, and the number of the last event that it tells."""

    text: str
    event: int
    turn: bool = False  # whether it opens a turn
    money: int = 0  # dollars that it brought the person whose story it is; negative: cost


def full_story(rows: Sequence[Row], names: Sequence[str], start: int = 0) -> list[Line]:
    """Return one sentence an event, from event ``start`` on."""
    told = enumerate(rows[start:], start)
    return [Line(sentence(row, names), number, row[0] == Event.TURN) for number, row in told]


def turn_story(rows: Sequence[Row], names: Sequence[str], start: int = 0, seat: int = -1) -> list[Line]:
    """Return a block for each turn from event ``start`` on: what happened in it, told by what came of it.

    Args:
        rows: the events of a game.
        names: of the players.
        start: number of the first event.
        seat: the person whose gains and losses the lines tell, -1: nobody's.
    """
    first = [number for number in range(start, len(rows)) if number == start or rows[number][0] == Event.TURN]
    lines = []
    for begin, end in zip(first, [*first[1:], len(rows)], strict=True):
        sentences, number = [], begin
        while number < end:
            text, count = _next(rows[:end], number, names)
            number += count
            sentences += [text] if text else []
        if sentences:
            lines.append(
                Line(_joined(sentences, names), end - 1, rows[begin][0] == Event.TURN, _change(rows, begin, end, seat))
            )
    return lines


def change_line(rows: Sequence[Row], start: int, seat: int) -> list[Line]:
    """Return a line with the change of a person's cash since event ``start``; none if no turn began since, or without one."""
    money = _change(rows, start, len(rows), seat)
    others = any(row[0] == Event.TURN for row in rows[start:])
    return [Line("Since your last decision:", len(rows) - 1, money=money)] if money and others else []


def _joined(sentences: Sequence[str], names: Sequence[str]) -> str:
    """Return sentences as running text, those that follow one of the same player without its name."""
    text, subject = "", ""
    for each in sentences:
        name = next((name for name in names if each.startswith(f"{name} ")), "")
        same = name and name == subject
        text = f"{text.removesuffix('.')}; {each[len(name) + 1 :]}" if same else f"{text} {each}".lstrip()
        subject = name
    return text


def _change(rows: Sequence[Row], begin: int, end: int, seat: int) -> int:
    """Return the change of a seat's cash by some events; 0 where it went bankrupt, for then nothing is left."""
    gone = any(row[0] == Event.BANKRUPT and row[1] == seat for row in rows[begin:end])
    return 0 if gone else sum(money_of(rows, number, seat) for number in range(begin, end))


def money_of(rows: Sequence[Row], number: int, seat: int) -> int:
    """Return the dollars that an event brought a seat; negative: cost."""
    kind, who = Event(rows[number][0]), rows[number][1]
    if seat < 0:
        return 0
    if kind == Event.ACCEPT and number and rows[number - 1][0] == Event.PROPOSE:
        offer = _fields(rows[number - 1])
        return (int(offer["to"] == seat) - int(rows[number - 1][1] == seat)) * offer["cash"]
    name, sign = _MONEY.get(kind, ("", 0))
    amount = _fields(rows[number])[name] if name else 0
    got = amount if kind == Event.PAY and _fields(rows[number])["creditor"] == seat else 0
    return got + (sign * amount if who == seat else 0)


def _fields(row: Row) -> dict[str, int]:
    return dict(zip(EVENT_FIELDS[Event(row[0])], row[2:], strict=False))


def _next(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Return the next sentence (empty: nothing worth telling) and how many events it tells."""
    row = rows[number]
    kind = row[0]
    before = rows[number - 1] if number else None
    after = rows[number + 1] if number + 1 < len(rows) else None
    if kind in _UNTOLD or _told_by(before, row):
        return "", 1
    if kind == Event.ROLL:
        return _roll(rows, number, names)
    if kind in _WORKS:
        return _works(rows, number, names)
    if kind == Event.INHERIT:
        return _inheritance(rows, number, names)
    if kind == Event.PROPOSE and after is not None and after[0] in (Event.ACCEPT, Event.REFUSE):
        return _offers(rows, number, names)
    if kind == Event.RENT and after is not None and tuple(after[:5]) == (Event.PAY, row[1], row[2], row[4], RENT):
        owner = "you" if names[row[2]] == "You" else names[row[2]]
        return f"{names[row[1]]} paid {owner} {dollars(row[4])} rent: {why_rent(row[3], row[5], row[6])}.", 2
    if kind == Event.RENT and after is not None and tuple(after[:5]) == (Event.OWE, row[1], row[2], row[4], RENT):
        return f"{sentence(row, names)[:-1]}, more than the cash at hand.", 2
    return sentence(row, names), 1


def _told_by(before: Row | None, row: Row) -> bool:
    """Whether the event before says it already: a card what the bank pays or gets, a fee that jail is left."""
    if before is None or before[1] != row[1]:
        return False
    if before[0] == Event.CARD:
        return row[0] in (Event.COLLECT, Event.TO_JAIL) or (row[0] == Event.PAY and _fields(row)["creditor"] == BANK)
    return row[0] == Event.LEAVE_JAIL and before[0] == Event.PAY and _fields(before)["reason"] == JAIL_FEE


def _roll(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Tell a roll, where it leads, the salary on the way, and that what is there was bought."""
    row, count = rows[number], 1
    text = f"{names[row[1]]} rolled {row[2]}+{row[3]}{' (doubles)' if row[2] == row[3] else ''}"
    if number + 1 < len(rows) and tuple(rows[number + 1][:2]) == (Event.MOVE, row[1]):
        text, count = f"{text} to {SQUARE_NAMES[rows[number + 1][3]]}", 2
        if number + 2 < len(rows) and rows[number + 2][0] == Event.SALARY:
            text, count = f"{text}, with {dollars(rows[number + 2][2])} at GO", 3
        if number + count < len(rows) and tuple(rows[number + count][:2]) == (Event.BUY, row[1]):
            text, count = f"{text}; bought it for {dollars(rows[number + count][3])}", count + 1
    return f"{text}.", count


def _works(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Tell what a player builds, sells, mortgages or redeems in one go."""
    kind, seat = rows[number][0], rows[number][1]
    end = number
    while end < len(rows) and rows[end][0] == kind and rows[end][1] == seat:
        end += 1
    if end == number + 1:
        return sentence(rows[number], names), 1
    levelled = kind in (Event.BUILD, Event.SELL)
    things: dict[int, str] = {}
    for row in rows[number:end]:
        name = _short(row[2])
        things[row[2]] = f"{name} ({buildings(row[3])})" if levelled else name
    total = sum(row[4] if levelled else row[3] for row in rows[number:end])
    return f"{names[seat]} {_WORKS[kind]} {listing(list(things.values()))} for {dollars(total)}.", end - number


def _inheritance(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Tell what a player takes over from one that is bankrupt."""
    end = number
    while end < len(rows) and tuple(rows[end][:3]) == tuple(rows[number][:3]):
        end += 1
    if end == number + 1:
        return sentence(rows[number], names), 1
    titles = listing([_short(row[3]) for row in rows[number:end]])
    whom = "you" if names[rows[number][2]] == "You" else names[rows[number][2]]
    return f"{names[rows[number][1]]} took over {titles} from {whom}.", end - number


def _short(title: int) -> str:
    return TITLE_NAMES[title].removesuffix(" Avenue")


def _offers(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Tell a row of offers of one player to another for the same titles by the last one."""
    cash = 2 + EVENT_FIELDS[Event.PROPOSE].index("cash")
    same = [*rows[number]]
    last = number
    while last + 3 < len(rows) and rows[last + 1][0] == Event.REFUSE and rows[last + 2][0] == Event.PROPOSE:
        same[cash] = rows[last + 2][cash]
        if list(rows[last + 2]) != same or rows[last + 3][0] not in (Event.ACCEPT, Event.REFUSE):
            break
        last += 2
    count = (last - number) // 2 + 1
    times = f", the last of {count} offers" if count > 1 else ""
    end = "accepted" if rows[last + 1][0] == Event.ACCEPT else "refused"
    return f"{sentence(rows[last], names)[:-1]}{times}: {end}.", last + 2 - number


def painted(line: Line, names: Sequence[str]) -> Text:
    """Return a part of the story with players and titles in their colours, and the person's own gain or loss in bold."""
    text = Text(line.text)
    for title in range(TITLES):
        name = _short(title)
        text.highlight_regex(rf"\b{re.escape(name)}( Avenue)?(?! [Rr]ailroad)", GROUP_PAINTS[GROUP_OF[title]].style)
    for seat, name in enumerate(names):
        forms = "[Yy]our?" if name == "You" else re.escape(name)
        text.highlight_regex(rf"(?<!\w){forms}(?!\w)", SEAT_PAINTS[seat].style)
    if line.money:
        sign = "+" if line.money > 0 else "-"
        text.append(" ").append(f"{sign}{dollars(abs(line.money))}", "bold")
    return text
