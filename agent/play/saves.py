"""Saved games: one ``.npz`` file a game, written whole or not at all, read back only if it is complete and of this version.

The file is a checkpoint (``agent.checkpoint``): arrays without pickle, a JSON header, a SHA-256 over everything. docs/PLAY.md
lists what is in it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from agent.play.errors import PlayError
from agent.play.players import model_prints
from agent.play.setup import Setup
from agent.play.table import Record, Table
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.game import CAPPED, DECIDED, GAME, RULES_VERSION
from monopoly_env.observation import STATE_SIZE

FOLDER = Path("games")
SUFFIX = ".npz"
KIND = "monopoly game"


@dataclass
class Saved:
    """A saved game, read back."""

    path: Path
    setup: Setup
    game: np.record
    rows: np.ndarray  # int32 (n, 7)
    records: list[Record]
    options: dict[str, Any]  # how it was shown: log file, coach, open
    prints: list[str | None]  # fingerprints of the models
    saved_at: str


def new_path(wanted: str | None) -> Path:
    """Return the file of a new game: the one asked for, or one named after the time.

    Raises:
        PlayError: the file exists already.
    """
    if wanted is None:
        stamp = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
        path, number = FOLDER / f"{stamp}{SUFFIX}", 1
        while path.exists():
            number += 1
            path = FOLDER / f"{stamp}-{number}{SUFFIX}"
        return path
    path = as_path(wanted)
    if path.exists():
        raise PlayError(f"{path} exists already. Go on with it by --resume {wanted}, or choose another name for --save.")
    return path


def as_path(name: str) -> Path:
    """Return the file that ``name`` means: a path as it is, a bare name in the folder of games; the suffix may be left out."""
    path = Path(name)
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    return path if len(path.parts) > 1 or path.exists() else FOLDER / path


def save(path: Path, table: Table, options: dict[str, Any]) -> None:
    """Write the game to ``path``.

    Raises:
        PlayError: the disk refuses.
    """
    records = table.records
    state = {
        "game": np.array([table.game], GAME),
        "events": table.event_array(),
        "states": np.array([record.state for record in records], np.float32).reshape(-1, STATE_SIZE),
        "masks": np.array([record.mask for record in records], np.int8).reshape(-1, ACTION_COUNT),
    }
    meta = {
        "kind": KIND,
        "rules": RULES_VERSION,
        "setup": table.setup.to_dict(),
        "models": model_prints(table.setup),
        "records": [[r.turn, r.seat, r.about, r.chose, r.action, list(r.meanings)] for r in records],
        "options": options,
        "saved_at": datetime.datetime.now().isoformat(" ", "seconds"),
    }
    try:
        save_checkpoint(path, state, meta)
    except (CheckpointError, OSError) as error:
        raise PlayError(f"The game cannot be saved: {str(error).replace('checkpoint ', '')}") from error


def load(path: Path) -> Saved:
    """Read a saved game.

    Raises:
        PlayError: no such file, damaged, or of another version; the file is left as it is.
    """
    if not path.is_file():
        raise PlayError(f"There is no saved game {path}. --list shows those in {FOLDER}/.")
    try:
        state, meta = load_checkpoint(path)
    except CheckpointError as error:
        raise PlayError(f"Cannot go on with this game: {error} The file is left untouched.") from error
    if meta.get("kind") != KIND:
        raise PlayError(f"{path} is a checkpoint of another kind, not a saved game. It is left untouched.")
    if meta.get("rules") != RULES_VERSION:
        raise PlayError(
            f"{path} was played by rules version {meta.get('rules')}; this is version {RULES_VERSION}. It is left untouched."
        )
    try:
        return _saved(path, state, meta)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise PlayError(f"{path} is no saved game of this version ({error!r}). It is left untouched.") from error


def _saved(path: Path, state: dict[str, Any], meta: dict[str, Any]) -> Saved:
    stored = np.asarray(state["game"])
    if stored.dtype.names != GAME.names or stored.dtype.itemsize != GAME.itemsize or stored.shape != (1,):
        raise ValueError("the game record has another layout")
    games = np.empty(1, GAME)
    games[0] = stored[0]
    records = []
    for entry, observed, mask in zip(meta["records"], state["states"], state["masks"], strict=True):
        turn, seat, about, chose, action, meanings = entry
        records.append(Record(turn, seat, about, chose, action, observed, mask, tuple(meanings)))
    setup = Setup.from_dict(meta["setup"])
    return Saved(path, setup, games[0], state["events"], records, meta["options"], meta["models"], meta["saved_at"])


def saved_paths() -> list[Path]:
    """Return the files in the folder of games, the newest first."""
    if not FOLDER.is_dir():
        return []
    paths = [path for path in FOLDER.glob(f"*{SUFFIX}") if not path.name.startswith(".")]
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def newest() -> Saved:
    """Return the newest game that is not over.

    Raises:
        PlayError: there is none; a newer file that cannot be read is named.
    """
    problems = []
    for path in saved_paths():
        try:
            saved = load(path)
        except PlayError as error:
            problems.append(str(error))
            continue
        if not saved.game.over:
            return saved
    more = f" {problems[0]}" if problems else ""
    raise PlayError(f"There is no unfinished game in {FOLDER}/.{more}")


def state_text(saved: Saved) -> str:
    """Return how a saved game stands: "turn 31", "Ada won in turn 120"."""
    game = saved.game
    if game.over == DECIDED:
        name = saved.setup.names[game.winner]
        return f"{name} won in turn {game.turns}"
    return f"stopped at turn {game.turns}" if game.over == CAPPED else f"turn {game.turns}"
