"""The decision that a situation waits for (see ``situation.situation``): from names to the fields of the game record."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from monopoly_env.actions import AUCTION, IN_JAIL, LIQUIDATE, MANAGE, PURCHASE, IllegalActionError, Phase
from monopoly_env.board import GROUP_OF, GROUPS, PRICE, TITLE_AT, TITLE_NAMES
from monopoly_env.game import AFTER, BANK, BUYING, MANAGING, MAX_DEBTS, NO_AUCTIONS, RENT, ROLL, TAX, TURN
from monopoly_env.rules import free_moves
from monopoly_env.rules.auction import OPENING_BID
from monopoly_env.rules.deal import MAX_RAISES, standing_deal, title_bit
from monopoly_env.rules.engine import play_on
from monopoly_env.rules.money import owe
from monopoly_env.rules.property import can_raise
from monopoly_env.situation.reading import (
    MAX_DOLLARS,
    SituationError,
    check,
    find_group,
    find_seat,
    find_title,
    find_titles,
    whole,
)
from monopoly_env.text.decisions import refusal

PHASES = ("TURN", *(phase.name for phase in Phase if phase))
# What each kind of decision is described by; the others must be left out.
_DETAIL = {"MANAGE": "group", "AUCTION": "auction", "OFFER": "offer", "LIQUIDATE": "debts"}
_NEEDED = ("AUCTION", "OFFER", "LIQUIDATE")


def put_decision(game: np.record, situation: Any) -> None:
    """Write whose turn it is and what waits to be decided into ``game``, which holds seats, titles and the bank already.

    Raises:
        SituationError: the rules forbid it.
    """
    names, phase = situation.names, situation.phase
    seat = find_seat(situation.turn, names, "turn")
    check(bool(game.alive[seat]), f"{names[seat]} is bankrupt and has no turn (R6).")
    _check_details(situation)
    game.turn = seat
    game.actor = seat
    game.turns = whole(situation.turns, "turns", 1, int(game.max_turns), "R59")
    game.doubles = whole(situation.doubles, "doubles", 0, 2, "R5")
    if game.doubles:
        game.dice[:] = 1
        check(phase not in ("MANAGE", "OFFER", "JAIL"), f"After doubles the player rolls again before {phase} (R4).")
        check(not game.jailed[seat], f"{names[seat]} is in jail: doubles give no extra roll there (R29, R32).")
    _WRITERS[phase](game, situation, seat)


def _check_details(situation: Any) -> None:
    for phase, name in _DETAIL.items():
        given = getattr(situation, name)
        if phase != situation.phase:
            check(given is None or given == (), f"{name!r} belongs to phase {phase}. Received: phase {situation.phase}")
        elif phase in _NEEDED:
            check(bool(given), f"Phase {phase} needs {name!r}.")


def _keys(data: Any, what: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    check(isinstance(data, Mapping), f"{what} is an object with some of {', '.join(known)}. Received: {data!r}")
    for key in data:
        check(key in known, f"{what} has no {key!r}. Known: {', '.join(known)}.")
    return data


def _turn(game: np.record, situation: Any, seat: int) -> None:
    if game.doubles:
        game.stage = ROLL
        return
    game.stage = TURN
    game.turns -= 1  # the turn begins with the roll


def _jail(game: np.record, situation: Any, seat: int) -> None:
    name = situation.names[seat]
    check(bool(game.jailed[seat]), f"{name} is not in jail (R31).")
    _turn(game, situation, seat)
    play_once(game, IN_JAIL, f"{name} has no card and cannot pay $50 before this try, so it can only roll: phase TURN (R31).")


def play_once(game: np.record, phase: int, text: str) -> None:
    """Play on to the decision of that kind; nothing is rolled where it is the next thing in the game.

    Raises:
        SituationError: with ``text``, if another one comes first.
    """
    dice = game.rng.copy()
    copy = np.array(game, game.dtype)[()]
    play_on(copy)
    check(copy.phase == phase and np.array_equal(copy.rng, dice), text)
    play_on(game)


def _purchase(game: np.record, situation: Any, seat: int) -> None:
    name, title = situation.names[seat], int(TITLE_AT[game.position[seat]])
    check(title >= 0 and not game.jailed[seat], f"{name} stands on no title that could be bought (R7).")
    check(game.owner[title] == BANK, f"{TITLE_NAMES[title]} is owned already (R7).")
    price = int(PRICE[title])
    check(can_raise(game, seat, price, -1), f"{name} cannot raise the ${price} for {TITLE_NAMES[title]}: it is auctioned (R8).")
    game.stage = BUYING
    game.phase = PURCHASE
    game.table_group = GROUP_OF[title]


def _auction(game: np.record, situation: Any, seat: int) -> None:
    check(not game.house_rules & NO_AUCTIONS, "Auctions are switched off in this game (H3).")
    names = situation.names
    auction = _keys(situation.auction, "auction", ("title", "bid", "leader", "bidders", "next"))
    title = find_title(auction.get("title"), "title of the auction")
    check(game.owner[title] == BANK, f"{TITLE_NAMES[title]} is owned already and cannot be auctioned (R8, R57).")
    bidders = auction.get("bidders", [number for number in range(game.players) if game.alive[number]])
    check(isinstance(bidders, list | tuple), f"bidders are a list of seats. Received: {bidders!r}")
    for bidder in bidders:
        number = find_seat(bidder, names, "bidders")
        check(bool(game.alive[number]), f"{names[number]} is bankrupt and cannot bid (R44).")
        check(not game.auction_in[number], f"{names[number]} is among the bidders twice.")
        game.auction_in[number] = 1
    bid = whole(auction.get("bid", 0), "bid", 0, MAX_DOLLARS, "R44")
    check(not 0 < bid < OPENING_BID, f"The first bid is at least ${OPENING_BID}. Received: {bid} (R44)")
    check((bid > 0) == ("leader" in auction), "A bid has a leader, and without a bid there is none (R46).")
    leader = find_seat(auction["leader"], names, "leader") if bid else BANK
    if bid:
        check(bool(game.auction_in[leader]), f"{names[leader]} leads and so must be among the bidders (R45).")
        check(game.cash[leader] >= bid, f"{names[leader]} has bid ${bid} and has ${game.cash[leader]} (R45).")
    game.auction_seat = ((leader if bid else seat) + 1) % game.players
    if "next" in auction:
        game.auction_seat = first = find_seat(auction["next"], names, "next")
        check(first != leader, f"{names[leader]} leads and is not asked next (R46).")
        check(bool(game.auction_in[first]), f"{names[first]} is asked next and so must be among the bidders (R45).")
    game.auction_title, game.auction_bid, game.auction_leader = title, bid, leader
    game.stage = AFTER
    play_once(game, AUCTION, f"Nobody is left who could bid for {TITLE_NAMES[title]} (R45, R46).")


def _manage(game: np.record, situation: Any, seat: int) -> None:
    group = None if situation.group is None else find_group(situation.group)
    game.stage = MANAGING
    game.manage_group = group or 0
    where = "" if group is None else f" on {GROUPS[group]}"
    text = f"{situation.names[seat]} can neither build, redeem nor propose a deal{where} (R34, R42, R48)."
    play_once(game, MANAGE, text)
    check(group is None or game.table_group == group, text)


def _offer(game: np.record, situation: Any, seat: int) -> None:
    offer, names = _keys(situation.offer, "offer", ("to", "give", "take", "cash")), situation.names
    check("to" in offer, "An offer needs 'to', the player that is asked.")
    other = find_seat(offer["to"], names, "to of the offer")
    check(other != seat, f"{names[seat]} makes the offer and cannot be asked itself (R47).")
    check(bool(game.alive[other]), f"{names[other]} is bankrupt and cannot be asked (R47).")
    give, take = (find_titles(offer.get(side, ()), f"{side} of the offer") for side in ("give", "take"))
    cash = whole(offer.get("cash", 0), "cash of the offer", -MAX_DOLLARS, MAX_DOLLARS, "R47")
    game.stage = MANAGING
    game.phase = MANAGE
    try:
        free_moves.propose(game, other, give, take, cash)
    except IllegalActionError as error:
        raise SituationError(refusal(error, names)) from None
    _recognise_standing_deal(game)


def _recognise_standing_deal(game: np.record) -> None:
    """Note whether the offer is a standing deal, and how often it was refused: one more refusal raises it from there (R49)."""
    seat, offered = game.offer_from, (game.offer_to, game.offer_give, game.offer_take, game.offer_cash)
    for group in range(len(GROUPS)):
        for refusals in range(MAX_RAISES + 1):
            game.raises[seat, group] = refusals
            rival, give, take, cash = standing_deal(game, seat, group)
            if (rival, title_bit(give), title_bit(take), cash) == offered:
                game.offer_group = game.manage_group = group
                return
        game.raises[seat, group] = 0


def _liquidate(game: np.record, situation: Any, seat: int) -> None:
    debts = situation.debts
    check(isinstance(debts, list | tuple) and len(debts) < MAX_DEBTS, f"debts are a list. Received: {debts!r}")
    in_jail = "is in jail, and nobody owes anything on its turn (R29, R31). For the fee of R33: phase TURN, jail_rolls 2."
    check(not game.jailed[seat], f"{situation.names[seat]} {in_jail}")
    for debt in debts:
        debt = _keys(debt, "A debt", ("amount", "to", "by"))
        debtor = find_seat(debt.get("by", seat), situation.names, "by of the debt")
        creditor = find_seat(debt["to"], situation.names, "to of the debt") if "to" in debt else BANK
        check(debtor != creditor, f"{situation.names[debtor]} cannot owe itself (R51).")
        check(
            bool(game.alive[debtor] and (creditor == BANK or game.alive[creditor])),
            "The bankrupt neither owe nor collect (R51).",
        )
        amount = whole(debt.get("amount"), "amount of the debt", 1, MAX_DOLLARS, "R51")
        owe(game, debtor, creditor, amount, TAX if creditor == BANK else RENT)
    first, amount = int(game.debtor[0]), int(game.amount[0])
    name = situation.names[first]
    check(
        game.cash[first] < amount,
        f"{name} has ${game.cash[first]} and pays ${amount} at once: there is nothing to raise (R52).",
    )
    check(can_raise(game, first, amount, -1), f"{name} cannot raise ${amount} and is bankrupt (R52, R56, R57).")
    game.stage = AFTER
    play_once(game, LIQUIDATE, f"{name} has nothing to sell or to mortgage (R52).")


_WRITERS = {
    "TURN": _turn,
    "JAIL": _jail,
    "PURCHASE": _purchase,
    "AUCTION": _auction,
    "MANAGE": _manage,
    "OFFER": _offer,
    "LIQUIDATE": _liquidate,
}
assert set(_WRITERS) == set(PHASES)
