"""Games of four landlords as arrays to learn from. A row is one seat of one game, or one decision.

Rows of one game are alike, so rows to learn from and rows held out never share a game: every function returns, last of all,
``held_out``, bool ``(N,)``, true for the rows of the last fifth of the games.
"""

from __future__ import annotations

import functools

import numpy as np

from monopoly_env.batch.history import History, play_history, strongest_rival

GAMES = 4000
SEED = 0
DECISION_STEP = 30  # every 30th decision of a game is enough to learn from
MOMENTS = 28  # as many as titles: the pictures are square
PICTURE_STEP = 4  # turns between two moments of a picture
_HELD_OUT = 0.2


@functools.cache
def history() -> History:
    """Return the games, played once for all lessons of a run."""
    return play_history(GAMES, ["landlord"] * 4, SEED, decisions=DECISION_STEP)


def decisions() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what a strong scripted player saw and did: every 30th decision of each game.

    Returns:
        states float32 ``(N, 23)``, action masks bool ``(N, 7)``, actions int64 ``(N,)`` from 0 to 6, held_out.
    """
    games = history()
    return games.state, games.action_mask == 1, games.action.astype(np.int64), _held_out(_decision_games(games))


def transitions() -> tuple[np.ndarray, ...]:
    """Return the decisions together with the same seat's next one that was kept, as Q-learning wants them.

    Returns:
        states float32 ``(N, 23)``, masks bool ``(N, 7)``, actions int64 ``(N,)``, rewards float32 ``(N,)`` (0, at the end of a
        game 1 for the winner and -1 for the others), next_states and next_masks (of no meaning where done), done bool ``(N,)``
        (this was the seat's last decision), held_out.
    """
    played = history()
    game = _decision_games(played)
    place = np.arange(len(game))
    order = np.lexsort((place, played.decision_seat, game))  # a seat's decisions of a game behind each other
    seat_of_game = played.players * game + played.decision_seat
    following = np.roll(order, -1)
    done = np.empty(len(game), bool)
    done[order] = seat_of_game[order] != seat_of_game[following]
    done[order[-1]] = True
    after = np.empty(len(game), np.int64)
    after[order] = following
    won = played.winner[game] == played.decision_seat
    rewards = np.where(done, np.where(won, 1.0, -1.0), 0.0).astype(np.float32)
    masks = played.action_mask == 1
    actions = played.action.astype(np.int64)
    return played.state, masks, actions, rewards, played.state[after], masks[after], done, _held_out(game)


def owner_pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return games as pictures: who owned each of the 28 titles at 28 moments, four turns (a round) apart.

    Returns:
        pictures float32 ``(N, 28, 28)``: a row a moment, a column a title, 1 = mine, 0 = the bank's, -1 = a rival's;
        won float32 ``(N,)``; held_out. A row of the arrays is a seat still in the game at the last moment.
    """
    games = history()
    moments = PICTURE_STEP * np.arange(1, MOMENTS + 1)
    game, seat = _seats_after(games, int(moments[-1]))
    owner = games.owner[games.rows_at(moments)][game]  # (N, 28, 28)
    mine = owner == seat[:, np.newaxis, np.newaxis]
    pictures = np.where(mine, 1.0, np.where(owner < 0, 0.0, -1.0)).astype(np.float32)
    return pictures, _wins(games, game, seat), _held_out(game)


def holds(turn: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every living seat's hold on each of the ten groups after ``turn`` turns.

    Returns:
        holds float32 ``(N, 10)`` from 0 (nothing) to 1 (hotels everywhere); won float32 ``(N,)``; held_out.
    """
    games = history()
    game, seat = _seats_after(games, turn)
    return games.holds(games.rows_at(turn))[game, seat], _wins(games, game, seat), _held_out(game)


def best_groups(turn: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return holds after ``turn`` turns, and which group earned the seat most from there to the end.

    Returns:
        holds float32 ``(N, 20)``: mine on each group, then the strongest rival's; best_group int64 ``(N,)``, 0 to 9; held_out.
    """
    games = history()
    game, seat = _seats_after(games, turn)
    rent = games.rent_by_group(after_turn=turn)[game, seat]  # (rows, 10) dollars
    earns = rent.max(axis=1) > 0
    game, seat, rent = game[earns], seat[earns], rent[earns]
    all_holds = games.holds(games.rows_at(turn))  # (games, 4, 10)
    both = np.concatenate([all_holds[game, seat], strongest_rival(all_holds)[game, seat]], axis=1)
    return both, rent.argmax(axis=1), _held_out(game)


def net_worths(turns: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a seat's net worth after each of ``turns``; a row is a seat still in the game after the last of them.

    Returns:
        worth float32 ``(N, len(turns))`` in thousands of dollars; won float32 ``(N,)``; held_out.
    """
    games = history()
    game, seat = _seats_after(games, max(turns))
    return _worth(games, game, seat, np.array(turns)), _wins(games, game, seat), _held_out(game)


def forecasts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a seat's net worth in the last 20 turns and in the next 20, of one seat of each game after 60 and 100 turns.

    Returns:
        past float32 ``(N, 20, 1)``, future float32 ``(N, 20)``: thousands of dollars, less the net worth now; held_out.
    """
    games = history()
    blocks = []
    for number, now in enumerate((60, 100)):
        game, seat = _seats_after(games, now)
        keep = seat == (game + number) % games.players
        game, seat = game[keep], seat[keep]
        worth = _worth(games, game, seat, np.arange(now - 19, now + 21))  # (n, 40)
        worth -= worth[:, 19:20]
        blocks.append((worth[:, :20, np.newaxis], worth[:, 20:], _held_out(game)))
    past, future, held_out = (np.concatenate(each) for each in zip(*blocks, strict=True))
    return past, future, held_out


def whole_games(count: int) -> list[np.ndarray]:
    """Return the first ``count`` games, each float32 ``(steps, 2)``: my net worth and the richest rival's, every ten turns."""
    games = history()
    rows = [np.arange(games.turn_start[game], games.turn_start[game + 1], 10) for game in range(count)]
    worth = [games.net_worth[each] / 1000 for each in rows]  # each (steps, 4)
    return [np.stack([each[:, 0], each[:, 1:].max(axis=1)], axis=-1).astype(np.float32) for each in worth]


def _held_out(game: np.ndarray) -> np.ndarray:
    return game >= (1 - _HELD_OUT) * (game.max() + 1)


def _seats_after(games: History, turn: int) -> tuple[np.ndarray, np.ndarray]:
    """Return game and seat of every seat still alive after ``turn`` turns in a game that goes on, int64 ``(N,)`` each."""
    alive = games.alive[games.rows_at(turn)] & (games.turns > turn)[:, np.newaxis]  # (games, 4)
    game, seat = np.nonzero(alive)
    return game, seat


def _wins(games: History, game: np.ndarray, seat: np.ndarray) -> np.ndarray:
    """Return 1 for the rows whose seat wins its game and 0 for the others, float32 ``(N,)``."""
    return (games.winner[game] == seat).astype(np.float32)


def _worth(games: History, game: np.ndarray, seat: np.ndarray, turns: np.ndarray) -> np.ndarray:
    rows = games.rows_at(turns)[game]  # (N, len(turns))
    return (games.net_worth[rows, seat[:, np.newaxis]] / 1000).astype(np.float32)


def _decision_games(games: History) -> np.ndarray:
    """Return the game of every recorded decision, int64 ``(D,)``."""
    return np.repeat(np.arange(games.games), np.diff(games.decision_start))
