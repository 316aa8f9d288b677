"""What a person is asked at each kind of decision: a heading, the legal choices in words with prices, and what they do."""

from __future__ import annotations

import numpy as np

from agent.play.deals import deal_menu, offer_question
from agent.play.limits import bid_typed
from agent.play.managing import manage_question
from agent.play.menu import Choice, Question, address, capitalised, cash_after, decide, outcome_choice
from agent.play.table import Table
from monopoly_env.actions import BUY, PASS, Action, Phase
from monopoly_env.board import GROUP_OF, GROUP_SIZE, GROUPS, JAIL_FEE, PRICE, STREET_GROUPS, TITLE_NAMES, TITLES
from monopoly_env.decision.decision import decision_of, mortgaging, selling
from monopoly_env.engine import free_moves
from monopoly_env.game import NO_TRADES
from monopoly_env.rules.auction import least_bid
from monopoly_env.rules.property import can_mortgage, can_sell, held, raisable
from monopoly_env.rules.turn import may_pay_jail_fee
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import dollars, listing


def top_question(table: Table) -> Question:
    """Return the question that the game asks a person now."""
    maker = {
        Phase.JAIL: _jail_question,
        Phase.PURCHASE: _purchase_question,
        Phase.AUCTION: _auction_question,
        Phase.MANAGE: manage_question,
        Phase.OFFER: offer_question,
        Phase.LIQUIDATE: _liquidate_question,
    }[Phase(int(table.game.phase))]
    return maker(table)


def group_note(game: np.record, title: int) -> str:
    """Return who holds how much of a title's group, as far as it matters to the seat that decides."""
    group, seat = int(GROUP_OF[title]), int(game.actor)
    mine, size = int(held(game, seat, group)), int(GROUP_SIZE[group])
    name = GROUPS[group] if group >= STREET_GROUPS else f"{GROUPS[group]} streets"
    note = f"You hold {mine} of the {size} {name}"
    return note + (": this one completes the group." if mine + 1 == size else ".")


def rivals_note(table: Table, title: int) -> list[str]:
    """Return a line about each rival that holds a part of a title's group."""
    game, group = table.game, int(GROUP_OF[title])
    lines = []
    for seat in range(game.players):
        count = int(held(game, seat, group))
        if seat != game.actor and count:
            end = ", and would complete it" if count + 1 == GROUP_SIZE[group] else ""
            lines.append(f"{table.names[seat]} holds {count} of {GROUP_SIZE[group]}{end}.")
    return lines


def _purchase_question(table: Table) -> Question:
    decision = decision_of(table.game)
    told = wording.meanings(decision, table.names)
    return Question(
        f"{address(table)}{TITLE_NAMES[decision.title]} is for sale.",
        [
            Choice(f"{capitalised(told[Action.BUY])} {cash_after(decision.outcomes[Action.BUY])}", decide(table, BUY)),
            Choice(capitalised(told[Action.PASS]), decide(table, PASS)),
        ],
        [group_note(table.game, decision.title), *rivals_note(table, decision.title)],
    )


def _auction_question(table: Table) -> Question:
    game, decision = table.game, decision_of(table.game)
    title, yes = decision.title, decision.outcomes[Action.BUY]
    leader = int(game.auction_leader)
    state = f"{table.names[leader]} leads with {dollars(game.auction_bid)}" if leader >= 0 else "No bid yet"
    others = [table.names[s] for s in range(game.players) if game.auction_in[s] and s not in (game.actor, leader)]
    still = f"; {listing(others)} {'is' if len(others) == 1 else 'are'} still in" if others else ""
    return Question(
        f"{address(table)}{TITLE_NAMES[title]} is up for auction (list price {dollars(PRICE[title])}).",
        [
            Choice(f"Bid {dollars(-yes.dollars)} {cash_after(yes)}", decide(table, BUY)),
            Choice("Leave the auction for good", decide(table, PASS)),
        ],
        [f"{state}{still}. {group_note(game, title)}", *rivals_note(table, title)],
        hint=_limit_hint(game, -yes.dollars),
        typed=lambda line: bid_typed(table, line),
    )


def _limit_hint(game: np.record, bid: int) -> str:
    """Return what may be typed instead of the next bid, with a sum that the seat that decides has."""
    limit = min(int(game.cash[game.actor]), max(bid, int(PRICE[game.auction_title])))
    return f"bid {least_bid(game)} or any more dollars bids that sum (R44); max {limit} bids for you up to {dollars(limit)}"


def _jail_question(table: Table) -> Question:
    yes = decision_of(table.game).outcomes[Action.BUY]
    if yes.dollars:
        way = Choice(f"Pay {dollars(-yes.dollars)}, then roll {cash_after(yes)}", decide(table, BUY))
    else:
        way = Choice("Use a Get Out of Jail Free card, then roll", decide(table, BUY))
    tries = int(table.game.jail_rolls[table.game.actor])
    fee = f": if it fails you pay {dollars(JAIL_FEE)} and move" if tries == 2 else ""
    stay = f"Try for doubles (try {tries + 1} of 3{fee})"
    choices = [way, Choice(stay, decide(table, PASS))]
    if not yes.dollars and may_pay_jail_fee(table.game, int(table.game.actor)):
        choices.append(Choice(f"Pay {dollars(JAIL_FEE)} and keep the card", lambda: table.free_moves(free_moves.pay_fee)))
    lines = ["In jail you still collect rent, bid, build and deal (R30)."]
    return Question(f"{address(table)}You are in jail.", choices, lines)


def _liquidate_question(table: Table) -> Question:
    """Return the question how a person raises the cash it needs."""
    game, decision = table.game, decision_of(table.game)
    seat, need = decision.seat, decision.need
    titles = [title for title in range(TITLES) if GROUP_OF[title] != need.spared]
    outcomes = [selling(game, title) for title in titles if can_sell(game, seat, title)]
    outcomes += [mortgaging(game, title) for title in titles if can_mortgage(game, seat, title)]
    choices = [outcome_choice(table, outcome, None) for outcome in outcomes]
    choices.append(Choice(wording.give_up_text(decision), lambda: _give_up(table)))
    if not game.house_rules & NO_TRADES:
        choices.append(Choice("Sell titles to another player", lambda: deal_menu(table)))
    if table.can_undo:
        back = "Take the last step back" if table.phase_before == Phase.LIQUIDATE else "Back, and raise nothing"
        choices.append(Choice(back, table.undo))
    if need.creditor is None:
        why = f"you need {dollars(need.amount)} for {wording.need_text(need)}"
    else:
        whom = "the bank" if need.creditor < 0 else table.names[need.creditor]
        why = f"you owe {whom} {dollars(need.amount)}"
    lines = [f"All that you can sell and mortgage would bring {dollars(raisable(game, seat, need.spared))}."]
    if need.lost:
        lines.append("That is not enough: only a deal with another player saves you (R52).")
    return Question(
        f"{address(table)}Raise {dollars(need.amount - decision.cash)}: {why} and have {dollars(decision.cash)}.",
        choices,
        lines,
        several=True,
    )


def _give_up(table: Table) -> None:
    """Decline every group that is still to be asked about."""
    seat, last = int(table.game.actor), -2  # the group is -1 where only a deal could help
    while table.person == seat and table.game.phase == Phase.LIQUIDATE and int(table.game.table_group) > last:
        last = int(table.game.table_group)
        table.decide(PASS)
