"""What has happened, in sentences: all of it, or the short form that a screen has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monopoly_env.board import SQUARE_NAMES, TITLE_NAMES
from monopoly_env.events import Event
from monopoly_env.game import RENT
from monopoly_env.text.events import buildings, dollars, listing, sentence, why_rent

Row = Sequence[int]
_WORKS = {Event.BUILD: "built on", Event.SELL: "sold from", Event.MORTGAGE: "mortgaged", Event.REDEEM: "redeemed"}
_SKIPPED = (Event.AUCTION_PASS, Event.BID, Event.AUCTION_OPEN)


@dataclass(frozen=True)
class Line:
    """A sentence of the story, and the number of the last event that it tells."""

    text: str
    event: int
    turn: bool = False  # whether it opens a turn


def full_story(rows: Sequence[Row], names: Sequence[str], start: int = 0) -> list[Line]:
    """Return one sentence an event, from event ``start`` on."""
    told = enumerate(rows[start:], start)
    return [Line(sentence(row, names), number, row[0] == Event.TURN) for number, row in told]


def short_story(rows: Sequence[Row], names: Sequence[str], start: int = 0) -> list[Line]:
    """Return the story from event ``start`` on: roll and move, rent and payment in one sentence, auctions by their result."""
    lines = []
    number = start
    while number < len(rows):
        text, count = _next(rows, number, names)
        number += count
        if text:
            lines.append(Line(text, number - 1, rows[number - count][0] == Event.ROLL))
    return lines


def _next(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Return the next sentence (empty: nothing worth telling) and how many events it tells."""
    row = rows[number]
    kind = row[0]
    if kind == Event.TURN or kind in _SKIPPED:
        return "", 1
    after = rows[number + 1] if number + 1 < len(rows) else None
    if kind == Event.ROLL:
        return _roll(rows, number, names)
    if kind in _WORKS:
        return _works(rows, number, names)
    if kind == Event.PROPOSE and after is not None and after[0] in (Event.ACCEPT, Event.REFUSE):
        return f"{sentence(row, names)[:-1]}: {'accepted' if after[0] == Event.ACCEPT else 'refused'}.", 2
    if kind == Event.RENT and after is not None and tuple(after[:5]) == (Event.PAY, row[1], row[2], row[4], RENT):
        owner = "you" if names[row[2]] == "You" else names[row[2]]
        return f"{names[row[1]]} paid {owner} {dollars(row[4])} rent: {why_rent(row[3], row[5], row[6])}.", 2
    return sentence(row, names), 1


def _roll(rows: Sequence[Row], number: int, names: Sequence[str]) -> tuple[str, int]:
    """Tell a roll, where it leads, and the salary on the way."""
    row, count = rows[number], 1
    text = f"{names[row[1]]} rolled {row[2]}+{row[3]}{' (doubles)' if row[2] == row[3] else ''}"
    if number + 1 < len(rows) and tuple(rows[number + 1][:2]) == (Event.MOVE, row[1]):
        text, count = f"{text} to {SQUARE_NAMES[rows[number + 1][3]]}", 2
        if number + 2 < len(rows) and rows[number + 2][0] == Event.SALARY:
            text, count = f"{text}, with {dollars(rows[number + 2][2])} at GO", 3
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
        name = TITLE_NAMES[row[2]].removesuffix(" Avenue")
        things[row[2]] = f"{name} ({buildings(row[3])})" if levelled else name
    total = sum(row[4] if levelled else row[3] for row in rows[number:end])
    return f"{names[seat]} {_WORKS[kind]} {listing(list(things.values()))} for {dollars(total)}.", end - number
