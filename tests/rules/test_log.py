"""What the log says: with ``game.logging`` 1 every rule leaves its row, ``(kind, seat, *fields)``."""

import pytest

from monopoly_env import events
from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, SELL, TRADE
from monopoly_env.board import CHANCE, CHEST
from monopoly_env.engine.engine import advance, apply
from monopoly_env.events import Event, played_events
from monopoly_env.game import BANK, CARD, INTEREST, JAIL_FEE, MAX_EVENTS, RENT, TAX, new_game

from .situations import bits, card_number, comes_to_manage, draws, lands, log, pass_on, play, roll, table, title


def test_a_plain_turn_row_by_row():
    game = roll(table(log=True, at={0: "Boardwalk"}), (5, 6))
    assert log(game) == [("TURN", 0, 1), ("ROLL", 0, 5, 6, 0), ("MOVE", 0, 39, 10), ("SALARY", 0, 200), ("CAP", -1)]


def test_nothing_is_written_unless_asked_for():
    game = pass_on(roll(table(), (3, 5)))
    assert game.events == 0 and not game.event.any()


def test_a_purchase_and_an_auction():
    game = play(lands(table(3, log=True), "Boardwalk"), BUY)
    assert log(game, Event.BUY, Event.DECLINE) == [("BUY", 0, 21, 400)]
    game = play(lands(table(3, log=True), "Boardwalk"), PASS, BUY, PASS, BUY, PASS)
    assert log(game)[3:-1] == [
        ("DECLINE", 0, 21),
        ("AUCTION_OPEN", 0, 21),
        ("BID", 1, 21, 10),
        ("AUCTION_PASS", 2, 21),
        ("BID", 0, 21, 50),
        ("AUCTION_PASS", 1, 21),
        ("AUCTION_WON", 0, 21, 50),
    ]
    game = play(lands(table(2, log=True), "Boardwalk"), PASS, PASS, PASS)
    assert log(game, Event.AUCTION_EMPTY, Event.AUCTION_WON) == [("AUCTION_EMPTY", -1, 21)]


RENTS = [
    ("Boardwalk", 0, "Boardwalk", (1, 2), (50, events.WHY_BASE, 0)),
    ("dark blue", 0, "Boardwalk", (1, 2), (100, events.WHY_GROUP, 0)),
    ("dark blue", (3, 4), "Boardwalk", (1, 2), (1700, events.WHY_HOUSES, 4)),
    ("dark blue", 5, "Park Place", (1, 2), (1500, events.WHY_HOUSES, 5)),
    ("Short Line", 0, "Short Line", (1, 2), (25, events.WHY_RAILROADS, 1)),
    ("railroads", 0, "Short Line", (1, 2), (200, events.WHY_RAILROADS, 4)),
    ("Water Works", 0, "Water Works", (1, 2), (12, events.WHY_DICE, 1)),
    ("utilities", 0, "Water Works", (4, 5), (90, events.WHY_DICE, 2)),
]


@pytest.mark.parametrize(("owned", "built", "place", "dice", "row"), RENTS)
def test_why_a_rent_is_what_it_is(owned, built, place, dice, row):
    game = lands(table(log=True, owns={2: owned}, built={owned: built}, cash={0: 2000}), place, dice)
    assert log(game, Event.RENT, Event.PAY) == [("RENT", 0, 2, game.position[0], *row), ("PAY", 0, 2, row[0], RENT)]


def test_the_rents_of_the_cards():
    game = table(log=True, owns={2: "Pennsylvania Railroad, Short Line"})
    draws(game, CHANCE, "Advance to the nearest railroad")
    assert log(game, Event.CARD, Event.RENT) == [
        ("CARD", 0, CHANCE, card_number(CHANCE, "Advance to the nearest railroad")),
        ("RENT", 0, 2, 15, 100, events.WHY_CARD_RAILROAD, 2),
    ]
    game = draws(table(log=True, owns={2: "Electric Company"}), CHANCE, "Advance to the nearest utility", 7, (5, 6))
    assert log(game, Event.ROLL, Event.RENT) == [
        ("ROLL", 0, 1, 2, 0),
        ("ROLL", 0, 5, 6, 0),
        ("RENT", 0, 2, 12, 110, events.WHY_CARD_DICE, 1),
    ]


def test_no_rent_no_row():
    game = lands(table(log=True, owns={2: "Boardwalk"}, mortgaged="Boardwalk"), "Boardwalk")
    assert log(game, Event.RENT, Event.PAY, Event.OWE) == []


def test_payments_and_their_reasons():
    game = lands(table(log=True), "Income Tax")
    assert log(game, Event.PAY) == [("PAY", 0, BANK, 200, TAX)]
    game = draws(table(log=True), CHEST, "Doctor's fee")
    assert log(game, Event.PAY) == [("PAY", 0, BANK, 50, CARD)]
    game = draws(table(3, log=True), CHEST, "It is your birthday")
    assert log(game, Event.PAY) == [("PAY", 1, 0, 10, CARD), ("PAY", 2, 0, 10, CARD)]
    game = draws(table(log=True), CHEST, "Bank error")
    assert log(game, Event.COLLECT) == [("COLLECT", 0, 200, events.FROM_BANK_CARD)]
    game = table(log=True, house_rules=["free_parking_pot"])
    game.pot, game.paid_out = 70, game.paid_out + 70
    assert log(lands(game, "Free Parking"), Event.COLLECT) == [("COLLECT", 0, 70, events.FROM_POT)]


def test_a_debt_raised():
    game = table(log=True, owns={0: "brown"}, built={"brown": (0, 1)}, cash={0: 150})
    play(lands(game, "Income Tax"), SELL, MORTGAGE)
    assert log(game, Event.OWE, Event.SELL, Event.MORTGAGE, Event.PAY) == [
        ("OWE", 0, BANK, 200, TAX),
        ("SELL", 0, 1, 0, 25),
        ("MORTGAGE", 0, 0, 30),
        ("PAY", 0, BANK, 200, TAX),
    ]


def test_a_debt_is_held_against_the_cash_that_is_left_when_it_is_due():
    game = draws(table(log=True, cash={0: 120}), CHANCE, "You are elected chairman")
    assert log(game, Event.PAY, Event.OWE, Event.BANKRUPT) == [
        ("PAY", 0, 1, 50, CARD),
        ("PAY", 0, 2, 50, CARD),
        ("OWE", 0, 3, 50, CARD),
        ("BANKRUPT", 0, 3),
    ]
    game = table(log=True, owns={1: "Short Line"}, mortgaged="Short Line", cash={0: 0, 1: 4})
    draws(game, CHEST, "It is your birthday")  # $10 of interest on Short Line come last: by then there are $24
    assert log(game, Event.PAY, Event.OWE, Event.BANKRUPT) == [
        ("OWE", 1, 0, 10, CARD),
        ("BANKRUPT", 1, 0),
        ("PAY", 2, 0, 10, CARD),
        ("PAY", 3, 0, 10, CARD),
        ("PAY", 0, BANK, 10, INTEREST),
    ]


def test_a_debt_is_told_once_and_so_is_the_interest_after_a_bankruptcy():
    game = table(log=True, owns={0: "green", 1: "Boardwalk"}, mortgaged="green", cash={0: 5, 1: 7})
    lands(game, "Boardwalk")
    play(game, MORTGAGE)  # $12 and $200 for 15 + 15 + 16
    assert log(game, Event.OWE, Event.BANKRUPT, Event.PAY) == [
        ("OWE", 0, 1, 50, RENT),
        ("BANKRUPT", 0, 1),
        ("OWE", 1, BANK, 46, INTEREST),
        ("PAY", 1, BANK, 46, INTEREST),
    ]
    game = draws(table(log=True, cash={1: 3, 2: 4}), CHEST, "It is your birthday")
    assert [row[:2] for row in log(game, Event.OWE, Event.BANKRUPT)] == [
        ("OWE", 1),
        ("BANKRUPT", 1),
        ("OWE", 2),
        ("BANKRUPT", 2),
    ]


def test_building_and_redeeming():
    game = table(log=True, owns={0: "brown, Short Line"}, mortgaged="Short Line")
    play(comes_to_manage(game), BUILD, PASS, REDEEM)
    assert log(game, Event.BUILD, Event.REDEEM) == [("BUILD", 0, 1, 1, 50), ("REDEEM", 0, title("Short Line"), 110)]


def test_a_deal_refused_and_accepted():
    game = table(
        2,
        log=True,
        owns={0: "Park Place, Kentucky Avenue, Indiana Avenue", 1: "Boardwalk, Illinois Avenue"},
        mortgaged="Boardwalk",
    )
    play(comes_to_manage(game), TRADE, PASS, TRADE, BUY)  # red; then dark blue: 400 - 220, and 5 %, less 220
    assert log(game, Event.PROPOSE, Event.REFUSE, Event.ACCEPT, Event.PAY) == [
        ("PROPOSE", 0, 1, 0, bits("Illinois Avenue"), 252),
        ("REFUSE", 1, 0),
        ("PROPOSE", 0, 1, bits("Kentucky Avenue"), bits("Boardwalk"), -31),
        ("ACCEPT", 1, 0),
        ("PAY", 0, BANK, 20, INTEREST),
    ]


def test_the_ways_into_jail():
    assert log(lands(table(log=True), "Go To Jail"), Event.TO_JAIL) == [("TO_JAIL", 0, events.JAIL_SQUARE)]
    assert log(draws(table(log=True), CHEST, "Go to jail"), Event.TO_JAIL) == [("TO_JAIL", 0, events.JAIL_CARD)]
    game = roll(table(log=True, owns={0: "everything else"}, at={0: 15}), (3, 3), (2, 2), (5, 5))
    assert log(game, Event.TO_JAIL, Event.ROLL) == [
        ("ROLL", 0, 3, 3, 0),
        ("ROLL", 0, 2, 2, 1),
        ("ROLL", 0, 5, 5, 2),
        ("TO_JAIL", 0, events.JAIL_DOUBLES),
    ]


@pytest.mark.parametrize(
    ("failed", "cards", "dice", "actions", "rows"),
    [
        (0, {}, (1, 2), [PASS], [("STAY_IN_JAIL", 0, 1)]),
        (0, {}, (4, 6), [BUY], [("PAY", 0, BANK, 50, JAIL_FEE), ("LEAVE_JAIL", 0, events.OUT_BY_FEE)]),
        (0, {CHANCE: 0}, (4, 6), [BUY], [("LEAVE_JAIL", 0, events.OUT_BY_CARD)]),
        (0, {}, (5, 5), [PASS], [("LEAVE_JAIL", 0, events.OUT_BY_DOUBLES)]),
        (2, {}, (4, 6), [], [("LEAVE_JAIL", 0, events.OUT_BY_THIRD_ROLL), ("PAY", 0, BANK, 50, JAIL_FEE)]),
    ],
)
def test_the_ways_out_of_jail(failed, cards, dice, actions, rows):
    game = play(roll(table(log=True, jailed={0: failed}, jail_cards=cards), dice), *actions)
    assert log(game, Event.PAY, Event.STAY_IN_JAIL, Event.LEAVE_JAIL) == rows


def test_bankruptcy_and_the_end():
    game = table(2, log=True, owns={0: "Park Place", 1: "Boardwalk"}, mortgaged="Park Place", cash={0: 1})
    lands(game, "Boardwalk")
    assert log(game)[3:] == [
        ("RENT", 0, 1, 39, 50, events.WHY_BASE, 0),
        ("OWE", 0, 1, 50, RENT),
        ("BANKRUPT", 0, 1),
        ("INHERIT", 1, 0, 20),
        ("WIN", 1),
    ]
    game = lands(table(3, log=True, cash={0: 1}), "Income Tax")
    assert log(game)[3:5] == [("OWE", 0, BANK, 200, TAX), ("BANKRUPT", 0, BANK)]


def test_every_kind_has_its_fields_named():
    assert set(events.EVENT_FIELDS) == set(Event) and max(map(len, events.EVENT_FIELDS.values())) == 5


def test_a_logged_game_plays_like_a_silent_one_and_loses_no_row():
    silent, logged = new_game(4, seed=3, max_turns=200), new_game(4, seed=3, max_turns=200)
    logged.logging = 1
    kinds = []
    while not silent.over:
        advance(silent)
        kinds += [Event(row[0]).name for row in played_events(logged, lambda: advance(logged))]
        if not silent.over:
            choice = 1 if silent.phase in (2, 5) else 0
            apply(silent, choice)
            apply(logged, choice)
    for name in silent.dtype.names:
        if name not in ("logging", "events", "event"):
            assert (silent[name] == logged[name]).all(), name
    assert kinds.count("TURN") == silent.turns
    assert kinds[-1] in ("WIN", "CAP")


def test_a_full_buffer_is_emptied_before_the_game_goes_on():
    full, twin = new_game(2, seed=3), new_game(2, seed=3)
    full.logging = twin.logging = 1
    full.events = MAX_EVENTS - events.HEADROOM + 1
    advance(full)
    assert full.phase == 0
    before = int(full.events)
    rows = played_events(full, lambda: advance(full))
    assert full.phase and full.events == 0
    assert rows[before:].tolist() == played_events(twin, lambda: advance(twin)).tolist() != []
