"""What a situation is worth: the win probability of each seat, by playing it out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.evaluation.statistics import rate_text, wilson_interval
from agent.players.playouts import Participant, controllers, play_out, set_out
from monopoly_env.actions import Action
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.compiled.rng import seed_words
from monopoly_env.decision.decision import decision_of
from monopoly_env.engine.engine import apply
from monopoly_env.game import DECIDED, GAME, RUNNING

# Games are seeded by children of (seed, ODDS), apart from training and evaluation.
ODDS = 20_220_210
_BATCH = 2500  # games side by side
MOST_GAMES = 10_000_000


@dataclass(frozen=True, repr=False)
class Odds:
    """The games played out from one situation.

    Attributes:
        players: seats at the table.
        winner: int ``(n,)``, the winner's seat, -1 for a capped game.
        turns: int ``(n,)``, turns from the situation to the end of the game.
    """

    players: int
    winner: np.ndarray
    turns: np.ndarray

    @property
    def games(self) -> int:
        """Number of games."""
        return len(self.winner)

    @property
    def capped(self) -> int:
        """Games that ended at the turn cap without a winner; they count as won by nobody."""
        return int((self.winner < 0).sum())

    def wins(self, seat: int) -> int:
        """Return the games that a seat won."""
        return int((self.winner == seat).sum())

    def rate(self, seat: int) -> float:
        """Return the share of all games that a seat won."""
        return self.wins(seat) / self.games

    def interval(self, seat: int) -> tuple[float, float]:
        """Return the Wilson 95 % interval of the win probability of a seat."""
        return wilson_interval(self.wins(seat), self.games)

    def __repr__(self) -> str:
        """Return the win rate of each seat with its interval, on one line."""
        seats = [f"seat {seat} {rate_text(self.rate(seat), self.interval(seat))}" for seat in range(self.players)]
        return f"<Odds of {self.games:,} games: {', '.join(seats)}; {self.capped:,} capped>"


def odds(
    game: np.record,
    participants: Participant | Sequence[Participant],
    games: int = 1000,
    seed: int = 0,
    *,
    threads: int | None = None,
    temperature: float = 0.0,
) -> Odds:
    """Play a game out many times from where it stands.

    Every playout has dice of its own and, as nobody at the table knows it, an order of the cards of its own. The same ``seed``
    gives the same dice and cards whoever plays.

    Args:
        game: the situation (``Situation.game``, ``env.game``, a saved game); it is left as it is.
        participants: who plays from now on: one bot's name or network a seat, or one for all.
        games: playouts, up to `MOST_GAMES`.
        seed: of the playouts.
        threads: of the engine; None: one a core. The result does not depend on it.
        temperature: 0: networks take their best action; above: they draw.

    Raises:
        ValueError: the game is over, no playouts or too many, another number of participants, an unknown bot.
    """
    if not 1 <= games <= MOST_GAMES:
        raise ValueError(f"Odds need at least 1 playout, and take up to {MOST_GAMES:,}. Received: {games}")
    if seed < 0:
        raise ValueError(f"A seed is a whole number of at least 0. Received: {seed}")
    if not 0 <= temperature < math.inf:
        raise ValueError(f"A temperature is a number of at least 0. Received: {temperature}")
    if game["over"] != RUNNING:
        raise ValueError("The game is over: there is nothing to play out.")
    players = int(game["players"])
    alone = isinstance(participants, str) or hasattr(participants, "batch")
    seats = [participants] if alone else list(participants)
    if len(seats) == 1:
        seats *= players
    if len(seats) != players:
        raise ValueError(f"Expected a player for each of the {players} seats, or one for all. Received: {len(seats)}")
    codes, networks = controllers(seats)
    rng = np.random.default_rng(np.random.SeedSequence((ODDS, seed, 1))) if temperature > 0 else None
    winners, turns = [], []
    for start in range(0, games, _BATCH):
        numbers = range(start, min(start + _BATCH, games))
        batch = GameBatch([codes] * len(numbers), 0, to_the_end=True, threads=threads)
        # Playout n is seeded by child n of the seed.
        seeds = [np.random.SeedSequence((ODDS, seed), spawn_key=(number,)) for number in numbers]
        words = np.array([seed_words(each) for each in seeds])  # (n, 8)
        set_out(batch, np.array(game, GAME), words)
        for _ in play_out(batch, networks, rng, temperature):
            pass
        batch.close()
        decided = batch.games["over"] == DECIDED
        winners.append(np.where(decided, batch.games["winner"], -1))
        turns.append(batch.games["turns"] - game["turns"])
    return Odds(players, np.concatenate(winners), np.concatenate(turns))


def odds_of_actions(
    game: np.record, participants: Participant | Sequence[Participant], games: int = 1000, seed: int = 0, **options: Any
) -> dict[Action, Odds]:
    """Play a decision out after each legal action; return ``{Action: Odds}`` (see ``odds`` for the arguments).

    Raises:
        ValueError: the game waits for no decision; or see ``odds``.
    """
    results = {}
    for action in decision_of(game).outcomes:
        after = np.array(game, GAME)[()]
        after.logging = 0
        apply(after, action)  # ends no game: what it leads to is played in each playout
        results[action] = odds(after, participants, games, seed, **options)
    return results
