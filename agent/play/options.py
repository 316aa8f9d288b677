"""How a game is shown: what a saved game remembers of that."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass
class Options:
    """How the game is shown; kept in the saved game."""

    coach: bool = False
    open: bool = False
    log: str | None = None
    model: str | None = None  # of the coach, where no agent sits at the table

    def to_dict(self) -> dict[str, Any]:
        """Return the options as plain JSON values; ``from_dict`` reverses it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Options:
        """Rebuild options from parsed JSON; those that are missing have their defaults.

        Raises:
            TypeError, ValueError: they are something else.
        """
        options = cls(**values)
        switches, paths = (options.coach, options.open), (options.log, options.model)
        if not all(isinstance(value, bool) for value in switches):
            raise ValueError("coach and open are true or false")
        if not all(value is None or isinstance(value, str) for value in paths):
            raise ValueError("log and model are paths or null")
        return options
