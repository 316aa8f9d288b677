"""What the next rolls are likely to bring a seat: rents to pay, and rivals that arrive."""

import numpy as np

from monopoly_env.board import GROUP_FIRST, GROUP_OF, RENT, SQUARE_OF, SQUARES, STREET_GROUPS, TITLE_AT, TITLES
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import BANK
from monopoly_env.rules.property import rent_due

_ROLL_CHANCE = np.array([0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36  # of two dice, by their sum
_CHANCE_AHEAD = np.append(_ROLL_CHANCE, np.zeros(SQUARES - len(_ROLL_CHANCE)))  # (40,) of a roll to a square so far ahead
_USUAL_ROLL = 7
_TITLES_AHEAD = np.zeros(SQUARES, np.int64)  # (40,) titles that a roll of two dice leads to from each square, as a bit set
for _dice in range(2, 13):
    _titles = TITLE_AT[(np.arange(SQUARES) + _dice) % SQUARES]
    _TITLES_AHEAD |= np.where(_titles >= 0, 1 << np.maximum(_titles, 0), 0)


@kernel
def _dangers(game, seat):
    """Return the titles that would cost the seat a rent, as a bit set."""
    titles = 0
    for title in range(TITLES):
        safe = game.owner[title] == BANK or game.owner[title] == seat or game.mortgaged[title] != 0
        titles |= 0 if safe else 1 << title
    return titles


@kernel
def danger(game, seat):
    """Expected rent of the seat's next roll, in dollars."""
    total = 0.0
    square = game.position[seat]
    ahead = _dangers(game, seat) & _TITLES_AHEAD[square]
    if ahead:
        for dice in range(2, 13):
            title = TITLE_AT[(square + dice) % SQUARES]
            if title >= 0 and ahead >> title & 1:
                total += _ROLL_CHANCE[dice] * rent_due(game, title, dice, 0)
    return total


@kernel
def worst_rent(game, seat):
    """The highest rent on the board that the seat could owe, in dollars."""
    worst = 0
    dangers = _dangers(game, seat)
    for title in range(TITLES - 1, -1, -1):
        # A street's rent is at most doubled (R11), so most need no closer look.
        looked_at = GROUP_OF[title] >= STREET_GROUPS or 2 * RENT[title, game.houses[title]] > worst
        if looked_at and dangers >> title & 1:
            worst = max(worst, rent_due(game, title, _USUAL_ROLL, 0))
    return worst


@kernel
def visitors(game, seat, group):
    """Expected number of rivals that their next roll brings to the squares of ``group``."""
    total = 0.0
    for rival in range(game.players):
        if rival == seat or not game.alive[rival]:
            continue
        for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
            distance = SQUARE_OF[title] - game.position[rival]
            total += _CHANCE_AHEAD[distance]  # a negative one counts from the end: from GO on
    return total
