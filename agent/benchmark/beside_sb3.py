"""This project's PPO beside sb3-contrib's MaskablePPO: the same games, network, settings and judges; how soon each plays well.

Needs Stable-Baselines3 and sb3-contrib: ``pip install -e ".[sb3]"``, after the CPU build of PyTorch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from typing import Any, NamedTuple

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

TARGETS = {"random": 0.9, "landlord": 0.2}  # share of games won against three of them: how long until a learner gets there?
OURS, LIKE_OURS, AS_IT_COMES = LEARNERS = ("this project's PPO", "MaskablePPO, same settings", "MaskablePPO, its defaults")
_GROWTH = 1.15  # matches are played again when a training has taken so many times the processor seconds
_NORM_EPSILON = 1e-3  # that of Keras' LayerNormalization


class Point(NamedTuple):
    """How strong a learner is at one point of its training."""

    decisions: int
    processor: float  # seconds of training so far, all threads together
    matches: Mapping[str, Match]  # against a table of each of TARGETS


class Watch:
    """The processor time of a training that begins now; matches that it plays on the way do not count."""

    def __init__(self, config: TrainConfig, games: int) -> None:
        self.points: list[Point] = []
        self._games, self._others = games, config.sizes[0] - 1
        self._options = {"max_turns": config.max_turns, "threads": config.threads}
        self._began = time.process_time()

    def look(self, player: Player, decisions: int, last: bool = False) -> None:
        """Play the matches if it is time for them, or with the ``last`` of the training."""
        spent = time.process_time() - self._began
        if self.points and not last and spent < _GROWTH * self.points[-1].processor:
            return
        matches = {bot: play_match(player, [bot] * self._others, self._games, **self._options) for bot in TARGETS}
        self.points.append(Point(decisions, spent, matches))
        self._began = time.process_time() - spent


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


def measure(name: str, config: TrainConfig, games: int) -> list[Point]:
    """Train one of ``LEARNERS``; return how strong it was on the way and at the end, by so many games each time."""
    play_match("landlord", ["landlord"], 4, threads=config.threads)  # the engine is there before the clock runs
    watch = Watch(config, games)
    if name == OURS:
        from agent.learning.trainer import Training

        training = Training(config)
        for update in training.run():
            watch.look(Player(training.learner.model), update.decisions, training.done)
        return watch.points
    torch.set_num_threads(config.threads or os.cpu_count() or 1)
    model: Any = like_ours(config) if name == LIKE_OURS else as_it_comes(config)
    model.learn(config.total, callback=Pace(watch, config if name == LIKE_OURS else None))
    watch.look(MaskablePPOPlayer(model), model.num_timesteps, last=True)
    model.env.close()
    return watch.points


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
    """Before each update: lets the watch look, and the entropy bonus fall as ``config`` says."""

    def __init__(self, watch: Watch, config: TrainConfig | None) -> None:
        super().__init__()
        self._watch, self._config = watch, config

    def _on_rollout_start(self) -> None:
        model: Any = self.model
        if model.num_timesteps:
            self._watch.look(MaskablePPOPlayer(model), model.num_timesteps)
        if self._config is not None:
            model.ent_coef = self._config.entropy_at(model.num_timesteps / self._config.total)

    def _on_step(self) -> bool:
        return True


class MaskablePPOPlayer(Player):
    """A trained MaskablePPO as a player of this project, for ``agent.evaluation.match``."""

    def __init__(self, model: Any) -> None:
        def forward(states: np.ndarray) -> np.ndarray:
            with torch.no_grad():
                return model.policy.get_distribution(torch.as_tensor(states)).distribution.probs.numpy()  # (n, 7), unmasked

        model.policy.set_training_mode(False)
        self._set(forward, "softmax", {})


def like_ours(config: TrainConfig) -> MaskablePPO:
    """Return a MaskablePPO with this project's network and settings, on ``MonopolySB3VecEnv``.

    The same are the games side by side and the decisions of each in an update, minibatches, passes, learning rate and its fall,
    entropy bonus, gamma, lambda, clipping, layers, Adam's epsilon and the limit on gradients.
    """
    network = {
        "features_extractor_class": Body,
        "features_extractor_kwargs": {"hidden": config.hidden},
        "share_features_extractor": False,  # policy and critic have a network each
        "net_arch": {"pi": [], "vf": []},
        "optimizer_kwargs": {"eps": config.adam_epsilon},
    }
    return MaskablePPO(
        "MlpPolicy",
        MonopolySB3VecEnv(config.num_envs, threads=config.threads, **_games(config)),
        learning_rate=lambda remaining: config.learning_rate_at(max(1 - remaining - 1 / config.updates, 0.0)),
        n_steps=config.rollout_steps,
        batch_size=config.minibatch,
        n_epochs=config.epochs,
        gamma=config.gamma,
        gae_lambda=config.lam,
        clip_range=config.clip,
        vf_coef=config.value_coefficient,
        ent_coef=config.entropy,
        max_grad_norm=config.max_grad_norm,
        policy_kwargs=network,
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


def table(name: str, points: Sequence[Point]) -> Table:
    """Return how strong a learner was when, as a Rich table."""
    result = Table(title=f"{name}: games won on the way (Wilson 95 % interval)")
    for column in ("decisions", "processor s", *(f"3 {bot}" for bot in TARGETS)):
        result.add_column(column, justify="right")
    for point in points:
        rates = (rate_text(match.rate, match.interval) for match in point.matches.values())
        result.add_row(f"{point.decisions:,}", f"{point.processor:.0f}", *rates)
    return result


def summary(name: str, points: Sequence[Point]) -> str:
    """Say how long a learner took to get to ``TARGETS``, and how fast it was once it had begun."""
    first, last = points[0], points[-1]
    told = []
    for bot, rate in TARGETS.items():
        seconds = next((point.processor for point in points if point.matches[bot].rate >= rate), None)
        told.append(
            f"{rate:.0%} against 3 {bot} " + ("not reached" if seconds is None else f"after {seconds:.0f} processor seconds")
        )
    speed = (last.decisions - first.decisions) / (last.processor - first.processor)
    return f"{name}: {', '.join(told)}; {speed:,.0f} decisions per processor second after the first update."
