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

from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER, SAME_STEP
from monopoly_env.bots import bot_number
from monopoly_env.cards import shuffle_deck
from monopoly_env.compiled.jit import kernel
from monopoly_env.decision.decision import Decision


class Decider(Protocol):
    """What a table and a match ask of a player that is no person: ``Player``, ``Searcher`` and ``BotChooser`` are such.

    One that takes long may have ``games_at_once``: how many games with it make a part of a match, in place of the usual 1,000.
    """

    def decide(self, game: np.record, mask: Any = None) -> Decision:
        """Return the decision that waits in ``game`` with the action that is taken; ``mask`` as in ``decision_of``."""

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return what it decides by at those tables, ``(n, ...)``."""

    def batch(self, looks: np.ndarray, masks: np.ndarray, rng: np.random.Generator | None, temperature: float) -> np.ndarray:
        """Return one legal action for each look, int ``(n,)``."""


# Games of an evaluation are seeded by children of (seed, EVALUATION). Training spawns from the seed alone.
EVALUATION = 20_141_022
MOST_DECISIONS = 1_000_000  # of a sample

Participant = str | Decider  # a bot by name, or one that is asked


def controllers(participants: Sequence[Participant]) -> tuple[list[int], dict[int, Decider]]:
    """Return a controller for each participant, and those that are asked by controller, one each, the first one's -1."""
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
        batch: games that wait for decisions of the networks.
        networks: by controller, see ``controllers``.
        rng: draws the actions; None: the best ones are taken.
        temperature: of the draws.

    Yields:
        ``(going, actions)`` before each round of decisions: the games in which a network decides, and the actions of all games.
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
        for i in range(4):
            game.rng[i], game.bot_rng[i] = words[number, i], words[number, 4 + i]
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


def sample_decisions(
    player: Decider, opponents: Sequence[str], decisions: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return so many decisions of a network from 500 games.

    Args:
        player: the network, at the first seat, which takes its best actions.
        opponents: bots at the other seats.
        decisions: how many, up to `MOST_DECISIONS`; the games go on, and begin anew, until there are enough.
        seed: of the games.

    Returns:
        `(states, masks, phases)`: float32 `(decisions, 23)`, int8 `(decisions, 7)`, int32 `(decisions,)`.

    Raises:
        ValueError: an unknown bot, an impossible number of players, no decisions or too many.
    """
    if not 1 <= decisions <= MOST_DECISIONS:
        raise ValueError(f"The number of decisions must lie between 1 and {MOST_DECISIONS:,}. Received: {decisions}")
    count = 500
    batch = GameBatch([[LEARNER, *(bot_number(name) for name in opponents)]] * count)
    batch.begin(np.random.SeedSequence((EVALUATION, seed, 3)).spawn(count))
    states, masks, phases = [], [], []
    for _ in range(-(-decisions // count)):
        states.append(batch.episodes["state"].copy())
        masks.append(batch.episodes["mask"].copy())
        phases.append(batch.games["phase"].copy())
        batch.step(player.batch(states[-1], masks[-1], None, 1.0), SAME_STEP)
    batch.close()
    return tuple(np.concatenate(parts)[:decisions] for parts in (states, masks, phases))
