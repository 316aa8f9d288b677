"""PettingZoo: four agents play one game at random. Needs ``pip install -e ".[pettingzoo]"``."""

from monopoly_env.envs import pettingzoo as aec_env

env = aec_env.env(players=4)
env.reset(seed=1)
for number, agent in enumerate(env.possible_agents):
    env.action_space(agent).seed(number)

decisions = 0
for agent in env.agent_iter():
    observation, reward, terminated, truncated, info = env.last()
    if terminated or truncated:
        print(f"{agent} is out after {decisions} decisions at the table, last reward {reward:+.2f}")
        env.step(None)
        continue
    env.step(env.action_space(agent).sample(observation["action_mask"]))
    decisions += 1
