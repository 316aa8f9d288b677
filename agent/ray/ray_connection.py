"""Getting hold of Ray: importing it late, starting it quietly, refusing in one line what it would puzzle over for minutes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agent.files.errors import UserError

INSTALL = 'pip install -e ".[ray]"'
_CONNECT_SECONDS = 10.0  # for an address to accept a connection
_HEALTH_SECONDS = 20.0  # for a cluster to say that it is well


class ClusterError(UserError):
    """Ray is missing, a cluster cannot be reached or its workers cannot start; the message is one line for the user."""


def connect(ray: Any, processors: int, address: str | None) -> None:
    """Start Ray on this machine for so many processors, or connect to the cluster at an address.

    Raises:
        ClusterError: it does not start, or there is no cluster.
    """
    options: dict[str, Any] = {"logging_level": "CRITICAL", "log_to_driver": False}
    if address is None:
        options |= {"address": "local", "num_cpus": processors, "include_dashboard": False}
    else:
        _check_address(address)
        options["address"] = address
    try:
        with _same_signals():
            ray.init(**options)
    except Exception as error:
        where = "Ray cannot start here" if address is None else f"There is no Ray cluster at {address}"
        raise ClusterError(f"{where}: {first_line(error)}") from error


def load_ray() -> Any:
    """Import Ray.

    Raises:
        ClusterError: it is not installed.
    """
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",  # its usage reports are the user's business
        "RAY_DEDUP_LOGS_SKIP_REGEX": "^",  # what it says about a lost worker fills a screen; the cluster says it in a line
        "RAY_worker_niceness": "0",  # it would let every other program go first, while the learner waits for the workers
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # avoids a warning at every start
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise ClusterError(f"Playing on more than this process needs Ray: {INSTALL}") from error
    return ray


def _check_address(address: str) -> None:
    """Refuse an address where no cluster answers; Ray itself would try, and complain, for minutes.

    Raises:
        ClusterError: see there.
    """
    health = [sys.executable, "-m", "ray.scripts.scripts", "health-check"]
    if address != "auto":
        host, colon, port = address.rpartition(":")
        if not colon or not port.isdigit() or "/" in host:
            raise ClusterError(
                f"A cluster's address is auto or host:port, as `ray start --head` prints it. Received: {address!r}"
            )
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise ClusterError(f"There is no Ray cluster at {address}: {first_line(error)}") from error
        health += ["--address", address]
    try:
        subprocess.run(
            health,
            check=True,
            timeout=_HEALTH_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.SubprocessError as error:
        where = "that this machine belongs to" if address == "auto" else f"at {address}"
        raise ClusterError(f"There is no Ray cluster {where}; start one with `ray start --head`.") from error


@contextmanager
def _same_signals() -> Iterator[None]:
    """Keep the handlers of SIGINT and SIGTERM, which Ray replaces when it starts."""
    handlers = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def first_line(error: Exception) -> str:
    """Return the first line of an error's text."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def last_line(error: Exception) -> str:
    """Return the last line of an error's text, which of a traceback is the error itself."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
