"""What the 23 floats are worth: PPO on what they say, and on the facts alone.

    python docs/examples/facts_alone.py 1000000 1        # decisions for each, seed

The network, the algorithm and the games are those of ``ppo_one_file.py``; only what the environment shows is another.
"""

import sys

import gymnasium
import keras
import numpy as np
from ppo_one_file import train

from agent.evaluation.statistics import wilson_interval


def games_won(model: keras.Model, observation: str, opponents: list[str], games: int = 2000) -> int:
    """Return how many of the games the network (n, 23) -> (n, 7) wins that takes its best legal action."""
    envs = gymnasium.make_vec(
        "monopoly_env:Monopoly-v0", num_envs=games, opponents=opponents, observation=observation, autoreset_mode="SameStep"
    )
    states, info = envs.reset(seed=10**9)  # (games, 23)
    won, over = 0, np.zeros(games, bool)
    while not over.all():
        probabilities = model(states).numpy()  # (games, 7)
        actions = np.where(info["action_mask"] == 1, probabilities, -1).argmax(1)  # (games,)
        states, rewards, terminated, truncated, info = envs.step(actions)
        won += int((terminated & (rewards > 0) & ~over).sum())
        over |= terminated | truncated
    envs.close()
    return won


if __name__ == "__main__":
    decisions, seed = (int(word) for word in (sys.argv[1:] + ["1000000", "1"][len(sys.argv) - 1 :]))
    for observation in ("assessed", "facts"):
        model = train(decisions, seed, observation)
        for opponents in (["random"] * 3, ["landlord"] * 3, ["fp-a", "fp-b", "fp-c"]):
            won = games_won(model, observation, opponents)
            low, high = wilson_interval(won, 2000)
            print(f"{observation}, against {', '.join(opponents)}: won {won / 20:.1f} % ({100 * low:.1f} to {100 * high:.1f})")
