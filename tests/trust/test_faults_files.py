"""Files that are damaged, cut, full of somebody else's code, or on a disk that refuses: one clear line, and nothing is lost.

Whole training runs under such faults: ``test_faults_runs.py``.
"""

import base64
import errno
import io
import json
import marshal
import os
import pickle
import resource
import shutil
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st

from agent.files.checkpoint import CheckpointError, load_checkpoint
from agent.learning.config import RunOptions, TrainConfig
from agent.learning.trainer import Training
from agent.play.errors import PlayError
from agent.play.game_file import GameFile, read
from agent.play.players import BotChooser
from agent.play.setup import Options, Wishes, make_setup
from agent.play.table import Table
from agent.players.model_file import ModelError, load_model, save_model
from agent.players.network import Player
from agent.runs.folder import RunError, RunFolder
from agent.runs.metrics import Metrics
from agent.runs.run import Run
from monopoly_env.actions import Phase
from monopoly_env.situation.situation import Situation, SituationError

from .kills import plain, prepare, settings

STATES = np.random.default_rng(0).random((4, 23), dtype=np.float32)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The folder of a run that was saved twice, and a game, all whole."""
    base = tmp_path_factory.mktemp("whole")
    config = settings(6, threads=None)
    with RunFolder.create("run", "softmax", base) as folder:
        folder.write_config(config)
        run = Run(Training(config), folder, options=RunOptions(evaluations=0, save_every=0))
        for number, _ in enumerate(run.progress(), start=1):
            if number == 3:
                break
    setup = make_setup(Wishes("me,landlord", seed=4))
    table = Table(setup, {1: BotChooser("landlord")})
    for _ in range(6):
        table.play_on()
        table.decide(table.game.phase != Phase.MANAGE)
    GameFile(base / "game.jsonl", table, Options()).close()
    seats = [{"name": "Ada", "cash": 420, "titles": ["orange"]}, {"name": "Bo", "cash": 150}]
    (base / "situation.json").write_text(json.dumps({"players": seats, "turn": "Bo"}))
    prepare(base / "begun", config)
    return base


@pytest.fixture
def whole(original, tmp_path):
    """A copy of them all, to be damaged."""
    return Path(shutil.copytree(original, tmp_path, dirs_exist_ok=True))


def read_game(path):
    saved = read(path)
    if saved.torn:  # what is before the line that breaks off goes on, and the player is told
        assert saved.size < path.stat().st_size
        raise PlayError(f"{path} breaks off")
    table = saved.play()
    return saved.setup, table.game.tobytes(), table.rows, len(table.records), saved.options, saved.prints


def read_checkpoint(path):
    arrays, meta = load_checkpoint(path)
    return plain(arrays), meta


def read_model(path):
    return [plain(weights) for weights in load_model(path).get_weights()]


def read_player(path):
    player = Player.load(path)
    return player.metadata, plain(player.outputs(STATES))


def read_settings(path):
    with RunFolder.open(path.parent) as folder:
        return TrainConfig.from_dict(folder.load()[1]["config"])


def read_metrics(path):
    metrics = Metrics(path)
    metrics.keep(3)
    assert len(metrics.rows) <= 3


EXACT = {  # read as they were written, or refused
    "checkpoint": ("run/checkpoint.npz", read_checkpoint, CheckpointError),
    "model": ("run/model.keras", read_model, ModelError),
    "player": ("run/model.keras", read_player, ModelError),
    "game": ("game.jsonl", read_game, PlayError),
}
READERS = EXACT | {
    "cut game": ("game.jsonl", lambda path: read(path).play(), PlayError),  # what is before the cut goes on
    "situation": ("situation.json", Situation.read, SituationError),
    "settings": ("begun/config.json", read_settings, (RunError, ValueError)),
    "metrics": ("run/metrics.csv", read_metrics, ()),  # what is no line is dropped
}


def refusal(name, path):
    """The one line in which a file is refused; None: it was read."""
    _, reader, error = READERS[name]
    data = path.read_bytes()
    try:
        reader(path)
    except error as caught:
        assert "\n" not in str(caught)
        assert path.read_bytes() == data, "a refused file is left alone"
        return str(caught)


def refused_or_same(name, original, path, data):
    """Read damaged contents; they must be refused in one line that names the file, or be what they were. True: refused."""
    member, reader, _ = READERS[name]
    path.write_bytes(data)
    told = refusal(name, path)
    assert str(path) in told if told else reader(path) == reader(original / member)
    return told is not None


@pytest.mark.parametrize("name", EXACT)
@options(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_is_noticed_or_changes_nothing(name, original, tmp_path_factory, data):
    good = bytearray((original / READERS[name][0]).read_bytes())
    # Half of the flips fall into the last kilobyte: the directory of the archive.
    place = data.draw(st.one_of(st.integers(0, len(good) - 1), st.integers(max(0, len(good) - 1000), len(good) - 1)))
    good[place] ^= 1 << data.draw(st.integers(0, 7))
    refused_or_same(name, original, tmp_path_factory.getbasetemp() / f"flipped-{name}{READERS[name][0][-6:]}", bytes(good))


@pytest.mark.parametrize("name", [name for name in EXACT if name != "game"])
@options(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_cut_file_is_refused(name, original, tmp_path_factory, data):
    good = (original / READERS[name][0]).read_bytes()
    end = data.draw(st.integers(0, len(good) - 1))
    path = tmp_path_factory.getbasetemp() / f"cut-{name}{READERS[name][0][-6:]}"
    assert refused_or_same(name, original, path, good[:end])


def test_a_cut_game_is_the_beginning_of_the_game(original, tmp_path):
    """Every line that is whole counts; a cut in the first one leaves nothing."""
    good, path = (original / "game.jsonl").read_bytes(), tmp_path / "game.jsonl"
    acts, first = read(original / "game.jsonl").acts, good.index(b"\n") + 1
    for end in range(0, len(good), 7):
        path.write_bytes(good[:end])
        if end < first:
            assert refused_or_same("game", original, path, good[:end])
            continue
        saved = read(path)
        assert saved.acts == acts[: len(saved.acts)] and len(saved.acts) == good[:end].count(b"\n") - 1
        assert saved.torn == (good[end - 1 : end] != b"\n")


@options(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_text_file_never_ends_in_a_traceback(original, tmp_path_factory, data):
    name = data.draw(st.sampled_from(["cut game", "situation", "settings", "metrics"]))
    text = bytearray((original / READERS[name][0]).read_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    if data.draw(st.booleans()):
        text[place] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del text[place:]
    path = tmp_path_factory.getbasetemp() / "damaged" / Path(READERS[name][0]).name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text)
    refusal(name, path)


@contextmanager
def reopened(folder):
    """The run in a folder, which is held open."""
    with RunFolder.open(folder) as opened:
        yield Run.resume(opened, {}, options=RunOptions(evaluations=0))


def resumed(folder):
    """The updates that a run in this folder goes on from, and what it says about that."""
    with reopened(folder) as run:
        return run.training.updates, run.folder.notes


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "missing"])
def test_the_save_before_a_damaged_one_is_used_and_nothing_good_is_overwritten(whole, damage):
    folder = whole / "run"
    last, before = folder / "checkpoint.npz", folder / "checkpoint.previous.npz"
    data, good = last.read_bytes(), before.read_bytes()
    if damage == "missing":
        last.unlink()
    else:
        middle = len(data) // 2  # among the numbers
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        broken = {"cut": data[:5000], "flipped": flipped, "empty": b""}[damage]
        last.write_bytes(broken)
    updates, notes = resumed(folder)
    assert updates == 2 and len(notes) == 1
    assert str(last) in notes[0] and "Going on from the save before it, checkpoint.previous.npz." in notes[0]
    with reopened(folder) as going_on:
        going_on.training.updates += 1
        going_on.save()
        assert load_checkpoint(last)[1]["updates"] == 3 and before.read_bytes() == good
        if damage != "missing":
            assert (folder / "checkpoint.damaged.npz").read_bytes() == broken
        going_on.training.updates += 1
        going_on.save()
    assert [load_checkpoint(path)[1]["updates"] for path in (before, last)] == [3, 4]
    assert len(list(folder.glob("*.npz"))) == 2 + (damage != "missing")


def test_two_damaged_saves_are_told_and_left_alone(whole):
    for name in ("checkpoint.npz", "checkpoint.previous.npz"):
        (whole / "run" / name).write_bytes(b"damaged")
    with pytest.raises(RunError, match=r"checkpoint\.npz is not .* The save before it is of no use either: .*previous") as told:
        resumed(whole / "run")
    assert "\n" not in str(told.value)
    assert {path.read_bytes() for path in (whole / "run").glob("*.npz")} == {b"damaged"}


def test_a_run_without_any_checkpoint_begins_anew_only_where_nothing_is_lost(whole):
    folder = whole / "run"
    for path in folder.glob("*.npz"):
        path.unlink()
    with pytest.raises(RunError, match="No checkpoint at"):
        resumed(folder)  # its model is there
    (folder / "model.keras").unlink()
    assert resumed(folder) == (0, [])
    (folder / "config.json").write_text("[]")
    with pytest.raises(RunError, match=r"Its settings, .*config\.json, cannot be read either"):
        resumed(folder)


def update(run):
    """What an update does as far as the files can tell."""
    run.training.updates += 1
    run.folder.metrics.add({"update": run.training.updates, "decisions": run.training.decisions})


DAMAGED_METRICS = {  # the three lines after the names, and how many of them are lost
    "deleted": (lambda names, lines: None, 3),
    "half a line": (lambda names, lines: names + b"".join(lines) + lines[-1][:20], 0),
    "a line more": (lambda names, lines: names + b"".join(lines) + lines[-1].replace(b"3,", b"4,", 1), 0),
    "no text": (lambda names, lines: b"\x00\xff" * 50, 3),
    "a line less": (lambda names, lines: names + b"".join(lines[:-1]), 1),
}


@pytest.mark.parametrize("left", DAMAGED_METRICS)
def test_the_metrics_are_mended(whole, left):
    path = whole / "run" / "metrics.csv"
    good = path.read_bytes()
    damage, lost = DAMAGED_METRICS[left]
    names, *lines = good.splitlines(keepends=True)
    content = damage(names, lines)
    path.write_bytes(content) if content is not None else path.unlink()
    told = [f"{lost} of the 3 lines of {path} are lost; the rest goes on."] if lost else []
    assert resumed(whole / "run") == (3, told)
    with reopened(whole / "run") as run:
        update(run)
        run.save()
    assert Metrics(path).columns("update")[1].tolist() == [*range(1, 4 - lost), 4]
    assert lost or path.read_bytes().startswith(good)


@contextmanager
def file_size_limit(limit):
    """Let the system refuse to make any file longer than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def refusing(call, number):
    """Let one of the system's calls fail from now on."""

    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call, fail)
        yield


REFUSALS = {
    "full disk": lambda: refusing("os.fsync", errno.ENOSPC),
    "read-only, at the rename": lambda: refusing("os.replace", errno.EROFS),
    "read-only, at opening": lambda: refusing("builtins.open", errno.EROFS),
    "no room at all": lambda: file_size_limit(0),
    "room for the metrics alone": lambda: file_size_limit(20_000),
    "room for some of the checkpoint": lambda: file_size_limit(150_000),
}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_disk_that_refuses_a_save_is_told_and_the_last_one_stays(whole, refusal):
    with reopened(whole / "run") as run:
        update(run)
        before = contents(whole / "run")
        with REFUSALS[refusal](), pytest.raises((RunError, ModelError)) as told:
            run.save()
        assert str(told.value).startswith("Cannot write ") and "\n" not in str(told.value)
        assert any(os.strerror(n) in str(told.value) for n in (errno.ENOSPC, errno.EROFS, errno.EFBIG))
        after = contents(whole / "run")
        added = after.pop("metrics.csv").removeprefix(before.pop("metrics.csv"))
        assert after == before and added.count(b"\n") in (0, 1) and added[-1:] in (b"", b"\n")
        run.save()  # there is room again
    assert resumed(whole / "run") == (4, [])
    assert Metrics(whole / "run" / "metrics.csv").columns("update")[1].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("limit", [0, 3000, 15_000])
def test_a_model_that_does_not_fit_on_the_disk(whole, limit, capfd):
    path = whole / "run" / "model.keras"
    model, before = load_model(path), path.read_bytes()
    with file_size_limit(limit), pytest.raises(ModelError, match=r"^Cannot write model .*File too large"):
        save_model(model, path)
    assert path.read_bytes() == before and not list(path.parent.glob(".model.*"))
    assert "Traceback" not in capfd.readouterr().err


def test_a_folder_that_is_a_file_now(whole):
    with reopened(whole / "run") as run:
        (whole / "run").rename(whole / "moved")
        (whole / "run").write_text("")
        with pytest.raises(RunError, match=r"^Cannot write .*metrics\.csv: "):
            run.save()
    assert (whole / "run").read_text() == ""


def test_what_a_killed_process_was_writing_is_cleared_away(whole):
    for name in ("checkpoint.7.tmp.npz", "model.7.tmp.keras", "metrics.8.tmp.csv", "config.8.tmp.json", "curve.8.tmp.png"):
        (whole / "run" / f".{name}").write_bytes(b"half")
    assert resumed(whole / "run")[0] == 3
    assert not list((whole / "run").glob(".*.tmp.*"))


class Planted:
    """Makes a folder where it is unpickled."""

    def __reduce__(self):
        return os.mkdir, (os.environ["PLANTED"],)


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """The folder that planted code makes; gone again after it was seen to work."""
    path = tmp_path / "trap"
    monkeypatch.setenv("PLANTED", str(path))
    pickle.loads(pickle.dumps(Planted()))
    path.rmdir()
    yield path
    assert not path.exists(), "code from a file was run"


def with_object(path):
    """Replace a member of an archive of arrays by an object."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    name = next(name for name in arrays if name != "__checkpoint__")
    arrays[name] = np.array([Planted()], object)
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def as_array(path):
    with open(path, "wb") as file:
        np.save(file, np.array([Planted()], object), allow_pickle=True)


def as_pickle(path):
    path.write_bytes(pickle.dumps(Planted()))


PLANTS = [(name, plant) for name in READERS for plant in (as_array, as_pickle)] + [("checkpoint", with_object)]


@pytest.mark.parametrize(("name", "plant"), PLANTS, ids=[f"{name}-{plant.__name__}" for name, plant in PLANTS])
def test_no_pickle_is_read(whole, trap, name, plant):
    path = whole / READERS[name][0]
    plant(path)
    assert (refusal(name, path) is None) == (name == "metrics")


def function_in_text():
    """Code that makes a folder, as Keras writes a Lambda layer's function down."""
    code = compile("import os; os.mkdir(os.environ['PLANTED'])", "planted", "exec")
    return base64.b64encode(marshal.dumps(code)).decode()


def weights_as_objects(members):
    del members["model.weights.h5"]
    buffer = io.BytesIO()
    np.savez(buffer, **{"layers/dense": np.array([Planted()], object)})
    members["model.weights.npz"] = buffer.getvalue()


def pickled_member(members):
    members["model.weights.pkl"] = pickle.dumps(Planted())


def layer(name, config, module="keras.layers"):
    """A change of a model file: one of its layers is this one."""

    def change(members):
        network = json.loads(members["config.json"])
        planted = {"class_name": name, "module": module, "config": {"name": "planted", **config}, "registered_name": None}
        network["config"]["layers"][1] |= planted
        members["config.json"] = json.dumps(network).encode()

    return change


MODEL_PLANTS = {
    "member": pickled_member,
    "weights": weights_as_objects,
    "Lambda": layer("Lambda", {"function": {"class_name": "__lambda__", "config": {"code": function_in_text()}}}),
    "pickled layer": layer("TorchModuleWrapper", {"module": {"class_name": "__bytes__", "value": "gASV"}}),
    "class by name": layer("mkdir", {}, "os"),
    "function by name": layer(
        "Activation", {"activation": {"class_name": "function", "module": "os", "config": "mkdir", "registered_name": "mkdir"}}
    ),
}


@pytest.mark.parametrize("kind", MODEL_PLANTS)
def test_no_code_is_run_from_a_model(whole, trap, kind):
    path = whole / "run" / "model.keras"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    MODEL_PLANTS[kind](members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    told = {name: refusal(name, path) for name in ("model", "player")}
    if kind == "member":
        assert told.pop("player") is None, "it reads the numbers that it needs and looks at nothing else"
    assert all(str(path) in line for line in told.values())
