"""Train a network to play Monopoly: ``python scripts/train.py`` needs no option."""

from __future__ import annotations

import math
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
# What a resumed run may be told anew; everything else is in its checkpoint.
_OPTIONS = ("evaluations", "games", "final_games", "save_every", "tensorboard")
_RESUME = "python scripts/train.py --resume"
_FREE_ON_RESUME = ("decisions", "threads", "runs", *_OPTIONS, "ray", "ray_address")


@app.command()
def main(
    context: typer.Context,
    head: Annotated[str, typer.Option(help="softmax (trained by PPO) or linear (trained by Q-lambda).")] = "softmax",
    hidden: Annotated[str, typer.Option(help="Units of the hidden layers, with commas.")] = "150,150",
    decisions: Annotated[
        int,
        typer.Option(
            help="Decisions of the network in the run; made are whole rollouts of 65,536 (softmax) or 32,768 (linear).", min=1
        ),
    ] = 12_000_000,
    players: Annotated[int, typer.Option(help="Seats of a table, 2 to 8.")] = 4,
    tables: Annotated[
        str | None, typer.Option(help="Seats of the tables in turn, with commas: 2,3,4. Default: --players.")
    ] = None,
    opponents: Annotated[
        str | None,
        typer.Option(
            help="Bots to train with, with commas; named twice, twice as often. "
            "Default: landlord three times, fp-a, fp-b, fp-c and random once each."
        ),
    ] = None,
    mix: Annotated[str, typer.Option(help="Shares of self-play, bot and mixed tables.")] = "0,1,0",
    reward: Annotated[str, typer.Option(help="shaped (win or loss, and change of strength) or win.")] = "shaped",
    max_turns: Annotated[int, typer.Option(help="Turn cap of a game.", min=1)] = 1000,
    seed: Annotated[int, typer.Option(help="Repeats a run.", min=0)] = 0,
    learning_rate: Annotated[float | None, typer.Option(help="First learning rate. Default: the head's own.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run. Default: the head and the next free number.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this run (a name or a folder).")] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads; 1 makes runs repeat to the last bit. Default: all.", min=1)
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder of all runs.")] = Path("runs"),
    evaluations: Annotated[int, typer.Option(help="Evaluations on the way, most of them early.", min=0)] = 10,
    games: Annotated[int, typer.Option(help="Games of each evaluation on the way.", min=1)] = 400,
    final_games: Annotated[int, typer.Option(help="Games of the final evaluation; 0: none.", min=0)] = 10_000,
    tensorboard: Annotated[bool, typer.Option(help="Write event files for TensorBoard.")] = True,
    save_every: Annotated[float, typer.Option(help="Seconds between two saves; 0: after every update.", min=0)] = 30,
    ray: Annotated[int | None, typer.Option(help="Spread the games over this many Ray workers: docs/RAY.md.", min=1)] = None,
    ray_address: Annotated[str | None, typer.Option(help="With --ray: auto or host:port of a running cluster.")] = None,
) -> None:
    """Train a network and save it, its settings, its metrics and its learning curve in runs/<name>/."""
    from rich.console import Console

    from agent.files.output import Output
    from agent.learning.config import RunOptions
    from agent.runs.display import say

    output = Output(sys.stdout) if sys.stdout is not None else None
    console = Console(file=output)

    def join():
        """Return who plays the games; whatever starts for it stops with this program."""
        from agent.evaluation.ray import workforce

        return context.with_resource(workforce(ray, ray_address, lambda text: say(console, text)))

    try:
        told = {option: context.params[option] for option in _OPTIONS if resume is None or _given(context, option)}
        if resume is not None:
            _refuse_fixed(context)
            changes = {option: context.params[option] for option in ("decisions", "threads") if _given(context, option)}
            run, options = _resume(console, resume, runs, changes, told, join)
        else:
            settings = {
                "hidden": _whole_numbers("hidden", hidden),
                "decisions": decisions,
                "players": players,
                "reward": reward,
                "max_turns": max_turns,
                "seed": seed,
                "threads": threads,
                **_shares(mix),
            }
            if opponents is not None:
                settings["opponents"] = tuple(part.strip() for part in opponents.split(","))
            if tables is not None:
                settings["table_sizes"] = _whole_numbers("tables", tables)
            if learning_rate is not None:
                settings["learning_rate"] = learning_rate
            options = RunOptions(**told)
            run = _begin(console, head, settings, name, runs, options, join)
    except Exception as error:
        _fail(error)
    with run.folder:
        if options.tensorboard:
            _log_events(console, run)
        finished = _train(console, run)
        _finish(console, run, options.final_games if finished and not _gone(console) else 0)
    if not finished:
        say(console, "Stopped and saved. Go on with:", f"{_RESUME} {run.folder.path}")
        raise typer.Exit(130)


def _gone(console) -> bool:
    """Return whether nobody reads the output any more: its terminal was closed, or the program behind a pipe has ended."""
    return getattr(console.file, "gone", False)


def _given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _refuse_fixed(context: typer.Context) -> None:
    for name in context.params:
        if _given(context, name) and name not in (*_FREE_ON_RESUME, "resume"):
            free = ", ".join(_option(option) for option in _FREE_ON_RESUME)
            raise ValueError(f"{_option(name)} cannot change in a resumed run; these can: {free}.")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _whole_numbers(name: str, text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"--{name} takes numbers with commas between them, whole numbers only. Received: {text!r}") from None


def _shares(text: str) -> dict[str, float]:
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if len(shares) != 3 or not all(0 <= share < math.inf for share in shares) or not any(shares):
        raise ValueError(
            f"--mix takes 3 numbers of 0 or more with commas between them, one of them above 0. Received: {text!r}"
        )
    return dict(zip(("self_play", "bots", "mixed"), shares, strict=True))


def _start_engines(console, threads: int | None) -> None:
    from agent.learning.keras_setup import load_keras
    from monopoly_env.compiled.jit import is_compiled

    if not is_compiled("tables"):
        console.print("Compiling the game engine, once on this machine; this takes about a minute.")
    load_keras(threads)


def _begin(console, head: str, settings: dict, name: str | None, runs: Path, options, join):
    from agent.learning.config import TrainConfig
    from agent.runs.display import beginning, hints, say
    from agent.runs.folder import RunFolder

    config = TrainConfig.for_head(head, **settings)  # before anything is written
    crew = join()
    folder = RunFolder.create(name, head, runs)
    try:
        folder.write_config(config, options)
        say(console, f"{beginning(config)} Everything goes to", f"{folder.path}/")
        say(console, hints(config))
        _start_engines(console, config.threads)
        from agent.learning.trainer import Training
        from agent.runs.run import Run

        return Run(Training(config), folder, play=crew.play, **_for_run(options))
    except BaseException:
        folder.give_up()
        raise


def _for_run(options) -> dict:
    return {"evaluations": options.evaluations, "games": options.games, "save_seconds": options.save_every}


def _resume(console, resume: str, runs: Path, changes: dict, told: dict, join):
    from agent.runs.display import say
    from agent.runs.folder import RunFolder

    folder = RunFolder.open(resume, runs)
    saved = folder.load()
    options = replace(folder.options(), **told)
    crew = join()
    _start_engines(console, (saved[1]["config"] | changes)["threads"])
    from agent.runs.run import Run

    run = Run.resume(folder, changes, saved=saved, play=crew.play, **_for_run(options))
    config, done = run.training.config, run.training.decisions
    folder.write_config(config, options)
    for note in folder.notes:
        say(console, note)
    if run.training.done:
        say(console, f"Going on with a run that is complete, {done:,} decisions are done:", str(folder.path))
    else:
        say(console, f"Going on with a run, {done:,} of {config.total:,} decisions are done:", str(folder.path))
    return run, options


def _log_events(console, run) -> None:
    """Let TensorBoard watch the run, and say how."""
    from agent.runs.display import say
    from agent.runs.tensorboard import EventLog, watch_command

    run.events = EventLog(run.folder.path, lambda text: say(console, text))
    say(console, "Watch it in a browser:", watch_command(run.folder.path.parent))


def _train(console, run) -> bool:
    """Train to the end or until the user stops or is gone; return whether it was the end. Saves in all cases."""
    from agent.runs.display import Display, say

    stop = False

    def ask_to_stop(number: int, frame: object) -> None:
        nonlocal stop
        if stop and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop = True

    numbers = [signal.SIGINT, signal.SIGTERM]
    # The terminal was closed. Whoever started the run with nohup wants it to go on.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    previous = {number: signal.signal(number, ask_to_stop) for number in numbers}
    try:
        with Display(console).running() as display:
            for progress in run.progress():
                display.show(progress)
                if stop or _gone(console):
                    break
        run.save()
    except KeyboardInterrupt:
        if run.folder.saved:
            say(console, "Stopped at once; the last save is in", f"{run.folder.path}/.")
        elif run.folder.made:  # and is removed
            say(console, "Stopped at once, before the first save: nothing of the run is left to go on from.")
        else:
            say(console, "Stopped at once, before the first save. Begin it anew with:", f"{_RESUME} {run.folder.path}")
        raise typer.Exit(130) from None
    except Exception as error:
        _fail(error)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return run.training.done


def _finish(console, run, games: int) -> None:
    """Write the picture; show curve, results and what to do next."""
    from agent.runs.curves import terminal_curve, write_picture
    from agent.runs.display import results_table, say

    config, path = run.training.config, run.folder.path
    try:
        write_picture(run.folder, config.players)
    except OSError as error:
        _fail(error)
    text = terminal_curve(run.folder, min(console.width, 100))
    if text:
        console.print(text, highlight=False, markup=False)
    if games:
        try:
            with console.status(f"Playing {games:,} games against each yardstick ..."):
                matches = run.measure(games)
        except KeyboardInterrupt:
            say(console, "Stopped in the final games. The run is complete; its model is", f"{path}/model.keras.")
            raise typer.Exit(130) from None
        console.print(results_table(matches, config.players))
        for label, file in (("Model", "model.keras"), ("Curve", "curve.png"), ("Metrics", "metrics.csv")):
            console.print(f"{label + ':':9}{path}/{file}", soft_wrap=True, markup=False, highlight=False)
        say(console, "Play against it:", f"python scripts/play.py --model {path}/model.keras")


def _fail(error: Exception) -> None:
    """Say what is wrong in one line for the errors that a user can cause; let the others through."""
    from agent.files.errors import UserError

    # TensorFlow is not loaded for its name alone.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        error = UserError("There is not enough memory for this run; smaller layers (--hidden) or fewer --threads take less.")
    if isinstance(error, KeyError):
        error = UserError(f"The checkpoint lacks {error}; it is of another version.")
    if not isinstance(error, UserError | ValueError | FloatingPointError | OSError | RuntimeError):
        raise error
    with suppress(OSError):  # there may be nobody left to tell
        typer.echo(f"Error: {error}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    app()
