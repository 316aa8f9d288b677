"""Train a network to play Monopoly: ``python scripts/train.py`` needs no option."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
# What a resumed run may be told anew; everything else is in its checkpoint.
_FREE_ON_RESUME = {"resume", "decisions", "threads", "runs", "evaluations", "games", "final_games", "save_every", "tensorboard"}
_FREE_ON_RESUME |= {"ray", "ray_address"}


@app.command()
def main(
    context: typer.Context,
    head: Annotated[str, typer.Option(help="softmax (trained by PPO) or linear (trained by Q-lambda).")] = "softmax",
    hidden: Annotated[str, typer.Option(help="Units of the hidden layers, with commas.")] = "150,150",
    decisions: Annotated[int, typer.Option(help="Decisions of the network in the whole run.", min=1)] = 12_000_000,
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
    evaluations: Annotated[int, typer.Option(help="Evaluations on the way.", min=0)] = 10,
    games: Annotated[int, typer.Option(help="Games of each evaluation on the way.", min=1)] = 400,
    final_games: Annotated[int, typer.Option(help="Games of the final evaluation; 0: none.", min=0)] = 10_000,
    tensorboard: Annotated[bool, typer.Option(help="Write event files for TensorBoard.")] = True,
    save_every: Annotated[float, typer.Option(help="Seconds between two saves; 0: after every update.", min=0)] = 30,
    ray: Annotated[int | None, typer.Option(help="Spread the games over this many Ray workers: docs/RAY.md.", min=1)] = None,
    ray_address: Annotated[str | None, typer.Option(help="With --ray: auto or host:port of a running cluster.")] = None,
) -> None:
    """Train a network and save it, its settings, its metrics and its learning curve in runs/<name>/."""
    from rich.console import Console

    from agent.output import Output

    output = Output(sys.stdout) if sys.stdout is not None else None
    console = Console(file=output)

    def join():
        """Return who plays the games; whatever starts for it stops with this program."""
        from agent.cluster import workforce

        return context.with_resource(
            workforce(ray, ray_address, lambda text: console.print(text, soft_wrap=True, markup=False, highlight=False))
        )

    try:
        options = {"evaluations": evaluations, "games": games, "save_seconds": save_every}
        if resume is not None:
            _refuse_fixed(context)
            changes = {"decisions": decisions} if _given(context, "decisions") else {}
            changes |= {"threads": threads} if _given(context, "threads") else {}
            run = _resume(console, resume, runs, changes, options, join)
        else:
            settings = {
                "hidden": _numbers("hidden", hidden, int),
                "decisions": decisions,
                "players": players,
                "reward": reward,
                "max_turns": max_turns,
                "seed": seed,
                "threads": threads,
                **dict(zip(("self_play", "bots", "mixed"), _numbers("mix", mix, float, 3), strict=True)),
            }
            if opponents is not None:
                settings["opponents"] = tuple(part.strip() for part in opponents.split(","))
            if tables is not None:
                settings["table_sizes"] = _numbers("tables", tables, int)
            if learning_rate is not None:
                settings["learning_rate"] = learning_rate
            run = _begin(console, head, settings, name, runs, options, join)
    except Exception as error:
        _fail(error)
    with run.folder:
        if tensorboard:
            _log_events(console, run)
        finished = _train(console, run)
        _finish(console, run, final_games if finished and not _gone(console) else 0)
    if not finished:
        folder = run.folder.path
        console.print(f"Stopped and saved. Go on with: [bold]python scripts/train.py --resume {folder}[/]", soft_wrap=True)
        raise typer.Exit(130)


def _gone(console) -> bool:
    """Return whether nobody reads the output any more: its terminal was closed, or the program behind a pipe has ended."""
    return getattr(console.file, "gone", False)


def _given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _refuse_fixed(context: typer.Context) -> None:
    for name in context.params:
        if _given(context, name) and name not in _FREE_ON_RESUME:
            raise ValueError(f"--{name.replace('_', '-')} cannot change in a resumed run; only --decisions and --threads can.")


def _numbers(name: str, text: str, kind: type, count: int | None = None) -> tuple:
    try:
        numbers = tuple(kind(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or (count is not None and len(numbers) != count):
        wanted = f"{count} numbers" if count else "numbers"
        raise ValueError(f"--{name} takes {wanted} with commas between them. Received: {text!r}")
    return numbers


def _start_engines(console, threads: int | None) -> None:
    from agent.keras_setup import load_keras
    from monopoly_env.jit import is_compiled

    if not is_compiled("tables"):
        console.print("Compiling the game engine, once on this machine; this takes about a minute.")
    load_keras(threads)


def _begin(console, head: str, settings: dict, name: str | None, runs: Path, options: dict, join):
    from agent.config import TrainConfig
    from agent.run_folder import RunFolder

    config = TrainConfig.for_head(head, **settings)  # before anything is written
    crew = join()
    folder = RunFolder.create(name, head, runs)
    folder.write_config(config)
    layers = " -> ".join(str(units) for units in (23, *config.hidden, 7))
    learner = "PPO" if head == "softmax" else "Q(lambda)"
    console.print(
        f"Training a network {layers} with a {head} head by {learner}: {config.decisions:,} decisions at {config.num_envs:,} "
        f"tables of {', '.join(map(str, config.sizes))}, seed {config.seed}. Everything goes to {folder.path}/.",
        soft_wrap=True,
    )
    console.print("The default run takes three to five minutes on two cores. Ctrl-C saves and stops; --resume goes on.")
    _start_engines(console, config.threads)
    from agent.train import Run
    from agent.training import Training

    return Run(Training(config, crew.collector), folder, play=crew.play, **options)


def _resume(console, resume: str, runs: Path, changes: dict, options: dict, join):
    from agent.run_folder import RunFolder

    folder = RunFolder.open(resume, runs)
    saved = folder.load()
    config = saved[1]["config"] | changes
    crew = join()
    _start_engines(console, config["threads"])
    from agent.train import Run

    run = Run.resume(folder, changes, crew.collector, saved, play=crew.play, **options)
    for note in folder.notes:
        console.print(note, soft_wrap=True, markup=False)
    done = run.training.decisions
    console.print(
        f"Going on with {folder.path}: {done:,} of {run.training.config.decisions:,} decisions are done.", soft_wrap=True
    )
    return run


def _log_events(console, run) -> None:
    """Let TensorBoard watch the run, and say how."""
    from agent.watch import EventLog, watch_command

    run.events = EventLog(run.folder.path, lambda text: console.print(text, soft_wrap=True, markup=False))
    console.print(f"Watch it in a browser: [bold]{watch_command(run.folder.path.parent)}[/]", soft_wrap=True)


def _train(console, run) -> bool:
    """Train to the end or until the user stops or is gone; return whether it was the end. Saves in all cases."""
    from agent.display import Display

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
        console.print(f"Stopped at once; the last save is in {run.folder.path}/.")
        raise typer.Exit(130) from None
    except Exception as error:
        _fail(error)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return run.training.done


def _finish(console, run, games: int) -> None:
    """Write the picture; show curve, results and what to do next."""
    from agent.curves import terminal_curve, write_picture
    from agent.display import results_table

    config, path = run.training.config, run.folder.path
    try:
        write_picture(run.folder, run.games, config.players)
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
            console.print(f"Stopped in the final games. The run is complete; its model is {path}/model.keras.", soft_wrap=True)
            raise typer.Exit(130) from None
        console.print(results_table(matches, config.players))
        console.print(f"Model: {path}/model.keras   Curve: {path}/curve.png   Metrics: {path}/metrics.csv", soft_wrap=True)
        console.print(f"Play against it:   [bold]python scripts/play.py --model {path}/model.keras[/]", soft_wrap=True)


def _fail(error: Exception) -> None:
    """Say what is wrong in one line for the errors that a user can cause; let the others through."""
    from agent.errors import UserError

    if isinstance(error, KeyError):
        error = UserError(f"The checkpoint lacks {error}; it is of another version.")
    if not isinstance(error, UserError | ValueError | FloatingPointError | OSError | RuntimeError):
        raise error
    with suppress(OSError):  # there may be nobody left to tell
        typer.echo(f"Error: {error}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    app()
