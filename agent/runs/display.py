"""What a training run shows while it runs and when it ends: live in a terminal, plain lines elsewhere."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from agent.evaluation.statistics import percent, span
from agent.learning.config import TrainConfig

if TYPE_CHECKING:  # they start TensorFlow, which takes seconds
    from agent.evaluation.match import Match
    from agent.runs.run import Progress

_PLAIN_SECONDS = 10.0  # between two plain lines


def say(console: Console, text: str, own: str = "") -> None:
    """Print a sentence: in a terminal wrapped between words, elsewhere as one line.

    Args:
        console: where to.
        text: the sentence.
        own: a path or command that ends it; in a terminal it gets a line of its own, which is never broken.
    """
    if not console.is_terminal:
        console.print(f"{text} {own}".rstrip(), soft_wrap=True, markup=False, highlight=False)
        return
    wrapped = textwrap.fill(text, console.width, break_long_words=False, break_on_hyphens=False)  # Rich would break long paths
    console.print(wrapped, soft_wrap=True, markup=False, highlight=False)
    if own:
        console.print(f"  {own}", style="bold", soft_wrap=True, markup=False, highlight=False)


def beginning(config: TrainConfig) -> str:
    """Return what kind of run begins, in a sentence."""
    layers = " -> ".join(str(units) for units in (23, *config.hidden, 7))
    learner = "PPO" if config.head == "softmax" else "Q(lambda)"
    return (
        f"Training a network {layers} with a {config.head} head by {learner}: {config.total:,} decisions at "
        f"{config.num_envs:,} tables of {', '.join(map(str, config.sizes))}, seed {config.seed}."
    )


def hints(config: TrainConfig) -> str:
    """Return how long the default run takes, where this is one, and how a run is stopped."""
    default = replace(config, seed=0, threads=None) == TrainConfig()
    lasting = "The default run takes three to five minutes on two cores. " if default else ""
    return f"{lasting}Ctrl-C saves and stops; --resume goes on."


class Display:
    """Shows the progress of a run on a rich console."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live: Live | None = None
        self._last = 0.0

    @contextmanager
    def running(self) -> Iterator[Display]:
        """Show progress inside this block."""
        if not self.console.is_terminal:
            yield self
            return
        with Live(console=self.console, refresh_per_second=4, transient=False) as self._live:
            yield self
        self._live = None

    def show(self, progress: Progress) -> None:
        """Show the state after an update."""
        if self._live is not None:
            self._live.update(panel(progress))
            return
        last = progress.update.progress >= 1
        fresh = progress.evaluated == progress.update.decisions
        if fresh or last or time.monotonic() - self._last > _PLAIN_SECONDS:
            self._last = time.monotonic()
            self.console.print(line(progress), soft_wrap=True, highlight=False)


def panel(progress: Progress) -> Group:
    """Return the live view: a bar, the counts, the win rates."""
    update = progress.update
    bar = Table.grid()  # a bar by itself does not end its line
    bar.add_row(ProgressBar(total=1.0, completed=update.progress, width=60))
    counts = Table.grid(padding=(0, 3))
    counts.add_row("decisions", f"{update.decisions:,} of {progress.total:,}", "per second", f"{progress.rate:,.0f}")
    counts.add_row("games", f"{update.games:,}", "time left", duration(progress.seconds_left))
    parts = [bar, counts]
    if progress.matches:
        parts += [Text(f"win rate after {progress.evaluated:,} decisions", style="dim")]
        parts += [Text(f"  against {name}: {rate(match)}") for name, match in progress.matches.items()]
    return Group(*parts)


def line(progress: Progress) -> str:
    """Return the same as one plain line."""
    update = progress.update
    text = (
        f"{update.progress:4.0%}  {update.decisions:>11,} decisions  {progress.rate:>7,.0f}/s  {update.games:>8,} games  "
        f"{duration(progress.seconds_left)} left"
    )
    if progress.evaluated == update.decisions:
        text += "".join(f"  {name} {rate(match)}" for name, match in progress.matches.items())
    return text


def rate(match: Match) -> str:
    """Return a win rate with its interval: ``57.1 % (54.0 to 60.2, 1,000 games)``."""
    return f"{percent(match.rate)} ({span(match.interval)}, {match.games:,} games)"


def duration(seconds: float) -> str:
    """Return a time in minutes and seconds, ``3:07`` or ``1:02:45``."""
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
