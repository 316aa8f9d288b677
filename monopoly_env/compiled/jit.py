"""The compiler switch of the engine: ``kernel`` is ``numba.njit`` with a cache that cannot go stale.

Numba does not recompile a cached caller when a function it calls in *another file* changes. So the cache folder carries
a hash of all sources that kernels are in or import: any edit of those starts a new cache, and older ones are removed. Where
the user set ``NUMBA_CACHE_DIR``, that folder is used as it is. With ``NUMBA_DISABLE_JIT=1`` a kernel is the plain Python
function.
"""

import ast
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import numba
from llvmlite.binding import get_host_cpu_name
from numba import config
from platformdirs import user_cache_dir

_Function = TypeVar("_Function", bound=Callable)
_KEPT_CACHES = 4
_OLD_SECONDS = 7 * 24 * 3600
_noted: set[str] = set()


@cache
def _source_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    package = Path(__file__).parents[1]
    sources = {path: path.read_bytes() for path in package.rglob("*.py")}
    for path in sorted(_compiled_sources(sources)):
        digest.update(str(path.relative_to(package)).encode())
        digest.update(sources[path])
    return digest.hexdigest()[:16]


def _compiled_sources(sources: dict[Path, bytes]) -> set[Path]:
    """Return the files that hold kernels and those they import, whose constants are compiled in."""
    found: set[Path] = set()
    waiting = [path for path, text in sources.items() if b"\n@kernel" in text]
    while waiting:
        path = waiting.pop()
        if path not in found and path in sources:
            found.add(path)
            waiting += _imports(sources[path])
    return found


def _imports(text: bytes) -> list[Path]:
    root = Path(__file__).parents[2]
    paths = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            folder = root.joinpath(*node.module.split("."))
            paths += [folder.with_suffix(".py"), folder / "__init__.py", *(folder / f"{name.name}.py" for name in node.names)]
    return paths


def _prune(folder: Path) -> None:
    """Remove the caches of older sources, but for the newest few that another process may be using."""
    try:
        others = [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for number, path in enumerate(others):
            if number >= _KEPT_CACHES or time.time() - path.stat().st_mtime > _OLD_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass


def _usable_cache() -> str | None:
    """Return the folder for these sources, made; None: there is no home, or it cannot be written to."""
    try:
        folder = Path(user_cache_dir("monopoly-rl", appauthor=False)) / _source_hash()
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        if not os.access(folder, os.W_OK):
            return None
    except (OSError, RuntimeError):
        return None
    _prune(folder)
    return str(folder)


if config.DISABLE_JIT:
    CACHE: str | None = None
elif os.environ.get("NUMBA_CACHE_DIR"):
    CACHE = os.environ["NUMBA_CACHE_DIR"]
else:
    CACHE = _usable_cache()


def kernel(function: _Function) -> _Function:
    """Compile ``function`` on first use, cached on disk, without the interpreter lock."""
    if config.DISABLE_JIT:
        return function
    if CACHE is None:
        return numba.njit(nogil=True)(function)
    previous = config.CACHE_DIR
    config.CACHE_DIR = CACHE
    try:
        return numba.njit(nogil=True, cache=True)(function)
    finally:
        config.CACHE_DIR = previous


def _mark(part: str) -> Path | None:
    """Return the file that says that a part is compiled: for these sources, in this place, on this kind of processor."""
    if CACHE is None:
        return None
    facts = f"{_source_hash()} {Path(__file__)} {get_host_cpu_name()}"
    return Path(CACHE) / f"{part}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.compiled"


def is_compiled(part: str) -> bool:
    """Whether the compiled code of a part of the engine is on disk; if not, its first use takes from 15 s to a few minutes.

    Args:
        part: ``"game"`` (what one game alone needs) or ``"tables"`` (``monopoly_env.batch.batch``).
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
