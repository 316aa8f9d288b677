"""A run as TensorBoard shows it: the columns of metrics.csv over the decisions, the actions as a histogram, the settings.

The package `tensorboard` is needed to look at the files, not to write them.

runs/<name>/events.out.tfevents.*    one file each time the run is started or resumed
"""

from __future__ import annotations

import importlib.util
import math
import shlex
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from agent.learning.config import TrainConfig
from monopoly_env.actions import Action

POINTS = 1000  # of a curve, at the most and apart from win rates; TensorBoard itself shows no more
SHARE = "action_"  # starts the names of the columns that hold the actions' shares
_PANES = {"win_rate_": "win rate", SHARE: "actions"}  # TensorBoard groups curves by what is before the slash
# The one place where TensorBoard shows which bar is which action.
_HISTOGRAM = "actions/" + ", ".join(f"{action.value} {action.name}" for action in Action)


class EventLog:
    """The event files of one run.

    A disk that refuses is told once, and ends the log but not the run. TensorBoard can follow while a file is written.

    Args:
        folder: the run's.
        tell: is given the one line about a disk that refuses.
    """

    def __init__(self, folder: Path, tell: Callable[[str], Any] = print) -> None:
        self.folder = folder
        self._tell = tell
        self._writer: Any = None
        self._every = self._batch = 1

    def begin(self, config: TrainConfig, decisions: int, rows: Iterable[dict[str, float]]) -> None:
        """Start a file for a run that has so many decisions behind it.

        TensorBoard drops what earlier files hold beyond them: a resumed run goes back to its last save.

        Args:
            config: the run's settings.
            decisions: behind it.
            rows: its lines of metrics.csv, which are written first where there is no earlier file. What a run does without
                this log is not added later.
        """
        from tensorboardX import summary
        from tensorboardX.event_file_writer import EventsWriter
        from tensorboardX.proto.event_pb2 import SessionLog

        self._every, self._batch = math.ceil(config.updates / POINTS), config.batch
        resumed = any(self.folder.glob("events.out.tfevents.*"))
        try:
            # Its file is named by the second: without more, a run that is resumed within it would write over the first.
            self._writer = EventsWriter(str(self.folder / "events"), f".{time.time_ns()}")
        except OSError as error:
            self._give_up(error)
            return
        _, hyperparameters, _ = summary.hparams(_simple(config), {})
        self._put(decisions + 1, session_log=SessionLog(status=SessionLog.START))
        self._put(decisions, [_value("settings", summary.text("", _table(config))), *hyperparameters.value])
        for row in () if resumed else rows:
            self._add(row)
        self._flush()

    def write(self, row: dict[str, float]) -> None:
        """Add a line of metrics.csv."""
        self._add(row)
        self._flush()

    def close(self) -> None:
        """Close the file; a closed log can begin again."""
        if self._writer is not None:
            self._guarded(self._writer.close)
        self._writer = None

    def _add(self, row: dict[str, float]) -> None:
        """Write a line of metrics.csv at its number of decisions, if it is one of those that are shown."""
        from tensorboardX import summary

        if row["update"] % self._every and not any(name.startswith("win_rate_") for name in row):
            return
        values = [_value(_tag(name), summary.scalar(name, value)) for name, value in row.items()]
        shares = [row.get(f"{SHARE}{action.name}") for action in Action]
        if None not in shares:
            values.append(_histogram([round(share * self._batch) for share in shares]))
        self._put(int(row["decisions"]), values)

    def _put(self, step: int, values: Sequence[Any] = (), **fields: Any) -> None:
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.summary_pb2 import Summary

        if self._writer is not None:
            event = Event(wall_time=time.time(), step=step, summary=Summary(value=values) if values else None, **fields)
            self._guarded(self._writer.write_event, event)

    def _flush(self) -> None:
        if self._writer is not None:
            self._guarded(self._writer.flush)

    def _guarded(self, write: Callable[..., Any], *what: Any) -> None:
        try:
            write(*what)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._writer = None
        self._tell(f"TensorBoard's events end here, training goes on and metrics.csv has every number: {error}")


def watch_command(runs: Path) -> str:
    """Return the command that shows the runs in the folder `runs`, with what has to be installed for it."""
    command = f"tensorboard --logdir {shlex.quote(str(runs))}"
    return command if importlib.util.find_spec("tensorboard") else f"pip install tensorboard && {command}"


def _value(tag: str, summary: Any) -> Any:
    """Return the one value of a summary under this very name: tensorboardX writes no blanks, and more behind that of a text."""
    (value,) = summary.value
    value.tag = tag
    return value


def _tag(column: str) -> str:
    for start, pane in _PANES.items():
        if column.startswith(start):
            return f"{pane}/{column.removeprefix(start)}"
    return f"training/{column}"


def _histogram(counts: list[int]) -> Any:
    """Return the actions as a histogram with a bar of width 1 around the number of each."""
    from tensorboardX import summary

    numbers = range(len(counts))
    total = sum(number * count for number, count in zip(numbers, counts, strict=True))
    squares = sum(number**2 * count for number, count in zip(numbers, counts, strict=True))
    edges = [number + 0.5 for number in numbers]
    made = summary.histogram_raw(_HISTOGRAM, -0.5, edges[-1], sum(counts), total, squares, edges, counts)
    return made.value[0]


def _table(config: TrainConfig) -> str:
    """Return the settings as a table in Markdown."""
    lines = [f"| {name} | {_text(value)} |" for name, value in config.to_dict().items()]
    return "\n".join(["| setting | value |", "|---|---|", *lines])


def _simple(config: TrainConfig) -> dict[str, Any]:
    """Return the settings as plain values, as TensorBoard's table of runs takes them."""
    settings = config.to_dict().items()
    return {name: value if isinstance(value, bool | int | float) else _text(value) for name, value in settings}


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
