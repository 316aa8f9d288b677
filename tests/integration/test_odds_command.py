"""``scripts/evaluate.py odds FILE`` as people call it."""

import json

from programs import ROOT, call, refused

FILE = ROOT / "docs" / "examples" / "situation.json"


def test_it_shows_each_seat_and_each_action_and_writes_json(tmp_path):
    words = (FILE, "--games", 100, "--each-action", "--json", tmp_path / "odds.json")
    code, output = call("evaluate", "odds", *words)
    assert code == 0
    for word in ("Ada", "Bo", "Cy", "PASS", "BUY", "100 playouts"):
        assert word in output
    assert json.loads((tmp_path / "odds.json").read_text())["games"] == 100


def test_what_is_wrong_is_one_line_and_exit_code_1(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"players": [{"cash": 1, "titles": ["brown"], "buildings": {"Baltic Avenue": 2}}, {"cash": 3}]}')
    for words, told in (
        ((bad,), "stands at 0, 2 (R35)."),
        ((tmp_path / "none.json",), "none.json"),
        ((FILE, "--players", "shark"), "Unknown player"),
        ((FILE, "--json", tmp_path / "no" / "folder.json"), "Cannot write"),
    ):
        assert told in refused("evaluate", "odds", *words)
