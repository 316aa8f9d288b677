"""Checkpoints: nested dicts of arrays in one `.npz` file that is complete, unaltered and of a known format, or refused."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from agent.files.atomic import atomic_write
from agent.files.errors import UserError
from monopoly_env.observation import LAYOUT_VERSION

FORMAT_VERSION = 1
_HEADER = "__checkpoint__"


class CheckpointError(UserError):
    """A checkpoint cannot be written or read; the message is one line for the user."""


class LostCheckpointError(CheckpointError):
    """The checkpoint is not there, or what is there is damaged: an older copy would help."""


def save_checkpoint(
    path: str | os.PathLike[str],
    state: dict[str, Any],
    meta: dict[str, Any] | None = None,
    keep: str | os.PathLike[str] | None = None,
) -> None:
    """Write `state` and `meta` to `path`, atomically.

    Args:
        path: target file; the suffix is kept as given.
        state: dict of arrays (any dtype but object, structured ones included), numbers, or further such dicts.
            Numbers come back as 0-d arrays. Empty dicts do not come back.
        meta: anything JSON can hold, for example settings and the state of a random generator.
        keep: where the checkpoint that is replaced goes; None: nowhere.

    Raises:
        CheckpointError: an entry is not an array of plain values, a key holds "/", or the disk refuses.
    """
    arrays = _flatten(state)
    header = {
        "format": FORMAT_VERSION,
        "layout": LAYOUT_VERSION,
        "meta": meta or {},
    }
    try:
        header["sha256"] = _digest(arrays, header)
        text = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"Checkpoint metadata must be plain JSON: {error}.") from error
    try:
        with atomic_write(path, keep) as temporary, open(temporary, "wb") as file:
            _write(file, {_HEADER: text} | arrays)
    except OSError as error:
        raise CheckpointError(f"Cannot write checkpoint {path}: {error.strerror or error}.") from error


def load_checkpoint(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a checkpoint.

    Returns:
        `(state, meta)`: the nested dict of arrays and the metadata that `save_checkpoint` was given.

    Raises:
        LostCheckpointError: no such file, not a checkpoint, truncated or altered.
        CheckpointError: another format or layout version, or it may not be read.
            Pickled objects inside the file are never executed.
    """
    path = Path(path)
    if not path.is_file():
        raise LostCheckpointError(f"No checkpoint at {path}.")
    try:
        header, arrays = _read(path)
    except PermissionError as error:
        raise CheckpointError(f"Cannot read checkpoint {path}: {error.strerror}.") from error
    except Exception as error:
        # A damaged file can fail anywhere in zip, npy header or JSON parsing; all of it means the same to the user.
        raise LostCheckpointError(f"{path} is not a checkpoint, or it is damaged or incomplete.") from error
    if header.get("format") != FORMAT_VERSION:
        raise CheckpointError(
            f"{path} has checkpoint format {header.get('format')}; this version reads format {FORMAT_VERSION}."
        )
    if header.get("layout") != LAYOUT_VERSION:
        raise CheckpointError(
            f"{path} was made for state layout {header.get('layout')}; this version plays layout {LAYOUT_VERSION}."
        )
    expected = header.pop("sha256", None)
    if expected != _digest(arrays, header):
        raise LostCheckpointError(f"{path} is damaged: its contents do not match their checksum.")
    return _unflatten(arrays), header["meta"]


def _write(file: IO[bytes], arrays: dict[str, np.ndarray]) -> None:
    """Write arrays as `np.savez` does, whose own arguments would clash with names of arrays, by other rules in each NumPy."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not zipfile.is_zipfile(path):
        raise ValueError("not a zip file")
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    header = json.loads(arrays.pop(_HEADER).tobytes())
    if not isinstance(header, dict) or not isinstance(header.get("meta"), dict):
        raise ValueError("no header")
    return header, arrays


def _digest(arrays: dict[str, np.ndarray], header: dict[str, Any]) -> str:
    """Return the SHA-256 over header, names, types, shapes and contents."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\0{name}\0{array.dtype.descr}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, np.ndarray]:
    flat: dict[str, np.ndarray] = {}
    for key, value in tree.items():
        if not isinstance(key, str) or "/" in key or not key or key == _HEADER:
            raise CheckpointError(f"A checkpoint key is a non-empty string without '/'. Received: {key!r}")
        name = prefix + key
        if isinstance(value, dict):
            flat |= _flatten(value, name + "/")
            continue
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise CheckpointError(f"A checkpoint holds arrays of plain values. Received: {name} of {type(value).__name__}")
        flat[name] = array
    return flat


def _unflatten(flat: dict[str, np.ndarray]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, array in flat.items():
        *parents, key = name.split("/")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[key] = array
    return tree
