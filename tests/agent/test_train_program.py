"""``scripts/train.py`` and the folder it leaves: options that stay with a run, names, limits, what is told on the way."""

import io
import json
import os
import signal

import numpy as np
import pytest
from programs import call
from rich.console import Console

from agent.evaluation.statistics import wilson_interval
from agent.learning.config import RunOptions, TrainConfig
from agent.learning.trainer import Training
from agent.runs.curves import write_picture
from agent.runs.display import beginning, hints, say
from agent.runs.folder import RunError, RunFolder
from agent.runs.run import Run

SMALL = {"hidden": (8,), "num_envs": 32, "rollout_steps": 16, "minibatches": 4, "epochs": 1, "xla": False}
QUICK = ("--evaluations", 0, "--final-games", 0, "--no-tensorboard")


@pytest.fixture
def train(monkeypatch):
    """Run the program, without the picture; return its exit code and what it printed."""
    monkeypatch.setattr("agent.runs.curves.write_picture", lambda *_: None)
    return lambda *words: call("train", *words)


@pytest.fixture
def begun(tmp_path):
    """The folder of a run of four small updates that has not begun."""
    with RunFolder.create("run", "softmax", tmp_path) as folder:
        folder.write_config(config(4))
    return folder.path


def config(updates, **settings):
    return TrainConfig(**SMALL, decisions=512 * updates, **settings)


def options(folder):
    with RunFolder.open(folder) as opened:
        return opened.options()


# What stays with a run


def played(folder):
    """The decisions at which a run was evaluated, and the games of each evaluation."""
    decisions, _, games = folder.metrics.columns("win_rate_random", "evaluation_games")
    return decisions.tolist(), games.tolist()


def test_a_resumed_run_reports_and_saves_as_it_was_told_unless_told_anew(begun, train):
    assert options(begun) == RunOptions()
    words = ("--evaluations", 2, "--games", 8, "--final-games", 0, "--no-tensorboard", "--save-every", 5)
    assert train("--resume", begun, *words)[0] == 0
    told = RunOptions(evaluations=2, games=8, final_games=0, save_every=5, tensorboard=False)
    assert options(begun) == told
    code, output = train("--resume", begun, "--decisions", 512 * 8)
    assert code == 0 and "Watch it" not in output and "Win rates of the trained network" not in output
    with RunFolder.open(begun) as folder:
        assert played(folder) == ([512, 2048, 4096], [8, 8, 8])
    assert train("--resume", begun, "--decisions", 512 * 12, "--games", 4)[0] == 0
    with RunFolder.open(begun) as folder:
        assert played(folder)[1] == [8, 8, 8, 4] and folder.options().games == 4
        assert TrainConfig.from_dict(folder.load()[1]["config"]).decisions == 512 * 12
    assert json.loads((begun / "config.json").read_text())["decisions"] == 512 * 12


@pytest.mark.parametrize("text", ["[]", '{"options": []}', '{"options": {"games": 0}}', '{"options": {"colour": 1}}', "{"])
def test_options_that_cannot_be_read_are_told_and_as_by_default(begun, text):
    (begun / "config.json").write_text(text)
    with RunFolder.open(begun) as folder:
        assert folder.options() == RunOptions()
        (note,) = folder.notes
    assert "reports and saves are as by default" in note and "\n" not in note


def test_a_run_that_was_stopped_before_its_first_save_keeps_its_options(tmp_path):
    told = RunOptions(games=7)
    with RunFolder.create("x", "softmax", tmp_path) as folder:
        folder.write_config(config(2), told)
    with RunFolder.open(folder.path) as opened:
        assert opened.load() == ({}, {"config": config(2).to_dict()}) and opened.options() == told


def test_the_picture_has_the_interval_of_the_games_behind_each_point(tmp_path, monkeypatch):
    from matplotlib import pyplot

    figures = []
    with monkeypatch.context() as patch, RunFolder.create("x", "softmax", tmp_path) as folder:
        patch.setattr(pyplot, "close", figures.append)
        for number, games in enumerate((40, 1000), start=1):
            rates = {"win_rate_random": 0.5, "win_rate_landlord": 0.0, "evaluation_games": games}
            folder.metrics.add({"update": number, "decisions": number * 512, "return_mean": 0.1, **rates})
        write_picture(folder, 4)
    assert (folder.path / "curve.png").read_bytes().startswith(b"\x89PNG")
    (figure,) = [each for each in figures if each != "all"]  # older Matplotlib closes all figures first
    (panel,) = figure.axes  # the mean return, which may fall while more games are won, has none
    assert panel.get_title() == "Win rate, 40 to 1,000 games a point, 95 % interval"
    for rate, band in zip((0.5, 0.0), panel.collections, strict=True):
        corners = band.get_paths()[0].vertices
        for number, bounds in enumerate((wilson_interval(40 * rate, 40), wilson_interval(1000 * rate, 1000)), 1):
            heights = corners[np.isclose(corners[:, 0], number * 512 / 1e6), 1]
            assert (heights.min(), heights.max()) == pytest.approx([100 * bound for bound in bounds])
    pyplot.close(figure)


# What is left of a run that does not begin


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a/b", "..", ".", "x\x00", "\x1b[2J"])
def test_a_name_is_one_line_of_text(name, tmp_path):
    with pytest.raises(RunError, match="a line of text without slashes") as told:
        RunFolder.create(name, "softmax", tmp_path / "runs")
    assert "\n" not in str(told.value) and not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--head", "sigmoid"), "head must be one of softmax, linear. Received: 'sigmoid'"),
        (("--players", 9), "players must be a whole number from 2 to 8. Received: 9"),
        (("--max-turns", 2_000_000), "max_turns must lie between 1 and 1,000,000. Received: 2000000"),
        (("--learning-rate", 0), "learning_rate must be above 0"),
        (("--hidden", "150;150"), "--hidden takes numbers with commas between them, whole numbers only. Received: '150;150'"),
        (("--tables", "2.5"), "--tables takes numbers with commas between them, whole numbers only. Received: '2.5'"),
        (("--opponents", "shark"), "random, fp-a, fp-b, fp-c, landlord"),
        (("--mix", "1,1"), "--mix takes 3 numbers of 0 or more with commas between them, one of them above 0. Received: '1,1"),
        (("--mix", "nan,0,1"), "--mix takes 3 numbers of 0 or more"),
        (("--mix", "-1,1,1"), "--mix takes 3 numbers of 0 or more"),
        (("--mix", "0,0,0"), "one of them above 0"),
        (("--name", "a/b"), "without slashes"),
        (("--resume", "nothing"), "No run with a checkpoint at nothing"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_there_is_a_folder(words, told, tmp_path, train):
    code, output = train("--runs", tmp_path / "runs", *words)
    assert code == 1 and output.startswith("Error: ") and told in output and output.count("\n") == 1
    assert not (tmp_path / "runs").exists()


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's own."""


@pytest.mark.parametrize("error", [MemoryError, ResourceExhaustedError])
@pytest.mark.parametrize("place", ["agent.learning.trainer.Training.__init__", "agent.learning.trainer.Training.step"])
def test_out_of_memory_is_told_in_one_line_and_leaves_no_folder(error, place, tmp_path, train, monkeypatch):
    def fail(*_, **__):
        raise error("much\ntext")

    monkeypatch.setattr(place, fail)
    code, output = train("--runs", tmp_path, "--name", "x", "--hidden", 8, *QUICK)
    assert code == 1 and output.splitlines()[-1].startswith("Error: There is not enough memory; smaller layers")
    assert not (tmp_path / "x").exists()


def test_only_what_a_run_wrote_itself_goes_with_it(tmp_path):
    for name, given_up in (("ours", True), ("theirs", False)):
        with pytest.raises(RuntimeError), RunFolder.create(name, "softmax", tmp_path) as folder:
            folder.write_config(config(1))
            if not given_up:
                (folder.path / "notes.txt").write_text("mine")
            raise RuntimeError
        assert folder.path.exists() is not given_up
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["notes.txt"]
    with pytest.raises(RuntimeError), RunFolder.create("saved", "softmax", tmp_path) as folder:
        Run(Training(config(1)), folder, options=RunOptions(evaluations=0)).save()
        raise RuntimeError
    with pytest.raises(RuntimeError), RunFolder.open("saved", tmp_path):
        raise RuntimeError
    assert (tmp_path / "saved" / "checkpoint.npz").exists()


# What is told


def test_decisions_are_counted_in_whole_rollouts(begun, train):
    assert ": 65,536 decisions at" in beginning(TrainConfig(decisions=1))
    assert ": 131,072 decisions at" in beginning(TrainConfig(decisions=70_001))
    _, output = train("--resume", begun, *QUICK, "--decisions", 513)
    assert "0 of 1,024 decisions are done" in output
    _, output = train("--resume", begun, *QUICK, "--decisions", 513)
    assert "is complete, 1,024 decisions are done" in output
    _, output = train("--resume", begun, *QUICK, "--decisions", 2000)
    assert "1,024 of 2,048 decisions are done" in output


def test_how_long_a_run_takes_is_said_of_the_default_alone():
    assert "three to five minutes" in hints(TrainConfig(seed=3, threads=1))
    for other in (TrainConfig(decisions=1), TrainConfig(hidden=(8,)), TrainConfig.for_head("linear")):
        assert hints(other) == "Ctrl-C saves and stops; --resume goes on."


def test_everything_that_a_resumed_run_can_be_told_is_named(begun, train):
    code, output = train("--resume", begun, "--players", 3)
    assert code == 1
    for option in ("decisions", "threads", "runs", "evaluations", "games", "final-games", "save-every", "tensorboard"):
        assert f"--{option}" in output
    assert output.startswith("Error: --players cannot change in a resumed run; these can: --decisions, --threads")


def test_stopping_at_once_before_the_first_save_claims_no_save(begun, train, monkeypatch):
    def step(self):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Training, "step", step)
    code, output = train("--resume", begun, *QUICK)
    assert code == 130 and "Stopped at once, before the first save" in output and "the last save" not in output
    assert "Begin it anew with:" in output and "nothing of the run is left" not in output and begun.exists()
    code, output = train("--runs", begun.parent, "--name", "new", "--hidden", 8, *QUICK)
    assert code == 130 and "nothing of the run is left" in output and not (begun.parent / "new").exists()


def test_a_terminal_shows_whole_words_and_commands():
    command = "python scripts/train.py --resume " + "runs/" * 20
    text = "Training a network with a softmax head: 200,000 decisions at 1,024 tables of 4, seed 0. Go on with:"
    for terminal in (True, False):
        file = io.StringIO()
        say(Console(file=file, force_terminal=terminal, width=40, no_color=True, color_system=None), text, command)
        lines = file.getvalue().splitlines()
        if terminal:
            assert " ".join(lines[:-1]) == text and all(len(line) <= 40 for line in lines[:-1])
            assert lines[-1] == f"  {command}"
        else:
            assert lines == [f"{text} {command}"]
