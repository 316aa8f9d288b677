"""Parts of matches and runs of experiments as tasks on a Ray cluster of any number of machines, or in this process.

Only this module knows Ray, and imports it when a ``Cluster`` starts. A task depends on nothing but its argument: results do not
depend on who works, and Ray itself begins a task again whose worker was killed or whose machine has gone.
"""

from __future__ import annotations

import functools
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from typing import Any

from agent.evaluation.match import Match, Part, match_plan, play_here, play_part
from agent.files.errors import UserError
from monopoly_env.compiled.jit import is_compiled
from monopoly_env.game import RULES_VERSION
from monopoly_env.observation import LAYOUT_VERSION

INSTALL = "pip install ray"
RETRIES = 5  # of one task
_CONNECT_SECONDS = 10.0  # for an address to accept a connection
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # its usage reports are the user's business
    "RAY_worker_niceness": "0",  # it would let every other program go first
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # avoids a warning at every start
}


class ClusterError(UserError):
    """Ray is missing, there is no cluster, or its workers cannot do a task; the message is one line for the user."""


class Here:
    """Everything is done in this process, one after the other. A Cluster has the same methods."""

    play = staticmethod(play_here)

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield ``(number, function(items[number]))``."""
        return enumerate(map(function, items))


class Cluster:
    """Workers on a Ray cluster, one processor each. Use as a context manager.

    Args:
        workers: how many tasks are done at once.
        address: ``host:port`` of a running cluster's head, or "auto" for the one that this machine belongs to; None starts
            Ray on this machine, and stops it at the end.
        notify: is told in a line what takes a while.

    Raises:
        ClusterError: on entering and in use; see there.
    """

    def __init__(self, workers: int, address: str | None = None, notify: Callable[[str], object] = print) -> None:
        self._workers = workers
        self._address = address
        self._notify = notify
        self._owned = False  # Ray's connection was made here
        self._ray: Any = None

    def __enter__(self) -> Cluster:
        """Start Ray, or connect to it."""
        self._ray = _load_ray()
        if not self._ray.is_initialized():
            where = "on this machine" if self._address is None else f"on the Ray cluster ({self._address})"
            self._notify(f"Starting {self._workers} workers {where} ...")
            _connect(self._ray, self._workers, self._address)
            self._owned = True
        processors = int(self._ray.cluster_resources().get("CPU", 0))
        if processors < self._workers:
            self.__exit__()
            raise ClusterError(
                f"The cluster has {processors} processors, one for each worker. Received: {self._workers} workers"
            )
        if self._address is None and not is_compiled("batch"):
            play_part(match_plan("random", ["random"], 1)[0])  # once here, not by every worker at the same time
        return self

    def __exit__(self, *_: Any) -> None:
        """Stop what was started here."""
        if self._owned:
            self._ray.shutdown()

    def each(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield ``(number, function(items[number]))`` as the workers get done."""
        options = {"num_cpus": 1, "max_retries": RETRIES, "scheduling_strategy": "SPREAD"}
        task = self._ray.remote(**options)(_task)
        waiting = ((task.remote(versions(), function, item), number) for number, item in enumerate(items))
        running = dict(islice(waiting, self._workers))
        try:
            while running:
                (ready,), _ = self._ray.wait(list(running), num_returns=1)
                number = running.pop(ready)
                running.update(islice(waiting, 1))
                yield number, self._result(ready)
        finally:
            for reference in running:
                self._ray.cancel(reference, force=True)

    def play(self, parts: Sequence[Part]) -> Iterator[Match]:
        """Play parts of matches, each on one thread; yield their games in the order of the parts."""
        alone = [replace(part, options={**part.options, "threads": 1}) for part in parts]
        done: dict[int, Match] = {}
        due = 0
        for number, match in self.each(play_part, alone):
            done[number] = match
            while due in done:
                yield done.pop(due)
                due += 1

    def _result(self, reference: Any) -> Any:
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            if not isinstance(error.cause, self._ray.exceptions.RayError):
                raise error.cause from error  # the task's own error
            reason = str(error).strip().splitlines()[-1]
            raise ClusterError(f"A worker cannot begin; is the project installed on its machine? {reason}") from error
        except self._ray.exceptions.RayError as error:
            raise ClusterError(f"Workers were lost {RETRIES + 1} times in one task. Ray says: {_first_line(error)}") from error


def workforce(
    workers: int | None, address: str | None = None, notify: Callable[[str], object] = print
) -> AbstractContextManager[Here | Cluster]:
    """Return who works: this process where ``workers`` is None, or so many workers of a cluster.

    Raises:
        ClusterError: an address without workers.
    """
    if workers is not None:
        return Cluster(workers, address, notify)
    if address is not None:
        raise ClusterError(f"--ray-address needs the number of workers: --ray N. Received: {address}")
    return nullcontext(Here())


@functools.cache
def versions() -> str:
    """Return what must be the same on all machines for results to be."""
    names = ("monopoly-rl", "numpy", "numba")
    return ", ".join([*(f"{name} {version(name)}" for name in names), f"rules {RULES_VERSION}, layout {LAYOUT_VERSION}"])


def _task(expected: str, function: Callable[[Any], Any], item: Any) -> Any:
    """What a worker does."""
    if versions() != expected:
        raise ClusterError(f"All machines need the same versions: {expected} here, {versions()} on {socket.gethostname()}.")
    return function(item)


def _load_ray() -> Any:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise ClusterError(f"Playing on more than this process needs Ray: {INSTALL}") from error
    return ray


def _connect(ray: Any, workers: int, address: str | None) -> None:
    """Start Ray on this machine for so many workers, or connect to the cluster at an address."""
    options: dict[str, Any] = {"logging_level": "CRITICAL", "log_to_driver": False}
    if address is None:
        options |= {"address": "local", "num_cpus": workers, "include_dashboard": False}
    else:
        _check_address(address)
        options["address"] = address
    try:
        ray.init(**options)
    except Exception as error:
        where = "Ray cannot start here" if address is None else f"There is no Ray cluster at {address}"
        raise ClusterError(f"{where}: {_first_line(error)}") from error


def _check_address(address: str) -> None:
    """Refuse an address where nothing answers; Ray itself would try, and complain, for minutes."""
    if address == "auto":
        return
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or "/" in host:
        raise ClusterError(f"A cluster's address is auto or host:port, as `ray start --head` prints it. Received: {address!r}")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(f"There is no Ray cluster at {address}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
