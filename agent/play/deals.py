"""Deals between a person and anyone: put together, shown as two columns with what they do to the groups, proposed, answered.

How a deal is typed, and what the other side would take: ``agent.play.draft``.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from agent.play.draft import STEP, Draft, found_terms, parse_deal, proposed, tradable
from agent.play.limits import no_offers
from agent.play.menu import (
    BACK,
    Choice,
    Menu,
    NotUnderstood,
    Question,
    Side,
    address,
    decide,
    still_managing,
    without_commas,
)
from agent.play.table import Table
from monopoly_env.actions import BUY, PASS, Action
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, GROUPS, THING_NAMES, TITLES, things_in
from monopoly_env.decision.asked import deal_asked
from monopoly_env.decision.decision import Deal, deal_with, decision_of
from monopoly_env.engine import engine, free_moves
from monopoly_env.events import Event
from monopoly_env.game import GAME
from monopoly_env.rules.property import held
from monopoly_env.strength.composer import MOST_OFFERS, ask_about_group, composed_deal
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars, listing, side_of_deal

_HINT = "numbers put titles in or out (1 4 5), cash 100 adds your dollars, ask 100 theirs, ok proposes, b goes back"


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
    game, decision = table.game, decision_of(table.game)
    deal = decision.outcomes[Action.BUY].deal
    other = table.names[deal.other]
    choices = [Choice("Accept the deal", decide(table, BUY), key="y"), Choice("Refuse it", decide(table, PASS), key="n")]
    choices.append(Choice(f"Answer {other} with an offer of your own", lambda: counter(table), key="c"))
    choices.append(Choice("Refuse it and all offers until your next turn", lambda: no_offers(table), key="s"))
    if deal.gives:
        names = listing([THING_NAMES[thing] for thing in deal.gives])
        choices.append(Choice(f"Refuse it and all other offers for {names}", lambda: _refuse_for_good(table, deal), key="x"))
    return Question(
        f"{address(table)}{other} offers you a deal.",
        choices,
        _next_offer(game, other, decision.group),
        sides=two_sides(game, table.names, decision.seat, deal),
    )


def counter(table: Table) -> Menu:
    """Return the draft that a person answers an offer with, filled in with that offer."""
    deal = decision_of(table.game).outcomes[Action.BUY].deal
    draft = Draft(deal.other, set(deal.gives), set(deal.gets), -deal.cash)
    return lambda: draft_question(table, draft)


def _refuse_for_good(table: Table, deal: Deal) -> None:
    for title in deal.gives:
        table.least[int(table.game.actor), title] = None
    table.decide(PASS)


def _next_offer(game: np.record, name: str, group: int) -> list[str]:
    """Return which of how many offers this is, and what comes after a refusal; nothing about offers outside such a row."""
    seat, proposer, group = int(game.actor), int(game.offer_from), int(game.offer_group)
    if group < 0:
        return []
    number = int(game.refusals[proposer, group]) + 1
    text = f"Offer {number} of at most {MOST_OFFERS} for the {GROUPS[group]} group."
    after = np.array(game, GAME)[()]
    engine.apply(after, PASS)
    after.proposed = 0
    ask_about_group(after, proposer, group, composed_deal(after, proposer, group, new_holdings()))
    other, gets, gives, cash = deal_asked(after, proposer)
    if other < 0:
        return [f"{text} If you refuse, it is the last one until one of its titles changes hands."]
    gives, gets = side_of_deal(things_in(gives), -cash), side_of_deal(things_in(gets), cash)
    return [f"{text} If you refuse, {name} may later offer {'you' if other == seat else 'somebody else'} {gives} for {gets}."]


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
            act = lambda title=title, chosen=chosen: _toggle(draft, chosen, title, menu)  # noqa: E731
            choices.append(Choice(text, act, side, short, title if title < TITLES else -1))
    sides = None
    if draft.give or draft.take or draft.cash:
        sides = two_sides(game, names, seat, deal_with(game, draft.other, draft.take, draft.give, -draft.cash))
    choices.append(Choice("Propose this deal", lambda: propose(table, draft), key="ok"))
    if draft.terms is not None:
        terms = draft.terms
        text = f"{names[draft.other]} would take {_sides_text(terms)}: put that in"
        choices.append(Choice(text, lambda: lambda: draft_question(table, terms)))
    return Question(
        f"{address(table)}Your deal with {names[draft.other]}. Titles below: yours left, theirs right.",
        [*choices, BACK],
        [draft.said] if draft.said else [],
        sides=sides,
        hint=_HINT,
        typed=lambda line: _typed(table, draft, menu, line),
        several=True,
    )


def _sides_text(draft: Draft) -> str:
    """Return a deal from the other's side: "Baltic Avenue and $140 for Boardwalk"."""
    return f"{side_of_deal(sorted(draft.give), draft.cash)} for {side_of_deal(sorted(draft.take), -draft.cash)}"


def _toggle(draft: Draft, chosen: set[int], title: int, menu: Menu) -> Menu:
    chosen.symmetric_difference_update({title})
    draft.said = ""
    return menu


def _typed(table: Table, draft: Draft, menu: Menu, line: str) -> Menu | None:
    words = without_commas(line.lower()).replace("$", "").replace(",", " ").split()
    if not words:
        raise NotUnderstood(f"Here {_HINT}.")
    if words[0] in ("b", "back"):
        return None
    if words[0] in ("cash", "ask") and len(words) == 2 and re.fullmatch(r"-?\d{1,7}", words[1]):
        draft.cash, draft.said = int(words[1]) * (1 if words[0] == "cash" else -1), ""
        return menu
    raise NotUnderstood(f"Here {_HINT}.")


def propose(table: Table, draft: Draft) -> Menu | None:
    """Lay the deal before the other side; after a refusal the draft is shown again, with what the other would take.

    Raises:
        IllegalActionError: the rules forbid it.
    """
    seat, before = int(table.game.actor), len(table.rows)
    table.free_moves(free_moves.propose, draft.other, draft.give, draft.take, draft.cash)
    table.play_on()
    refused = any(row[0] == Event.REFUSE and row[1] == draft.other for row in table.rows[before:])
    if not refused or not still_managing(table, seat):
        return None
    answer = draft if draft.other in table.setup.people else answered(table, draft)
    return lambda: draft_question(table, answer)


def answered(table: Table, draft: Draft) -> Draft:
    """Return a draft that was refused together with what the other says to it."""
    terms, name = found_terms(table, draft, draft.cash + STEP), table.names[draft.other]
    if terms is None:
        said = f"{name}: no, not for any money that you have, and not with one title more."
    elif terms.give == draft.give:
        said = f"{name}: no; with {dollars(terms.cash - draft.cash)} more, yes."
    else:
        more = listing([THING_NAMES[thing] for thing in terms.give - draft.give])
        said = f"{name}: no, not for any money that you have; with {more} on top, yes."
    return replace(draft, said=said, terms=terms)


def ask_terms(table: Table, text: str) -> Menu:
    """Return the draft of what a player wants for titles: "ben boardwalk", or on top of something: "ben baltic for boardwalk".

    Raises:
        NotUnderstood: no such player or title, or nothing that the player would take.
        IllegalActionError: the rules forbid the deal.
    """
    draft = parse_deal(table, text, "ask")
    name, wanted = table.names[draft.other], side_of_deal(sorted(draft.take), 0)
    if draft.other in table.setup.people:
        raise NotUnderstood(f"{name} is a person: ask across the table, or propose a deal.")
    proposed(table, draft)
    terms = found_terms(table, draft, draft.cash)
    if terms is None:
        raise NotUnderstood(f"{name} would not give {wanted} for any money that you have, and not with one title more.")
    return lambda: draft_question(table, replace(terms, said=f"{name} would take {_sides_text(terms)}."))
