"""Tokens that walk round the board by the engine's rules, undisturbed by money: nobody buys, nobody goes bankrupt.

The engine plays everything: rolls, moves, cards, jail. A game that keeps a log stops when the buffer is nearly full, so with
the buffer one row short of that ``play_on`` plays one step, and a test can look at the step and put cards back.
"""

import numpy as np

from monopoly_env.actions import BUY, IN_JAIL, NONE, PASS
from monopoly_env.cards import CARDS, JAIL_CARD, shuffle_deck
from monopoly_env.compiled.jit import kernel
from monopoly_env.engine.engine import carry_out, play_on
from monopoly_env.events import E_CARD, E_ROLL, HEADROOM
from monopoly_env.game import BANK, MAX_EVENTS, new_game

ONE_STEP = MAX_EVENTS - HEADROOM  # rows in the buffer with which the engine plays one more step
ENDLESS_CASH = 1_000_000_000
ENDLESS_TURNS = 1_000_000_000


def walker(seed, players=4):
    """A game for a walk: cash and turns without end, no auctions, so that a title passed on changes nothing."""
    game = new_game(players, seed, house_rules=("no_auctions",))
    game.cash[:players] = ENDLESS_CASH
    game.max_turns = ENDLESS_TURNS
    game.logging = 1
    return game


@kernel
def put_back(game, deck):
    """Put a held card back and shuffle the deck: the next card is drawn from all 16."""
    if game.jail_card_holder[deck] != BANK:
        game.jail_card_holder[deck] = BANK
        game.deck[deck, game.deck_size[deck]] = JAIL_CARD[deck]
        game.deck_size[deck] += 1
    shuffle_deck(game, deck)


@kernel
def walk(game, rolls, stay_in_jail, with_replacement, dice, drawn):
    """Play on until ``rolls`` rolls have been made. Where they ended is in ``game.visits``.

    ``dice``: int64 ``(6, 6)``, counts the rolls. ``drawn``: int64 ``(2, 16)``, counts the cards. Both are added to.
    """
    made = 0
    while made < rolls:
        if game.phase != NONE:
            carry_out(game, BUY if game.phase == IN_JAIL and not stay_in_jail else PASS)
        game.events = ONE_STEP
        play_on(game)
        for row in range(ONE_STEP, game.events):
            kind, first, second = game.event[row, 0], game.event[row, 2], game.event[row, 3]
            if kind == E_ROLL:
                made += 1
                dice[first - 1, second - 1] += 1
            elif kind == E_CARD:
                drawn[first, second] += 1
                if with_replacement:
                    put_back(game, first)


def shares(rolls, seed, *, stay_in_jail=False, with_replacement=True):
    """Share of rolls that ended on each square and in jail, with the counts of dice and cards.

    Returns:
        ``(shares, dice, drawn)``: float64 ``(41,)``, int64 ``(6, 6)``, int64 ``(2, 16)``.
    """
    game = walker(seed)
    dice, drawn = np.zeros((6, 6), np.int64), np.zeros((2, CARDS), np.int64)
    visits = np.zeros(41, np.int64)
    while dice.sum() < rolls:  # in pieces, because the counts in a game are 32 bits wide
        game.visits[:] = 0
        game.cash[: game.players] = ENDLESS_CASH
        walk(game, min(rolls - dice.sum(), 10_000_000), stay_in_jail, with_replacement, dice, drawn)
        visits += game.visits
    return visits / visits.sum(), dice, drawn


@kernel
def draw(game, deck, cards, holders):
    """Walk, leaving jail at once, until ``len(cards)`` cards of ``deck`` have been drawn.

    Writes the cards into ``cards``, and who held the deck's Get Out of Jail Free card before each draw (-1: nobody) into
    ``holders``.
    """
    drawn = 0
    while drawn < len(cards):
        if game.phase != NONE:
            carry_out(game, BUY if game.phase == IN_JAIL else PASS)
        game.events = ONE_STEP
        holder = game.jail_card_holder[deck]
        play_on(game)
        for row in range(ONE_STEP, game.events):
            if game.event[row, 0] == E_CARD and game.event[row, 2] == deck and drawn < len(cards):
                cards[drawn] = game.event[row, 3]
                holders[drawn] = holder
                drawn += 1


@kernel
def roll_pairs(game, pairs, rolls):
    """Walk for so many rolls and count which roll follows which. ``pairs``: int64 ``(36, 36)``, added to."""
    made, last = 0, -1
    while made < rolls:
        if game.phase != NONE:
            carry_out(game, PASS)
        game.events = ONE_STEP
        play_on(game)
        for row in range(ONE_STEP, game.events):
            if game.event[row, 0] == E_ROLL:
                this = 6 * (game.event[row, 2] - 1) + game.event[row, 3] - 1
                if last >= 0:
                    pairs[last, this] += 1
                last = this
                made += 1
