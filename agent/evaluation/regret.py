"""Where points are lost: the chance to win that a player gives away at its decisions, by kind of decision.

Decisions are drawn from whole games, and every legal action of each is played out with the same dice and cards (common random
numbers). One half of the playouts says which action is better than the one that was taken, by more than the standard error,
and the other half how much more it wins; and the other way round: so the luck of the playouts does not count as a loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rich.markup import escape
from rich.table import Table

from agent.evaluation.odds import odds_of_actions
from agent.players.advice import asked
from agent.players.playouts import Participant, controllers, play_out
from agent.players.search import without_search
from monopoly_env.actions import Action, Phase
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.game import GAME, check_players

REGRET = 20_260_101  # games and draws are seeded by (seed, REGRET), apart from training, evaluation and odds
KINDS = {
    (Phase.JAIL, Action.BUY): "jail",
    (Phase.PURCHASE, Action.BUY): "purchase",
    (Phase.AUCTION, Action.BUY): "bid",
    (Phase.MANAGE, Action.BUILD): "build",
    (Phase.MANAGE, Action.REDEEM): "redeem",
    (Phase.MANAGE, Action.TRADE): "propose",
    (Phase.OFFER, Action.BUY): "answer",
    (Phase.LIQUIDATE, Action.SELL): "sell",
    (Phase.LIQUIDATE, Action.MORTGAGE): "mortgage",
}


class Taken(NamedTuple):
    """A decision as it was taken.

    Attributes:
        game: a record that waits for it.
        action: what was done.
        seats: who plays each seat.
        weight: how many decisions of a game this one stands for.
    """

    game: np.record
    action: Action
    seats: list[Participant]
    weight: float = 1.0


@dataclass(frozen=True)
class Losses:
    """What was found at the decisions that were looked at.

    Attributes:
        kinds: of each decision, a value of ``KINDS``.
        lost: float ``(n,)``, the chance to win given away at each, in [-1, 1]; below 0 by the luck of the playouts.
        weights: float ``(n,)``, how many decisions of a game each stands for.
    """

    kinds: list[str]
    lost: np.ndarray
    weights: np.ndarray

    def of(self, kind: str | None = None) -> tuple[int, float, float, float, float]:
        """Return ``(decisions, a game, mean, low, high)`` of one kind, None: of all; a normal 95 % interval of the mean."""
        these = np.array([kind in (None, each) for each in self.kinds])
        lost, weights, count = self.lost[these], self.weights[these], int(these.sum())
        mean = float((weights * lost).sum() / weights.sum())
        error = np.sqrt(((weights * (lost - mean)) ** 2).sum() * count / max(count - 1, 1)) / weights.sum()
        half = 1.96 * float(error) if count > 1 else np.inf
        return count, float(weights.sum()), mean, mean - half, mean + half


def taken_decisions(
    player: Participant, opponents: Sequence[Participant], decisions: int, games: int, seed: int = 0
) -> list[Taken]:
    """Play games of a player, seats rotated, and draw from its decisions: as many of each phase, if there are so many.

    Raises:
        ValueError: an unknown bot, an impossible number of players, no games or no decisions.
    """
    if games < 1 or decisions < 1:
        raise ValueError(f"Regret needs at least 1 game and 1 decision. Received: {games} games, {decisions} decisions")
    chairs = [player, *opponents]
    players = check_players(len(chairs))
    codes, networks = controllers([asked(player), *opponents])
    batch = GameBatch([codes] * games, [number % players for number in range(games)], to_the_end=True)
    batch.begin(np.random.SeedSequence((REGRET, seed)).spawn(games))
    rng = np.random.default_rng((REGRET, seed, 1))
    kept: dict[int, list[Taken]] = {int(phase): [] for phase in Phase}
    seen, quota = dict.fromkeys(kept, 0), -(-decisions // (len(Phase) - 1))
    for going, actions in play_out(batch, networks, None, 0.0):
        mine = going[batch.games["actor"][going] == batch.episodes["first_seat"][going]]
        for row in mine.tolist():
            phase = int(batch.games["phase"][row])
            seen[phase] += 1
            # A reservoir: all of a phase are equally likely to stay.
            place = len(kept[phase]) if len(kept[phase]) < quota else int(rng.integers(seen[phase]))
            if place < quota:
                game = np.array(batch.games[row], GAME)[()]
                seats = [chairs[(number - game.actor) % players] for number in range(players)]
                kept[phase][place : place + 1] = [Taken(game, Action(int(actions[row])), seats)]
    batch.close()
    weights = {phase: seen[phase] / (games * max(len(those), 1)) for phase, those in kept.items()}
    return [taken._replace(weight=weights[phase]) for phase, those in kept.items() for taken in those]


def given_away(taken: Taken, playouts: int, seed: int = 0, threads: int | None = None) -> tuple[str, float]:
    """Play a decision out after each legal action.

    A searcher in one of the seats plays on without looking ahead: it would take hours.

    Returns:
        The kind of decision, by the action that was taken or left, and the chance to win that was given away.

    Raises:
        ValueError: fewer than two playouts, or too many.
    """
    if playouts < 2:
        raise ValueError(f"Regret needs at least 2 playouts, for two halves. Received: {playouts}")
    seats = [without_search(seat) for seat in taken.seats]
    after = odds_of_actions(taken.game, seats, playouts, seed, threads=threads)
    won = {action: result.winner == taken.game.actor for action, result in after.items()}  # (playouts,) each
    ahead = {action: wins.astype(float) - won[taken.action] for action, wins in won.items()}  # 0 for the action taken
    halves = slice(0, playouts // 2), slice(playouts // 2, None)
    lost, best = [], taken.action
    for judge, other in (halves, halves[::-1]):
        best = max(ahead, key=lambda action: (_surely(ahead[action][judge]), action == taken.action))
        lost.append(ahead[best][other].mean())
    phase = Phase(int(taken.game.phase))
    named = [action for action in (taken.action, best, *after) if (phase, action) in KINDS]
    return KINDS[phase, named[0]], float(np.mean(lost))


def _surely(ahead: np.ndarray) -> float:
    """Return a mean less its standard error."""
    return ahead.mean() - ahead.std() / np.sqrt(len(ahead))


def regret(
    player: Participant,
    opponents: Sequence[Participant],
    decisions: int = 300,
    playouts: int = 400,
    games: int = 100,
    seed: int = 0,
    threads: int | None = None,
) -> Losses:
    """Return what a player gives away at decisions drawn from its games.

    Args:
        player: a bot's name, a network or a searcher.
        opponents: one for each other seat, the same; the games and the playouts are with them.
        decisions: how many are drawn, as many of each phase.
        playouts: of each legal action.
        games: that the decisions are drawn from.
        seed: of all of it.
        threads: of the engine; the result does not depend on it.

    Raises:
        ValueError: see ``taken_decisions`` and ``given_away``.
    """
    drawn = taken_decisions(player, opponents, decisions, games, seed)
    found = [given_away(taken, playouts, seed + number, threads) for number, taken in enumerate(drawn)]
    return Losses(
        [kind for kind, _ in found], np.array([lost for _, lost in found]), np.array([taken.weight for taken in drawn])
    )


def regret_table(losses: Losses, title: str) -> Table:
    """Return what is given away by kind, the largest loss of a game first: that of a decision times how many a game has."""
    table = Table("kind", title=escape(title))
    for column in ("decisions", "a game", "lost at one", "95 % interval", "lost a game"):
        table.add_column(column, justify="right", no_wrap=True)
    rows = sorted(((kind, *losses.of(kind)) for kind in set(losses.kinds)), key=lambda row: -row[2] * row[3])
    for kind, count, often, mean, low, high in [*rows, ("all", *losses.of())]:
        span = f"{points(low)} to {points(high)}"
        table.add_row(kind, f"{count:,}", f"{often:.1f}", points(mean), span, points(mean * often))
    return table


def points(share: float) -> str:
    """Return a chance to win in points: 0.0123 is "1.23"."""
    return f"{100 * share:.2f}"
