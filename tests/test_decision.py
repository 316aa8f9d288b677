"""What a decision says of itself: sums worked by hand, and in thousands of situations the sums that the engine then moves."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from invariants import copy_of
from rules.situations import comes_to_manage, group, lands, play, table, title
from trust.random_tables import numpy_pick, random_table

from agent.evaluation.explain import decision_lines
from agent.evaluation.odds_report import ask, tables
from agent.players.registry import network
from monopoly_env import advance, apply, legal_actions, observe
from monopoly_env.actions import BUILD, BUY, MORTGAGE, PASS, REDEEM, SELL, TRADE, Action, IllegalActionError, Phase
from monopoly_env.board import CHANCE, GROUP_FIRST, GROUP_OF, STREET_GROUPS
from monopoly_env.decision.decision import Need, decision_of, group_by_group, selling
from monopoly_env.engine import free_moves
from monopoly_env.events import Event, take_events
from monopoly_env.observation import CASH_AFTER
from monopoly_env.situation.situation import Situation
from monopoly_env.strength.exposure import danger
from monopoly_env.text.decisions import about, action_text, done_text, meanings, refusal
from monopoly_env.text.events import dollars

NAMES = ("You", "Ben", "Cleo", "Dan")


def outcome(game, action):
    """What an action does at the decision that waits."""
    return decision_of(game).outcomes[action]


def told(game, action):
    """The same in words."""
    return action_text(decision_of(game), action, NAMES)


# What is said is what happens


def hotels_in_a_shortage(game, source):
    """Put hotels on the groups that one seat holds, and leave next to no houses in the bank; the others are out of play."""
    for first, end in pairwise(GROUP_FIRST[: STREET_GROUPS + 1].tolist()):
        titles = slice(first, end)
        if game.owner[first] >= 0 and (game.owner[titles] == game.owner[first]).all():
            game.mortgaged[titles] = 0
            game.houses[titles] = 5 - (source.random(end - first) < 0.3)
    game.houses_left, game.hotels_left = int(source.integers(0, 5)), 0


def situations(count):
    """Games that wait for decisions: any situations, and what becomes of them when anybody does anything."""
    source = np.random.default_rng(39)
    for _ in range(count):
        game = random_table(numpy_pick(source), int(source.integers(2, 7)))
        if source.random() < 0.5 and game.offer_from < 0:  # a deal under buildings is none (R47)
            hotels_in_a_shortage(game, source)
        for _ in range(12):
            advance(game)
            if game.over:
                break
            yield game
            apply(game, int(source.choice(np.flatnonzero(legal_actions(game)))))


def lowered(before, after, street):
    """The levels that went from the group of a street."""
    titles = slice(GROUP_FIRST[GROUP_OF[street]], GROUP_FIRST[GROUP_OF[street] + 1])
    return int(before.houses[titles].sum() - after.houses[titles].sum()), int(after.houses[titles].sum())


def check_at_once(game, after, seat, said):
    """Compare what an outcome says with a game in which its action has been carried out."""
    assert after.cash[seat] - game.cash[seat] == (said.dollars if said.at_once else 0), said
    assert said.leaves == game.cash[seat] + said.dollars
    if said.action == SELL:
        levels, rest = lowered(game, after, said.title)
        assert said.group_keeps == (rest if levels > 1 else None) and said.level == game.houses[said.title]
    elif said.action == MORTGAGE:
        assert after.mortgaged[said.title] and not game.mortgaged[said.title]
    elif said.action == REDEEM:
        assert game.mortgaged[said.title] and not after.mortgaged[said.title]
    elif said.action == BUILD:
        assert said.level == game.houses[said.title]
        if said.at_once:
            assert after.houses[said.title] == said.level + 1
        else:
            assert after.plan_title == said.title
    elif said.deal is not None and said.at_once:
        assert all(after.owner[each] == seat for each in said.deal.gets)
        assert all(after.owner[each] == said.deal.other for each in said.deal.gives)


def check_later(after, seat, said):
    """The same where others or more cash have a say: accept the offer, win the bid, raise the cash."""
    before = int(after.cash[seat])
    if said.action == TRADE:
        apply(after, BUY)
        assert after.cash[seat] - before == said.dollars
    elif said.action == BUY and after.auction_title >= 0:
        after.logging = 1
        take_events(after)
        advance(after)
        while after.phase == Phase.AUCTION:
            apply(after, PASS)
            advance(after)
        won = [row for row in take_events(after).tolist() if row[0] == Event.AUCTION_WON]
        assert won[0][1:4] == [seat, said.title, -said.dollars]
    else:
        advance(after)
        asked = decision_of(after)
        assert asked.phase == Phase.LIQUIDATE and asked.need.amount == -said.dollars
        assert asked.need.title == said.title and asked.need.creditor is None


def check_seen(game, decision):
    """The 23 floats show the cash after saying yes, or what is still missing, less the rent that threatens."""
    yes = next((decision.outcomes[action] for action in (BUY, TRADE, BUILD, REDEEM) if action in decision.outcomes), None)
    after = decision.cash - decision.need.amount if decision.need else yes.leaves
    left = after - danger(game, decision.seat)
    assert observe(game)[CASH_AFTER] == pytest.approx(left / (abs(left) + 500), abs=1e-6)


def test_the_dollars_that_are_said_are_those_that_the_engine_moves():
    seen = dict.fromkeys([(action, once) for action in Action for once in (True, False)], 0)
    fallen = 0
    for game in situations(500):
        decision, seat = decision_of(game), int(game.actor)
        assert list(decision.outcomes) == np.flatnonzero(decision.mask).tolist()
        check_seen(game, decision)
        for action, said in decision.outcomes.items():
            after = copy_of(game)
            apply(after, action)
            check_at_once(game, after, seat, said)
            if not said.at_once:
                check_later(after, seat, said)
            seen[action, said.at_once] += 1
            fallen += said.group_keeps is not None
            if said.dollars and action != TRADE and decision.phase != Phase.OFFER:
                assert dollars(abs(said.dollars)) in action_text(decision, action, [f"seat {n}" for n in range(8)])
        if decision.need is not None and decision.need.creditor is not None:
            assert decision.need.amount == game.amount[0] and seat == game.debtor[0]
    never = {(Action.PASS, False), (Action.SELL, False), (Action.MORTGAGE, False), (Action.REDEEM, False), (Action.TRADE, True)}
    assert {key for key, count in seen.items() if not count} == never, seen
    assert fallen > 20, "hotels sold in a shortage"


def test_a_free_sale_says_what_it_brings():
    """A person may sell from any street of the group: the sums are those of that street."""
    sales = 0
    for game in situations(200):
        for each in np.flatnonzero(game.houses).tolist():
            after = copy_of(game)
            said = selling(game, each)
            try:
                free_moves.sell(after, each)
            except IllegalActionError:
                continue
            # Other payments may follow: the log has the sale by itself.
            logged = copy_of(game)
            logged.logging, logged.events = 1, 0
            free_moves.sell(logged, each)
            sold = next(row for row in take_events(logged).tolist() if row[0] == Event.SELL)
            assert sold[2] == each and sold[4] == said.dollars
            sales += 1
    assert sales > 200


# R39 by hand


def shortage(*levels, houses=0):
    """Seat 0 owes $200, with $0 and buildings on the orange streets; the bank has so many houses left."""
    game = table(owns={0: "orange"}, built={"orange": levels}, cash={0: 0}, houses_left=houses)
    return lands(game, "Income Tax")


# Levels before, houses in the bank, dollars at $50 a level, and the houses that stay on the group (None: R38).
SALES = [
    ((5, 5, 5), 0, 750, 0),
    ((5, 5, 5), 3, 600, 3),
    ((5, 4, 4), 0, 250, 8),
    ((4, 4, 5), 2, 150, 10),
    ((5, 4, 4), 4, 50, None),
    ((5, 5, 5), 4, 50, None),
    ((4, 4, 4), 0, 50, None),
]


@pytest.mark.parametrize(("levels", "houses", "brings", "keeps"), SALES)
def test_r39_what_a_sale_brings_by_hand(levels, houses, brings, keeps):
    said = outcome(shortage(*levels, houses=houses), Action.SELL)
    assert (said.dollars, said.leaves, said.group_keeps) == (brings, brings, keeps)


def test_r39_in_words():
    assert told(shortage(5, 5, 5), SELL) == "sell the hotel of St. James Place for $750, the whole orange group falls (R39)"
    text = "sell the hotel of St. James Place for $250, the orange group falls to 8 houses in all (R39)"
    assert told(shortage(5, 4, 4), SELL) == text
    assert told(shortage(5, 4, 4, houses=4), SELL) == "sell the hotel of St. James Place for $50"


ALL_HOUSES = {
    "players": [
        {"name": "Ada", "cash": 0, "titles": ["orange"], "buildings": {"orange": "hotel"}},
        {"name": "Bo", "cash": 900, "titles": ["pink", "red", "brown"], "buildings": {"pink": 4, "red": 4, "brown": 4}},
    ],
    "turn": "Ada",
    "phase": "LIQUIDATE",
    "debts": [{"amount": 100}],
}


def test_r39_is_told_by_odds_and_explanations(tmp_path):
    from rich.console import Console

    sale = "sell the hotel of St. James Place for $750, the whole orange group falls (R39)"
    path = tmp_path / "shortage.json"
    path.write_text(json.dumps(ALL_HOUSES))
    report = ask(path, "random", model="agent", games=4, each_action=True)
    console = Console(width=200)
    with console.capture() as shown:
        console.print(tables(report))
    assert sale in shown.get()
    lines = decision_lines(network("agent").decide(Situation.from_dict(ALL_HOUSES).game(seed=1)))
    assert lines[0].endswith("LIQUIDATE: raising $100 for what is owed: the orange group")
    assert any(line.endswith(sale) for line in lines)


# The other sums by hand


def test_a_purchase_says_what_it_leaves_or_lacks():
    game = lands(table(), "Boardwalk")
    said = outcome(game, Action.BUY)
    assert (said.dollars, said.leaves, said.at_once, said.titles) == (-400, 1100, True, (title("Boardwalk"),))
    assert meanings(decision_of(game), NAMES) == {PASS: "let Boardwalk go to auction", BUY: "buy Boardwalk for $400"}
    game = lands(table(owns={0: "railroads"}, cash={0: 250}), "Boardwalk")
    said = outcome(game, Action.BUY)
    assert (said.dollars, said.leaves, said.at_once) == (-400, -150, False)
    play(game, BUY)
    assert decision_of(game).need == Need(400, None, title("Boardwalk"))
    assert about(decision_of(game), NAMES) == "raising $400 for Boardwalk: the railroads group"


def test_the_group_that_is_to_be_built_on_is_spared():
    game = play(comes_to_manage(table(owns={0: "brown, red, railroads"}, cash={0: 20})), PASS, BUILD)
    decision = decision_of(game)
    assert decision.need == Need(150, None, title("Illinois Avenue"), 0, group("red"))
    assert about(decision, NAMES) == "raising $150 for a house on Illinois Avenue: the brown group"
    assert [int(stop.table_group) for stop in group_by_group(game)] == [group("brown"), group("railroads")]


def test_a_debt_names_its_creditor():
    game = lands(table(owns={0: "railroads", 1: "Boardwalk, Park Place"}, cash={0: 30}), "Boardwalk")
    assert decision_of(game).need == Need(100, 1)


@pytest.mark.parametrize(("card", "cost", "text"), [(True, 0, "use a Get Out"), (False, -50, "pay $50 to leave jail")])
def test_the_way_out_of_jail(card, cost, text):
    game = table(jailed={0: 0}, jail_cards={CHANCE: 0} if card else {})
    advance(game)
    assert outcome(game, Action.BUY).dollars == cost and told(game, BUY).startswith(text)


def test_a_deal_costs_the_interest_too():
    """A mortgaged Boardwalk: 400 - 220 and 5 % to the other side, $20 to the bank (R43)."""
    game = comes_to_manage(table(4, owns={0: "Park Place", 1: "Boardwalk"}, mortgaged="Boardwalk"))
    said = outcome(game, Action.TRADE)
    assert (said.deal.other, said.deal.cash, said.deal.interest) == (1, -189, 20)
    assert (said.dollars, said.leaves, said.at_once) == (-209, 1291, False)
    assert told(game, TRADE) == "offer Ben $189 for Boardwalk, with $20 interest (R43)"
    play(game, TRADE)
    said = outcome(game, Action.BUY)
    assert (said.deal.other, said.deal.gives, said.dollars, said.leaves) == (0, (title("Boardwalk"),), 189, 1689)
    assert about(decision_of(game), NAMES) == "your offer of $189 for Boardwalk" and told(game, BUY) == "accept"


def test_what_was_done_in_words():
    game = shortage(5, 4, 4)
    for action, text in ((Action.SELL, "sold the hotel of St. James Place"), (Action.PASS, "kept the orange group")):
        assert done_text(replace(decision_of(game), action=action), NAMES) == text


def test_nothing_is_decided_before_the_dice():
    with pytest.raises(ValueError, match="dice come first"):
        decision_of(table())


def test_a_decision_leaves_the_game_as_it_is():
    game = shortage(5, 5, 5)
    before = game.tobytes()
    network("agent").decide(game)
    group_by_group(game)
    assert game.tobytes() == before


def test_a_network_adds_what_it_sees_and_its_numbers():
    game = shortage(5, 5, 5)
    player = network("agent")
    decision = player.decide(game)
    assert (decision.state == observe(game)).all() and decision.outputs.shape == decision.numbers.shape == (7,)
    assert sum(decision.ranked.values()) == pytest.approx(1) and decision.action == next(iter(decision.ranked))
    assert decision.head == "softmax" and (decision.numbers[decision.mask == 0] == 0).all()


# Refusals carry facts


def refused(act, *arguments):
    """The error that an act ends in."""
    with pytest.raises(IllegalActionError) as error:
        act(*arguments)
    return error.value


def test_a_refusal_carries_seat_rule_and_amount():
    game = comes_to_manage(table(owns={0: "Park Place", 1: "Boardwalk"}, cash={1: 5}, people=[0]))
    error = refused(free_moves.propose, game, 1, [title("Park Place")], [], -100)
    assert (error.seat, error.rule, error.amount) == (1, "R47", 100)
    assert str(error) == "Seat 1 would have to pay $100 and has $5 (R47)."
    assert refusal(error, NAMES) == "Ben would have to pay $100 and has $5 (R47)."
    assert refusal(error, ("Ada", "You")) == "You would have to pay $100 and have $5 (R47)."
    error = refused(free_moves.propose, game, 1, [title("Boardwalk")], [], 0)
    assert (error.seat, error.rule) == (0, "R47") and str(error) == "Boardwalk does not belong to seat 0 (R47)."
    assert refusal(error, NAMES) == "Boardwalk does not belong to you (R47)."
    error = refused(apply, game, Action.BUILD)
    assert (error.seat, error.rule) == (0, "")
    assert refusal(error, ("Ann", "Bo")).startswith("BUILD is not legal for Ann in MANAGE")
    assert refusal(error, ()) == str(error) == "BUILD is not legal for seat 0 in MANAGE. Legal: PASS."
