"""Chapter "Deals": R47 to R50."""

import pytest

from monopoly_env.actions import BUILD, BUY, PASS, TRADE
from monopoly_env.board import CHANCE, CHEST
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import apply
from monopoly_env.rules.deal import deal_is_legal
from monopoly_env.rules.property import give_title

from .situations import (
    answers,
    asks,
    at,
    bits,
    comes_to_manage,
    gives,
    legal,
    load_dice,
    play,
    refuses,
    stands_still,
    table,
    title,
)

JAIL_CARDS = (28, 29)  # behind the titles, in bit sets of a deal


def dealers(mine, theirs, players=2, **options):
    """A table where seat 0 holds the titles ``mine`` and seat 1 ``theirs``, and seat 0 is at the end of its turn."""
    return comes_to_manage(table(players, owns={0: mine, 1: theirs}, **options))


def person(mine, theirs, players=2, **options):
    """The same for a person, who may propose anything."""
    return dealers(mine, theirs, players, people=[0], **options)


def offer(game):
    """The deal on the table: from, to, given, taken, dollars."""
    return tuple(int(game[name]) for name in ("offer_from", "offer_to", "offer_give", "offer_take", "offer_cash"))


def numbers(*names):
    return [title(name) for name in names]


def test_r47_titles_and_cash_both_ways():
    game = person("Boardwalk, Short Line", "Baltic Avenue, Water Works, Park Place")
    free_moves.propose(game, 1, numbers("Boardwalk", "Short Line"), numbers("Baltic Avenue", "Water Works"), -250)
    asks(game, 1, "OFFER", "dark blue")
    assert legal(game) == {"PASS", "BUY"}
    play(game, BUY)
    assert game.cash.tolist()[:2] == [1750, 1250]
    assert [int(game.owner[number]) for number in numbers("Boardwalk", "Short Line", "Park Place")] == [1, 1, 1]
    assert [int(game.owner[number]) for number in numbers("Baltic Avenue", "Water Works")] == [0, 0]
    asks(game, 0, "MANAGE")


def test_r47_an_offer_may_be_answered_by_another():
    game = person("Boardwalk", "Baltic Avenue")
    free_moves.propose(game, 1, numbers("Boardwalk"), [], -100)
    asks(game, 1, "OFFER", "dark blue")
    free_moves.propose(game, 0, numbers("Baltic Avenue"), numbers("Boardwalk"), 50)
    answers(game, 0, "OFFER", "brown", BUY)
    assert (game.owner[title("Boardwalk")], game.owner[title("Baltic Avenue")], game.cash[0]) == (1, 0, 1550)
    asks(game, 0, "MANAGE")


def test_r47_a_gift_is_a_deal_but_bare_cash_is_not():
    game = person("Boardwalk", ())
    refuses(game, "R47", free_moves.propose, 1, [], [], 100)
    free_moves.propose(game, 1, numbers("Boardwalk"), [], 0)
    assert play(game, BUY).owner[title("Boardwalk")] == 1


def test_r47_jail_cards_change_hands():
    game = person("Short Line", (), jail_cards={CHEST: 1})
    refuses(game, r"Chance.*does not belong.*R47", free_moves.propose, 1, [], [JAIL_CARDS[CHANCE]], 40)
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
    game = person("Boardwalk", "Park Place", players=3)
    gives(game, 2, "Short Line")
    for give, take in (
        (["Park Place"], []),
        ([], ["Short Line"]),
        ([], ["Boardwalk"]),
        (["Baltic Avenue"], []),
        ([], ["Baltic Avenue"]),
    ):
        refuses(game, "R47", free_moves.propose, 1, numbers(*give), numbers(*take), 0)
    assert game.phase == 4 and game.offer_from == -1


@pytest.mark.parametrize("other", [0, -1, 2, 3, 7, 8])
def test_r47_only_with_a_living_rival(other):
    game = comes_to_manage(table(3, owns={0: "Boardwalk"}, out=[2], people=[0]))
    refuses(game, "rival", free_moves.propose, other, numbers("Boardwalk"), [], 0)


def test_r47_no_group_involved_may_have_a_building():
    game = table(
        2, owns={0: "dark blue, Short Line", 1: "brown, Water Works"}, built={"dark blue": (0, 1), "brown": 1}, people=[0]
    )
    comes_to_manage(game)
    for give, take in (("Park Place", "Water Works"), ("Boardwalk", "Water Works"), ("Short Line", "Baltic Avenue")):
        refuses(game, "R47", free_moves.propose, 1, numbers(give), numbers(take), 0)
        assert not deal_is_legal(game, 0, 1, bits(give), bits(take), 0)
    free_moves.propose(game, 1, numbers("Short Line"), numbers("Water Works"), 0)
    asks(game, 1, "OFFER", "railroads")


@pytest.mark.parametrize(("cash", "dollars", "fine"), [((100, 0), 82, True), ((100, 0), 83, False), ((0, 90), -90, True)])
def test_r47_each_side_pays_from_the_cash_at_hand_interest_included(cash, dollars, fine):
    game = person("Short Line", "Park Place", cash=dict(enumerate(cash)), mortgaged="Park Place")  # $18 on changing hands
    assert deal_is_legal(game, 0, 1, 0, bits("Park Place"), dollars) == fine
    if fine:
        free_moves.propose(game, 1, [], numbers("Park Place"), dollars)
        play(game, BUY)
        assert game.cash.tolist()[:2] == [cash[0] - dollars - 18, cash[1] + dollars]
    else:
        refuses(game, "R47", free_moves.propose, 1, [], numbers("Park Place"), dollars)


def test_r47_the_other_side_must_be_able_to_pay_too():
    game = person("Park Place", "Short Line", cash={0: 0, 1: 100}, mortgaged="Park Place")
    assert deal_is_legal(game, 0, 1, bits("Park Place"), 0, -82)
    assert not deal_is_legal(game, 0, 1, bits("Park Place"), 0, -83)


def test_r48_a_program_proposes_by_trade_once_a_group_and_turn():
    game = dealers("Park Place, Baltic Avenue", "Boardwalk, Mediterranean Avenue", players=4)
    answers(game, 0, "MANAGE", "brown", TRADE)
    assert offer(game)[:2] == (0, 1) and offer(game)[3] == bits("Mediterranean Avenue")
    answers(game, 1, "OFFER", "brown", PASS)
    answers(game, 0, "MANAGE", "dark blue", TRADE, PASS)  # no more of brown in this turn
    assert game.actor != 0 or game.phase != 4


def test_r48_only_for_a_group_of_which_the_proposer_holds_a_part():
    assert stands_still(dealers("Short Line", "Boardwalk, Park Place"))
    assert stands_still(dealers("Boardwalk", ()))  # the bank's title is not for sale
    game = dealers("dark blue", "Short Line")
    assert "TRADE" not in legal(game)


def park_place_wants_boardwalk():
    """A table of three at the end of the turn of seat 0."""
    return dealers("Park Place", "Boardwalk", 3, turns=9)


def test_r48_and_again_in_the_next_turn():
    game = park_place_wants_boardwalk()
    play(game, TRADE)
    assert offer(game)[4] == 420
    for seat in range(3):
        at(game, seat, "Just Visiting")
    load_dice(game, (4, 6), (4, 6), (4, 6))  # to Free Parking
    play(game, PASS, PASS)  # seat 1 wants Park Place
    answers(game, 0, "MANAGE", "dark blue", TRADE)
    assert offer(game)[4] > 420


def offers(after_refusal):
    """The dollars offered in eight turns of seat 0, all refused."""
    game, seen = park_place_wants_boardwalk(), []
    for _ in range(8):
        game.proposed = 0
        comes_to_manage(game)
        if game.phase == 4 and game.actor == 0:
            play(game, TRADE)
            seen.append(offer(game)[4])
            apply(game, PASS)
            after_refusal(game)
    return seen


def test_r49_after_four_refusals_nothing_more_is_proposed():
    seen = offers(lambda game: None)
    assert len(seen) == 4 and (seen[0], seen[2]) == (420, 600) and seen[3] > seen[1] > seen[2]


@pytest.mark.parametrize(("name", "number"), [("Boardwalk", 8), ("Short Line", 4)])
def test_r49_until_a_title_of_the_group_changes_hands(name, number):
    assert len(offers(lambda game: give_title(game, title(name), 1))) == number


def test_r49_a_free_deal_that_is_refused_raises_nothing():
    game = person("Park Place", "Boardwalk")
    free_moves.propose(game, 1, [], numbers("Boardwalk"), 10)
    play(game, PASS)
    assert not game.refusals.any() and game.offer_from == -1
    asks(game, 0, "MANAGE")


def test_r50_an_accepted_deal_is_carried_out_at_once():
    game = dealers("Park Place", "Boardwalk", players=4)
    play(game, TRADE, BUY)
    assert game.owner[title("Boardwalk")] == 0 and game.cash.tolist()[:2] == [1080, 1920]
    assert offer(game) == (-1, -1, 0, 0, 0)
    answers(game, 0, "MANAGE", "dark blue", BUILD)  # and the group can be built on in the same turn
    assert game.houses[title("Boardwalk")] == 1 and game.cash[0] == 880
