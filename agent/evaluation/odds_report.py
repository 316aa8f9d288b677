"""The odds of a situation in a file, as tables for the terminal and as JSON: ``scripts/evaluate.py odds FILE``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agent.evaluation.explain import decision_lines
from agent.evaluation.odds import Odds, odds, odds_of_actions
from agent.evaluation.statistics import percent, span
from agent.files.output import output_file
from agent.players.registry import network, participants, split_names
from monopoly_env.actions import Action
from monopoly_env.batch.game_batch import net_worths
from monopoly_env.decision.decision import Decision, decision_of
from monopoly_env.situation.situation import Situation
from monopoly_env.text.decisions import about


@dataclass(frozen=True)
class Report:
    """What was asked about a situation and what came out.

    Attributes:
        names: the players' names by seat.
        plays: who plays each seat from here on.
        game: the situation, a game record.
        odds: the playouts.
        decision: what is decided, with the numbers of the network if one was asked; None at the roll, where nothing is.
        after: the odds after each legal action, if asked for.
        repairs: what was mended or let stand in a situation that is not strict.
    """

    names: tuple[str, ...]
    plays: list[str]
    game: np.record
    odds: Odds
    decision: Decision | None
    after: dict[Action, Odds]
    repairs: list[str]


def ask(
    file: str | os.PathLike[str], players: str = "landlord", model: str | None = None, each_action: bool = False, **options: Any
) -> Report:
    """Read a situation from a JSON file (docs/SITUATIONS.md) and play it out.

    Args:
        file: the situation.
        players: who plays it out: one name for all, or one a seat with commas (see ``agent.players.registry``).
        model: the network that is asked for its action at the decision that waits; None: nobody is asked.
        each_action: play the decision out after each legal action as well.
        options: ``games``, ``seed`` and ``threads`` of ``agent.evaluation.odds.odds``.

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
    game = situation.game(seed=options.get("seed", 0))
    loaded, plays = participants(players), split_names(players)
    asked = None if model is None else network(model)
    decision = None
    if game.phase:
        decision = decision_of(game) if asked is None else asked.decide(game)
    seats = [loaded[name] for name in plays]
    after = odds_of_actions(game, seats, **options) if each_action else {}
    result = odds(game, seats, **options)
    plays *= len(situation.names) // len(plays)
    return Report(situation.names, plays, game, result, decision, after, situation.repairs)


def tables(report: Report) -> RenderableType:
    """Return the report for a ``rich`` console."""
    result, game = report.odds, report.game
    worth = net_worths(np.array([game]))[0]
    title = f"Odds by {result.games:,} playouts"
    table = Table("seat", "player", "played by", "cash", "net worth", "wins", "95 % interval", title=title)
    for seat, name in enumerate(report.names):
        facts = [f"{'> ' if seat == game.turn else '  '}{seat}", escape(name), escape(report.plays[seat])]
        if not game.alive[seat]:
            table.add_row(*facts, "bankrupt", "", "", "")
            continue
        money = (f"${game.cash[seat]:,}", f"${worth[seat]:,}")
        table.add_row(*facts, *money, percent(result.rate(seat)), span(result.interval(seat)))
    capped = f"; {result.capped:,} of them stopped at the turn cap without a winner" if result.capped else ""
    lines: list[RenderableType] = [table, f"The games last {result.turns.mean():.0f} more turns on average{capped}."]
    lines += [Text(f"Not by the rules: {line}") for line in report.repairs]
    decision = report.decision
    if decision is not None and (report.after or decision.ranked):
        name = report.names[decision.seat]
        columns = [f"how often {name} wins after it"] * bool(report.after) + ["the network's number"] * bool(decision.ranked)
        head, *actions = decision_lines(decision, report.names, report.after)
        lines += [Text(f"{name} decides. {head} ({', then '.join(columns)})"), *map(Text, actions)]
    return Group(*lines)


def write_json(path: Path, report: Report) -> None:
    """Write the report to a file, whole or not at all. Raises OutputError where the disk refuses."""
    with output_file(path) as temporary:
        temporary.write_text(json.dumps(_as_dict(report), indent=2) + "\n", encoding="utf-8")


def _as_dict(report: Report) -> dict[str, Any]:
    def seats(result: Odds) -> list[dict[str, Any]]:
        rows = []
        for seat, (name, plays) in enumerate(zip(report.names, report.plays, strict=True)):
            low, high = result.interval(seat)
            facts = {"seat": seat, "name": name, "played_by": plays, "wins": result.wins(seat)}
            rows.append(facts | {"win_rate": result.rate(seat), "low": low, "high": high})
        return rows

    data: dict[str, Any] = {"games": report.odds.games, "capped": report.odds.capped, "seats": seats(report.odds)}
    if report.repairs:
        data["repairs"] = report.repairs
    decision = report.decision
    if decision is not None and decision.ranked:
        numbers = {action.name: number for action, number in decision.ranked.items()}
        asked = {"seat": decision.seat, "about": about(decision, report.names)}
        data["advice"] = asked | {"action": decision.action.name, "numbers": numbers}
    if report.after:
        data["after"] = {action.name: seats(result) for action, result in report.after.items()}
    return data
