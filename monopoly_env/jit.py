"""The compiler switch of the engine: ``kernel`` is ``numba.njit`` with a cache that cannot go stale.

Numba does not recompile a cached caller when a function it calls in *another file* changes. So the cache folder carries
a hash of all sources of this package: any edit starts a new cache, and older ones are removed. Where the user
set ``NUMBA_CACHE_DIR``, that folder is used as it is. With ``NUMBA_DISABLE_JIT=1`` a kernel is the plain Python function.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numba
from numba import config

_Function = TypeVar("_Function", bound=Callable)
_KEPT_CACHES = 4
_OLD_SECONDS = 7 * 24 * 3600


def _source_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "monopoly-rl" / _source_hash()


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
    folder = _cache_folder()
    try:
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


def is_compiled() -> bool:
    """Whether the engine's compiled code is already on disk (if not, first use takes some 15 s or more)."""
    return config.DISABLE_JIT or (CACHE is not None and any(Path(CACHE).rglob("*.nbi")))
