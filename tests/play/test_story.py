"""What has happened, in sentences: a block for each turn tells all that matters."""

import re

import pytest

from agent.play.players import load_players
from agent.play.setup import Wishes, make_setup
from agent.play.story import change_line, full_story, money_of, painted, turn_story
from agent.play.table import Table
from monopoly_env import events, game
from monopoly_env.board import TITLE_NAMES
from monopoly_env.events import Event

NAMES = ("You", "Ada", "Bo")
MATTERS = ("bought", "won the auction", "went bankrupt", "drew from", "won the game", "left jail")
TENNESSEE = TITLE_NAMES.index("Tennessee Avenue")


def told(*rows, seat=-1):
    """The blocks of rows that are filled up with zeros."""
    return turn_story([(*map(int, row), *[0] * (7 - len(row))) for row in rows], NAMES, seat=seat)


@pytest.fixture(scope="module")
def played():
    """A game of bots to its end, or 150 turns."""
    setup = make_setup(Wishes("landlord,landlord,fp-a", seed=5, max_turns=150))
    table = Table(setup, load_players(setup))
    table.play_on()
    return table


def test_a_block_for_each_turn_leaves_out_nothing_that_matters(played):
    blocks, full = turn_story(played.rows, played.names), full_story(played.rows, played.names)
    assert len(blocks) == sum(row[0] == Event.TURN for row in played.rows)
    assert blocks[-1].event == len(played.rows) - 1 and all(line.turn for line in blocks)
    text = "\n".join(line.text for line in blocks)
    assert len(text) < 0.7 * sum(len(line.text) for line in full)
    for name in played.names:
        text = text.replace(f"{name} ", "")
    for line in full:
        if any(word in line.text for word in MATTERS):
            told = line.text.split(" ", 1)[1].removesuffix(".")
            assert told in text or re.sub("^bought .* for", "bought it for", told) in text
    assert "built on" in text and ": accepted" in text and " rent: " in text and " at GO" in text


def test_the_money_of_the_story_is_that_of_the_game(played):
    """Gains and losses add up to the cash at the end, but for what a bankruptcy hands over."""
    end = next((n for n, row in enumerate(played.rows) if row[0] == Event.BANKRUPT), len(played.rows))
    setup = played.setup
    table = Table(setup, load_players(setup))
    while len(table.rows) < end and not table.over:
        table.step()
        if len(table.rows) <= end:
            cash = [1500 + sum(money_of(table.rows, n, seat) for n in range(len(table.rows))) for seat in range(3)]
            assert cash == table.game.cash[:3].tolist()


def test_a_turn_is_told_in_one_go():
    roll, move = (Event.ROLL, 0, 3, 3, 0), (Event.MOVE, 0, 39, 5)
    (line,) = told((Event.TURN, 0, 1), roll, move, (Event.SALARY, 0, 200), (Event.BUY, 0, 22, 200))
    assert line.text == "You rolled 3+3 (doubles) to Reading Railroad, with $200 at GO; bought it for $200."
    rent, built = (
        [(Event.RENT, 1, 0, 5, 25, 3, 1), (Event.PAY, 1, 0, 25)],
        [(Event.BUILD, 0, 0, 1, 50), (Event.BUILD, 0, 1, 2, 50)],
    )
    (line,) = told(*rent, *built, seat=0)
    assert line.text == (
        "Ada paid you $25 rent: with one railroad in one hand. "
        "You built on Mediterranean (one house) and Baltic (two houses) for $100."
    )
    assert (line.event, line.money) == (3, -75)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([(Event.PAY, 0, -1, 50, game.JAIL_FEE), (Event.LEAVE_JAIL, 0, events.OUT_BY_FEE)], "You paid $50 to leave jail."),
        (
            [(Event.RENT, 1, 0, 5, 25, 3, 1), (Event.OWE, 1, 0, 25, game.RENT), (Event.PAY, 1, 0, 25, game.RENT)],
            "Ada owed you $25 rent on Reading Railroad: with one railroad in one hand, more than the cash at hand; "
            "paid you $25 rent.",
        ),
        ([(Event.CARD, 1, 0, 12), (Event.PAY, 1, -1, 15, game.CARD)], "Ada drew from Chance: “Speeding fine: $15.”"),
    ],
)
def test_nothing_is_told_twice(rows, text):
    assert [line.text for line in told(*rows)] == [text]


def test_a_row_of_offers_is_one_line():
    offers = [(Event.PROPOSE, 1, 2, 0, 1 << TENNESSEE, cash) for cash in (360, 450, 540, 630)]
    rows = [row for offer in offers for row in (offer, (Event.REFUSE, 2, 1))]
    (line,) = told(*rows, (Event.PROPOSE, 1, 0, 0, 1 << TENNESSEE, 90), (Event.ACCEPT, 0, 1), seat=0)
    refused = "Ada offered Bo $630 for Tennessee Avenue, the last of 4 offers: refused; "
    assert line.text == f"{refused}offered you $90 for Tennessee Avenue: accepted."
    assert line.money == 90


def test_a_bankruptcy_is_told_by_all_that_changes_hands():
    mortgage, gone = (Event.MORTGAGE, 0, TENNESSEE, 90), (Event.BANKRUPT, 0, 1)
    (line,) = told((Event.TURN, 0, 9), mortgage, gone, (Event.INHERIT, 1, 0, TENNESSEE), (Event.INHERIT, 1, 0, 0), seat=0)
    assert line.text.endswith("Ada took over Tennessee and Mediterranean from you.")
    assert line.money == 0 and change_line([mortgage, gone, (Event.TURN, 1, 10)], 0, 0) == []


def test_what_the_others_turns_cost_is_said_at_the_end():
    rows = [(Event.PAY, 0, -1, 75, game.TAX), (Event.TURN, 1, 2)]
    rows += [(Event.PAY, 1, 0, 30, game.RENT), (Event.PAY, 0, 2, 50, game.CARD)]
    (line,) = change_line(rows, 1, 0)
    assert (line.text, line.money, line.event) == ("Since your last decision:", -20, 3)
    assert change_line(rows, 1, 2)[0].money == 50 and change_line(rows, 3, 0) == [] and change_line(rows[:2], 1, 0) == []


def test_players_titles_and_the_own_money_are_painted():
    (line,) = told((Event.RENT, 0, 1, 18, 14, 0, 0), (Event.PAY, 0, 1, 14), (Event.MORTGAGE, 0, TENNESSEE, 90), seat=0)
    text = painted(line, NAMES)
    parts = {text.plain[span.start : span.end] for span in text.spans}
    assert parts == {"You", "Ada", "Tennessee Avenue", "+$76"} and text.plain.endswith(" +$76")
