"""Trained networks as `.keras` files that remember the state layout and rules they were made for.

The file is a plain Keras archive with one more member, `monopoly.json`; `keras.models.load_model` opens it and ignores
that member. Reading the metadata does not start TensorFlow. A file without it, from plain `model.save`, is read as well.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from agent.files.atomic import atomic_write
from agent.files.command import command
from agent.files.errors import UserError
from agent.learning.config import HEADS
from monopoly_env.game import RULES_VERSION
from monopoly_env.observation import LAYOUT_VERSION

FORMAT_VERSION = 1
METADATA_MEMBER = "monopoly.json"
MODELS = Path(__file__).parents[1] / "models"
_MEMBERS = {"metadata.json", "config.json", "model.weights.h5", METADATA_MEMBER}
_CODE = {"Lambda", "__lambda__", "function", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"}
DEFAULT_MODEL = MODELS / "monopoly.keras"


class ModelError(UserError):
    """A model cannot be saved, loaded or used here; the message is one line for the user."""


def save_model(
    model: Any, path: str | os.PathLike[str], metadata: dict[str, Any] | None = None, head: str | None = None
) -> None:
    """Write `model` and `metadata` to `path` (ending in `.keras`), atomically.

    Layout version, rules version, head and hidden sizes are added to the metadata.

    Args:
        model: a Keras model `(None, 23) -> (None, 7)`.
        path: of the file; it is replaced if it is there.
        metadata: what is known about the model, plain JSON.
        head: "softmax" or "linear", see `check_model`.

    Raises:
        ModelError: a model of other shapes, another head than the one given, layers that are not Keras' own, another
            suffix, metadata that JSON cannot hold, or the disk refuses.
    """
    if Path(path).suffix != ".keras":
        raise ModelError(f"A model file's name ends in .keras. Received: {path}")
    head = check_model(model, "The model", head)
    hidden = [layer.units for layer in model.layers if hasattr(layer, "units")][:-1]
    facts = {"format": FORMAT_VERSION, "layout": LAYOUT_VERSION, "rules": RULES_VERSION, "head": head, "hidden": hidden}
    try:
        text = json.dumps({**(metadata or {}), **facts}, indent=2)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Model metadata must be plain JSON: {error}.") from error
    try:
        with atomic_write(path) as temporary:
            model.save(temporary)
            _refuse_code(temporary, "The model")  # nobody could load it
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(METADATA_MEMBER, text)
    except OSError as error:
        raise ModelError(f"Cannot write model {path}: {error.strerror or error}.") from error
    except NotImplementedError as error:  # Keras does not know how a class of one's own is made
        raise ModelError(
            f"The model holds code ({type(model).__name__}), which no file keeps; only layers of Keras are."
        ) from error


def read_metadata(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the metadata of a model file: `layout`, `rules`, `head`, `hidden` and what `save_model` was given.

    A file that plain `model.save` wrote is taken as of today's layout and rules; a line on standard error says so, once, and
    so it does where the rules were others.

    Raises:
        ModelError: no such file, not a Keras file, or for another layout version.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"No model at {path}; train one with {command('train')}.")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            # Told here of the whole file: later readers look at parts of it, and not all of them at checksums.
            damaged = archive.testzip()
            text = archive.read(METADATA_MEMBER) if METADATA_MEMBER in names and damaged is None else b""
    except PermissionError as error:
        raise ModelError(f"Cannot read model {path}: {error.strerror}.") from error
    except Exception as error:
        # A damaged archive can fail anywhere in the zip reader, in many ways.
        raise ModelError(f"{path} is not a .keras model file, or it is damaged.") from error
    if damaged is not None:
        raise ModelError(f"{path} is damaged: its {damaged} does not match its checksum.")
    if "config.json" not in names:
        raise ModelError(f"{path} is not a .keras model file.")
    if not text:
        _tell_once(
            f"{path} does not say which state layout it was made for; it is taken as made for today's ({LAYOUT_VERSION}). "
            "agent.save_model writes it down."
        )
        return {"format": FORMAT_VERSION, "layout": LAYOUT_VERSION, "rules": RULES_VERSION, "head": None}
    try:
        metadata = json.loads(text)
        layout = metadata["layout"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} has unreadable metadata.") from error
    if layout != LAYOUT_VERSION:
        raise ModelError(
            f"{path} was made for state layout {layout}, this version plays layout {LAYOUT_VERSION}; train a new one."
        )
    rules = metadata.get("rules", RULES_VERSION)
    if rules != RULES_VERSION and path.resolve().parent != MODELS.resolve():  # a test holds the shipped ones to today's rules
        _tell_once(f"{path} learned to play by rules {rules}, this version plays by rules {RULES_VERSION}: train it anew.")
    return metadata


@functools.cache
def _tell_once(note: str) -> None:
    print(note, file=sys.stderr)


def load_model(path: str | os.PathLike[str]) -> Any:
    """Return the Keras model in `path`, `(None, 23) -> (None, 7)`, not compiled for training.

    Code inside the file (Lambda layers, pickles, functions by name) is refused, never run.

    Raises:
        ModelError: whatever `read_metadata` refuses; a file Keras cannot read; other shapes or another head.
    """
    metadata = read_metadata(path)
    from agent.learning.keras_setup import load_keras

    _refuse_code(path, str(path))
    _, keras = load_keras()
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        # Keras raises many types for a bad archive, and its messages run over several lines.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"Keras cannot load {path}: {reason}") from error
    if not model.built:
        raise ModelError(f"{path} holds no weights: its model was saved before it was first called. Train it, then save it.")
    check_model(model, str(path), metadata.get("head"))
    return model


def _refuse_code(path: str | os.PathLike[str], name: str) -> None:
    """Refuse what could run: a ``.keras`` file of this project holds Keras layers and numbers, and that is all it needs.

    Keras has a safe mode of its own, with gaps in some of the versions that this project runs with.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        try:
            config = json.loads(archive.read("config.json"))
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{name} has an unreadable description of its network.") from error
    unknown = sorted(names - _MEMBERS)
    if unknown:
        raise ModelError(f"{name} holds {unknown[0]}, which is no part of a plain model; it is not opened.")
    if isinstance(config, dict):
        config.pop("compile_config", None)  # a loss of one's own: nothing of it is read, see load_model
    parts = [config]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            parts += part.values()
            kind = part.get("class_name")
            # No module: a class of the program that was run.
            foreign = kind is not None and "module" in part and str(part["module"]).partition(".")[0] != "keras"
            if foreign or kind in _CODE:
                raise ModelError(f"{name} holds code ({kind}), which is never run; only layers of Keras are.")


def check_model(model: Any, name: str, head: str | None = None) -> str | None:
    """Return the head of a Keras model that fits the game: "softmax", "linear", or None where it cannot be told.

    Args:
        model: is built if it has never been called.
        name: starts the messages.
        head: what it is said to be; needed where the last layer does not tell.

    Raises:
        ModelError: other shapes, or a head that is none or not that of the last layer.
    """
    from agent.learning.network import check_shapes, head_of

    try:
        check_shapes(model, name)
    except ValueError as error:
        raise ModelError(str(error)) from error
    return agreed_head(head_of(model), head, name)


def agreed_head(found: str | None, said: str | None, name: str) -> str | None:
    """Return the head that a network ends in or is said to have; None where neither is known.

    Raises:
        ModelError: the two differ, or it is said to have one that there is not.
    """
    if said is not None and said not in HEADS:
        raise ModelError(f"{name} may have one of the heads {', '.join(HEADS)}. Received: {said!r}")
    if found is not None and said is not None and found != said:
        raise ModelError(f"{name} says its head is {said!r}, but the network ends in {found!r}.")
    return said if found is None else found
