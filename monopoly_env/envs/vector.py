"""``Monopoly-v0`` many times over: N games in one compiled call, as a Gymnasium vector environment."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, NONE
from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.seats import Opponents, opponent_list, seat_number, seating_of
from monopoly_env.batch.step import EPISODE, EPISODE_BYTES, LEARNER, NEXT_STEP, NO_RESTART, SAME_STEP
from monopoly_env.compiled.intrinsics import prefetch
from monopoly_env.compiled.jit import kernel
from monopoly_env.envs.single import check_illegal_action, observation_space
from monopoly_env.game import DECIDED, DEFAULT_MAX_TURNS, GAME, check_players, is_whole
from monopoly_env.observation import STATE_SIZE

_AHEAD = 4  # copying, records are fetched so many ahead of their turn
_PHASE, _AFTER_PHASE = int(GAME.fields["phase"][1]), int(GAME.fields["actor"][1])
_EPISODE_SIZE = EPISODE.itemsize
_RESTART = {
    AutoresetMode.DISABLED: NO_RESTART,
    AutoresetMode.NEXT_STEP: NEXT_STEP,
    AutoresetMode.SAME_STEP: SAME_STEP,
}


@kernel
def _copy_looks(games, episodes, start, stop, states, masks, phases, deciding, rewards, terminated, truncated, illegal):
    """Copy what a step brings out of the records, in one pass: they are far apart in memory."""
    for number in range(start, stop):
        ahead = min(number + _AHEAD, stop - 1)
        prefetch(episodes, ahead, 0, EPISODE_BYTES)
        prefetch(games, ahead, _PHASE, _AFTER_PHASE)
        episode = episodes[number]
        for i in range(STATE_SIZE):
            states[number, i] = episode.state[i]
        for i in range(ACTION_COUNT):
            masks[number, i] = episode.mask[i]
        phases[number] = NONE if episode.episode_over else games[number].phase
        deciding[number] = episode.seat
        rewards[number] = episode.step_reward
        terminated[number] = episode.step_terminated != 0
        truncated[number] = episode.step_truncated != 0
        illegal[number] = episode.illegal != 0


@kernel
def _copy_seats(episodes, start, stop, rewards, terminated, truncated, final_states):
    """Copy what a step brought the seats."""
    for number in range(start, stop):
        prefetch(episodes, min(number + _AHEAD, stop - 1), 0, _EPISODE_SIZE)
        episode = episodes[number]
        for seat in range(rewards.shape[1]):
            rewards[number, seat] = episode.reward[seat]
            terminated[number, seat] = episode.terminated[seat] != 0
            truncated[number, seat] = episode.truncated[seat] != 0
            ended = terminated[number, seat] or truncated[number, seat]
            for i in range(STATE_SIZE):
                final_states[number, seat, i] = episode.final_state[seat, i] if ended else 0.0


class MonopolyVectorEnv(VectorEnv):
    """N games, each with the learner at one seat, or with ``self_play`` at several.

    Observations float32 ``(N, 23)``, actions int ``(N,)``, rewards float64 ``(N,)``, terminations and truncations bool
    ``(N,)``. Game i, seeded with ``seed + i``, goes exactly as ``MonopolyEnv`` with that seed.

    ``info`` holds arrays over the games: ``action_mask`` int8 ``(N, 7)``, ``phase`` and ``seat`` (whose decision it is)
    int32 ``(N,)``, ``illegal_action`` bool ``(N,)`` (PASS was played instead), and for the episodes that ended ``winner``
    and ``decided`` with the masks ``_winner`` and ``_decided``. With SAME_STEP autoreset ``info`` tells of the new games, and
    what belongs to those that ended stands in ``final_info``, with their ``seat``, ``phase`` and ``illegal_action``, beside
    ``final_obs``.

    Self-play: every seat marked ``"self"`` among the opponents is the learner's too. ``info["seat"]`` says who decides; the
    reward is what that seat has earned since its own last decision (at the end of an episode: the seat that acted last).
    What each seat earned and whether it ended stands in ``info["seat_rewards"]`` (the deciding seat and those that ended),
    ``"seat_terminated"``, ``"seat_truncated"`` ``(N, players)`` and ``"seat_final_obs"`` ``(N, players, 23)`` (0 for seats
    that did not end in this step). An episode lasts until the learner's last seat is out.

    Args:
        num_envs: number of games.
        players, opponents, seat, reward, max_turns, illegal_action, house_rules, starting_cash: as ``MonopolyEnv``;
            opponents are bots by name, or ``"self"``.
        max_episode_steps: truncate an episode after this many decisions; None: never.
        autoreset_mode: a ``gymnasium.vector.AutoresetMode`` or its name: "NextStep", "SameStep" or "Disabled" (then call
            ``reset`` with ``options={"reset_mask": ...}``).
        threads: threads that step the games; None: one a core. The games are the same with any number.

    Raises:
        ValueError: an option is out of range.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(
        self,
        num_envs: int = 1,
        players: int = 4,
        opponents: Opponents = "landlord",
        seat: str | int = "random",
        reward: str = "shaped",
        max_turns: int = DEFAULT_MAX_TURNS,
        illegal_action: str = "pass",
        max_episode_steps: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        threads: int | None = None,
        render_mode: None = None,
    ) -> None:
        if render_mode is not None:
            raise ValueError(f'Many games at once are not rendered; use vectorization_mode="sync". Received: {render_mode!r}')
        if not is_whole(num_envs) or num_envs < 1:
            raise ValueError(f"num_envs must be an integer of at least 1. Received: {num_envs!r}")
        if max_episode_steps is not None and (not is_whole(max_episode_steps) or max_episode_steps < 1):
            raise ValueError(f"max_episode_steps must be None or an integer of at least 1. Received: {max_episode_steps!r}")
        players = check_players(players)
        seating = _seating(opponents, players)
        self.num_envs = int(num_envs)
        self.self_play = seating.count(LEARNER) > 1
        self.illegal_action = check_illegal_action(illegal_action)
        self.metadata = {**self.metadata, "autoreset_mode": AutoresetMode(autoreset_mode)}
        self._restart = _RESTART[self.metadata["autoreset_mode"]]
        self._players = players
        self._batch = GameBatch(
            [seating] * self.num_envs,
            seat_number(seat, players),
            reward=reward,
            max_turns=max_turns,
            max_decisions=max_episode_steps or 0,
            house_rules=house_rules,
            starting_cash=starting_cash,
            threads=threads,
        )
        self.single_observation_space = observation_space()
        self.single_action_space = spaces.Discrete(ACTION_COUNT)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._begun = False

    @property
    def games(self) -> np.ndarray:
        """The records of the games ``(N,)``, live; they keep no log."""
        return self._batch.games

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Start all games, or those of ``options["reset_mask"]`` (bool ``(N,)``).

        Args:
            seed: game i is that of seed + i; or one seed (or None) a game; None: the next games of the environment's random
                numbers.
            options: see above.

        Returns:
            ``(observations, info)``.

        Raises:
            ValueError: wrong seeds or mask (no game is touched then), or games end before the learner is asked, because
                ``max_turns`` is too low.
        """
        which = _reset_mask(options, self.num_envs)
        if seed is None or isinstance(seed, int | np.integer):
            super().reset(seed=None if seed is None else int(seed))
            seeds = [None] * self.num_envs if seed is None else [int(seed) + i for i in range(self.num_envs)]
        else:
            seeds = list(seed)
        if len(seeds) != self.num_envs:
            raise ValueError(f"Expected one seed for each of the {self.num_envs} games. Received: {len(seeds)} seeds")
        if not self._begun:
            fresh = self.np_random.integers(2**63, size=self.num_envs)
            seeds = [int(new) if given is None else given for given, new in zip(seeds, fresh, strict=True)]
            which[:] = True
        self._batch.games["logging"] = 0  # nobody reads a log here, and a full one would stop its game
        seeded = which & np.array([given is not None for given in seeds])
        self._batch.begin(seeds, seeded)
        self._batch.begin_next(which & ~seeded)
        self._begun = True
        looks, seats = self._new_looks(), self._new_seats()
        self._copy_out(0, self.num_envs, looks, seats)
        return looks[0], self._info(*looks[1:4], seats)

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Carry out one action a game and play on to the next decisions.

        Args:
            actions: integers ``(N,)``; ignored for games that restart in this step.

        Returns:
            ``(observations, rewards, terminations, truncations, info)``.

        Raises:
            ResetNeeded: no games have begun, or with autoreset "Disabled" one is over.
            ValueError: actions of another shape or kind.
            IllegalActionError: with ``illegal_action="raise"``; no game is played then.
        """
        batch = self._batch
        actions = np.asarray(actions)
        if actions.shape != (self.num_envs,) or actions.dtype.kind not in "iu":
            raise ValueError(f"Actions are integers of shape ({self.num_envs},). Received: {actions.dtype} {actions.shape}")
        if not self._begun or (self._restart == NO_RESTART and batch.episodes["episode_over"].any()):
            raise ResetNeeded("Call reset() first: a game has not begun or is over.")
        if self.illegal_action == "raise":
            batch.refuse_illegal(actions)
        looks, seats = self._new_looks(), self._new_seats()
        batch.step(actions, self._restart, lambda start, stop: self._copy_out(start, stop, looks, seats))
        states, masks, phases, deciding, rewards, terminated, truncated, illegal = looks
        info = self._info(masks, phases, deciding, seats)
        info["illegal_action"] = illegal
        ended = terminated | truncated
        if ended.any():
            info |= self._endings(ended, illegal)
        return states, rewards, terminated, truncated, info

    def _new_looks(self) -> tuple[np.ndarray, ...]:
        """Return new arrays for what ``_copy_looks`` copies."""
        count = self.num_envs
        return (
            np.empty((count, STATE_SIZE), np.float32),
            np.empty((count, ACTION_COUNT), np.int8),
            np.empty(count, np.int32),
            np.empty(count, np.int32),
            np.empty(count, np.float64),
            np.empty(count, np.bool_),
            np.empty(count, np.bool_),
            np.empty(count, np.bool_),
        )

    def _new_seats(self) -> tuple[np.ndarray, ...]:
        """Return new arrays for what ``_copy_seats`` copies, none without self-play."""
        if not self.self_play:
            return ()
        shape = (self.num_envs, self._players)
        return (
            np.empty(shape, np.float32),
            np.empty(shape, np.bool_),
            np.empty(shape, np.bool_),
            np.empty((*shape, STATE_SIZE), np.float32),
        )

    def _copy_out(self, start: int, stop: int, looks: tuple[np.ndarray, ...], seats: tuple[np.ndarray, ...]) -> None:
        _copy_looks(self._batch.games, self._batch.episodes, start, stop, *looks)
        if seats:
            _copy_seats(self._batch.episodes, start, stop, *seats)

    def _info(
        self, masks: np.ndarray, phases: np.ndarray, deciding: np.ndarray, seats: tuple[np.ndarray, ...]
    ) -> dict[str, Any]:
        info = {"action_mask": masks, "phase": phases, "seat": deciding}  # (N, 7), (N,), (N,)
        names = ("seat_rewards", "seat_terminated", "seat_truncated", "seat_final_obs")
        return info | dict(zip(names, seats, strict=False))

    def _endings(self, ended: np.ndarray, illegal: np.ndarray) -> dict[str, Any]:
        """Return what ``info`` says of episodes that ended, and with SAME_STEP take it out of what it says of the new ones."""
        episodes = self._batch.episodes
        result = {
            "winner": episodes["winner"] * ended,
            "_winner": ended,
            "decided": ended & (episodes["result"] == DECIDED),
            "_decided": ended,
        }
        if self._restart != SAME_STEP:
            return result
        result |= {
            "seat": episodes["ended_seat"] * ended,
            "_seat": ended,
            "phase": np.zeros(self.num_envs, np.int32),  # NONE
            "_phase": ended,
            "illegal_action": illegal & ended,
            "_illegal_action": ended,
        }
        illegal[ended] = False
        final = np.full(self.num_envs, None, object)
        for number in np.flatnonzero(ended):
            final[number] = episodes["final_state"][number, episodes["ended_seat"][number]].copy()
        return {"final_obs": final, "_final_obs": ended, "final_info": result, "_final_info": ended}

    def close_extras(self, **kwargs: Any) -> None:
        """Stop the threads."""
        self._batch.close()


def _seating(opponents: Opponents, players: int) -> list[int]:
    """Return the controllers of a table whose opponents are bots or the learner itself."""
    chosen = opponent_list(opponents, players, self_play=True)
    if any(callable(opponent) for opponent in chosen):
        raise ValueError("Opponents of many games at once are bots by name or 'self'; functions play in MonopolyEnv.")
    return seating_of(chosen)[0]


def _reset_mask(options: dict[str, Any] | None, count: int) -> np.ndarray:
    """Return which games to reset, bool ``(count,)``."""
    if not options or "reset_mask" not in options:
        return np.ones(count, bool)
    mask = options["reset_mask"]
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (count,) or not mask.any():
        raise ValueError(f"reset_mask must be a bool array ({count},) with a True in it. Received: {mask!r}")
    return mask.copy()
