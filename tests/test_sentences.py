"""Every event as a sentence."""

import numpy as np
import pytest
from rules.situations import title

from monopoly_env import events, game
from monopoly_env.board import things_in
from monopoly_env.bots import ask_bot, bot_number
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.events import Event, take_events
from monopoly_env.game import EVENT_WIDTH, MAX_EVENTS, new_game
from monopoly_env.text.events import dollars, listing, sentence

NAMES = ("You", "Ada", "Bo")


def row(kind, seat, *numbers):
    return (int(kind), seat, *numbers, *[0] * (EVENT_WIDTH - 2 - len(numbers)))


BALTIC, BOARDWALK, PARK = title("Baltic Avenue"), title("Boardwalk"), title("Park Place")
SENTENCES = [
    (row(Event.TURN, 0, 12), "Turn 12: it is your turn."),
    (row(Event.TURN, 1, 13), "Turn 13: it is Ada's turn."),
    (row(Event.ROLL, 1, 3, 4, 0), "Ada rolled 3 and 4: 7 in all."),
    (row(Event.ROLL, 0, 4, 4, 0), "You rolled 4 and 4: doubles, 8 in all."),
    (row(Event.MOVE, 1, 39, 10), "Ada moved from Boardwalk to Just Visiting."),
    (row(Event.SALARY, 1, 200), "Ada collected $200 salary at GO."),
    (row(Event.CARD, 1, 0, 12), "Ada drew from Chance: “Speeding fine: $15.”"),
    (row(Event.RENT, 1, 0, 39, 50, events.WHY_BASE, 0), "Ada owed you $50 rent on Boardwalk: the rent on the deed."),
    (
        row(Event.RENT, 0, 2, 39, 100, events.WHY_GROUP, 0),
        "You owed Bo $100 rent on Boardwalk: double, with the whole dark blue group in one hand.",
    ),
    (row(Event.RENT, 1, 2, 37, 500, events.WHY_HOUSES, 2), "Ada owed Bo $500 rent on Park Place: with two houses."),
    (row(Event.RENT, 1, 2, 37, 1500, events.WHY_HOUSES, 5), "Ada owed Bo $1,500 rent on Park Place: with a hotel."),
    (
        row(Event.RENT, 1, 2, 35, 25, events.WHY_RAILROADS, 1),
        "Ada owed Bo $25 rent on Short Line: with one railroad in one hand.",
    ),
    (row(Event.RENT, 1, 2, 28, 12, events.WHY_DICE, 1), "Ada owed Bo $12 rent on Water Works: four times the roll."),
    (
        row(Event.RENT, 1, 2, 28, 90, events.WHY_DICE, 2),
        "Ada owed Bo $90 rent on Water Works: ten times the roll, with both utilities in one hand.",
    ),
    (
        row(Event.RENT, 1, 2, 15, 100, events.WHY_CARD_RAILROAD, 2),
        "Ada owed Bo $100 rent on Pennsylvania Railroad: twice the rent of two railroads, by the card.",
    ),
    (
        row(Event.RENT, 1, 2, 12, 110, events.WHY_CARD_DICE, 1),
        "Ada owed Bo $110 rent on Electric Company: ten times the new roll, by the card.",
    ),
    (row(Event.OWE, 1, 0, 900, game.RENT), "Ada had less cash than the $900 due to you (rent)."),
    (row(Event.OWE, 1, -1, 200, game.TAX), "Ada had less cash than the $200 due to the bank (tax)."),
    (row(Event.PAY, 1, 0, 50, game.RENT), "Ada paid you $50 rent."),
    (row(Event.PAY, 1, -1, 200, game.TAX), "Ada paid $200 tax."),
    (row(Event.PAY, 0, 1, 10, game.CARD), "You paid Ada $10 for the card."),
    (row(Event.PAY, 1, -1, 50, game.JAIL_FEE), "Ada paid $50 to leave jail."),
    (row(Event.PAY, 1, -1, 20, game.INTEREST), "Ada paid $20 interest on mortgaged titles."),
    (row(Event.COLLECT, 1, 150, events.FROM_BANK_CARD), "Ada collected $150 from the bank."),
    (row(Event.COLLECT, 1, 70, events.FROM_POT), "Ada took the pot of $70 on Free Parking."),
    (row(Event.BUY, 1, BOARDWALK, 400), "Ada bought Boardwalk for $400."),
    (row(Event.DECLINE, 1, BOARDWALK), "Ada did not buy Boardwalk."),
    (row(Event.AUCTION_OPEN, 1, BOARDWALK), "Boardwalk came up for auction."),
    (row(Event.BID, 1, BOARDWALK, 80), "Ada bid $80 for Boardwalk."),
    (row(Event.AUCTION_PASS, 1, BOARDWALK), "Ada left the auction of Boardwalk."),
    (row(Event.AUCTION_WON, 1, BOARDWALK, 80), "Ada won the auction of Boardwalk for $80."),
    (row(Event.AUCTION_EMPTY, -1, BOARDWALK), "Nobody bid for Boardwalk: it stayed with the bank."),
    (row(Event.TO_JAIL, 1, events.JAIL_SQUARE), "Ada went to jail: the square says so."),
    (row(Event.TO_JAIL, 1, events.JAIL_CARD), "Ada went to jail: the card says so."),
    (row(Event.TO_JAIL, 1, events.JAIL_DOUBLES), "Ada went to jail: three doubles in one turn."),
    (row(Event.LEAVE_JAIL, 1, events.OUT_BY_CARD), "Ada left jail with a Get Out of Jail Free card."),
    (row(Event.LEAVE_JAIL, 1, events.OUT_BY_FEE), "Ada left jail."),
    (row(Event.LEAVE_JAIL, 1, events.OUT_BY_DOUBLES), "Ada left jail by rolling doubles."),
    (row(Event.LEAVE_JAIL, 1, events.OUT_BY_THIRD_ROLL), "Ada left jail after a third roll without doubles."),
    (row(Event.STAY_IN_JAIL, 1, 1), "Ada stayed in jail: no doubles in one try."),
    (row(Event.STAY_IN_JAIL, 1, 2), "Ada stayed in jail: no doubles in two tries."),
    (row(Event.BUILD, 1, BOARDWALK, 1, 200), "Ada built a house for $200 on Boardwalk."),
    (row(Event.BUILD, 1, BOARDWALK, 3, 200), "Ada built a house for $200 on Boardwalk, which now has three."),
    (row(Event.BUILD, 1, BOARDWALK, 5, 200), "Ada built a hotel for $200 on Boardwalk."),
    (row(Event.SELL, 1, BOARDWALK, 4, 100), "Ada sold Boardwalk down to four houses for $100."),
    (row(Event.SELL, 1, BOARDWALK, 0, 100), "Ada sold Boardwalk down to no houses for $100."),
    (row(Event.MORTGAGE, 1, BOARDWALK, 200), "Ada mortgaged Boardwalk for $200."),
    (row(Event.REDEEM, 1, BOARDWALK, 220), "Ada redeemed Boardwalk for $220."),
    (row(Event.PROPOSE, 1, 0, 1 << BALTIC, 1 << BOARDWALK, 340), "Ada offered you Baltic Avenue and $340 for Boardwalk."),
    (
        row(Event.PROPOSE, 0, 1, 1 << BALTIC | 1 << PARK, 1 << BOARDWALK, -1250),
        "You offered Ada Baltic Avenue and Park Place for Boardwalk and $1,250.",
    ),
    (row(Event.PROPOSE, 1, 2, 0, 1 << BOARDWALK, 0), "Ada offered Bo nothing for Boardwalk."),
    (row(Event.ACCEPT, 1, 0), "Ada accepted your offer."),
    (row(Event.REFUSE, 0, 2), "You refused Bo's offer."),
    (row(Event.BANKRUPT, 1, -1), "Ada went bankrupt; everything left goes to the bank."),
    (row(Event.BANKRUPT, 1, 0), "Ada went bankrupt; everything left goes to you."),
    (row(Event.INHERIT, 0, 1, BOARDWALK), "You took over Boardwalk from Ada."),
    (row(Event.WIN, 0), "You won the game."),
    (row(Event.CAP, -1), "The game reached its last turn and stopped without a winner."),
    (row(Event.UNDO, 0, 200), "You took that back."),
]


@pytest.mark.parametrize(("event", "text"), SENTENCES, ids=lambda value: value if isinstance(value, str) else "")
def test_the_sentence_of_an_event(event, text):
    assert sentence(event, NAMES) == text
    assert sentence(np.array(event, np.int32), NAMES) == text


def test_every_kind_of_event_is_among_them():
    assert {event[0] for event, _ in SENTENCES} == set(Event)


def test_without_names_seats_are_numbered():
    assert sentence(row(Event.PAY, 0, 1, 50, game.RENT)) == "Seat 0 paid seat 1 $50 rent."
    assert sentence(row(Event.TURN, 2, 4), ("Ada",)) == "Turn 4: it is seat 2's turn."


@pytest.mark.parametrize("bad", [(1, 2, 3), row(len(Event), 0), row(-1, 0)])
def test_something_else_is_refused(bad):
    with pytest.raises(ValueError, match="An event is 7 integers"):
        sentence(bad)


def test_small_words():
    assert listing([]) == "nothing"
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert dollars(1250) == "$1,250"
    assert dollars(-1250) == "-$1,250"
    assert things_in(1 << 3 | 1 << 27 | 1 << 29) == [3, 27, 29]


@pytest.mark.parametrize("seed", range(3))
def test_whole_games_make_sentences(seed):
    one = new_game(5, seed=seed, max_turns=250, house_rules=["free_parking_pot"] if seed else [])
    one.logging = 1
    told = set()
    while not one.over:
        advance(one)
        assert one.events < MAX_EVENTS
        for each in take_events(one):
            text = sentence(each, ("You", "Ada", "Bo", "Cy", "Di"))
            assert text[0].isupper() and text[-1] in ".”" and "  " not in text and "seat" not in text.lower()
            told.add(Event(int(each[0])))
        if one.phase:
            bot = bot_number(("random", "landlord", "fp-a")[int(one.actor) % 3])
            apply(one, ask_bot(one, legal_actions(one), bot))
    assert {Event.RENT, Event.PROPOSE, Event.CARD, Event.BID} <= told
