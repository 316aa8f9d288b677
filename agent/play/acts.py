"""What a seat can do: one of the seven actions, or, for a person, a free move. Acts and the setup make a game again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from monopoly_env.actions import Action, Phase
from monopoly_env.board import GROUPS, TITLE_NAMES
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.turn import jail_card
from monopoly_env.text.decisions import next_building, top_building
from monopoly_env.text.events import dollars

# What a person may do besides the seven actions: functions of ``monopoly_env.rules.free_moves``, and their arguments.
FREE_MOVES = {
    "build": ("title",),
    "sell": ("title",),
    "mortgage": ("title",),
    "redeem": ("title",),
    "propose": ("other", "give", "take", "cash"),
}


@dataclass(frozen=True)
class Act:
    """What a seat did: one of the seven actions or of ``FREE_MOVES`` by name, and its arguments."""

    seat: int
    name: str
    arguments: tuple[Any, ...] = ()
    first: int = 0  # number of the first event that came of it


def chosen_text(game: np.record, act: Act) -> str:
    """Return what a person does in words, before it is done: "bought it"."""
    if act.name == "propose":
        return ""
    if act.name in FREE_MOVES:
        title = act.arguments[0]
        return {
            "build": f"built {next_building(game, title)} on {TITLE_NAMES[title]}",
            "sell": f"sold {top_building(game, title)} of {TITLE_NAMES[title]}",
            "mortgage": f"mortgaged {TITLE_NAMES[title]}",
            "redeem": f"redeemed {TITLE_NAMES[title]}",
        }[act.name]
    declined, taken = {
        Phase.JAIL: ("tried for doubles", "used the card" if jail_card(game, act.seat) >= 0 else "paid the fee"),
        Phase.PURCHASE: ("did not buy it", "bought it"),
        Phase.AUCTION: ("left the auction", f"bid {dollars(next_bid(game))}"),
        Phase.MANAGE: ("ended the turn", ""),
        Phase.OFFER: ("refused", "accepted"),
        Phase.LIQUIDATE: (f"kept the {GROUPS[game.table_group]} group", ""),
    }[Phase(int(game.phase))]
    return declined if act.name == Action.PASS.name else taken
