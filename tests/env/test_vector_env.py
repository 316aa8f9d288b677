"""The vector environment: the same games as alone, the autoreset modes as documented, self-play."""

import gymnasium
import numpy as np
import pytest
from choosing import choose_all
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers.vector import DictInfoToList

from monopoly_env import IllegalActionError, MonopolyEnv, MonopolyVectorEnv
from monopoly_env.observation import HIGH, LOW, STRENGTH

ID = "monopoly_env:Monopoly-v0"


def played(envs, count, seed):
    """Reset and step by a fixed rule so many times; yield what each step gives."""
    _, info = envs.reset(seed=seed)
    for step in range(count):
        result = envs.step(choose_all(info["action_mask"], step))
        info = result[4]
        yield result


def test_make_vec_gives_it_and_its_spaces_fit():
    envs = gymnasium.make_vec(ID, num_envs=5, max_episode_steps=40)
    assert isinstance(envs, MonopolyVectorEnv) and envs.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    observations, info = envs.reset(seed=1)
    assert observations.shape == (5, 23) and observations.dtype == np.float32 and envs.observation_space.contains(observations)
    assert info["action_mask"].shape == (5, 7)
    for observations, rewards, terminated, truncated, _ in played(envs, 300, 1):
        assert (observations >= LOW).all() and (observations <= HIGH).all()
        assert rewards.dtype == np.float64 and terminated.dtype == truncated.dtype == np.bool_
        assert not (terminated & truncated).any()


def first_legal(state, mask):
    """A function for one decision."""
    return int(np.flatnonzero(mask)[-1])


def first_legal_of_many(states, masks):
    """The same for many."""
    assert states.shape == (len(masks), 23) and states.dtype == np.float32 and masks.dtype == np.int8
    return np.array([first_legal(state, mask) for state, mask in zip(states, masks, strict=True)])


# What is said to the vector environment, and what a single one is told in another way.
FUNCTIONS = {"opponents": [first_legal_of_many, "fp-a", first_legal_of_many]}
FUNCTIONS_ALONE = {"opponents": [first_legal, "fp-a", first_legal]}


@pytest.mark.parametrize(
    ("options", "alone"),
    [
        ({}, {}),
        ({"players": 2, "opponents": "random"}, {}),
        ({"players": 6, "seat": 2, "reward": "win", "opponents": "fp-a"}, {}),
        pytest.param(FUNCTIONS, FUNCTIONS_ALONE, id="functions"),
    ],
)
@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_all_goes_as_in_gymnasiums_own_vector_environment(options, alone, mode):
    """The compiled environment against SyncVectorEnv over single ones, array by array and key by key, over many ends."""
    count, options = 6, options | {"max_turns": 40}
    both = (
        MonopolyVectorEnv(count, autoreset_mode=mode, **options),
        SyncVectorEnv([lambda: MonopolyEnv(**options | alone)] * count, autoreset_mode=mode),
    )
    ours, theirs = map(DictInfoToList, both)
    assert both[0].autoreset_mode == both[1].autoreset_mode == ours.metadata["autoreset_mode"] == mode
    mine, their, ends, illegal = ours.reset(seed=50), theirs.reset(seed=50), 0, 0
    for step in range(250):
        assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(mine[:-1], their[:-1], strict=True))
        np.testing.assert_equal(mine[-1], their[-1])
        ends += sum(mine[2] | mine[3]) if step else 0
        illegal += sum("illegal_action" in info for info in mine[-1])
        actions = choose_all([info["action_mask"] for info in mine[-1]], step) if step % 9 else np.full(count, 3)
        mine, their = ours.step(actions), theirs.step(actions)
    assert ends > 20 and illegal > 20


def test_disabled_autoreset_wants_a_reset_mask():
    envs = MonopolyVectorEnv(3, max_episode_steps=5, autoreset_mode="Disabled")
    *_, (observations, _, _, truncated, _) = played(envs, 5, 1)
    assert truncated.all()
    with pytest.raises(gymnasium.error.ResetNeeded):
        envs.step(np.zeros(3, int))
    mask = np.array([True, False, True])
    fresh, _ = envs.reset(options={"reset_mask": mask})
    assert np.array_equal(fresh[1], observations[1]) and not np.array_equal(fresh[0], observations[0])
    with pytest.raises(gymnasium.error.ResetNeeded):
        envs.step(np.zeros(3, int))
    envs.reset(options={"reset_mask": ~mask})
    envs.step(np.zeros(3, int))


def test_truncation_after_max_episode_steps_is_no_loss():
    envs = MonopolyVectorEnv(50, max_episode_steps=10, reward="win")
    *before, (_, rewards, terminated, truncated, info) = played(envs, 10, 2)
    assert not any(truncated.any() for *_, truncated, _ in before)
    ended = np.any([terminated for _, _, terminated, *_ in before], axis=0)  # games whose first episode was over by then
    assert np.array_equal(truncated, ~ended & ~terminated) and truncated.sum() > 40
    assert (rewards[truncated] == 0).all()
    assert np.array_equal(info["_winner"], truncated | terminated) and (info["winner"][truncated] == -1).all()


def test_self_play_tells_who_decides_and_what_each_seat_earned():
    envs = MonopolyVectorEnv(60, players=3, opponents="self", autoreset_mode="SameStep", reward="win")
    _, info = envs.reset(seed=5)
    assert set(np.unique(info["seat"])) <= {0, 1, 2} and envs.self_play
    earned = np.zeros((60, 3))
    finished = 0
    for step in range(2500):
        before = info["seat"].copy()
        _, rewards, terminated, truncated, info = envs.step(choose_all(info["action_mask"], step))
        earned += np.where(info["seat_terminated"], info["seat_rewards"], 0)
        for i in np.flatnonzero(terminated):
            finished += 1
            assert sorted(earned[i]) == [-1, -1, 1]
            assert rewards[i] == info["seat_rewards"][i, before[i]] and info["seat_terminated"][i, before[i]]
            earned[i] = 0
        earned[truncated] = 0
    assert finished > 20


def test_self_play_may_hold_some_seats_only():
    envs = MonopolyVectorEnv(20, players=4, opponents="self,landlord,fp-a", seat=0)
    assert {seat for *_, info in played(envs, 200, 1) for seat in info["seat"].tolist()} == {0, 1}


def test_shaped_rewards_of_self_play_sum_to_the_result():
    envs = MonopolyVectorEnv(40, players=2, opponents="self", autoreset_mode="SameStep")
    observations, info = envs.reset(seed=8)
    rows = np.arange(40)
    earned = np.zeros((40, 2))
    first = np.full((40, 2), np.nan)  # share of strength at each seat's first decision
    first[rows, info["seat"]] = observations[:, STRENGTH]
    finished = 0
    for step in range(2000):
        observations, _, terminated, truncated, info = envs.step(choose_all(info["action_mask"], step))
        ended = terminated | truncated
        mover = np.zeros((40, 2), bool)
        mover[rows, info["seat"]] = ~ended
        earned += np.where(mover | info["seat_terminated"], info["seat_rewards"], 0)
        for i in np.flatnonzero(terminated):
            winner = info["final_info"]["winner"][i]
            expected = np.where(np.arange(2) == winner, 2.0, -1.0) - first[i]
            assert earned[i] == pytest.approx(expected, abs=1e-5)
            finished += 1
        earned[ended], first[ended] = 0, np.nan
        seen = first[rows, info["seat"]]
        first[rows, info["seat"]] = np.where(np.isnan(seen), observations[:, STRENGTH], seen)
    assert finished > 20


def test_illegal_actions_of_many_games():
    envs = MonopolyVectorEnv(4)
    _, info = envs.reset(seed=1)
    actions = np.array([np.flatnonzero(mask == 0)[0] for mask in info["action_mask"]])
    actions[2] = 0
    *_, info = envs.step(actions)
    assert info["illegal_action"].tolist() == [True, True, False, True] and info["illegal_action"].dtype == np.bool_
    strict = MonopolyVectorEnv(4, illegal_action="raise")
    strict.reset(seed=1)
    before = strict.games.tobytes()
    with pytest.raises(IllegalActionError):
        strict.step(actions)
    assert strict.games.tobytes() == before


@pytest.mark.parametrize("actions", [np.zeros(3, int), np.zeros(4), np.zeros((4, 1), int), ["a"] * 4])
def test_actions_of_another_shape_or_kind_are_told(actions):
    envs = MonopolyVectorEnv(4)
    envs.reset(seed=0)
    with pytest.raises(ValueError, match=r"integers of shape \(4,\). Received"):
        envs.step(actions)


def test_wrong_seeds_and_masks_are_told():
    envs = MonopolyVectorEnv(3)
    with pytest.raises(ValueError, match="one seed for each of the 3"):
        envs.reset(seed=[1, 2])
    with pytest.raises(gymnasium.error.ResetNeeded):
        envs.step(np.zeros(3, int))
    envs.reset(seed=1)
    with pytest.raises(ValueError, match="reset_mask"):
        envs.reset(options={"reset_mask": [True, False, True]})


def test_the_first_reset_starts_all_games_whatever_the_mask():
    envs, twin = MonopolyVectorEnv(3), MonopolyVectorEnv(3)
    observations, info = envs.reset(seed=4, options={"reset_mask": np.array([False, True, False])})
    assert np.array_equal(observations, twin.reset(seed=4)[0]) and (envs.games["turns"] > 0).all()
    assert (info["phase"] > 0).all()


def test_a_log_that_was_asked_for_by_hand_stops_no_game():
    envs, twin = MonopolyVectorEnv(3), MonopolyVectorEnv(3)
    envs.games["logging"] = 1
    for each in (envs, twin):
        list(played(each, 60, 4))
    assert envs.games.tobytes() == twin.games.tobytes()


def test_same_step_tells_of_the_old_game_in_final_info_alone():
    """Illegal actions from the first step on, so that the last one of each game is one too."""
    envs = MonopolyVectorEnv(60, players=2, opponents="random", max_turns=30, autoreset_mode="SameStep")
    _, info = envs.reset(seed=3)
    seats, ends = info["seat"], 0
    for _ in range(200):
        *_, terminated, truncated, info = envs.step(np.full(60, 3))  # SELL, which is seldom legal
        ended = terminated | truncated
        assert not info["illegal_action"][ended].any()
        if ended.any():
            final = info["final_info"]
            assert np.array_equal(final["seat"][ended], seats[ended]) and (final["phase"] == 0).all()
            assert final["seat"].dtype == final["phase"].dtype == np.int32 and final["illegal_action"].dtype == np.bool_
            assert all(np.array_equal(final[f"_{key}"], ended) for key in ("seat", "phase", "winner"))
            assert not final["illegal_action"][~ended].any()
            ends += final["illegal_action"].sum()
        seats = info["seat"]
    assert ends > 20


def test_last_observations_of_seats_are_there_where_a_seat_ended_and_nowhere_else():
    envs = MonopolyVectorEnv(40, players=3, opponents="self", autoreset_mode="SameStep", max_turns=8)
    ends = 0
    for *_, info in played(envs, 200, 5):
        ended = info["seat_terminated"] | info["seat_truncated"]
        shown = (info["seat_final_obs"] != 0).any(axis=2)
        assert np.array_equal(shown, ended)
        ends += ended.sum()
    assert ends > 60


# Opponents that are functions


def test_games_may_have_opponents_of_their_own():
    opponents = [["random"], ["landlord", first_legal_of_many], ["fp-a"] * 5, ("fp-b", "fp-c", "random")]
    envs = MonopolyVectorEnv(4, opponents=opponents, seat=0, autoreset_mode="SameStep")
    _, info = envs.reset(seed=3)
    assert envs.games["players"].tolist() == [2, 3, 6, 4]
    alone = MonopolyEnv(players=6, opponents="fp-a", seat=0)
    observation, _ = alone.reset(seed=3 + 2)
    for step in range(30):
        actions = choose_all(info["action_mask"], step)
        observations, *_, info = envs.step(actions)
        observation = alone.step(int(actions[2]))[0]
        assert np.array_equal(observations[2], observation)
    with pytest.raises(ValueError, match=r"3 games need 3 lists of opponents, or one for all\. Received: 2 lists"):
        MonopolyVectorEnv(3, opponents=[["random"], ["random"]])
    with pytest.raises(ValueError, match="not both"):
        MonopolyVectorEnv(3, opponents=["self", first_legal_of_many, "random"])


@pytest.mark.parametrize(
    ("policy", "error", "told"),
    [
        (lambda states, masks: np.full(len(states), 99), IllegalActionError, "broke the rules"),
        (lambda states, masks: np.zeros(len(states)), ValueError, "Expected [0-9]+ integers. Received: float64"),
        (lambda states, masks: 1 / 0, ZeroDivisionError, "division"),
    ],
)
def test_a_function_that_fails_gives_the_games_up(policy, error, told):
    envs = MonopolyVectorEnv(3, opponents=policy)
    with pytest.raises(error, match=told) as failed:
        list(played(envs, 50, 1))
    assert "The opponent at seat " in str(failed.value) + "".join(getattr(failed.value, "__notes__", ()))
    with pytest.raises(gymnasium.error.ResetNeeded):
        envs.step(np.zeros(3, int))


def test_the_learners_decisions_alone_count_for_the_end_of_an_episode():
    envs = MonopolyVectorEnv(20, opponents=first_legal_of_many, max_episode_steps=7, autoreset_mode="SameStep")
    for step, (_, _, _, truncated, _) in enumerate(played(envs, 7, 2)):
        assert not truncated.any() or step == 6
    assert truncated.sum() > 10


@pytest.mark.parametrize("opponents", ["landlord", first_legal_of_many, ["self", "random", "self"]])
def test_games_go_on_from_a_saved_state(opponents):
    envs = MonopolyVectorEnv(6, opponents=opponents, autoreset_mode="SameStep", max_turns=50)
    *_, (observations, *_, info) = played(envs, 20, 5)
    state = envs.get_state()
    other = MonopolyVectorEnv(6, opponents=opponents, autoreset_mode="SameStep", max_turns=50)
    again, told = other.set_state(state)
    assert np.array_equal(again, observations) and np.array_equal(told["action_mask"], info["action_mask"])
    for step in range(20, 80):
        actions = choose_all(info["action_mask"], step)
        one, two = envs.step(actions), other.step(actions)
        assert all(np.array_equal(a, b) for a, b in zip(one[:4], two[:4], strict=True))
        info = one[4]
    with pytest.raises(ValueError, match="do not fit"):
        MonopolyVectorEnv(5, opponents=opponents).set_state(state)
