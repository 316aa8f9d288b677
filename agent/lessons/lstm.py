"""lstm: LSTM(300) on (20, 1) and Dense(20), asked for the next 20 turns of a seat's net worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import seats_after, split_by_game, worth_of
from agent.lessons.page import Page
from monopoly_env.batch.history import History

_, keras = load_keras()
NOW = (60, 100)  # turns after which a forecast is made


def build():
    """20 steps of one feature in, 20 numbers out."""
    return keras.Sequential(
        [
            keras.Input((20, 1), name="last_20_turns"),
            keras.layers.LSTM(300),
            keras.layers.Dense(20),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        `LSTM(300)` on an input of (20, 1), then `Dense(20)`: are there 300 cells for 20 steps, how do the 20
        steps get into the 300 and out again as 20 numbers, and where do 362,400 parameters come from?
    """)
    page.answer("""
        There is one cell, applied 20 times, once a step, and 300 is the width of the state it hands on: `LSTM(300)`
        returns (None, 300), the state after the last step, from which `Dense(20)` makes (None, 20), and
        `LSTM(300, return_sequences=True)` returns (None, 20, 300), the states of all steps. The cell owns four
        matrices for the one feature, the 300 of the state and a bias, 4 x (1 + 300 + 1) x 300 = 362,400 numbers,
        however many steps there are.
    """)
    game, past, future = windows(page.history())
    page.data(
        """
            A seat's net worth after each of the last 20 turns, and after each of the next 20: the forecast.
            Both in thousands of dollars, less the net worth now, so that 0 means "as it is". One seat of each
            game after 60 and after 100 turns.
        """,
        example=f"past[0, :, 0] = {past[0, :, 0].round(2)}\nfuture[0] = {future[0].round(2)}",
        past=past,
        future=future,
    )
    network = build()
    page.network(build, network)
    page.calls()
    calls(page, network, past[:5], future[:5])
    one_cell(page, network, past[:5])

    train, test = split_by_game(game)
    page.heading("Training")
    network.compile(loss="mse", optimizer="adam")
    page.fit(network, past[train], future[train], epochs=3, batch_size=128)
    forecast = network.predict(past[test], batch_size=512, verbose=0)  # (n, 20)
    page.score(
        "root mean square error in dollars",
        1000 * rms(forecast - future[test]),
        {"it stays as it is": 1000 * rms(future[test])},
        higher_is_better=False,
    )
    page.picture(lambda figure: draw(figure, past[test], future[test], forecast))


def windows(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return game ``(N,)``, past ``(N, 20, 1)`` and future ``(N, 20)`` of a living seat of each game, at ``NOW``."""
    parts = []
    for number, now in enumerate(NOW):
        game, seat = seats_after(history, now)
        keep = seat == (game + number) % history.players
        game, seat = game[keep], seat[keep]
        worth = worth_of(history, game, seat, np.arange(now - 19, now + 21))  # (n, 40)
        worth -= worth[:, 19:20]
        parts.append((game, worth[:, :20, np.newaxis], worth[:, 20:]))
    game, past, future = (np.concatenate(each) for each in zip(*parts, strict=True))
    return game, past, future


def rms(errors: np.ndarray) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(errors))))


def calls(page: Page, network: Any, past: np.ndarray, future: np.ndarray) -> None:
    """Steps taken for features, and all states where one was meant."""
    page.wrong(
        "network(past.reshape(5, 1, 20))",
        "Matrix size-incompatible",
        "One step of 20 features: the cell has weights for one feature a step.",
        network=network,
        past=past,
    )
    page.right("network(past)", "Twenty steps of one feature, (20, 1), and the batch in front.", network=network, past=past)
    page.right(
        "keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(300)]).output_shape",
        "`LSTM(300)` returns its last state: 300 numbers for each sample.",
    )
    page.right(
        "keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(300, return_sequences=True)]).output_shape",
        "With `return_sequences=True` it returns the states of all 20 steps, 300 numbers each. The parameters stay the same.",
    )
    all_states = keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(300, return_sequences=True), keras.layers.Dense(20)])
    page.wrong(
        "keras.losses.mean_squared_error(future, all_states(past))",
        "Incompatible shapes: [5,20] vs. [5,20,20]",
        "With `LSTM(300, return_sequences=True)` the Dense layer makes 20 numbers of each of the 20 states.",
        all_states=all_states,
        past=past,
        future=future,
    )
    page.right("all_states.output_shape", "So that is what comes out of it.", all_states=all_states)


def apply_cell(cell, past):
    """(batch, steps, features) to (batch, 300): one cell, once a step, its two states handed on."""
    states = [np.zeros((len(past), cell.units), np.float32)] * 2
    for step in range(past.shape[1]):
        output, states = cell(past[:, step], states)
    return output


def one_cell(page: Page, network: Any, past: np.ndarray) -> None:
    """The layer as a loop over its one cell."""
    page.heading("One cell, applied 20 times")
    page.code(apply_cell)
    page.right(
        "np.allclose(apply_cell(layer.cell, past), layer(past), atol=1e-5)",
        "That loop is the layer. The states are its output and a memory beside it, 300 numbers each.",
        apply_cell=apply_cell,
        layer=network.layers[0],
        past=past,
    )


def draw(figure: Any, past: np.ndarray, future: np.ndarray, forecast: np.ndarray) -> None:
    """Three forecasts, and the error by turns ahead."""
    panels = figure.subplots(1, 4, width_ratios=(3, 3, 3, 4))
    turns = np.arange(-19, 21)
    moved = np.argsort(np.abs(forecast[:, -1]))[::-1]
    for axes, number in zip(panels, moved[[0, len(moved) // 20, len(moved) // 4]], strict=False):
        axes.plot(turns[:20], past[number, :, 0], color="black", label="last 20 turns (20, 1)")
        axes.plot(turns[20:], future[number], color="black", linestyle=":", label="what came")
        axes.plot(turns[20:], forecast[number], color="darkorange", label="forecast (20,)")
        axes.plot(turns[20:], np.zeros(20), color="grey", label="it stays as it is")
        axes.set(xlabel="turn from now", title=f"held-out row {number}")
    panels[0].set_ylabel("net worth from now, $1,000")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=4, fontsize=8)  # never on a curve
    ahead = np.arange(1, 21)
    panels[3].plot(ahead, 1000 * np.sqrt(np.mean(future**2, axis=0)), color="grey", label="it stays as it is")
    panels[3].plot(
        ahead, 1000 * np.sqrt(np.mean((forecast - future) ** 2, axis=0)), color="darkorange", label="LSTM(300), Dense(20)"
    )
    panels[3].set(title="error on held-out games", xlabel="turns ahead", ylabel="root mean square error, $")
    panels[3].legend(fontsize=8)
