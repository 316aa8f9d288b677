"""monopoly-one: one output that still chooses among seven actions, because the action goes in with the state."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import decision_games, split_by_game
from agent.lessons.page import Page
from monopoly_env.actions import Action

_, keras = load_keras()
NAMES = [action.name for action in Action]


def build():
    """A state and an action in, one score out."""
    return keras.Sequential(
        [
            keras.Input((24,), name="state_and_action"),
            keras.layers.Dense(150, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def seven_rows(states):
    """(n, 23) to (n, 7, 24): every state seven times, with the number of an action as 24th column."""
    rows = np.empty((len(states), 7, 24), np.float32)
    rows[:, :, :23] = states[:, np.newaxis]
    rows[:, :, 23] = np.arange(7)
    return rows


def choose(network, states):
    """The action whose row scores highest, one for each state."""
    rows = seven_rows(states)  # (n, 7, 24)
    scores = network.predict(rows.reshape(-1, 24), batch_size=4096, verbose=0)  # (n * 7, 1)
    return scores.reshape(-1, 7).argmax(axis=1)  # (n,)


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        My network for seven actions ends in `Dense(1)`, and `predict` prints one number instead of seven. How
        do I make it print seven, and if one output is all there is, how can it choose among seven actions?
    """)
    page.answer("""
        The last layer has as many outputs as units, so `Dense(1)` gives one number a row and can give no more;
        `Dense(7)` gives seven. One output still chooses if the action is part of the input: seven rows (7, 24)
        in, seven scores (7, 1) out, and the row with the highest score is the action.
    """)
    history = page.history()
    states, actions = history.state, history.action.astype(np.int64)  # (D, 23), (D,)
    rows = seven_rows(states).reshape(-1, 24)  # (N, 24)
    chosen = (np.arange(7) == actions[:, np.newaxis]).astype(np.float32).ravel()  # (N,)
    page.data(
        """
            States and actions of a strong scripted player, every 30th decision of each game. Each state is
            there seven times, once with each action's number (0 to 6) as 24th column. To predict for each row:
            is this the action that was chosen?
        """,
        rows=rows,
        chosen=chosen,
    )
    network = build()
    page.network(build, network)
    page.calls()
    calls(page, network, states, rows[:7], np.eye(7, dtype=np.float32)[actions[:5]])

    train, test = split_by_game(decision_games(history))
    page.heading("Training")
    network.compile(loss="binary_crossentropy", optimizer="adam")
    page.fit(network, rows[np.repeat(train, 7)], chosen[np.repeat(train, 7)], epochs=4, batch_size=512)
    commonest = np.bincount(actions[train]).argmax()
    page.score(
        "accuracy (one of seven actions predicted correctly)",
        np.mean(choose(network, states[test]) == actions[test]),
        {f"always {NAMES[commonest]}": np.mean(actions[test] == commonest)},
    )
    page.picture(lambda figure: draw(figure, network, states[test][0], actions[test][0]))


def calls(page: Page, network: Any, states: np.ndarray, rows: np.ndarray, wanted: np.ndarray) -> None:
    """One output where seven are wanted."""
    asked = keras.Sequential(
        [keras.Input((23,)), keras.layers.Dense(150, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
    )
    asked.compile(loss="mse", optimizer="adam")
    page.right(
        "network.predict(state.reshape(1, 23), verbose=0)",
        "This runs: one row in, one number out.",
        network=asked,
        state=states[0],
    )
    page.wrong(
        "network.evaluate(states, wanted, verbose=0)",
        None,
        """
            And this runs too: `wanted` has shape (5, 7), the output (5, 1), and mse stretches the one number
            over all seven columns. Keras does not complain, and the network learns one mean for all actions.
        """,
        network=asked,
        states=states[:5],
        wanted=wanted,
    )
    page.wrong(
        "network.predict(state.reshape(1, 23), verbose=0)",
        "expected axis -1 of input shape to have value 24, but received input with shape (1, 23)",
        "The network of this lesson wants the action, too.",
        network=network,
        state=states[0],
    )
    page.right(
        "network.predict(rows, verbose=0)",
        "Seven rows for one state, (7, 24): seven scores, (7, 1).",
        network=network,
        rows=rows,
    )
    page.right(
        "choose(network, states)",
        "`choose`, as used for the score below, does it for any number of states.",
        network=network,
        states=states[:5],
        choose=choose,
    )
    page.code(seven_rows, choose)


def draw(figure: Any, network: Any, state: np.ndarray, action: int) -> None:
    """Seven rows in, seven scores out."""
    inputs, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    rows = seven_rows(state[np.newaxis])[0]  # (7, 24)
    inputs.imshow(np.where(np.arange(24) == 23, rows / 6, rows), cmap="Blues", vmin=-0.2, vmax=1.4, aspect="auto")
    for number in range(7):
        inputs.text(23, number, number, ha="center", va="center", color="darkorange", weight="bold")
    inputs.axvline(22.5, color="darkorange")
    inputs.set(title="(7, 24) in: one state seven times, the action in the last column", xlabel="column")
    inputs.set_yticks(range(7), NAMES)
    scores = network.predict(rows, verbose=0)[:, 0]  # (7,)
    colours = ["#89b482" if number == scores.argmax() else "#7aa6c2" for number in range(7)]
    bars.barh(NAMES, scores, color=colours)
    bars.invert_yaxis()
    bars.set(title=f"(7, 1) out: the highest is {NAMES[scores.argmax()]}; played was {NAMES[action]}", xlabel="score")
