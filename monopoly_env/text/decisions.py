"""Decisions and actions in words, for questions, thoughts, coach and review alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from monopoly_env.actions import BUILD, BUY, MORTGAGE, REDEEM, SELL, TRADE, Action, Phase
from monopoly_env.board import GROUP_OF, GROUPS, HOTEL, HOUSE_COST, INTEREST, JAIL_FEE, PRICE, TITLE_AT, TITLE_NAMES
from monopoly_env.board import MORTGAGE as MORTGAGE_VALUE
from monopoly_env.game import NO_AUCTIONS, PLAN_BUILD, PLAN_PURCHASE
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import standing_deal, title_bit
from monopoly_env.rules.property import build_title, mortgage_title, redeem_title, sell_title
from monopoly_env.rules.turn import jail_card
from monopoly_env.text.events import buildings, dollars, side_of_deal


def object_form(name: str) -> str:
    """Return a name as it stands inside a sentence: "You" becomes "you"."""
    return "you" if name == "You" else name


def possessive(name: str) -> str:
    """Return "your" or "Ada's"."""
    return "your" if name == "You" else f"{name}'s"


def with_names(text: str, names: Sequence[str]) -> str:
    """Return an engine's message with the seats' numbers replaced by names."""

    def name(match: re.Match[str]) -> str:
        seat = int(match[1])
        return match[0] if seat >= len(names) else object_form(names[seat])

    text = re.sub(r"\b[Ss]eat (\d+)\b", name, text)
    text = text.replace("you would have to pay", "You would have to pay")
    return re.sub(r"\band has\b", "and have", text) if "You would" in text else text


def needed(game: np.record) -> tuple[int, str]:
    """Return the dollars that a seat at LIQUIDATE needs, and what for."""
    if game.debts > 0:
        return int(game.amount[0]), "what you owe"
    title = int(game.plan_title)
    if game.plan == PLAN_BUILD:
        return int(HOUSE_COST[GROUP_OF[title]]), f"{next_building(game, title)} on {TITLE_NAMES[title]}"
    return int(PRICE[title]), TITLE_NAMES[title]


def next_building(game: np.record, title: int) -> str:
    """Return what would be built next on a street."""
    return "a hotel" if game.houses[title] == HOTEL - 1 else "a house"


def top_building(game: np.record, title: int) -> str:
    """Return what would be sold next from a street."""
    return "the hotel" if game.houses[title] == HOTEL else "a house"


def about(game: np.record, names: Sequence[str]) -> str:
    """Return what the pending decision is about: a noun, such as "Park Place for $350"."""
    phase, seat = Phase(int(game.phase)), int(game.actor)
    if phase == Phase.PURCHASE:
        title = TITLE_AT[game.position[seat]]
        return f"{TITLE_NAMES[title]} for {dollars(PRICE[title])}"
    if phase == Phase.AUCTION:
        return f"the auction of {TITLE_NAMES[game.auction_title]} at {dollars(next_bid(game))}"
    if phase == Phase.JAIL:
        return "leaving jail"
    if phase == Phase.OFFER:
        gets = side_of_deal(game.offer_give, game.offer_cash)
        gives = side_of_deal(game.offer_take, -game.offer_cash)
        return f"{possessive(names[game.offer_from])} offer of {gets} for {gives}"
    group = f"the {GROUPS[game.table_group]} group" if game.table_group >= 0 else "the end of the turn"
    if phase == Phase.LIQUIDATE:
        amount, purpose = needed(game)
        return f"raising {dollars(amount)} for {purpose.replace('you owe', 'is owed')}: {group}"
    return group


def action_text(game: np.record, action: int, names: Sequence[str]) -> str:
    """Return what an action means at the pending decision: a verb, such as "buy Park Place for $350"."""
    phase, seat, group = Phase(int(game.phase)), int(game.actor), int(game.table_group)
    if phase == Phase.PURCHASE:
        title = TITLE_AT[game.position[seat]]
        if action == BUY:
            return f"buy {TITLE_NAMES[title]} for {dollars(PRICE[title])}"
        return (
            f"leave {TITLE_NAMES[title]} to the bank"
            if game.house_rules & NO_AUCTIONS
            else f"let {TITLE_NAMES[title]} go to auction"
        )
    if phase == Phase.AUCTION:
        return f"bid {dollars(next_bid(game))}" if action == BUY else "leave the auction"
    if phase == Phase.JAIL:
        if action == BUY:
            return "use a Get Out of Jail Free card" if jail_card(game, seat) >= 0 else f"pay {dollars(JAIL_FEE)} to leave jail"
        return "try for doubles"
    if phase == Phase.OFFER:
        return "accept" if action == BUY else "refuse"
    if phase == Phase.MANAGE:
        return _manage_text(game, seat, group, action, names)
    return _liquidate_text(game, seat, group, action)


def meanings(game: np.record, mask: np.ndarray, names: Sequence[str]) -> dict[Action, str]:
    """Return what each action that ``mask`` allows means at the pending decision, see ``action_text``."""
    return {action: action_text(game, action, names) for action in Action if mask[action]}


def _manage_text(game: np.record, seat: int, group: int, action: int, names: Sequence[str]) -> str:
    if action == BUILD:
        title = build_title(game, seat, group)
        return f"build {next_building(game, title)} on {TITLE_NAMES[title]} for {dollars(HOUSE_COST[group])}"
    if action == REDEEM:
        title = redeem_title(game, seat, group)
        return f"redeem {TITLE_NAMES[title]} for {dollars(MORTGAGE_VALUE[title] + INTEREST[title])}"
    if action == TRADE:
        other, give, take, cash = standing_deal(game, seat, group)
        gives, gets = side_of_deal(title_bit(give), cash), side_of_deal(title_bit(take), -cash)
        return f"offer {object_form(names[other])} {gives} for {gets}"
    return f"leave the {GROUPS[group]} group as it is" if group >= 0 else "end the turn"


def _liquidate_text(game: np.record, seat: int, group: int, action: int) -> str:
    if action == SELL:
        title = sell_title(game, seat, group)
        return f"sell {top_building(game, title)} of {TITLE_NAMES[title]} for {dollars(HOUSE_COST[group] // 2)}"
    if action == MORTGAGE:
        title = mortgage_title(game, seat, group)
        return f"mortgage {TITLE_NAMES[title]} for {dollars(MORTGAGE_VALUE[title])}"
    return f"keep the {GROUPS[group]} group"


def plan_of(game: np.record) -> str:
    """Return what giving up at LIQUIDATE means."""
    if game.plan == PLAN_PURCHASE and game.debts == 0:
        title = TITLE_NAMES[game.plan_title]
        return f"Give up {title}" + ("" if game.house_rules & NO_AUCTIONS else ": it goes to auction")
    if game.plan == PLAN_BUILD and game.debts == 0:
        return f"Give up building on {TITLE_NAMES[game.plan_title]}"
    return "Let the bank choose: it sells and mortgages group by group (R53)"


def holding_text(game: np.record, title: int) -> str:
    """Return a title with what stands on it: "Boardwalk (3 houses)"."""
    if game.mortgaged[title]:
        return f"{TITLE_NAMES[title]} (mortgaged)"
    level = int(game.houses[title])
    return f"{TITLE_NAMES[title]} ({buildings(level)})" if level else TITLE_NAMES[title]
