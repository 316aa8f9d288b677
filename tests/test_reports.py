"""What is reported of games: tables, pictures, files, explanations, odds; with values worked by hand."""

import io
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from agent.evaluation.explain import closest, decision_lines, decisions_of_a_game, saliency
from agent.evaluation.league import Standing
from agent.evaluation.match import Match, Part, play_part
from agent.evaluation.odds import MOST_GAMES, Odds, odds
from agent.evaluation.plan import FEW_GAMES, GAMES, Shown, default_games, match_plans, play_matches, showing, with_progress
from agent.evaluation.report import league_table, picture, square_label, tables
from agent.evaluation.statistics import rate_text
from agent.files.atomic import atomic_write
from agent.files.output import OutputError, check_output
from agent.players.model_file import ModelError
from agent.players.network import Player
from agent.players.registry import network
from monopoly_env.actions import Action, Phase
from monopoly_env.board import SQUARE_NAMES
from monopoly_env.decision.decision import decision_of
from monopoly_env.observation import FEATURE_NAMES, STATE_SIZE
from monopoly_env.situation.situation import Situation

ROOT = Path(__file__).parents[1]
SITUATION = ROOT / "docs" / "examples" / "situation.json"


def match(players=4, games=8, wins=2, acts=1):
    """A match whose first participant wins the first ``wins`` games."""
    seat = np.arange(games) % players
    winner = np.where(np.arange(games) < wins, seat, (seat + 1) % players)
    actions = np.zeros((7, 7), np.int64)
    actions[Phase.PURCHASE, Action.BUY] = 3 * acts
    actions[Phase.PURCHASE, Action.PASS] = acts
    worth = np.zeros((games, players), np.int64)
    worth[np.arange(games), seat] = 1000
    flags, turns = np.ones(games, bool), np.full(games, 50)
    return Match(players, seat, winner, flags, turns, worth, actions, np.arange(41), np.arange(40))


def printed(renderable, width=80):
    """What a terminal of this width shows."""
    console = Console(width=width)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


# Files


def pipe(path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no pipes in folders")
    os.mkfifo(path)


def circle(path):
    path.symlink_to(path.with_name("b.json"))
    path.with_name("b.json").symlink_to(path)


@pytest.mark.parametrize(("make", "told"), [(pipe, "device or a pipe"), (Path.mkdir, ""), (circle, "")])
def test_what_is_no_file_is_never_replaced(tmp_path, make, told):
    path = tmp_path / "a.json"
    make(path)
    before = path.lstat().st_mode, sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match=told), atomic_write(path) as temporary:
        temporary.write_text("x")
    with pytest.raises(OutputError, match=rf"Cannot write .*a\.json.*{told}"):
        check_output(path, "--json", (".json",))
    assert before == (path.lstat().st_mode, sorted(tmp_path.iterdir()))


def test_a_link_stays_and_its_target_is_written_whole(tmp_path):
    folder = tmp_path / "real"
    folder.mkdir()
    (tmp_path / "old.json").symlink_to(folder / "old.json")
    (folder / "old.json").write_text("old")
    (tmp_path / "new.json").symlink_to(folder / "new.json")
    for name in ("old.json", "new.json"):
        check_output(tmp_path / name, "--json", (".json",))
        with atomic_write(tmp_path / name) as temporary:
            temporary.write_text("new")
        assert (tmp_path / name).is_symlink() and (folder / name).read_text() == "new"
    assert sorted(path.name for path in folder.iterdir()) == ["new.json", "old.json"]


def test_a_name_that_says_something_else_is_refused_and_left_alone(tmp_path):
    model = tmp_path / "good.keras"
    model.write_text("a model")
    with pytest.raises(OutputError, match=r"--json ends in .json. Received: '.*good.keras'"):
        check_output(model, "--json", (".json",))
    check_output(tmp_path / "x.PNG", "--plot", (".png", ".svg"))
    check_output(None, "--plot", (".png",))
    with pytest.raises(OutputError, match="must be a folder"):
        check_output(tmp_path / "no" / "x.png", "--plot", (".png",))
    (tmp_path / "asked.json").write_text("{}")
    with pytest.raises(OutputError, match="is what is read"):
        check_output(tmp_path / "." / "asked.json", "--json", (".json",), source=tmp_path / "asked.json")


# Tables and pictures


def test_the_tables_name_the_model_and_write_every_interval_in_one_way():
    text = printed(tables("searcher", {"random": match(), "fp-a,fp-b,fp-c": match(games=4, wins=4)}))
    assert "Actions taken by searcher (% of its decisions)" in text and "75.0" in text
    assert "25.0 % │   7.1 to 59.1 │ 25 %" in text and "50.0 (9.5 to 90.5)" in text
    assert " - " not in text and "fp-a,fp-b,fp-c" in text and "…" not in text
    assert rate_text(0.25, (0.071, 0.591)) == "25.0 % (7.1 to 59.1)"


def test_long_names_wrap_and_are_not_cut():
    names = ",".join(["landlord"] * 7)
    text = printed(tables("a", {names: match(players=8), "x" * 90 + ".keras": match()}))
    assert "…" not in text and text.count("x") >= 3 * 90


def test_a_name_with_brackets_is_shown_as_it_is():
    text = printed(tables("runs/[bold]x", {"[red]y.keras": match()}), 120)
    assert "runs/[bold]x" in text and text.count("[red]y.keras") == 3
    assert "[red]y" in printed(league_table([Standing("[red]y", 1010.0, 990.4, 1030.0, 10, 5)], 4))


def test_par_is_that_of_the_table():
    text = printed(tables("a", {"random": match(players=2), "landlord": match(players=5)}))
    assert "50 %" in text and "20 %" in text and "25 %" not in text.replace("25.0 %", "")
    rates, *_ = picture("a", {"random": match(players=2), "landlord": match(players=5)}).axes
    heights = [lines.get_segments()[0][:, 1].tolist() for lines in rates.collections if lines.get_linestyle() != [(0, None)]]
    assert heights == [[50, 50], [20, 20]]


def test_seats_without_games_and_tables_of_several_sizes():
    text = printed(tables("a", {"random": match(players=2, games=1), "landlord": match(players=3, games=3)}))
    assert "seat 2" in text and "seat 3" not in text and "- │" in text


def test_the_board_has_go_at_the_lower_right_and_goes_round_clockwise():
    one = match(games=1)  # its rent on square i is i dollars
    axis = picture("a", {"random": one}).axes[2]
    grid = axis.images[0].get_array()
    corners = {(10, 10): 0, (10, 9): 1, (10, 0): 10, (9, 0): 11, (0, 0): 20, (0, 1): 21, (0, 10): 30, (1, 10): 31, (9, 10): 39}
    assert {place: grid[place] for place in corners} == corners
    assert grid.mask[1:10, 1:10].all()
    labels = {text.get_position(): text.get_text() for text in axis.texts}
    assert labels[10, 10] == "GO\n0" and labels[10, 9] == "Boardwalk\n39"  # (column, row)


def test_no_name_on_the_board_is_cut():
    for square, name in enumerate(SQUARE_NAMES):
        assert square_label(square).replace("\n", " ") == name.removesuffix(" Avenue")
    assert square_label(25) == "B. & O.\nRailroad" and square_label(15) == "Pennsylvania\nRailroad"


# Evaluations


def test_a_searcher_plays_few_games_unless_told_otherwise():
    assert default_games("agent", ["random", "fp-a,fp-b"]) == GAMES == 10_000
    assert default_games("searcher", ["random"]) == default_games("agent", ["random, searcher"]) == FEW_GAMES == 200
    plans = match_plans("landlord", ["random", "fp-a,fp-b"], 3, None)
    assert [plan[-1].stop for plan in plans.values()] == [10_000] * 2
    assert [len(plan[0].participants) for plan in plans.values()] == [3, 3]


@pytest.mark.parametrize(
    ("players", "games", "told"),
    [(10**9, 1, "--players 1000000000"), (-3, 1, "--players -3"), (4, 10**19, "up to 10,000,000"), (4, 0, "at least 1 game")],
)
def test_numbers_that_cannot_be_are_refused_before_anything_is_built(players, games, told):
    with pytest.raises(ValueError, match=told):
        match_plans("landlord", ["random"], players, games)


def parts(games, size):
    """The parts of a match between bots."""
    starts = range(0, games, size)
    return [Part(("landlord", "random"), start, min(start + size, games), 0) for start in starts]


class Crew:
    """Plays parts, until it is stopped after some of them."""

    def __init__(self, most=1000):
        self.most = most

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def play(self, parts):
        """Play in this process."""
        for number, part in enumerate(parts):
            if number == self.most:
                raise KeyboardInterrupt
            yield play_part(part)


@pytest.fixture
def lines():
    """A console that is no terminal, and the lines on it."""
    file = io.StringIO()
    return Console(width=80, force_terminal=False, file=file), lambda: file.getvalue().splitlines()


def test_without_a_terminal_a_line_tells_of_every_tenth(lines):
    console, told = lines
    with showing(console) as shown:
        count = shown.start("against random", 200)
        for _ in range(200):
            count(1)
    assert told() == [f"against random: {games} of 200 games" for games in range(20, 201, 20)]
    with showing(console) as shown:
        list(with_progress(Crew().play, "league", shown)(parts(6, 3)))
    assert told()[10:] == ["league: 3 of 6 games", "league: 6 of 6 games"]


def test_in_a_terminal_there_are_bars_and_no_lines():
    console = Console(width=80, force_terminal=True, file=io.StringIO())
    with showing(console) as shown:
        shown.start("against random", 10)(4)
        assert [(task.completed, task.total) for task in shown._bars.tasks] == [(4, 10)]


def test_a_stopped_evaluation_keeps_what_was_over(lines):
    shown = Shown(lines[0], None)
    plans = {"random": parts(4, 2), "again": parts(4, 2)}
    matches, stopped = play_matches(plans, Crew(), shown)
    assert not stopped and {name: each.games for name, each in matches.items()} == {"random": 4, "again": 4}
    matches, stopped = play_matches(plans, Crew(3), shown)
    assert stopped and {name: each.games for name, each in matches.items()} == {"random": 4, "again": 2}
    assert play_matches(plans, Crew(0), shown) == ({}, True)


# Explanations


def decision(turn, best, second):
    """The purchase of the example with two numbers."""
    numbers = np.zeros(7, np.float32)
    numbers[[Action.BUY, Action.PASS]] = best, second
    asked = decision_of(Situation.read(SITUATION).game(seed=0))
    return replace(asked, turn=turn, numbers=numbers, head="softmax", action=Action.BUY)


def test_the_closest_decisions_are_those_with_the_smallest_margins_in_the_order_of_the_game():
    game = [decision(1, 0.9, 0.1), decision(2, 0.6, 0.4), decision(3, 0.8, 0.2), decision(4, 0.51, 0.49)]
    assert [each.turn for each in closest(game, 2)] == [2, 4]
    assert [each.turn for each in closest(game, 3)] == [2, 3, 4]
    assert closest(game, 9) == game


def test_a_decision_is_told_in_words_with_the_best_action_first():
    assert decision_lines(decision(29, 0.75, 0.25)) == [
        "Turn 29, PURCHASE: Park Place for $350",
        "> BUY       0.750   buy Park Place for $350",
        "  PASS      0.250   let Park Place go to auction",
    ]


class FirstFloat:
    """A network's place, taken by a rule: BUY if the first float is high, and a value that depends on nothing else."""

    def __call__(self, states):
        outputs = np.full((len(states), 7), 0.1, np.float32)
        outputs[:, Action.BUY] = np.where(states[:, 0] > 0.5, 0.9, 0.05)
        return outputs


@pytest.fixture
def player():
    """A player with that rule."""
    player = Player.__new__(Player)
    player._set(FirstFloat(), "softmax", {})
    return player


def test_every_decision_of_a_game_says_what_it_is_about():
    player = network("agent")
    game = [each for seed in range(4) for each in decisions_of_a_game(player, ["landlord", "landlord"], seed)]
    assert game and all(set(each.ranked) == set(np.flatnonzero(each.mask)) for each in game)
    told = {each.phase: decision_lines(each) for each in game}
    assert re.match(r"Turn \d+, OFFER: seat [12]'s offer of .+ for ", told[Phase.OFFER][0])
    about = told[Phase.PURCHASE][0].split("PURCHASE: ")[1]
    assert any(line.endswith(f"buy {about}") for line in told[Phase.PURCHASE][1:])


def test_a_float_is_shuffled_among_decisions_of_one_kind_alone(monkeypatch, player):
    """Each kind of decision, by phase and legal actions, has one value of the first float: shuffling changes nothing."""
    masks = np.zeros((60, 7), np.int8)
    masks[:, [Action.PASS, Action.BUY]] = 1
    masks[20:40, Action.TRADE] = 1
    phases = np.repeat([Phase.PURCHASE, Phase.PURCHASE, Phase.OFFER], 20)
    states = np.random.default_rng(0).random((60, STATE_SIZE), np.float32)
    states[:, 0] = np.repeat([0.0, 1.0, 1.0], 20)
    monkeypatch.setattr("agent.evaluation.explain.sample_decisions", lambda *_: (states, masks, phases))
    rows = {row.name: row for row in saliency(player, ["random"], 60)}
    assert all(row.changed == row.moved == 0 for row in rows.values())
    states[:, 0] = np.tile([0.0, 1.0], 30)
    rows = saliency(player, ["random"], 60)
    assert rows[0].name == FEATURE_NAMES[0] and rows[0].changed > 0.2 and rows[0].moved > 0.1
    assert all(row.changed == 0 for row in rows[1:])


def test_too_many_decisions_are_refused_at_once(player):
    with pytest.raises(ValueError, match=f"between 1 and 1,000,000. Received: {10**13}"):
        saliency(player, ["random"], 10**13)


def test_only_a_network_can_be_asked():
    for name in ("landlord", "searcher", "agent,landlord", ""):
        with pytest.raises(ModelError, match="Received: "):
            network(name)
    assert network(" agent ").head == "softmax"


# Odds


def test_odds_show_rates_and_intervals_on_one_line():
    result = Odds(2, np.array([0, 0, 1, -1]), np.array([5, 6, 7, 8]))
    assert repr(result) == "<Odds of 4 games: seat 0 50.0 % (15.0 to 85.0), seat 1 25.0 % (4.6 to 69.9); 1 capped>"


def test_one_name_or_player_stands_for_all_seats():
    game = Situation.read(SITUATION).game(seed=0)
    assert repr(odds(game, "landlord", 20)) == repr(odds(game, ["landlord"], 20))
    with pytest.raises(ValueError, match=f"up to {MOST_GAMES:,}. Received: {10**19}"):
        odds(game, "landlord", 10**19)
