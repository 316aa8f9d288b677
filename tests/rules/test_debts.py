"""Chapter "Debts and bankruptcy": R51 to R59."""

from contextlib import nullcontext

import pytest

from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, SELL, IllegalActionError
from monopoly_env.board import CHANCE, CHEST, INTEREST, TITLE_NAMES
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import advance
from monopoly_env.events import HEADROOM
from monopoly_env.game import BANK, CAPPED, CARD, DECIDED, MAX_EVENTS, RENT, new_game

from .situations import (
    answers,
    asks,
    at,
    comes_to_manage,
    draws,
    lands,
    legal,
    load_dice,
    log,
    pass_on,
    play,
    refuses,
    roll,
    stands_still,
    table,
    title,
)


def owing(*debts, reason=RENT, **situation):
    """A table with debts: who owes whom how many dollars."""
    game = table(**situation)
    for row, (debtor, creditor, dollars) in enumerate(debts):
        game.debtor[row], game.creditor[row], game.amount[row], game.reason[row] = debtor, creditor, dollars, reason
    game.debts = len(debts)
    return game


@pytest.mark.parametrize(("cash", "alive"), [(50, 1), (49, 0)])
def test_r51_the_last_dollar_pays_in_full_and_one_short_is_bankruptcy(cash, alive):
    game = lands(table(owns={1: "Boardwalk"}, cash={0: cash}), "Boardwalk")
    assert game.cash.tolist()[:2] == [0, 1500 + cash] and game.alive[0] == alive


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
    game = table(owns={0: "orange, Short Line", 1: "dark blue"}, built={"dark blue": 1, "orange": (1, 0, 0)}, cash={0: 60})
    lands(game, "Boardwalk")  # $200
    asks(game, 0, "LIQUIDATE", "orange")
    assert legal(game) == {"PASS", "SELL"} and game.alive[0]
    play(game, PASS)
    answers(game, 0, "LIQUIDATE", "railroads", MORTGAGE)  # $160: still short, and every group has been looked at
    assert game.cash.tolist()[:2] == [10, 1700]  # the house was sold by force
    assert not game.houses[8:11].any() and game.mortgaged[title("Short Line")]


def test_r52_an_action_stays_on_the_group_and_stops_once_the_debt_is_paid():
    game = play(lands(table(owns={0: "railroads"}, cash={0: 0}), "Income Tax"), MORTGAGE)
    answers(game, 0, "LIQUIDATE", "railroads", MORTGAGE)
    assert game.cash[0] == 0 and game.mortgaged.sum() == 2 and game.over == 2


@pytest.mark.parametrize(("cash", "alive"), [(69, 1), (68, 0)])
def test_r52_only_if_that_can_cover_the_debt(cash, alive):
    # $25 for the house, 2 x $30, $100: 185 in all, but the mortgaged one brings nothing more
    game = table(
        owns={0: "brown, Reading Railroad, Electric Company"},
        built={"brown": (1, 0)},
        mortgaged="Electric Company",
        cash={0: cash - 54},
    )
    assert cash - 54 + 185 == (200 if alive else 199)
    lands(game, "Income Tax")
    assert game.alive[0] == alive
    if alive:
        asks(game, 0, "LIQUIDATE", "brown")
    else:
        assert game.houses_left == 32


def test_r53_who_declines_everything_is_sold_up_by_force():
    game = lands(table(owns={0: "brown, light blue, Boardwalk"}, built={"brown": 1}, cash={0: 0}), "Income Tax")
    answers(game, 0, "LIQUIDATE", "brown", PASS)
    answers(game, 0, "LIQUIDATE", "light blue", PASS)
    answers(game, 0, "LIQUIDATE", "dark blue", PASS)
    # brown: two houses $50, two mortgages $60; light blue: $50 and $50 make 210; the rest is left alone
    assert game.cash[0] == 10 and game.houses_left == 32
    assert [number for number in range(28) if game.mortgaged[number]] == [0, 1, 2, 3]


def test_r53_what_was_raised_before_counts():
    game = play(lands(table(owns={0: "brown, Boardwalk"}, cash={0: 0}), "Income Tax"), PASS)
    play(game, MORTGAGE)  # Boardwalk: $200
    assert game.cash[0] == 0 and game.mortgaged.sum() == 1


def test_r53_every_row_of_a_long_forced_sale_is_logged():
    game = table(
        2,
        log=True,
        owns={0: "brown, light blue, pink, orange", 1: "dark blue"},
        built={"brown": 5, "light blue": 5, "pink": 5, "orange": 5, "dark blue": (4, 5)},
        cash={0: 0},
    )
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
    game = comes_to_manage(table(owns={0: "brown, Short Line"}, built={"brown": 1}))
    asks(game, 0, "MANAGE", "brown")
    assert legal(game) == {"PASS", "BUILD"}
    assert stands_still(play(game, PASS))


def test_r54_mortgaging_to_buy_the_title_landed_on():
    game = play(lands(table(owns={0: "Reading Railroad, Short Line"}, cash={0: 300}), "Boardwalk"), BUY)
    asks(game, 0, "LIQUIDATE", "railroads")
    assert game.owner[title("Boardwalk")] == BANK
    play(game, MORTGAGE)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 0 and game.mortgaged.sum() == 1


def test_r54_a_plan_to_buy_that_is_dropped_goes_to_auction():
    game = lands(table(owns={0: "Reading Railroad, Water Works"}, cash={0: 290}), "Boardwalk")
    play(game, BUY, MORTGAGE)  # $390
    answers(game, 0, "LIQUIDATE", "utilities", PASS)
    asks(game, 1, "AUCTION", "dark blue")
    assert game.cash[0] == 390 and game.mortgaged.sum() == 1 and game.plan == 0
    play(game, PASS, PASS, PASS, BUY)  # the planner may still bid
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 380


def test_r54_the_same_group_may_pay_for_a_purchase():
    game = play(lands(table(owns={0: "Park Place"}, cash={0: 225}), "Boardwalk"), BUY, MORTGAGE)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 0


def test_r54_mortgaging_to_build_a_house():
    game = play(comes_to_manage(table(owns={0: "red, Short Line"}, cash={0: 60})), BUILD)
    answers(game, 0, "LIQUIDATE", "railroads", MORTGAGE)
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 10
    assert stands_still(game)  # nothing more can be raised


def test_r54_the_group_to_be_built_on_is_left_alone():
    game = table(owns={0: "red"}, cash={0: 149})
    assert stands_still(comes_to_manage(game))  # its own mortgages would do, but are not looked at
    game = comes_to_manage(table(owns={0: "red, brown"}, built={"red": 1}, cash={0: 100}))
    play(game, PASS, BUILD)  # brown first: passed
    answers(game, 0, "LIQUIDATE", "brown", MORTGAGE, MORTGAGE)
    assert game.houses[title("Illinois Avenue")] == 2 and game.cash[0] == 10


def test_r54_a_plan_to_build_that_is_dropped_closes_the_group_for_the_turn():
    game = play(comes_to_manage(table(owns={0: "red, green, Short Line"}, cash={0: 140})), BUILD)
    answers(game, 0, "LIQUIDATE", "green", MORTGAGE)  # $290: the house is bought at once
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 140
    answers(game, 0, "MANAGE", "red", BUILD)
    answers(game, 0, "LIQUIDATE", "green", PASS)
    answers(game, 0, "LIQUIDATE", "railroads", PASS)
    assert game.houses[title("Illinois Avenue")] == 1 and game.cash[0] == 140 and game.plan == 0
    assert stands_still(game)  # red is closed; green has a mortgage that $140 do not redeem


def test_r54_a_dropped_house_leaves_the_later_groups_open():
    game = comes_to_manage(table(owns={0: "red, dark blue, Short Line"}, cash={0: 140}))
    play(game, BUILD, PASS, PASS)  # dark blue and the railroads declined
    asks(game, 0, "MANAGE", "dark blue")


def test_r54_a_hotel_sold_for_a_house_can_take_the_last_houses_of_the_bank():
    game = table(owns={0: "brown, dark blue, Short Line"}, built={"brown": (4, 5)}, cash={0: 190}, houses_left=4)
    comes_to_manage(game)
    answers(game, 0, "MANAGE", "brown", PASS)
    answers(game, 0, "MANAGE", "dark blue", BUILD)
    answers(game, 0, "LIQUIDATE", "brown", SELL)  # the hotel becomes four houses: the bank has none left (R37)
    assert game.cash[0] == 215 and game.houses_left == 0 and not game.houses[20:22].any()
    assert stands_still(game) and game.plan == 0


@pytest.mark.parametrize(("in_bank", "offered"), [(1, False), (4, False), (5, True)])
def test_r54_a_house_that_the_sale_of_a_hotel_would_take_from_the_bank_is_not_offered(in_bank, offered):
    game = table(owns={0: "brown, orange"}, built={"orange": (5, 4, 4)}, cash={0: 0}, houses_left=in_bank)
    comes_to_manage(game)
    assert stands_still(game) != offered
    if offered:
        play(game, BUILD, SELL)
        assert game.houses[:2].tolist() == [0, 1] and game.houses_left == 0


def test_r54_a_hotel_may_be_built_by_selling_one():
    game = table(owns={0: "brown, orange"}, built={"brown": 4, "orange": 5}, cash={0: 0}, houses_left=0)
    play(comes_to_manage(game), BUILD, SELL)  # the orange group falls as a whole (R39)
    assert game.houses[:2].tolist() == [4, 5] and not game.houses[8:11].any() and game.cash[0] == 750 - 50


def test_r54_a_person_that_dropped_a_house_may_try_again():
    game = comes_to_manage(table(owns={0: "red, Short Line"}, cash={0: 60}, people=[0]))
    for _ in range(2):
        free_moves.build(game, title("Illinois Avenue"))
        answers(game, 0, "LIQUIDATE", "railroads", PASS)
        asks(game, 0, "MANAGE")
    assert not game.houses.any() and game.cash[0] == 60


@pytest.mark.parametrize("what", ["mortgage", "sell"])
def test_r54_not_even_a_person_takes_from_the_group_to_be_built_on(what):
    level = 1 if what == "sell" else 0
    game = comes_to_manage(table(owns={0: "red, Short Line"}, built={"red": level}, cash={0: 50}, people=[0]))
    free_moves.build(game, title("Illinois Avenue"))
    asks(game, 0, "LIQUIDATE", "railroads")
    refuses(game, "R54", getattr(free_moves, what), title("Kentucky Avenue"))
    free_moves.mortgage(game, title("Short Line"))
    assert game.houses[title("Illinois Avenue")] == level + 1 and not game.mortgaged[11:14].any()


def test_r55_debts_are_settled_in_the_order_in_which_they_arose():
    debts = (0, 1, 100), (0, 2, 100), (3, 0, 100)
    game = comes_to_manage(owing(*debts, owns={0: "Boardwalk"}, cash={0: 30}))
    asks(game, 0, "LIQUIDATE", "dark blue")
    assert game.cash.tolist()[:4] == [30, 1500, 1500, 1500]  # the $100 of seat 3 come last
    play(game, MORTGAGE)
    assert game.cash.tolist()[:4] == [130, 1600, 1600, 1400]


def test_r55_each_debt_asks_afresh():
    game = owing((0, 1, 30), (0, 2, 30), owns={0: "brown, Boardwalk"}, cash={0: 0})
    advance(game)
    play(game, MORTGAGE)
    assert game.cash[1] == 1530
    answers(game, 0, "LIQUIDATE", "brown", PASS)
    asks(game, 0, "LIQUIDATE", "dark blue")


def test_r55_a_group_declined_for_one_debt_is_asked_about_again_for_the_next():
    game = owing((0, 1, 190), (0, 2, 30), owns={0: "brown, Boardwalk"}, cash={0: 0})
    advance(game)
    play(game, PASS)
    answers(game, 0, "LIQUIDATE", "dark blue", MORTGAGE)  # $200
    assert game.cash.tolist()[:2] == [10, 1690]
    answers(game, 0, "LIQUIDATE", "brown", MORTGAGE)
    assert game.cash.tolist()[:3] == [10, 1690, 1530]


def test_r55_a_group_declined_for_a_purchase_is_asked_about_again_for_a_debt():
    game = lands(table(owns={0: "brown, Reading Railroad"}, cash={0: 200}), "North Carolina Avenue", (2, 2))  # $300
    play(game, BUY, PASS)
    asks(game, 0, "LIQUIDATE", "railroads")
    load_dice(game, (2, 4))
    play(game, MORTGAGE)  # bought; then $100 of luxury tax
    assert game.owner[title("North Carolina Avenue")] == 0 and game.cash[0] == 0
    asks(game, 0, "LIQUIDATE", "brown")


def test_r55_two_bankruptcies_in_a_row():
    game = table(owns={1: "Baltic Avenue, Boardwalk"}, mortgaged="Baltic Avenue, Boardwalk", cash={1: 3, 2: 4})
    draws(game, CHEST, "It is your birthday")  # $3 from seat 1, $4 from seat 2, $10 from seat 3; interest 3 + 20
    assert game.alive.tolist()[:4] == [1, 0, 0, 1] and game.cash.tolist()[:4] == [1494, 0, 0, 1490]
    assert game.owner[title("Boardwalk")] == 0 and game.turn == 0


def test_r55_debts_to_and_of_the_bankrupt_are_void():
    game = owing((0, 1, 100), (0, 2, 100), (3, 0, 100), reason=CARD, turn=1, cash={0: 10}, at={1: "Just Visiting"})
    roll(game, (4, 6))
    assert game.cash.tolist()[:4] == [0, 1510, 1500, 1500] and not game.alive[0] and game.debts == 0


def test_r56_bankrupt_to_a_player():
    game = table(
        owns={0: "brown, Short Line", 1: "dark blue"},
        built={"dark blue": 5, "brown": (5, 4)},
        mortgaged="Short Line",
        cash={0: 200},
        jail_cards={CHANCE: 0},
    )
    lands(game, "Boardwalk")  # $2,000; $200, 9 levels at $25 and $60 of mortgages will not do
    assert not game.alive[0] and game.cash[0] == 0
    assert game.cash[1] == 1500 + 200 + 225 - 10  # 10 % on Short Line
    assert [int(game.owner[number]) for number in (0, 1, title("Short Line"))] == [1, 1, 1]
    assert game.mortgaged[title("Short Line")] == 1 and game.mortgaged.sum() == 1
    assert not game.houses[:2].any() and (game.houses_left, game.hotels_left) == (32, 10)
    assert game.jail_card_holder[CHANCE] == 1


def test_r56_both_jail_cards_pass_on():
    game = lands(table(owns={1: "Boardwalk"}, cash={0: 5}, jail_cards={CHANCE: 0, CHEST: 0}), "Boardwalk")
    assert not game.alive[0] and game.jail_card_holder.tolist() == [1, 1] and game.deck_size.tolist() == [15, 15]


def test_r56_buildings_go_back_whatever_the_bank_has():
    # no four houses for a hotel
    game = table(owns={0: "brown", 1: "dark blue"}, built={"dark blue": 5, "brown": 5}, cash={0: 0}, houses_left=0)
    lands(game, "Boardwalk")
    assert game.cash[1] == 1500 + 250 and game.houses_left == 0 and game.hotels_left == 10


def test_r56_the_creditor_liquidates_for_the_interest():
    game = table(
        owns={0: "green, Park Place", 1: "Boardwalk, Reading Railroad"}, mortgaged="green, Park Place", cash={0: 5, 1: 7}
    )
    lands(game, "Boardwalk")
    assert not game.alive[0] and game.turn == 0
    asks(game, 1, "LIQUIDATE", "dark blue")  # 15 + 15 + 16 + 18 = $64 of interest, $12 at hand
    assert game.cash[1] == 12 and legal(game) == {"PASS", "MORTGAGE"}
    play(game, PASS)
    answers(game, 1, "LIQUIDATE", "railroads", MORTGAGE)
    assert game.cash[1] == 48 and game.alive[1] and game.mortgaged.sum() == 5


def bankrupt_to_a_poor_creditor(players):
    """Seat 0, bankrupt, leaves seat 1 so many mortgaged titles that it cannot pay their interest."""
    pledged = ", ".join(TITLE_NAMES[1:])
    mine = {1: "Mediterranean Avenue", 0: "everything else"}
    game = owing((0, 1, 2), players=players, owns=mine, mortgaged=pledged, cash={0: 0, 1: 0})
    assert INTEREST[1:].sum() > 30  # what its own title brings
    advance(game)
    return game


def test_r56_a_creditor_that_cannot_pay_the_interest_goes_bankrupt_to_the_bank():
    game = bankrupt_to_a_poor_creditor(3)
    assert game.alive.tolist()[:3] == [0, 0, 1] and (game.over, game.winner) == (DECIDED, 2)
    assert game.cash.tolist()[:3] == [0, 0, 1500]


def test_r56_with_more_players_the_titles_are_then_auctioned():
    game = bankrupt_to_a_poor_creditor(4)
    assert game.alive.tolist()[:4] == [0, 0, 1, 1] and not game.mortgaged.any()
    asks(game, 2, "AUCTION", "brown")
    assert game.auction_title == 0 and game.auction_queue.sum() == 27


def test_r57_bankrupt_to_the_bank():
    game = table(
        turn=1, owns={1: "Baltic Avenue, Boardwalk"}, mortgaged="Baltic Avenue, Boardwalk", cash={1: 150}, jail_cards={CHEST: 1}
    )
    lands(game, "Income Tax")
    assert not game.alive[1] and game.cash[1] == 0 and game.paid_in == 150
    assert not game.mortgaged.any() and game.deck_size[CHEST] == 16
    answers(game, 2, "AUCTION", "brown", BUY, PASS, PASS)  # one by one, starting left of the bankrupt
    assert game.owner[title("Baltic Avenue")] == 2 and game.cash[2] == 1490
    answers(game, 2, "AUCTION", "dark blue", PASS, PASS, BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[0] == 1490 and game.over == CAPPED


def test_r57_buildings_are_sold_to_the_bank_first():
    game = lands(table(owns={0: "brown"}, built={"brown": 1}, cash={0: 5}), "Income Tax")
    assert not game.alive[0] and game.houses_left == 32 and not game.houses.any()
    assert game.paid_in == 55 and game.owner[0] == BANK


def test_r57_what_nobody_wants_stays_with_the_bank():
    game = pass_on(lands(table(3, owns={0: "Baltic Avenue"}, cash={0: 5}), "Income Tax"))
    assert game.owner[title("Baltic Avenue")] == BANK and game.auction_title == -1


def test_r57_the_turn_goes_on_after_the_auctions():
    game = lands(table(3, turns=2, owns={0: "Baltic Avenue"}, cash={0: 5}), "Income Tax")
    asks(game, 1, "AUCTION")
    at(game, 1, "Just Visiting")
    load_dice(game, (4, 6))
    play(game, PASS, PASS)
    assert game.position[1] == 20 and game.turns == 2


def test_r58_the_last_player_left_wins_at_once():
    game = lands(table(2, turns=50, owns={0: "Boardwalk"}, mortgaged="Boardwalk", cash={0: 5}), "Income Tax")
    assert (game.over, game.winner) == (DECIDED, 1) and game.turns == 1
    assert game.auction_title == -1 and not game.auction_queue.any() and stands_still(game)
    assert legal(game) == set()
    advance(game)
    assert game.turns == 1


def test_r58_the_winner_owes_nothing_more():
    game = table(2, turns=50, owns={0: "Park Place", 1: "Boardwalk"}, mortgaged="Park Place", cash={0: 0, 1: 0})
    lands(game, "Boardwalk")  # $18 of interest would be due
    assert (game.over, game.winner, game.debts) == (DECIDED, 1, 0) and game.cash[1] == 0


def test_r58_no_action_after_the_end():
    game = lands(table(2, cash={0: 5}), "Income Tax")
    for action in range(7):
        refuses(game, "no decision", play, action)


def test_r59_the_turn_cap():
    game = comes_to_manage(table(2))
    assert (game.over, game.winner, game.turns) == (CAPPED, -1, 1) and stands_still(game)


def test_r59_extra_rolls_belong_to_the_turn():
    game = roll(table(2, turns=2, owns={0: "everything else"}, at={0: "Just Visiting"}), (5, 5), (2, 2), (1, 2))
    assert game.turns == 1 and not game.over
    pass_on(game)
    assert game.turns == 2 and game.over == CAPPED


@pytest.mark.parametrize("turns", [0, -1, 1_000_001])
def test_r59_the_cap_must_be_a_sensible_number(turns):
    with pytest.raises(ValueError, match="max_turns"):
        new_game(2, seed=0, max_turns=turns)


def test_r52_a_card_on_the_way_to_a_debt():
    game = table(owns={0: "railroads", 2: "dark blue"}, built={"dark blue": 2}, cash={0: 250})
    draws(game, CHANCE, "Advance to Boardwalk")  # $600
    answers(game, 0, "LIQUIDATE", "railroads", *[MORTGAGE] * 4)
    assert game.cash.tolist()[:3] == [50, 1500, 2100]


def test_r52_a_hotel_is_sold_down_for_a_debt():
    game = lands(table(owns={0: "dark blue"}, built={"dark blue": 5}, cash={0: 0}), "Income Tax")
    play(game, SELL, SELL)
    assert game.houses[20:22].tolist() == [4, 4] and game.cash[0] == 0


def debtor(cash, *mine, people=(0,), **options):
    """A table of three where seat 0 stands on Boardwalk with a hotel of seat 1 and owes $2,000."""
    owns = {1: "dark blue", 0: mine}
    return lands(table(3, owns=owns, built={"dark blue": 5}, cash={0: cash}, people=people, **options), "Boardwalk")


def test_r52_a_person_sells_titles_to_rivals_when_the_bank_cannot_save_it():
    game = debtor(900, "Short Line", "Water Works")  # $100 and $75 by mortgages
    asks(game, 0, "LIQUIDATE")
    assert game.table_group == -1 and legal(game) == {"PASS"} and game.alive[0]
    free_moves.propose(game, 2, [title("Short Line")], [], -1000)
    answers(game, 2, "OFFER", "railroads", PASS)
    asks(game, 0, "LIQUIDATE")
    free_moves.propose(game, 2, [title("Short Line")], [], -1030)
    play(game, BUY)
    answers(game, 0, "LIQUIDATE", "utilities", MORTGAGE)  # $1,930 and $75: now the bank can
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
    with nullcontext() if helps else pytest.raises(IllegalActionError, match="R52"):
        free_moves.propose(game, 2, [title("Short Line")], [], -price)
    asks(game, 2 if helps else 0, "OFFER" if helps else "LIQUIDATE")
