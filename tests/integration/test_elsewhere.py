"""The agent in somebody else's program: one call from a position to a decision, and the example of docs/ELSEWHERE.md."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from agent import Player, advice
from agent.players.search import Effort, Searcher
from monopoly_env import Action, legal_actions, observe
from monopoly_env.bots import BOTS
from monopoly_env.situation.situation import NoDecisionError, Situation, SituationError

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SHORT = {
    "players": [{"name": "Ada", "cash": 20, "titles": ["orange", "Boardwalk"]}, {"name": "Bo", "cash": 900}],
    "phase": "LIQUIDATE",
    "debts": [{"amount": 150, "to": "Bo"}],
}
BUYING = {"players": [{"cash": 1500, "position": "Boardwalk", "titles": ["Park Place"]}, {"cash": 900}], "phase": "PURCHASE"}


@pytest.fixture
def simulator(monkeypatch):
    """The two files of the example, as its reader has them."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module("elsewhere_agent")


def test_a_position_says_what_each_action_does_and_what_the_network_thinks_of_it():
    player = Player.load()
    told = advice(SHORT, player)
    assert list(told.outcomes) == [Action.PASS, Action.MORTGAGE] and told.outcomes[Action.MORTGAGE].dollars == 90
    game = Situation.from_dict(SHORT).game(seed=5)
    same = advice(game, player)
    assert told.action == same.action == player.act(observe(game), legal_actions(game))
    assert sum(told.ranked.values()) == pytest.approx(1) and told.ranked == same.ranked
    assert advice(Situation.from_dict(SHORT)).ranked == told.ranked  # the shipped agent is the default
    bought = advice(BUYING, "landlord")
    assert bought.action == Action.BUY and bought.ranked == {} and bought.outcomes[Action.BUY].leaves == 1100


@pytest.mark.parametrize("name", [*BOTS, "agent", "agent-linear", "searcher"])
@pytest.mark.parametrize("position", [SHORT, BUYING], ids=["short", "buying"])
def test_everybody_obeys_a_mask_from_outside(name, position):
    player = Searcher(Player.load(), effort=Effort(2, 2, 5)) if name == "searcher" else name
    legal = list(advice(position, name if name in BOTS else "landlord").outcomes)
    for action in legal:
        told = advice(position, player, [each == action for each in Action])
        assert told.action == action and list(told.outcomes) == [action] and told.mask.tolist().count(1) == 1
    with pytest.raises(ValueError, match=r"leaves nothing to do\. Legal: PASS, \w+\. Allowed: TRADE\.$"):
        advice(position, player, [0, 0, 0, 0, 0, 0, 1])
    with pytest.raises(ValueError, match="7 numbers"):
        advice(position, player, [1, 1])


def test_what_is_wrong_is_told_apart():
    with pytest.raises(NoDecisionError, match="stands on no title"):
        advice({"players": [{"cash": 1}, {"cash": 1}], "phase": "PURCHASE"}, "landlord")
    with pytest.raises(SituationError, match="no 'money'"):
        advice({"players": [{"money": 1}, {"cash": 1}]}, "landlord")
    with pytest.raises(ValueError, match="dice come first"):
        advice({"players": [{"cash": 1}, {"cash": 1}]}, "landlord")


def test_the_snippet_of_the_document_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", (EXAMPLES.parent / "ELSEWHERE.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "ELSEWHERE.md", "exec"), {})
    assert "BUY -350 -40 (20,)" in capsys.readouterr().out


def test_the_agent_wins_in_somebody_elses_program(simulator, capsys):
    """Their program raises an error at a move that it does not know."""
    wins = simulator.main(games=24)
    assert wins >= 9  # six would be par
    assert re.match(r"the agent wins \d+\.\d % \(.*\) of 24 games; a quarter would be par\n", capsys.readouterr().out)


def test_it_says_what_it_does_with_their_state(simulator):
    game = simulator.theirs.Game({"A": simulator.Agent(), "B": simulator.theirs.House()}, seed=0)
    lots = game.lots
    for name in ("Park Place", "Boardwalk", "Baltic Avenue"):
        lots[name].owner = "A"
    lots["Park Place"].houses = 3  # not evenly
    game.people["A"]["cash"] = -40.0
    verb, what = game.players["A"].answer("you owe!", "A", game)
    assert game.can("A", verb, lots[what])
    assert np.isclose(sum(person["cash"] for person in game.people.values()), 1460)
