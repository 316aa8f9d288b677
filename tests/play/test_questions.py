"""Every kind of prompt, what it offers, what the choices do, and every wrong answer to it."""

import pytest
from rules.situations import at, gives, has, holds_jail_card, jailed, load_dice, mortgaged, stands_on, title

from agent.play import limits
from monopoly_env.actions import Action, Phase
from monopoly_env.rules import auction

from .sitting import Passive, Sitting


def landing(place, dice=(1, 2)):
    """The first roll takes seat 0 to ``place``."""

    def prepare(game):
        from rules.situations import square

        at(game, 0, (square(place) - sum(dice)) % 40)
        load_dice(game, dice)

    return prepare


def managing(*holdings, cash=1500, **more):
    """Seat 0 comes to the end of its turn on Free Parking, holding titles or groups."""

    def prepare(game):
        at(game, 0, 10)
        load_dice(game, (4, 6))
        gives(game, 0, *holdings)
        has(game, 0, cash)
        for seat, names in more.get("others", {}).items():
            gives(game, seat, *names)
        more.get("also", lambda game: None)(game)

    return prepare


PURCHASE = """\
Boardwalk is for sale.
You hold 1 of the 2 dark blue streets: this one completes the group.
  1 Buy Boardwalk for $400 (leaves $1,100)
  2 Let Boardwalk go to auction
"""


def on_boardwalk(game):
    landing("Boardwalk")(game)
    gives(game, 0, "Park Place")


def test_a_purchase():
    sitting = Sitting("1", prepare=on_boardwalk)
    assert PURCHASE in sitting.run()
    assert sitting.game.owner[title("Boardwalk")] == 0
    assert "You bought Boardwalk for $400." in sitting.out.getvalue()


def test_a_purchase_declined_goes_to_auction():
    sitting = Sitting("2", prepare=on_boardwalk)
    text = sitting.run()
    assert "Boardwalk is up for auction (list price $400)." in text
    assert "  1 Bid $10 (leaves $1,490)\n  2 Leave the auction for good\n" in text
    assert "  bid 10 or any more dollars bids that sum (R44); max 400 bids for you up to $400\n" in text


def test_the_limit_of_a_bid_is_one_that_can_be_paid():
    def poor(game):
        on_boardwalk(game)
        has(game, 0, 55)

    assert "max 55 bids for you up to $55\n" in Sitting("2", prepare=poor).run()


def test_without_auctions_it_stays_with_the_bank():
    text = Sitting(prepare=on_boardwalk, rules="no_auctions").run()
    assert "  2 Leave Boardwalk to the bank\n" in text


def test_a_rival_that_would_complete_the_group_is_named():
    def prepare(game):
        landing("Boardwalk")(game)
        gives(game, 1, "Park Place")

    assert "Ben holds 1 of 2, and would complete it." in Sitting(prepare=prepare).run()


@pytest.mark.parametrize("screen", [False, True])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "Type a number from 1 to 2 and press Enter; ? shows what else there is."),
        ("0", "The choices are numbered 1 to 2. Received: 0"),
        ("3", "The choices are numbered 1 to 2. Received: 3"),
        ("9" * 30, "The choices are numbered 1 to 2. Received: 999"),
        ("-1", "Type a number from 1 to 2, or ? for help. Received: -1"),
        ("1.0", "Type a number from 1 to 2, or ? for help. Received: 1.0"),
        ("yes", "Type a number from 1 to 2, or ? for help. Received: yes"),
        ("1 2", "Type a number from 1 to 2, or ? for help. Received: 1 2"),
        ("²", "Type a number from 1 to 2, or ? for help."),
        ("build boardwalk", "Boardwalk does not belong to you."),
        ("deal ben 1 for boardwalk", "Boardwalk does not belong to Ben (R47)."),
        ("deal", "Here a deal is put on one line, such as: deal ben"),
        ("deed", "There is no title ''."),
        ("deed p", "'p' could be Pacific Avenue or Pennsylvania Avenue or Park Place or Pennsylvania Railroad."),
        ("deed xyz", "There is no title 'xyz'."),
        ("rules", "Which rule? Type a word or a number"),
        ("rules R99", "No rule speaks of 'R99'."),
        ("log x", "log takes a number of sentences"),
        ("think", "No agent has decided anything yet since you sat down."),
        ("coach", "There is no network to ask"),
        ("coach maybe", "Type coach, coach on or coach off. Received: coach maybe"),
    ],
)
def test_a_wrong_answer_changes_nothing_and_says_what_would_do(wrong, said, screen):
    sitting = Sitting(wrong, prepare=on_boardwalk, screen=screen)
    before = sitting.game.copy()
    sitting.run()
    assert said[:70] in " ".join(sitting.out.getvalue().split())
    assert sitting.game.tobytes() == before.tobytes()
    assert not sitting.table.records


def test_a_bid_and_leaving():
    sitting = Sitting("2", "1", "1", prepare=on_boardwalk, choosers=Passive(yes=False))
    sitting.run()
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 1490
    sitting = Sitting("2", "2", prepare=on_boardwalk)
    assert "Nobody bid for Boardwalk: it stayed with the bank." in sitting.run()


@pytest.mark.parametrize(("limit", "last"), [("max 200", 200), ("max $249", 210), ("MAX 200", 200), ("bid 200", 200)])
def test_bidding_up_to_a_limit(limit, last):
    sitting = Sitting("2", limit, prepare=on_boardwalk, choosers=Passive(yes=True))
    text = sitting.run()
    bids = [line for line in text.split("\n") if line.startswith("You bid")]
    # The two rivals raise by $40 each time: the seat left of the decliner bids first, $10.
    assert bids == [*["You bid $90 for Boardwalk."] * (limit != "bid 200"), f"You bid ${last} for Boardwalk."]
    assert ("You left the auction of Boardwalk." in text) == (limit != "bid 200")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("max", "Type 1 to bid, 2 to leave, or bid or max and a sum, such as max 200."),
        ("bid -5", "Type 1 to bid, 2 to leave, or bid or max and a sum"),
        ("max 9", "The next bid is at least $10; max 9 would bid nothing."),
        ("bid 9", "The next bid is at least $10. Received: $9 (R44)."),
        ("bid 9000", "You have $1,500 to bid. Received: $9,000 (R45)."),
    ],
)
def test_a_limit_that_is_none(wrong, said):
    sitting = Sitting("2", wrong, prepare=on_boardwalk)
    assert said in sitting.run()
    assert sitting.game.phase == Phase.AUCTION


def in_jail(failed=0, card=False, cash=1500):
    def prepare(game):
        jailed(game, 0, failed)
        has(game, 0, cash)
        if card:
            holds_jail_card(game, 0)
        load_dice(game, (4, 6))

    return prepare


def test_jail():
    sitting = Sitting("1", prepare=in_jail())
    text = sitting.run()
    assert "You are in jail.\nIn jail you still collect rent, bid, build and deal (R30).\n" in text
    assert "  1 Pay $50, then roll (leaves $1,450)\n  2 Try for doubles (try 1 of 3)\n" in text
    assert not sitting.game.jailed[0] and sitting.game.cash[0] == 1450
    sitting = Sitting("1", prepare=in_jail(card=True))
    text = sitting.run()
    assert "  1 Use a Get Out of Jail Free card, then roll\n" in text and "  3 Pay $50 and keep the card\n" in text
    assert sitting.game.cash[0] == 1500 and not sitting.game.jailed[0]
    text = Sitting("2", prepare=in_jail(failed=2, card=True)).run()
    assert "  2 Try for doubles (try 3 of 3: if it fails you pay $50 and move)\n" in text
    assert "You left jail after a third roll without doubles." in text


def test_the_stop_before_the_roll_and_a_title_received_mortgaged():
    def prepare(game):
        game.manage_both[0] = 1
        managing("brown")(game)
        gives(game, 1, "Boardwalk")
        mortgaged(game, "Boardwalk")

    answers = "build baltic", "1", "deal ben 100 for boardwalk", "ok", "1"
    assert "Before your roll." not in Sitting(prepare=prepare).run()
    sitting = Sitting(*answers, prepare=prepare, choosers=Passive(yes=True))
    sitting.table.early.add(0)
    text = sitting.run()
    assert "Before your roll. You have $1,500.\n  1 Roll the dice\n  2 Build on brown\n" in text
    assert "Redeem at once what you received mortgaged (R43)?\n  1 Redeem Boardwalk for $200 (leaves $1,130)\n" in text
    assert "You redeemed Boardwalk for $200." in text and sitting.game.cash[0] == 1130


def test_a_debt_that_only_a_deal_can_pay():
    def prepare(game):
        landing("Income Tax")(game)
        gives(game, 0, "Short Line")
        has(game, 0, 20)

    sitting = Sitting("deal ben short for 180", "ok", prepare=prepare, choosers=Passive(yes=True))
    text = sitting.run()
    assert "only a deal with another player saves you (R52)" in text and "  2 Give up: you are bankrupt (R56, R57)\n" in text
    assert sitting.game.cash[0] == 0 and sitting.game.alive[0]


def test_raising_cash_for_a_debt():
    def prepare(game):
        landing("Income Tax")(game)
        gives(game, 0, "brown", "Short Line")
        stands_on(game, "brown", 0, 1)
        has(game, 0, 120)

    sitting = Sitting("sell baltic", "1", prepare=prepare)
    text = sitting.run()
    assert "Raise $80: you owe the bank $200 and have $120.\nAll that you can sell and mortgage would bring $185.\n" in text
    assert (
        "  1 Sell a house of Baltic Avenue for $25 (then $145)\n"
        "  2 Mortgage Short Line for $100 (then $220)\n"
        "  3 Let the bank choose: it sells and mortgages group by group (R53)\n"
    ) in text
    assert "Raise $55" in text and "Mortgage Mediterranean Avenue for $30 (then $175)" in text
    assert sitting.game.mortgaged[title("Mediterranean Avenue")]
    sitting = Sitting("3", prepare=prepare)
    sitting.run()
    assert sitting.game.debts == 0 and sitting.game.phase == Phase.MANAGE


def shortage(game):
    """Seat 0 owes $200 and has hotels on all orange streets; the bank has no house left (R39)."""
    landing("Income Tax")(game)
    gives(game, 0, "orange")
    stands_on(game, "orange", 5, 5, 5)
    game.houses_left = 0
    has(game, 0, 120)


def test_r39_the_menu_says_what_a_hotel_brings_in_a_shortage():
    sitting = Sitting("1", prepare=shortage)
    text = sitting.run()
    assert "  1 Sell the hotel of St. James Place for $750, the whole orange group falls (R39) (then $870)\n" in text
    assert "You sold St. James Place down to no houses for $750." in text and sitting.game.cash[0] == 120 + 750 - 200


def test_r39_at_the_end_of_the_turn_too():
    def prepare(game):
        managing("orange")(game)
        stands_on(game, "orange", 5, 4, 4)
        game.houses_left = 1

    sitting = Sitting("sell", "1", prepare=prepare)
    line = "  1 Sell the hotel of St. James Place for $200, the orange group falls to 9 houses in all (R39) (then $1,700)\n"
    assert line in sitting.run() and sitting.game.cash[0] == 1700


@pytest.mark.parametrize("typed", ["1", "sell st james"])
def test_a_sale_is_remembered_however_it_is_typed(typed):
    sitting = Sitting(typed, prepare=shortage)
    sitting.run()
    sold = sitting.table.records[0]
    assert (sold.action, sold.outcomes[Action.SELL].dollars) == (Action.SELL, 750)


def test_raising_cash_for_a_purchase_and_giving_up():
    def prepare(game):
        landing("Boardwalk")(game)
        gives(game, 0, "railroads")
        has(game, 0, 250)

    sitting = Sitting("1", "1", "mortgage short", prepare=prepare)
    text = sitting.run()
    assert "  1 Buy Boardwalk for $400 ($150 short: sell or mortgage first)\n" in text
    assert "Raise $150: you need $400 for Boardwalk and have $250.\n" in text
    assert "  5 Give up Boardwalk: it goes to auction\n" in text
    assert sitting.game.owner[title("Boardwalk")] == 0 and sitting.game.cash[0] == 50
    text = Sitting("1", "5", prepare=prepare).run()
    assert "Boardwalk is up for auction" in text


def test_the_end_of_a_turn():
    mortgages = {"also": lambda game: mortgaged(game, "Short Line")}
    sitting = Sitting("1", prepare=managing("brown", "Short Line", others={1: ["Boardwalk"]}, **mortgages))
    text = sitting.run()
    assert "The end of your turn. You have $1,500.\n  1 End your turn\n  2 Build on brown\n  3 Mortgage titles\n" in text
    assert "  4 Redeem titles (1 mortgaged)\n  5 Propose a deal\n" in text
    assert "Turn 2: it is Ben's turn." in text


def test_nothing_is_asked_where_nothing_can_be_done():
    text = Sitting(prepare=managing()).run()
    assert "The end of your turn" not in text.split("Turn 2:")[0]


def test_building_street_by_street_and_a_whole_level():
    sitting = Sitting("2", "3", "1", "b", prepare=managing("dark blue"))
    text = sitting.run()
    assert "Build where? You have $1,500.\nThe bank has 32 houses and 12 hotels left.\n" in text
    assert (
        "  1 A house on Park Place for $200 (leaves $1,300)\n  2 A house on Boardwalk for $200 (leaves $1,300)\n"
        "  3 A house on each of the 2 dark blue streets for $400 (leaves $1,100)\n  4 Back\n"
    ) in text
    assert "  1 Park Place: not now\n  2 A house on Boardwalk for $200 (leaves $700)\n  3 Back\n" in text, "numbers stay"
    assert list(sitting.game.houses[20:22]) == [2, 1] and sitting.game.cash[0] == 900


def test_a_house_that_must_be_raised_first():
    def also(game):
        has(game, 0, 50)

    sitting = Sitting("build boardwalk", "1", prepare=managing("dark blue", "Short Line", "Reading Railroad", also=also))
    text = sitting.run()
    assert "Raise $150: you need $200 for a house on Boardwalk and have $50.\n" in text
    assert "Give up building on Boardwalk" in text
    assert "dark blue" not in text.split("Raise $150")[1].split("Give up")[0], "the group to be built on is left alone (R54)"


def test_selling_mortgaging_redeeming():
    def also(game):
        stands_on(game, "dark blue", 1, 2)
        mortgaged(game, "Short Line")

    prepare = managing("dark blue", "Short Line", "Reading Railroad", also=also)
    sitting = Sitting("sell", "2", "1", "b", "mortgage reading", "redeem", "1", prepare=prepare)
    text = sitting.run()
    assert "  1 Park Place: not now\n  2 Sell a house of Boardwalk for $100 (then $1,600)\n  3 Back\n" in text
    assert list(sitting.game.houses[20:22]) == [0, 1]
    assert "You mortgaged Reading Railroad for $100." in text
    assert "Redeem what?" in text and not sitting.game.mortgaged[title("Reading Railroad")]
    assert text.rstrip().endswith("3 Back"), "the other railroad is still mortgaged"


def test_an_empty_list_leads_back():
    sitting = Sitting("redeem", "1", prepare=managing("Short Line", also=lambda game: mortgaged(game, "Short Line")))
    text = sitting.run()
    assert "You redeemed Short Line for $110." in text
    assert "The end of your turn. You have $1,390." in text.split("You redeemed")[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("build baltic", "Building on Baltic Avenue needs the whole brown group (R34)."),
        ("build short", "Short Line is no street: nothing can be built on it (R34)."),
        ("build boardwalk", "Boardwalk does not belong to you."),
        ("sell baltic", "Baltic Avenue has no building (R38)."),
        ("mortgage short", "Short Line is mortgaged already (R40)."),
        ("redeem baltic", "Baltic Avenue is not mortgaged (R42)."),
        ("sell", "There is nothing to sell now."),
        ("build", "There is nothing to build now."),
        ("deal ben baltic boardwalk", "On one line it reads deal PLAYER"),
        ("deal zoe 100 for boardwalk", "There is no player 'zoe'. At the table: You, Ben, Cleo."),
        ("deal ben 100 for xyz", "There is no title 'xyz'."),
        ("deal ben 100 for short", "Short Line does not belong to Ben (R47)."),
        ("deal ben boardwalk for 100", "Boardwalk does not belong to you (R47)."),
        ("deal you 100 for boardwalk", "A deal is with somebody else at the table."),
        ("deal ben 100 for 50", "A deal needs a title or a jail card on at least one side (R47)."),
        ("deal ben 9999 for boardwalk", "You would have to pay $9,999 and have $1,500 (R47)."),
    ],
)
def test_a_refusal_at_the_end_of_a_turn_names_the_rule(typed, said):
    prepare = managing("Baltic Avenue", "Short Line", others={1: ["Boardwalk"]}, also=lambda g: mortgaged(g, "Short Line"))
    sitting = Sitting(typed, prepare=prepare)
    before = sitting.game.copy()
    assert said in sitting.run()
    assert sitting.game.tobytes() == before.tobytes()


def test_log_tells_the_last_sentences():
    text = Sitting("log 2", "log", prepare=on_boardwalk).run()
    last_two, everything = text.split("\nWhat has happened\n")[1:]
    assert last_two.split("\n\n")[0] == "You rolled 1 and 2: 3 in all.\nYou moved from Chance to Boardwalk."
    assert everything.split("\n\n")[0] == (
        "Turn 1: it is your turn.\nYou rolled 1 and 2: 3 in all.\nYou moved from Chance to Boardwalk."
    )


def test_without_deals_a_person_that_owns_nothing_is_not_asked():
    prepare = managing(others={1: ["Boardwalk"]})
    assert "The end of your turn" not in Sitting(prepare=prepare, rules="no_trades").run().split("Turn 2:")[0]
    assert "The end of your turn. You have $1,500.\n  1 End your turn\n  2 Propose a deal\n" in Sitting(prepare=prepare).run()


def test_each_person_bids_up_to_a_limit_of_its_own():
    sitting = Sitting("2", "max 200", "max 300", seats="me,me,random", prepare=on_boardwalk)
    text = sitting.run()
    bids = [line for line in text.split("\n") if " bid $" in line]
    assert bids[-2:] == ["Player 2 bid $170 for Boardwalk.", "Player 1 bid $210 for Boardwalk."] and len(bids) == 6
    assert sitting.game.owner[title("Boardwalk")] == 0


@pytest.mark.parametrize(("typed", "said"), [("log ", "log takes a number of sentences"), ("max ", "max and a sum, such as")])
def test_a_number_longer_than_any_sum_is_told(typed, said):
    assert said in Sitting("2", typed + "9" * 5000, prepare=on_boardwalk).run()


def test_several_are_picked_at_once():
    sitting = Sitting("mortgage", "1 3,2", prepare=managing("railroads"))
    sitting.run()
    assert list(sitting.game.mortgaged[[22, 23, 24, 25]]) == [1, 1, 1, 0] and sitting.game.cash[0] == 1800

    def owing(game):
        landing("Income Tax")(game)
        gives(game, 0, "railroads")
        has(game, 0, 50)

    sitting = Sitting("4 2 1", prepare=owing)
    sitting.run()
    assert list(sitting.game.mortgaged[[22, 23, 24, 25]]) == [0, 1, 0, 1], "the third was not needed any more"


@pytest.mark.parametrize("typed", ["build park", "sell boardwalk", "mortgage short", "redeem reading"])
def test_what_is_done_at_the_end_of_a_turn_is_taken_back(typed):
    def also(game):
        stands_on(game, "dark blue", 1, 2)
        mortgaged(game, "Reading Railroad")

    sitting = Sitting(typed, "undo", "undo", prepare=managing("dark blue", "Short Line", "Reading Railroad", also=also))
    before = sitting.game.copy()
    text = sitting.run()
    assert sitting.game.tobytes() == before.tobytes() and not sitting.table.records
    assert "You took that back." in text and "Nothing can be taken back: somebody else has acted since" in text


def test_nothing_is_taken_back_once_dice_were_rolled_or_somebody_else_has_answered():
    assert "Nothing can be taken back" in Sitting("1", "undo", prepare=in_jail()).run()
    prepare = managing("dark blue", others={1: ["Baltic Avenue"]})
    assert "Nothing can be taken back" in Sitting("build park", "deal ben 9 for baltic", "ok", "undo", prepare=prepare).run()


def test_raising_cash_can_be_left():
    def prepare(game):
        on_boardwalk(game)
        gives(game, 0, "railroads")
        has(game, 0, 250)

    sitting = Sitting("1", "8", "1", "2", "7", "8", prepare=prepare)
    text = sitting.run()
    assert "  8 Back, and raise nothing\n" in text and "  7 Take the last step back\n" in text
    assert sitting.game.phase == Phase.PURCHASE and sitting.game.cash[0] == 250 and not sitting.game.mortgaged.any()
    text = Sitting("build boardwalk", "5", prepare=managing("dark blue", "Short Line", "Reading Railroad", cash=50)).run()
    assert "The end of your turn. You have $50." in text.split("Back, and raise nothing")[1]


def test_a_limit_ends_with_its_auction():
    """A limit that has won nothing does not bid in a later auction of the same title."""
    sitting = Sitting("2", prepare=on_boardwalk)
    sitting.run()
    table, game = sitting.table, sitting.game
    limits.bid_typed(table, "max 400")
    assert game.owner[title("Boardwalk")] == 0
    game.owner[title("Boardwalk")], game.phase = -1, Phase.NONE
    auction.open_auction(game, title("Boardwalk"), 0)
    table.settle()
    table.play_on()
    assert (table.person, game.phase) == (0, Phase.AUCTION) and not limits.answer_by_limit(table)


def test_a_complete_group_with_a_mortgage_says_what_to_redeem():
    prepare = managing("dark blue", also=lambda game: mortgaged(game, "Park Place"))
    text = Sitting("build", prepare=prepare).run()
    assert "To build on dark blue, redeem Park Place first (R34).\n  1 End your turn" in text
    assert "There is nothing to build now. To build on dark blue, redeem Park Place first (R34)." in text


def test_the_page_of_titles():
    also = lambda game: (stands_on(game, "orange", 2, 2, 3), mortgaged(game, "Short Line"))  # noqa: E731
    text = Sitting("titles", prepare=managing("orange", "Short Line", "Park Place", "Water Works", also=also)).run()
    lines = {line[:22].strip(): line[22:] for line in text.split("\nThe titles\n")[1].split("\n")[1:29]}
    assert lines["New York Avenue"].split() == ["orange", "You", "$600", "3,", "monopoly"]
    assert lines["Boardwalk"].split("  ")[-1] == "$400 to buy, completes it for You"
    assert lines["Park Place"].endswith("$35, one short") and lines["Short Line"].endswith("mortgaged")
    assert lines["Water Works"].endswith("4 x roll, one short") and lines["Electric Company"].endswith("completes it for You")
