"""Chapter "Mortgages": R40 to R43."""

import pytest

from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, SELL
from monopoly_env.board import TITLE_NAMES
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import advance

from .situations import answers, asks, comes_to_manage, lands, legal, play, refuses, stands_still, table, title

# List price, mortgage, redemption (mortgage and 10 % rounded up), interest on changing hands.
MORTGAGES = {
    "Mediterranean Avenue": (30, 33, 3),
    "Oriental Avenue": (50, 55, 5),
    "Connecticut Avenue": (60, 66, 6),
    "States Avenue": (70, 77, 7),
    "Virginia Avenue": (80, 88, 8),
    "Tennessee Avenue": (90, 99, 9),
    "New York Avenue": (100, 110, 10),
    "Kentucky Avenue": (110, 121, 11),
    "Illinois Avenue": (120, 132, 12),
    "Ventnor Avenue": (130, 143, 13),
    "Marvin Gardens": (140, 154, 14),
    "Pacific Avenue": (150, 165, 15),
    "Pennsylvania Avenue": (160, 176, 16),
    "Park Place": (175, 193, 18),  # 17.50 of interest
    "Boardwalk": (200, 220, 20),
    "Short Line": (100, 110, 10),
    "Water Works": (75, 83, 8),  # 7.50 of interest
}


@pytest.mark.parametrize("name", MORTGAGES)
def test_r40_a_title_is_mortgaged_for_half_its_price(name):
    game = comes_to_manage(table(owns={0: name}, cash={0: 0}, people=[0]))
    free_moves.mortgage(game, title(name))
    assert game.cash[0] == MORTGAGES[name][0] and game.mortgaged[title(name)] == 1
    refuses(game, "R40", free_moves.mortgage, title(name))


def test_r40_not_with_a_building_anywhere_in_the_group():
    game = comes_to_manage(table(owns={0: "dark blue"}, built={"dark blue": (0, 1)}, people=[0]))
    for name in ("Park Place", "Boardwalk"):
        refuses(game, "R40", free_moves.mortgage, title(name))
    free_moves.sell(game, title("Boardwalk"))
    free_moves.mortgage(game, title("Park Place"))
    assert game.cash[0] == 1500 + 100 + 175


def test_r40_buildings_first_then_mortgages():
    game = lands(table(owns={0: "dark blue"}, built={"dark blue": (0, 1)}, cash={0: 0}), "Income Tax")
    assert legal(game) == {"PASS", "SELL"}
    play(game, SELL)
    assert legal(game) == {"PASS", "MORTGAGE"}
    play(game, MORTGAGE)
    assert game.mortgaged[title("Park Place")] == 1 and game.cash[0] == 75  # 100 + 175 - 200


def test_r40_nobody_mortgages_the_titles_of_others():
    game = comes_to_manage(table(owns={1: "Boardwalk"}, people=[0]))
    refuses(game, "does not belong", free_moves.mortgage, title("Boardwalk"))


@pytest.mark.parametrize("name", TITLE_NAMES)
def test_r41_no_rent_on_a_mortgaged_title(name):
    game = lands(table(owns={1: name}, mortgaged=name), name)
    assert game.cash.tolist()[:2] == [1500 + 200 * (game.position[0] < 3), 1500]


@pytest.mark.parametrize("name", MORTGAGES)
def test_r42_redeeming_costs_ten_percent_rounded_up(name):
    game = comes_to_manage(table(owns={0: name}, mortgaged=name, cash={0: 300}))
    assert legal(game) == {"PASS", "REDEEM"}
    play(game, REDEEM)
    assert game.cash[0] == 300 - MORTGAGES[name][1] and not game.mortgaged.any()


def test_r42_only_from_the_cash_at_hand():
    game = table(owns={0: "Boardwalk, Short Line"}, mortgaged="Boardwalk", cash={0: 219})
    assert stands_still(comes_to_manage(game))
    game = play(comes_to_manage(table(owns={0: "Boardwalk"}, mortgaged="Boardwalk", cash={0: 220})), REDEEM)
    assert game.cash[0] == 0
    game.phase, game.actor = 4, 0
    refuses(game, "R42", free_moves.redeem, title("Boardwalk"))


def test_r42_the_dearest_of_a_group_is_redeemed_first():
    game = play(comes_to_manage(table(owns={0: "dark blue"}, mortgaged="Boardwalk, Park Place")), REDEEM)
    assert game.mortgaged[title("Park Place")] and not game.mortgaged[title("Boardwalk")]


@pytest.mark.parametrize(("at_once", "dollars"), [(True, 175), (False, 193)])
def test_r43_the_new_owner_pays_ten_percent_at_once_and_again_only_if_it_redeems_later(at_once, dollars):
    game = comes_to_manage(table(2, owns={0: "Boardwalk", 1: "Park Place"}, mortgaged="Park Place", people=[0]))
    free_moves.propose(game, 1, [], [title("Park Place")], 100)
    play(game, BUY)
    assert game.cash.tolist()[:2] == [1500 - 100 - 18, 1600] and game.mortgaged[title("Park Place")]
    asks(game, 0, "MANAGE", "dark blue")
    assert legal(game) == {"PASS", "REDEEM"}
    if not at_once:
        play(game, PASS)
        assert game.table_group == -1
    free_moves.redeem(game, title("Park Place"))
    assert game.cash[0] == 1382 - dollars and game.paid_in == 18 + dollars and game.received == 0


def test_r43_the_other_side_of_a_deal_and_an_heir_are_asked_too():
    game = table(
        3,
        turn=2,
        owns={1: "brown", 2: "Boardwalk, Water Works, Short Line"},
        mortgaged="Boardwalk, Water Works, Short Line, Baltic Avenue",
        cash={1: 310, 2: 0},
    )
    game.debtor[0], game.creditor[0], game.amount[0], game.debts = 2, 1, 5, 1
    advance(game)  # $20, $8 and $10 of interest leave $272
    asks(game, 1, "MANAGE", "dark blue")
    assert legal(game) == {"PASS", "REDEEM"} and game.turn == 2  # not Baltic Avenue, which it had before
    play(game, REDEEM)
    assert game.cash[1] == 72 and not game.mortgaged[title("Boardwalk")]  # $100 or $75 it does not have
    assert game.received == 0 and game.mortgaged[title("Short Line")]


def test_r43_group_by_group_and_nothing_else_meanwhile():
    game = table(
        2,
        owns={0: "green, Boardwalk", 1: "Short Line, Reading Railroad, Water Works"},
        mortgaged="Short Line, Reading Railroad, Water Works, Boardwalk",
        people=[0],
    )
    comes_to_manage(game)
    free_moves.propose(game, 1, [title("Boardwalk")], [title(n) for n in ("Short Line", "Reading Railroad", "Water Works")], 0)
    play(game, BUY)
    answers(game, 1, "MANAGE", "dark blue", PASS)  # titles in board order, each by its new owner
    asks(game, 0, "MANAGE", "railroads")
    refuses(game, "BUILD is not legal", play, BUILD)
    play(game, REDEEM)
    answers(game, 0, "MANAGE", "railroads", PASS)
    answers(game, 0, "MANAGE", "utilities", REDEEM)
    assert game.cash[0] == 1500 - 28 - 100 - 75 and game.table_group == -1
    assert game.mortgaged[title("Reading Railroad")] and not game.mortgaged[title("Short Line")]


def test_r43_both_sides_of_a_deal_pay_on_what_they_get():
    game = table(
        2,
        owns={0: "Boardwalk, Water Works", 1: "Short Line, Baltic Avenue"},
        mortgaged="Boardwalk, Water Works, Baltic Avenue",
        people=[0],
    )
    comes_to_manage(game)
    give, take = [title("Boardwalk"), title("Water Works")], [title("Short Line"), title("Baltic Avenue")]
    free_moves.propose(game, 1, give, take, -50)
    answers(game, 1, "OFFER", "dark blue", BUY)
    assert game.cash.tolist()[:2] == [1500 + 50 - 3, 1500 - 50 - 20 - 8]
    assert game.mortgaged.sum() == 3


@pytest.mark.parametrize(("cash", "legal_then"), [(282, True), (281, False)])
def test_r43_the_interest_is_part_of_what_a_proposed_deal_costs(cash, legal_then):
    # 350 - 193 = 157, and 5 %: $164; $18 of interest; $100 are kept
    game = table(4, owns={0: "Boardwalk", 1: "Park Place"}, mortgaged="Park Place", cash={0: cash})
    assert stands_still(comes_to_manage(game)) != legal_then
