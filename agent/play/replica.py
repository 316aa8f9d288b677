"""A game followed by its events alone: what the board looked like after each of them.

The engine plays several events at a time, and a log file holds nothing but events. ``follow`` keeps a record in step with
them, so that a watched or replayed game can be shown event by event. It keeps books; it knows no rules beyond that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from monopoly_env import board, cards
from monopoly_env.board import GROUP_OF, HOTEL, HOUSE_COST
from monopoly_env.events import EVENT_FIELDS, FROM_POT, OUT_BY_CARD, Event
from monopoly_env.game import BANK, CAPPED, CARD, DECIDED, FREE_PARKING_POT, JAIL_FEE, TAX, clear_offer, new_game
from monopoly_env.rules.debt import return_jail_card
from monopoly_env.rules.property import sell_title
from monopoly_env.text.events import titles_in


def replica_of(players: int, house_rules: Sequence[str], starting_cash: int, max_turns: int) -> np.record:
    """Return the record of a game before its first event."""
    return new_game(players, 0, house_rules=house_rules, starting_cash=starting_cash, max_turns=max_turns)


def follow(game: np.record, row: Sequence[int]) -> None:
    """Bring the record ``game`` up to date with one event ``(kind, seat, a, b, c, d, e)``."""
    kind, seat, *numbers = (int(number) for number in row)
    keeper = _KEEPERS.get(kind)
    if keeper is not None:
        keeper(game, seat, *numbers[: len(EVENT_FIELDS[Event(kind)])])
        _count_buildings(game)


def _count_buildings(game: np.record) -> None:
    game.hotels_left = board.HOTELS - int((game.houses == HOTEL).sum())
    game.houses_left = board.HOUSES - int(game.houses[game.houses < HOTEL].sum())


def _turn(game: np.record, seat: int, turns: int) -> None:
    game.turn, game.turns = seat, turns


def _roll(game: np.record, seat: int, first: int, second: int, doubles: int) -> None:
    game.dice[:] = first, second


def _move(game: np.record, seat: int, start: int, end: int) -> None:
    game.position[seat] = end


def _salary(game: np.record, seat: int, amount: int) -> None:
    game.cash[seat] += amount


def _card(game: np.record, seat: int, deck: int, card: int) -> None:
    if card == cards.JAIL_CARD[deck]:
        game.deck_size[deck] -= 1
        game.jail_card_holder[deck] = seat


def _pay(game: np.record, seat: int, creditor: int, amount: int, reason: int) -> None:
    game.cash[seat] -= amount
    if creditor != BANK:
        game.cash[creditor] += amount
    elif game.house_rules & FREE_PARKING_POT and reason in (TAX, CARD, JAIL_FEE):
        game.pot += amount


def _collect(game: np.record, seat: int, amount: int, source: int) -> None:
    game.cash[seat] += amount
    if source == FROM_POT:
        game.pot = 0


def _buy(game: np.record, seat: int, title: int, price: int) -> None:
    game.cash[seat] -= price
    game.owner[title] = seat


def _auction_open(game: np.record, seat: int, title: int) -> None:
    game.auction_title, game.auction_bid, game.auction_leader = title, 0, -1


def _bid(game: np.record, seat: int, title: int, amount: int) -> None:
    game.auction_bid, game.auction_leader = amount, seat


def _auction_won(game: np.record, seat: int, title: int, amount: int) -> None:
    _buy(game, seat, title, amount)
    game.auction_title = -1


def _auction_empty(game: np.record, seat: int, title: int) -> None:
    game.auction_title = -1


def _to_jail(game: np.record, seat: int, why: int) -> None:
    game.position[seat], game.jailed[seat], game.jail_rolls[seat] = board.JAIL, 1, 0


def _leave_jail(game: np.record, seat: int, how: int) -> None:
    game.jailed[seat], game.jail_rolls[seat] = 0, 0
    if how == OUT_BY_CARD:
        return_jail_card(game, int(np.flatnonzero(game.jail_card_holder == seat)[0]))


def _stay_in_jail(game: np.record, seat: int, tries: int) -> None:
    game.jail_rolls[seat] = tries


def _build(game: np.record, seat: int, title: int, level: int, cost: int) -> None:
    game.cash[seat] -= cost
    game.houses[title] = level


def _sell(game: np.record, seat: int, title: int, level: int, refund: int) -> None:
    # In a shortage of houses (R39) a sale takes the whole group down: the refund tells by how many levels.
    group = GROUP_OF[title]
    game.cash[seat] += refund
    game.houses[title] -= 1
    for _ in range(refund // (HOUSE_COST[group] // 2) - 1):
        game.houses[sell_title(game, seat, group)] -= 1


def _mortgage(game: np.record, seat: int, title: int, amount: int) -> None:
    game.cash[seat] += amount
    game.mortgaged[title] = 1


def _redeem(game: np.record, seat: int, title: int, cost: int) -> None:
    game.cash[seat] -= cost
    game.mortgaged[title] = 0


def _propose(game: np.record, seat: int, other: int, give: int, take: int, cash: int) -> None:
    game.offer_from, game.offer_to, game.offer_give, game.offer_take, game.offer_cash = seat, other, give, take, cash


def _accept(game: np.record, seat: int, proposer: int) -> None:
    game.cash[proposer] -= game.offer_cash
    game.cash[seat] += game.offer_cash
    for titles, owner in ((game.offer_give, seat), (game.offer_take, proposer)):
        game.owner[titles_in(titles)] = owner
    clear_offer(game)


def _refuse(game: np.record, seat: int, proposer: int) -> None:
    clear_offer(game)


def _bankrupt(game: np.record, seat: int, creditor: int) -> None:
    owned = np.flatnonzero(game.owner == seat)
    game.cash[seat] += int((game.houses[owned] * (HOUSE_COST[GROUP_OF[owned]] // 2)).sum())
    game.houses[owned] = 0
    game.alive[seat], game.jailed[seat], game.jail_rolls[seat] = 0, 0, 0
    held = np.flatnonzero(game.jail_card_holder == seat)
    if creditor == BANK:
        game.owner[owned] = BANK
        game.mortgaged[owned] = 0
        for deck in held:
            return_jail_card(game, int(deck))
    else:
        game.cash[creditor] += game.cash[seat]
        game.jail_card_holder[held] = creditor
    game.cash[seat] = 0


def _inherit(game: np.record, seat: int, other: int, title: int) -> None:
    game.owner[title] = seat


def _win(game: np.record, seat: int) -> None:
    game.over, game.winner, game.auction_title = DECIDED, seat, -1


def _cap(game: np.record, seat: int) -> None:
    game.over = CAPPED


_KEEPERS: dict[int, Callable[..., None]] = {
    int(event): globals()[f"_{event.name.lower()}"] for event in Event if f"_{event.name.lower()}" in globals()
}
