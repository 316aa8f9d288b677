"""Measure what each choice buys: ``python scripts/experiments.py`` trains every variant with three seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.experiments.variants import VARIANTS, Trial, train
from agent.files.command import command
from agent.files.errors import UserError, user_errors

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Results = Annotated[Path, typer.Option(help="JSON file of all runs; runs that it holds are not repeated.")]
Picture = Annotated[Path, typer.Option(help="Picture of the learning curves: NAME.png, .svg or .pdf.")]


@app.callback(invoke_without_command=True)
@user_errors()
def main(context: typer.Context) -> None:
    """Train variants of the default run and compare them. Without a command: ``run`` with its defaults, then ``report``."""
    if context.invoked_subcommand is None:
        run()
        report()


@app.command()
@user_errors()
def run(
    variants: Annotated[list[str] | None, typer.Argument(help="Names of variants; default: all.")] = None,
    seeds: Annotated[str, typer.Option(help="Seeds, with commas.")] = "0,1,2",
    decisions: Annotated[int, typer.Option(help="Decisions of the network in each run.", min=1)] = Trial.decisions,
    games: Annotated[int, typer.Option(help="Games of each match on the way.", min=1)] = Trial.games,
    final_games: Annotated[int, typer.Option(help="Games of each match at the end.", min=1)] = Trial.final_games,
    threads: Annotated[int | None, typer.Option(help="Threads of a run; default: all, with --ray 1.", min=1)] = None,
    results: Results = Path("runs/experiments.json"),
    ray: Annotated[int | None, typer.Option(help="Do this many runs at once, on Ray workers: docs/RAY.md.", min=1)] = None,
    ray_address: Annotated[str | None, typer.Option(help="With --ray: auto or host:port of a running cluster.")] = None,
) -> None:
    """Train variants, one run a seed, and add their results to the file. Ctrl-C loses what is under way alone."""
    from agent.evaluation.ray import workforce
    from agent.experiments.results import load, save

    names = variants or list(VARIANTS)
    for name in names:
        if name not in VARIANTS:
            raise UserError(f"Unknown variant {name!r}; the variants are: {', '.join(VARIANTS)}.")
    numbers = _seeds(seeds)
    runs = load(results)
    save(results, runs)  # says now rather than after the first run that it cannot be written
    asked = {"decisions": decisions, "final_games": final_games, "games": games}
    done = {(run["variant"], run["seed"]) for run in runs if {key: run[key] for key in asked} == asked}
    if len(done) < len(runs):
        raise UserError(f"{results} holds runs with other --decisions or games; choose another --results.")
    threads = 1 if threads is None and ray is not None else threads
    todo = [Trial(name, seed, **asked, threads=threads) for seed in numbers for name in names if (name, seed) not in done]
    new = {}
    try:
        with workforce(ray, ray_address, lambda line: typer.echo(line, err=True)) as workers:
            for number, run in workers.each(train, todo):
                new[number] = run
                save(results, runs + [new[number] for number in sorted(new)])
                _tell(f"[{len(new)}/{len(todo)}]", run)
    except KeyboardInterrupt:
        typer.echo(f"Stopped; the finished runs are in {results}.", err=True)
        raise typer.Exit(130) from None


@app.command()
@user_errors()
def report(
    results: Results = Path("runs/experiments.json"),
    plot: Picture = Path("runs/experiments.png"),
) -> None:
    """Print the results as a Markdown table, and draw the learning curves."""
    from agent.experiments.results import ResultsError, load, markdown, picture
    from agent.files.output import PICTURES, check_ending, show

    check_ending(plot, "--plot", PICTURES)
    runs = load(results)
    if not runs:
        raise ResultsError(f"No results in {results}; `{command('experiments')} run` makes some.")
    show(markdown(runs).rstrip("\n"))
    picture(runs, plot)
    typer.echo(f"Learning curves: {plot}", err=True)


def _seeds(text: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 0:
        raise UserError(f"--seeds takes whole numbers of at least 0 with commas between them. Received: {text!r}")
    return numbers


def _tell(place: str, run: dict) -> None:
    for point in run["points"]:
        rates = ", ".join(f"{100 * wins / point['games']:.1f} % against {text}" for text, wins in point["wins"].items())
        typer.echo(f"{place} {run['variant']}, seed {run['seed']}, {point['decisions']:,} decisions: {rates}")


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
