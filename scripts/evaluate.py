"""Measure how strong an agent is, ask it why, and hand it on: ``python scripts/evaluate.py`` plays the shipped agent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.evaluation import AGAINST
from agent.files.command import command
from agent.files.errors import UserError, user_errors

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Model = Annotated[str, typer.Option(help="agent, agent-linear, searcher, a bot, a run's folder or a .keras file.")]
Network = Annotated[str, typer.Option(help="agent, agent-linear, a run's folder or a .keras file.")]
Bots = Annotated[str, typer.Option(help="Bots at the other seats, with commas.")]
Seed = Annotated[int, typer.Option(help="Seed of the evaluation's dice.", min=0)]
Threads = Annotated[int | None, typer.Option(help="Threads; the results do not depend on it.", min=1)]
Json = Annotated[Path | None, typer.Option(help="Write the results to this file, NAME.json; it is replaced if it is there.")]
Ray = Annotated[int | None, typer.Option(help="Spread the games over this many Ray workers: docs/RAY.md.", min=1)]
RayAddress = Annotated[str | None, typer.Option(help="With --ray: auto or host:port of a running cluster.")]


@app.callback(invoke_without_command=True)
@user_errors()
def evaluate(
    context: typer.Context,
    model: Model = "agent",
    against: Annotated[
        list[str] | None,
        typer.Option(
            help="Opponents: one for all other seats, or one a seat with commas. Repeat for more matches. "
            f"Default: {'; '.join(AGAINST)}."
        ),
    ] = None,
    players: Annotated[int, typer.Option(help="Seats of a table where --against names one opponent.")] = 4,
    games: Annotated[int | None, typer.Option(help="Games of each match. Default: 10000; 200 where a searcher plays.")] = None,
    seed: Seed = 0,
    temperature: Annotated[float, typer.Option(help="0: best actions; above: drawn from the network.", min=0)] = 0.0,
    max_turns: Annotated[int, typer.Option(help="Turn cap of a game.", min=1)] = 1000,
    threads: Threads = None,
    json: Json = None,
    csv: Annotated[Path | None, typer.Option(help="The same as a table, NAME.csv.")] = None,
    plot: Annotated[
        Path | None, typer.Option(help="A picture of win rates, landings and rent: NAME.png, .svg or .pdf.")
    ] = None,
    ray: Ray = None,
    ray_address: RayAddress = None,
) -> None:
    """Play matches with rotated seats and the same dice for everyone; print win rates with Wilson 95 % intervals."""
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    from agent.evaluation.plan import match_plans, play_matches, showing
    from agent.evaluation.ray import workforce
    from agent.evaluation.report import tables, write_csv, write_json, write_plot
    from agent.files.output import PICTURES, check_output, show

    for path, option, endings in ((json, "--json", (".json",)), (csv, "--csv", (".csv",)), (plot, "--plot", PICTURES)):
        check_output(path, option, endings)
    facts = {"seed": seed, "temperature": temperature, "max_turns": max_turns}
    plans = match_plans(model, against or AGAINST, players, games, threads=threads, **facts)
    console, notify = _console()
    with showing(console) as shown:
        matches, partial = play_matches(plans, workforce(ray, ray_address, notify), shown)
    if not matches:
        notify("Stopped before the first games were over.")
        raise typer.Exit(130)
    show(tables(model, matches, partial))
    if json is not None:
        write_json(json, {"model": model, **facts, "partial": partial}, matches)
    if csv is not None:
        write_csv(csv, matches)
    if plot is not None:
        write_plot(plot, f"{model}, seed {seed}", matches)
        notify(f"Picture: {plot}")
    if partial:
        raise typer.Exit(130)


def _refuse_options(context: typer.Context) -> None:
    """Refuse options before a command, which has its own."""
    for option in context.command.params:
        if context.get_parameter_source(option.name).name == "COMMANDLINE":
            name, after = option.opts[0], f"{command('evaluate')} {context.invoked_subcommand}"
            raise UserError(
                f"{name} stands before {context.invoked_subcommand} and would be ignored; write: {after} {name} ..."
            )


@app.command()
@user_errors()
def league(
    players: Annotated[str, typer.Argument(help="Two or more players with commas: bots, agents, runs, .keras files.")],
    seats: Annotated[int, typer.Option(help="Players at one table.", min=2, max=8)] = 4,
    games: Annotated[int, typer.Option(help="Games of each mix of players and first player.", min=1)] = 400,
    seed: Seed = 0,
    ray: Ray = None,
    ray_address: RayAddress = None,
) -> None:
    """Play a round robin and rate the players (Plackett-Luce on Elo's scale, mean 1000, bootstrap intervals)."""
    from agent.evaluation.league import play_league
    from agent.evaluation.plan import check_games, showing, with_progress
    from agent.evaluation.ray import workforce
    from agent.evaluation.report import league_table
    from agent.files.output import show
    from agent.players.registry import participants

    loaded = participants(players)
    check_games(games)
    console, notify = _console()
    with workforce(ray, ray_address, notify) as workers, showing(console) as shown:
        standings = play_league(loaded, seats, games, seed, play=with_progress(workers.play, "league", shown))
    show(league_table(standings, seats))


@app.command()
@user_errors()
def explain(
    model: Network = "agent",
    against: Bots = "landlord,landlord,landlord",
    decisions: Annotated[int, typer.Option(help="Show so many decisions: the closest ones of the game, in order.", min=1)] = 12,
    seed: Seed = 0,
) -> None:
    """Play one game and show the network's closest decisions: what about, the legal actions and their numbers, the floats."""
    from agent.evaluation.explain import decisions_of_a_game, explanation
    from agent.files.output import show
    from agent.players.registry import network, split_names

    player = network(model)
    show(explanation(player, list(decisions_of_a_game(player, split_names(against), seed)), decisions))


@app.command()
@user_errors()
def saliency(
    model: Network = "agent",
    against: Bots = "landlord,landlord,landlord",
    decisions: Annotated[int, typer.Option(help="Decisions to look at.", min=100)] = 100_000,
    seed: Seed = 0,
) -> None:
    """Show how much each of the 23 floats matters: permutation importance over many decisions."""
    from agent.evaluation.explain import saliency as rank
    from agent.evaluation.explain import saliency_table
    from agent.files.output import show
    from agent.players.registry import network, split_names

    player = network(model)
    console, _ = _console()
    with console.status("Playing and shuffling ..."):
        rows = rank(player, split_names(against), decisions, seed)
    show(saliency_table(rows, f"{model}: a float shuffled among {decisions:,} decisions", player.head))


@app.command()
@user_errors()
def odds(
    file: Annotated[Path, typer.Argument(help="A situation as JSON: docs/SITUATIONS.md.")],
    players: Annotated[str, typer.Option(help="Who plays it out: one for all seats, or one a seat with commas.")] = "landlord",
    model: Annotated[
        str | None,
        typer.Option(help="Ask this network for its action too: agent, agent-linear, a run's folder or a .keras file."),
    ] = None,
    games: Annotated[int, typer.Option(help="Playouts.", min=1)] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the playouts.", min=0)] = 0,
    threads: Threads = None,
    each_action: Annotated[bool, typer.Option("--each-action", help="Also the odds after each legal action.")] = False,
    json: Json = None,
) -> None:
    """Play a situation out many times: the win probability of each seat, with Wilson 95 % intervals."""
    from agent.evaluation.odds_report import ask, tables, write_json
    from agent.files.output import check_output, show

    check_output(json, "--json", (".json",), source=file)
    console, _ = _console()
    with console.status("Playing out ..."):
        report = ask(file, players, model, each_action, games=games, seed=seed, threads=threads)
    show(tables(report))
    if json is not None:
        write_json(json, report)


@app.command()
@user_errors()
def regret(
    model: Model = "agent",
    against: Bots = "landlord,landlord,landlord",
    decisions: Annotated[int, typer.Option(help="Decisions that are looked at, drawn from all of the games.", min=1)] = 300,
    playouts: Annotated[int, typer.Option(help="Playouts of each legal action.", min=2)] = 400,
    games: Annotated[int, typer.Option(help="Games that the decisions come from.", min=1)] = 100,
    seed: Seed = 0,
    threads: Threads = None,
) -> None:
    """Show where points are lost: the chance to win given away per decision, by kind, every legal action played out."""
    from agent.evaluation.regret import regret as find
    from agent.evaluation.regret import regret_table
    from agent.files.output import show
    from agent.players.registry import participant, participants, split_names

    loaded = participants(against)
    console, _ = _console()
    with console.status("Playing, and playing out ..."):
        opponents = [loaded[name] for name in split_names(against)]
        losses = find(participant(model), opponents, decisions, playouts, games, seed, threads)
    show(regret_table(losses, f"{model} against {against}: chance to win given away, in points"))


def _console() -> tuple:
    """Return the console for what is not a result, and a function that says one line there."""
    from rich.console import Console

    console = Console(stderr=True)
    return console, lambda text: console.print(text, soft_wrap=True, markup=False, highlight=False)


@app.command()
@user_errors()
def export(
    to: Annotated[Path, typer.Option(help="File to write: NAME.onnx; it is replaced if it is there.")],
    model: Network = "agent",
    seed: Seed = 0,
) -> None:
    """Write a network as ONNX, once its outputs agree with Keras to 1e-5 on 50,000 decisions from games."""
    from agent.files.output import show
    from agent.players.export import check_target, export_model
    from agent.players.model_file import load_model
    from agent.players.registry import model_path

    check_target(to)
    path = model_path(model)
    console, _ = _console()
    with console.status("Converting and comparing ..."):
        found = export_model(load_model(path), to, seed)
    show(
        f"{to}: state (batch, 23) -> {found.output} (batch, 7), {found.size / 1000:,.0f} kB.",
        f"Largest difference from Keras on {found.decisions:,} decisions: {found.difference:.1e}; another best action in "
        f"{found.changed:,} of them.",
    )


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
