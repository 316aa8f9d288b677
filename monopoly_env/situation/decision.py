"""The decision that a situation waits for (see ``situation.situation``): from names to the fields of the game record."""

from typing import Any

import numpy as np

from monopoly_env.actions import AUCTION, IN_JAIL, MANAGE, PURCHASE, IllegalActionError, Phase
from monopoly_env.board import GROUP_OF, HOUSE_COST, JAIL_FEE, PRICE, THING_NAMES, TITLE_AT, TITLE_NAMES, TITLES
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import play_on
from monopoly_env.game import (
    AFTER,
    BANK,
    BUYING,
    JAIL,
    MANAGING,
    MAX_DEBTS,
    NO_AUCTIONS,
    PLAN_BUILD,
    PLAN_JAIL_FEE,
    PLAN_PURCHASE,
    RENT,
    ROLL,
    TAX,
    TURN,
)
from monopoly_env.rules.auction import OPENING_BID
from monopoly_env.rules.debt import ask_to_raise
from monopoly_env.rules.money import owe
from monopoly_env.rules.property import can_build, can_pay_for_building, can_raise
from monopoly_env.rules.turn import may_pay_jail_fee
from monopoly_env.situation.reading import (
    MAX_DOLLARS,
    NoDecisionError,
    Reading,
    SituationError,
    check,
    check_asked,
    find_group,
    find_title,
    find_titles,
    keys,
)
from monopoly_env.strength.composer import MOST_OFFERS, composed_deal
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.text.decisions import refusal

PHASES = ("TURN", *(phase.name for phase in Phase if phase))
# What each kind of decision is described by; at the others it must be left out.
_DETAILS = {
    "group": ("MANAGE", "LIQUIDATE"),
    "from_group": ("MANAGE", "LIQUIDATE"),
    "auction": ("AUCTION",),
    "offer": ("OFFER",),
    "debts": ("LIQUIDATE",),
    "plan": ("LIQUIDATE",),
}


def put_decision(game: np.record, situation: Any, reading: Reading) -> None:
    """Write whose turn it is and what waits to be decided into ``game``, which holds seats, titles and the bank already.

    Raises:
        NoDecisionError: there is nothing to decide.
        SituationError: the rules forbid it.
    """
    phase, seat = situation.phase, reading.seat(situation.turn, "turn")
    name, jailed = reading.names[seat], bool(game["jailed"][seat])
    for detail, phases in _DETAILS.items():
        given = getattr(situation, detail)
        if given is not None and given != () and phase not in phases:
            raise SituationError(f"{detail!r} belongs to phase {' or '.join(phases)}. Received: phase {phase}")
    # A seat may go bankrupt on its turn; what it leaves behind is settled before the turn passes on.
    check(bool(game["alive"][seat]) or phase in ("AUCTION", "LIQUIDATE"), f"{name} is bankrupt and has no turn (R6).")
    game["turn"] = game["actor"] = seat
    game["turns"] = reading.number(situation.turns, "turns", 1, int(game["max_turns"]), "R59")
    doubles = reading.number(situation.doubles, "doubles", 0, 2, "R5")
    if doubles:
        rolls_first = phase in ("MANAGE", "OFFER", "JAIL")
        reading.allow(not rolls_first, f"After doubles the player rolls again before {phase} (R4).", "no doubles")
        reading.allow(not jailed, f"{name} is in jail: doubles give no extra roll there (R29, R32).", "no doubles")
        game["doubles"] = 0 if rolls_first or jailed else doubles
        game["dice"] = 1
    _WRITERS[phase](game, situation, reading, seat)


def _turn(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    if game["doubles"]:
        game["stage"] = ROLL
        return
    game["stage"] = TURN
    game["turns"] -= 1  # the turn begins with the roll


def _jail(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    name = reading.names[seat]
    check_asked(bool(game["jailed"][seat]), f"{name} is not in jail (R31).")
    _turn(game, situation, reading, seat)
    _play_to(game, IN_JAIL, f"{name} has no card and cannot pay $50 before this try, so it can only roll: phase TURN (R31).")


def _play_to(game: np.record, phase: int, text: str) -> None:
    """Play on to the decision of that kind; nothing is rolled where it is the next thing in the game.

    Raises:
        NoDecisionError: with ``text``, if another one comes first.
    """
    dice = game["rng"].tolist()
    play_on(game)
    check_asked(game["phase"] == phase and game["rng"].tolist() == dice, text)


def _purchase(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    name, title = reading.names[seat], int(TITLE_AT[game["position"][seat]])
    check_asked(title >= 0 and not game["jailed"][seat], f"{name} stands on no title that could be bought (R7).")
    check_asked(game["owner"][title] == BANK, f"{TITLE_NAMES[title]} is owned already (R7).")
    price = int(PRICE[title])
    text = f"{name} cannot raise the ${price:,} for {TITLE_NAMES[title]}: it is auctioned (R8)."
    check_asked(bool(can_raise(game, seat, price, -1)), text)
    game["stage"], game["phase"], game["table_group"] = BUYING, PURCHASE, GROUP_OF[title]


def _auction(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    check_asked(not game["house_rules"] & NO_AUCTIONS, "Auctions are switched off in this game (H3).")
    check(bool(situation.auction), "Phase AUCTION needs 'auction'.")
    names, alive, entered = reading.names, game["alive"].tolist(), game["auction_in"]
    auction = keys(situation.auction, "auction", ("title", "bid", "leader", "bidders", "next", "queue", "bankrupt"))
    title = find_title(auction.get("title"), "title of the auction")
    check(game["owner"][title] == BANK, f"{TITLE_NAMES[title]} is owned already and cannot be auctioned (R8, R57).")
    _queue(game, auction, reading, title, seat)
    bidders = auction.get("bidders", [number for number in range(len(names)) if alive[number]])
    check(isinstance(bidders, list | tuple), f"bidders are a list of seats. Received: {bidders!r}")
    for bidder in bidders:
        number = reading.seat(bidder, "bidders")
        check(bool(alive[number]), f"{names[number]} is bankrupt and cannot bid (R44).")
        check(not entered[number], f"{names[number]} is among the bidders twice.")
        entered[number] = 1
    bid = reading.number(auction.get("bid", 0), "bid", 0, MAX_DOLLARS, "R44")
    reading.allow(not 0 < bid < OPENING_BID, f"The first bid is at least ${OPENING_BID}. Received: {bid} (R44)")
    check((bid > 0) == ("leader" in auction), "A bid has a leader, and without a bid there is none (R46).")
    leader = reading.seat(auction["leader"], "leader") if bid else BANK
    if bid:
        check(bool(entered[leader]), f"{names[leader]} leads and so must be among the bidders (R45).")
        check(game["cash"][leader] >= bid, f"{names[leader]} has bid ${bid:,} and has ${game['cash'][leader]:,} (R45).")
    game["auction_seat"] = ((leader if bid else seat) + 1) % len(names)
    if "next" in auction:
        game["auction_seat"] = first = reading.seat(auction["next"], "next")
        check(first != leader, f"{names[leader]} leads and is not asked next (R46).")
        check(bool(entered[first]), f"{names[first]} is asked next and so must be among the bidders (R45).")
    game["auction_title"], game["auction_bid"], game["auction_leader"] = title, bid, leader
    game["stage"] = AFTER
    text = f"Nobody is left who could bid for {TITLE_NAMES[title]} (R45, R46)."
    _play_to(game, AUCTION, text)
    check_asked(game["auction_title"] == title, text)


def _queue(game: np.record, auction: Any, reading: Reading, title: int, seat: int) -> None:
    """Write the titles of a bankrupt player that are to be auctioned next (R57)."""
    if "queue" not in auction:
        check("bankrupt" not in auction, "'bankrupt' belongs to an auction with a 'queue' (R57).")
        return
    for each in find_titles(auction["queue"], "queue of the auction"):
        free = game["owner"][each] == BANK and each != title and not game["auction_queue"][each]
        check(bool(free), f"{TITLE_NAMES[each]} cannot wait for its auction: it is owned, on or listed already (R57).")
        game["auction_queue"][each] = 1
    game["auction_start"] = reading.seat(auction.get("bankrupt", seat), "bankrupt")


def _first_group(game: np.record, situation: Any) -> tuple[int, int]:
    """Return the group from which on is asked, and the one that must be asked about, -1: any."""
    check(situation.group is None or situation.from_group is None, "Give group or from_group, not both.")
    if situation.group is not None:
        group = find_group(situation.group, "group")
        return group, group
    return (0 if situation.from_group is None else find_group(situation.from_group, "from_group")), -1


def _where(situation: Any) -> str:
    if situation.group is not None:
        return f" on {situation.group}"
    return "" if situation.from_group is None else f" from {situation.from_group} on"


def _manage(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    first, group = _first_group(game, situation)
    game["stage"], game["manage_group"] = MANAGING, first
    where = _where(situation)
    text = f"{reading.names[seat]} can neither build, redeem nor propose a deal{where} (R34, R42, R48)."
    _play_to(game, MANAGE, text)
    check_asked(group in (-1, game["table_group"]), text)


def _offer(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    check(bool(situation.offer), "Phase OFFER needs 'offer'.")
    offer, names = keys(situation.offer, "offer", ("to", "give", "take", "cash")), reading.names
    check("to" in offer, "An offer needs 'to', the player that is asked.")
    other = reading.seat(offer["to"], "to of the offer")
    check(other != seat, f"{names[seat]} makes the offer and cannot be asked itself (R47).")
    check(bool(game["alive"][other]), f"{names[other]} is bankrupt and cannot be asked (R47).")
    give, take = (
        _things(game, offer.get(what, ()), f"{what} of the offer", side) for what, side in (("give", seat), ("take", other))
    )
    check(bool(give or take), "A deal needs a title or a jail card on at least one side (R47).")
    for side, things in ((seat, give), (other, take)):
        for thing in things:
            check(free_moves.holder(game, thing) == side, f"{THING_NAMES[thing]} does not belong to {names[side]} (R47).")
    cash = reading.number(offer.get("cash", 0), "cash of the offer", -MAX_DOLLARS, MAX_DOLLARS, "R47")
    game["stage"], game["phase"] = MANAGING, MANAGE
    try:
        free_moves.propose(game, other, give, take, cash)
    except IllegalActionError as error:
        raise NoDecisionError(refusal(error, names)) from None
    if take and take[0] < TITLES:
        _recognise_composed_deal(game, int(GROUP_OF[take[0]]), bool(situation.players[seat].refusals))


def _things(game: np.record, listed: Any, what: str, side: int) -> list[int]:
    """Return titles by name, and for "jail card" the first Get Out of Jail Free card of a seat (28 or 29)."""
    check(isinstance(listed, list | tuple), f"{what}: expected a list of titles. Received: {listed!r}")
    cards = free_moves.jail_cards(game, side) or [TITLES]  # it is then told that this one is somebody else's
    wanted = [name for name in listed if name == "jail card"]
    check(len(wanted) <= len(cards), f"{what}: that many jail cards are not there. Received: {listed!r}")
    return find_titles([name for name in listed if name != "jail card"], what) + cards[: len(wanted)]


def _recognise_composed_deal(game: np.record, group: int, counted: bool) -> None:
    """Note whether the offer is the deal that TRADE proposes for a group; one more refusal moves its price from there.

    ``counted``: it is known how often it was refused; else its price tells.
    """
    seat, refusals = int(game["offer_from"]), game["refusals"]
    offered = tuple(game[f"offer_{name}"] for name in ("to", "give", "take", "cash"))
    before = refusals[seat, group]
    for count in (before,) if counted else range(MOST_OFFERS):
        refusals[seat, group] = count
        *deal, priced_as_after = composed_deal(game, seat, group, new_holdings())
        if tuple(deal) == offered:
            refusals[seat, group] = priced_as_after
            game["proposed"] = 1 << group
            game["offer_group"] = game["manage_group"] = group
            return
    refusals[seat, group] = before


def _liquidate(game: np.record, situation: Any, reading: Reading, seat: int) -> None:
    first, group = _first_group(game, situation)
    game["stage"] = AFTER
    if situation.plan is not None:
        check(not situation.debts, "Give debts or a plan, not both: cash is raised for debts first (R52, R54).")
        seat = _plan(game, situation, reading, seat)
    else:
        seat = _debts(game, situation, reading, seat)
    game["raise_group"] = first
    text = f"{reading.names[seat]} has nothing to sell or to mortgage{_where(situation)} (R52)."
    check_asked(bool(ask_to_raise(game, seat)) and group in (-1, game["table_group"]), text)


def _plan(game: np.record, situation: Any, reading: Reading, seat: int) -> int:
    """Write what cash is raised for by choice (R54)."""
    plan, name = keys(situation.plan, "plan", ("buy", "build", "leave")), reading.names[seat]
    text = "plan is to buy one title, to build on one street or to leave jail"
    check(len(plan) == 1, f"{text}. Received: {dict(plan)!r}")
    check(bool(game["alive"][seat]), f"{name} is bankrupt and has no turn (R6).")
    ((kind, wanted),) = plan.items()
    title = -1
    if kind == "leave":
        check(wanted == "jail", f"{text}. Received: {dict(plan)!r}")
        check_asked(bool(game["jailed"][seat]), f"{name} is not in jail (R31).")
        cost, able = JAIL_FEE, may_pay_jail_fee(game, seat)
        game["plan"], game["stage"] = PLAN_JAIL_FEE, JAIL
    elif kind == "buy":
        title = find_title(wanted, "plan")
        stands = not game["jailed"][seat] and TITLE_AT[game["position"][seat]] == title
        check_asked(bool(stands), f"{name} does not stand on {TITLE_NAMES[title]} (R7).")
        check_asked(game["owner"][title] == BANK, f"{TITLE_NAMES[title]} is owned already (R7).")
        cost, able = int(PRICE[title]), can_raise(game, seat, PRICE[title], -1)
        game["plan"] = PLAN_PURCHASE
    else:
        title = find_title(wanted, "plan")
        check_asked(bool(can_build(game, seat, title)), f"{name} cannot build on {TITLE_NAMES[title]} (R34, R35, R37).")
        cost, able = int(HOUSE_COST[GROUP_OF[title]]), can_pay_for_building(game, seat, title)
        game["plan"], game["stage"], game["manage_group"] = PLAN_BUILD, MANAGING, GROUP_OF[title]
    check_asked(game["cash"][seat] < cost, f"{name} has ${game['cash'][seat]:,} and pays ${cost:,} at once (R54).")
    check_asked(bool(able), f"{name} cannot raise ${cost:,} (R54).")
    game["plan_title"] = title
    return seat


def _debts(game: np.record, situation: Any, reading: Reading, seat: int) -> int:
    """Write the debts; return who has to raise cash."""
    names, alive = reading.names, game["alive"].tolist()
    debts = situation.debts or [{"amount": owed, "by": number} for number, owed in reading.owed.items() if number == seat]
    check(bool(debts), "Phase LIQUIDATE needs 'debts' or a 'plan'.")
    check(isinstance(debts, list | tuple) and len(debts) < MAX_DEBTS, f"debts are a list. Received: {debts!r}")
    for debt in debts:
        debt = keys(debt, "A debt", ("amount", "to", "by"))
        debtor = reading.seat(debt.get("by", seat), "by of the debt")
        creditor = reading.seat(debt["to"], "to of the debt") if "to" in debt else BANK
        check(debtor != creditor, f"{names[debtor]} cannot owe itself (R51).")
        check(bool(alive[debtor] and (creditor == BANK or alive[creditor])), "The bankrupt neither owe nor collect (R51).")
        amount = reading.number(debt.get("amount"), "amount of the debt", 1, MAX_DOLLARS, "R51")
        owe(game, debtor, creditor, amount, TAX if creditor == BANK else RENT)
    first, amount = int(game["debtor"][0]), int(game["amount"][0])
    name, cash = names[first], game["cash"][first]
    check_asked(cash < amount, f"{name} has ${cash:,} and pays ${amount:,} at once: there is nothing to raise (R52).")
    text = f"{name} cannot raise ${amount:,} and is bankrupt (R52, R56, R57)."
    check_asked(bool(can_raise(game, first, amount, -1)), text)
    return first


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
