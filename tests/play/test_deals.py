"""Deals: offered to people, put together by them, on one line and title by title."""

import re
from dataclasses import replace

import numpy as np
import pytest
from rules.situations import at, gives, has, holds_jail_card, load_dice, mortgaged, stands_on, title

from agent.play.draft import STEP, Draft, found_terms, tradable, would_take
from agent.play.game_file import read
from agent.play.players import BotChooser, load_players
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from monopoly_env.actions import Action, Phase
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import legal_actions
from monopoly_env.events import Event
from monopoly_env.game import GAME

from .sitting import Passive, Sitting


def managing(game):
    """Seat 0 comes to the end of its turn with Baltic, Park Place and a mortgaged railroad; Ben has two titles."""
    at(game, 0, 10)
    load_dice(game, (4, 6))
    gives(game, 0, "Baltic Avenue", "Park Place", "Short Line")
    gives(game, 1, "Boardwalk", "Mediterranean Avenue")
    mortgaged(game, "Short Line")


def offered(game):
    """Ben stands at the end of its turn with an offer on the table for seat 0."""
    managing(game)
    game.turn = 1
    at(game, 1, 10)


def test_an_offer_in_two_columns_accepted():
    answers = "deal you boardwalk + 150 for baltic + short", "ok", "y"
    text = (sitting := Sitting(*answers, seats="me,me", names="You,Ben", prepare=offered)).run()
    assert "\nBen offers you a deal.\n" in text
    assert "You get: Boardwalk; $150; brown 1 to 0 of 2; dark blue 1 to 2 of 2: complete; railroads 1 to 0 of 4; " in text
    assert "cash $1,500 to $1,650." in text
    assert "Ben gets: Baltic Avenue; Short Line (mortgaged); brown 1 to 2 of 2: complete; dark blue 1 to 0 of 2; " in text
    assert "pays $10 interest (R43); cash $1,500 to $1,340." in text
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1650
    assert sitting.game.owner[title("Short Line")] == 1 and sitting.game.cash[1] == 1340


def test_an_offer_refused():
    sitting = Sitting("deal you boardwalk for baltic", "ok", "n", seats="me,me", names="You,Ben", prepare=offered)
    assert "You refused Ben's offer." in sitting.run()
    assert sitting.game.owner[title("Boardwalk")] == 1


def test_a_deal_on_one_line():
    typed = "deal ben baltic + $100 for boardwalk, mediterranean"
    sitting = Sitting(typed, "ok", prepare=managing, choosers=Passive(yes=True))
    text = sitting.run()
    before = text.split("You offered")[0]
    assert "dark blue 1 to 2 of 2: complete" in before, "it is shown before it goes out"
    assert "You offered Ben Baltic Avenue and $100 for Mediterranean Avenue and Boardwalk." in text
    assert "Ben accepted your offer." in text
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1400
    assert sitting.game.owner[title("Baltic Avenue")] == 1 and sitting.game.cash[1] == 1600


@pytest.mark.parametrize("typed", ["deal b nothing for boardwalk + 50", "deal ben for boardwalk and 50"])
def test_asking_for_a_gift(typed):
    sitting = Sitting(typed, "ok", prepare=managing, choosers=Passive(yes=True))
    sitting.run()
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1550


def test_a_deal_title_by_title():
    answers = ["4", "1", "1", "4", "5", "cash 100", "5", "ok"]
    sitting = Sitting(*answers, prepare=managing, choosers=Passive(yes=True))
    text = sitting.run()
    assert "  4 Propose a deal\n" in text
    assert (
        "A deal with whom?\n  1 Ben (2 titles to deal in, $1,500)\n  2 Cleo (0 titles to deal in, $1,500)\n  3 Back\n" in text
    )
    assert "Your deal with Ben. Titles below: yours left, theirs right.\n" in text
    assert "  1 [ ] Baltic Avenue (brown)\n  2 [ ] Park Place (dark blue)\n  3 [ ] Short Line (mortgaged) (railroads)\n" in text
    assert "  4 [ ] Mediterranean Avenue (brown)\n  5 [ ] Boardwalk (dark blue)\n" in text
    assert "  5 [x] Boardwalk (dark blue)\n" in text
    assert "You offered Ben Baltic Avenue and $100 for Mediterranean Avenue." in text
    assert sitting.game.owner[title("Boardwalk")] == 1
    assert sitting.game.cash[0] == 1400


def test_several_numbers_at_once_and_asking_for_cash():
    sitting = Sitting("deal", "1", "1 3 5", "ask 200", "ok", prepare=managing, choosers=Passive(yes=True))
    text = sitting.run()
    assert "You offered Ben Baltic Avenue and Short Line for Boardwalk and $200." in text
    assert "You get: Boardwalk; $200; brown 1 to 0 of 2; dark blue 1 to 2 of 2: complete; railroads 1 to 0 of 4;" in text
    assert sitting.game.cash[0] == 1700


def test_after_a_refusal_the_draft_stands():
    sitting = Sitting("deal", "1", "5", "ok", "cash 300", "ok", "b", prepare=managing, choosers=Passive())
    text = sitting.run()
    assert text.count("Ben refused your offer.") == 2
    assert "You offered Ben $300 for Boardwalk." in text
    assert text.rstrip().endswith("4 Propose a deal")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ok", "A deal needs a title or a jail card on at least one side (R47)."),
        ("8", "The choices are numbered 1 to 7. Received: 8"),
        ("6", "For that, type ok. Received: 6"),
        ("1 9", "The choices are numbered 1 to 7. Received: 9"),
        ("cash", "Here numbers put titles in or out"),
        ("cash much", "Here numbers put titles in or out"),
        ("whatever", "Here numbers put titles in or out"),
        ("", "Type a number from 1 to 7 and press Enter"),
    ],
)
def test_a_wrong_answer_to_a_draft(typed, said):
    sitting = Sitting("deal", "1", typed, prepare=managing)
    assert said in sitting.run()
    assert not any(row[0] == 23 for row in sitting.table.rows)


def test_groups_with_buildings_cannot_be_dealt_in():
    def prepare(game):
        managing(game)
        gives(game, 0, "dark blue")
        stands_on(game, "dark blue", 1, 1)

    text = Sitting("deal", "1", prepare=prepare).run()
    assert "2 [ ] Short Line (mortgaged) (railroads)" in text
    assert "[ ] Park Place" not in text


def test_house_rule_without_deals():
    text = Sitting("deal ben 1 for boardwalk", prepare=managing, rules="no_trades").run()
    assert "Propose a deal" not in text
    assert "Deals are switched off in this game (H4)." in text


def test_a_deal_needs_the_cash():
    def prepare(game):
        managing(game)
        has(game, 1, 5)

    assert "Ben would have to pay $100 and has $5 (R47)." in Sitting("deal ben baltic for 100", prepare=prepare).run()


@pytest.mark.parametrize("screen", [False, True])
def test_a_deal_on_one_line_that_is_accepted_leaves_no_draft(screen):
    answers = ("deal ben 100 for boardwalk", "ok", "1")
    sitting = Sitting(*answers, prepare=managing, choosers=Passive(yes=True), screen=screen)
    text = sitting.run()
    assert sitting.game.owner[title("Boardwalk")] == 0
    assert "Your deal with Ben" not in text.split("Ben accepted")[1], "the turn goes on with its menu"
    assert sitting.game.turns > 1, "1 ended the turn"


def test_a_deal_on_one_line_that_is_refused_can_be_raised():
    text = Sitting("deal ben 100 for boardwalk", "ok", "cash 200", "ok", prepare=managing).run()
    assert "You offered Ben $200 for Boardwalk." in text and text.count("Ben refused your offer.") == 2


@pytest.mark.parametrize(("yes", "said"), [(True, "Ben accepted your offer."), (False, "Ben refused your offer.")])
def test_the_screen_says_what_became_of_a_deal(yes, said):
    for answers in (["deal ben 100 for boardwalk", "ok"], ["deal", "1", "5", "cash 100", "ok"]):
        text = Sitting(*answers, prepare=managing, choosers=Passive(yes=yes), screen=True).run()
        assert said in text


def test_more_cash_than_there_is_is_marked():
    text = Sitting("deal", "1", "5", "cash 1501", "ask 1501", "cash 1500", prepare=managing).run()
    mine, theirs, exact = text.split("Your deal with Ben.")[-3:]
    assert "cash $1,500 to -$1: more than you have." in mine and "more than Ben has" not in mine
    assert "cash $1,500 to -$1: more than Ben has." in theirs and "more than you have" not in theirs
    assert "more than" not in exact


def railroads(game):
    """Seat 0 has Boardwalk's neighbour and two railroads to give, Ben Boardwalk."""
    managing(game)
    gives(game, 0, "B. & O. Railroad", "Reading Railroad")


DEALS = {
    "deal ben b&o for boardwalk": "B. & O. Railroad for Boardwalk",
    "deal ben B & O and baltic for boardwalk": "Baltic Avenue and B. & O. Railroad for Boardwalk",
    "deal ben baltic & b&o & 50 for boardwalk": "Baltic Avenue, B. & O. Railroad and $50 for Boardwalk",
    "deal ben baltic&park for boardwalk & medi": "Baltic Avenue and Park Place for Mediterranean Avenue and Boardwalk",
    "deal ben baltic FOR Bdwk": "Baltic Avenue for Boardwalk",
    "deal ben Balt AND RdRR + 50 For Bdwk": "Baltic Avenue, Reading Railroad and $50 for Boardwalk",
    "deal ben b and o for boardwalk": "B. & O. Railroad for Boardwalk",
}


@pytest.mark.parametrize("typed", DEALS)
def test_what_divides_a_deal(typed):
    assert f"You offered Ben {DEALS[typed]}." in Sitting(typed, "ok", prepare=railroads).run()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("deal b baltic for boardwalk", "'b' could be Ada (B) or Bo (C). Write more of the name."),
        ("deal bo baltic & xyz for boardwalk", "There is no title 'xyz'."),
        ("deal bo baltic for rail", "'rail' could be Reading Railroad or Pennsylvania Railroad or B. & O. Railroad."),
    ],
)
def test_what_is_unclear_in_a_deal_is_asked_about(typed, said):
    sitting = Sitting(typed, names="You,Ada,Bo", prepare=railroads)
    assert said in sitting.run() and not any(row[0] == Event.PROPOSE for row in sitting.table.rows)


def test_sums_are_read_with_their_commas():
    typed = "deal ben $1,000 + baltic for boardwalk, mediterranean"
    sitting = Sitting(typed, "ok", prepare=managing, choosers=Passive(yes=True))
    assert "You offered Ben Baltic Avenue and $1,000 for Mediterranean Avenue and Boardwalk." in sitting.run()
    sitting = Sitting("deal", "1", "1,4", "cash $1,200", "ok", prepare=managing, choosers=Passive(yes=True))
    assert "You offered Ben Baltic Avenue and $1,200 for Mediterranean Avenue." in sitting.run()


@pytest.mark.parametrize("name", ["Mary Ann", "mary ann", "Mary", "B"])
def test_a_player_with_a_blank_in_its_name(name):
    typed = f"deal {name} 100 for boardwalk"
    sitting = Sitting(typed, "ok", names="You,Mary Ann", prepare=managing, choosers=Passive(yes=True))
    assert "You offered Mary Ann $100 for Boardwalk." in sitting.run()


def test_a_jail_card_is_dealt_in():
    def prepare(game):
        managing(game)
        holds_jail_card(game, 1)

    sitting = Sitting("deal ben 40 for card", "ok", "deal ben card for card", prepare=prepare, choosers=Passive(yes=True))
    text = sitting.run()
    assert "You offered Ben $40 for Get Out of Jail Free card (Chance)." in text and sitting.game.cash[0] == 1460
    assert "No Get Out of Jail Free card there to deal in." in text and sitting.game.jail_card_holder[0] == 0
    assert '"take": ["Get Out of Jail Free card (Chance)"]' in sitting.path.read_text()
    assert read(sitting.path).acts[0][1].arguments == (1, [], [28], 40)


def test_an_offer_is_answered_by_another_that_begins_with_it():
    answers = "deal you boardwalk + 150 for baltic", "ok", "c", "ask 300", "ok", "y"
    text = (sitting := Sitting(*answers, seats="me,me", names="You,Ben", prepare=offered)).run()
    assert "[x] Baltic Avenue (brown)" in text and "[x] Boardwalk (dark blue)" in text
    assert "You refused Ben's offer.\nYou offered Ben Baltic Avenue for Boardwalk and $300." in text
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1800


def standing(game):
    """Ben offers a deal for Baltic at the end of his turns (R48, R49)."""
    offered(game)
    game.manual[1] = 0


class Insistent(Passive):
    """Proposes whatever it can."""

    def decide(self, game):
        decision = super().decide(game)
        return replace(decision, action=Action.TRADE) if Action.TRADE in decision.outcomes else decision


def test_an_offer_says_which_it_is_and_what_refusing_does():
    text = Sitting("n", prepare=standing, choosers=Insistent()).run()
    assert "Offer 1 of at most 4 for the brown group. If you refuse, Ben may later offer you " in text

    def refused_three_times(game):
        standing(game)
        game.refusals[1, 0] = 3

    text = Sitting("n", prepare=refused_three_times, choosers=Insistent()).run()
    assert "Offer 4 of at most 4 for the brown group. If you refuse, it is the last one until one of its titles" in text


NEVER = [("x", 1), ("never baltic|n", 2), ("never baltic under 90|n", 2), ("never baltic|never baltic|n", 3)]


@pytest.mark.parametrize(("answers", "asked"), NEVER)
def test_what_is_never_sold_is_not_asked_for_again(answers, asked):
    sitting = Sitting(*answers.split("|"), prepare=standing, choosers=Insistent())
    assert sitting.run().count(" of at most 4 for the brown group.") == asked
    assert sitting.game.owner[title("Baltic Avenue")] == 0


def test_no_offers_are_shown_until_the_own_turn_where_that_was_said():
    def two_with_offers(game):
        standing(game)
        gives(game, 0, "Vermont Avenue")
        gives(game, 2, "Oriental Avenue")
        game.manual[2] = 0

    answers = "s", "2", "2", "2", "1", "2"  # a purchase and three auctions are left, the own turn ends
    sitting = Sitting(*answers, prepare=two_with_offers, choosers=Insistent())
    *refused, shown = sitting.run().split("offers you a deal.")[1:]
    assert len(refused) == 1 and shown.startswith("\nOffer 2 of at most 4")
    assert [refused[0].count(f"{name} offered you") for name in ("Ben", "Cleo")] == [2, 1]
    assert refused[0].count("You refused") == 3 and sitting.table.no_offers == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("never", "All offers are shown."),
        ("never xyz", "There is no title 'xyz'."),
        ("early", "From now on you are asked before your rolls too, where you could build or redeem."),
        (
            "never baltic under much",
            "Type never boardwalk, or with a sum",
        ),
        ("ask", "On one line it reads ask PLAYER TITLE"),
        ("ask ben short", "Short Line does not belong to Ben (R47)."),
        ("ask ben boardwalk", "Ben would not give Boardwalk for any money that you have, and not with one title more."),
        ("counter", "counter answers an offer, and none is before you."),
        ("undo", "Nothing can be taken back"),
    ],
)
def test_an_order_that_makes_no_sense(typed, said):
    sitting = Sitting(typed, prepare=managing)
    before = sitting.game.copy()
    assert said in sitting.run() and sitting.game.tobytes() == before.tobytes()


def test_what_an_agent_says_that_it_would_take_it_takes():
    """In positions of a whole game, for titles of an agent and of bots, after refusals and when asked."""
    setup = make_setup(Wishes("me,agent,landlord,fp-a", seed=4, max_turns=160))
    table, rng, found = Table(setup, load_players(setup)), np.random.default_rng(1), []
    while not table.over and table.living_people:
        table.play_on()
        if table.person < 0:
            break
        theirs = [t for other in range(1, 4) if table.game.alive[other] for t in tradable(table.game, other)]
        if table.game.phase == Phase.MANAGE and theirs:
            wanted = int(rng.choice([thing for thing in theirs if thing < 28]))
            terms = found_terms(table, Draft(int(table.game.owner[wanted]), set(), {wanted}), 0)
            found.append(terms)
            if terms is not None:
                there = Table(setup, table.choosers, np.array(table.game, GAME)[()])
                there.free_moves(free_moves.propose, terms.other, terms.give, terms.take, terms.cash)
                assert there.step().action == Action.BUY
                less = replace(terms, cash=terms.cash - STEP)
                assert terms.give or not would_take(table, less), "no less would do"
        table.decide(int(legal_actions(table.game)[1]))
    assert len(found) > 10 and sum(terms is not None for terms in found) > 5


def test_a_refused_deal_is_answered_by_what_would_be_taken():
    sitting = Sitting("ask ben boardwalk", "ask ben boardwalk", "ok", prepare=managing, choosers=BotChooser("landlord"))
    text = sitting.run()
    price = int(re.search(r"Ben would take \$([0-9,]+) for Boardwalk\.", text)[1].replace(",", ""))
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1500 - price
    typed = f"deal ben {price - 100} for boardwalk"
    text = Sitting(typed, "ok", "6", prepare=managing, choosers=BotChooser("landlord")).run()
    assert "Ben: no; with $100 more, yes." in text
    assert f"Ben would take ${price:,} for Boardwalk: put that in" in text
