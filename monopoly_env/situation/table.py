"""What lies on the table in a situation (see ``situation.situation``): from names to the fields of the game record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from monopoly_env import board, cards
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, GROUPS, SQUARE_NAMES, TITLE_NAMES, TITLES
from monopoly_env.game import BANK, FREE_PARKING_POT, MAX_PLAYERS
from monopoly_env.situation.reading import MAX_DOLLARS, Reading, SituationError, check, find_group, find_square, find_titles
from monopoly_env.strength.composer import MOST_OFFERS

_GROUP_OF, _FIRST, _SIZE = GROUP_OF.tolist(), GROUP_FIRST.tolist(), GROUP_SIZE.tolist()  # quicker to read one by one


def _seats() -> list[int]:
    return [0] * MAX_PLAYERS


def _titles() -> list[int]:
    return [0] * TITLES


@dataclass
class _Table:
    """Fields of the record as lists, which are quicker to fill one by one."""

    alive: list[int] = field(default_factory=_seats)
    cash: list[int] = field(default_factory=_seats)
    position: list[int] = field(default_factory=_seats)
    jailed: list[int] = field(default_factory=_seats)
    jail_rolls: list[int] = field(default_factory=_seats)
    owner: list[int] = field(default_factory=lambda: [BANK] * TITLES)
    houses: list[int] = field(default_factory=_titles)
    mortgaged: list[int] = field(default_factory=_titles)


def put_table(game: np.record, situation: Any, reading: Reading) -> None:
    """Write seats, titles, cards and the bank into ``game``, a new one.

    Raises:
        SituationError: the rules forbid it.
    """
    table = _Table()
    for number, seat in enumerate(situation.players):
        _put_seat(table, number, seat, reading)
        _put_titles(table, number, seat, reading)
    check(sum(table.alive) >= 2, "A game is over once one player is left (R58).")
    for number, seat in enumerate(situation.players):
        if seat.mortgaged:
            _put_mortgages(table, number, seat, reading)
        if seat.buildings or not isinstance(seat.buildings, Mapping):
            _put_buildings(table, number, seat, reading)
        if seat.jail_cards != ():
            _put_cards(game, table, number, seat, reading)
        if seat.refusals or not isinstance(seat.refusals, Mapping):
            _put_refusals(game, number, seat, reading)
    _check_groups(table, reading)
    for name, values in vars(table).items():
        game[name] = values
    _put_bank(game, table, situation, reading)


def _put_seat(table: _Table, number: int, seat: Any, reading: Reading) -> None:
    """Write whether a player is in the game, its cash and its place."""
    name = reading.names[number]
    for flag, given in (("jailed", seat.jailed), ("bankrupt", seat.bankrupt)):
        if not isinstance(given, bool):
            raise SituationError(f"{flag} of {name} is true or false. Received: {given!r}")
    if seat.bankrupt:
        left = seat.cash or seat.titles or seat.buildings or seat.mortgaged or seat.jail_cards or seat.jailed
        check(not left, f"{name} is bankrupt and cannot have cash, titles or cards, or be in jail (R56, R57).")
        return
    check(seat.cash is not None, f"{name} needs cash, in dollars.")
    table.alive[number] = 1
    table.cash[number] = reading.number(seat.cash, f"cash of {name}", 0, MAX_DOLLARS, "R51")
    if reading.repairs and table.cash[number] == 0 > seat.cash:
        reading.owed[number] = -int(seat.cash // 1)
    square = find_square(seat.position)
    reading.allow(square != board.GO_TO_JAIL, f"{name} cannot stand on Go To Jail: that square sends it to jail (R18).")
    tries = reading.number(seat.jail_rolls, f"jail_rolls of {name}", 0, 2, "R33")
    if seat.jailed:
        at_jail = square in (board.GO, board.JAIL)
        reading.allow(at_jail, f"{name} is in jail and cannot stand on {SQUARE_NAMES[square]} (R29).", "put there")
        square = board.JAIL
    elif tries:
        reading.allow(False, f"{name} is not in jail and has no failed tries there (R31).", "read as 0")
        tries = 0
    table.position[number], table.jailed[number], table.jail_rolls[number] = square, int(seat.jailed), tries


def _put_titles(table: _Table, number: int, seat: Any, reading: Reading) -> None:
    names = reading.names
    for title in find_titles(seat.titles, f"titles of {names[number]}"):
        owner = table.owner[title]
        if owner != BANK:
            holder = f"{names[owner]} and {names[number]}" if owner != number else f"{names[number]} twice"
            raise SituationError(f"{TITLE_NAMES[title]} is held by {holder}; there is one deed of each title (R1).")
        table.owner[title] = number


def _put_mortgages(table: _Table, number: int, seat: Any, reading: Reading) -> None:
    name = reading.names[number]
    for title in find_titles(seat.mortgaged, f"mortgaged of {name}"):
        if table.owner[title] != number:
            raise SituationError(f"{name} cannot have mortgaged {TITLE_NAMES[title]} without holding it (R40).")
        table.mortgaged[title] = 1


def _put_buildings(table: _Table, number: int, seat: Any, reading: Reading) -> None:
    holder = reading.names[number]
    what = f"buildings of {holder}"
    check(isinstance(seat.buildings, Mapping), f"{what} are given by street. Received: {seat.buildings!r}")
    built = set()
    for name, given in seat.buildings.items():
        level = reading.number(board.HOTEL if given == "hotel" else given, f"buildings on {name}", 0, board.HOTEL, "R36")
        for title in find_titles([name], what):
            group = _GROUP_OF[title]
            if group >= board.STREET_GROUPS:
                raise SituationError(f"{TITLE_NAMES[title]} is no street: nothing can stand on it (R34).")
            if title in built:
                raise SituationError(f"The buildings on {TITLE_NAMES[title]} are given twice.")
            built.add(title)
            if level and table.owner[_FIRST[group] : _FIRST[group + 1]] != [number] * _SIZE[group]:
                text = f"{holder} cannot build on {TITLE_NAMES[title]} without all {GROUPS[group]} (R34)."
                reading.allow(False, text, "left out")
                continue
            table.houses[title] = level


def _put_cards(game: np.record, table: _Table, number: int, seat: Any, reading: Reading) -> None:
    holder = reading.names[number]
    listed = isinstance(seat.jail_cards, list | tuple)
    check(listed, f"jail_cards of {holder} are a list. Received: {seat.jail_cards!r}")
    for name in seat.jail_cards:
        decks = ", ".join(cards.DECK_NAMES)
        check(name in cards.DECK_NAMES, f"A jail card comes from one of {decks}. Received: {name!r} (R20)")
        deck = cards.DECK_NAMES.index(name)
        check(game.jail_card_holder[deck] == BANK, f"The jail card of {name} is held twice; there is one (R20).")
        check(bool(table.alive[number]), f"{holder} is bankrupt and cannot hold a card (R56, R57).")
        rest = [card for card in game.deck[deck] if card != cards.JAIL_CARD[deck]]
        game.deck[deck, : len(rest)] = rest
        game.deck_size[deck] = len(rest)
        game.jail_card_holder[deck] = number


def _put_refusals(game: np.record, number: int, seat: Any, reading: Reading) -> None:
    what = f"refusals of {reading.names[number]}"
    check(isinstance(seat.refusals, Mapping), f"{what} are given by group. Received: {seat.refusals!r}")
    for name, count in seat.refusals.items():
        group = find_group(name, f"A group of the {what}")
        game.refusals[number, group] = reading.number(count, f"refusals for {name}", 0, MOST_OFFERS, "R49")


def _check_groups(table: _Table, reading: Reading) -> None:
    """See to buildings beside mortgages, and to uneven ones."""
    if not any(table.houses):
        return
    for group in range(board.STREET_GROUPS):
        streets = slice(_FIRST[group], _FIRST[group + 1])
        levels = table.houses[streets]
        if not any(levels):
            continue
        if any(table.mortgaged[streets]):
            reading.allow(False, f"A street of the {GROUPS[group]} group is mortgaged, so none can have buildings (R34, R40).")
        if max(levels) - min(levels) > 1:
            stand = ", ".join(map(str, levels))
            reading.allow(False, f"Building is even: the {GROUPS[group]} group stands at {stand} (R35).")


def _put_bank(game: np.record, table: _Table, situation: Any, reading: Reading) -> None:
    """Count what is left in the bank, and open its ledger with what is on the table."""
    hotels = table.houses.count(board.HOTEL)
    houses = sum(table.houses) - board.HOTEL * hotels
    for count, there, kind in ((houses, board.HOUSES, "houses"), (hotels, board.HOTELS, "hotels")):
        reading.allow(count <= there, f"{count} {kind} stand on the board; there are {there} (R37).")
    game["houses_left"], game["hotels_left"] = max(board.HOUSES - houses, 0), max(board.HOTELS - hotels, 0)
    pot = reading.number(situation.pot, "pot", 0, MAX_DOLLARS, "H1")
    if pot and not game.house_rules & FREE_PARKING_POT:
        reading.allow(False, "There is a pot under house rule free_parking_pot alone (H1).", "left out")
        pot = 0
    game["pot"], game["paid_in"], game["paid_out"] = pot, 0, sum(table.cash) + pot
