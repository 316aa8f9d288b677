"""The programs in ``scripts/``, run in this process."""

import runpy
from pathlib import Path

from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]


def app(name):
    """A program's Typer app, loaded from its file."""
    return runpy.run_path(str(ROOT / "scripts" / f"{name}.py"))["app"]


def call(name, *words):
    """Run a program; return its exit code and all it printed."""
    result = CliRunner().invoke(app(name), [*map(str, words)], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def refused(name, *words):
    """Run a program that must fail with one line; return the line, or what Typer says of wrong words."""
    code, output = call(name, *words)
    lines = [line for line in output.splitlines() if line.startswith("Error: ")]
    assert code == 2 or (code == 1 and len(lines) == 1), output
    return lines[0] if lines else output
