"""Who sits at the table: from what a user writes to the controllers of ``monopoly_env.stepping``."""

from collections.abc import Callable, Sequence

import numpy as np

from monopoly_env.bots import bot_number
from monopoly_env.stepping import LEARNER

# An opponent given as a function: (observation float32 (23,), action mask int8 (7,)) -> action.
Policy = Callable[[np.ndarray, np.ndarray], int]
Opponents = str | Policy | Sequence[str | Policy]


def opponent_list(opponents: Opponents, players: int) -> list[str | Policy]:
    """Return one opponent for each of the other ``players - 1`` seats, clockwise from the learner.

    Args:
        opponents: a bot's name or a function, for all seats; or one of them a seat, as a sequence or as names with commas.
        players: seats at the table, the learner's included.

    Raises:
        ValueError: an unknown name, something that is neither a name nor a function, or another number of opponents.
    """
    if isinstance(opponents, str) and "," in opponents:
        opponents = [name.strip() for name in opponents.split(",")]
    if isinstance(opponents, str) or callable(opponents):
        opponents = [opponents] * (players - 1)
    try:
        chosen = list(opponents)
    except TypeError:
        raise ValueError(
            f"opponents must be a bot's name, a function, or one of them a seat. Received: {opponents!r}"
        ) from None
    if len(chosen) != players - 1:
        raise ValueError(f"{players} players need {players - 1} opponents, or one for all. Received: {len(chosen)}")
    for opponent in chosen:
        if isinstance(opponent, str):
            bot_number(opponent)
        elif not callable(opponent):
            raise ValueError(f"An opponent is a bot's name or a function of observation and mask. Received: {opponent!r}")
    return chosen


def lineup_of(opponents: Sequence[str | Policy]) -> tuple[list[int], list[Policy]]:
    """Return the controllers of a table, the learner's first, and the functions behind the controllers -2, -3, ..."""
    policies: list[Policy] = []
    lineup = [LEARNER]
    for opponent in opponents:
        if isinstance(opponent, str):
            lineup.append(bot_number(opponent))
        else:
            policies.append(opponent)
            lineup.append(LEARNER - len(policies))
    return lineup, policies


def seat_number(seat: str | int, players: int) -> int:
    """Return the learner's seat, -1 for "random".

    Raises:
        ValueError: neither "random" nor a seat at this table.
    """
    if seat == "random":
        return -1
    if isinstance(seat, bool) or not isinstance(seat, int | np.integer) or not 0 <= seat < players:
        raise ValueError(f'seat must be "random" or an integer from 0 to {players - 1}. Received: {seat!r}')
    return int(seat)
