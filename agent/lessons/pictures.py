"""The pictures of the lessons, each drawn from the names that its lesson has defined: data, trained network, results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from agent.files.output import output_file
from monopoly_env.actions import Action
from monopoly_env.board import GROUPS

ACTIONS = [action.name for action in Action]
_BLUE, _ORANGE, _GREEN, _RED = "#7aa6c2", "darkorange", "#89b482", "#d98880"
_ORANGE_GROUP = GROUPS.index("orange")


def write_picture(path: Path, lesson: str, names: dict[str, Any]) -> None:
    """Draw the picture of a lesson and write it to ``path`` as PNG.

    Args:
        path: the file.
        lesson: the lesson's name.
        names: what the lesson's code has defined.

    Raises:
        OutputError: the file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.size": 9, "axes.titlesize": 10, "figure.titlesize": 11}):
        figure = Figure(figsize=(11, 5), layout="constrained")
        FigureCanvasAgg(figure)
        DRAW[lesson](figure, names)
        with output_file(path) as temporary:
            figure.savefig(temporary, dpi=100, format="png")


def monopoly(figure: Any, names: dict[str, Any]) -> None:
    """One state through the network: (23,) to (1, 23) to (1, 150) to (1, 7), the mask, the action."""
    network, state, mask = names["network"], names["state"], names["mask"]
    hidden = np.asarray(network.layers[0](state[np.newaxis]))  # (1, 150)
    row = np.asarray(network(state[np.newaxis]))[0]  # (7,)
    grid = figure.add_gridspec(1, 5, width_ratios=(1, 2.4, 3, 2, 2))
    axes = [figure.add_subplot(place) for place in grid]
    axes[0].imshow(state[:, np.newaxis], cmap="Blues", vmin=-0.2, vmax=1.2, aspect="auto")
    axes[0].set(title="state\n(23,)", xticks=[], ylabel="23 numbers")
    axes[1].imshow(state[np.newaxis], cmap="Blues", vmin=-0.2, vmax=1.2, aspect=3)
    axes[1].set(title="reshape(1, 23)\n(1, 23): one row", yticks=[0], xlabel="column", ylabel="row")
    axes[2].imshow(hidden.reshape(10, 15), cmap="Blues", vmin=0, aspect="auto")
    axes[2].set(title="Dense(150)\n(1, 150), drawn as 10 x 15", xticks=[], yticks=[])
    places = np.arange(7)
    axes[3].barh(places, row, color=_BLUE)
    axes[3].set(title="Dense(7), softmax\n(1, 7)", xlabel="probability")
    chosen = int(np.where(mask, row, -np.inf).argmax())
    axes[4].barh(places, np.where(mask, row, 0), color=[_GREEN if place == chosen else _BLUE for place in places])
    for place in np.flatnonzero(~mask):
        axes[4].text(0.02, place, "illegal", va="center", color="firebrick", transform=axes[4].get_yaxis_transform())
    axes[4].set(title=f"mask (7,), then argmax\n{chosen}, which is {ACTIONS[chosen]}", xlabel="probability")
    for number in (3, 4):
        axes[number].set_yticks(places, [f"{place} {name}" for place, name in enumerate(ACTIONS)])
        axes[number].set(ylim=(6.5, -0.5), xlim=(0, 1))
    figure.suptitle("(23,)  →  (1, 23)  →  (1, 150)  →  (1, 7)  →  mask  →  argmax: an action")


def q_values(figure: Any, names: dict[str, Any]) -> None:
    """Values of decisions held out, legal and illegal, and which action the maximum takes with and without the mask."""
    values, masks = names["values"], names["masks"][names["held_out"]]
    left, right = figure.subplots(1, 2)
    low, high = np.percentile(values, (0.1, 99.9))
    bins = np.linspace(low, high, 60)
    left.hist(values[masks], bins=bins, alpha=0.7, color=_GREEN, density=True, label="legal")
    left.hist(values[~masks], bins=bins, alpha=0.5, color=_RED, density=True, label="illegal: never met a target here")
    left.set(title="the seven values of every decision held out", xlabel="value, from -1 (lost) to 1 (won)", yticks=[])
    left.legend()
    free, legal = values.argmax(axis=1), np.where(masks, values, -np.inf).argmax(axis=1)
    places = np.arange(7)
    right.barh(places - 0.2, [100 * np.mean(free == place) for place in places], 0.4, color=_RED, label="of all seven")
    right.barh(places + 0.2, [100 * np.mean(legal == place) for place in places], 0.4, color=_GREEN, label="of the legal ones")
    right.set_yticks(places, ACTIONS)
    right.invert_yaxis()
    right.set(title="which action has the largest value", xlabel="% of decisions")
    right.legend(loc="center right")


def monopoly_one(figure: Any, names: dict[str, Any]) -> None:
    """Seven rows in, seven scores out."""
    inputs, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    held_out = names["held_out"]
    state, action = names["states"][held_out][:1], names["actions"][held_out][0]
    rows = names["seven_rows"](state)  # (7, 30)
    inputs.imshow(rows, cmap="Blues", vmin=-0.2, vmax=1.4, aspect="auto")
    inputs.axvline(22.5, color=_ORANGE)
    inputs.set(title="(7, 30) in: 23 numbers of one state, seven times | the action one-hot", xlabel="column")
    inputs.set_yticks(range(7), ACTIONS)
    scores = names["network"].predict(rows, verbose=0)[:, 0]  # (7,)
    bars.barh(ACTIONS, scores, color=[_GREEN if place == scores.argmax() else _BLUE for place in range(7)])
    bars.invert_yaxis()
    bars.set(title=f"(7, 1) out: the highest is {ACTIONS[scores.argmax()]}; played was {ACTIONS[action]}", xlabel="score")


def dense_784(figure: Any, names: dict[str, Any]) -> None:
    """One game, and what eight of the units look for in it."""
    picture = names["pictures"][0]
    weights, biases = names["network"].layers[0].get_weights()  # (784, 32), (32,)
    sums = picture.reshape(784) @ weights + biases  # (32,)
    grid = figure.add_gridspec(2, 6)
    _owners(figure.add_subplot(grid[:, :2]), picture, "one game: 28 x 28 = 784 inputs")
    limit = np.abs(weights).max()
    panels = []
    for number in range(8):
        axes = figure.add_subplot(grid[number // 4, 2 + number % 4])
        image = axes.imshow(weights[:, number].reshape(28, 28), cmap="RdBu", vmin=-limit, vmax=limit)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"unit {number}: sum {sums[number]:+.2f}", fontsize=9)
        panels.append(axes)
    figure.colorbar(image, ax=panels, label="weight of an input", shrink=0.8)
    figure.suptitle("Each unit of Dense(32) has 784 weights, one for every input (8 of the 32 units)")


def dense_20(figure: Any, names: dict[str, Any]) -> None:
    """The matrix product to scale, one seat's way through Dropout, and ten probabilities."""
    from matplotlib.patches import Rectangle

    network, held_out = names["network"], names["held_out"]
    holds, best_group = names["holds"][held_out][:1], names["best_group"][held_out][0]
    grid = figure.add_gridspec(2, 2, width_ratios=(3, 2))
    shapes, strips, bars = (figure.add_subplot(place) for place in (grid[0, 0], grid[1, 0], grid[:, 1]))
    x = 0
    for label, height, width, sign in (
        ("holds\n(B, 20)", 16, 20, "x"),
        ("weights\n(20, 64)", 20, 64, "="),
        ("sums\n(B, 64)", 16, 64, ""),
    ):
        shapes.add_patch(Rectangle((x, -height / 2), width, height, facecolor="#d8c9a8", edgecolor="black"))
        shapes.text(x + width / 2, 0, label, ha="center", va="center")
        shapes.text(x + width + 6, 0, sign, ha="center", va="center", fontsize=16)
        x += width + 12
    shapes.set(xlim=(-2, x - 8), ylim=(-14, 14), aspect="equal")
    shapes.set_title("Dense(64) on 20 columns, to scale: the two 20s must match")
    shapes.axis("off")
    hidden = network.layers[0](holds)  # (1, 64)
    dropout = network.layers[1]
    rows = [hidden, dropout(hidden, training=True), dropout(hidden, training=False)]
    values = np.concatenate([np.asarray(row) for row in rows])  # (3, 64)
    strips.imshow(np.ma.masked_equal(values, 0), cmap="Blues", vmin=0, vmax=values.max(), aspect="auto")
    strips.set_facecolor("#f3d9d0")
    strips.set_yticks(range(3), ["64 units", "Dropout, training", "Dropout, predict"])
    strips.set(title="one seat through Dropout(0.5): red is zero (some units are 0 before)", xlabel="unit")
    chances = np.asarray(network(holds))[0]  # (10,)
    bars.barh(GROUPS, chances, color=[_GREEN if group == best_group else _BLUE for group in range(10)])
    bars.invert_yaxis()
    bars.set(title=f"softmax, sum {chances.sum():.2f} (green: it came true)", xlabel="probability")


def dense_10_5(figure: Any, names: dict[str, Any]) -> None:
    """The weights of all pairs, and one feature's way into all five units."""
    matrix, bars = figure.subplots(1, 2)
    layer, holds = names["network"].layers[0], names["holds"][:1]
    weights = layer.get_weights()[0]  # (10, 5)
    limit = 1.6 * np.abs(weights).max()  # no cell too dark to read its number
    matrix.imshow(weights, cmap="RdBu", vmin=-limit, vmax=limit, aspect="auto")
    for (feature, unit), weight in np.ndenumerate(weights):
        matrix.text(unit, feature, f"{weight:+.2f}", ha="center", va="center", fontsize=8)
    matrix.set(title="the (10, 5) weights: every feature to every unit", xlabel="unit")
    matrix.set_yticks(range(10), GROUPS)
    matrix.set_xticks(range(5))
    matrix.axhspan(_ORANGE_GROUP - 0.5, _ORANGE_GROUP + 0.5, fill=False, edgecolor=_ORANGE, linewidth=3)
    units = np.arange(5)
    bars.bar(units - 0.2, np.asarray(layer(holds))[0], 0.4, label="as it is")
    bars.bar(units + 0.2, np.asarray(layer(names["changed"]))[0], 0.4, label="hold on orange + 0.5", color=_ORANGE)
    bars.axhline(0, color="black", linewidth=0.8)
    bars.set(title="one feature changed: all five units move", xlabel="unit", ylabel="output")
    bars.legend()


def rnn(figure: Any, names: dict[str, Any]) -> None:
    """The unrolled cell, and the states of one seat after each step."""
    import keras

    layer, steps = names["network"].layers[0], names["steps"]
    states = keras.layers.SimpleRNN(10, activation="relu", return_sequences=True)
    states.build((None, 3, 1))
    states.set_weights(layer.get_weights())
    seat = int(np.argsort(steps[:, 2, 0])[-len(steps) // 10])
    values = np.asarray(states(steps[seat : seat + 1]))[0]  # (3, 10)
    cells, panel = figure.subplots(1, 2, width_ratios=(3, 2))
    _unrolled(cells, ["step 1", "step 2", "step 3"], "(1,)", ["state (10,)"], "the same cell: 120 numbers", "Dense(1)\n(1,)")
    cells.set_title("SimpleRNN(10) on (3, 1): one cell, applied three times, hands on 10 numbers")
    panel.imshow(values, cmap="Blues", vmin=0, aspect="auto")
    panel.set_yticks(range(3), [f"after step {step + 1}: ${1000 * steps[seat, step, 0]:,.0f}" for step in range(3)])
    panel.set_xticks(range(10))
    panel.axhspan(1.5, 2.48, fill=False, edgecolor=_ORANGE, linewidth=3)
    panel.set(title="the (3, 10) states of one seat; the last row is the output", xlabel="unit of the state")


def lstm(figure: Any, names: dict[str, Any]) -> None:
    """The unrolled cell, one forecast, and the error by turns ahead."""
    held_out, forecast = names["held_out"], names["forecast"]
    past, future = names["past"][held_out], names["future"][held_out]
    grid = figure.add_gridspec(2, 2, height_ratios=(5, 5))
    cells = figure.add_subplot(grid[0, :])
    labels = ["turn -19", "turn -18", "...", "turn 0"]
    _unrolled(cells, labels, "(1,)", ["output (300,)", "memory (300,)"], "the same cell: 362,400 numbers", "Dense(20)\n(20,)")
    cells.set_title("LSTM(300) on (20, 1): one cell, applied twenty times, hands on an output and a memory of 300 numbers each")
    one, error = figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1])
    turns = np.arange(-19, 21)
    row = np.argsort(np.abs(forecast[:, -1]))[::-1][len(forecast) // 20]
    one.plot(turns[:20], past[row, :, 0], color="black", label="last 20 turns (20, 1)")
    one.plot(turns[20:], future[row], color="black", linestyle=":", label="what came")
    one.plot(turns[20:], forecast[row], color=_ORANGE, label="forecast (20,)")
    one.set(xlabel="turn from now", ylabel="net worth from now, $1,000", title="one seat held out")
    one.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))  # never on a curve
    ahead = np.arange(1, 21)
    error.plot(ahead, 1000 * np.sqrt(np.mean(future**2, axis=0)), color="grey", label="it stays as it is")
    error.plot(ahead, 1000 * np.sqrt(np.mean((forecast - future) ** 2, axis=0)), color=_ORANGE, label="LSTM(300), Dense(20)")
    error.set(title="error on games held out", xlabel="turns ahead", ylabel="root mean square error, $")
    error.legend(fontsize=8)


def conv(figure: Any, names: dict[str, Any]) -> None:
    """One picture through eight of the 32 filters, and a pooled map before and behind Dropout."""
    layers, picture = names["network"].layers, names["pictures"][0]
    first = np.asarray(layers[0](picture[np.newaxis]))  # (1, 26, 26, 32)
    pooled = layers[2](layers[1](first))
    thinned = np.asarray(layers[3](pooled, training=True))[0]  # (12, 12, 32)
    first, pooled = first[0], np.asarray(pooled)[0]
    grid = figure.add_gridspec(2, 8)
    _owners(figure.add_subplot(grid[:, :2]), picture[:, :, 0], "one picture: (28, 28, 1)")
    for place, number in enumerate(np.argsort(first.std(axis=(0, 1)))[::-1][:8]):
        axes = figure.add_subplot(grid[place // 4, 2 + place % 4])
        axes.imshow(first[:, :, number], cmap="Blues", vmin=0)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"filter {number}: 26 x 26", fontsize=9)
    channel = int(np.argmax((pooled != 0).sum(axis=(0, 1)) + pooled.std(axis=(0, 1))))
    highest = max(float(pooled[:, :, channel].max()) / 0.75, 1e-6)
    panels = []
    for row, (image, title) in enumerate(((pooled, "pooled: 12 x 12"), (thinned, "behind Dropout(0.25)"))):
        axes = figure.add_subplot(grid[row, 6:])
        shown = axes.imshow(image[:, :, channel], cmap="Oranges", vmin=0, vmax=highest)
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, fontsize=9)
        panels.append(axes)
    figure.colorbar(shown, ax=panels, label="white: zero", shrink=0.6)
    figure.suptitle("Every filter of Conv2D(32, (3, 3)) slides over the whole picture; Dropout zeroes outputs, not pixels")


def _owners(axes: Any, picture: np.ndarray, title: str) -> None:
    """Draw the owners of the 28 titles at 28 moments, with a legend."""
    from matplotlib.patches import Patch

    image = axes.imshow(picture, cmap="PiYG", vmin=-1.5, vmax=1.5)
    axes.set(title=title, xlabel="title", ylabel="moment (every 4 turns)")
    meanings = ((1, "1: mine"), (0, "0: the bank's"), (-1, "-1: a rival's"))
    patches = [Patch(facecolor=image.cmap(image.norm(value)), edgecolor="grey", label=label) for value, label in meanings]
    axes.legend(handles=patches, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=8, handlelength=1)


def _unrolled(axes: Any, inputs: list[str], size: str, carried: list[str], cell: str, head: str) -> None:
    """Draw a recurrent layer step by step: inputs from below, what the cell hands on from left to right, the head behind it."""
    middle, end = 1.1 * (len(inputs) - 1), 2.2 * len(inputs)
    heights = (0.2, -0.2) if len(carried) == 2 else (0.0,)
    for step, label in enumerate(inputs):
        x = 2.2 * step
        if label == "...":
            axes.text(x, 0, "...", ha="center", va="center", fontsize=14)
        else:
            _box(axes, x, 0.9, "cell", "#d8c9a8")
            _arrow(axes, (x, -0.95), (x, -0.35))
            axes.text(x, -1.0, f"{label}\n{size}", ha="center", va="top")
            axes.plot([x, middle], [0.36, 0.85], color="saddlebrown", linewidth=0.6)
        last = step == len(inputs) - 1
        for text, height in zip(carried[:1] if last else carried, heights, strict=False):
            _arrow(axes, (x + 0.45, height), (x + (1.6 if last else 1.75), height))
            axes.text(x + 1.05, height + 0.03, text, ha="center", va="bottom", fontsize=7)
    _box(axes, end, 1.2, head, "#f3d9d0")
    axes.text(middle, 0.87, cell, ha="center", va="bottom", color="saddlebrown")
    axes.set(xlim=(-0.6, end + 0.8), ylim=(-1.6, 1.2), aspect="equal")
    axes.axis("off")


def _box(axes: Any, x: float, width: float, text: str, colour: str) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x - width / 2, -0.35), width, 0.7, facecolor=colour, edgecolor="black"))
    axes.text(x, 0, text, ha="center", va="center")


def _arrow(axes: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "black", "shrinkA": 0, "shrinkB": 0})


DRAW: dict[str, Callable[[Any, dict[str, Any]], None]] = {
    "monopoly": monopoly,
    "q-values": q_values,
    "monopoly-one": monopoly_one,
    "dense-784": dense_784,
    "dense-20": dense_20,
    "dense-10-5": dense_10_5,
    "rnn": rnn,
    "lstm": lstm,
    "conv": conv,
}
