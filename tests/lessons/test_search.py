"""The answers of docs/SHAPES.md, found by error text and by question."""

from pathlib import Path

import pytest

from agent.lessons.page import read_page
from agent.lessons.search import answers, search

PAGE = read_page(Path(__file__).parents[2] / "docs" / "SHAPES.md")
ANSWERS = answers(PAGE.opening)


def test_every_row_is_read_and_short_and_leads_to_a_lesson():
    assert len(ANSWERS) == PAGE.opening.count("](#") - len(PAGE.lessons)  # the list of the lessons has links, too
    assert {entry.lesson for entry in ANSWERS} == set(PAGE.lessons)
    for entry in ANSWERS:
        assert len(entry.answer) < 140, entry


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ValueError: Argument(s) not recognized: {'lr': 0.01}", "{'lr': 0.2}"),
        ("UserWarning: Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential", "Do not pass"),
        ("TypeError: Dense.__init__() missing 1 required positional argument: 'units'", "'units'"),
        ("AttributeError: 'numpy.ndarray' object has no attribute 'index'", "'index'"),
        ("ValueError: Data cardinality is ambiguous. Make sure all arrays contain", "Data cardinality"),
        ("Expected shape (None, 1, 23), but input has incompatible shape (1, 23)", "(None, "),
        ("Expected shape (None, 4), but input has incompatible shape (4,)", "(None, 23)"),
        ("expected axis -1 of input shape to have value 8, but received input with shape (8, 1)", "expected axis -1"),
        ("Convolution2D", "Convolution2D"),
        ("Unrecognized data type: x=(array([0.2, 1.0]), {'seat': 3}) (of type <class 'tuple'>)", "env.reset()"),
        ("Unrecognized data type: x=[0.5, 1.0] (of type <class 'list'>)", "'list'"),
        ("expected state to have shape (4,) but got array with shape (1,)", "before Keras 3"),
        ("5 out of the last 5 calls to <function> triggered tf.function retracing. Tracing is expensive", "retracing"),
        ("Input 0 of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found ndim=2. Full", "ndim=3"),
        ("Matrix size-incompatible: In[0]: [5,3], In[1]: [1,10]", "`Matrix size-incompatible`"),
        ("ValueError: Shapes (None, 1) and (None, 7) are incompatible", "must have the same rank"),
        ("Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(32, 7)", "target.ndim - 1"),
        ("AttributeError: 'tuple' object has no attribute 'reshape'", "env.reset()"),
        ("how many neurons", "How many units"),
        ("why (1, 23)", "Why (1, 23) and not (23,)?"),
        ("do filters learn the same?", "64 filters"),
    ],
)
def test_the_first_answer_is_the_one_wanted(text, asked):
    assert asked in search(text, ANSWERS)[0].asked


@pytest.mark.parametrize("text", ["", " ", "lsmt", "ALL", "?", "CUDA out of memory"])
def test_nothing_is_found_where_nothing_fits(text):
    assert search(text, ANSWERS) == []
