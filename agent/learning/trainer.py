"""The training of one network, update by update; it can be saved and restored at any point between two updates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.learning.collector import Collector, MakeCollector
from agent.learning.config import TrainConfig
from agent.learning.learner import Learner, build_learner
from agent.learning.rollout import action_shares
from agent.players.network import Player

# Children of the run's root seed. Evaluation is a stream of its own, see agent.evaluation.match.
_TABLES, _ACTIONS, _UPDATES = range(3)


@dataclass(frozen=True)
class Update:
    """What one update of a run reports."""

    number: int  # updates done
    decisions: int  # decisions of the network so far
    games: int  # games ended so far
    progress: float  # share of the run that is done, 0 to 1
    report: dict[str, float]  # the learner's numbers, and the shares of the actions


class Training:
    """A network, its learner and its games.

    Args:
        config: the settings.
        collector: makes the games; default: in this process.
        learner: default: the one of the configured head.

    Attributes:
        config: the settings.
        learner: ``agent.learning.ppo.PPO`` or ``agent.learning.q_lambda.QLambda``.
        updates, decisions: how many are done.
    """

    def __init__(self, config: TrainConfig, collector: MakeCollector = Collector, learner: Learner | None = None) -> None:
        root = np.random.SeedSequence(config.seed)
        seeds = root.spawn(3)
        self.config = config
        self.learner = build_learner(config) if learner is None else learner
        self.collector = collector(config, seeds[_TABLES])
        self._acting = np.random.default_rng(seeds[_ACTIONS])
        self._updating = np.random.default_rng(seeds[_UPDATES])
        self.updates = 0

    @property
    def decisions(self) -> int:
        """Decisions of the network so far."""
        return self.updates * self.config.batch

    @property
    def games(self) -> int:
        """Games ended so far."""
        return self.collector.games

    @property
    def done(self) -> bool:
        """Whether the run has all its decisions."""
        return self.updates >= self.config.updates

    def run(self) -> Iterator[Update]:
        """Yield after every update until the run is done. Stop iterating at any time: the state is whole."""
        while not self.done:
            yield self.step()

    def step(self) -> Update:
        """Play one rollout and learn from it."""
        self.learner.anneal(min(self.updates / self.config.updates, 1.0))
        rollout = self.collector.collect(self.learner, self._acting)
        report = self.learner.update(rollout, self._updating) | action_shares(rollout.actions)
        self.updates += 1
        return Update(self.updates, self.decisions, self.games, self.updates / self.config.updates, report)

    def player(self) -> Player:
        """Return the network as it plays now."""
        return Player(self.learner.model)

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return ``(arrays, meta)`` for ``agent.files.checkpoint.save_checkpoint``: all that is needed to go on."""
        arrays = {"learner": self.learner.get_state(), "games": self.collector.get_state()}
        meta = {
            "config": self.config.to_dict(),
            "updates": self.updates,
            "acting": self._acting.bit_generator.state,
            "updating": self._updating.bit_generator.state,
        }
        return arrays, meta

    @classmethod
    def from_state(
        cls, arrays: dict[str, Any], meta: dict[str, Any], collector: MakeCollector = Collector, **changes: Any
    ) -> Training:
        """Return a training that goes on where ``get_state`` was called, with some settings changed (such as ``decisions``).

        The games may go on in another kind of collector than the one they were saved from.

        Raises:
            ValueError: the state does not fit its configuration, or a setting is out of its range.
            KeyError: something is missing in it.
        """
        training = cls(TrainConfig.from_dict({**meta["config"], **changes}), collector)
        training.learner.set_state(arrays["learner"])
        training.collector.set_state(arrays["games"])
        training.updates = int(meta["updates"])
        training._acting.bit_generator.state = meta["acting"]
        training._updating.bit_generator.state = meta["updating"]
        return training
