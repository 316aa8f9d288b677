"""What the square under the token does: rent, taxes, cards, purchase, jail (R7 to R29, R54)."""

from monopoly_env import cards
from monopoly_env.actions import BUY, NONE, PURCHASE
from monopoly_env.board import (
    DECK_AT,
    FREE_PARKING,
    GO,
    GO_TO_JAIL,
    GROUP_OF,
    HOTEL,
    INCOME_TAX,
    INCOME_TAX_DUE,
    JAIL,
    LUXURY_TAX,
    LUXURY_TAX_DUE,
    PRICE,
    RAILROADS,
    SALARY,
    SQUARES,
    TITLE_AT,
    TITLES,
    UTILITIES,
)
from monopoly_env.board import IN_JAIL as IN_JAIL_SQUARE
from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import below
from monopoly_env.events import (
    E_BUY,
    E_CARD,
    E_COLLECT,
    E_DECLINE,
    E_MOVE,
    E_RENT,
    E_ROLL,
    E_SALARY,
    E_TO_JAIL,
    FROM_BANK_CARD,
    FROM_POT,
    JAIL_CARD,
    JAIL_SQUARE,
    WHY_BASE,
    WHY_CARD_DICE,
    WHY_CARD_RAILROAD,
    WHY_DICE,
    WHY_GROUP,
    WHY_HOUSES,
    WHY_RAILROADS,
    emit,
)
from monopoly_env.game import (
    AFTER,
    BANK,
    BUYING,
    CARD,
    DOUBLE_RAILROAD,
    DOUBLE_SALARY,
    FREE_PARKING_POT,
    LAND,
    MANAGING,
    PLAN_PURCHASE,
    RENT,
    TAX,
    TEN_TIMES,
    USUAL_RENT,
    next_seat,
)
from monopoly_env.rules.auction import open_auction
from monopoly_env.rules.money import collect, from_bank, owe, to_bank
from monopoly_env.rules.property import can_raise, give_title, held, holds_group, rent_due


@kernel
def roll(game, seat):
    """Roll two dice into ``game.dice``. Return their sum."""
    both = below(game.rng, 36)
    game.dice[0] = 1 + both // 6
    game.dice[1] = 1 + both % 6
    emit(game, E_ROLL, seat, game.dice[0], game.dice[1], game.doubles)
    return game.dice[0] + game.dice[1]


@kernel
def move_to(game, seat, square, forward):
    """Put the token on ``square``; forward over or onto GO earns the salary (R3)."""
    start = game.position[seat]
    game.position[seat] = square
    emit(game, E_MOVE, seat, start, square)
    if forward and square <= start:
        salary = SALARY
        if square == GO and game.house_rules & DOUBLE_SALARY:  # H2
            salary = 2 * SALARY
        from_bank(game, seat, salary)
        emit(game, E_SALARY, seat, salary)
    game.stage = LAND


@kernel
def go_to_jail(game, seat, why):
    """Send a player to jail; its turn ends with managing (R29)."""
    game.position[seat] = JAIL
    game.jailed[seat] = 1
    game.jail_rolls[seat] = 0
    game.doubles = 0
    game.visits[IN_JAIL_SQUARE] += 1
    game.stage = MANAGING
    game.manage_group = 0
    emit(game, E_TO_JAIL, seat, why)


@kernel
def land(game):
    """Settle the square under the token of the seat whose turn it is."""
    seat = game.turn
    square = game.position[seat]
    game.stage = AFTER
    if square == GO_TO_JAIL:  # R18
        go_to_jail(game, seat, JAIL_SQUARE)
        return
    if DECK_AT[square] >= 0:
        _draw(game, seat, DECK_AT[square])
        if game.stage != AFTER:  # the token has moved on
            return
    game.visits[square] += 1
    if TITLE_AT[square] >= 0:
        _land_on_title(game, seat, TITLE_AT[square])
    elif square == INCOME_TAX:  # R15
        owe(game, seat, BANK, INCOME_TAX_DUE, TAX)
    elif square == LUXURY_TAX:  # R16
        owe(game, seat, BANK, LUXURY_TAX_DUE, TAX)
    elif square == FREE_PARKING and game.house_rules & FREE_PARKING_POT and game.pot > 0:  # H1
        amount = game.pot
        game.pot = 0
        game.cash[seat] += amount  # not through the ledger: the pot is the players' money
        emit(game, E_COLLECT, seat, amount, FROM_POT)
    game.card_rent = USUAL_RENT  # GO, Just Visiting and an empty Free Parking do nothing (R17)


@kernel
def _land_on_title(game, seat, title):
    owner = game.owner[title]
    if owner == BANK:
        game.stage = BUYING
        return
    if owner == seat or game.mortgaged[title]:  # R9, R41
        return
    group = GROUP_OF[title]
    if game.card_rent == TEN_TIMES and group == UTILITIES:  # R23
        rent = 10 * roll_again(game, seat)
    else:
        rent = rent_due(game, title, game.dice[0] + game.dice[1], game.card_rent)
    _tell_rent(game, seat, title, rent)
    owe(game, seat, owner, rent, RENT)


@kernel
def offer_title(game):
    """Ask whether the unowned title under the token is bought (R7), or auction it where its price cannot be raised (R8)."""
    seat = game.turn
    title = TITLE_AT[game.position[seat]]
    if can_raise(game, seat, PRICE[title], -1):
        game.phase = PURCHASE
        game.actor = seat
        game.table_group = GROUP_OF[title]
    else:
        game.stage = AFTER
        open_auction(game, title, seat)


@kernel
def roll_again(game, seat):
    """Roll for a utility rent (R23); the roll moves nobody, and the dice of the turn are kept."""
    first, second = game.dice[0], game.dice[1]
    total = roll(game, seat)
    game.dice[0] = first
    game.dice[1] = second
    return total


@kernel
def _tell_rent(game, seat, title, rent):
    owner = game.owner[title]
    group = GROUP_OF[title]
    why, number = WHY_BASE, 0
    if group == RAILROADS:
        why = WHY_CARD_RAILROAD if game.card_rent == DOUBLE_RAILROAD else WHY_RAILROADS
        number = held(game, owner, group)
    elif group == UTILITIES:
        why = WHY_CARD_DICE if game.card_rent == TEN_TIMES else WHY_DICE
        number = held(game, owner, group)
    elif game.houses[title] > 0:
        why, number = WHY_HOUSES, game.houses[title]
    elif holds_group(game, owner, group):
        why = WHY_GROUP
    emit(game, E_RENT, seat, owner, game.position[seat], rent, why, number)


@kernel
def _draw(game, seat, deck):
    """Draw the top card and carry it out (R19 to R28)."""
    card = game.deck[deck, 0]
    kind, a, b = cards.CARD[deck, card, 0], cards.CARD[deck, card, 1], cards.CARD[deck, card, 2]
    size = game.deck_size[deck]
    for place in range(1, size):
        game.deck[deck, place - 1] = game.deck[deck, place]
    emit(game, E_CARD, seat, deck, card)
    if kind == cards.KEEP:  # R20
        game.deck_size[deck] = size - 1
        game.jail_card_holder[deck] = seat
        return
    game.deck[deck, size - 1] = card  # R19
    square = game.position[seat]
    if kind == cards.ADVANCE:  # R21
        move_to(game, seat, a, True)
    elif kind == cards.NEAREST_RAILROAD:  # R22
        game.card_rent = DOUBLE_RAILROAD
        move_to(game, seat, _ahead(square, RAILROADS), True)
    elif kind == cards.NEAREST_UTILITY:  # R23
        game.card_rent = TEN_TIMES
        move_to(game, seat, _ahead(square, UTILITIES), True)
    elif kind == cards.BACK:  # R24
        move_to(game, seat, (square - a) % SQUARES, False)
    elif kind == cards.TO_JAIL:  # R25
        go_to_jail(game, seat, JAIL_CARD)
    else:
        _pay_card(game, seat, kind, a, b)


@kernel
def _ahead(square, group):
    """Return the next square ahead that belongs to ``group``."""
    for step in range(1, SQUARES + 1):
        title = TITLE_AT[(square + step) % SQUARES]
        if title >= 0 and GROUP_OF[title] == group:
            return (square + step) % SQUARES
    return square


@kernel
def _pay_card(game, seat, kind, a, b):
    if kind == cards.REPAIRS:  # R28
        total = 0
        for title in range(TITLES):
            if game.owner[title] == seat:
                total += b if game.houses[title] == HOTEL else a * game.houses[title]
        owe(game, seat, BANK, total, CARD)
    elif kind == cards.EACH:  # R27
        other = next_seat(game, seat)
        while other != seat:
            if a > 0:
                owe(game, other, seat, a, CARD)
            else:
                owe(game, seat, other, -a, CARD)
            other = next_seat(game, other)
    elif a > 0:  # R26
        collect(game, seat, a, FROM_BANK_CARD)
    else:
        owe(game, seat, BANK, -a, CARD)


@kernel
def buy(game, seat, title):
    """Buy an unowned title at list price (R7)."""
    to_bank(game, seat, PRICE[title])
    emit(game, E_BUY, seat, title, PRICE[title])
    give_title(game, title, seat)


@kernel
def apply_purchase(game, action):
    """Carry out BUY or PASS at PURCHASE; a price above the cash at hand becomes a plan (R54)."""
    seat = game.actor
    title = TITLE_AT[game.position[seat]]
    game.phase = NONE
    game.stage = AFTER
    if action != BUY:
        emit(game, E_DECLINE, seat, title)
        open_auction(game, title, seat)
    elif game.cash[seat] >= PRICE[title]:
        buy(game, seat, title)
    else:
        game.plan = PLAN_PURCHASE
        game.plan_title = title
        game.raise_group = 0
