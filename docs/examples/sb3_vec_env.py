"""sb3-contrib: MaskablePPO on 64 games in one compiled call.

Needs ``pip install torch==2.13.0`` and ``pip install -e ".[sb3]"``.
"""

import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import VecMonitor

from monopoly_env.envs.sb3 import MonopolySB3VecEnv

torch.set_num_threads(1)  # networks this small are fastest on one
envs = VecMonitor(MonopolySB3VecEnv(64, players=4, opponents="landlord"))
envs.seed(1)
model = MaskablePPO("MlpPolicy", envs, n_steps=32, batch_size=512, seed=1)
model.learn(total_timesteps=8192)
print(f"{model.num_timesteps} decisions, {len(model.ep_info_buffer)} of the last episodes in the log")
