"""What spreading games over a Ray cluster costs, what it must earn to pay, and where it ends: measured, then on paper.

Behind ``python scripts/benchmark.py --ray N``; docs/RAY.md explains the figures.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from agent.evaluation.match import match_plan, play_here
from agent.learning.config import TrainConfig
from agent.learning.rollout import Rollout
from agent.players.registry import participant
from agent.ray.cluster import Cluster, Notify
from monopoly_env.observation import STATE_SIZE

PART_SIZES = (10, 100, 1000)  # games
SHARE = 0.05  # of the time that a task may go to overhead
ON_PAPER = (2, 4, 8, 16, 100)  # workers


@dataclass
class Figure:
    """One line: what was measured and what came out."""

    what: str
    value: str


@dataclass
class Rates:
    """What the model of a run on W workers needs.

    Attributes:
        worker: decisions per second that one worker plays.
        learner: decisions per second that the learner learns from.
        copying: decisions per second that the learner's process takes over from workers.
        decision_bytes: bytes of one decision as it travels.
        weight_bytes: bytes of the acting network as it travels.
        batch: decisions of a rollout.
    """

    worker: float
    learner: float
    copying: float
    decision_bytes: float
    weight_bytes: int
    batch: int

    def seconds(self, workers: int) -> float:
        """Return the time of one update with so many workers: the games, then taking them over, then learning."""
        return self.batch * (1 / (workers * self.worker) + 1 / self.copying + 1 / self.learner)


def measure(workers: int, notify: Notify, seconds: float = 2.0) -> Iterator[tuple[str, list[Figure]]]:
    """Measure with so many workers on this machine; yield tables by title.

    Args:
        workers: how many.
        notify: is told in a line what is under way.
        seconds: about how long each figure is measured.

    Raises:
        ClusterError: Ray is missing or does not start.
    """
    started = time.perf_counter()
    with Cluster(workers, notify=notify) as cluster:
        start = time.perf_counter() - started
        yield "Starting and asking", _start_figures(cluster, start)
        notify("Playing parts of an evaluation ...")
        yield "Evaluation: the shipped agent against three landlords", _part_figures(cluster, start, seconds)
        notify("Playing rollouts and learning from them ...")
        rates, figures = _training(cluster, seconds)
        yield "Training: the default run of the softmax head", figures
        yield "On paper: updates by these figures on more workers", _paper(rates)


def _median_seconds(work: Callable[[], Any], seconds: float, least: int = 3) -> float:
    """Return the median time of one call, after one that does not count."""
    work()
    times: list[float] = []
    ends = time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < ends:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _ask(cluster: Cluster) -> float:
    """Return the time of a question to one worker and its answer: what Ray itself takes of each task."""
    handle = cluster.members[0].handle
    return _median_seconds(lambda: cluster.ray.get(handle.nothing.remote()), 1.0, 50)


def _start_figures(cluster: Cluster, start: float) -> list[Figure]:
    notify, cluster.notify = cluster.notify, lambda text: None  # nothing was lost
    again = _once(lambda: cluster.replace(0))
    cluster.notify = notify
    return [
        Figure(f"Ray and {len(cluster.members)} workers started", f"{start:.1f} s"),
        Figure("a lost worker replaced (Ray is up)", f"{again:.1f} s"),
        Figure("a question to a worker and its answer", f"{1e3 * _ask(cluster):.2f} ms"),
    ]


def _part_figures(cluster: Cluster, start: float, seconds: float) -> list[Figure]:
    from ray import cloudpickle

    (whole,) = match_plan(participant("agent"), ["landlord"] * 3, PART_SIZES[-1], threads=1)
    sent = len(cloudpickle.dumps(whole))
    answer = len(cloudpickle.dumps(next(play_here([whole]))))
    figures = [Figure("bytes sent with a part, and back", f"{sent:,} and {answer:,} (1,000 games)")]
    one = _cluster_of_one(cluster)
    for size in PART_SIZES:
        part = replace(whole, stop=size)
        here = _median_seconds(lambda part=part: list(play_here([part])), seconds)
        there = _median_seconds(lambda part=part: one(part), seconds)
        text = f"{1e3 * here:,.1f} ms here, {1e3 * there:,.1f} ms by one worker"
        figures.append(Figure(f"a part of {size:,} games, one core", text))
    ask = _ask(cluster) + _median_seconds(lambda: cloudpickle.loads(cloudpickle.dumps(whole)), 0.5)
    game = here / PART_SIZES[-1]
    figures.append(Figure(f"games that a part needs for overhead ({1e3 * ask:.1f} ms) below 5 %", f"{ask / SHARE / game:,.0f}"))
    return figures + _evaluation_figures(cluster, start)


def _cluster_of_one(cluster: Cluster) -> Callable[[Any], Any]:
    handle = cluster.members[0].handle
    return lambda part: cluster.ray.get(handle.play.remote(part))


def _evaluation_figures(cluster: Cluster, start: float) -> list[Figure]:
    """Whole evaluations: when do the workers make up for their start?"""
    count = 2 * len(cluster.members)
    plan = match_plan(participant("agent"), ["landlord"] * 3, count * PART_SIZES[-1])
    games = count * PART_SIZES[-1]
    here = _once(lambda: list(play_here(plan))) / games
    there = _once(lambda: list(cluster.play(plan))) / games
    figures = [
        Figure("games per second, this process, all cores", f"{1 / here:,.0f}"),
        Figure(f"games per second, {len(cluster.members)} workers", f"{1 / there:,.0f}"),
    ]
    told = "never: the workers are no faster here"
    if there < 0.98 * here:
        told = f"{start / (here - there):,.0f}"
    return [*figures, Figure("games that an evaluation needs to make up for the start", told)]


def _once(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _training(cluster: Cluster, seconds: float) -> tuple[Rates, list[Figure]]:
    from agent.learning.trainer import Training

    config = TrainConfig.for_head("softmax")
    count, batch = len(cluster.members), config.batch
    here, spread = Training(config), Training(config, cluster.collector)
    rng = np.random.default_rng(0)
    local = _median_seconds(lambda: here.collector.collect(here.learner, rng), seconds)
    there = _median_seconds(lambda: spread.collector.collect(spread.learner, rng), seconds)
    rollout = spread.collector.rollout
    copying = _median_seconds(lambda: _copy(rollout, spread.collector.rollout, count), seconds)
    learning = _median_seconds(lambda: here.learner.update(here.collector.rollout, rng), seconds)
    worker = _worker_rate(cluster, spread, seconds)
    weights, travelling = _bytes(spread.learner.actor(), rollout)
    decision = travelling / batch
    rates = Rates(worker, batch / learning, batch / copying, decision, weights, batch)
    return rates, [
        Figure(f"rollout of {batch:,} decisions, this process", f"{local:.2f} s ({batch / local:,.0f} decisions/s)"),
        Figure(f"the same, {count} workers", f"{there:.2f} s ({batch / there:,.0f} decisions/s)"),
        Figure("one worker, the others idle", f"{worker:,.0f} decisions/s"),
        Figure("the learner's update", f"{learning:.2f} s ({batch / learning:,.0f} decisions/s)"),
        Figure("taking a rollout over from shared memory", f"{1e3 * copying:.0f} ms"),
        Figure("bytes of one decision", f"{decision:.0f}, of which the state is {4 * STATE_SIZE}"),
        Figure("bytes of the weights, once a rollout to each machine", f"{weights:,}"),
    ]


def _worker_rate(cluster: Cluster, spread: Any, seconds: float) -> float:
    """Return decisions per second of the first worker on its share of the tables, the others idle."""
    actor, seed = cluster.share(spread.learner.actor()), np.random.SeedSequence(0)
    handle = cluster.members[0].handle
    share = len(range(0, spread.config.num_envs, len(cluster.members)))
    spent = _median_seconds(lambda: cluster.ray.get(handle.collect.remote(actor, seed)), seconds)
    return share * spread.config.rollout_steps / spent


def _copy(source: Rollout, target: Rollout, parts: int) -> None:
    for number in range(parts):
        for field in fields(Rollout):
            part = getattr(source, field.name)[:, number::parts]
            getattr(target, field.name)[:, number::parts] = part.copy()


def _bytes(actor: Any, rollout: Rollout) -> tuple[int, int]:
    from ray import cloudpickle

    return len(cloudpickle.dumps(actor)), sum(getattr(rollout, field.name).nbytes for field in fields(Rollout))


def _paper(rates: Rates) -> list[Figure]:
    figures = []
    for workers in ON_PAPER:
        spent = rates.seconds(workers)
        speed = rates.batch / spent
        busy = rates.batch / rates.learner / spent
        figures.append(
            Figure(
                f"{workers} workers",
                f"{speed:,.0f} decisions/s; {speed * rates.decision_bytes / 1e6:,.1f} MB/s in, "
                f"{workers * rates.weight_bytes / spent / 1e6:,.1f} MB/s out; learner {100 * busy:.0f} % busy",
            )
        )
    figures.append(Figure("workers that play as fast as the learner learns", f"{rates.learner / rates.worker:.1f}"))
    limit = 1 / (1 / rates.copying + 1 / rates.learner)
    free = 1 / (1 / (ON_PAPER[-1] * rates.worker) + 1 / rates.copying)
    return [
        *figures,
        Figure("the most that any number of workers reaches", f"{limit:,.0f} decisions/s"),
        Figure(
            f"{ON_PAPER[-1]} workers, if learning cost nothing",
            f"{free:,.0f} decisions/s; {free * rates.decision_bytes / 1e6:,.0f} MB/s in",
        ),
    ]
