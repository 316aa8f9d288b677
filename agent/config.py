"""Every setting of a training run, checked once, in one frozen record."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from monopoly_env.bots import BOTS
from monopoly_env.tables import REWARDS

HEADS = ("softmax", "linear")

# What the two heads want differently. Action values need a shorter trace (the targets follow the greedy action, the
# samples do not) and fewer passes over the same samples, because nothing clips their updates.
HEAD_DEFAULTS: dict[str, dict[str, Any]] = {
    "softmax": {},
    "linear": {"epochs": 2, "lam": 0.8, "learning_rate": 5e-4, "rollout_steps": 32},
}

# The bots of the default tables are drawn from these: nearly half of them are landlord, the hardest to beat.
OPPONENTS = ("landlord",) * 3 + ("fp-a", "fp-b", "fp-c", "random")

_TUPLES = ("hidden", "opponents", "table_sizes")


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one training run.

    Use `TrainConfig.for_head(head, ...)` to get the defaults that suit a head; `TrainConfig()` is the softmax head's.

    Raises:
        ValueError: a setting is out of its range; one line that names it and repeats what was received.
    """

    head: str = "softmax"  # "softmax" (PPO) or "linear" (Q-lambda)
    hidden: tuple[int, ...] = (150, 150)  # units of each hidden layer
    decisions: int = 12_000_000  # decisions of the learning network, all games together
    players: int = 4  # seats of a table; the yardsticks sit at tables of this size too
    table_sizes: tuple[int, ...] = ()  # seats of the tables in turn, where they are to differ; empty: all have `players`
    reward: str = "shaped"  # "shaped" (win/loss plus change of strength) or "win"
    # Shares of the games, as weights: all seats the network's; one seat against bots; both kinds at one table.
    self_play: float = 0.0
    bots: float = 1.0
    mixed: float = 0.0
    opponents: tuple[str, ...] = OPPONENTS  # the bots' names; one named twice sits there twice as often
    max_turns: int = 1000  # turn cap of a game
    num_envs: int = 1024  # games side by side
    rollout_steps: int = 64  # decisions of each game between two updates
    epochs: int = 3  # passes over the samples of one update
    minibatches: int = 16  # optimizer steps of one pass
    learning_rate: float = 2e-3
    learning_rate_final: float = 0.0  # reached, in a straight line, at the last decision
    adam_epsilon: float = 1e-5
    max_grad_norm: float = 0.5
    gamma: float = 0.999
    lam: float = 0.95
    # softmax head
    clip: float = 0.2
    value_clip: float | None = None  # None leaves the value loss unclipped
    value_coefficient: float = 0.5
    entropy: float = 0.01
    entropy_final: float = 0.001
    # linear head: explores by softmax(Q / temperature); falls geometrically over the first part of the run
    temperature: float = 0.3
    temperature_final: float = 0.02
    temperature_fraction: float = 0.8
    seed: int = 0
    threads: int | None = None  # None lets TensorFlow choose
    xla: bool = True  # compile the update with XLA where this machine can

    def __post_init__(self) -> None:
        """Check every field; see the class."""
        _check_choices(self)
        _check_counts(self)
        _check_numbers(self)

    @classmethod
    def for_head(cls, head: str, **settings: Any) -> TrainConfig:
        """Return the defaults of `head` ("softmax" or "linear"), overridden by `settings`.

        Raises:
            ValueError: an unknown head or setting, or a setting out of its range.
        """
        return cls.from_dict({**HEAD_DEFAULTS.get(head, {}), **settings, "head": head})

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> TrainConfig:
        """Rebuild a configuration from `to_dict()` or from parsed JSON; missing fields take their defaults.

        Raises:
            ValueError: an unknown setting, or one out of its range.
        """
        known = [field.name for field in dataclasses.fields(cls)]
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise ValueError(f"Unknown training setting {unknown[0]!r}; the settings are: {', '.join(known)}.")
        settings = dict(settings)
        for name in _TUPLES:
            if isinstance(settings.get(name), list):
                settings[name] = tuple(settings[name])
        return cls(**settings)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as a dict that `json.dumps` takes; `from_dict` reverses it."""
        return dataclasses.asdict(self) | {name: list(getattr(self, name)) for name in _TUPLES}

    @property
    def mix(self) -> tuple[float, float, float]:
        """The shares of self-play, bot and mixed games; they sum to 1."""
        total = self.self_play + self.bots + self.mixed
        return self.self_play / total, self.bots / total, self.mixed / total

    @property
    def sizes(self) -> tuple[int, ...]:
        """The seats of the run's tables, in turn."""
        return self.table_sizes or (self.players,)

    @property
    def batch(self) -> int:
        """Decisions in one rollout."""
        return self.num_envs * self.rollout_steps

    @property
    def minibatch(self) -> int:
        """Decisions in one optimizer step."""
        return self.batch // self.minibatches

    @property
    def updates(self) -> int:
        """Rollouts in the run; the last one may go past `decisions`."""
        return math.ceil(self.decisions / self.batch)

    def learning_rate_at(self, progress: float) -> float:
        """Return the learning rate at `progress` in [0, 1] of the run."""
        return self.learning_rate + (self.learning_rate_final - self.learning_rate) * progress

    def entropy_at(self, progress: float) -> float:
        """Return the weight of the entropy bonus at `progress` in [0, 1] of the run."""
        return self.entropy + (self.entropy_final - self.entropy) * progress

    def temperature_at(self, progress: float) -> float:
        """Return the exploration temperature at `progress` in [0, 1] of the run."""
        share = min(progress / self.temperature_fraction, 1.0)
        return self.temperature * (self.temperature_final / self.temperature) ** share


def _check_choices(config: TrainConfig) -> None:
    for name, choices in (("head", HEADS), ("reward", REWARDS)):
        value = getattr(config, name)
        if value not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}. Received: {value!r}")
    hidden = config.hidden
    if not isinstance(hidden, tuple) or not hidden or not all(_is_int(units) and units > 0 for units in hidden):
        raise ValueError(f"hidden must be a tuple of positive layer sizes such as (150, 150). Received: {hidden!r}")
    opponents = config.opponents
    if not isinstance(opponents, tuple) or not opponents or not all(name in BOTS for name in opponents):
        raise ValueError(f"opponents must be a tuple of names out of {', '.join(BOTS)}. Received: {opponents!r}")
    if not isinstance(config.xla, bool):
        raise ValueError(f"xla must be True or False. Received: {config.xla!r}")


def _check_counts(config: TrainConfig) -> None:
    for name in ("decisions", "max_turns", "num_envs", "rollout_steps", "epochs", "minibatches"):
        value = getattr(config, name)
        if not _is_int(value) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1. Received: {value!r}")
    if not _is_int(config.players) or not 2 <= config.players <= 8:
        raise ValueError(f"players must be a whole number from 2 to 8. Received: {config.players!r}")
    sizes = config.table_sizes
    if not isinstance(sizes, tuple) or not all(_is_int(size) and 2 <= size <= 8 for size in sizes):
        raise ValueError(f"table_sizes must be a tuple of whole numbers from 2 to 8. Received: {sizes!r}")
    if not _is_int(config.seed) or config.seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0. Received: {config.seed!r}")
    if config.threads is not None and (not _is_int(config.threads) or config.threads < 1):
        raise ValueError(f"threads must be None or a whole number of at least 1. Received: {config.threads!r}")
    if config.minibatches > config.batch:
        raise ValueError(
            f"minibatches must not exceed num_envs * rollout_steps = {config.batch}. Received: {config.minibatches!r}"
        )


def _check_numbers(config: TrainConfig) -> None:
    inf = math.inf
    at_least_zero = ("learning_rate_final", "value_coefficient", "entropy", "entropy_final")
    positive = ("learning_rate", "adam_epsilon", "max_grad_norm", "clip", "temperature", "temperature_final")
    for name in (*at_least_zero, "self_play", "bots", "mixed"):
        _check_number(name, getattr(config, name), 0.0, inf, "0 or more")
    for name in positive:
        _check_number(name, getattr(config, name), 0.0, inf, "above 0", open_low=True)
    for name in ("gamma", "lam"):
        _check_number(name, getattr(config, name), 0.0, 1.0, "from 0 to 1")
    _check_number("temperature_fraction", config.temperature_fraction, 0.0, 1.0, "above 0, up to 1", open_low=True)
    if config.value_clip is not None:
        _check_number("value_clip", config.value_clip, 0.0, inf, "None or above 0", open_low=True)
    if config.self_play + config.bots + config.mixed <= 0:
        raise ValueError("One of self_play, bots and mixed must be above 0. Received: 0, 0, 0")


def _check_number(name: str, value: Any, low: float, high: float, needed: str, open_low: bool = False) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not low <= value <= high or (open_low and value == low):
        raise ValueError(f"{name} must be {needed}. Received: {value!r}")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
