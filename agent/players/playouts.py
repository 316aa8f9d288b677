"""Games played to their end by networks and bots: those of a match, and games set out from where they stand.

Matrix products run on one thread, so that a network's numbers do not depend on how many cores a machine has: a product that
BLAS splits among threads is rounded elsewhere in the last bit, and a close decision can then go the other way. For networks of
this size one thread is the fastest choice as well: handing out the pieces costs more than they do.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from threadpoolctl import ThreadpoolController

from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.step import LEARNER
from monopoly_env.bots import bot_number
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import shuffle_deck


class Decider(Protocol):
    """What a match asks of a contestant that is no bot: ``Player`` and ``Searcher`` of ``agent.players`` are such.

    One that takes long may have ``games_at_once``: how many games with it make a part of a match, in place of the usual 1,000.
    """

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return what it decides by at those tables, ``(n, ...)``."""

    def batch(self, looks: np.ndarray, masks: np.ndarray, rng: np.random.Generator | None, temperature: float) -> np.ndarray:
        """Return one legal action for each look, int ``(n,)``."""


Participant = str | Decider  # a bot by name, or one that is asked


def controllers(participants: Sequence[Participant]) -> tuple[list[int], dict[int, Decider]]:
    """Return a controller for each contestant, and those that are asked by controller, one each, the first one's -1."""
    codes, networks, known = [], {}, {}
    for participant in participants:
        if isinstance(participant, str):
            codes.append(bot_number(participant))
            continue
        if id(participant) not in known:
            known[id(participant)] = LEARNER - len(networks)
            networks[known[id(participant)]] = participant
        codes.append(known[id(participant)])
    return codes, networks


def play_out(
    batch: GameBatch, networks: dict[int, Decider], rng: np.random.Generator | None, temperature: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Play all games to their end, the networks on one BLAS thread.

    Args:
        tables: standing at questions to the networks.
        networks: by controller, see ``controllers``.
        rng: draws the actions; None: the best ones are taken.
        temperature: of the draws.

    Yields:
        ``(going, actions)`` before each round of decisions: the tables where a network decides, and the actions of all tables.
    """
    records = batch.episodes
    actions = np.zeros(len(batch), np.int64)
    with one_blas_thread():
        while True:
            going = np.flatnonzero(records["episode_over"] == 0)
            if not going.size:
                return
            deciding = records["controller"][going, batch.games["actor"][going]]
            for code, network in networks.items():
                rows = going[deciding == code]
                if rows.size:
                    actions[rows] = network.batch(network.observe(batch, rows), records["mask"][rows], rng, temperature or 1.0)
            yield going, actions
            batch.step(actions)


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_blas_thread() -> Any:
    """Return a context manager that holds NumPy's matrix products to one thread, for the whole process.

    Where NumPy uses a library without such a switch (Apple's Accelerate) it does nothing.
    """
    return _controller().limit(limits=1, user_api="blas")


@kernel
def _deal_anew(games, words):
    """Give every game random numbers of its own and, as nobody at the table knows it, an order of the cards of its own."""
    for number in range(len(games)):
        game = games[number]
        game.rng[:] = words[number, :4]
        game.bot_rng[:] = words[number, 4:]
        shuffle_deck(game, 0)
        shuffle_deck(game, 1)


def set_out(batch: GameBatch, games: np.ndarray, words: np.ndarray) -> None:
    """Put games under way on tables, and play to the first decisions.

    Args:
        tables: with a seating for each game; what is on them is lost.
        games: records ``(N,)`` of dtype ``GAME``, or one for all; they are copied, and people's seats play like others there.
        words: int64 ``(N, 8)``, the random numbers of each, as ``seed_words`` makes them. The hidden order of
            the cards is drawn from them too.
    """
    batch.games[:] = games
    batch.games["logging"] = 0
    batch.games["events"] = 0
    batch.games["manual"] = 0
    _deal_anew(batch.games, words)
    records = batch.episodes
    records["controller"] = records["seating"]
    records["in_play"] = (records["seating"] == LEARNER) & (batch.games["alive"] != 0)
    records["strength"] = -1.0
    # A game that has had a decision is played on to its end; one that had none would be replaced once bots have ended it.
    records["decisions"] = 1
    batch.go_on()
