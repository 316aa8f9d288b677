"""The odds of a situation in a file, as tables for the terminal and as JSON: ``scripts/evaluate.py odds FILE``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.atomic import atomic_write
from agent.contestants import contestants
from agent.odds import Advice, Odds, advice, odds, odds_of_actions
from agent.player import Player
from monopoly_env.actions import Action, Phase
from monopoly_env.situation import Situation
from monopoly_env.tables import net_worths


@dataclass(frozen=True)
class Report:
    """What was asked about a situation and what came out.

    Attributes:
        names: the players' names by seat.
        plays: who plays each seat from here on.
        worth: int ``(players,)``, net worth in dollars.
        game: the situation, a game record.
        odds: the playouts.
        advice: what the network asked would do; None at the roll, where nothing is decided.
        after: the odds after each legal action, if asked for.
    """

    names: tuple[str, ...]
    plays: list[str]
    worth: np.ndarray
    game: np.record
    odds: Odds
    advice: Advice | None
    after: dict[Action, Odds]


def ask(
    file: str | os.PathLike[str],
    players: str = "landlord",
    model: str | None = None,
    games: int = 1000,
    seed: int = 0,
    threads: int | None = None,
    each_action: bool = False,
) -> Report:
    """Read a situation from a JSON file (docs/SITUATIONS.md) and play it out.

    Args:
        file: the situation.
        players: who plays it out: one name for all, or one a seat with commas (see ``agent.contestants``).
        model: the network that is asked for its action at the decision that waits; None: nobody is asked.
        games, seed, threads: see ``agent.odds.odds``.
        each_action: play the decision out after each legal action as well.

    Raises:
        SituationError: the file or the situation is wrong; one line.
        ModelError: an unknown player or a file that is none.
        ValueError: another number of players, no games, or no decision where one is asked for.
        OSError: the file cannot be read.
    """
    situation = Situation.read(file)
    game = situation.game(seed=seed)
    loaded = contestants(players)
    listed = [name.strip() for name in players.split(",") if name.strip()]
    seats = [loaded[name] for name in listed]
    advised = None
    if model is not None and game.phase:
        network = contestants(model)[model]
        if not isinstance(network, Player):
            raise ValueError(f"A network is asked for its action: give an agent, a run or a .keras file. Received: {model!r}")
        advised = advice(game, network)
    after = odds_of_actions(game, seats, games, seed, threads=threads) if each_action else {}
    result = odds(game, seats, games, seed, threads=threads)
    plays = listed * len(situation.names) if len(listed) == 1 else listed
    worth = net_worths(np.array([game]))[0, : len(situation.names)]
    return Report(situation.names, plays, worth, game, result, advised, after)


def _percent(rate: float, interval: tuple[float, float]) -> tuple[str, str]:
    return f"{100 * rate:.1f} %", f"{100 * interval[0]:.1f} to {100 * interval[1]:.1f} %"


def tables(report: Report) -> Any:
    """Return the report for a ``rich`` console."""
    from rich.console import Group
    from rich.markup import escape
    from rich.table import Table

    result, game = report.odds, report.game
    title = f"Odds by {result.games:,} playouts"
    table = Table("seat", "player", "played by", "cash", "net worth", "wins", "95 % interval", title=title)
    for seat, name in enumerate(report.names):
        mark = "> " if seat == game.turn else "  "
        facts = [mark + str(seat), escape(name), escape(report.plays[seat])]
        if not game.alive[seat]:
            table.add_row(*facts, "bankrupt", "", "", "")
            continue
        money = (f"${game.cash[seat]:,}", f"${report.worth[seat]:,}")
        table.add_row(*facts, *money, *_percent(result.rate(seat), result.interval(seat)))
    lines: list[Any] = [table, _summary(report)]
    if report.advice is not None:
        lines.append(_advice_line(report))
    if report.after:
        lines.append(_action_table(report))
    return Group(*lines)


def _summary(report: Report) -> str:
    result = report.odds
    capped = f"; {result.capped:,} of them stopped at the turn cap without a winner" if result.capped else ""
    return f"The games last {result.turns.mean():.0f} more turns on average{capped}."


def _advice_line(report: Report) -> str:
    game, advised = report.game, report.advice
    assert advised is not None
    numbers = ", ".join(f"{action.name} {number:.3f}" for action, number in advised.numbers.items())
    decision = Phase(int(game.phase)).name
    return f"{decision}: as {report.names[game.actor]} the network takes {advised.action.name} ({numbers})."


def _action_table(report: Report) -> Any:
    from rich.table import Table

    seat = int(report.game.actor)
    table = Table("action", "wins", "95 % interval", title=f"What becomes of seat {seat} after each action")
    for action, result in report.after.items():
        table.add_row(action.name, *_percent(result.rate(seat), result.interval(seat)))
    return table


def write_json(path: Path, report: Report) -> None:
    """Write the report to a file, whole or not at all. Raises OSError where the disk refuses."""
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(_as_dict(report), indent=2) + "\n", encoding="utf-8")


def _as_dict(report: Report) -> dict[str, Any]:
    def seats(result: Odds) -> list[dict[str, Any]]:
        return [
            {
                "seat": seat,
                "name": name,
                "played_by": report.plays[seat],
                "wins": result.wins(seat),
                "win_rate": result.rate(seat),
            }
            | dict(zip(("low", "high"), result.interval(seat), strict=True))
            for seat, name in enumerate(report.names)
        ]

    data: dict[str, Any] = {"games": report.odds.games, "capped": report.odds.capped, "seats": seats(report.odds)}
    if report.advice is not None:
        numbers = {action.name: number for action, number in report.advice.numbers.items()}
        data["advice"] = {"seat": int(report.game.actor), "action": report.advice.action.name, "numbers": numbers}
    if report.after:
        data["after"] = {action.name: seats(result) for action, result in report.after.items()}
    return data
