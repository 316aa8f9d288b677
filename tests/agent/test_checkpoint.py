"""A checkpoint comes back exactly, or is refused in one line. Damaged ones, and planted code: trust/test_faults_files.py."""

import os
import zipfile

import numpy as np
import pytest

from agent.files import checkpoint
from agent.files.atomic import atomic_write
from agent.files.checkpoint import CheckpointError, load_checkpoint, save_checkpoint

GAME = np.dtype([("cash", np.int32, (4,)), ("rng", np.uint64)])


@pytest.fixture
def saved(tmp_path):
    rng = np.random.default_rng(3)
    state = {
        "policy": {"000": rng.normal(size=(23, 5)).astype(np.float32), "001": np.zeros((0, 3))},
        "games": np.array([((1500, 2, -3, 4), 2**63 + 1)], GAME),
        "counters": {"updates": np.int64(12), "deep": {"flag": np.bool_(True)}},
        "step": 5,
    }
    meta = {"rng": rng.bit_generator.state, "command": "train --héad softmax", "seeds": [1, 2]}
    path = tmp_path / "run" / "last.ckpt"
    save_checkpoint(path, state, meta)
    return path, state, meta


def equal(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def test_round_trip_and_nothing_left_beside_it(saved):
    path, state, meta = saved
    loaded, loaded_meta = load_checkpoint(path)
    assert equal(loaded, state)
    assert loaded_meta == meta
    rng = np.random.default_rng()
    rng.bit_generator.state = loaded_meta["rng"]
    assert os.listdir(path.parent) == ["last.ckpt"]


def test_names_may_be_those_of_arguments_of_numpy(tmp_path):
    """`np.savez(allow_pickle=False)` writes an entry of that name before NumPy 2.2."""
    state = {"file": np.arange(3), "allow_pickle": np.zeros(2)}
    save_checkpoint(tmp_path / "x.npz", state)
    assert equal(load_checkpoint(tmp_path / "x.npz")[0], state)
    with np.load(tmp_path / "x.npz", allow_pickle=False) as archive:
        assert sorted(archive.files) == ["__checkpoint__", "allow_pickle", "file"]


def test_an_altered_archive_with_valid_zip_sums_fails_its_checksum(saved, tmp_path):
    path, _, _ = saved
    altered = tmp_path / "altered.ckpt"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            data = bytearray(old.read(name))
            if name == "step.npy":
                data[-8] ^= 1
            new.writestr(name, bytes(data))
    with pytest.raises(CheckpointError, match="do not match their checksum"):
        load_checkpoint(altered)


@pytest.mark.parametrize(("name", "message"), [("FORMAT_VERSION", "format 99"), ("LAYOUT_VERSION", "layout 99")])
def test_other_versions_are_named(saved, monkeypatch, name, message):
    path, state, meta = saved
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, name, 99)
        save_checkpoint(path, state, meta)
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(path)


def test_what_is_not_a_checkpoint(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(CheckpointError, match="No checkpoint at"):
            load_checkpoint(path)
    other = tmp_path / "other.npz"
    others = [lambda content=content: other.write_bytes(content) for content in (b"", b"hello", b"PK\x03\x04")]
    others += [lambda: np.savez(other, a=1), lambda: np.savez(other, __checkpoint__=np.frombuffer(b"[1]", np.uint8))]
    for write in others:
        write()
        with pytest.raises(CheckpointError, match="is not a checkpoint"):
            load_checkpoint(other)


def test_what_cannot_be_saved_leaves_the_old_file(saved):
    path, state, _ = saved
    before = path.read_bytes()
    for bad, message in (({"a/b": 1}, "without '/'"), ({"x": {"y": None}}, "x/y of NoneType"), ({1: 2}, "Received: 1")):
        with pytest.raises(CheckpointError, match=message):
            save_checkpoint(path, bad)
    with pytest.raises(CheckpointError, match="plain JSON"):
        save_checkpoint(path, state, {"when": object()})
    assert path.read_bytes() == before
    with pytest.raises(CheckpointError, match="Cannot write"):
        save_checkpoint(path / "below" / "a.ckpt", state)


def test_atomic_write_keeps_the_old_file_when_the_writer_fails(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(KeyError), atomic_write(path) as temporary:
        assert temporary.suffix == ".txt"
        temporary.write_text("half")
        raise KeyError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file.txt"]
    with atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
