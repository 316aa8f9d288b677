"""Settling debts, raising cash by need and by choice, bankruptcy (R51 to R58)."""

from monopoly_env.actions import LIQUIDATE, MORTGAGE, NONE, SELL
from monopoly_env.board import GROUP_BITS, GROUP_OF, GROUPS, HOUSE_COST, JAIL_FEE, PRICE, TITLES
from monopoly_env.board import INTEREST as TITLE_INTEREST
from monopoly_env.cards import JAIL_CARD
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_BANKRUPT, E_INHERIT, E_WIN, emit
from monopoly_env.game import BANK, DECIDED, INTEREST, NO_PLAN, NO_TRADES, PLAN_BUILD, PLAN_PURCHASE, clear_offer
from monopoly_env.rules.money import drop_debt, from_bank, owe, pay, tell_oldest_debt, to_bank
from monopoly_env.rules.property import (
    can_raise,
    give_title,
    mortgage,
    mortgage_title,
    raisable,
    sell,
    sell_title,
    titles_of,
)

_GROUPS = len(GROUPS)


@kernel
def needed(game):
    """Return the dollars that are being raised: for the oldest debt (R52), or for what is wanted (R54)."""
    if game.debts > 0:
        return game.amount[0]
    if game.plan == PLAN_BUILD:
        return HOUSE_COST[GROUP_OF[game.plan_title]]
    if game.plan == PLAN_PURCHASE:
        return PRICE[game.plan_title]
    return JAIL_FEE if game.plan != NO_PLAN else 0


@kernel
def spared_group(game):
    """Return the group that is left alone while cash is raised: the one that is to be built on (R54), or -1."""
    return GROUP_OF[game.plan_title] if game.debts == 0 and game.plan == PLAN_BUILD else -1


@kernel
def ask_to_raise(game, seat):
    """Open LIQUIDATE at the next group that could bring cash. Return False when none is left this time round."""
    mine, spared = titles_of(game, seat), spared_group(game)
    while game.raise_group < _GROUPS:
        group = game.raise_group
        held = group != spared and mine & GROUP_BITS[group]
        if held and (sell_title(game, seat, group) >= 0 or mortgage_title(game, seat, group) >= 0):
            game.phase = LIQUIDATE
            game.actor = seat
            game.table_group = group
            return True
        game.raise_group += 1
    return False


@kernel
def apply_liquidate(game, action):
    """Carry out SELL, MORTGAGE or PASS on the table group."""
    seat, group = game.actor, game.table_group
    game.phase = NONE
    if action == SELL:
        sell(game, seat, sell_title(game, seat, group))
    elif action == MORTGAGE:
        mortgage(game, seat, mortgage_title(game, seat, group))
    else:
        game.raise_group = group + 1 if group >= 0 else _GROUPS


@kernel
def _ask_to_deal(game, seat, amount):
    """Let a person that the bank's money cannot save sell titles to rivals, if these have as much (R52); False: it is lost."""
    if not game.manual[seat] or game.raise_group >= _GROUPS or game.house_rules & NO_TRADES:
        return False
    total = raisable(game, seat, -1)
    for player in range(game.players):
        total += game.cash[player]
    if total < amount or titles_of(game, seat) == 0:
        return False
    game.phase = LIQUIDATE
    game.actor = seat
    game.table_group = -1
    return True


@kernel
def _forced_sale(game, seat):
    """Sell one building or mortgage one title of a player that declined every way to do so (R53)."""
    for group in range(_GROUPS):
        title = sell_title(game, seat, group)
        if title >= 0:
            sell(game, seat, title)
            return
        title = mortgage_title(game, seat, group)
        if title >= 0:
            mortgage(game, seat, title)
            return


@kernel
def settle_debt(game):
    """Settle the oldest debt, or ask its debtor to raise the cash."""
    seat, creditor, amount = game.debtor[0], game.creditor[0], game.amount[0]
    if not can_raise(game, seat, amount, -1):
        if not _ask_to_deal(game, seat, amount):
            bankrupt(game, seat, creditor)
        return
    if game.cash[seat] < amount:
        if not ask_to_raise(game, seat):
            _forced_sale(game, seat)  # one step: the engine comes back here, and the log has room for it
        return
    reason = game.reason[0]
    drop_debt(game, 0)
    game.raise_group = 0
    pay(game, seat, creditor, amount, reason)
    tell_oldest_debt(game)


@kernel
def bankrupt(game, seat, creditor):
    """Take a player out of the game (R56, R57); the last one left wins (R58)."""
    emit(game, E_BANKRUPT, seat, creditor)
    for title in range(TITLES):
        while game.owner[title] == seat and game.houses[title] > 0:
            _return_building(game, seat, title)
    game.alive[seat] = 0
    for row in range(game.debts - 1, -1, -1):
        if game.debtor[row] == seat or game.creditor[row] == seat:
            drop_debt(game, row)
    others_wait = game.debts > 0
    game.raise_group = 0
    if creditor == BANK:
        _surrender_to_bank(game, seat)
    else:
        _surrender_to_player(game, seat, creditor)
    game.jailed[seat] = 0
    game.jail_rolls[seat] = 0
    _end_if_one_left(game)
    if others_wait:  # else the first new one has been told of
        tell_oldest_debt(game)


@kernel
def _return_building(game, seat, title):
    # All of the player's buildings go back in one piece, so a hotel needs no houses in exchange.
    level = game.houses[title]
    if level == 5:
        game.hotels_left += 1
    else:
        game.houses_left += level
    game.houses[title] = 0
    from_bank(game, seat, level * (HOUSE_COST[GROUP_OF[title]] // 2))


@kernel
def _surrender_to_bank(game, seat):
    to_bank(game, seat, game.cash[seat])
    for deck in range(2):
        if game.jail_card_holder[deck] == seat:
            return_jail_card(game, deck)
    game.auction_start = seat
    for title in range(TITLES):
        if game.owner[title] == seat:
            game.mortgaged[title] = 0
            game.auction_queue[title] = 1
            give_title(game, title, BANK)


@kernel
def _surrender_to_player(game, seat, creditor):
    game.cash[creditor] += game.cash[seat]
    game.cash[seat] = 0
    for deck in range(2):
        if game.jail_card_holder[deck] == seat:
            game.jail_card_holder[deck] = creditor
    interest = 0
    for title in range(TITLES):
        if game.owner[title] == seat:
            give_title(game, title, creditor)
            emit(game, E_INHERIT, creditor, seat, title)
            if game.mortgaged[title]:
                interest += TITLE_INTEREST[title]
    owe(game, creditor, BANK, interest, INTEREST)  # R43


@kernel
def return_jail_card(game, deck):
    """Put a held Get Out of Jail Free card under its deck (R20)."""
    game.jail_card_holder[deck] = BANK
    game.deck[deck, game.deck_size[deck]] = JAIL_CARD[deck]
    game.deck_size[deck] += 1


@kernel
def _end_if_one_left(game):
    living = 0
    last = -1
    for seat in range(game.players):
        if game.alive[seat]:
            living += 1
            last = seat
    if living > 1:
        return
    game.over = DECIDED
    game.winner = last
    game.phase = NONE
    game.debts = 0
    game.plan = NO_PLAN
    game.auction_title = -1
    game.auction_queue[:] = 0
    game.received = 0
    clear_offer(game)
    emit(game, E_WIN, last)
