"""Trained networks as `.keras` files that remember the state layout and rules they were made for.

The file is a plain Keras archive with one more member, `monopoly.json`; `keras.models.load_model` opens it and ignores
that member. Reading the metadata does not start TensorFlow.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

from agent.files.atomic import atomic_write
from agent.files.errors import UserError
from agent.learning.config import HEADS
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.game import RULES_VERSION
from monopoly_env.observation import LAYOUT_VERSION, STATE_SIZE

FORMAT_VERSION = 1
METADATA_MEMBER = "monopoly.json"
MODELS = Path(__file__).parents[1] / "models"
_MEMBERS = {"metadata.json", "config.json", "model.weights.h5", METADATA_MEMBER}
_CODE = {"Lambda", "__lambda__", "function", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"}
DEFAULT_MODEL = MODELS / "monopoly.keras"


class ModelError(UserError):
    """A model cannot be saved, loaded or used here; the message is one line for the user."""


def save_model(model: Any, path: str | os.PathLike[str], metadata: dict[str, Any] | None = None) -> None:
    """Write `model` and `metadata` to `path` (ending in `.keras`), atomically.

    Layout version, rules version, head and hidden sizes are added to the metadata.

    Raises:
        ModelError: not a `(None, 23) -> (None, 7)` model with a softmax or linear head, another suffix, metadata that
            JSON cannot hold, or the disk refuses.
    """
    if Path(path).suffix != ".keras":
        raise ModelError(f"A model file's name ends in .keras. Received: {path}")
    head = check_model(model, "The model")
    hidden = [layer.units for layer in model.layers if hasattr(layer, "units")][:-1]
    facts = {"format": FORMAT_VERSION, "layout": LAYOUT_VERSION, "rules": RULES_VERSION, "head": head, "hidden": hidden}
    try:
        text = json.dumps({**(metadata or {}), **facts}, indent=2)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Model metadata must be plain JSON: {error}.") from error
    try:
        with atomic_write(path) as temporary:
            model.save(temporary)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(METADATA_MEMBER, text)
    except OSError as error:
        raise ModelError(f"Cannot write model {path}: {error.strerror or error}.") from error


def read_metadata(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the metadata of a model file: `layout`, `rules`, `head`, `hidden` and what `save_model` was given.

    Raises:
        ModelError: no such file, not a Keras file, not one of this project's, or for another layout version.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"No model at {path}; train one with scripts/train.py.")
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
        raise ModelError(f"{path} does not say which state layout it was made for; save it with agent's save_model.")
    try:
        metadata = json.loads(text)
        layout = metadata["layout"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} has unreadable metadata.") from error
    if layout != LAYOUT_VERSION:
        raise ModelError(
            f"{path} was made for state layout {layout}, this version plays layout {LAYOUT_VERSION}; train a new one."
        )
    return metadata


def load_model(path: str | os.PathLike[str]) -> Any:
    """Return the Keras model in `path`, `(None, 23) -> (None, 7)`, not compiled for training.

    Code inside the file (Lambda layers, pickles, functions by name) is refused, never run.

    Raises:
        ModelError: whatever `read_metadata` refuses; a file Keras cannot read; other shapes or another head.
    """
    metadata = read_metadata(path)
    from agent.learning.keras_setup import load_keras

    _refuse_code(path)
    _, keras = load_keras()
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        # Keras raises many types for a bad archive, and its messages run over several lines.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"Keras cannot load {path}: {reason}") from error
    head = check_model(model, str(path))
    if head != metadata.get("head"):
        raise ModelError(f"{path} says its head is {metadata.get('head')!r}, but the network ends in {head!r}.")
    return model


def _refuse_code(path: str | os.PathLike[str]) -> None:
    """Refuse what could run: a ``.keras`` file of this project holds Keras layers and numbers, and that is all it needs.

    Keras has a safe mode of its own, with gaps in some of the versions that this project runs with.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        try:
            parts = [json.loads(archive.read("config.json"))]
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{path} has an unreadable description of its network.") from error
    unknown = sorted(names - _MEMBERS)
    if unknown:
        raise ModelError(f"{path} holds {unknown[0]}, which is no part of a model made here; it is not opened.")
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            parts += part.values()
            name, module = part.get("class_name"), part.get("module")
            foreign = module is not None and str(module).partition(".")[0] != "keras"
            if foreign or name in _CODE:
                raise ModelError(f"{path} holds code ({name}), which is never run; only layers of Keras are.")


def check_model(model: Any, name: str) -> str:
    """Return the head of a Keras model that fits the game, "softmax" or "linear".

    Raises:
        ModelError: other shapes, or another activation at the end; `name` starts the message.
    """
    from agent.learning.network import head_of

    shapes = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    needed = (None, STATE_SIZE), (None, ACTION_COUNT)
    if shapes != needed:
        raise ModelError(
            f"{name} must take {needed[0]} and return {needed[1]}. Received: input {shapes[0]}, output {shapes[1]}"
        )
    try:
        return head_of(model)
    except ValueError as error:
        raise ModelError(f"{name} must end in one of {', '.join(HEADS)}: {error}") from error
