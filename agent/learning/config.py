"""Every setting of a training run, with default, bounds and meaning in one place: frozen records, checked when made."""

from __future__ import annotations

import dataclasses
import math
import numbers
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monopoly_env.batch.game_batch import REWARDS
from monopoly_env.board import STARTING_CASH
from monopoly_env.bots import BOTS
from monopoly_env.game import MAX_PLAYERS, MIN_PLAYERS, check_rules

HEADS = ("softmax", "linear")
# The opponent that is the network itself, as it is at that moment. What it does in that seat is not learned from: that is
# another thing than "self" in MonopolyVectorEnv, where the learner decides for several seats.
SELF = "self"

# What the two heads want differently. Action values need a shorter trace (the targets follow the greedy action, the
# samples do not) and fewer passes over the same samples, because nothing clips their updates.
HEAD_DEFAULTS: dict[str, dict[str, Any]] = {
    "softmax": {},
    "linear": {"epochs": 2, "lam": 0.8, "learning_rate": 5e-4, "rollout_steps": 32},
}

# Opponents are drawn from these: nearly half of them are landlord, the hardest to beat. What is in `monopoly_env.bots.HELD_OUT`
# never belongs here: it measures how an agent does against strangers.
OPPONENTS = ("landlord",) * 3 + ("fp-a", "fp-b", "fp-c", "random")

_GONE = ("value_clip",)  # settings of earlier versions; a run that left them at None goes on
_MOST_ROWS = 2**31 - 1  # minibatches number the rows of a rollout in int32
_INF = math.inf


def _setting(default: Any, check: Callable[[Any], str | None], help: str = "") -> Any:
    """Return a field with its check (what the value must be, or None if it is) and what it means."""
    return dataclasses.field(default=default, metadata={"check": check, "help": help})


def _whole(default: int | None, least: int, most: float, help: str = "", optional: bool = False) -> Any:
    limits = f"of at least {least}" if most == _INF else f"from {least} to {most:,}"

    def check(value: Any) -> str | None:
        if (optional and value is None) or (_is_int(value) and least <= value <= most):
            return None
        return f"{'None or ' if optional else ''}a whole number {limits}"

    return _setting(default, check, help)


def _number(default: float, needed: str, fits: Callable[[float], bool], help: str = "") -> Any:
    def check(value: Any) -> str | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
        return None if is_number and fits(value) else needed

    return _setting(default, check, help)


def _positive(default: float, help: str = "") -> Any:
    return _number(default, "above 0", lambda value: value > 0, help)


def _not_negative(default: float, help: str = "") -> Any:
    return _number(default, "0 or more", lambda value: value >= 0, help)


def _share(default: float, help: str = "") -> Any:
    return _number(default, "from 0 to 1", lambda value: 0 <= value <= 1, help)


def _choice(default: str, choices: tuple[str, ...], help: str = "") -> Any:
    needed = f"one of {', '.join(choices)}"
    return _setting(default, lambda value: None if isinstance(value, str) and value in choices else needed, help)


def _switch(default: bool, help: str = "") -> Any:
    return _setting(default, lambda value: None if isinstance(value, bool) else "True or False", help)


def _check_hidden(value: Any) -> str | None:
    if not isinstance(value, tuple) or not value or not all(_is_int(units) and units > 0 for units in value):
        return "a tuple of positive layer sizes such as (150, 150)"
    # Beyond this a typing error is likelier; the orthogonal start of a wider layer takes minutes.
    return None if len(value) <= 100 and max(value) <= 4096 else "at most 100 layers of at most 4,096 units"


def _check_opponents(value: Any) -> str | None:
    named = isinstance(value, tuple) and value and all(isinstance(name, str) and name.strip() for name in value)
    return None if named else f"a tuple of names: bots ({', '.join(BOTS)}), {SELF!r} or functions by name"


def _check_sizes(value: Any) -> str | None:
    fits = isinstance(value, tuple) and all(_is_int(size) and MIN_PLAYERS <= size <= MAX_PLAYERS for size in value)
    return None if fits else f"a tuple of whole numbers from {MIN_PLAYERS} to {MAX_PLAYERS}"


class _Checked:
    """A frozen record that checks its fields and keeps numbers of any library as Python's own, which JSON can hold."""

    def __post_init__(self) -> None:
        """Check every field."""
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = _plain(getattr(self, field.name))
            object.__setattr__(self, field.name, value)
            needed = field.metadata["check"](value)
            if needed is not None:
                raise ValueError(f"{field.name} must be {needed}. Received: {value!r}")


@dataclass(frozen=True)
class TrainConfig(_Checked):
    """The settings of one training run.

    Use `TrainConfig.for_head(head, ...)` to get the defaults that suit a head; `TrainConfig()` is the softmax head's.

    Numbers of any library are taken (`numbers.Integral`, `numbers.Real`) and kept as Python's own.

    Raises:
        ValueError: a setting is out of its range; one line that names it and repeats what was received.
    """

    head: str = _choice("softmax", HEADS, "softmax (trained by PPO) or linear (trained by Q-lambda).")
    hidden: tuple[int, ...] = _setting((150, 150), _check_hidden, "Units of the hidden layers.")
    decisions: int = _whole(12_000_000, 1, 10**15, "Decisions of the network in the run, all games together.")
    players: int = _whole(4, MIN_PLAYERS, MAX_PLAYERS, "Seats in a game; those of the evaluations too.")
    table_sizes: tuple[int, ...] = _setting((), _check_sizes, "Seats of the games in turn, where they differ; empty: players.")
    reward: str = _choice("shaped", REWARDS, "shaped (win or loss, and change of strength) or win.")
    # Shares of the games, as weights: against the network itself alone; against `opponents`; against both.
    self_play: float = _not_negative(0.0)
    bots: float = _not_negative(1.0)
    mixed: float = _not_negative(0.0)
    opponents: tuple[str, ...] = _setting(
        OPPONENTS, _check_opponents, "Who the opponents are drawn from; named twice, twice as often."
    )
    max_turns: int = _whole(1000, 1, _INF, "Turn cap of a game.")
    num_envs: int = _whole(1024, 1, 10**6, "Games side by side.")
    rollout_steps: int = _whole(64, 1, 10**6, "Decisions in each game between two updates.")
    epochs: int = _whole(3, 1, 1000, "Passes over the decisions of one update.")
    minibatches: int = _whole(16, 1, 10**6, "Optimizer steps of one pass.")
    learning_rate: float = _positive(2e-3, "First learning rate.")
    learning_rate_final: float = _not_negative(0.0, "Reached, in a straight line, at the last decision.")
    adam_epsilon: float = _positive(1e-5)
    max_grad_norm: float = _positive(0.5, "Longer gradients are cut to this length.")
    gamma: float = _share(0.999, "Discount from one decision to the next.")
    lam: float = _share(0.95, "How far returns look ahead: 0 one decision, 1 to the end.")
    # softmax head
    clip: float = _positive(0.2, "How far the probability of an action may move in one update.")
    value_coefficient: float = _not_negative(0.5, "Weight of the critic's loss.")
    entropy: float = _not_negative(0.01, "First weight of the entropy bonus.")
    entropy_final: float = _not_negative(0.001, "Its last weight.")
    # linear head: explores by softmax(Q / temperature); falls geometrically over the first part of the run
    temperature: float = _positive(0.3)
    temperature_final: float = _positive(0.02)
    temperature_fraction: float = _number(0.8, "above 0, up to 1", lambda value: 0 < value <= 1)
    seed: int = _whole(0, 0, _INF, "Repeats a run.")
    threads: int | None = _whole(None, 1, 1024, "Threads; 1 makes runs repeat to the last bit. None: all.", optional=True)
    xla: bool = _switch(True, "Compile the update with XLA where this machine can.")

    def __post_init__(self) -> None:
        """Check every field, and what several say together; see the class."""
        super().__post_init__()
        check_rules(self.max_turns, STARTING_CASH)
        if self.batch > _MOST_ROWS:
            raise ValueError(
                f"num_envs * rollout_steps must be {_MOST_ROWS:,} at most. Received: {self.num_envs} * {self.rollout_steps}"
            )
        if self.minibatches > self.batch:
            raise ValueError(
                f"minibatches must not exceed num_envs * rollout_steps = {self.batch}. Received: {self.minibatches!r}"
            )
        if self.self_play + self.bots + self.mixed <= 0:
            raise ValueError("One of self_play, bots and mixed must be above 0. Received: 0, 0, 0")

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
        unknown = sorted(set(settings) - set(known) - {name for name in _GONE if settings.get(name) is None})
        if unknown:
            raise ValueError(f"Unknown training setting {unknown[0]!r}; the settings are: {', '.join(known)}.")
        tuples = {name for name in known if isinstance(getattr(cls, name), tuple)}  # JSON knows lists alone
        values: dict[str, Any] = {
            name: tuple(v) if name in tuples and isinstance(v, list) else v for name, v in settings.items() if name in known
        }
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as a dict that `json.dumps` takes; `from_dict` reverses it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(self).items()}

    @property
    def mix(self) -> tuple[float, float, float]:
        """The shares of self-play, bot and mixed games; they sum to 1."""
        total = self.self_play + self.bots + self.mixed
        return self.self_play / total, self.bots / total, self.mixed / total

    @property
    def sizes(self) -> tuple[int, ...]:
        """The seats of the run's games, in turn."""
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
class RunOptions(_Checked):
    """What a run shows and keeps on its way; nothing of this changes what is learnt. Errors as `TrainConfig`."""

    evaluations: int = _whole(10, 0, 10**9, "Evaluations on the way, most of them early.")
    games: int = _whole(400, 1, 10**9, "Games of each evaluation on the way.")
    final_games: int = _whole(10_000, 0, 10**9, "Games of the final evaluation; 0: none.")
    save_every: float = _not_negative(30.0, "Seconds between two saves; 0: after every update.")
    tensorboard: bool = _switch(True, "Write event files for TensorBoard.")


def help_of(record: type, name: str) -> str:
    """Return what a setting of `TrainConfig` or `RunOptions` means, in a sentence."""
    return next(field.metadata["help"] for field in dataclasses.fields(record) if field.name == name)


def _plain(value: Any) -> Any:
    """Return a number of whatever library as an int or float of Python; everything else as it is."""
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
