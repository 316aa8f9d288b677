"""What both answers to a decision are worth, worked by hand in single situations."""

import pytest
from rules.situations import asks, gives, gone, has, lands, play, table, title

from monopoly_env import observe
from monopoly_env.actions import BUY
from monopoly_env.decision.asked import bid_shares, contender, purchase_shares
from monopoly_env.observation import GAIN
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.strength.strength import shares_by_buyer


def test_the_contender_holds_most_of_the_group_then_most_cash():
    game = table()
    boardwalk, orange = title("Boardwalk"), title("New York Avenue")
    for seat, dollars in ((0, 9000), (1, 100), (2, 800), (3, 300)):
        has(game, seat, dollars)
    assert contender(game, 0, boardwalk) == 2  # nobody holds any: the richest rival
    assert contender(game, 2, boardwalk) == 0
    gives(game, 1, "St. James Place")
    assert contender(game, 0, orange) == 1  # one title beats any cash
    gives(game, 3, "Tennessee Avenue")
    assert contender(game, 0, orange) == 3 and contender(game, 3, orange) == 1
    gone(game, 3)
    assert contender(game, 0, orange) == 1


@pytest.mark.parametrize(("cash", "price"), [(1500, 400), (250, 250)])
def test_a_declined_title_goes_to_the_contender_as_far_as_its_cash_goes(cash, price):
    game = lands(table(2, owns={1: "Park Place"}), "Boardwalk")
    has(game, 1, cash)
    bought, lost = shares_by_buyer(game, 0, title("Boardwalk"), 400, 1, price, new_holdings())
    assert purchase_shares(game, 0, new_holdings()) == (lost, bought)


@pytest.mark.parametrize(("cash", "price"), [(1500, 200), (150, 150)])
def test_before_the_first_bid_the_contender_gets_the_title_for_half_the_list_price(cash, price):
    game = lands(table(3, cash={0: 10}), "Boardwalk")
    gives(game, 2, "Park Place")
    has(game, 2, cash)
    asks(game, 1, "AUCTION")
    bought, lost = shares_by_buyer(game, 1, title("Boardwalk"), 10, 2, price, new_holdings())
    assert bid_shares(game, 1, new_holdings()) == (lost, bought)
    contrast = (bought - lost) / (bought + lost)
    assert observe(game)[GAIN] == pytest.approx(contrast / (abs(contrast) + 0.1))


def test_after_a_bid_the_leader_gets_the_title_for_it():
    game = play(lands(table(3, cash={0: 10}), "Boardwalk"), BUY)
    gives(game, 0, "Park Place")  # seat 0 would be the contender
    asks(game, 2, "AUCTION")
    bought, lost = shares_by_buyer(game, 2, title("Boardwalk"), 50, 1, 10, new_holdings())
    assert bid_shares(game, 2, new_holdings()) == (lost, bought)
