"""Model files: readable by plain Keras, and refused with a reason when they do not fit."""

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
    """Replace one member of a zip file by `change(old bytes)`; None drops it."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            if data is not None:
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


def test_missing_foreign_and_damaged_files(saved, tmp_path):
    path, _ = saved
    with pytest.raises(ModelError, match="No model at"):
        load_model(tmp_path / "none.keras")
    text = tmp_path / "text.keras"
    text.write_text("hello")
    with pytest.raises(ModelError, match=r"is not a \.keras model file, or it is damaged"):
        load_model(text)
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(ModelError, match=r"is not a \.keras model file"):
        load_model(text)
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)
    path.write_bytes(good)
    rewrite(path, "model.weights.h5", lambda data: data[:100])
    with pytest.raises(ModelError, match="Keras cannot load") as error:
        load_model(path)
    assert "\n" not in str(error.value)


def test_another_layout_version_is_named(saved):
    path, _ = saved
    rewrite(path, "monopoly.json", lambda data: json.dumps({**json.loads(data), "layout": 99}).encode())
    with pytest.raises(ModelError, match="made for state layout 99, this version plays layout"):
        load_model(path)
    for content in (b"[", b"{}", b"[]"):
        rewrite(path, "monopoly.json", lambda _, content=content: content)
        with pytest.raises(ModelError, match="unreadable metadata"):
            load_model(path)


def test_other_rules_are_told_of_once(saved, capsys):
    path, _ = saved
    rewrite(path, "monopoly.json", lambda data: json.dumps({**json.loads(data), "rules": 1}).encode())
    for _ in range(2):
        assert read_metadata(path)["rules"] == 1
    assert capsys.readouterr().err.count("learned to play by rules 1, this version plays by rules 2: train it anew.") == 1


def test_a_plain_file_is_taken_as_of_today_and_told_of_once(saved, tmp_path, capsys):
    path = tmp_path / "plain.keras"
    saved[1].save(path)
    for _ in range(2):
        np.testing.assert_allclose(load_model(path)(STATE), saved[1](STATE), rtol=1e-6)
        assert read_metadata(path)["layout"] == model_file.LAYOUT_VERSION and read_metadata(path)["head"] is None
    assert capsys.readouterr().err.count("does not say which state layout it was made for") == 1


def test_metadata_that_contradicts_the_network(saved):
    path, _ = saved
    rewrite(path, "monopoly.json", lambda data: json.dumps({**json.loads(data), "head": "linear"}).encode())
    with pytest.raises(ModelError, match="says its head is 'linear', but the network ends in 'softmax'"):
        load_model(path)


def foreign(inputs, outputs, activation=None):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, activation=activation)])


def test_foreign_models_are_refused_when_saving_and_when_loading(saved, tmp_path):
    path, _ = saved
    metadata = json.dumps(read_metadata(path))
    cases = [
        (foreign(22, 7), r"must take \(None, 23\) and return \(None, 7\). Received: input \(None, 22\)"),
        (foreign(23, 8), r"output \(None, 8\)"),
    ]
    for model, message in cases:
        with pytest.raises(ModelError, match=message):
            save_model(model, tmp_path / "f.keras")
        model.save(tmp_path / "f.keras")
        with zipfile.ZipFile(tmp_path / "f.keras", "a") as archive:
            archive.writestr("monopoly.json", metadata)
        with pytest.raises(ModelError, match=message):
            load_model(tmp_path / "f.keras")
    with pytest.raises(ModelError, match="must take"):
        save_model("a string", tmp_path / "f.keras")


def test_code_inside_a_model_is_not_run(saved, tmp_path):
    metadata = json.dumps(read_metadata(saved[0]))
    layers = [keras.Input((23,)), keras.layers.Dense(7), keras.layers.Lambda(lambda x: x, output_shape=(7,))]
    keras.Sequential(layers).save(tmp_path / "l.keras")
    with zipfile.ZipFile(tmp_path / "l.keras", "a") as archive:
        archive.writestr("monopoly.json", metadata)
    with pytest.raises(ModelError, match=r"holds code \(Lambda\), which is never run"):
        load_model(tmp_path / "l.keras")
    with pytest.raises(ModelError, match=r"The model holds code \(Lambda\)"):
        save_model(keras.Sequential(layers), tmp_path / "refused.keras")
    assert not (tmp_path / "refused.keras").exists()


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
