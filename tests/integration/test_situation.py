"""Situations by name: what is written is what stands there, and what the rules forbid is told by its rule."""

import copy
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import any_fault, at_decisions, state_fault
from rules.situations import answers, asks, play, title

from agent.evaluation.odds import odds
from monopoly_env import Action, Phase, advance, apply, legal_actions, new_game, observe
from monopoly_env.board import GROUPS, SQUARE_OF, TITLE_NAMES
from monopoly_env.cards import DECK_NAMES
from monopoly_env.events import Event, take_events
from monopoly_env.game import BANK
from monopoly_env.situation.situation import NoDecisionError, Seat, Situation, SituationError

ROOT = Path(__file__).parents[2]
ORANGE = {"St. James Place": 2, "Tennessee Avenue": 2, "New York Avenue": 3}


def two(ada=None, bo=None, cy=None, **more):
    """A situation of two players, or of three, as a dict."""
    players = [{"name": "Ada", "cash": 500} | (ada or {}), {"name": "Bo", "cash": 400} | (bo or {})]
    return {"players": players + ([{"name": "Cy"} | cy] if cy else [])} | more


def built(**options):
    """The game of such a situation, checked against the invariants."""
    game = Situation.from_dict(two(**options)).game(seed=1)
    assert state_fault(game) == 0
    if game.phase:
        assert any_fault(game, legal_actions(game)) == 0
    return game


def test_what_is_written_stands_on_the_board():
    game = built(
        ada={"position": "Free Parking", "titles": ["orange", "boardwalk"], "buildings": ORANGE, "mortgaged": ["Boardwalk"]},
        bo={"jailed": True, "jail_rolls": 2, "jail_cards": ["Chance"], "titles": ["B. & O. Railroad"]},
        turn="Bo",
        turns=30,
        max_turns=200,
        house_rules=["free_parking_pot"],
        pot=120,
    )
    assert game.cash.tolist() == [500, 400, 0, 0, 0, 0, 0, 0] and game.position[:2].tolist() == [20, 10]
    assert [game.houses[title(name)] for name in ORANGE] == [2, 2, 3] and game.mortgaged.sum() == 1
    assert game.owner[title("Boardwalk")] == 0 and game.owner[title("B. & O. Railroad")] == 1
    assert (game.owner == BANK).sum() == 23 and (game.houses_left, game.hotels_left) == (25, 12)
    assert game.jailed[1] and game.jail_rolls[1] == 2 and game.jail_card_holder.tolist() == [1, -1]
    assert game.deck_size.tolist() == [15, 16] and game.pot == 120 and game.turn == 1
    advance(game)
    assert game.phase == Phase.JAIL and game.actor == 1 and game.turns == 30 and game.max_turns == 200


def test_the_example_file_and_the_example_in_python_are_one_situation():
    situation = Situation.read(ROOT / "docs" / "examples" / "situation.json")
    game = situation.game(seed=1)
    assert situation.names == ("Ada", "Bo", "Cy") and Phase(int(game.phase)) is Phase.PURCHASE and game.actor == 1
    assert legal_actions(game)[Action.BUY] and observe(game).shape == (23,) and any_fault(game, legal_actions(game)) == 0


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    text = (ROOT / "docs" / "examples" / "situation.json").read_bytes()
    (tmp_path / "marked.json").write_bytes(b"\xef\xbb\xbf" + text)
    assert Situation.read(tmp_path / "marked.json") == Situation.read(ROOT / "docs" / "examples" / "situation.json")


def test_the_seed_draws_dice_and_cards_only():
    games = [Situation.from_dict(two()).game(seed=seed) for seed in (1, 1, 2)]
    assert games[0].tobytes() == games[1].tobytes() and not np.array_equal(games[0].deck, games[2].deck)
    assert np.array_equal(games[0].cash, games[2].cash)


@pytest.mark.parametrize("players", [2, 5, 8])
def test_the_start_of_a_game_is_a_situation_like_any_other(players):
    game = Situation([Seat(cash=1500) for _ in range(players)]).game(seed=7)
    assert game.tobytes() == new_game(players, seed=7).tobytes()


def described(game):
    """A record in the middle of a game, as a situation before the roll of the seat whose turn it is."""
    players = []
    for seat in range(game.players):
        if not game.alive[seat]:
            players.append({"bankrupt": True})
            continue
        titles = np.flatnonzero(game.owner == seat)
        players.append(
            {
                "cash": int(game.cash[seat]),
                "position": int(game.position[seat]),
                "titles": [TITLE_NAMES[number] for number in titles],
                "buildings": {TITLE_NAMES[number]: int(game.houses[number]) for number in titles if game.houses[number]},
                "mortgaged": [TITLE_NAMES[number] for number in titles if game.mortgaged[number]],
                "jailed": bool(game.jailed[seat]),
                "jail_rolls": int(game.jail_rolls[seat]),
                "jail_cards": [DECK_NAMES[deck] for deck in range(2) if game.jail_card_holder[deck] == seat],
            }
        )
    turn = int(game.turn)
    return {"players": players, "turn": turn if game.alive[turn] else int(np.argmax(game.alive)), "turns": int(game.turns)}


def test_situations_of_real_games_are_all_allowed_and_come_out_as_they_were():
    count = 0
    for game in at_decisions(150, players=4, seed=11):
        again = Situation.from_dict(json.loads(json.dumps(described(game)))).game(seed=0)
        for name in ("cash", "jailed", "jail_rolls", "owner", "houses", "mortgaged", "alive", "houses_left"):
            assert np.array_equal(game[name], again[name]), name
        assert np.array_equal(game.position * game.alive, again.position)
        assert game.hotels_left == again.hotels_left and np.array_equal(game.jail_card_holder, again.jail_card_holder)
        assert np.array_equal(np.sort(game.deck_size), np.sort(again.deck_size)) and state_fault(again) == 0
        count += 1
    assert count > 100


# Decisions


ADA = {"titles": ["orange", "brown", "railroads"]}
OWED = {"phase": "LIQUIDATE", "debts": [{"amount": 900, "to": "Bo"}]}
BIDDERS = {"title": "Boardwalk", "bidders": ["Bo", 2], "next": "Cy"}
ASKED = [
    ({"ada": {"jailed": True}, "phase": "JAIL"}, (0, "JAIL")),
    ({"ada": ADA, "phase": "MANAGE"}, (0, "MANAGE", "brown")),
    ({"ada": ADA, "phase": "MANAGE", "from_group": "light blue"}, (0, "MANAGE", "orange")),
    ({"ada": ADA, **OWED}, (0, "LIQUIDATE", "brown")),
    ({"ada": ADA, **OWED, "from_group": "pink"}, (0, "LIQUIDATE", "orange")),
    ({"ada": ADA, **OWED, "group": "railroads"}, (0, "LIQUIDATE", "railroads")),
    ({"cy": {"cash": 300}, "phase": "AUCTION", "auction": BIDDERS}, (2, "AUCTION", "dark blue")),
]


@pytest.mark.parametrize(("options", "decision"), ASKED)
def test_who_is_asked_on_what(options, decision):
    asks(built(**options), *decision)


def test_a_purchase_and_its_auction():
    game = built(ada={"position": "Boardwalk"}, phase="PURCHASE")
    answers(game, 0, "PURCHASE", "dark blue", Action.PASS)
    asks(game, 1, "AUCTION", "dark blue")


def test_a_purchase_after_doubles_leads_to_another_roll():
    for doubles, first in ((1, Event.ROLL), (0, Event.TURN)):
        game = built(ada={"position": "Boardwalk"}, phase="PURCHASE", doubles=doubles)
        game.logging = 1
        play(game, Action.BUY)
        kinds = [(Event(row[0]), row[1]) for row in take_events(game)]
        assert kinds[0] == (Event.BUY, 0) and kinds[1] == (first, 0 if doubles else 1)


def test_an_auction_in_the_middle():
    auction = {"title": "Boardwalk", "bid": 120, "leader": "Bo"}
    game = built(phase="AUCTION", auction=auction)
    answers(game, 0, "AUCTION", "dark blue", Action.PASS)
    assert game.owner[title("Boardwalk")] == 1 and game.cash[1] == 280


def test_managing_stops_at_the_group_asked_for():
    game = built(ada=ADA | {"buildings": {"orange": 1}}, phase="MANAGE", group="orange")
    asks(game, 0, "MANAGE", "orange")
    apply(game, Action.BUILD)
    assert game.houses[title("New York Avenue")] == 2


def test_an_offer_that_is_what_trade_proposes_or_not():
    ada, bo = {"titles": ["Boardwalk"], "cash": 2000}, {"titles": ["Park Place"]}
    offer = {"to": "Bo", "take": ["Park Place"], "cash": 10}
    game = built(ada=ada, bo=bo, phase="OFFER", offer=offer)
    asks(game, 1, "OFFER", "dark blue")
    assert game.offer_group == -1
    taken = copy.deepcopy(game)
    apply(taken, Action.BUY)
    assert taken.owner[title("Park Place")] == 0 and taken.cash[1] == 410
    game = built(ada=ada, bo=bo, phase="OFFER", offer={"to": 1, "take": ["Park Place"], "cash": 367})
    assert game.offer_group == GROUPS.index("dark blue")
    apply(game, Action.PASS)
    assert game.refusals[0, GROUPS.index("dark blue")] == 1


@pytest.mark.parametrize(("cash", "refusals"), [(420, 0), (600, 2)])
def test_an_offer_that_was_refused_before_is_known_by_its_price(cash, refusals):
    ada, bo = {"titles": ["Park Place"], "cash": 3000}, {"titles": ["Boardwalk"]}
    game = built(ada=ada, bo=bo, phase="OFFER", offer={"to": "Bo", "take": ["Boardwalk"], "cash": cash})
    group = GROUPS.index("dark blue")
    assert (game.offer_group, game.refusals[0, group], game.refusals.sum()) == (group, refusals, refusals)
    play(game, Action.PASS)
    assert game.refusals[0, group] == refusals + 1 and game.turn == 1  # once a group and turn


def test_a_jail_card_has_its_price():
    offer = {"to": "Bo", "give": ["jail card"], "cash": -60}
    game = built(ada={"jail_cards": ["Chance"]}, phase="OFFER", offer=offer)
    asks(game, 1, "OFFER")
    apply(game, Action.BUY)
    assert game.jail_card_holder[0] == 1 and game.cash[0] == 560
    with pytest.raises(SituationError, match=r"Get Out of Jail Free card \(Chance\) does not belong to"):
        built(phase="OFFER", offer=offer)


@pytest.mark.parametrize("cash", [799, 900, 1600])
def test_an_offer_at_any_other_price_is_a_free_deal(cash):
    ada, bo = {"titles": ["Park Place"], "cash": 3000}, {"titles": ["Boardwalk"]}
    game = built(ada=ada, bo=bo, phase="OFFER", offer={"to": "Bo", "take": ["Boardwalk"], "cash": cash})
    assert game.offer_group == -1 and not game.refusals.any()


def test_a_debt_to_be_raised():
    game = built(ada={"titles": ["Boardwalk"], "cash": 30}, phase="LIQUIDATE", debts=[{"amount": 200, "to": "Bo"}])
    answers(game, 0, "LIQUIDATE", "dark blue", Action.MORTGAGE)
    assert game.cash[:2].tolist() == [30, 600] and game.mortgaged[title("Boardwalk")]


def test_auctions_after_a_bankruptcy_go_on_with_what_waits():
    auction = {"title": "Boardwalk", "queue": ["Park Place", "brown"], "bankrupt": "Cy"}
    game = built(cy={"bankrupt": True}, phase="AUCTION", auction=auction, turn="Cy")
    seen = []
    while game.phase == Phase.AUCTION:
        seen.append((TITLE_NAMES[game.auction_title], int(game.actor)))
        play(game, Action.PASS)
    titles = ["Boardwalk", "Mediterranean Avenue", "Baltic Avenue", "Park Place"]
    assert seen[:8] == [(name, seat) for name in titles for seat in (0, 1)] and game.auction_start == -1


def test_cash_is_raised_for_a_plan_and_from_a_group_on():
    ada = {"titles": ["brown", "Reading Railroad"], "cash": 20, "position": "Connecticut"}
    game = built(ada=ada, phase="LIQUIDATE", plan={"buy": "Connecticut"}, from_group="light blue")
    answers(game, 0, "LIQUIDATE", "railroads", Action.MORTGAGE)
    assert game.owner[title("Connecticut Avenue")] == 0 and game.cash[0] == 0
    game = built(ada=ada, phase="LIQUIDATE", plan={"build": "Baltic"})
    answers(game, 0, "LIQUIDATE", "railroads", Action.MORTGAGE)  # the group to be built on is left alone (R54)
    assert game.houses[title("Baltic Avenue")] == 1 and game.cash[0] == 70
    jailed = {"titles": ["brown", "Reading Railroad"], "cash": 20, "jailed": True}
    game = built(ada=jailed, phase="LIQUIDATE", plan={"leave": "jail"}, group="railroads")
    answers(game, 0, "LIQUIDATE", "railroads", Action.MORTGAGE)
    assert not game.jailed[0]


def test_a_jailed_player_owes_on_its_own_turn():
    ada = {"titles": ["Boardwalk"], "cash": 30, "jailed": True, "jail_rolls": 1}
    game = built(ada=ada, phase="LIQUIDATE", debts=[{"amount": 50}])
    answers(game, 0, "LIQUIDATE", "dark blue", Action.MORTGAGE)
    assert game.jailed[0] and game.cash[0] == 180 and game.turn != 0  # its turn ended there: nothing was rolled


def test_refusals_so_far_price_what_trade_proposes():
    ada, bo = {"titles": ["Park Place"], "cash": 3000, "refusals": {"dark blue": 2}}, {"titles": ["Boardwalk"]}
    game = built(ada=ada, bo=bo, phase="MANAGE")
    apply(game, Action.TRADE)
    assert game.offer_cash == 600
    offer = {"to": "Bo", "take": ["Boardwalk"], "cash": 420}  # the price of a first offer, where two have been refused
    assert built(ada=ada, bo=bo, phase="OFFER", offer=offer).offer_group == -1
    with pytest.raises(NoDecisionError):
        built(ada=ada | {"refusals": {"dark blue": 4}}, bo=bo, phase="MANAGE")


@pytest.mark.parametrize("seed", [-1, "one", 1.5])
def test_a_seed_that_is_none_is_told(seed):
    with pytest.raises(SituationError, match=r"^seed must be a whole number, 0 or above, or None\. Received: ") as error:
        Situation.from_dict(two()).game(seed=seed)
    assert "R1" not in str(error.value)


# What the rules forbid

FORBIDDEN = [
    ({"ada": {"titles": ["Boardwalk"]}, "bo": {"titles": ["dark blue"]}}, "Boardwalk is held by Ada and Bo.*R1"),
    ({"ada": {"titles": ["Boardwalk", "Boardwalk"]}}, "Ada twice.*R1"),
    ({"ada": {"titles": ["brown"], "mortgaged": ["Baltic Avenue"], "buildings": {"Mediterranean": 1}}}, "mortgaged.*R34"),
    ({"ada": {"titles": ["orange"], "buildings": {"Tennessee Avenue": 2}}}, "even: the orange group stands at 0, 2, 0 .R35"),
    ({"ada": {"titles": ["Tennessee Avenue"], "buildings": {"Tennessee Avenue": 1}}}, "without all orange .R34"),
    ({"ada": {"titles": ["railroads"], "buildings": {"Short Line": 1}}}, "Short Line is no street.*R34"),
    ({"ada": {"titles": ["brown"], "buildings": {"brown": 6}}}, "0 to 5.*Received: 6 .R36"),
    ({"ada": {"titles": ["brown"], "buildings": {"brown": 1, "Baltic Avenue": 2}}}, "given twice"),
    ({"ada": {"mortgaged": ["Boardwalk"]}}, "without holding it .R40"),
    ({"ada": {"cash": -1}}, "cash of Ada must be a whole number.*R51"),
    ({"ada": {"cash": 1.5}}, "Received: 1.5 .R51"),
    ({"ada": {"cash": None}}, "Ada needs cash"),
    ({"ada": {"position": "Go To Jail"}}, "R18"),
    ({"ada": {"position": 40}}, "0 to 39"),
    ({"ada": {"position": "Chance"}}, "no one square 'Chance'"),
    ({"ada": {"jailed": True, "position": "Boardwalk"}}, "R29"),
    ({"ada": {"jail_rolls": 1}}, "R31"),
    ({"ada": {"jailed": True, "jail_rolls": 3}}, "R33"),
    ({"ada": {"jail_cards": ["Chance"]}, "bo": {"jail_cards": ["Chance"]}}, "held twice.*R20"),
    ({"ada": {"jail_cards": ["Luck"]}}, "R20"),
    ({"ada": {"bankrupt": True, "cash": None}}, "one player is left .R58"),
    ({"ada": {"bankrupt": True}}, "bankrupt and cannot have cash.*R56"),
    ({"ada": {"name": "Bo"}}, "Two players have one name"),
    ({"ada": {"titles": ["Bordwalk"]}}, "no title or group 'Bordwalk'"),
    ({"ada": {"titles": "Boardwalk"}}, "expected a list"),
    ({"ada": {"money": 3}}, "Player 0 has no 'money'. Known: name, cash"),
    ({"turn": "Cy"}, "no player 'Cy'"),
    ({"turn": 2}, "turn must be a whole number from 0 to 1"),
    ({"turns": 0}, "R59"),
    ({"turns": 1001}, "R59"),
    ({"max_turns": "many"}, "R59"),
    ({"doubles": 3}, "R5"),
    ({"doubles": 1, "phase": "MANAGE"}, "R4"),
    ({"doubles": 1, "ada": {"jailed": True}}, "R29"),
    ({"pot": 10}, "H1"),
    ({"house_rules": ["free_beer"]}, "free_beer.*H1"),
    ({"house_rules": {}}, "house_rules are a list of names. Received: {}"),
    ({"house_rules": 3}, "house_rules are a list of names. Received: 3"),
    ({"phase": "DANCE"}, "phase must be one of TURN, JAIL"),
    ({"phase": "MANAGE", "group": "purple"}, "group must be one of brown"),
    ({"phase": "AUCTION"}, "needs 'auction'"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bid": 5, "leader": 0}}, "first bid is at least .10.*R44"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bid": 40}}, "R46"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bid": 440, "leader": 1}}, "has .400 .R45"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bid": 40, "leader": 1, "next": 1}}, "not asked next .R46"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bid": 40, "leader": 1, "bidders": [0]}}, "R45"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bidders": [1], "next": 0}}, "Ada is asked next .*bidders .R45"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bidders": [1, 0, "Bo"]}}, "Bo is among the bidders twice"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk"}, "bo": {"titles": ["Boardwalk"]}}, "owned already"),
    ({"phase": "OFFER", "offer": {"to": 1}}, "at least one side .R47"),
    ({"phase": "OFFER", "offer": {"to": 0, "take": ["Boardwalk"]}}, "Ada makes the offer.*asked itself .R47"),
    ({"phase": "OFFER", "offer": {"to": 1, "take": ["Boardwalk"]}}, "Boardwalk does not belong to Bo .R47"),
    ({"phase": "OFFER", "offer": {"to": 1, "give": ["Boardwalk"]}}, "Boardwalk does not belong to Ada .R47"),
    ({"phase": "OFFER", "offer": {"to": 2, "give": []}, "cy": {"bankrupt": True}}, "^Cy is bankrupt and cannot be asked .R47"),
    ({"phase": "LIQUIDATE"}, "needs 'debts'"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 900, "to": 0}]}, "owe itself .R51"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 100}], "plan": {"buy": "Boardwalk"}}, "debts or a plan"),
    ({"phase": "LIQUIDATE", "plan": {"buy": "Boardwalk", "build": "Boardwalk"}}, "to buy one title, to build on"),
    ({"phase": "LIQUIDATE", "plan": {"buy": "orange"}}, "expected one title"),
    ({"phase": "LIQUIDATE", "debts": [{"sum": 900}]}, "A debt has no 'sum'"),
    ({"group": "brown"}, "'group' belongs to phase MANAGE or LIQUIDATE. Received: phase TURN"),
    ({"phase": "MANAGE", "group": "brown", "from_group": "brown"}, "not both"),
    ({"phase": "MANAGE", "from_group": "purple"}, "from_group must be one of"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "queue": ["Boardwalk"]}}, "cannot wait .*R57"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk", "bankrupt": 0}}, "belongs to an auction with a 'queue'"),
    ({"ada": {"refusals": {"orange": 5}}}, "from 0 to 4.*R49"),
    ({"ada": {"refusals": ["orange"]}}, "refusals of Ada are given by group"),
    ({"strict": "no"}, "strict is true or false"),
]


@pytest.mark.parametrize(("options", "told"), FORBIDDEN)
def test_the_impossible_is_told_in_one_line_by_its_rule(options, told):
    with pytest.raises(SituationError, match=told) as error:
        Situation.from_dict(two(**options)).game()
    assert type(error.value) is SituationError and "\n" not in str(error.value)


BROWN = {"titles": ["brown"], "cash": 20}
HAS_BROWN = {"bo": {"titles": ["brown"]}}
NOTHING_TO_DECIDE = [
    ({"phase": "OFFER", "offer": {"to": 1, "take": ["brown"]}, "house_rules": ["no_trades"]} | HAS_BROWN, "H4"),
    ({"phase": "JAIL"}, "not in jail .R31"),
    ({"phase": "JAIL", "ada": {"jailed": True, "cash": 49}}, "no card and cannot pay .50.*R31"),
    ({"phase": "PURCHASE"}, "no title.*R7"),
    ({"phase": "PURCHASE", "ada": {"position": "Boardwalk"}, "bo": {"titles": ["Boardwalk"]}}, "owned already .R7"),
    ({"phase": "PURCHASE", "ada": {"position": "Boardwalk", "cash": 300}}, "cannot raise the .400.*R8"),
    ({"phase": "MANAGE"}, "neither build.*R34, R42, R48"),
    ({"phase": "MANAGE", "ada": {"titles": ["brown"]}, "group": "orange"}, "on orange"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk"}, "house_rules": ["no_auctions"]}, "H3"),
    ({"phase": "OFFER", "offer": {"to": 1, "give": ["brown"], "cash": -401}, "ada": {"titles": ["brown"]}}, "^Bo would .*R47"),
    ({"phase": "OFFER", "offer": {"to": 1, "take": ["brown"], "cash": 501}} | HAS_BROWN, "^Ada would .*R47"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 100}]}, "at once.*R52"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 900}]}, "cannot raise .900 and is bankrupt.*R56"),
    ({"phase": "AUCTION", "auction": {"title": "Boardwalk"}, "ada": {"cash": 9}, "bo": {"cash": 9}}, "Nobody is left"),
    ({"phase": "MANAGE", "ada": BROWN, "from_group": "pink"}, "propose a deal from pink on"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 50}], "ada": BROWN, "from_group": "pink"}, "nothing to sell .* from pink on"),
    ({"phase": "LIQUIDATE", "debts": [{"amount": 50}], "ada": BROWN, "group": "red"}, "nothing to sell .* on red"),
    ({"phase": "LIQUIDATE", "plan": {"build": "Baltic"}, "ada": BROWN}, "cannot raise .50 .R54"),
    ({"phase": "LIQUIDATE", "plan": {"build": "Baltic"}}, "cannot build on Baltic"),
    ({"phase": "LIQUIDATE", "plan": {"buy": "Boardwalk"}, "ada": {"position": "Boardwalk"}}, "pays .400 at once"),
    ({"phase": "LIQUIDATE", "plan": {"buy": "Boardwalk"}}, "does not stand on Boardwalk"),
]


@pytest.mark.parametrize(("options", "told"), NOTHING_TO_DECIDE)
def test_a_sound_situation_in_which_nothing_is_decided_has_an_error_of_its_own(options, told):
    with pytest.raises(NoDecisionError, match=told) as error:
        Situation.from_dict(two(**options)).game()
    assert "\n" not in str(error.value)


# What other programs have

UNEVEN = {"titles": ["orange", "brown"], "buildings": {"Tennessee": 2, "brown": 1}, "mortgaged": ["Baltic"]}
MENDED = [
    ({"ada": UNEVEN}, ["brown group is mortgaged.*kept", "orange group stands at 0, 2, 0 .*kept"]),
    ({"ada": {"cash": 1500.0}}, ["1500.0 read as 1500"]),
    ({"ada": {"cash": -120}}, ["-120 read as 0"]),
    ({"ada": {"titles": ["Boardwalk"], "buildings": {"Boardwalk": 1}}}, ["without all dark blue.*left out"]),
    ({"ada": {"jailed": True, "position": "Go To Jail", "jail_rolls": 3}}, ["Go To Jail", "3 read as 2", "put there"]),
    ({"ada": {"jail_rolls": 1}, "pot": 10}, ["failed tries.*read as 0", "pot .*left out"]),
    ({"ada": {"titles": list(GROUPS[:4]), "buildings": dict.fromkeys(GROUPS[:4], 4)}}, ["44 houses stand on the board"]),
    ({"doubles": 2, "phase": "MANAGE", "ada": {"titles": ["brown"]}, "turns": 2e3}, ["2000.0 read as 1000", "no doubles"]),
]


@pytest.mark.parametrize(("options", "told"), MENDED)
def test_what_other_programs_have_is_mended_or_kept_and_told(options, told):
    with pytest.raises(SituationError):
        Situation.from_dict(two(**options)).game()
    situation = Situation.from_dict(two(**options, strict=False))
    for _ in range(2):  # the list is that of the last reading
        game = situation.game(seed=1)
        assert len(situation.repairs) == len(told)
        assert all(re.search(*pair) for pair in zip(told, situation.repairs, strict=True)), situation.repairs
    assert (game.cash >= 0).all() and game.houses_left >= 0
    advance(game)
    observe(game)
    assert odds(game, "landlord", 5).games == 5  # it can be played on


def test_a_debt_that_another_program_has_as_cash_below_zero():
    situation = Situation.from_dict(two(ada={"titles": ["Boardwalk"], "cash": -120.0}, phase="LIQUIDATE", strict=False))
    game = situation.game(seed=1)
    asks(game, 0, "LIQUIDATE", "dark blue")
    assert (game.cash[0], game.amount[0], game.creditor[0], len(situation.repairs)) == (0, 120, BANK, 1)


def test_what_cannot_be_mended_is_refused_all_the_same():
    for options in ({"ada": {"titles": ["Bordwalk"]}}, {"ada": {"cash": "much"}}, {"turn": "Cy"}, {"ada": {"position": 40}}):
        with pytest.raises(SituationError):
            Situation.from_dict(two(**options, strict=False)).game()


def test_33_houses():
    """Four on each of eight streets is the limit; one more is not there."""
    groups = ["light blue", "pink", "orange"]
    levels = {"light blue": 4, "pink": 4, "St. James Place": 2, "Tennessee": 3, "New York": 3}
    assert built(ada={"titles": groups, "buildings": levels}).houses_left == 0
    with pytest.raises(SituationError, match=r"33 houses stand on the board; there are 32 \(R37\)"):
        built(ada={"titles": groups, "buildings": levels | {"St. James Place": 3}})


def test_twelve_hotels_and_not_thirteen():
    groups = ["brown", "light blue", "pink", "orange"]
    levels = dict.fromkeys(groups, "hotel")
    assert built(
        ada={"titles": [*groups, "red"], "buildings": levels | {"brown": 4, "Illinois": 5, "Kentucky": 4, "Indiana": 4}}
    )
    with pytest.raises(SituationError, match=r"13 hotels stand on the board; there are 12 \(R37\)"):
        built(ada={"titles": [*groups, "dark blue"], "buildings": levels | {"dark blue": 5}})


def test_every_title_and_square_has_the_name_on_the_board():
    seat = Seat(cash=0, titles=list(TITLE_NAMES))
    assert (Situation([seat, Seat(cash=1)]).game().owner == 0).all()
    for number, name in enumerate(TITLE_NAMES):
        game = Situation([Seat(cash=0, position=name.upper()), Seat(cash=1)]).game()
        assert game.position[0] == SQUARE_OF[number]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no JSON: .* line 1"),
        ("[]", "A situation is an object"),
        ("{}", "needs players"),
        ('{"players": 3}', "players must be a list"),
        ('{"players": [3, 4]}', "Player 0 is an object"),
        ('{"players": [{"cash": 1, "cash": 2}]}', "'cash' stands twice"),
        ('{"players": [{"cash": 1}]}', "2 to 8 players"),
        ("[" * 100_000, "no (JSON|situation)"),
    ],
)
def test_files_that_are_no_situations_are_told_in_one_line_with_their_name(tmp_path, text, told):
    path = tmp_path / "table.json"
    path.write_text(text)
    with pytest.raises(SituationError, match=told) as error:
        Situation.read(path)
    assert str(error.value).startswith(str(path)) and "\n" not in str(error.value)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SituationError, match="UTF-8"):
        Situation.read(path)
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "none.json"))):
        Situation.read(tmp_path / "none.json")


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 60), st.floats(), st.text(max_size=3), st.just([]), st.just({}), st.just([[1]]),
    st.sampled_from(["orange", "Boardwalk", "Bo", "TURN", "MANAGE", "Chance", ["brown"], {"brown": 2}]),
)  # fmt: skip
PLACES = [
    *((0, name) for name in Seat.__dataclass_fields__),
    *((None, name) for name in Situation.__dataclass_fields__ if name != "repairs"),
    *(("auction", name) for name in ("title", "bid", "leader", "bidders", "next", "queue", "bankrupt")),
    *(("plan", name) for name in ("buy", "build", "leave")),
    *(("offer", name) for name in ("to", "give", "take", "cash")),
    *(("debts", name) for name in ("amount", "to", "by")),
]
DETAILS = {
    "auction": ("AUCTION", {"title": "Boardwalk", "bid": 40, "leader": 1}),
    "plan": ("LIQUIDATE", {}),
    "offer": ("OFFER", {"to": 1, "give": ["Baltic Avenue"], "cash": 3}),
    "debts": ("LIQUIDATE", {"amount": 520, "to": 1}),
}


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_whatever_stands_in_a_file_gives_a_sound_game_or_one_line(changes):
    data = two(ada={"titles": ["brown", "orange"], "buildings": {"brown": 1}, "mortgaged": ["orange"]})
    for (where, name), value in changes:
        if where in DETAILS:
            phase, detail = DETAILS[where]
            detail = detail | {name: value}
            data |= {"phase": phase, where: [detail] if where == "debts" else detail}
        else:
            players = data["players"]
            first = players[0] if isinstance(players, list) and players else None
            place = data if where is None else first
            if isinstance(place, dict):
                place[name] = value
    try:
        game = Situation.from_dict(data).game(seed=0)
    except SituationError as error:
        assert "\n" not in str(error) and str(error)
        return
    if data.get("strict") is not False:
        assert state_fault(game) == 0
    advance(game)
    if data.get("strict") is not False:
        assert any_fault(game, legal_actions(game)) == 0
