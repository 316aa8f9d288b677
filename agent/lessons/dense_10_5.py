"""dense-10-5: Dense(5) on ten features, asked of a seat's holds on the ten groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import hold_rows, split_by_game, wins
from agent.lessons.page import Page
from monopoly_env.board import GROUPS

_, keras = load_keras()
TURN = 80
ORANGE = GROUPS.index("orange")


def build():
    """Ten holds in, the chance of winning out."""
    return keras.Sequential(
        [
            keras.Input((10,), name="holds"),
            keras.layers.Dense(5),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        I have ten features and a first layer `Dense(5)`. Does each of the five units get two features, does a
        batch of 32 hand the units slices of my columns, or what does a unit see?
    """)
    page.answer("""
        Every unit sees all ten features of every sample: the (10, 5) matrix has a weight for each pair, and
        changing one feature changes all five units. A batch is a number of whole rows that are worked on
        together, and cutting the rows into other batches changes no result.
    """)
    history = page.history()
    game, seat, holds, _ = hold_rows(history, TURN)  # holds: (N, 10)
    won = wins(history, game, seat)
    page.data(
        f"""
            A seat after {TURN} turns: its hold on each of the ten groups ({", ".join(GROUPS)}), from 0
            (nothing) to 1 (hotels everywhere). To predict: will it win?
        """,
        holds=holds,
        won=won,
    )
    network = build()
    page.network(build, network)
    page.calls()
    page.wrong(
        "network.predict(holds[:, :5], verbose=0)",
        "expected axis -1 of input shape to have value 10, but received input with shape",
        "Five columns for five units. The second number of a batch is the number of features, whatever the units.",
        network=network,
        holds=holds[:32],
    )
    page.wrong(
        "network.predict(holds[0], verbose=0)",
        "Expected shape (None, 10), but input has incompatible shape (10,)",
        "One sample without a batch around it.",
        network=network,
        holds=holds[:32],
    )
    page.right(
        "network.predict(holds[:1], verbose=0)",
        "A batch is rows: `holds[:1]` is one row with all ten columns, and `holds[:32]` would be 32 of them.",
        network=network,
        holds=holds[:32],
    )
    change_one_feature(page, network, holds[:1])
    batches_are_rows(page, network, holds[:64])

    train, test = split_by_game(game)
    page.heading("Training")
    network.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
    page.fit(network, holds[train], won[train], epochs=4, batch_size=64)
    _, accuracy = network.evaluate(holds[test], won[test], batch_size=512, verbose=0)
    page.score("accuracy (wins and losses predicted correctly)", accuracy, {"always no": np.mean(won[test] == 0)})
    page.picture(lambda figure: draw(figure, network, holds[:1]))


def raised(holds: np.ndarray) -> np.ndarray:
    """Return the holds with the orange group's raised by a half."""
    changed = holds.copy()
    changed[:, ORANGE] += 0.5
    return changed


def five_units(network: Any, holds: np.ndarray) -> np.ndarray:
    """Return what the five units put out, ``(n, 5)``."""
    return keras.ops.convert_to_numpy(network.layers[0](holds))


def change_one_feature(page: Page, network: Any, holds: np.ndarray) -> None:
    """Raise one feature and watch all five units."""
    page.heading("One feature changed, five units watched")
    before, after = five_units(network, holds)[0], five_units(network, raised(holds))[0]
    weights = network.layers[0].get_weights()[0][ORANGE]  # (5,)
    page.text("The hold on orange rises by 0.5, the other nine stay; each unit moves by half its own weight for orange:")
    page.table(
        ("", *(f"unit {unit}" for unit in range(5))),
        [("before", *map(float, before)), ("after", *map(float, after)), ("0.5 x weight", *map(float, 0.5 * weights))],
    )
    page.measure("units moved", np.count_nonzero(np.abs(after - before) > 1e-6))
    page.text("All five have moved.")


def batches_are_rows(page: Page, network: Any, holds: np.ndarray) -> None:
    """Cut the same rows into other batches."""
    page.right(
        "np.allclose(predict(holds, batch_size=8, verbose=0), predict(holds, batch_size=64, verbose=0), atol=1e-6)",
        "64 rows in eight batches or in one: the same 64 results (`predict = network.predict`).",
        predict=network.predict,
        holds=holds,
    )


def draw(figure: Any, network: Any, holds: np.ndarray) -> None:
    """The weights of all pairs, and one feature's way into all five units."""
    matrix, bars = figure.subplots(1, 2)
    weights = network.layers[0].get_weights()[0]  # (10, 5)
    limit = 1.6 * np.abs(weights).max()  # no cell too dark to read its number
    matrix.imshow(weights, cmap="RdBu", vmin=-limit, vmax=limit, aspect="auto")
    for (feature, unit), weight in np.ndenumerate(weights):
        matrix.text(unit, feature, f"{weight:+.2f}", ha="center", va="center", fontsize=8)
    matrix.set(title="the (10, 5) weights: every feature to every unit", xlabel="unit")
    matrix.set_yticks(range(10), GROUPS)
    matrix.set_xticks(range(5))
    matrix.axhspan(ORANGE - 0.5, ORANGE + 0.5, fill=False, edgecolor="darkorange", linewidth=3)
    units = np.arange(5)
    bars.bar(units - 0.2, five_units(network, holds)[0], 0.4, label="as it is")
    bars.bar(units + 0.2, five_units(network, raised(holds))[0], 0.4, label="hold on orange + 0.5", color="darkorange")
    bars.axhline(0, color="black", linewidth=0.8)
    bars.set(title="one feature changed: all five units move", xlabel="unit", ylabel="output")
    bars.legend()
