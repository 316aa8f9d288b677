"""What ``scripts/play.py`` does: seats the players, opens the terminal, and says how it went."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from agent.play.errors import PlayError

if TYPE_CHECKING:
    from agent.play.options import Options
    from agent.play.saves import Saved
    from agent.play.setup import Setup
    from agent.play.table import Table

FASTEST = 1000
DEFAULT_SEATS = "me,agent,agent,agent"


@dataclass
class Request:
    """The command line."""

    game: str | None = None
    seats: str = DEFAULT_SEATS
    names: str | None = None
    models: list[str] = field(default_factory=list)
    seed: int | None = None
    house_rules: str = ""
    starting_cash: int = 1500
    max_turns: int = 1000
    coach: bool = False
    open: bool = False
    plain: bool = False
    watch: bool = False
    speed: float = 3.0
    save: str | None = None
    resume: bool = False
    list: bool = False
    log: str | None = None
    replay: str | None = None


def run(request: Request) -> int:
    """Do what the command line asks; return the exit code. Mistakes of the user are one line on standard error."""
    console = Console(highlight=False, soft_wrap=False)
    try:
        _check(request)
        with _ended_politely():
            if request.list:
                _list(console)
            elif request.replay is not None:
                _replay(request, console)
            else:
                _play(request, console)
    except PlayError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output has gone
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        print(f"Error: Cannot write the output: {error.strerror or error}.", file=sys.stderr)
        return 1
    return 0


def _drop_output() -> None:
    """Let standard output lead nowhere: Python would complain once more as it closes it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
        fresh = Request()
        for name in ("seats", "names", "models", "seed", "house_rules", "starting_cash", "max_turns", "save"):
            if getattr(request, name) != getattr(fresh, name):
                option = {"models": "model"}.get(name, name).replace("_", "-")
                raise PlayError(f"A resumed game keeps what it began with. Received: --{option} with --resume")


@contextmanager
def _progress(text: str) -> Iterator[None]:
    """Show on standard error that something takes a while, if anybody is looking."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status(Text(text)):
            yield
    else:
        yield


def _warm_up(setup: Setup | None = None) -> None:
    """Import the engine and load its compiled code, saying so where that takes long; for searchers their tables too."""
    with _progress("Setting up the table"):
        from agent.contestants import SEARCHER
        from monopoly_env.jit import is_compiled
    searching = setup is not None and any(seat.kind == SEARCHER for seat in setup.seats)
    compiled = is_compiled("game") and (not searching or is_compiled("tables"))
    text = f"Compiling the game engine, once: this takes {'two minutes or so' if searching else 'about a minute'}"
    if not compiled and not sys.stderr.isatty():
        print(f"{text}.", file=sys.stderr)
    with _progress("Setting up the table" if compiled else text):
        from agent.play.warm_up import warm_up

        warm_up(whole=not compiled, searching=searching)


def _terminal(request: Request, console: Console):
    from agent.play.terminal import PlainTerminal, ScreenTerminal

    if request.plain or not console.is_terminal or console.is_dumb_terminal:
        return PlainTerminal(console)
    return ScreenTerminal(console)


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
    _warm_up()
    events = ((row, []) for row in recording.rows)
    _show(request, console, recording.setup, events)
    if recording.torn:
        say(console, "The log breaks off in the middle of a line; it is shown up to there.")


def _show(request: Request, console: Console, setup: Setup, events, before=(), open_: bool = False) -> bool:
    """Show events one by one; return whether they were shown to the end."""
    from agent.play.keys import listening
    from agent.play.terminal import Leave
    from agent.play.watching import Show

    terminal = _terminal(request, console)
    try:
        with terminal.open(), listening() as keys:
            Show(setup, terminal, keys, request.speed, open_).run(events, before)
            if terminal.screen:
                keys.wait(None)
    except (Leave, KeyboardInterrupt):
        return False
    return True


def _play(request: Request, console: Console) -> None:
    """Play a new or a saved game, with people or without."""
    from agent.play import saves

    saved = None
    if request.resume:
        saved = saves.newest() if request.game is None else saves.load(saves.as_path(request.game))
        if saved.game.over:
            raise PlayError(f"{saved.path} is over: {saves.state_text(saved)}. Start a new game, or name another.")
        setup, path = saved.setup, saved.path
    else:
        setup, path = _new_setup(request), saves.new_path(request.save)
    _check_log(request, saved)
    _warm_up(setup)
    with _progress("Waking the agents"):
        from agent.play.players import load_coach, load_players, model_prints
        from agent.play.table import Table
        from agent.play.terminal import say

        players = load_players(setup)
        options = _options(request, saved, setup)
        network = load_coach(players, options.model) if setup.people else None
    if saved:
        table = Table(setup, players, saved.game, saved.rows, saved.records)
        if model_prints(setup) != saved.prints:
            say(console, "An agent's model has changed since this game was saved; it plays on with the new one.")
    else:
        table = Table(setup, players)
    _sit_down(request, console, table, path, network, options, saved)


def _check_log(request: Request, saved: Saved | None) -> None:
    """Refuse a log that would overwrite anything but the saved game's own."""
    from agent.play import journal

    own = saved.options.log if saved else None
    if request.log and (not own or Path(request.log).absolute() != Path(own).absolute()):
        journal.new_log(request.log)
    elif saved and own:
        journal.own_log(own, saved.setup, saved.rows)


def _options(request: Request, saved: Saved | None, setup: Setup) -> Options:
    from agent.play.options import Options
    from agent.play.setup import NETWORKS

    options = saved.options if saved else Options()
    options.coach |= request.coach
    options.open |= request.open
    options.log = request.log or options.log
    if request.models and all(seat.kind not in NETWORKS for seat in setup.seats):
        options.model = request.models[0]
    return options


def _new_setup(request: Request) -> Setup:
    from agent.play.setup import Wishes, make_setup

    seats = request.seats
    if request.watch and seats == DEFAULT_SEATS:
        seats = "agent,agent,agent,agent"
    wishes = Wishes(
        seats, request.names, request.models, request.seed, request.house_rules, request.starting_cash, request.max_turns
    )
    setup = make_setup(wishes)
    if request.watch and setup.people:
        raise PlayError(f"With --watch nobody sits at the table. Received: --seats {request.seats}")
    return setup


def _sit_down(request: Request, console: Console, table: Table, path, network, options: Options, saved: Saved | None) -> None:
    from agent.play import saves
    from agent.play.journal import Journal
    from agent.play.session import Session

    journal = Journal(options.log, table.setup, table.rows) if options.log else None
    saves.save(path, table, options.to_dict())  # before anything is shown: it must be there whatever happens to the terminal
    terminal = _terminal(request, console)
    try:
        if table.setup.people:
            if not saved:
                _welcome(console, terminal, table)
            fresh = len(saved.rows) if saved else 0
            with terminal.open():
                done = Session(table, terminal, path, options, network, journal, fresh).run()
        else:
            done = _watch(request, console, table, path, options, journal)
    finally:
        if journal is not None:
            journal.close()
    _say_goodbye(console, _result(table) if done else "", path, path.parent == saves.FOLDER and not request.save)


def _say_goodbye(console: Console, result: str, path: Path, usual: bool) -> None:
    """Say how the game went and where it is; paths and commands are in one piece, to be copied."""
    from agent.play.terminal import say

    if result:
        say(console, f"{result} The game is kept in", f"{path}")
        return
    say(console, "Saved in", f"{path}")
    say(console, "Go on with:", f"python scripts/play.py --resume{'' if usual else f' {shlex.quote(str(path))}'}")


def _watch(request: Request, console: Console, table: Table, path, options, journal) -> bool:
    from agent.play import saves
    from agent.play.watching import live_events

    def save() -> None:
        if journal is not None:
            journal.add(table.rows)
        saves.save(path, table, options.to_dict())

    before = list(table.rows) if request.resume else []
    try:
        return _show(request, console, table.setup, live_events(table, len(before), save), before, options.open)
    finally:
        save()


def _welcome(console: Console, terminal, table: Table) -> None:
    if terminal.screen:
        return
    from agent.play.setup import describe
    from agent.play.terminal import say

    say(console, f"At the table: {describe(table.setup)}. Seed {table.setup.seed}. ? explains everything.")


def _result(table: Table) -> str:
    from agent.play.story import full_story

    return full_story(table.rows[-1:], table.names)[0].text
