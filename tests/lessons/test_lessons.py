"""What every lesson shows: its order, shapes, counts, calls, errors and findings. Scores are in test_scores.py."""

import importlib
import inspect
import struct
from pathlib import Path

import numpy as np
import pytest

from agent.lessons import LESSONS, check_name
from agent.lessons.blocks import Code, Heading, Table, Text, stable_part, to_markdown
from agent.lessons.data import bot_games
from agent.lessons.document import opening
from agent.lessons.index import INDEX
from agent.lessons.page import Page, error_text

from .conftest import GAMES

pytestmark = pytest.mark.slow  # the fixture goes through all lessons
SHAPES = Path(__file__).parents[2] / "docs" / "SHAPES.md"
# arrays of each lesson, without their first axis
ARRAYS = {
    "dense-784": {"pictures": (28, 28), "flat": (784,), "won": ()},
    "dense-20": {"holds": (20,), "best_group": ()},
    "dense-10-5": {"holds": (10,), "won": ()},
    "monopoly": {"states": (23,), "actions": ()},
    "monopoly-one": {"rows": (24,), "chosen": ()},
    "rnn": {"worth": (3,), "steps": (3, 1), "won": ()},
    "lstm": {"past": (20, 1), "future": (20,)},
    "conv": {"pictures": (28, 28, 1), "won": ()},
}
# output shape and parameters of every layer of every network shown
LAYERS = {
    "dense-784": [[((None, 32), 25_120), ((None, 1), 33)]],
    "dense-20": [[((None, 64), 1_344), ((None, 64), 0), ((None, 64), 4_160), ((None, 64), 0), ((None, 10), 650)]],
    "dense-10-5": [[((None, 5), 55), ((None, 1), 6)]],
    "monopoly": [[((None, 150), 3_600), ((None, 7), 1_057)]],
    "monopoly-one": [[((None, 150), 3_750), ((None, 1), 151)]],
    "rnn": [
        [((None, 10), 120), ((None, 1), 11)],
        [((None, None, 2), 0), ((None, 10), 130), ((None, 1), 11)],
    ],
    "lstm": [[((None, 300), 362_400), ((None, 20), 6_020)]],
    "conv": [
        [
            ((None, 26, 26, 32), 320),
            ((None, 24, 24, 32), 9_248),
            ((None, 12, 12, 32), 0),
            ((None, 12, 12, 32), 0),
            ((None, 4_608), 0),
            ((None, 1), 4_609),
        ],
        [((None, 32, 26, 26), 320), ((None, 32, 24, 24), 9_248), ((None, 32, 12, 12), 0), ((None, 32, 12, 12), 0)],
    ],
}
# how many calls Keras refuses, and how many wrong ones it lets through
WRONG = {
    "dense-784": (1, 0),
    "dense-20": (1, 0),
    "dense-10-5": (2, 0),
    "monopoly": (4, 1),
    "monopoly-one": (1, 1),
    "rnn": (2, 2),
    "lstm": (2, 0),
    "conv": (2, 1),
}


def test_every_lesson_has_expectations_here():
    assert list(LESSONS) == list(ARRAYS) == list(LAYERS) == list(WRONG)


def test_the_order_is_the_same_for_all(page):
    parts = [block.text for block in page.blocks if isinstance(block, Heading)]
    assert parts[0] == page.name
    wanted = ["The answer", "The data", "The network", "The wrong call and the right one", "Training"]
    places = [next(place for place, part in enumerate(parts) if part.split(":")[0] == name) for name in wanted]
    assert places == sorted(places) and places[0] == 1 and places[-1] == len(parts) - 1
    question, heading, answer = page.blocks[1:4]
    assert "?" in question.text and heading.text == "The answer"
    sentences = [part for part in answer.text.replace("?", ".").split(". ") if part]
    assert 2 <= len(sentences) <= 3, sentences


def test_arrays(page):
    assert {name: array.shape[1:] for name, array in page.arrays.items()} == ARRAYS[page.name]
    assert len({len(array) for array in page.arrays.values()}) == 1
    for array in page.arrays.values():
        assert np.isfinite(array).all()
        assert len(array) > 50


def test_layers_and_parameters(page):
    assert [[(row.formula.output, row.formula.parameters) for row in rows] for rows in page.layers] == LAYERS[page.name]
    for rows in page.layers:
        assert all(row.agrees for row in rows)


def test_wrong_calls_fail_as_told_and_right_ones_work(page):
    refused = [attempt for attempt in page.attempts if not attempt.right and attempt.says is not None]
    silent = [attempt for attempt in page.attempts if not attempt.right and attempt.says is None]
    assert (len(refused), len(silent)) == WRONG[page.name]
    for attempt in refused:
        assert attempt.error is not None and attempt.says in attempt.error, (attempt.code, attempt.error)
    for attempt in silent:
        assert attempt.error is None, attempt
    for attempt in page.attempts:
        if attempt.right:
            assert attempt.error is None and attempt.result is not None
            assert attempt.result is not False and not (isinstance(attempt.result, np.bool_) and not attempt.result), (
                attempt.code
            )


def test_results_of_the_calls_that_make_the_point(small_pages):
    def result(name, beginning):
        return next(attempt.result for attempt in small_pages[name].attempts if attempt.code.startswith(beginning))

    assert result("monopoly", "network.predict(state.reshape(1, 23)").shape == (1, 7)
    assert result("monopoly", "network.predict(as_batch(").shape == (1, 7)
    assert np.ndim(result("monopoly", "np.argmax(network.predict(states, verbose=0))")) == 0
    assert result("monopoly", "np.argmax(network.predict(states, verbose=0), axis=1)").shape == (5,)
    assert result("monopoly-one", "network.predict(rows").shape == (7, 1)
    assert set(result("monopoly-one", "choose(")) <= set(range(7))
    assert result("rnn", "keras.Sequential([keras.Input((3, 1)), keras.layers.SimpleRNN(10, return_seq") == (None, 3, 10)
    assert not result("rnn", "np.allclose(plain(")
    assert result("rnn", "np.allclose(masked(")
    legal = bot_games(GAMES, 0).action_mask[0]
    assert legal[result("monopoly", "np.where(mask, row")] == 1
    assert result("lstm", "keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(300)])") == (None, 300)
    assert result("lstm", "keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(300, return_seq") == (None, 20, 300)
    assert result("lstm", "all_states.output_shape") == (None, 20, 20)
    assert result("conv", "keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3, 3)])") == (None, 9, 9, 32)
    assert result("conv", "keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, (3, 3))])") == (None, 26, 26, 32)
    assert result("conv", "type(network.layers[0])") == "Conv2D"


def test_dropout_is_counted(small_pages):
    for name, share in (("dense-20", 0.5), ("conv", 0.25)):
        findings = small_pages[name].findings
        assert abs(findings["zeros in training"] - share) < 0.02
        assert findings["zeros in prediction"] == 0
    assert abs(small_pages["conv"].findings["growth of the rest"] - 1 / 0.75) < 1e-4


def test_every_unit_and_every_filter_sees_everything(small_pages):
    assert small_pages["dense-784"].findings["weights that are zero"] == 0
    assert small_pages["dense-10-5"].findings["units moved"] == 5
    filters = {name: value for name, value in small_pages["conv"].findings.items() if name.startswith("filters")}
    assert len(filters) == 3 and set(filters.values()) == {32}


def test_a_softmax_row_adds_up_to_one(small_pages):
    assert abs(small_pages["monopoly"].findings["sum of the softmax row"] - 1) < 1e-5


def test_targets_are_what_the_question_says(small_pages):
    won = small_pages["dense-10-5"].arrays["won"]
    assert set(np.unique(won)) == {0, 1} and 0.2 < won.mean() < 0.4
    groups = small_pages["dense-20"].arrays["best_group"]
    assert groups.min() >= 0 and groups.max() <= 9 and len(np.unique(groups)) > 6
    chosen = small_pages["monopoly-one"].arrays["chosen"].reshape(-1, 7)
    assert (chosen.sum(axis=1) == 1).all()
    rows = small_pages["monopoly-one"].arrays["rows"].reshape(-1, 7, 24)
    assert (rows[:, :, 23] == np.arange(7)).all() and (rows[:, :1, :23] == rows[:, :, :23]).all()
    past = small_pages["lstm"].arrays["past"]
    assert (past[:, -1] == 0).all() and np.abs(past[:, 0]).max() > 0.1
    assert set(np.unique(small_pages["conv"].arrays["pictures"])) == {-1, 0, 1}
    pictures, flat = (small_pages["dense-784"].arrays[name] for name in ("pictures", "flat"))
    assert (flat == pictures.reshape(-1, 784)).all()


def test_pictures_are_png_files(page):
    data = page.picture_file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert not any(str(page.picture_file) in getattr(block, "text", "") for block in page.blocks)
    assert width > 900 and height > 400 and len(data) > 15_000


def test_no_legend_lies_on_a_forecast():
    from matplotlib.figure import Figure

    figure, rows = Figure(layout="constrained"), np.zeros((8, 20), np.float32)
    importlib.import_module("agent.lessons.lstm").draw(figure, rows[:, :, np.newaxis], rows, rows)
    assert len(figure.legends) == 1
    assert [axes.get_legend() for axes in figure.axes[:3]] == [None] * 3


def test_the_source_shown_is_the_source_run(page):
    module = importlib.import_module(f"agent.lessons.{LESSONS[page.name][0]}")
    code = [block.text for block in page.blocks if isinstance(block, Code) and block.language == "python"]
    assert inspect.getsource(module.build).rstrip() in code


def test_the_document_holds(page):
    """The stable part of docs/SHAPES.md is what the lessons show; errors appear there in their stable part."""
    text = SHAPES.read_text(encoding="utf-8")
    start = text.index(f"\n## {page.name}\n") + 1
    end = text.find("\n## ", start)
    section = text[start : end if end > 0 else None]
    assert stable_part(section) == stable_part(to_markdown(page.blocks)), (
        "docs/SHAPES.md is out of date: python scripts/shapes.py all --markdown docs/SHAPES.md"
    )
    for attempt in page.attempts:
        if attempt.says is not None:
            assert attempt.says in section
    for trace in ("/home/", "site-packages", 'File "', "Picture:"):
        assert trace not in section


def test_the_document_begins_with_answers_and_the_list_of_all_lessons():
    text = SHAPES.read_text(encoding="utf-8")
    assert text.startswith(opening(list(LESSONS)) + "\n"), "python scripts/shapes.py all --markdown docs/SHAPES.md"
    for name, (_, summary) in LESSONS.items():
        assert f"- [{name}](#{name}): {summary}" in text


class TestIndex:
    def test_every_lesson_can_be_found(self):
        assert {entry.lesson for entry in INDEX} == set(LESSONS)

    def test_every_error_looked_up_is_one_that_its_lesson_shows(self, small_pages):
        errors = [entry for entry in INDEX if entry.error]
        assert len(errors) > 5
        for entry in errors:
            shown = [attempt.error for attempt in small_pages[entry.lesson].attempts if attempt.error]
            assert any(entry.error in error for error in shown), entry
            assert entry.error in entry.asked

    def test_the_error_of_older_versions_can_be_searched_for(self, small_pages):
        lesson = next(block.text for block in small_pages["monopoly"].blocks if "Older versions" in getattr(block, "text", ""))
        for text in (INDEX[0].asked, lesson):
            assert "expected state to have shape (23,) but got array with shape (1,)" in text
        assert "`state.reshape(1, 23)`" in INDEX[0].answer and "`state.reshape(1, 23)`" in lesson

    def test_answers_are_short(self):
        for entry in INDEX:
            assert len(entry.answer) < 140, entry


def test_names():
    assert check_name("lstm") == "lstm"
    with pytest.raises(ValueError, match=r"Expected one of dense-784, .*conv, or all. Received: 'lsmt'"):
        check_name("lsmt")


class TestBlocks:
    def test_measured_blocks_stand_between_marks_and_fall_out_of_the_stable_part(self):
        blocks = [
            Heading("x"),
            Text("a"),
            Text("1.23", measured=True),
            Code("4", "text", measured=True),
            Table(("c|d",), (("e",),)),
        ]
        text = to_markdown(blocks)
        assert text.count("<!-- measured -->") == text.count("<!-- end of measured -->") == 1
        stable = stable_part(text)
        assert "1.23" not in stable and "4" not in stable
        assert stable == "## x\n\na\n\n| c\\|d |\n| --- |\n| e |\n"

    def test_a_document_that_ends_measured_is_closed(self):
        assert to_markdown([Text("1", measured=True)]).rstrip().endswith("<!-- end of measured -->")


class TestPage:
    def test_a_wrong_call_that_works_is_told_as_it_is(self):
        page = Page("x")
        page.wrong("np.zeros(3)", "refused", "Think again.")
        assert page.attempts[0].error is None
        assert page.blocks[-1].text == "no error; shape (3,)" and page.blocks[-1].measured

    def test_a_right_call_that_fails_is_a_fault_of_the_lesson(self):
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            Page("x").right("1 / 0")

    def test_scores(self):
        page = Page("x")
        page.score("accuracy", 0.8, {"a": 0.7, "b": 0.8})
        page.score("accuracy", np.float32(0.8), {"a": 0.8})
        page.score("error", 0.8, {"a": 0.9}, higher_is_better=False)
        assert [score.beats for score in page.scores] == [True, False, False, True]

    def test_error_texts_are_short_and_without_paths_and_colours(self):
        error = ValueError(
            '\x1b[1mbad\x1b[0m\n\nDetected at node x\n  File "/a/b.py", line 1\nmore\nArguments received by f: 1'
        )
        assert error_text(error) == "ValueError: bad\nmore"
        assert len(error_text(ValueError("x" * 5000))) < 500
