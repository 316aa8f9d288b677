"""The variants of the default training that are measured against each other, each with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agent.learning.config import TrainConfig

# PPO's learning rate here, higher than the default: a short run gets further with it, a long one does not.
SHORT_RUN_RATE = 3e-3


@dataclass(frozen=True)
class Variant:
    """A training with something changed.

    Attributes:
        text: what it is, for tables.
        settings: of ``TrainConfig.for_head``, besides decisions, seed and threads.
        learner: a name in ``agent.experiments.learners.LEARNERS``; None: the head's own.
        layout: a name in ``agent.experiments.layouts.LAYOUTS``.
    """

    text: str
    settings: dict[str, Any] = field(default_factory=dict)
    learner: str | None = None
    layout: str = "standard"

    def config(self, decisions: int, seed: int, threads: int | None) -> TrainConfig:
        """Return the settings of one run.

        Raises:
            ValueError: a number is out of its range.
        """
        settings = {"head": "softmax", **self.settings}
        if settings["head"] == "softmax":
            settings = {"learning_rate": SHORT_RUN_RATE, **settings}
        return TrainConfig.for_head(**settings, decisions=decisions, seed=seed, threads=threads)


_Q = {"head": "linear"}
# The rate of the question stays what it was all the way, and nothing holds its gradients back.
_QUESTION = {
    **_Q,
    "hidden": (150,),
    "learning_rate": 0.2,
    "learning_rate_final": 0.2,
    "adam_epsilon": 1e-7,
    "max_grad_norm": 1e9,
}

VARIANTS = {
    "default": Variant("softmax head (PPO), hidden 150+150, against bots, most of them landlord"),
    "linear": Variant("linear head (Q(lambda)), softmax exploration", _Q),
    "linear-epsilon-greedy": Variant("linear head (Q(lambda)), epsilon-greedy exploration", _Q, "epsilon_greedy"),
    "question": Variant(
        "the network of the question: 150 units, sigmoid head, mean squared error, Adam(0.2)", _QUESTION, "sigmoid"
    ),
    "learning-rate-1e-3": Variant("softmax, learning rate 0.001 in place of 0.003", {"learning_rate": 1e-3}),
    "hidden-150": Variant("softmax, hidden 150", {"hidden": (150,)}),
    "hidden-256-256": Variant("softmax, hidden 256+256", {"hidden": (256, 256)}),
    "self-play": Variant("softmax, self-play alone", {"self_play": 1.0, "bots": 0.0}),
    "mixture": Variant("softmax, a third self-play, a third bots, a third both at one table", {"self_play": 1.0, "mixed": 1.0}),
    "landlord-only": Variant("softmax, against three landlord alone", {"opponents": ("landlord",)}),
    "win-reward": Variant("softmax, reward for winning and losing alone", {"reward": "win"}),
    "unmarked": Variant("softmax, 23 floats without marks, position in place of cash_after", layout="unmarked"),
    "factual": Variant(
        "softmax, the 23 floats of layout 1: they count what is on the table and judge nothing", layout="factual"
    ),
    "wide": Variant("softmax, 76 floats: each rival by itself, phase, refusals, turns", layout="wide"),
}
