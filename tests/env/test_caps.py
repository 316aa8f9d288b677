"""Games that end before anybody is asked: with a low turn cap, or a seat that comes late."""

import gymnasium
import numpy as np
import pytest

from agent.evaluation.match import play_match
from monopoly_env import MonopolyEnv, MonopolyVectorEnv
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER, MOST_STARTS
from monopoly_env.game import CAPPED, DECIDED, RUNNING

ID = "monopoly_env:Monopoly-v0"
LATE = [
    {"players": 2, "seat": 1, "max_turns": 1},
    {"players": 4, "seat": 3, "max_turns": 1},
    {"players": 4, "seat": 3, "max_turns": 3, "house_rules": "no_auctions,no_trades"},
]


@pytest.mark.parametrize("options", LATE)
@pytest.mark.parametrize("make", [gymnasium.make, lambda *args, **options: gymnasium.make_vec(*args, num_envs=300, **options)])
def test_a_cap_within_which_nobody_is_asked_is_told(make, options):
    env = make(ID, **options)
    for _ in range(2):
        with pytest.raises(ValueError, match=f"^Nobody is asked within max_turns={options['max_turns']}: 5,000 games in a row"):
            env.reset(seed=1)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0 if make is gymnasium.make else np.zeros(300, int))


def test_a_cap_within_which_functions_alone_are_asked_is_told():
    calls = []

    def passes(observation, mask):
        calls.append(1)
        return 0

    env = MonopolyEnv(players=2, seat=1, max_turns=1, opponents=passes, house_rules=("no_auctions", "no_trades"))
    with pytest.raises(ValueError, match="Nobody is asked within max_turns=1"):
        env.reset(seed=1)
    assert len(calls) > MOST_STARTS / 4
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)


def test_games_that_ask_nobody_are_left_out_where_others_do():
    env = MonopolyEnv(players=2, max_turns=1, house_rules=("no_auctions", "no_trades"))
    assert {env.reset(seed=seed)[1]["seat"] for seed in range(20)} == {0}
    envs = MonopolyVectorEnv(50, players=2, max_turns=1, house_rules=("no_auctions", "no_trades"), autoreset_mode="SameStep")
    _, info = envs.reset(seed=1)
    for _ in range(10):
        *_, info = envs.step(np.ones(50, int))
        assert (info["seat"] == 0).all() and info["action_mask"][:, 1].all()


def test_played_to_the_end_a_game_that_asks_nobody_counts_as_it_ended():
    """Without the learner asked: capped, or with everybody else's result."""
    batch = GameBatch([[LEARNER, 4, 4, 4]] * 40, 3, max_turns=1, to_the_end=True)
    batch.begin(range(40))
    records = batch.episodes
    assert (batch.games["turns"] == 1).all()
    over = records["episode_over"] != 0
    assert over.sum() > 20 and (batch.games["over"][over] == CAPPED).all() and (records["truncated"][over, 3] == 1).all()
    assert (records["ended_seat"][over] == 3).all() and (records["result"][over] == CAPPED).all()
    assert (batch.games["over"][~over] == RUNNING).all()


def test_a_seat_that_goes_bankrupt_unasked_has_its_game_played_on_to_the_end():
    """Without cash the first tax is the end; bots finish the game."""
    batch = GameBatch([[LEARNER, 4, 4]] * 300, 0, to_the_end=True, starting_cash=0)
    batch.begin(range(300))
    records, games = batch.episodes, batch.games
    lost = (records["decisions"] == 0) & (records["episode_over"] != 0) & (games["alive"][:, 0] == 0)
    assert lost.sum() > 20 and (games["over"][lost] != RUNNING).all() and (games["over"][lost] == DECIDED).any()
    assert (records["step_reward"][lost] == -1).all() and records["step_terminated"][lost].all()


def test_bots_alone_play_one_game():
    batch = GameBatch([[4, 4]] * 3, 0, to_the_end=True)
    batch.begin(range(3))
    first = batch.games.copy()
    assert (first["over"] != RUNNING).all() and (batch.episodes["episode_over"] == 1).all()
    batch.go_on()
    assert batch.games.tobytes() == first.tobytes()


@pytest.mark.parametrize("max_turns", [1, 3])
def test_matches_count_such_games_as_capped(max_turns):
    class Passes:
        """Passes whatever it is asked."""

        def observe(self, batch, rows):
            return batch.episodes["state"][rows]

        def batch(self, observations, masks, rng, temperature):
            return np.zeros(len(masks), int)

    match = play_match(Passes(), ["landlord"] * 3, 40, max_turns=max_turns)
    assert not match.decided.any() and (match.winner == -1).all() and (match.turns == max_turns).all()
    assert match.seat.tolist() == [number % 4 for number in range(40)]
