"""What a decision costs and what both answers are worth, worked by hand in single situations."""

import pytest
from rules.situations import (
    BUILD,
    BUY,
    MORTGAGE,
    TRADE,
    asks,
    comes_to_manage,
    gives,
    gone,
    has,
    holds_jail_card,
    jailed,
    lands,
    legal,
    mortgaged,
    play,
    table,
    title,
)

from monopoly_env import advance, observe
from monopoly_env.decision.asked import bid_shares, contender, purchase_shares
from monopoly_env.observation import CASH_AFTER, GAIN
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.strength.strength import shares_by_buyer


def shows(game, dollars):
    """Whether the seat that decides sees so many dollars after saying yes: x / (|x| + 500)."""
    return observe(game)[CASH_AFTER] == pytest.approx(dollars / (abs(dollars) + 500))


def test_a_bid_costs_ten_dollars_and_then_a_tenth_of_the_list_price_more_than_the_last_one():
    game = table()
    has(game, 0, 10)
    lands(game, "Boardwalk")
    asks(game, 1, "AUCTION")
    assert shows(game, 1500 - 10)
    play(game, BUY)
    asks(game, 2, "AUCTION")
    assert shows(game, 1500 - 50)


def test_a_house_costs_what_is_printed_on_the_deed():
    game = table()
    gives(game, 0, "orange")
    comes_to_manage(game)
    assert legal(game) == {"PASS", "BUILD"} and shows(game, 1500 - 100)


def test_redeeming_costs_the_mortgage_and_a_tenth():
    game = table()
    gives(game, 0, "Boardwalk")
    mortgaged(game, "Boardwalk")
    comes_to_manage(game)
    assert legal(game) == {"PASS", "REDEEM"} and shows(game, 1500 - 220)


@pytest.mark.parametrize(("card", "cost"), [(True, 0), (False, 50)])
def test_the_way_out_of_jail_is_free_with_a_card(card, cost):
    game = table()
    jailed(game, 0)
    if card:
        holds_jail_card(game, 0)
    advance(game)
    asks(game, 0, "JAIL")
    assert shows(game, 1500 - cost)


def test_raising_for_a_house_shows_what_the_house_still_needs():
    game = table()
    gives(game, 0, "red", "railroads")
    has(game, 0, 20)
    comes_to_manage(game)
    play(game, BUILD)
    asks(game, 0, "LIQUIDATE", "railroads")
    assert shows(game, 20 - 150)
    play(game, MORTGAGE)
    asks(game, 0, "LIQUIDATE", "railroads")
    assert shows(game, 120 - 150)


def test_raising_for_a_purchase_shows_what_the_title_still_needs():
    game = table()
    gives(game, 0, "brown", "Reading Railroad", "Short Line")
    has(game, 0, 250)
    lands(game, "Boardwalk")
    play(game, BUY)
    asks(game, 0, "LIQUIDATE", "brown")
    assert shows(game, 250 - 400)


def test_a_mortgaged_title_costs_its_new_owner_a_tenth_of_the_mortgage_too():
    game = table(2)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    mortgaged(game, "Boardwalk")
    comes_to_manage(game)
    assert legal(game) == {"PASS", "TRADE"} and shows(game, 1500 - 2 * 400 - 20)
    play(game, TRADE)
    asks(game, 1, "OFFER")
    assert shows(game, 1500 + 2 * 400)  # who gives the title away pays no interest


def test_who_is_offered_a_mortgaged_title_sees_the_interest():
    game = table(2)
    gives(game, 0, "Park Place", "Mediterranean Avenue")
    gives(game, 1, "Boardwalk", "Baltic Avenue")
    mortgaged(game, "Park Place", "Boardwalk", "Mediterranean Avenue", "Baltic Avenue")
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "brown")
    assert legal(game) == {"PASS", "REDEEM", "TRADE"} and shows(game, 1500 + 350 - 60 - 3)
    play(game, TRADE)
    asks(game, 1, "OFFER")
    assert shows(game, 1500 - 350 + 60 - 18)


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
    game = table(2)
    gives(game, 1, "Park Place")
    lands(game, "Boardwalk")
    has(game, 1, cash)
    bought, lost = shares_by_buyer(game, 0, title("Boardwalk"), 400, 1, price, new_holdings())
    assert purchase_shares(game, 0, new_holdings()) == (lost, bought)


@pytest.mark.parametrize(("cash", "price"), [(1500, 200), (150, 150)])
def test_before_the_first_bid_the_contender_gets_the_title_for_half_the_list_price(cash, price):
    game = table(3)
    has(game, 0, 10)
    lands(game, "Boardwalk")
    gives(game, 2, "Park Place")
    has(game, 2, cash)
    asks(game, 1, "AUCTION")
    bought, lost = shares_by_buyer(game, 1, title("Boardwalk"), 10, 2, price, new_holdings())
    assert bid_shares(game, 1, new_holdings()) == (lost, bought)
    contrast = (bought - lost) / (bought + lost)
    assert observe(game)[GAIN] == pytest.approx(contrast / (abs(contrast) + 0.1))


def test_after_a_bid_the_leader_gets_the_title_for_it():
    game = table(3)
    has(game, 0, 10)
    lands(game, "Boardwalk")
    play(game, BUY)
    gives(game, 0, "Park Place")  # seat 0 would be the contender
    asks(game, 2, "AUCTION")
    bought, lost = shares_by_buyer(game, 2, title("Boardwalk"), 50, 1, 10, new_holdings())
    assert bid_shares(game, 2, new_holdings()) == (lost, bought)
