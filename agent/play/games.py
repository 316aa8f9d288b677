"""The games on the disk: what their files are called, which are there, and one window at a time for each."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from agent.play.errors import PlayError
from agent.play.game_file import Saved, read
from agent.play.table import Table
from monopoly_env.game import CAPPED, DECIDED

FOLDER = Path("games")
SUFFIX = ".jsonl"
OLD_SUFFIX = ".npz"  # of the games of earlier versions, which are refused by name


def new_path(wanted: str | None) -> Path:
    """Return the file of a new game: the one asked for, or one named after the time.

    Raises:
        PlayError: the file exists already, or cannot be written.
    """
    if wanted is None:
        stamp = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
        path, number = FOLDER / f"{stamp}{SUFFIX}", 1
        while path.exists():
            number += 1
            path = FOLDER / f"{stamp}-{number}{SUFFIX}"
    else:
        path = path_of(wanted)
        if path.exists():
            raise PlayError(f"{path} exists already. Go on with it by --resume {wanted}, or choose another name for the game.")
    check_writable(path)
    return path


def new_log(name: str) -> Path:
    """Return the file of a new game that is to be kept in this very file.

    Raises:
        PlayError: it exists already, or cannot be written.
    """
    path = Path(name)
    if path.exists():
        raise PlayError(f"{name or '.'} exists already; choose another file for --log, or delete it.")
    check_writable(path)
    return path


def path_of(name: str) -> Path:
    """Return the file that ``name`` means: a path as it is, a bare name in the folder of games; the suffix may be left out.

    Raises:
        PlayError: it is no name of a file.
    """
    path = Path(name)
    if path.name in ("", ".."):
        raise PlayError(f"A game has the name of a file, such as monday or folder/monday. Received: {name!r}")
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    try:
        return path if path.exists() or len(path.parts) > 1 else FOLDER / path
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlayError(f"No game can have this name: {reason}. Received: {name[:40]!r}") from error


def existing_path(name: str) -> Path:
    """Return the file of the game that is there under a name: as ``path_of`` has it, else the very file, or an old one.

    Raises:
        PlayError: there is none.
    """
    path = path_of(name)
    for there in (path, Path(name), path.with_suffix(OLD_SUFFIX)):
        if there.is_file():
            return there
    raise PlayError(f"There is no game {path}. --list shows those in {FOLDER}/.")


def check_writable(path: Path) -> None:
    """Raise PlayError unless a game can be kept in ``path``. Nothing is left behind."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        # The name is as long as that of the file that a game is written to before it takes its place.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{path.stem}.", suffix=f".tmp{path.suffix}"):
            pass
    except OSError as error:
        raise PlayError(f"No game can be kept in {path}: {error.strerror or error}. Choose another place for it.") from error


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the game in ``path`` against other windows, which would write among what is played here.

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


def saved_paths() -> list[Path]:
    """Return the files in the folder of games, the newest first."""
    if not FOLDER.is_dir():
        return []
    paths = [path for path in FOLDER.iterdir() if path.suffix in (SUFFIX, OLD_SUFFIX) and not path.name.startswith(".")]
    paths = [path for path in paths if path.is_file()]
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def newest() -> tuple[Saved, Table]:
    """Return the newest game that is not over.

    Raises:
        PlayError: there is none; a newer file that cannot be read is named.
    """
    problems = []
    for path in saved_paths():
        try:
            saved = read(path)
            table = saved.play()
        except PlayError as error:
            problems.append(str(error))
            continue
        if not table.over:
            return saved, table
    more = f" {problems[0]}" if problems else ""
    raise PlayError(f"There is no unfinished game in {FOLDER}/.{more}")


def state_text(table: Table) -> str:
    """Return how a game stands: "turn 31", "Ada won in turn 120"."""
    game = table.game
    if game.over == DECIDED:
        return f"{table.names[game.winner]} won in turn {game.turns}"
    return f"stopped at turn {game.turns}" if game.over == CAPPED else f"turn {game.turns}"
