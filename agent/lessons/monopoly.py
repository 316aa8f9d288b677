"""monopoly: 23 numbers in, 7 out; lists, batches, argmax, and what sigmoid, softmax and linear heads mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.data import decision_games, split_by_game
from agent.lessons.page import Page
from agent.players.batching import as_batch
from monopoly_env.actions import Action
from monopoly_env.observation import FEATURE_NAMES

_, keras = load_keras()
NAMES = [action.name for action in Action]
STUCK = 1e-3  # an output closer than this to 0 or 1 counts as saturated


def build(head="sigmoid"):
    """A state in, seven numbers out."""
    return keras.Sequential(
        [
            keras.Input((23,), name="state"),
            keras.layers.Dense(150, activation="relu"),
            keras.layers.Dense(7, activation=head),
        ]
    )


def lesson(page: Page) -> None:
    """Show, train and answer."""
    page.question("""
        A state of my game is 23 numbers, there are 7 actions. `Dense(150, activation="relu")` on 23 inputs and
        `Dense(7, activation="sigmoid")`, compiled with mse and `Adam(0.2)`: why does Keras refuse my 23
        numbers, what does `predict` return, how do I get an action out of it, and why is it always the same
        one?
    """)
    page.answer("""
        A network takes a batch: (23,) becomes (1, 23), `predict` returns (1, 7), and the action is the largest
        of the seven that is legal, `np.where(mask, row, -np.inf).argmax()`. 150 units have nothing to do with
        23 columns: the first layer owns a (23, 150) matrix, the second a (150, 7). Use softmax with
        cross-entropy for probabilities of actions or a linear head with mse for their values, at a rate near
        0.001: sigmoid with mse has no slope left where its outputs are near 0 or 1, and steps of 0.2 throw
        them there.
    """)
    history = page.history()
    states, actions = history.state, history.action.astype(np.int64)  # (N, 23), (N,)
    page.data(
        f"""
            What a strong scripted player saw and did: every 30th decision of each game. A state is the 23
            floats of this environment ({FEATURE_NAMES[0]} ... {FEATURE_NAMES[-1]}), an action one of
            {", ".join(NAMES)}. To predict: what did it do?
        """,
        states=states,
        actions=actions,
    )
    network = build()
    page.network(build, network)
    page.text("""
        Layer by layer: (1, 23) x (23, 150) is (1, 150), and (1, 150) x (150, 7) is (1, 7). The game gives the 23
        and the 7; the 150 in between is free, since each layer makes its matrix to fit the layer before it.
    """)
    page.calls()
    calls(page, network, states[:5])
    legal_actions(page, network, states[0], history.action_mask[0])

    train, test = split_by_game(decision_games(history))
    wanted = np.eye(7, dtype=np.float32)[actions]  # (N, 7), one-hot
    page.heading("Training: three heads")
    heads = train_heads(page, states[train], wanted[train])
    table_of_heads(page, heads, states[test], actions[test])
    values = train_values(page, history, train)
    meaning(page, heads, values, states[test][:1])

    commonest = np.bincount(actions[train]).argmax()
    right = np.mean(heads["softmax"].predict(states[test], batch_size=1024, verbose=0).argmax(axis=1) == actions[test])
    page.score(
        "accuracy of the softmax head (actions predicted correctly)",
        right,
        {f"always {NAMES[commonest]}, as the saturated network": np.mean(actions[test] == commonest)},
    )
    page.picture(lambda figure: draw(figure, heads, states[test][:2000]))


def calls(page: Page, network: Any, states: np.ndarray) -> None:
    """From 23 numbers to an action, with the stumbling blocks."""
    state = states[0]
    names = {"network": network, "state": state, "states": states, "as_batch": as_batch}
    page.wrong(
        "network.predict(state, verbose=0)",
        "Expected shape (None, 23), but input has incompatible shape (23,)",
        """
            One state of shape (23,). Keras reads the first axis as the batch, so these are 23 samples of one
            number each, and a sample has to have 23.
        """,
        **names,
    )
    page.wrong(
        "network.predict(state.reshape(23, 1), verbose=0)",
        "expected axis -1 of input shape to have value 23, but received input with shape (23, 1)",
        "The same 23 samples of one number each, as 23 rows of one column.",
        **names,
    )
    page.text("""
        Older versions say of both: `Error when checking input: expected state to have shape (23,) but got array
        with shape (1,)`, or of the first `expected min_ndim=2, found ndim=1`. The (23,) is the sample that the
        network expects, the (1,) the sample it got; neither counts the batch. The remedy is the same for all
        these texts: `state.reshape(1, 23)`, one sample of 23 numbers.
    """)
    page.wrong(
        "network.predict(state.tolist(), verbose=0)",
        "Unrecognized data type",
        "A Python list of 23 numbers: Keras takes arrays, and a list for several inputs, each an array.",
        **names,
    )
    page.wrong(
        "network.predict(list(state), verbose=0)",
        "tuple index out of range",
        "The same with 23 NumPy numbers in a list: now each is an input, and has no axis to count samples along.",
        **names,
    )
    page.right("network.predict(state.reshape(1, 23), verbose=0)", "One row of 23 columns in, one row of 7 out.", **names)
    page.right(
        "network.predict(as_batch(state.tolist()), verbose=0)",
        "`agent.players.batching.as_batch` makes that batch of lists, tuples and arrays, or says what is wrong with them.",
        **names,
    )
    page.wrong(
        "np.argmax(network.predict(states, verbose=0))",
        None,
        "Five states: without an axis `np.argmax` counts through all 35 numbers and gives one place among them.",
        **names,
    )
    page.right("np.argmax(network.predict(states, verbose=0), axis=1)", "Along axis 1 it gives one action a row.", **names)


def legal_actions(page: Page, network: Any, state: np.ndarray, mask: np.ndarray) -> None:
    """From seven numbers to the best action among those the rules allow."""
    page.right(
        "np.where(mask, row, -np.inf).argmax()",
        """
            Not every action is legal at every decision, and `argmax` alone does not know. `row` is one row of 7
            out of `predict`, `mask` the seven 0s and 1s that the environment gives as `info["action_mask"]`: an
            illegal action counts as minus infinity, so a legal one is always the largest.
        """,
        mask=mask,
        row=network.predict(state.reshape(1, 23), verbose=0)[0],
    )


def train_heads(page: Page, states: np.ndarray, wanted: np.ndarray) -> dict[str, Any]:
    """Train the network as asked, the same at a usual rate, and one with a softmax."""
    heads = {}
    for name, head, loss, rate in (
        ("sigmoid, mse, Adam(0.2)", "sigmoid", "mse", 0.2),
        ("sigmoid, mse, Adam(0.001)", "sigmoid", "mse", 0.001),
        ("softmax", "softmax", "categorical_crossentropy", 0.001),
    ):
        keras.utils.set_random_seed(page.seed)
        heads[name] = build(head)
        heads[name].compile(loss=loss, optimizer=keras.optimizers.Adam(rate))
        page.fit(heads[name], states, wanted, epochs=3, batch_size=256, label=name)
    return heads


def table_of_heads(page: Page, heads: dict[str, Any], states: np.ndarray, actions: np.ndarray) -> None:
    """Measure how far each network is stuck."""
    rows = []
    for name, network in heads.items():
        outputs = network.predict(states, batch_size=1024, verbose=0)  # (n, 7)
        hidden = keras.ops.convert_to_numpy(network.layers[0](states))  # (n, 150)
        stuck = page.measure(f"stuck outputs, {name}", np.mean((outputs < STUCK) | (outputs > 1 - STUCK)))
        slope = page.measure(f"slope, {name}", np.mean(outputs * (1 - outputs)))
        dead = page.measure(f"dead units, {name}", np.mean(hidden.max(axis=0) == 0))
        answers = page.measure(f"different answers, {name}", len(np.unique(outputs.argmax(axis=1))))
        right = page.measure(f"right, {name}", np.mean(outputs.argmax(axis=1) == actions))
        rows.append((name, stuck, slope, dead, int(answers), right))
    page.text("""
        What training left of them, on the decisions of games held out. Slope is the mean of p x (1 - p), the
        factor by which a sigmoid passes an error on; a hidden unit is dead if it puts out 0 for every state;
        actions counts those that ever come first.
    """)
    page.table(("head", "within 0.001 of 0 or 1", "slope", "dead hidden units", "actions", "accuracy"), rows)


def train_values(page: Page, history: Any, train: np.ndarray) -> Any:
    """Train a linear head on how the games ended: 1 for a win, -1 for a loss, at the output of the action taken."""
    game, test = decision_games(history), ~train
    result = np.where(history.winner[game] == history.decision_seat, 1.0, -1.0).astype(np.float32)  # (N,)
    taken = np.eye(7, dtype=np.float32)[history.action]  # (N, 7)
    values = build("linear")
    one_hot = keras.Input((7,), name="taken")
    value_of_taken = keras.layers.Dot(axes=1)([values.outputs[0], one_hot])  # (N, 1): picks one of the seven
    trainer = keras.Model([values.inputs[0], one_hot], value_of_taken)
    trainer.compile(loss="mse", optimizer=keras.optimizers.Adam(0.001))
    page.fit(trainer, [history.state[train], taken[train]], result[train], epochs=2, batch_size=256, label="linear")
    error = trainer.evaluate([history.state[test], taken[test]], result[test], batch_size=1024, verbose=0)
    page.score(
        "mean square error of the linear head on the game's result",
        error,
        {"always the mean result": np.mean((result[test] - result[train].mean()) ** 2)},
        higher_is_better=False,
    )
    return values


def meaning(page: Page, heads: dict[str, Any], values: Any, state: np.ndarray) -> None:
    """Show one state through every head."""
    page.text("""
        The same state through every head. A softmax row adds up to 1: how likely each action is. A linear row
        is any seven numbers: the result expected from each action, here from -1 (lost) to 1 (won). A sigmoid
        row is seven separate yes-or-no questions that need not add up to anything.
    """)
    networks = {**heads, "linear": values}
    rows = {name: network.predict(state, verbose=0)[0] for name, network in networks.items()}  # each (7,)
    page.measure("sum of the softmax row", rows["softmax"].sum())
    lines = [(action, *(float(row[number]) for row in rows.values())) for number, action in enumerate(NAMES)]
    page.table(("", *rows), [*lines, ("sum", *(float(row.sum()) for row in rows.values()))])
    page.text("""
        Which head? With labelled data, as here: softmax with cross-entropy, or linear with mse where the label
        is a value. Learning by play, where nobody says what was right: a softmax head by PPO (`python
        scripts/train.py --head softmax`, the default and the stronger here), a linear head by Q(lambda)
        (`--head linear`).
    """)


def draw(figure: Any, heads: dict[str, Any], states: np.ndarray) -> None:
    """The sigmoid with its slope, and where the outputs of the three networks lie."""
    curve, *histograms = figure.subplots(1, 4, width_ratios=(5, 3, 3, 3))
    x = np.linspace(-12, 12, 300)
    p = 1 / (1 + np.exp(-x))
    curve.plot(x, p, label="sigmoid(x)")
    curve.plot(x, 4 * p * (1 - p), label="its slope (x 4)", color="darkorange")
    curve.set(title="no slope at 0 and 1: nothing to learn by", xlabel="sum that reaches the output", ylim=(-0.05, 1.3))
    curve.legend(loc="upper left")
    for axes, (name, network) in zip(histograms, heads.items(), strict=True):
        axes.hist(network.predict(states, verbose=0).ravel(), bins=40, range=(0, 1), color="#7aa6c2")
        axes.set(title=name, xlabel="output", yscale="log", ylim=(1, 7 * len(states)))
    histograms[0].set_ylabel(f"outputs of {len(states):,} states x 7")
