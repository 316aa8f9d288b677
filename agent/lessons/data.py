"""Game histories to the arrays that the lessons learn from. A row is one seat of one game, or one decision.

Rows of one game are alike, so learning rows and held-out rows never share a game: ``split_by_game``.
"""

from __future__ import annotations

import functools

import numpy as np

from monopoly_env.batch.history import History, play_history, strongest_rival
from monopoly_env.board import TITLES

GAMES = 4000
MOMENTS = TITLES  # the pictures are square
PICTURE_STEP = 4  # turns between two moments of a picture
DECISION_STEP = 30  # every 30th decision of a game is enough to learn from
_HELD_OUT = 0.2
MINE, NOBODYS, RIVALS = 1.0, 0.0, -1.0


@functools.lru_cache(maxsize=2)
def bot_games(games: int = GAMES, seed: int = 0) -> History:
    """Return the history of ``games`` games of four landlords, played once for all lessons of a run."""
    return play_history(games, ["landlord"] * 4, seed, decisions=DECISION_STEP)


def split_by_game(game: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two masks of rows, bool ``(N,)``: to learn from, and held out (the last fifth of the games).

    Args:
        game: ``(N,)``, the game of each row.
    """
    held_out = game >= (1 - _HELD_OUT) * (game.max() + 1)
    return ~held_out, held_out


def seats_after(history: History, turn: int) -> tuple[np.ndarray, np.ndarray]:
    """Return game and seat of every seat still alive after ``turn`` turns in a game that goes on, int64 ``(N,)`` each."""
    alive = history.alive[history.rows_at(turn)] & (history.turns > turn)[:, np.newaxis]  # (games, 4)
    game, seat = np.nonzero(alive)
    return game, seat


def wins(history: History, game: np.ndarray, seat: np.ndarray) -> np.ndarray:
    """Return 1 for the rows whose seat wins its game and 0 for the others, float32 ``(N,)``."""
    return (history.winner[game] == seat).astype(np.float32)


def owner_pictures(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return games as pictures: who owned each of the 28 titles at 28 moments, four turns (a round) apart.

    Returns:
        game ``(N,)``, pictures float32 ``(N, 28, 28)``: a row a moment, a column a title, 1 = mine, 0 = the bank's, -1 = a
        rival's; won float32 ``(N,)``. A row of the arrays is a seat still in the game at the last moment.
    """
    moments = PICTURE_STEP * np.arange(1, MOMENTS + 1)
    game, seat = seats_after(history, int(moments[-1]))
    owner = history.owner[history.rows_at(moments)][game]  # (N, 28, 28)
    mine = owner == seat[:, np.newaxis, np.newaxis]
    pictures = np.where(mine, MINE, np.where(owner < 0, NOBODYS, RIVALS)).astype(np.float32)
    return game, pictures, wins(history, game, seat)


def counting_titles(pictures: np.ndarray, won: np.ndarray, train: np.ndarray, test: np.ndarray, accuracy: float) -> str:
    """Say how a rule that counts titles at the last moment, at its best number for ``train``, does beside a network."""
    held = (pictures[:, -1] == MINE).sum(axis=1)  # (N,)
    right = [np.mean((held[train] >= count) == won[train]) for count in range(TITLES + 1)]
    best = int(np.argmax(right))
    rule = np.mean((held[test] >= best) == won[test])
    return (
        f"A rule made by hand, yes to {best} titles or more at the last moment, is right in {100 * rule:.1f} % of cases, "
        f"{'more' if rule > accuracy else 'less'} than the network: the rule knows how to count, a network has to learn it."
    )


def hold_rows(history: History, turn: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return every living seat's holds after ``turn`` turns.

    Returns:
        game ``(N,)``, seat ``(N,)``, mine and rivals float32 ``(N, 10)``: the hold on each group, and the strongest rival's.
    """
    game, seat = seats_after(history, turn)
    holds = history.holds(history.rows_at(turn))  # (games, 4, 10)
    return game, seat, holds[game, seat], strongest_rival(holds)[game, seat]


def worth_of(history: History, game: np.ndarray, seat: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Return a seat's net worth after each of ``turns``, in thousands of dollars, float32 ``(N, len(turns))``."""
    rows = history.rows_at(turns)[game]  # (N, len(turns))
    return (history.net_worth[rows, seat[:, np.newaxis]] / 1000).astype(np.float32)


def decision_games(history: History) -> np.ndarray:
    """Return the game of every recorded decision, int64 ``(D,)``."""
    return np.repeat(np.arange(history.games), np.diff(history.decision_start))
