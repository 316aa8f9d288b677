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
from pathlib import Path
from typing import Any

import numpy as np

from monopoly_env import board, cards
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUPS, SQUARE_NAMES, TITLE_NAMES
from monopoly_env.game import BANK, DEFAULT_MAX_TURNS, FREE_PARKING_POT, check_players, house_rule_bits, new_game
from monopoly_env.situation.decision import PHASES, put_decision
from monopoly_env.situation.reading import MAX_DOLLARS, SituationError, check, find_square, find_titles, whole

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


@dataclass
class Situation:
    """A whole table. Seats are named by number or by the player's name.

    Attributes:
        players: 2 to 8 seats, clockwise.
        turn: whose turn it is.
        phase: "TURN" (before the roll) or the kind of decision that waits: "JAIL", "PURCHASE", "AUCTION", "MANAGE", "OFFER" or
            "LIQUIDATE".
        group: MANAGE: the group to stop at; None: the first where something can be done.
        auction: AUCTION: ``title``, and if there is a bid ``bid`` and ``leader``; ``bidders`` (default: everyone alive) and
            ``next`` (who is asked; default: left of the leader, else left of ``turn``).
        offer: OFFER, made by ``turn``: ``to``, ``give`` and ``take`` (names of titles), ``cash`` (dollars paid to the other
            side; negative: asked for). What the standing deal would be after 0 to 3 refusals counts as one refused so often
            (R48, R49), anything else as a free deal.
        debts: LIQUIDATE: a list of ``amount``, ``to`` (a seat; left out: the bank) and ``by`` (default: ``turn``), oldest
            first.
        doubles: doubles rolled in a row this turn, 0 to 2; above 0 the player rolls again.
        turns: the number of this turn.
        max_turns: turn cap (R59).
        house_rules: names out of ``monopoly_env.HOUSE_RULES``.
        pot: dollars in the pot (H1).
    """

    players: Sequence[Seat]
    turn: Index = 0
    phase: str = "TURN"
    group: str | None = None
    auction: Mapping[str, Any] | None = None
    offer: Mapping[str, Any] | None = None
    debts: Sequence[Mapping[str, Any]] = ()
    doubles: int = 0
    turns: int = 1
    max_turns: int = DEFAULT_MAX_TURNS
    house_rules: Sequence[str] | str = ()
    pot: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names by seat."""
        return tuple(seat.name or f"Seat {number}" for number, seat in enumerate(self.players))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Situation":
        """Return the situation in a JSON file.

        Raises:
            SituationError: no JSON, or not a situation; one line with the file's name.
            OSError: the file cannot be read.
        """
        try:
            return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_once))
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
            SituationError: unknown or missing names, or a situation that the rules forbid.
        """
        given = _known(cls, data, "A situation")
        check("players" in given, "A situation needs players: a list with one entry for each seat.")
        players = given["players"]
        check(isinstance(players, list | tuple), f"players must be a list. Received: {players!r}")
        given["players"] = [Seat(**_known(Seat, seat, f"Player {number}")) for number, seat in enumerate(players)]
        situation = cls(**given)
        situation.game(seed=0)
        return situation

    def game(self, seed: int | np.random.SeedSequence | None = None) -> np.record:
        """Return a game record in this situation.

        At "TURN" it stands before the roll: call ``advance``. Otherwise it waits for the decision. ``seed`` draws the dice
        to come and the order of the cards, which nobody at the table knows.

        Raises:
            SituationError: the rules forbid it; one line that names the rule.
        """
        for seat in self.players:
            check(isinstance(seat, Seat), f"A player is a Seat. Received: {seat!r}")
            check(seat.name is None or isinstance(seat.name, str), f"A name is text. Received: {seat.name!r}")
        max_turns = whole(self.max_turns, "max_turns", 1, 1_000_000, "R59")
        self._check_players_and_house_rules()
        try:
            game = new_game(len(self.players), seed, max_turns=max_turns, house_rules=self.house_rules)
        except (ValueError, TypeError):
            raise SituationError(f"seed must be a whole number, 0 or above, or None. Received: {seed!r}") from None
        check(len(set(self.names)) == len(self.names), f"Two players have one name. Received: {', '.join(self.names)}")
        game.cash[:] = 0
        for number, seat in enumerate(self.players):
            _put_seat(game, number, seat, self.names[number])
        check(game.alive.sum() >= 2, "A game is over once one player is left (R58).")
        for number, seat in enumerate(self.players):
            _put_titles(game, number, seat, self.names)
        for number, seat in enumerate(self.players):
            _put_mortgages(game, number, seat, self.names)
            _put_buildings(game, number, seat, self.names)
            _put_cards(game, number, seat, self.names)
        _check_groups(game)
        self._put_bank(game)
        check(self.phase in PHASES, f"phase must be one of {', '.join(PHASES)}. Received: {self.phase!r}")
        put_decision(game, self)
        return game

    def _check_players_and_house_rules(self) -> None:
        listed = isinstance(self.house_rules, Sequence | Set)
        check(listed, f"house_rules are a list of names. Received: {self.house_rules!r} (H1 to H4)")
        try:
            check_players(len(self.players))
        except ValueError as error:
            raise SituationError(f"{error} (R1)") from None
        try:
            house_rule_bits(self.house_rules)
        except ValueError as error:
            raise SituationError(f"{error} (H1 to H4)") from None

    def _put_bank(self, game: np.record) -> None:
        """Count what is left in the bank, and open its ledger with what is on the table."""
        houses = int(game.houses[game.houses < board.HOTEL].sum())
        hotels = int((game.houses == board.HOTEL).sum())
        check(houses <= board.HOUSES, f"{houses} houses stand on the board; there are {board.HOUSES} (R37).")
        check(hotels <= board.HOTELS, f"{hotels} hotels stand on the board; there are {board.HOTELS} (R37).")
        game.houses_left = board.HOUSES - houses
        game.hotels_left = board.HOTELS - hotels
        game.pot = whole(self.pot, "pot", 0, MAX_DOLLARS, "H1")
        check(
            game.pot == 0 or game.house_rules & FREE_PARKING_POT, "There is a pot under house rule free_parking_pot alone (H1)."
        )
        game.paid_in = 0
        game.paid_out = game.cash.sum() + game.pot


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SituationError(f"{twice!r} stands twice in one place.")
    return data


def _known(kind: type, data: Any, what: str) -> dict[str, Any]:
    """Return a dict whose keys are all fields of ``kind``."""
    known = [each.name for each in fields(kind)]
    check(isinstance(data, Mapping), f"{what} is an object with some of {', '.join(known)}. Received: {data!r}")
    for key in data:
        check(key in known, f"{what} has no {key!r}. Known: {', '.join(known)}.")
    return dict(data)


def _put_seat(game: np.record, number: int, seat: Seat, name: str) -> None:
    """Write whether a player is in the game, its cash and its place."""
    for flag in ("jailed", "bankrupt"):
        check(isinstance(getattr(seat, flag), bool), f"{flag} of {name} is true or false. Received: {getattr(seat, flag)!r}")
    if seat.bankrupt:
        left = seat.cash or seat.titles or seat.buildings or seat.mortgaged or seat.jail_cards or seat.jailed
        check(not left, f"{name} is bankrupt and cannot have cash, titles or cards, or be in jail (R56, R57).")
        game.alive[number] = 0
        return
    check(seat.cash is not None, f"{name} needs cash, in dollars.")
    game.cash[number] = whole(seat.cash, f"cash of {name}", 0, MAX_DOLLARS, "R51")
    square = find_square(seat.position)
    check(square != board.GO_TO_JAIL, f"{name} cannot stand on Go To Jail: that square sends it to jail (R18).")
    tries = whole(seat.jail_rolls, f"jail_rolls of {name}", 0, 2, "R33")
    check(seat.jailed or tries == 0, f"{name} is not in jail and has no failed tries there (R31).")
    if seat.jailed:
        check(square in (board.GO, board.JAIL), f"{name} is in jail and cannot stand on {SQUARE_NAMES[square]} (R29).")
        square = board.JAIL
    game.position[number] = square
    game.jailed[number] = seat.jailed
    game.jail_rolls[number] = tries


def _put_titles(game: np.record, number: int, seat: Seat, names: Sequence[str]) -> None:
    for title in find_titles(seat.titles, f"titles of {names[number]}"):
        owner = int(game.owner[title])
        holder = f"{names[owner]} and {names[number]}" if owner != number else f"{names[number]} twice"
        check(owner == BANK, f"{TITLE_NAMES[title]} is held by {holder}; there is one deed of each title (R1).")
        game.owner[title] = number


def _put_mortgages(game: np.record, number: int, seat: Seat, names: Sequence[str]) -> None:
    for title in find_titles(seat.mortgaged, f"mortgaged of {names[number]}"):
        check(
            game.owner[title] == number, f"{names[number]} cannot have mortgaged {TITLE_NAMES[title]} without holding it (R40)."
        )
        game.mortgaged[title] = 1


def _put_buildings(game: np.record, number: int, seat: Seat, names: Sequence[str]) -> None:
    what = f"buildings of {names[number]}"
    check(isinstance(seat.buildings, Mapping), f"{what} are given by street. Received: {seat.buildings!r}")
    built = set()
    for name, given in seat.buildings.items():
        level = whole(board.HOTEL if given == "hotel" else given, f"buildings on {name}", 0, board.HOTEL, "R36")
        for title in find_titles([name], what):
            group = GROUPS[GROUP_OF[title]]
            check(GROUP_OF[title] < board.STREET_GROUPS, f"{TITLE_NAMES[title]} is no street: nothing can stand on it (R34).")
            check(title not in built, f"The buildings on {TITLE_NAMES[title]} are given twice.")
            built.add(title)
            whole_group = (game.owner[GROUP_OF[title] == GROUP_OF] == number).all()
            check(level == 0 or whole_group, f"{names[number]} cannot build on {TITLE_NAMES[title]} without all {group} (R34).")
            game.houses[title] = level


def _put_cards(game: np.record, number: int, seat: Seat, names: Sequence[str]) -> None:
    listed = isinstance(seat.jail_cards, list | tuple)
    check(listed, f"jail_cards of {names[number]} are a list. Received: {seat.jail_cards!r}")
    for name in seat.jail_cards:
        decks = ", ".join(cards.DECK_NAMES)
        check(name in cards.DECK_NAMES, f"A jail card comes from one of {decks}. Received: {name!r} (R20)")
        deck = cards.DECK_NAMES.index(name)
        check(game.jail_card_holder[deck] == BANK, f"The jail card of {name} is held twice; there is one (R20).")
        check(bool(game.alive[number]), f"{names[number]} is bankrupt and cannot hold a card (R56, R57).")
        rest = [card for card in game.deck[deck] if card != cards.JAIL_CARD[deck]]
        game.deck[deck, : len(rest)] = rest
        game.deck_size[deck] = len(rest)
        game.jail_card_holder[deck] = number


def _check_groups(game: np.record) -> None:
    """Refuse buildings beside mortgages, and uneven ones."""
    for group in range(board.STREET_GROUPS):
        levels = game.houses[GROUP_FIRST[group] : GROUP_FIRST[group + 1]]
        mortgaged = game.mortgaged[GROUP_FIRST[group] : GROUP_FIRST[group + 1]].any()
        name = GROUPS[group]
        check(
            not (levels.any() and mortgaged),
            f"A street of the {name} group is mortgaged, so none can have buildings (R34, R40).",
        )
        even = levels.max() - levels.min() <= 1
        check(even, f"Building is even: the {name} group stands at {', '.join(map(str, levels))} (R35).")
