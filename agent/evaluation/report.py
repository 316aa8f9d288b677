"""The results of matches as tables, files and pictures."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from agent.evaluation.league import Standing
from agent.evaluation.match import Match
from agent.evaluation.statistics import percent, span, wilson_interval
from agent.files.output import output_file
from monopoly_env.actions import Action
from monopoly_env.board import SQUARE_NAMES, SQUARES
from monopoly_env.render.ring import RING, SIDE

_LABEL_WIDTH = 11  # letters that fit into a square of the picture


def summary(match: Match) -> dict[str, Any]:
    """Return what is reported of a match: plain numbers, for JSON and CSV.

    Win rates count capped games as not won. Net worth is the first participant's at the end (0 when bankrupt), in dollars.
    """
    low, high = match.interval
    total = match.actions.sum()
    return {
        "players": match.players,
        "games": match.games,
        "wins": match.wins,
        "win_rate": match.rate,
        "low": low,
        "high": high,
        "decided": int(match.decided.sum()),
        "capped": int((~match.decided).sum()),
        "mean_turns": float(match.turns.mean()),
        "mean_net_worth": float(match.worth[np.arange(match.games), match.seat].mean()),
        **{f"win_rate_seat_{seat}": wins / max(games, 1) for seat, (wins, games) in enumerate(match.by_seat())},
        **{f"share_{action.name.lower()}": float(match.actions[:, action].sum() / total) for action in Action if total},
    }


def tables(model: str, matches: dict[str, Match], partial: bool = False) -> RenderableType:
    """Return the tables of an evaluation: results, win rates by seat, actions.

    Args:
        model: whose matches they are, as the user writes it.
        matches: by opponents.
        partial: the user stopped them before their end.
    """
    title = f"Evaluation of {model}" + (" (PARTIAL: stopped before the end)" if partial else "")
    parts: list[RenderableType] = [results_table(title, matches), _seat_table(matches)]
    if any(match.actions.any() for match in matches.values()):
        parts.append(_action_table(model, matches))
    return Group(*parts)


def results_table(title: str, matches: dict[str, Match]) -> Table:
    """Return the table of results: a row a match, by opponents."""
    table = Table(title=escape(title))
    table.add_column("against", overflow="fold")
    for column in ("games", "won", "95 % interval", "par", "capped", "turns", "worth"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, match in matches.items():
        row = summary(match)
        table.add_row(
            escape(name),
            f"{match.games:,}",
            percent(match.rate),
            span(match.interval),
            f"{100 / match.players:.0f} %",
            f"{row['capped']:,}",
            f"{row['mean_turns']:.0f}",
            f"${row['mean_net_worth']:,.0f}",
        )
    return table


def _seat_table(matches: dict[str, Match]) -> Table:
    table = Table("", title="Games won by seat (%), against")
    for name in matches:
        table.add_column(escape(name), overflow="fold", justify="right")
    seats = [match.by_seat() for match in matches.values()]
    for seat in range(max(len(each) for each in seats)):
        table.add_row(f"seat {seat}", *(_seat_cell(*each[seat]) if seat < len(each) else "" for each in seats))
    return table


def _seat_cell(wins: int, games: int) -> str:
    return f"{100 * wins / games:.1f} ({span(wilson_interval(wins, games))})" if games else "-"


def _action_table(model: str, matches: dict[str, Match]) -> Table:
    table = Table(title=escape(f"Actions taken by {model} (% of its decisions)"))
    table.add_column("against", overflow="fold")
    for action in Action:
        table.add_column(action.name, justify="right", no_wrap=True)
    for name, match in matches.items():
        counts = match.actions.sum(axis=0)
        if counts.sum():
            table.add_row(escape(name), *(f"{100 * count / counts.sum():.1f}" for count in counts))
    return table


def league_table(standings: list[Standing], seats: int) -> Table:
    """Return the table of a league whose tables had so many seats."""
    table = Table(title=f"League, tables of {seats}")
    table.add_column("player", overflow="fold")
    for column in ("rating", "95 % interval", "games", "won"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in standings:
        interval = f"{row.low:.0f} to {row.high:.0f}"
        table.add_row(escape(row.name), f"{row.rating:.0f}", interval, f"{row.games:,}", percent(row.wins / row.games))
    return table


def write_json(path: Path, facts: dict[str, Any], matches: dict[str, Match]) -> None:
    """Write facts about the evaluation and one summary a match.

    Raises:
        OutputError: the disk refuses; nothing half written is left.
    """
    content = {**facts, "matches": {name: summary(match) for name, match in matches.items()}}
    with output_file(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_csv(path: Path, matches: dict[str, Match]) -> None:
    """Write one line a match. Raises OutputError as `write_json`."""
    rows = [{"against": name, **summary(match)} for name, match in matches.items()]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with output_file(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def write_plot(path: Path, title: str, matches: dict[str, Match]) -> None:
    """Write `picture`.

    Raises:
        OutputError: the disk refuses.
        ValueError: matplotlib knows no format of this suffix (see ``agent.files.output.PICTURES``).
    """
    figure = picture(title, matches)
    with output_file(path) as temporary:
        figure.savefig(temporary, dpi=110)


def picture(title: str, matches: dict[str, Match]) -> Any:
    """Return a matplotlib figure: win rates with intervals, and of all the games landings and rent on each square."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(18, 7.3), layout="constrained")
    axes = figure.subplots(1, 3, width_ratios=(1, 1.25, 1.25))
    figure.suptitle(title)
    _plot_rates(axes[0], matches)
    visits = sum(match.visits for match in matches.values())
    rents = sum(match.rent for match in matches.values())
    games = sum(match.games for match in matches.values())
    _plot_board(axes[1], 100 * visits[:SQUARES] / visits.sum(), "Rolls that end on each square (%)", "{:.1f}")
    _plot_board(axes[2], rents / games, "Rent paid on each square ($ a game)", "{:.0f}")
    return figure


def _plot_rates(axis: Any, matches: dict[str, Match]) -> None:
    for place, match in enumerate(matches.values()):
        low, high = match.interval
        error = [[100 * (match.rate - low)], [100 * (high - match.rate)]]
        axis.bar(place, 100 * match.rate, yerr=error, capsize=6, width=0.6, color="#4878a8")
        axis.text(place, 100 * high + 1.5, percent(match.rate), ha="center")
        axis.hlines(100 / match.players, place - 0.4, place + 0.4, color="black", linestyle=":", label=None if place else "par")
    axis.set_xticks(range(len(matches)), [name.replace(",", "\n") for name in matches])
    axis.set(ylim=(0, 105), ylabel="games won (%)", title="Win rate with 95 % interval, against")
    axis.legend(loc="upper right")


def _plot_board(axis: Any, values: np.ndarray, title: str, form: str) -> None:
    grid = np.full((SIDE, SIDE), np.nan)
    for place, square in RING.items():
        grid[place] = values[square]
    axis.imshow(grid, cmap="YlOrRd")
    for (row, column), square in RING.items():
        dark = values[square] > 0.6 * np.nanmax(values)
        label = f"{square_label(square)}\n{form.format(values[square])}"
        axis.text(column, row, label, ha="center", va="center", fontsize=5, color="white" if dark else "black")
    axis.set(title=title, xticks=[], yticks=[])
    for side in axis.spines.values():
        side.set_visible(False)


def square_label(square: int) -> str:
    """Return the whole name of a square, less a final "Avenue", on as many lines as it needs."""
    words = SQUARE_NAMES[square].removesuffix(" Avenue")
    return "\n".join(textwrap.wrap(words, max(_LABEL_WIDTH, *map(len, words.split())), break_long_words=False))
