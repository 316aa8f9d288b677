"""The compiler switch of the engine: ``kernel`` is ``numba.njit`` (see ``compiled.linked``) with a cache that cannot go stale.

The kernels of each file have a folder in the cache whose name holds a hash of that file and of all it imports
(``compiled.sources``): an edit starts new folders for what depends on it, and for nothing else. Where the user set
``NUMBA_CACHE_DIR``, that folder is used as it is. With ``NUMBA_DISABLE_JIT=1`` a kernel is the plain Python function.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

from llvmlite.binding import get_host_cpu_name
from numba import config, types
from platformdirs import user_cache_dir

from monopoly_env.compiled.linked import compiled
from monopoly_env.compiled.sources import PACKAGE, closure_hash

_Function = TypeVar("_Function", bound=Callable)
_OPTIONS = {"nogil": True, "no_cfunc_wrapper": True}  # no interpreter lock; nobody calls kernels from C
_KEPT_CACHES = 4  # of a file, those of the newest sources: another process may be using an older one
_OLD_SECONDS = 7 * 24 * 3600  # what was not used for so long is removed
_noted: set[str] = set()
# What is compiled last of each part: all that the part needs is compiled by then.
_PARTS = {"game": PACKAGE / "engine" / "engine.py", "batch": PACKAGE / "batch" / "step.py"}


def _usable_cache() -> str | None:
    """Return the folder of all caches, made and rid of what was long unused; None: no home, or it cannot be written to."""
    try:
        folder = Path(user_cache_dir("monopoly-rl", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        _remove(entry for entry in folder.iterdir() if time.time() - entry.stat().st_mtime > _OLD_SECONDS)
        return str(folder) if os.access(folder, os.W_OK) else None
    except (OSError, RuntimeError):
        return None


def _remove(entries: Iterable[Path]) -> None:
    for entry in entries:
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


if config.DISABLE_JIT:
    CACHE: str | None = None
elif os.environ.get("NUMBA_CACHE_DIR"):
    CACHE = os.environ["NUMBA_CACHE_DIR"]
else:
    CACHE = _usable_cache()


@cache
def _folder_for(path: Path) -> str | None:
    """Return the folder for the kernels of a file, made; of those of its older sources the newest few stay."""
    if CACHE is None or os.environ.get("NUMBA_CACHE_DIR"):
        return CACHE
    if not path.is_file():  # typed into an interpreter
        return None
    inside = PACKAGE.parent in path.parents
    name = ".".join((path.relative_to(PACKAGE.parent) if inside else Path(path.name)).with_suffix("").parts)
    folder = Path(CACHE) / f"{name}-{closure_hash(path)}"
    with suppress(OSError):  # another process may remove what is old at the same time
        folder.mkdir(exist_ok=True)
        os.utime(folder)
        others = sorted(Path(CACHE).glob(f"{name}-*"), key=lambda other: other.stat().st_mtime, reverse=True)
        _remove(others[_KEPT_CACHES:])
    return str(folder) if folder.is_dir() else None


def kernel(function: _Function) -> _Function:
    """Compile ``function`` on first use, cached on disk, without the interpreter lock.

    Called by other kernels it is compiled once for all integers, as int64, and once for all floats, as float64: without this
    each mixture of numbers in records, loop counters and constants would have a version of its own.
    """
    if config.DISABLE_JIT:
        return function
    folder = _folder_for(Path(function.__code__.co_filename))
    previous = config.CACHE_DIR
    config.CACHE_DIR = folder or previous
    try:
        return compiled(function, folder is not None, _OPTIONS, _wide)
    finally:
        config.CACHE_DIR = previous


def _wide(kind: types.Type) -> types.Type:
    kind = types.unliteral(kind)
    if isinstance(kind, types.Boolean) or (isinstance(kind, types.Integer) and kind.signed):
        return types.int64
    return types.float64 if isinstance(kind, types.Float) else kind


def _mark(part: str) -> Path | None:
    """Return the file that says that a part is compiled: for these sources, in this place, on this kind of processor."""
    if CACHE is None:
        return None
    facts = f"{closure_hash(_PARTS[part])} {Path(__file__)} {get_host_cpu_name()}"
    return Path(CACHE) / f"{part}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.compiled"


def is_compiled(part: str) -> bool:
    """Whether the compiled code of a part of the engine is on disk; if not, its first use takes from 10 s to a minute or two.

    Args:
        part: ``"game"`` (what one game alone needs) or ``"batch"`` (``monopoly_env.batch``).
    """
    mark = _mark(part)
    return config.DISABLE_JIT or (mark is not None and mark.exists())


def note_compiled(part: str) -> None:
    """Remember that all of a part has been compiled. Cheap when it is remembered already."""
    if part in _noted or config.DISABLE_JIT:
        return
    _noted.add(part)
    mark = _mark(part)
    if mark is not None:
        with suppress(OSError):  # somebody else's folder: the next start will say again that it compiles
            mark.touch()
