"""Opponents that are functions, such as networks: asked for many games at once, until every game waits for the learner."""

from collections.abc import Sequence

import numpy as np

from monopoly_env.actions import IllegalActionError
from monopoly_env.batch.game_batch import GameBatch, are_legal, nobody_asked
from monopoly_env.batch.seats import Policy
from monopoly_env.batch.step import EPISODE, LEARNER, MOST_STARTS, NO_RESTART, SAME_STEP, SKIP
from monopoly_env.engine.engine import refusal


def let_policies_decide(
    batch: GameBatch, policies: Sequence[Policy], restart: int, fresh: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Play on where a function decides, until every game waits for the learner or its episode is over.

    Args:
        batch: games that have just been begun or stepped.
        policies: those behind the controllers -2, -3, ...
        restart: how the games were stepped.
        fresh: bool ``(N,)``, games in which the learner has not been asked yet. One that ends before it is asked is no
            episode: another begins in its place.

    Returns:
        ``(ended, endings)``: which episodes have ended in this step, bool ``(N,)``, and the records of those, as they
        stood when they ended, ``(N,)`` of dtype ``EPISODE``; with ``SAME_STEP`` the next games are under way by now.

    Raises:
        IllegalActionError: a function plays what the mask forbids; its seat and game are named.
        ValueError: game after game ends before the learner is asked.
        Exception: whatever a function raises, with a note that names its seat.
    """
    games, episodes = batch.games, batch.episodes
    every = np.arange(len(batch))
    ended = ~fresh & ((episodes["step_terminated"] != 0) | (episodes["step_truncated"] != 0))
    endings = np.where(ended, episodes, np.zeros(1, EPISODE))
    actions = np.empty(len(batch), np.int64)
    starts = np.zeros(len(batch), np.int64)
    while True:
        unborn = fresh & (episodes["episode_over"] != 0)
        if unborn.any():
            starts += unborn
            if starts.max() == MOST_STARTS:
                raise ValueError(nobody_asked(int(games["max_turns"][starts.argmax()])))
            batch.begin_next(unborn)
            continue
        controller = np.where(episodes["episode_over"] != 0, LEARNER, episodes["controller"][every, games["actor"]])
        if (controller >= LEARNER).all():
            return ended, endings
        actions[:] = SKIP
        for number, policy in enumerate(policies):
            rows = np.flatnonzero(controller == LEARNER - 1 - number)
            if len(rows):
                actions[rows] = _ask(batch, policy, rows)
        batch.step(actions, SAME_STEP if restart == SAME_STEP else NO_RESTART)
        over = (episodes["step_terminated"] != 0) | (episodes["step_truncated"] != 0)
        over &= (actions != SKIP) & ~fresh & ~ended
        endings[over] = episodes[over]
        ended = ended | over


def _ask(batch: GameBatch, policy: Policy, rows: np.ndarray) -> np.ndarray:
    """Return what a function decides in the games ``rows``, legal actions ``(n,)``."""
    states, masks = batch.episodes["state"][rows], batch.episodes["mask"][rows]  # copies (n, 23), (n, 7)
    seats = batch.games["actor"][rows]
    try:
        actions = np.asarray(policy(states, masks))
        if actions.shape != (len(rows),) or actions.dtype.kind not in "iu":
            raise ValueError(f"Expected {len(rows)} integers. Received: {actions.dtype} {actions.shape}")
    except BaseException as error:
        error.add_note(f"The opponent at seat {seats[0]} of game {rows[0]} failed, and all games are given up: call reset().")
        raise
    legal = are_legal(masks, actions)
    if not legal.all():
        first = int(np.argmin(legal))
        told = f"The opponent at seat {seats[first]} of game {rows[first]} broke the rules, and all games are given up"
        reason = refusal(batch.games[int(rows[first])], int(actions[first]), masks[first])
        raise IllegalActionError(f"{told}: call reset(). {reason}")
    return actions
