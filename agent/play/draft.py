"""A deal that a person puts together: how it is typed on one line, and what the other side would take."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

import numpy as np

from agent.play.menu import NotUnderstood, find_title, split_player, without_commas
from agent.play.table import Table
from monopoly_env.actions import Action, IllegalActionError
from monopoly_env.board import GROUP_OF, JAIL_FEE, PRICE, TITLES
from monopoly_env.engine import free_moves
from monopoly_env.game import GAME
from monopoly_env.rules.deal import interest_on
from monopoly_env.rules.property import has_buildings
from monopoly_env.text.names import titles_meant

STEP = 10  # dollars between two prices that are tried
_FORMS = {
    "deal": "deal PLAYER WHAT YOU GIVE for WHAT YOU TAKE, such as: deal ben baltic + 100 for boardwalk",
    "ask": "ask PLAYER TITLE, such as: ask ben boardwalk",
}


@dataclass
class Draft:
    """A deal being put together: titles given and taken, and dollars paid (negative: asked for)."""

    other: int
    give: set[int] = field(default_factory=set)
    take: set[int] = field(default_factory=set)
    cash: int = 0
    said: str = ""  # what the other has said to it
    terms: Draft | None = None  # what the other would take in its place


def tradable(game: np.record, seat: int) -> list[int]:
    """Return what a seat may hand over: titles without buildings in their groups, and Get Out of Jail Free cards."""
    titles = [t for t in range(TITLES) if game.owner[t] == seat and not has_buildings(game, GROUP_OF[t])]
    return titles + free_moves.jail_cards(game, seat)


def _jail_card(game: np.record, holder: int) -> int:
    """Return the first Get Out of Jail Free card of a seat, as it is numbered in deals."""
    cards = free_moves.jail_cards(game, holder)
    if not cards:
        raise NotUnderstood("No Get Out of Jail Free card there to deal in.")
    return cards[0]


def proposed(table: Table, draft: Draft) -> np.record:
    """Return a copy of the game in which the deal lies before the other side.

    Raises:
        IllegalActionError: the rules forbid it.
    """
    game = np.array(table.game, GAME)[()]
    free_moves.propose(game, draft.other, draft.give, draft.take, draft.cash)
    return game


def would_take(table: Table, draft: Draft) -> bool:
    """Whether the agent or bot on the other side would accept the deal if it were proposed now: it is asked."""
    try:
        game = proposed(table, draft)
    except IllegalActionError:
        return False
    return table.choosers[draft.other].decide(game).action == Action.BUY


def found_terms(table: Table, draft: Draft, least: int) -> Draft | None:
    """Return what the other would take in place of ``draft``: more money, else one title more; None: neither.

    What is returned has been asked for, so it would really be accepted.

    Args:
        table: the game.
        draft: the deal.
        least: dollars from which on prices are tried, up to all that the person has.
    """
    game, seat = table.game, int(table.game.actor)
    most = int(game.cash[seat] - interest_on(game, free_moves.bit_set(draft.take)))
    prices = [*range(least, most, STEP), most] if least <= most else []
    first = bisect_left(prices, True, key=lambda cash: would_take(table, replace(draft, cash=cash)))
    if first < len(prices):
        return Draft(draft.other, set(draft.give), set(draft.take), prices[first])
    more = sorted(set(tradable(game, seat)) - draft.give, key=_price)
    with_one = (Draft(draft.other, draft.give | {title}, set(draft.take), draft.cash) for title in more)
    return next((each for each in with_one if would_take(table, each)), None)


def _price(thing: int) -> int:
    return int(PRICE[thing]) if thing < TITLES else JAIL_FEE


def parse_deal(table: Table, text: str, form: str = "deal") -> Draft:
    """Return the deal that ``text`` describes: "ben baltic + 100 for boardwalk"; in the form "ask" also "ben boardwalk".

    Raises:
        NotUnderstood: no such player or title, or another form.
    """
    swap = re.search(r"\sfor\s", f"{text} ", re.IGNORECASE)
    if not re.search(r"\S\s+\S", text) or (form == "deal" and not swap):
        raise NotUnderstood(f"On one line it reads {_FORMS[form]}")
    seat, rest = split_player(table.names, text)
    if seat == table.game.actor:
        raise NotUnderstood(f"A deal is with somebody else at the table. Received: {form} {text[:40]}")
    draft = Draft(seat)
    given, taken = re.split(r"(?:^|\s)for\s", f"{rest} ", maxsplit=1, flags=re.IGNORECASE) if swap else ("", rest)
    for part, chosen, sign in ((given, draft.give, 1), (taken, draft.take, -1)):
        for item in (item for piece in re.split(r"[+,;]", without_commas(part)) for item in _items(piece)):
            if re.fullmatch(r"\$?\d{1,7}", item):
                draft.cash += sign * int(item.lstrip("$"))
            elif item.lower() in ("jail card", "card"):
                chosen.add(_jail_card(table.game, seat if sign < 0 else int(table.game.actor)))
            elif item.lower() != "nothing":
                chosen.add(find_title(item))
    return draft


def _items(text: str) -> list[str]:
    """Return what "&" and "and" divide, but not inside a name: "b&o and baltic" is "b & o", "baltic"."""
    parts = [part.strip() for part in re.split(r"&|\sand\s", f" {text} ", flags=re.IGNORECASE)]
    items = []
    while parts:
        lengths = (count for count in range(len(parts), 1, -1) if titles_meant(" & ".join(parts[:count])))
        count = next(lengths, 1)
        items.append(" & ".join(parts[:count]))
        parts = parts[count:]
    return [item for item in items if item]
