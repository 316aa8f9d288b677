"""Saved games: whole or not at all, refused when damaged, and resumed as if never left."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from agent.files.checkpoint import load_checkpoint, save_checkpoint
from agent.play import managing, saves
from agent.play.errors import PlayError
from agent.play.options import Options
from agent.play.players import BotChooser
from agent.play.session import Session
from agent.play.soundness import check_event, check_record
from agent.play.table import Table
from agent.play.terminal import Leave
from monopoly_env.actions import Action, IllegalActionError, Phase
from monopoly_env.board import TITLE_NAMES
from monopoly_env.decision.decision import decision_of
from monopoly_env.game import GAME

from .sitting import Sitting


class Mind:
    """A person whose answer depends on nothing but the game, so that it goes on after a break as it would have."""

    def __init__(self, decisions):
        self.left = decisions
        self.table = None

    def __call__(self, prompt):
        if self.left == 0:
            raise Leave
        self.left -= 1
        game = self.table.game
        seed = [int(game.turns), int(game.phase), *map(int, game.cash), int(game.auction_bid), len(self.table.rows)]
        rng = np.random.default_rng(seed)
        owned = [n for n in range(28) if game.owner[n] == game.actor]
        if game.phase == Phase.MANAGE and owned and rng.random() < 0.4:
            verb, wanted = str(rng.choice(["build", "mortgage", "redeem", "sell"])), int(rng.choice(owned))
            try:
                managing.at_once(Table(self.table.setup, {}, np.array(game, GAME)[()]), verb, wanted)
                return f"{verb} {TITLE_NAMES[wanted]}"
            except IllegalActionError:  # said in earnest it would change nothing, and be said again for ever
                return "1"
        return str(rng.integers(1, 3)) if game.phase != Phase.MANAGE else "1"


def play(decisions, seed, table=None):
    """Play so many decisions; return the table and the path of the saved game."""
    mind = Mind(decisions)
    sitting = Sitting(seats="me,landlord,fp-a,me", seed=seed, turns=120, choosers=BotChooser("landlord"))
    if table is not None:
        sitting.table = table
    terminal = sitting.terminal
    terminal._read = mind
    mind.table = sitting.table
    session = Session(sitting.table, terminal, sitting.path, Options(), None)
    session.run()
    return sitting.table, sitting.path


def resumed(path):
    saved = saves.load(path)
    choosers = {seat: BotChooser("landlord") for seat in (1, 2)}
    return Table(saved.setup, choosers, saved.game, saved.rows, saved.records)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_resuming_equals_never_having_stopped(seed):
    whole, _ = play(90, seed)
    table, path = play(1, seed)
    for part in (1, 2, 5, 11, 30, 40):
        table, path = play(part, seed, resumed(path))
    assert table.game.tobytes() == whole.game.tobytes()
    assert table.rows == whole.rows
    assert len(table.records) == len(whole.records) > 20
    for one, other in zip(table.records, whole.records, strict=True):
        names = ("turn", "seat", "phase", "group", "title", "cash", "outcomes", "need", "action")
        assert all(getattr(one, name) == getattr(other, name) for name in names)
        assert (one.state == other.state).all() and (one.mask == other.mask).all()


def test_a_saved_game_remembers_everything():
    sitting = Sitting("1", "1", "coach on", "open", seats="me,landlord", names="Zoë", seed=9, choosers=BotChooser("landlord"))
    sitting.run()
    saved = saves.load(sitting.path)
    assert saved.setup == sitting.table.setup and saved.setup.names[0] == "Zoë"
    assert saved.game.tobytes() == sitting.game.tobytes()
    assert saved.options == Options(coach=True, open=True)
    assert saves.state_text(saved).startswith("turn ")


@pytest.fixture
def path():
    sitting = Sitting("1", "1")
    sitting.run()
    return sitting.path


def test_nothing_but_plain_arrays_is_in_the_file(path):
    with np.load(path, allow_pickle=False) as archive:
        names = set(archive.files)
        assert all(not archive[name].dtype.hasobject for name in names)
    assert {"game", "events", "states", "masks"} < names
    assert [item.name for item in path.parent.iterdir()] == [path.name], "no temporary file is left"


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "zip", "other"])
def test_a_damaged_game_is_refused_and_left_untouched(path, damage):
    contents = path.read_bytes()
    place = contents.index(saves.load(path).game.tobytes()) + 100
    broken = {
        "cut": contents[: len(contents) // 2],
        "flipped": contents[:place] + bytes([contents[place] ^ 1]) + contents[place + 1 :],
        "empty": b"",
        "text": b"no game at all",
    }.get(damage)
    if damage == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "a")
    elif damage == "other":
        save_checkpoint(path, {"weights": np.zeros(3)}, {"kind": "training"})
    else:
        path.write_bytes(broken)
    before = path.read_bytes()
    with pytest.raises(PlayError) as caught:
        saves.load(path)
    assert str(path) in str(caught.value) and "left untouched" in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("name", "said"), [("rules", "rules version"), ("layout", "state layout")])
def test_another_version_is_refused(path, name, said, monkeypatch):
    if name == "rules":
        monkeypatch.setattr(saves, "RULES_VERSION", 99)
    else:
        monkeypatch.setattr("agent.files.checkpoint.LAYOUT_VERSION", 99)
    before = path.read_bytes()
    with pytest.raises(PlayError, match=said) as caught:
        saves.load(path)
    assert "left untouched" in str(caught.value)
    assert path.read_bytes() == before


def test_a_record_of_another_layout_is_refused(path):
    sitting = Sitting("1")
    sitting.run()
    with np.load(path) as archive:
        meta = json.loads(archive["__checkpoint__"].tobytes())["meta"]
    save_checkpoint(path, {"game": np.zeros(1, [("cash", "i4")]), "events": np.zeros((0, 7))}, meta)
    with pytest.raises(PlayError, match="another layout"):
        saves.load(path)


def test_the_newest_unfinished_game(path):
    with pytest.raises(PlayError, match="There is no saved game"):
        saves.load(saves.as_path("nothing"))
    assert saves.newest().path == path
    (saves.FOLDER / "zz.npz").write_bytes(b"damaged")
    assert saves.newest().path == path, "a damaged file does not stand in the way"
    path.unlink()
    with pytest.raises(PlayError, match=r"There is no unfinished game in games/\. Cannot go on with"):
        saves.newest()


def test_names_of_files(tmp_path):
    assert str(saves.as_path("monday")) == "games/monday.npz"
    assert str(saves.as_path("monday.npz")) == "games/monday.npz"
    assert str(saves.as_path("a/monday")) == "a/monday.npz"
    one = saves.new_path(None)
    one.parent.mkdir(exist_ok=True)
    one.touch()
    assert saves.new_path(None) != one
    with pytest.raises(PlayError, match="exists already"):
        saves.new_path(str(one))


def test_a_disk_that_refuses(path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.files.atomic.os.replace", full)
    before = path.read_bytes()
    with pytest.raises(PlayError, match=r"The game cannot be saved: .*No space left on device"):
        saves.save(path, Sitting().table, {})
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1


def test_a_game_under_way_is_saved_at_each_prompt():
    sitting = Sitting(seats="me,landlord", seed=2, choosers=BotChooser("landlord"))
    seen = []

    class Watcher:
        def __call__(self, prompt):
            seen.append(saves.load(sitting.path).game.tobytes() == sitting.game.tobytes())
            if len(seen) > 25:
                raise Leave
            return "1"

    sitting.terminal._read = Watcher()
    sitting.run()
    assert len(seen) > 25 and all(seen)


def test_a_decision_is_saved_before_anybody_else_moves():
    sitting = Sitting("1", "1", seats="me,landlord", seed=2)
    seen = []

    class Observer:
        def decide(self, game):
            seen.append((len(saves.load(sitting.path).records), len(sitting.table.records)))
            return replace(decision_of(game), action=Action.PASS)

    sitting.table.choosers = {1: Observer()}
    sitting.script.answers = ["1"] * 6
    sitting.run()
    assert seen and all(saved == made for saved, made in seen)


def rewritten(path, change):
    """Write a saved game again with its parts changed, under a checksum that is right."""
    arrays, meta = load_checkpoint(path)
    change(arrays, meta)
    save_checkpoint(path, arrays, meta)


def field(name, value, place=0):
    """A change of a number in the record."""

    def change(arrays, meta):
        if arrays["game"][name].ndim == 1:
            arrays["game"][name][0] = value
        else:
            arrays["game"][name][0].flat[place] = value

    return change


def entry(*keys, value):
    """A change of an entry in the header."""

    def change(arrays, meta):
        place = meta
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


def event(column, value):
    """A change of a number in the first event."""

    def change(arrays, meta):
        arrays["events"][0, column] = value

    return change


def one_seat(arrays, meta):
    del meta["setup"]["seats"][1:]


CHANGES = {
    "options null": entry("options", value=None),
    "unknown option": entry("options", "sound", value=True),
    "coach": entry("options", "coach", value="yes"),
    "log": entry("options", "log", value=5),
    "kind": entry("setup", "seats", 1, "kind", value="martian"),
    "person": entry("setup", "seats", 1, "kind", value="me"),
    "model": entry("setup", "seats", 1, "model", value=5),
    "name": entry("setup", "seats", 1, "name", value="x" * 100),
    "seats": entry("setup", "seats", value=[]),
    "one seat": one_seat,
    "rules": entry("setup", "house_rules", value="x"),
    "other rules": entry("setup", "house_rules", value=["no_trades"]),
    "seed": entry("setup", "seed", value=2**70),
    "turns": entry("setup", "max_turns", value=7),
    "setup null": entry("setup", value=None),
    "models null": entry("models", value=None),
    "records null": entry("records", value=None),
    "record": entry("records", 0, value=[1, 0]),
    "record seat": entry("records", 0, "seat", value=7),
    "record title": entry("records", 0, "title", value=99),
    "record outcomes": entry("records", 0, "outcomes", value={}),
    "record action": entry("records", 0, "action", value=6),
    "players": field("players", 200),
    "phase": field("phase", 99),
    "actor": field("actor", 5),
    "position": field("position", 99, 1),
    "owner": field("owner", 7, 3),
    "auction": field("auction_title", 28),
    "debts": field("debts", 25),
    "deck": field("deck", 16, 20),
    "event kind": event(0, 9999),
    "event seat": event(1, 9),
    "events": lambda arrays, meta: arrays.update(events=arrays["events"][:, :6]),
    "float events": lambda arrays, meta: arrays.update(events=arrays["events"] + 0.5),
    "no events": lambda arrays, meta: arrays.pop("events"),
    "states": lambda arrays, meta: arrays.update(states=arrays["states"][:, :5]),
    "masks": lambda arrays, meta: arrays.update(masks=arrays["masks"] * 0),
    "fewer masks": lambda arrays, meta: arrays.update(masks=arrays["masks"][:0]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_contents_that_are_no_game_are_refused_in_one_line(path, what):
    rewritten(path, CHANGES[what])
    before = path.read_bytes()
    with pytest.raises(PlayError) as caught:
        saves.load(path)
    assert str(path) in str(caught.value) and "left untouched" in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_rewriting_alone_changes_nothing(path):
    rewritten(path, lambda arrays, meta: None)
    assert saves.load(path).records


def test_every_moment_of_a_game_is_sound():
    """What the ranges allow includes all that happens: four kinds of players, all rules, with people among them."""
    for seed, rules in ((1, ""), (2, "free_parking_pot,double_salary"), (3, "no_auctions")):
        sitting = Sitting(seats="me,random,fp-a,landlord,random", seed=seed, rules=rules, turns=400)
        table = sitting.table
        kinds = ("random", "random", "fp-a", "landlord", "random")
        table.choosers = {seat: BotChooser(kind) for seat, kind in enumerate(kinds)}
        table.game.manual[0] = 0
        while not table.over:
            table.step()
            table.game.manual[0] = 1
            check_record(table.game, table.setup)
            table.game.manual[0] = 0
        for row in table.rows:
            check_event(row, table.names)


@pytest.mark.parametrize("name", ["", ".", "..", "/", "a/..", "x" * 300, "a/" + "x" * 300, "x" * 250])
def test_what_is_no_name_of_a_file(name):
    with pytest.raises(PlayError) as caught:
        saves.new_path(name)
    assert "\n" not in str(caught.value)


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlayError, match=r"No game can be kept in file/x\.npz: Not a directory\. Choose another"):
        saves.new_path("file/x")
    assert saves.new_path("new/folder/x").parts[0] == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["file"], "nothing is left behind"


def test_a_game_is_open_in_one_window_at_a_time(tmp_path):
    path = tmp_path / "games" / "x.npz"
    with saves.held(path):
        with pytest.raises(PlayError, match="is open in another window"), saves.held(path):
            pass
        with saves.held(path.with_name("y.npz")):
            pass
    with saves.held(path):
        assert [held.name for held in path.parent.iterdir()] == [".x.lock"]
    assert not path.parent.exists()  # no game was kept
    path.parent.mkdir()
    with saves.held(path):
        path.touch()
    assert list(path.parent.iterdir()) == [path]
