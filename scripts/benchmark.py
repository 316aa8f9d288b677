"""How fast everything is, each figure beside its yardstick measured in the same run: ``python scripts/benchmark.py``."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.files.errors import UserError, user_errors

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _beside_sb3(console, options: dict, games: int, defaults: bool) -> None:
    """Train this project's PPO and MaskablePPO one after the other; show how strong each was when."""
    from agent.learning.keras_setup import load_keras

    try:
        load_keras(options["threads"])  # before Stable-Baselines3, which imports TensorFlow's logger with all its messages
        from agent.benchmark import beside_sb3
    except ImportError as error:
        needed = "Stable-Baselines3: pip install stable-baselines3 sb3-contrib (install the CPU build of PyTorch first)"
        raise UserError(f"This needs {needed}. {error}") from error
    config = beside_sb3.settings(**options)
    runs = {}
    for name in beside_sb3.LEARNERS[: 2 + defaults]:
        with console.status(f"Training {name}, with {games:,} games against each yardstick now and then ..."):
            runs[name] = beside_sb3.measure(name, config, games)
        console.print(beside_sb3.table(name, runs[name]))
    for name, points in runs.items():
        console.print(beside_sb3.summary(name, points), highlight=False)
    console.print(beside_sb3.described(config), soft_wrap=True)


@app.command()
@user_errors()
def main(
    seconds: Annotated[float, typer.Option(help="Seconds for each figure.", min=0.1)] = 2.0,
    updates: Annotated[int, typer.Option(help="Training updates to time.", min=1)] = 5,
    sb3: Annotated[bool, typer.Option("--sb3", help="Instead: train beside Stable-Baselines3's MaskablePPO.")] = False,
    sb3_decisions: Annotated[int, typer.Option(help="Decisions of each learner with --sb3.", min=1)] = 1_048_576,
    sb3_games: Annotated[int, typer.Option(help="Games of each match with --sb3.", min=1)] = 1000,
    sb3_defaults: Annotated[
        bool, typer.Option("--sb3-defaults", help="As --sb3, with MaskablePPO as it comes, too; ten times as long.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the learners with --sb3.", min=0)] = 0,
    threads: Annotated[int | None, typer.Option(help="Threads of the learners with --sb3. Default: one a core.", min=1)] = None,
) -> None:
    """Measure engine, environments, inference, training and start-up; takes a few minutes."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if sb3 or sb3_defaults:
        _beside_sb3(console, {"decisions": sb3_decisions, "seed": seed, "threads": threads}, sb3_games, sb3_defaults)
        return
    from agent.benchmark import speed

    table = Table("what", "figure", "yardstick in the same run", "ratio", title="Speed on this machine, now")
    parts = (
        ("start-up and compilation", speed.start_rows),
        ("the engine", lambda: speed.engine_rows(seconds)),
        ("the environments", lambda: speed.environment_rows(seconds)),
        ("inference", lambda: speed.inference_rows(seconds)),
        ("training", lambda: speed.training_rows(updates)),
    )
    for name, measure in parts:
        with console.status(f"Measuring {name} ..."):
            for row in measure():
                table.add_row(*row)
    console.print(table)


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
