"""Pictures of lessons: a Matplotlib figure to a PNG file, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.files.output import output_file


def write_picture(path: Path, draw: Callable[[Any], None], size: tuple[float, float]) -> None:
    """Draw on a new figure of ``size`` inches and write it to ``path``.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.size": 9, "axes.titlesize": 10, "figure.titlesize": 11}):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        with output_file(path) as temporary:
            figure.savefig(temporary, dpi=110)
