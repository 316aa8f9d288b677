"""States other than the 23 floats, made from the game records, for experiments.

A *look* is a function ``(tables, rows) -> float32 (n, width)`` of what the seats that decide at those tables see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numba
import numpy as np

from monopoly_env.actions import OFFER
from monopoly_env.batch.batch import GameBatch, net_worths
from monopoly_env.board import GROUP_OF, GROUP_SIZE, GROUPS, SQUARES, STREET_GROUPS
from monopoly_env.board import HOUSES as ALL_HOUSES
from monopoly_env.decision.asked import deal_asked, groups_and_cost
from monopoly_env.observation import CASH_AFTER, CASH_SCALE, GAIN, MINE, RIVALS, STATE_SIZE, STRENGTH, hold
from monopoly_env.rules.deal import MAX_RAISES

Look = Callable[[GameBatch, np.ndarray], np.ndarray]
PLAYERS = 4  # the wide layout has a place for each of three rivals
_RIVALS = PLAYERS - 1
_PHASES = 6
_IN_GROUP = (GROUP_OF[:, np.newaxis] == np.arange(len(GROUPS))).astype(np.float32)  # (28, 10)
_STREETS = np.arange(len(GROUPS)) < STREET_GROUPS


class Layout(NamedTuple):
    """Another state: how many floats, and how they are made."""

    width: int
    look: Look


def standard(batch: GameBatch, rows: np.ndarray) -> np.ndarray:
    """The 23 floats of the package."""
    return batch.episodes["state"][rows]


@numba.njit(nogil=True)
def _questions(games, rows, asked, holds):
    """Write what ``groups_and_cost`` returns, and the strongest living rival's hold where the other side gains."""
    for i in range(len(rows)):
        game = games[rows[i]]
        seat = game.actor
        asked[i, 0], asked[i, 1], asked[i, 2] = groups_and_cost(game, seat, deal_asked(game, seat))
        for rival in range(game.players):
            if rival != seat and game.alive[rival] and asked[i, 1] >= 0:
                holds[i] = max(holds[i], hold(game, rival, asked[i, 1]))


def _without_marks(batch: GameBatch, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 23 floats without the marks, and what the decisions are about, int64 ``(n, 3)``: see ``groups_and_cost``."""
    states = batch.episodes["state"][rows]  # a copy
    asked, holds = np.empty((len(rows), 3), np.int64), np.zeros(len(rows))
    _questions(batch.games, rows, asked, holds)
    marked = np.flatnonzero(asked[:, 0] >= 0)
    states[marked, MINE + asked[marked, 0]] -= 1.0
    deals = np.flatnonzero(asked[:, 1] >= 0)
    states[deals, RIVALS + asked[deals, 1]] = holds[deals]
    return states, asked


def unmarked(batch: GameBatch, rows: np.ndarray) -> np.ndarray:
    """The 23 floats without the two marks, and the token's position in place of the cash after saying yes."""
    states, _ = _without_marks(batch, rows)
    games = batch.games
    states[:, CASH_AFTER] = games["position"][rows, games["actor"][rows]] / SQUARES
    return states


def factual(batch: GameBatch, rows: np.ndarray) -> np.ndarray:
    """The 23 floats of layout 1, which count and do not judge.

    Both marks are 1; in place of what layout 2 shows in the last three floats: cash after saying yes, share of net worth, cash.
    """
    states, asked = _without_marks(batch, rows)
    for column, first in enumerate((MINE, RIVALS)):
        marked = np.flatnonzero(asked[:, column] >= 0)
        states[marked, first + asked[marked, column]] += 1.0
    games = batch.games[rows]
    every, seats = np.arange(len(rows)), games["actor"]
    worths = np.where(games["alive"] != 0, net_worths(games), 0)
    cash = games["cash"][every, seats]
    after = cash - asked[:, 2]
    states[:, CASH_AFTER] = after / (np.abs(after) + CASH_SCALE)
    states[:, STRENGTH] = worths[every, seats] / np.maximum(worths.sum(axis=1), 1)
    states[:, GAIN] = cash / (cash + CASH_SCALE)
    return states


def _holds(games: np.ndarray, owned: np.ndarray) -> np.ndarray:
    """The hold on each group of whoever owns the titles ``owned``, bool ``(n, k, 28)``: float32 ``(n, k, 10)``."""
    halves = owned * (2.0 - games["mortgaged"][:, np.newaxis]) @ _IN_GROUP
    levels = owned * games["houses"][:, np.newaxis] @ _IN_GROUP
    complete = owned @ _IN_GROUP == GROUP_SIZE
    share = halves / (2.0 * GROUP_SIZE)
    return np.where(_STREETS, 0.5 * share + 0.1 * complete * levels / GROUP_SIZE, share)


def wide(batch: GameBatch, rows: np.ndarray) -> np.ndarray:
    """The 23 floats, and what they leave out: each rival by itself, the kind of decision, refusals, jail, houses, turns."""
    games = batch.games[rows]
    every = np.arange(len(rows))
    seats = games["actor"].astype(np.int64)
    rivals = (seats[:, np.newaxis] + np.arange(1, PLAYERS)) % PLAYERS  # (n, 3), clockwise
    cash = games["cash"][every[:, np.newaxis], rivals]
    group = np.where(games["phase"] == OFFER, games["offer_group"], games["table_group"])
    proposer = np.where(games["phase"] == OFFER, games["offer_from"], seats)
    refusals = np.where(group >= 0, games["raises"][every, proposer, group], 0) / MAX_RAISES
    alone = (
        batch.episodes["state"][rows],
        games["phase"][:, np.newaxis] == np.arange(1, _PHASES + 1),
        cash / (np.abs(cash) + CASH_SCALE),
        games["alive"][every[:, np.newaxis], rivals],
        games["jailed"][every[:, np.newaxis], rivals],
        games["offer_from"][:, np.newaxis] == rivals,
        _holds(games, games["owner"][:, np.newaxis] == rivals[:, :, np.newaxis]).reshape(len(rows), -1),
        refusals[:, np.newaxis],
        games["jailed"][every, seats][:, np.newaxis],
        games["position"][every, seats][:, np.newaxis] / SQUARES,
        games["houses_left"][:, np.newaxis] / ALL_HOUSES,
        np.minimum(games["turns"], 400)[:, np.newaxis] / 200,
    )
    return np.concatenate([np.asarray(part, np.float32) for part in alone], axis=1)


LAYOUTS = {
    "standard": Layout(STATE_SIZE, standard),
    "unmarked": Layout(STATE_SIZE, unmarked),
    "factual": Layout(STATE_SIZE, factual),
    "wide": Layout(STATE_SIZE + _PHASES + _RIVALS * (4 + len(GROUPS)) + 5, wide),
}
