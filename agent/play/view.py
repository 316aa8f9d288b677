"""What there is to see of a game: made by the session, shown by a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.play.menu import Question
from agent.play.story import Line, Row
from monopoly_env.decision.decision import Decision
from monopoly_env.events import Event
from monopoly_env.game import CAPPED, DECIDED
from monopoly_env.text.events import dollars, sentence


@dataclass
class View:
    """Everything that a terminal shows."""

    game: np.record
    names: Sequence[str]
    kinds: Sequence[str]
    story: Sequence[Line]
    fresh: int = 0  # number of the first event that has not been shown yet
    question: Question | None = None
    coach: Sequence[str] = ()
    advice: Decision | None = None  # shown with its 23 floats where there is room
    thoughts: Sequence[str] = ()  # what the agents thought, in the open
    notice: str = ""
    status: str = ""
    roll: str = ""  # the last roll: "Ben rolled 3+4"
    dice: tuple[int, ...] = ()  # its dice
    card: str = ""  # the card that was drawn after it
    keys: str = ""  # what keys do, where keys and not lines are read

    @property
    def full_names(self) -> list[str]:
        """The names of the players, and who plays there: "Ben (agent)"."""
        return [name if kind == "me" else f"{name} ({kind})" for name, kind in zip(self.names, self.kinds, strict=True)]


def show_roll(view: View, rows: Sequence[Row]) -> None:
    """Put the last roll of ``rows`` into ``view``, and the card that it led to."""
    for row in reversed(rows):
        if row[0] == Event.CARD and not view.card:
            view.card = sentence(row, view.names)
        if row[0] == Event.ROLL:
            view.dice, view.roll = tuple(row[2:4]), f"{view.names[row[1]]} rolled {row[2] + row[3]}"
            return


def state_line(view: View) -> str:
    """Return how the game stands: the turn and what the bank has left, or who won."""
    game = view.game
    if game.over == DECIDED:
        return f"{view.names[game.winner]} won in turn {game.turns}."
    if game.over == CAPPED:
        return f"Stopped at the cap of {game.max_turns} turns."
    pot = f", pot {dollars(game.pot)}" if game.pot else ""
    return f"Turn {game.turns}. Bank: {game.houses_left} houses, {game.hotels_left} hotels{pot}."
