"""TorchRL: a random policy on 8 games in one compiled call, with action masks.

Needs ``pip install torch==2.13.0`` and ``pip install -e ".[torchrl]"``. TorchRL resets games by itself, so autoreset is
"Disabled"; "SameStep" works too.
"""

import gymnasium
import torch
from torchrl.data import Binary, Unbounded
from torchrl.envs import ActionMask, Compose, DTypeCastTransform, GymWrapper, TransformedEnv
from torchrl.envs.libs.gym import default_info_dict_reader

torch.manual_seed(1)
games = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=8, players=3, max_turns=60, autoreset_mode="Disabled")
env = GymWrapper(games, categorical_action_encoding=True)
told = {"action_mask": Binary(shape=(8, 7), dtype=torch.int8), "illegal_action": Unbounded(shape=(8,), dtype=torch.bool)}
env.set_info_dict_reader(default_info_dict_reader(list(told), spec=told))
env = TransformedEnv(env, Compose(DTypeCastTransform(torch.int8, torch.bool, in_keys=["action_mask"]), ActionMask()))
env.set_seed(1)
steps = env.rollout(200, break_when_any_done=False)  # (8, 200)
ends, illegal = int(steps["next", "done"].sum()), int(steps["next", "illegal_action"].sum())
print(f"{steps.numel()} decisions, {ends} games ended, {illegal} illegal actions")
