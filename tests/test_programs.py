"""The programs as people call them: a whole run, evaluations, wrong input, interruptions."""

import csv
import json
import re
import signal
import subprocess
import sys

import pytest
from programs import ROOT, call, refused

from monopoly_env.actions import Action

TINY = ("--hidden", "8", "--decisions", "65536", "--evaluations", "1", "--games", "20", "--final-games", "40")


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
    assert re.search(r"3 x random\s+│\s+40 .* 25 % ", output) and "games won (%)" in output
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


def test_evaluate_refuses_wrong_input(run, tmp_path):
    told = {
        ("--model", "shark"): "Unknown player. Expected one of random",
        ("--model", tmp_path / "none.keras"): "No model at",
        ("--model", tmp_path / "text.keras"): "not a .keras model file",
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
    (tmp_path / "text.keras").write_text("no archive")
    before = (run[0] / "model.keras").read_bytes()
    for words, text in told.items():
        assert text in refused("evaluate", *words), words
    assert before == (run[0] / "model.keras").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["text.keras"]


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


@pytest.mark.slow
def test_ctrl_c_in_an_evaluation_prints_what_is_there():
    command = [sys.executable, "scripts/evaluate.py", "--model", "landlord", "--against", "landlord", "--games", "40000"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert any("of 40,000 games" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "PARTIAL" in output and re.search(r"landlord\s+│\s+\d+,000 ", output)
