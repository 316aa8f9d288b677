"""Who plays: from the opponents that a user writes to the controllers of ``monopoly_env.batch.step``."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from monopoly_env.batch.step import LEARNER
from monopoly_env.bots import bot_number
from monopoly_env.game import check_players, is_whole

SELF_PLAY = "self"  # an opponent that is the learner too

# An opponent given as a function: (observation float32 (23,), action mask int8 (7,)) -> action; with many games at once
# (observations (n, 23), action masks (n, 7)) -> actions (n,).
Policy = Callable[[np.ndarray, np.ndarray], int | np.ndarray]
Opponents = str | Policy | Sequence[str | Policy]


def opponent_list(opponents: Opponents, players: int, self_play: bool = False) -> list[str | Policy]:
    """Return one opponent for each of the other ``players - 1`` seats, clockwise from the learner.

    Args:
        opponents: a bot's name or a function, for all seats; or one of them a seat, as a sequence or as names with commas.
        players: seats in the game, the learner's included.
        self_play: whether ``"self"`` may stand for a name.

    Raises:
        ValueError: an unknown name, something that is neither a name nor a function, or another number of opponents.
    """
    if isinstance(opponents, str) and "," in opponents:
        opponents = opponents.split(",")
    if isinstance(opponents, str) or callable(opponents):
        opponents = [opponents] * (players - 1)
    method = "batch" if self_play else "act"  # of a player that is given in place of its function
    try:
        chosen = [each.strip() if isinstance(each, str) else each for each in opponents]
    except TypeError:
        raise ValueError(
            f"opponents must be a bot's name, a function, or one of them a seat. "
            f"Received: {opponents!r}{_hint(opponents, method)}"
        ) from None
    if len(chosen) != players - 1:
        raise ValueError(f"{players} players need {players - 1} opponents, or one for all. Received: {len(chosen)}")
    for opponent in chosen:
        if opponent == SELF_PLAY:
            if not self_play:
                raise ValueError(
                    f"Self-play (opponents={SELF_PLAY!r}) needs gymnasium.make_vec or monopoly_env.envs.pettingzoo."
                )
        elif isinstance(opponent, str):
            bot_number(opponent)
        elif not callable(opponent):
            raise ValueError(
                f"An opponent is a bot's name or a function of observation and mask. "
                f"Received: {opponent!r}{_hint(opponent, method)}"
            )
    return chosen


def _hint(opponent: object, method: str) -> str:
    """Return what to give in place of an object that plays by its method."""
    return f"; give its method {method}" if callable(getattr(opponent, method, None)) else ""


def seating_of(opponents: Sequence[str | Policy], policies: list[Policy]) -> list[int]:
    """Return the controllers of a game, the learner's first.

    Args:
        opponents: what ``opponent_list`` returned.
        policies: the functions behind the controllers -2, -3, ...; those that are new are added.
    """
    seating = [LEARNER]
    for opponent in opponents:
        if opponent == SELF_PLAY:
            seating.append(LEARNER)
        elif isinstance(opponent, str):
            seating.append(bot_number(opponent))
        else:
            if opponent not in policies:
                policies.append(opponent)
            seating.append(LEARNER - 1 - policies.index(opponent))
    return seating


def seatings_of(opponents: Opponents | Sequence[Opponents], players: int, count: int) -> tuple[list[list[int]], list[Policy]]:
    """Return the controllers of each of ``count`` games, and the functions among them; see ``seating_of``.

    Args:
        opponents: for all games alike as in ``opponent_list``; or a list with a list for each game.
        players: seats in a game; where each game has a list of its own, the list's length says it.
        count: number of games.

    Raises:
        ValueError: see ``opponent_list``; another number of lists; self-play and functions in one game.
    """
    lists: list[Any] = list(opponents) if isinstance(opponents, Sequence) else []
    if lists and all(isinstance(each, list | tuple) for each in lists):
        if len(lists) != count:
            raise ValueError(f"{count} games need {count} lists of opponents, or one for all. Received: {len(lists)} lists")
        chosen = [opponent_list(each, check_players(len(each) + 1), self_play=True) for each in lists]
    else:
        chosen = [opponent_list(cast(Opponents, opponents), players, self_play=True)] * count
    policies: list[Policy] = []
    seatings = [seating_of(each, policies) for each in chosen]
    if policies and any(seating.count(LEARNER) > 1 for seating in seatings):
        raise ValueError(
            f"Opponents are functions or {SELF_PLAY!r}, where the learner plays several seats; not both. Received: both"
        )
    return seatings, policies


def seat_number(seat: str | int, players: int) -> int:
    """Return the learner's seat, -1 for "random".

    Raises:
        ValueError: neither "random" nor a seat at this table.
    """
    if seat == "random":
        return -1
    if not is_whole(seat) or not 0 <= int(seat) < players:
        raise ValueError(f'seat must be "random" or an integer from 0 to {players - 1}. Received: {seat!r}')
    return int(seat)
