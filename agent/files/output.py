"""What a program prints, and the files that it is asked to write: told before the work begins, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from agent.files.atomic import atomic_write, real_file
from agent.files.errors import UserError, drop_output

PICTURES = (".png", ".svg", ".pdf")


class OutputError(UserError):
    """Something cannot be written; the message is one line for the user."""


def check_output(path: Path | None, option: str, endings: Sequence[str], source: Path | None = None) -> None:
    """Refuse a file that cannot be written, or whose name says that it is something else: that one is not to be replaced.

    Args:
        path: the file; None: none is asked for.
        option: that it was given by, for the message.
        endings: of names, one of which it needs.
        source: a file that is read, which must not be replaced.

    Raises:
        OutputError: another ending, the source itself, a device, a pipe or a folder, or a folder that is missing or closed.
    """
    if path is None:
        return
    check_ending(path, option, endings)
    try:
        real = real_file(path)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}. Give {option} the name of a file.") from error
    if source is not None and real == Path(os.path.realpath(source)):
        raise OutputError(f"{path} is what is read; give {option} another name.")
    folder = real.parent if path.is_symlink() else path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"Cannot write {path}: {folder} must be a folder that can be written to.")


def check_ending(path: Path, option: str, endings: Sequence[str]) -> None:
    """Refuse another ending of a file's name, large letters as small ones. Raises OutputError."""
    if path.suffix.lower() not in endings:
        raise OutputError(f"The file of {option} ends in {' or '.join(endings)}. Received: {str(path)!r}")


@contextmanager
def output_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, as ``agent.files.atomic.atomic_write``. Raises OutputError where the disk refuses."""
    try:
        with atomic_write(path) as temporary:
            yield temporary
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error


def show(*parts: Any) -> None:
    """Print plain text, a line each, and what `rich` renders to the standard output."""
    from rich.console import Console

    console = Console()
    for part in parts:
        if isinstance(part, str):
            print(part)
        else:
            console.print(part, highlight=False)


class Output:
    """A text file like the one it is made of, but where writing fails it drops what is written and remembers that.

    A run that trains goes on to its next save though its terminal was closed or the program behind the pipe has ended.

    Attributes:
        gone: nobody reads this any more.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._terminal = file.isatty()
        self.gone = False

    def isatty(self) -> bool:
        """Return whether this was a terminal at the start: one that is closed must not be taken for a quiet file."""
        return self._terminal

    def write(self, text: str) -> int:
        """Write ``text``; return its length."""
        try:
            self._file.write(text)
        except OSError:
            self._give_up()
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        try:
            self._file.flush()
        except OSError:
            self._give_up()

    def __getattr__(self, name: str) -> Any:
        """Return everything else as the file has it."""
        return getattr(self._file, name)

    def _give_up(self) -> None:
        self.gone = True
        drop_output(self._file)
