"""A long training run, with real saves, that watches its own memory, speed and files.

    python tests/trust/long_run.py --decisions 200000000

A decision is as cheap as training can make it (a linear head, 8 hidden units, one pass over the samples, one seat against a
random player), so that the loop, the games and the saves have their share. For every tenth of the run it prints decisions per
second of processor time, the memory that the process holds (from /proc/self/statm; elsewhere the peak, as ``resource`` has
it), and what lies in the run's folder. Exit code 1: memory or files grow, or the speed drifts. Options: --help.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent.files.errors import UserError, user_errors

PARTS = 10
MEMORY_LIMIT = 32.0  # MB that the process may grow by after the first tenth
DRIFT_LIMIT = 0.25  # share by which the speed of the last tenths may be below that of the first ones


@dataclass
class Part:
    """A part of the run, at its end.

    Attributes:
        decisions: so far.
        rate: decisions a second of processor time, in this part: what else the machine does is not its fault.
        memory: MB that the process holds.
        checkpoints: how many files of that kind there are.
        checkpoint_bytes, model_bytes, metrics_bytes: sizes; of the checkpoints all together.
    """

    decisions: int
    rate: float
    memory: float
    checkpoints: int
    checkpoint_bytes: int
    model_bytes: int
    metrics_bytes: int


def memory() -> float:
    """Return the memory that this process holds, in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def settings(decisions: int, tables: int, threads: int | None):
    """Return the cheapest run of so many decisions."""
    from agent.learning.config import TrainConfig

    cheap = {"hidden": (8,), "epochs": 1, "minibatches": 4, "rollout_steps": 32, "num_envs": tables, "threads": threads}
    games = {"players": 2, "self_play": 0.0, "bots": 1.0, "mixed": 0.0, "opponents": ("random",), "max_turns": 200}
    return TrainConfig.for_head("linear", decisions=decisions, **cheap, **games)


def watched(config, base: Path, save_seconds: float, tell=lambda part: None) -> list[Part]:
    """Train in a folder below ``base`` and return how each tenth of the run went."""
    from agent.learning.config import RunOptions
    from agent.learning.trainer import Training
    from agent.runs.folder import RunFolder
    from agent.runs.run import Run

    parts: list[Part] = []
    ends = [round(config.updates * (part + 1) / PARTS) for part in range(PARTS)]
    with RunFolder.create("long", config.head, base) as folder:
        folder.write_config(config)
        run = Run(Training(config), folder, options=RunOptions(evaluations=PARTS, games=50, save_every=save_seconds))
        started, before = time.process_time(), 0
        for progress in run.progress():
            if progress.update.number == ends[len(parts)]:
                run.save()
                now, decisions = time.process_time(), progress.update.decisions
                files = [path.stat().st_size for path in folder.path.glob("checkpoint*.npz")]
                model, metrics = ((folder.path / name).stat().st_size for name in ("model.keras", "metrics.csv"))
                rate = (decisions - before) / (now - started)
                parts.append(Part(decisions, rate, memory(), len(files), sum(files), model, metrics))
                tell(parts[-1])
                started, before = now, decisions
    return parts


def faults(parts: list[Part], updates: int) -> list[str]:
    """Return what has grown that must not, a line each. The time is not judged here."""
    found = []
    first, last = parts[0], parts[-1]
    if last.memory - first.memory > MEMORY_LIMIT:
        found.append(f"The memory grew from {first.memory:.0f} to {last.memory:.0f} MB.")
    if max(part.checkpoints for part in parts) > 2:
        found.append(f"There are {last.checkpoints} checkpoints.")
    for what in ("checkpoint_bytes", "model_bytes"):
        sizes = [getattr(part, what) for part in parts[1:]]
        if max(sizes) > 1.01 * min(sizes):
            found.append(f"{what} went from {min(sizes):,} to {max(sizes):,}.")
    if last.metrics_bytes > 600 * updates:
        found.append(f"metrics.csv has {last.metrics_bytes:,} bytes for {updates:,} updates.")
    return found


def drift(parts: list[Part]) -> float:
    """Return by what share the last three tenths were slower than the first three, by their medians."""
    early, late = (statistics.median(part.rate for part in some) for some in (parts[:3], parts[-3:]))
    return 1 - late / early


@user_errors()
def main(
    decisions: Annotated[int, typer.Option(min=1, help="Of the run.")] = 200_000_000,
    tables: Annotated[int, typer.Option(min=1, help="Games side by side.")] = 2048,
    threads: Annotated[int, typer.Option(min=1, help="Of TensorFlow and of the games.")] = 1,
    save_every: Annotated[float, typer.Option(min=0, help="Seconds between two saves.")] = 10.0,
) -> None:
    """Train for long and watch memory, speed and files."""
    from agent.learning.keras_setup import load_keras

    load_keras(threads)
    config = settings(decisions, tables, threads)
    if config.updates < PARTS:
        raise UserError(f"The run needs at least {PARTS * config.batch:,} decisions. Received: {decisions:,}")
    print("    decisions    per CPU-s  memory MB  checkpoints         bytes      model    metrics", flush=True)

    def tell(part: Part) -> None:
        text = (
            f"{part.decisions:13,}  {part.rate:11,.0f}  {part.memory:9.1f}  {part.checkpoints:11}  {part.checkpoint_bytes:12,}"
        )
        print(f"{text}  {part.model_bytes:9,}  {part.metrics_bytes:9,}", flush=True)

    started = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        parts = watched(config, Path(base), save_every, tell)
    found = faults(parts, config.updates)
    slower = f"the last three tenths were slower than the first three by {drift(parts):.1%}"
    print(f"{config.updates:,} updates in {time.monotonic() - started:,.0f} s; {slower}")
    if drift(parts) > DRIFT_LIMIT:
        found.append("The run slows down.")
    for line in found or ["Nothing grows that must not."]:
        print(line)
    if found:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
