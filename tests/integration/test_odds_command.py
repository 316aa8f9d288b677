"""``scripts/evaluate.py odds FILE`` as people call it."""

import json
import runpy
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "examples" / "situation.json"


@pytest.fixture(scope="module")
def run():
    """Run the program with some arguments."""
    app = runpy.run_path(str(ROOT / "scripts" / "evaluate.py"))["app"]
    return lambda *words: CliRunner().invoke(app, ["odds", *map(str, words)])


def test_it_shows_each_seat_and_each_action_and_writes_json(run, tmp_path):
    result = run(FILE, "--games", 100, "--each-action", "--json", tmp_path / "odds.json")
    assert result.exit_code == 0
    for word in ("Ada", "Bo", "Cy", "PASS", "BUY", "100 playouts"):
        assert word in result.output
    assert json.loads((tmp_path / "odds.json").read_text())["games"] == 100


def test_what_is_wrong_is_one_line_and_exit_code_1(run, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"players": [{"cash": 1, "titles": ["brown"], "buildings": {"Baltic Avenue": 2}}, {"cash": 3}]}')
    for words, told in (
        ((bad,), "stands at 0, 2 (R35)."),
        ((tmp_path / "none.json",), "none.json"),
        ((FILE, "--players", "shark"), "Unknown player"),
        ((FILE, "--json", tmp_path / "no" / "folder.json"), "Cannot write"),
    ):
        result = run(*words)
        assert result.exit_code == 1 and told in result.stderr and len(result.stderr.strip().splitlines()) == 1
