"""How the programs are named in hints, what `python -m monopoly_env` shows, and what belongs to the wheel."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agent.files import command as files_command
from agent.files.command import command

ROOT = Path(__file__).parents[1]


def test_every_program_is_a_command():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    programs = {path.stem for path in (ROOT / "scripts").glob("*.py")} - {"__init__"}
    assert project["scripts"] == {f"monopoly-{name}": f"agent.programs.{name}:program" for name in programs}


@pytest.mark.parametrize(
    ("called", "in_checkout", "told"),
    [
        ("scripts/train.py", True, "python scripts/play.py"),
        ("/usr/bin/monopoly-train", True, "monopoly-play"),
        ("monopoly-train.exe", True, "monopoly-play"),
        ("/usr/bin/monopoly-train", False, "monopoly-play"),
        ("notebook.py", False, "monopoly-play"),
    ],
)
def test_hints_name_the_command_in_use(monkeypatch, tmp_path, called, in_checkout, told):
    monkeypatch.setattr(sys, "argv", [called])
    if not in_checkout:
        monkeypatch.setattr(files_command, "__file__", str(tmp_path / "agent" / "files" / "command.py"))
    assert command("play") == told


def run_module(folder, *words):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "monopoly_env", *words], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_module_shows_versions_and_a_game_and_a_file_that_hides_the_agent(tmp_path):
    (tmp_path / "agent.py").write_text("")
    done = run_module(tmp_path, "3")
    assert done.returncode == 0, done.stderr
    assert "monopoly-rl 0.1.0, Python 3." in done.stdout and "Turn 2: it is seat" in done.stdout
    assert f"{tmp_path / 'agent.py'} hides this project's package agent" in done.stdout


def test_the_module_refuses_what_is_not_a_seed(tmp_path):
    done = run_module(tmp_path, "-3")
    assert done.returncode == 2 and done.stderr.endswith("Received: -3\n") and len(done.stderr.splitlines()) == 1
