"""The results of experiments: one JSON file of all runs, and the table and the picture that are made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.evaluation.statistics import percent, span, wilson_interval
from agent.experiments.variants import OPPONENTS, VARIANTS
from agent.files.atomic import atomic_write
from agent.files.errors import UserError


class ResultsError(UserError):
    """The results cannot be read or written; the message is one line for the user."""


def load(path: Path) -> list[dict[str, Any]]:
    """Return the runs in ``path``; none where there is no file.

    Raises:
        ResultsError: it holds something else.
    """
    if not path.exists():
        return []
    try:
        runs = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(runs, list):
            raise TypeError("expected a list of runs")
        for run in runs:
            _ = run["variant"], run["seed"], len(run["points"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ResultsError(f"{path} does not hold results of experiments: {error}. Choose another --results.") from error
    return runs


def save(path: Path, runs: list[dict[str, Any]]) -> None:
    """Write the runs to ``path``, whole or not at all.

    Raises:
        ResultsError: the disk refuses.
    """
    try:
        with atomic_write(path) as temporary:
            lines = ",\n".join(json.dumps(run) for run in runs)
            temporary.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    except OSError as error:
        raise ResultsError(f"Cannot write {path}: {error.strerror or error}.") from error


def variants(runs: list[dict[str, Any]]) -> dict[str, str]:
    """Return the variants that there are runs of, by name, with what they are."""
    names = [name for name in dict.fromkeys([*VARIANTS, *(run["variant"] for run in runs)]) if of_variant(runs, name)]
    return {name: VARIANTS[name].text if name in VARIANTS else "no longer in the program" for name in names}


def of_variant(runs: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the finished runs of a variant."""
    return [run for run in runs if run["variant"] == name]


def markdown(runs: list[dict[str, Any]]) -> str:
    """Return a table of all variants: the win rates of all seeds together with their interval, and of each seed."""
    head = "| variant | " + " | ".join(f"against {name}" for name in OPPONENTS) + " |"
    lines = [head, "|---" * (1 + len(OPPONENTS)) + "|"]
    for name, text in variants(runs).items():
        last = [run["points"][-1] for run in of_variant(runs, name)]
        cells = " | ".join(_cell(last, opponents) for opponents in OPPONENTS)
        lines.append(f"| `{name}`: {text} | {cells} |")
    return "\n".join(lines) + "\n"


def _cell(points: list[dict[str, Any]], opponents: str) -> str:
    wins, games = sum(point["wins"][opponents] for point in points), sum(point["games"] for point in points)
    interval = wilson_interval(wins, games)
    each = " / ".join(f"{100 * point['wins'][opponents] / point['games']:.1f}" for point in points)
    return f"**{percent(wins / games)}** ({span(interval)}); {each}"


def picture(runs: list[dict[str, Any]], path: Path) -> None:
    """Draw the learning curves: the mean of the seeds, and from the lowest to the highest of them.

    Raises:
        ResultsError: the disk refuses.
    """
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(OPPONENTS), figsize=(6.2 * len(OPPONENTS), 6), layout="constrained")
    colours = pyplot.get_cmap("tab20").colors
    for axis, opponents in zip(axes, OPPONENTS, strict=True):
        for number, name in enumerate(variants(runs)):
            curves = [_curve(run, opponents) for run in of_variant(runs, name)]
            colour = colours[number % len(colours)]
            decisions = [point["decisions"] / 1e6 for point in of_variant(runs, name)[0]["points"]]
            columns = list(zip(*curves, strict=True))
            axis.plot(
                decisions,
                [sum(c) / len(c) for c in columns],
                color=colour,
                label=name,
                marker="o",
                markersize=3,
            )
            axis.fill_between(
                decisions,
                [min(c) for c in columns],
                [max(c) for c in columns],
                color=colour,
                alpha=0.12,
            )
        axis.axhline(25, color="grey", linestyle=":", linewidth=1)
        axis.set(title=f"against {opponents}", xlabel="decisions of the network (millions)", ylabel="games won (%)")
        axis.grid(alpha=0.3)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right center", fontsize="small")
    try:
        with atomic_write(path) as temporary:
            figure.savefig(temporary, dpi=90)
    except OSError as error:
        raise ResultsError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        pyplot.close(figure)


def _curve(run: dict[str, Any], opponents: str) -> list[float]:
    return [100 * point["wins"][opponents] / point["games"] for point in run["points"]]
