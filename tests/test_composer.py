"""What TRADE proposes: ``monopoly_env.strength.composer``, docs/SPACES.md."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.situations import bits, comes_to_manage, mortgaged, table
from trust.random_tables import KINDS, random_table

from monopoly_env.board import GROUP_BITS, GROUPS
from monopoly_env.engine.engine import advance
from monopoly_env.rules.deal import deal_is_legal
from monopoly_env.strength.composer import KEPT, MOST_LOSS, MOST_OFFERS, NEAR, THEIR_GAIN, composed_deal
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.strength.strength import shares_by_deal

REDS = ["Kentucky Avenue", "Indiana Avenue"]
ORANGES = ["St. James Place", "Tennessee Avenue"]


def owned(players, mine, theirs, cash=1500):
    """A table where seats 0 and 1 hold the titles listed for them."""
    return comes_to_manage(table(players, owns={0: mine, 1: theirs}, cash={0: cash, 1: cash}))


def deal(game, seat, group, refusals=0):
    """``(other, give, take, cash, refusals)`` after so many refusals."""
    game.refusals[seat, GROUPS.index(group)] = refusals
    return tuple(int(number) for number in composed_deal(game, seat, GROUPS.index(group), new_holdings()))


def shares(game, seat, composed):
    """``(before, after, other's before, other's after)``."""
    other, give, take, cash, _ = composed
    return shares_by_deal(game, seat, other, take, give, -cash, new_holdings())


@pytest.mark.parametrize(
    ("refusals", "give", "cash"),
    [
        (0, [], 252),  # $240 and 5 %; nothing given leaves the proposer most
        (2, ["New York Avenue"], 160),  # $240 and 50 %, less $200: both groups are complete then, which helps both most
    ],
)
def test_at_list_prices_with_something_on_top(refusals, give, cash):
    game = owned(4, [*REDS, "New York Avenue"], ["Illinois Avenue", *ORANGES])
    assert deal(game, 0, "red", refusals) == (1, bits(*give), bits("Illinois Avenue"), cash, refusals)


@pytest.mark.parametrize("refusals", [1, 3])
def test_so_much_that_the_other_side_gains(refusals):
    game = owned(4, [*REDS, "New York Avenue"], ["Illinois Avenue", *ORANGES])
    composed = deal(game, 0, "red", refusals)
    before, after, other_before, other_after = shares(game, 0, composed)
    assert after >= (1 - MOST_LOSS) * before and other_after >= (1 + THEIR_GAIN[refusals]) * other_before
    less = (*composed[:3], composed[3] - NEAR, refusals)
    assert shares(game, 0, less)[3] < (1 + THEIR_GAIN[refusals]) * other_before


def test_all_that_a_rival_holds_of_the_group_is_taken_where_that_is_best():
    """$460 and 5 %, less $200."""
    game = owned(4, ["Kentucky Avenue", "Short Line"], ["Indiana Avenue", "Illinois Avenue", "Reading Railroad"])
    assert deal(game, 0, "red") == (
        1,
        bits("Short Line"),
        bits("Indiana Avenue", "Illinois Avenue"),
        283,
        0,
    )  # 460 * 1.05 - 200


def test_one_title_each_of_two_groups_is_given():
    mine = ["Park Place", "Oriental Avenue", "Kentucky Avenue"]
    theirs = ["Boardwalk", "Vermont Avenue", "Connecticut Avenue", "Indiana Avenue", "Illinois Avenue"]
    game = owned(4, mine, theirs)
    given = {deal(game, 0, "dark blue", refusals)[1] for refusals in range(MOST_OFFERS)}
    assert bits("Oriental Avenue", "Kentucky Avenue") in given


def test_a_mortgaged_title_counts_less_what_it_costs_to_redeem_it():
    game = owned(4, ["Park Place"], ["Boardwalk"])
    mortgaged(game, "Boardwalk")  # 400 - 220 = 180, and 5 %
    assert deal(game, 0, "dark blue")[3] == 189


def test_two_players_have_no_price_at_which_both_gain():
    game = owned(2, [*REDS, "New York Avenue"], ["Illinois Avenue", *ORANGES])
    assert [deal(game, 0, "red", refusals)[3:] for refusals in (0, 1, 2)] == [(252, 0), (360, 2), (360, 2)]
    assert deal(game, 0, "red", 3)[0] == -1


@pytest.mark.parametrize(("cash", "proposed"), [(420 + KEPT, True), (419 + KEPT, False)])
def test_both_sides_keep_some_cash(cash, proposed):
    game = owned(4, ["Park Place"], ["Boardwalk"], cash=cash)
    assert (deal(game, 0, "dark blue")[0] == 1) == proposed


def test_no_deal_for_a_group_that_nobody_else_has_a_part_of_or_that_is_complete():
    assert deal(owned(4, ["Park Place"], ["Short Line"]), 0, "dark blue")[0] == -1
    assert deal(owned(4, ["Short Line"], ["Boardwalk"]), 0, "dark blue")[0] == -1
    assert deal(owned(4, ["dark blue"], ["Short Line"]), 0, "dark blue")[0] == -1


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_composed_deal_can_be_made_and_costs_the_proposer_little(data):
    game = random_table(lambda low, high: data.draw(st.integers(low, high)), data.draw(st.integers(2, 8)))
    assert KINDS
    advance(game)
    for seat in range(game.players):
        for group, bits_of_group in enumerate(GROUP_BITS.tolist()):
            composed = other, give, take, cash, refusals = tuple(map(int, composed_deal(game, seat, group, new_holdings())))
            if other < 0:
                continue
            assert deal_is_legal(game, seat, other, give, take, cash) and take & ~bits_of_group == 0 != take
            before, after, other_before, other_after = shares(game, seat, composed)
            assert after >= (1 - MOST_LOSS) * before - 1e-9
            assert game.refusals[seat, group] <= refusals < MOST_OFFERS
            if refusals in (1, 3):
                assert other_after >= (1 + THEIR_GAIN[refusals]) * other_before - 1e-9
            for given_group in GROUP_BITS.tolist():
                assert give & given_group != given_group, "complete groups stay"
