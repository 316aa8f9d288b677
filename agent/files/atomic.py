"""Files that are either complete or not there: written beside their place, then moved into it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: str | os.PathLike[str], keep: str | os.PathLike[str] | None = None) -> Iterator[Path]:
    """Yield a temporary path to write to; on a clean exit it replaces `path`, on an error it is deleted.

    The temporary file lies in the same folder (a rename is atomic within one file system only) and has the same
    suffix (Keras chooses the format by it). Missing folders are created. Where `path` is a symbolic link, the link stays and
    the file that it leads to is replaced.

    Args:
        path: the file.
        keep: where the file that is replaced goes, in the same file system; None: nowhere. It is moved once the new one is
            complete. A process that is killed at that very moment leaves nothing at `path`, and both files on the disk.

    Raises:
        OSError: see `real_file`; the folder cannot be created or the file not be moved; whatever the caller's block raises.
    """
    path = real_file(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        yield temporary
        # Without fsync a power cut can leave the new name pointing at a file whose contents never reached the disk.
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        if keep is not None and path.exists():
            os.replace(path, keep)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def real_file(path: str | os.PathLike[str]) -> Path:
    """Return the place that `path` leads to, links followed, whether there is a file or nothing yet.

    Raises:
        OSError: a device, a pipe, a folder or a circle of links is there, which a file must not replace.
    """
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if real.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if real.exists() and not real.is_file():
        raise OSError(errno.EINVAL, "there is a device or a pipe, and no file", str(path))
    return real


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can open folders (Windows cannot)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
