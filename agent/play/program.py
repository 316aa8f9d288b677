"""What ``scripts/play.py`` does: plays, watches, lists or replays."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from agent.play import opening
from agent.play.errors import PlayError
from agent.play.request import Request, Wishes

FASTEST = 1000


def run(request: Request) -> None:
    """Do what the command line asks.

    Raises:
        PlayError: a mistake of the user; one line.
    """
    console = Console(highlight=False, soft_wrap=False)
    _check(request)
    with _ended_politely():
        if request.list:
            _list(console)
        elif request.replay is not None:
            _replay(request, console)
        else:
            opening.play(request, console)


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


def _check(request: Request) -> None:
    """Refuse options that contradict each other."""
    modes = [name for name in ("resume", "list", "replay") if getattr(request, name)]
    if len(modes) > 1:
        raise PlayError(f"Choose one of --resume, --list and --replay. Received: {' and '.join('--' + mode for mode in modes)}")
    if not 0 <= request.speed <= FASTEST:
        raise PlayError(
            f"A speed is a number of events a second from 0 (no pause) to {FASTEST}. Received: --speed {request.speed}"
        )
    if request.game is not None and not request.resume:
        raise PlayError(f"A saved game is named together with --resume. Received: {request.game}")
    if request.resume:
        changed = [name for name, default in vars(Wishes()).items() if getattr(request.wishes, name) != default]
        changed += ["save"] if request.save is not None else []
        for name in changed:
            option = {"models": "model"}.get(name, name).replace("_", "-")
            raise PlayError(f"A resumed game keeps what it began with. Received: --{option} with --resume")


def _list(console: Console) -> None:
    from agent.play import saves
    from agent.play.setup import describe
    from agent.play.terminal import say

    paths = saves.saved_paths()
    if not paths:
        say(console, f"There are no saved games in {saves.FOLDER}/ here.")
    for path in paths:
        try:
            saved = saves.load(path)
        except PlayError as error:
            say(console, f"{path.stem}  cannot be read: {error}")
            continue
        state = f"{saves.state_text(saved)}, saved {saved.saved_at}, seed {saved.setup.seed}"
        say(console, f"{path.stem}  {state}: {describe(saved.setup)}")


def _replay(request: Request, console: Console) -> None:
    from agent.play import journal
    from agent.play.terminal import say

    recording = journal.read(request.replay or "")
    opening.prepare_engine()
    events = ((row, []) for row in recording.rows)
    opening.show(request, console, recording.setup, events)
    if recording.torn:
        say(console, "The log breaks off in the middle of a line; it is shown up to there.")
