"""A run as TensorBoard shows it: the columns of metrics.csv over the decisions, the actions as a histogram, the settings.

TensorFlow writes these files by itself; the package `tensorboard` is needed to look at them. Importing this module does not
start TensorFlow.

runs/<name>/events.out.tfevents.*    one file each time the run is started or resumed
"""

from __future__ import annotations

import importlib.util
import itertools
import math
import shlex
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from agent.learning.config import TrainConfig
from monopoly_env.actions import Action

POINTS = 1000  # of a curve, at the most and apart from win rates; TensorBoard itself shows no more
SHARE = "action_"  # starts the names of the columns that hold the actions' shares
_FILES = "events.out.tfevents."
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
        from agent.learning.keras_setup import load_keras

        tf, _ = load_keras()
        self._every, self._batch = math.ceil(config.updates / POINTS), config.batch
        resumed = any(self.folder.glob(f"{_FILES}*"))
        path = self.folder / f"{_FILES}{time.time():.6f}"
        try:
            self._writer = tf.io.TFRecordWriter(str(path))
        except tf.errors.OpError as error:
            self._give_up(error)
            return
        start = tf.compat.v1.SessionLog(status=tf.compat.v1.SessionLog.START)
        settings = [_settings(config), *_hyperparameters(config, self.folder.name)]
        head = [
            _event(file_version="brain.Event:2"),
            _event(decisions + 1, session_log=start),
            _event(decisions, settings),
        ]
        past = () if resumed else (_row_event(row, self._batch) for row in rows if self._is_shown(row))
        self._put(itertools.chain(head, past))

    def write(self, row: dict[str, float]) -> None:
        """Add a line of metrics.csv."""
        if self._writer is not None and self._is_shown(row):
            self._put([_row_event(row, self._batch)])

    def close(self) -> None:
        """Close the file; a closed log can begin again."""
        self._put([], last=True)
        self._writer = None

    def _is_shown(self, row: dict[str, float]) -> bool:
        return row["update"] % self._every == 0 or any(name.startswith("win_rate_") for name in row)

    def _put(self, events: Iterable[Any], last: bool = False) -> None:
        from tensorflow import errors

        if self._writer is None:
            return
        try:
            for event in events:
                self._writer.write(event.SerializeToString())
            self._writer.close() if last else self._writer.flush()
        except (errors.OpError, OSError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._writer = None
        reason = getattr(error, "message", str(error)).splitlines()[0]
        self._tell(f"TensorBoard's events end here, training goes on and metrics.csv has every number: {reason}")


def watch_command(runs: Path) -> str:
    """Return the command that shows the runs in the folder `runs`, with what has to be installed for it."""
    command = f"tensorboard --logdir {shlex.quote(str(runs))}"
    return command if importlib.util.find_spec("tensorboard") else f"pip install tensorboard && {command}"


def _tag(column: str) -> str:
    for start, pane in _PANES.items():
        if column.startswith(start):
            return f"{pane}/{column.removeprefix(start)}"
    return f"training/{column}"


def _event(step: int = 0, values: list[Any] | None = None, **fields: Any) -> Any:
    import tensorflow as tf

    if values is not None:
        fields["summary"] = tf.compat.v1.Summary(value=values)
    return tf.compat.v1.Event(wall_time=time.time(), step=step, **fields)


def _row_event(row: dict[str, float], batch: int) -> Any:
    """Return a line of metrics.csv as an event at its number of decisions."""
    import tensorflow as tf

    values = [tf.compat.v1.Summary.Value(tag=_tag(name), simple_value=value) for name, value in row.items()]
    shares = [row.get(f"{SHARE}{action.name}") for action in Action]
    if None not in shares:
        values.append(_histogram([round(share * batch) for share in shares]))
    return _event(int(row["decisions"]), values)


def _histogram(counts: list[int]) -> Any:
    """Return the actions as a histogram with a bar of width 1 around the number of each."""
    import tensorflow as tf

    edge = len(counts) - 0.5
    histogram = tf.compat.v1.HistogramProto(
        min=-0.5,
        max=edge,
        num=sum(counts),
        sum=sum(number * count for number, count in enumerate(counts)),
        sum_squares=sum(number**2 * count for number, count in enumerate(counts)),
        bucket_limit=[number + 0.5 for number in range(len(counts))],
        bucket=counts,
    )
    return tf.compat.v1.Summary.Value(tag=_HISTOGRAM, histo=histogram)


def _settings(config: TrainConfig) -> Any:
    """Return the settings as a table in Markdown."""
    import tensorflow as tf

    lines = ["| setting | value |", "|---|---|", *(f"| {name} | {_text(value)} |" for name, value in config.to_dict().items())]
    plugin = tf.compat.v1.SummaryMetadata.PluginData(plugin_name="text")
    return tf.compat.v1.Summary.Value(
        tag="settings",
        metadata=tf.compat.v1.SummaryMetadata(plugin_data=plugin),
        tensor=tf.make_tensor_proto("\n".join(lines), dtype=tf.string),
    )


def _hyperparameters(config: TrainConfig, name: str) -> list[Any]:
    """Return the settings for TensorBoard's table of runs; nothing where it is not installed to say how they are written."""
    import tensorflow as tf

    try:
        from tensorboard.plugins.hparams.summary_v2 import hparams_pb
    except ImportError:
        return []
    settings = config.to_dict().items()
    simple = {name: value if isinstance(value, bool | int | float) else _text(value) for name, value in settings}
    written = hparams_pb(simple, trial_id=name).SerializeToString()
    return list(tf.compat.v1.Summary.FromString(written).value)


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
