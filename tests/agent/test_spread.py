"""Games spread over workers, without Ray: the workers live in this process, and one may be replaced."""

import subprocess
import sys

import numpy as np
import pytest

import agent.evaluation.match
from agent.evaluation.match import joined, match_plan, play_here, play_match, play_part
from agent.learning.collector import Collector
from agent.learning.config import TrainConfig
from agent.learning.network import build_policy
from agent.learning.trainer import Training
from agent.players.network import Player
from agent.ray.cluster import Cluster, Here, workforce
from agent.ray.ray_connection import ClusterError, connect
from agent.ray.spread import SpreadCollector
from agent.ray.worker import Worker
from monopoly_env.batch.step import LEARNER

SMALL = {"hidden": (16,), "num_envs": 25, "rollout_steps": 16, "minibatches": 4, "decisions": 2000, "threads": 1, "xla": False}
MATCH = ("seat", "winner", "decided", "turns", "worth", "actions", "visits", "rent")


def small(head="softmax", **settings):
    """A run of five tiny updates."""
    return TrainConfig.for_head(head, **{**SMALL, **settings})


class Workers:
    """What a SpreadCollector asks of a cluster, done at once."""

    def __init__(self, count):
        self.generations = [0] * count
        self.workers = [Worker() for _ in range(count)]
        self.losing = set()  # workers that get lost the next time they are asked

    def replace(self, number):
        self.workers[number] = Worker()
        self.generations[number] += 1

    def share(self, thing):
        return thing

    def send(self, number, method, *arguments):
        getattr(self.workers[number], method)(*arguments)

    def gather(self, method, arguments):
        for number in reversed(range(len(self.workers))):  # answers come in any order
            given = arguments(number)
            if number in self.losing:
                self.losing.remove(number)
                self.replace(number)
                given = arguments(number)
            yield number, getattr(self.workers[number], method)(*given)


def spread(count):
    """Return workers and what makes a run's collector with them."""
    workers = Workers(count)
    return workers, lambda config, seed: SpreadCollector(config, seed, workers)


def weights(training):
    """All weights as one array."""
    return np.concatenate([w.ravel() for w in training.learner.model.get_weights()])


def same(one, two):
    """Whether two matches are equal in every number."""
    return one.players == two.players and all(np.array_equal(getattr(one, name), getattr(two, name)) for name in MATCH)


# A learner's network in NumPy


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_the_copy_acts_as_the_learner_with_the_same_random_numbers(head):
    training = Training(small(head, num_envs=256, decisions=256 * 16 * 3))
    list(training.run())
    learner, actor = training.learner, training.learner.actor()
    states, masks = (training.collector.batch.episodes[name].copy() for name in ("state", "mask"))
    wanted = learner.act(states, masks, np.random.default_rng(5))
    acted = actor.act(states, masks, np.random.default_rng(5))
    assert np.array_equal(acted["action"], wanted["action"]) and acted["action"].dtype == np.int32
    for name in ("logp", "value"):
        assert np.allclose(acted[name], wanted[name], atol=1e-5) and acted[name].dtype == np.float32
    assert np.allclose(actor.values(states, masks), learner.values(states, masks), atol=1e-5)
    assert len(set(acted["action"].tolist())) > 1


def test_the_copy_does_not_learn_on():
    training = Training(small())
    actor, (states, masks) = (
        training.learner.actor(),
        (training.collector.batch.episodes[n].copy() for n in ("state", "mask")),
    )
    before = actor.values(states, masks)
    training.step()
    assert np.array_equal(actor.values(states, masks), before)
    assert not np.allclose(training.learner.values(states, masks), before)


# Training


def test_the_workers_begin_with_the_tables_and_games_of_one_process():
    config, seed = small(), np.random.SeedSequence(7)
    whole = Collector(config, np.random.SeedSequence(7)).get_state()
    state = SpreadCollector(config, seed, Workers(4)).get_state()
    assert state["games"].tobytes() == whole["games"].tobytes() and state["tables"].tobytes() == whole["tables"].tobytes()


def test_every_worker_has_its_share_of_every_kind_of_table():
    collector = SpreadCollector(small(num_envs=90, self_play=1.0, mixed=1.0), np.random.SeedSequence(0), Workers(3))
    seatings = collector.get_state()["tables"]["seating"][:, :4]
    for number in range(3):
        held = (seatings[number::3] == LEARNER).sum(axis=1)
        assert (held == 4).sum() == (held == 1).sum() == np.isin(held, (2, 3)).sum() == 10


def test_a_rollout_is_what_one_process_would_have_seen():
    """Step by step: each table's states, seats and rewards are those of its own game under the actions that were taken."""
    config = small(max_turns=30)
    training = Training(config, spread(3)[1])
    again = Collector(config, np.random.SeedSequence(config.seed).spawn(3)[0])
    rollout = training.collector.collect(training.learner, np.random.default_rng(1))
    for t in range(config.rollout_steps):
        batch = again.batch.episodes
        assert np.array_equal(rollout.states[t], batch["state"]) and np.array_equal(rollout.masks[t], batch["mask"])
        assert np.array_equal(rollout.seats[t], batch["seat"])
        again.batch.step(rollout.actions[t], 2)  # SAME_STEP
        assert np.array_equal(rollout.rewards[t], batch["reward"][:, :4])
        assert np.array_equal(rollout.truncated[t], batch["truncated"][:, :4])
    assert rollout.truncated.any() and (rollout.bootstrap[rollout.truncated] != 0).all()
    assert np.array_equal(rollout.seats[-1], again.batch.episodes["seat"])
    values = training.learner.values(rollout.states.reshape(-1, 23), None).reshape(16, 25)
    assert np.allclose(rollout.values[:-1], values, atol=1e-5)


@pytest.mark.parametrize("head", ["softmax", "linear"])
def test_a_run_on_workers_resumes_as_if_it_had_never_stopped(head):
    config = small(head, seed=3)
    whole = Training(config, spread(3)[1])
    reports = [update.report for update in whole.run()]
    half = Training(config, spread(3)[1])
    assert [half.step().report for _ in range(2)] == reports[:2]
    resumed = Training.from_state(*half.get_state(), spread(3)[1])
    assert resumed.games == half.games
    assert [update.report for update in resumed.run()] == reports[2:]
    assert np.array_equal(weights(whole), weights(resumed)) and whole.games == resumed.games
    assert whole.collector.get_state()["games"].tobytes() == resumed.collector.get_state()["games"].tobytes()


@pytest.mark.slow
def test_a_run_may_move_between_one_process_and_any_number_of_workers():
    training = Training(small(max_turns=20))
    training.step()
    for make in (spread(3)[1], spread(5)[1], Collector, spread(1)[1]):
        moved = Training.from_state(*training.get_state(), make)
        assert moved.collector.get_state()["games"].tobytes() == training.collector.get_state()["games"].tobytes()
        assert moved.games == training.games and moved.updates == training.updates
        moved.step()
        training = moved
    assert training.done and training.games > 25


def test_a_lost_worker_costs_its_batch_and_its_games_and_not_the_run():
    workers, make = spread(3)
    training = Training(small(), make)
    training.step()
    before = training.collector.get_state()
    workers.losing.add(1)
    update = training.step()
    assert np.isfinite(list(update.report.values())).all() and training.collector.rollout.masks.any(axis=2).all()
    after = training.collector.get_state()
    begun = [after["games"][i]["deck"].tobytes() for i in range(1, 25, 3)]
    assert not set(begun) & {game["deck"].tobytes() for game in before["games"]}  # not the same games once more
    workers.replace(1)  # lost while it had nothing to do
    training.step()
    again = [training.collector.get_state()["games"][i]["deck"].tobytes() for i in range(1, 25, 3)]
    assert not set(again) & set(begun)
    resumed = Training.from_state(*training.get_state(), spread(3)[1])
    assert resumed.collector.get_state()["begun_anew"] == 2


def test_a_state_of_another_number_of_games_is_refused():
    state = Collector(small(num_envs=26), np.random.SeedSequence(0)).get_state()
    with pytest.raises(ValueError, match="do not fit"):
        SpreadCollector(small(), np.random.SeedSequence(0), Workers(2)).set_state(state)


def test_more_workers_than_tables_are_refused():
    with pytest.raises(ValueError, match=r"the run has 25.* 26 workers"):
        SpreadCollector(small(), np.random.SeedSequence(0), Workers(26))


# Evaluation


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_parts_give_the_same_games_in_any_order_and_by_any_worker(temperature, monkeypatch):
    monkeypatch.setattr(agent.evaluation.match, "_BATCH", 30)
    player = Player(build_policy((16,), seed=1))
    plan = match_plan(player, ["landlord", "random"], 100, seed=4, temperature=temperature, max_turns=100)
    assert [(part.start, part.stop) for part in plan] == [(0, 30), (30, 60), (60, 90), (90, 100)]
    here = joined(list(play_here(plan)))
    backwards = [Worker().play(part) for part in reversed(plan)]
    assert same(here, joined(backwards[::-1]))
    shifted = [play_part(plan[number]) for number in (2, 0, 3, 1)]
    assert not same(here, joined(shifted))


def test_every_part_draws_by_random_numbers_of_its_own(monkeypatch):
    drawn = []

    def play_out(batch, networks, rng, temperature):
        drawn.append(rng.random())
        return iter(())

    monkeypatch.setattr(agent.evaluation.match, "_BATCH", 10)
    monkeypatch.setattr(agent.evaluation.match, "play_out", play_out)
    list(play_here(match_plan("random", ["random"], 30, seed=1, temperature=1.0)))
    assert len(set(drawn)) == 3


def test_a_match_and_a_league_take_whoever_plays():
    asked = []

    def play(parts):
        asked.extend(parts)
        return play_here(parts)

    options = {"seed": 2, "max_turns": 40}
    assert same(play_match("fp-a", ["random"], 50, play=play, **options), play_match("fp-a", ["random"], 50, **options))
    assert len(asked) == 1
    from agent.evaluation.league import play_league

    names = {name: name for name in ("random", "fp-a", "landlord")}
    assert play_league(names, 2, 20, bootstraps=20, play=play) == play_league(names, 2, 20, bootstraps=20)
    assert len(asked) == 1 + 6


def test_a_network_that_needs_tensorflow_travels_too():
    import pickle

    from agent.learning.keras_setup import load_keras

    _, keras = load_keras()
    state = keras.Input((23,))
    wide = keras.layers.Dense(8, activation="tanh")(state)
    values = keras.layers.Dense(7)(keras.layers.Concatenate()([wide, state]))
    player = Player(keras.Model(state, values))
    states = np.random.default_rng(0).random((5, 23), dtype=np.float32)
    assert np.array_equal(pickle.loads(pickle.dumps(player)).outputs(states), player.outputs(states))


# Errors of a user


def test_without_workers_everything_is_played_here():
    with workforce(None) as crew:
        assert isinstance(crew, Here) and crew.collector is Collector


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: Cluster(0), "at least 1 worker. Received: 0"),
        (lambda: Cluster(-2), "at least 1 worker. Received: -2"),
        (lambda: workforce(None, "auto"), "--ray N"),
        (lambda: connect(None, 1, "ray://host:10001"), "auto or host:port"),
        (lambda: connect(None, 1, "somewhere"), "auto or host:port"),
        (lambda: connect(None, 1, "127.0.0.1:1"), "There is no Ray cluster at 127.0.0.1:1: .*refused"),
        (lambda: connect(None, 1, "127.0.0.1:99999"), "There is no Ray cluster at 127.0.0.1:99999: "),
    ],
)
def test_what_cannot_be_is_told_in_one_line(call, told):
    with pytest.raises(ClusterError, match=told) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("words", ["train.py", "evaluate.py", "evaluate.py league random,landlord"])
def test_without_ray_the_programs_say_what_to_install(words, tmp_path):
    program, *rest = words.split()
    code = (
        "import runpy, sys; sys.modules['ray'] = None; "
        f"sys.argv = ['scripts/{program}', *{rest!r}, '--ray', '2']; runpy.run_path('scripts/{program}', run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert result.stderr.strip().splitlines()[-1].endswith('needs Ray: pip install -e ".[ray]"')


def test_the_paper_model_adds_the_times_of_one_update():
    """On 10 workers: 1000 decisions at 10 x 50 /s take 2 s, taking them over at 1000 /s 1 s, learning at 200 /s 5 s."""
    from agent.ray.cluster_cost import Rates

    assert Rates(50, 200, 1000, 155, 1, 1000).seconds(10) == pytest.approx(2 + 1 + 5)
