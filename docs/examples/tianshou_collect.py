"""Tianshou: a DQN policy collects with action masks. Needs ``pip install torch==2.13.0`` and ``pip install -e ".[tianshou]"``.

Tianshou looks for the mask in the observation, so a wrapper of ten lines moves it there.
"""

import gymnasium
import numpy as np
import torch
from tianshou.algorithm.modelfree.dqn import DiscreteQLearningPolicy
from tianshou.data import Collector, VectorReplayBuffer
from tianshou.env import DummyVectorEnv
from tianshou.utils.net.common import Net


class MaskInObservation(gymnasium.Wrapper):
    """Observations as Tianshou reads them: ``{"obs": (23,), "mask": (7,)}``."""

    def __init__(self, env: gymnasium.Env) -> None:
        super().__init__(env)
        mask = gymnasium.spaces.MultiBinary(7)
        self.observation_space = gymnasium.spaces.Dict({"obs": env.observation_space, "mask": mask})

    def reset(self, **options):
        """Start a game."""
        observation, info = self.env.reset(**options)
        return {"obs": observation, "mask": info["action_mask"] != 0}, {}

    def step(self, action):
        """Carry out an action."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        told = {"illegal_action": info.get("illegal_action", False)}
        return {"obs": observation, "mask": info["action_mask"] != 0}, reward, terminated, truncated, told


torch.set_num_threads(1)  # networks this small are fastest on one
envs = DummyVectorEnv([lambda: MaskInObservation(gymnasium.make("monopoly_env:Monopoly-v0", players=3)) for _ in range(4)])
net = Net(state_shape=(23,), action_shape=7, hidden_sizes=[64, 64])
policy = DiscreteQLearningPolicy(model=net, action_space=gymnasium.spaces.Discrete(7), eps_training=0.1, eps_inference=0.1)
buffer = VectorReplayBuffer(10_000, 4)
collector = Collector(policy, envs, buffer)
collector.reset()
result = collector.collect(n_step=800)

rows = buffer.sample(0)[0]
taken_is_legal = rows.obs.mask[np.arange(len(rows)), rows.act]
print(
    f"{result.n_collected_steps} steps, {result.n_collected_episodes} episodes, {int((~taken_is_legal).sum())} illegal actions"
)
