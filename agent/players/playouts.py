"""Games played out from where they stand, any number side by side: the ground of odds and search."""

from __future__ import annotations

import numpy as np

from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.step import LEARNER
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import shuffle_deck


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
