"""rnn: SimpleRNN(10) on (3, 1), asked of a seat's net worth at three moments."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import seats_after, split_by_game, wins, worth_of
from agent.lessons.page import Page
from monopoly_env.batch.history import History

_, keras = load_keras()
MOMENTS = np.array([40, 80, 120])  # turns
ROWS = 4000  # to learn from, as in the question


def build():
    """Three steps of one feature in, the chance of winning out."""
    return keras.Sequential(
        [
            keras.Input((3, 1), name="net_worth"),
            keras.layers.SimpleRNN(10, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def rnn_by_hand(steps, weights, recurrent, biases):
    """(steps, features) to (units,): the same few lines for every step."""
    state = np.zeros(len(biases))
    for step in steps:
        state = np.maximum(step @ weights + state @ recurrent + biases, 0)
    return state


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        `SimpleRNN(10, activation="relu")` on an input of (3, 1), then `Dense(1, activation="sigmoid")`, binary
        cross-entropy, sgd, 4,000 rows. Are the ten units ten time steps, why is the output (None, 10) and not
        (None, 3, 10), and how does a NumPy table become (samples, steps, features)?
    """)
    page.answer("""
        Units are the width of the state that the cell hands from step to step, and have nothing to do with the
        number of steps: (None, 10) is that state after the last of the three, and `return_sequences=True` keeps
        all of them as (None, 3, 10). A table (samples, steps) becomes (samples, steps, features) with `[:, :,
        np.newaxis]`, or with `np.stack(..., axis=-1)` where there are several features.
    """)
    history = page.history()
    game, seat = seats_after(history, int(MOMENTS[-1]))
    worth = worth_of(history, game, seat, MOMENTS)  # (N, 3)
    steps = worth[:, :, np.newaxis]  # (N, 3, 1)
    won = wins(history, game, seat)
    page.data(
        f"""
            A seat still in the game: its net worth after {", ".join(map(str, MOMENTS))} turns, in thousands of
            dollars. To predict: will this seat win? `worth` is the table as it comes, `worth[:, :, np.newaxis]`
            adds the axis of features: (samples, steps, features) with one feature a step.
        """,
        worth=worth,
        steps=steps,
        won=won,
    )
    network = build()
    page.network(build, network)
    page.calls()
    calls(page, network, worth[:5])
    units_and_steps(page, network, steps)
    lengths(page, history)

    train, test = split_by_game(game)
    page.heading("Training")
    network.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
    page.fit(network, steps[train][:ROWS], won[train][:ROWS], epochs=12, batch_size=32)
    _, accuracy = network.evaluate(steps[test], won[test], batch_size=512, verbose=0)
    page.score("accuracy (wins and losses predicted correctly)", accuracy, {"always no": np.mean(won[test] == 0)})
    page.picture(lambda figure: draw(figure, network, steps[test], won[test]))


def calls(page: Page, network: Any, worth: np.ndarray) -> None:
    """Axes in the wrong place, and layers on top of each other."""
    page.wrong(
        "network(worth.reshape(5, 1, 3))",
        "Matrix size-incompatible",
        "One step of three features: the network was made for three steps of one feature.",
        network=network,
        worth=worth,
    )
    page.wrong(
        "network(worth)",
        None,
        """
            The table without the axis of features. Keras adds the last axis where one is missing and the
            network expects 1 there; with two features a step it refuses, so write the axis down.
        """,
        network=network,
        worth=worth,
    )
    page.right("network(worth[:, :, np.newaxis])", "Five samples of three steps of one feature.", network=network, worth=worth)
    page.wrong(
        "keras.Sequential([keras.Input((3, 1)), keras.layers.SimpleRNN(10), keras.layers.SimpleRNN(10)])",
        "expected ndim=3, found ndim=2",
        "The first layer hands on its last state only, and the second one wants steps.",
    )
    page.right(
        "keras.Sequential([keras.Input((3, 1)), keras.layers.SimpleRNN(10, return_sequences=True)]).output_shape",
        "With `return_sequences=True` all states come out, one for every step.",
    )


def units_and_steps(page: Page, network: Any, steps: np.ndarray) -> None:
    """The layer by hand, and its size for other numbers of steps."""
    page.heading("Step by step")
    page.code(rnn_by_hand)
    weights, recurrent, biases = network.layers[0].get_weights()  # (1, 10), (10, 10), (10,)
    page.right(
        "np.allclose(rnn_by_hand(steps[0], weights, recurrent, biases), layer(steps[:1])[0], atol=1e-4)",
        "Three times round the loop is the whole layer, and the last state is its output.",
        rnn_by_hand=rnn_by_hand,
        steps=steps,
        weights=weights,
        recurrent=recurrent,
        biases=biases,
        layer=network.layers[0],
    )
    rows = []
    for count in (3, 7, 20):
        layer = keras.layers.SimpleRNN(10)
        output = layer(np.zeros((1, count, 1), np.float32))
        rows.append((f"({count}, 1)", f"(None, {output.shape[-1]})", layer.count_params()))
    page.text("The same layer on other numbers of steps: the output and the parameters stay.")
    page.table(("input", "output of SimpleRNN(10)", "parameters"), rows, measured=False)


def lengths(page: Page, history: History) -> None:
    """Games of different lengths, two features a step: padding and masking."""
    page.heading("Games of different lengths, several features a step")
    lists = [two_features(history, game) for game in range(8)]  # each (steps, 2), steps differ
    longest = max(map(len, lists))
    padded = np.zeros((len(lists), longest, 2), np.float32)  # (8, longest, 2)
    for row, steps in zip(padded, lists, strict=True):
        row[: len(steps)] = steps
    page.text("""
        The whole game, every ten turns, with two features a step: my net worth and the richest rival's. Every
        game has its own number of steps, an array has one: shorter games are filled up with zeros, and
        `Masking` skips the steps that are all zero.
    """)
    page.code(two_features)
    page.text(f"Steps of the first eight games: {', '.join(str(len(steps)) for steps in lists)}.", measured=True)
    masked = keras.Sequential(
        [keras.Input((None, 2)), keras.layers.Masking(0.0), keras.layers.SimpleRNN(10), keras.layers.Dense(1)]
    )
    plain = keras.Sequential([keras.Input((None, 2)), *masked.layers[1:]])  # the same weights, no mask
    page.layer_table(masked)
    short = int(np.argmin([len(steps) for steps in lists]))
    names = {"masked": masked, "plain": plain, "padded": padded[short : short + 1], "alone": lists[short][np.newaxis]}
    page.wrong(
        "np.allclose(plain(padded), plain(alone), atol=1e-5)",
        None,
        "Without a mask the filling is read as net worth: the shortest game padded and by itself give different results.",
        **names,
    )
    page.right("np.allclose(masked(padded), masked(alone), atol=1e-5)", "With the mask they give the same.", **names)


def two_features(history, game):
    """(steps, 2): my net worth and the richest rival's, every ten turns of one game, in thousands of dollars."""
    rows = np.arange(history.turn_start[game], history.turn_start[game + 1], 10)
    worth = history.net_worth[rows] / 1000  # (steps, 4)
    return np.stack([worth[:, 0], worth[:, 1:].max(axis=1)], axis=-1).astype(np.float32)


def draw(figure: Any, network: Any, steps: np.ndarray, won: np.ndarray) -> None:
    """The states of a winner and a loser after each step."""
    layer = network.layers[0]
    weights = layer.get_weights()
    states = keras.layers.SimpleRNN(layer.units, activation="relu", return_sequences=True)
    states.build((None, 3, 1))
    states.set_weights(weights)
    worth = steps[:, :, 0]
    some = [
        int(np.argmax(np.where(won == 1, worth[:, 2], 0))),
        int(np.argmax(np.where((won == 0) & (worth[:, 2] > 0), 9 - worth[:, 2], 0))),
    ]
    panels = figure.subplots(1, 2)
    highest = max(float(keras.ops.max(states(steps[some]))), 1e-6)
    for axes, number, name in zip(panels, some, ("a winner", "a loser"), strict=True):
        values = keras.ops.convert_to_numpy(states(steps[number : number + 1]))[0]  # (3, 10)
        axes.imshow(values, cmap="Blues", vmin=0, vmax=highest, aspect="auto")
        axes.set_yticks(
            range(3), [f"turn {turn}: ${1000 * value:,.0f}" for turn, value in zip(MOMENTS, worth[number], strict=True)]
        )
        axes.set_xticks(range(10))
        axes.axhspan(1.5, 2.48, fill=False, edgecolor="darkorange", linewidth=3)
        chance = network.predict(steps[number : number + 1], verbose=0)[0, 0]
        axes.set(title=f"{name}: predicted {chance:.0%}", xlabel="unit of the state")
    figure.suptitle("SimpleRNN(10) on 3 steps: (3, 10) states; the output (10,) is the last row")
