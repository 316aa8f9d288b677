"""Any situation at the table, written down by names and checked against the rules.

    from monopoly_env.situation.situation import Seat, Situation

    situation = Situation(
        players=[
            Seat("Ada", cash=420, titles=["orange", "Boardwalk"], buildings={"New York Avenue": 3, "St. James Place": 2, ...}),
            Seat("Bo", cash=150, titles=["Park Place"], mortgaged=["Park Place"], jailed=True),
        ],
        turn="Bo",
    )
    game = situation.game(seed=1)  # a game record: advance, legal_actions, apply, observe

``Situation.read("file.json")`` reads the same from a file (docs/SITUATIONS.md). What the rules forbid is a
``SituationError``: one line that names the rule.
"""

import json
import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from monopoly_env import board
from monopoly_env.game import DEFAULT_MAX_TURNS, check_players, house_rule_bits, new_games
from monopoly_env.situation.decision import PHASES, put_decision
from monopoly_env.situation.reading import NoDecisionError, Reading, SituationError, check, keys
from monopoly_env.situation.table import put_table

__all__ = ["NoDecisionError", "Seat", "Situation", "SituationError"]

Index = int | str  # a seat by number or name


@dataclass
class Seat:
    """One player.

    Attributes:
        name: any text; None: "Seat 0", "Seat 1", ...
        cash: dollars; needed unless the player is bankrupt.
        position: the square by number (0 = GO) or name; those that occur more than once by number alone.
        titles: names of titles held; the name of a group stands for all of its titles.
        buildings: level by street, 0 to 4 houses, 5 or "hotel"; the name of a group builds on all of its streets.
        mortgaged: names of titles held that are mortgaged; groups as well.
        jailed: in jail; the position is then Just Visiting's square.
        jail_rolls: failed tries for doubles in jail, 0 to 2.
        jail_cards: decks whose Get Out of Jail Free card the player holds, "Chance" or "Community Chest".
        bankrupt: out of the game.
        refusals: by group, how many of its offers for it were refused since one of its titles changed hands, 0 to 4 (R49).
    """

    name: str | None = None
    cash: int | None = None
    position: Index = board.GO
    titles: Sequence[str] = ()
    buildings: Mapping[str, int | str] = field(default_factory=dict)
    mortgaged: Sequence[str] = ()
    jailed: bool = False
    jail_rolls: int = 0
    jail_cards: Sequence[str] = ()
    bankrupt: bool = False
    refusals: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Situation:
    """A whole table. Seats are named by number or by the player's name.

    Attributes:
        players: 2 to 8 seats, clockwise.
        turn: whose turn it is.
        phase: "TURN" (before the roll) or the kind of decision that waits: "JAIL", "PURCHASE", "AUCTION", "MANAGE", "OFFER" or
            "LIQUIDATE".
        group: MANAGE, LIQUIDATE: the group that is asked about.
        from_group: the same, or the first one after it where something can be done: those before it were passed over. Default
            of both: from the first group on.
        auction: AUCTION: ``title``, and if there is a bid ``bid`` and ``leader``; ``bidders`` (default: everyone alive) and
            ``next`` (who is asked; default: left of the leader, else left of ``turn``). After a bankruptcy to the bank (R57)
            ``queue``, the titles to be auctioned next, and ``bankrupt``, whose they were (default: ``turn``).
        offer: OFFER, made by ``turn``: ``to``, ``give`` and ``take`` (names of titles), ``cash`` (dollars paid to the other
            side; negative: asked for). What TRADE would propose after 0 to 3 refusals counts as one refused so often
            (R48, R49), anything else as a free deal.
        debts: LIQUIDATE: a list of ``amount``, ``to`` (a seat; left out: the bank) and ``by`` (default: ``turn``), oldest
            first.
        plan: LIQUIDATE by choice (R54), in place of debts: ``buy``, the title that ``turn`` stands on, ``build``, a
            street, or ``{"leave": "jail"}``.
        doubles: doubles rolled in a row this turn, 0 to 2; above 0 the player rolls again.
        turns: the number of this turn.
        max_turns: turn cap (R59).
        house_rules: names out of ``monopoly_env.HOUSE_RULES``.
        pot: dollars in the pot (H1).
        strict: False: what the rules forbid but other programs have (uneven groups, mortgages beside buildings, cash below
            zero, 1.0 dollars) is mended or let stand.
        repairs: what was, a line each; filled by ``game``.
    """

    players: Sequence[Seat]
    turn: Index = 0
    phase: str = "TURN"
    group: str | None = None
    from_group: str | None = None
    auction: Mapping[str, Any] | None = None
    offer: Mapping[str, Any] | None = None
    debts: Sequence[Mapping[str, Any]] = ()
    plan: Mapping[str, str] | None = None
    doubles: int = 0
    turns: int = 1
    max_turns: int = DEFAULT_MAX_TURNS
    house_rules: Sequence[str] | str = ()
    pot: int = 0
    strict: bool = True
    repairs: list[str] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names by seat."""
        return tuple(seat.name or f"Seat {number}" for number, seat in enumerate(self.players))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Situation":
        """Return the situation in a JSON file.

        Raises:
            SituationError: no JSON, not a situation, or one that the rules forbid; one line with the file's name.
            OSError: the file cannot be read.
        """
        try:
            situation = cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_once))
            situation.game(seed=0)
            return situation
        except json.JSONDecodeError as error:
            text = f"{path} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        except UnicodeDecodeError:
            text = f"{path} is no JSON: it is no text in UTF-8."
        except RecursionError:
            text = f"{path} is no situation: it is nested too deeply."
        except SituationError as error:
            text = f"{path}: {error}"
        raise SituationError(text)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Situation":
        """Return the situation of a dict as JSON gives it: the attributes by name, ``players`` a list of dicts.

        Raises:
            SituationError: unknown or missing names.
        """
        given = _known(cls, data, "A situation")
        check("players" in given, "A situation needs players: a list with one entry for each seat.")
        players = given["players"]
        check(isinstance(players, list | tuple), f"players must be a list. Received: {players!r}")
        given["players"] = [Seat(**_known(Seat, seat, f"Player {number}")) for number, seat in enumerate(players)]
        return cls(**given)

    def game(self, seed: int | np.random.SeedSequence | None = None) -> np.record:
        """Return a game record in this situation.

        At "TURN" it stands before the roll: call ``advance``. Otherwise it waits for the decision. ``seed`` draws the dice
        to come and the order of the cards, which nobody at the table knows.

        Raises:
            NoDecisionError: the rules leave no choice where ``phase`` says that there is one.
            SituationError: the rules forbid it, or it is not written as a situation; one line that names the rule.
        """
        for seat in self.players:
            if not isinstance(seat, Seat):
                raise SituationError(f"A player is a Seat. Received: {seat!r}")
            if seat.name is not None and not isinstance(seat.name, str):
                raise SituationError(f"A name is text. Received: {seat.name!r}")
        if self.phase not in PHASES:
            raise SituationError(f"phase must be one of {', '.join(PHASES)}. Received: {self.phase!r}")
        check(isinstance(self.strict, bool), f"strict is true or false. Received: {self.strict!r}")
        reading = Reading(self.names, self.strict)
        self.repairs = reading.repairs
        if len(set(reading.names)) < len(reading.names):
            raise SituationError(f"Two players have one name. Received: {', '.join(reading.names)}")
        game = self._new_game(seed)
        game["house_rules"] = self._house_rules()
        game["max_turns"] = reading.number(self.max_turns, "max_turns", 1, 1_000_000, "R59")
        put_table(game, self, reading)
        put_decision(game, self, reading)
        return game

    def _new_game(self, seed: Any) -> np.record:
        try:
            check_players(len(self.players))
        except ValueError as error:
            raise SituationError(f"{error} (R1)") from None
        try:
            count = len(self.players)
            return (_fresh(count, seed).copy() if isinstance(seed, int) else new_games(1, count, [seed]))[0]
        except (ValueError, TypeError):
            raise SituationError(f"seed must be a whole number, 0 or above, or None. Received: {seed!r}") from None

    def _house_rules(self) -> int:
        listed = isinstance(self.house_rules, Sequence | Set)
        check(listed, f"house_rules are a list of names. Received: {self.house_rules!r} (H1 to H4)")
        try:
            return house_rule_bits(self.house_rules)
        except ValueError as error:
            raise SituationError(f"{error} (H1 to H4)") from None


@lru_cache(256)
def _fresh(players: int, seed: int) -> np.ndarray:
    """Return a new game ``(1,)``: who asks often asks with one seed."""
    return new_games(1, players, [seed])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SituationError(f"{twice!r} stands twice in one place.")
    return data


def _known(kind: type, data: Any, what: str) -> dict[str, Any]:
    """Return a dict whose keys are all fields of ``kind``."""
    return dict(keys(data, what, _FIELDS[kind]))


_FIELDS = {kind: [each.name for each in fields(kind) if each.init] for kind in (Seat, Situation)}
