"""The variants of the default training that are measured against each other, each with one setting changed, and one run of one.

A run depends on nothing but its ``Trial``, so it is the same in this process and on a worker of a Ray cluster.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from agent.learning.config import TrainConfig

OPPONENTS = {"landlord": ("landlord",) * 3, "fixed policies": ("fp-a", "fp-b", "fp-c"), "random": ("random",) * 3}
POINTS = 6  # of a learning curve
# PPO's learning rate here, higher than the default: a short run gets further with it, a long one does not.
SHORT_RUN_RATE = 3e-3


@dataclass(frozen=True)
class Variant:
    """A training with something changed.

    Attributes:
        text: what it is, for tables.
        settings: of ``TrainConfig.for_head``, besides decisions, seed and threads.
    """

    text: str
    settings: dict[str, Any] = field(default_factory=dict)


VARIANTS = {
    "default": Variant("softmax head (PPO), hidden 150+150, against bots, most of them landlord"),
    "linear": Variant("linear head (Q(lambda)), softmax exploration", {"head": "linear"}),
    "learning-rate-1e-3": Variant("softmax, learning rate 0.001 in place of 0.003", {"learning_rate": 1e-3}),
    "hidden-150": Variant("softmax, hidden 150", {"hidden": (150,)}),
    "hidden-256-256": Variant("softmax, hidden 256+256", {"hidden": (256, 256)}),
    "self-play": Variant("softmax, self-play alone", {"self_play": 1.0, "bots": 0.0}),
    "mixture": Variant("softmax, a third self-play, a third bots, a third both at one table", {"self_play": 1.0, "mixed": 1.0}),
    "landlord-only": Variant("softmax, against three landlord alone", {"opponents": ("landlord",)}),
    "win-reward": Variant("softmax, reward for winning and losing alone", {"reward": "win"}),
}


@dataclass(frozen=True)
class Trial:
    """One training of a variant.

    Attributes:
        variant: its name.
        seed: of networks and games.
        decisions: of the network.
        games, final_games: of each match on the way and at the end.
        threads: of TensorFlow and the engine; None: one a core.
        settings: of ``TrainConfig``, changed for all variants alike.
    """

    variant: str
    seed: int
    decisions: int = 1_000_000
    games: int = 200
    final_games: int = 2000
    threads: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> TrainConfig:
        """The settings of the training.

        Raises:
            ValueError: a number is out of its range.
        """
        settings = {"head": "softmax", **VARIANTS[self.variant].settings}
        if settings["head"] == "softmax":
            settings = {"learning_rate": SHORT_RUN_RATE, **settings}
        settings |= {"decisions": self.decisions, "seed": self.seed, "threads": self.threads, **self.settings}
        return TrainConfig.for_head(**settings)


def train(run: Trial) -> dict[str, Any]:
    """Do a run, measured some times on the way and at its end.

    Returns:
        What ``agent.experiments.results`` keeps of it, JSON-ready: what was asked for, and ``points``, a list of
        ``{"decisions": ..., "games": ..., "wins": {opponents: games won}}``.
    """
    from agent.learning.keras_setup import load_keras

    load_keras(run.threads)
    from agent.evaluation.match import play_match
    from agent.learning.trainer import Training
    from agent.players.network import Player

    training = Training(run.config)
    due = {round(training.config.updates * (number + 1) / POINTS) for number in range(POINTS)}
    points = []
    while not training.done:
        training.step()
        if training.updates in due:
            count = run.final_games if training.done else run.games
            player = Player(training.learner.model)
            wins = {text: play_match(player, names, count, threads=run.threads).wins for text, names in OPPONENTS.items()}
            points.append({"decisions": training.decisions, "games": count, "wins": wins})
    asked = dataclasses.asdict(run)
    return {name: asked[name] for name in ("variant", "seed", "decisions", "final_games", "games")} | {"points": points}
