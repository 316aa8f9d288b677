"""Play Monopoly in the terminal against trained agents, bots and people: `python scripts/play.py`.

docs/PLAY.md explains the table, the commands, and the files of games.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from agent.files.errors import UserError, user_errors
from agent.play.arguments import LEVELS, Arguments, Wishes

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@user_errors()
def main(
    game: Annotated[str | None, typer.Argument(help="With --resume: the saved game, by name or path.")] = None,
    seats: Annotated[
        str,
        typer.Option(help="2 to 8 of: me, agent, searcher, landlord, fp-a and other bots; in order of play."),
    ] = Wishes.seats,
    level: Annotated[
        Literal["easy", "normal", "hard"] | None,
        typer.Option(help="You against three bots (easy), trained agents (normal) or agents that look ahead (hard)."),
    ] = None,
    names: Annotated[str | None, typer.Option(help="Names, one a seat, with commas; empty ones stay as they are.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="A .keras file, a run's folder, agent or agent-linear; several: one an agent."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats the dice and cards of a game.")] = None,
    house_rules: Annotated[
        str, typer.Option(help="Out of free_parking_pot, double_salary, no_auctions, no_trades, with commas.")
    ] = Wishes.house_rules,
    starting_cash: Annotated[int, typer.Option(help="Dollars for each player.")] = Wishes.starting_cash,
    max_turns: Annotated[int, typer.Option(help="The game stops after so many turns.")] = Wishes.max_turns,
    coach: Annotated[bool, typer.Option("--coach", help="Show what the network would do in your place.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="The agents think in the open.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Sentences only: for pipes, screen readers, small windows.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Tokens and dice do not move; they are where they are at once.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Play in a browser on this machine, a game a window.")] = False,
    port: Annotated[int, typer.Option(help="Of --serve: http://127.0.0.1:PORT.")] = Arguments.port,
    watch: Annotated[bool, typer.Option("--watch", help="Let agents and bots play each other.")] = False,
    speed: Annotated[float, typer.Option(help="Events a second with --watch and --replay; 0: no pause.")] = Arguments.speed,
    save: Annotated[str | None, typer.Option(help="Keep the game in this file (default: games/ and the time).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest unfinished game, or the one named.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the saved games.")] = False,
    log: Annotated[str | None, typer.Option(help="The same, in this very file: JSON, with all that happens.")] = None,
    replay: Annotated[str | None, typer.Option(help="Show a game again, by name or path.")] = None,
    html: Annotated[str | None, typer.Option(help="With --replay: write the game as one page for a browser.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Tell your games so far: won, by level, and a rating.")] = False,
) -> None:
    """Play Monopoly against trained agents. ? explains everything at the table; q leaves, --resume goes on."""
    from agent.play.program import run

    if level is not None and seats != Wishes.seats:
        raise UserError(f"--level {level} is --seats {LEVELS[level]}: give one of them. Received: --seats {seats}")
    wishes = Wishes(LEVELS[level] if level else seats, names, model or (), seed, house_rules, starting_cash, max_turns)
    arguments = Arguments(
        wishes, game, coach, open_, plain, fast, serve, port, watch, speed, save, resume, list_, log, replay, html, record
    )
    run(arguments)


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
