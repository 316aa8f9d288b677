"""Masked softmax and maximum: numbers by hand, no leak from illegal actions, and NumPy equal to TensorFlow."""

import numpy as np
import pytest

from agent.learning import masking

HUGE = 3e38


def test_softmax_by_hand():
    scores = np.log(np.array([[1, 2, 4, 8, 16, 32, 64]], np.float32))
    mask = np.array([[1, 0, 1, 0, 0, 0, 0]], np.int8)
    np.testing.assert_allclose(masking.masked_softmax(scores, mask), [[0.2, 0, 0.8, 0, 0, 0, 0]], rtol=1e-6)
    logs = masking.masked_log_softmax(scores, mask)
    np.testing.assert_allclose(logs[0, [0, 2]], np.log([0.2, 0.8]), rtol=1e-6)
    assert (logs[0, [1, 3, 4, 5, 6]] == masking.ILLEGAL).all()
    assert masking.masked_max(scores, mask) == pytest.approx(np.log(4))
    assert masking.masked_argmax(scores, mask) == 2


@pytest.mark.parametrize("leak", [HUGE, np.inf, np.nan])
def test_an_illegal_action_with_a_huge_value_does_not_leak(leak):
    scores = np.array([[1.0, 2.0, leak, 0, 0, 0, leak]], np.float32)
    mask = np.array([[1, 1, 0, 0, 0, 0, 0]], np.int8)
    small = np.where(mask != 0, scores, 0).astype(np.float32)
    for function in (masking.masked_softmax, masking.masked_log_softmax, masking.masked_max, masking.masked_argmax):
        np.testing.assert_array_equal(function(scores, mask), function(small, mask))
    assert masking.masked_max(scores, mask) == 2
    assert masking.masked_softmax(scores, mask)[0, 2:].sum() == 0


def test_large_scores_do_not_overflow():
    probabilities = masking.masked_softmax(np.array([1e6, 1e6 - 1, -1e6]), np.array([1, 1, 1]))
    np.testing.assert_allclose(probabilities, [1 / (1 + np.exp(-1)), 1 / (1 + np.e), 0], rtol=1e-6)


def test_legal_scores_below_what_stands_for_illegal_ones():
    """Scores over a tiny temperature: an illegal action must not be the best for that."""
    from agent.learning import tf_masking

    scores = np.array([[0.0, -3e9, -3e9 - 1024, -4e9]], np.float32)
    mask = np.array([[0, 1, 1, 1]])
    np.testing.assert_allclose(masking.masked_softmax(scores, mask), [[0, 1, 0, 0]])
    for module in (masking, tf_masking):
        logs = np.asarray(module.masked_log_softmax(scores, mask))
        np.testing.assert_allclose(logs, [[masking.ILLEGAL, 0, -1024, -1e9]], rtol=1e-6)


@pytest.mark.parametrize("temperature", [1e-320, 1e-12, 0.5, 1.0, 7.0])
def test_a_temperature_divides_the_distance_to_the_best(temperature):
    scores = np.array([[9.0, -2.0, -2.5, -1e30, -2.0]])
    mask = np.array([[0, 1, 1, 1, 1]])
    odds = np.array([0, 1, np.exp(-0.5 / max(temperature, 1e-3)), 0, 1])
    np.testing.assert_allclose(masking.masked_softmax(scores, mask, temperature)[0], odds / odds.sum(), atol=1e-15)


def test_errors():
    with pytest.raises(ValueError, match=r"one shape. Received: \(1, 7\) and \(7,\)"):
        masking.masked_softmax(np.zeros((1, 7)), np.ones(7))
    with pytest.raises(ValueError, match="needs a legal action"):
        masking.masked_max(np.zeros((2, 7)), np.array([[1] * 7, [0] * 7]))


def test_numpy_and_tensorflow_agree():
    from agent.learning import tf_masking

    rng = np.random.default_rng(0)
    scores = rng.normal(0, 20, (500, 7)).astype(np.float32)
    mask = (rng.random((500, 7)) < 0.4).astype(np.int8)
    mask[:, 0] = 1
    scores[rng.random((500, 7)) < 0.05] = HUGE
    scores[(mask != 0) & (scores == HUGE)] = 3
    for name in ("masked_log_softmax", "masked_max"):
        ours, theirs = getattr(masking, name)(scores, mask), getattr(tf_masking, name)(scores, mask).numpy()
        np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)
    assert (np.exp(tf_masking.masked_log_softmax(scores, mask).numpy())[mask == 0] == 0).all()


def test_gradients_stay_finite_and_off_illegal_actions():
    from agent.learning import tf_masking

    tf = tf_masking.tf
    scores = tf.constant([[1.0, 2.0, HUGE, 0, 0, 0, 0]])
    mask = tf.constant([[1, 1, 0, 0, 0, 0, 0]], tf.int8)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = tf_masking.pick(tf_masking.masked_log_softmax(scores, mask), tf.constant([0]))
    p = 1 / (1 + np.exp(-1.0))  # probability of action 1
    np.testing.assert_allclose(tape.gradient(loss, scores), [[p, -p, 0, 0, 0, 0, 0]], rtol=1e-5)


def test_sampling_follows_the_probabilities_and_never_takes_an_illegal_action():
    from agent.learning import tf_masking

    rng = np.random.default_rng(1)
    count = 200_000
    mask = np.array([1, 0, 1, 0, 0, 1, 0], np.int8)
    logp = masking.masked_log_softmax(np.log(np.array([0.1, 9, 0.3, 9, 9, 0.6, 9], np.float32)), mask)
    uniform = rng.random((count, 7), np.float32)
    uniform[0] = 0.0  # the extremes of the generator
    uniform[1] = 1 - 2.0**-24
    uniform[2] = np.where(mask != 0, 0.0, 1 - 2.0**-24)
    uniform[3] = np.where(mask != 0, 0.5, 0.0)
    action = tf_masking.sample(np.broadcast_to(logp, (count, 7)), uniform).numpy()
    frequencies = np.bincount(action, minlength=7) / count
    np.testing.assert_allclose(frequencies, [0.1, 0, 0.3, 0, 0, 0.6, 0], atol=0.005)
    assert mask[action].all()


def test_a_softmax_heads_outputs_are_shared_out_among_the_legal_actions():
    shared = masking.among_legal(np.array([0.6, 0.1, 0.3]), np.array([0, 1, 1]))
    assert shared == pytest.approx([0.0, 0.25, 0.75])
    nothing = masking.among_legal(np.array([1.0, 0.0, 0.0]), np.array([0, 1, 1]))
    assert nothing == pytest.approx([0.0, 0.5, 0.5])
