"""Files that one process at a time may hold; the system lets go of them when it ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def hold(path: Path) -> IO[str] | None:
    """Hold ``path``, an empty file that is made if need be, until the returned file is closed.

    Whoever holds it may remove it before that. Where the system has no such locks, everybody gets it.

    Returns:
        The open file; None: another process holds it.

    Raises:
        OSError: it cannot be opened.
    """
    while True:
        file = open(path, "a")  # noqa: SIM115 (held open by the caller)
        if fcntl is None:
            return file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        if path.exists() and os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
            return file
        file.close()  # it was removed in between
