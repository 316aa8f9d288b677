"""What a person has said once and for all: how far to bid, which offers to refuse, whether to be asked before its rolls."""

from __future__ import annotations

from typing import Any

from agent.play.menu import NotUnderstood, find_title, whole_number
from agent.play.setup import Setup
from agent.play.table import Table
from monopoly_env.actions import AUCTION, BUY, OFFER, PASS, Action
from monopoly_env.board import TITLE_NAMES
from monopoly_env.decision.decision import decision_of
from monopoly_env.engine import free_moves
from monopoly_env.events import Event
from monopoly_env.rules.auction import least_bid, next_bid
from monopoly_env.text.events import dollars, listing

_LIMITS = (
    {"seat", "auction", "most"},
    {"seat", "title", "least"},
    {"seat", "no_offers"},
    {"seat", "early"},
)  # as a game's file holds them


def bid_typed(table: Table, line: str) -> None:
    """Bid a sum ("bid 145"), or keep a limit ("max 200") for the rest of the auction.

    Raises:
        NotUnderstood: it says neither, or a limit below the next bid.
        IllegalActionError: the rules forbid the bid.
    """
    words = line.lower().split()
    sum_ = whole_number(words[1]) if len(words) == 2 and words[0] in ("max", "bid") else None
    if sum_ is None:
        raise NotUnderstood("Type 1 to bid, 2 to leave, or bid or max and a sum, such as max 200.")
    if words[0] == "bid":
        table.free_moves(free_moves.bid, sum_)
        return
    least = least_bid(table.game)
    if sum_ < least:
        raise NotUnderstood(f"The next bid is at least {dollars(least)}; max {sum_:,} would bid nothing.")
    table.bid_limits[int(table.game.actor)] = (_auction(table), sum_)
    answer_by_limit(table)


def _auction(table: Table) -> int:
    """Return the number of the event that opened the auction."""
    return next(i for i in range(len(table.rows) - 1, -1, -1) if table.rows[i][0] == Event.AUCTION_OPEN)


def _own_turn(table: Table, seat: int) -> int:
    """Return the number of the event that began the seat's last turn, -1 before its first."""
    rows = table.rows
    return next((i for i in range(len(rows) - 1, -1, -1) if rows[i][0] == Event.TURN and rows[i][1] == seat), -1)


def no_offers(table: Table) -> None:
    """Refuse the offer on the table, and for the seat that is asked all others until its next turn begins."""
    seat = table.person
    table.no_offers[seat] = _own_turn(table, seat)
    table.decide(PASS)


def never(table: Table, seat: int, text: str) -> str:
    """Set or lift a limit on offers, as in "never boardwalk" or "never boardwalk under 600"; return what to say about it.

    Raises:
        NotUnderstood: ``text`` says something else.
    """
    if not text:
        mine = [_refused(title, least) for (of, title), least in table.least.items() if of == seat]
        return f"Refused for you: {listing(mine)}." if mine else "All offers are shown. never boardwalk refuses those for it."
    name, under, sum_ = text.lower().partition(" under ")
    title, least = find_title(name.strip()), whole_number(sum_.strip()) if under else None
    if under and least is None:
        raise NotUnderstood(f"Type never boardwalk, or with a sum never boardwalk under 600. Received: {text[:40]}")
    if table.least.get((seat, title), -1) == least:
        del table.least[seat, title]
        return f"Offers for {TITLE_NAMES[title]} are shown again."
    table.least[seat, title] = least
    return f"From now on refused for you: {_refused(title, least)}. The same once more lifts it."


def _refused(title: int, least: int | None) -> str:
    return f"offers for {TITLE_NAMES[title]}" + ("" if least is None else f" that bring less than {dollars(least)}")


def early(table: Table, seat: int) -> str:
    """Begin or stop to ask a person before its roll too; return what to say about it."""
    table.early ^= {seat}
    if seat in table.early:
        return "From now on you are asked before your rolls too, where you could build or redeem. The same once more ends it."
    return "From now on you are asked at the end of your turns, and not before your rolls."


def answer_by_limit(table: Table) -> bool:
    """Bid, leave or refuse for the person that is asked if it has given a limit for that. Return whether it had."""
    seat, game = table.person, table.game
    if game.phase == AUCTION and seat in table.bid_limits:
        auction, limit = table.bid_limits[seat]
        if auction == _auction(table):
            if least_bid(game) <= limit < next_bid(game, seat):
                table.free_moves(free_moves.bid, limit)
            else:
                table.decide(BUY if next_bid(game, seat) <= limit else PASS)
            return True
        del table.bid_limits[seat]
    if game.phase == OFFER:
        if seat in table.no_offers and table.no_offers[seat] == _own_turn(table, seat):
            table.decide(PASS)
            return True
        table.no_offers.pop(seat, None)
        deal = decision_of(game).outcomes[Action.BUY].deal
        limits = [table.least[seat, title] for title in deal.gives if (seat, title) in table.least]
        if any(least is None or deal.dollars < least for least in limits):
            table.decide(PASS)
            return True
    return False


def limits_of(table: Table) -> list[dict[str, Any]]:
    """Return the limits of all people as a game's file holds them."""
    bids = [{"seat": seat, "auction": auction, "most": sum_} for seat, (auction, sum_) in table.bid_limits.items()]
    offers = [{"seat": seat, "title": TITLE_NAMES[title], "least": least} for (seat, title), least in table.least.items()]
    silent = [{"seat": seat, "no_offers": turn} for seat, turn in table.no_offers.items()]
    return bids + offers + silent + [{"seat": seat, "early": 1} for seat in sorted(table.early)]


def set_limits(table: Table, limits: list[dict[str, Any]]) -> None:
    """Put back what ``limits_of`` returned."""
    for limit in limits:
        if "auction" in limit:
            table.bid_limits[limit["seat"]] = limit["auction"], limit["most"]
        elif "no_offers" in limit:
            table.no_offers[limit["seat"]] = limit["no_offers"]
        elif "early" in limit:
            table.early.add(limit["seat"])
        else:
            table.least[limit["seat"], TITLE_NAMES.index(limit["title"])] = limit["least"]


def checked_limits(values: Any, setup: Setup) -> list[dict[str, Any]]:
    """Return limits read from a file.

    Raises:
        TypeError, ValueError: they are no limits of people of this game.
    """
    for limit in map(dict, values):
        numbers = [limit.get(name, 0) for name in ("seat", "auction", "most", "no_offers", "early")] + [limit.get("least") or 0]
        known = limit.keys() in _LIMITS and limit["seat"] in setup.people and limit.get("title", TITLE_NAMES[0]) in TITLE_NAMES
        if not known or any(type(number) is not int for number in numbers):
            raise ValueError(f"no limit of a person: {str(limit)[:60]}")
    return list(values)
