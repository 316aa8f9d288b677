"""Measure how strong an agent is, ask it why, and hand it on: ``python scripts/evaluate.py`` plays the shipped agent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
DEFAULT_AGAINST = ("random", "landlord", "fp-a,fp-b,fp-c")
GAMES, FEW_GAMES = 10_000, 200  # a game with a searcher takes some seconds

Model = Annotated[str, typer.Option(help="agent, agent-linear, searcher, a bot, a run's folder or a .keras file.")]
Seed = Annotated[int, typer.Option(help="Of the evaluation's own dice.", min=0)]
Ray = Annotated[int | None, typer.Option(help="Spread the games over this many Ray workers: docs/RAY.md.", min=1)]
RayAddress = Annotated[str | None, typer.Option(help="With --ray: auto or host:port of a running cluster.")]


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    model: Model = "agent",
    against: Annotated[
        list[str] | None,
        typer.Option(help="Opponents: one for all other seats, or one a seat with commas. Repeat for more matches."),
    ] = None,
    players: Annotated[int, typer.Option(help="Seats of a table where --against names one opponent.")] = 4,
    games: Annotated[int | None, typer.Option(help="Games of each match (10000; 200 where a searcher plays).")] = None,
    seed: Seed = 0,
    temperature: Annotated[float, typer.Option(help="0: best actions; above: drawn from the network.", min=0)] = 0.0,
    max_turns: Annotated[int, typer.Option(help="Turn cap of a game.", min=1)] = 1000,
    threads: Annotated[int | None, typer.Option(help="Threads; the results do not depend on it.", min=1)] = None,
    json: Annotated[Path | None, typer.Option(help="Write the results to this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the results to this file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a picture: win rates, landings and rent.")] = None,
    ray: Ray = None,
    ray_address: RayAddress = None,
) -> None:
    """Play matches with rotated seats and the same dice for everyone; print win rates with Wilson 95 % intervals."""
    if context.invoked_subcommand is not None:
        return
    try:
        _check_outputs(json, csv, plot)
        options = {"seed": seed, "temperature": temperature, "max_turns": max_turns, "threads": threads}
        matches, partial = _matches(model, list(against or DEFAULT_AGAINST), players, games, options, (ray, ray_address))
        if not matches:
            typer.echo("Stopped before the first games were over.", err=True)
            raise typer.Exit(130)
        _show(model, matches, partial)
        facts = {"model": model, "seed": seed, "temperature": temperature, "max_turns": max_turns, "partial": partial}
        _write(json, csv, plot, facts, matches)
    except Exception as error:
        _fail(error)
    if partial:
        raise typer.Exit(130)


def _matches(model: str, against: list[str], players: int, games: int | None, options: dict, ray: tuple) -> tuple[dict, bool]:
    """Play; return the matches by opponents, and whether the user stopped them."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from agent.cluster import workforce
    from agent.contestants import SEARCHER, contestant, contestants, split_names
    from agent.match import joined, match_plan
    from monopoly_env.jit import is_compiled

    console, notify = _console()
    if games is None:
        games = FEW_GAMES if SEARCHER in split_names(",".join([model, *against])) else GAMES
    if not is_compiled("tables"):
        console.print("Compiling the game engine, once on this machine; this takes about a minute.")
    first = contestant(model)
    plans = {}
    for names in against:
        loaded = contestants(names)
        listed = split_names(names)
        opponents = [loaded[name] for name in (listed if len(listed) > 1 else listed * (players - 1))]
        plans[names] = match_plan(first, opponents, games, **options)
    matches: dict = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with workforce(*ray, notify) as crew, Progress(*columns, console=console, transient=True) as progress:
            played = crew.play([part for plan in plans.values() for part in plan])
            for names, plan in plans.items():
                task = progress.add_task(f"against {names}", total=games)
                parts = []
                for _ in plan:
                    parts.append(next(played))
                    matches[names] = joined(parts)
                    progress.advance(task, parts[-1].games)
    except KeyboardInterrupt:
        return matches, True
    return matches, False


def _show(model: str, matches: dict, partial: bool) -> None:
    from rich.console import Console

    from agent.report import tables

    title = f"Evaluation of {model}" + (" (PARTIAL: stopped before the end)" if partial else "")
    Console().print(tables(title, matches))


def _check_outputs(*paths: Path | None) -> None:
    """Refuse a file that cannot be written before the games are played, not after."""
    import os

    for path in paths:
        if path is None:
            continue
        folder = path.parent
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise ValueError(f"Cannot write {path}: {folder} must be a folder that can be written to, and {path} no folder.")


def _write(json: Path | None, csv: Path | None, plot: Path | None, facts: dict, matches: dict) -> None:
    from agent.report import write_csv, write_json, write_plot

    if json is not None:
        write_json(json, facts, matches)
    if csv is not None:
        write_csv(csv, matches)
    if plot is not None:
        write_plot(plot, f"{facts['model']}, seed {facts['seed']}", matches)


@app.command()
def league(
    players: Annotated[str, typer.Argument(help="Two or more players with commas: bots, agents, runs, .keras files.")],
    seats: Annotated[int, typer.Option(help="Players at one table.", min=2, max=8)] = 4,
    games: Annotated[int, typer.Option(help="Games of each mix of players and first player.", min=1)] = 400,
    seed: Seed = 0,
    ray: Ray = None,
    ray_address: RayAddress = None,
) -> None:
    """Play a round robin and rate the players (Plackett-Luce on Elo's scale, mean 1000, bootstrap intervals)."""
    try:
        from rich.console import Console
        from rich.table import Table

        from agent.cluster import workforce
        from agent.contestants import contestants
        from agent.league import play_league

        loaded = contestants(players)
        console, notify = _console()
        with workforce(ray, ray_address, notify) as crew, console.status("Playing ..."):
            standings = play_league(loaded, seats, games, seed, play=crew.play)
        table = Table("player", "rating", "95 % interval", "games", "won", title=f"League, tables of {seats}")
        for row in standings:
            won = f"{100 * row.wins / row.games:.1f} %"
            table.add_row(row.name, f"{row.rating:.0f}", f"{row.low:.0f} to {row.high:.0f}", f"{row.games:,}", won)
        Console().print(table)
    except Exception as error:
        _fail(error)


@app.command()
def explain(
    model: Model = "agent",
    against: Annotated[str, typer.Option(help="Bots at the other seats, with commas.")] = "landlord,landlord,landlord",
    decisions: Annotated[int, typer.Option(help="Show so many decisions: the closest ones of the game, in order.", min=1)] = 12,
    seed: Seed = 0,
) -> None:
    """Play one game and show the network's closest decisions: the state by name, the legal actions and their numbers."""
    try:
        from rich.console import Console

        from agent.explain import decisions_of_a_game

        console = Console()
        player = _network(model)
        game = list(decisions_of_a_game(player, [name.strip() for name in against.split(",")], seed))
        closest = sorted(sorted(range(len(game)), key=lambda i: game[i].margin)[:decisions])
        unit = "probability" if player.head == "softmax" else "value"
        console.print(
            f"{len(game)} decisions in the game; the {len(closest)} closest, with the network's {unit} of each legal action:\n"
        )
        for decision in (game[i] for i in closest):
            numbers = "   ".join(f"{name} {value:.3f}" for name, value in decision.legal.items())
            state = ", ".join(f"{name} {value:.2f}" for name, value in decision.features.items())
            console.print(
                f"[bold]Turn {decision.turn}, {decision.phase.name}[/]: {decision.action.name}   ({numbers})", highlight=False
            )
            console.print(f"  {state}\n", style="dim", markup=False, highlight=False)
    except Exception as error:
        _fail(error)


@app.command()
def saliency(
    model: Model = "agent",
    against: Annotated[str, typer.Option(help="Bots at the other seats, with commas.")] = "landlord,landlord,landlord",
    decisions: Annotated[int, typer.Option(help="Decisions to look at.", min=100)] = 100_000,
    seed: Seed = 0,
) -> None:
    """Show how much each of the 23 floats matters: permutation importance over many decisions."""
    try:
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        from agent.explain import saliency as rank

        player = _network(model)
        with Console(stderr=True).status("Playing and shuffling ..."):
            rows = rank(player, [name.strip() for name in against.split(",")], decisions, seed)
        moved = "probability moved" if player.head == "softmax" else "value moved"
        table = Table("float", "choices changed", moved, title=f"{model}: a float shuffled among {decisions:,} decisions")
        for row in rows:
            table.add_row(escape(row.name), f"{100 * row.changed:.2f} %", f"{row.moved:.4f}")
        Console().print(table)
    except Exception as error:
        _fail(error)


@app.command()
def odds(
    file: Annotated[Path, typer.Argument(help="A situation as JSON: docs/SITUATIONS.md.")],
    players: Annotated[str, typer.Option(help="Who plays it out: one for all seats, or one a seat with commas.")] = "landlord",
    model: Annotated[str | None, typer.Option(help="Ask this network for its action at the decision that waits.")] = None,
    games: Annotated[int, typer.Option(help="Playouts.", min=1)] = 1000,
    seed: Seed = 0,
    threads: Annotated[int | None, typer.Option(help="Threads; the results do not depend on it.", min=1)] = None,
    each_action: Annotated[bool, typer.Option("--each-action", help="Also the odds after each legal action.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the results to this file.")] = None,
) -> None:
    """Play a situation out many times: the win probability of each seat, with Wilson 95 % intervals."""
    try:
        _check_outputs(json)
        from rich.console import Console

        from agent.odds_report import ask, tables, write_json

        with Console(stderr=True).status("Playing out ..."):
            report = ask(file, players, model, games, seed, threads, each_action)
        Console().print(tables(report))
        if json is not None:
            write_json(json, report)
    except Exception as error:
        _fail(error)


def _console() -> tuple:
    """Return the console for what is not a result, and a function that says one line there."""
    from rich.console import Console

    console = Console(stderr=True)
    return console, lambda text: console.print(text, soft_wrap=True, markup=False, highlight=False)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="File to write: its name ends in .onnx or .tflite.")],
    model: Annotated[str, typer.Option(help="agent, agent-linear, a run's folder or a .keras file.")] = "agent",
    seed: Seed = 0,
) -> None:
    """Write a network as ONNX or TFLite, once its outputs agree with Keras to 1e-5 on 50,000 decisions from games."""
    try:
        _check_outputs(to)
        from rich.console import Console

        from agent.contestants import model_path
        from agent.export import check_target, export_model
        from agent.model_file import load_model

        check_target(to)
        path = model_path(model)
        with Console(stderr=True).status("Converting and comparing ..."):
            found = export_model(load_model(path), to, seed)
        typer.echo(f"{to}: state (batch, 23) -> {found.output} (batch, 7), {found.size / 1000:,.0f} kB.")
        typer.echo(
            f"Largest difference from Keras on {found.decisions:,} decisions: {found.difference:.1e}; another best action in "
            f"{found.changed:,} of them."
        )
    except Exception as error:
        _fail(error)


def _network(name: str):
    from agent.contestants import contestant
    from agent.player import Player

    player = contestant(name)
    if not isinstance(player, Player):
        raise ValueError(f"Only a network can be asked why: give an agent, a run or a .keras file. Received: {name!r}")
    return player


def _fail(error: Exception) -> None:
    """Say what is wrong in one line for the errors that a user can cause; let the others through."""
    from agent.errors import UserError

    if not isinstance(error, UserError | ValueError | OSError):
        raise error
    typer.echo(f"Error: {error}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    app()
