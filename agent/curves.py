"""The learning curve of a run, as a picture and in the terminal."""

from __future__ import annotations

from agent.atomic import atomic_write
from agent.run_folder import RunFolder
from agent.statistics import wilson_interval
from agent.train import YARDSTICKS

_PANELS = (
    ("return_mean", "mean return of a decision"),
    ("explained_variance", "explained variance of the values"),
    ("entropy", "entropy of the policy (nats)"),
    ("temperature", "exploration temperature"),
)


def write_picture(folder: RunFolder, games: int, players: int) -> None:
    """Write ``curve.png``: win rates with 95 % intervals against the yardsticks, and how the learner fared.

    Args:
        folder: the run.
        games: games behind each win rate.
        players: seats of a table; one in ``players`` is par.

    Raises:
        OSError: the disk refuses.
    """
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    panels = [(name, text) for name, text in _PANELS if folder.column(name)[0].size]
    figure, axes = pyplot.subplots(1, 1 + len(panels), figsize=(5.2 + 3.6 * len(panels), 3.8), layout="constrained")
    axes = [axes] if not panels else list(axes)
    for name in YARDSTICKS:
        decisions, rates = folder.column(f"win_rate_{name}")
        bounds = [wilson_interval(round(rate * games), games) for rate in rates]
        (line,) = axes[0].plot(decisions / 1e6, 100 * rates, marker="o", markersize=3, label=f"against {players - 1} {name}")
        if bounds:
            low, high = zip(*bounds, strict=True)
            axes[0].fill_between(
                decisions / 1e6, [100 * b for b in low], [100 * b for b in high], color=line.get_color(), alpha=0.2
            )
    axes[0].axhline(100 / players, color="grey", linestyle=":", linewidth=1, label=f"par ({100 / players:.0f} %)")
    axes[0].set(ylim=(0, 100), ylabel="games won (%)", title=f"Win rate, {games} games a point, 95 % interval")
    axes[0].legend(loc="upper left", fontsize="small")
    for panel, (name, text) in zip(axes[1:], panels, strict=True):
        decisions, values = folder.column(name)
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
        decisions, rates = folder.column(f"win_rate_{name}")
        if not decisions.size:
            return ""
        plotext.plot((decisions / 1e6).tolist(), (100 * rates).tolist(), label=f"against {name}", marker=marker)
    plotext.ylim(0, 100)
    plotext.title("games won (%) over millions of decisions")
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text
