"""The trained agent without Keras: ONNX Runtime and NumPy play one game.

First ``pip install -e ".[export]"`` and ``python scripts/evaluate.py export --to agent.onnx``, then
``python docs/examples/onnx_decide.py agent.onnx``.
"""

import sys

import gymnasium
import numpy as np
import onnxruntime

from monopoly_env import LAYOUT_VERSION

path = sys.argv[1] if len(sys.argv) > 1 else "agent.onnx"
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
(source,), (target,) = session.get_inputs(), session.get_outputs()
facts = session.get_modelmeta().custom_metadata_map
if facts["layout"] != str(LAYOUT_VERSION):
    sys.exit(f"{path} was made for state layout {facts['layout']}, this version plays layout {LAYOUT_VERSION}.")
print(f"{source.name} {source.shape} -> {target.name} {target.shape}")

env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord")
observation, info = env.reset(seed=1)  # float32 (23,)
names = facts["actions"].split(",")
counts = dict.fromkeys(names, 0)
terminated = truncated = False
while not (terminated or truncated):
    (outputs,) = session.run(None, {source.name: observation[np.newaxis]})  # (1, 23) in, (1, 7) out
    action = int(np.where(info["action_mask"] == 1, outputs[0], -np.inf).argmax())  # the best of the legal ones
    counts[names[action]] += 1
    observation, _, terminated, truncated, info = env.step(action)
print(f"the agent at seat {info['seat']} {'won' if info['winner'] == info['seat'] else 'did not win'};", counts)
