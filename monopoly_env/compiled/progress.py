"""Says on standard error how far a long compilation has come: one line that changes on a terminal, else a line at its start."""

import sys
import time
from contextlib import suppress
from typing import Any

from numba.core import event

_SHORT = 2.0  # seconds that nobody needs to be told of
_FEW = 30  # functions, the same
_WIDTH = 79


class Progress(event.Listener):
    """Listens to Numba's compiler, which compiles what a kernel calls before the kernel itself."""

    def __init__(self) -> None:
        self._outermost: Any = None
        self._kernels: set[Any] = set()
        self._began = 0.0
        self._told = self._told_anywhere = False

    def on_start(self, event: event.Event) -> None:
        """Tell which kernel comes now, and how many of all that the outermost one needs are ready."""
        dispatcher = event.data["dispatcher"]
        if self._outermost is None:
            self._outermost, self._kernels = dispatcher, _needed(dispatcher) - {dispatcher}
            self._began, self._told = time.monotonic(), False
        elif time.monotonic() - self._began > _SHORT and len(self._kernels) > _FEW:
            ready = sum(bool(kernel.linked.overloads) for kernel in self._kernels)
            name = f"{dispatcher.py_func.__module__}.{dispatcher.py_func.__name__}"
            self._tell(f"Compiling, once on this machine: {ready} of {len(self._kernels)}, {name}")

    def on_end(self, event: event.Event) -> None:
        """Close the line when the outermost kernel is done, or its compilation broke off."""
        if event.data["dispatcher"] is not self._outermost:
            return
        if self._told:
            how = "took" if event.data["args"] in self._outermost.overloads else "broke off, and will go on from here, after"
            self._tell(f"Compiling {how} {time.monotonic() - self._began:.0f} s.", end="\n")
        self._outermost = None

    def _tell(self, line: str, end: str = "") -> None:
        with suppress(OSError, ValueError, AttributeError):  # nobody reads it: closed, or no such stream at all
            if sys.stderr is sys.__stderr__ and sys.stderr.isatty():  # nor does another display draw there
                print(f"\r{line[:_WIDTH]:{_WIDTH}}", end=end, file=sys.stderr, flush=True)
            elif not self._told_anywhere:
                told = f"Compiling {len(self._kernels)} functions, once on this machine; this takes about half a minute."
                print(told, file=sys.stderr, flush=True)
            self._told = self._told_anywhere = True


def _needed(dispatcher: Any) -> set[Any]:
    """Return a kernel with all kernels that it calls, directly or not."""
    needed, waiting = {dispatcher}, [dispatcher]
    while waiting:
        function = waiting.pop().py_func
        called = [function.__globals__.get(name) for name in function.__code__.co_names]
        new = {kernel for kernel in called if hasattr(kernel, "linked")} - needed
        needed |= new
        waiting += new
    return needed
