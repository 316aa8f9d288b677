"""Deals between a person and anyone: put together, shown as two columns with what they do to the groups, proposed, answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from agent.play.menu import (
    BACK,
    Choice,
    Menu,
    NotUnderstood,
    Question,
    Side,
    address,
    decide,
    find_title,
    split_player,
    still_managing,
    without_commas,
)
from agent.play.table import Table
from monopoly_env.actions import BUY, PASS, Action
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, GROUPS, TITLES
from monopoly_env.decision.decision import Deal, deal_with, decision_of
from monopoly_env.events import Event
from monopoly_env.rules import free_moves
from monopoly_env.rules.property import has_buildings, held
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars
from monopoly_env.text.names import titles_meant

_HINT = "numbers put titles in or out (1 4 5), cash 100 adds your dollars, ask 100 theirs, ok proposes, b goes back"


@dataclass
class Draft:
    """A deal being put together: titles given and taken, and dollars paid (negative: asked for)."""

    other: int
    give: set[int] = field(default_factory=set)
    take: set[int] = field(default_factory=set)
    cash: int = 0


def tradable(game: np.record, seat: int) -> list[int]:
    """Return what a seat may hand over: titles without buildings in their groups, and Get Out of Jail Free cards."""
    titles = [t for t in range(TITLES) if game.owner[t] == seat and not has_buildings(game, GROUP_OF[t])]
    return titles + [TITLES + deck for deck in range(2) if game.jail_card_holder[deck] == seat]


def effects(game: np.record, seat: int, deal: Deal) -> list[str]:
    """Return what a deal does to one side's groups: "orange 2 to 3 of 3: complete"."""
    lines = []
    for group in range(len(GROUPS)):
        titles = range(GROUP_FIRST[group], GROUP_FIRST[group + 1])
        change = sum(t in deal.gets for t in titles) - sum(t in deal.gives for t in titles)
        before, size = int(held(game, seat, group)), int(GROUP_SIZE[group])
        if change:
            end = ": complete" if before + change == size else ": broken up" if before == size else ""
            lines.append(f"{GROUPS[group]} {before} to {before + change} of {size}{end}")
    return lines


def two_sides(game: np.record, names: tuple[str, ...], seat: int, deal: Deal) -> tuple[Side, Side]:
    """Return what a deal means for ``seat``, from whose side it is seen, and for the other."""
    mirrored = deal_with(game, seat, deal.gives, deal.gets, -deal.cash)
    return _side(game, names, seat, deal), _side(game, names, deal.other, mirrored)


def _side(game: np.record, names: tuple[str, ...], seat: int, deal: Deal) -> Side:
    name, due = names[seat], deal.interest
    things = [wording.holding_text(game, title) for title in deal.gets] + ([dollars(deal.cash)] if deal.cash > 0 else [])
    after = int(game.cash[seat]) + deal.dollars
    lacking = "" if after >= 0 else ": more than you have" if name == "You" else f": more than {name} has"
    return Side(
        f"{name} {'get' if name == 'You' else 'gets'}",
        things or ["nothing"],
        effects(game, seat, deal),
        [
            *([f"pays {dollars(due)} interest (R43)"] if due else []),
            f"cash {dollars(game.cash[seat])} to {dollars(after)}{lacking}",
        ],
    )


def offer_question(table: Table) -> Question:
    """Return the question whether a person accepts the offer on the table."""
    decision = decision_of(table.game)
    deal = decision.outcomes[Action.BUY].deal
    return Question(
        f"{address(table)}{table.names[deal.other]} offers you a deal.",
        [Choice("Accept the deal", decide(table, BUY), key="y"), Choice("Refuse it", decide(table, PASS), key="n")],
        sides=two_sides(table.game, table.names, decision.seat, deal),
    )


def deal_menu(table: Table) -> Menu:
    """Return the menu that starts a deal: whom with, or the draft itself where there is one rival only."""
    rivals = [s for s in range(table.game.players) if table.game.alive[s] and s != table.game.actor]
    if len(rivals) == 1:
        draft = Draft(rivals[0])
        return lambda: draft_question(table, draft)
    return lambda: _partner_question(table, rivals)


def _partner_question(table: Table, rivals: list[int]) -> Question:
    choices = []
    for seat in rivals:
        count = len(tradable(table.game, seat))
        text = f"{table.names[seat]} ({count} title{'' if count == 1 else 's'} to deal in, {dollars(table.game.cash[seat])})"
        choices.append(Choice(text, lambda seat=seat: lambda: draft_question(table, draft=Draft(seat))))
    choices.append(BACK)
    hint = "or at once: deal ben baltic + 100 for boardwalk"
    return Question(f"{address(table)}A deal with whom?", choices, hint=hint)


def draft_question(table: Table, draft: Draft) -> Question:
    """Return the deal as it stands, with every title that can be put in or taken out."""
    game, names = table.game, table.names
    seat = int(game.actor)
    menu: Menu = lambda: draft_question(table, draft)  # noqa: E731
    choices = []
    for side, (owner, chosen) in enumerate(((seat, draft.give), (draft.other, draft.take))):
        for title in tradable(game, owner):
            mark = "[x]" if title in chosen else "[ ]"
            group = f" ({GROUPS[GROUP_OF[title]]})" if title < TITLES else ""
            text = f"{mark} {wording.holding_text(game, title)}{group}"
            short = "" if title >= TITLES else f"{mark} ({{}})" if game.mortgaged[title] else f"{mark} {{}}"
            act = lambda title=title, chosen=chosen: _toggle(chosen, title, menu)  # noqa: E731
            choices.append(Choice(text, act, side, short, title if title < TITLES else -1))
    sides = None
    if draft.give or draft.take or draft.cash:
        sides = two_sides(game, names, seat, deal_with(game, draft.other, draft.take, draft.give, -draft.cash))
    heading = f"{address(table)}Your deal with {names[draft.other]}. Titles below: yours left, theirs right."
    return Question(heading, choices, sides=sides, hint=_HINT, typed=lambda line: _typed(table, draft, menu, line))


def _toggle(chosen: set[int], title: int, menu: Menu) -> Menu:
    chosen.symmetric_difference_update({title})
    return menu


def _typed(table: Table, draft: Draft, menu: Menu, line: str) -> Menu | None:
    words = without_commas(line.lower()).replace("$", "").replace(",", " ").split()
    if not words:
        raise NotUnderstood(f"Here {_HINT}.")
    if words[0] in ("b", "back"):
        return None
    if words[0] in ("ok", "propose"):
        return propose(table, draft)
    if words[0] in ("cash", "ask") and len(words) == 2 and re.fullmatch(r"-?\d{1,7}", words[1]):
        draft.cash = int(words[1]) * (1 if words[0] == "cash" else -1)
        return menu
    if all(word.isdecimal() for word in words):
        choices = menu().choices
        for word in words:
            if not 1 <= int(word) <= len(choices):
                raise NotUnderstood(f"The titles are numbered 1 to {len(choices)}. Received: {word}")
        for word in dict.fromkeys(words):
            choices[int(word) - 1].act()
        return menu
    raise NotUnderstood(f"Here {_HINT}.")


def propose(table: Table, draft: Draft) -> Menu | None:
    """Lay the deal before the other side; after a refusal the draft is shown again.

    Raises:
        IllegalActionError: the rules forbid it.
    """
    seat, before = int(table.game.actor), len(table.rows)
    table.free_moves(free_moves.propose, draft.other, draft.give, draft.take, draft.cash)
    table.play_on()
    refused = any(row[0] == Event.REFUSE for row in table.rows[before:])
    if refused and still_managing(table, seat):
        return lambda: draft_question(table, draft)
    return None


def parse_deal(table: Table, text: str) -> Draft:
    """Return the deal that ``text`` describes: "ben baltic + 100 for boardwalk".

    Raises:
        NotUnderstood: no such player or title, or another form.
    """
    form = "deal PLAYER WHAT YOU GIVE for WHAT YOU TAKE, such as: deal ben baltic + 100 for boardwalk"
    if not re.search(r"\S\s(.*\s)?for\s", text + " ", re.IGNORECASE):
        raise NotUnderstood(f"A deal on one line reads {form}")
    seat, rest = split_player(table.names, text)
    draft = Draft(seat)
    given, taken = re.split(r"(?:^|\s)for\s", without_commas(rest) + " ", maxsplit=1, flags=re.IGNORECASE)
    for part, chosen, sign in ((given, draft.give, 1), (taken, draft.take, -1)):
        for item in (item for piece in re.split(r"[+,;]", part) for item in _items(piece)):
            if re.fullmatch(r"\$?\d{1,7}", item):
                draft.cash += sign * int(item.lstrip("$"))
            elif item.lower() in ("jail card", "card"):
                chosen.add(_jail_card(table.game, seat if sign < 0 else int(table.game.actor)))
            elif item.lower() != "nothing":
                chosen.add(find_title(item))
    return draft


def _jail_card(game: np.record, holder: int) -> int:
    """Return the first Get Out of Jail Free card of a seat, as it is numbered in deals."""
    held_by = [TITLES + deck for deck in range(2) if game.jail_card_holder[deck] == holder]
    if not held_by:
        raise NotUnderstood("No Get Out of Jail Free card there to deal in.")
    return held_by[0]


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
