"""The odds of a situation in a file, as tables for the terminal and as JSON: ``scripts/evaluate.py odds FILE``."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.evaluation.odds import Odds, odds, odds_of_actions
from agent.evaluation.statistics import percent, span
from agent.files.output import output_file
from agent.players.registry import network, participants, split_names
from monopoly_env.actions import Action
from monopoly_env.batch.game_batch import net_worths
from monopoly_env.decision.decision import Decision, decision_of
from monopoly_env.situation.situation import Situation
from monopoly_env.text import decisions as wording


@dataclass(frozen=True)
class Report:
    """What was asked about a situation and what came out.

    Attributes:
        names: the players' names by seat.
        plays: who plays each seat from here on.
        worth: int ``(players,)``, net worth in dollars.
        game: the situation, a game record.
        odds: the playouts.
        decision: what is decided, with the numbers of the network if one was asked; None at the roll, where nothing is.
        after: the odds after each legal action, if asked for.
    """

    names: tuple[str, ...]
    plays: list[str]
    worth: np.ndarray
    game: np.record
    odds: Odds
    decision: Decision | None
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
        players: who plays it out: one name for all, or one a seat with commas (see ``agent.players.registry``).
        model: the network that is asked for its action at the decision that waits; None: nobody is asked.
        games, seed, threads: see ``agent.evaluation.odds.odds``.
        each_action: play the decision out after each legal action as well.

    Raises:
        SituationError: the file or the situation is wrong; one line.
        ModelError: an unknown player or a file that is none.
        ValueError: another number of players, no games, or no decision where one is asked for.
        OSError: the file cannot be read; one line.
    """
    try:
        situation = Situation.read(file)
    except OSError as error:
        raise OSError(f"Cannot read the situation {file}: {error.strerror or error}.") from error
    game = situation.game(seed=seed)
    loaded = participants(players)
    listed = split_names(players)
    seats = [loaded[name] for name in listed]
    asked = None if model is None else network(model)
    decision = None
    if game.phase:
        decision = decision_of(game) if asked is None else asked.decide(game)
    after = odds_of_actions(game, seats, games, seed, threads=threads) if each_action else {}
    result = odds(game, seats, games, seed, threads=threads)
    plays = listed * len(situation.names) if len(listed) == 1 else listed
    worth = net_worths(np.array([game]))[0, : len(situation.names)]
    return Report(situation.names, plays, worth, game, result, decision, after)


def tables(report: Report) -> Any:
    """Return the report for a ``rich`` console."""
    from rich.console import Group
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

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
        table.add_row(*facts, *money, percent(result.rate(seat)), span(result.interval(seat)))
    lines: list[Any] = [table, _summary(report)]
    if report.decision is not None and report.decision.action is not None:
        lines += [Text(line) for line in advice_lines(report.decision, report.names)]
    if report.after:
        lines.append(_action_table(report))
    return Group(*lines)


def _summary(report: Report) -> str:
    result = report.odds
    capped = f"; {result.capped:,} of them stopped at the turn cap without a winner" if result.capped else ""
    return f"The games last {result.turns.mean():.0f} more turns on average{capped}."


def advice_lines(decision: Decision, names: Sequence[str]) -> list[str]:
    """Return what is decided and by whom, what the network would do, and its number for each legal action."""
    told = wording.meanings(decision, names)
    who = f"{names[decision.seat]} decides on {wording.about(decision, names)} ({decision.phase.name})"
    lines = [f"{who}; the network would {told[decision.action]}:"]
    for action, number in decision.ranked.items():
        lines.append(f"  {action.name:8} {number:6.3f}   {told[action]}")
    return lines


def _action_table(report: Report) -> Any:
    from rich.markup import escape
    from rich.table import Table

    seat, told = report.decision.seat, wording.meanings(report.decision, report.names)
    title = escape(f"How {report.names[seat]} fares after each action")
    table = Table("action", "", "wins", "95 % interval", title=title)
    for action, result in report.after.items():
        figures = percent(result.rate(seat)), span(result.interval(seat))
        table.add_row(action.name, escape(told[action]), *figures)
    return table


def write_json(path: Path, report: Report) -> None:
    """Write the report to a file, whole or not at all. Raises OutputError where the disk refuses."""
    with output_file(path) as temporary:
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
    decision = report.decision
    if decision is not None and decision.action is not None:
        numbers = {action.name: float(decision.numbers[action]) for action in decision.outcomes}
        asked = {"seat": decision.seat, "about": wording.about(decision, report.names)}
        data["advice"] = asked | {"action": decision.action.name, "numbers": numbers}
    if report.after:
        data["after"] = {action.name: seats(result) for action, result in report.after.items()}
    return data
