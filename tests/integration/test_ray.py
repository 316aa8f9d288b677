"""Ray: tasks on workers in other processes, some of which are killed, give what this process gives."""

import ast
import importlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import agent.evaluation.match
from agent.evaluation.league import play_league
from agent.evaluation.match import play_match
from agent.evaluation.ray import Cluster, ClusterError, workforce
from agent.experiments.variants import Trial, train
from agent.learning.network import build_policy
from agent.players.network import Player
from agent.players.registry import participant

pytestmark = pytest.mark.integration
MATCH = ("seat", "winner", "decided", "turns", "worth", "actions", "visits", "rent")
SCRIPTS = Path(__file__).parents[2] / "scripts"
LINES = []


@pytest.fixture(scope="module")
def ray():
    """Ray on this machine, with room for more workers than there are cores: they are mostly asleep here."""
    module = pytest.importorskip("ray")
    # Ray's workers give way to every other program unless told otherwise, and a test must end.
    os.environ.update({"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"})
    module.init(address="local", num_cpus=4, include_dashboard=False, log_to_driver=False)
    module.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import this file
    yield module
    module.shutdown()


@pytest.fixture(scope="module")
def pair(ray):
    """Two workers."""
    with Cluster(2, notify=LINES.append) as cluster:
        yield cluster


@pytest.fixture
def small_parts(monkeypatch):
    """Parts so small that a match of some hundred games has many."""
    monkeypatch.setattr(agent.evaluation.match, "PART", 40)


def same(one, two):
    """Whether two matches are equal in every number."""
    return one.players == two.players and all(np.array_equal(getattr(one, name), getattr(two, name)) for name in MATCH)


def killed_once(marker):
    """A task whose worker is killed the first time, as the system would; return how often it has begun."""
    with marker.open("a") as file:
        file.write("begun\n")
    if marker.read_text().count("begun") == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return marker.read_text().count("begun")


def killed(_):
    """A task whose worker is killed whenever it is begun."""
    os.kill(os.getpid(), signal.SIGKILL)


def refused(number):
    """A task with an error of its own."""
    raise ValueError(f"not {number}")


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_plays_the_games_of_one_process(ray, small_parts, workers):
    shipped, other = participant("agent"), Player(build_policy((16,), seed=1))
    best = (shipped, ["landlord", other, "fp-a"], 330, 5)
    drawn = (other, ["landlord", "random"], 130, 6)
    with Cluster(workers, notify=LINES.append) as cluster:
        assert same(play_match(*best, play=cluster.play), play_match(*best))
        assert same(play_match(*drawn, temperature=0.7, play=cluster.play), play_match(*drawn, temperature=0.7))


def test_a_league_has_the_same_standings(pair):
    names = {name: name for name in ("random", "fp-a", "landlord")}
    assert play_league(names, 2, 50, bootstraps=20, play=pair.play) == play_league(names, 2, 50, bootstraps=20)


@pytest.mark.slow
def test_a_run_of_an_experiment_is_that_of_a_process_of_its_own(pair):
    small = {"hidden": (16,), "num_envs": 32, "rollout_steps": 16, "minibatches": 4, "xla": False}
    runs = [Trial(name, 1, 2048, 10, 20, threads=1, settings=small) for name in ("default", "linear")]
    code = f"from agent.experiments.variants import Trial, train; print([train(run) for run in {runs!r}])"
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [run for _, run in sorted(pair.each(train, runs))] == ast.literal_eval(alone.stdout)


def test_a_killed_worker_costs_its_task(pair, tmp_path):
    markers = [tmp_path / name for name in "abc"]
    assert sorted(pair.each(killed_once, markers)) == [(0, 2), (1, 2), (2, 2)]


def test_a_task_that_kills_every_worker_ends_in_one_line(pair, monkeypatch):
    monkeypatch.setattr("agent.evaluation.ray.RETRIES", 1)
    with pytest.raises(ClusterError, match="Workers were lost 2 times in one task") as caught:
        list(pair.each(killed, [1]))
    assert "\n" not in str(caught.value)


def test_an_error_in_a_task_is_told_as_it_is(pair):
    with pytest.raises(ValueError, match=r"^not 7$"):
        list(pair.each(refused, [7]))


def test_a_machine_without_the_project_is_told(pair, tmp_path, monkeypatch):
    (tmp_path / "not_there.py").write_text("def task(item):\n    return item\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ClusterError, match=r"installed on its machine\? ModuleNotFoundError: .*not_there") as caught:
        list(pair.each(importlib.import_module("not_there").task, [1]))
    assert "\n" not in str(caught.value)


def test_more_workers_than_processors_and_other_versions_are_told(ray, pair, monkeypatch):
    with pytest.raises(ClusterError, match=r"The cluster has 4 processors, one for each worker. Received: 5 workers"):
        Cluster(5, notify=LINES.append).__enter__()
    assert ray.is_initialized(), "it was there before"
    monkeypatch.setattr("agent.evaluation.ray.versions", lambda: "numpy 0.1")
    with pytest.raises(ClusterError, match=r"need the same versions: numpy 0.1 here, monopoly-rl .*, numpy .* on "):
        list(pair.each(refused, [1]))


# Errors of a user: nothing of Ray is needed for these.


def test_without_workers_everything_is_done_here():
    with workforce(None) as workers:
        assert list(workers.each(str, [5, 6])) == [(0, "5"), (1, "6")]
    with pytest.raises(ClusterError, match=r"--ray N\. Received: auto"):
        workforce(None, "auto")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ray://host:10001", "auto or host:port"),
        ("somewhere", "auto or host:port"),
        ("127.0.0.1:1", "There is no Ray cluster at 127.0.0.1:1: .*refused"),
        ("127.0.0.1:99999", "There is no Ray cluster at 127.0.0.1:99999: "),
    ],
)
def test_an_address_where_no_cluster_is_gets_one_line(address, told, tmp_path):
    pytest.importorskip("ray")
    words = ("--model", "fp-a", "--games", 2, "--ray", 1, "--ray-address", address)
    _, err = run(SCRIPTS / "evaluate.py", *words).communicate(timeout=120)
    *_, last = err.strip().splitlines()
    assert re.match(f"Error: .*{told}", last)


@pytest.mark.parametrize("words", ["evaluate.py", "evaluate.py league random,landlord", "experiments.py run"])
def test_without_ray_the_programs_say_what_to_install(words, tmp_path):
    program, *rest = words.split()
    code = (
        "import runpy, sys; sys.modules['ray'] = None; "
        f"sys.argv = [{program!r}, *{rest!r}, '--ray', '2']; runpy.run_path({str(SCRIPTS / program)!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert result.stderr.strip().splitlines()[-1].endswith("needs Ray: pip install ray")


# The programs


def run(*words, tag="none"):
    """Start a program whose processes, and theirs, are told by ``tag``."""
    command = [sys.executable, *map(str, words)]
    environment = os.environ | {"MONOPOLY_TEST_TAG": tag}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


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
    assert process.returncode == 0, err
    assert err.splitlines()[0] == f"Starting 2 workers on the Ray cluster ({address}) ..." and "raylet" not in err
    assert "fp-a" in out and ray.is_initialized()
    here = run(*words, "--json", tmp_path / "here.json")
    here.communicate(timeout=120)
    assert (tmp_path / "there.json").read_text() == (tmp_path / "here.json").read_text()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_an_evaluation_loses_a_worker_and_then_ctrl_c_leaves_no_process_behind(ray):
    tag = f"ray-{os.getpid()}"
    process = run(
        SCRIPTS / "evaluate.py", "--model", "landlord", "--against", "landlord", "--games", 40_000, "--ray", 2, tag=tag
    )
    for line in process.stderr:
        if "of 40,000 games" in line:
            break
    busy = []
    while not busy:  # a worker between two tasks has another name
        busy = [number for number, command in running(tag).items() if command.startswith("ray::_task")]
    os.kill(busy[0], signal.SIGKILL)
    for line in process.stderr:
        if "of 40,000 games" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130 and "PARTIAL: stopped before the end" in out, err
    assert gone(tag), running(tag)
