"""dense-20: more units than inputs, Dropout, and a softmax over ten classes, asked of the 20 hold features."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import hold_rows, split_by_game
from agent.lessons.page import Page
from monopoly_env.board import GROUPS

_, keras = load_keras()
TURN = 60


def build():
    """20 holds in, a probability for each of ten groups out."""
    return keras.Sequential(
        [
            keras.Input((20,), name="holds"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(64),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        My data has 20 columns and ten classes, and the example I found starts with `Dense(64)`. Can a layer
        have more units than there are inputs, what does the softmax at the end return, and what is lost to
        `Dropout(0.5)`?
    """)
    page.answer("""
        Units are not tied to inputs: `Dense(64)` on 20 columns is a (20, 64) matrix, and the softmax turns the
        last ten sums into ten probabilities that add up to 1, of which the largest names the class.
        `Dropout(0.5)` learns nothing and keeps the shape; it zeroes half of the numbers that pass through while
        training, doubles the others, and lets everything pass in `predict`.
    """)
    history = page.history()
    game, seat, mine, rivals = hold_rows(history, TURN)
    rent = history.rent_by_group(after_turn=TURN)[game, seat]  # (rows, 10) dollars from here to the end
    earns = rent.max(axis=1) > 0
    holds = np.concatenate([mine, rivals], axis=1)[earns]  # (N, 20)
    best_group = rent[earns].argmax(axis=1)  # (N,) the class: 0 to 9
    page.data(
        f"""
            A seat after {TURN} turns: its hold on each of the ten groups and the strongest rival's, 20 numbers
            from 0 to 1. To predict: which of the ten groups ({", ".join(GROUPS)}) will earn this seat the most
            rent from here?
        """,
        holds=holds,
        best_group=best_group,
    )
    network = build()
    page.network(build, network)
    page.text("""
        (B, 20) x (20, 64) is (B, 64): the 20 of the input and the 20 of the matrix have to be equal, the 64 is
        free. B, the batch, is `None` above.
    """)
    page.calls()
    calls(page, network, holds[:64], best_group[:64])
    dropout(page, network, holds[:500])

    train, test = split_by_game(game[earns])
    page.heading("Training")
    network.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    page.fit(network, holds[train], best_group[train], epochs=8, batch_size=64)
    _, accuracy = network.evaluate(holds[test], best_group[test], batch_size=512, verbose=0)
    commonest = np.bincount(best_group[train]).argmax()
    page.score(
        "accuracy (groups predicted correctly)",
        accuracy,
        {
            f"always the commonest group ({GROUPS[commonest]})": np.mean(best_group[test] == commonest),
            "the group held most of": np.mean(best_group[test] == holds[test, :10].argmax(axis=1)),
        },
    )
    page.picture(lambda figure: draw(figure, network, holds[test][0], best_group[test][0]))


def calls(page: Page, network: Any, holds: np.ndarray, best_group: np.ndarray) -> None:
    """Class numbers against one-hot rows."""
    network.compile(loss="categorical_crossentropy", optimizer="adam")
    page.wrong(
        "network.fit(holds, best_group, verbose=0)",
        "must have the same rank",
        "Compiled with `categorical_crossentropy`, which wants ten columns (one-hot) where `best_group` has one number.",
        network=network,
        holds=holds,
        best_group=best_group,
    )
    sparse = keras.models.clone_model(network)
    sparse.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    page.right(
        "type(network.fit(holds, best_group, verbose=0)).__name__ == 'History'",
        "`sparse_categorical_crossentropy` takes class numbers from 0 to 9 as they are.",
        network=sparse,
        holds=holds,
        best_group=best_group,
    )
    page.right(
        "keras.utils.to_categorical(best_group, 10)",
        "Or keep the loss and make the ten columns.",
        best_group=best_group,
    )
    page.right(
        "np.allclose(network.predict(holds, verbose=0).sum(axis=1), 1, atol=1e-5)",
        "Each row of the softmax adds up to 1.",
        network=network,
        holds=holds,
    )


def dropout(page: Page, network: Any, holds: np.ndarray) -> None:
    """Count what Dropout zeroes, in training and in prediction."""
    page.heading("What Dropout does, counted")
    layer = network.layers[1]
    before = keras.ops.convert_to_numpy(network.layers[0](holds)) + 1  # + 1: no zeros of the relu's own
    training = keras.ops.convert_to_numpy(layer(before, training=True))
    predicting = keras.ops.convert_to_numpy(layer(before, training=False))
    page.text("The 64 outputs of the first layer, plus 1 so that none is zero by itself, through `Dropout(0.5)`:")
    page.table(
        ("", "numbers", "zeros", "share", "mean"),
        [
            ("before", before.size, int((before == 0).sum()), float((before == 0).mean()), float(before.mean())),
            (
                "training=True",
                training.size,
                int((training == 0).sum()),
                page.measure("zeros in training", (training == 0).mean()),
                float(training.mean()),
            ),
            (
                "training=False, as in predict",
                predicting.size,
                int((predicting == 0).sum()),
                page.measure("zeros in prediction", (predicting == 0).mean()),
                float(predicting.mean()),
            ),
        ],
    )


def draw(figure: Any, network: Any, holds: np.ndarray, best_group: int) -> None:
    """The matrix product to scale, one seat's way through Dropout, and ten probabilities."""
    from matplotlib.patches import Rectangle

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
    shapes.set(
        xlim=(-2, x - 8), ylim=(-14, 14), aspect="equal", title="Dense(64) on 20 columns, to scale: the two 20s must match"
    )
    shapes.axis("off")

    hidden = network.layers[0](holds[np.newaxis])  # (1, 64)
    dropout = network.layers[1]
    rows = [hidden, dropout(hidden, training=True), dropout(hidden, training=False)]
    values = np.concatenate([keras.ops.convert_to_numpy(row) for row in rows])  # (3, 64)
    strips.imshow(np.ma.masked_equal(values, 0), cmap="Blues", vmin=0, vmax=values.max(), aspect="auto")
    strips.set_facecolor("#f3d9d0")
    strips.set_yticks(range(3), ["64 units", "Dropout, training", "Dropout, predict"])
    strips.set(title="one seat through Dropout(0.5): red is zero (some units are 0 before)", xlabel="unit")

    chances = network.predict(holds[np.newaxis], verbose=0)[0]  # (10,)
    bars.barh(GROUPS, chances, color=["#89b482" if group == best_group else "#7aa6c2" for group in range(10)])
    bars.invert_yaxis()
    bars.set(title=f"softmax, sum {chances.sum():.2f} (green: it came true)", xlabel="probability")
