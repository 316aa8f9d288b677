"""Training: seatings, rollouts, resuming, and that it learns."""

import numpy as np
import pytest

from agent.evaluation.match import play_match
from agent.learning.config import RunOptions, TrainConfig
from agent.learning.trainer import Training, draw_opponents
from agent.players.network import Player
from agent.runs.folder import RunError, RunFolder
from agent.runs.run import Run, evaluation_updates, opponent_policies
from monopoly_env.bots import BOTS, LANDLORD

SMALL = {"hidden": (16,), "num_envs": 32, "rollout_steps": 16, "minibatches": 4, "decisions": 2560, "threads": 1, "xla": False}


def small(head="softmax", **settings):
    """A run of five tiny updates."""
    return TrainConfig.for_head(head, **{**SMALL, **settings})


def weights(training):
    """All weights as one array."""
    return np.concatenate([w.ravel() for w in training.learner.model.get_weights()])


def opponents_of(config, **policies):
    return draw_opponents(config, {"self": "self", **policies}, np.random.default_rng(0))


def test_opponents_follow_the_mix():
    config = small(num_envs=300, self_play=1, bots=1, mixed=1, opponents=("landlord", "fp-a"))
    games = opponents_of(config)
    selves = [names.count("self") for names in games]
    assert selves[:100] == [3] * 100 and selves[100:200] == [0] * 100 and set(selves[200:]) == {1, 2}
    assert {name for names in games for name in names} == {"self", "landlord", "fp-a"}
    two = opponents_of(small(players=2, self_play=1, mixed=1))
    assert {names.count("self") for names in two} == {1, 0}


def test_a_name_that_stands_for_nobody_is_refused():
    with pytest.raises(ValueError, match=r"There is no opponent 'landord'\. Bots: random, .*functions: self"):
        Training(small(opponents=("landlord", "landord")))


def test_games_may_have_several_sizes():
    config = small(num_envs=60, table_sizes=(2, 3, 6))
    assert [len(names) for names in opponents_of(config)[:4]] == [1, 2, 5, 1]
    training = Training(config)
    assert training.envs.unwrapped.games["players"][:4].tolist() == [2, 3, 6, 2]
    assert np.isfinite(training.step().report["return_mean"])


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_networks_are_opponents_like_any_other(head, tmp_path):
    """The network itself as it is at that moment, and one in a file; the run resumes to the bit."""
    with RunFolder.create("old", head, tmp_path) as folder:
        Run(Training(small(head)), folder, options=RunOptions(evaluations=0)).save()
    config = small(head, decisions=512 * 3, self_play=1, mixed=1, opponents=("landlord", str(tmp_path / "old")))
    asked = []

    def policies():
        (name,) = opponent_policies(config)
        play = opponent_policies(config)[name]
        return {name: lambda states, masks: asked.append(len(states)) or play(states, masks)}

    whole = Training(config, policies=policies())
    reports = [update.report for update in whole.run()]
    assert sum(asked) > 500 and max(asked) > 5
    stopped = Training(config, policies=policies())
    stopped.step()
    saved = stopped.get_state()
    stopped.step()  # what was saved does not change with it
    resumed = Training.from_state(*saved, policies=policies())
    assert [update.report for update in resumed.run()] == reports[1:]
    assert np.array_equal(weights(whole), weights(resumed))


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_a_run_makes_its_updates_and_changes_the_network(head):
    training = Training(small(head))
    before = weights(training)
    updates = list(training.run())
    assert [u.decisions for u in updates] == [512, 1024, 1536, 2048, 2560] and training.done
    assert updates[-1].progress == 1 and all(np.isfinite(list(u.report.values())).all() for u in updates)
    assert not np.array_equal(before, weights(training))


@pytest.mark.slow
@pytest.mark.parametrize("head", ["softmax", "linear"])
@pytest.mark.parametrize("stop_after", [1, 3])
def test_a_resumed_run_equals_one_that_never_stopped(head, stop_after, tmp_path):
    config = small(head, seed=3)
    whole = Training(config)
    reports = [update.report for update in whole.run()]

    with RunFolder.create("x", head, tmp_path) as folder:
        run = Run(Training(config), folder, options=RunOptions(evaluations=0))
        for number, _ in enumerate(run.progress(), start=1):
            if number == stop_after:
                break
        run.save()
    with RunFolder.open("x", tmp_path) as folder:
        resumed = Run.resume(folder, {}, options=RunOptions(evaluations=0))
        later = [progress.update.report for progress in resumed.progress()]
        assert folder.metrics.columns("update")[1].tolist() == [1, 2, 3, 4, 5]
    assert later == reports[stop_after:]
    assert np.array_equal(weights(whole), weights(resumed.training))
    games = [training.envs.unwrapped.games.tobytes() for training in (whole, resumed.training)]
    assert games[0] == games[1]


def test_the_same_seed_trains_the_same_network_and_another_seed_another():
    runs = [Training(small(seed=seed, decisions=1024)) for seed in (1, 1, 2)]
    for training in runs:
        list(training.run())
    assert np.array_equal(weights(runs[0]), weights(runs[1])) and not np.array_equal(weights(runs[0]), weights(runs[2]))


def test_the_turn_cap_is_bootstrapped_and_not_a_loss():
    training = Training(small(max_turns=4, reward="win"))
    learner = training.learner
    learner.critic.set_weights([w + 0.1 for w in learner.critic.get_weights()])
    lasts, step = [], training.envs.step

    def watched(actions):
        result = step(actions)
        lasts.extend(last for last, cut in zip(result[4].get("final_obs", ()), result[3], strict=False) if cut)
        return result

    training.envs.step = watched
    rollout = training.play()
    cut = rollout.truncated
    assert cut.sum() == len(lasts) > 20 and (rollout.rewards[cut] == 0).all() and not rollout.terminated[cut].any()
    expected = learner.values(np.array(lasts), None)
    np.testing.assert_allclose(rollout.final_values[cut], expected, rtol=1e-4)
    assert np.std(expected) > 1e-3
    returns = rollout.returns(0.99, 0.9)
    np.testing.assert_allclose(returns[cut], 0.99 * expected, rtol=1e-4)
    assert training.games == cut.sum(), "and it counts as a game"


def test_rewards_of_a_rollout_are_results_at_the_end():
    rollout = Training(small(reward="win", num_envs=128, rollout_steps=128, decisions=128 * 128)).play()
    ended = rollout.terminated
    assert ended.any() and set(np.unique(rollout.rewards[ended])) <= {-1.0, 1.0} and (rollout.rewards[~ended] == 0).all()


def test_the_time_left_counts_evaluations_apart_from_updates(tmp_path, monkeypatch):
    """By a clock on which an update takes 2 seconds and an evaluation 50: five updates, evaluated after 1 and 5."""
    clock = {"now": 0.0}
    monkeypatch.setattr("agent.runs.run.time.monotonic", lambda: clock["now"])

    def taking(seconds, method):
        def timed(*arguments):
            clock["now"] += seconds
            return method(*arguments)

        return timed

    with RunFolder.create("x", "softmax", tmp_path) as folder:
        run = Run(Training(small()), folder, options=RunOptions(evaluations=2, games=20, save_every=1e9))
        monkeypatch.setattr(run.training, "step", taking(2, run.training.step))
        monkeypatch.setattr(run, "measure", taking(50, lambda games: {}))
        shown = [(progress.rate, progress.seconds_left) for progress in run.progress()]
    assert shown == [(256, 8 + 50), (256, 6 + 50), (256, 4 + 50), (256, 2 + 50), (256, 0)]


def test_runs_are_not_overwritten_nor_shared(tmp_path):
    with RunFolder.create("x", "softmax", tmp_path):
        with pytest.raises(RunError, match="Another process is training"):
            RunFolder.create("x", "softmax", tmp_path)
        (tmp_path / "x" / "config.json").write_bytes(b"{}")
        with pytest.raises(RunError, match=r"There is a run at .*x already; choose another --name, or go on with it"):
            RunFolder.create("x", "softmax", tmp_path)
        (tmp_path / "x" / "checkpoint.npz").write_bytes(b"")
        with pytest.raises(RunError, match="Another process is training"):
            RunFolder.open("x", tmp_path)
    for number in (1, 2):
        with RunFolder.create(None, "softmax", tmp_path) as folder:
            folder.write_config(small())
        assert folder.path == tmp_path / f"softmax-{number}"
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="Cannot make the run's folder"):
        RunFolder.create("x", "softmax", tmp_path / "file")
    with pytest.raises(RunError, match=r"No run with a checkpoint at z; those in .* are: x"):
        RunFolder.open("z", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "decisions", "opponents"), [("softmax", 393_216, BOTS[: LANDLORD + 1]), ("linear", 786_432, ("random",))]
)
def test_a_short_run_learns(head, decisions, opponents):
    """Under a million decisions take a network from less than half of the games against random players to well above."""
    training = Training(TrainConfig.for_head(head, decisions=decisions, num_envs=512, seed=0, opponents=opponents))
    before = play_match(Player(training.learner.model), ["random"] * 3, 1000, seed=1)
    list(training.run())
    after = play_match(Player(training.learner.model), ["random"] * 3, 1000, seed=1)
    assert after.interval[0] > 0.55 > before.interval[1]


def test_evaluations_lie_close_together_where_most_is_learned():
    assert evaluation_updates(100, 10) == {1, 4, 9, 16, 25, 36, 49, 64, 81, 100}
    assert evaluation_updates(2, 10) == {1, 2}
    assert evaluation_updates(184, 1) == {184} and evaluation_updates(184, 0) == set()
