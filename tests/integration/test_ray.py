"""Ray: games on workers in other processes, some of which are killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import agent.evaluation.match
from agent.evaluation.league import play_league
from agent.evaluation.match import match_plan, play_match
from agent.learning.config import TrainConfig
from agent.learning.network import build_policy
from agent.learning.trainer import Training
from agent.players.network import Player
from agent.players.registry import participant
from agent.ray.cluster import Cluster
from agent.ray.ray_connection import ClusterError

pytestmark = pytest.mark.integration
SMALL = {"hidden": (16,), "num_envs": 32, "rollout_steps": 16, "minibatches": 4, "decisions": 2560, "threads": 1, "xla": False}
MATCH = ("seat", "winner", "decided", "turns", "worth", "actions", "visits", "rent")
SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="module")
def ray():
    """Ray on this machine, with room for more workers than there are cores: they are mostly asleep here."""
    module = pytest.importorskip("ray")
    # Ray's workers give way to every other program unless told otherwise, and a test must end.
    os.environ.update({"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"})
    module.init(address="local", num_cpus=4, include_dashboard=False, log_to_driver=False)
    yield module
    module.shutdown()


@pytest.fixture(scope="module")
def pair(ray):
    """Two workers, for the tests that leave two behind."""
    lines = []
    with Cluster(2, notify=lines.append) as cluster:
        cluster.lines = lines
        yield cluster


@pytest.fixture
def small_parts(monkeypatch):
    """Parts so small that a match of some hundred games has many."""
    monkeypatch.setattr(agent.evaluation.match, "_BATCH", 40)


def small(**settings):
    """A run of five tiny updates."""
    return TrainConfig.for_head("softmax", **{**SMALL, **settings})


def same(one, two):
    """Whether two matches are equal in every number."""
    return one.players == two.players and all(np.array_equal(getattr(one, name), getattr(two, name)) for name in MATCH)


def kill(cluster, number):
    """Kill a worker's process as the system would."""
    os.kill(cluster.members[number].pid, signal.SIGKILL)


def weights(training):
    """All weights as one array."""
    return np.concatenate([w.ravel() for w in training.learner.model.get_weights()])


# Evaluation


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_plays_the_games_of_one_process(ray, small_parts, workers):
    shipped, other = participant("agent"), Player(build_policy((16,), seed=1))
    best = (shipped, ["landlord", other, "fp-a"], 330, 5)
    drawn = (other, ["landlord", "random"], 130, 6)
    with Cluster(workers, notify=lambda line: None) as cluster:
        assert len({member.pid for member in cluster.members} | {os.getpid()}) == workers + 1
        assert same(play_match(*best, play=cluster.play), play_match(*best))
        assert same(play_match(*drawn, temperature=0.7, play=cluster.play), play_match(*drawn, temperature=0.7))


def test_a_league_has_the_same_standings(pair):
    names = {name: name for name in ("random", "fp-a", "landlord")}
    assert play_league(names, 2, 50, bootstraps=20, play=pair.play) == play_league(names, 2, 50, bootstraps=20)


def test_the_part_of_a_killed_worker_is_played_again(pair, small_parts):
    plan = match_plan("landlord", ["landlord"] * 3, 400, seed=1)
    here = [agent.evaluation.match.play_part(part) for part in plan]
    before = len(pair.lines)
    played = pair.play(plan)
    there = [next(played)]
    kill(pair, 0)
    kill(pair, 1)
    there += list(played)
    assert len(there) == 10 and all(same(one, two) for one, two in zip(here, there, strict=True))
    lines = pair.lines[before:]
    assert len(lines) == 2 and all("was lost; a new one takes its place" in line and "\n" not in line for line in lines)


def test_an_error_in_a_worker_is_told_as_it_is(pair):
    plan = match_plan("random", ["random"], 10, max_turns=0)
    with pytest.raises(ValueError, match="max_turns"):
        list(pair.play(plan))


# Training


def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_never_stopped(pair):
    whole = Training(small(), pair.collector)
    reports = [update.report for update in whole.run()]
    half = Training(small(), pair.collector)
    assert [half.step().report for _ in range(2)] == reports[:2]
    resumed = Training.from_state(*half.get_state(), pair.collector)
    assert [update.report for update in resumed.run()] == reports[2:]
    assert np.array_equal(weights(whole), weights(resumed))
    here = Training.from_state(*half.get_state())
    assert here.games == half.games and np.isfinite(list(here.step().report.values())).all()


def test_a_killed_worker_costs_its_batch_and_not_the_run(pair):
    training = Training(small(rollout_steps=512, decisions=512 * 32 * 3), pair.collector)
    training.step()
    before, games = len(pair.lines), training.collector.get_state()["games"]
    killed = pair.members[0].pid

    class KillInMidRollout(type(training.learner)):
        """Sends the weights, and a moment later a worker is gone."""

        def actor(self):
            subprocess.Popen(["sh", "-c", f"sleep 0.05; kill -9 {killed}"])
            return super().actor()

    training.learner.__class__ = KillInMidRollout
    training.step()
    training.learner.__class__ = KillInMidRollout.__base__
    update = training.step()
    assert training.done and np.isfinite(list(update.report.values())).all()
    assert pair.members[0].pid != killed and len(pair.lines) == before + 1 and f"process {killed} " in pair.lines[-1]
    state = training.collector.get_state()
    assert state["begun_anew"] == 1
    old = {game["deck"].tobytes() for game in games}
    assert not old & {game["deck"].tobytes() for game in state["games"][0::2]}


# Starting, losing, stopping


def test_workers_that_die_again_and_again_end_the_run_in_one_line(pair, monkeypatch):
    monkeypatch.setattr("agent.ray.cluster._MAX_LOSSES", 0)
    kill(pair, 0)
    with pytest.raises(ClusterError, match="1 workers were lost one after the other") as caught:
        list(pair.gather("facts", lambda number: ()))
    assert "\n" not in str(caught.value)
    monkeypatch.setattr("agent.ray.cluster._MAX_LOSSES", 5)
    assert {number for number, _ in pair.gather("facts", lambda number: ())} == {0, 1}


def test_a_new_worker_shares_a_processor_where_none_becomes_free(pair, monkeypatch):
    monkeypatch.setattr("agent.ray.cluster._REPLACE_SECONDS", 0.5)
    start = pair._new_worker
    monkeypatch.setattr(pair, "_new_worker", lambda processors: start(1000 * processors))
    kill(pair, 1)
    facts = dict(pair.gather("facts", lambda number: ()))
    assert facts[1]["pid"] == pair.members[1].pid != facts[0]["pid"]


def test_more_workers_than_processors_and_other_versions_are_told(ray, monkeypatch):
    with pytest.raises(ClusterError, match=r"The cluster has 4 processors, one for each worker. Received: 5 workers"):
        Cluster(5, notify=lambda line: None).__enter__()
    monkeypatch.setattr("agent.ray.cluster.versions", lambda: {"numpy": "0.1"})
    with pytest.raises(ClusterError, match=r"numpy is [\d.]+ on .* and 0.1 here"):
        Cluster(1, notify=lambda line: None).__enter__()


def test_workers_stop_with_their_cluster_and_a_ray_of_others_goes_on(ray):
    with Cluster(1, notify=lambda line: None) as cluster:
        pid = cluster.members[0].pid
        assert Path(f"/proc/{pid}").exists() or not Path("/proc/self").exists()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists() and ray.is_initialized()


# The programs


def run(*words, tag="none", **options):
    """Start a program whose processes, and theirs, are told by ``tag``."""
    environment = os.environ | {"MONOPOLY_TEST_TAG": tag}
    return subprocess.Popen(
        [sys.executable, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **options,
    )


def wait_for(process, text):
    """Read what a program prints up to a line with this text; return that line. Ray itself prints nothing."""
    for line in process.stdout:
        assert "raylet" not in line
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never printed: {process.stderr.read()}")


def running(tag):
    """The processes that descend from a program with this tag: command lines by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"MONOPOLY_TEST_TAG={tag}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:100]
        except OSError:
            continue
    return found


def gone(tag):
    """Whether all processes with a tag end within a little while."""
    deadline = time.monotonic() + 30
    while running(tag) and time.monotonic() < deadline:
        time.sleep(0.2)
    return not running(tag)


def test_an_evaluation_by_address_leaves_that_cluster_alone(ray, tmp_path):
    words = (SCRIPTS / "evaluate.py", "--model", "fp-a", "--against", "random", "--games", 300)
    address = ray.get_runtime_context().gcs_address
    process = run(*words, "--json", tmp_path / "there.json", "--ray", 2, "--ray-address", address)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0 and err.strip() == f"Starting 2 workers on the Ray cluster ({address}) ...", err
    assert "fp-a" in out and ray.is_initialized()
    here = run(*words, "--json", tmp_path / "here.json")
    here.communicate(timeout=120)
    assert (tmp_path / "there.json").read_text() == (tmp_path / "here.json").read_text()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_run_loses_a_worker_and_then_ctrl_c_saves_and_leaves_no_process_behind(ray, tmp_path):
    tag = f"ray-{os.getpid()}"
    process = run(
        *(SCRIPTS / "train.py", "--ray", 2, "--hidden", 16, "--evaluations", 0, "--runs", tmp_path, "--name", "x"),
        *("--no-tensorboard", "--decisions", 50_000_000),
        tag=tag,
    )
    wait_for(process, "decisions  ")
    workers = [number for number, command in running(tag).items() if command.startswith("ray::Worker")]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    line = wait_for(process, f"process {workers[0]} ")
    assert line.startswith("Worker ") and line.endswith("begins anew.\n")
    wait_for(process, "decisions  ")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130 and "Stopped and saved" in out and err == "", err
    assert gone(tag), running(tag)
    # It goes on without Ray.
    again = run(SCRIPTS / "train.py", "--resume", tmp_path / "x", "--decisions", 1, "--final-games", 0, "--no-tensorboard")
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0 and "Going on with" in out, err
