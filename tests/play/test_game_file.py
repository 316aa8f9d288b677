"""Files of games: they grow line by line, are refused when damaged, and go on as if never left."""

import json
import os
import zipfile
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.play import games
from agent.play.errors import PlayError
from agent.play.game_file import GameFile, read
from agent.play.players import BotChooser, load_players
from agent.play.session import Session
from agent.play.setup import Options, Wishes, make_setup
from agent.play.table import FREE_MOVES, OUTCOMES, Act, Table
from agent.play.terminal import Leave
from monopoly_env.actions import Action, IllegalActionError, Phase
from monopoly_env.board import TITLE_NAMES
from monopoly_env.decision.decision import decision_of
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import legal_actions
from monopoly_env.events import EVENT_FIELDS, Event
from monopoly_env.game import GAME
from monopoly_env.text.events import sentence

from .game_lines import relinked
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
                there = Table(self.table.setup, {}, np.array(game, GAME)[()])
                there.do(OUTCOMES[verb](there.game, wanted))
                return f"{verb} {TITLE_NAMES[wanted]}"
            except IllegalActionError:  # said in earnest it would change nothing, and be said again for ever
                return "1"
        return str(rng.integers(1, 3)) if game.phase != Phase.MANAGE else "1"


def play(decisions, seed, path=None):
    """Play so many decisions, from the start or from where the game in ``path`` stands; return the table and the path."""
    mind = Mind(decisions)
    sitting = Sitting(seats="me,landlord,fp-a,me", seed=seed, turns=120, choosers=BotChooser("landlord"))
    table, file = sitting.table, sitting.file
    if path is not None:
        saved = read(path)
        table = saved.play()
        table.choosers = dict(sitting.table.choosers)
        file = GameFile(path, table, Options(), saved)
    sitting.terminal._read = mind
    mind.table = table
    Session(table, sitting.terminal, file, Options(), None, table.news).run()
    file.close()
    if path is None:
        path = sitting.path.rename(sitting.path.with_name(f"played{seed}-{decisions}.jsonl"))
    return table, path


@pytest.mark.parametrize("seed", [6, pytest.param(3, marks=pytest.mark.slow), pytest.param(12, marks=pytest.mark.slow)])
def test_resuming_equals_never_having_stopped(seed):
    whole, _ = play(90, seed)
    table, path = play(1, seed)
    for part in (1, 2, 5, 11, 30, 40):
        table, path = play(part, seed, path)
    assert table.game.tobytes() == whole.game.tobytes()
    assert table.rows == whole.rows and table.acts == whole.acts
    assert len(table.records) == len(whole.records) > 20
    for one, other in zip(table.records, whole.records, strict=True):
        names = ("turn", "seat", "phase", "group", "title", "cash", "outcomes", "need", "action")
        assert all(getattr(one, name) == getattr(other, name) for name in names)
        assert (one.state == other.state).all() and (one.mask == other.mask).all()


def test_limits_are_kept_when_the_game_is_left():
    sitting = Sitting("never boardwalk", "never oriental under 300", seats="me,landlord", seed=9)
    sitting.run()
    table = read(sitting.path).play()
    assert table.least == sitting.table.least == {(0, 21): None, (0, 2): 300}
    assert not table.bid_limits
    sitting.table.bid_limits[0] = 7, 240
    sitting.table.no_offers[0] = 12
    sitting.table.early.add(0)
    sitting.file.save()
    table = read(sitting.path).play()
    assert table.bid_limits == {0: (7, 240)} and table.no_offers == {0: 12} and table.early == {0}


def test_a_game_remembers_everything():
    sitting = Sitting("1", "1", "coach on", "open", seats="me,landlord", names="Zoë", seed=9, choosers=BotChooser("landlord"))
    sitting.run()
    saved = read(sitting.path)
    table = saved.play()
    assert saved.setup == sitting.table.setup and saved.setup.names[0] == "Zoë"
    assert table.game.tobytes() == sitting.game.tobytes() and table.rows == sitting.table.rows
    assert saved.options == Options(coach=True, open=True)
    assert games.state_text(table).startswith("turn ")
    assert table.news == table.acts[-1].first > 0, "what came of the last decision of a person is new"


@pytest.fixture
def path():
    sitting = Sitting("1", "1", seats="me,landlord", seed=1, choosers=BotChooser("landlord"))
    sitting.run()
    return sitting.path


def bots_game():
    setup = make_setup(Wishes("landlord,random,fp-a", "Zoë", [], 4, "free_parking_pot", max_turns=120))
    table = Table(setup, load_players(setup))
    file = GameFile(games.FOLDER / "bots.jsonl", table, Options())
    table.play_on()
    file.save()
    return table, file.path


def test_every_line_says_what_happened():
    table, path = bots_game()
    with open(path, encoding="utf-8") as file:
        header, *lines = map(json.loads, file)
    assert (header["format"], header["version"], header["rules"], header["seed"]) == ("monopoly-game", 1, 3, 4)
    assert header["seats"][0] == {"kind": "landlord", "name": "Zoë", "model": None}
    assert [(line["seat"], line["act"]) for line in lines] == [(act.seat, act.name) for act in table.acts]
    events = [event for line in (header, *lines) for event in line["events"]]
    for event, row in zip(events, table.rows, strict=True):
        kind = Event[event["event"]]
        assert (kind, event["seat"]) == row[:2]
        assert [event[name] for name in EVENT_FIELDS[kind]] == list(row[2 : 2 + len(EVENT_FIELDS[kind])])
        assert event["text"] == sentence(row, table.names)
        assert set(event) == {"event", "seat", "text", *EVENT_FIELDS[kind]}


def act_at_random(table, rng):
    """Let the person that decides do something legal: one of the seven actions, a free move, or take the last one back."""
    if table.can_undo and rng.random() < 0.2:
        table.undo()
        return
    game, seat = table.game, table.person
    mine = [title for title in range(28) if game.owner[title] == seat]
    theirs = [title for title in range(28) if game.owner[title] not in (-1, seat)]
    for phase, move, arguments in (
        (Phase.AUCTION, free_moves.bid, (int(game.auction_bid) + 13,)),
        (Phase.JAIL, free_moves.pay_fee, ()),
    ):
        if game.phase == phase and rng.random() < 0.7:
            with suppress(IllegalActionError):
                table.free_moves(move, *arguments)
                return
    if game.phase == Phase.MANAGE and mine and rng.random() < 0.7:
        move = rng.choice([free_moves.build, free_moves.sell, free_moves.mortgage, free_moves.redeem, free_moves.propose])
        for title in rng.permutation(mine):
            arguments = (int(title),)
            if move is free_moves.propose and theirs:
                taken = int(rng.choice(theirs))
                arguments = (int(game.owner[taken]), {int(title)}, {taken}, int(rng.integers(-50, 50)))
            with suppress(IllegalActionError, TypeError):
                if move is free_moves.propose:
                    table.free_moves(move, *arguments)
                else:
                    table.do(OUTCOMES[move.__name__](game, int(title)))
                return
    table.decide(int(legal_actions(game)[1]))  # buy


def test_acts_of_every_kind_are_played_again():
    setup = make_setup(Wishes("me,random", seed=5, starting_cash=4000, max_turns=300))
    table, rng = Table(setup, load_players(setup)), np.random.default_rng(2)
    while not table.over:
        table.play_on()
        if table.person >= 0:
            act_at_random(table, rng)
    assert {act.name for act in table.acts} >= {"PASS", "BUY", *FREE_MOVES}
    file = GameFile(games.FOLDER / "all.jsonl", table, Options())
    again = read(file.path).play()
    assert again.game.tobytes() == table.game.tobytes() and again.rows == table.rows
    assert [act.first for act in again.acts] == [act.first for act in table.acts]
    assert len(again.records) == len(table.records) and again.worths == table.worths


def test_no_other_file_is_left(path):
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def refused(path):
    """The one line with which a file is refused, left as it is."""
    before = path.read_bytes()
    with pytest.raises(PlayError) as caught:
        read(path).play()
    said = str(caught.value)
    assert str(path) in said and "left untouched" in said and "\n" not in said and len(said) < 500
    assert path.read_bytes() == before
    return said


def test_a_damaged_file_is_refused_by_its_line(path):
    good = path.read_bytes().split(b"\n")
    for number in range(len(good) - 1):
        lines = list(good)
        lines[number] = lines[number].replace(b"1", b"2", 1)
        path.write_bytes(b"\n".join(lines))
        said = refused(path)
        assert f"line {number + 1}: it is damaged" in said or (number == 0 and "reads version 1" in said)
    path.write_bytes(b"\n".join([good[0], *good[2:]]))
    assert "line 2: it is damaged" in refused(path), "a line that is missing"
    path.write_bytes(b"\n".join([good[0], good[2], good[1], *good[3:]]))
    assert "line 2: it is damaged" in refused(path), "lines in another order"


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (b"", "is no file of a game: its first line does not say so."),
        (b"\x00" * 5000, "is no file of a game"),
        (b"{}\n", "is no file of a game"),
        (b"[1]\n", "is no file of a game"),
        (b"[" * 100_000 + b"\n", "is no file of a game"),
        (b"\xff\xfe\x00", "is no file of a game"),
        (b'{"format": "monopoly-log", "version": 1, "rules": 1, "seats": []}\n{"n": 1}\n', "is a log of an earlier version"),
        (b"PK\x03\x04rest", "is a saved game of an earlier version"),
        (b'{"format": "monopoly-game", "version": 9, "rules": 3}\n', "has version 9; this program reads version 1."),
        (b'{"format": "monopoly-game", "version": 1, "rules": 1}\n', "has rules 1; this program reads rules 3."),
        (b'{"format": "monopoly-game", "version": 1, "rules": 3}\n', "line 1: it is damaged"),
        (b'{"format": "monopoly-game", "version": 1, "rules": 3}', "line 1: it breaks off."),
    ],
)
def test_what_is_no_game_is_refused(path, contents, said):
    path.write_bytes(contents)
    assert said in refused(path)


def test_an_old_saved_game_is_refused_by_name():
    games.FOLDER.mkdir()
    old = games.FOLDER / "monday.npz"
    with zipfile.ZipFile(old, "w") as archive:
        archive.writestr("game.npy", "a")
    assert games.existing_path("monday") == old and games.saved_paths() == [old]
    assert "is a saved game of an earlier version" in refused(old)
    with pytest.raises(PlayError, match=r"no unfinished game in games/\. games/monday\.npz is a saved game of an earlier"):
        games.newest()


def test_a_last_line_that_breaks_off_costs_itself_only(path):
    whole = read(path)
    *lines, last = path.read_bytes().splitlines(keepends=True)
    for end in (1, len(last) // 2, len(last) - 1):
        path.write_bytes(b"".join(lines) + last[:end])
        saved = read(path)
        assert saved.torn and not whole.torn and saved.acts == whole.acts[:-1]
    table = saved.play()
    file = GameFile(path, table, Options(), saved)
    table.decide(0)
    file.save()
    assert read(path).play().game.tobytes() == table.game.tobytes()
    assert path.read_bytes().startswith(b"".join(lines)) and not read(path).torn


def test_the_newest_unfinished_game(path):
    with pytest.raises(PlayError, match=r"There is no game games/nothing\.jsonl\. --list shows"):
        games.existing_path("nothing")
    assert games.newest()[0].path == path
    (games.FOLDER / "zz.jsonl").write_bytes(b"damaged")
    assert games.newest()[0].path == path, "a damaged file does not stand in the way"
    path.unlink()
    with pytest.raises(PlayError, match=r"There is no unfinished game in games/\. games/zz\.jsonl is no file of a game"):
        games.newest()


def test_names_of_files():
    assert str(games.path_of("monday")) == "games/monday.jsonl"
    assert str(games.path_of("monday.jsonl")) == "games/monday.jsonl"
    assert str(games.path_of("a/monday")) == "a/monday.jsonl"
    one = games.new_path(None)
    one.parent.mkdir(exist_ok=True)
    one.touch()
    assert games.new_path(None) != one
    with pytest.raises(PlayError, match="exists already"):
        games.new_path(str(one))


@pytest.mark.parametrize("name", ["", ".", "..", "/", "a/..", "x" * 300, "a/" + "x" * 300, "x" * 250])
def test_what_is_no_name_of_a_file(name):
    with pytest.raises(PlayError) as caught:
        games.new_path(name)
    assert "\n" not in str(caught.value)


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlayError, match=r"No game can be kept in file/x\.jsonl: Not a directory\. Choose another"):
        games.new_path("file/x")
    assert games.new_path("new/folder/x").parts[0] == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["file"], "nothing is left behind"


def test_a_game_is_open_in_one_window_at_a_time(tmp_path):
    path = tmp_path / "games" / "x.jsonl"
    with games.held(path):
        with pytest.raises(PlayError, match="is open in another window"), games.held(path):
            pass
        with games.held(path.with_name("y.jsonl")):
            pass
    with games.held(path):
        assert [held.name for held in path.parent.iterdir()] == [".x.lock"]
    assert not path.parent.exists()  # no game was kept
    path.parent.mkdir()
    with games.held(path):
        path.touch()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("call", ["os.fsync", "writing"])
def test_a_disk_that_refuses(path, call, monkeypatch):
    saved = read(path)
    table = saved.play()
    file = GameFile(path, table, Options(), saved)
    before = path.read_bytes()
    table.decide(0)

    def full(*_):
        raise OSError(28, "No space left on device")

    class Full:
        """A disk with room for some of what is written."""

        def __init__(self, real):
            self.real, self.calls = real, 0

        def __getattr__(self, name):
            return getattr(self.real, name)

        def write(self, text):
            self.calls += 1
            return full() if self.calls > 1 else self.real.write(text[:20])

    with monkeypatch.context() as patch:
        if call == "writing":
            patch.setattr(file, "_file", Full(file._file))
        else:
            patch.setattr(call, full)
        with pytest.raises(PlayError, match=r"The game cannot be saved: Cannot write .*: No space left on device\."):
            file.save()
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1
    file.save()  # there is room again
    assert read(path).play().game.tobytes() == table.game.tobytes()


def test_a_file_that_was_deleted_meanwhile_is_written_anew(path):
    saved = read(path)
    table = saved.play()
    file = GameFile(path, table, Options(), saved)
    table.decide(0)
    path.unlink()
    file.save()
    table.decide(0) if table.person >= 0 else table.play_on()
    file.save()
    assert read(path).play().game.tobytes() == table.game.tobytes()


def test_a_game_under_way_is_saved_at_each_prompt():
    sitting = Sitting(seats="me,landlord", seed=2, choosers=BotChooser("landlord"))
    seen = []

    class Watcher:
        def __call__(self, prompt):
            seen.append(read(sitting.path).play().game.tobytes() == sitting.game.tobytes())
            if len(seen) > 25:
                raise Leave
            return "1"

    sitting.terminal._read = Watcher()
    sitting.run()
    assert len(seen) > 25 and all(seen)


def test_a_decision_is_saved_before_anybody_else_moves():
    sitting = Sitting("1", "1", seats="me,landlord,landlord", seed=2)
    seen = []

    class Observer:
        def decide(self, game):
            seen.append((len(read(sitting.path).acts), len(sitting.table.acts)))
            return replace(decision_of(game), action=Action.PASS)

    sitting.table.choosers = {1: Observer(), 2: Observer()}
    sitting.script.answers = ["1"] * 6
    sitting.run()
    assert seen and all(saved == made for saved, made in seen)


def test_a_path_that_is_no_text_is_kept():
    setup = make_setup(Wishes("me,landlord", seed=1))
    model = os.fsdecode(b"mod\xe9l.keras")
    file = GameFile(games.FOLDER / "x.jsonl", Table(setup, {}), Options(model=model))
    assert read(file.path).options.model == model


def set_to(line, *keys, value):
    """A change of a value in a line, given by the keys that lead to it."""

    def change(lines):
        place = lines[line]
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


def without(line, key):
    return lambda lines: lines[line].pop(key)


HEADERS = {
    "shown null": set_to(0, "shown", value=None),
    "unknown option": set_to(0, "shown", "sound", value=True),
    "coach": set_to(0, "shown", "coach", value="yes"),
    "coach's model": set_to(0, "shown", "model", value=5),
    "kind": set_to(0, "seats", 1, "kind", value="martian"),
    "model": set_to(0, "seats", 1, "model", value=5),
    "name": set_to(0, "seats", 1, "name", value="x" * 100),
    "names alike": set_to(0, "seats", 1, "name", value="You"),
    "a comma": set_to(0, "seats", 1, "name", value="A,B"),
    "no seats": set_to(0, "seats", value=[]),
    "seats": set_to(0, "seats", value="ab"),
    "seats null": set_to(0, "seats", value=None),
    "one seat": lambda lines: lines[0]["seats"].pop(),
    "rules": set_to(0, "house_rules", value="x"),
    "beer": set_to(0, "house_rules", value=["beer"]),
    "seed": set_to(0, "seed", value=2**70),
    "seed text": set_to(0, "seed", value="1"),
    "cash": set_to(0, "starting_cash", value=1e400),
    "turns": set_to(0, "max_turns", value=0),
    "no turns": without(0, "max_turns"),
    "prints null": set_to(0, "fingerprints", value=None),
    "prints": set_to(0, "fingerprints", value=[None, 5]),
    "fewer prints": set_to(0, "fingerprints", value=[None]),
    "limits null": set_to(0, "limits", value=None),
    "limit of a bot": set_to(0, "limits", value=[{"seat": 1, "title": "Boardwalk", "least": None}]),
    "limit for Utopia": set_to(0, "limits", value=[{"seat": 0, "title": "Utopia", "least": None}]),
    "limit of many": set_to(0, "limits", value=[{"seat": 0, "title": "Boardwalk", "least": "many"}]),
    "limit that is none": set_to(0, "limits", value=["never"]),
    "limit of two kinds": set_to(0, "limits", value=[{"seat": 0, "title": "Boardwalk", "least": 5, "no_offers": 3}]),
    "limit until Utopia": set_to(0, "limits", value=[{"seat": 0, "no_offers": "Utopia"}]),
    "limit of a bid": set_to(0, "limits", value=[{"seat": 0, "auction": None, "most": 5}]),
}
ACTS = {
    "seat": set_to(1, "seat", value=7),
    "another's seat": set_to(1, "seat", value=1),
    "seat text": set_to(1, "seat", value="0"),
    "seat true": set_to(1, "seat", value=False),
    "huge seat": set_to(1, "seat", value=2**70),
    "no seat": without(1, "seat"),
    "act": set_to(1, "act", value="FLY"),
    "act null": set_to(1, "act", value=None),
    "act list": set_to(1, "act", value=[]),
    "illegal": set_to(1, "act", value="TRADE"),
    "other phase": lambda lines: lines[1].update(act="build", title="Boardwalk"),
    "no title": set_to(1, "act", value="sell"),
    "unknown title": lambda lines: lines[2].update(act="build", title="Utopia"),
    "title number": lambda lines: lines[2].update(act="build", title=-5),
    "title list": lambda lines: lines[2].update(act="build", title=[]),
    "deal": lambda lines: lines[2].update(act="propose", other=99, give=[], take=["Boardwalk"], cash=0),
    "deal with oneself": lambda lines: lines[2].update(act="propose", other=0, give=["Boardwalk"], take=[], cash=0),
    "deal text": lambda lines: lines[2].update(act="propose", other=1, give="Boardwalk", take=[], cash=0),
    "deal cash": lambda lines: lines[2].update(act="propose", other=1, give=[], take=["Boardwalk"], cash=10**30),
    "deal rent": lambda lines: lines[2].update(act="propose", other=1, give=[], take=["Boardwalk"], cash=-(10**9)),
    "a list": lambda lines: lines.insert(1, []),
    "another line": lambda lines: lines.insert(1, {"hello": 1}),
    "shown in the middle": lambda lines: lines.insert(1, {"shown": {"coach": 5}, "fingerprints": [None, None]}),
}


@pytest.mark.parametrize("what", [*HEADERS, *ACTS])
def test_a_crafted_file_is_refused_in_one_line(path, what):
    """Its digests are right, so that it comes as far as it can."""
    path.write_bytes(relinked(path.read_bytes(), (HEADERS | ACTS)[what]))
    said = refused(path)
    assert ", line 1: " in said if what in HEADERS else ", line " in said and ", line 1: " not in said


def test_a_bot_makes_no_free_moves():
    setup = make_setup(Wishes("landlord,me", seed=1))
    table = Table(setup, {0: BotChooser("landlord")})
    with pytest.raises(IllegalActionError, match=r"Free moves are for people\. Received: mortgage of seat 0"):
        table.carry_out(Act(0, "mortgage", (0,)))
    with pytest.raises(IllegalActionError, match="It is not for seat 1 to act here"):
        table.carry_out(Act(1, "PASS"))
    assert not table.acts


def test_making_the_digests_anew_changes_nothing(path):
    before = path.read_bytes()
    assert relinked(before, lambda lines: None) == before


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*TITLE_NAMES, *EVENT_FIELDS]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=5,
)
WORDS = st.sampled_from(["PASS", "BUY", "BUILD", "SELL", "MORTGAGE", "REDEEM", "TRADE", "build", "sell", "mortgage", "redeem"])
NAMES = st.lists(st.sampled_from(TITLE_NAMES), max_size=3)
ACT = st.one_of(
    st.fixed_dictionaries({"seat": st.integers(-2, 9), "act": WORDS, "title": st.sampled_from(TITLE_NAMES)}),
    st.fixed_dictionaries(
        {"seat": st.integers(0, 1), "act": st.just("propose"), "other": st.integers(-9, 9), "give": NAMES, "take": NAMES,
         "cash": st.integers()}
    ),
    JSON,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_a_crafted_file_holds_it_is_a_game_or_refused_in_one_line(tmp_path_factory, data):
    """Any value anywhere, with digests that are right: never a traceback, and never a number out of an array."""
    path = tmp_path_factory.getbasetemp() / "crafted.jsonl"
    if not path.exists():
        setup = make_setup(Wishes("me,landlord", seed=1))
        table = Table(setup, {1: BotChooser("landlord")})
        GameFile(path.with_name("good.jsonl"), table, Options()).close()
        for _ in range(4):
            table.play_on()
            table.decide(table.game.phase != Phase.MANAGE)
        GameFile(path.with_name("good.jsonl"), table, Options()).close()

    def change(lines):
        number = data.draw(st.integers(0, len(lines) - 1))
        if data.draw(st.booleans()):
            lines[number:number] = [data.draw(ACT)]
            return
        line = lines[number]
        key = data.draw(st.sampled_from(sorted(line)))
        inner = line[key][0] if isinstance(line[key], list) and line[key] else line[key]
        if isinstance(inner, dict) and data.draw(st.booleans()):
            inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
        else:
            line[key] = data.draw(JSON)

    path.write_bytes(relinked(path.with_name("good.jsonl").read_bytes(), change))
    try:
        table = read(path).play()
    except PlayError as error:
        assert "\n" not in str(error) and str(path) in str(error)
    else:
        assert 0 <= table.game.actor < 2 and (table.game.owner < 2).all() and table.rows
