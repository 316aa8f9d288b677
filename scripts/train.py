"""Train a network to play Monopoly: ``python scripts/train.py`` needs no option.

To see how it learns read ``agent/learning/trainer.py`` (the environment is stepped), then ``agent/learning/ppo.py`` (what the
network sees and answers, the loss, the gradient) with ``agent/learning/rollout.py`` (what a decision was worth) and
``agent/learning/tf_masking.py`` (illegal actions masked, an action drawn). The layers are in ``agent/learning/network.py``, the
23 floats in ``monopoly_env/observation.py``, the reward in ``monopoly_env/batch/step.py``.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agent.files.command import command
from agent.files.errors import user_errors
from agent.learning.config import RunOptions, TrainConfig, help_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
# What a resumed run may be told anew; everything else is in its checkpoint.
_REPORTS = ("evaluations", "games", "final_games", "save_every", "tensorboard")
_FREE_ON_RESUME = ("decisions", "threads", "runs", *_REPORTS)
_RESUME = f"{command('train')} --resume"


def _option(record: type, name: str, **more) -> typer.models.OptionInfo:
    return typer.Option(help=help_of(record, name), **more)


@app.command()
@user_errors()
def main(
    context: typer.Context,
    head: Annotated[str, _option(TrainConfig, "head")] = TrainConfig.head,
    hidden: Annotated[str, typer.Option(help="Units of the hidden layers, with commas.")] = "150,150",
    decisions: Annotated[int, _option(TrainConfig, "decisions", min=1)] = TrainConfig.decisions,
    players: Annotated[int, _option(TrainConfig, "players")] = TrainConfig.players,
    tables: Annotated[
        str | None, typer.Option(help="Seats of the games in turn, with commas: 2,3,4. Default: --players.")
    ] = None,
    opponents: Annotated[
        str | None,
        typer.Option(
            help="Opponents, with commas; named twice, twice as often: bots, self (the network as it is at that moment), "
            "shipped agents, runs' folders, .keras files. Default: landlord three times, fp-a, fp-b, fp-c and random once each."
        ),
    ] = None,
    mix: Annotated[str, typer.Option(help="Shares of games against the network itself, --opponents, and both.")] = "0,1,0",
    reward: Annotated[str, _option(TrainConfig, "reward")] = TrainConfig.reward,
    max_turns: Annotated[int, _option(TrainConfig, "max_turns", min=1)] = TrainConfig.max_turns,
    seed: Annotated[int, _option(TrainConfig, "seed", min=0)] = TrainConfig.seed,
    learning_rate: Annotated[float | None, typer.Option(help="First learning rate. Default: the head's own.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run. Default: the head and the next free number.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this run (a name or a folder).")] = None,
    threads: Annotated[int | None, _option(TrainConfig, "threads", min=1)] = TrainConfig.threads,
    runs: Annotated[Path, typer.Option(help="Folder of all runs.")] = Path("runs"),
    evaluations: Annotated[int, _option(RunOptions, "evaluations", min=0)] = RunOptions.evaluations,
    games: Annotated[int, _option(RunOptions, "games", min=1)] = RunOptions.games,
    final_games: Annotated[int, _option(RunOptions, "final_games", min=0)] = RunOptions.final_games,
    tensorboard: Annotated[bool, _option(RunOptions, "tensorboard")] = RunOptions.tensorboard,
    save_every: Annotated[float, _option(RunOptions, "save_every", min=0)] = RunOptions.save_every,
) -> None:
    """Train a network and save it, its settings, its metrics and its learning curve in runs/<name>/."""
    from rich.console import Console

    from agent.files.output import Output
    from agent.runs.display import say

    console = Console(file=Output(sys.stdout) if sys.stdout is not None else None)
    reports = {option: context.params[option] for option in _REPORTS if resume is None or _given(context, option)}
    if resume is None:
        settings = {
            "hidden": _whole_numbers("hidden", hidden),
            "decisions": decisions,
            "players": players,
            "reward": reward,
            "max_turns": max_turns,
            "seed": seed,
            "threads": threads,
            **_shares(mix),
            **({} if opponents is None else {"opponents": tuple(part.strip() for part in opponents.split(","))}),
            **({} if tables is None else {"table_sizes": _whole_numbers("tables", tables)}),
            **({} if learning_rate is None else {"learning_rate": learning_rate}),
        }
        run = _begin(console, TrainConfig.for_head(head, **settings), name, runs, RunOptions(**reports))
    else:
        _refuse_fixed(context)
        changes = {option: context.params[option] for option in ("decisions", "threads") if _given(context, option)}
        run = _resume(console, resume, runs, changes, reports)
    with run.folder:
        if run.options.tensorboard:
            _log_events(console, run)
        finished = _train(console, run)
        _finish(console, run, run.options.final_games if finished and not _gone(console) else 0)
    if not finished:
        say(console, "Stopped and saved. Go on with:", f"{_RESUME} {run.folder.path}")
        raise typer.Exit(130)


def _begin(console, config: TrainConfig, name: str | None, runs: Path, options: RunOptions):
    """Return a new run; nothing is written before all settings are known to be right."""
    from agent.runs.display import beginning, hints, say
    from agent.runs.folder import RunFolder
    from agent.runs.run import Run, opponent_policies

    policies = opponent_policies(config)
    folder = RunFolder.create(name, config.head, runs)
    try:
        folder.write_config(config, options)
        say(console, f"{beginning(config)} Everything goes to", f"{folder.path}/")
        say(console, hints(config))
        from agent.learning.keras_setup import load_keras

        load_keras(config.threads)
        from agent.learning.trainer import Training

        return Run(Training(config, policies=policies), folder, options)
    except BaseException:
        folder.give_up()
        raise


def _resume(console, resume: str, runs: Path, changes: dict, told: dict):
    """Return a run that goes on."""
    from agent.learning.keras_setup import load_keras
    from agent.runs.display import say
    from agent.runs.folder import RunFolder
    from agent.runs.run import Run

    folder = RunFolder.open(resume, runs)
    saved = folder.load()
    options = replace(folder.options(), **told)
    load_keras((saved[1]["config"] | changes)["threads"])
    run = Run.resume(folder, changes, saved, options=options)
    config, done = run.training.config, run.training.decisions
    folder.write_config(config, options)
    for note in folder.notes:
        say(console, note)
    if run.training.done:
        say(console, f"Going on with a run that is complete, {done:,} decisions are done:", str(folder.path))
    else:
        say(console, f"Going on with a run, {done:,} of {config.total:,} decisions are done:", str(folder.path))
    return run


def _train(console, run) -> bool:
    """Train to the end or until the user stops or is gone; return whether it was the end. Saves in all cases."""
    from agent.runs.display import Display, say
    from agent.runs.stopping import stop_requests

    try:
        with stop_requests() as stop_asked, Display(console).running() as display:
            for progress in run.progress():
                display.show(progress)
                if stop_asked() or _gone(console):
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
    return run.training.done


def _finish(console, run, games: int) -> None:
    """Write the picture; show curve, results and what to do next."""
    from agent.evaluation.report import results_table
    from agent.runs.curves import terminal_curve, write_picture
    from agent.runs.display import say

    config, path = run.training.config, run.folder.path
    write_picture(run.folder, config.players)
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
        named = {f"{config.players - 1} x {name}": match for name, match in matches.items()}
        console.print(results_table(f"Win rates of the trained network, {config.players} players", named))
        for label, file in (("Model", "model.keras"), ("Curve", "curve.png"), ("Metrics", "metrics.csv")):
            console.print(f"{label + ':':9}{path}/{file}", soft_wrap=True, markup=False, highlight=False)
        say(console, "Play against it:", f"{command('play')} --model {path}/model.keras")


def _log_events(console, run) -> None:
    """Let TensorBoard watch the run, and say how."""
    from agent.runs.display import say
    from agent.runs.tensorboard import EventLog, watch_command

    run.events = EventLog(run.folder.path, lambda text: say(console, text))
    say(console, "Watch it in a browser:", watch_command(run.folder.path.parent))


def _gone(console) -> bool:
    """Return whether nobody reads the output any more: its terminal was closed, or the program behind a pipe has ended."""
    return getattr(console.file, "gone", False)


def _given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _refuse_fixed(context: typer.Context) -> None:
    flags = {name: f"--{name.replace('_', '-')}" for name in context.params}
    for name, flag in flags.items():
        if _given(context, name) and name not in (*_FREE_ON_RESUME, "resume"):
            free = ", ".join(flags[option] for option in _FREE_ON_RESUME)
            raise ValueError(f"{flag} cannot change in a resumed run; these can: {free}.")


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


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
