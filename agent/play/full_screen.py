"""A game on the whole screen: it is played in a thread of its own, so that the screen never waits for anybody who thinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TypeVar

from agent.play.app import TableApp
from agent.play.terminal import Leave
from agent.play.view import View

Result = TypeVar("Result")


class FullScreen:
    """Shows and asks on the whole screen. All methods but ``run`` are called from the thread of the game.

    Args:
        watching: keys and not answers are wanted (``key`` and not ``ask``).
        moving: tokens walk and dice roll.
    """

    screen = True

    def __init__(self, watching: bool = False, moving: bool = False) -> None:
        self._answers: SimpleQueue[str | None] = SimpleQueue()  # None: the screen is gone
        self._begin: Callable[[], None] = lambda: None
        self._gone = False
        self.app = TableApp(lambda: self._begin(), self._answers.put, watching, moving)

    def run(self, game: Callable[[], Result]) -> Result:
        """Show the screen while ``game`` is played; return what it returns.

        Raises:
            Leave: the person left before the game had begun.
            SystemExit: a signal ended the program.
        """
        with self.playing(game) as begun:
            self.app.run()
        if (self.app.return_code or 0) > 128:
            raise SystemExit(self.app.return_code)
        if not begun:
            raise Leave
        return begun[0].result()

    @contextmanager
    def playing(self, game: Callable[[], Result]) -> Iterator[list[Future[Result]]]:
        """Begin ``game`` as soon as the screen is there; at the end, let it notice that the screen is gone, and wait for it."""
        begun: list[Future[Result]] = []
        with ThreadPoolExecutor(1, "game") as pool:

            def begin() -> None:
                begun.append(pool.submit(game))
                begun[0].add_done_callback(self._end)

            self._begin = begin
            try:
                yield begun
            finally:
                self._gone = True
                self._answers.put(None)

    def show(self, view: View) -> None:
        self._call(self.app.show_view, replace(view, game=view.game.copy()))  # the game goes on meanwhile

    def ask(self) -> str:
        self._call(self.app.listen)
        return self._answer(None)

    def key(self, seconds: float | None) -> str:
        return self._answer(seconds)

    def page(self, title: str, lines: Sequence[str], at_end: bool = False) -> None:
        self._call(self.app.show_page, title, lines, at_end)
        self._answer(None)

    def note(self, text: str) -> None:
        self._call(self.app.note, text)

    def skip(self, events: int) -> None:
        """The screen shows all of the story."""

    def _call(self, method: Callable[..., None], *arguments: object) -> None:
        """Let the thread of the screen call a method, in the order of these calls; nothing waits for it."""
        with suppress(RuntimeError):  # the screen has just gone
            if not self._gone and self.app.call_later(method, *arguments):
                return
        raise Leave

    def _end(self, _: Future) -> None:
        with suppress(Leave):
            self._call(self.app.exit)

    def _answer(self, seconds: float | None) -> str:
        try:
            answer = self._answers.get(timeout=seconds)
        except Empty:
            return ""
        if answer is None:
            self._answers.put(None)
            raise Leave
        return answer
