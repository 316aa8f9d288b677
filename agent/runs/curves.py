"""The learning curve of a run, as a picture and in the terminal."""

from __future__ import annotations

import numpy as np

from agent.evaluation.statistics import wilson_interval
from agent.files.atomic import atomic_write
from agent.runs.folder import EVALUATION_GAMES, RunFolder
from agent.runs.run import YARDSTICKS

# The mean return is not among them: it is a mean over decisions and not over games, and can fall while more games are won.
_PANELS = (
    ("explained_variance", "explained variance of the values\n1: they foretell what follows, 0: nothing of it"),
    ("entropy", "entropy of the policy (nats)\n0: it has no doubts"),
    ("temperature", "exploration temperature\n0: always the best action"),
)


def write_picture(folder: RunFolder, players: int) -> None:
    """Write ``curve.png``: win rates with 95 % intervals against the yardsticks, and how the learner fared.

    Args:
        folder: the run.
        players: seats of a table; one in ``players`` is par.

    Raises:
        OSError: the disk refuses.
    """
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    panels = [(name, text) for name, text in _PANELS if folder.metrics.columns(name)[0].size]
    figure, axes = pyplot.subplots(1, 1 + len(panels), figsize=(5.2 + 3.6 * len(panels), 3.8), layout="constrained")
    axes = [axes] if not panels else list(axes)
    behind: set[int] = set()
    for name in YARDSTICKS:
        decisions, rates, games = folder.metrics.columns(f"win_rate_{name}", EVALUATION_GAMES)
        behind.update(games.tolist())
        bounds = [wilson_interval(round(rate * count), int(count)) for rate, count in zip(rates, games, strict=True)]
        low, high = np.array(bounds).reshape(-1, 2).T  # (points,) each
        millions = decisions / 1e6
        (line,) = axes[0].plot(millions, 100 * rates, marker="o", markersize=3, label=f"against {players - 1} {name}")
        axes[0].fill_between(millions, 100 * low, 100 * high, color=line.get_color(), alpha=0.2)
    axes[0].axhline(100 / players, color="grey", linestyle=":", linewidth=1, label=f"par ({100 / players:.0f} %)")
    counts = " to ".join(f"{count:,}" for count in sorted({min(behind), max(behind)})) if behind else "no"
    axes[0].set(ylim=(0, 100), ylabel="games won (%)", title=f"Win rate, {counts} games a point, 95 % interval")
    axes[0].legend(loc="best", fontsize="small")
    for panel, (name, text) in zip(axes[1:], panels, strict=True):
        decisions, values = folder.metrics.columns(name)
        panel.plot(decisions / 1e6, values, linewidth=1)
        panel.set(title=text)
    for axis in axes:
        axis.set(xlabel="decisions of the network (millions)")
        axis.grid(alpha=0.3)
    with atomic_write(folder.path / "curve.png") as temporary:
        figure.savefig(temporary, dpi=120)
    pyplot.close(figure)


def terminal_curve(folder: RunFolder, width: int = 78, height: int = 15) -> str:
    """Return the win rates over the run as text, ``width`` x ``height`` characters; empty where there are none."""
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width, height)
    markers = ("braille", "dot")
    for name, marker in zip(YARDSTICKS, markers, strict=True):
        decisions, rates = folder.metrics.columns(f"win_rate_{name}")
        if not decisions.size:
            return ""
        plotext.plot((decisions / 1e6).tolist(), (100 * rates).tolist(), label=f"against {name}", marker=marker)
    plotext.ylim(0, 100)
    plotext.title("games won (%) over millions of decisions")
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text
