"""Matches: many games among networks and bots, with seats rotated and dice that do not depend on who plays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agent.evaluation.statistics import wilson_interval
from agent.players.playouts import EVALUATION, Participant, controllers, play_out
from agent.players.registry import participant as participant_of
from monopoly_env.actions import ACTION_COUNT, Phase
from monopoly_env.batch.game_batch import GameBatch, net_worths
from monopoly_env.game import DECIDED, DEFAULT_MAX_TURNS, check_players

PART = 1000  # games of a part; they are played side by side


@dataclass(repr=False)
class Match:
    """The games of one participant against others; printed, it is three lines.

    Attributes:
        players: seats of a table.
        seat: int ``(n,)``, where the first participant sat.
        winner: int ``(n,)``, the winner's seat, -1 for a capped game.
        decided: bool ``(n,)``, False for a capped game.
        turns: int ``(n,)``.
        worth: int ``(n, players)``, net worth at the end, in dollars.
        actions: int ``(7, 7)``, decisions of the first participant by phase and action (networks only).
        visits: int ``(41,)``, rolls that ended on each square (40: in jail), all seats.
        rent: int ``(40,)``, dollars of rent paid on each square, all seats.
    """

    players: int
    seat: np.ndarray
    winner: np.ndarray
    decided: np.ndarray
    turns: np.ndarray
    worth: np.ndarray
    actions: np.ndarray
    visits: np.ndarray
    rent: np.ndarray

    @property
    def games(self) -> int:
        """Number of games."""
        return len(self.seat)

    @property
    def wins(self) -> int:
        """Games that the first participant won."""
        return int((self.winner == self.seat).sum())

    @property
    def rate(self) -> float:
        """Share of all games (capped ones count as not won) that the first participant won."""
        return self.wins / self.games if self.games else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson 95 % interval of the win rate."""
        return wilson_interval(self.wins, self.games)

    def __repr__(self) -> str:
        """Return the result in three lines; the arrays are for programs."""
        low, high = self.interval
        capped = int((~self.decided).sum())
        seats = ", ".join(f"{100 * wins / games:.1f} %" if games else "-" for wins, games in self.by_seat())
        return (
            f"won {100 * self.rate:.1f} % ({100 * low:.1f} to {100 * high:.1f}) of {self.games:,} games; "
            f"par {100 / self.players:.1f} %\n"
            f"by seat: {seats}\n"
            f"stopped by the turn cap: {capped:,}; turns in the mean: {self.turns.mean():.0f}"
        )

    def by_seat(self) -> list[tuple[int, int]]:
        """Return ``(wins, games)`` of the first participant for each seat."""
        won = self.winner == self.seat
        return [(int(won[self.seat == seat].sum()), int((self.seat == seat).sum())) for seat in range(self.players)]


@dataclass(frozen=True)
class Part:
    """Games ``start`` to ``stop - 1`` of a match, with all that playing them takes: any process can do it, in any order.

    Attributes:
        participants: the first one and its opponents.
        start, stop: which games.
        seed: the match's.
        temperature: 0, or that of the networks' draws.
        options: ``max_turns``, ``house_rules`` and ``threads`` of ``monopoly_env.batch.game_batch.GameBatch``.
    """

    participants: tuple[Participant, ...]
    start: int
    stop: int
    seed: int
    temperature: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)


def match_plan(
    participant: Any,
    opponents: Sequence[Any],
    games: int,
    seed: int = 0,
    *,
    max_turns: int = DEFAULT_MAX_TURNS,
    threads: int | None = None,
    temperature: float = 0.0,
    house_rules: Sequence[str] | str = (),
) -> list[Part]:
    """Return the parts of the match that `play_match` plays. They are the same however they are played.

    Raises:
        ValueError: no games, an impossible number of players, a temperature that is none.
        ModelError: a participant that is none.
    """
    if games < 1:
        raise ValueError(f"A match needs at least 1 game. Received: {games}")
    if seed < 0:
        raise ValueError(f"A seed is a whole number of at least 0. Received: {seed}")
    if not 0 <= temperature < math.inf:
        raise ValueError(f"A temperature is a number of 0 or above. Received: {temperature}")
    loaded = {each: participant_of(each) for each in {participant, *opponents}}
    participants = tuple(loaded[each] for each in (participant, *opponents))
    check_players(len(participants))
    controllers(participants)
    options = {"max_turns": max_turns, "house_rules": house_rules, "threads": threads}
    size = min(getattr(each, "games_at_once", PART) for each in participants)
    starts = range(0, games, size)
    return [Part(participants, start, min(start + size, games), seed, temperature, options) for start in starts]


def play_part(part: Part) -> Match:
    """Play the games of a part.

    Raises:
        ValueError: an option is out of range.
    """
    players = len(part.participants)
    codes, networks = controllers(part.participants)
    rng = None
    if part.temperature > 0:
        rng = np.random.default_rng(np.random.SeedSequence((EVALUATION, part.seed, 1), spawn_key=(part.start,)))
    numbers = range(part.start, part.stop)
    seatings = [_rotated(codes, number // players) for number in numbers]
    batch = GameBatch(seatings, [number % players for number in numbers], to_the_end=True, **part.options)
    # Game n is seeded by child n of the match's seed.
    batch.begin([np.random.SeedSequence((EVALUATION, part.seed), spawn_key=(number,)) for number in numbers])
    counts = np.zeros((len(Phase), ACTION_COUNT), np.int64)  # of the first participant
    for going, actions in play_out(batch, networks, rng, part.temperature):
        mine = going[batch.games["actor"][going] == batch.episodes["first_seat"][going]]
        np.add.at(counts, (batch.games["phase"][mine], actions[mine]), 1)
    batch.close()
    return _result(batch, players, counts)


def play_here(parts: Sequence[Part]) -> Iterator[Match]:
    """Play parts one after the other in this process, and yield each when it is over."""
    return map(play_part, parts)


# Plays parts somewhere and yields their games in the order of the parts.
Play = Callable[[Sequence[Part]], Iterator[Match]]


def play_match(
    participant: Any,
    opponents: Sequence[Any],
    games: int,
    seed: int = 0,
    *,
    play: Play = play_here,
    **options: Any,
) -> Match:
    """Play ``games`` games of one participant against the others; game i sits it at seat ``i % players``.

    Game i has the same dice and cards for the same ``seed``, whoever plays. Opponents sit clockwise from the participant, in
    the order given, which is rotated as well from one round of seats to the next.

    Args:
        participant: a bot, a `Player`, a Keras model, or what a user writes (`agent.players.registry.participant`).
        opponents: one for each other seat, the same kinds.
        games: number of games.
        seed: of the evaluation's own stream.
        play: plays the parts of the match; the result does not depend on it.
        options: ``max_turns``, the turn cap (R59); ``threads`` for the engine (None: one a core; the result does not depend
            on it); ``temperature``, 0: networks take their best action, above: they draw; ``house_rules``, names out of
            ``monopoly_env.HOUSE_RULES``.

    Raises:
        ValueError: no games, an impossible number of players, a temperature that is none.
        ModelError: a participant that is none.
    """
    return joined(list(play(match_plan(participant, opponents, games, seed, **options))))


def _rotated(codes: list[int], turn: int) -> list[int]:
    """Return the seating with the opponents shifted by ``turn`` places."""
    others = codes[1:]
    shift = turn % len(others)
    return [codes[0], *others[shift:], *others[:shift]]


def _result(batch: GameBatch, players: int, actions: np.ndarray) -> Match:
    games = batch.games
    return Match(
        players=players,
        seat=batch.episodes["first_seat"].astype(np.int64),
        winner=games["winner"].astype(np.int64),
        decided=games["over"] == DECIDED,
        turns=games["turns"].astype(np.int64),
        worth=net_worths(games)[:, :players],
        actions=actions,
        visits=games["visits"].sum(axis=0, dtype=np.int64),
        rent=games["rent"].sum(axis=0, dtype=np.int64),
    )


def joined(parts: Sequence[Match]) -> Match:
    """Return the games of several parts of a match as one."""

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])

    def summed(name: str) -> np.ndarray:
        return np.sum([getattr(part, name) for part in parts], axis=0)

    games = {name: together(name) for name in ("seat", "winner", "decided", "turns", "worth")}
    return Match(parts[0].players, **games, **{name: summed(name) for name in ("actions", "visits", "rent")})
