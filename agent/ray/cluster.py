"""Where games are played: in this process, or by workers on a Ray cluster of any number of machines.

Only this module knows Ray, and imports it when a ``Cluster`` starts. A worker that is lost (killed, or its machine gone) is
replaced, and what it was doing is done again by the one that stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.evaluation.match import Match, Part, match_plan, play_here, play_part
from agent.learning.collector import Collecting, Collector
from agent.learning.config import TrainConfig
from agent.ray.ray_connection import ClusterError, connect, last_line, load_ray
from agent.ray.spread import SpreadCollector
from agent.ray.worker import Worker, versions
from monopoly_env.compiled.jit import is_compiled

_START_SECONDS = 120.0  # for all workers to start
_REPLACE_SECONDS = 30.0  # for a processor to become free for a new worker, before it shares one
_MAX_LOSSES = 5  # workers lost one after the other without any result in between

Notify = Callable[[str], None]


class Here:
    """Everything is played in this process."""

    play = staticmethod(play_here)
    collector = Collector


@dataclass
class Member:
    """A worker as it is now."""

    handle: Any
    host: str
    pid: int


@dataclass(frozen=True)
class _Call:
    """A method to call on a worker; the arguments are made right before."""

    key: int
    method: str
    arguments: Callable[[], tuple]


class Cluster:
    """Workers, one processor each, on a Ray cluster. Use as a context manager.

    What this starts it also stops: the workers always, Ray itself where it was started here.

    Args:
        workers: how many.
        address: ``host:port`` of a running cluster's head, or "auto" for the one that this machine belongs to; None starts
            Ray on this machine.
        notify: is told in one line what a user should know.

    Attributes:
        generations: how often each worker was replaced.
        members: the workers as they are now.
        ray: the package, while the cluster runs.
        notify: as given.

    Raises:
        ClusterError: on entering; see there.
    """

    def __init__(self, workers: int, address: str | None = None, notify: Notify = print) -> None:
        if workers < 1:
            raise ClusterError(f"A cluster needs at least 1 worker. Received: {workers}")
        self.generations = [0] * workers
        self._address = address
        self.notify = notify
        self.members: list[Member | None] = [None] * workers
        self.ray: Any = None
        self._owned = False  # Ray's connection was made here
        self._losses = 0

    def __enter__(self) -> Cluster:
        """Start Ray, or connect to it, and start the workers.

        Raises:
            ClusterError: see there.
        """
        try:
            self._connect()
            self._start_workers()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop the workers, and Ray where it was started here."""
        if self.ray is None:
            return
        for member in self.members:
            if member is not None:
                with suppress(Exception):
                    self.ray.kill(member.handle)
        if self._owned:
            self.ray.shutdown()
        self.ray = None

    # Playing

    def play(self, parts: Sequence[Part]) -> Iterator[Match]:
        """Have parts of matches played by all workers, and yield their games in the order of the parts."""
        waiting = iter([_Call(key, "play", lambda part=part: (part,)) for key, part in enumerate(parts)])
        done: dict[int, Match] = {}
        due = 0
        for key, match in self._drive(lambda number: next(waiting, None)):
            done[key] = match
            while due in done:
                yield done.pop(due)
                due += 1

    def collector(self, config: TrainConfig, seed: np.random.SeedSequence) -> Collecting:
        """Return the games of a training run, dealt out to the workers."""
        return SpreadCollector(config, seed, self)

    # What a SpreadCollector needs

    def share(self, thing: Any) -> Any:
        """Return something to pass in place of ``thing`` to many workers, so that it is sent to each machine once."""
        return self.ray.put(thing)

    def send(self, number: int, method: str, *arguments: Any) -> None:
        """Have a worker do something before anything that it is asked later."""
        getattr(self.members[number].handle, method).remote(*arguments)

    def gather(self, method: str, arguments: Callable[[int], tuple]) -> Iterator[tuple[int, Any]]:
        """Ask all workers and yield ``(number, answer)`` as answers come.

        ``arguments(number)`` is called right before a worker is asked, and again when it was lost and a new one is.
        """
        numbers = range(len(self.members))
        waiting = {number: _Call(number, method, lambda number=number: arguments(number)) for number in numbers}
        return self._drive(lambda number: waiting.pop(number, None))

    def _drive(self, calls: Callable[[int], _Call | None]) -> Iterator[tuple[int, Any]]:
        """Keep every worker busy with the calls it is given until it is given None; yield ``(key, result)`` as they come."""
        running: dict[Any, tuple[int, _Call]] = {}

        def issue(number: int, call: _Call | None) -> None:
            if call is not None:
                arguments = call.arguments()
                running[getattr(self.members[number].handle, call.method).remote(*arguments)] = number, call

        for number in range(len(self.members)):
            issue(number, calls(number))
        while running:
            (reference,), _ = self.ray.wait(list(running), num_returns=1)
            number, call = running.pop(reference)
            try:
                result = self._get(reference)
            except self._lost:
                self.replace(number)
                issue(number, call)
                continue
            self._losses = 0
            issue(number, calls(number))
            yield call.key, result

    def _get(self, reference: Any) -> Any:
        try:
            return self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as error:
            raise error.cause from error  # the worker's own error

    # Starting and replacing

    def _connect(self) -> None:
        self.ray = load_ray()
        errors = self.ray.exceptions
        self._lost = (errors.RayActorError, errors.WorkerCrashedError, errors.ObjectLostError, errors.NodeDiedError)
        if self.ray.is_initialized():
            return
        where = "on this machine" if self._address is None else f"on the Ray cluster ({self._address})"
        self.notify(f"Starting {len(self.members)} workers {where} ...")
        self._owned = True
        connect(self.ray, len(self.members), self._address)

    def _start_workers(self) -> None:
        count = len(self.members)
        processors = int(self.ray.cluster_resources().get("CPU", 0))
        if processors < count:
            raise ClusterError(f"The cluster has {processors} processors, one for each worker. Received: {count} workers")
        if self._address is None and not is_compiled("batch"):
            play_part(match_plan("random", ["random"], 1)[0])  # once here, not by every worker at the same time
        handles = [self._new_worker(1) for _ in range(count)]
        facts = [handle.facts.remote() for handle in handles]
        for number, handle in enumerate(handles):
            self.members[number] = Member(handle, "", 0)  # so that close() stops it
        ready, _ = self.ray.wait(facts, num_returns=count, timeout=_START_SECONDS)
        if len(ready) < count:
            raise ClusterError(
                f"Only {len(ready)} of {count} workers could start within {_START_SECONDS:.0f} s; "
                "other programs hold the cluster's processors, or its machines are slow. Try fewer workers."
            )
        for number, reference in enumerate(facts):
            self.members[number] = self._member(handles[number], reference)

    def _new_worker(self, processors: int) -> Any:
        remote = self.ray.remote(Worker)
        return remote.options(num_cpus=processors, max_restarts=0, scheduling_strategy="SPREAD").remote()

    def _member(self, handle: Any, facts: Any) -> Member:
        """Return a worker that has told its facts, if it fits this process."""
        try:
            told = self.ray.get(facts)
        except self.ray.exceptions.RayError as error:
            reason = last_line(error)
            raise ClusterError(f"A worker cannot start; is the project installed on its machine? {reason}") from error
        for name, here in versions().items():
            there = told["versions"].get(name)
            if there != here:
                raise ClusterError(f"All machines need the same versions: {name} is {there} on {told['host']} and {here} here.")
        return Member(handle, told["host"], told["pid"])

    def replace(self, number: int) -> None:
        """Put a new worker in the place of one, which is stopped if it still runs.

        Raises:
            ClusterError: too many were lost one after the other.
        """
        old = self.members[number]
        self._losses += 1
        if self._losses > _MAX_LOSSES:
            raise ClusterError(f"{self._losses} workers were lost one after the other, the last one on {old.host}.")
        with suppress(Exception):
            self.ray.kill(old.handle)
        handle = self._new_worker(1)
        facts = handle.facts.remote()
        if not self.ray.wait([facts], timeout=_REPLACE_SECONDS)[0]:
            self.ray.kill(handle)
            handle = self._new_worker(0)  # its machine is gone, and no other has a processor to spare
            facts = handle.facts.remote()
        self.generations[number] += 1
        self.members[number] = Member(handle, old.host, old.pid)
        with suppress(*self._lost):  # the next call will find out, and come back here
            self.members[number] = self._member(handle, facts)
        self.notify(
            f"Worker {number + 1} (process {old.pid} on {old.host}) was lost; a new one takes its place, "
            "and what it was playing begins anew."
        )


def workforce(
    workers: int | None, address: str | None = None, notify: Notify = print
) -> AbstractContextManager[Here | Cluster]:
    """Return who plays: this process where ``workers`` is None, or so many workers of a cluster.

    Raises:
        ClusterError: an address without workers.
    """
    if workers is not None:
        return Cluster(workers, address, notify)
    if address is not None:
        raise ClusterError(f"--ray-address needs the number of workers: --ray N. Received: {address}")
    return nullcontext(Here())
