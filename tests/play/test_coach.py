"""Coach, thoughts and review: the numbers shown are the network's own."""

from dataclasses import replace

import numpy as np
import pytest
from rules.situations import at, gives, has, lands, load_dice, stands_on, table, title

from agent.play import coach
from agent.play.players import load_coach, load_network, load_players, model_prints
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from agent.players.batching import as_batch
from agent.players.network import Player
from monopoly_env.actions import Action, Phase
from monopoly_env.board import TITLE_NAMES
from monopoly_env.decision.decision import decision_of
from monopoly_env.engine.engine import legal_actions
from monopoly_env.observation import FEATURE_NAMES, observe
from monopoly_env.text import decisions as wording

from .screens import LARGE, SMALL, screen_after
from .sitting import Sitting

NAMES = ("You", "Ben", "Cleo", "Dan")


def buying(game):
    at(game, 0, 36)
    load_dice(game, (1, 2))
    gives(game, 0, "Park Place")


def managing(game):
    at(game, 0, 10)
    load_dice(game, (4, 6))
    gives(game, 0, "dark blue", "Short Line")
    gives(game, 1, "Reading Railroad")


def trading(game):
    managing(game)
    gives(game, 0, "Kentucky Avenue", "Indiana Avenue")
    gives(game, 1, "Illinois Avenue")


def about(decision, sitting):
    return wording.about(decision, sitting.table.names)


def test_the_coach_asks_the_network_about_the_state_of_the_person(model):
    sitting = Sitting(prepare=buying, network=model)
    (advice,) = coach.advise(sitting.table, sitting.session.network)
    player = Player.load(model)
    assert (advice.state == observe(sitting.game)).all()
    assert advice.action == player.act(advice.state, legal_actions(sitting.game))
    assert advice.outputs == pytest.approx(player.action_values(advice.state))
    assert set(advice.ranked) == {Action.PASS, Action.BUY} and sum(advice.ranked.values()) == pytest.approx(1)
    share = advice.outputs[1] / (advice.outputs[0] + advice.outputs[1])
    assert advice.ranked[Action.BUY] == pytest.approx(float(share), abs=1e-5)


def test_the_coach_changes_nothing(model):
    for prepare in (buying, managing):
        sitting = Sitting("coach", "coach on", prepare=prepare, network=model)
        before = sitting.game.copy()
        sitting.run()
        assert sitting.game.tobytes() == before.tobytes()


def test_at_the_end_of_a_turn_the_coach_goes_group_by_group(model):
    sitting = Sitting(prepare=trading, network=model)
    advices = coach.advise(sitting.table, sitting.session.network)
    assert [about(advice, sitting) for advice in advices][:2] == ["the red group", "the dark blue group"]
    assert advices[0].mask[Action.TRADE] and advices[1].mask[Action.BUILD]
    assert advices[1].state[7] > 1, "the group asked about is marked"
    lines = coach.summary(sitting.table, advices)
    assert all(line.startswith("Coach: ") for line in lines)


def test_the_way_through_the_network_in_the_open(model):
    text = Sitting("coach", prepare=buying, network=model).run()
    assert "In: state (23,) as a batch (1, 23), float32\n" in text
    assert "Out: (1, 7), action probabilities; then what is left among legal actions\n" in text
    for name in FEATURE_NAMES:
        assert f" {name} " in text
    assert "2 BUILD" in text and "not legal here" in text


def test_the_way_through_a_network_is_told_in_lines_that_fit_the_smallest_screen(model, linear_model):
    lines = []
    for path in (model, linear_model):
        setup = make_setup(Wishes("agent,searcher", models=[path], seed=3))
        table = Table(setup, load_players(setup))
        for _ in range(4):
            lines += coach.network_lines(table.step())
    assert "From 1 on (mine): the group that the decision is about. In a deal, what it does for the other side" in "\n".join(
        lines
    )
    assert max(len(line) for line in lines if not line.startswith("From 1 on")) <= 79, "that one wraps at its blanks"
    assert any(line.startswith("Each choice was played out ") for line in lines)


def test_values_of_a_linear_head(linear_model):
    text = Sitting("coach", prepare=buying, network=linear_model, coach=True).run()
    assert "Out: (1, 7), action values" in text
    values = Player.load(linear_model).action_values(as_batch(observe(Sitting(prepare=buying).game)))
    best = int(values[:2].argmax())
    assert f"{Action(best).name} {values[best]:+.3f}" in text


def test_coach_before_each_decision(model):
    on = Sitting("coach off", prepare=buying, network=model, coach=True).run()
    shown, after = on.split("The coach is off.")
    assert "Coach: " in shown and "Coach's floats, mine: brown 0.00" in shown and "Coach: " not in after
    for size in (SMALL, LARGE):
        text = screen_after(size=size, prepare=buying, network=model, coach=True)
        assert "Coach: " in text and "Boardwalk" in text
    assert "The coach's 23 floats" in text


def test_agents_think_in_the_open(model):
    setup = make_setup(Wishes("me,agent,agent", models=[model], seed=3))
    sitting = Sitting("1", "1", "1", "1", "think", "think 1", "think 99", open=True)
    sitting.table.choosers = load_players(setup)
    text = sitting.run()
    assert " chose to " in text and " %" in text
    assert "What the agents thought, the last decision first" in text
    assert "In: state (23,) as a batch (1, 23), float32" in text
    assert "think takes a number from 1 (the last decision) to" in text
    thought = sitting.table.thoughts[-1]
    assert (thought.state is not None) and thought.mask[thought.action]
    text = Sitting("open", "open").run()
    assert "The agents think in the open from now on." in text and "keep their thoughts to themselves." in text


@pytest.mark.parametrize("screen", [False, True])
def test_an_agent_that_answers_a_deal_thinks_in_the_open(model, screen):
    sitting = Sitting("deal ben park for reading", "ok", "b", seats="me,random", prepare=managing, screen=screen, open=True)
    sitting.table.choosers = load_players(make_setup(Wishes("me,agent", models=[model])))
    text = sitting.run()
    assert "your offer of" in text and " chose to " in text
    if not screen:
        assert text.count("your offer of") == 1


def test_a_searcher_tells_its_chances_and_the_coach_is_its_network(model):
    setup = make_setup(Wishes("me,searcher", models=[model], seed=3))
    players = load_players(setup)
    assert load_coach(players) is players[1].player and model_prints(setup)[1] is not None
    sitting = Sitting("1", "1", "1", "1", "think", "think 1", open=True)
    sitting.table.choosers = players | {2: players[1]}
    text = sitting.run()
    assert " chose to " in text and "Each choice was played out 16 to 128 times" in text
    thought = sitting.table.thoughts[-1]
    chances = thought.ranked
    assert thought.head == "search" and all(0 <= chance <= 1 for chance in chances.values())
    assert set(chances) == set(np.flatnonzero(thought.mask))
    usual = players[1].player.batch(thought.state[np.newaxis], thought.mask[np.newaxis])[0]
    assert thought.action in (usual, max(chances, key=chances.get))
    assert f"{100 * max(chances.values()):.0f} %" in wording.numbers_text(thought)


def record(turn, action, state, place="Boardwalk"):
    """A purchase or a refusal of seat 0 that saw ``state``."""
    decision = decision_of(lands(table(), place))
    return replace(decision, turn=turn, state=np.float32(state), action=Action(action))


def test_the_review_finds_the_largest_differences(model):
    network = load_network(model)
    rng = np.random.default_rng(0)
    states = rng.random((40, 23))
    records = [record(turn, turn % 2, state, TITLE_NAMES[turn % 28]) for turn, state in enumerate(states)]
    found = coach.differences(records, network, 0)
    gaps = {}
    for each in records:
        values = network.action_values(each.state)[:2]
        share = values / values.sum()
        if share.argmax() != each.action:
            gaps[each.turn] = share.max() - share[each.action]
    assert [mine.turn for mine, _ in found] == sorted(gaps, key=gaps.get, reverse=True)
    assert [coach.gap(each) for each in found] == pytest.approx(sorted(gaps.values(), reverse=True), abs=1e-4)
    lines = coach.review_lines(records, network, 0, NAMES)
    same = 40 - len(gaps)
    assert lines[0] == f"You and the agent agreed on {same} of 40 decisions ({100 * same / 40:.0f} %)."
    assert sum(line[0].isdigit() for line in lines if line) == min(5, len(gaps))
    first, _ = found[0]
    done = "bought it" if first.action == Action.BUY else "did not buy it"
    assert f"Turn {first.turn}, {TITLE_NAMES[first.turn % 28]} for $" in lines[3] and lines[3].endswith(f": you {done}.")


def test_the_review_tells_a_habit_once(model):
    network = load_network(model)
    state = np.random.default_rng(3).random(23)
    values = network.action_values(np.float32(state))[:2]
    other = 1 - int(values.argmax())
    records = [record(turn, other, state) for turn in (4, 9, 12)] + [record(20, other, state, "Short Line")]
    lines = coach.review_lines(records, network, 0, NAMES)
    assert [line.split(":")[0] for line in lines if line[:1].isdigit()] == [
        "1 Turn 4, Boardwalk for $400",
        "2 Turn 20, Short Line for $200",
    ]
    assert lines[0] == "You and the agent agreed on 0 of 4 decisions (0 %)."


def test_think_lists_the_last_decision_first(model):
    setup = make_setup(Wishes("me,agent,agent", models=[model], seed=3))
    sitting = Sitting("1", "1", "1", "1", "think", "think 1")
    sitting.table.choosers = load_players(setup)
    text = sitting.run()
    thoughts = list(sitting.table.thoughts)[::-1][:12]
    head = "What the agents thought, the last decision first (think 1 shows the way there)\n"
    told = [line for thought in thoughts for line in coach.thought_lines(thought, sitting.table.names)]
    numbered = [f"{i // 2 + 1:2} {line}" if i % 2 == 0 else line for i, line in enumerate(told)]
    assert head + "\n".join(numbered) + "\n" in text
    assert "\n".join([told[0], *coach.network_lines(thoughts[0])]) in text


def test_the_coach_passes_over_groups_already_asked_about_when_cash_is_raised(model):
    def short(game):
        at(game, 0, 1)
        load_dice(game, (1, 2))
        gives(game, 0, "light blue", "Short Line")
        has(game, 0, 50)

    sitting = Sitting(prepare=short, network=model)
    assert sitting.game.phase == Phase.LIQUIDATE
    assert [about(advice, sitting) for advice in coach.advise(sitting.table, sitting.session.network)] == [
        "raising $200 for what is owed: the light blue group",
        "raising $200 for what is owed: the railroads group",
    ]
    sitting.game.raise_group = 2
    (advice,) = coach.advise(sitting.table, sitting.session.network)
    assert about(advice, sitting) == "raising $200 for what is owed: the railroads group"


def test_a_review_without_network_or_decisions(model):
    assert "needs a network" in coach.review_lines([], None, 0, NAMES)[0]
    assert "decided nothing" in coach.review_lines([], load_network(model), 0, NAMES)[0]


def test_what_people_do_freely_is_remembered_as_the_networks_decision():
    sitting = Sitting("build boardwalk", "1", prepare=trading)
    sitting.run()
    built, *passed = sitting.table.records
    assert (built.action, about(built, sitting)) == (Action.BUILD, "the dark blue group")
    assert wording.done_text(built, sitting.table.names) == "built a house on Boardwalk"
    assert built.mask[Action.BUILD] and built.state[7] > 1
    assert [about(r, sitting) for r in passed[:2]] == ["the red group", "the dark blue group"]
    assert all(r.action == Action.PASS for r in passed[:2])
    assert wording.action_text(passed[0], Action.TRADE, sitting.table.names).startswith("offer Ben ")


def test_a_person_short_of_cash_is_asked_about_houses_it_must_raise_cash_for():
    def poor(game):
        managing(game)
        has(game, 0, 120)

    sitting = Sitting("1", prepare=poor)
    sitting.run()
    record = sitting.table.records[0]
    assert wording.action_text(record, Action.BUILD, sitting.table.names).startswith("build a house on")
    assert isinstance(sitting.table, Table) and sitting.game.owner[title("Boardwalk")] == 0


def test_r39_the_coach_says_what_a_hotel_brings_in_a_shortage(model):
    def short(game):
        at(game, 0, 1)
        load_dice(game, (1, 2))
        gives(game, 0, "orange")
        stands_on(game, "orange", 5, 5, 5)
        game.houses_left = 0
        has(game, 0, 0)

    sitting = Sitting(prepare=short, network=model)
    (advice,) = coach.advise(sitting.table, sitting.session.network)
    selling = replace(advice, action=Action.SELL)
    assert coach.summary(sitting.table, [selling])[0].startswith(
        "Coach: sell the hotel of St. James Place for $750, the whole orange group falls (R39) ("
    )
