"""The bots that follow the rules of other simulators: each rule in a situation of its own. The rules: docs/BOTS.md."""

from pathlib import Path

import pytest
from rules.situations import asks, comes_to_manage, has, holds_jail_card, lands, play, roll, stands_on, table
from test_bots import choice, offered, two_pairs, win_rate

from agent.learning.config import OPPONENTS
from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, SELL, TRADE
from monopoly_env.board import GROUPS
from monopoly_env.bots import BOTS, HELD_OUT
from monopoly_env.bots.policies import ELSEWHERE, VARIED
from monopoly_env.engine.engine import advance

REDS = ("Kentucky Avenue", "Indiana Avenue")
ORANGES = ("St. James Place", "Tennessee Avenue")
RAILROADS = ("Reading Railroad", "Pennsylvania Railroad", "B. & O. Railroad")


@pytest.mark.parametrize(
    ("name", "place", "mine", "least"),
    [
        ("gnome-fp-a", "Illinois Avenue", (), 440),
        ("gnome-fp-a", "Illinois Avenue", REDS, 240),
        ("gnome-fp-b", "Short Line", (), 200),
        ("gnome-fp-b", "New York Avenue", (), 400),
        ("gnome-fp-b", "Water Works", ("Electric Company",), None),
        ("gnome-fp-c", "New York Avenue", (), 200),
        ("gnome-fp-c", "Park Place", (), 550),
        ("gcp", "Illinois Avenue", REDS, 440),
        ("vincero", "Illinois Avenue", (), 340),
        ("vincero", "Illinois Avenue", REDS, 240),
        ("vincero", "Short Line", RAILROADS, 300),
        ("yyongg", "Illinois Avenue", (), 390),
        ("yyongg", "Illinois Avenue", REDS, 240),
        ("intrepidcoder", "Illinois Avenue", REDS, 291),
    ],
)
def test_buys_from_so_much_cash_on(name, place, mine, least):
    game = lands(table(owns={0: mine}), place)
    has(game, 0, 5000 if least is None else least)
    assert choice(game, name) == (PASS if least is None else BUY)
    has(game, 0, (least or 1) - 1)
    assert game.cash[0] < 200 or choice(game, name) == PASS


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "most"),  # what New York Avenue ($200) is bid up to, in steps of $20
    [
        ("gnome-fp-a", (), (), 200),
        ("gnome-fp-a", ORANGES, (), 1480),
        ("gnome-fp-c", (), (), 1500),
        ("gcp", ORANGES, (), 200),
        ("vincero", (), ORANGES, 140),
        ("vincero", ORANGES[:1], (), 160),
        ("vincero", ORANGES, (), 260),
        ("yyongg", (), (), 140),
        ("yyongg", (), ORANGES, 600),
        ("yyongg", ORANGES, (), 800),
        ("intrepidcoder", (), ORANGES, 300),
    ],
)
def test_bids_up_to_so_much(name, mine, theirs, most):
    game = play(lands(table(owns={1: mine, 2: theirs}), "New York Avenue"), PASS)
    asks(game, 1, "AUCTION", "orange")
    game.auction_leader, game.auction_bid = 2, most - 20
    assert choice(game, name) == BUY
    game.auction_bid = most
    assert most == game.cash[1] or choice(game, name) == PASS


@pytest.mark.parametrize(
    ("name", "kept"), [("gnome-fp-c", 0), ("gcp", 200), ("vincero", 0), ("yyongg", 0), ("intrepidcoder", 50)]
)
def test_keeps_so_much_in_an_auction(name, kept):
    game = play(lands(table(), "New York Avenue"), PASS)
    has(game, 1, 10 + kept)  # the first bid is $10 (R44)
    assert choice(game, name) == BUY
    has(game, 1, 9 + kept)
    assert kept == 0 or choice(game, name) == PASS


@pytest.mark.parametrize(
    ("name", "to_build", "to_redeem"),
    [
        ("gnome-fp-a", 100, 310),
        ("gcp", 300, 310),
        ("vincero", 221, 501),
        ("yyongg", 250, 300),
        ("intrepidcoder", 201, 201),
    ],
)
def test_builds_and_redeems_from_so_much_cash_on(name, to_build, to_redeem):
    build = table(owns={0: "orange, Short Line"}, cash={0: to_build})
    redeem = table(owns={0: "Short Line"}, mortgaged="Short Line", cash={0: to_redeem})  # $110
    for game, action, least in ((build, BUILD, to_build), (redeem, REDEEM, to_redeem)):
        assert choice(comes_to_manage(game), name) == action
        has(game, 0, least - 1)
        assert choice(game, name) == PASS


def test_gnome_builds_where_the_rent_grows_most_and_fp_c_stops_at_three_houses():
    game = comes_to_manage(table(owns={0: "brown, orange"}, built={"orange": 2}))
    assert choice(game, "gnome-fp-a", 0, "MANAGE", "brown") == PASS
    assert choice(game, "gcp") == BUILD  # the first on the board
    play(game, PASS)
    assert choice(game, "gnome-fp-a", 0, "MANAGE", "orange") == BUILD
    stands_on(game, "orange", 3, 3, 3)
    assert choice(game, "gnome-fp-a") == BUILD
    assert choice(game, "gnome-fp-c") == PASS


def asked(name, cash=0, give=(), take=(), money=1500, mine=(), theirs=(), mortgages=()):
    """What seat 1 says to ``give`` and ``cash`` dollars for ``take``; seats 1 and 0 hold ``mine`` and ``theirs`` too."""
    game = table(owns={0: [*give, *theirs], 1: [*take, *mine]}, mortgaged=mortgages, cash={0: 9000, 1: money})
    return choice(offered(game, 0, 1, give=give, take=take, cash=cash), name)


NY, ILLINOIS, WATER = ("New York Avenue",), ("Illinois Avenue",), ("Water Works",)
SWAP = {"give": NY, "take": ILLINOIS, "mine": ORANGES, "theirs": REDS}


@pytest.mark.parametrize(
    ("name", "deal", "taken"),
    [
        # cash decides, not what the title is worth
        ("gnome-fp-a", {"take": NY, "cash": 1, "money": 199}, True),
        ("gnome-fp-a", {"take": NY, "cash": 1, "money": 198}, False),
        ("gnome-fp-a", {"take": NY, "cash": 0}, False),
        ("gnome-fp-a", {"give": ILLINOIS, "take": NY, "money": 100}, True),
        ("gnome-fp-a", {"give": ILLINOIS, "take": NY, "money": 99}, False),
        ("gnome-fp-a", {"give": ILLINOIS, "take": NY, "mortgages": ILLINOIS, "cash": 500}, False),
        # a group at any price, and none for sale
        ("gnome-fp-a", {"give": NY, "mine": ORANGES, "cash": -1499}, True),
        ("gnome-fp-a", {"take": NY, "mine": ORANGES, "cash": 5000}, False),
        ("gnome-fp-b", {"give": WATER, "cash": 500}, False),
        ("gnome-fp-a", {"give": WATER, "cash": 500}, True),
        # a group for a group, the difference paid
        ("gcp", {**SWAP, "cash": 40}, True),
        ("gcp", {**SWAP, "cash": 39}, False),
        ("gcp", {**SWAP, "theirs": REDS[:1], "cash": 1000}, False),
        ("gcp", {"take": NY, "cash": 5000}, False),
        ("gcp", {"give": ILLINOIS, "take": NY, "mine": REDS, "theirs": ORANGES, "cash": -40, "money": 240}, True),
        ("gcp", {"give": ILLINOIS, "take": NY, "mine": REDS, "theirs": ORANGES, "cash": -40, "money": 239}, False),
        ("gcp", {"give": ("Boardwalk",), "take": NY, "mine": ("Park Place",), "theirs": ORANGES, "cash": -200}, True),
        ("gcp", {"give": ("Boardwalk",), "take": ORANGES[:1], "mine": ("Park Place",), "theirs": NY, "cash": 0}, False),
        # a third more than the list price, and never one of two
        ("vincero", {"take": NY, "cash": 265}, True),
        ("vincero", {"take": NY, "cash": 264}, False),
        ("vincero", {"take": NY, "mine": ORANGES[:1], "cash": 2000}, False),
        ("vincero", {"give": NY, "mine": ORANGES, "cash": -299}, True),
        ("vincero", {"give": NY, "mine": ORANGES, "cash": -300}, False),
        # parts of groups are worth more than list prices
        ("yyongg", {"take": NY, "theirs": ORANGES, "cash": 500}, False),
        ("yyongg", {"take": NY, "theirs": ORANGES, "cash": 4000}, True),
        ("yyongg", {"take": NY, "cash": 200}, False),
        ("yyongg", {"give": NY, "mine": ORANGES, "cash": -1500}, True),
        ("yyongg", {"give": NY, "cash": -200}, True),
        # list prices and a little more; mortgaged titles count half
        ("intrepidcoder", {"take": NY, "theirs": ORANGES, "cash": 226}, True),
        ("intrepidcoder", {"take": NY, "cash": 225}, False),
        ("intrepidcoder", {"give": ILLINOIS, "take": NY, "mortgages": ILLINOIS, "cash": 105}, False),
        ("intrepidcoder", {"give": ILLINOIS, "take": NY, "mortgages": ILLINOIS, "cash": 118}, True),
    ],
)
def test_takes_a_deal_or_not(name, deal, taken):
    assert asked(name, **deal) == (BUY if taken else PASS)


@pytest.mark.parametrize(
    ("name", "cash", "refusals", "action"),
    [
        *((f"gnome-fp-{which}", 1000, 0, TRADE) for which in "abc"),  # $210 for a title of $200 that completes a group
        ("gnome-fp-a", 1000, 2, PASS),  # 150 % of what it takes
        ("gnome-fp-a", 50, 0, PASS),  # a swap; but it proposes from $200 on
        ("gcp", 1000, 0, PASS),  # cash alone is no swap
        ("gcp", 50, 0, TRADE),  # both groups are complete then, and it is paid
        ("vincero", 1000, 0, TRADE),
        ("yyongg", 1000, 0, TRADE),
        ("yyongg", 1000, 1, PASS),  # red for orange: the better group goes to the rival
        ("intrepidcoder", 1000, 0, PASS),
    ],
)
def test_proposes_what_completes_its_group(name, cash, refusals, action):
    game = two_pairs(cash)
    game.refusals[0, GROUPS.index("orange")] = refusals
    comes_to_manage(game)
    assert choice(game, name, 0, "MANAGE", "orange") == action


def test_what_is_proposed_beside_groups():
    game = table(owns={0: "Short Line, St. James Place", 1: "Reading Railroad, Tennessee Avenue"})
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "orange")
    names = ("gnome-fp-a", "gnome-fp-b", "gnome-fp-c", "gcp", "vincero")
    assert [choice(game, name) for name in names] == [PASS, PASS, TRADE, PASS, PASS]
    play(game, PASS)
    asks(game, 0, "MANAGE", "railroads")
    assert [choice(game, name) for name in names[:3]] == [PASS, TRADE, TRADE]


@pytest.mark.parametrize(
    ("name", "first"), [("gnome-fp-a", PASS), ("gcp", SELL), ("vincero", SELL), ("yyongg", PASS), ("intrepidcoder", PASS)]
)
def test_sells_buildings_or_mortgages_first(name, first):
    game = table(
        owns={0: "Mediterranean Avenue, light blue, Short Line, Water Works"},
        built={"light blue": 3},
        cash={0: 60},
        at={0: "GO"},
    )
    roll(game, (1, 3))  # income tax, $200
    assert choice(game, name, 0, "LIQUIDATE", "brown") == (MORTGAGE if first == PASS else PASS)
    play(game, PASS)
    assert choice(game, name, 0, "LIQUIDATE", "light blue") == first


@pytest.mark.parametrize(
    ("name", "least", "with_card"),
    [("gnome-fp-a", 200, PASS), ("gcp", None, BUY), ("vincero", 50, BUY), ("yyongg", 200, BUY), ("intrepidcoder", None, PASS)],
)
def test_leaves_jail(name, least, with_card):
    game = table(cash={0: least or 5000}, jailed={0: 0})
    advance(game)
    assert choice(game, name) == (BUY if least else PASS)
    has(game, 0, (least or 60) - 1)
    assert choice(game, name) == PASS
    holds_jail_card(game, 0)
    assert choice(game, name) == with_card
    game.jail_rolls[0] = 2
    assert choice(game, name) == (PASS if name == "gnome-fp-a" else BUY)


@pytest.mark.parametrize("name", [*ELSEWHERE, *VARIED])
def test_they_beat_random_players(name):
    assert win_rate(name, "random", 1000) >= 0.40


def test_nothing_trains_against_those_held_out_and_the_document_names_all():
    assert len(HELD_OUT) == 2 and set(HELD_OUT) < set(ELSEWHERE) and not set(HELD_OUT) & set(OPPONENTS)
    text = (Path(__file__).parents[1] / "docs" / "BOTS.md").read_text(encoding="utf-8")
    assert [name for name in BOTS if f"`{name}`" not in text and not name.startswith("varied")] == []
