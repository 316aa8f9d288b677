"""Whatever a user holds becomes a batch, or one line says why not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from agent.players.batching import as_batch, as_masks

finite = st.floats(-(2.0**99), 2.0**99, width=32)
states = st.lists(finite, min_size=23, max_size=23)


@given(states)
def test_one_state_in_any_form_becomes_one_row(state):
    expected = np.array([state], np.float32)
    forms = [state, tuple(state), np.array(state), np.array(state, np.float32), [state], np.array([state])]
    for form in forms:
        batch = as_batch(form)
        assert batch.shape == (1, 23)
        assert batch.dtype == np.float32
        assert batch.flags.c_contiguous
        np.testing.assert_array_equal(batch, expected)


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 9), st.just(23)), elements=finite))
def test_a_batch_passes_unchanged_without_a_copy(batch):
    assert np.shares_memory(as_batch(batch), batch)


@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=30)))
def test_every_shape_is_taken_or_refused_in_one_line(array):
    fits = array.shape == (23,) or (array.ndim == 2 and array.shape[1] == 23 and array.shape[0] > 0)
    if fits and np.isfinite(array).all():
        assert as_batch(array).shape[1] == 23
        return
    with pytest.raises(ValueError) as error:
        as_batch(array)
    assert "\n" not in str(error.value)
    assert "Received: " in str(error.value)


@given(st.one_of(st.none(), st.text(), st.dictionaries(st.text(), st.integers()), st.lists(st.text()), st.binary()))
def test_what_is_no_array_of_numbers_is_a_value_error(thing):
    with pytest.raises(ValueError, match="Received: "):
        as_batch(thing)


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((23, 1), r"use state\.reshape\(1, 23\)\. Received: shape \(23, 1\)"),
        ((23, 4), r"use state\.T"),
        ((46,), r"use state\.reshape\(2, 23\)"),
        ((1, 23, 1), r"use state\.reshape\(1, 23\)"),
        ((2, 23, 1), r"use state\.reshape\(2, 23\)"),
        ((3, 2, 23, 1), r"use state\.reshape\(6, 23\)"),
        ((1, 1, 23), r"use state\.reshape\(1, 23\)"),
        ((5, 4, 23), r"use state\.reshape\(20, 23\)"),
        ((22,), r"each state has 1 number\(s\) too few"),
        ((8, 25), r"each state has 2 number\(s\) too many"),
        ((), "a single number is not a state"),
        ((0,), "no states here"),
        ((0, 23), "no states here"),
        ((2, 3, 4), "cannot be read as states"),
    ],
)
def test_each_wrong_shape_is_told_its_way_out(shape, hint):
    with pytest.raises(ValueError, match=hint):
        as_batch(np.zeros(shape))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_float32_cannot_hold_are_located(bad):
    batch = np.zeros((3, 23))
    batch[1, 7] = bad
    with pytest.raises(ValueError, match="look at state 1, column 7"):
        as_batch(batch)


def test_ragged_rows_strings_and_complex_numbers():
    with pytest.raises(ValueError, match="differ in length"):
        as_batch([[0.0] * 23, [0.0] * 22])
    with pytest.raises(ValueError, match=r"convert the entries to numbers first.*Received: list"):
        as_batch(["0"] * 23)
    with pytest.raises(ValueError, match="convert the entries to numbers first"):
        as_batch(np.zeros(23, complex))


def test_hidden_numbers_are_not_passed():
    with pytest.raises(ValueError, match=r"a mask hides some, give them values by state\.filled.*Received: ") as error:
        as_batch(np.ma.masked_all(23))
    assert "\n" not in str(error.value)
    np.testing.assert_array_equal(as_batch(np.ma.ones(23)), np.ones((1, 23)))


LEGAL = [True, False, True, False, False, False, True]


@pytest.mark.parametrize("mask", [LEGAL, np.int8(LEGAL), np.uint16(LEGAL), np.float64(LEGAL), 2 * np.array(LEGAL)])
def test_masks_of_any_numbers_become_booleans(mask):
    masks = as_masks([mask], 1)
    assert masks.dtype == bool and masks.tolist() == [LEGAL]


@pytest.mark.parametrize("bad", [np.nan, -1, "1", None, 1j])
def test_what_is_no_mask_is_refused_in_one_line(bad):
    with pytest.raises(
        ValueError, match=r"A mask holds 1 \(or True\) for legal actions and 0 for the others\. Received: "
    ) as error:
        as_masks([[1, 1, 1, 1, 1, 1, bad]], 1)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="A mask holds 1"):
        as_masks(np.ma.masked_all((1, 7)), 1)
    with pytest.raises(ValueError, match=r"Masks must have shape \(2, 7\)\. Received: list"):
        as_masks([[1] * 7, [1] * 6], 2)
