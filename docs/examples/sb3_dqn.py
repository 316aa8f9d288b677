"""Stable-Baselines3: plain DQN, which knows no masks; illegal actions are played as PASS and told in ``info``.

Needs ``pip install torch==2.13.0`` and ``pip install -e ".[sb3]"``.
"""

import torch
from stable_baselines3 import DQN
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)  # networks this small are fastest on one

envs = make_vec_env("monopoly_env:Monopoly-v0", n_envs=4, seed=1, env_kwargs={"players": 3, "opponents": "fp-a"})
model = DQN("MlpPolicy", envs, learning_starts=100, train_freq=4, batch_size=32, seed=1)
model.learn(total_timesteps=1000)

observations = envs.reset()
illegal = 0
for _ in range(100):
    actions, _ = model.predict(observations, deterministic=True)
    observations, rewards, dones, infos = envs.step(actions)
    illegal += sum(info.get("illegal_action", False) for info in infos)
print(f"{illegal} of 400 actions were illegal and played as PASS")
