"""The folder of a training run: settings, metrics, model, checkpoint, picture.

runs/<name>/config.json      the settings, and under "options" how the run was last told to report and save
            metrics.csv      one line an update; where it was evaluated, with its win rates and the games behind each
            checkpoint.npz   everything needed to go on (written every half minute and at the end)
            checkpoint.previous.npz   the save before it; a run goes on from there where checkpoint.npz is lost or damaged,
                                      and the damaged file stays as checkpoint.damaged.npz
            model.keras      the network, for play.py, evaluate.py and keras.models.load_model
            curve.png        the learning curve
            events.out.tfevents.*    for TensorBoard (agent/runs/tensorboard.py)
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from agent.files.atomic import atomic_write
from agent.files.checkpoint import CheckpointError, LostCheckpointError, load_checkpoint, save_checkpoint
from agent.files.errors import UserError
from agent.learning.config import RunOptions, TrainConfig
from agent.runs.metrics import Metrics

DEFAULT_RUNS = Path("runs")
_OPTIONS = "options"  # in config.json
CHECKPOINT, PREVIOUS, DAMAGED = "checkpoint.npz", "checkpoint.previous.npz", "checkpoint.damaged.npz"
CONFIG, METRICS, MODEL, PICTURE = "config.json", "metrics.csv", "model.keras", "curve.png"
EVALUATION_GAMES = "evaluation_games"  # column of the metrics: the games behind each win rate of the line


class RunError(UserError):
    """A run cannot be started, resumed or written; the message is one line for the user."""


class RunFolder:
    """A folder that one process at a time writes to. Use as a context manager, or call ``close``.

    Attributes:
        path: the folder.
        metrics: ``metrics.csv``.
        notes: what ``load``, ``options`` and ``mend_metrics`` had to put right, a line each for the user.
        made: the folder was made here, for a run that begins.
    """

    def __init__(self, path: Path, made: bool = False) -> None:
        self.path = path
        self.made = made
        self.metrics = Metrics(path / METRICS)
        self.notes: list[str] = []
        self._keep = PREVIOUS  # where the next save puts the checkpoint that it replaces
        self._lock = self._take_lock()
        # A process that was killed while it wrote leaves these.
        for name in (CHECKPOINT, CONFIG, METRICS, MODEL, PICTURE):
            for left in path.glob(f".{Path(name).stem}.*.tmp{Path(name).suffix}"):
                left.unlink(missing_ok=True)

    @classmethod
    def create(cls, name: str | None, head: str, runs: Path = DEFAULT_RUNS) -> RunFolder:
        """Make the folder of a new run, named ``name`` or after its head with the next free number.

        Raises:
            RunError: the name is taken or not usable, or the folder cannot be written.
        """
        names = [name] if name is not None else (f"{head}-{number}" for number in itertools.count(1))
        for candidate in names:
            path = runs / candidate
            if not candidate.strip() or not candidate.isprintable() or Path(candidate).name != candidate or candidate == "..":
                raise RunError(
                    f"A run's name is the name of a folder in {runs}: a line of text without slashes. Received: {candidate!r}"
                )
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                if name is not None:
                    if path.is_dir() and all(file.name == ".lock" for file in path.iterdir()):
                        return cls(path, made=True)  # a run that was stopped before it wrote anything
                    raise RunError(
                        f"There is a run at {path} already; choose another --name, or go on with it: --resume {path}"
                    ) from None
                continue
            except OSError as error:
                raise RunError(f"Cannot make the run's folder {path}: {error.strerror}.") from error
            return cls(path, made=True)
        raise AssertionError("unreachable: the numbers never end")

    @classmethod
    def open(cls, path: str | os.PathLike[str], runs: Path = DEFAULT_RUNS) -> RunFolder:
        """Open the folder of a run to go on with it; ``path`` is the folder or its name in ``runs``.

        Raises:
            RunError: there is no run, or another process is writing to it.
        """
        for candidate in (Path(path), runs / path):
            if any((candidate / name).is_file() for name in (CHECKPOINT, PREVIOUS, CONFIG)):
                return cls(candidate)
        found = sorted(folder.parent.name for folder in runs.glob(f"*/{CHECKPOINT}"))
        raise RunError(f"No run with a checkpoint at {path}; those in {runs} are: {', '.join(found) or 'none'}.")

    def _take_lock(self) -> FileLock:
        """Hold the folder against other processes; the system lets go of it when this process ends, however it ends."""
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise RunError(f"Another process is training in {self.path}; wait for it or choose another --name.") from None
        except OSError as error:
            raise RunError(f"Cannot write to {self.path}: {error.strerror}.") from error
        return lock

    def close(self) -> None:
        """Let other processes write here."""
        self._lock.release()

    def __enter__(self) -> RunFolder:
        """Return the folder itself."""
        return self

    def __exit__(self, error: type[BaseException] | None, *_: Any) -> None:
        """Close; after an error a run that began here and saved nothing is removed."""
        self.close() if error is None else self.give_up()

    @property
    def saved(self) -> bool:
        """Whether there is a save of the run."""
        return any((self.path / name).exists() for name in (CHECKPOINT, PREVIOUS, DAMAGED))

    def give_up(self) -> None:
        """Close; remove the folder of a run that began here and saved nothing, so that its name is free again."""
        if self.made and not self.saved:
            written = [self.path / name for name in (CONFIG, METRICS, MODEL, PICTURE, ".lock")]
            for path in [*written, *self.path.glob("events.out.tfevents.*")]:
                with suppress(OSError):
                    path.unlink()
            with suppress(OSError):  # somebody has put something else there
                self.path.rmdir()
        self.close()

    def write_config(self, config: TrainConfig, options: RunOptions | None = None) -> None:
        """Write ``config.json``.

        Args:
            config: the settings.
            options: how the run reports and saves, for ``options`` to give back.

        Raises:
            RunError: the disk refuses.
        """
        facts = config.to_dict() | ({} if options is None else {_OPTIONS: dataclasses.asdict(options)})
        self._write(CONFIG, json.dumps(facts, indent=2) + "\n")

    def options(self) -> RunOptions:
        """Return how the run was last told to report and save; what ``config.json`` does not say is as by default."""
        try:
            return RunOptions(**self._read_config().get(_OPTIONS, {}))
        except (OSError, ValueError, TypeError) as error:
            self.notes.append(f"{self.path / CONFIG} cannot be read, reports and saves are as by default: {_brief(error)}")
            return RunOptions()

    def _read_config(self) -> dict[str, Any]:
        facts = json.loads((self.path / CONFIG).read_text(encoding="utf-8"))
        if not isinstance(facts, dict):
            raise ValueError(f"no settings but a {type(facts).__name__}")
        return facts

    def save(self, arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        """Write ``metrics.csv`` and then the checkpoint, which remembers how many lines of it are its own.

        Raises:
            RunError: the disk refuses; the files of the last save are still there.
        """
        with self._disk(METRICS):
            self.metrics.write()
        path = self.path / CHECKPOINT
        try:
            save_checkpoint(path, arrays, {**meta, "lines": len(self.metrics.rows)}, self.path / self._keep)
        except CheckpointError as error:
            raise RunError(str(error)) from error
        self._keep = PREVIOUS

    def load(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what ``save`` was given: the last time, or the time before where that checkpoint is lost or damaged.

        Of a run that was stopped before its first save there are the settings alone: ``({}, {"config": ...})``.

        Raises:
            RunError: there is no checkpoint that is whole, or it is of another version.
        """
        try:
            return load_checkpoint(self.path / CHECKPOINT)
        except LostCheckpointError as error:
            return self._older(error)
        except CheckpointError as error:
            raise RunError(str(error)) from error

    def _older(self, lost: LostCheckpointError) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is there in place of the last checkpoint."""
        if (self.path / PREVIOUS).is_file():
            try:
                saved = load_checkpoint(self.path / PREVIOUS)
            except CheckpointError as error:
                raise RunError(f"{lost} The save before it is of no use either: {error}") from error
            self._keep = DAMAGED
            self.notes.append(f"{lost} Going on from the save before it, {PREVIOUS}.")
            return saved
        if (self.path / CHECKPOINT).exists() or (self.path / MODEL).exists():
            raise RunError(str(lost)) from lost
        try:
            config = self._read_config()
            config.pop(_OPTIONS, None)
            return {}, {"config": TrainConfig.from_dict({"head": config["head"]} | config).to_dict()}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise RunError(f"{lost} Its settings, {self.path / CONFIG}, cannot be read either.") from error

    def mend_metrics(self, updates: int, lines: int | None) -> None:
        """Put ``metrics.csv`` back to what it was after so many updates, as far as it is there.

        Args:
            updates: of the checkpoint that the run goes on from.
            lines: that the file had then; None: nobody knows.
        """
        self.metrics.keep(updates)
        missing = (lines or 0) - len(self.metrics.rows)
        if missing > 0:
            self.notes.append(f"{missing:,} of the {lines:,} lines of {self.path / METRICS} are lost; the rest goes on.")

    def _write(self, name: str, text: str) -> None:
        with self._disk(name), atomic_write(self.path / name) as temporary:
            temporary.write_text(text, encoding="utf-8")

    @contextmanager
    def _disk(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RunError(f"Cannot write {self.path / name}: {error.strerror or error}.") from error


def _brief(error: Exception) -> str:
    """Return what went wrong as one line."""
    return " ".join(str(getattr(error, "strerror", None) or error).split()) + "."
