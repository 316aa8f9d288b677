"""The folder of a training run: settings, metrics, model, checkpoint, picture.

runs/<name>/config.json      the settings
            metrics.csv      one line an update
            checkpoint.npz   everything needed to go on (written every half minute and at the end)
            model.keras      the network, for play.py, evaluate.py and keras.models.load_model
            curve.png        the learning curve
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from agent.atomic import atomic_write
from agent.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from agent.config import TrainConfig

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

DEFAULT_RUNS = Path("runs")


class RunError(Exception):
    """A run cannot be started, resumed or written; the message is one line for the user."""


class RunFolder:
    """A folder that one process at a time writes to. Use as a context manager, or call ``close``.

    Attributes:
        path: the folder.
        rows: the lines of ``metrics.csv`` so far, as dicts of numbers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, float]] = []
        self._lock = self._take_lock()

    @classmethod
    def create(cls, name: str | None, head: str, runs: Path = DEFAULT_RUNS) -> RunFolder:
        """Make the folder of a new run, named ``name`` or after its head with the next free number.

        Raises:
            RunError: the name is taken or not usable, or the folder cannot be written.
        """
        names = [name] if name is not None else (f"{head}-{number}" for number in itertools.count(1))
        for candidate in names:
            path = runs / candidate
            if Path(candidate).name != candidate or candidate in (".", ".."):
                raise RunError(f"A run's name is the name of a folder in {runs}, without slashes. Received: {candidate!r}")
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                if name is not None:
                    raise RunError(
                        f"There is a run at {path} already; choose another --name, or go on with it: --resume {path}"
                    ) from None
                continue
            except OSError as error:
                raise RunError(f"Cannot make the run's folder {path}: {error.strerror}.") from error
            return cls(path)
        raise AssertionError("unreachable: the numbers never end")

    @classmethod
    def open(cls, path: str | os.PathLike[str], runs: Path = DEFAULT_RUNS) -> RunFolder:
        """Open the folder of a run to go on with it; ``path`` is the folder or its name in ``runs``.

        Raises:
            RunError: there is no run, or another process is writing to it.
        """
        for candidate in (Path(path), runs / path):
            if (candidate / "checkpoint.npz").is_file():
                return cls(candidate)
        found = sorted(folder.parent.name for folder in runs.glob("*/checkpoint.npz"))
        raise RunError(f"No run with a checkpoint at {path}; those in {runs} are: {', '.join(found) or 'none'}.")

    def _take_lock(self) -> Any:
        """Hold the folder against other processes; the system lets go of it when this process ends, however it ends."""
        try:
            file = open(self.path / ".lock", "a")  # noqa: SIM115 (held open as long as the run)
        except OSError as error:
            raise RunError(f"Cannot write to {self.path}: {error.strerror}.") from error
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                raise RunError(f"Another process is training in {self.path}; wait for it or choose another --name.") from None
        return file

    def close(self) -> None:
        """Let other processes write here."""
        self._lock.close()

    def __enter__(self) -> RunFolder:
        """Return the folder itself."""
        return self

    def __exit__(self, *_: Any) -> None:
        """Close."""
        self.close()

    def write_config(self, config: TrainConfig) -> None:
        """Write ``config.json``.

        Raises:
            RunError: the disk refuses.
        """
        self._write("config.json", json.dumps(config.to_dict(), indent=2) + "\n")

    def save(self, arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        """Write ``metrics.csv`` and then the checkpoint, which remembers how many lines of it are its own.

        Raises:
            RunError: the disk refuses; the files of the last save are still there.
        """
        self._write("metrics.csv", self._csv())
        try:
            save_checkpoint(self.path / "checkpoint.npz", arrays, {**meta, "rows": self.rows})
        except CheckpointError as error:
            raise RunError(str(error)) from error

    def load(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what ``save`` was given, and put ``rows`` back to what they were then.

        Raises:
            RunError: the checkpoint is damaged, or of another version.
        """
        try:
            arrays, meta = load_checkpoint(self.path / "checkpoint.npz")
        except CheckpointError as error:
            raise RunError(str(error)) from error
        self.rows = list(meta["rows"])
        return arrays, meta

    def _csv(self) -> str:
        names = list(dict.fromkeys(itertools.chain.from_iterable(self.rows)))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()

    def _write(self, name: str, text: str) -> None:
        try:
            with atomic_write(self.path / name) as temporary:
                temporary.write_text(text, encoding="utf-8")
        except OSError as error:
            raise RunError(f"Cannot write {self.path / name}: {error.strerror or error}.") from error

    def column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return ``(decisions, values)`` of a column of the metrics where it has values."""
        rows = [row for row in self.rows if name in row]
        return np.array([row["decisions"] for row in rows]), np.array([row[name] for row in rows])
