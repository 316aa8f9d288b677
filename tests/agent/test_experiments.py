"""Experiments: other states and learners differ in what they say, are trained and measured, and nothing else changes."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from agent.experiments.layouts import LAYOUTS
from agent.experiments.results import ResultsError, load, markdown, picture, save
from agent.experiments.run import OPPONENTS, POINTS, train_variant
from agent.experiments.variants import VARIANTS
from monopoly_env.actions import BUY
from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.step import LEARNER
from monopoly_env.decision.asked import deal_asked, groups_and_cost
from monopoly_env.observation import CASH_AFTER, FEATURE_NAMES, GAIN, STATE_SIZE, STRENGTH
from monopoly_env.rules.property import net_worth

ROOT = Path(__file__).parents[2]
RUN = {"variant": "default", "seed": 0, "decisions": 100, "games": 10, "final_games": 20}
POINT = {"decisions": 100, "games": 20, "wins": {"landlord": 5, "fixed policies": 10, "random": 15}}


@pytest.fixture(scope="module")
def batch():
    """Sixty-four self-play tables, some way into their games."""
    batch = GameBatch([[LEARNER] * 4] * 64, threads=1)
    batch.begin(np.random.SeedSequence(3).spawn(64))
    rng = np.random.default_rng(0)
    for _ in range(120):
        masks = batch.episodes["mask"]
        batch.step((rng.random(masks.shape) * masks).argmax(axis=1), 2)
    return batch


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_has_its_width_and_is_finite(batch, name):
    states = LAYOUTS[name].look(batch, np.arange(0, 64, 2))
    assert states.shape == (32, LAYOUTS[name].width)
    assert states.dtype == np.float32 and np.isfinite(states).all()


def test_unmarked_takes_the_marks_away_and_shows_the_position(batch):
    rows = np.arange(64)
    states, plain = batch.episodes["state"], LAYOUTS["unmarked"].look(batch, rows)
    gone = (states - plain).round(5)
    assert set(np.unique(gone[:, :10])) == {0.0, 1.0}  # a mark is 1 ...
    assert (gone[:, :10].sum(axis=1) <= 1).all()
    deals = gone[:, 10:20] != 0
    assert deals.any() and (deals.sum(axis=1) <= 1).all() and (states[:, 10:20][deals] > 1).all()  # ... or a gain from 1 to 2
    assert plain[:, :20].max() <= 1.0
    seats = batch.games["actor"]
    np.testing.assert_allclose(plain[:, CASH_AFTER], batch.games["position"][rows, seats] / 40, atol=1e-6)


def test_wide_begins_with_the_23_floats_and_tells_the_rivals_apart(batch):
    rows = np.arange(64)
    states = LAYOUTS["wide"].look(batch, rows)
    np.testing.assert_array_equal(states[:, :STATE_SIZE], batch.episodes["state"])
    phase = states[:, STATE_SIZE : STATE_SIZE + 6]
    np.testing.assert_array_equal(phase.argmax(axis=1) + 1, batch.games["phase"])
    seat = int(batch.games["actor"][0])
    cash = batch.games["cash"][0, [(seat + step) % 4 for step in (1, 2, 3)]]
    np.testing.assert_allclose(states[0, STATE_SIZE + 6 : STATE_SIZE + 9], cash / (np.abs(cash) + 500), rtol=1e-6)
    holds = states[:, STATE_SIZE + 18 : STATE_SIZE + 48].reshape(64, 3, 10)
    best = batch.episodes["state"][:, 10:20]
    unmarked = LAYOUTS["unmarked"].look(batch, rows)[:, 10:20]
    assert not np.allclose(holds.max(axis=1), best)  # the marks
    np.testing.assert_allclose(holds.max(axis=1), unmarked, atol=1e-6)


def test_factual_shows_net_worth_and_cash_in_place_of_the_judgements(batch):
    rows = np.arange(64)
    factual, plain = LAYOUTS["factual"].look(batch, rows), LAYOUTS["unmarked"].look(batch, rows)
    marks = (factual[:, :20] - plain[:, :20]).round(5)
    assert set(np.unique(marks)) == {0.0, 1.0} and (marks[:, :10].sum(axis=1) <= 1).all()
    assert (marks[:, 10:].sum(axis=1) <= marks[:, :10].sum(axis=1)).all() and marks[:, 10:].any()
    for game, state in zip(batch.games, factual, strict=True):
        seat, cash = game["actor"], game["cash"][game["actor"]]
        worths = [net_worth(game, other) if game["alive"][other] else 0 for other in range(4)]
        assert state[STRENGTH] == pytest.approx(worths[seat] / sum(worths))
        assert state[GAIN] == pytest.approx(cash / (cash + 500))
        after = cash - groups_and_cost(game, seat, deal_asked(game, seat))[2]
        assert state[CASH_AFTER] == pytest.approx(after / (abs(after) + 500))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["default", "question", "linear-epsilon-greedy", "wide"])
def test_a_variant_trains_and_is_measured(name):
    variant = VARIANTS[name]
    config = variant.config(decisions=1536, seed=0, threads=1)
    small = {"num_envs": 16, "rollout_steps": 16, "minibatches": 2, "epochs": 1, "xla": False}
    points = list(train_variant(variant, dataclasses.replace(config, **small), games=8, final_games=12))
    assert [point["decisions"] for point in points] == [256 * (i + 1) for i in range(POINTS)]
    assert [point["games"] for point in points] == [8] * (POINTS - 1) + [12]
    assert all(set(point["wins"]) == set(OPPONENTS) for point in points)
    json.dumps(points)


def test_epsilon_greedy_explores_less_and_less():
    from agent.experiments.learners import EPSILON_FINAL, EpsilonGreedyQ

    learner = EpsilonGreedyQ(VARIANTS["linear"].config(1000, 0, 1))
    states = np.repeat(np.random.default_rng(0).random((1, STATE_SIZE), np.float32), 4000, axis=0)
    masks = np.zeros((4000, 7), np.int8)
    masks[:, [0, BUY]] = 1
    shares = []
    for progress in (0.0, 1.0):
        learner.anneal(progress)
        actions = learner.act(states, masks, np.random.default_rng(1))["action"]
        assert set(actions) <= {0, BUY}
        shares.append(np.bincount(actions).max() / 4000)
    assert shares[0] == pytest.approx(0.5, abs=0.03)  # anything
    assert shares[1] == pytest.approx(1 - EPSILON_FINAL / 2, abs=0.01)  # nearly always the best


def test_the_question_cannot_say_a_negative_value():
    from agent.experiments.learners import SigmoidQ, ranking

    learner = SigmoidQ(VARIANTS["question"].config(1000, 0, 1))
    assert [tuple(v.shape) for v in learner.model.trainable_variables] == [(23, 150), (150,), (150, 7), (7,)]
    states = 100 * np.random.default_rng(0).standard_normal((50, STATE_SIZE)).astype(np.float32)
    outputs = learner.model(states).numpy()
    assert outputs.min() >= 0 and outputs.max() <= 1
    assert ranking(learner)(states).numpy().min() < 0


def test_the_table_pools_the_seeds(tmp_path):
    runs = [{**RUN, "seed": seed, "points": [POINT]} for seed in range(2)]
    save(tmp_path / "r.json", runs)
    assert load(tmp_path / "r.json") == runs
    text = markdown(runs)
    assert "**25.0 %** (14.2 to 40.2); 25.0 / 25.0" in text  # 10 of 40: Wilson's interval worked by hand
    assert "`linear`" not in text
    picture(runs, tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_other_files_are_refused_and_left_alone(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("[1]")
    with pytest.raises(ResultsError, match="does not hold results"):
        load(path)
    assert path.read_text() == "[1]" and load(tmp_path / "none.json") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "defualt"], "Unknown variant 'defualt'"),
        (["run", "default", "--seeds", "a"], "--seeds takes whole numbers"),
        (["report", "--results", "none.json"], "No results in none.json"),
    ],
)
def test_bad_input_gets_one_line(tmp_path, arguments, said):
    command = [sys.executable, str(ROOT / "scripts/experiments.py"), *arguments]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and result.stdout == ""
    assert said in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_feature_names_are_those_the_layouts_count_on():
    assert FEATURE_NAMES[CASH_AFTER] == "cash_after" and len(FEATURE_NAMES) == STATE_SIZE


def test_the_results_show_all_runs_that_were_kept():
    runs = load(ROOT / "docs/experiments.json")
    assert markdown(runs) in (ROOT / "docs/RESULTS.md").read_text(encoding="utf-8")
    assert {run["variant"] for run in runs} == set(VARIANTS)
