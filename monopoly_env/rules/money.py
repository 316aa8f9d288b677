"""Money: the bank's ledger, payments and the queue of debts (R51, R55)."""

from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_COLLECT, E_OWE, E_PAY, emit
from monopoly_env.game import BANK, CARD, FREE_PARKING_POT, INTEREST, JAIL_FEE, MAX_DEBTS, RENT, TAX


@kernel
def from_bank(game, seat, amount):
    """Pay ``amount`` dollars out of the bank."""
    game.cash[seat] += amount
    game.paid_out += amount


@kernel
def to_bank(game, seat, amount):
    """Pay ``amount`` dollars into the bank."""
    game.cash[seat] -= amount
    game.paid_in += amount


@kernel
def pay(game, seat, creditor, amount, reason):
    """Pay a sum the player has at hand, to a player, the bank or the pot (H1)."""
    if creditor != BANK:
        game.cash[seat] -= amount
        game.cash[creditor] += amount
        if reason == RENT:
            game.rent[game.position[seat]] += amount
    elif game.house_rules & FREE_PARKING_POT and (reason == TAX or reason == CARD or reason == JAIL_FEE):
        game.cash[seat] -= amount
        game.pot += amount
    else:
        to_bank(game, seat, amount)
    if reason != INTEREST or amount > 0:
        emit(game, E_PAY, seat, creditor, amount, reason)


@kernel
def collect(game, seat, amount, source):
    """Take a sum from the bank by a card."""
    from_bank(game, seat, amount)
    emit(game, E_COLLECT, seat, amount, source)


@kernel
def owe(game, seat, creditor, amount, reason):
    """Append a debt to the queue (R55). Settled by ``monopoly_env.rules.debt``."""
    if amount <= 0 or game.debts >= MAX_DEBTS:
        return
    row = game.debts
    game.debtor[row] = seat
    game.creditor[row] = creditor
    game.amount[row] = amount
    game.reason[row] = reason
    game.debts = row + 1
    if row == 0:
        tell_oldest_debt(game)


@kernel
def tell_oldest_debt(game):
    """Log the oldest debt if its debtor has less cash than it. To be called whenever another debt has become the oldest."""
    if game.debts > 0 and game.cash[game.debtor[0]] < game.amount[0]:
        emit(game, E_OWE, game.debtor[0], game.creditor[0], game.amount[0], game.reason[0])


@kernel
def drop_debt(game, row):
    """Remove one debt, keeping the order of the others."""
    for later in range(row, game.debts - 1):
        game.debtor[later] = game.debtor[later + 1]
        game.creditor[later] = game.creditor[later + 1]
        game.amount[later] = game.amount[later + 1]
        game.reason[later] = game.reason[later + 1]
    game.debts -= 1
