"""Matches: rotation, common dice, and that the better player is found better."""

import math

import numpy as np
import pytest

from agent.evaluation.explain import saliency
from agent.evaluation.league import CENTRE, ELO, _who, fit_ratings, play_league, resampled_ratings
from agent.evaluation.match import Match, joined, match_plan, play_here, play_match
from agent.evaluation.report import summary
from agent.learning.config import TrainConfig
from agent.learning.network import build_policy
from agent.learning.trainer import Training
from agent.players.model_file import ModelError
from agent.players.network import Player
from agent.players.playouts import EVALUATION, controllers
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.game import new_games
from monopoly_env.observation import CASH_AFTER


@pytest.fixture(scope="module")
def player():
    """An untrained network."""
    return Player(build_policy((16,), seed=1))


def test_seats_rotate_exactly():
    match = play_match("fp-a", ["random"] * 3, 40)
    assert [games for _, games in match.by_seat()] == [10, 10, 10, 10]
    assert match.seat.tolist() == [i % 4 for i in range(40)]
    assert sum(wins for wins, _ in match.by_seat()) == match.wins


def test_the_same_seed_gives_the_same_games_on_any_number_of_threads_and_another_seed_others(player):
    one, two = (play_match(player, ["landlord", "random"], 300, seed=3, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.winner, two.winner) and np.array_equal(one.turns, two.turns)
    assert not np.array_equal(one.turns, play_match(player, ["landlord", "random"], 300, seed=4).turns)


def test_everybody_meets_the_same_dice():
    """Two bots that never buy nor deal alike still see the same first roll in every game."""
    one, two = (play_match(name, ["random"], 200, seed=5, max_turns=1) for name in ("random", "landlord"))
    assert np.array_equal(one.visits, two.visits)


class Recorder:
    """A decider that takes the last legal action and writes down ``(is it the first participant's, phase, action)``."""

    def __init__(self):
        self.decisions = []

    def observe(self, batch, rows):
        """Return who decides on what."""
        first = batch.games["actor"][rows] == batch.episodes["first_seat"][rows]
        return np.stack([first, batch.games["phase"][rows]], axis=1)

    def batch(self, looks, masks, rng, temperature):
        """Return the last legal actions."""
        actions = 6 - (masks[:, ::-1] != 0).argmax(axis=1)
        self.decisions += zip(*looks.T.tolist(), actions.tolist(), strict=True)
        return actions


def test_opponents_change_places_from_round_to_round():
    """Seat by seat from the first participant's: four games in one order, the next four with the opponents moved on by one."""
    participants = ["random", "fp-a", "fp-b", "fp-c"]
    codes, _ = controllers(participants)
    orders = [[0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 1, 2]]
    seatings = []

    def watched(seating, *rest, **options):
        seatings.extend(seating)
        return GameBatch(seating, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agent.evaluation.match.GameBatch", watched)
        play_match(participants[0], participants[1:], 16, max_turns=1)
    assert seatings == [[codes[i] for i in orders[number // 4 % 3]] for number in range(16)]


def test_only_the_decisions_of_the_first_contestant_are_counted():
    recorder = Recorder()
    match = play_match(recorder, [recorder, "random"], 12, max_turns=40)
    expected = np.zeros_like(match.actions)
    for first, phase, action in recorder.decisions:
        expected[phase, action] += first
    assert 0 < expected.sum() < len(recorder.decisions)
    np.testing.assert_array_equal(match.actions, expected)


def test_a_planted_stronger_player_is_found_stronger():
    better = play_match("landlord", ["random"] * 3, 400, seed=1)
    worse = play_match("random", ["landlord"] * 3, 400, seed=1)
    assert better.interval[0] > 0.8 and worse.interval[1] < 0.1


def test_equal_players_win_their_share():
    match = play_match("fp-b", ["fp-b"] * 3, 2000, seed=2)
    low, high = match.interval
    assert low < 0.25 < high + 0.02


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_parts_in_any_order_join_to_the_whole(player, temperature, monkeypatch):
    match = (player, ["landlord", "random"], 100)
    options = {"seed": 4, "temperature": temperature, "max_turns": 100}
    one_part = play_match(*match, **options)
    monkeypatch.setattr("agent.evaluation.match.PART", 30)
    plan = match_plan(*match, **options)
    assert [(part.start, part.stop) for part in plan] == [(0, 30), (30, 60), (60, 90), (90, 100)]
    found = joined(list(play_here(plan[::-1]))[::-1])
    expected = play_match(*match, **options) if temperature else one_part  # what is drawn depends on the size of the parts
    for field in ("winner", "turns", "worth", "actions"):
        assert np.array_equal(getattr(found, field), getattr(expected, field)), field


def test_capped_games_are_told_apart_and_not_won():
    match = play_match("landlord", ["landlord"] * 3, 100, max_turns=30)
    row = summary(match)
    assert row["capped"] + row["decided"] == 100 and row["capped"] > 50
    assert (match.winner[~match.decided] == -1).all() and match.wins <= row["decided"]


def test_networks_may_sit_at_several_seats_and_drawing_differs_from_best(player):
    other = Player(build_policy((16,), seed=2))
    match = play_match(player, [player, other, "random"], 100, seed=0)
    drawn = play_match(player, [player, other, "random"], 100, seed=0, temperature=1.0)
    assert match.games == 100 and not np.array_equal(match.turns, drawn.turns)
    assert np.array_equal(drawn.turns, play_match(player, [player, other, "random"], 100, seed=0, temperature=1.0).turns)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: play_match("random", ["random"], 0), "at least 1 game"),
        (lambda: play_match("random", [], 5), "2 to 8"),
        (lambda: play_match("random", ["random"] * 8, 5), "2 to 8"),
        (lambda: play_match("random", ["shark"], 5), "Unknown player"),
        (lambda: play_match("random", ["random"], 5, seed=-1), "seed"),
        (lambda: play_match("random", ["random"], 5, temperature=-1.0), r"temperature .* 0 or above\. Received: -1.0"),
        (lambda: play_match("random", ["random"], 5, temperature=np.nan), r"temperature .* 0 or above\. Received: nan"),
        (lambda: play_match("random", ["random"], 5, temperature=np.inf), r"temperature .* 0 or above\. Received: inf"),
    ],
)
def test_impossible_matches_are_told(call, told):
    with pytest.raises((ValueError, ModelError), match=told):
        call()


def test_evaluation_never_uses_the_dice_of_training():
    training = Training(TrainConfig(hidden=(8,), num_envs=32, rollout_steps=4, minibatches=2, seed=0, xla=False))
    trained_on = {tuple(game["deck"].ravel()) for game in training.envs.unwrapped.games}
    evaluated = new_games(2000, 4, np.random.SeedSequence((EVALUATION, 0)).spawn(2000))
    assert not trained_on & {tuple(game["deck"].ravel()) for game in evaluated}


# Ratings


def test_two_players_get_the_ratings_of_their_odds():
    """Player 0 wins 300 of 400: odds 3 to 1, so 400 * log10(3) = 190.8 points apart (less a little for the half wins)."""
    batch = np.tile([0, 1], (400, 1))
    winners = np.repeat([0, 1], [300, 100])
    ratings = fit_ratings(batch, winners, 2)
    assert ratings.mean() == pytest.approx(CENTRE)
    assert ratings[0] - ratings[1] == pytest.approx(ELO * np.log(3), abs=2)


def test_ratings_recover_a_known_order_and_its_distances():
    rng = np.random.default_rng(0)
    strength = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    batch = np.array([rng.permutation(5)[:4] for _ in range(20_000)])
    odds = strength[batch]
    winners = batch[
        np.arange(len(batch)), (rng.random(len(batch))[:, None] < (odds / odds.sum(1, keepdims=True)).cumsum(1)).argmax(1)
    ]
    ratings = fit_ratings(batch, winners, 5)
    assert np.diff(ratings) == pytest.approx(np.full(4, ELO * np.log(2)), abs=12)


def test_one_that_never_wins_has_a_finite_rating():
    ratings = fit_ratings(np.tile([0, 1], (50, 1)), np.zeros(50, int), 2)
    assert np.isfinite(ratings).all() and ratings[0] > ratings[1] + 300


def test_a_winner_from_another_table_is_refused():
    with pytest.raises(ValueError, match="one of its players"):
        fit_ratings(np.array([[0, 1]]), np.array([2]), 3)


def test_the_winner_of_a_league_game_is_found_behind_seat_and_rotation():
    """Players 4 to 7 in this order: the tables of games 0 to 11 written down seat by seat, and every seat as the winner."""
    order, players = [4, 5, 6, 7], 4
    rounds = [[4, 5, 6, 7], [4, 6, 7, 5], [4, 7, 5, 6]]
    number = np.arange(12)
    for places in range(players):
        winner = (number + places) % players
        expected = []
        for n in number:
            seated = {(n % players + place) % players: who for place, who in enumerate(rounds[n // players])}
            expected.append(seated[winner[n]])
        decided = number != 5
        nothing = np.zeros(0)
        match = Match(players, number % players, np.where(decided, winner, -1), decided, *[nothing] * 5)
        batch, found = _who(match, order)
        assert found.tolist() == [who for n, who in enumerate(expected) if n != 5]
        assert batch.tolist() == [order] * 11


def test_every_mix_of_a_league_has_dice_of_its_own():
    seeds = []

    def watched(parts):
        seeds.extend((part.seed, part.participants) for part in parts)
        return play_here(parts)

    play_league({name: name for name in ("random", "landlord", "fp-a")}, 2, 4, seed=7, bootstraps=2, play=watched)
    mixes = {}
    for seed, participants in seeds:
        mixes.setdefault(frozenset(participants), set()).add(seed)
    assert sorted(mixes.values()) == [{7}, {8}, {9}]


def test_intervals_cover_a_player_that_almost_always_wins():
    """True chance 99.9 %: over all numbers of losses in 400 games that happen, 19 of 20 intervals hold the true distance."""
    games, chance = 400, 0.999
    true = ELO * np.log(chance / (1 - chance))
    covered = likely = 0.0
    for losses in range(6):
        probability = math.comb(games, losses) * (1 - chance) ** losses * chance ** (games - losses)
        winners = np.repeat([0, 1], [games - losses, losses])
        drawn = resampled_ratings(np.tile([0, 1], (games, 1)), winners, 2, 400, np.random.default_rng(losses))
        low, high = np.percentile(drawn[:, 0] - drawn[:, 1], [2.5, 97.5])
        covered += probability * (low <= true <= high)
        likely += probability
    assert likely > 0.999 and covered > 0.9


def test_resampled_ratings_spread_as_the_odds_do():
    """300 of 400: the logarithm of the odds has the standard error sqrt(1 / 300 + 1 / 100)."""
    winners = np.repeat([0, 1], [300, 100])
    drawn = resampled_ratings(np.tile([0, 1], (400, 1)), winners, 2, 2000, np.random.default_rng(0))
    distance = drawn[:, 0] - drawn[:, 1]
    assert distance.mean() == pytest.approx(ELO * np.log(3), abs=2)
    assert distance.std() == pytest.approx(ELO * np.sqrt(1 / 300 + 1 / 100), rel=0.06)
    mirrored = resampled_ratings(np.tile([1, 0], (400, 1)), winners, 2, 2000, np.random.default_rng(0))
    np.testing.assert_allclose(mirrored, drawn)  # the order at a table does not matter


def test_one_that_won_every_game_has_an_interval_around_its_rating():
    rows = play_league({"random": "random", "landlord": "landlord"}, 2, 10, seed=1)
    assert rows[0].name == "landlord" and rows[0].wins == rows[0].games
    assert rows[0].low + 50 < rows[0].rating < rows[0].high - 50


def test_a_league_ranks_the_bots_and_counts_every_game():
    standings = play_league({name: name for name in ("random", "landlord", "fp-a")}, 2, 100, bootstraps=50)
    assert [row.name for row in standings] == ["landlord", "fp-a", "random"]
    assert sum(row.wins for row in standings) * 2 == sum(row.games for row in standings)
    assert all(row.low <= row.rating <= row.high for row in standings)
    with pytest.raises(ValueError, match="at least two"):
        play_league({"random": "random"}, 2, 10)


def test_a_league_with_fewer_players_than_seats_repeats_them():
    standings = play_league({"random": "random", "landlord": "landlord"}, 4, 60, bootstraps=20)
    assert standings[0].name == "landlord" and standings[0].rating > standings[1].rating + 200


# Explaining


def test_saliency_finds_the_one_float_that_a_network_looks_at():
    model = build_policy((4,), head="linear", seed=0)
    for layer in model.layers:
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    first, norm, last = (model.get_layer(name) for name in ("hidden_1", "norm_1", "action_values"))
    kernel = np.zeros((23, 4))
    kernel[CASH_AFTER] = [10, -10, 0, 0]
    first.set_weights([kernel, np.array([-5, 5, 0, 0])])  # above or below one half
    norm.set_weights([np.ones(4), np.zeros(4)])
    head = np.zeros((4, 7))
    head[0, 0], head[1, 1] = 1, 1
    last.set_weights([head, np.zeros(7)])
    rows = saliency(Player(model), ["random"], decisions=20_000)
    assert rows[0].name == "cash_after" and rows[0].moved > 0
    assert all(row.changed == row.moved == 0 for row in rows[1:])


def test_a_match_and_a_league_take_whoever_plays():
    asked = []

    def play(parts):
        asked.extend(parts)
        return play_here(parts)

    options = {"seed": 2, "max_turns": 40}
    here, there = (play_match("fp-a", ["random"], 50, **given, **options) for given in ({}, {"play": play}))
    assert np.array_equal(here.worth, there.worth) and len(asked) == 1
    names = {name: name for name in ("random", "fp-a", "landlord")}
    assert play_league(names, 2, 20, bootstraps=20, play=play) == play_league(names, 2, 20, bootstraps=20)
    assert len(asked) == 1 + 6
