"""Whether what a file holds can be a game: numbers in the ranges in which compiled code may use them as places in arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.play.setup import Setup
from monopoly_env.actions import Phase
from monopoly_env.board import GROUPS, HOTEL, SQUARES, TITLES
from monopoly_env.cards import CARDS
from monopoly_env.decision.decision import Decision
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.game import (
    CAPPED,
    END,
    HOUSE_RULES,
    INTEREST,
    MAX_DEBTS,
    MAX_EVENTS,
    PLAN_BUILD,
    TEN_TIMES,
    house_rule_bits,
)
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import sentence

_GROUP, _NEXT_GROUP, _TITLE = (-1, len(GROUPS) - 1), (0, len(GROUPS)), (-1, TITLES - 1)
_FLAG, _ALL_TITLES = (0, 1), (0, 2**TITLES - 1)
_DOLLARS = (-(2**30), 2**30)
_RANGES = {
    "house_rules": (0, 2 ** len(HOUSE_RULES) - 1),
    "manual": _FLAG,
    "stage": (0, END),
    "dice": (0, 6),
    "doubles": (0, 3),
    "card_rent": (0, TEN_TIMES),
    "phase": (0, max(Phase)),
    "table_group": _GROUP,
    "over": (0, CAPPED),
    "alive": _FLAG,
    "cash": _DOLLARS,
    "position": (0, SQUARES - 1),
    "jailed": _FLAG,
    "jail_rolls": (0, 3),
    "houses": (0, HOTEL),
    "mortgaged": _FLAG,
    "deck": (0, CARDS - 1),
    "deck_size": (0, CARDS),
    "debts": (0, MAX_DEBTS),
    "reason": (0, INTEREST),
    "raise_group": _NEXT_GROUP,
    "plan": (0, PLAN_BUILD),
    "plan_title": _TITLE,
    "auction_title": _TITLE,
    "auction_bid": _DOLLARS,
    "auction_in": _FLAG,
    "auction_queue": _FLAG,
    "manage_group": _NEXT_GROUP,
    "offer_give": _ALL_TITLES,
    "offer_take": _ALL_TITLES,
    "offer_cash": _DOLLARS,
    "offer_group": _GROUP,
    "events": (0, MAX_EVENTS),
}
_TURN_SEATS = ("turn", "actor", "winner", "offer_from", "offer_to")
_TITLE_SEATS = ("owner", "jail_card_holder", "auction_leader", "auction_seat", "auction_start")
_SEATS_OR_NONE = (*_TURN_SEATS, *_TITLE_SEATS, "debtor", "creditor")
_EVENT_RANGES = {
    "title": (0, TITLES - 1),
    "square": (0, SQUARES - 1),
    "from_square": (0, SQUARES - 1),
    "to_square": (0, SQUARES - 1),
    "card": (0, CARDS - 1),
    "deck": (0, 1),
    "level": (0, HOTEL),
    "die_1": (1, 6),
    "die_2": (1, 6),
    "give": _ALL_TITLES,
    "take": _ALL_TITLES,
}
_SEAT_FIELDS = ("owner", "creditor", "to", "from")


def _check(name: str, numbers: np.ndarray | int, low: int, high: int) -> None:
    if np.any(np.less(numbers, low)) or np.any(np.greater(numbers, high)):
        raise ValueError(f"{name} must lie between {low} and {high}")


def check_record(game: np.record, setup: Setup) -> None:
    """Raise ValueError unless ``game`` can be a game of ``setup``."""
    if game.players != len(setup.seats):
        raise ValueError(f"a game of {game.players} players with {len(setup.seats)} seats")
    if game.house_rules != house_rule_bits(setup.house_rules) or game.max_turns != setup.max_turns:
        raise ValueError("a game by other house rules, or of another length")
    if [seat for seat in range(game.players) if game.manual[seat]] != list(setup.people):
        raise ValueError("a game in which other seats are people's")
    for name, (low, high) in _RANGES.items():
        _check(name, game[name], low, high)
    for name in _SEATS_OR_NONE:
        _check(name, game[name], -1, len(setup.seats) - 1)
    if not game.over and (game.turn < 0 or (game.phase and game.actor < 0)):
        raise ValueError("nobody's turn")


def check_event(row: Sequence[int], names: Sequence[str]) -> None:
    """Raise ValueError (or what ``sentence`` raises) unless ``row`` can be an event of a game of these players."""
    kind = Event(row[0])
    for name, number in zip(("seat", *EVENT_FIELDS[kind]), row[1:], strict=False):
        _check(name, number, *_DOLLARS)
        if name == "seat" or name in _SEAT_FIELDS:
            _check(name, number, -1, len(names) - 1)
        elif name in _EVENT_RANGES:
            _check(name, number, *_EVENT_RANGES[name])
    sentence(row, names)


def check_decision(record: Decision, names: Sequence[str]) -> None:
    """Raise ValueError (or what putting it into words raises) unless ``record`` can be a decision of these players."""
    if type(record.turn) is not int or type(record.seat) is not int:
        raise ValueError("a decision of another form")
    _check("seat", record.seat, 0, len(names) - 1)
    _check("mask", record.mask, 0, 1)
    if not record.mask[record.action]:
        raise ValueError("a decision that was not legal")
    wording.about(record, names)
    wording.meanings(record, names)
    wording.done_text(record, names)
