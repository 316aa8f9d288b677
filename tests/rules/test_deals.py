"""Chapter "Deals": R47 to R50."""

import pytest

from monopoly_env.actions import IllegalActionError
from monopoly_env.engine import free_moves
from monopoly_env.rules.deal import deal_is_legal

from .situations import (
    BUILD,
    BUY,
    CHANCE,
    CHEST,
    PASS,
    TRADE,
    asks,
    at,
    bits,
    comes_to_manage,
    gives,
    gone,
    has,
    holds_jail_card,
    legal,
    load_dice,
    mortgaged,
    play,
    stands_on,
    stands_still,
    table,
    title,
)

JAIL_CARDS = (28, 29)  # behind the titles, in bit sets of a deal


def dealers(mine, theirs, players=2, **options):
    """A table where seat 0 holds the titles ``mine`` and seat 1 ``theirs``, and seat 0 is at the end of its turn."""
    game = table(players, **options)
    gives(game, 0, *mine)
    gives(game, 1, *theirs)
    return comes_to_manage(game)


def person(mine, theirs, players=2, cash=(1500, 1500), **options):
    """The same for a person, who may propose anything."""
    game = table(players, **options)
    gives(game, 0, *mine)
    gives(game, 1, *theirs)
    for seat, dollars in enumerate(cash):
        has(game, seat, dollars)
    game.manual[0] = 1
    return comes_to_manage(game)


def offer(game):
    """The deal on the table: from, to, given, taken, dollars."""
    return tuple(int(game[name]) for name in ("offer_from", "offer_to", "offer_give", "offer_take", "offer_cash"))


def numbers(*names):
    return [title(name) for name in names]


def test_r47_titles_and_cash_both_ways():
    game = person(["Boardwalk", "Short Line"], ["Baltic Avenue", "Water Works", "Park Place"])
    free_moves.propose(game, 1, numbers("Boardwalk", "Short Line"), numbers("Baltic Avenue", "Water Works"), -250)
    asks(game, 1, "OFFER", "dark blue")
    assert legal(game) == {"PASS", "BUY"}
    play(game, BUY)
    assert game.cash.tolist()[:2] == [1750, 1250]
    assert [int(game.owner[number]) for number in numbers("Boardwalk", "Short Line", "Park Place")] == [1, 1, 1]
    assert [int(game.owner[number]) for number in numbers("Baltic Avenue", "Water Works")] == [0, 0]
    asks(game, 0, "MANAGE")


def test_r47_an_offer_may_be_answered_by_another():
    game = person(["Boardwalk"], ["Baltic Avenue"])
    free_moves.propose(game, 1, numbers("Boardwalk"), [], -100)
    asks(game, 1, "OFFER", "dark blue")
    free_moves.propose(game, 0, numbers("Baltic Avenue"), numbers("Boardwalk"), 50)
    asks(game, 0, "OFFER", "brown")
    play(game, BUY)
    assert (game.owner[title("Boardwalk")], game.owner[title("Baltic Avenue")], game.cash[0]) == (1, 0, 1550)
    asks(game, 0, "MANAGE")


def test_r47_a_gift_is_a_deal_but_bare_cash_is_not():
    game = person(["Boardwalk"], [])
    with pytest.raises(IllegalActionError, match="R47"):
        free_moves.propose(game, 1, [], [], 100)
    free_moves.propose(game, 1, numbers("Boardwalk"), [], 0)
    assert play(game, BUY).owner[title("Boardwalk")] == 1


def test_r47_jail_cards_change_hands():
    game = person(["Short Line"], [], cash=(1500, 1500))
    holds_jail_card(game, 1, CHEST)
    with pytest.raises(IllegalActionError, match=r"Chance.*does not belong.*R47"):
        free_moves.propose(game, 1, [], [JAIL_CARDS[CHANCE]], 40)
    assert not deal_is_legal(game, 0, 1, 0, 1 << JAIL_CARDS[CHANCE], 40)
    assert not deal_is_legal(game, 0, 1, 1 << JAIL_CARDS[CHEST], 0, -40)
    free_moves.propose(game, 1, [], [JAIL_CARDS[CHEST]], 40)
    assert (game.phase, game.actor, game.table_group) == (5, 1, -1)
    play(game, BUY)
    assert game.jail_card_holder.tolist() == [-1, 0] and game.cash.tolist()[:2] == [1460, 1540]
    free_moves.propose(game, 1, [*numbers("Short Line"), JAIL_CARDS[CHEST]], [], -200)
    play(game, BUY)
    assert game.jail_card_holder[CHEST] == 1 and game.owner[title("Short Line")] == 1 and game.cash[0] == 1660


def test_r47_only_own_titles():
    game = person(["Boardwalk"], ["Park Place"], players=3)
    gives(game, 2, "Short Line")
    for give, take in (
        (["Park Place"], []),
        ([], ["Short Line"]),
        ([], ["Boardwalk"]),
        (["Baltic Avenue"], []),
        ([], ["Baltic Avenue"]),
    ):
        with pytest.raises(IllegalActionError, match="R47"):
            free_moves.propose(game, 1, numbers(*give), numbers(*take), 0)
    assert game.phase == 4 and game.offer_from == -1


@pytest.mark.parametrize("other", [0, -1, 2, 3, 7, 8])
def test_r47_only_with_a_living_rival(other):
    game = table(3)
    gone(game, 2)
    gives(game, 0, "Boardwalk")
    game.manual[0] = 1
    comes_to_manage(game)
    with pytest.raises(IllegalActionError, match="rival"):
        free_moves.propose(game, other, numbers("Boardwalk"), [], 0)


def test_r47_no_group_involved_may_have_a_building():
    game = table(2)
    gives(game, 0, "dark blue", "Short Line")
    gives(game, 1, "brown", "Water Works")
    stands_on(game, "dark blue", 0, 1)
    stands_on(game, "brown", 1, 1)
    game.manual[0] = 1
    comes_to_manage(game)
    for give, take in (("Park Place", "Water Works"), ("Boardwalk", "Water Works"), ("Short Line", "Baltic Avenue")):
        with pytest.raises(IllegalActionError, match="R47"):
            free_moves.propose(game, 1, numbers(give), numbers(take), 0)
        assert not deal_is_legal(game, 0, 1, bits(give), bits(take), 0)
    free_moves.propose(game, 1, numbers("Short Line"), numbers("Water Works"), 0)
    asks(game, 1, "OFFER", "railroads")


@pytest.mark.parametrize(("cash", "dollars", "fine"), [((100, 0), 82, True), ((100, 0), 83, False), ((0, 90), -90, True)])
def test_r47_each_side_pays_from_the_cash_at_hand_interest_included(cash, dollars, fine):
    game = person(["Short Line"], ["Park Place"], cash=cash)
    mortgaged(game, "Park Place")  # $18 on changing hands
    assert deal_is_legal(game, 0, 1, 0, bits("Park Place"), dollars) == fine
    if fine:
        free_moves.propose(game, 1, [], numbers("Park Place"), dollars)
        play(game, BUY)
        assert game.cash.tolist()[:2] == [cash[0] - dollars - 18, cash[1] + dollars]
    else:
        with pytest.raises(IllegalActionError, match="R47"):
            free_moves.propose(game, 1, [], numbers("Park Place"), dollars)


def test_r47_the_other_side_must_be_able_to_pay_too():
    game = person(["Park Place"], ["Short Line"], cash=(0, 100))
    mortgaged(game, "Park Place")
    assert deal_is_legal(game, 0, 1, bits("Park Place"), 0, -82)
    assert not deal_is_legal(game, 0, 1, bits("Park Place"), 0, -83)


def test_r48_where_no_swap_fits_twice_the_list_price():
    game = dealers(["Park Place", "Short Line"], ["Boardwalk"])
    asks(game, 0, "MANAGE", "dark blue")
    assert legal(game) == {"PASS", "TRADE"}
    play(game, TRADE)
    asks(game, 1, "OFFER", "dark blue")
    assert offer(game) == (0, 1, 0, bits("Boardwalk"), 800)


def test_r48_a_swap_with_the_difference_in_cash():
    game = dealers(["Park Place", "Baltic Avenue"], ["Boardwalk", "Mediterranean Avenue"])
    play(game, PASS)  # brown comes first
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game) == (0, 1, bits("Baltic Avenue"), bits("Boardwalk"), 340)
    asks(game, 1, "OFFER", "brown")  # the group that the other side would gain in


def test_r48_giving_the_dearer_title_asks_for_cash():
    game = dealers(["Boardwalk", "Baltic Avenue"], ["Park Place", "Mediterranean Avenue"])
    asks(game, 0, "MANAGE", "brown")
    play(game, TRADE)
    assert offer(game) == (0, 1, bits("Boardwalk"), bits("Mediterranean Avenue"), -340)
    play(game, BUY)
    assert game.cash.tolist()[:2] == [1840, 1160]


def test_r48_the_title_worth_most_to_the_rival():
    mine = ["Park Place", "Oriental Avenue", "Kentucky Avenue"]
    theirs = ["Boardwalk", "Vermont Avenue", "Indiana Avenue", "Illinois Avenue"]  # Kentucky would complete its group
    game = dealers(mine, theirs)
    play(game, PASS, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game) == (0, 1, bits("Kentucky Avenue"), bits("Boardwalk"), 180)


def test_r48_a_title_that_completes_a_group_is_worth_more_than_one_that_does_not():
    mine = ["Park Place", "Reading Railroad", "Water Works"]
    theirs = ["Boardwalk", "B. & O. Railroad", "Short Line", "Electric Company"]  # half of each group, but one is full then
    game = dealers(mine, theirs)
    play(game, TRADE)
    assert offer(game) == (0, 1, bits("Water Works"), bits("Boardwalk"), 250)


def test_r48_the_title_worth_least_to_the_proposer():
    mine = ["Park Place", "Oriental Avenue", "Vermont Avenue", "Kentucky Avenue"]
    theirs = ["Boardwalk", "Connecticut Avenue", "Indiana Avenue"]  # one of each: but two of light blue are mine
    game = dealers(mine, theirs)
    play(game, PASS, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game)[2] == bits("Kentucky Avenue")


def test_r48_a_title_does_not_fit_unless_the_rival_holds_another_of_its_group():
    game = dealers(["Park Place", "Oriental Avenue", "brown"], ["Boardwalk"], players=3)
    gives(game, 2, "Vermont Avenue")
    play(game, PASS)  # brown can be built on
    asks(game, 0, "MANAGE", "light blue")
    play(game, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game) == (0, 1, 0, bits("Boardwalk"), 800)


def test_r48_the_rival_is_the_one_with_whom_a_swap_fits():
    game = dealers(["Kentucky Avenue", "Short Line"], ["Indiana Avenue"], players=3)
    gives(game, 2, "Illinois Avenue", "Reading Railroad")
    play(game, TRADE)
    assert offer(game) == (0, 2, bits("Short Line"), bits("Illinois Avenue"), 40)


def test_r48_of_equal_rivals_and_titles_the_first_in_board_order():
    game = table(3)
    gives(game, 0, "Kentucky Avenue")
    gives(game, 1, "Illinois Avenue")
    gives(game, 2, "Indiana Avenue")
    comes_to_manage(game)
    play(game, TRADE)
    assert offer(game) == (0, 2, 0, bits("Indiana Avenue"), 440)
    game = dealers(["Park Place", "Oriental Avenue", "Tennessee Avenue"], ["Boardwalk", "Vermont Avenue", "New York Avenue"])
    play(game, PASS, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)  # the rival holds a third of light blue and of orange
    assert offer(game) == (0, 1, bits("Oriental Avenue"), bits("Boardwalk"), 300)


@pytest.mark.parametrize(("cash", "proposed"), [(410, True), (409, False)])
def test_r48_a_deal_that_cannot_be_paid_blocks_one_that_could(cash, proposed):
    game = table(3)
    gives(game, 0, "Reading Railroad")
    gives(game, 1, "Pennsylvania Railroad")
    gives(game, 2, "Short Line")
    mortgaged(game, "Pennsylvania Railroad")
    has(game, 0, cash)
    comes_to_manage(game)  # $400 and $10 of interest; Short Line would be $400
    assert stands_still(game) != proposed
    if proposed:
        play(game, TRADE)
        assert offer(game) == (0, 1, 0, bits("Pennsylvania Railroad"), 400)


def test_r48_only_for_a_group_of_which_the_proposer_holds_a_part():
    assert stands_still(dealers(["Short Line"], ["Boardwalk", "Park Place"]))
    assert stands_still(dealers(["Boardwalk"], []))  # the bank's title is not for sale
    game = dealers(["dark blue"], ["Short Line"])
    assert "TRADE" not in legal(game)


def test_r48_both_sides_must_be_able_to_pay():
    game = table(2)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    has(game, 0, 799)
    assert stands_still(comes_to_manage(game))
    game = table(2)
    gives(game, 0, "Boardwalk", "Baltic Avenue")
    gives(game, 1, "Park Place", "Mediterranean Avenue")
    has(game, 1, 339)
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "dark blue")  # not brown: seat 1 would owe $340


def test_r49_a_refusal_raises_the_deal_three_times():
    game = table(2)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    has(game, 0, 9000)
    comes_to_manage(game)
    seen = []
    while game.phase == 4 and len(seen) < 9:
        play(game, TRADE)
        seen.append(offer(game)[4])
        play(game, PASS)
    assert seen == [800, 1000, 1200, 1400]
    assert stands_still(game) and game.owner[title("Boardwalk")] == 1 and game.cash[0] == 9000


def test_r49_a_swap_is_raised_by_half_the_list_price_of_what_is_asked_for():
    game = dealers(["Boardwalk", "Baltic Avenue"], ["Park Place", "Mediterranean Avenue"])
    seen = []
    while game.table_group == 0 and len(seen) < 9:
        play(game, TRADE)
        seen.append(offer(game)[4])
        play(game, PASS)
    assert seen == [-340, -310, -280, -250]
    asks(game, 0, "MANAGE", "dark blue")  # each group has raises of its own
    play(game, TRADE)
    assert offer(game) == (0, 1, bits("Baltic Avenue"), bits("Park Place"), 290)


def test_r49_a_raise_beyond_the_cash_is_not_proposed():
    game = table(2)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    has(game, 0, 900)
    comes_to_manage(game)
    play(game, TRADE, PASS)
    assert stands_still(game)


def _until_off(game):
    while game.phase == 4 and game.actor == 0:
        play(game, TRADE)
        load_dice(game, (4, 6), (4, 6))
        play(game, PASS)


def test_r49_the_raises_are_remembered_over_the_turns():
    game = table(2, turns=3)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    at(game, 1, "Just Visiting")
    comes_to_manage(game)
    play(game, TRADE, PASS)
    at(game, 0, "Just Visiting")
    load_dice(game, (4, 6), (4, 6))
    play(game, PASS)
    asks(game, 1, "MANAGE", "dark blue")  # the rival would buy, too: raises of its own
    play(game, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game)[4] == 1000


def test_r49_off_the_table_until_a_title_changes_hands():
    game = table(2, turns=3)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    at(game, 1, "Just Visiting")
    comes_to_manage(game)
    at(game, 0, "Just Visiting")
    _until_off(game)
    asks(game, 1, "MANAGE", "dark blue")
    play(game, PASS)
    assert stands_still(game) and game.turns == 3 and game.raises[0, 7] == 4


def test_r49_a_title_that_changes_hands_resets_the_raises():
    game = table(2, turns=3)
    gives(game, 0, "Park Place")
    gives(game, 1, "Boardwalk")
    at(game, 1, 5)
    comes_to_manage(game)
    at(game, 0, "Just Visiting")
    _until_off(game)
    asks(game, 1, "PURCHASE", "railroads")  # Pennsylvania Railroad
    load_dice(game, (4, 6))
    play(game, BUY, PASS)
    asks(game, 0, "MANAGE", "dark blue")
    play(game, TRADE)
    assert offer(game)[4] == 800


def test_r49_a_free_deal_that_is_refused_raises_nothing():
    game = person(["Park Place"], ["Boardwalk"])
    free_moves.propose(game, 1, [], numbers("Boardwalk"), 10)
    play(game, PASS)
    assert not game.raises.any() and game.offer_from == -1
    asks(game, 0, "MANAGE")


def test_r50_an_accepted_deal_is_carried_out_at_once():
    game = dealers(["Park Place"], ["Boardwalk"])
    play(game, TRADE, BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash.tolist()[:2] == [700, 2300]
    assert offer(game) == (-1, -1, 0, 0, 0)
    asks(game, 0, "MANAGE", "dark blue")  # and the group can be built on in the same turn
    play(game, BUILD)
    assert game.houses[title("Boardwalk")] == 1 and game.cash[0] == 500


def test_r50_the_first_of_two_missing_titles_then_the_other():
    game = table(3)
    gives(game, 0, "Kentucky Avenue")
    gives(game, 1, "Indiana Avenue")
    gives(game, 2, "Illinois Avenue")
    comes_to_manage(game)
    play(game, TRADE)
    assert offer(game) == (0, 1, 0, bits("Indiana Avenue"), 440)
    play(game, BUY, TRADE)
    assert offer(game) == (0, 2, 0, bits("Illinois Avenue"), 480)
    play(game, BUY)
    assert game.cash.tolist()[:3] == [580, 1940, 1980] and legal(game) == {"PASS", "BUILD"}
