"""What the command line asks for, with its defaults: said here and nowhere else, without loading anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

DEFAULT_SEATS = "me,agent,agent,agent"
LEVELS = {"easy": "me,fp-a,fp-b,fp-c", "normal": DEFAULT_SEATS, "hard": "me,searcher,searcher,searcher"}


@dataclass
class Wishes:
    """The table that is asked for; ``agent.play.setup.make_setup`` checks it."""

    seats: str = DEFAULT_SEATS
    names: str | None = None
    models: Sequence[str | None] = ()
    seed: int | None = None
    house_rules: str = ""
    starting_cash: int = 1500
    max_turns: int = 1000


@dataclass
class Arguments:
    """The whole command line."""

    wishes: Wishes = field(default_factory=Wishes)
    game: str | None = None
    coach: bool = False
    open: bool = False
    plain: bool = False
    fast: bool = False
    serve: bool = False
    port: int = 8000
    watch: bool = False
    speed: float = 3.0
    save: str | None = None
    resume: bool = False
    list: bool = False
    log: str | None = None
    replay: str | None = None
    html: str | None = None
    record: bool = False
