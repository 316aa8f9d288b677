"""Thousands of games for Stable-Baselines3: its ``VecEnv`` over ``MonopolyVectorEnv``, in one compiled call.

    from sb3_contrib import MaskablePPO
    from monopoly_env.envs.sb3 import MonopolySB3VecEnv

    MaskablePPO("MlpPolicy", MonopolySB3VecEnv(256, opponents="landlord")).learn(1_000_000)

Needs Stable-Baselines3: ``pip install -e ".[sb3]"``. The rest of ``monopoly_env`` does not import this module.
"""

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium
import numpy as np

try:
    from stable_baselines3.common.vec_env.base_vec_env import VecEnv, VecEnvIndices
except ImportError as error:
    raise ImportError("monopoly_env.envs.sb3 needs Stable-Baselines3: pip install stable-baselines3") from error

from monopoly_env.envs.vector import MonopolyVectorEnv


class MonopolySB3VecEnv(VecEnv):
    """N games as Stable-Baselines3 takes them, with action masks for ``MaskablePPO``.

    A game that ends starts anew in the same step; its ``info`` then holds ``terminal_observation``, ``TimeLimit.truncated``,
    ``winner`` and ``decided``. Every game's ``info`` is empty but for that, and ``illegal_action`` True where PASS was played
    instead. For returns and lengths in the log wrap it in ``VecMonitor``.

    Args:
        num_envs: number of games.
        options: those of ``MonopolyVectorEnv`` (players, opponents, seat, reward, max_turns, max_episode_steps, threads, ...),
            but for ``autoreset_mode`` and self-play, where a game has several learning seats: SB3 knows one a game.

    Raises:
        ValueError: an option is out of range.
    """

    def __init__(self, num_envs: int, **options: Any) -> None:
        if "autoreset_mode" in options:
            raise ValueError("autoreset_mode is not open here: Stable-Baselines3 needs games that restart in the same step.")
        self.envs = MonopolyVectorEnv(num_envs, autoreset_mode="SameStep", **options)
        if self.envs.self_play:
            raise ValueError('Stable-Baselines3 learns one seat a game; opponents="self" needs agent.runs.run.')
        self._by_game: dict[str, Callable[[], Any]] = {"action_masks": self.action_masks, "render": self.get_images}
        self._actions = np.zeros(self.envs.num_envs, np.int64)
        super().__init__(self.envs.num_envs, self.envs.single_observation_space, self.envs.single_action_space)

    def reset(self) -> np.ndarray:
        """Start all games, by the seeds of ``seed()`` if it was called; return the observations ``(N, 23)``."""
        seeded = any(seed is not None for seed in self._seeds)
        observations, _ = self.envs.reset(seed=self._seeds if seeded else None)
        self.reset_infos = [{} for _ in range(self.num_envs)]
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: np.ndarray) -> None:
        """Keep the actions ``(N,)`` for ``step_wait``."""
        self._actions = np.asarray(actions)

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Carry out the actions; return observations ``(N, 23)``, rewards float32 ``(N,)``, ends bool ``(N,)`` and infos."""
        observations, rewards, terminated, truncated, info = self.envs.step(self._actions)
        ended = terminated | truncated
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        illegal = info["illegal_action"]
        if ended.any():
            illegal = illegal | info["final_info"]["illegal_action"]
        for number in np.flatnonzero(illegal):
            infos[number]["illegal_action"] = True
        for number in np.flatnonzero(ended):
            infos[number] |= {
                "terminal_observation": info["final_obs"][number],
                "TimeLimit.truncated": bool(truncated[number]),
                "winner": int(info["final_info"]["winner"][number]),
                "decided": bool(info["final_info"]["decided"][number]),
            }
        return observations, rewards.astype(np.float32), ended, infos

    def action_masks(self) -> np.ndarray:
        """Return the legal actions, bool ``(N, 7)``."""
        return self.envs.action_masks()

    def get_images(self) -> Sequence[np.ndarray | None]:
        """Return a picture of each game, uint8 ``(height, width, 3)``; None for each without ``render_mode="rgb_array"``."""
        return self.envs.render() or [None] * self.num_envs

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """Return an attribute for each game: a method (``env_method``), or what the vector environment has for all of them.

        Raises:
            AttributeError: there is none of that name.
        """
        numbers = self._get_indices(indices)
        if attr_name in self._by_game:
            return [lambda number=number: self.env_method(attr_name, indices=number)[0] for number in numbers]
        value = getattr(self.envs, attr_name)
        return [value for _ in numbers]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of the vector environment, such as ``illegal_action``, for all games at once.

        Raises:
            AttributeError: there is none of that name.
            ValueError: for some games alone.
        """
        getattr(self.envs, attr_name)
        self._refuse_some(attr_name, indices)
        setattr(self.envs, attr_name, value)

    def env_method(self, method_name: str, *method_args: Any, indices: VecEnvIndices = None, **method_kwargs: Any) -> list[Any]:
        """Call ``action_masks`` or ``render`` for each game, or another method of the vector environment once, for all games.

        Raises:
            AttributeError: there is none of that name.
            ValueError: for some games alone, where it concerns all.
        """
        if method_name in self._by_game:
            results = self._by_game[method_name]()
            return [results[number] for number in self._get_indices(indices)]
        method = getattr(self.envs, method_name)
        self._refuse_some(method_name, indices)
        return [method(*method_args, **method_kwargs)] * self.num_envs

    def _refuse_some(self, name: str, indices: VecEnvIndices) -> None:
        if sorted(self._get_indices(indices)) != list(range(self.num_envs)):
            raise ValueError(f"All games share {name!r}; leave indices out. Received: indices={indices!r}")

    def env_is_wrapped(self, wrapper_class: type[gymnasium.Wrapper], indices: VecEnvIndices = None) -> list[bool]:
        """Return False for each game: none is wrapped."""
        return [False for _ in self._get_indices(indices)]

    def close(self) -> None:
        """Stop the threads."""
        self.envs.close()
