"""Chapter "Cards": R19 to R28."""

import pytest

from monopoly_env.actions import BUY, MORTGAGE
from monopoly_env.board import CHANCE, CHEST
from monopoly_env.cards import CARD_TEXT, JAIL_CARD
from monopoly_env.game import BANK, CAPPED, DECIDED, new_game

from .situations import (
    answers,
    asks,
    bank_dollars,
    card_number,
    deck_of,
    draws,
    gives,
    lands,
    legal,
    pass_on,
    play,
    put_on_top,
    roll,
    table,
    title,
)


def test_r19_sixteen_cards_each_shuffled():
    orders = set()
    for seed in range(20):
        game = new_game(2, seed=seed)
        for deck in (CHANCE, CHEST):
            assert sorted(deck_of(game, deck)) == list(range(16))
            orders.add(tuple(deck_of(game, deck)))
    assert len(orders) == 40
    assert len(CARD_TEXT[CHANCE]) == len(CARD_TEXT[CHEST]) == 16


def test_r19_a_drawn_card_goes_to_the_bottom():
    game = table()
    put_on_top(game, CHANCE, "Speeding fine")
    before, chest = deck_of(game, CHANCE), deck_of(game, CHEST)
    lands(game, 22)
    assert deck_of(game, CHANCE) == before[1:] + before[:1]
    assert deck_of(game, CHEST) == chest


@pytest.mark.parametrize(("deck", "place"), [(CHANCE, 7), (CHANCE, 22), (CHANCE, 36), (CHEST, 2), (CHEST, 17), (CHEST, 33)])
def test_r19_the_squares_where_cards_are_drawn(deck, place):
    game = draws(table(), deck, ("The bank pays you a dividend", "Consultancy fee")[deck], place)
    assert game.cash[0] == 1500 + (50, 25)[deck] + 200 * (place == 2)


@pytest.mark.parametrize("deck", [CHANCE, CHEST])
def test_r20_the_jail_card_is_kept_out_of_its_deck(deck):
    game = draws(table(), deck, "Get out of jail free")
    assert game.jail_card_holder.tolist() == ([0, BANK] if deck == CHANCE else [BANK, 0])
    assert game.deck_size[deck] == 15 and game.deck_size[1 - deck] == 16
    assert sorted(deck_of(game, deck)) == [card for card in range(16) if card != JAIL_CARD[deck]]


@pytest.mark.parametrize("deck", [CHANCE, CHEST])
def test_r20_used_it_goes_to_the_bottom_of_its_deck(deck):
    game = table(jailed={0: 0}, jail_cards={deck: 0})
    rest = deck_of(game, deck)
    play(roll(game, (4, 6)), BUY)
    assert deck_of(game, deck) == [*rest, JAIL_CARD[deck]]
    assert game.jail_card_holder[deck] == BANK and game.cash[0] == 1500


def test_r20_a_held_card_is_not_drawn_again():
    game = table(jail_cards={CHANCE: 2})
    for _ in range(15):
        game.position[0], game.stage, game.over, game.max_turns, game.turn = 0, 0, 0, game.turns + 1, 0
        game.jailed[0], game.phase, game.cash[0] = 0, 0, game.cash[0]
        pass_on(lands(game, 7))
        assert game.jail_card_holder[CHANCE] == 2 and game.deck_size[CHANCE] == 15
    assert sorted(deck_of(game, CHANCE)) == [card for card in range(16) if card != JAIL_CARD[CHANCE]]


def test_r20_bankrupt_to_the_bank_the_card_goes_back():
    game = table(cash={0: 10}, jail_cards={CHEST: 0})
    rest = deck_of(game, CHEST)
    lands(game, "Luxury Tax")
    assert not game.alive[0] and deck_of(game, CHEST) == [*rest, JAIL_CARD[CHEST]]
    assert game.jail_card_holder[CHEST] == BANK


ADVANCES = [
    (CHANCE, "Advance to Boardwalk", 7, 39, 0),
    (CHANCE, "Advance to Boardwalk", 36, 39, 0),
    (CHANCE, "Advance to GO", 7, 0, 200),
    (CHEST, "Advance to GO", 17, 0, 200),
    (CHANCE, "Advance to Illinois Avenue", 7, 24, 0),
    (CHANCE, "Advance to Illinois Avenue", 22, 24, 0),
    (CHANCE, "Advance to Illinois Avenue", 36, 24, 200),
    (CHANCE, "Advance to St. Charles Place", 7, 11, 0),
    (CHANCE, "Advance to St. Charles Place", 22, 11, 200),
    (CHANCE, "Advance to St. Charles Place", 36, 11, 200),
    (CHANCE, "Take a trip to Reading Railroad", 7, 5, 200),
    (CHANCE, "Take a trip to Reading Railroad", 36, 5, 200),
]


@pytest.mark.parametrize(("deck", "text", "start", "end", "salary"), ADVANCES)
def test_r21_advance_to(deck, text, start, end, salary):
    game = draws(table(owns={0: "everything else"}), deck, text, start)
    assert game.position[0] == end and game.cash[0] == 1500 + salary


def test_r21_the_landing_is_settled():
    game = draws(table(owns={3: "dark blue"}, built={"dark blue": 1}), CHANCE, "Advance to Boardwalk")
    assert game.cash[0] == 1300 and game.cash[3] == 1700
    game = draws(table(), CHANCE, "Advance to Illinois Avenue")
    asks(game, 0, "PURCHASE", "red")


@pytest.mark.parametrize(
    ("start", "railroad", "end", "salary"),
    [(7, "Pennsylvania Railroad", 15, 0), (22, "B. & O. Railroad", 25, 0), (36, "Reading Railroad", 5, 200)],
)
def test_r22_nearest_railroad_costs_twice_its_rent(start, railroad, end, salary):
    game = draws(table(owns={2: [railroad, "Short Line"]}), CHANCE, "Advance to the nearest railroad", start)
    assert game.position[0] == end and game.cash[0] == 1500 + salary - 100 and game.cash[2] == 1600


@pytest.mark.parametrize(("count", "rent"), [(1, 50), (2, 100), (3, 200), (4, 400)])
def test_r22_twice_the_rent_of_every_level(count, rent):
    game = table(owns={2: ("Pennsylvania Railroad", "B. & O. Railroad", "Reading Railroad", "Short Line")[:count]})
    draws(game, CHANCE, "Advance to the nearest railroad")
    assert game.cash[2] == 1500 + rent


def test_r22_both_cards_are_in_the_deck():
    assert sum(text.startswith("Advance to the nearest railroad") for text in CARD_TEXT[CHANCE]) == 2


def test_r22_unowned_it_may_be_bought_mortgaged_or_own_it_is_free():
    game = draws(table(), CHANCE, "Advance to the nearest railroad")
    answers(game, 0, "PURCHASE", "railroads", BUY)
    assert game.cash[0] == 1300
    for game in (table(owns={1: "railroads"}, mortgaged="Pennsylvania Railroad"), table(owns={0: "railroads"})):
        assert draws(game, CHANCE, "Advance to the nearest railroad").cash[0] == 1500


def test_r22_the_double_rent_is_for_that_landing_only():
    game = table(2, turns=2, owns={0: "B. & O. Railroad, Short Line", 1: "Reading Railroad, Pennsylvania Railroad"}, at={1: 18})
    # To Pennsylvania Railroad (two railroads: twice $50); then the rival to B. & O. ($50).
    pass_on(draws(game, CHANCE, "Advance to the nearest railroad", 7, (3, 4)))
    assert game.cash.tolist()[:2] == [1500 - 100 + 50, 1500 + 100 - 50]


@pytest.mark.parametrize(("start", "end", "salary"), [(7, 12, 0), (22, 28, 0), (36, 12, 200)])
@pytest.mark.parametrize("other", [2, 3])
def test_r23_nearest_utility_costs_ten_times_a_fresh_roll_whoever_owns_the_other(start, end, salary, other):
    game = table(owns={2: "utilities"})
    gives(game, other, "Water Works" if end == 12 else "Electric Company")
    draws(game, CHANCE, "Advance to the nearest utility", start, (5, 6))
    assert game.position[0] == end
    assert game.cash[0] == 1500 + salary - 110 and game.cash[2] == 1610


def test_r23_the_fresh_roll_moves_nobody_and_doubles_do_not_count():
    game = draws(table(owns={2: "utilities"}), CHANCE, "Advance to the nearest utility", 7, (6, 6))
    assert game.cash[2] == 1620 and game.position[0] == 12
    assert game.dice.tolist() == [1, 2] and game.over == CAPPED


def test_r23_doubles_before_the_card_still_give_the_extra_roll():
    game = table(owns={2: "utilities"}, at={0: 3})
    put_on_top(game, CHANCE, "Advance to the nearest utility")
    roll(game, (2, 2), (1, 2), (3, 5))  # to 7, to Electric Company: 10 x 3; the extra roll to Free Parking
    assert game.cash[2] == 1530 and game.position[0] == 20


def test_r23_unowned_mortgaged_or_own():
    asks(draws(table(), CHANCE, "Advance to the nearest utility"), 0, "PURCHASE", "utilities")
    game = table(owns={1: "utilities"}, mortgaged="Electric Company")
    assert draws(game, CHANCE, "Advance to the nearest utility").cash[0] == 1500


@pytest.mark.parametrize(
    ("start", "chest", "end", "cash"),
    [(7, "Bank error", 4, 1300), (22, "Bank error", 19, 1484), (36, "Bank error", 33, 1700), (36, "Advance to GO", 0, 1700)],
    ids=["income tax", "the rent of a street", "a card of Community Chest", "from Community Chest to GO"],
)
def test_r24_go_back_three_spaces_and_settle_that_landing(start, chest, end, cash):
    game = table(owns={1: "New York Avenue"})
    put_on_top(game, CHEST, chest)
    draws(game, CHANCE, "Go back three spaces", start)
    assert game.position[0] == end and game.cash.tolist()[:2] == [cash, 1500 + 16 * (end == 19)]
    assert game.visits[end] == 1 and game.visits[start] == 0


@pytest.mark.parametrize(("deck", "place"), [(CHANCE, 36), (CHEST, 33), (CHANCE, 7)])
def test_r25_go_to_jail(deck, place):
    game = draws(table(), deck, "Go to jail", place)
    assert game.position[0] == 10 and game.jailed[0] == 1 and game.cash[0] == 1500 and game.over == CAPPED


def test_r25_go_to_jail_after_doubles_ends_the_rolling():
    game = table(at={0: 3})
    put_on_top(game, CHANCE, "Go to jail")
    roll(game, (2, 2), (4, 6))
    assert game.position[0] == 10 and game.over == CAPPED and game.turns == 1


SUMS = [
    (CHANCE, "The bank pays you a dividend", 50),
    (CHANCE, "Speeding fine", -15),
    (CHANCE, "Your building loan matures", 150),
    (CHEST, "Bank error", 200),
    (CHEST, "Doctor's fee", -50),
    (CHEST, "From a sale of stock", 50),
    (CHEST, "Holiday fund", 100),
    (CHEST, "Income tax refund", 20),
    (CHEST, "Life insurance", 100),
    (CHEST, "Hospital fees", -100),
    (CHEST, "School fees", -50),
    (CHEST, "Consultancy fee", 25),
    (CHEST, "Second prize in a beauty contest", 10),
    (CHEST, "You inherit", 100),
]


@pytest.mark.parametrize(("deck", "text", "dollars"), SUMS)
def test_r26_cards_that_pay_or_charge(deck, text, dollars):
    game = draws(table(), deck, text)
    assert game.cash.tolist()[:4] == [1500 + dollars, 1500, 1500, 1500]
    assert bank_dollars(game) == -6000 - dollars and game.pot == 0


@pytest.mark.parametrize("players", [2, 4, 8])
@pytest.mark.parametrize(("deck", "text", "dollars"), [(CHANCE, "You are elected", 50), (CHEST, "It is your birthday", -10)])
def test_r27_the_chairman_pays_each_player_and_a_birthday_collects_from_each(deck, text, dollars, players):
    game = draws(table(players), deck, text)
    assert game.cash.tolist()[:players] == [1500 - dollars * (players - 1)] + [1500 + dollars] * (players - 1)


def test_r27_the_dead_neither_pay_nor_collect():
    game = draws(table(5, out=[1, 3]), CHANCE, "You are elected chairman")
    assert game.cash.tolist()[:5] == [1400, 0, 1550, 0, 1550]


def test_r27_a_poor_chairman_pays_from_the_left_and_is_bankrupt_to_the_first_it_cannot_pay():
    # seat 3 and seat 0 get $50, seat 1 is owed $50 and gets $20
    game = draws(table(turn=2, cash={2: 120}), CHANCE, "You are elected chairman")
    assert game.cash.tolist()[:4] == [1550, 1520, 0, 1550] and game.alive.tolist()[:4] == [1, 1, 0, 1]


def test_r27_a_poor_chairman_raises_the_rest():
    game = draws(table(owns={0: "Mediterranean Avenue"}, cash={0: 120}), CHANCE, "You are elected chairman")
    asks(game, 0, "LIQUIDATE", "brown")  # $20 left, $50 owed, $30 to be had
    assert legal(game) == {"PASS", "MORTGAGE"} and game.cash.tolist()[:4] == [20, 1550, 1550, 1500]
    play(game, MORTGAGE)
    assert game.cash.tolist()[:4] == [0, 1550, 1550, 1550] and game.alive[0]


def test_r27_a_birthday_can_put_another_player_in_debt():
    game = draws(table(owns={2: "Baltic Avenue"}, cash={2: 3}), CHEST, "It is your birthday")
    asks(game, 2, "LIQUIDATE", "brown")
    assert game.turn == 0 and game.cash.tolist()[:4] == [1510, 1490, 3, 1500]
    play(game, MORTGAGE)
    assert game.cash.tolist()[:4] == [1530, 1490, 23, 1490]


def test_r27_a_birthday_can_end_the_game():
    game = draws(table(3, cash={1: 4, 2: 5}), CHEST, "It is your birthday")
    assert game.cash.tolist()[:3] == [1509, 0, 0] and (game.over, game.winner) == (DECIDED, 0)


@pytest.mark.parametrize(("deck", "house", "hotel"), [(CHANCE, 25, 100), (CHEST, 40, 115)])
def test_r28_repairs_of_houses_and_hotels_and_none_without_buildings(deck, house, hotel):
    built = {"dark blue": (4, 5), "light blue": (1, 2, 1), "orange": 5}
    game = table(owns={0: "dark blue, light blue, red", 1: "orange"}, built=built)  # orange is not seat 0's to repair
    text = ("Repair all your property", "Street repairs")[deck]
    draws(game, deck, text)
    assert game.cash[0] == 1500 - 8 * house - hotel
    assert draws(table(owns={0: "brown"}), deck, text).cash[0] == 1500


def test_r28_repairs_can_be_dearer_than_the_cash():
    game = draws(table(owns={0: "brown"}, built={"brown": 5}, cash={0: 150}), CHANCE, "Repair all your property")  # $200
    asks(game, 0, "LIQUIDATE", "brown")
    assert legal(game) == {"PASS", "SELL"}
    assert game.owner[title("Baltic Avenue")] == 0


def test_r19_the_card_rule_survives_a_deck_of_fifteen():
    game = table(turns=1, jail_cards={CHEST: 1})
    put_on_top(game, CHEST, "Income tax refund")
    before = deck_of(game, CHEST)
    lands(game, 17)
    assert deck_of(game, CHEST) == [*before[1:], card_number(CHEST, "Income tax refund")] and len(before) == 15


def test_r20_both_cards_can_be_held_at_once():
    game = play(roll(table(jailed={0: 0}, jail_cards={CHANCE: 0, CHEST: 0}), (4, 6)), BUY)
    assert sorted(game.jail_card_holder.tolist()) == [BANK, 0]  # one used, one kept
