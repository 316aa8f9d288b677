"""The state of a player as 23 floats, declared once, in order.

``FEATURES`` is the declaration; ``docs/SPACES.md``, the terminal display and the Box of the environment are made from it, and
``write_observation`` is the compiled code that fills it in. It says what things are worth; ``FACTS``, for who wants to see a
network find that out by itself, says in as many floats what lies on the table and no more.
"""

from typing import NamedTuple

import numpy as np

from monopoly_env.actions import MANAGE
from monopoly_env.board import GROUPS, STREET_GROUPS
from monopoly_env.compiled.jit import kernel
from monopoly_env.decision.asked import building_return, deal_asked, groups_and_cost, prospects
from monopoly_env.rules.property import build_title, net_worth
from monopoly_env.strength.exposure import danger
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.strength.strength import strength_share

# Version of the 23 floats and of what the actions mean. Trained agents remember it.
LAYOUT_VERSION = 3
STATE_SIZE = 23
CASH_SCALE = 500.0  # dollars at which the squashed cash is one half
GAIN_SCALE = 0.1  # contrast of two shares at which the squashed gain is one half


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
_RIVAL = (
    "the strongest living rival's hold on {}, same scale; in a deal by which the other side gains here, in place of it 1.5 "
    "plus half that side's own gain"
)
_CASH_AFTER = (
    "my cash after saying yes and paying the expected rent of my next roll, as x / (|x| + 500); negative: short by that much"
)
_STRENGTH = "my share of the strength at the table: what the players own and what their titles will earn"
_GAIN = (
    "what yes does to my share where a title changes hands: g = (yes - no) / (yes + no), as g / (|g| + 0.1); for a building "
    "r / (r + 1), r the rent that it adds to what the rivals' next rolls bring, per dollar of its cost; otherwise 0"
)

FEATURES = (
    *(
        Feature(f"mine[{_name(g)}]", 0.0, 2.0, (_MINE if i < STREET_GROUPS else _MINE_LINE).format(g))
        for i, g in enumerate(GROUPS)
    ),
    *(Feature(f"rivals[{_name(g)}]", 0.0, 2.0, _RIVAL.format(g)) for g in GROUPS),
    Feature("cash_after", -1.0, 1.0, _CASH_AFTER),
    Feature("strength", 0.0, 1.0, _STRENGTH),
    Feature("gain", -1.0, 1.0, _GAIN),
)
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)
LOW = np.array([feature.low for feature in FEATURES], np.float32)  # (23,)
HIGH = np.array([feature.high for feature in FEATURES], np.float32)  # (23,)
MINE, RIVALS = 0, len(GROUPS)
CASH_AFTER, STRENGTH, GAIN = 20, 21, 22
CASH, WEALTH, CASH_LEFT = 20, 21, 22  # of FACTS
assert len(FEATURES) == STATE_SIZE

FACTS = (
    *FEATURES[:RIVALS],
    *(
        Feature(
            f"rivals[{_name(g)}]",
            0.0,
            2.0,
            f"the strongest living rival's hold on {g}; +1 if the other side of a deal gains here",
        )
        for g in GROUPS
    ),
    Feature("cash", 0.0, 1.0, "my cash c, as c / (c + 500)"),
    Feature("wealth", 0.0, 1.0, "my share of the net worth of all"),
    Feature("cash_after", -1.0, 1.0, "my cash after saying yes, as x / (|x| + 500); negative: short by that much"),
)
OBSERVATIONS = {"assessed": FEATURES, "facts": FACTS}
assert len(FACTS) == STATE_SIZE


@kernel
def squash(x, scale):
    """Map a number to (-1, 1): x / (|x| + scale)."""
    return x / (abs(x) + scale)


@kernel
def contrast(no, yes):
    """Return how much larger ``yes`` is than ``no``, in [-1, 1]: their difference over their sum."""
    return (yes - no) / (yes + no) if yes + no > 0.0 else 0.0


@kernel
def _write_holds(game, seat, holdings, state):
    """Write the holds of the seat and of its strongest rivals."""
    for group in range(len(GROUPS)):
        state[MINE + group] = holdings.hold[seat, group]
        state[RIVALS + group] = 0.0
    for player in range(game.players):
        if player != seat:
            for group in range(len(GROUPS)):
                state[RIVALS + group] = max(state[RIVALS + group], holdings.hold[player, group])


@kernel
def write_observation(game, seat, state, holdings):
    """Write the 23 floats of ``seat`` into ``state``, float32 ``(23,)``; return the seat's share of the strength at the table.

    ``holdings``: any record of ``monopoly_env.strength.holdings``; it is brought up to date.
    """
    deal = deal_asked(game, seat)
    asked, theirs, cost = groups_and_cost(game, seat, deal)
    share, no, yes, other_no, other_yes = prospects(game, seat, deal, holdings)
    _write_holds(game, seat, holdings, state)  # brought up to date by now
    gain = squash(contrast(no, yes), GAIN_SCALE)
    if asked >= 0:
        state[MINE + asked] += 1.0
        if game.phase == MANAGE and theirs < 0:
            title = build_title(game, seat, asked)
            if title >= 0:
                gain = squash(building_return(game, seat, title), 1.0)
    if theirs >= 0:
        state[RIVALS + theirs] = 1.5 + 0.5 * squash(contrast(other_no, other_yes), GAIN_SCALE)
    state[CASH_AFTER] = squash(game.cash[seat] - cost - danger(game, seat), CASH_SCALE)
    state[STRENGTH] = share
    state[GAIN] = gain
    return share


@kernel
def write_facts(game, seat, state, holdings):
    """Write the 23 floats of ``FACTS``; arguments and result are those of ``write_observation``."""
    asked, theirs, cost = groups_and_cost(game, seat, deal_asked(game, seat))
    share = strength_share(game, seat, holdings)
    _write_holds(game, seat, holdings, state)
    if asked >= 0:
        state[MINE + asked] += 1.0
    if theirs >= 0:
        state[RIVALS + theirs] += 1.0
    total = 0.0
    for player in range(game.players):
        total += net_worth(game, player)
    state[CASH] = squash(game.cash[seat], CASH_SCALE)
    state[WEALTH] = net_worth(game, seat) / total if total > 0.0 else 0.0
    state[CASH_LEFT] = squash(game.cash[seat] - cost, CASH_SCALE)
    return share


def observe(game: np.record, seat: int | None = None) -> np.ndarray:
    """Return the 23 floats of ``seat`` (default: the seat that decides), float32 ``(23,)``."""
    state = np.zeros(STATE_SIZE, np.float32)
    write_observation(game, int(game.actor) if seat is None else int(seat), state, new_holdings())
    return state
