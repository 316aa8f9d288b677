"""The learners: losses by hand, exact resumption, and small problems they must solve."""

import numpy as np
import pytest

from agent.learning import tf_masking
from agent.learning.config import TrainConfig
from agent.learning.masking import ILLEGAL
from agent.learning.ppo import PPO, clipped_policy_loss, mean_entropy, normalised
from agent.learning.q_learning import QLearning
from agent.learning.rollout import Rollout, minibatches
from agent.learning.trainer import make_learner

STEPS, GAMES = 8, 32


def small(head, **settings):
    defaults = {"hidden": (16, 16), "num_envs": GAMES, "rollout_steps": STEPS, "minibatches": 4}
    return TrainConfig.for_head(head, **(defaults | settings))


def collect(learner, rng, rollout=None, steps=STEPS, games=GAMES):
    """Fill a rollout of made-up games in which legal actions 1 to 3 earn a tenth of their number."""
    rollout = rollout or Rollout.empty(steps, games)
    rollout.states[:] = rng.random(rollout.states.shape, dtype=np.float32)
    rollout.masks[:] = rng.random(rollout.masks.shape) < 0.6
    rollout.masks[..., 0] = 1
    rollout.terminated[:] = True  # each decision is its own episode
    for t in range(steps):
        rollout.actions[t], rollout.logp[t], rollout.values[t] = learner.act(rollout.states[t], rollout.masks[t], rng)
        rollout.rewards[t] = np.where(rollout.actions[t] <= 3, rollout.actions[t] / 10, -0.5)
    rollout.values[steps] = learner.values(rollout.states[0], rollout.masks[0])
    return rollout


def states_equal(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(states_equal(a[k], b[k]) for k in a)
    return np.array_equal(a, b)


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_actions_are_legal_and_logp_is_that_of_the_masked_policy(head):
    from agent.learning.masking import masked_log_softmax, masked_max

    learner = make_learner(small(head))
    rng = np.random.default_rng(0)
    states = rng.random((500, 23), dtype=np.float32)
    masks = (rng.random((500, 7)) < 0.3).astype(np.int8)
    masks[:, 2] = 1
    actions, logp, values = learner.act(states, masks, np.random.default_rng(1))
    again = learner.act(states, masks, np.random.default_rng(1))[0]
    assert [(a.dtype, a.shape) for a in (actions, logp, values)] == [
        (np.int32, (500,)),
        (np.float32, (500,)),
        (np.float32, (500,)),
    ]
    np.testing.assert_array_equal(actions, again)
    rows = np.arange(500)
    assert masks[rows, actions].all()
    scores = (learner.model if head == "linear" else learner.logits)(states).numpy()
    if head == "linear":
        np.testing.assert_allclose(values, masked_max(scores, masks), rtol=1e-5, atol=1e-6)
        scores = scores / learner.temperature
    np.testing.assert_allclose(logp, masked_log_softmax(scores, masks)[rows, actions], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(values, learner.values(states, masks), rtol=1e-5, atol=1e-6)


def test_state_of_another_learner_is_refused_and_changes_nothing():
    learner = make_learner(small("softmax"))
    before = learner.get_state()
    for config in (small("linear"), small("softmax", hidden=(8,))):
        with pytest.raises(ValueError, match=r"another head or other layer sizes\. Expected: critic \(23, 16\), "):
            learner.set_state(make_learner(config).get_state())
    with pytest.raises(ValueError, match="Received: nothing"):
        learner.set_state({})
    assert states_equal(learner.get_state(), before)


@pytest.mark.parametrize("head", ["softmax", "linear"])
@pytest.mark.parametrize("xla", [pytest.param(True, marks=pytest.mark.slow), False])
def test_learns_the_best_legal_action(head, xla):
    config = small(head, num_envs=128, learning_rate=5e-3, temperature=0.1, entropy=0.0, seed=3, xla=xla)
    learner = make_learner(config)
    rng = np.random.default_rng(0)
    rollout = None
    for i in range(30):
        learner.anneal(i / 30)
        rollout = collect(learner, rng, rollout, config.rollout_steps, config.num_envs)
        metrics = learner.update(rollout, rng)
    best = np.where(rollout.masks[..., :4] != 0, np.arange(4) / 10, -1).max(axis=-1).mean()
    uniform = -0.05  # about what a random legal action earns
    assert metrics["return_mean"] > uniform + 0.9 * (best - uniform)


def test_clipped_policy_loss_by_hand():
    ratio = np.array([1.5, 0.5, 1.5, 0.5, 1.1], np.float32)
    advantage = np.array([1, 1, -1, -1, 2], np.float32)
    # min(1.5, 1.2), min(.5, .8), min(-1.5, -1.2), min(-.5, -.8), 2.2
    expected = -(1.2 + 0.5 - 1.5 - 0.8 + 2.2) / 5
    assert float(clipped_policy_loss(ratio, advantage, 0.2)) == pytest.approx(expected)


def test_entropy_by_hand():
    certain = np.full(7, ILLEGAL, np.float32)
    certain[3] = 0.0
    coin = np.full(7, ILLEGAL, np.float32)
    coin[[0, 5]] = np.log(0.5)
    assert float(mean_entropy(np.stack([certain, coin, coin, coin]))) == pytest.approx(0.75 * np.log(2))


PLAIN = {"minibatches": 1, "epochs": 1, "xla": False, "adam_epsilon": 1.0}  # one step, and Adam shows how long the gradient was


def loss_by_hand(learner, rollout, entropy_weight):
    """PPO's loss over a whole rollout, written anew."""
    tf = tf_masking.tf
    config, rows = learner.config, rollout.actions.size
    returns = rollout.returns(config.gamma, config.lam).ravel()
    advantages = returns - rollout.values[:-1].ravel()
    advantages = (advantages - advantages.mean()) / advantages.std()
    states, masks = rollout.states.reshape(rows, 23), rollout.masks.reshape(rows, 7)
    weights = tf.exp(learner.logits(states)) * masks.astype(np.float32)
    p = weights / tf.reduce_sum(weights, axis=1, keepdims=True)
    ratio = tf.gather(p, rollout.actions.ravel(), batch_dims=1) / np.exp(rollout.logp.ravel())
    policy = -tf.reduce_mean(ratio * advantages)  # of the policy that played the ratios are 1: nothing is clipped
    entropy = -tf.reduce_mean(tf.reduce_sum(p * tf.math.log(p + 1e-30), axis=1))
    values = tf.reduce_mean((learner.critic(states)[:, 0] - returns) ** 2)
    return policy - entropy_weight * entropy + config.value_coefficient * values


def adam_by_hand(before, gradients, config):
    """What Adam's first step leaves of the weights: both moments, freed of their bias, are the gradient and its square."""
    rate = config.learning_rate * np.sqrt(1 - 0.999) / (1 - 0.9)
    return [
        w - rate * (1 - 0.9) * g / (np.sqrt(1 - 0.999) * np.abs(g) + config.adam_epsilon)
        for w, g in zip(before, gradients, strict=True)
    ]


@pytest.mark.parametrize("max_norm", [1e9, 1e-2])
def test_an_update_follows_the_gradient_of_the_loss_clipped_by_its_norm(max_norm):
    """Entropy falls from 0.9 to 0.1: half way it weighs 0.5. The step of a long gradient is that of one cut to its length."""
    tf = tf_masking.tf
    settings = {"entropy": 0.9, "entropy_final": 0.1, "value_coefficient": 0.7, "max_grad_norm": max_norm}
    learner = PPO(small("softmax", **PLAIN, **settings, learning_rate=1.0, learning_rate_final=1.0))
    rng = np.random.default_rng(0)
    learner.model.set_weights([w + rng.normal(0, 0.3, w.shape) for w in learner.model.get_weights()])
    rollout = collect(learner, rng)
    with tf.GradientTape() as tape:
        loss = loss_by_hand(learner, rollout, 0.5)
    gradients = [g.numpy() for g in tape.gradient(loss, [v.value for v in learner.variables])]
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    assert 0.05 < norm < 1e3
    before = [v.numpy() for v in learner.variables]
    expected = adam_by_hand(before, [g * min(1.0, max_norm / norm) for g in gradients], learner.config)

    learner.anneal(0.5)
    report = learner.update(rollout, np.random.default_rng(0))

    assert report["grad_norm"] == pytest.approx(norm, rel=1e-3)
    for old, new, by_hand in zip(before, learner.variables, expected, strict=True):
        np.testing.assert_allclose(new.numpy() - old, by_hand - old, rtol=1e-3, atol=5e-7)


def test_the_weight_of_the_entropy_falls_with_the_progress_of_the_run():
    """An update after a quarter of the run is one of a run whose entropy always has three quarters of the first weight."""

    def after(**entropy):
        learner = PPO(small("softmax", **PLAIN, learning_rate_final=2e-3, **entropy))
        rollout = collect(learner, np.random.default_rng(0))
        learner.anneal(0.25)
        learner.update(rollout, np.random.default_rng(1))
        return learner.get_state()["policy"]

    falling = after(entropy=0.5, entropy_final=0.0)
    assert states_equal(falling, after(entropy=0.375, entropy_final=0.375))
    assert not states_equal(falling, after(entropy=0.475, entropy_final=0.475))


def test_advantages_are_normalised():
    out = normalised(np.array([[1.0, 2.0], [2.0, 3.0]], np.float32))
    np.testing.assert_allclose(out, [[-np.sqrt(2), 0], [0, np.sqrt(2)]], rtol=1e-6)
    assert out.dtype == np.float32


def test_q_lambda_moves_only_the_value_of_the_action_taken():
    learner = QLearning(small("linear"))
    rollout = collect(learner, np.random.default_rng(0))
    rollout.actions[:] = 1
    before = learner.model.get_layer("action_values").get_weights()[1]
    learner.update(rollout, np.random.default_rng(0))
    moved = learner.model.get_layer("action_values").get_weights()[1] != before
    assert moved.tolist() == [False, True, False, False, False, False, False]


def test_anneal_sets_rate_and_temperature():
    learner = QLearning(small("linear", learning_rate=1e-3, learning_rate_final=0.0, temperature=1.0))
    learner.anneal(0.5)
    assert float(learner.optimizer.learning_rate) == pytest.approx(5e-4)
    assert learner.temperature == learner.config.temperature_at(0.5)


def test_a_diverged_run_stops():
    learner = make_learner(small("linear"))
    rollout = collect(learner, np.random.default_rng(0))
    rollout.states[:] = np.nan
    with pytest.raises(FloatingPointError, match="diverged"):
        learner.update(rollout, np.random.default_rng(0))


def test_wrong_heads_are_refused():
    with pytest.raises(ValueError, match=r"PPO trains the softmax head\. Received: head='linear'"):
        PPO(small("linear"))
    with pytest.raises(ValueError, match=r"QLearning trains the linear head\. Received: head='softmax'"):
        QLearning(small("softmax"))


def test_minibatches_are_of_every_row_once_an_epoch():
    index = np.array(list(minibatches(103, 20, 3, np.random.default_rng(0))))
    assert index.shape == (3 * 5, 20) and index.dtype == np.int32
    for epoch in np.split(index, 3):  # the three rows left over differ from epoch to epoch
        assert len(set(epoch.ravel())) == epoch.size and set(epoch.ravel()) <= set(range(103))
    assert len({tuple(sorted(epoch.ravel())) for epoch in np.split(index, 3)}) == 3
