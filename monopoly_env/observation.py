"""The state of a player as 23 floats, declared once, in order.

``FEATURES`` is the declaration; ``docs/SPACES.md``, the terminal display and the Box of the environment are made from it, and
``write_observation`` is the compiled code that fills it in.
"""

from typing import NamedTuple

import numpy as np

from monopoly_env.actions import AUCTION, IN_JAIL, LIQUIDATE, MANAGE, OFFER, PURCHASE
from monopoly_env.board import (
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
    GROUPS,
    HOUSE_COST,
    INTEREST,
    JAIL_FEE,
    MORTGAGE,
    PRICE,
    STREET_GROUPS,
    TITLE_AT,
    TITLES,
)
from monopoly_env.game import BANK, NO_PLAN, PLAN_BUILD
from monopoly_env.jit import kernel
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.counts import count_of, count_titles, new_counts, unpack
from monopoly_env.rules.deal import can_trade, group_of_titles, interest_on, standing_deal
from monopoly_env.rules.property import build_title, redeem_title, title_worth
from monopoly_env.rules.turn import jail_card

# Version of the 23 floats and of what the actions mean. Trained agents remember it.
LAYOUT_VERSION = 1
STATE_SIZE = 23
CASH_SCALE = 500.0  # dollars at which the squashed cash is one half


class Feature(NamedTuple):
    """One of the 23 floats: its name, its range and its meaning."""

    name: str
    low: float
    high: float
    meaning: str


def _name(group: str) -> str:
    return group.replace(" ", "_")


_MINE = (
    "my hold on {}: half the share of titles held while incomplete (a mortgaged one counts half); 0.5 plus a tenth of the mean "
    "building level once complete; +1 if the decision is about this group"
)
_MINE_LINE = "my hold on the {}: the share held (a mortgaged one counts half); +1 if the decision is about this group"
_RIVAL = "the strongest living rival's hold on {}, same scale; +1 if the other side of a deal would gain in this group"

FEATURES = (
    *(
        Feature(f"mine[{_name(g)}]", 0.0, 2.0, (_MINE if i < STREET_GROUPS else _MINE_LINE).format(g))
        for i, g in enumerate(GROUPS)
    ),
    *(Feature(f"rivals[{_name(g)}]", 0.0, 2.0, _RIVAL.format(g)) for g in GROUPS),
    Feature("cash", 0.0, 1.0, "my cash c as c / (c + 500)"),
    Feature("wealth", 0.0, 1.0, "my share of all living players' net worth"),
    Feature("cash_after", -1.0, 1.0, "cash after saying yes, as x / (|x| + 500); negative: short by that much"),
)
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)
LOW = np.array([feature.low for feature in FEATURES], np.float32)  # (23,)
HIGH = np.array([feature.high for feature in FEATURES], np.float32)  # (23,)
MINE, RIVALS = 0, len(GROUPS)
CASH, WEALTH, CASH_AFTER = 20, 21, 22
assert len(FEATURES) == STATE_SIZE


@kernel
def squash(dollars):
    """Map dollars to (-1, 1): x / (|x| + 500)."""
    return dollars / (abs(dollars) + CASH_SCALE)


# (10, 9) hold on a group without buildings by the halves held: an unmortgaged title counts two
_HOLD = np.arange(9) / (2.0 * GROUP_SIZE[:, np.newaxis])
_HOLD[:STREET_GROUPS] *= 0.5


@kernel
def _hold_of(count, group):
    """Return the hold of a player with that count (see ``rules.counts``) on a group, in [0, 1]."""
    titles, free, levels, _, _ = unpack(count)
    hold = _HOLD[group, titles + free]
    if levels > 0 and group < STREET_GROUPS and titles == GROUP_SIZE[group]:
        hold += 0.1 * levels / GROUP_SIZE[group]
    return hold


@kernel
def hold(game, seat, group):
    """Return the hold of a seat on a group, in [0, 1]."""
    count = 0
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.owner[title] == seat:
            count += count_of(game, title)
    return _hold_of(count, group)


@kernel
def wealth_share(game, seat):
    """Return the seat's share of all living players' net worth, in [0, 1]; 0 for a bankrupt seat."""
    if not game.alive[seat]:
        return 0.0
    mine, total = game.cash[seat], 0
    for other in range(game.players):
        if game.alive[other]:
            total += game.cash[other]
    for title in range(TITLES):
        owner = game.owner[title]
        if owner != BANK:
            worth = title_worth(game, title)
            total += worth
            if owner == seat:
                mine += worth
    return mine / total if total > 0 else 1.0


@kernel
def _raising_for(game, seat):
    """Return the dollars that a seat at LIQUIDATE is raising."""
    if game.debts > 0:
        return game.amount[0]
    if game.plan == PLAN_BUILD:
        return HOUSE_COST[GROUP_OF[game.plan_title]]
    return PRICE[game.plan_title] if game.plan != NO_PLAN else 0


@kernel
def question(game, seat):
    """Say what the pending decision of ``seat`` is about.

    Returns:
        ``(mine, theirs, cost)``: the group in which I gain or decide (-1: none), the group in which the other side of a
        deal gains (-1: none), and the dollars that saying yes costs (negative: brings).
    """
    phase, group = game.phase, game.table_group
    if game.actor != seat:
        return -1, -1, 0
    if phase == PURCHASE:
        return group, -1, PRICE[TITLE_AT[game.position[seat]]]
    if phase == AUCTION:
        return group, -1, next_bid(game)
    if phase == IN_JAIL:
        return -1, -1, 0 if jail_card(game, seat) >= 0 else JAIL_FEE
    if phase == LIQUIDATE:
        return group, -1, _raising_for(game, seat)
    if phase == OFFER:
        gain = group_of_titles(game.offer_give)
        loss = group_of_titles(game.offer_take)
        cost = interest_on(game, game.offer_give) - game.offer_cash
        return (gain if gain >= 0 else loss), (loss if loss >= 0 else gain), cost
    if phase == MANAGE and group >= 0:
        return _managing_question(game, seat, group)
    return -1, -1, 0


@kernel
def _managing_question(game, seat, group):
    if build_title(game, seat, group) >= 0:
        return group, -1, HOUSE_COST[group]
    if can_trade(game, seat, group):
        _, give, take, cash = standing_deal(game, seat, group)
        if game.mortgaged[take]:
            cash += INTEREST[take]
        return group, (GROUP_OF[give] if give >= 0 else group), cash
    title = redeem_title(game, seat, group)
    return group, -1, MORTGAGE[title] + INTEREST[title] if title >= 0 else 0


@kernel
def write_observation(game, seat, state):
    """Write the 23 floats of ``seat`` into ``state``, float32 ``(23,)``."""
    counts = new_counts()
    count_titles(game, counts)
    for group in range(len(GROUPS)):
        best = 0.0
        for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
            owner = game.owner[title]
            if owner != BANK and owner != seat:
                best = max(best, _hold_of(counts[owner, group], group))
        state[MINE + group] = _hold_of(counts[seat, group], group)
        state[RIVALS + group] = best
    asked, theirs, cost = question(game, seat)
    if asked >= 0:
        state[MINE + asked] += 1.0
    if theirs >= 0:
        state[RIVALS + theirs] += 1.0
    cash = game.cash[seat]
    state[CASH] = squash(float(cash))
    state[WEALTH] = wealth_share(game, seat)
    state[CASH_AFTER] = squash(float(cash - cost))


def observe(game: np.record, seat: int | None = None) -> np.ndarray:
    """Return the 23 floats of ``seat`` (default: the seat that decides), float32 ``(23,)``."""
    state = np.zeros(STATE_SIZE, np.float32)
    write_observation(game, int(game.actor) if seat is None else int(seat), state)
    return state
