"""Single keys while a game is watched: read as they are pressed, with a wait in between."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SPACE = " "
_END = "\x04"
_RIGHT = "\x1b[C"


class NoKeys:
    """Waits, and hears nothing: where the input is no terminal."""

    def wait(self, seconds: float | None) -> str:
        """Sleep so long and return "" (no key)."""
        time.sleep(seconds or 0)
        return ""


class PosixKeys(NoKeys):
    """Keys of a terminal in the mode in which each is delivered at once."""

    def __init__(self) -> None:
        self._pressed = ""

    def wait(self, seconds: float | None) -> str:
        """Return the next key, or "" after ``seconds`` (None: wait for one). An arrow to the right counts as n."""
        import select

        if not self._pressed:
            ready, _, _ = select.select([sys.stdin.fileno()], [], [], seconds)
            if not ready:
                return ""
            self._pressed = os.read(sys.stdin.fileno(), 64).decode(errors="ignore") or _END
        if self._pressed.startswith("\x1b"):
            arrow, self._pressed = self._pressed[:3], self._pressed[3:]
            return "n" if arrow == _RIGHT else ""
        key, self._pressed = self._pressed[0], self._pressed[1:]
        return "q" if key in (_END, "\x03") else key.lower()


class WindowsKeys(NoKeys):
    """Keys of a Windows console."""

    def wait(self, seconds: float | None) -> str:
        """Return the next key, or "" after ``seconds`` (None: wait for one)."""
        import msvcrt

        end = None if seconds is None else time.monotonic() + seconds
        while not msvcrt.kbhit():
            if end is not None and time.monotonic() >= end:
                return ""
            time.sleep(0.02)
        pressed = msvcrt.getwch()
        return "q" if pressed in ("\x03", "\x04", "\x1a") else pressed.lower()


@contextmanager
def listening() -> Iterator[NoKeys]:
    """Yield a reader of keys; the terminal's mode is put back at the end."""
    if not sys.stdin.isatty():
        yield NoKeys()
        return
    if os.name == "nt":
        yield WindowsKeys()
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin.fileno())
    try:
        tty.setcbreak(sys.stdin.fileno())
        yield PosixKeys()
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)
