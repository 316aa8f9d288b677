"""This project's PPO beside Stable-Baselines3's: the same games, the same decisions, the same judges."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from agent.evaluation.match import Match, play_match
from agent.evaluation.statistics import rate_text
from agent.learning.config import TrainConfig
from agent.players.network import Player

YARDSTICKS = ("landlord", "random")
OURS, LIKE_OURS, AS_IT_COMES = "this project's PPO", "MaskablePPO, same settings", "MaskablePPO, its defaults"
_NEEDED = ("torch", "stable_baselines3", "sb3_contrib")


@dataclass
class Entry:
    """One learner's run.

    Attributes:
        name: whose.
        decisions: made in training.
        seconds: of the whole training, with what it takes to start.
        processor: seconds of processor time of it, all threads together.
        rate: decisions per second from the second update on.
        note: the settings, where they are not those of the others.
        matches: the trained network's match against a table of each of `YARDSTICKS`.
    """

    name: str
    decisions: int
    seconds: float
    processor: float
    rate: float
    note: str = ""
    matches: dict[str, Match] = field(default_factory=dict)


def settings(decisions: int, seed: int = 0, threads: int | None = None, **changes: Any) -> TrainConfig:
    """Return the settings of both: the defaults of the softmax head, at one seat against three `landlord`.

    Args:
        decisions: of each learner; whole updates of 65,536 are made.
        seed: of networks and games.
        threads: of TensorFlow, PyTorch and the engine; None: one a core.
        changes: of other settings of `TrainConfig`.

    Raises:
        ValueError: a setting is out of its range, or fewer than two updates: the first is not timed.
    """
    fixed = {"self_play": 0.0, "bots": 1.0, "mixed": 0.0, "opponents": ("landlord",)}
    config = TrainConfig.for_head("softmax", decisions=decisions, seed=seed, threads=threads, **fixed, **changes)
    if config.updates < 2:
        raise ValueError(f"Two updates of {config.batch:,} decisions are the least that can be timed. Received: {decisions:,}")
    return config


def check_installed() -> None:
    """Look whether Stable-Baselines3 is there, without importing it.

    Raises:
        ImportError: it or what it needs is not installed; one line.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ImportError(
            f'This needs Stable-Baselines3 and sb3-contrib: pip install -e ".[sb3]" (install the CPU build of PyTorch first). '
            f"Not found: {', '.join(missing)}"
        )


def side_by_side(
    config: TrainConfig, games: int, defaults: bool = False, tell: Callable[[str], object] = lambda text: None
) -> Iterator[Entry]:
    """Train and judge one learner after the other; yield each when it is done.

    Args:
        config: see `settings`.
        games: of each match.
        defaults: train MaskablePPO with its own defaults as well, which takes many times as long.
        tell: called with a line on what is being done.

    Raises:
        ImportError: see `check_installed`; nothing has been trained then.
        RuntimeError: TensorFlow has started with another number of threads.
    """
    check_installed()
    from agent.learning.keras_setup import load_keras

    load_keras(config.threads)  # before Stable-Baselines3, which imports TensorFlow's logger with all its messages
    from agent.benchmark import maskable_ppo

    tell("Warming up the engine")
    play_match("landlord", ["landlord"] * 3, 4, threads=config.threads)
    tell(f"Training {OURS}")
    entry, player = _ours(config)
    yield _judged(entry, player, config, games, tell)
    for name in (LIKE_OURS, AS_IT_COMES)[: 1 + defaults]:
        tell(f"Training {name}")
        own = name == AS_IT_COMES
        started = _now()
        model, times = maskable_ppo.train(config, defaults=own)
        note = maskable_ppo.described(model) if own else ""
        entry = _timed(name, model.num_timesteps, started, times, note)
        yield _judged(entry, maskable_ppo.MaskablePPOPlayer(model), config, games, tell)


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _ours(config: TrainConfig) -> tuple[Entry, Player]:
    from agent.learning.trainer import Training

    started = _now()
    training = Training(config)
    times = [time.monotonic()]
    for _ in training.run():
        times.append(time.monotonic())
    return _timed(OURS, training.decisions, started, times), training.player()


def _timed(name: str, decisions: int, started: tuple[float, float], times: list[float], note: str = "") -> Entry:
    """Return the entry of a run, just ended, whose updates began at `times`, the last of which is the end."""
    updates = len(times) - 1
    rate = decisions * (updates - 1) / updates / (times[-1] - times[1])
    return Entry(name, decisions, times[-1] - started[0], time.process_time() - started[1], rate, note)


def _judged(entry: Entry, player: Player, config: TrainConfig, games: int, tell: Callable[[str], object]) -> Entry:
    tell(f"Playing {games:,} games against each yardstick with {entry.name}")
    others = config.sizes[0] - 1
    options = {"max_turns": config.max_turns, "threads": config.threads}
    entry.matches = {name: play_match(player, [name] * others, games, **options) for name in YARDSTICKS}
    return entry


def described(config: TrainConfig) -> str:
    """Say what the runs have in common, in whole sentences."""
    c, threads = config, config.threads or os.cpu_count()
    return (
        f"Both learn at one seat against {c.sizes[0] - 1} {c.opponents[0]}, reward {c.reward}, seed {c.seed}, threads: "
        f"{threads}; {c.num_envs:,} games side by side, {c.rollout_steps} decisions of each in an update, {c.epochs} passes in "
        f"minibatches of {c.minibatch:,}, Adam from {c.learning_rate:g} to {c.learning_rate_final:g}, gamma {c.gamma:g}, "
        f"lambda {c.lam:g}, clip {c.clip:g}, entropy bonus {c.entropy:g} to {c.entropy_final:g}, gradients up to "
        f"{c.max_grad_norm:g}; policy and critic with layers of {', '.join(map(str, c.hidden))}, layer normalisation and ReLU. "
        f"MaskablePPO gets its games from MonopolySB3VecEnv. {_versions()}"
    )


def _versions() -> str:
    names = ("sb3-contrib", "stable-baselines3", "torch", "tensorflow", "keras")
    return "Versions: " + ", ".join(f"{name} {version(name)}" for name in names) + "."


def tables(entries: list[Entry]) -> Any:
    """Return speed and strength of the runs as Rich tables, 80 columns wide."""
    from rich.console import Group
    from rich.table import Table

    speed = Table("", title="Speed of learning, on this machine, now")
    for column in ("decisions", "seconds", "processor s", "decisions/s"):
        speed.add_column(column, justify="right")
    strength = Table("", title="Games won afterwards (Wilson 95 % interval)")
    for name in YARDSTICKS:
        strength.add_column(f"against 3 {name}", justify="right")
    for entry in entries:
        figures = (entry.decisions, round(entry.seconds), round(entry.processor), round(entry.rate))
        speed.add_row(entry.name, *(f"{figure:,}" for figure in figures))
        strength.add_row(entry.name, *(_won(entry.matches[name]) for name in YARDSTICKS))
    return Group(speed, strength)


def _won(match: Match) -> str:
    return rate_text(match.rate, match.interval)


def verdicts(entries: list[Entry]) -> list[str]:
    """Say how this project's PPO compares to each of the others: speed, and strength where the intervals are apart."""
    ours, lines = entries[0], []
    for other in entries[1:]:
        parts = [f"{ours.rate / other.rate:.1f} times as many decisions a second as {other.name}"]
        for name in YARDSTICKS:
            mine, theirs = ours.matches[name].interval, other.matches[name].interval
            word = "stronger" if mine[0] > theirs[1] else "weaker" if mine[1] < theirs[0] else "no clear difference"
            parts.append(f"{word} against {name}")
        lines.append(f"{ours.name}: " + "; ".join(parts) + ".")
    return lines
