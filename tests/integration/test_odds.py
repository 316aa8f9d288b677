"""The odds of a situation: played out from there, by anybody, the same for the same seed."""

import json
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from agent.evaluation.match import play_match
from agent.evaluation.odds import odds, odds_of_actions
from agent.evaluation.odds_report import ask, tables, write_json
from agent.players.model_file import ModelError
from agent.players.network import Player
from monopoly_env import Action, advance, apply, legal_actions, new_game, observe
from monopoly_env.bots import ask_bot, bot_number
from monopoly_env.cards import shuffle_deck
from monopoly_env.compiled.rng import seed_words
from monopoly_env.game import GAME
from monopoly_env.situation.situation import Seat, Situation, SituationError

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
FILE = EXAMPLES / "situation.json"


class Buyer:
    """A network's place, taken by fixed numbers: BUY first, then PASS."""

    def __call__(self, states):
        return np.tile(np.array([[0.3, 0.4, 0.1, 0.05, 0.05, 0.05, 0.05]], np.float32), (len(states), 1))


@pytest.fixture
def player():
    """A player with those numbers."""
    player = Player.__new__(Player)
    player._set(Buyer(), "softmax", {})
    return player


def fresh(players=3):
    """The start of a game."""
    return Situation([Seat(cash=1500) for _ in range(players)]).game(seed=1)


def lost(phase="TURN", **more):
    """Ada has almost everything, Bo almost nothing."""
    groups = ["orange", "red", "yellow", "railroads"]
    ada = Seat("Ada", cash=2000, titles=groups, buildings={"orange": 4, "red": 4, "yellow": 2})
    return Situation([ada, Seat("Bo", cash=60, titles=["Boardwalk"], **more)], turn="Bo", phase=phase)


def test_the_game_is_left_as_it_is():
    game = lost().game(seed=1)
    before = game.tobytes()
    odds(game, ["landlord"], 50)
    assert game.tobytes() == before


def test_wins_and_capped_games_add_up_and_the_interval_holds_the_rate():
    result = odds(fresh(), ["random"], 300)
    assert result.games == 300 and sum(result.wins(seat) for seat in range(3)) + result.capped == 300
    for seat in range(3):
        low, high = result.interval(seat)
        assert low < result.rate(seat) < high
    result = odds(Situation([Seat("A", cash=1500), Seat("B", cash=9)], turns=90, max_turns=95).game(1), ["random"], 100)
    assert result.capped > 0 and result.turns.max() <= 6


def test_one_seed_is_one_result_on_any_number_of_threads_and_another_seed_another():
    game = fresh()
    one, two = (odds(game, ["landlord", "random", "fp-a"], 400, seed=3, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.winner, two.winner) and np.array_equal(one.turns, two.turns)
    assert not np.array_equal(one.turns, odds(game, ["landlord", "random", "fp-a"], 400, seed=4).turns)


def test_a_playout_is_the_game_that_the_engine_plays():
    """Against a loop by hand over the same records, decision for decision."""
    game = lost(jailed=True, jail_cards=["Chance"]).game(seed=1)
    result = odds(game, ["fp-a", "landlord"], 20, seed=9)
    for number, seed in enumerate(np.random.SeedSequence((20_220_210, 9)).spawn(20)):
        copy = np.array([game], GAME)
        words = seed_words(seed)
        copy[0].rng[:], copy[0].bot_rng[:] = words[:4], words[4:]
        shuffle_deck(copy[0], 0)
        shuffle_deck(copy[0], 1)
        record = copy[0]
        advance(record)
        while not record.over:
            mask = legal_actions(record)
            apply(record, ask_bot(record, mask, bot_number(("fp-a", "landlord")[record.actor])))
            advance(record)
        assert result.winner[number] == record.winner and result.turns[number] == record.turns - game.turns


def test_a_hopeless_seat_loses_and_equal_seats_share():
    result = odds(lost().game(seed=1), ["landlord"], 400)
    assert result.interval(0)[0] > 0.95
    result = odds(fresh(2), ["landlord"], 800, seed=2)
    decided = result.games - result.capped  # two landlords may go on without an end
    assert decided > 400 and result.wins(0) / decided == pytest.approx(0.5, abs=0.08)


def test_from_the_start_the_odds_are_those_of_matches():
    """The same question asked in another way: seat 0 of the first turn, by playouts and by whole games."""
    match = play_match("landlord", ["random"] * 2, 900, seed=5)
    wins, games = match.by_seat()[0]
    low, high = odds(fresh(), ["landlord", "random", "random"], 900).interval(0)
    assert low - 0.05 < wins / games < high + 0.05


def test_bankrupt_seats_win_nothing_and_networks_play_what_is_left(player):
    seats = [Seat(bankrupt=True), Seat(cash=300, titles=["orange"]), Seat(cash=300), Seat(bankrupt=True)]
    result = odds(Situation(seats, turn=1, max_turns=400).game(1), [player, "landlord", player, "random"], 60)
    assert result.wins(0) == result.wins(3) == 0 and result.wins(1) > 0
    # A network that is out before it is asked anything: the game goes on to its own end, no other takes its place.
    doomed = Situation([Seat("A", cash=5000, titles=["Boardwalk"]), Seat("B", cash=0)], turn="B", max_turns=60).game(1)
    result = odds(doomed, ["random", player], 200)
    assert result.turns.max() <= 60 and result.wins(0) > 0


def test_networks_draw_with_a_temperature(player):
    seats = [Seat(cash=300, titles=[group], buildings={group: 3}) for group in ("orange", "light blue")]
    game = Situation(seats, max_turns=200).game(seed=1)
    best = odds(game, [player], 40)
    drawn = [odds(game, [player], 40, temperature=1.0, seed=seed) for seed in (0, 0)]
    assert np.array_equal(drawn[0].winner, drawn[1].winner) and np.array_equal(drawn[0].turns, drawn[1].turns)
    assert not np.array_equal(best.winner, drawn[0].winner) or not np.array_equal(best.turns, drawn[0].turns)


def test_a_networks_decision_is_legal_and_names_its_numbers(player):
    game = Situation.read(FILE).game(seed=1)
    before = game.tobytes()
    told = player.decide(game)
    assert told.action is Action.BUY and list(told.ranked) == [Action.BUY, Action.PASS]
    assert told.ranked[Action.BUY] == pytest.approx(0.4 / 0.7) and sum(told.ranked.values()) == pytest.approx(1)
    assert told.action == player.act(observe(game), legal_actions(game)) and game.tobytes() == before
    with pytest.raises(ValueError, match="dice come first"):
        player.decide(fresh())


def test_the_odds_of_each_action_tell_a_good_one_from_a_bad_one():
    """Bo is given Boardwalk's other half and $1,000 with it."""
    ada = Seat("Ada", cash=1500, titles=["Park Place"])
    game = Situation([ada, Seat("Bo", cash=1400, titles=["Boardwalk", "brown"])], turn="Ada", phase="OFFER",
                     offer={"to": "Bo", "give": ["Park Place"], "cash": 1000}).game(seed=1)  # fmt: skip
    results = odds_of_actions(game, ["landlord"], 250)
    assert set(results) == {Action.PASS, Action.BUY}
    assert results[Action.BUY].interval(1)[0] > results[Action.PASS].interval(1)[1]


def test_wrong_questions_are_told():
    over = new_game(2, seed=1, max_turns=1)
    advance(over)
    over["over"] = 1
    for call, told in (
        (lambda: odds(over, ["random"]), "over"),
        (lambda: odds(fresh(), ["random"], 0), "at least 1"),
        (lambda: odds(fresh(), ["random"] * 2), "each of the 3 seats"),
        (lambda: odds(fresh(), ["shark"]), "Unknown bot"),
        (lambda: odds(fresh(), ["random"], seed=-1), "seed"),
        (lambda: odds_of_actions(fresh(), ["random"]), "dice come first"),
    ):
        with pytest.raises(ValueError, match=told):
            call()


def printed(report):
    """What the terminal shows."""
    from rich.console import Console

    console = Console(width=120)
    with console.capture() as capture:
        console.print(tables(report))
    return capture.get()


def test_a_report_names_seats_players_odds_and_actions(tmp_path):
    report = ask(FILE, "landlord,landlord,random", model=" agent", games=200, each_action=True)
    text = printed(report)
    words = ("Ada", "Bo", "Cy", "landlord", "$640", "95 % interval", "200 playouts", "PASS", "BUY", "more turns")
    for word in (*words, "let Park Place go to auction"):
        assert word in text
    told = "Bo decides. Turn 58, PURCHASE: Park Place for $350 (how often Bo wins after it, then the network's number)"
    assert told in " ".join(text.split())
    (bought,) = re.findall(r"([> ]) BUY +(\d+\.\d) % \(.*\) +(0\.\d+)   buy Park Place for \$350", text)
    assert (bought[0] == ">") == (report.decision.action == Action.BUY)
    assert bought[1:] == (f"{100 * report.after[Action.BUY].rate(1):.1f}", f"{report.decision.ranked[Action.BUY]:.3f}")
    write_json(tmp_path / "odds.json", report)
    data = json.loads((tmp_path / "odds.json").read_text())
    assert data["games"] == 200 and [seat["name"] for seat in data["seats"]] == ["Ada", "Bo", "Cy"]
    assert data["seats"][0]["low"] <= data["seats"][0]["win_rate"] <= data["seats"][0]["high"] and set(data["after"]) == {
        "PASS",
        "BUY",
    }
    assert sum(seat["wins"] for seat in data["seats"]) + data["capped"] == 200


def test_what_is_mended_in_a_situation_is_told(tmp_path):
    path = tmp_path / "loose.json"
    path.write_text('{"strict": false, "players": [{"cash": 1500.0}, {"cash": 900}]}')
    text = " ".join(printed(ask(path, games=5)).split())
    assert "Not by the rules: cash of Seat 0 must be a whole number" in text and "1500.0 read as 1500." in text


def test_a_report_refuses_what_is_wrong(tmp_path):
    (tmp_path / "bad.json").write_text('{"players": [{"cash": 1}, {"cash": -2}]}')
    for call, kind, told in (
        (lambda: ask(tmp_path / "bad.json"), SituationError, "R51"),
        (lambda: ask(tmp_path / "none.json"), OSError, "^Cannot read the situation .*none.json: No such file"),
        (lambda: ask(FILE, "shark"), ModelError, "Unknown player"),
        (lambda: ask(FILE, "random,random"), ValueError, "each of the 3 seats"),
        (lambda: ask(FILE, model="landlord"), ModelError, "Only a network can be asked"),
        (lambda: ask(FILE, model="agent,landlord"), ModelError, "Unknown network. .* Received: 'agent,landlord'"),
    ):
        with pytest.raises(kind, match=told):
            call()


def test_the_example_runs(capsys):
    runpy.run_path(str(EXAMPLES / "situation_odds.py"), run_name="__main__")
    text = capsys.readouterr().out
    assert "Ada: " in text and "after PASS" in text and "after BUY" in text
    asked = printed(ask(FILE))  # the command's defaults
    for line in text.splitlines()[:3]:
        rate, interval = re.search(r": (.*) % \(95 % interval (.*)\)", line).groups()
        assert f"{rate} %" in asked and interval in asked


def test_the_snippet_in_the_document_runs_and_prints_short_lines(capsys, monkeypatch):
    monkeypatch.chdir(EXAMPLES.parents[1])
    (block,) = re.findall(r"```python\n(.*?)```", (EXAMPLES.parent / "SITUATIONS.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "SITUATIONS.md", "exec"), {})
    text = capsys.readouterr().out
    assert text.startswith("<Odds of 1,000 games: seat 0 ") and len(text) < 1000 and "array" not in text


def test_players_come_in_any_collection():
    game = lost().game(seed=1)
    names = ["landlord", "random"]
    wins = [odds(game, players, 40, seed=1).rate(0) for players in (names, np.array(names), dict.fromkeys(names).keys())]
    assert wins[0] == wins[1] == wins[2]
    with pytest.raises(ValueError, match=r"A temperature is a number of at least 0. Received: nan"):
        odds(game, names, 4, temperature=float("nan"))
