"""Who sits where and by which rules: what the command line says, checked once, and what a saved game remembers."""

from __future__ import annotations

import dataclasses
import json
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.play.arguments import Wishes
from agent.play.errors import PlayError
from agent.players.registry import SEARCHER
from monopoly_env.board import STARTING_CASH
from monopoly_env.bots import BOTS
from monopoly_env.game import DEFAULT_MAX_TURNS, HOUSE_RULES, MAX_PLAYERS, MIN_PLAYERS, check_rules, new_game
from monopoly_env.render.ring import SIGNS

PERSON, AGENT = "me", "agent"
NETWORKS = (AGENT, SEARCHER)  # the kinds that play with a model
KINDS = (PERSON, *NETWORKS, *BOTS)
# One for each seat, with the seat's sign as its first letter.
_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")
_LONGEST_NAME = 14
_SEED_LIMIT = 2**63


@dataclass(frozen=True)
class Seat:
    """A place at the table: its kind (one of ``KINDS``), the player's name, and its network's model (None: the shipped one)."""

    kind: str
    name: str
    model: str | None = None


@dataclass(frozen=True)
class Setup:
    """Everything that decides how a game begins."""

    seats: tuple[Seat, ...]
    seed: int
    house_rules: tuple[str, ...] = ()
    starting_cash: int = STARTING_CASH
    max_turns: int = DEFAULT_MAX_TURNS

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names by seat."""
        return tuple(seat.name for seat in self.seats)

    @property
    def people(self) -> tuple[int, ...]:
        """The seats of the people."""
        return tuple(number for number, seat in enumerate(self.seats) if seat.kind == PERSON)

    def new_game(self) -> np.record:
        """Return the game at its start, with a log; people may do anything before their roll and at the end of their turn."""
        game = new_game(
            len(self.seats),
            self.seed,
            max_turns=self.max_turns,
            house_rules=self.house_rules,
            starting_cash=self.starting_cash,
        )
        game.logging = 1
        for seat in self.people:
            game.manual[seat] = game.manage_both[seat] = 1
        return game

    def to_dict(self) -> dict[str, Any]:
        """Return the setup as plain JSON values; ``from_dict`` reverses it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Setup:
        """Rebuild a setup from parsed JSON.

        Raises:
            PlayError: it does not describe a game.
        """
        try:
            kinds, names, models = ([seat[key] for seat in values["seats"]] for key in ("kind", "name", "model"))
            rules = ",".join(values["house_rules"])
            wishes = Wishes(
                ",".join(kinds),
                ",".join(names),
                [model for kind, model in zip(kinds, models, strict=True) if kind in NETWORKS],
                values["seed"],
                rules,
                values["starting_cash"],
                values["max_turns"],
            )
            known = {key: values[key] for key in ("seats", "seed", "house_rules", "starting_cash", "max_turns")}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PlayError(f"The description of the game is incomplete: {error!r}.") from error
        whole = all(type(values[key]) is int for key in ("seed", "starting_cash", "max_turns"))
        if not whole or not all(model is None or isinstance(model, str) for model in models):
            raise PlayError("The description of the game is wrong: its numbers are integers, its models paths or null.")
        try:
            setup = make_setup(wishes)
        except PlayError as error:
            raise PlayError(f"The description of the game is wrong. {error}") from error
        if json.dumps(setup.to_dict(), sort_keys=True) != json.dumps(known, sort_keys=True):
            raise PlayError("The description of the game is wrong: no game is described like that.")
        return setup


def make_setup(wishes: Wishes) -> Setup:
    """Check what was asked for and return the setup.

    Raises:
        PlayError: one line that says what is wrong and what was expected.
    """
    kinds = parse_kinds(wishes.seats)
    names = parse_names(wishes.names, kinds)
    models = _models(list(wishes.models), kinds)
    seed = secrets.randbelow(2**32) if wishes.seed is None else wishes.seed
    if not 0 <= seed < _SEED_LIMIT:
        raise PlayError(f"A seed is a number from 0 to 2^63 - 1. Received: --seed {seed}")
    rules = tuple(name.strip() for name in wishes.house_rules.split(",") if name.strip())
    for name in rules:
        if name not in HOUSE_RULES:
            raise PlayError(f"--house-rules takes names out of {', '.join(HOUSE_RULES)}. Received: {name}")
    seats = tuple(Seat(*each) for each in zip(kinds, names, models, strict=True))
    try:
        check_rules(wishes.max_turns, wishes.starting_cash)
    except ValueError as error:
        raise PlayError(str(error)) from error
    return Setup(seats, seed, rules, wishes.starting_cash, wishes.max_turns)


@dataclass
class Options:
    """How a game is shown. Commands at the table change it, and the game remembers it."""

    coach: bool = False
    open: bool = False
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
        if not isinstance(options.coach, bool) or not isinstance(options.open, bool):
            raise ValueError("coach and open are true or false")
        if options.model is not None and not isinstance(options.model, str):
            raise ValueError("the coach's model is a path or null")
        return options


def parse_kinds(text: str) -> list[str]:
    """Return the kinds of seats in ``text``, such as "me,agent,landlord".

    Raises:
        PlayError: an unknown kind, or not 2 to 8 of them.
    """
    kinds = [part.strip().lower() for part in text.split(",") if part.strip()]
    for kind in kinds:
        if kind not in KINDS:
            raise PlayError(f"A seat is one of {', '.join(KINDS)}. Received: --seats {text} ({kind})")
    if not MIN_PLAYERS <= len(kinds) <= MAX_PLAYERS:
        raise PlayError(
            f"Monopoly needs {MIN_PLAYERS} to {MAX_PLAYERS} seats. Received: --seats {text or chr(34) * 2} ({len(kinds)})"
        )
    return kinds


def parse_names(text: str | None, kinds: Sequence[str]) -> list[str]:
    """Return one name a seat; seats without a name in ``text`` (comma-separated) get their usual one.

    Raises:
        PlayError: too many names, two alike, or one that is too long or cannot be shown.
    """
    names = list(_FIRST_NAMES[: len(kinds)])
    people = [seat for seat, kind in enumerate(kinds) if kind == PERSON]
    for number, seat in enumerate(people):
        names[seat] = "You" if len(people) == 1 else f"Player {number + 1}"
    given = [] if text is None else [name.strip() for name in text.split(",")]
    if len(given) > len(kinds):
        raise PlayError(f"There are {len(kinds)} seats. Received: --names with {len(given)} names")
    for seat, name in enumerate(given):
        if name:
            names[seat] = _checked_name(name)
    if len({name.casefold() for name in names}) < len(names):
        raise PlayError(f"Every player needs a name of its own. Received: {', '.join(names)}")
    return names


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    plain = all(unicodedata.category(letter)[0] in "LNPSM" or letter == " " for letter in name)
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in name)
    if len(name) > _LONGEST_NAME or not plain or wide:
        raise PlayError(f"A name has up to {_LONGEST_NAME} letters of single width. Received: {name[:40]!r}")
    return name


def _models(models: list[str | None], kinds: Sequence[str]) -> list[str | None]:
    """Return the model of each seat: one given model serves all agents, several are dealt out in order."""
    agents = [seat for seat, kind in enumerate(kinds) if kind in NETWORKS]
    if models and not agents and PERSON not in kinds:
        raise PlayError(f"--model is for agents, searchers and a person's coach; here is none. Received: --model {models[0]}")
    if len(models) > 1 and len(models) != len(agents):  # one model without agents is the coach's
        raise PlayError(f"Give one --model for all agents, or one for each of the {len(agents)}. Received: {len(models)}")
    result: list[str | None] = [None] * len(kinds)
    for number, seat in enumerate(agents):
        if models:
            result[seat] = models[0] if len(models) == 1 else models[number]
    return result


def describe(setup: Setup) -> str:
    """Return the table on one line: "A You (me), B Ben (agent)"."""
    return ", ".join(f"{SIGNS[i]} {seat.name} ({seat.kind})" for i, seat in enumerate(setup.seats))
