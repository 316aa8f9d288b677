"""conv: Conv2D(32) twice on 28 x 28 pictures: filters, channels, and what Dropout acts on."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import counting_titles, owner_pictures, split_by_game
from agent.lessons.page import Page

_, keras = load_keras()


def build():
    """A picture in, the chance of winning out."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="picture"),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Dropout(0.25),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def build_channels_first():
    """The convolutions of the network for pictures of (1, 28, 28)."""
    return keras.Sequential(
        [
            keras.Input((1, 28, 28), name="picture"),
            keras.layers.Conv2D(32, (3, 3), activation="relu", data_format="channels_first"),
            keras.layers.Conv2D(32, (3, 3), activation="relu", data_format="channels_first"),
            keras.layers.MaxPooling2D((2, 2), data_format="channels_first"),
            keras.layers.Dropout(0.25),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        `Conv2D(32, (3, 3))` twice, `MaxPooling2D((2, 2))`, `Dropout(0.25)` on pictures of (1, 28, 28), or is it
        (28, 28, 1)? Are the 32 positions, pictures or pieces of a picture, is the first Conv2D the input layer,
        and which layer does the Dropout thin out?
    """)
    page.answer("""
        32 is the number of filters and (3, 3) the height and width of the window of weights that each of them
        slides over every picture whole and over all channels, which gives 26 x 26 x 32 numbers from 320
        parameters, then 24 x 24 x 32 from 9,248; channels stand last by default, so a picture is (28, 28, 1).
        The input is no layer with weights, the first Conv2D comes after it; Dropout zeroes a quarter of what
        the layer before it, the pooling, puts out, while training only.
    """)
    game, square, won = owner_pictures(page.history())  # (N,), (N, 28, 28), (N,)
    pictures = square[..., np.newaxis]  # (N, 28, 28, 1)
    page.data(
        """
            A game as a picture: who owned each of the 28 titles (columns) at 28 moments (rows, four turns
            apart), seen from one seat: 1 = mine, 0 = the bank's, -1 = a rival's. One channel: a colour picture
            would have three. To predict: will this seat win?
        """,
        example=f"pictures[0, :6, :12, 0] =\n{pictures[0, :6, :12, 0].astype(int)}\nwon[0] = {won[0]:.0f}",
        pictures=pictures,
        won=won,
    )
    network = build()
    page.network(build, network)
    page.text("""
        The 3 x 3 window fits 26 times into 28, so a filter gives 26 x 26 numbers, and 32 filters give 26 x 26 x
        32. A filter of the second layer covers all 32 channels below it: 3 x 3 x 32 weights, not 3 x 3.
    """)
    page.network(build_channels_first, build_channels_first(), "The same with channels first")
    page.calls()
    calls(page, network, square[:5])
    filters(page, network, pictures[:1])
    dropout(page, network, pictures[:50])

    train, test = split_by_game(game)
    page.heading("Training")
    network.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    page.fit(network, pictures[train], won[train], epochs=2, batch_size=64)
    _, accuracy = network.evaluate(pictures[test], won[test], batch_size=256, verbose=0)
    page.score("accuracy (wins and losses predicted correctly)", accuracy, {"always no": np.mean(won[test] == 0)})
    page.text(counting_titles(square, won, train, test, accuracy), measured=True)
    page.picture(lambda figure: draw(figure, network, pictures[0]))


def calls(page: Page, network: Any, square: np.ndarray) -> None:
    """Channels in the wrong place."""
    page.wrong(
        "keras.Sequential([keras.Input((1, 28, 28)), keras.layers.Conv2D(32, (3, 3))])",
        "Computed output size would be zero or negative",
        "Channels are expected last: this is a picture 1 high and 28 wide with 28 channels, and no window 3 high fits into it.",
    )
    page.wrong(
        "keras.Sequential([keras.Input((28, 28)), keras.layers.Conv2D(32, (3, 3))])",
        "expected min_ndim=4, found ndim=3",
        "A grey picture has a channel, too: one.",
    )
    page.wrong(
        "keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3, 3)]).output_shape",
        None,
        """
            Copied from code for Keras 1, where the two 3s were the window. Now the first 3 is the window, 3 x 3,
            and the third argument is `strides`: the window moves on by three pixels, so it stands at 9 x 9
            places instead of 26 x 26, and no error says that this is another network.
        """,
    )
    page.right(
        "keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, (3, 3))]).output_shape",
        "32 filters, a window 3 high and 3 wide that moves on by one pixel. `Conv2D(32, 3)` is the same: one 3 for both.",
    )
    page.right("network(square[..., np.newaxis])", "(28, 28) becomes (28, 28, 1).", network=network, square=square)
    page.right(
        "network(np.moveaxis(pictures, 1, -1))",
        """
            Pictures that come as (1, 28, 28): move the axis (`keras.layers.Permute((2, 3, 1))` does it inside a
            network). TensorFlow computes channels first on a GPU, and on a CPU may refuse to.
        """,
        network=network,
        pictures=square[:, np.newaxis],
    )
    page.right("type(network.layers[0]).__name__", "The first layer with weights is the Conv2D.", network=network)
    page.right("network.input_shape", "The input is only this shape.", network=network)


def filters(page: Page, network: Any, picture: np.ndarray) -> None:
    """One position by hand, and one changed pixel seen by all filters."""
    page.heading("What a filter sees")
    layer = network.layers[0]
    weights, biases = layer.get_weights()  # (3, 3, 1, 32), (32,)
    page.right(
        "np.allclose(np.maximum(np.sum(window * weights, axis=(0, 1, 2)) + biases, 0), layer(picture)[0, 5, 9], atol=1e-5)",
        "All 32 numbers at row 5, column 9: the 3 x 3 window there, `picture[0, 5:8, 9:12]`, times each filter, added up.",
        picture=picture,
        window=picture[0, 5:8, 9:12, :, np.newaxis],  # (3, 3, 1, 1)
        weights=weights,
        biases=biases,
        layer=layer,
    )
    layer = keras.layers.Conv2D(32, (3, 3))
    layer.build((None, 28, 28, 1))
    before = keras.ops.convert_to_numpy(layer(picture))
    rows = []
    for row, column in ((0, 0), (14, 14), (27, 5)):
        changed = picture.copy()
        changed[0, row, column, 0] += 1
        moved = np.abs(keras.ops.convert_to_numpy(layer(changed)) - before)[0] > 1e-7  # (26, 26, 32)
        page.measure(f"filters that see ({row}, {column})", moved.any(axis=(0, 1)).sum())
        rows.append((f"({row}, {column})", int(moved.any(axis=(0, 1)).sum()), int(moved.any(axis=2).sum())))
    page.text("""
        One pixel changed, before the relu: all 32 filters notice, wherever it is, each at the positions whose
        window holds it. So no filter has a part of the picture, or some of the pictures, to itself.
    """)
    page.table(("pixel changed", "filters that change", "positions that change in each"), rows, measured=False)


def dropout(page: Page, network: Any, pictures: np.ndarray) -> None:
    """Count the zeros before and behind the Dropout."""
    page.heading("What Dropout acts on, counted")
    pooled = pictures
    for layer in network.layers[:3]:
        pooled = layer(pooled)
    pooled = keras.ops.convert_to_numpy(pooled)  # (50, 12, 12, 32)
    layer = network.layers[3]
    training = keras.ops.convert_to_numpy(layer(pooled, training=True))
    predicting = keras.ops.convert_to_numpy(layer(pooled, training=False))
    live = pooled != 0
    page.text("""
        Of the pooling layer's output, the numbers that are not zero already, behind `Dropout(0.25)`; those that
        are left grow by 1 / 0.75. The pictures and the weights are not touched.
    """)
    page.table(
        ("", "numbers", "made zero", "share"),
        [
            (
                "training=True",
                int(live.sum()),
                int((training[live] == 0).sum()),
                page.measure("zeros in training", np.mean(training[live] == 0)),
            ),
            (
                "training=False, as in predict",
                int(live.sum()),
                int((predicting[live] == 0).sum()),
                page.measure("zeros in prediction", np.mean(predicting[live] == 0)),
            ),
        ],
    )
    page.measure("growth of the rest", np.mean(training[live & (training != 0)] / pooled[live & (training != 0)]))


def draw(figure: Any, network: Any, picture: np.ndarray) -> None:
    """One picture through eight of the 32 filters, and a pooled map before and behind Dropout."""
    first = keras.ops.convert_to_numpy(network.layers[0](picture[np.newaxis]))[0]  # (26, 26, 32)
    pooled = network.layers[2](network.layers[1](first[np.newaxis]))
    thinned = keras.ops.convert_to_numpy(network.layers[3](pooled, training=True))[0]  # (12, 12, 32)
    pooled = keras.ops.convert_to_numpy(pooled)[0]
    grid = figure.add_gridspec(2, 8)
    axes = figure.add_subplot(grid[:, :2])
    axes.imshow(picture[:, :, 0], cmap="PiYG", vmin=-1.5, vmax=1.5)
    axes.set(title="one picture: (28, 28, 1)", xlabel="title", ylabel="moment (every 4 turns)")
    busiest = np.argsort(first.std(axis=(0, 1)))[::-1][:8]
    for place, number in enumerate(busiest):
        axes = figure.add_subplot(grid[place // 4, 2 + place % 4])
        axes.imshow(first[:, :, number], cmap="Blues", vmin=0)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"filter {number}: 26 x 26", fontsize=9)
    channel = int(np.argmax((pooled != 0).sum(axis=(0, 1)) + pooled.std(axis=(0, 1))))
    highest = max(float(pooled[:, :, channel].max()) / 0.75, 1e-6)
    for row, (image, title) in enumerate(((pooled, "pooled: 12 x 12"), (thinned, "behind Dropout(0.25)"))):
        axes = figure.add_subplot(grid[row, 6:])
        axes.imshow(image[:, :, channel], cmap="Oranges", vmin=0, vmax=highest)
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, fontsize=9)
    figure.suptitle("Every filter of Conv2D(32, (3, 3)) slides over the whole picture; Dropout zeroes outputs, not pixels")
