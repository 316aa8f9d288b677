"""sb3-contrib: MaskablePPO on one game. Needs ``pip install torch==2.13.0`` and ``pip install -e ".[sb3]"``."""

import gymnasium
import torch
from sb3_contrib import MaskablePPO

torch.set_num_threads(1)  # networks this small are fastest on one

env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord")
model = MaskablePPO("MlpPolicy", env, n_steps=256, batch_size=64, seed=1)
model.learn(total_timesteps=512)

observation, info = env.reset(seed=1)
terminated = truncated = False
while not (terminated or truncated):
    action, _ = model.predict(observation, action_masks=info["action_mask"], deterministic=True)
    observation, reward, terminated, truncated, info = env.step(int(action))
print(f"winner: seat {info['winner']}, the agent sat at {info['seat']}, last reward {reward:+.2f}")
