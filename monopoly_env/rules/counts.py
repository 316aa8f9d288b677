"""What a player holds of a group, as one integer.

The count says: titles held, those not mortgaged, building levels, list price of what is held, and dollars to redeem the
mortgages. So one addition counts a title.
"""

from monopoly_env.board import INTEREST, MORTGAGE, PRICE
from monopoly_env.compiled.jit import kernel

_FREE, _LEVELS, _PRICES, _OWED = 4, 8, 16, 32  # the bits from which on the numbers stand
_UNMORTGAGED = 1 + (1 << _FREE) + (PRICE << _PRICES)  # (28,)
_MORTGAGED = 1 + (PRICE << _PRICES) + (MORTGAGE + INTEREST << _OWED)  # (28,)


@kernel
def count_of(game, title):
    """Return what ``title`` adds to the count of its owner in its group."""
    return (_MORTGAGED[title] if game.mortgaged[title] else _UNMORTGAGED[title]) + (game.houses[title] << _LEVELS)


@kernel
def unpack(count):
    """Return ``(titles, free, levels, price, owed)``."""
    return count & 15, count >> _FREE & 15, count >> _LEVELS & 255, count >> _PRICES & 0xFFFF, count >> _OWED
