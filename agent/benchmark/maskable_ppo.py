"""sb3-contrib's MaskablePPO with the network, the settings and the games of this project's own PPO, to stand beside it.

Needs Stable-Baselines3 and sb3-contrib: ``pip install -e ".[sb3]"``. Only ``side_by_side`` imports this module, late and
after a look whether they are there.
"""

from __future__ import annotations

import os
import time
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn

from agent.learning.config import TrainConfig
from agent.players.network import Player
from monopoly_env.envs.sb3 import MonopolySB3VecEnv

_NORM_EPSILON = 1e-3  # that of Keras' LayerNormalization


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


class Clock(BaseCallback):
    """Notes when each update began.

    Attributes:
        began: ``time.monotonic`` at the start of each rollout.
    """

    def __init__(self) -> None:
        super().__init__()
        self.began: list[float] = []

    def _on_rollout_start(self) -> None:
        self.began.append(time.monotonic())

    def _on_step(self) -> bool:
        return True


class Pace(Clock):
    """Also lets learning rate and entropy bonus fall as they do here: by the share of the updates that are done."""

    def __init__(self, config: TrainConfig) -> None:
        super().__init__()
        self.config = config

    @property
    def progress(self) -> float:
        """The share of the run that was done when the present update began, 0 to 1."""
        return max(len(self.began) - 1, 0) / self.config.updates

    def learning_rate(self, _: float) -> float:
        """Return the learning rate of the present update; Stable-Baselines3 counts its progress otherwise, and ends at 0."""
        return self.config.learning_rate_at(self.progress)

    def _on_rollout_start(self) -> None:
        super()._on_rollout_start()
        self.model.ent_coef = self.config.entropy_at(self.progress)


class MaskablePPOPlayer(Player):
    """A trained MaskablePPO as a player of this project, for ``agent.evaluation.match``."""

    def __init__(self, model: MaskablePPO) -> None:
        def forward(states: np.ndarray) -> np.ndarray:
            with torch.no_grad():
                return model.policy.get_distribution(torch.as_tensor(states)).distribution.probs.numpy()  # (n, 7), unmasked

        model.policy.set_training_mode(False)
        self._set(forward, "softmax", {})


def like_ours(config: TrainConfig, pace: Pace) -> MaskablePPO:
    """Return a MaskablePPO that is to learn what ``agent.learning.ppo.PPO`` learns under `config`.

    The same are the games side by side and the decisions of each in an update, minibatches, passes, learning rate and entropy
    bonus and their fall, gamma, lambda, clipping, layers, Adam's epsilon and the limit on gradients. It plays one seat against
    ``config.opponents``, one name for all other seats, through ``MonopolySB3VecEnv``.

    Raises:
        ValueError: `config` has games that Stable-Baselines3 cannot play: self-play, mixed tables, several kinds of bots.
    """
    if config.self_play or config.mixed or len(config.opponents) != 1 or len(config.sizes) != 1:
        raise ValueError("MaskablePPO learns at one seat against one kind of bot: mix 0,1,0, one opponent, one table size.")
    envs = MonopolySB3VecEnv(
        config.num_envs,
        players=config.sizes[0],
        opponents=config.opponents[0],
        reward=config.reward,
        max_turns=config.max_turns,
        threads=config.threads,
    )
    network = {
        "features_extractor_class": Body,
        "features_extractor_kwargs": {"hidden": config.hidden},
        "share_features_extractor": False,  # policy and critic have a network each
        "net_arch": {"pi": [], "vf": []},
        "optimizer_kwargs": {"eps": config.adam_epsilon},
    }
    return MaskablePPO(
        "MlpPolicy",
        envs,
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
        policy_kwargs=network,
        seed=config.seed,
        device="cpu",
    )


def as_it_comes(config: TrainConfig) -> MaskablePPO:
    """Return a MaskablePPO with every setting at its own default but the units of the layers, on eight single environments."""
    from stable_baselines3.common.env_util import make_vec_env

    games = {
        "players": config.sizes[0],
        "opponents": config.opponents[0],
        "reward": config.reward,
        "max_turns": config.max_turns,
    }
    envs = make_vec_env("monopoly_env:Monopoly-v0", n_envs=8, seed=config.seed, env_kwargs=games)
    return MaskablePPO("MlpPolicy", envs, policy_kwargs={"net_arch": list(config.hidden)}, seed=config.seed, device="cpu")


def described(model: MaskablePPO) -> str:
    """Say what a model was set to when it was made."""
    rate = f"{model.learning_rate:g}" if isinstance(model.learning_rate, float) else "falling"
    return (
        f"{model.n_envs:,} games, {model.n_steps:,} decisions of each in an update, {model.n_epochs} passes in minibatches of "
        f"{model.batch_size:,}, Adam at {rate}, gamma {model.gamma:g}, lambda {model.gae_lambda:g}, "
        f"clip {model.clip_range(1.0):g}, entropy bonus {model.ent_coef:g}, gradients up to {model.max_grad_norm:g}"
    )


def train(config: TrainConfig, defaults: bool = False) -> tuple[MaskablePPO, list[float]]:
    """Train for the decisions of `config`, rounded up to whole updates.

    Args:
        config: see `like_ours`; ``threads`` are PyTorch's too (None: one a core, as TensorFlow has it).
        defaults: as Stable-Baselines3 comes instead, see `as_it_comes`.

    Returns:
        The model, and ``time.monotonic`` at the start of each update and at the end.

    Raises:
        ValueError: see `like_ours`.
    """
    torch.set_num_threads(config.threads or os.cpu_count() or 1)
    clock, pace = Clock(), Pace(config)
    model = as_it_comes(config) if defaults else like_ours(config, pace)
    model.learn(config.updates * config.batch, callback=clock if defaults else pace)
    ended = time.monotonic()
    model.env.close()
    return model, [*(clock if defaults else pace).began, ended]
