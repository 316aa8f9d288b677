"""Train a variant, measure it on the way and at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from agent.evaluation.match import play_match
from agent.experiments.layouts import LAYOUTS, Layout
from agent.experiments.variants import Variant
from agent.learning.collector import Collector
from agent.learning.config import TrainConfig
from agent.learning.masking import masked_argmax
from agent.learning.rollout import Rollout
from monopoly_env.batch.batch import GameBatch

OPPONENTS = {"landlord": ("landlord",) * 3, "fixed policies": ("fp-a", "fp-b", "fp-c"), "random": ("random",) * 3}
POINTS = 6  # of a learning curve


class LayoutCollector(Collector):
    """Plays with another state. A game that the turn cap stops counts as worth nothing: its last state is not at hand."""

    def __init__(self, config: TrainConfig, seed: np.random.SeedSequence, layout: Layout) -> None:
        self._layout = layout
        super().__init__(config, seed)

    def empty_rollout(self) -> Rollout:
        """Return arrays for states of the layout's width."""
        return Rollout.empty(self.config.rollout_steps, len(self.batch), max(self.config.sizes), self._layout.width)

    def look(self) -> np.ndarray:
        """Return what the seats that decide see, float32 ``(N, width)``."""
        return self._layout.look(self.batch, np.arange(len(self.batch)))

    def bootstrap(self, learner: Any, rollout: Rollout, t: int) -> None:
        """Leave the value of a stopped game at 0."""
        rollout.bootstrap[t][rollout.truncated[t]] = 0.0


class LayoutPlayer:
    """Plays a network of any width in matches, by its best legal action."""

    def __init__(self, scores: Any, layout: Layout) -> None:
        from agent.players.numpy_network import NumpyNetwork

        self._forward = NumpyNetwork.from_model(scores)
        self._layout = layout

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return what the seats that decide at those tables see, float32 ``(n, width)``."""
        return self._layout.look(batch, rows)

    def batch(self, states: np.ndarray, masks: np.ndarray, rng: Any = None, temperature: float = 1.0) -> np.ndarray:
        """Return one legal action per state, int ``(n,)``; always the best one."""
        return masked_argmax(self._forward(states), masks)


def train_variant(variant: Variant, config: TrainConfig, games: int, final_games: int) -> Iterator[dict[str, Any]]:
    """Train and yield a point of the learning curve some times on the way and at the end.

    Args:
        variant: what to train.
        config: its settings, see ``Variant.config``.
        games: games of each match on the way.
        final_games: games of each match at the end.

    Yields:
        ``{"decisions": ..., "games": ..., "wins": {opponents: games won}}``, JSON-ready.
    """
    from agent.experiments.learners import LEARNERS, of_width, ranking
    from agent.learning.trainer import Training

    layout = LAYOUTS[variant.layout]
    name = variant.learner or {"softmax": "ppo", "linear": "q_lambda"}[config.head]
    learner = of_width(LEARNERS[name], layout.width)(config)
    if variant.layout == "standard":
        training = Training(config, learner=learner)
    else:
        training = Training(config, lambda config, seed: LayoutCollector(config, seed, layout), learner)
    due = {round(config.updates * (number + 1) / POINTS) for number in range(POINTS)}
    while not training.done:
        training.step()
        if training.updates in due:
            count = final_games if training.done else games
            player = LayoutPlayer(ranking(learner), layout)
            wins = {
                text: play_match(player, opponents, count, threads=config.threads).wins for text, opponents in OPPONENTS.items()
            }
            yield {"decisions": training.decisions, "games": count, "wins": wins}
