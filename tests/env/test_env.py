"""``Monopoly-v0`` as Gymnasium clients meet it."""

import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from monopoly_env import IllegalActionError, MonopolyEnv, Phase
from monopoly_env.observation import HIGH, LOW, STATE_SIZE, STRENGTH

ID = "monopoly_env:Monopoly-v0"


def legal(rng, info):
    """Any legal action."""
    return int(rng.choice(np.flatnonzero(info["action_mask"])))


def episode(env, seed=None, choose=legal, rng_seed=0):
    """Play one episode; return its transitions and the last info."""
    rng = np.random.default_rng(rng_seed)
    observation, info = env.reset(seed=seed)
    steps = []
    while True:
        action = choose(rng, info)
        observation, reward, terminated, truncated, info = env.step(action)
        steps.append((observation, reward, terminated, truncated, info["seat"]))
        if terminated or truncated:
            return steps, info


def same(left, right):
    """Whether two lists of transitions are equal to the last bit."""
    return len(left) == len(right) and all(
        np.array_equal(a[0], b[0]) and a[1:] == b[1:] for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("options", [{}, {"players": 2, "opponents": "random", "seat": 1}, {"reward": "win", "players": 8}])
def test_gymnasium_finds_nothing_to_complain_about(options):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        check_env(gymnasium.make(ID, **options).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("players", range(2, 9))
def test_observations_stay_in_their_box_and_masks_are_never_empty(players):
    env = gymnasium.make(ID, players=players, opponents="fp-c").unwrapped
    rng = np.random.default_rng(players)
    observation, info = env.reset(seed=players)
    for _ in range(1500):
        assert observation.dtype == np.float32 and observation.shape == (STATE_SIZE,)
        assert np.isfinite(observation).all() and (observation >= LOW).all() and (observation <= HIGH).all()
        assert info["action_mask"].dtype == np.int8 and info["action_mask"][0] == 1
        assert (env.action_masks() == (info["action_mask"] != 0)).all()
        observation, _, terminated, truncated, info = env.step(legal(rng, info))
        if terminated or truncated:
            assert info["phase"] == Phase.NONE and info["action_mask"].tolist() == [1, 0, 0, 0, 0, 0, 0]
            observation, info = env.reset()


def test_the_same_seed_is_the_same_episode_and_the_next_one_follows_from_it():
    env, other = MonopolyEnv(), MonopolyEnv()
    first, _ = episode(env, seed=11)
    second, _ = episode(env)
    assert same(first, episode(other, seed=11)[0]) and same(second, episode(other)[0])
    assert not same(first, second) and not same(first, episode(env, seed=12)[0])


def test_the_first_game_without_a_seed_is_not_always_the_same():
    games = {env.game.tobytes() for env in (MonopolyEnv(), MonopolyEnv(), MonopolyEnv()) if env.reset()}
    assert len(games) == 3


def test_dice_are_the_same_whoever_the_opponents_are():
    rolls = []
    for opponents in ("random", "landlord"):
        env = MonopolyEnv(players=2, opponents=opponents, seat=0, house_rules=("no_trades", "no_auctions"))
        env.reset(seed=5)
        rolls.append(env.game.dice.tolist())
    assert rolls[0] == rolls[1]


def test_rewards_are_the_result_and_the_change_of_strength():
    for seed in range(30):
        shaped, info = episode(MonopolyEnv(), seed=seed)
        plain, _ = episode(MonopolyEnv(reward="win"), seed=seed)
        rewards = [step[1] for step in plain]
        assert len(shaped) == len(plain) and not any(rewards[:-1])
        result = 1.0 if info["winner"] == info["seat"] else -1.0
        assert shaped[-1][2] and rewards[-1] == result
        # From the share of all strength at the first decision to all of it or none.
        first_share = MonopolyEnv().reset(seed=seed)[0][STRENGTH]
        final_share = 1.0 if result > 0 else 0.0
        assert sum(step[1] for step in shaped) == pytest.approx(result + final_share - first_share, abs=1e-5)


def test_a_bankrupt_learner_is_told_that_nobody_has_won_yet_and_a_winner_that_it_has():
    seen = set()
    for seed in range(60):
        steps, info = episode(MonopolyEnv(players=3, opponents="random"), seed=seed)
        won = info["winner"] == info["seat"]
        assert info["decided"] == (info["winner"] >= 0) and steps[-1][2] and not steps[-1][3]
        assert (steps[-1][1] > 0) == won
        seen.add((won, info["decided"]))
    assert {(True, True), (False, False)} <= seen


def test_the_turn_cap_truncates():
    steps, info = episode(MonopolyEnv(max_turns=12), seed=1)
    assert steps[-1][3] and not steps[-1][2] and info["winner"] == -1 and info["decided"] is False
    assert abs(steps[-1][1]) < 0.5  # the change of strength, no loss


def test_illegal_actions_are_passes_that_are_told_or_errors():
    env, twin = MonopolyEnv(), MonopolyEnv()
    _, info = env.reset(seed=3)
    twin.reset(seed=3)
    illegal = int(np.flatnonzero(info["action_mask"] == 0)[0])
    observation, reward, _, _, info = env.step(illegal)
    expected = twin.step(0)
    assert info["illegal_action"] is True and "illegal_action" not in expected[4]
    assert np.array_equal(observation, expected[0]) and reward == expected[1]
    strict = MonopolyEnv(illegal_action="raise")
    _, info = strict.reset(seed=3)
    before = strict.game.tobytes()
    with pytest.raises(IllegalActionError, match="is not legal for seat"):
        strict.step(illegal)
    with pytest.raises(IllegalActionError, match="from 0 to 6"):
        strict.step(7)
    assert strict.game.tobytes() == before
    strict.step(0)


def test_functions_play_as_opponents_and_see_what_they_should():
    seen = []

    def cautious(observation, mask):
        seen.append((observation, mask))
        return 1 if mask[1] else 0

    env = MonopolyEnv(players=3, opponents=[cautious, "landlord"], seat=0)
    steps, _ = episode(env, seed=2)
    assert len(seen) > 10 and steps
    for observation, mask in seen:
        assert observation.shape == (23,) and observation.dtype == np.float32 and mask.shape == (7,) and mask.sum() >= 2


def test_a_function_equal_to_a_bot_gives_the_same_game():
    """A bot asked from outside and the same bot inside the engine."""
    from monopoly_env.bots import ask_bot, bot_number

    holder = {}

    def outside(observation, mask):
        return ask_bot(holder["env"].game, mask, bot_number("fp-b"))

    env = MonopolyEnv(players=3, opponents=outside, seat=1)
    holder["env"] = env
    for seed in range(5):
        assert same(episode(env, seed=seed)[0], episode(MonopolyEnv(players=3, opponents="fp-b", seat=1), seed=seed)[0])


def test_seats_are_drawn_or_fixed():
    env = MonopolyEnv()
    assert env.seat == -1
    assert {env.reset(seed=seed)[1]["seat"] for seed in range(40)} == {0, 1, 2, 3}
    env = MonopolyEnv(players=5, seat=3)
    assert env.seat == 3
    assert {env.reset(seed=seed)[1]["seat"] for seed in range(5)} == {3} and env.seat == 3


def test_stepping_without_a_game_is_told():
    env = MonopolyEnv()
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)
    episode(env, seed=0)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)


def test_importing_the_environment_starts_neither_tensorflow_nor_a_picture():
    code = "import monopoly_env, sys; print(*[m for m in ('tensorflow', 'keras', 'matplotlib', 'rich') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_rendering_does_not_change_the_game(capsys):
    quiet, _ = episode(MonopolyEnv(players=3), seed=6)
    env = MonopolyEnv(players=3, render_mode="ansi")
    spoken, _ = episode(env, seed=6)
    assert same(quiet, spoken)
    text = env.render()
    assert "rolled" in text and "\x1b" not in text
    human, _ = episode(MonopolyEnv(players=3, render_mode="human"), seed=6)
    assert same(quiet, human) and "rolled" in capsys.readouterr().out


def test_a_new_game_does_not_tell_of_the_old_one():
    env, fresh = (MonopolyEnv(players=3, render_mode="ansi") for _ in range(2))
    episode(env, seed=6)
    for each in (env, fresh):
        each.reset(seed=7)
    assert env.render() == fresh.render()


def test_a_game_that_nobody_saw_is_not_told():
    env = MonopolyEnv(
        opponents=lambda observation, mask: int(np.flatnonzero(mask)[-1]), seat=1, max_turns=2, render_mode="ansi"
    )
    env.reset(seed=5)
    assert "its last turn" not in env.render()
