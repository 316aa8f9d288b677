"""Chapter "Auctions": R44 to R46."""

import pytest

from monopoly_env.actions import BUY, PASS
from monopoly_env.engine import free_moves
from monopoly_env.game import BANK

from .situations import answers, asks, gives, lands, legal, play, refuses, stands_still, table, title


def auction(name="Boardwalk", players=4, turn=0, cash=()):
    """A table where the seat whose turn it is has declined a title; ``cash`` by seat."""
    game = lands(table(players, turn=turn, cash=dict(enumerate(cash))), name)
    if game.phase == 2:
        play(game, PASS)
    return game


def test_r44_everybody_may_bid_starting_left_of_the_decliner():
    game = auction(turn=2)
    order = []
    for _ in range(4):
        order.append(int(game.actor))
        assert legal(game) == {"PASS", "BUY"}
        play(game, BUY)
    assert order == [3, 0, 1, 2] and game.auction_bid == 130 and game.auction_leader == 2
    asks(game, 3, "AUCTION", "dark blue")


@pytest.mark.parametrize(
    ("name", "step"),
    [("Baltic Avenue", 10), ("Oriental Avenue", 10), ("Connecticut Avenue", 12), ("Water Works", 15), ("Boardwalk", 40)],
)
def test_r44_buy_opens_with_ten_dollars_and_then_bids_a_tenth_of_the_list_price_more(name, step):
    game = auction(name)
    start = int(game.cash[1])
    play(game, BUY, BUY, PASS, PASS)
    assert game.auction_bid == 10 + step
    play(game, BUY, PASS)
    assert game.owner[title(name)] == 1 and game.cash[1] == start - 10 - 2 * step


def test_r44_left_of_the_player_whose_bankruptcy_opened_the_auction():
    game = lands(table(turn=2, owns={2: "Boardwalk"}, mortgaged="Boardwalk", cash={2: 5}), "Income Tax")
    assert not game.alive[2]
    order = []
    for _ in range(3):
        order.append(int(game.actor))
        play(game, BUY)
    assert order == [3, 0, 1]


def test_r44_the_dead_do_not_bid_and_the_jailed_do():
    game = play(lands(table(4, turn=3, jailed={1: 0}, out=[0]), "Boardwalk"), PASS)
    answers(game, 1, "AUCTION", PASS)
    asks(game, 2, "AUCTION")


def test_r45_who_passes_is_out_for_good():
    game = play(auction(), PASS, BUY, BUY, BUY)  # seats 1 to 3, then the decliner
    answers(game, 2, "AUCTION", BUY, BUY, PASS)  # not seat 1
    answers(game, 2, "AUCTION", PASS)
    assert game.owner[title("Boardwalk")] == 3 and game.cash[3] == 1500 - 10 - 4 * 40


def test_r45_bids_are_paid_from_the_cash_at_hand():
    game = table(2, owns={1: "railroads"}, cash={1: 9})  # and $400 that it could raise
    play(lands(game, "Boardwalk"), PASS)
    answers(game, 0, "AUCTION", BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash.tolist()[:2] == [1490, 9]


def test_r45_who_cannot_top_the_bid_drops_out_unasked():
    game = play(auction(cash=(1500, 1500, 10, 1500)), BUY)
    asks(game, 3, "AUCTION")
    assert game.auction_in.tolist()[:4] == [1, 1, 0, 1]


def test_r44_buy_bids_all_there_is_where_that_is_less_than_a_step():
    game = play(auction(cash=(1500, 1500, 11, 1500)), BUY)
    answers(game, 2, "AUCTION", BUY)
    assert game.auction_bid == 11
    play(game, PASS, PASS, PASS)
    assert game.owner[title("Boardwalk")] == 2 and game.cash[2] == 0


@pytest.mark.parametrize(
    ("players", "cash", "actions", "owner", "after"),
    [
        (4, (), [BUY, PASS, PASS, PASS], 1, [1500, 1490, 1500, 1500]),
        (3, (), [PASS, PASS, BUY], 0, [1490, 1500, 1500]),
        (2, (), [PASS, BUY], 0, [1490, 1500]),
        (4, (100, 1500, 1500, 1500), [PASS, PASS, PASS, BUY], 0, [90, 1500, 1500, 1500]),
        (4, (), [PASS, PASS, PASS, PASS], BANK, [1500] * 4),
        (4, (9, 8, 0, 7), [], BANK, [9, 8, 0, 7]),
    ],
    ids=[
        "the last bidder in pays its bid",
        "r44 the decliner wins its own auction",
        "the only bidder is not asked against itself",
        "r44 who could not raise the price bids too",
        "without a bid the bank keeps it",
        "nobody is able to bid",
    ],
)
def test_r46_the_last_one_in_wins_and_without_a_bid_nobody(players, cash, actions, owner, after):
    game = play(auction(players=players, cash=cash), *actions)
    assert game.owner[title("Boardwalk")] == owner and game.cash.tolist()[:players] == after
    assert stands_still(game) and game.auction_title == -1


@pytest.mark.parametrize(("name", "price"), [("St. Charles Place", 145), ("Tennessee Avenue", 193), ("Boardwalk", 11)])
def test_r44_people_bid_any_whole_sum(name, price):
    game = play(auction(name, players=2), BUY)
    free_moves.bid(game, price)
    answers(game, 1, "AUCTION", PASS)
    assert game.owner[title(name)] == 0 and game.cash[0] == 1500 - price


@pytest.mark.parametrize(("dollars", "why"), [(10, "at least .11.*R44"), (101, "has .100.*R45"), (50.0, "whole"), (-5, "R44")])
def test_r44_a_bid_that_is_none_is_refused(dollars, why):
    game = play(auction(cash=(1500, 1500, 100, 1500)), BUY)
    refuses(game, why, free_moves.bid, dollars)


def test_r44_a_sum_that_was_named_is_what_buy_bids_and_is_named_for_one_answer():
    game = auction()
    free_moves.name_bid(game, 77)
    play(game, BUY)
    assert game.auction_bid == 77
    free_moves.name_bid(game, 200)
    play(game, PASS, BUY)
    assert game.auction_bid == 117
    gives(game, 0, "Short Line")
    free_moves.name_bid(game, 1500)
    free_moves.mortgage(game, title("Short Line"))
    assert game.own_bid == 0
    refuses(lands(table(), "Boardwalk"), "needs a decision of the kind AUCTION", free_moves.name_bid, 100)
