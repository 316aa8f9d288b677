"""``python -m monopoly_env``: what is installed, a game in text, and how to go on."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import gymnasium
import numpy as np

from monopoly_env import BOTS, __version__
from monopoly_env.compiled.jit import CACHE

USAGE = "python -m monopoly_env [SEED]: versions, a game of a random player against three landlords, how to go on."
_NEEDED = ("numpy", "numba", "gymnasium")
_OF_THE_AGENT = ("tensorflow", "keras")  # not needed here


def main(words: list[str]) -> int:
    """Print it; return the exit code."""
    if len(words) > 1 or not all(word.isdecimal() for word in words):
        asked = words in (["-h"], ["--help"])
        print(USAGE if asked else f"{USAGE} Received: {' '.join(words)}", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    for line in _versions():
        print(line)
    _play(int(words[0]) if words else 0)
    print(
        '\nGo on: env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord"); '
        f"opponents are {', '.join(BOTS)}.\nmonopoly-play, monopoly-train and monopoly-evaluate need the packages of the agent."
    )
    return 0


def _versions() -> list[str]:
    found = [f"monopoly-rl {__version__}", f"Python {platform.python_version()}"]
    found += [f"{name} {_version(name)}" for name in (*_NEEDED, *_OF_THE_AGENT)]
    lines = [", ".join(found), f"Compiled engine: {CACHE or 'not kept on the disk'}"]
    agent = importlib.util.find_spec("agent")
    if agent is not None and agent.submodule_search_locations is None:
        lines.append(f"{agent.origin} hides this project's package agent; give the file another name, or start elsewhere.")
    return lines


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"


def _play(seed: int) -> None:
    """Play a game with random legal actions and print how it ended."""
    env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord", render_mode="ansi")
    rng = np.random.default_rng(seed)
    _, info = env.reset(seed=seed)
    decisions, over = 0, False
    while not over:
        action = rng.choice(np.flatnonzero(info["action_mask"]))
        _, _, terminated, truncated, info = env.step(action)
        decisions, over = decisions + 1, terminated or truncated
    print(f"\nSeed {seed}: seat {info['seat']} made {decisions} random decisions. The game as it left it:\n")
    print(env.render())


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
