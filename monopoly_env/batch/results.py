"""What a step brings, copied out of the records of many games into arrays of one kind each."""

from typing import NamedTuple

import numpy as np

from monopoly_env.actions import ACTION_COUNT, NONE
from monopoly_env.batch.step import EPISODE, EPISODE_BYTES
from monopoly_env.compiled.intrinsics import prefetch
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import GAME
from monopoly_env.observation import STATE_SIZE

_AHEAD = 4  # records are fetched so many ahead of their turn
_PHASE, _AFTER_PHASE = int(GAME.fields["phase"][1]), int(GAME.fields["actor"][1])
_EPISODE_SIZE = EPISODE.itemsize


class Results(NamedTuple):
    """What a step of N games brings the seats that decide now, or whose episodes ended."""

    observations: np.ndarray  # (N, 23) float32
    masks: np.ndarray  # (N, 7) int8, 1 = legal
    phases: np.ndarray  # (N,) int32
    seats: np.ndarray  # (N,) int32
    rewards: np.ndarray  # (N,) float64
    terminated: np.ndarray  # (N,) bool
    truncated: np.ndarray  # (N,) bool
    illegal: np.ndarray  # (N,) bool, PASS was played in place of the action

    @classmethod
    def empty(cls, count: int) -> "Results":
        """Return arrays for ``count`` games, for ``copy_results`` to fill."""
        return cls(
            np.empty((count, STATE_SIZE), np.float32),
            np.empty((count, ACTION_COUNT), np.int8),
            np.empty(count, np.int32),
            np.empty(count, np.int32),
            np.empty(count, np.float64),
            np.empty(count, np.bool_),
            np.empty(count, np.bool_),
            np.empty(count, np.bool_),
        )


class SeatResults(NamedTuple):
    """What a step of N games with S seats brings each seat."""

    rewards: np.ndarray  # (N, S) float32
    terminated: np.ndarray  # (N, S) bool
    truncated: np.ndarray  # (N, S) bool
    final_observations: np.ndarray  # (N, S, 23) float32, 0 for seats that did not end

    @classmethod
    def empty(cls, count: int, seats: int) -> "SeatResults":
        """Return arrays for ``count`` games with ``seats`` seats, for ``copy_seat_results`` to fill."""
        shape = (count, seats)
        return cls(
            np.empty(shape, np.float32),
            np.empty(shape, np.bool_),
            np.empty(shape, np.bool_),
            np.empty((*shape, STATE_SIZE), np.float32),
        )


@kernel
def copy_results(games, episodes, start, stop, states, masks, phases, seats, rewards, terminated, truncated, illegal):
    """Fill the rows ``start .. stop - 1`` of ``Results``, in one pass: the records are far apart in memory."""
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
        seats[number] = episode.seat
        rewards[number] = episode.step_reward
        terminated[number] = episode.step_terminated != 0
        truncated[number] = episode.step_truncated != 0
        illegal[number] = episode.illegal != 0


@kernel
def copy_seat_results(episodes, start, stop, rewards, terminated, truncated, final_states):
    """Fill the rows ``start .. stop - 1`` of ``SeatResults``."""
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
