"""Decisions, actions and refusals in words: the one place where ``monopoly_env.decision.decision`` becomes English."""

from collections.abc import Sequence

import numpy as np

from monopoly_env.actions import Action, IllegalActionError, Phase
from monopoly_env.board import GROUP_OF, GROUPS, HOTEL, THING_NAMES, TITLE_NAMES, TITLES
from monopoly_env.decision.decision import Decision, Need, Outcome
from monopoly_env.text.events import buildings, dollars, side_of_deal


def object_form(name: str) -> str:
    """Return a name as it stands inside a sentence: "You" becomes "you"."""
    return "you" if name == "You" else name


def possessive(name: str) -> str:
    """Return "your" or "Ada's"."""
    return "your" if name == "You" else f"{name}'s"


def refusal(error: IllegalActionError, names: Sequence[str]) -> str:
    """Return why the rules forbid something, with the player's name in the place of the seat's number."""
    if error.seat is None or not 0 <= error.seat < len(names):
        return str(error)
    name = names[error.seat]
    return error.said_of(object_form(name), name, "have" if name == "You" else "has")


def next_building(level: int) -> str:
    """Return what is built next on a street of ``level``."""
    return "a hotel" if level == HOTEL - 1 else "a house"


def top_building(level: int) -> str:
    """Return what is sold next from a street of ``level``."""
    return "the hotel" if level == HOTEL else "a house"


def need_text(need: Need) -> str:
    """Return what cash is raised for: "Boardwalk", "a house on Boardwalk", "what is owed"."""
    if need.creditor is not None:
        return "what is owed"
    if need.title < 0:
        return "the way out of jail"
    title = TITLE_NAMES[need.title]
    return title if need.level is None else f"{next_building(need.level)} on {title}"


def about(decision: Decision, names: Sequence[str]) -> str:
    """Return what is decided: a noun, such as "Park Place for $350"."""
    yes = decision.outcomes.get(Action.BUY)
    if decision.phase == Phase.PURCHASE:
        return f"{TITLE_NAMES[decision.title]} for {dollars(-yes.dollars)}"
    if decision.phase == Phase.AUCTION:
        return f"the auction of {TITLE_NAMES[decision.title]} at {dollars(-yes.dollars)}"
    if decision.phase == Phase.JAIL:
        return "leaving jail"
    if decision.phase == Phase.OFFER:
        deal = yes.deal
        gets, gives = side_of_deal(deal.gets, deal.cash), side_of_deal(deal.gives, -deal.cash)
        return f"{possessive(names[deal.other])} offer of {gets} for {gives}"
    group = f"the {GROUPS[decision.group]} group" if decision.group >= 0 else ""
    if decision.need is not None:
        return f"raising {dollars(decision.need.amount)} for {need_text(decision.need)}: {group or 'rivals alone can help'}"
    return group or ("the time before the roll" if decision.before_roll else "the end of the turn")


def action_text(decision: Decision, action: Action, names: Sequence[str]) -> str:
    """Return what a legal action does: a verb, such as "buy Park Place for $350"."""
    outcome = decision.outcomes[action]
    if action == Action.PASS:
        return _declining(decision)
    if action == Action.BUY:
        return _taking(decision, outcome)
    if action == Action.TRADE:
        deal = outcome.deal
        gives, gets = side_of_deal(deal.gives, -deal.cash), side_of_deal(deal.gets, deal.cash)
        return f"offer {object_form(names[deal.other])} {gives} for {gets}{_interest(outcome)}"
    return outcome_text(outcome)


def outcome_text(outcome: Outcome) -> str:
    """Return what building, selling, mortgaging or redeeming does: "sell a house of Baltic Avenue for $25"."""
    name, amount = TITLE_NAMES[outcome.title], dollars(abs(outcome.dollars))
    if outcome.action == Action.BUILD:
        return f"build {next_building(outcome.level)} on {name} for {amount}"
    if outcome.action == Action.SELL:
        return f"sell {top_building(outcome.level)} of {name} for {amount}{_fall(outcome)}"
    return f"{'mortgage' if outcome.action == Action.MORTGAGE else 'redeem'} {name} for {amount}"


def _fall(outcome: Outcome) -> str:
    """Return what comes down with a hotel that is sold in a shortage of houses."""
    if outcome.group_keeps is None:
        return ""
    group, keeps = GROUPS[GROUP_OF[outcome.title]], outcome.group_keeps
    if keeps == 0:
        return f", the whole {group} group falls (R39)"
    return f", the {group} group falls to {keeps} house{'' if keeps == 1 else 's'} in all (R39)"


def _interest(outcome: Outcome) -> str:
    due = outcome.deal.interest
    return f", with {dollars(due)} interest (R43)" if due else ""


def _declining(decision: Decision) -> str:
    if decision.phase == Phase.PURCHASE:
        title = TITLE_NAMES[decision.title]
        return f"let {title} go to auction" if decision.auctions else f"leave {title} to the bank"
    if decision.phase == Phase.MANAGE:
        return f"leave the {GROUPS[decision.group]} group as it is" if decision.group >= 0 else _ending(decision)[0]
    if decision.phase == Phase.LIQUIDATE:
        return f"keep the {GROUPS[decision.group]} group" if decision.group >= 0 else "give up"
    return {Phase.AUCTION: "leave the auction", Phase.JAIL: "try for doubles", Phase.OFFER: "refuse"}[decision.phase]


def _ending(decision: Decision) -> tuple[str, str]:
    """Return what is done after managing, and as something done."""
    return ("roll the dice", "rolled the dice") if decision.before_roll else ("end the turn", "ended the turn")


def _taking(decision: Decision, outcome: Outcome) -> str:
    cost = dollars(-outcome.dollars)
    if decision.phase == Phase.PURCHASE:
        return f"buy {TITLE_NAMES[decision.title]} for {cost}"
    if decision.phase == Phase.AUCTION:
        return f"bid {cost}"
    if decision.phase == Phase.OFFER:
        return f"accept{_interest(outcome)}"
    return f"pay {cost} to leave jail" if outcome.dollars else "use a Get Out of Jail Free card"


def meanings(decision: Decision, names: Sequence[str]) -> dict[Action, str]:
    """Return what each legal action does, see ``action_text``."""
    return {action: action_text(decision, action, names) for action in decision.outcomes}


def done_text(decision: Decision, names: Sequence[str]) -> str:
    """Return what was chosen, as something done: "bought it", "sold a house of Baltic Avenue"."""
    outcome = decision.outcomes[decision.action]
    if decision.action == Action.PASS:
        return {
            Phase.JAIL: "tried for doubles",
            Phase.PURCHASE: "did not buy it",
            Phase.AUCTION: "left the auction",
            Phase.OFFER: "refused",
            Phase.MANAGE: f"left the {GROUPS[decision.group]} group as it was" if decision.group >= 0 else _ending(decision)[1],
            Phase.LIQUIDATE: f"kept the {GROUPS[decision.group]} group" if decision.group >= 0 else "gave up",
        }[decision.phase]
    if decision.action == Action.BUY:
        return {
            Phase.JAIL: "paid the fee" if outcome.dollars else "used the card",
            Phase.PURCHASE: "bought it",
            Phase.AUCTION: f"bid {dollars(-outcome.dollars)}",
            Phase.OFFER: "accepted",
        }[decision.phase]
    if decision.action == Action.TRADE:
        return f"offered {object_form(names[outcome.deal.other])} a deal"
    name = TITLE_NAMES[outcome.title]
    return {
        Action.BUILD: f"built {next_building(outcome.level)} on {name}",
        Action.SELL: f"sold {top_building(outcome.level)} of {name}",
        Action.MORTGAGE: f"mortgaged {name}",
        Action.REDEEM: f"redeemed {name}",
    }[decision.action]


def number_text(number: float, head: str) -> str:
    """Return a probability or a chance to win as "97 %", or a value of a linear head as "+0.412"."""
    return f"{number:+.3f}" if head == "linear" else f"{100 * number:.0f} %"


def numbers_text(decision: Decision) -> str:
    """Return a network's numbers on one line, the best first: "BUY 97 %, PASS 3 %"."""
    return ", ".join(f"{action.name} {number_text(number, decision.head)}" for action, number in decision.ranked.items())


def give_up_text(decision: Decision) -> str:
    """Return what giving up at LIQUIDATE means."""
    need = decision.need
    if need.lost:
        return "Give up: you are bankrupt (R56, R57)"
    if need.title < 0 and need.creditor is None:
        return "Stay in jail and try for doubles"
    if need.creditor is not None:
        return "Let the bank choose: it sells and mortgages group by group (R53)"
    if need.level is not None:
        return f"Give up building on {TITLE_NAMES[need.title]}"
    return f"Give up {TITLE_NAMES[need.title]}" + (": it goes to auction" if decision.auctions else "")


def holding_text(game: np.record, title: int) -> str:
    """Return a title with what stands on it: "Boardwalk (three houses)"; or a Get Out of Jail Free card."""
    if title >= TITLES:
        return THING_NAMES[title]
    if game.mortgaged[title]:
        return f"{TITLE_NAMES[title]} (mortgaged)"
    level = int(game.houses[title])
    return f"{TITLE_NAMES[title]} ({buildings(level)})" if level else TITLE_NAMES[title]
