"""The scripted players: what they do in single situations, and how strong they are."""

import math

import numpy as np
import pytest
from rules.situations import (
    asks,
    bank_has,
    bits,
    comes_to_manage,
    everything_else_to,
    gives,
    has,
    lands,
    legal,
    play,
    stands_on,
    table,
    title,
    titles_of,
)

from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, SELL, TRADE, Action, Phase
from monopoly_env.board import GROUPS, PRICE
from monopoly_env.bots import BOTS, LANDLORD, RANDOM, ask_bot, bot_action, bot_number
from monopoly_env.bots.reserve import GROUPS_WITHOUT_BUILDINGS, cash_within, reserve
from monopoly_env.compiled.jit import kernel
from monopoly_env.engine.engine import advance, carry_out, legal_actions, play_on, write_mask
from monopoly_env.game import new_games
from monopoly_env.rules.deal import deal_is_legal, put_offer
from monopoly_env.strength.exposure import danger
from monopoly_env.strength.holdings import HOLDINGS, new_holdings
from monopoly_env.strength.strength import shares_by_deal, strength_share

FIXED = ("fp-a", "fp-b", "fp-c")
ILLEGAL = -2


def choice(game, name, *asked):
    """What the bot does at the pending decision; ``asked``: whose that is, of what kind and on what group."""
    if asked:
        asks(game, *asked)
    return Action(ask_bot(game, legal_actions(game), bot_number(name)))


def offered(game, seat, other, give=(), take=(), cash=0):
    """Lay a free deal before ``other``."""
    give, take = bits(*give), bits(*take)
    assert deal_is_legal(game, seat, other, give, take, cash)
    put_offer(game, seat, other, give, take, cash, -1)
    return game


# --- every bot


@kernel
def _play(games, bots, winners, digest):
    """Play games out between the bots ``(N, 8)``; ``winners``: a seat, -1 (capped) or -2 (an illegal action was chosen)."""
    mask = np.zeros(7, np.int8)
    holdings = np.zeros(1, HOLDINGS)[0]
    for number in range(len(games)):
        game = games[number]
        while True:
            play_on(game)
            if game.over != 0:
                break
            write_mask(game, mask)
            action = bot_action(game, mask, bots[number, game.actor], holdings)
            if action < 0 or action > 6 or mask[action] == 0:
                winners[number] = -2
                break
            digest[number] = (digest[number] * 31 + action) % 1_000_000_007
            carry_out(game, action)
        if winners[number] != -2:
            winners[number] = game.winner


def played(seatings, seed, players=4):
    """Play one game a seating. Return the winners, a digest of each game's actions, and the games."""
    games = new_games(len(seatings), players, seed)
    bots = np.zeros((len(seatings), 8), np.int64)
    bots[:, :players] = seatings
    winners = np.full(len(seatings), -1)
    digest = np.zeros(len(seatings), np.int64)
    _play(games, bots, winners, digest)
    return winners, digest, games


def win_rate(name, rivals, games=2000, players=4, seed=20):
    """The share of games that ``name`` wins from all seats in turn against copies of ``rivals`` (a name or several)."""
    rivals = [rivals] if isinstance(rivals, str) else rivals
    numbers = [bot_number(name)] + [bot_number(rivals[i % len(rivals)]) for i in range(players - 1)]
    seatings = [np.roll(numbers, number % players) for number in range(games)]
    winners, _, _ = played(seatings, seed, players)
    return float(np.mean(winners == np.arange(games) % players))


@pytest.mark.parametrize("players", range(2, 9))
def test_bots_choose_legal_actions_for_all_numbers_of_players(players):
    seatings = np.random.default_rng(players).integers(0, len(BOTS), (40, players))
    winners, _, games = played(seatings, players, players)
    assert (winners != ILLEGAL).all()
    assert (winners >= 0).mean() > 0.8
    assert all(game.paid_out - game.paid_in == game.cash.sum() for game in games)


@pytest.mark.parametrize("name", BOTS[1:])
def test_the_choice_is_a_function_of_the_position_and_leaves_it_alone(name):
    """Also by byte: ``landlord`` tries deals out on the record and takes them back."""
    seen = set()
    for seed in range(4):
        game = new_games(1, 4, [seed])[0]
        for _ in range(400):
            advance(game)
            if game.over:
                break
            before = game.tobytes()
            action = choice(game, name)
            seen.add((int(game.phase), action))
            assert game.tobytes() == before
            assert choice(game, name) == action
            play(game, choice(game, "random") if game.turns % 5 == 0 else action)
    assert len({phase for phase, _ in seen}) == 6


def test_only_random_draws_and_leaves_the_dice_alone():
    game = lands(table(), "Baltic Avenue")
    before, drawn = game.copy(), set()
    for _ in range(30):
        drawn.add(choice(game, "random"))
    assert drawn == {PASS, BUY}
    assert (game.bot_rng != before.bot_rng).any()
    game.bot_rng[:] = before.bot_rng
    assert game.tobytes() == before.tobytes()


def test_the_same_seed_gives_the_same_games():
    seatings = np.random.default_rng(1).integers(0, len(BOTS), (50, 4))
    first, again, other = (played(seatings, seed)[1] for seed in (3, 3, 4))
    assert (first == again).all() and (first != other).mean() > 0.9


def test_an_unknown_bot_is_refused():
    with pytest.raises(ValueError, match=r"Expected one of random, fp-a, .*, landlord, .*\. Received: 'tycoon'"):
        bot_number("tycoon")


# --- the fixed policies


@pytest.mark.parametrize("name", FIXED)
def test_fixed_policies_buy_while_the_reserve_lasts(name):
    game = lands(table(), "Illinois Avenue")
    assert choice(game, name) == BUY
    has(game, 0, 320)
    assert choice(game, name) == PASS


@pytest.mark.parametrize(
    ("square", "cash", "wanted"),
    [
        ("Short Line", 210, [PASS, BUY, BUY]),
        ("New York Avenue", 210, [PASS, PASS, BUY]),
        ("Park Place", 360, [PASS, BUY, PASS]),
        ("Electric Company", 400, [BUY, PASS, BUY]),
    ],
)
def test_fixed_policies_differ_by_their_priorities(square, cash, wanted):
    """The reserve is 100, and 0 for what has a high priority."""
    game = lands(table(), square)
    has(game, 0, cash)
    assert [choice(game, name) for name in FIXED] == wanted


@pytest.mark.parametrize("name", FIXED)
def test_fixed_policies_build_and_keep_their_reserve(name):
    game = comes_to_manage(table(owns={0: "orange"}, cash={0: 250}))
    assert choice(game, name) == BUILD
    has(game, 0, 249)
    assert choice(game, name) == PASS


@pytest.mark.parametrize("name", FIXED)
@pytest.mark.parametrize(("cash", "first"), [(100, PASS), (90, SELL)])
def test_fixed_policies_sell_buildings_only_where_mortgages_do_not_cover_the_debt(name, cash, first):
    """Income tax, $200, and a railroad that brings $100."""
    game = lands(table(owns={0: "brown, Short Line"}, built={"brown": 1}, cash={0: cash}), "Income Tax")
    assert choice(game, name, 0, "LIQUIDATE", "brown") == first
    play(game, PASS)
    assert choice(game, name, 0, "LIQUIDATE", "railroads") == MORTGAGE


# --- landlord: buying


@pytest.mark.parametrize(
    ("oranges", "wanted"),
    [(0, BUY), (1, BUY), (None, PASS)],
    ids=["it completes its group", "it would complete a rival's", "a single"],
)
def test_landlord_borrows_for_a_title_that_completes_a_group(oranges, wanted):
    game = table(owns={0: "Short Line, Water Works"}, cash={0: 120})
    if oranges is not None:
        gives(game, oranges, "St. James Place", "Tennessee Avenue")
    lands(game, "New York Avenue")
    assert choice(game, "landlord") == wanted


def test_landlord_leaves_a_title_to_the_auction_that_nobody_else_can_pay():
    game = lands(table(), "Pacific Avenue")
    assert choice(game, "landlord") == BUY
    for rival in (1, 2, 3):
        has(game, rival, 30)
    assert choice(game, "landlord") == PASS


def auction_of_new_york(bid, rival_cash=1500, my_cash=1500):
    """Seat 1 is asked to go on in the auction of New York Avenue; seat 2 leads at ``bid`` and holds the other two oranges."""
    game = play(lands(table(owns={2: "St. James Place, Tennessee Avenue"}), "New York Avenue"), PASS)
    game.auction_bid, game.auction_leader, game.auction_seat = bid, 2, 1
    has(game, 2, rival_cash)
    has(game, 1, my_cash)
    return game


def test_landlord_bids_to_keep_a_group_from_a_rival():
    game = auction_of_new_york(300)
    assert choice(game, "landlord", 1, "AUCTION", "orange") == BUY
    assert choice(game, "fp-a") == PASS


def test_landlord_stops_bidding_where_the_title_is_no_longer_worth_it():
    assert choice(auction_of_new_york(1300, 2000), "landlord") == PASS
    game = play(lands(table(), "New York Avenue"), PASS)
    game.auction_bid, game.auction_leader = 400, 2
    assert choice(game, "landlord") == PASS


# --- landlord: buildings, mortgages, debts, jail


def light_blues(level):
    """Seat 0 has no cash but singles to mortgage, and may build on the light blue group, which stands on a level."""
    mine = "light blue, Short Line, Pacific Avenue, Park Place, Kentucky Avenue"
    game = comes_to_manage(table(owns={0: mine}, built={"light blue": level}, cash={0: 20}))
    asks(game, 0, "MANAGE", "light blue")
    assert "BUILD" in legal(game)
    return game


def test_landlord_borrows_on_singles_for_the_third_house_and_not_for_hotels():
    game = light_blues(2)
    assert choice(game, "landlord") == BUILD
    play(game, BUILD)
    assert choice(game, "landlord", 0, "LIQUIDATE", "red") == MORTGAGE
    play(game, MORTGAGE)
    assert game.houses[title("Connecticut Avenue")] == 3
    assert choice(light_blues(4), "landlord") == PASS


def test_landlord_builds_its_better_group_first():
    game = comes_to_manage(table(owns={0: "brown, orange"}, cash={0: 800}))
    assert choice(game, "landlord", 0, "MANAGE", "brown") == PASS
    play(game, PASS)
    assert choice(game, "landlord", 0, "MANAGE", "orange") == BUILD


def test_landlord_keeps_more_cash_where_more_threatens():
    game = table(owns={0: "light blue"}, built={"light blue": 3}, at={0: "Free Parking"})
    calm = reserve(game, 0)
    assert danger(game, 0) == 0
    gives(game, 1, "yellow")
    stands_on(game, "yellow", 4, 4, 4)
    assert danger(game, 0) == pytest.approx((5 * 975 + 6 * 975 + 4 * 1025) / 36)
    assert reserve(game, 0) > calm


def test_landlord_keeps_the_last_houses_from_a_rival():
    game = comes_to_manage(table(owns={0: "light blue", 1: "orange"}, built={"light blue": 4}, cash={0: 5000}))
    assert choice(game, "landlord") == BUILD
    bank_has(game, houses=1)
    assert choice(game, "landlord") == PASS
    game.owner[title("St. James Place")] = 2
    assert choice(game, "landlord") == BUILD


def debt_of_landlord(cash):
    """Seat 0 owes $200 income tax and holds a built group, an incomplete pair and a single."""
    mine = "light blue, Kentucky Avenue, Indiana Avenue, Pacific Avenue"
    return lands(table(owns={0: mine}, built={"light blue": 3}, cash={0: cash}), "Income Tax")


def test_landlord_pays_a_debt_with_what_hurts_least():
    game = debt_of_landlord(60)
    for name, action in (("light blue", PASS), ("red", PASS), ("green", MORTGAGE)):
        assert choice(game, "landlord", 0, "LIQUIDATE", name) == action
        play(game, action)
    assert game.mortgaged[title("Pacific Avenue")] == game.mortgaged.sum() == 1


def test_landlord_keeps_its_houses_while_mortgages_cover_a_debt():
    game = debt_of_landlord(0)  # a single brings 150, the first of the pair 110
    sold = []
    while game.phase == Phase.LIQUIDATE:
        action = choice(game, "landlord")
        sold.append(action)
        play(game, action)
    assert SELL not in sold
    assert (game.houses.sum(), game.alive[0], game.mortgaged.sum()) == (9, 1, 2)


def test_landlord_sells_buildings_rather_than_lose():
    game = lands(table(owns={0: "light blue"}, built={"light blue": 3}, cash={0: 60}), "Income Tax")
    assert choice(game, "landlord", 0, "LIQUIDATE", "light blue") == SELL
    assert cash_within(game, 0, 0, -1, GROUPS_WITHOUT_BUILDINGS) == 0


def test_landlord_redeems_to_build():
    game = comes_to_manage(table(owns={0: "orange"}, mortgaged="New York Avenue", cash={0: 1000}))
    assert choice(game, "landlord", 0, "MANAGE", "orange") == REDEEM
    has(game, 0, 111)
    assert choice(game, "landlord") == PASS


def test_landlord_leaves_jail_early_and_sits_there_late():
    game = table(jailed={0: 0})
    advance(game)
    assert choice(game, "landlord", 0, "JAIL") == BUY
    everything_else_to(game, 1)
    stands_on(game, "orange", 4, 4, 4)
    assert choice(game, "landlord") == PASS


# --- landlord: deals


def two_pairs(my_cash=1000, their_cash=1000):
    """Seat 0 holds two oranges and a red, seat 1 two reds and an orange: a swap completes both groups."""
    mine, theirs = "St. James Place, Tennessee Avenue, Illinois Avenue", "Kentucky Avenue, Indiana Avenue, New York Avenue"
    return table(owns={0: mine, 1: theirs}, cash={0: my_cash, 1: their_cash})


def test_landlord_proposes_the_swap_that_completes_its_group():
    game = two_pairs()
    comes_to_manage(game)
    assert choice(game, "landlord", 0, "MANAGE", "orange") == TRADE


def test_landlord_swaps_when_it_can_build_and_not_when_only_the_other_can():
    swap = {"give": ["Illinois Avenue"], "take": ["New York Avenue"]}
    assert choice(offered(two_pairs(their_cash=1500), 0, 1, **swap), "landlord") == BUY
    assert choice(offered(two_pairs(my_cash=1500, their_cash=10), 0, 1, **swap), "landlord") == PASS


def completing_title_asked(cash, their_cash=3000):
    """Seat 0, which holds two oranges, offers ``cash`` for seat 1's third one."""
    game = table(owns={0: "St. James Place, Tennessee Avenue", 1: "New York Avenue"}, cash={0: their_cash})
    return offered(game, 0, 1, take=["New York Avenue"], cash=cash)


def test_landlord_asks_much_more_for_a_title_that_completes_a_rivals_group():
    game = table(owns={1: "New York Avenue"})
    assert choice(offered(game, 0, 1, take=["New York Avenue"], cash=400), "landlord") == BUY
    assert choice(completing_title_asked(400), "landlord") == PASS
    assert choice(completing_title_asked(700), "landlord") == PASS
    assert choice(completing_title_asked(2500), "landlord") == BUY
    assert choice(completing_title_asked(250), "fp-a") == BUY


def price_asked(group, players, lists):
    """Whether landlord sells the title that completes a rival's group, for so many list prices."""
    first, *others = titles_of(group)
    game = table(players, owns={0: others, 1: first})
    cash = lists * int(PRICE[title(first)])
    return choice(offered(game, 0, 1, take=[first], cash=cash), "landlord") == BUY


@pytest.mark.parametrize("group", GROUPS[1:8])
@pytest.mark.parametrize("players", [2, 3, 4, 6])
def test_no_group_can_be_bought_off_landlord_at_list_price(group, players):
    """Brown aside, $1,500 does not buy a completing title for its list price, however often it is asked."""
    assert not price_asked(group, players, 1)


@pytest.mark.parametrize("players", [4, 6])
def test_at_a_full_table_a_group_costs_twice_the_list_price(players):
    assert not any(price_asked(group, players, 2) for group in GROUPS[:8])


def test_landlord_gives_nothing_away():
    game = two_pairs()
    assert choice(offered(game, 1, 0, take=["Illinois Avenue"], cash=0), "landlord") == PASS
    assert choice(offered(two_pairs(), 1, 0, give=["New York Avenue"], cash=0), "landlord") == BUY


def test_shares_add_up_and_a_deal_is_zero_sum():
    game = two_pairs()
    known = new_holdings()
    shares = [shares_by_deal(game, seat, (seat + 1) % 4, 0, 0, 0, known) for seat in range(4)]
    assert all((before, other) == (after, other_after) for before, after, other, other_after in shares)
    assert sum(before for before, *_ in shares) == pytest.approx(1)
    assert [before for before, *_ in shares] == [strength_share(game, seat, known) for seat in range(4)]
    record = game.tobytes()
    give, take = bits("Illinois Avenue"), bits("New York Avenue")
    deal = shares_by_deal(game, 0, 1, take, give, -100, known)
    assert shares_by_deal(game, 1, 0, give, take, 100, known) == (*deal[2:], *deal[:2])
    assert game.tobytes() == record
    assert deal[1] > deal[0] and deal[3] > deal[2]
    game.alive[2:] = 0
    before, after, other_before, other_after = shares_by_deal(game, 0, 1, take, give, -100, known)
    assert after - before == pytest.approx(other_before - other_after)


# --- strength


@pytest.mark.parametrize(("name", "least"), [*((name, 0.50) for name in FIXED), ("landlord", 0.70)])
def test_it_beats_random_players(name, least):
    assert win_rate(name, "random") >= least


@pytest.mark.slow
@pytest.mark.parametrize("name", FIXED)
def test_landlord_beats_the_fixed_policies_and_holds_them_down(name):
    games = 2000
    margin = 3 * math.sqrt(0.25 * 0.75 / games)
    assert win_rate("landlord", name, games) > 0.25 + margin
    assert win_rate(name, "landlord", games) < 0.25 - margin


@pytest.mark.parametrize("players", [2, 3, 6, 8])
def test_landlord_is_above_par_with_other_numbers_of_players(players):
    games = 1200
    par = 1 / players
    assert win_rate("landlord", FIXED, games - games % players, players) > par + 3 * math.sqrt(par * (1 - par) / games)


@pytest.mark.parametrize(("players", "least"), [(6, 0.4), (8, 0.4)])
def test_landlord_gathers_groups_by_deals_at_a_large_table(players, least):
    """It wins 45 and 44 %."""
    assert win_rate("landlord", FIXED, 2400, players) > least


def test_bots_are_numbered_as_named():
    assert (bot_number("random"), bot_number("landlord")) == (RANDOM, LANDLORD)
    assert [bot_number(name) for name in BOTS] == list(range(len(BOTS)))
