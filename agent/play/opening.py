"""From a request to a game at the table: the players, the saved game and its log, the terminal, and how it went."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from agent.play.errors import PlayError
from agent.play.request import DEFAULT_SEATS, Request

if TYPE_CHECKING:
    from agent.play.options import Options
    from agent.play.saves import Saved
    from agent.play.setup import Setup
    from agent.play.table import Table


@contextmanager
def _progress(text: str) -> Iterator[None]:
    """Show on standard error that something takes a while, if anybody is looking."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status(Text(text)):
            yield
    else:
        yield


def prepare_engine(setup: Setup | None = None) -> None:
    """Import the engine and load its compiled code, saying so where that takes long; for searchers their tables too."""
    with _progress("Setting up the table"):
        from agent.players.registry import SEARCHER
        from monopoly_env.compiled.jit import is_compiled
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


def show(request: Request, console: Console, setup: Setup, events, before=(), open_: bool = False) -> bool:
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


def play(request: Request, console: Console) -> None:
    """Play a new or a saved game, with people or without."""
    from agent.play import saves

    if not request.resume:
        setup, path = _new_setup(request), saves.new_path(request.save)
        with saves.held(path):
            _begin(request, console, setup, path, None)
        return
    path = saves.newest().path if request.game is None else saves.as_path(request.game)
    saves.check_there(path)  # before a file is made beside it
    with saves.held(path):
        saved = saves.load(path)
        if saved.game.over:
            raise PlayError(f"{path} is over: {saves.state_text(saved)}. Start a new game, or name another.")
        _begin(request, console, saved.setup, path, saved)


def _begin(request: Request, console: Console, setup: Setup, path: Path, saved: Saved | None) -> None:
    """Wake the players, and put the game on the table."""
    _check_log(request, saved)
    prepare_engine(setup)
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
    if request.wishes.models and all(seat.kind not in NETWORKS for seat in setup.seats):
        options.model = request.wishes.models[0]
    return options


def _new_setup(request: Request) -> Setup:
    from agent.play.setup import make_setup

    wishes = request.wishes
    if request.watch and wishes.seats == DEFAULT_SEATS:
        wishes = replace(wishes, seats="agent,agent,agent,agent")
    setup = make_setup(wishes)
    if request.watch and setup.people:
        raise PlayError(f"With --watch nobody sits at the table. Received: --seats {wishes.seats}")
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
        saves.save(path, table, options.to_dict())
        if journal is not None:
            journal.add(table.rows)

    before = list(table.rows) if request.resume else []
    try:
        return show(request, console, table.setup, live_events(table, len(before), save), before, options.open)
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
