"""Lambda-returns on rollouts small enough to work out by hand."""

import numpy as np
import pytest

from agent.learning.returns import seat_lambda_returns

GAMMA, LAM = 0.5, 0.5


def rollout(steps, games, seats):
    """Return the keyword arguments of an empty rollout."""
    shape = (steps, games, seats)
    return {
        "rewards": np.zeros(shape, np.float32),
        "terminated": np.zeros(shape, bool),
        "truncated": np.zeros(shape, bool),
        "bootstrap": np.zeros(shape, np.float32),
        "seats": np.zeros((steps + 1, games), np.int32),
        "values": np.zeros((steps + 1, games), np.float32),
    }


def solve(arrays, gamma=GAMMA, lam=LAM):
    returns, known = seat_lambda_returns(**arrays, gamma=gamma, lam=lam)
    assert returns.dtype == np.float32
    assert known.dtype == bool
    return returns, known


def test_one_seat_and_the_last_row():
    r = rollout(2, 1, 1)
    r["rewards"][:, 0, 0] = 1, 2
    r["values"][:, 0] = 10, 20, 40
    returns, known = solve(r)
    # row 1: 2 + .5 * 40 = 22; row 0: 1 + .5 * (.5 * 20 + .5 * 22) = 11.5
    np.testing.assert_allclose(returns[:, 0], [11.5, 22])
    assert known.all()


def test_two_seats_interleaved():
    r = rollout(4, 1, 2)
    r["seats"][:, 0] = 0, 1, 0, 1, 0
    r["values"][:, 0] = 1, 2, 4, 8, 16
    r["rewards"][1, 0, 0] = 3  # seat 0 between rows 0 and 2
    r["rewards"][2, 0, 1] = 5  # seat 1 between rows 1 and 3
    r["rewards"][3, 0, 0] = 7  # seat 0 between rows 2 and 4
    returns, known = solve(r)
    # row 3 (seat 1): nothing follows inside the rollout -> unknown, serves as bootstrap with its value 8
    # row 2 (seat 0): 7 + .5 * 16 = 15
    # row 1 (seat 1): 5 + .5 * 8 = 9
    # row 0 (seat 0): 3 + .5 * (.5 * 4 + .5 * 15) = 7.75
    np.testing.assert_allclose(returns[:, 0], [7.75, 9, 15, 8])
    assert known[:, 0].tolist() == [True, True, True, False]


def test_the_same_seat_twice_in_a_row():
    r = rollout(3, 1, 2)
    r["seats"][:, 0] = 1, 0, 0, 1
    r["rewards"][1, 0, 0] = 2
    r["values"][:, 0] = 0, 4, 6, 8
    returns, known = solve(r)
    # row 2 unknown (seat 0 has no later row); row 1: 2 + .5 * 6 = 5; row 0 (seat 1): 0 + .5 * 8 = 4
    np.testing.assert_allclose(returns[:, 0], [4, 5, 6])
    assert known[:, 0].tolist() == [True, True, False]


def test_terminated_looks_no_further_and_truncated_bootstraps():
    r = rollout(2, 2, 1)
    r["values"][:] = 100  # of the games that begin afterwards: must not be seen
    r["rewards"][1] = 3
    r["terminated"][1, 0] = True
    r["truncated"][1, 1] = True
    r["bootstrap"][1] = 10  # read for the truncated game only
    returns, known = solve(r)
    np.testing.assert_allclose(returns[1], [3, 3 + 0.5 * 10])
    np.testing.assert_allclose(returns[0], [0.5 * (0.5 * 100 + 0.5 * 3), 0.5 * (0.5 * 100 + 0.5 * 8)])
    assert known.all()


def test_a_seat_both_terminated_and_truncated_is_terminated():
    r = rollout(1, 1, 1)
    r["rewards"][0] = -1
    r["terminated"][0] = r["truncated"][0] = True
    r["bootstrap"][0] = 50
    np.testing.assert_allclose(solve(r)[0], [[-1]])


def test_a_bankrupt_seat_ends_while_the_others_play_on_and_its_number_is_used_by_the_next_game():
    r = rollout(5, 1, 3)
    r["seats"][:, 0] = 0, 1, 2, 1, 0, 0
    r["values"][:, 0] = 1, 2, 4, 8, 16, 32
    r["rewards"][0, 0, 0] = -9  # seat 0 goes bankrupt in step 0 ...
    r["terminated"][0, 0, 0] = True
    r["rewards"][2, 0, 1] = 1  # seat 1 from row 1 to row 3
    r["rewards"][3, 0, 1:] = 6, -6  # ... and the game is decided between 1 and 2 in step 3
    r["terminated"][3, 0, 1:] = True
    r["rewards"][4, 0, 0] = 0.5  # rows 4 and 5: seat 0 of the next game
    returns, known = solve(r)
    # row 4: .5 + .5 * 32 = 16.5; row 3 (seat 1): 6; row 2 (seat 2): -6
    # row 1 (seat 1): 1 + .5 * (.5 * 8 + .5 * 6) = 4.5; row 0 (seat 0): -9 and nothing of the next game
    np.testing.assert_allclose(returns[:, 0], [-9, 4.5, -6, 6, 16.5])
    assert known.all()


def test_the_ending_reward_wins_over_that_of_the_next_games_first_seat():
    r = rollout(2, 1, 2)
    r["seats"][:, 0] = 1, 0, 1
    r["rewards"][1, 0] = -1, 1  # seat 0 moved and lost, seat 1 won; seat 1 also opens the next game
    r["terminated"][1, 0] = True
    r["values"][2] = 1000
    np.testing.assert_allclose(solve(r)[0][:, 0], [1, -1])


def test_rewards_of_seats_that_neither_decide_nor_end_are_not_read():
    r = rollout(2, 1, 3)
    r["seats"][:, 0] = 0, 1, 0
    r["rewards"][0, 0, 2] = r["rewards"][1, 0, 2] = r["rewards"][0, 0, 0] = 1e6
    np.testing.assert_allclose(solve(r)[0], 0)


def test_games_do_not_mix():
    rng = np.random.default_rng(0)
    steps, games, seats = 12, 7, 4
    r = rollout(steps, games, seats)
    r["seats"][:] = rng.integers(0, seats, r["seats"].shape)
    r["values"][:] = rng.normal(size=r["values"].shape)
    r["rewards"][:] = rng.normal(size=r["rewards"].shape)
    r["bootstrap"][:] = rng.normal(size=r["rewards"].shape)
    ends = rng.random((steps, games, 1)) < 0.2
    r["terminated"][:] = ends & (rng.random(r["rewards"].shape) < 0.5)
    r["truncated"][:] = ends & ~r["terminated"]
    together = solve(r, 0.9, 0.7)
    for n in range(games):
        alone = solve({name: array[:, n : n + 1] for name, array in r.items()}, 0.9, 0.7)
        np.testing.assert_array_equal(together[0][:, n], alone[0][:, 0])
        np.testing.assert_array_equal(together[1][:, n], alone[1][:, 0])
    np.testing.assert_allclose(together[0], chained(r, 0.9, 0.7), rtol=1e-5, atol=1e-6)


def chained(r, gamma, lam):
    """The same returns, the slow way: forward from every row, as generalised advantages along one seat's chain."""
    steps, games, _ = r["rewards"].shape
    out = np.empty((steps, games))
    for n in range(games):
        for t in range(steps):
            seat, row, weight, total = r["seats"][t, n], t, 1.0, 0.0
            while True:
                delta, row = td_error(r, row, n, seat, gamma)
                total += weight * delta
                weight *= gamma * lam
                if row is None:
                    break
            out[t, n] = r["values"][t, n] + total
    return out


def td_error(r, row, n, seat, gamma):
    """Return the one-step error of the decision in `row`, and the seat's next row or None."""
    steps = len(r["rewards"])
    for t in range(row, steps):
        if r["terminated"][t, n, seat]:
            return r["rewards"][t, n, seat] - r["values"][row, n], None
        if r["truncated"][t, n, seat]:
            return r["rewards"][t, n, seat] + gamma * r["bootstrap"][t, n, seat] - r["values"][row, n], None
        if r["seats"][t + 1, n] == seat:
            error = r["rewards"][t, n, seat] + gamma * r["values"][t + 1, n] - r["values"][row, n]
            return error, t + 1 if t + 1 < steps else None
    return 0.0, None


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_the_two_ends_of_lambda(lam):
    r = rollout(3, 1, 1)
    r["rewards"][:, 0, 0] = 1, 2, 4
    r["values"][:, 0] = 8, 16, 32, 64
    expected = [1 + 8, 2 + 16, 4 + 32] if lam == 0 else [1 + 0.5 * (2 + 0.5 * 36), 2 + 0.5 * 36, 36]
    np.testing.assert_allclose(solve(r, lam=lam)[0][:, 0], expected)


@pytest.mark.parametrize("name", ["rewards", "terminated", "truncated", "bootstrap", "seats", "values"])
def test_shapes_that_do_not_fit_are_named(name):
    r = rollout(3, 2, 4)
    r[name] = r[name][0]
    with pytest.raises(ValueError, match=rf"^{name} must have .*Received: "):
        solve(r)
