"""Gymnasium's own wrappers and its three ways of running many environments. Needs nothing else."""

import gymnasium
import numpy as np
from gymnasium import wrappers


def random_legal(masks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one legal action for each row of the masks ``(N, 7)``."""
    return (masks * (1 + rng.random(masks.shape))).argmax(axis=1)


def main() -> None:
    """Play one wrapped game, then the same two games in all three vector modes."""
    env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord")
    env = wrappers.RecordEpisodeStatistics(wrappers.FrameStackObservation(env, 4))
    rng = np.random.default_rng(1)
    observation, info = env.reset(seed=1)  # (4, 23)
    terminated = truncated = False
    while not (terminated or truncated):
        action = random_legal(info["action_mask"][None], rng)[0]
        observation, _, terminated, truncated, info = env.step(action)
    print(f"frames {observation.shape}, episode of {info['episode']['l']} decisions, return {info['episode']['r']:+.2f}")

    for mode in ("vector_entry_point", "sync", "async"):
        envs = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=2, vectorization_mode=mode)
        rng = np.random.default_rng(1)
        _, info = envs.reset(seed=1)
        total = np.zeros(2)
        for _ in range(50):
            _, rewards, terminated, truncated, info = envs.step(random_legal(info["action_mask"], rng))
            total += rewards
        print(f"{mode:18}  returns after 50 decisions: {np.round(total, 3)}")
        envs.close()


if __name__ == "__main__":  # the processes of "async" import this file
    main()
