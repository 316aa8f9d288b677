"""Monopoly for PettingZoo: every seat is an agent, and they decide one after the other (AEC).

    from monopoly_env.envs import pettingzoo as aec_env

    env = aec_env.env(players=4)
    env.reset(seed=1)
    for agent in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        action = None if terminated or truncated else env.action_space(agent).sample(observation["action_mask"])
        env.step(action)

``pettingzoo.make("aec", "monopoly_v0", players=4)`` makes it too, once this module is imported; with ``"parallel"`` in place
of ``"aec"`` it is ``parallel_env``.

Needs PettingZoo: ``pip install -e ".[pettingzoo]"``. The rest of ``monopoly_env`` does not import this module.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding

try:
    import pettingzoo
    from pettingzoo import AECEnv, ParallelEnv
    from pettingzoo.utils import turn_based_aec_to_parallel, wrappers
except ImportError as error:
    raise ImportError("monopoly_env.envs.pettingzoo needs PettingZoo: pip install pettingzoo") from error

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, NONE, PASS, Phase
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER
from monopoly_env.envs.single import action_number, check_render_mode, observation_space
from monopoly_env.events import played_events
from monopoly_env.game import DECIDED, DEFAULT_MAX_TURNS, check_players
from monopoly_env.observation import HIGH, LOW, observe

Observation = dict[str, np.ndarray]
ILLEGAL_REWARD = -1.0


def env(**options: Any) -> AECEnv:
    """Return the environment as PettingZoo's classic games are given out.

    An illegal action loses: its agent gets -1, the others 0, and the game is over for all. Actions outside ``Discrete(7)`` and
    calls out of order are errors.

    Args:
        options: those of ``raw_env``.
    """
    wrapped = wrappers.TerminateIllegalWrapper(raw_env(**options), illegal_reward=ILLEGAL_REWARD)
    return wrappers.OrderEnforcingWrapper(wrappers.AssertOutOfBoundsWrapper(wrapped))


def parallel_env(**options: Any) -> ParallelEnv:
    """Return the same for libraries that step all agents at once: only the action of the agent that decides is carried out.

    It is the agent whose ``action_mask`` is not all zero; ``infos`` names it as ``active_agent``.

    Args:
        options: those of ``raw_env``.
    """
    return turn_based_aec_to_parallel(env(**options))


if hasattr(pettingzoo, "register"):  # since PettingZoo 1.27
    pettingzoo.register("aec", "monopoly_v0", f"{__name__}:env")
    pettingzoo.register("parallel", "monopoly_v0", f"{__name__}:parallel_env")


class raw_env(AECEnv):
    """A game of 2 to 8 agents ``player_0``, ``player_1``, ... by seat.

    An observation is a dict of ``observation`` float32 ``(23,)`` and ``action_mask`` int8 ``(7,)``, the mask all zero for an
    agent that does not decide now. An agent is rewarded for what it has earned since its own last decision; it is terminated
    when it is bankrupt or has won, and truncated at the turn cap. ``infos`` holds the ``phase`` for the agent that decides
    (``monopoly_env.Phase``), and ``winner`` (a seat; -1: none yet) and ``decided`` for those that ended.

    In an auction BUY bids a step; ``free_moves.name_bid(env.unwrapped.game, dollars)`` before it makes it bid any sum (R44).

    An illegal action raises ``IllegalActionError`` here; ``env`` makes it lose instead.

    Args:
        players: agents, 2 to 8.
        reward, max_turns, house_rules, starting_cash, manage: as in ``MonopolyEnv``.
        render_mode: None, "ansi" (``render()`` returns text), "human" (prints it after every step) or "rgb_array".

    Raises:
        ValueError: an option is out of range.
    """

    metadata = {  # noqa: RUF012
        "render_modes": ["ansi", "human", "rgb_array"],
        "name": "monopoly_v0",
        "is_parallelizable": False,
        "render_fps": 4,
    }

    def __init__(
        self,
        players: int = 4,
        reward: str = "shaped",
        max_turns: int = DEFAULT_MAX_TURNS,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        manage: str = "end",
        render_mode: str | None = None,
    ) -> None:
        super().__init__()
        self.render_mode = check_render_mode(render_mode, self.metadata)
        players = check_players(players)
        options = {"reward": reward, "max_turns": max_turns, "house_rules": house_rules, "starting_cash": starting_cash}
        self._batch = GameBatch([[LEARNER] * players], 0, threads=1, manage=manage, **options)
        self._batch.games["logging"] = int(render_mode in ("ansi", "human"))
        self._log: list[str] = []  # sentences since the last render
        self._rng: np.random.Generator | None = None
        self.possible_agents = [f"player_{seat}" for seat in range(players)]
        self.agents: list[str] = []
        self._seat = {agent: seat for seat, agent in enumerate(self.possible_agents)}
        self.state_space = spaces.Box(np.tile(LOW, (players, 1)), np.tile(HIGH, (players, 1)), dtype=np.float32)
        self.observation_spaces = {agent: _space() for agent in self.possible_agents}
        self.action_spaces = {agent: spaces.Discrete(ACTION_COUNT) for agent in self.possible_agents}

    def observation_space(self, agent: str) -> spaces.Space:
        """Return the space of an agent's observations."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space:
        """Return the space of an agent's actions."""
        return self.action_spaces[agent]

    @property
    def game(self) -> np.record:
        """The record of the game, live (see ``monopoly_env.game.GAME``)."""
        return self._batch.games[0]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start a game: that of ``seed``, or the next one of the environment's random numbers. ``options`` is not used."""
        if seed is not None or self._rng is None:
            self._rng, _ = seeding.np_random(seed)
        self._log.clear()
        self._batch.begin([int(self._rng.integers(2**63)) if seed is None else seed])
        self._keep_log()
        self.agents = self.possible_agents[:]
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._skip_agent_selection = None
        self._ask()
        if self.render_mode == "human":
            self.render()

    def step(self, action: int | None) -> None:
        """Carry out the action of ``agent_selection`` and play on to the next decision; None for an agent that has ended.

        Raises:
            IllegalActionError: the rules do not allow it; nothing is played.
        """
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        actions = np.array([action_number(action)], np.int64)
        self._batch.refuse_illegal(actions)
        self._batch.step(actions)
        self._keep_log()
        self._cumulative_rewards[agent] = 0.0
        self._take_results()
        self._accumulate_rewards()
        self._ask()
        self._deads_step_first()
        if self.render_mode == "human":
            self.render()

    def _take_results(self) -> None:
        """Read what the agents still in the game have earned, and which of them have ended."""
        episode, game = self._batch.episodes[0], self.game
        for agent in self.agents:
            seat = self._seat[agent]
            self.rewards[agent] = float(episode["reward"][seat])
            self.terminations[agent] = bool(episode["terminated"][seat])
            self.truncations[agent] = bool(episode["truncated"][seat])
            self.infos[agent] = {}
            if self.terminations[agent] or self.truncations[agent]:
                self.infos[agent] = {"winner": int(game["winner"]), "decided": bool(game["over"] == DECIDED)}

    def _ask(self) -> None:
        """Turn to the agent that decides; once the game is over, to the first of those that are left."""
        if self._batch.episodes["episode_over"][0]:
            self.agent_selection = self.agents[0]
            return
        self.agent_selection = self.possible_agents[self.game["actor"]]
        self.infos[self.agent_selection] = {"phase": Phase(int(self.game["phase"]))}

    def observe(self, agent: str) -> Observation:
        """Return what an agent sees now; the mask of one that has ended holds PASS and means nothing."""
        seat = self._seat[agent]
        mask = np.zeros(ACTION_COUNT, np.int8)
        if self.terminations.get(agent) or self.truncations.get(agent):
            mask[PASS] = 1
        elif self.game["phase"] != NONE and self.game["actor"] == seat:
            mask[:] = self._batch.episodes["mask"][0]
        return {"observation": observe(self.game, seat), "action_mask": mask}

    def state(self) -> np.ndarray:
        """Return what all agents see now, by seat, float32 ``(players, 23)``, as critics of all agents want it."""
        return np.stack([observe(self.game, seat) for seat in range(len(self.possible_agents))])

    def _keep_log(self) -> None:
        """Turn the events of a logged game into sentences."""
        if self.game["logging"]:
            from monopoly_env.text.events import sentence

            self._log += [sentence(row) for row in played_events(self.game, self._batch.go_on)]

    def render(self) -> str | np.ndarray | None:
        """Return text ("ansi"), print it ("human"), or return a picture, uint8 ``(height, width, 3)`` ("rgb_array")."""
        if self.render_mode is None:
            raise ValueError('render() needs a render mode: aec_env.env(..., render_mode="ansi").')
        from monopoly_env.render.text import rendered

        return rendered(self.render_mode, self.game, self._log, self.possible_agents)

    def close(self) -> None:
        """Nothing is held open."""


def _space() -> spaces.Dict:
    mask = spaces.Box(0, 1, (ACTION_COUNT,), np.int8)
    return spaces.Dict({"observation": observation_space(), "action_mask": mask})
