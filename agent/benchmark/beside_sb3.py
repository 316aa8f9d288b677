"""This project's PPO beside sb3-contrib's MaskablePPO: the same games, network, settings, decisions and judges.

Needs Stable-Baselines3 and sb3-contrib: ``pip install -e ".[sb3]"``, after the CPU build of PyTorch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from rich.table import Table
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn

from agent.evaluation.match import Match, play_match
from agent.evaluation.statistics import rate_text
from agent.learning.config import TrainConfig
from agent.players.network import Player
from monopoly_env.envs.sb3 import MonopolySB3VecEnv

YARDSTICKS = ("landlord", "random")
OURS, LIKE_OURS, AS_IT_COMES = LEARNERS = ("this project's PPO", "MaskablePPO, same settings", "MaskablePPO, its defaults")
_NORM_EPSILON = 1e-3  # that of Keras' LayerNormalization


@dataclass
class Entry:
    """What came of one learner.

    Attributes:
        name: one of ``LEARNERS``.
        decisions: made in training.
        seconds: of the whole training, with what it takes to start.
        processor: seconds of processor time of it, all threads together.
        rate: decisions per second from the second update on.
        matches: the trained network's match against a table of each of ``YARDSTICKS``.
    """

    name: str
    decisions: int
    seconds: float
    processor: float
    rate: float
    matches: dict[str, Match]


def settings(decisions: int, seed: int = 0, threads: int | None = None, **changes: Any) -> TrainConfig:
    """Return the settings of both: the defaults of the softmax head, at one seat against three ``landlord``.

    Args:
        decisions: of each learner; whole updates are made.
        seed: of networks and games.
        threads: of TensorFlow, PyTorch and the engine; None: one a core.
        changes: of other settings of ``TrainConfig``.

    Raises:
        ValueError: a setting is out of its range, or fewer than two updates: the first is not timed.
    """
    fixed = {"self_play": 0.0, "bots": 1.0, "mixed": 0.0, "opponents": ("landlord",)}
    config = TrainConfig.for_head("softmax", decisions=decisions, seed=seed, threads=threads, **fixed, **changes)
    if config.updates < 2:
        raise ValueError(f"Two updates of {config.batch:,} decisions are the least that can be timed. Received: {decisions:,}")
    return config


def measure(name: str, config: TrainConfig, games: int) -> Entry:
    """Train one of ``LEARNERS`` and play so many games against each yardstick with it."""
    others = config.sizes[0] - 1
    play_match("landlord", ["landlord"] * others, 4, threads=config.threads)  # the engine is there before the clock runs
    started = time.monotonic(), time.process_time()
    player, decisions, times = _train_ours(config) if name == OURS else _train_theirs(config, name == AS_IT_COMES)
    seconds, processor = time.monotonic() - started[0], time.process_time() - started[1]
    updates = len(times) - 1
    rate = decisions * (updates - 1) / updates / (times[-1] - times[1])
    options = {"max_turns": config.max_turns, "threads": config.threads}
    matches = {bot: play_match(player, [bot] * others, games, **options) for bot in YARDSTICKS}
    return Entry(name, decisions, seconds, processor, rate, matches)


def _train_ours(config: TrainConfig) -> tuple[Player, int, list[float]]:
    """Return the trained player, its decisions, and the time at the start of each update and at the end."""
    from agent.learning.trainer import Training

    training = Training(config)
    times = [time.monotonic(), *(time.monotonic() for _ in training.run())]
    return Player(training.learner.model), training.decisions, times


def _train_theirs(config: TrainConfig, defaults: bool) -> tuple[Player, int, list[float]]:
    """As ``_train_ours``, for MaskablePPO with this project's settings or with its own defaults."""
    torch.set_num_threads(config.threads or os.cpu_count() or 1)
    pace = Pace(config, falling=not defaults)
    model = as_it_comes(config) if defaults else like_ours(config, pace)
    model.learn(config.updates * config.batch, callback=pace)
    times = [*pace.began, time.monotonic()]
    model.env.close()
    return MaskablePPOPlayer(model), model.num_timesteps, times


class Body(BaseFeaturesExtractor):
    """The hidden layers of ``agent.learning.network``: Dense, layer normalisation and ReLU, once for each of ``hidden``."""

    def __init__(self, space: Any, hidden: tuple[int, ...]) -> None:
        super().__init__(space, hidden[-1])
        layers: list[nn.Module] = []
        for inputs, units in pairwise((int(np.prod(space.shape)), *hidden)):
            layers += [nn.Linear(inputs, units), nn.LayerNorm(units, eps=_NORM_EPSILON), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return the last hidden layer ``(batch, hidden[-1])`` for states ``(batch, 23)``."""
        return self.layers(states)


class Pace(BaseCallback):
    """Notes when each update began; lets learning rate and entropy bonus fall as they do here.

    Attributes:
        began: ``time.monotonic`` at the start of each rollout.
    """

    def __init__(self, config: TrainConfig, falling: bool = True) -> None:
        super().__init__()
        self.began: list[float] = []
        self._config, self._falling = config, falling

    @property
    def progress(self) -> float:
        """The share of the run that was done when the present update began, 0 to 1."""
        return max(len(self.began) - 1, 0) / self._config.updates

    def learning_rate(self, _: float) -> float:
        """Return the learning rate of the present update; Stable-Baselines3 counts its progress otherwise, and ends at 0."""
        return self._config.learning_rate_at(self.progress)

    def _on_rollout_start(self) -> None:
        self.began.append(time.monotonic())
        if self._falling:
            self.model.ent_coef = self._config.entropy_at(self.progress)

    def _on_step(self) -> bool:
        return True


class MaskablePPOPlayer(Player):
    """A trained MaskablePPO as a player of this project, for ``agent.evaluation.match``."""

    def __init__(self, model: MaskablePPO) -> None:
        def forward(states: np.ndarray) -> np.ndarray:
            with torch.no_grad():
                return model.policy.get_distribution(torch.as_tensor(states)).distribution.probs.numpy()  # (n, 7), unmasked

        model.policy.set_training_mode(False)
        self._set(forward, "softmax", {})


def like_ours(config: TrainConfig, pace: Pace) -> MaskablePPO:
    """Return a MaskablePPO with this project's network and settings, on ``MonopolySB3VecEnv``.

    The same are the games side by side and the decisions of each in an update, minibatches, passes, learning rate and entropy
    bonus and their fall, gamma, lambda, clipping, layers, Adam's epsilon and the limit on gradients.
    """
    games = _games(config)
    return MaskablePPO(
        "MlpPolicy",
        MonopolySB3VecEnv(config.num_envs, threads=config.threads, **games),
        learning_rate=pace.learning_rate,
        n_steps=config.rollout_steps,
        batch_size=config.minibatch,
        n_epochs=config.epochs,
        gamma=config.gamma,
        gae_lambda=config.lam,
        clip_range=config.clip,
        clip_range_vf=config.value_clip,
        vf_coef=config.value_coefficient,
        ent_coef=config.entropy,
        max_grad_norm=config.max_grad_norm,
        policy_kwargs={
            "features_extractor_class": Body,
            "features_extractor_kwargs": {"hidden": config.hidden},
            "share_features_extractor": False,  # policy and critic have a network each
            "net_arch": {"pi": [], "vf": []},
            "optimizer_kwargs": {"eps": config.adam_epsilon},
        },
        seed=config.seed,
        device="cpu",
    )


def as_it_comes(config: TrainConfig) -> MaskablePPO:
    """Return a MaskablePPO with every setting at its own default but the units of the layers, on eight single environments."""
    envs = make_vec_env("monopoly_env:Monopoly-v0", n_envs=8, seed=config.seed, env_kwargs=_games(config))
    return MaskablePPO("MlpPolicy", envs, policy_kwargs={"net_arch": list(config.hidden)}, seed=config.seed, device="cpu")


def _games(config: TrainConfig) -> dict[str, Any]:
    """The options of the environment: one seat against bots of one kind."""
    shared = {"reward": config.reward, "max_turns": config.max_turns}
    return {"players": config.sizes[0], "opponents": config.opponents[0], **shared}


def described(config: TrainConfig) -> str:
    """Say what the runs have in common: the settings and the versions."""
    told = ", ".join(f"{name} {value}" for name, value in config.to_dict().items())
    names = ("sb3-contrib", "stable-baselines3", "torch", "tensorflow", "keras")
    return f"Settings: {told}. Versions: {', '.join(f'{name} {version(name)}' for name in names)}."


def tables(entries: Sequence[Entry]) -> list[Table]:
    """Return speed and strength of the runs as Rich tables, 80 columns wide."""
    speed = Table("", title="Speed of learning, on this machine, now")
    for column in ("decisions", "seconds", "processor s", "decisions/s"):
        speed.add_column(column, justify="right")
    strength = Table("", title="Games won afterwards (Wilson 95 % interval)")
    for name in YARDSTICKS:
        strength.add_column(f"against 3 {name}", justify="right")
    for entry in entries:
        figures = (entry.decisions, round(entry.seconds), round(entry.processor), round(entry.rate))
        speed.add_row(entry.name, *(f"{figure:,}" for figure in figures))
        matches = (entry.matches[name] for name in YARDSTICKS)
        strength.add_row(entry.name, *(rate_text(match.rate, match.interval) for match in matches))
    return [speed, strength]
