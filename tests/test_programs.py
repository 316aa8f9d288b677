"""The programs as people call them: whole runs, wrong input, interruptions."""

import csv
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monopoly_env.actions import Action

ROOT = Path(__file__).parents[1]
TINY = ("--hidden", "8", "--decisions", "65536", "--evaluations", "1", "--games", "20", "--final-games", "40")


def program(name):
    """A program's Typer app, loaded from its file."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def call(name, *words):
    """Run a program in this process; return its exit code and all it printed."""
    result = CliRunner().invoke(program(name), [str(word) for word in words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def refused(name, *words):
    """Run a program that must fail with one line and without a traceback; return the line."""
    code, output = call(name, *words)
    assert code in (1, 2) and "Traceback" not in output
    lines = [line for line in output.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1 or code == 2
    return lines[0] if lines else output


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a finished tiny run, and what it printed."""
    runs = tmp_path_factory.mktemp("runs")
    code, output = call("train", "--runs", runs, "--name", "tiny", *TINY)
    assert code == 0, output
    return runs / "tiny", output


def test_a_run_says_what_it_does_and_leaves_everything_in_its_folder(run):
    folder, output = run
    assert "Training a network 23 -> 8 -> 7 with a softmax head by PPO: 65,536 decisions" in output
    assert re.search(r"3 x random\s+│\s+40", output) and "par 25 %" in output and "games won (%)" in output
    assert f"python scripts/play.py --model {folder}/model.keras" in output
    assert f"tensorboard --logdir {folder.parent}" in output
    (events,) = folder.glob("events.out.tfevents.*")
    names = {path.name for path in folder.iterdir()} - {".lock", events.name, "checkpoint.previous.npz"}  # of a slow run
    assert names == {"config.json", "metrics.csv", "checkpoint.npz", "model.keras", "curve.png"}
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(float(rows[0][f"action_{action.name}"]) for action in Action) == pytest.approx(1)
    assert [row["decisions"] for row in rows] == ["65536"] and 0 <= float(rows[0]["win_rate_random"]) <= 1


def test_the_saved_model_opens_with_plain_keras(run):
    from agent.learning.keras_setup import load_keras

    _, keras = load_keras()
    model = keras.models.load_model(run[0] / "model.keras")
    assert model.input_shape == (None, 23) and model.output_shape == (None, 7) and model.inputs[0].name == "state"
    text = []
    model.summary(line_length=100, print_fn=lambda line, **_: text.append(line))
    shapes = [line for line in "\n".join(text).splitlines() if "(None, " in line]
    assert "state" in shapes[0] and "(None, 23)" in shapes[0] and "(None, 7)" in shapes[-1]


def test_a_run_can_be_made_longer_and_only_that(run):
    folder, _ = run
    quick = ("--evaluations", 0, "--final-games", 0, "--no-tensorboard")
    code, output = call("train", "--resume", folder, "--decisions", 131072, *quick)
    assert code == 0 and "65,536 of 131,072 decisions are done" in output
    assert "tensorboard" not in output and len(list(folder.glob("events.out.tfevents.*"))) == 1
    assert "cannot change" in refused("train", "--resume", folder, "--players", 3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--head", "sigmoid"), "head must be one of softmax, linear. Received: 'sigmoid'"),
        (("--hidden", "150;150"), "--hidden takes numbers with commas"),
        (("--hidden", "0"), "positive layer sizes"),
        (("--players", "9"), "players must be a whole number from 2 to 8. Received: 9"),
        (("--opponents", "shark"), "random, fp-a, fp-b, fp-c, landlord"),
        (("--mix", "1,1"), "--mix takes 3 numbers"),
        (("--mix", "0,0,0"), "above 0"),
        (("--reward", "money"), "shaped, win"),
        (("--learning-rate", "0"), "learning_rate must be above 0"),
        (("--decisions", "0"), "decisions"),
        (("--name", "a/b"), "without slashes"),
        (("--resume", "nothing"), "No run with a checkpoint at nothing"),
    ],
)
def test_train_refuses_wrong_input_and_writes_nothing(words, told, tmp_path):
    assert told in refused("train", "--runs", tmp_path / "runs", *words)
    assert not (tmp_path / "runs").exists()


def test_train_does_not_overwrite_a_run_and_cannot_write_into_a_file(run, tmp_path):
    folder, _ = run
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "There is a run at" in refused("train", "--runs", folder.parent, "--name", "tiny", *TINY)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "file").write_text("")
    assert "Cannot make the run's folder" in refused("train", "--runs", tmp_path / "file", *TINY)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_saved_and_goes_on(number, tmp_path):
    command = [
        sys.executable,
        "scripts/train.py",
        "--runs",
        str(tmp_path),
        "--name",
        "x",
        "--hidden",
        "8",
        "--evaluations",
        "0",
    ]
    process = subprocess.Popen([*command, "--decisions", "6553600"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if " decisions " in line and "left" in line:
            break
    process.send_signal(number)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 130 and f"--resume {tmp_path}/x" in output
    done = json.loads(zipped_header(tmp_path / "x" / "checkpoint.npz"))["meta"]["updates"]
    assert done >= 1
    code, output = call(
        "train", "--resume", tmp_path / "x", "--decisions", 65536 * (done + 1), "--evaluations", 0, "--final-games", 0
    )
    assert code == 0 and f"{65536 * done:,} of" in output


def zipped_header(path):
    """The JSON header of a checkpoint."""
    import numpy as np

    with np.load(path) as archive:
        return archive["__checkpoint__"].tobytes()


def test_evaluate_reports_every_match_and_writes_files(run, tmp_path):
    files = {kind: tmp_path / f"out.{kind}" for kind in ("json", "csv", "png")}
    words = ("--model", run[0], "--games", 60, "--json", files["json"], "--csv", files["csv"], "--plot", files["png"])
    code, output = call("evaluate", *words, "--against", "random", "--against", "fp-a,landlord", "--players", 2)
    assert code == 0 and "par" in output and "fp-a,landlord" in output and "seat 2" in output
    content = json.loads(files["json"].read_text())
    assert content["matches"]["random"]["players"] == 2 and content["matches"]["fp-a,landlord"]["players"] == 3
    row = content["matches"]["random"]
    assert row["low"] <= row["win_rate"] <= row["high"] and row["decided"] + row["capped"] == row["games"] == 60
    with open(files["csv"], newline="") as file:
        assert [line["against"] for line in csv.DictReader(file)] == ["random", "fp-a,landlord"]
    assert files["png"].read_bytes().startswith(b"\x89PNG") and f"Picture: {files['png']}" in output
    assert "against random: 60 of 60 games" in output  # there is no terminal
    assert f"Actions taken by {run[0]} (% of its decisions)" in " ".join(output.split())


def test_bots_can_be_evaluated_and_rated_too():
    code, output = call("evaluate", "--model", "fp-a", "--against", "random", "--games", 40)
    assert code == 0 and "Actions taken" not in output
    code, output = call("evaluate", "league", "landlord,random,fp-a", "--seats", 2, "--games", 40)
    assert code == 0 and output.index("landlord") < output.index("random") and "95 % interval" in output


def test_a_network_is_explained_by_name(run):
    code, output = call("evaluate", "explain", "--model", run[0], "--against", "random", "--decisions", 3)
    assert code == 0 and "cash_after" in output and output.count("Turn ") == 3 and re.search(r"[> ] PASS +0\.", output)
    assert " ".join(output.split()).count("has 1 added for the group that is decided on") == 1
    code, output = call("evaluate", "saliency", "--model", run[0], "--against", "random", "--decisions", 1000)
    assert code == 0 and "rivals[utilities]" in output and "%" in output


def foreign(run, tmp_path, **facts):
    """A copy of the model with other metadata."""
    path = tmp_path / "foreign.keras"
    with zipfile.ZipFile(run[0] / "model.keras") as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "monopoly.json":
                content = json.dumps(json.loads(content) | facts)
            target.writestr(name, content)
    return path


def test_evaluate_refuses_wrong_input(run, tmp_path):
    told = {
        ("--model", "shark"): "Unknown player. Expected one of random",
        ("--model", tmp_path / "none.keras"): "No model at",
        ("--model", foreign(run, tmp_path, layout=99)): "made for state layout 99",
        ("--model", run[0], "--games", 0): "at least 1 game",
        ("--model", run[0], "--against", "random,shark"): "Unknown player",
        ("--model", run[0], "--against", ","): "Expected names",
        ("--model", run[0], "--players", 1): "2 to 8",
        ("--model", run[0], "--json", tmp_path / "no" / "x.json"): "must be a folder that can be written to",
        ("explain", "--model", "landlord"): "Only a network can be asked",
        ("saliency", "--model", "searcher"): "Only a network can be asked",
        ("league", "random"): "at least two players",
        ("league", "random,landlord", "--games", 10**19): f"up to 10,000,000. Received: {10**19}",
        ("saliency", "--decisions", 10**13): f"between 1 and 1,000,000. Received: {10**13}",
        ("--games", 10**19): f"up to 10,000,000. Received: {10**19}",
        ("--players", 10**9): "2 to 8 players. Received: --players 1000000000",
        ("--model", ""): "Unknown player",
        ("--json", run[0] / "model.keras"): "--json ends in .json",
        ("--csv", tmp_path / "same.json", "--json", tmp_path / "same.json"): "--csv ends in .csv",
        ("--plot", tmp_path / "pic"): "--plot ends in .png or .svg or .pdf",
        ("--model", "nope", "explain"): "--model stands before explain",
        ("--games", -5, "league", "landlord,random", "--games", 1): "--games stands before league",
        ("--json", tmp_path / "x.json", "odds", "nope"): "--json stands before odds",
    }
    before = (run[0] / "model.keras").read_bytes()
    for words, text in told.items():
        assert text in refused("evaluate", *words), words
    (tmp_path / "text.keras").write_text("no archive")
    assert "not a .keras model file" in refused("evaluate", "--model", tmp_path / "text.keras")
    assert before == (run[0] / "model.keras").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"foreign.keras", "text.keras"}


def test_the_experiments_picture_is_refused_before_the_results_are_read(tmp_path):
    for name in ("x.foo", "x"):
        told = refused("experiments", "report", "--results", ROOT / "docs" / "experiments.json", "--plot", tmp_path / name)
        assert f"ends in .png or .svg or .pdf. Received: '{tmp_path / name}'" in told
    (tmp_path / "folder.png").mkdir()
    words = ("--results", ROOT / "docs" / "experiments.json", "--plot", tmp_path / "folder.png")
    assert "Cannot write" in refused("experiments", "report", *words)
    (tmp_path / "o.json").write_text("{}")
    assert "does not hold results" in refused("experiments", "run", "default", "--results", tmp_path / "o.json")
    assert (tmp_path / "o.json").read_text() == "{}"


@pytest.mark.parametrize("name", ["train", "evaluate", "benchmark"])
def test_help_comes_at_once_because_it_imports_nothing_heavy(name):
    code = f"""
import runpy, sys
sys.argv = ["{name}", "--help"]
try:
    runpy.run_path("scripts/{name}.py", run_name="__main__")
except SystemExit:
    pass
print("heavy:", *[module for module in ("tensorflow", "keras", "matplotlib") if module in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.rstrip().endswith("heavy:") and "Usage" in result.stdout


# Says on standard error when each part of a match begins.
_TELLING = """
import runpy, sys
import agent.evaluation.match
play = agent.evaluation.match.play_part
def telling(part):
    print("part", flush=True, file=sys.stderr)
    return play(part)
agent.evaluation.match.play_part = telling
sys.argv = ["evaluate", *sys.argv[1:]]
runpy.run_path("scripts/evaluate.py", run_name="__main__")
"""


@pytest.mark.slow
def test_ctrl_c_in_an_evaluation_prints_what_is_there():
    words = ("--model", "landlord", "--against", "landlord", "--games", "2000000")
    process = subprocess.Popen(
        [sys.executable, "-c", _TELLING, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "160"},
    )
    try:
        begun = 0
        while begun < 2:  # the first part is over
            line = process.stderr.readline()
            assert line, "it ended before it was stopped"
            begun += line == "part\n"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert "PARTIAL" in output and re.search(r"landlord\s+│\s+1,000 ", output)
