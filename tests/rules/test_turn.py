"""Chapter "Turn": R1 to R6."""

import pytest

from monopoly_env.actions import BUY, PASS
from monopoly_env.board import CHANCE, TITLE_NAMES
from monopoly_env.game import BANK, CAPPED, DECIDED, new_game

from .situations import answers, asks, draws, legal, load_dice, pass_on, play, roll, table


@pytest.mark.parametrize("players", range(2, 9))
def test_r01_everybody_starts_on_go_with_1500_dollars(players):
    game = new_game(players, seed=7)
    assert game.alive.tolist() == [1] * players + [0] * (8 - players)
    assert game.cash.tolist() == [1500] * players + [0] * (8 - players)
    assert not game.position.any() and not game.jailed.any()
    assert (game.owner == BANK).all() and len(game.owner) == 28
    assert (game.houses_left, game.hotels_left) == (32, 12)
    assert game.paid_out == 1500 * players and game.paid_in == 0


@pytest.mark.parametrize("players", [1, 9, 0, -3, 2.5, True, "4"])
def test_r01_only_two_to_eight_players(players):
    with pytest.raises(ValueError, match="Received"):
        new_game(players, seed=7)


def test_r02_the_token_moves_by_both_dice():
    game = roll(table(), (3, 5))
    assert game.position.tolist()[:4] == [8, 0, 0, 0]
    assert game.dice.tolist() == [3, 5]
    asks(game, 0, "PURCHASE", "light blue")  # Vermont Avenue


@pytest.mark.parametrize(
    ("start", "dice", "end", "cash"), [("Boardwalk", (5, 6), 10, 1700), (33, (3, 4), 0, 1700), ("Short Line", (1, 3), 39, 1500)]
)
def test_r03_passing_go_and_landing_on_it_pays_200(start, dice, end, cash):
    game = pass_on(roll(table(owns={0: "Boardwalk"}, at={0: start}), dice))
    assert game.position[0] == end and game.cash[0] == cash


def test_r03_not_again_when_leaving_go():
    game = roll(table(players=2, turns=3, at={0: 33, 1: 10}), (3, 4), (4, 6), (4, 6))  # the rival to Free Parking
    assert game.position.tolist()[:2] == [10, 20] and game.cash[0] == 1700


def test_r03_a_card_past_go_pays_200():
    game = draws(table(owns={0: "Reading Railroad"}), CHANCE, "Take a trip to Reading Railroad", 36)
    assert pass_on(game).position[0] == 5 and game.cash[0] == 1700


def test_r04_doubles_roll_again_after_the_landing_is_settled():
    game = roll(table(), (3, 3), (1, 3))  # to Oriental Avenue, a decision; only then to Just Visiting
    asks(game, 0, "PURCHASE", "light blue")
    assert game.position[0] == 6
    play(game, BUY)
    assert game.position[0] == 10 and game.turns == 1 and game.cash[0] == 1400


def test_r04_two_doubles_give_two_extra_rolls():
    game = pass_on(
        roll(table(owns={0: "everything else"}, at={0: 10}), (5, 5), (2, 2), (1, 2))
    )  # Free Parking, Illinois Avenue, Ventnor Avenue
    assert game.position[0] == 27 and game.turns == 1 and game.over == CAPPED


def test_r04_the_auction_comes_before_the_extra_roll():
    game = play(roll(table(players=2), (3, 3), (1, 3)), PASS)
    answers(game, 1, "AUCTION", "light blue", BUY)
    asks(game, 0, "AUCTION", "light blue")
    assert game.position[0] == 6
    play(game, PASS)
    assert game.position[0] == 10 and game.cash.tolist()[:2] == [1500, 1490]


def test_r05_third_double_goes_to_jail():
    game = roll(table(owns={0: "everything else"}, at={0: 15}), (3, 3), (2, 2), (5, 5))  # 21, 25; the third double is not moved
    assert game.position[0] == 10 and game.jailed[0] == 1 and game.turns == 1
    pass_on(game)
    assert game.cash[0] == 1500 and game.doubles == 0 and game.over == CAPPED


def test_r05_the_third_double_collects_no_salary_over_go():
    game = pass_on(
        roll(table(owns={0: "everything else"}, at={0: 27}), (2, 2), (2, 2), (6, 6))
    )  # 31, 35; twelve more would pass GO
    assert game.jailed[0] == 1 and game.cash[0] == 1500


def test_r05_doubles_are_counted_within_one_turn():
    game = roll(table(players=2, turns=3, owns={0: "everything else"}, at={0: 15, 1: 10}), (3, 3), (2, 2), (1, 2))  # 21, 25, 28
    asks(game, 0, "MANAGE")
    load_dice(game, (4, 6), (3, 3), (1, 2))  # the rival to Free Parking; then 34 and 37
    pass_on(game)
    assert game.position[0] == 37 and game.jailed[0] == 0 and game.turns == 3


def test_r06_the_turn_passes_clockwise_over_the_dead():
    # both to Free Parking: nothing to decide
    game = roll(table(players=5, turns=2, turn=2, at={2: 10, 0: 10}, out=[3, 4]), (4, 6), (4, 6))
    assert game.turns == 2 and game.turn == 1
    assert game.position.tolist()[:5] == [20, 0, 20, 0, 0]


def test_r06_bankrupt_on_own_doubles_loses_the_extra_roll():
    game = table(players=3, turns=2, owns={1: "dark blue"}, built={"dark blue": 5}, cash={0: 100}, at={0: 35, 1: 10})
    roll(game, (2, 2), (4, 6))  # Boardwalk with a hotel: $2,000; the next roll is the rival's
    assert game.alive.tolist()[:3] == [0, 1, 1]
    assert game.position[1] == 20 and game.turns == 2
    assert game.cash[1] == 1600


@pytest.mark.parametrize(
    ("situation", "dice", "end"),
    [
        # No $50: it tries for doubles, and does not roll again after them (R32).
        ({"jailed": {1: 0}}, [(5, 5)], 20),
        # Two doubles of its own: not the third (R5).
        ({"at": {1: 8}}, [(1, 1), (5, 5), (1, 2)], 23),
    ],
)
def test_r06_the_doubles_of_the_bankrupt_count_for_nobody_else(situation, dice, end):
    game = table(3, turns=2, owns={1: "everything else"}, mortgaged=TITLE_NAMES, cash={0: 5, 1: 40}, **situation)
    roll(game, (2, 2), *dice)  # income tax breaks seat 0
    assert game.position[1] == end and not game.alive[0] and game.turns == 2 and not game.jailed[1]


def test_r06_the_last_bankruptcy_on_doubles_ends_the_game_at_once():
    game = table(players=2, turns=50, owns={1: "dark blue"}, built={"dark blue": 5}, cash={0: 100}, at={0: 35})
    roll(game, (2, 2), (4, 6))
    assert (game.over, game.winner, game.turns) == (DECIDED, 1, 1)
    assert legal(game) == set()
