"""One worker of a cluster: it plays parts of matches, and its share of the tables of a training run. Knows nothing of Ray."""

from __future__ import annotations

import dataclasses
import os
import platform
from importlib.metadata import version
from typing import Any

import numpy as np

from agent.evaluation.match import Match, Part, play_part
from agent.learning.acting import Acting
from agent.learning.collector import Collector
from agent.learning.config import TrainConfig
from agent.learning.rollout import Rollout
from agent.players.playouts import one_blas_thread
from monopoly_env.game import RULES_VERSION
from monopoly_env.observation import LAYOUT_VERSION


def versions() -> dict[str, str]:
    """Return what must be the same on all machines for games to go the same way on each."""
    ours = {"monopoly-rl": version("monopoly-rl"), "rules": str(RULES_VERSION), "layout": str(LAYOUT_VERSION)}
    return ours | {"numpy": version("numpy"), "numba": version("numba")}


class Worker:
    """Plays on one thread."""

    def __init__(self) -> None:
        self._limit = one_blas_thread()  # for as long as the process lives
        self._collector: Collector | None = None

    def facts(self) -> dict[str, Any]:
        """Return who this is: ``host``, ``pid`` and ``versions``."""
        return {"host": platform.node(), "pid": os.getpid(), "versions": versions()}

    def nothing(self) -> None:
        """Do nothing: what then takes time is the way here and back."""

    def play(self, part: Part) -> Match:
        """Play a part of a match; see ``agent.evaluation.match.play_part``."""
        return play_part(dataclasses.replace(part, options={**part.options, "threads": 1}))

    def deal(self, config: TrainConfig, seed: np.random.SeedSequence, part: slice, state: dict[str, Any] | None = None) -> None:
        """Take over the tables ``part`` of a run: with new games, or with those of ``state``.

        Raises:
            ValueError: the state is of another number of games or another version.
        """
        self._collector = Collector(dataclasses.replace(config, threads=1), seed, part)
        if state is not None:
            self._collector.set_state(state)

    def collect(self, actor: Acting, seed: np.random.SeedSequence) -> tuple[Rollout, int]:
        """Return the next rollout of its tables, which the next call overwrites, and how many games ended in it."""
        before = self._collector.games
        rollout = self._collector.collect(actor, np.random.default_rng(seed))
        return rollout, self._collector.games - before

    def get_state(self) -> dict[str, Any]:
        """Return copies of the games; see ``Collector.get_state``."""
        return self._collector.get_state()
