"""``Monopoly-v0`` many times over: N games in one compiled call, as a Gymnasium vector environment."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, PASS
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.opponents import let_policies_decide
from monopoly_env.batch.results import Results, SeatResults, copy_results, copy_seat_results
from monopoly_env.batch.seats import Opponents, seat_number, seatings_of
from monopoly_env.batch.step import LEARNER, NEXT_STEP, NO_RESTART, SAME_STEP
from monopoly_env.envs.single import check_illegal_action, check_render_mode, observation_space
from monopoly_env.game import DECIDED, DEFAULT_MAX_TURNS, check_players, is_whole

NO_ACTION = -1  # takes the place of all negative numbers, one of which is SKIP: illegal, so PASS is played
_NOTHING_PENDING = np.array([number == PASS for number in range(ACTION_COUNT)], np.int8)  # PASS alone is legal
_RESTART = {
    AutoresetMode.DISABLED: NO_RESTART,
    AutoresetMode.NEXT_STEP: NEXT_STEP,
    AutoresetMode.SAME_STEP: SAME_STEP,
}


class MonopolyVectorEnv(VectorEnv):
    """N games, each with the learner at one seat, or with ``self_play`` at several.

    Observations float32 ``(N, 23)``, actions int ``(N,)``, rewards float64 ``(N,)``, terminations and truncations bool
    ``(N,)``. Game i, seeded with ``seed + i``, goes exactly as ``MonopolyEnv`` with that seed.

    ``info`` holds arrays over the games: ``action_mask`` int8 ``(N, 7)``, ``phase`` and ``seat`` (whose decision it is)
    int32 ``(N,)``, ``illegal_action`` bool ``(N,)`` (PASS was played instead), and for the episodes that ended ``winner``
    and ``decided``. Beside each key stands its mask, bool ``(N,)``: ``_winner`` says which games have one. With SAME_STEP
    autoreset ``info`` tells of the new games, and what belongs to those that ended stands in ``final_info``, with their
    ``seat``, ``phase`` and ``illegal_action``, beside ``final_obs``.

    Opponents that are functions, such as networks, are asked for many games at once: ``(observations (n, 23), action masks
    (n, 7)) -> actions (n,)``; of ``agent.players.network.Player`` it is the method ``batch``. They play on within a step
    until every game waits for the learner. If one fails or breaks the rules the error goes through, with the opponent's
    seat in it, and all games are given up: call ``reset``.

    Self-play: every seat marked ``"self"`` among the opponents is the learner's too. ``info["seat"]`` says who decides; the
    reward is what that seat has earned since its own last decision (at the end of an episode: the seat that acted last).
    What each seat earned and whether it ended stands in ``info["seat_rewards"]`` (the deciding seat and those that ended),
    ``"seat_terminated"``, ``"seat_truncated"`` ``(N, players)`` and ``"seat_final_obs"`` ``(N, players, 23)`` (0 for seats
    that did not end in this step). An episode lasts until the learner's last seat is out.

    Args:
        num_envs: number of games.
        players, seat, reward, observation, max_turns, illegal_action, house_rules, starting_cash, manage: as ``MonopolyEnv``.
        opponents: bots by name, functions (see above), or ``"self"``; one for all other seats, or a list with one for each,
            clockwise from the learner. Where games are to differ: a list with such a list for each game, whose length says
            how many play there.
        max_episode_steps: truncate an episode after this many decisions; None: never.
        autoreset_mode: a ``gymnasium.vector.AutoresetMode`` or its name: "NextStep", "SameStep" or "Disabled" (then call
            ``reset`` with ``options={"reset_mask": ...}``).
        threads: threads that step the games; None: one a core. The games are the same with any number.
        render_mode: None or "rgb_array": ``render()`` returns a picture of each game.

    Raises:
        ValueError: an option is out of range.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4, "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(
        self,
        num_envs: int = 1,
        players: int = 4,
        opponents: Opponents = "landlord",
        seat: str | int = "random",
        reward: str = "shaped",
        observation: str = "assessed",
        max_turns: int = DEFAULT_MAX_TURNS,
        illegal_action: str = "pass",
        max_episode_steps: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        manage: str = "end",
        threads: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self._spec: EnvSpec | None = None
        self.closed = True  # nothing is held open yet, should an option be refused
        self.render_mode = check_render_mode(render_mode, self.metadata)
        if not is_whole(num_envs) or num_envs < 1:
            raise ValueError(f"num_envs must be an integer of at least 1. Received: {num_envs!r}")
        if max_episode_steps is not None and (not is_whole(max_episode_steps) or max_episode_steps < 1):
            raise ValueError(f"max_episode_steps must be None or an integer of at least 1. Received: {max_episode_steps!r}")
        self.num_envs = int(num_envs)
        seatings, self._policies = seatings_of(opponents, check_players(players), self.num_envs)
        self.self_play = any(seating.count(LEARNER) > 1 for seating in seatings)
        self.illegal_action = check_illegal_action(illegal_action)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self._restart = _RESTART[self.autoreset_mode]
        self._players = max(len(seating) for seating in seatings)
        self._batch = GameBatch(
            seatings,
            seat_number(seat, min(len(seating) for seating in seatings)),
            reward=reward,
            observation=observation,
            max_turns=max_turns,
            max_steps=max_episode_steps or 0,
            house_rules=house_rules,
            starting_cash=starting_cash,
            manage=manage,
            threads=threads,
        )
        self.single_observation_space = observation_space(observation)
        self.single_action_space = spaces.Discrete(ACTION_COUNT)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._everywhere = np.ones(self.num_envs, np.bool_)  # the mask of the keys that every game has
        self._everywhere.flags.writeable = False
        self._begun = self.closed = False

    @property
    def spec(self) -> EnvSpec | None:
        """How ``gymnasium.make_vec`` made it, with the ``max_episode_steps`` of these games; None: made by hand."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        if spec is not None:
            spec.max_episode_steps = self._batch.max_steps or None
        self._spec = spec

    @property
    def games(self) -> np.ndarray:
        """The records of the games ``(N,)``, live; they keep no log."""
        return self._batch.games

    def reset(
        self, *, seed: int | Sequence[int | np.random.SeedSequence | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Start all games, or those of ``options["reset_mask"]`` (bool ``(N,)``).

        Args:
            seed: game i is that of seed + i; or one a game (an int, a SeedSequence or None); None: the next games of the
                environment's random numbers.
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
        return self._first_decisions(fresh=which)

    def _first_decisions(self, fresh: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
        """Return the observations ``(N, 23)`` and ``info`` of games that wait for the learner, or do so soon (``fresh``)."""
        if self._policies:
            self._play_policies(fresh)
        results, seats = self._new_arrays()
        self._copy(0, self.num_envs, results, seats)
        return results.observations, self._info(results, seats)

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Carry out one action a game and play on to the next decisions.

        Args:
            actions: integers ``(N,)``; ignored for games that restart in this step.

        Returns:
            ``(observations, rewards, terminations, truncations, info)``.

        Raises:
            ResetNeeded: no games have begun, or with autoreset "Disabled" one is over.
            ValueError: actions of another shape or kind.
            IllegalActionError: with ``illegal_action="raise"``, and no game is played then; or an opponent's action is
                illegal, and all games are given up.
        """
        batch, episodes = self._batch, self._batch.episodes
        actions = np.asarray(actions)
        if actions.shape != (self.num_envs,) or actions.dtype.kind not in "iu":
            raise ValueError(f"Actions are integers of shape ({self.num_envs},). Received: {actions.dtype} {actions.shape}")
        if not self._begun or (self._restart == NO_RESTART and episodes["episode_over"].any()):
            raise ResetNeeded("Call reset() first: a game has not begun or is over.")
        if self.illegal_action == "raise":
            batch.refuse_illegal(actions)
        actions = np.maximum(actions.astype(np.int64), NO_ACTION)
        results, seats = self._new_arrays()
        if self._policies:
            fresh = episodes["episode_over"] != 0  # with NEXT_STEP their next games begin
            batch.step(actions, self._restart)
            illegal = episodes["illegal"] != 0
            ended, endings = self._play_policies(fresh)
            self._copy(0, self.num_envs, results, seats)
            results.illegal[:] = illegal
            results.rewards[:] = np.where(ended, endings["step_reward"], results.rewards)
            results.terminated[:] = np.where(ended, endings["step_terminated"], 0)
            results.truncated[:] = np.where(ended, endings["step_truncated"], 0)
        else:
            batch.step(actions, self._restart, lambda start, stop: self._copy(start, stop, results, seats))
            ended, endings = results.terminated | results.truncated, episodes
        info = self._info(results, seats)
        info["illegal_action"] = info["_illegal_action"] = results.illegal
        if ended.any():
            info |= self._endings(ended, endings, results.illegal)
        return results.observations, results.rewards, results.terminated, results.truncated, info

    def _play_policies(self, fresh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Let the opponents that are functions decide, see ``let_policies_decide``; if that fails the games are given up."""
        self._begun = False
        result = let_policies_decide(self._batch, self._policies, self._restart, fresh)
        self._begun = True
        return result

    def _new_arrays(self) -> tuple[Results, SeatResults | None]:
        seats = SeatResults.empty(self.num_envs, self._players) if self.self_play else None
        return Results.empty(self.num_envs), seats

    def _copy(self, start: int, stop: int, results: Results, seats: SeatResults | None) -> None:
        copy_results(self._batch.games, self._batch.episodes, start, stop, *results)
        if seats is not None:
            copy_seat_results(self._batch.episodes, start, stop, *seats)

    def _info(self, results: Results, seats: SeatResults | None) -> dict[str, Any]:
        info = {"action_mask": results.masks, "phase": results.phases, "seat": results.seats}  # (N, 7), (N,), (N,)
        if seats is not None:
            names = ("seat_rewards", "seat_terminated", "seat_truncated", "seat_final_obs")
            info |= dict(zip(names, seats, strict=True))
        return info | {f"_{key}": self._everywhere for key in info}

    def action_masks(self) -> np.ndarray:
        """Return the legal actions of the decisions that wait, bool ``(N, 7)``."""
        return self._batch.episodes["mask"] != 0

    def render(self) -> tuple[np.ndarray, ...] | None:
        """Return a picture of each game, uint8 ``(height, width, 3)``; None without ``render_mode="rgb_array"``."""
        from monopoly_env.render.text import board_rgb

        return tuple(board_rgb(game) for game in self.games) if self.render_mode else None

    def _endings(self, ended: np.ndarray, endings: np.ndarray, illegal: np.ndarray) -> dict[str, Any]:
        """Return what ``info`` says of episodes that ended, and with SAME_STEP take it out of what it says of the new ones."""
        result = {
            "winner": endings["winner"] * ended,
            "_winner": ended,
            "decided": ended & (endings["result"] == DECIDED),
            "_decided": ended,
        }
        if self._restart != SAME_STEP:
            return result
        bad = illegal & ended
        result |= {
            "seat": endings["ended_seat"] * ended,
            "_seat": ended,
            "phase": np.zeros(self.num_envs, np.int32),  # NONE
            "_phase": ended,
            "illegal_action": bad,
            "_illegal_action": bad,
            "action_mask": np.where(ended[:, np.newaxis], _NOTHING_PENDING, np.int8(0)),  # (N, 7)
            "_action_mask": ended,
        }
        illegal[ended] = False
        final = np.full(self.num_envs, None, object)
        for number in np.flatnonzero(ended):
            final[number] = endings["final_state"][number, endings["ended_seat"][number]].copy()
        return {"final_obs": final, "_final_obs": ended, "final_info": result, "_final_info": ended}

    def get_state(self) -> dict[str, np.ndarray]:
        """Return copies of the records of all games; ``set_state`` puts them back, here or in an environment made alike."""
        return self._batch.get_state()

    def set_state(self, state: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, Any]]:
        """Put back what ``get_state`` returned; the games go on exactly as they would have.

        Returns:
            ``(observations, info)``, as ``reset`` does.

        Raises:
            ValueError: the records are of another number of games, or of another version.
        """
        self._batch.set_state(state)
        self._begun = True
        return self._first_decisions(fresh=np.zeros(self.num_envs, bool))

    def close_extras(self, **kwargs: Any) -> None:
        """Stop the threads."""
        self._batch.close()


def _reset_mask(options: dict[str, Any] | None, count: int) -> np.ndarray:
    """Return which games to reset, bool ``(count,)``."""
    if not options or "reset_mask" not in options:
        return np.ones(count, bool)
    mask = options["reset_mask"]
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (count,) or not mask.any():
        raise ValueError(f"reset_mask must be a bool array ({count},) with a True in it. Received: {mask!r}")
    return mask.copy()
