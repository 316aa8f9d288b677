"""What TensorBoard sees of a run: read back with its own reader."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.learning.config import RunOptions, TrainConfig
from agent.learning.rollout import action_shares
from agent.learning.trainer import Training
from agent.runs.folder import RunFolder
from agent.runs.run import Run
from agent.runs.tensorboard import POINTS, EventLog, watch_command

reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
CONFIG = TrainConfig.for_head(
    "softmax", hidden=(16,), num_envs=32, rollout_steps=16, minibatches=4, decisions=2560, threads=1, xla=False
)
STEPS = [512, 1024, 1536, 2048, 2560]
HISTOGRAM = "actions/0 PASS, 1 BUY, 2 BUILD, 3 SELL, 4 MORTGAGE, 5 REDEEM, 6 TRADE"


def train(folder, stop=None, save=None, **options):
    """Train a new run in a held folder, up to an update; save after another one."""
    run = Run(Training(CONFIG), folder, RunOptions(**{"evaluations": 0, **options}), EventLog(folder.path))
    for number, _ in enumerate(run.progress(), start=1):
        if number == save:
            run.save()
        if number == stop:
            return
    run.save()


def read(path):
    """Return everything that TensorBoard's reader finds in a folder."""
    events = reader.EventAccumulator(str(path), size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    return events.Reload()


def curve(events, tag):
    """Return the steps and the values of a curve."""
    points = events.Scalars(tag)
    return [point.step for point in points], [point.value for point in points]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that was never stopped: its folder, and what TensorBoard reads there."""
    with RunFolder.create("whole", "softmax", tmp_path_factory.mktemp("runs")) as folder:
        train(folder, evaluations=2, games=20)
    return folder.path, read(folder.path)


def test_every_column_of_the_metrics_is_a_curve_over_the_decisions(whole):
    path, events = whole
    with open(path / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    tags = {
        name: f"win rate/{name[9:]}"
        if name.startswith("win_rate_")
        else f"actions/{name[7:]}"
        if name.startswith("action_")
        else f"training/{name}"
        for name in rows[0]
    }
    assert set(events.Tags()["scalars"]) == set(tags.values()) and "win rate/random" in tags.values()
    for name, tag in tags.items():
        written = [(int(row["decisions"]), float(row[name])) for row in rows if row[name]]
        steps, values = curve(events, tag)
        assert steps == [step for step, _ in written]
        np.testing.assert_allclose(values, [value for _, value in written], rtol=1e-6)
    assert curve(events, "training/entropy")[0] == STEPS and curve(events, "win rate/landlord")[0] == [512, 2560]


def test_the_histogram_counts_the_actions(whole):
    _, events = whole
    drawn = events.Histograms(HISTOGRAM)
    assert [point.step for point in drawn] == STEPS
    for number, point in enumerate(drawn):
        counts = point.histogram_value.bucket
        assert sum(counts) == point.histogram_value.num == CONFIG.batch
        assert point.histogram_value.bucket_limit == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]
        for count, name in zip(counts, HISTOGRAM.split("/")[1].split(", "), strict=True):
            share = events.Scalars(f"actions/{name[2:]}")[number].value
            assert count == pytest.approx(share * CONFIG.batch, abs=1e-3)


def test_the_settings_are_there_as_text_and_as_hyperparameters(whole):
    _, events = whole
    (settings,) = events.Tensors("settings")
    text = settings.tensor_proto.string_val[0].decode()
    assert f"| learning_rate | {CONFIG.learning_rate} |" in text and "| opponents | landlord,landlord," in text
    (content,) = events.PluginTagToContent("hparams").values()
    from tensorboard.plugins.hparams.metadata import parse_session_start_info_plugin_data

    start = parse_session_start_info_plugin_data(content)
    assert start.hparams["learning_rate"].number_value == CONFIG.learning_rate
    assert start.hparams["head"].string_value == "softmax" and start.hparams["xla"].bool_value is False


def test_a_resumed_run_goes_on_from_its_last_save_without_double_steps(whole, tmp_path):
    """Updates 2 and 3 are lost with a process that was killed while it wrote an event."""
    with RunFolder.create("x", "softmax", tmp_path) as folder:
        train(folder, stop=3, save=1)
    assert curve(read(folder.path), "training/entropy")[0] == STEPS[:3]
    (first,) = folder.path.glob("events.*")
    first.write_bytes(first.read_bytes()[:-7])
    assert curve(read(folder.path), "training/entropy")[0] == STEPS[:2]
    with RunFolder.open("x", tmp_path) as folder:
        resumed = Run.resume(folder, {}, events=EventLog(folder.path), options=RunOptions(evaluations=0))
        assert resumed.training.updates == 1
        list(resumed.progress())
    assert len(list(folder.path.glob("events.*"))) == 2
    events = read(folder.path)
    for tag in ("training/entropy", "actions/BUY"):
        assert curve(events, tag) == curve(whole[1], tag)
    assert [point.step for point in events.Histograms(HISTOGRAM)] == STEPS


def test_a_resumed_run_without_event_files_shows_its_past(tmp_path):
    log = EventLog(tmp_path)
    for past in ([row(1), row(2)], [row(1), row(2), row(3)]):  # only the first time is there no file
        log.begin(CONFIG, past[-1]["decisions"], past)
        log.write(row(len(past) + 1))
        log.close()
    events = read(tmp_path)
    assert curve(events, "training/entropy")[0] == STEPS[:4]
    assert len(list(tmp_path.glob("events.*"))) == 2


def row(number, **more):
    """A line of metrics."""
    return {"update": number, "decisions": number * CONFIG.batch, "entropy": 0.5, **more}


def test_a_long_run_writes_a_thousand_points_a_curve_and_every_win_rate(tmp_path):
    updates = 4 * POINTS + 2
    log = EventLog(tmp_path)
    log.begin(replace(CONFIG, decisions=updates * CONFIG.batch), 0, [])
    for number in range(1, updates + 1):
        log.write(row(number, **({"win_rate_random": 0.25} if number in (3, updates) else {})))
    log.close()
    events = read(tmp_path)
    steps, _ = curve(events, "training/entropy")
    assert POINTS * 0.8 < len(steps) <= POINTS + 2
    assert curve(events, "win rate/random")[0] == [3 * CONFIG.batch, updates * CONFIG.batch]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        pytest.param(
            "",
            "No space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to offer"),
        ),
        ("none", "No such file or directory"),
    ],
)
def test_a_disk_that_refuses_is_told_once_and_ends_the_log_alone(tmp_path, monkeypatch, folder, reason):
    if not folder:
        monkeypatch.setattr("tensorboardX.record_writer.open_file", lambda path: open("/dev/full", "wb"))  # noqa: SIM115
    told = []
    log = EventLog(tmp_path / folder, told.append)
    log.begin(CONFIG, 0, [])
    for number in range(1, 4):
        log.write(row(number))
    log.close()
    (line,) = told
    assert "\n" not in line and "training goes on" in line and reason in line


def test_files_are_written_without_tensorboard_and_the_command_says_what_is_missing(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorboard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    log = EventLog(tmp_path)
    log.begin(CONFIG, 0, [row(1)])
    log.write(row(2, action_PASS=1.0))
    log.close()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert watch_command(tmp_path) == f"pip install tensorboard && tensorboard --logdir {tmp_path}"
    monkeypatch.undo()
    assert watch_command(tmp_path / "my runs") == f"tensorboard --logdir '{tmp_path}/my runs'"
    events = read(tmp_path)
    assert curve(events, "training/entropy")[0] == STEPS[:2] and events.Tags()["histograms"] == []


def test_shares_of_the_actions():
    shares = action_shares(np.array([[0, 6, 0], [1, 0, 6]], np.int32))
    assert shares["action_PASS"] == 0.5 and shares["action_BUY"] == 1 / 6 and shares["action_TRADE"] == 2 / 6
    assert len(shares) == 7 and shares["action_BUILD"] == 0
