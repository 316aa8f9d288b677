"""dense-784: Dense(32) on 784 inputs, asked of games drawn as 28 x 28 pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import counting_titles, owner_pictures, split_by_game
from agent.lessons.page import Page

_, keras = load_keras()


def build():
    """784 numbers in, the chance of winning out."""
    return keras.Sequential(
        [
            keras.Input((784,), name="picture"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        My pictures have 28 x 28 = 784 numbers and the first layer is `Dense(32)`. How do 784 inputs fit into 32
        units: are the other 752 switched off, does each unit take some 24 of them, and where do 25,120
        parameters come from?
    """)
    page.answer("""
        `Dense(32)` owns a (784, 32) matrix of weights and 32 biases, 784 x 32 + 32 = 25,120 numbers, and
        multiplies: (N, 784) x (784, 32) is (N, 32). Every unit adds up all 784 inputs with weights of its own,
        so nothing is switched off and nothing is shared out; 32 is only how many such sums there are.
    """)
    game, pictures, won = owner_pictures(page.history())  # (N,), (N, 28, 28), (N,)
    flat = pictures.reshape(len(pictures), 784)  # (N, 784)
    page.data(
        """
            A game as a picture: who owned each of the 28 titles (columns) at 28 moments (rows, four turns
            apart), seen from one seat: 1 = mine, 0 = the bank's, -1 = a rival's. Row after row behind each
            other that is 784 numbers. To predict: will this seat win?
        """,
        example=f"{as_text(pictures[0])}\npictures[0]: # mine, - a rival's, . the bank's; won[0] = {won[0]:.0f}",
        pictures=pictures,
        flat=flat,
        won=won,
    )
    network = build()
    page.network(build, network)
    page.calls()
    page.wrong(
        "network.predict(pictures, verbose=0)",
        "Expected shape (None, 784), but input has incompatible shape",
        "The pictures are still square. `None` is the number of pictures, any number; 784 is fixed.",
        network=network,
        pictures=pictures[:5],
    )
    page.right(
        "network.predict(pictures.reshape(len(pictures), 784), verbose=0)",
        "One row of 784 numbers a picture (a `keras.layers.Flatten()` behind `keras.Input((28, 28))` does the same).",
        network=network,
        pictures=pictures[:5],
    )
    by_hand(page, network, flat[:5])

    train, test = split_by_game(game)
    page.heading("Training")
    network.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(3e-4), metrics=["accuracy"])
    page.fit(network, flat[train], won[train], epochs=4, batch_size=64)
    _, accuracy = network.evaluate(flat[test], won[test], batch_size=512, verbose=0)
    page.score("accuracy (wins and losses predicted correctly)", accuracy, {"always no": np.mean(won[test] == 0)})
    page.text(counting_titles(pictures, won, train, test, accuracy), measured=True)
    page.picture(lambda figure: draw(figure, network, pictures[0]))


def by_hand(page: Page, network: Any, flat: np.ndarray) -> None:
    """Redo the first layer as a matrix product."""
    layer = network.layers[0]
    weights, biases = layer.get_weights()  # (784, 32), (32,)
    page.right(
        "np.abs(np.maximum(flat @ weights + biases, 0) - layer(flat)).max() < 1e-4",
        "`Dense` is a matrix product, and NumPy does the same (relu is `np.maximum(..., 0)`).",
        flat=flat,
        weights=weights,
        biases=biases,
        layer=layer,
    )
    page.measure("weights that are zero", float(np.mean(weights == 0)))
    page.text("None of the 25,088 weights is zero: each of the 784 inputs reaches each of the 32 units.")


def as_text(picture: np.ndarray) -> str:
    """Return one picture as 28 lines of 28 characters."""
    return "\n".join("".join("-.#"[int(number) + 1] for number in row) for row in picture)


def draw(figure: Any, network: Any, picture: np.ndarray) -> None:
    """One game, and what eight of the units look for in it."""
    weights, biases = network.layers[0].get_weights()  # (784, 32), (32,)
    sums = picture.reshape(784) @ weights + biases  # (32,)
    grid = figure.add_gridspec(2, 6)
    axes = figure.add_subplot(grid[:, :2])
    axes.imshow(picture, cmap="PiYG", vmin=-1.5, vmax=1.5)
    axes.set(title="one game: 28 x 28 = 784 inputs", xlabel="title", ylabel="moment (every 4 turns)")
    limit = np.abs(weights).max()
    for number in range(8):
        axes = figure.add_subplot(grid[number // 4, 2 + number % 4])
        axes.imshow(weights[:, number].reshape(28, 28), cmap="RdBu", vmin=-limit, vmax=limit)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"unit {number}: sum {sums[number]:+.2f}", fontsize=9)
    figure.suptitle("Each unit of Dense(32) has 784 weights, one for every input (8 of the 32 units; blue +, red -)")
