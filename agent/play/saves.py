"""Saved games: one ``.npz`` file a game, written whole or not at all, read back only if it is complete and of this version.

The file is a checkpoint (``agent.files``): arrays without pickle, a JSON header, a SHA-256 over everything. docs/PLAY.md
lists what is in it.
"""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from agent.files.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from agent.play.errors import PlayError
from agent.play.options import Options
from agent.play.players import model_prints
from agent.play.setup import Setup
from agent.play.soundness import check_decision, check_event, check_record
from agent.play.table import Table
from monopoly_env.actions import ACTION_COUNT, Action, Phase
from monopoly_env.decision.decision import Deal, Decision, Need, Outcome
from monopoly_env.game import CAPPED, DECIDED, EVENT_WIDTH, GAME, RULES_VERSION
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
    records: list[Decision]
    options: Options
    prints: list[str | None]  # fingerprints of the models
    saved_at: str


def new_path(wanted: str | None) -> Path:
    """Return the file of a new game: the one asked for, or one named after the time.

    Raises:
        PlayError: the file exists already, or cannot be written.
    """
    path = _new_path(wanted)
    check_writable(path)
    return path


def _new_path(wanted: str | None) -> Path:
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
    """Return the file that ``name`` means: a path as it is, a bare name in the folder of games; the suffix may be left out.

    Raises:
        PlayError: it is no name of a file.
    """
    path = Path(name)
    if path.name in ("", ".."):
        raise PlayError(f"A saved game has the name of a file, such as monday or folder/monday. Received: {name!r}")
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    try:
        return path if path.exists() or len(path.parts) > 1 else FOLDER / path
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlayError(f"No saved game can have this name: {reason}. Received: {name[:40]!r}") from error


def check_writable(path: Path) -> None:
    """Raise PlayError unless a game can be kept in ``path``. Nothing is left behind."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        # The name is as long as that of the file that a game is written to before it takes its place.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{path.stem}.", suffix=f".tmp{SUFFIX}"):
            pass
    except OSError as error:
        raise PlayError(
            f"No game can be kept in {path}: {error.strerror or error}. Choose another place with --save."
        ) from error


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the game in ``path`` against other windows, which would save over what is played here.

    Raises:
        PlayError: another window has it open, or its folder cannot be written.
    """
    file = path.with_name(f".{path.stem}.lock")
    lock = FileLock(file)
    made = not path.parent.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise PlayError(
            f"{path} is open in another window. Leave it there first (q), or go on with another game: --list."
        ) from None
    except OSError as error:
        raise PlayError(f"No game can be kept in {path}: {error.strerror or error}.") from error
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        lock.release()
        if made:
            with suppress(OSError):  # a game is kept there
                path.parent.rmdir()


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
        "records": [dataclasses.asdict(dataclasses.replace(r, mask=None, state=None)) for r in records],
        "options": options,
        "saved_at": datetime.datetime.now().isoformat(" ", "seconds"),
    }
    try:
        save_checkpoint(path, state, meta)
    except (CheckpointError, OSError) as error:
        raise PlayError(f"The game cannot be saved: {str(error).replace('checkpoint ', '')}") from error


def check_there(path: Path) -> None:
    """Raise PlayError unless there is such a file."""
    if not path.is_file():
        raise PlayError(f"There is no saved game {path}. --list shows those in {FOLDER}/.")


def load(path: Path) -> Saved:
    """Read a saved game.

    Raises:
        PlayError: no such file, damaged, or of another version; the file is left as it is.
    """
    check_there(path)
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
    except PlayError as error:
        raise PlayError(f"{path} is no saved game. {error} It is left untouched.") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise PlayError(f"{path} is no saved game of this version ({error!r}). It is left untouched.") from error


def _decision(entry: dict[str, Any], state: np.ndarray, mask: np.ndarray) -> Decision:
    """Return a decision from parsed JSON; ``dataclasses.asdict`` made it."""
    outcomes = {}
    for number, values in entry["outcomes"].items():
        deal = values["deal"]
        if deal is not None:
            deal = Deal(**deal | {"gets": tuple(deal["gets"]), "gives": tuple(deal["gives"])})
        outcomes[Action(int(number))] = Outcome(**values | {"action": Action(values["action"]), "deal": deal})
    need = None if entry["need"] is None else Need(**entry["need"])
    parts = {"phase": Phase(entry["phase"]), "action": Action(entry["action"]), "outcomes": outcomes, "need": need}
    return Decision(**entry | parts | {"state": state, "mask": mask})


def _saved(path: Path, state: dict[str, Any], meta: dict[str, Any]) -> Saved:
    stored = np.asarray(state["game"])
    if stored.dtype.names != GAME.names or stored.dtype.itemsize != GAME.itemsize or stored.shape != (1,):
        raise ValueError("the game record has another layout")
    games = np.empty(1, GAME)
    games[0] = stored[0]
    setup = Setup.from_dict(meta["setup"])
    check_record(games[0], setup)
    rows, states, masks = (np.asarray(state[name]) for name in ("events", "states", "masks"))
    if rows.ndim != 2 or rows.shape[1] != EVENT_WIDTH or rows.dtype != np.int32:
        raise ValueError("the events have another layout")
    for row in rows.tolist():
        check_event(row, setup.names)
    if states.shape[1:] != (STATE_SIZE,) or masks.shape[1:] != (ACTION_COUNT,):
        raise ValueError("the decisions have another layout")
    records = []
    for entry, observed, mask in zip(meta["records"], states, masks, strict=True):
        record = _decision(entry, observed, mask)
        check_decision(record, setup.names)
        records.append(record)
    options = Options.from_dict(meta["options"])
    prints = [None if text is None else str(text) for text in meta["models"]]
    return Saved(path, setup, games[0], rows, records, options, prints, str(meta["saved_at"]))


def saved_paths() -> list[Path]:
    """Return the files in the folder of games, the newest first."""
    if not FOLDER.is_dir():
        return []
    paths = [path for path in FOLDER.glob(f"*{SUFFIX}") if not path.name.startswith(".") and path.is_file()]
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
