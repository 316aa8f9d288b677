"""From the command line to a game at the table: the players, the file, the terminal, and how it went."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from agent.files.command import command
from agent.play.arguments import DEFAULT_SEATS, Arguments
from agent.play.errors import PlayError

if TYPE_CHECKING:
    from agent.play.game_file import GameFile, Saved
    from agent.play.setup import Options, Setup
    from agent.play.table import Table
    from agent.play.terminal import Terminal

_WARM_UP_TURNS = 60  # long enough for every kind of decision


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on standard error that something takes a while, if anybody is looking."""
    console = Console(stderr=True, highlight=False)
    with console.status(Text(text)) if console.is_terminal else nullcontext():
        yield


def import_engine() -> None:
    """Import the game and Numba, saying so at once: on a busy machine this takes seconds."""
    with progress("Setting up the table"):
        from agent.play import games  # noqa: F401


def prepare_engine(setup: Setup | None = None) -> None:
    """Load the engine's compiled code, saying so where that takes long; for searchers their tables too."""
    from agent.players.registry import SEARCHER
    from monopoly_env.compiled.jit import is_compiled

    searching = setup is not None and any(seat.kind == SEARCHER for seat in setup.seats)
    compiled = is_compiled("game") and (not searching or is_compiled("batch"))
    if not compiled and sys.stderr.isatty():
        print("The game is compiled now, once on this machine.", file=sys.stderr, flush=True)
    with progress("Setting up the table") if compiled else nullcontext():  # a compilation tells of itself
        _warm_up(whole=not compiled, searching=searching)


def _warm_up(whole: bool, searching: bool) -> None:
    """Play a little, so that nobody waits for compiled code later: a game with everything in it, or one turn to load it."""
    from agent.play.players import load_players
    from agent.play.setup import Wishes, make_setup
    from agent.play.table import Table
    from monopoly_env.batch.game_batch import GameBatch
    from monopoly_env.bots import BOTS, RANDOM
    from monopoly_env.compiled.jit import note_compiled
    from monopoly_env.observation import observe
    from monopoly_env.rules.property import rent_due

    setup = make_setup(Wishes(seats=f"landlord,{BOTS[RANDOM]}", seed=0, max_turns=_WARM_UP_TURNS if whole else 1))
    table = Table(setup, load_players(setup))
    table.play_on()
    observe(table.game, 0)
    rent_due(table.game, 0, 0, 0)
    if whole:
        note_compiled("game")
    if searching:
        GameBatch([[RANDOM, RANDOM]], to_the_end=True).begin([0])


def _terminal(arguments: Arguments, console: Console, watching: bool = False) -> Terminal:
    """Return the whole screen where there is one: a terminal that can draw it, or a browser."""
    in_browser = "TEXTUAL_DRIVER" in os.environ
    can_draw = console.is_terminal and not console.is_dumb_terminal and console.encoding.lower().startswith("utf")
    if arguments.plain or not (in_browser or (can_draw and sys.stdin.isatty() and sys.stderr.isatty())):
        from agent.play.terminal import PlainTerminal

        return PlainTerminal(console)
    from agent.play.full_screen import FullScreen

    return FullScreen(watching, moving=not arguments.fast)


def show(arguments: Arguments, console: Console, table: Table, steps, open_: bool = False) -> bool:
    """Show a game while the ``steps`` are played; return whether it was shown to the end."""
    from agent.play.terminal import Leave
    from agent.play.watch import Show

    terminal = _terminal(arguments, console, watching=True)
    try:
        terminal.run(lambda: Show(table, terminal, arguments.speed, open_).run(steps))
    except (Leave, KeyboardInterrupt):
        return False
    return True


def play(arguments: Arguments, console: Console) -> None:
    """Play a new or a saved game, with people or without."""
    from agent.play import games

    if not arguments.resume:
        setup = _new_setup(arguments)
        path = games.new_path(arguments.save) if arguments.log is None else games.new_log(arguments.log)
        with games.held(path):
            _begin(arguments, console, setup, path, None)
        return
    if arguments.game is None:
        prepare_engine()
        path = games.newest()[0].path
    else:
        path = games.existing_path(arguments.game)
    with games.held(path):
        from agent.play.game_file import read

        saved = read(path)
        _begin(arguments, console, saved.setup, path, saved)


def _begin(arguments: Arguments, console: Console, setup: Setup, path: Path, saved: Saved | None) -> None:
    """Wake the players, put the game on the table, and play."""
    prepare_engine(setup)
    table = saved.play() if saved else None
    if table is not None and table.over:
        from agent.play.games import state_text

        raise PlayError(f"{path} is over: {state_text(table)}. Start a new game, or name another.")
    with progress("Waking the agents"):
        from agent.play.game_file import GameFile
        from agent.play.players import load_coach, load_players, model_prints
        from agent.play.table import Table
        from agent.play.terminal import say

        players = load_players(setup)
        options = _options(arguments, saved, setup)
        network = load_coach(players, options.model) if setup.people else None
    if table is None:
        table = Table(setup, players, settled=bool(setup.people))
    table.choosers = players
    if saved and model_prints(setup) != saved.prints:
        say(console, "An agent's model has changed since this game was saved; it plays on with the new one.")
    if saved and saved.torn:
        say(console, f"The last line of {path} breaks off; the game goes on from the line before.")
    # The file is written before anything is shown: it must be there whatever happens to the terminal.
    file = GameFile(path, table, options, saved)
    try:
        done = _sit_down(arguments, console, table, file, network, options, saved)
    finally:
        file.close()
    _say_goodbye(console, _result(table) if done else "", path)


def _options(arguments: Arguments, saved: Saved | None, setup: Setup) -> Options:
    from agent.play.setup import NETWORKS, Options

    options = replace(saved.options) if saved else Options()
    options.coach |= arguments.coach
    options.open |= arguments.open
    if arguments.wishes.models and all(seat.kind not in NETWORKS for seat in setup.seats):
        options.model = arguments.wishes.models[0]
    return options


def _new_setup(arguments: Arguments) -> Setup:
    from agent.play.setup import make_setup

    wishes = arguments.wishes
    if arguments.watch and wishes.seats == DEFAULT_SEATS:
        wishes = replace(wishes, seats="agent,agent,agent,agent")
    setup = make_setup(wishes)
    if arguments.watch and setup.people:
        raise PlayError(f"With --watch nobody sits at the table. Received: --seats {wishes.seats}")
    return setup


def _sit_down(
    arguments: Arguments, console: Console, table: Table, file: GameFile, network, options: Options, saved: Saved | None
) -> bool:
    """Play until the game is over (True) or whoever plays or watches leaves (False)."""
    if not table.setup.people:
        return _watch(arguments, console, table, file, options)
    from agent.play.session import Session
    from agent.play.terminal import Leave

    terminal = _terminal(arguments, console)
    if not saved and not terminal.screen:
        _welcome(console, table)
    try:
        return terminal.run(lambda: Session(table, terminal, file, options, network, table.news).run())
    except Leave:  # before the game had begun
        return False


def _watch(arguments: Arguments, console: Console, table: Table, file: GameFile, options: Options) -> bool:
    from agent.play.watch import live

    try:
        return show(arguments, console, table, live(table, file), options.open)
    finally:
        table.settle()
        file.save()


def _welcome(console: Console, table: Table) -> None:
    from agent.play.setup import describe
    from agent.play.terminal import say

    say(console, f"At the table: {describe(table.setup)}. Seed {table.setup.seed}. ? explains everything.")


def _say_goodbye(console: Console, result: str, path: Path) -> None:
    """Say how the game went and where it is; paths and commands are in one piece, to be copied."""
    from agent.play.games import FOLDER
    from agent.play.terminal import say

    if result:
        say(console, f"{result} The game is kept in", f"{path}")
        return
    name = "" if path.parent == FOLDER else f" {shlex.quote(str(path))}"
    say(console, "Saved in", f"{path}")
    say(console, "Go on with:", f"{command('play')} --resume{name}")


def _result(table: Table) -> str:
    from agent.play.story import full_story

    return full_story(table.rows[-1:], table.names)[0].text
