"""States other than the 23 floats, made from the game records, for experiments.

A *look* is a function ``(tables, rows) -> float32 (n, width)`` of what the seats that decide at those tables see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numba
import numpy as np

from monopoly_env.actions import AUCTION, MANAGE, OFFER, PURCHASE
from monopoly_env.board import GROUP_OF, GROUP_SIZE, GROUPS, PRICE, SQUARES, STREET_GROUPS, TITLE_AT
from monopoly_env.board import HOUSES as ALL_HOUSES
from monopoly_env.bots.valuation import shares_by_buyer, shares_by_deal
from monopoly_env.observation import CASH_AFTER, CASH_SCALE, MINE, RIVALS, STATE_SIZE, question
from monopoly_env.rules.auction import next_bid
from monopoly_env.rules.deal import MAX_RAISES, can_trade, standing_deal, title_bit
from monopoly_env.tables import Tables

Look = Callable[[Tables, np.ndarray], np.ndarray]
PLAYERS = 4  # the wide layout has a place for each of three rivals
_RIVALS = PLAYERS - 1
_PHASES = 6
_IN_GROUP = (GROUP_OF[:, np.newaxis] == np.arange(len(GROUPS))).astype(np.float32)  # (28, 10)
_STREETS = np.arange(len(GROUPS)) < STREET_GROUPS


class Layout(NamedTuple):
    """Another state: how many floats, and how they are made."""

    width: int
    look: Look


def standard(tables: Tables, rows: np.ndarray) -> np.ndarray:
    """The 23 floats of the package."""
    return tables.tables["state"][rows]


@numba.njit(nogil=True)
def _questions(games, rows, asked):
    for i in range(len(rows)):
        game = games[rows[i]]
        asked[i, 0], asked[i, 1], _ = question(game, game.actor)


def unmarked(tables: Tables, rows: np.ndarray) -> np.ndarray:
    """The 23 floats without the two marks, and the token's position in place of the cash after saying yes."""
    states = tables.tables["state"][rows]  # a copy
    asked = np.empty((len(rows), 2), np.int64)
    _questions(tables.games, rows, asked)
    for column, first in enumerate((MINE, RIVALS)):
        marked = np.flatnonzero(asked[:, column] >= 0)
        states[marked, first + asked[marked, column]] -= 1.0
    games = tables.games
    states[:, CASH_AFTER] = games["position"][rows, games["actor"][rows]] / SQUARES
    return states


def _holds(games: np.ndarray, owned: np.ndarray) -> np.ndarray:
    """The hold on each group of whoever owns the titles ``owned``, bool ``(n, k, 28)``: float32 ``(n, k, 10)``."""
    halves = owned * (2.0 - games["mortgaged"][:, np.newaxis]) @ _IN_GROUP
    levels = owned * games["houses"][:, np.newaxis] @ _IN_GROUP
    complete = owned @ _IN_GROUP == GROUP_SIZE
    share = halves / (2.0 * GROUP_SIZE)
    return np.where(_STREETS, 0.5 * share + 0.1 * complete * levels / GROUP_SIZE, share)


def wide(tables: Tables, rows: np.ndarray) -> np.ndarray:
    """The 23 floats, and what they leave out: each rival by itself, the kind of decision, refusals, jail, houses, turns."""
    games = tables.games[rows]
    every = np.arange(len(rows))
    seats = games["actor"].astype(np.int64)
    rivals = (seats[:, np.newaxis] + np.arange(1, PLAYERS)) % PLAYERS  # (n, 3), clockwise
    cash = games["cash"][every[:, np.newaxis], rivals]
    group = np.where(games["phase"] == OFFER, games["offer_group"], games["table_group"])
    proposer = np.where(games["phase"] == OFFER, games["offer_from"], seats)
    refusals = np.where(group >= 0, games["raises"][every, proposer, group], 0) / MAX_RAISES
    alone = (
        tables.tables["state"][rows],
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


@numba.njit(nogil=True)
def _rival(game, seat):
    """The rival with the most cash; -1: none is left."""
    best = -1
    for other in range(game.players):
        if other != seat and game.alive[other] and (best < 0 or game.cash[other] > game.cash[best]):
            best = other
    return best


@numba.njit(nogil=True)
def _prospects(game):
    """Return ``(no, yes)``: the seat's share of the strength at the table after each answer, as ``landlord`` judges it."""
    seat, phase, group = game.actor, game.phase, game.table_group
    rival = _rival(game, seat)
    if rival < 0 or not game.alive[seat]:
        return 1.0, 1.0
    if phase == OFFER:
        return shares_by_deal(game, seat, game.offer_from, game.offer_give, game.offer_take, game.offer_cash)
    if phase == MANAGE and group >= 0 and can_trade(game, seat, group):
        other, give, take, price = standing_deal(game, seat, group)
        return shares_by_deal(game, seat, other, title_bit(take), title_bit(give), -price)
    if phase == PURCHASE:
        title = TITLE_AT[game.position[seat]]
        yes, no = shares_by_buyer(game, seat, title, PRICE[title], rival, min(PRICE[title], game.cash[rival]))
        return no, yes
    if phase == AUCTION:
        price = game.auction_bid
        if game.auction_leader >= 0:
            rival = game.auction_leader
        yes, no = shares_by_buyer(game, seat, game.auction_title, next_bid(game), rival, price)
        return no, yes
    return shares_by_deal(game, seat, rival, 0, 0, 0)


@numba.njit(nogil=True)
def _advise(games, rows, advice):
    for i in range(len(rows)):
        no, yes = _prospects(games[rows[i]])
        advice[i, 0], advice[i, 1] = no, yes - no


def advised(tables: Tables, rows: np.ndarray) -> np.ndarray:
    """The 23 floats, and how ``landlord`` would judge the decision: its share of the strength, and what saying yes adds.

    For a title that the bank sells, the other buyer is the rival with the most cash; ``landlord`` itself looks for the one that
    the title helps most.
    """
    advice = np.empty((len(rows), 2), np.float32)
    _advise(tables.games, rows, advice)
    return np.concatenate([tables.tables["state"][rows], advice], axis=1)


LAYOUTS = {
    "standard": Layout(STATE_SIZE, standard),
    "unmarked": Layout(STATE_SIZE, unmarked),
    "advised": Layout(STATE_SIZE + 2, advised),
    "wide": Layout(STATE_SIZE + _PHASES + _RIVALS * (4 + len(GROUPS)) + 5, wide),
}
