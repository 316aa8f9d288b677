"""Model files: readable by plain Keras, and refused with a reason when they do not fit.

Damaged ones, and planted code: trust/test_faults_files.py. Models of other shapes: test_any_model.py.
"""

import json
import os
import zipfile

import numpy as np
import pytest

from agent.learning.network import build_policy, keras
from agent.players import model_file
from agent.players.model_file import ModelError, load_model, read_metadata, save_model

STATE = np.random.default_rng(0).random((1, 23), dtype=np.float32)


@pytest.fixture
def saved(tmp_path):
    model = build_policy((12, 10), "softmax", seed=0)
    path = tmp_path / "models" / "m.keras"
    save_model(model, path, {"command": "train", "seed": 3, "layout": -5})
    return path, model


def rewrite(path, member, change):
    """Replace one member of a zip file by `change(old bytes)`."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_round_trip(saved):
    path, model = saved
    metadata = read_metadata(path)
    assert metadata["head"] == "softmax"
    assert metadata["hidden"] == [12, 10]
    assert metadata["command"] == "train"
    assert metadata["layout"] == model_file.LAYOUT_VERSION  # the facts win over what the caller says
    for load in (load_model, keras.models.load_model):
        np.testing.assert_allclose(load(path)(STATE), model(STATE), rtol=1e-6)
    assert os.listdir(path.parent) == ["m.keras"]


def test_missing_and_foreign_files(saved, tmp_path):
    text = tmp_path / "text.keras"
    with pytest.raises(ModelError, match="No model at"):
        load_model(text)
    text.write_text("hello")
    with pytest.raises(ModelError, match=r"is not a \.keras model file, or it is damaged"):
        load_model(text)
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(ModelError, match=r"is not a \.keras model file"):
        load_model(text)


def with_facts(**facts):
    """A change of the metadata."""
    return lambda data: json.dumps(json.loads(data) | facts).encode()


@pytest.mark.parametrize(
    ("member", "change", "told"),
    [
        ("model.weights.h5", lambda data: data[:100], "Keras cannot load"),
        ("monopoly.json", with_facts(layout=99), "made for state layout 99, this version plays layout"),
        ("monopoly.json", with_facts(head="linear"), "says its head is 'linear', but the network ends in 'softmax'"),
        ("monopoly.json", lambda _: b"[", "unreadable metadata"),
        ("monopoly.json", lambda _: b"{}", "unreadable metadata"),
        ("monopoly.json", lambda _: b"[]", "unreadable metadata"),
    ],
)
def test_a_member_that_does_not_fit_is_told_in_one_line(saved, member, change, told):
    rewrite(saved[0], member, change)
    with pytest.raises(ModelError, match=told) as error:
        load_model(saved[0])
    assert "\n" not in str(error.value)


def test_other_rules_are_told_of_once(saved, capsys):
    rewrite(saved[0], "monopoly.json", with_facts(rules=1))
    for _ in range(2):
        assert read_metadata(saved[0])["rules"] == 1
    assert capsys.readouterr().err.count("learned to play by rules 1, this version plays by rules 3: train it anew.") == 1


def test_a_plain_file_is_taken_as_of_today_and_told_of_once(saved, tmp_path, capsys):
    path = tmp_path / "plain.keras"
    saved[1].save(path)
    for _ in range(2):
        np.testing.assert_allclose(load_model(path)(STATE), saved[1](STATE), rtol=1e-6)
        assert read_metadata(path)["layout"] == model_file.LAYOUT_VERSION and read_metadata(path)["head"] is None
    assert capsys.readouterr().err.count("does not say which state layout it was made for") == 1


def test_what_cannot_be_saved(saved, tmp_path):
    path, model = saved
    before = path.read_bytes()
    with pytest.raises(ModelError, match=r"ends in \.keras"):
        save_model(model, tmp_path / "m.h5")
    with pytest.raises(ModelError, match="plain JSON"):
        save_model(model, path, {"x": object()})
    with pytest.raises(ModelError, match="Cannot write model"):
        save_model(model, path / "below.keras")
    assert path.read_bytes() == before
