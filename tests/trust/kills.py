"""Kills training runs at random moments and compares what they end with to a run that was left alone.

    python tests/trust/kills.py --kills 50

A run of ``scripts/train.py`` on one thread that saves after every update is killed (SIGKILL) again and again, in start-up, in
training, in evaluations and in saves, and goes on by ``--resume`` each time. At its end its weights, its whole checkpoint and
its metrics must be the same, bit for bit, as those of the run that was left alone. A run that ends before all kills are made
is followed by another one. Exit code 1: something differs, or a run could not go on.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from agent.files.checkpoint import load_checkpoint  # noqa: E402
from agent.files.errors import UserError, user_errors  # noqa: E402
from agent.learning.config import TrainConfig  # noqa: E402

_START_SHARE = 0.2  # of the kills come at any moment after the start of the process, the others once it has saved
_START_SECONDS, _TRAINING_SECONDS = 12.0, 2.5  # at most, after those moments


class DifferenceError(UserError):
    """A run did not go on, or did not end as it should have."""


@dataclass
class Tally:
    """What happened."""

    kills: int = 0
    runs: int = 0
    moments: Counter = field(default_factory=Counter)


def settings(updates: int, threads: int | None = 1) -> TrainConfig:
    """Return a run of updates that take some hundredths of a second each."""
    small = {"hidden": (8,), "num_envs": 32, "rollout_steps": 16, "minibatches": 4, "epochs": 1}
    return TrainConfig.for_head("softmax", **small, decisions=512 * updates, threads=threads, xla=False)


def prepare(folder: Path, config: TrainConfig) -> None:
    """Write the folder of a run that has not begun."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config.to_dict()))


def start(folder: Path) -> subprocess.Popen:
    """Start or go on with a run."""
    words = ["--evaluations", "3", "--games", "40", "--final-games", "0", "--save-every", "0"]
    command = [sys.executable, "scripts/train.py", "--resume", str(folder), *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process: subprocess.Popen) -> None:
    """Wait for the end of a run that is left alone."""
    output, _ = process.communicate(timeout=600)
    if process.returncode:
        raise DifferenceError(f"The run ended with exit code {process.returncode}:\n{output}")


def _stamp(folder: Path) -> tuple[int, ...]:
    """Return what changes with every save."""
    try:
        facts = (folder / "checkpoint.npz").stat()
    except FileNotFoundError:
        return ()
    return facts.st_ino, facts.st_mtime_ns


def kill(folder: Path, rng: np.random.Generator) -> bool:
    """Let the run go on for a random time and kill it; return whether it was still running."""
    before, process = _stamp(folder), start(folder)
    early = rng.random() < _START_SHARE
    wait = rng.uniform(0, _START_SECONDS if early else _TRAINING_SECONDS)
    while not early and _stamp(folder) == before and process.poll() is None:
        time.sleep(0.01)
    try:
        process.wait(wait)
    except subprocess.TimeoutExpired:
        process.kill()
    output, _ = process.communicate()
    if process.returncode > 0:
        raise DifferenceError(f"The run ended with exit code {process.returncode}:\n{output}")
    return process.returncode < 0


def moment(folder: Path) -> str:
    """Return where in its work a killed run stood, as its folder shows."""
    left = [path.name for path in folder.glob(".*.tmp.*")]
    for name in ("checkpoint", "model", "metrics", "curve"):
        if any(path.startswith(f".{name}.") for path in left):
            return f"while writing the {name}"
    if not (folder / "checkpoint.npz").exists():
        return "between the two renames of a save" if (folder / "model.keras").exists() else "before the first save"
    _, meta = load_checkpoint(folder / "checkpoint.npz")
    with open(folder / "metrics.csv") as file:
        lines = sum(1 for _ in file) - 1
    return "in a save, the metrics ahead of the checkpoint" if lines > meta["lines"] else "in start-up or training"


def plain(value):
    """Return a nested dict of arrays, or anything else that was read, as something that can be compared bit for bit."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return (value.dtype.descr, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value


def weights(folder: Path) -> list[np.ndarray]:
    """Return the weights in a run's model file."""
    from agent.players.model_file import load_model

    return load_model(folder / "model.keras").get_weights()


def compare(folder: Path, reference: Path) -> None:
    """Raise DifferenceError unless two finished runs are the same."""
    (arrays, meta), (expected, expected_meta) = (load_checkpoint(run / "checkpoint.npz") for run in (folder, reference))
    if plain(arrays) != plain(expected) or meta != expected_meta:
        raise DifferenceError(f"The checkpoint in {folder} differs.")
    if [w.tobytes() for w in weights(folder)] != [w.tobytes() for w in weights(reference)]:
        raise DifferenceError(f"The model in {folder} differs.")
    if (folder / "metrics.csv").read_bytes() != (reference / "metrics.csv").read_bytes():
        raise DifferenceError(f"The metrics in {folder} differ.")
    files = {path.name for path in folder.iterdir() if not path.name.startswith("events.")}
    files -= {path.name for path in reference.iterdir()}
    if files:
        raise DifferenceError(f"These files were left in {folder}: {', '.join(sorted(files))}")


def torment(base: Path, kills: int, updates: int, seed: int, tell=lambda text: None) -> Tally:
    """Kill runs of so many updates as often as asked for, let each come to its end, and compare.

    Raises:
        DifferenceError: a run could not go on, or ended otherwise than the one that was left alone.
    """
    rng, tally, config = np.random.default_rng(seed), Tally(), settings(updates)
    reference = base / "alone"
    prepare(reference, config)
    finish(start(reference))
    while tally.kills < kills:
        tally.runs += 1
        folder = base / f"killed-{tally.runs}"
        prepare(folder, config)
        alive = True
        while alive and tally.kills < kills:
            alive = kill(folder, rng)
            if alive:
                tally.kills += 1
                where = moment(folder)
                tally.moments[where] += 1
                tell(f"{tally.kills} of {kills} kills, run {tally.runs}: {where}")
        finish(start(folder))
        compare(folder, reference)
    return tally


@user_errors()
def main(
    kills: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    updates: Annotated[int, typer.Option(min=1, help="Updates of a run.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Of the moments.")] = 0,
) -> None:
    """Kill training runs at random moments; they must end as if left alone."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        tally = torment(Path(base), kills, updates, seed, lambda text: print(text, flush=True))
    print(f"{tally.kills} kills in {tally.runs} runs of {updates} updates, {time.monotonic() - started:.0f} s:")
    for where, count in tally.moments.most_common():
        print(f"  {count:3} {where}")
    print(f"{tally.runs} of {tally.runs} runs ended with the same weights, checkpoint and metrics as the run left alone")


if __name__ == "__main__":
    typer.run(main)
