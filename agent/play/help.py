"""What a player may look up: the commands, deeds, all titles, numbered rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from agent.play.errors import PlayError
from agent.play.menu import NotUnderstood
from monopoly_env.board import (
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOUSE_COST,
    INTEREST,
    MORTGAGE,
    PRICE,
    RAILROADS,
    RENT,
    STREET_GROUPS,
    TITLE_NAMES,
    TITLES,
    UTILITIES,
)
from monopoly_env.render.ring import building_sign
from monopoly_env.rules.property import held, rent_due
from monopoly_env.text.events import buildings, dollars

# Installed, the docs lie inside the package (setup.py); in a checkout, beside it.
_PLACES = [Path(__file__).resolve().parents[level] / "docs" / "RULES.md" for level in (1, 2)]

HELP = """\
Press the number of a choice (on a plain terminal, and Enter); or go to it
with the arrows and press Enter; or click on it. An offer is accepted by y
and refused by n. With ten choices or more, and for the commands below, Enter
sends what you have typed, and Esc takes it back; : begins a command with any
letter. Page Up and Page Down scroll the story, a click on a square shows its
deed, Ctrl-Z pauses.

At the end of your turn
  build, build TITLE    the list of streets, or at once on one of them;
                        sell, mortgage and redeem work the same way
  deal                  put any deal together, title by title
  deal ben baltic + 100 for boardwalk   the same on one line, at a question;
                        so do build, sell, mortgage and redeem with a TITLE
  ask ben boardwalk     what Ben would take for it
  early                 ask me before my rolls too, or stop asking
  undo                  take the last step back, until dice are rolled
  1 3 5                 in a list: all of these
  b                     back to the list before
When somebody offers a deal
  counter               answer with an offer of your own
  never boardwalk       refuse all offers for it; never boardwalk under 600
In an auction
  bid 145               bids that sum; max 200 bids for you, up to $200
Looking things up
  ?                     this page
  deed TITLE            price, rents and owner: deed boardwalk
  rules WORD            the rules about it: rules auction, rules R44
  board                 the table in plain words
  titles                all titles: owner, rent now, who is one short
  log, log 20           all that has happened, or the last 20 sentences
The agents
  think                 what they thought at their last decisions
  think 1               the whole way through the network for the last one
  open                  show their thoughts after each decision, or stop
  coach                 what the network would do in your place, in numbers
  coach on, coach off   show that before each of your decisions
The game
  save                  where the game is kept, after each decision
  q                     leave, as Ctrl-Q does; --resume goes on from there

Signs: letters are players. On a title its owner stands behind the name, in
a small letter if it is mortgaged; 1 to 4 are houses, H is a hotel. Behind a
dot stand tokens, [A] is in jail. A star or capital letters mark a complete
group. rd2: two red titles; br lb pk or rd yl gr db rr ut: brown, light blue,
pink, orange, red, yellow, green, dark blue, railroads, utilities."""


def deed_lines(game: np.record, names: tuple[str, ...], title: int) -> list[str]:
    """Return a deed: price, rents, building cost, mortgage, and who owns it in this game."""
    group = int(GROUP_OF[title])
    lines = [f"{TITLE_NAMES[title]} ({GROUPS[group]}), list price {dollars(PRICE[title])}"]
    if group < STREET_GROUPS:
        lines.append(f"Rent {dollars(RENT[title, 0])}, with the whole group {dollars(2 * RENT[title, 0])}")
        for level in range(1, RENT.shape[1]):
            lines.append(f"  with {buildings(level):14}{dollars(RENT[title, level]):>7}")
        lines.append(f"A house costs {dollars(HOUSE_COST[group])}, a hotel the same and four houses")
    elif group == RAILROADS:
        lines.append("Rent $25, $50, $100 or $200 for one to four railroads in one hand")
    else:
        lines.append("Rent four times the roll, ten times with both utilities")
    value = int(MORTGAGE[title])
    lines.append(f"Mortgage {dollars(value)}, redeemed for {dollars(value + INTEREST[title])}")
    return [*lines, _owner_line(game, names, title), _group_line(game, names, group)]


def _owner_line(game: np.record, names: tuple[str, ...], title: int) -> str:
    owner = int(game.owner[title])
    if owner < 0:
        return "Unowned"
    if game.mortgaged[title]:
        return f"Owner: {names[owner]}, mortgaged"
    level = int(game.houses[title])
    return f"Owner: {names[owner]}" + (f", with {buildings(level)}" if level else "")


def _group_line(game: np.record, names: tuple[str, ...], group: int) -> str:
    parts = []
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        owner = int(game.owner[title])
        parts.append(f"{TITLE_NAMES[title]}: {names[owner] if owner >= 0 else 'unowned'}")
    return f"The group: {', '.join(parts)}"


def titles_lines(game: np.record, names: Sequence[str]) -> list[str]:
    """Return a heading and 28 lines of at most 79 columns, in board order."""
    width = max(5, *map(len, names))
    lines = [f"{'title':22}{'group':12}{'owner':{width}}  rent now"]
    for title in range(TITLES):
        owner = names[game.owner[title]] if game.owner[title] >= 0 else "-"
        lines.append(f"{TITLE_NAMES[title]:22}{GROUPS[GROUP_OF[title]]:12}{owner:{width}}  {_state(game, names, title)}")
    return lines


def _state(game: np.record, names: Sequence[str], title: int) -> str:
    """Return the rent or price of a title, its buildings, and what its group lacks."""
    group, owner = int(GROUP_OF[title]), int(game.owner[title])
    if owner < 0:
        short = [names[seat] for seat in range(game.players) if held(game, seat, group) == GROUP_SIZE[group] - 1]
        return f"{dollars(PRICE[title])} to buy" + "".join(f", completes it for {name}" for name in short)
    if game.mortgaged[title]:
        text = "mortgaged"
    elif group == UTILITIES:
        text = f"{rent_due(game, title, 1, 0)} x roll"
    else:
        text = dollars(rent_due(game, title, 7, 0))
    if game.houses[title]:
        text += f" {building_sign(int(game.houses[title]))}"
    missing = int(GROUP_SIZE[group] - held(game, owner, group))
    return text + {0: ", monopoly", 1: ", one short"}.get(missing, "")


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    """Return every rule of docs/RULES.md as ``(number, text)``."""
    try:
        text = next(place for place in _PLACES if place.exists()).read_text(encoding="utf-8")
    except (StopIteration, OSError) as error:
        raise PlayError(f"The rules cannot be read; they belong at {_PLACES[0]}.") from error
    found = re.findall(r"^- \*\*([RH]\d+)\*\* (.*(?:\n  .*)*)", text, re.MULTILINE)
    return tuple((number, re.sub(r"[*`]", "", " ".join(rule.split()))) for number, rule in found)


def rule_lines(wanted: str) -> list[str]:
    """Return the rules with that number, or with all those words in their text.

    Raises:
        NotUnderstood: there is none.
        PlayError: docs/RULES.md is missing.
    """
    words = wanted.lower().split()
    if not words:
        raise NotUnderstood("Which rule? Type a word or a number, such as rules auction or rules R44.")
    by_number = [(number, text) for number, text in _rules() if [number.lower()] == words]
    stems = [re.escape(_stem(word)) for word in words]
    found = by_number or [rule for rule in _rules() if all(re.search(rf"\b{stem}", rule[1].lower()) for stem in stems)]
    if not found:
        raise NotUnderstood(f"No rule speaks of {wanted!r}. Try auction, jail, mortgage, deal or R1 to R60.")
    return [f"{number}  {text}" for number, text in found]


def _stem(word: str) -> str:
    """Return a word without its ending, so that "auctions" finds "auction" and "building" finds "build"."""
    for ending in ("ings", "ing", "ies", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
