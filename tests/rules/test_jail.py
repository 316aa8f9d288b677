"""Chapter "Jail": R29 to R33."""

from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, TRADE
from monopoly_env.board import CHANCE, CHEST
from monopoly_env.engine import free_moves
from monopoly_env.game import CAPPED, DECIDED

from .situations import answers, asks, lands, legal, load_dice, pass_on, play, refuses, roll, table, title


def test_r29_jail_is_not_just_visiting():
    game = lands(table(), "Just Visiting")
    assert game.position[0] == 10 and game.jailed[0] == 0
    game = lands(table(), "Go To Jail")
    assert game.position[0] == 10 and game.jailed[0] == 1


def test_r29_straight_to_jail_without_salary_and_without_another_roll():
    game = lands(table(), "Go To Jail", (5, 5))
    assert game.position[0] == 10 and game.jailed[0] == 1 and game.cash[0] == 1500
    assert game.turns == 1 and game.over == CAPPED and game.doubles == 0


def test_r29_the_turn_still_ends_with_managing():
    game = lands(table(owns={0: "brown"}), "Go To Jail")
    asks(game, 0, "MANAGE", "brown")


def test_r30_a_jailed_player_collects_rent():
    assert lands(table(owns={2: "Boardwalk"}, jailed={2: 0}), "Boardwalk").cash[2] == 1550


def test_r30_a_jailed_player_bids():
    game = play(lands(table(2, jailed={1: 0}), "Boardwalk"), PASS)
    answers(game, 1, "AUCTION", BUY, PASS)
    assert game.owner[title("Boardwalk")] == 1 and game.cash[1] == 1490


def test_r30_a_jailed_player_builds_redeems_and_trades():
    game = table(2, owns={0: "brown, Short Line, Park Place", 1: "Boardwalk"}, mortgaged="Short Line", jailed={0: 0})
    play(roll(game, (1, 2)), PASS)
    answers(game, 0, "MANAGE", "brown", BUILD)
    assert game.houses[title("Baltic Avenue")] == 1 and game.cash[0] == 1450
    play(game, PASS)
    answers(game, 0, "MANAGE", "dark blue", TRADE)
    answers(game, 1, "OFFER", PASS)
    answers(game, 0, "MANAGE", "railroads", REDEEM)
    assert game.cash[0] == 1340 and game.jailed[0] == 1 and game.position[0] == 10


def test_r30_a_jailed_player_answers_offers():
    game = play(lands(table(2, owns={0: "Park Place", 1: "Boardwalk"}, jailed={1: 0}), "Free Parking"), TRADE)
    answers(game, 1, "OFFER", BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash[1] == 1920


def test_r31_the_choice_at_the_start_of_the_turn():
    game = roll(table(jailed={0: 0}), (4, 6))
    asks(game, 0, "JAIL")
    assert legal(game) == {"PASS", "BUY"} and game.table_group == -1


def way_out(dice, *actions, failed=0, **situation):
    """What becomes of seat 0 in jail: its cash, its square, whether it is in jail, and its failed tries."""
    game = play(roll(table(jailed={0: failed}, **situation), dice, (1, 2)), *actions)
    assert game.over == CAPPED and game.plan == 0 and game.visits[40] == game.jailed[0]
    return game.cash[0], game.position[0], game.jailed[0], game.jail_rolls[0]


def test_r31_fifty_dollars_or_a_card_and_rolls_as_usual():
    assert way_out((4, 6), BUY, failed=1) == (1450, 20, 0, 0)
    assert way_out((4, 6), BUY, cash={0: 50}) == (0, 20, 0, 0)
    assert way_out((4, 6), cash={0: 49}) == (49, 10, 1, 1)  # can only try
    for deck in (CHANCE, CHEST):  # a card comes before the fifty dollars, and works without any
        assert way_out((4, 6), BUY, jail_cards={deck: 0}) == (1500, 20, 0, 0)
        assert way_out((4, 6), BUY, cash={0: 0}, jail_cards={deck: 0}) == (0, 20, 0, 0)
    assert way_out((4, 6), BUY, PASS, cash={0: 20}, owns={0: "Oriental Avenue"}) == (20, 10, 1, 1)  # raises nothing: tries


def test_r31_after_paying_doubles_roll_again():
    game = play(roll(table(jailed={0: 0}), (5, 5), (4, 6)), BUY)  # Free Parking, then Go To Jail
    assert game.cash[0] == 1450 and game.jailed[0] == 1 and game.visits[20] == 1


def test_r31_the_fee_may_be_raised_before_the_roll():
    game = roll(table(owns={0: "Oriental Avenue"}, cash={0: 20}, jailed={0: 0}), (4, 6))
    answers(game, 0, "JAIL", BUY)
    asks(game, 0, "LIQUIDATE", "light blue")
    assert game.jailed[0]
    play(game, MORTGAGE)
    assert game.cash[0] == 20 and game.position[0] == 20 and not game.jailed[0] and game.plan == 0


def test_r31_before_the_third_try_only_a_card_helps():
    game = play(roll(table(jailed={0: 2}, jail_cards={CHANCE: 0}), (5, 5), (4, 6)), BUY)
    assert game.cash[0] == 1500 and game.visits[20] == 1 and game.turns == 1  # Free Parking, and the doubles roll again


def test_r31_a_person_may_keep_the_card_and_pay():
    game = roll(table(jailed={0: 0}, jail_cards={CHANCE: 0}), (4, 6))
    free_moves.pay_fee(game)
    assert game.cash[0] == 1450 and game.position[0] == 20 and game.jail_card_holder[CHANCE] == 0
    game = roll(table(jailed={0: 2}, jail_cards={CHANCE: 0}), (4, 6))
    refuses(game, "R31", free_moves.pay_fee)


def test_r32_doubles_free_and_move_but_do_not_roll_again():
    assert way_out((5, 5), PASS, failed=1) == (1500, 20, 0, 0)
    for failed in (0, 1):  # two tries may fail
        assert way_out((1, 2), PASS, failed=failed) == (1500, 10, 1, failed + 1)


def test_r32_the_landing_is_settled_as_usual():
    game = table(owns={3: "St. Charles Place, Electric Company"}, jailed={0: 0})
    play(roll(game, (1, 1)), PASS)  # Electric Company: four times the roll
    assert game.cash[3] == 1508 and game.position[0] == 12


def test_r33_the_third_failed_try_pays_50_and_moves_by_that_roll_and_doubles_cost_nothing():
    assert way_out((4, 6), failed=2) == (1450, 20, 0, 0)  # without a card it is not asked
    assert way_out((5, 5), failed=2) == (1500, 20, 0, 0)


def test_r33_a_whole_stay_of_three_turns():
    game = roll(table(2, turns=7, cash={1: 49}, at={0: 27}, jailed={1: 0}), (1, 2))  # so that it is never asked
    assert game.jailed.tolist()[:2] == [1, 1] and game.jail_rolls[1] == 1
    asks(game, 0, "JAIL")
    load_dice(game, (1, 2), (1, 3), (1, 2))
    play(game, PASS)
    assert game.jail_rolls.tolist()[:2] == [1, 2]
    asks(game, 0, "JAIL")
    load_dice(game, (1, 2), (4, 6))
    play(game, PASS)  # seat 1 fails for the third time and has $49: bankrupt, the game is over
    assert (game.over, game.winner) == (DECIDED, 0) and game.jail_rolls[0] == 2


def test_r33_third_failed_roll_with_20_dollars_raises_the_fee_then_moves():
    game = roll(table(owns={0: "Oriental Avenue"}, cash={0: 20}, jailed={0: 2}), (4, 6))
    asks(game, 0, "LIQUIDATE", "light blue")
    assert game.position[0] == 10 and legal(game) == {"PASS", "MORTGAGE"}
    play(game, MORTGAGE)
    assert game.position[0] == 20 and game.cash[0] == 20 and game.mortgaged[title("Oriental Avenue")]


def test_r33_third_failed_roll_with_20_dollars_and_nothing_else_is_bankruptcy():
    game = roll(table(cash={0: 20}, jailed={0: 2}), (4, 6))
    assert not game.alive[0] and game.cash[0] == 0 and game.position[0] == 10 and not game.jailed[0]
    assert game.alive.sum() == 3


def test_r33_the_move_after_the_fee_can_be_dear():
    # Tennessee Avenue: $950, and the fee was paid before
    game = roll(table(owns={1: "orange"}, built={"orange": 5}, cash={0: 1000}, jailed={0: 2}), (2, 6))
    assert game.cash[0] == 0 and game.alive[0] and game.cash[1] == 2450
    assert pass_on(game).over == CAPPED
