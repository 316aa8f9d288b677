"""Chapter "Debts and bankruptcy": R51 to R59."""

import pytest

from monopoly_env.actions import IllegalActionError
from monopoly_env.board import INTEREST
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import advance
from monopoly_env.events import HEADROOM
from monopoly_env.game import CAPPED, CARD, DECIDED, MAX_EVENTS, RENT, new_game

from .situations import (
    BANK,
    BUILD,
    BUY,
    CHANCE,
    CHEST,
    MORTGAGE,
    PASS,
    SELL,
    asks,
    at,
    comes_to_manage,
    draws,
    everything_else_to,
    gives,
    has,
    holds_jail_card,
    lands,
    legal,
    load_dice,
    log,
    mortgaged,
    pass_on,
    play,
    put_on_top,
    roll,
    stands_on,
    stands_still,
    table,
    title,
)


def owes(game, debtor, creditor, dollars, reason=RENT):
    """Append a debt."""
    row = int(game.debts)
    game.debtor[row], game.creditor[row], game.amount[row], game.reason[row] = debtor, creditor, dollars, reason
    game.debts = row + 1


def test_r51_the_last_dollar_pays_in_full():
    game = table()
    gives(game, 1, "Boardwalk")
    has(game, 0, 50)
    lands(game, "Boardwalk")
    assert game.cash.tolist()[:2] == [0, 1550] and game.alive[0]


def test_r51_one_dollar_short_is_bankruptcy_not_a_part_payment():
    game = table()
    gives(game, 1, "Boardwalk")
    has(game, 0, 49)
    lands(game, "Boardwalk")
    assert game.cash.tolist()[:2] == [0, 1549] and not game.alive[0]


def test_r51_the_ledger_of_the_bank():
    game = table()
    paid_out = int(game.paid_out)
    lands(game, "Income Tax")
    assert (game.paid_in, game.paid_out - paid_out) == (200, 0)
    game = play(lands(table(), "Boardwalk"), BUY)
    assert game.paid_in == 400
    game = draws(table(), CHEST, "Bank error")
    assert (game.paid_in, game.paid_out - paid_out) == (0, 200)
    game = draws(table(), CHANCE, "You are elected chairman")
    assert (game.paid_in, game.paid_out - paid_out) == (0, 0)


def test_r52_who_owes_more_than_its_cash_may_raise_it():
    game = table()
    gives(game, 1, "dark blue")
    stands_on(game, "dark blue", 1, 1)
    gives(game, 0, "orange", "Short Line")
    stands_on(game, "orange", 1, 0, 0)
    has(game, 0, 60)
    lands(game, "Boardwalk")  # $200
    asks(game, 0, "LIQUIDATE", "orange")
    assert legal(game) == {"PASS", "SELL"} and game.alive[0]
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "railroads")
    play(game, MORTGAGE)  # $160: still short, and every group has been looked at
    assert game.cash.tolist()[:2] == [10, 1700]  # the house was sold by force
    assert not game.houses[8:11].any() and game.mortgaged[title("Short Line")]


def test_r52_an_action_stays_on_the_group_and_stops_once_the_debt_is_paid():
    game = table()
    gives(game, 0, "railroads")
    has(game, 0, 0)
    lands(game, "Income Tax")
    play(game, MORTGAGE)
    asks(game, 0, "LIQUIDATE", "railroads")
    play(game, MORTGAGE)
    assert game.cash[0] == 0 and game.mortgaged.sum() == 2 and game.over == 2


@pytest.mark.parametrize(("cash", "alive"), [(69, 1), (68, 0)])
def test_r52_only_if_that_can_cover_the_debt(cash, alive):
    game = table()
    gives(game, 0, "brown", "Reading Railroad", "Electric Company")
    stands_on(game, "brown", 1, 0)
    mortgaged(game, "Electric Company")
    # $25 for the house, 2 x $30, $100: 185 in all, but the mortgaged one brings nothing more
    has(game, 0, cash - 54)
    assert cash - 54 + 185 == (200 if alive else 199)
    lands(game, "Income Tax")
    assert game.alive[0] == alive
    if alive:
        asks(game, 0, "LIQUIDATE", "brown")
    else:
        assert game.houses_left == 32


def test_r53_who_declines_everything_is_sold_up_by_force():
    game = table()
    gives(game, 0, "brown", "light blue", "Boardwalk")
    stands_on(game, "brown", 1, 1)
    has(game, 0, 0)
    lands(game, "Income Tax")
    asks(game, 0, "LIQUIDATE", "brown")
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "light blue")
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "dark blue")
    play(game, PASS)
    # brown: two houses $50, two mortgages $60; light blue: $50 and $50 make 210; the rest is left alone
    assert game.cash[0] == 10 and game.houses_left == 32
    assert [number for number in range(28) if game.mortgaged[number]] == [0, 1, 2, 3]


def test_r53_what_was_raised_before_counts():
    game = table()
    gives(game, 0, "brown", "Boardwalk")
    has(game, 0, 0)
    lands(game, "Income Tax")
    play(game, PASS)
    play(game, MORTGAGE)  # Boardwalk: $200
    assert game.cash[0] == 0 and game.mortgaged.sum() == 1


def test_r53_every_row_of_a_long_forced_sale_is_logged():
    game = table(2, log=True)
    gives(game, 0, "brown", "light blue", "pink", "orange")
    for name, count in (("brown", 2), ("light blue", 3), ("pink", 3), ("orange", 3)):
        stands_on(game, name, *[5] * count)
    gives(game, 1, "dark blue")
    stands_on(game, "dark blue", 4, 5)
    has(game, 0, 0)
    lands(game, "Boardwalk")
    play(game, PASS, PASS, PASS)
    asks(game, 0, "LIQUIDATE", "orange")
    game.events = MAX_EVENTS - HEADROOM  # as full as it may be when the engine goes on
    play(game, PASS)
    rows = log(game)
    for _ in range(5):  # the engine stopped for the buffer to be emptied
        advance(game)
        rows += log(game)
    sold = [row for row in rows if row[0] == "SELL" and row[1] == 0]
    pledged = [row for row in rows if row[0] == "MORTGAGE"]
    # brown 10 levels at $25, light blue 15 at $25, pink 15 at $50, their mortgages $60, $160, $220; $185 from orange
    assert len(sold) == 44 and sum(row[4] for row in sold) == 250 + 375 + 750 + 200
    assert len(pledged) == 8 and sum(row[3] for row in pledged) == 440
    assert game.alive[0] and game.cash[0] == 15 and game.cash[1] == 3500


def test_r54_selling_and_mortgaging_are_not_asked_about_at_every_turn():
    game = table()
    gives(game, 0, "brown", "Short Line")
    stands_on(game, "brown", 1, 1)
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "brown")
    assert legal(game) == {"PASS", "BUILD"}
    assert stands_still(play(game, PASS))


def test_r54_mortgaging_to_buy_the_title_landed_on():
    game = table()
    gives(game, 0, "Reading Railroad", "Short Line")
    has(game, 0, 300)
    lands(game, "Boardwalk")
    play(game, BUY)
    asks(game, 0, "LIQUIDATE", "railroads")
    assert game.owner[title("Boardwalk")] == BANK
    play(game, MORTGAGE)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 0 and game.mortgaged.sum() == 1


def test_r54_a_plan_to_buy_that_is_dropped_goes_to_auction():
    game = table()
    gives(game, 0, "Reading Railroad", "Water Works")
    has(game, 0, 290)
    lands(game, "Boardwalk")
    play(game, BUY, MORTGAGE)  # $390
    asks(game, 0, "LIQUIDATE", "utilities")
    play(game, PASS)
    asks(game, 1, "AUCTION", "dark blue")
    assert game.cash[0] == 390 and game.mortgaged.sum() == 1 and game.plan == 0
    play(game, PASS, PASS, PASS, BUY)  # the planner may still bid
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 380


def test_r54_the_same_group_may_pay_for_a_purchase():
    game = table()
    gives(game, 0, "Park Place")
    has(game, 0, 225)
    lands(game, "Boardwalk")
    play(game, BUY, MORTGAGE)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 0


def test_r54_mortgaging_to_build_a_house():
    game = table()
    gives(game, 0, "red", "Short Line")
    has(game, 0, 60)
    comes_to_manage(game)
    play(game, BUILD)
    asks(game, 0, "LIQUIDATE", "railroads")
    play(game, MORTGAGE)
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 10
    assert stands_still(game)  # nothing more can be raised


def test_r54_the_group_to_be_built_on_is_left_alone():
    game = table()
    gives(game, 0, "red")
    has(game, 0, 149)
    assert stands_still(comes_to_manage(game))  # its own mortgages would do, but are not looked at
    game = table()
    gives(game, 0, "red", "brown")
    stands_on(game, "red", 1, 1, 1)
    has(game, 0, 100)
    comes_to_manage(game)
    play(game, PASS, BUILD)  # brown first: passed
    asks(game, 0, "LIQUIDATE", "brown")
    play(game, MORTGAGE, MORTGAGE)
    assert game.houses[title("Illinois Avenue")] == 2 and game.cash[0] == 10


def test_r54_a_plan_to_build_that_is_dropped_closes_the_group_for_the_turn():
    game = table()
    gives(game, 0, "red", "green", "Short Line")
    has(game, 0, 140)
    comes_to_manage(game)
    play(game, BUILD)
    asks(game, 0, "LIQUIDATE", "green")
    play(game, MORTGAGE)  # $290: the house is bought at once
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 140
    asks(game, 0, "MANAGE", "red")
    play(game, BUILD)
    asks(game, 0, "LIQUIDATE", "green")
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "railroads")
    play(game, PASS)
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 140 and game.plan == 0
    assert stands_still(game)  # red is closed; green has a mortgage that $140 do not redeem


def test_r54_a_dropped_house_leaves_the_later_groups_open():
    game = table()
    gives(game, 0, "red", "dark blue", "Short Line")
    has(game, 0, 140)
    comes_to_manage(game)
    play(game, BUILD, PASS, PASS)  # dark blue and the railroads declined
    asks(game, 0, "MANAGE", "dark blue")


def test_r54_a_hotel_sold_for_a_house_can_take_the_last_houses_of_the_bank():
    game = table()
    gives(game, 0, "brown", "dark blue", "Short Line")
    stands_on(game, "brown", 4, 5)
    game.houses_left = 4
    has(game, 0, 190)
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "brown")
    play(game, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, BUILD)
    asks(game, 0, "LIQUIDATE", "brown")
    play(game, SELL)  # the hotel becomes four houses: the bank has none left (R37)
    assert game.cash[0] == 215 and game.houses_left == 0 and not game.houses[20:22].any()
    assert stands_still(game) and game.plan == 0


@pytest.mark.parametrize(("in_bank", "offered"), [(1, False), (4, False), (5, True)])
def test_r54_a_house_that_the_sale_of_a_hotel_would_take_from_the_bank_is_not_offered(in_bank, offered):
    game = table()
    gives(game, 0, "brown", "orange")
    stands_on(game, "orange", 5, 4, 4)
    game.houses_left = in_bank
    has(game, 0, 0)
    comes_to_manage(game)
    assert stands_still(game) != offered
    if offered:
        play(game, BUILD, SELL)
        assert game.houses[:2].tolist() == [0, 1] and game.houses_left == 0


def test_r54_a_hotel_may_be_built_by_selling_one():
    game = table()
    gives(game, 0, "brown", "orange")
    stands_on(game, "brown", 4, 4)
    stands_on(game, "orange", 5, 5, 5)
    game.houses_left = 0
    has(game, 0, 0)
    play(comes_to_manage(game), BUILD, SELL)  # the orange group falls as a whole (R39)
    assert game.houses[:2].tolist() == [4, 5] and not game.houses[8:11].any() and game.cash[0] == 750 - 50


def test_r54_a_person_that_dropped_a_house_may_try_again():
    game = table()
    gives(game, 0, "red", "Short Line")
    has(game, 0, 60)
    game.manual[0] = 1
    comes_to_manage(game)
    for _ in range(2):
        free_moves.build(game, title("Illinois Avenue"))
        asks(game, 0, "LIQUIDATE", "railroads")
        play(game, PASS)
        asks(game, 0, "MANAGE")
    assert not game.houses.any() and game.cash[0] == 60


@pytest.mark.parametrize("what", ["mortgage", "sell"])
def test_r54_not_even_a_person_takes_from_the_group_to_be_built_on(what):
    game = table()
    gives(game, 0, "red", "Short Line")
    if what == "sell":
        stands_on(game, "red", 1, 1, 1)
    has(game, 0, 50)
    game.manual[0] = 1
    comes_to_manage(game)
    free_moves.build(game, title("Illinois Avenue"))
    asks(game, 0, "LIQUIDATE", "railroads")
    with pytest.raises(IllegalActionError, match="R54"):
        getattr(free_moves, what)(game, title("Kentucky Avenue"))
    free_moves.mortgage(game, title("Short Line"))
    assert game.houses[title("Illinois Avenue")] == (2 if what == "sell" else 1) and not game.mortgaged[11:14].any()


def test_r55_debts_are_settled_in_the_order_in_which_they_arose():
    game = table()
    gives(game, 0, "Boardwalk")
    has(game, 0, 30)
    for debtor, creditor, dollars in ((0, 1, 100), (0, 2, 100), (3, 0, 100)):
        owes(game, debtor, creditor, dollars)
    at(game, 0, "Just Visiting")
    load_dice(game, (4, 6))
    advance(game)
    asks(game, 0, "LIQUIDATE", "dark blue")
    assert game.cash.tolist()[:4] == [30, 1500, 1500, 1500]  # the $100 of seat 3 come last
    play(game, MORTGAGE)
    assert game.cash.tolist()[:4] == [130, 1600, 1600, 1400]


def test_r55_each_debt_asks_afresh():
    game = table()
    gives(game, 0, "brown", "Boardwalk")
    has(game, 0, 0)
    owes(game, 0, 1, 30)
    owes(game, 0, 2, 30)
    advance(game)
    play(game, MORTGAGE)
    assert game.cash[1] == 1530
    asks(game, 0, "LIQUIDATE", "brown")
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "dark blue")


def test_r55_a_group_declined_for_one_debt_is_asked_about_again_for_the_next():
    game = table()
    gives(game, 0, "brown", "Boardwalk")
    has(game, 0, 0)
    owes(game, 0, 1, 190)
    owes(game, 0, 2, 30)
    advance(game)
    play(game, PASS)
    asks(game, 0, "LIQUIDATE", "dark blue")
    play(game, MORTGAGE)  # $200
    assert game.cash.tolist()[:2] == [10, 1690]
    asks(game, 0, "LIQUIDATE", "brown")
    play(game, MORTGAGE)
    assert game.cash.tolist()[:3] == [10, 1690, 1530]


def test_r55_a_group_declined_for_a_purchase_is_asked_about_again_for_a_debt():
    game = table()
    gives(game, 0, "brown", "Reading Railroad")
    has(game, 0, 200)
    lands(game, "North Carolina Avenue", (2, 2))  # $300
    play(game, BUY, PASS)
    asks(game, 0, "LIQUIDATE", "railroads")
    load_dice(game, (2, 4))
    play(game, MORTGAGE)  # bought; then $100 of luxury tax
    assert game.owner[title("North Carolina Avenue")] == 0 and game.cash[0] == 0
    asks(game, 0, "LIQUIDATE", "brown")


def test_r55_two_bankruptcies_in_a_row():
    game = table()
    has(game, 1, 3)
    has(game, 2, 4)
    gives(game, 1, "Baltic Avenue", "Boardwalk")
    mortgaged(game, "Baltic Avenue", "Boardwalk")
    draws(game, CHEST, "It is your birthday")  # $3 from seat 1, $4 from seat 2, $10 from seat 3; interest 3 + 20
    assert game.alive.tolist()[:4] == [1, 0, 0, 1] and game.cash.tolist()[:4] == [1494, 0, 0, 1490]
    assert game.owner[title("Boardwalk")] == 0 and game.turn == 0


def test_r55_debts_to_and_of_the_bankrupt_are_void():
    game = table()
    has(game, 0, 10)
    for debtor, creditor, dollars in ((0, 1, 100), (0, 2, 100), (3, 0, 100)):
        owes(game, debtor, creditor, dollars, CARD)
    load_dice(game, (4, 6))
    game.turn = 1
    at(game, 1, "Just Visiting")
    advance(game)
    assert game.cash.tolist()[:4] == [0, 1510, 1500, 1500] and not game.alive[0] and game.debts == 0


def test_r56_bankrupt_to_a_player():
    game = table()
    gives(game, 1, "dark blue")
    stands_on(game, "dark blue", 5, 5)
    gives(game, 0, "brown", "Short Line")
    stands_on(game, "brown", 5, 4)
    mortgaged(game, "Short Line")
    holds_jail_card(game, 0, CHANCE)
    has(game, 0, 200)
    lands(game, "Boardwalk")  # $2,000; $200, 9 levels at $25 and $60 of mortgages will not do
    assert not game.alive[0] and game.cash[0] == 0
    assert game.cash[1] == 1500 + 200 + 225 - 10  # 10 % on Short Line
    assert [int(game.owner[number]) for number in (0, 1, title("Short Line"))] == [1, 1, 1]
    assert game.mortgaged[title("Short Line")] == 1 and game.mortgaged.sum() == 1
    assert not game.houses[:2].any() and (game.houses_left, game.hotels_left) == (32, 10)
    assert game.jail_card_holder[CHANCE] == 1


def test_r56_both_jail_cards_pass_on():
    game = table()
    gives(game, 1, "Boardwalk")
    for deck in (CHANCE, CHEST):
        holds_jail_card(game, 0, deck)
    has(game, 0, 5)
    lands(game, "Boardwalk")
    assert not game.alive[0] and game.jail_card_holder.tolist() == [1, 1] and game.deck_size.tolist() == [15, 15]


def test_r56_buildings_go_back_whatever_the_bank_has():
    game = table()
    gives(game, 1, "dark blue")
    stands_on(game, "dark blue", 5, 5)
    gives(game, 0, "brown")
    stands_on(game, "brown", 5, 5)
    game.houses_left = 0  # no four houses for a hotel
    has(game, 0, 0)
    lands(game, "Boardwalk")
    assert game.cash[1] == 1500 + 250 and game.houses_left == 0 and game.hotels_left == 10


def test_r56_the_creditor_liquidates_for_the_interest():
    game = table()
    gives(game, 1, "Boardwalk", "Reading Railroad")
    gives(game, 0, "green", "Park Place")
    mortgaged(game, "Pacific Avenue", "North Carolina Avenue", "Pennsylvania Avenue", "Park Place")
    has(game, 0, 5)
    has(game, 1, 7)
    lands(game, "Boardwalk")
    assert not game.alive[0] and game.turn == 0
    asks(game, 1, "LIQUIDATE", "dark blue")  # 15 + 15 + 16 + 18 = $64 of interest, $12 at hand
    assert game.cash[1] == 12 and legal(game) == {"PASS", "MORTGAGE"}
    play(game, PASS)
    asks(game, 1, "LIQUIDATE", "railroads")
    play(game, MORTGAGE)
    assert game.cash[1] == 48 and game.alive[1] and game.mortgaged.sum() == 5


def test_r56_a_creditor_that_cannot_pay_the_interest_goes_bankrupt_to_the_bank():
    game = table(3)
    gives(game, 1, "Mediterranean Avenue")
    everything_else_to(game, 0)
    game.mortgaged[1:] = 1
    has(game, 0, 1)
    has(game, 1, 0)
    at(game, 0, "Boardwalk")
    due = int(INTEREST[1:].sum())
    assert due > 200 + 1 + 30
    has(game, 0, 0)
    owes(game, 0, 1, 2)
    advance(game)
    assert game.alive.tolist()[:3] == [0, 0, 1] and (game.over, game.winner) == (DECIDED, 2)
    assert game.cash.tolist()[:3] == [0, 0, 1500]


def test_r56_with_more_players_the_titles_are_then_auctioned():
    game = table(4)
    gives(game, 1, "Mediterranean Avenue")
    everything_else_to(game, 0)
    game.mortgaged[1:] = 1
    has(game, 0, 0)
    has(game, 1, 0)
    owes(game, 0, 1, 2)
    advance(game)
    assert game.alive.tolist()[:4] == [0, 0, 1, 1] and not game.mortgaged.any()
    asks(game, 2, "AUCTION", "brown")
    assert game.auction_title == 0 and game.auction_queue.sum() == 27


def test_r57_bankrupt_to_the_bank():
    game = table(turn=1)
    gives(game, 1, "Baltic Avenue", "Boardwalk")
    mortgaged(game, "Baltic Avenue", "Boardwalk")
    holds_jail_card(game, 1, CHEST)
    has(game, 1, 150)
    lands(game, "Income Tax")
    assert not game.alive[1] and game.cash[1] == 0 and game.paid_in == 150
    assert not game.mortgaged.any() and game.deck_size[CHEST] == 16
    asks(game, 2, "AUCTION", "brown")  # one by one, starting left of the bankrupt
    play(game, BUY, PASS, PASS)
    assert game.owner[title("Baltic Avenue")] == 2 and game.cash[2] == 1490
    asks(game, 2, "AUCTION", "dark blue")
    play(game, PASS, PASS, BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 1490 and game.over == CAPPED


def test_r57_buildings_are_sold_to_the_bank_first():
    game = table()
    gives(game, 0, "brown")
    stands_on(game, "brown", 1, 1)
    has(game, 0, 5)
    lands(game, "Income Tax")
    assert not game.alive[0] and game.houses_left == 32 and not game.houses.any()
    assert game.paid_in == 55 and game.owner[0] == BANK


def test_r57_what_nobody_wants_stays_with_the_bank():
    game = table(3)
    gives(game, 0, "Baltic Avenue")
    has(game, 0, 5)
    lands(game, "Income Tax")
    pass_on(game)
    assert game.owner[title("Baltic Avenue")] == BANK and game.auction_title == -1


def test_r57_the_turn_goes_on_after_the_auctions():
    game = table(3, turns=2)
    gives(game, 0, "Baltic Avenue")
    has(game, 0, 5)
    lands(game, "Income Tax")
    asks(game, 1, "AUCTION")
    at(game, 1, "Just Visiting")
    load_dice(game, (4, 6))
    play(game, PASS, PASS)
    assert game.position[1] == 20 and game.turns == 2


def test_r58_the_last_player_left_wins_at_once():
    game = table(2, turns=50)
    gives(game, 0, "Boardwalk")
    has(game, 0, 5)
    mortgaged(game, "Boardwalk")
    lands(game, "Income Tax")
    assert (game.over, game.winner) == (DECIDED, 1) and game.turns == 1
    assert game.auction_title == -1 and not game.auction_queue.any() and stands_still(game)
    assert legal(game) == set()
    advance(game)
    assert game.turns == 1


def test_r58_the_winner_owes_nothing_more():
    game = table(2, turns=50)
    gives(game, 1, "Boardwalk")
    gives(game, 0, "Park Place")
    mortgaged(game, "Park Place")
    has(game, 0, 0)
    has(game, 1, 0)
    lands(game, "Boardwalk")  # $18 of interest would be due
    assert (game.over, game.winner, game.debts) == (DECIDED, 1, 0) and game.cash[1] == 0


def test_r58_no_action_after_the_end():
    game = table(2)
    has(game, 0, 5)
    lands(game, "Income Tax")
    for action in range(7):
        with pytest.raises(IllegalActionError, match="no decision"):
            play(game, action)


def test_r59_the_turn_cap():
    game = new_game(2, seed=0, max_turns=1)
    at(game, 0, "Just Visiting")
    roll(game, (4, 6))
    assert (game.over, game.winner, game.turns) == (CAPPED, -1, 1) and stands_still(game)


def test_r59_extra_rolls_belong_to_the_turn():
    game = table(2, turns=2)
    everything_else_to(game, 0)
    at(game, 0, "Just Visiting")
    roll(game, (5, 5), (2, 2), (1, 2))
    assert game.turns == 1 and not game.over
    pass_on(game)
    assert game.turns == 2 and game.over == CAPPED


@pytest.mark.parametrize("turns", [0, -1, 1_000_001])
def test_r59_the_cap_must_be_a_sensible_number(turns):
    with pytest.raises(ValueError, match="max_turns"):
        new_game(2, seed=0, max_turns=turns)


def test_r52_a_card_on_the_way_to_a_debt():
    game = table()
    put_on_top(game, CHANCE, "Advance to Boardwalk")
    gives(game, 2, "dark blue")
    stands_on(game, "dark blue", 2, 2)
    gives(game, 0, "railroads")
    has(game, 0, 250)
    lands(game, 7)  # $600
    asks(game, 0, "LIQUIDATE", "railroads")
    play(game, *[MORTGAGE] * 4)
    assert game.cash.tolist()[:3] == [50, 1500, 2100]


def test_r52_a_hotel_is_sold_down_for_a_debt():
    game = table()
    gives(game, 0, "dark blue")
    stands_on(game, "dark blue", 5, 5)
    has(game, 0, 0)
    lands(game, "Income Tax")
    play(game, SELL, SELL)
    assert game.houses[20:22].tolist() == [4, 4] and game.cash[0] == 0


def debtor(cash, *mine, rent=True, people=(0,), **options):
    """A table of three where seat 0 stands on Boardwalk with a hotel of seat 1 and owes $2,000."""
    game = table(3, **options)
    gives(game, 1, "dark blue")
    stands_on(game, "dark blue", 5, 5)
    gives(game, 0, *mine)
    has(game, 0, cash)
    game.manual[list(people)] = 1
    return lands(game, "Boardwalk")


def test_r52_a_person_sells_titles_to_rivals_when_the_bank_cannot_save_it():
    game = debtor(900, "Short Line", "Water Works")  # $100 and $75 by mortgages
    asks(game, 0, "LIQUIDATE")
    assert game.table_group == -1 and legal(game) == {"PASS"} and game.alive[0]
    free_moves.propose(game, 2, [title("Short Line")], [], -1000)
    asks(game, 2, "OFFER", "railroads")
    play(game, PASS)
    asks(game, 0, "LIQUIDATE")
    free_moves.propose(game, 2, [title("Short Line")], [], -1030)
    play(game, BUY)
    asks(game, 0, "LIQUIDATE", "utilities")  # $1,930 and $75: now the bank can
    play(game, MORTGAGE)
    assert game.alive[0] and game.cash.tolist()[:3] == [5, 3500, 470] and game.owner[title("Short Line")] == 2


def test_r52_who_gives_up_is_bankrupt():
    game = play(debtor(900, "Short Line"), PASS)
    assert not game.alive[0] and game.owner[title("Short Line")] == 1 and game.cash[1] == 2400


@pytest.mark.parametrize("why", ["a program", "nothing to sell", "nobody has the money", "no deals"])
def test_r52_nobody_is_asked_for_a_deal_that_cannot_save_it(why):
    game = debtor(
        0 if why == "nobody has the money" else 900,
        *([] if why == "nothing to sell" else ["Short Line"]),
        people=[] if why == "a program" else [0],
        starting_cash=900 if why == "nobody has the money" else 1500,
        house_rules=["no_trades"] if why == "no deals" else [],
    )
    assert not game.alive[0]


@pytest.mark.parametrize(("cash", "price", "helps"), [(900, 100, False), (900, 101, True), (1900, 24, False), (1900, 25, True)])
def test_r52_a_deal_in_a_debt_must_help(cash, price, helps):
    game = debtor(cash, "Short Line", "Water Works")
    if not helps:
        with pytest.raises(IllegalActionError, match="R52"):
            free_moves.propose(game, 2, [title("Short Line")], [], -price)
        return
    free_moves.propose(game, 2, [title("Short Line")], [], -price)
    asks(game, 2, "OFFER", "railroads")
