"""A training run's games spread over the workers of a cluster: the same algorithm as in one process.

Every rollout is played by all workers with the same weights, and the learner waits for the last of them before it updates
(synchronous collection), so what it learns from is exactly as fresh as in one process. Worker i of W plays the tables
i, i + W, i + 2 W, ...: each has its share of self-play, bot and mixed tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from agent.learning.collector import START_SEEDS, child_seed
from agent.learning.config import TrainConfig
from agent.learning.rollout import Rollout

if TYPE_CHECKING:  # importing it starts TensorFlow
    from agent.learning.learner import Learner


class Workers(Protocol):
    """What a ``SpreadCollector`` asks of a cluster.

    Attributes:
        generations: how often each worker was replaced; a new one holds no tables.
    """

    generations: list[int]

    def share(self, thing: Any) -> Any:
        """Return something to pass in place of ``thing`` to many workers, so that it is sent once."""

    def send(self, number: int, method: str, *arguments: Any) -> Any:
        """Have a worker do something before anything that it is asked later."""

    def gather(self, method: str, arguments: Callable[[int], tuple]) -> Iterator[tuple[int, Any]]:
        """Ask all workers and yield ``(number, answer)`` as answers come.

        ``arguments(number)`` is called right before a worker is asked, and again when it was lost and a new one is.
        """


class SpreadCollector:
    """The games of a training run, played by workers. Made, used, saved and restored like ``Collector``.

    A state may be restored on any number of workers, and in one process. With the same number of workers a resumed run
    goes on exactly as it would have. The tables of a worker that is lost begin anew with new games.

    Args:
        config: the run's settings.
        seed: source of the tables and of the games; they are those that a ``Collector`` would begin with.
        workers: the cluster.

    Attributes:
        games: games that ended so far, those of a lost batch left out.

    Raises:
        ValueError: there are more workers than tables.
    """

    def __init__(self, config: TrainConfig, seed: np.random.SeedSequence, workers: Workers) -> None:
        count = len(workers.generations)
        if count > config.num_envs:
            raise ValueError(f"Every worker needs a table; the run has {config.num_envs}. Received: {count} workers")
        self.config = config
        self.games = 0
        self.rollout = Rollout.empty(config.rollout_steps, config.num_envs, max(config.sizes))
        self._workers = workers
        self._parts = [slice(number, None, count) for number in range(count)]
        self._seed = seed
        self._dealt: list[int | None] = [None] * count  # the generation that holds the tables
        self._begun_anew = 0  # how often tables have begun anew

    def collect(self, learner: Learner, rng: np.random.Generator) -> Rollout:
        """Play ``rollout_steps`` decisions at each table; return the rollout, whose arrays the next call overwrites."""
        actor = self._workers.share(learner.actor())
        seeds = np.random.SeedSequence(rng.integers(2**32, size=4).tolist()).spawn(len(self._parts))
        for number, (rollout, games) in self._ask("collect", lambda number: (actor, seeds[number])):
            for field in fields(Rollout):
                getattr(self.rollout, field.name)[:, self._parts[number]] = getattr(rollout, field.name)
            self.games += games
        return self.rollout

    def get_state(self) -> dict[str, Any]:
        """Return the games of all workers in the order of the tables: what a ``Collector`` of all of them would return."""
        state: dict[str, Any] = {}
        for number, share in self._ask("get_state", lambda number: ()):
            for name in ("games", "tables"):
                whole = state.setdefault(name, np.zeros(self.config.num_envs, share[name].dtype))
                whole[self._parts[number]] = share[name]
        return {**state, "ended": np.int64(self.games), "begun_anew": np.int64(self._begun_anew)}

    def set_state(self, state: dict[str, Any]) -> None:
        """Deal out what ``get_state`` of this or of a ``Collector`` returned.

        Raises:
            ValueError: the state is of another number of games or another version.
        """
        self.games = int(state["ended"])
        self._begun_anew = int(state.get("begun_anew", 0))

        def share(number: int) -> tuple:
            part = self._parts[number]
            self._dealt[number] = self._workers.generations[number]
            return self.config, self._seed, part, {**state, "games": state["games"][part], "tables": state["tables"][part]}

        for _ in self._workers.gather("deal", share):
            pass

    def _ask(self, method: str, arguments: Callable[[int], tuple]) -> Iterator[tuple[int, Any]]:
        def after_dealing(number: int) -> tuple:
            self._deal(number)
            return arguments(number)

        return self._workers.gather(method, after_dealing)

    def _deal(self, number: int) -> None:
        """Give a worker its tables if it does not hold them: at the start, and when it stands in for one that was lost."""
        generation = self._workers.generations[number]
        if self._dealt[number] == generation:
            return
        seed = self._seed
        if self._dealt[number] is not None:
            seed = child_seed(seed, START_SEEDS + self._begun_anew)
            self._begun_anew += 1
        self._workers.send(number, "deal", self.config, seed, self._parts[number])
        self._dealt[number] = generation
