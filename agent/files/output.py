"""Standard output that may go away while a program runs: a terminal that is closed, a pipe that nobody reads any more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO


class Output:
    """A text file like the one it is made of, but where writing fails it drops what is written and remembers that.

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


class EndingOutput(Output):
    """One that ends the program where writing fails: quietly if nobody reads any more, else with the error."""

    def _give_up(self) -> None:
        error = sys.exception()
        super()._give_up()
        raise SystemExit(0) if isinstance(error, BrokenPipeError) else error


def drop_output(file: TextIO) -> None:
    """Let a file lead nowhere: what is still buffered must find a place, or Python complains about it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, file.fileno())
        os.close(nowhere)
