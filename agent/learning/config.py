"""Every setting of a training run, checked once, in frozen records: what is learnt, and what is shown and kept of it."""

from __future__ import annotations

import dataclasses
import math
import numbers
import sys
from dataclasses import dataclass
from typing import Any

from monopoly_env.batch.batch import REWARDS
from monopoly_env.board import STARTING_CASH
from monopoly_env.bots import BOTS
from monopoly_env.game import check_rules

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

# The most of each that makes sense: beyond it a typing error is more likely than a machine that can do it.
_MOST = {
    "decisions": 10**15,
    "num_envs": 10**6,
    "rollout_steps": 10**6,
    "epochs": 1000,
    "minibatches": 10**6,
    "threads": 1024,
}
_MOST_UNITS, _MOST_LAYERS = 4096, 100  # the orthogonal start of a wider layer takes minutes
_MOST_ROWS = 2**31 - 1  # minibatches number the rows of a rollout in int32


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one training run.

    Use `TrainConfig.for_head(head, ...)` to get the defaults that suit a head; `TrainConfig()` is the softmax head's.

    Numbers of any library are taken (`numbers.Integral`, `numbers.Real`) and kept as Python's own.

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
        _make_plain(self)
        _check_choices(self)
        _check_counts(self)
        _check_numbers(self)

    @classmethod
    def for_head(cls, head: str, **settings: Any) -> TrainConfig:
        """Return the defaults of `head` ("softmax" or "linear"), overridden by `settings`.

        Raises:
            ValueError: an unknown head or setting, or a setting out of its range.
        """
        return cls.from_dict({**(HEAD_DEFAULTS.get(head, {}) if isinstance(head, str) else {}), **settings, "head": head})

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

    @property
    def total(self) -> int:
        """Decisions that the run makes: `decisions`, rounded up to whole rollouts."""
        return self.updates * self.batch

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


@dataclass(frozen=True)
class RunOptions:
    """What a run shows and keeps on its way. Nothing of this changes what is learnt; see `TrainConfig` for numbers and errors.

    Attributes:
        evaluations: matches against each yardstick on the way, most of them early.
        games: games of each of them.
        final_games: games of those at the end; 0: none.
        save_every: seconds between two saves; 0: after every update.
        tensorboard: whether event files for TensorBoard are written.
    """

    evaluations: int = 10
    games: int = 400
    final_games: int = 10_000
    save_every: float = 30.0
    tensorboard: bool = True

    def __post_init__(self) -> None:
        """Check every field."""
        _make_plain(self)
        for name, least in (("evaluations", 0), ("games", 1), ("final_games", 0)):
            _check_count(name, getattr(self, name), least, 10**9)
        _check_number("save_every", self.save_every, 0.0, math.inf, "0 or more")
        if not isinstance(self.tensorboard, bool):
            raise ValueError(f"tensorboard must be True or False. Received: {self.tensorboard!r}")


def _make_plain(record: Any) -> None:
    for field in dataclasses.fields(record):
        object.__setattr__(record, field.name, _plain(getattr(record, field.name)))  # the records are frozen


def _plain(value: Any) -> Any:
    """Return a number of whatever library as an int or float of Python, which JSON can hold; everything else as it is."""
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value


def _check_choices(config: TrainConfig) -> None:
    for name, choices in (("head", HEADS), ("reward", REWARDS)):
        value = getattr(config, name)
        if value not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}. Received: {value!r}")
    hidden = config.hidden
    if not isinstance(hidden, tuple) or not hidden or not all(_is_int(units) and units > 0 for units in hidden):
        raise ValueError(f"hidden must be a tuple of positive layer sizes such as (150, 150). Received: {hidden!r}")
    if len(hidden) > _MOST_LAYERS or max(hidden) > _MOST_UNITS:
        raise ValueError(f"hidden must be at most {_MOST_LAYERS} layers of at most {_MOST_UNITS:,} units. Received: {hidden!r}")
    opponents = config.opponents
    if (
        not isinstance(opponents, tuple)
        or not opponents
        or not all(isinstance(name, str) and name in BOTS for name in opponents)
    ):
        raise ValueError(f"opponents must be a tuple of names out of {', '.join(BOTS)}. Received: {opponents!r}")
    if not isinstance(config.xla, bool):
        raise ValueError(f"xla must be True or False. Received: {config.xla!r}")


def _check_counts(config: TrainConfig) -> None:
    for name in ("decisions", "num_envs", "rollout_steps", "epochs", "minibatches"):
        _check_count(name, getattr(config, name), 1, _MOST[name])
    if config.threads is not None:
        _check_count("threads", config.threads, 1, _MOST["threads"], "None or ")
    _check_count("max_turns", config.max_turns, 1, math.inf)
    check_rules(config.max_turns, STARTING_CASH)
    _check_count("players", config.players, 2, 8)
    sizes = config.table_sizes
    if not isinstance(sizes, tuple) or not all(_is_int(size) and 2 <= size <= 8 for size in sizes):
        raise ValueError(f"table_sizes must be a tuple of whole numbers from 2 to 8. Received: {sizes!r}")
    _check_count("seed", config.seed, 0, math.inf)
    if config.batch > _MOST_ROWS:
        raise ValueError(
            f"num_envs * rollout_steps must be {_MOST_ROWS:,} at most. Received: {config.num_envs} * {config.rollout_steps}"
        )
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
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    if not is_number or not low <= value <= high or (open_low and value == low):
        raise ValueError(f"{name} must be {needed}. Received: {value!r}")


def _check_count(name: str, value: Any, least: int, most: float, or_else: str = "") -> None:
    if _is_int(value) and least <= value <= most:
        return
    limits = f"of at least {least}" if most == math.inf else f"from {least} to {most:,}"
    raise ValueError(f"{name} must be {or_else}a whole number {limits}. Received: {value!r}")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
