"""Lessons: the questions Keras newcomers ask about shapes, each answered by a network trained on real games.

One file a lesson, written to be copied from. ``agent.lessons.page`` is the frame they share: it shows, runs and keeps what a
lesson says. Importing this package starts neither TensorFlow nor the engine.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

from agent.learning.keras_setup import load_keras

if TYPE_CHECKING:
    from agent.lessons.page import Page

# name -> (module, the network asked about)
LESSONS = {
    "dense-784": ("dense_784", "Dense(32) on 784 inputs: what becomes of the other 752?"),
    "dense-20": ("dense_20", "Dense(64) on 20 inputs, Dropout, a softmax over ten: more units than inputs?"),
    "dense-10-5": ("dense_10_5", "Dense(5) on 10 features: which unit sees which feature?"),
    "monopoly": ("monopoly", "Dense(150) on 23, Dense(7): 23 numbers in, 7 out, and which head"),
    "monopoly-one": ("monopoly_one", "the same with one output: how Dense(1) chooses among seven actions"),
    "rnn": ("rnn", "SimpleRNN(10) on (3, 1): steps, features and units"),
    "lstm": ("lstm", "LSTM(300) on (20, 1), Dense(20): one cell, 362,400 parameters"),
    "conv": ("conv", "Conv2D(32, 3x3) twice on 28 x 28 pictures: filters, channels, Dropout"),
}


def check_name(name: str) -> str:
    """Return ``name`` if there is such a lesson.

    Raises:
        ValueError: there is none; one line that lists the lessons.
    """
    if name not in LESSONS:
        raise ValueError(f"There is no such lesson. Expected one of {', '.join(LESSONS)}, or all. Received: {name!r}")
    return name


def run_lesson(page: Page) -> None:
    """Run the lesson that ``page`` is for, from fresh layer names and the page's seed."""
    module = importlib.import_module(f"agent.lessons.{LESSONS[check_name(page.name)][0]}")
    _, keras = load_keras()
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of many small networks, which is what lessons are
    keras.backend.clear_session()
    keras.utils.set_random_seed(page.seed)
    module.lesson(page)
