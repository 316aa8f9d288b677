"""What ``scripts/play.py`` does: plays, watches, lists or replays."""

from __future__ import annotations

import datetime
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from agent.play import opening
from agent.play.arguments import Arguments, Wishes
from agent.play.errors import PlayError

if TYPE_CHECKING:
    from agent.play.game_file import Saved

FASTEST = 1000
_FOCUS = """<script>
const waiting = setInterval(() => {
  const keys = document.querySelector("#terminal textarea");
  if (keys) { keys.focus(); clearInterval(waiting); }
}, 100);
</script>"""


def run(arguments: Arguments) -> None:
    """Do what the command line asks.

    Raises:
        PlayError: a mistake of the user; one line.
    """
    console = Console(highlight=False, soft_wrap=False)
    _check(arguments)
    if arguments.serve:
        _serve(arguments.port)
        return
    with _ended_politely():
        opening.import_engine()
        if arguments.list:
            _list(console)
        elif arguments.record:
            _record(console)
        elif arguments.replay is not None:
            _replay(arguments, console)
        else:
            opening.play(arguments, console)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the program through its ``finally`` blocks: no half-written file, the terminal in order."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        previous = [signal.signal(number, leave) for number in numbers]
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)


def _check(arguments: Arguments) -> None:
    """Refuse options that contradict each other."""
    modes = [f"--{name}" for name in ("resume", "list", "replay", "record") if getattr(arguments, name)]
    if len(modes) > 1:
        raise PlayError(f"Choose one of --resume, --list, --replay and --record. Received: {' and '.join(modes)}")
    if arguments.html is not None and arguments.replay is None:
        raise PlayError(f"A page is made of a saved game: --replay GAME --html {arguments.html}")
    if not 0 <= arguments.speed <= FASTEST:
        raise PlayError(
            f"A speed is a number of events a second from 0 (no pause) to {FASTEST}. Received: --speed {arguments.speed}"
        )
    if arguments.game is not None and not arguments.resume:
        raise PlayError(f"A saved game is named together with --resume. Received: {arguments.game}")
    if arguments.save is not None and arguments.log is not None:
        raise PlayError("A game is kept in one file, its log: give it by --save or by --log. Received: both")
    if arguments.resume:
        changed = [name for name, default in vars(Wishes()).items() if getattr(arguments.wishes, name) != default]
        changed += [name for name in ("save", "log") if getattr(arguments, name) is not None]
        for name in changed:
            option = {"models": "model"}.get(name, name).replace("_", "-")
            raise PlayError(f"A resumed game keeps what it began with. Received: --{option} with --resume")


def _serve(port: int) -> None:
    """Let a browser on this machine show the program, a game a window, until Ctrl-C; the other options are passed on."""
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise PlayError("--serve needs the package textual-serve: pip install textual-serve") from error

    class FocusedServer(Server):
        """Gives the keys to the terminal in the page, which would take them after a click only."""

        async def handle_index(self, request: Any) -> Any:
            page = await super().handle_index(request)
            page.text = page.text.replace("</body>", f"{_FOCUS}</body>")
            return page

    program = [sys.executable, sys.argv[0]] if sys.argv[0].endswith(".py") else sys.argv[:1]
    options = [option for option in sys.argv[1:] if option != "--serve"]
    FocusedServer(shlex.join([*program, *options]), host="127.0.0.1", port=port, title="Monopoly").serve()


def _list(console: Console) -> None:
    from agent.play.terminal import say

    opening.prepare_engine()
    from agent.play import games
    from agent.play.game_file import read
    from agent.play.setup import describe

    paths = games.saved_paths()
    if not paths:
        say(console, f"There are no saved games in {games.FOLDER}/ here.")
    for path in paths:
        try:
            table = read(path).play()
        except PlayError as error:
            say(console, f"{path.stem}  cannot be read: {error}")
            continue
        when = datetime.datetime.fromtimestamp(path.stat().st_mtime).isoformat(" ", "seconds")
        state = f"{games.state_text(table)}, saved {when}, seed {table.setup.seed}"
        say(console, f"{path.stem}  {state}: {describe(table.setup)}")


def _record(console: Console) -> None:
    from agent.play import record
    from agent.play.terminal import say

    for line in record.record_lines(record.read()):
        say(console, line)


def _replay(arguments: Arguments, console: Console) -> None:
    opening.prepare_engine()
    from agent.play.game_file import read
    from agent.play.games import existing_path
    from agent.play.table import Table
    from agent.play.terminal import say
    from agent.play.watch import replayed

    saved = read(existing_path(arguments.replay or ""))
    if arguments.html is not None:
        _write_page(console, saved, Path(arguments.html))
        return
    saved.play()  # a line that the rules forbid is told at once, and not in the middle
    table = Table(saved.setup, {}, settled=False)
    opening.show(arguments, console, table, replayed(table, saved))
    if saved.torn:
        say(console, "The file breaks off in the middle of a line; it is shown up to there.")


def _write_page(console: Console, saved: Saved, path: Path) -> None:
    from agent.play.html import check, write_page
    from agent.play.players import load_players
    from agent.play.terminal import say

    check(path)
    with opening.progress("Asking the agents again what they thought"):
        write_page(saved, load_players(saved.setup), path)
    say(console, "The game is in", f"{path}")
