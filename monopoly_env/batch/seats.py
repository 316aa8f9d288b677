"""Who sits at the table: from what a user writes to the controllers of ``monopoly_env.batch.step``."""

from collections.abc import Callable, Sequence

import numpy as np

from monopoly_env.batch.step import LEARNER
from monopoly_env.bots import bot_number
from monopoly_env.game import is_whole

SELF_PLAY = "self"  # an opponent that is the learner too

# An opponent given as a function: (observation float32 (23,), action mask int8 (7,)) -> action.
Policy = Callable[[np.ndarray, np.ndarray], int]
Opponents = str | Policy | Sequence[str | Policy]


def opponent_list(opponents: Opponents, players: int, self_play: bool = False) -> list[str | Policy]:
    """Return one opponent for each of the other ``players - 1`` seats, clockwise from the learner.

    Args:
        opponents: a bot's name or a function, for all seats; or one of them a seat, as a sequence or as names with commas.
        players: seats at the table, the learner's included.
        self_play: whether ``"self"`` may stand for a name.

    Raises:
        ValueError: an unknown name, something that is neither a name nor a function, or another number of opponents.
    """
    if isinstance(opponents, str) and "," in opponents:
        opponents = opponents.split(",")
    if isinstance(opponents, str) or callable(opponents):
        opponents = [opponents] * (players - 1)
    try:
        chosen = [each.strip() if isinstance(each, str) else each for each in opponents]
    except TypeError:
        raise ValueError(
            f"opponents must be a bot's name, a function, or one of them a seat. Received: {opponents!r}{_hint(opponents)}"
        ) from None
    if len(chosen) != players - 1:
        raise ValueError(f"{players} players need {players - 1} opponents, or one for all. Received: {len(chosen)}")
    for opponent in chosen:
        _check(opponent, self_play)
    return chosen


def _check(opponent: str | Policy, self_play: bool) -> None:
    if opponent == SELF_PLAY:
        if not self_play:
            raise ValueError(f"Self-play (opponents={SELF_PLAY!r}) needs gymnasium.make_vec or monopoly_env.envs.pettingzoo.")
    elif isinstance(opponent, str):
        bot_number(opponent)
    elif not callable(opponent):
        raise ValueError(
            f"An opponent is a bot's name or a function of observation and mask. Received: {opponent!r}{_hint(opponent)}"
        )


def _hint(opponent: object) -> str:
    """Return what to give in place of an object that plays by its method ``act``."""
    return "; give its method act" if callable(getattr(opponent, "act", None)) else ""


def seating_of(opponents: Sequence[str | Policy]) -> tuple[list[int], list[Policy]]:
    """Return the controllers of a table, the learner's first, and the functions behind the controllers -2, -3, ..."""
    policies: list[Policy] = []
    seating = [LEARNER]
    for opponent in opponents:
        if opponent == SELF_PLAY:
            seating.append(LEARNER)
        elif isinstance(opponent, str):
            seating.append(bot_number(opponent))
        else:
            policies.append(opponent)
            seating.append(LEARNER - len(policies))
    return seating, policies


def seat_number(seat: str | int, players: int) -> int:
    """Return the learner's seat, -1 for "random".

    Raises:
        ValueError: neither "random" nor a seat at this table.
    """
    if seat == "random":
        return -1
    if not is_whole(seat) or not 0 <= seat < players:
        raise ValueError(f'seat must be "random" or an integer from 0 to {players - 1}. Received: {seat!r}')
    return int(seat)
