"""The agents that ship with the package: they load, they fit, and they are as strong as their cards say."""

import json

import pytest

from agent.evaluation.match import play_match
from agent.evaluation.statistics import span, wilson_interval
from agent.players.model_file import DEFAULT_MODEL, MODELS, read_metadata
from agent.players.network import Player
from agent.players.registry import SHIPPED, participant
from monopoly_env import LAYOUT_VERSION, RULES_VERSION

CARDS = {name: json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8")) for name in sorted(set(SHIPPED.values()))}


def test_there_is_one_agent_a_head_and_the_default_is_the_softmax_one():
    assert DEFAULT_MODEL.is_file() and Player.load().head == "softmax"
    assert participant("agent").head == participant("agent-softmax").head == "softmax"
    assert participant("agent-linear").head == "linear"


@pytest.mark.parametrize("name", CARDS)
def test_models_say_what_they_were_made_for_and_how(name):
    facts = read_metadata(MODELS / f"{name}.keras")
    assert (facts["layout"], facts["rules"]) == (LAYOUT_VERSION, RULES_VERSION)
    assert facts["decisions"] >= 1_000_000 and facts["config"]["head"] == facts["head"]


@pytest.mark.parametrize("name", CARDS)
def test_cards_hold_what_they_should(name):
    for row in CARDS[name]["matches"].values():
        assert row["games"] == 10_000 and row["decided"] + row["capped"] == row["games"]
        assert (row["low"], row["high"]) == pytest.approx(wilson_interval(row["wins"], row["games"]))


@pytest.mark.parametrize("name", CARDS)
def test_the_page_of_the_models_says_what_their_cards_say(name):
    part = (MODELS / "README.md").read_text(encoding="utf-8").split(f"- name: {name}\n")[1].split("  - name:")[0]
    for opponents, row in CARDS[name]["matches"].items():
        value, interval = f"{100 * row['win_rate']:.1f}", span((row["low"], row["high"]))
        assert f'"against {opponents}, % (95 % interval {interval})", value: {value}}}' in part


@pytest.mark.slow
@pytest.mark.parametrize("name", CARDS)
def test_a_smaller_evaluation_agrees_with_the_card(name):
    """Other dice, fewer games: the 99.9 % interval of the new rate must meet the card's 95 % interval."""
    player = Player.load(MODELS / f"{name}.keras")
    for opponents, row in CARDS[name]["matches"].items():
        names = opponents.split(",")
        others = names if len(names) > 1 else names * (row["players"] - 1)
        match = play_match(player, others, 1000, seed=12345)
        low, high = wilson_interval(match.wins, match.games, z=3.29)
        assert low < row["high"] and high > row["low"], (opponents, match.rate, row["win_rate"])
