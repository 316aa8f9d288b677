"""The walk of one token round the board as an exact Markov chain, written from the rules alone.

Nothing here is taken from the engine: squares, cards and jail are written down once more, from the rule book. Cards are drawn
with replacement, because a deck of 16 cards in order would need its order as a state.

A state is what matters before a roll: the square with the doubles rolled so far this turn, or the failed tries in jail. What
counts is where each roll ends, after cards have moved the token: one of 40 squares, or in jail (index 40).
"""

import numpy as np

SQUARES, IN_JAIL, ENDS = 40, 40, 41
JUST_VISITING, GO_TO_JAIL = 10, 30
CHANCE, CHEST = (7, 22, 36), (2, 17, 33)
RAILROADS, UTILITIES = (5, 15, 25, 35), (12, 28)
DECK = 16
DOUBLES = 3  # 0, 1 or 2 doubles rolled already this turn
TRIES = 3  # 0, 1 or 2 failed tries in jail
STATES = SQUARES * DOUBLES + TRIES


def state_on(square: int, doubles: int) -> int:
    """The state of a token on a square, about to roll, with so many doubles behind it this turn."""
    return square * DOUBLES + doubles


def state_in_jail(tries: int) -> int:
    """The state of a token in jail, about to try for doubles, with so many failed tries behind it."""
    return SQUARES * DOUBLES + tries


def ahead(square: int, places: tuple[int, ...]) -> int:
    """The next of some squares, clockwise."""
    return min(places, key=lambda place: (place - square - 1) % SQUARES)


def settle(square: int) -> dict[int, float]:
    """Where a token that comes to a square ends: ``{square or IN_JAIL: probability}``."""
    if square == GO_TO_JAIL:
        return {IN_JAIL: 1.0}
    if square in CHANCE:
        nearest_railroad = ahead(square, RAILROADS)
        # Boardwalk, GO, Illinois Avenue, St. Charles Place, Reading Railroad, the nearest railroad twice, the nearest utility
        goals = [39, 0, 24, 11, 5, nearest_railroad, nearest_railroad, ahead(square, UTILITIES), square - 3]
    elif square in CHEST:
        goals = [0]
    else:
        return {square: 1.0}
    ends = {IN_JAIL: 1 / DECK, square: (DECK - 1 - len(goals)) / DECK}  # both decks hold one card to jail
    for goal in goals:
        for end, chance in settle(goal).items():
            ends[end] = ends.get(end, 0.0) + chance / DECK
    return ends


def rolls():
    """The 36 rolls: their sum, and whether they are doubles."""
    return [(first + second, first == second) for first in range(1, 7) for second in range(1, 7)]


def chain(stay_in_jail: bool) -> tuple[np.ndarray, np.ndarray]:
    """The chain of one token.

    Args:
        stay_in_jail: whether the player tries for doubles as long as it may; otherwise it leaves before its next roll.

    Returns:
        ``(step, ends)``: probabilities of the next state ``(123, 123)`` and of where the roll ends ``(123, 41)``, by state.
    """
    step, ends = np.zeros((STATES, STATES)), np.zeros((STATES, ENDS))
    jail = state_in_jail(0) if stay_in_jail else state_on(JUST_VISITING, 0)

    def count(state, square, doubles_after):
        for end, chance in settle(square).items():
            after = jail if end == IN_JAIL else state_on(end, doubles_after)
            step[state, after] += chance / 36
            ends[state, end] += chance / 36

    for total, double in rolls():
        for square in range(SQUARES):
            for doubles in range(DOUBLES):
                state = state_on(square, doubles)
                if double and doubles == 2:  # the third doubles
                    step[state, jail] += 1 / 36
                    ends[state, IN_JAIL] += 1 / 36
                else:
                    count(state, (square + total) % SQUARES, doubles + 1 if double else 0)
        for tries in range(TRIES):
            state = state_in_jail(tries)
            if double or tries == 2:  # free; doubles that free it bring no extra roll
                count(state, JUST_VISITING + total, 0)
            else:
                step[state, state_in_jail(tries + 1)] += 1 / 36
                ends[state, IN_JAIL] += 1 / 36
    return step, ends


def long_run_shares(stay_in_jail: bool) -> np.ndarray:
    """Share of rolls that end on each of the 40 squares and in jail, float64 ``(41,)``, exact."""
    step, ends = chain(stay_in_jail)
    balance = np.vstack([step.T - np.eye(STATES), np.ones(STATES)])
    wanted = np.append(np.zeros(STATES), 1.0)
    long_run = np.linalg.lstsq(balance, wanted, rcond=None)[0]
    return long_run @ ends
