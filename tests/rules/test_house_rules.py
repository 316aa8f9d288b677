"""Chapter "House rules": H1 to H5."""

import pytest

from monopoly_env.actions import BUY, PASS
from monopoly_env.board import CHANCE, CHEST
from monopoly_env.engine import free_moves
from monopoly_env.game import BANK, new_game
from monopoly_env.rules.deal import deal_is_legal

from .situations import bits, comes_to_manage, draws, lands, play, refuses, roll, stands_still, table, title


def test_h1_taxes_fees_and_charges_go_into_the_pot():
    game = lands(table(house_rules=["free_parking_pot"]), "Income Tax")
    assert game.pot == 200 and game.cash[0] == 1300 and game.paid_in == 0
    assert lands(table(house_rules=["free_parking_pot"]), "Luxury Tax").pot == 100
    assert draws(table(house_rules=["free_parking_pot"]), CHEST, "Hospital fees").pot == 100
    game = play(roll(table(house_rules=["free_parking_pot"], jailed={0: 0}), (1, 2)), BUY, PASS)
    assert game.pot == 50
    game = play(roll(table(house_rules=["free_parking_pot"], jailed={0: 2}), (1, 2)), PASS, PASS)
    assert game.pot == 50
    game = table(house_rules=["free_parking_pot"], owns={0: "brown"}, built={"brown": (1, 0)})
    assert draws(game, CHANCE, "Repair all your property").pot == 25


def test_h1_who_lands_on_free_parking_takes_the_pot():
    game = table(house_rules=["free_parking_pot"])
    game.pot = 375
    game.paid_out += 375
    lands(game, "Free Parking")
    assert game.cash[0] == 1875 and game.pot == 0


def test_h1_rents_purchases_and_interest_do_not_go_into_the_pot():
    game = play(lands(table(house_rules=["free_parking_pot"]), "Boardwalk"), BUY)
    assert game.pot == 0 and game.paid_in == 400
    game = table(house_rules=["free_parking_pot"], owns={1: "Boardwalk"})
    assert lands(game, "Boardwalk").pot == 0
    game = draws(table(house_rules=["free_parking_pot"]), CHANCE, "You are elected chairman")
    assert game.pot == 0 and game.cash[1] == 1550
    game = table(house_rules=["free_parking_pot"], owns={0: "Short Line", 1: "Boardwalk"}, mortgaged="Short Line", cash={0: 5})
    lands(game, "Boardwalk")  # bankrupt; the new owner pays $10 on Short Line
    assert game.cash[1] == 1495 and game.pot == 0 and game.paid_in == 10


def test_h1_off_by_default():
    game = lands(table(), "Income Tax")
    assert game.pot == 0 and game.paid_in == 200
    game = table()
    game.pot = 100
    game.paid_out += 100
    assert lands(game, "Free Parking").cash[0] == 1500


def test_h2_landing_on_go_pays_400_passing_it_200():
    game = lands(table(house_rules=["double_salary"]), "GO")
    assert game.cash[0] == 1900
    assert draws(table(house_rules=["double_salary"]), CHANCE, "Advance to GO").cash[0] == 1900
    game = table(house_rules=["double_salary"], at={0: "Boardwalk"})
    assert roll(game, (5, 6)).cash[0] == 1700
    assert lands(table(), "GO").cash[0] == 1700


def test_h3_without_auctions_a_declined_title_stays_with_the_bank():
    game = play(lands(table(house_rules=["no_auctions"]), "Boardwalk"), PASS)
    assert stands_still(game) and game.owner[title("Boardwalk")] == BANK and game.auction_title == -1
    game = table(house_rules=["no_auctions"], cash={0: 10})
    assert stands_still(lands(game, "Boardwalk"))
    # Nor are the titles of the bankrupt auctioned.
    game = lands(table(3, house_rules=["no_auctions"], owns={0: "Baltic Avenue"}, cash={0: 10}), "Income Tax")
    assert not game.alive[0] and game.owner[title("Baltic Avenue")] == BANK and not game.auction_queue.any()


def test_h4_without_deals():
    game = table(2, house_rules=["no_trades"], owns={0: "Boardwalk", 1: "Park Place"})
    assert stands_still(comes_to_manage(game))
    game = comes_to_manage(table(2, house_rules=["no_trades"], owns={1: "Park Place"}, people=[0]))
    refuses(game, "H4", free_moves.propose, 1, [], [title("Park Place")], 1)
    assert not deal_is_legal(game, 0, 1, 0, bits("Park Place"), 1)


def test_h5_another_starting_cash():
    game = new_game(3, seed=0, starting_cash=2500)
    assert game.cash.tolist()[:3] == [2500] * 3 and game.paid_out == 7500
    assert new_game(2, seed=0, starting_cash=0).cash.sum() == 0
    for dollars in (-1, 2_000_000):
        with pytest.raises(ValueError, match="starting_cash"):
            new_game(2, seed=0, starting_cash=dollars)


def test_h1_to_h4_by_name_and_together():
    game = new_game(2, seed=0, house_rules="free_parking_pot, double_salary,no_auctions,no_trades")
    assert game.house_rules == 15
    with pytest.raises(ValueError, match="Unknown house rule"):
        new_game(2, seed=0, house_rules=["free_lunch"])
