"""The results of matches as tables, files and pictures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table

from agent.atomic import atomic_write
from agent.match import Match
from agent.statistics import wilson_interval
from monopoly_env.actions import Action
from monopoly_env.board import SQUARE_NAMES, SQUARES


def summary(match: Match) -> dict[str, Any]:
    """Return what is reported of a match: plain numbers, for JSON and CSV.

    Win rates count capped games as not won. Net worth is that of the first contestant at the end (0 when bankrupt), in dollars.
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


def tables(title: str, matches: dict[str, Match]) -> RenderableType:
    """Return the tables of an evaluation: results, win rates by seat, actions."""
    results = Table(title=title)
    results.add_column("against", overflow="fold")
    for column in ("games", "won", "95 % interval", "par", "capped", "turns", "worth"):
        results.add_column(column, justify="right", no_wrap=True)
    for name, match in matches.items():
        row = summary(match)
        results.add_row(
            name,
            f"{match.games:,}",
            f"{100 * match.rate:.1f} %",
            f"{100 * row['low']:.1f} - {100 * row['high']:.1f}",
            f"{100 / match.players:.0f} %",
            f"{row['capped']:,}",
            f"{row['mean_turns']:.0f}",
            f"${row['mean_net_worth']:,.0f}",
        )
    parts: list[RenderableType] = [results, _seat_table(matches)]
    if any(match.actions.any() for match in matches.values()):
        parts.append(_action_table(matches))
    return Group(*parts)


def _seat_table(matches: dict[str, Match]) -> Table:
    seats = range(max(match.players for match in matches.values()))
    table = Table("against", *(f"seat {seat}" for seat in seats), title="Games won by seat (%)")
    for name, match in matches.items():
        cells = []
        for wins, games in match.by_seat():
            low, high = wilson_interval(wins, games)
            cells.append(f"{100 * wins / games:.1f} ({100 * low:.1f} to {100 * high:.1f})" if games else "-")
        table.add_row(name, *cells)
    return table


def _action_table(matches: dict[str, Match]) -> Table:
    table = Table("against", *(action.name for action in Action), title="Actions taken by the network (% of its decisions)")
    for name, match in matches.items():
        counts = match.actions.sum(axis=0)
        if counts.sum():
            table.add_row(name, *(f"{100 * count / counts.sum():.1f}" for count in counts))
    return table


def write_json(path: Path, facts: dict[str, Any], matches: dict[str, Match]) -> None:
    """Write facts about the evaluation and one summary a match.

    Raises:
        OSError: the disk refuses; nothing half written is left.
    """
    content = {**facts, "matches": {name: summary(match) for name, match in matches.items()}}
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_csv(path: Path, matches: dict[str, Match]) -> None:
    """Write one line a match. Raises OSError as `write_json`."""
    rows = [{"against": name, **summary(match)} for name, match in matches.items()]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with atomic_write(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def write_plot(path: Path, title: str, matches: dict[str, Match]) -> None:
    """Write a picture: win rates with intervals, and of all the games landings and rent on each square of the board.

    Raises:
        OSError: the disk refuses.
        ValueError: matplotlib knows no format of this suffix.
    """
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(18, 6), layout="constrained", width_ratios=(1, 1.25, 1.25))
    figure.suptitle(title)
    _plot_rates(axes[0], matches)
    visits = sum(match.visits for match in matches.values())
    rents = sum(match.rent for match in matches.values())
    games = sum(match.games for match in matches.values())
    _plot_board(axes[1], 100 * visits[:SQUARES] / visits.sum(), "Rolls that end on each square (%)", "{:.1f}")
    _plot_board(axes[2], rents / games, "Rent paid on each square ($ a game)", "{:.0f}")
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=110)
    pyplot.close(figure)


def _plot_rates(axis: Any, matches: dict[str, Match]) -> None:
    for place, match in enumerate(matches.values()):
        low, high = match.interval
        error = [[100 * (match.rate - low)], [100 * (high - match.rate)]]
        axis.bar(place, 100 * match.rate, yerr=error, capsize=6, width=0.6, color="#4878a8")
        axis.text(place, 100 * high + 1.5, f"{100 * match.rate:.1f} %", ha="center")
        axis.hlines(100 / match.players, place - 0.4, place + 0.4, color="black", linestyle=":", label=None if place else "par")
    axis.set_xticks(range(len(matches)), [name.replace(",", "\n") for name in matches])
    axis.set(ylim=(0, 105), ylabel="games won (%)", title="Win rate with 95 % interval, against")
    axis.legend(loc="upper right")


def _plot_board(axis: Any, values: np.ndarray, title: str, form: str) -> None:
    grid = np.full((11, 11), np.nan)
    for square in range(SQUARES):
        grid[_cell(square)] = values[square]
    axis.imshow(grid, cmap="YlOrRd")
    for square in range(SQUARES):
        row, column = _cell(square)
        words = SQUARE_NAMES[square].replace("Avenue", "").replace("Community", "Comm.").replace("Railroad", "RR").split()
        name = "\n".join(word[:9] for word in words[:2])
        dark = values[square] > 0.6 * np.nanmax(values)
        label = f"{name}\n{form.format(values[square])}"
        axis.text(column, row, label, ha="center", va="center", fontsize=5.5, color="white" if dark else "black")
    axis.set(title=title, xticks=[], yticks=[])
    for side in axis.spines.values():
        side.set_visible(False)


def _cell(square: int) -> tuple[int, int]:
    """Row and column of a square on an 11 x 11 board, GO at the lower right."""
    side, step = divmod(square, 10)
    return ((10, 10 - step), (10 - step, 0), (0, step), (step, 10))[side]
