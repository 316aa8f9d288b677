"""The networks: shapes, heads, and files that plain Keras opens."""

import numpy as np
import pytest

from agent.learning.network import build_critic, build_policy, head_of, keras, score_model

STATES = np.random.default_rng(0).random((5, 23), dtype=np.float32)


@pytest.mark.parametrize(("head", "name"), [("softmax", "action_probabilities"), ("linear", "action_values")])
def test_shapes_and_heads(head, name, tmp_path):
    model = build_policy((150, 150), head, seed=0)
    assert model.input_shape == (None, 23)
    assert model.output_shape == (None, 7)
    assert model.layers[-1].name == name
    assert head_of(model) == head
    assert [w.shape for w in model.weights][::4] == [(23, 150), (150, 150), (150, 7)]
    model.save(tmp_path / "plain.keras")
    loaded = keras.models.load_model(tmp_path / "plain.keras")
    assert head_of(loaded) == head
    output = loaded.predict(STATES[:1], verbose=0)
    assert output.shape == (1, 7)
    np.testing.assert_allclose(output, model(STATES[:1]), rtol=1e-5, atol=1e-7)


def test_softmax_outputs_probabilities_and_shares_its_weights_with_the_scores():
    model = build_policy((16,), "softmax", seed=0)
    np.testing.assert_allclose(np.sum(model(STATES), axis=-1), 1, rtol=1e-5)
    scores = score_model(model)
    assert [id(v) for v in scores.weights] == [id(v) for v in model.weights]
    np.testing.assert_allclose(keras.ops.softmax(scores(STATES)), model(STATES), rtol=1e-5)
    linear = build_policy((16,), "linear", seed=0)
    assert score_model(linear) is linear


def test_the_first_policy_is_nearly_uniform():
    assert np.abs(np.array(build_policy(seed=1)(STATES)) - 1 / 7).max() < 0.01


def test_critic_shape():
    assert build_critic((8,)).output_shape == (None, 1)


def test_seeds_make_the_weights():
    def first(seed):
        return build_policy((8, 8), seed=seed).get_weights()[0]

    np.testing.assert_array_equal(first(4), first(4))
    assert np.abs(first(4) - first(5)).max() > 0.1
    assert np.abs(first(None) - first(None)).max() > 0.1


def test_errors():
    with pytest.raises(ValueError, match=r"head must be one of softmax, linear\. Received: 'sigmoid'"):
        build_policy(head="sigmoid")
    for hidden in ((), (0,), (1.5,)):
        with pytest.raises(ValueError, match="hidden must be positive layer sizes"):
            build_policy(hidden)
    odd = keras.Sequential([keras.Input((23,)), keras.layers.Dense(7, activation="tanh")])
    assert head_of(odd) is None
    with pytest.raises(ValueError, match="A policy to train ends in a softmax"):
        score_model(odd)
