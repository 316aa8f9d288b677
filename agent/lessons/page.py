"""The frame of a lesson: what it says is shown, run and kept, in one order for all lessons.

question, answer, data, network with its table of layers, wrong and right calls, training with a score. What is shown as code is
what runs: a call is given as text and evaluated.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.learning.keras_setup import load_keras
from agent.lessons.blocks import Block, Code, Heading, Table, Text
from agent.lessons.data import GAMES, bot_games
from agent.lessons.layers import LayerRow, layer_table
from monopoly_env.batch.history import History

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_ERROR_LENGTH = 420
_QUICK_ROWS = 256


@dataclass(frozen=True)
class Attempt:
    """A call, and what became of it: the error, or the result."""

    code: str
    right: bool
    says: str | None  # the stable part of the error expected of a wrong call; None: Keras accepts it
    error: str | None
    result: Any = None


@dataclass(frozen=True)
class Score:
    """A score on games held out, beside that of a naive answer."""

    measure: str
    network: float
    baseline_name: str
    baseline: float
    higher_is_better: bool = True

    @property
    def beats(self) -> bool:
        """Whether the network does better than the naive answer."""
        gain = self.network - self.baseline if self.higher_is_better else self.baseline - self.network
        return gain > 1e-6  # equal, but for float32


class Page:
    """One run of one lesson.

    Args:
        name: the lesson's name.
        show: called with every block as it comes.
        progress: called with a description and a number of steps; a context manager that yields ``step()``.
        games: games of four landlords to make the data from.
        seed: of the games and of the network.
        quick: train for one epoch on a few rows only, to see shapes rather than scores.
        picture: PNG file for the picture that explains the lesson; None draws none.
    """

    def __init__(
        self,
        name: str,
        show: Callable[[Block], None] = lambda block: None,
        progress: Callable[[str, int], Any] | None = None,
        *,
        games: int = GAMES,
        seed: int = 0,
        quick: bool = False,
        picture: Path | None = None,
    ) -> None:
        self.name = name
        self.games = games
        self.seed = seed
        self.quick = quick
        self.picture_file = picture
        self.blocks: list[Block] = []
        self.arrays: dict[str, np.ndarray] = {}
        self.layers: list[list[LayerRow]] = []
        self.attempts: list[Attempt] = []
        self.scores: list[Score] = []
        self.findings: dict[str, float] = {}  # what a lesson measures, by name
        self._show = show
        self._progress = progress or _silent

    def history(self) -> History:
        """Play the games of this run (once for all its lessons) and return them."""
        with self._progress(f"{self.games:,} games of four landlords", 1) as step:
            history = bot_games(self.games, self.seed)
            step()
        return history

    def question(self, text: str) -> None:
        """Ask the question."""
        self._add(Heading(self.name), Text(_flat(text)))

    def answer(self, text: str) -> None:
        """Give the answer in two or three sentences; the rest of the lesson shows that it holds."""
        self._add(Heading("The answer", 2), Text(_flat(text)))

    def data(self, text: str, example: str = "", **arrays: np.ndarray) -> None:
        """Show named arrays: shapes, types, first rows (or ``example``, ready to print)."""
        self.arrays.update(arrays)
        rows = [(name, _shape_with_n(array.shape), str(array.dtype)) for name, array in arrays.items()]
        counts = sorted({len(array) for array in arrays.values()}, reverse=True)
        first = example or "\n".join(f"{name}[:3] = {_rows(array[:3], len(name) + 7)}" for name, array in arrays.items())
        self._add(
            Heading("The data", 2),
            Text(_flat(text)),
            Table(("array", "shape", "type"), tuple(rows)),
            Text(f"N = {', '.join(f'{count:,}' for count in counts)} from {self.games:,} games.", measured=True),
            Code(first, language="text", measured=True),
        )

    def network(self, build: Callable, network: Any, title: str = "The network") -> None:
        """Show the source of ``build``, and the layers of ``network`` worked out by formula beside Keras's report."""
        self._add(Heading(title, 2), Code(textwrap.dedent(inspect.getsource(build)).rstrip()))
        self.layer_table(network)

    def layer_table(self, network: Any) -> None:
        """Show the layers of ``network`` worked out by formula beside what Keras reports."""
        rows = layer_table(network)
        self.layers.append(rows)
        columns = ("layer", "output shape", "weight shapes", "parameters", "Keras reports")
        self._add(Table(columns, tuple(_layer_cells(row) for row in rows)))
        total = sum(row.formula.parameters for row in rows)
        self._add(Text(f"Input {network.input_shape}, {total:,} parameters; Keras counts {network.count_params():,}."))

    def calls(self) -> None:
        """Open the part with the wrong and the right calls."""
        _, keras = load_keras()
        self._add(Heading("The wrong call and the right one", 2))
        self._add(Text(f"The errors are those of Keras {keras.__version__}.", measured=True))

    def wrong(self, code: str, says: str | None, text: str = "", **names: Any) -> None:
        """Run a call that people get wrong and show what Keras says.

        Args:
            code: one Python expression over ``names``, ``np`` and ``keras``.
            says: the part of the error that holds from version to version; None where Keras accepts the call.
            text: what is wrong with it.
        """
        attempt = self._attempt(code, False, says, names)
        outcome = attempt.error or f"no error; {_describe(attempt.result)}"
        self._add(Text("**Wrong.** " + _flat(text)), Code(code), Code(outcome, language="text", measured=True))

    def right(self, code: str, text: str = "", **names: Any) -> Any:
        """Run a call that works, show and return its result."""
        attempt = self._attempt(code, True, None, names)
        if attempt.error is not None:
            raise RuntimeError(f"{code}\n{attempt.error}")
        measured = isinstance(attempt.result, float | np.floating | np.integer)  # the weights of this run decide
        self._add(Text("**Right.** " + _flat(text)), Code(f"{code}\n# {_describe(attempt.result)}", measured=measured))
        return attempt.result

    def _attempt(self, code: str, right: bool, says: str | None, names: dict[str, Any]) -> Attempt:
        error, result = None, None
        try:
            result = eval(code, {"np": np, "keras": load_keras()[1], **names})
        except Exception as caught:
            error = error_text(caught)
        attempt = Attempt(code, right, says, error, result)
        self.attempts.append(attempt)
        return attempt

    def heading(self, text: str) -> None:
        """Open another part."""
        self._add(Heading(text, 2))

    def text(self, text: str, measured: bool = False) -> None:
        """Say something; ``measured``: numbers of this run are in it."""
        self._add(Text(_flat(text), measured))

    def code(self, *functions: Callable) -> None:
        """Show the source of functions."""
        source = "\n\n\n".join(textwrap.dedent(inspect.getsource(function)).rstrip() for function in functions)
        self._add(Code(source))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], measured: bool = True) -> None:
        """Show a table; floats with three digits behind the point."""
        cells = tuple(tuple(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row) for row in rows)
        self._add(Table(tuple(columns), cells, measured))

    def measure(self, name: str, value: float) -> float:
        """Keep a finding under its name and return it."""
        self.findings[name] = float(value)
        return float(value)

    def fit(self, network: Any, inputs: Any, targets: np.ndarray, *, epochs: int, batch_size: int, label: str = "") -> None:
        """Train a compiled network on rows, with progress; ``inputs`` is an array or a list of arrays."""
        _, keras = load_keras()
        if self.quick:
            inputs = [each[:_QUICK_ROWS] for each in inputs] if isinstance(inputs, list) else inputs[:_QUICK_ROWS]
            targets, epochs = targets[:_QUICK_ROWS], 1
        batches = -(-len(targets) // batch_size)
        with self._progress(f"training {label or self.name}", epochs * batches) as step:
            callback = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: step())
            network.fit(inputs, targets, epochs=epochs, batch_size=batch_size, verbose=0, callbacks=[callback])
        optimizer, rate = type(network.optimizer).__name__, float(network.optimizer.learning_rate)
        times = "1 epoch" if epochs == 1 else f"{epochs} epochs"
        self.text(
            f"Trained{' ' + label if label else ''}: {times} over {len(targets):,} rows in batches of {batch_size}, "
            f"loss {network.loss}, {optimizer} at a rate of {rate:g}.",
            measured=True,
        )

    def score(self, measure: str, network: float, baselines: dict[str, float], higher_is_better: bool = True) -> None:
        """Show the score of the network on held-out games beside those of naive answers."""
        scores = [Score(measure, float(network), name, float(value), higher_is_better) for name, value in baselines.items()]
        self.scores += scores
        rows = [("the network", float(network)), *((score.baseline_name, score.baseline) for score in scores)]
        self.table((f"on games held out ({'more' if higher_is_better else 'less'} is better)", measure), rows)

    def picture(self, draw: Callable[[Any], None], size: tuple[float, float] = (11, 5)) -> None:
        """Draw the picture that explains the lesson, if one was asked for; ``draw`` gets a Matplotlib figure."""
        if self.picture_file is None:
            return
        from agent.lessons.pictures import write_picture

        write_picture(self.picture_file, draw, size)
        self._show(Text(f"Picture: {self.picture_file}"))  # where it lies is no part of the lesson

    def _add(self, *blocks: Block) -> None:
        for block in blocks:
            self.blocks.append(block)
            self._show(block)


@contextmanager
def _silent(description: str, steps: int) -> Iterator[Callable[[], None]]:
    yield lambda: None


def error_text(error: Exception) -> str:
    """Return an error as a reader needs it: its type and its message without colours and the list of arguments."""
    message = _ANSI.sub("", str(error)).split("Arguments received by")[0]
    lines = [line.strip() for line in message.splitlines()]
    message = "\n".join(line for line in lines if line and not line.startswith(('File "', "Detected at")))
    if len(message) > _ERROR_LENGTH:
        message = message[: _ERROR_LENGTH - 4] + " ..."
    return f"{type(error).__name__}: {message}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _shape_with_n(shape: tuple[int, ...]) -> str:
    return f"({', '.join(['N', *map(str, shape[1:])])}{',' if len(shape) == 1 else ''})"


def _rows(array: np.ndarray, indent: int) -> str:
    text = np.array2string(array, precision=2, suppress_small=True, threshold=60, edgeitems=4, max_line_width=100)
    return text.replace("\n", "\n" + " " * indent)


def _describe(result: Any) -> str:
    """Say what a call returned: a shape, or a plain value."""
    if isinstance(result, tuple) and all(size is None or isinstance(size, int) for size in result):
        return f"shape {result}"
    if hasattr(result, "output_shape"):
        return f"a network from {result.input_shape} to {result.output_shape}"
    if hasattr(result, "shape") and len(result.shape):
        return f"shape {tuple(result.shape)}"
    return f"returns {result!s}" if isinstance(result, str | int | float | np.generic) else f"returns a {type(result).__name__}"


def _layer_cells(row: LayerRow) -> tuple[str, ...]:
    def shapes(weights: tuple) -> str:
        return ", ".join(map(str, weights)) or "none"

    worked = row.formula
    count = f"{worked.sum} = {worked.parameters:,}" if worked.weights else "0"
    reported = f"{row.keras_output}; {shapes(row.keras_weights)}; {row.keras_parameters:,}"
    verdict = "the same: " if row.agrees else "OTHERWISE: "
    return row.layer, str(worked.output), shapes(worked.weights), count, verdict + reported
