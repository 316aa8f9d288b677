"""Dice, decks and seats: what is left to chance is fair."""

import math

import numpy as np
import pytest

from agent.evaluation.statistics import wilson_interval
from monopoly_env.bots import LANDLORD
from monopoly_env.cards import CARDS, JAIL_CARD
from monopoly_env.game import DECIDED, new_games
from monopoly_env.strength.holdings import new_holdings

from . import pace
from .walk import draw, roll_pairs, shares, walker

FAR = 4.0  # standard deviations: chance brings as much once in 16,000 times


def chi_square_deviation(counts, expected, freedom):
    """Deviation of a chi-square statistic from its mean in standard deviations (Fisher's approximation).

    Far above 0: the counts differ from what was expected. Far below: they are too good to be chance.
    """
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    return math.sqrt(2 * chi_square) - math.sqrt(2 * freedom - 1)


def test_all_36_rolls_are_equally_likely():
    _, dice, _ = shares(1_800_000, 11)
    assert abs(chi_square_deviation(dice, 50_000, 35)) < FAR


def test_a_roll_does_not_depend_on_the_one_before():
    pairs = np.zeros((36, 36), np.int64)
    roll_pairs(walker(12), pairs, 1_500_000)
    assert abs(chi_square_deviation(pairs, pairs.sum() / 36**2, 36**2 - 1)) < FAR


def test_the_first_rolls_of_neighbouring_seeds_are_fair():
    first = np.zeros((6, 6), np.int64)
    for seed in range(7200):
        game = walker(seed)
        roll = np.zeros((36, 36), np.int64)
        roll_pairs(game, roll, 2)
        first.ravel()[roll.sum(axis=1).argmax()] += 1
    assert abs(chi_square_deviation(first, 200, 35)) < FAR


def test_every_card_starts_in_every_place_equally_often():
    games = new_games(16_000, 2, 13)
    for deck in range(2):
        places = np.zeros((CARDS, CARDS), np.int64)
        for place in range(CARDS):
            places[place] = np.bincount(games["deck"][:, deck, place], minlength=CARDS)
        assert (places.sum(axis=0) == 16_000).all()
        assert abs(chi_square_deviation(places, 1000, (CARDS - 1) ** 2)) < FAR


@pytest.mark.parametrize("deck", [0, 1])
def test_r19_r20_a_deck_brings_each_card_once_in_16_draws_and_its_held_card_is_out(deck):
    draws = 8000
    cards, holders = np.zeros(draws, np.int64), np.zeros(draws, np.int64)
    game = walker(14)
    at_start = game.deck[deck].tolist()
    draw(game, deck, cards, holders)
    drawn, kept = cards.tolist(), int(JAIL_CARD[deck])
    assert drawn[:CARDS] == at_start
    others = [card for card in at_start if card != kept]
    ordinary = [card for card in drawn if card != kept]
    assert ordinary == [others[number % 15] for number in range(len(ordinary))]  # the same order, round and round
    windows_held = windows_whole = 0
    for start in range(draws - CARDS):
        window, held = drawn[start : start + CARDS], holders[start : start + CARDS] >= 0
        if held.all():
            windows_held += 1
            assert sorted(window[:15]) == sorted(others) and window[15] == window[0]
        elif not held.any():
            windows_whole += 1
            assert sorted(window) == list(range(CARDS))
    assert windows_held > 300 and windows_whole > 20
    assert not (cards[holders >= 0] == kept).any()


@pytest.mark.slow
def test_four_equal_bots_win_alike_in_every_seat():
    """Who begins has an advantage; where it sits has none. ``wins[first, place]``: place 0 is the seat that began."""
    count, wins, played = 2000, np.zeros((4, 4), np.int64), 0
    for first in range(4):
        games = new_games(count, 4, 100 + first)
        games["turn"] = first
        pace.play(games, LANDLORD, np.zeros(7, np.int64), new_holdings())
        winners = games["winner"][games["over"] == DECIDED]
        wins[first] = np.bincount((winners - first) % 4, minlength=4)
        played += count
    decided = int(wins.sum())
    assert decided > 0.9 * played
    expected = wins.sum(axis=1, keepdims=True) * wins.sum(axis=0, keepdims=True) / decided
    assert abs(chi_square_deviation(wins, expected, 9)) < FAR
    by_seat = np.zeros(4, np.int64)
    for first in range(4):
        by_seat += np.roll(wins[first], first)
    print(f"\n{decided:,} decided games of {played:,}")
    for what, counts in (("seat", by_seat), ("place after the seat that begins", wins.sum(axis=0))):
        for number in range(4):
            low, high = wilson_interval(int(counts[number]), decided)
            print(f"{what} {number}: {100 * counts[number] / decided:.1f} % [{100 * low:.1f}, {100 * high:.1f}]")
    for number in range(4):  # every seat begins equally often, so each has its quarter
        low, high = wilson_interval(int(by_seat[number]), decided, FAR)
        assert low < 0.25 < high
    assert wins.sum(axis=0)[0] < 0.4 * decided
