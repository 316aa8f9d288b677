"""What every player holds, counted in one pass over the titles.

The count of a player in a group is one integer: titles held, those not mortgaged, building levels, list price of what is held,
and dollars to redeem the mortgages. So one addition counts a title, and nothing is counted twice.
"""

import numpy as np

from monopoly_env.board import GROUP_OF, GROUPS, INTEREST, MORTGAGE, PRICE, TITLES
from monopoly_env.game import MAX_PLAYERS
from monopoly_env.jit import kernel
from monopoly_env.memory import stack_array

_FREE, _LEVELS, _PRICES, _OWED = 4, 8, 16, 32  # the bits from which on the numbers stand
_UNMORTGAGED = 1 + (1 << _FREE) + (PRICE << _PRICES)  # (28,)
_MORTGAGED = 1 + (PRICE << _PRICES) + (MORTGAGE + INTEREST << _OWED)  # (28,)

new_counts = stack_array((MAX_PLAYERS + 1, len(GROUPS)), np.int64)  # by player and group, the bank in the last row


@kernel
def count_of(game, title):
    """Return what ``title`` adds to the count of its owner in its group."""
    return (_MORTGAGED[title] if game.mortgaged[title] else _UNMORTGAGED[title]) + (game.houses[title] << _LEVELS)


@kernel
def count_titles(game, counts):
    """Write all counts into ``counts``, int64 ``(9, 10)``."""
    counts[:] = 0
    for title in range(TITLES):
        counts[game.owner[title], GROUP_OF[title]] += count_of(game, title)


@kernel
def unpack(count):
    """Return ``(titles, free, levels, price, owed)``."""
    return count & 15, count >> _FREE & 15, count >> _LEVELS & 255, count >> _PRICES & 0xFFFF, count >> _OWED
