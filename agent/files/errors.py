"""What a user can put right, and the one way in which every program tells it: a line on standard error and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


class UserError(Exception):
    """The message is one line for the user: what was received, what is needed, how to get there. No traceback."""


@contextmanager
def user_errors() -> Iterator[None]:
    """Tell what a user can put right in one line, without a traceback, and end the program. A ``with`` block or a decorator.

    It stands around each command, and around the whole program, whose ``--help`` may not get to where it was sent:

        @app.command()
        @user_errors()
        def main(...): ...

        if __name__ == "__main__":
            with user_errors():
                app()

    The exit code is 1 after an error, and without a word where nobody reads the output any more; 130 after Ctrl-C. Typer
    answers wrong usage, with 2. Other exceptions are faults of the program and keep their traceback.
    """
    try:
        try:
            yield
        finally:
            _flush_output()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(1) from None  # as Click and Rich do
    except (UserError, ValueError, OSError, FloatingPointError, MemoryError) as error:
        _fail(_sentence(error))
    except Exception as error:
        if type(error).__name__ != "ResourceExhaustedError":  # TensorFlow is not loaded for its name alone
            raise
        _fail(_sentence(MemoryError()))


def _sentence(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory; smaller layers, fewer games at a time or fewer threads take less."
    if isinstance(error, OSError) and error.strerror:
        return f"{'Cannot write the output' if error.filename is None else error.filename}: {error.strerror}."
    return " ".join(str(error).splitlines())


def _fail(sentence: str) -> None:
    with suppress(OSError):  # there may be nobody left to tell
        print(f"Error: {sentence}", file=sys.stderr, flush=True)
    raise SystemExit(1) from None


def _flush_output() -> None:
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError:
            drop_output(sys.stdout)
            raise


def drop_output(file: TextIO) -> None:
    """Let a file lead nowhere: what is still buffered must find a place, or Python complains about it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, file.fileno())
        os.close(nowhere)
