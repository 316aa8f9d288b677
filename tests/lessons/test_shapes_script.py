"""scripts/shapes.py as people run it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.lessons.page import markdown, read_page, script

SCRIPT = Path(__file__).parents[2] / "scripts" / "shapes.py"
PAGE = read_page(Path(__file__).parents[2] / "docs" / "SHAPES.md")
LESSONS = PAGE.lessons


@pytest.fixture(scope="module")
def app():
    spec = importlib.util.spec_from_file_location("shapes_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def run(app, *arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "130"})


def test_without_a_name_it_lists_answers_and_lessons(app):
    result = run(app)
    assert result.exit_code == 0
    for name in LESSONS:
        assert name in result.stdout
    assert "expected min_ndim=2, found ndim=1" in result.stdout and "state.reshape(1, 23)" in result.stdout


def test_an_error_text_is_looked_up(app):
    result = run(app, "ValueError: Argument(s) not recognized: {'lr': 0.01}")
    assert result.exit_code == 0
    assert "learning_rate" in result.stdout and "python scripts/shapes.py monopoly" in result.stdout
    assert "LSTM" not in result.stdout


@pytest.mark.parametrize("name", ["lsmt", "ALL", ""])
def test_a_name_or_text_that_nothing_fits_is_one_line_with_the_lessons(app, name):
    result = run(app, name)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    for right in LESSONS:
        assert right in result.stderr
    assert repr(name) in result.stderr


@pytest.mark.parametrize("arguments", [("lstm", "--epochs", 3), ("lstm", "conv"), ("lstm", "--markdown", ".")])
def test_bad_options_are_refused(app, arguments):
    result = run(app, *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_script_is_printed_as_it_is(app):
    result = run(app, "conv", "--script")
    assert result.exit_code == 0
    assert result.stdout == script(PAGE.lessons["conv"]) + "\n"


@pytest.mark.slow
def test_one_lesson_from_start_to_end(app, tmp_path):
    result = run(app, "dense-10-5", "--plot", "--folder", tmp_path / "new", "--markdown", tmp_path / "out.md")
    assert result.exit_code == 0, result.output
    for part in ("The data", "10 x 5 + 5 = 55", "Wrong.", "Right.", "always no", "The answer", "took"):
        assert part in result.stdout
    assert (tmp_path / "new" / "shapes-dense-10-5.png").stat().st_size > 10_000
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert text.endswith(markdown(PAGE, ["dense-10-5"])[len(PAGE.opening) :])  # the page holds, so it is written as it stands
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "out.md"]


def test_a_place_that_cannot_be_written_is_one_line(app, tmp_path):
    (tmp_path / "file").write_text("")
    for arguments in (("--plot", "--folder", tmp_path / "file" / "x"), ("--markdown", tmp_path / "file" / "x.md")):
        result = run(app, "lstm", *arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"Error: {tmp_path / 'file'}") and result.stderr.count("\n") == 1
        assert "The data" not in result.stdout  # told before the work begins


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_line():
    with open("/dev/full", "w") as full:
        result = subprocess.run([sys.executable, str(SCRIPT)], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: Cannot write the output: ") and result.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe that closes")
def test_a_pipe_that_nobody_reads_ends_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as pipe:
        result = subprocess.run([sys.executable, str(SCRIPT)], stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert (result.returncode, result.stderr) == (1, "")


def test_help_and_list_start_neither_tensorflow_nor_the_engine():
    code = (
        "import sys, runpy; sys.argv = ['shapes.py', *sys.argv[1:]]\n"
        f"try: runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
        "except SystemExit as stop: assert not stop.code\n"
        "print(sorted({'tensorflow', 'keras', 'numba', 'matplotlib'} & set(sys.modules)))"
    )
    for arguments in (["--help"], []):
        result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert result.stdout.splitlines()[-1] == "[]"
