"""What people ask or see on the screen, with the answer in two lines and the lesson that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.lessons.blocks import Table


@dataclass(frozen=True)
class Entry:
    """A way into the lessons: a question, or the text of an error.

    Attributes:
        asked: the question, or the error's text in backquotes with whatever else helps to recognise it.
        answer: two lines at most.
        lesson: the name of the lesson where it is shown.
        error: the part of the text that this version of Keras prints in that lesson; "" for a question.
    """

    asked: str
    answer: str
    lesson: str
    error: str = ""


def _error(text: str, answer: str, lesson: str) -> Entry:
    return Entry(f"`{text}`", answer, lesson, text)


INDEX = (
    Entry(
        "`expected (23,) but got (1,)`, in full: `Error when checking input: expected state to have shape (23,) but got array "
        "with shape (1,)`, or `expected min_ndim=2, found ndim=1` (before Keras 3)",
        "The first axis is the batch: (23,) or (23, 1) is 23 samples of one number each. `state.reshape(1, 23)` is one sample "
        "of 23.",
        "monopoly",
    ),
    _error(
        "Expected shape (None, 23), but input has incompatible shape (23,)",
        "The same in Keras 3: one sample without a batch around it. `state.reshape(1, 23)`.",
        "monopoly",
    ),
    _error(
        "expected axis -1 of input shape to have value 23, but received input with shape (23, 1)",
        "A column where a row was meant: `state.reshape(1, 23)`, not `(23, 1)`.",
        "monopoly",
    ),
    _error(
        "Unrecognized data type",
        "A Python list is no array: `np.array([state], dtype=np.float32)` has shape (1, 23).",
        "monopoly",
    ),
    Entry(
        "Why (1, 23) and not (23,)?",
        "A network takes a batch, and its first axis counts the samples, `None` in a summary. One sample is a batch of one.",
        "monopoly",
    ),
    Entry(
        "What have 150 units to do with 23 columns?",
        "Nothing: the first Dense layer owns a (23, 150) matrix, so (1, 23) becomes (1, 150). The 150 is free to choose.",
        "monopoly",
    ),
    Entry(
        "How do seven numbers become an action?",
        "The largest of those that are legal: `np.where(mask, row, -np.inf).argmax()`; for rows of a batch `argmax(axis=1)`.",
        "monopoly",
    ),
    Entry(
        "Sigmoid, softmax or linear at the end?",
        "Labelled data: softmax with cross-entropy, or linear with mse for values. By play: softmax with PPO, linear with "
        "Q(lambda).",
        "monopoly",
    ),
    Entry(
        "Why is it always the same action?",
        "Sigmoid outputs near 0 or 1 have no slope left to learn by, and `Adam(0.2)` throws them there. Use a rate near 0.001.",
        "monopoly",
    ),
    Entry(
        "One output, seven actions?",
        "`Dense(1)` gives one number a row. Give it seven rows, one an action, with the action as a 24th column.",
        "monopoly-one",
    ),
    Entry(
        "784 inputs into 32 units: are 752 switched off?",
        "No: every unit adds up all 784 inputs with weights of its own. 784 x 32 + 32 = 25,120 parameters.",
        "dense-784",
    ),
    Entry(
        "Which unit sees which feature?",
        "Every unit sees all of them, and a batch is whole rows: it cuts no columns.",
        "dense-10-5",
    ),
    Entry(
        "More units than inputs? What does Dropout do?",
        "Units are not tied to inputs: `Dense(64)` on 20 columns is a (20, 64) matrix. Dropout zeroes outputs while training.",
        "dense-20",
    ),
    _error(
        "must have the same rank",
        "Class numbers instead of one-hot rows: use `sparse_categorical_crossentropy`, or `keras.utils.to_categorical`.",
        "dense-20",
    ),
    Entry(
        "Steps, features, units: what is what in `SimpleRNN(10)` on (3, 1)?",
        "3 steps of 1 feature; the 10 units are the width of the state. It returns (None, 10), with `return_sequences=True` "
        "(None, 3, 10).",
        "rnn",
    ),
    _error(
        "expected ndim=3, found ndim=2",
        "A recurrent layer on top of one that returns its last state only: give the lower one `return_sequences=True`.",
        "rnn",
    ),
    _error(
        "Matrix size-incompatible",
        "Steps and features changed places: an input is (samples, steps, features). `table[:, :, np.newaxis]` makes one of "
        "(samples, steps).",
        "rnn",
    ),
    Entry(
        "What does an LSTM with 300 units return?",
        "`LSTM(300)` on (20, 1): (None, 300), its last state. `LSTM(300, return_sequences=True)`: (None, 20, 300), one state a "
        "step.",
        "lstm",
    ),
    Entry(
        "What are the 32 and the 3 in `Conv2D(32, 3)`?",
        "32 filters, each a window of 3 x 3 that slides over the whole picture: (28, 28, 1) becomes (26, 26, 32).",
        "conv",
    ),
    Entry(
        "What is the second 3 in `Conv2D(32, 3, 3)`?",
        "`strides`, no longer the window's width as in Keras 1: (9, 9, 32) and no error. Write `Conv2D(32, (3, 3))`.",
        "conv",
    ),
    _error(
        "Computed output size would be zero or negative",
        "Channels stand last: a grey picture is (28, 28, 1), not (1, 28, 28).",
        "conv",
    ),
    _error(
        "expected min_ndim=4, found ndim=3",
        "The axis of channels is missing: `keras.Input((28, 28, 1))` and `pictures[..., np.newaxis]`.",
        "conv",
    ),
)


def index_table(entries: Sequence[Entry] = INDEX, linked: bool = False) -> Table:
    """Return entries as a table; ``linked``: their lessons as links within a Markdown document."""
    rows = tuple(
        (entry.asked, entry.answer, f"[{entry.lesson}](#{entry.lesson})" if linked else entry.lesson) for entry in entries
    )
    return Table(("question or error", "answer", "lesson"), rows)
