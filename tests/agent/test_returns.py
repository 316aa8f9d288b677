"""Lambda-returns on rollouts small enough to work out by hand."""

import numpy as np
import pytest

from agent.learning.rollout import Rollout, explained_variance

GAMMA, LAM = 0.5, 0.5


def solve(r, gamma=GAMMA, lam=LAM):
    returns = r.returns(gamma, lam)
    assert returns.dtype == np.float32
    return returns


def test_two_decisions_and_the_one_that_is_pending():
    r = Rollout.empty(2, 1)
    r.rewards[:, 0] = 1, 2
    r.values[:, 0] = 10, 20, 40
    # row 1: 2 + .5 * 40 = 22; row 0: 1 + .5 * (.5 * 20 + .5 * 22) = 11.5
    np.testing.assert_allclose(solve(r)[:, 0], [11.5, 22])


def test_terminated_looks_no_further_and_truncated_bootstraps():
    r = Rollout.empty(2, 2)
    r.values[:] = 100  # of the games that begin afterwards: must not be seen
    r.rewards[1] = 3
    r.terminated[1, 0] = True
    r.truncated[1, 1] = True
    r.final_values[1] = 10  # read for the truncated game only
    returns = solve(r)
    np.testing.assert_allclose(returns[1], [3, 3 + 0.5 * 10])
    np.testing.assert_allclose(returns[0], [0.5 * (0.5 * 100 + 0.5 * 3), 0.5 * (0.5 * 100 + 0.5 * 8)])


def test_a_game_both_terminated_and_truncated_is_terminated():
    r = Rollout.empty(1, 1)
    r.rewards[0] = -1
    r.terminated[0] = r.truncated[0] = True
    r.final_values[0] = 50
    np.testing.assert_allclose(solve(r), [[-1]])


def test_the_next_game_begins_anew():
    r = Rollout.empty(3, 1)
    r.rewards[:, 0] = 1, -1, 4
    r.values[:, 0] = 2, 4, 8, 16
    r.terminated[1] = True
    # row 2: 4 + .5 * 16 = 12; row 1: -1, and nothing of the next game; row 0: 1 + .5 * (.5 * 4 + .5 * -1) = 1.75
    np.testing.assert_allclose(solve(r)[:, 0], [1.75, -1, 12])


def test_games_do_not_mix_and_each_is_the_sum_of_its_errors():
    rng = np.random.default_rng(0)
    r = Rollout.empty(12, 7)
    for array in (r.rewards, r.values, r.final_values):
        array[:] = rng.normal(size=array.shape)
    ends = rng.random(r.rewards.shape) < 0.2
    r.terminated[:] = ends & (rng.random(ends.shape) < 0.5)
    r.truncated[:] = ends & ~r.terminated
    together = solve(r, 0.9, 0.7)
    for n in range(7):
        alone = solve(Rollout(*(array[:, n : n + 1] for array in vars(r).values())), 0.9, 0.7)
        np.testing.assert_array_equal(together[:, n], alone[:, 0])
        slow = [r.values[t, n] + advantage(r, t, n, 0.9, 0.7) for t in range(12)]
        np.testing.assert_allclose(together[:, n], slow, rtol=1e-5, atol=1e-6)


def advantage(r, t, n, gamma, lam):
    """The generalised advantage estimate, the slow way: one-step errors forward from row t to the end of the game."""
    weight, total = 1.0, 0.0
    for row in range(t, len(r.rewards)):
        following = r.values[row + 1, n]
        if r.terminated[row, n]:
            following = 0.0
        elif r.truncated[row, n]:
            following = r.final_values[row, n]
        total += weight * (r.rewards[row, n] + gamma * following - r.values[row, n])
        weight *= gamma * lam
        if r.terminated[row, n] or r.truncated[row, n]:
            break
    return total


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_the_two_ends_of_lambda(lam):
    r = Rollout.empty(3, 1)
    r.rewards[:, 0] = 1, 2, 4
    r.values[:, 0] = 8, 16, 32, 64
    expected = [1 + 8, 2 + 16, 4 + 32] if lam == 0 else [1 + 0.5 * (2 + 0.5 * 36), 2 + 0.5 * 36, 36]
    np.testing.assert_allclose(solve(r, lam=lam)[:, 0], expected)


def test_explained_variance():
    actual = np.array([1.0, 2, 3, 4])
    assert explained_variance(actual, actual) == 1
    assert explained_variance(actual + 5, actual) == 1  # a constant error is bias, not variance
    assert explained_variance(np.zeros(4), actual) == 0
    assert explained_variance(-actual, actual) == -3
    assert explained_variance(actual, np.ones(4)) == 0
    assert explained_variance(np.zeros(0), np.zeros(0)) == 0
    with pytest.raises(ValueError, match="one shape"):
        explained_variance(np.zeros(3), np.zeros(4))
