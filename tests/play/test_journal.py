"""Log files: a line of JSON an event, read back exactly, refused when they are something else."""

import json
from pathlib import Path

import pytest

from agent.play import journal
from agent.play.errors import PlayError
from agent.play.players import load_players
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.text.events import sentence


@pytest.fixture
def table():
    setup = make_setup(Wishes("landlord,random,fp-a", "Zoë", [], 4, "free_parking_pot", max_turns=120))
    table = Table(setup, load_players(setup))
    table.play_on()
    return table


def written(table, path="game.jsonl"):
    log = journal.Journal(path, table.setup, table.rows[:100])
    log.add(table.rows[:300])
    log.add(table.rows)
    log.close()
    return path


def test_a_log_is_read_back_exactly(table):
    recording = journal.read(written(table))
    assert recording.rows == table.rows and recording.setup == table.setup and not recording.torn


def test_every_line_says_what_happened(table):
    with open(written(table), encoding="utf-8") as file:
        header, *lines = map(json.loads, file)
    assert (header["format"], header["version"], header["seed"]) == ("monopoly-log", 1, 4)
    assert header["seats"][0] == {"kind": "landlord", "name": "Zoë", "model": None}
    assert [line["n"] for line in lines] == list(range(1, len(table.rows) + 1))
    for line, row in zip(lines, table.rows, strict=True):
        kind = Event[line["event"]]
        assert (kind, line["seat"]) == row[:2]
        assert [line[name] for name in EVENT_FIELDS[kind]] == list(row[2 : 2 + len(EVENT_FIELDS[kind])])
        assert line["text"] == sentence(row, table.names)
        assert set(line) == {"n", "event", "seat", "text", *EVENT_FIELDS[kind]}


def test_a_log_that_breaks_off(table):
    path = written(table)
    with open(path, "rb+") as file:
        file.truncate(5000)
    recording = journal.read(path)
    assert recording.torn and recording.rows == table.rows[: len(recording.rows)] and recording.rows


HEADER = json.dumps({"format": "monopoly-log", "version": 1, "rules": 1})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is no log of a game: its first line does not say so."),
        (b"{}\n", "is no log of a game"),
        (b"[1]\n", "is no log of a game"),
        (b"\xff\xfe\x00", "it is not text"),
        (HEADER.replace('"version": 1', '"version": 9').encode(), "has version 9; this program reads version 1."),
        (HEADER.replace('"rules": 1', '"rules": 9').encode(), "has rules 9; this program reads rules 1."),
        (HEADER.encode() + b"\n", "The description of the game is incomplete"),
    ],
)
def test_what_is_no_log(text, said, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(text)
    with pytest.raises(PlayError) as caught:
        journal.read(path)
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [{"seats": []}, {"seats": "ab"}, {"seats": None}, {"house_rules": "x"}, {"house_rules": 5}, {"house_rules": ["beer"]},
     {"seed": 2**70}, {"seed": "1"}, {"starting_cash": 1e400}, {"max_turns": 0},
     {"seats": [{"kind": "martian", "name": "A", "model": None}] * 2},
     {"seats": [{"kind": "me", "name": "A", "model": None}] * 2},
     {"seats": [{"kind": "me", "name": "A,B", "model": None}, {"kind": "random", "name": "C", "model": None}]},
     {"seats": [{"kind": "random", "name": "A"}, {"kind": "random", "name": "B", "model": 5}]}],
)  # fmt: skip
def test_a_header_that_describes_no_game(table, changed):
    path = Path(written(table))
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(json.dumps({**json.loads(first), **changed}) + "\n" + rest, encoding="utf-8")
    with pytest.raises(PlayError) as caught:
        journal.read(path)
    assert str(caught.value).startswith("game.jsonl, line 1: The description of the game is ") and "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ["{", "7", "{}", '{"event": "FLY", "seat": 0}', '{"event": "BUY", "seat": 0}',
                                  '{"event": "BUY", "seat": 0, "title": "x", "price": 1}',
                                  '{"event": "BUY", "seat": 0, "title": 99, "price": 1}',
                                  '{"event": "WIN", "seat": 9}', '{"event": "WIN", "seat": 1180591620717411303424}',
                                  '{"event": "BUY", "seat": 0, "title": -5, "price": 1}',
                                  '{"event": "MOVE", "seat": 0, "from_square": 0, "to_square": 40}',
                                  '{"event": "BUY", "seat": 0, "title": 1, "price": 99999999999}'])  # fmt: skip
def test_a_line_that_is_no_event_is_named(table, line):
    path = written(table)
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    lines[7] = line
    Path(path).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PlayError, match=r"game\.jsonl, line 8: this is no event"):
        journal.read(path)


def test_a_log_is_not_overwritten(table):
    path = written(table)
    with pytest.raises(PlayError, match="exists already"):
        journal.new_log(path)
    with pytest.raises(PlayError, match="Cannot read the log nothing"):
        journal.read("nothing")
    with pytest.raises(PlayError, match="Cannot write the log"):
        journal.Journal(Path(path) / "x", table.setup)
