"""From games to rollouts: the network plays at its seats, and what it saw, did and earned is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from agent.learning.acting import Acting
from agent.learning.config import TrainConfig
from agent.learning.rollout import Rollout
from monopoly_env.actions import ACTION_COUNT, PASS
from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.step import LEARNER, SAME_STEP
from monopoly_env.bots import bot_number

START_SEEDS = 2  # children of a collector's seed that its start takes: one for the tables, one for the games


def training_seatings(config: TrainConfig, rng: np.random.Generator) -> list[list[int]]:
    """Return the controllers of each of the run's tables, the network's seats first.

    The shares of self-play, bot and mixed tables are ``config.mix``. A mixed table holds 2 to ``players - 1`` seats of the
    network; where there is no room for one (two players) it is a bot table. Bots are drawn from ``config.opponents``.
    """
    bots = np.array([bot_number(name) for name in config.opponents])
    bounds = np.round(np.cumsum(config.mix) * config.num_envs).astype(int)
    seatings = []
    for number in range(config.num_envs):
        players = config.sizes[number % len(config.sizes)]
        if number < bounds[0]:
            held = players
        elif number < bounds[1] or players == 2:
            held = 1
        else:
            held = int(rng.integers(2, players))
        seatings.append([LEARNER] * held + rng.choice(bots, players - held).tolist())
    return seatings


def child_seed(seed: np.random.SeedSequence, number: int) -> np.random.SeedSequence:
    """Return a child that ``seed.spawn`` would return, without ``seed`` counting it: a collector can be made again."""
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, number))


class Collecting(Protocol):
    """The games of a training run, wherever they are played: ``Collector`` here, ``SpreadCollector`` on a cluster.

    Attributes:
        games: games that ended so far.
    """

    games: int

    def collect(self, learner: Any, rng: np.random.Generator) -> Rollout:
        """Return the next ``rollout_steps`` decisions at every table, made by ``learner`` and drawn by ``rng``."""

    def get_state(self) -> dict[str, Any]:
        """Return copies of everything that ``set_state`` needs to go on."""

    def set_state(self, state: dict[str, Any]) -> None:
        """Put back what ``get_state`` of any kind of collector returned."""


# Makes the collector of a run from its settings and the seed of its tables.
MakeCollector = Callable[[TrainConfig, np.random.SeedSequence], Collecting]


class Collector:
    """The games of a training run, always standing at a decision of the network.

    Args:
        config: the run's settings.
        seed: source of the tables and of the games.
        part: which of the run's tables are played here; default: all.
    """

    def __init__(self, config: TrainConfig, seed: np.random.SeedSequence, part: slice = slice(None)) -> None:
        table_seed, game_seed = (child_seed(seed, number) for number in range(START_SEEDS))
        self.config = config
        seatings = training_seatings(config, np.random.default_rng(table_seed))[part]
        self.batch = GameBatch(seatings, reward=config.reward, max_turns=config.max_turns, threads=config.threads)
        self.batch.begin(game_seed.spawn(config.num_envs)[part])
        self.rollout = self.empty_rollout()
        self.games = 0  # games that ended so far

    def empty_rollout(self) -> Rollout:
        """Return the arrays that ``collect`` fills."""
        return Rollout.empty(self.config.rollout_steps, len(self.batch), max(self.config.sizes))

    def look(self) -> np.ndarray:
        """Return what the seats that decide see, float32 ``(N, 23)``; may be a view that the next step overwrites."""
        return self.batch.episodes["state"]

    def collect(self, learner: Acting, rng: np.random.Generator) -> Rollout:
        """Play ``rollout_steps`` decisions at each table; return the rollout, whose arrays the next call overwrites."""
        rollout, batch, players = self.rollout, self.batch.episodes, max(self.config.sizes)
        for t in range(self.config.rollout_steps):
            rollout.states[t] = self.look()  # (N, 23)
            rollout.masks[t] = batch["mask"]  # (N, 7)
            rollout.seats[t] = batch["seat"]  # (N,)
            chosen = learner.act(rollout.states[t], rollout.masks[t], rng)
            rollout.actions[t], rollout.logp[t], rollout.values[t] = chosen["action"], chosen["logp"], chosen["value"]
            self.batch.step(chosen["action"], SAME_STEP)
            rollout.rewards[t] = batch["reward"][:, :players]  # (N, S)
            rollout.terminated[t] = batch["terminated"][:, :players]
            rollout.truncated[t] = batch["truncated"][:, :players]
            if rollout.truncated[t].any():
                self.bootstrap(learner, rollout, t)
            self.games += int((batch["step_terminated"] | batch["step_truncated"]).sum())
        rollout.seats[-1] = batch["seat"]
        rollout.values[-1] = learner.values(self.look().copy(), batch["mask"].copy())
        return rollout

    def bootstrap(self, learner: Acting, rollout: Rollout, t: int) -> None:
        """Write the value of the last state of every seat that the turn cap stopped."""
        stopped = rollout.truncated[t]  # (N, S)
        states = self.batch.episodes["final_state"][:, : stopped.shape[1]][stopped]  # (n, 23)
        masks = np.zeros((len(states), ACTION_COUNT), np.int8)
        masks[:, PASS] = 1  # nothing is pending there
        rollout.bootstrap[t][stopped] = learner.values(states, masks)

    def get_state(self) -> dict[str, Any]:
        """Return copies of everything that ``set_state`` needs to go on exactly here."""
        return {**self.batch.get_state(), "ended": np.int64(self.games)}

    def set_state(self, state: dict[str, Any]) -> None:
        """Put back what ``get_state`` returned.

        Raises:
            ValueError: the state is of another number of games or another version.
        """
        self.batch.set_state(state)
        self.games = int(state["ended"])
