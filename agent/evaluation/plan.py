"""The matches of an evaluation: planned from what a user writes, played with their progress shown, stopped by Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from agent.evaluation import AGAINST
from agent.evaluation.match import Match, Part, Play, joined, match_plan, play_here
from agent.evaluation.ray import Cluster, Here
from agent.players.registry import SEARCHER, participant, participants, split_names
from monopoly_env.game import MAX_PLAYERS, MIN_PLAYERS

GAMES, FEW_GAMES = 10_000, 200  # a game with a searcher takes some seconds
MOST_GAMES = 10_000_000
_PLAIN_LINES = 10  # of a match's progress, where there is no terminal

Told = Callable[[int], object]  # is told how many games more are over


def default_games(model: str, against: Sequence[str]) -> int:
    """Return how many games a match has if the user does not say."""
    return FEW_GAMES if SEARCHER in split_names(",".join([model, *against])) else GAMES


def check_games(games: int) -> int:
    """Return a number of games, or raise ValueError unless it is 1 to `MOST_GAMES`."""
    if not 1 <= games <= MOST_GAMES:
        raise ValueError(f"A match needs at least 1 game, and takes up to {MOST_GAMES:,}. Received: {games}")
    return games


def evaluate(
    model: Any, against: Sequence[str] | str = AGAINST, games: int = 1000, seed: int = 0, players: int = 4, **options: Any
) -> dict[str, Match]:
    """Play a match against each of the opponents named; return the matches by these names.

    Args:
        model: a Keras model, a `Player`, a `.keras` file, a run's folder, "agent" or a bot.
        against: one name for all other seats, or one a seat with commas between them; several of these: several matches.
        games: of each match.
        seed: of the dice.
        players: seats of a table where one name stands for all opponents.
        options: see `agent.evaluation.match.match_plan`.

    Raises:
        ModelError: an unknown player.
        ValueError: a number of players or games that cannot be, or an option out of its range.
    """
    against = [against] if isinstance(against, str) else against
    plans = match_plans(model, against, players, games, seed=seed, **options)
    return {names: joined(list(play_here(plan))) for names, plan in plans.items()}


def match_plans(model: Any, against: Sequence[str], players: int, games: int | None, **options: Any) -> dict[str, list[Part]]:
    """Return the parts of the matches by opponents.

    Args:
        model: the first participant, see ``agent.players.registry``.
        against: opponents of each match: one name for all other seats, or one a seat with commas between them.
        players: seats of a table where one name stands for all opponents.
        games: of each match; None: `default_games`.
        options: see ``agent.evaluation.match.match_plan``.

    Raises:
        ModelError: an unknown player.
        ValueError: a number of players or games that cannot be, or an option out of its range.
    """
    if not MIN_PLAYERS <= players <= MAX_PLAYERS:
        raise ValueError(f"Monopoly is for {MIN_PLAYERS} to {MAX_PLAYERS} players. Received: --players {players}")
    games = check_games(default_games(model, against) if games is None else games)
    first = participant(model)
    plans = {}
    for names in against:
        loaded, listed = participants(names), split_names(names)
        opponents = [loaded[name] for name in (listed if len(listed) > 1 else listed * (players - 1))]
        plans[names] = match_plan(first, opponents, games, **options)
    return plans


def play_matches(
    plans: dict[str, list[Part]], workforce: AbstractContextManager[Here | Cluster], shown: Shown
) -> tuple[dict[str, Match], bool]:
    """Play matches, and return them by opponents, and whether the user stopped them by Ctrl-C.

    What was over by then is there; a match without a game is not.

    Args:
        plans: of the matches.
        workforce: who plays, see ``agent.evaluation.ray.workforce``.
        shown: shows the progress.

    Raises:
        ClusterError: see ``agent.evaluation.ray``.
    """
    over: dict[str, list[Match]] = {}
    stopped = False
    try:
        with workforce as workers:
            played = workers.play([part for plan in plans.values() for part in plan])
            for names, plan in plans.items():
                told = shown.start(f"against {names}", games_of(plan))
                for _ in plan:
                    match = next(played)
                    over.setdefault(names, []).append(match)
                    told(match.games)
    except KeyboardInterrupt:
        stopped = True
    return {names: joined(parts) for names, parts in over.items()}, stopped


def games_of(parts: Sequence[Part]) -> int:
    """Return the games of some parts together."""
    return sum(part.stop - part.start for part in parts)


def with_progress(play: Play, what: str, shown: Shown) -> Play:
    """Return ``play``, with its progress shown under the name ``what``."""

    def playing(parts: Sequence[Part]) -> Iterator[Match]:
        told = shown.start(what, games_of(parts))
        for match in play(parts):
            told(match.games)
            yield match

    return playing


class Shown:
    """Shows how many games are over: as bars in a terminal, elsewhere as a plain line at every tenth of them.

    Use `showing` to make one.
    """

    def __init__(self, console: Console, bars: Progress | None) -> None:
        self._console = console
        self._bars = bars

    def start(self, what: str, games: int) -> Told:
        """Begin to count towards so many games; return what is to be told of those that are over."""
        if self._bars is not None:
            bars, task = self._bars, self._bars.add_task(what, total=games)
            return lambda more: bars.advance(task, more)
        return _Lines(self._console, what, games).count


@dataclass
class _Lines:
    """The plain lines of one count."""

    console: Console
    what: str
    games: int
    over: int = 0

    def count(self, more: int) -> None:
        """Add games that are over."""
        before, self.over = self.over, self.over + more
        if before * _PLAIN_LINES // self.games < self.over * _PLAIN_LINES // self.games:
            text = f"{self.what}: {self.over:,} of {self.games:,} games"
            self.console.print(text, soft_wrap=True, markup=False, highlight=False)


@contextmanager
def showing(console: Console) -> Iterator[Shown]:
    """Show the progress of games inside this block on a console."""
    if not console.is_terminal:
        yield Shown(console, None)
        return
    text = TextColumn("{task.description}", markup=False)
    with Progress(text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bars:
        yield Shown(console, bars)
