"""What is kept of games: the record of a person, what everybody was worth, the page of a game."""

import json
import re

import pytest
from rules.situations import gives, has, jailed, load_dice, stands_on

from agent.files.errors import UserError
from agent.play import program, record
from agent.play.arguments import LEVELS, Arguments
from agent.play.game_file import read
from agent.play.html import write_page
from agent.play.players import load_players
from agent.play.worth import worth_lines
from monopoly_env.rules.property import net_worth

from .sitting import Sitting, bots


def game(rivals, won):
    return {"rivals": rivals, "won": won}


def ruined(game):
    """Seat 0 leaves jail for its last dollars and cannot pay the rent of States Avenue; the others play on."""
    jailed(game, 0)
    load_dice(game, (1, 2))
    gives(game, 1, "pink")
    stands_on(game, "pink", 3, 3, 3)
    has(game, 0, 60)


def test_a_lost_game_is_kept_and_the_others_are_watched_turn_by_turn():
    sitting = Sitting("1", "", "", "3", "end", prepare=ruined, seats="me,fp-a,fp-b,landlord", turns=40, choosers=bots())
    text = sitting.run()
    assert "You are bankrupt. Press Enter: you watch the others." in text
    assert text.count("Enter: the next turn. 10: ten turns. end: the end of the game.") == 3
    assert sitting.finished and sitting.table.over
    assert record.read() == {"games/test.jsonl": game(["fp-a", "fp-b", "landlord"], False)}
    assert "All games: won 0 of 1, 0.0 % (0.0 to 79.3); equal players win 25 %." in text


def test_games_that_go_on_and_games_of_several_people_are_not_kept():
    Sitting("1", "1").run()
    Sitting(*"1" * 60, seats="me,me", turns=3).run()
    assert record.read() == {} and record.record_lines({})[0].startswith("No game has been played to its end yet")


def test_the_record_tells_all_games_and_each_level():
    games = [
        game(["fp-a", "fp-b", "fp-c"], True),
        game(["agent"] * 3, False),
        game(["agent"] * 3, True),
        game(["landlord"], False),
    ]
    lines = record.record_lines({str(number): each for number, each in enumerate(games)})
    assert lines[0].startswith("All games: won 2 of 4, 50.0 % (15.0 to 85.0); equal players win 31 %. Rating ")
    assert [line.split(": ")[0] for line in lines[1:]] == ["easy", "normal", "other tables"]
    assert "normal: won 1 of 2," in lines[2]


def test_ratings():
    """Half of the games against one landlord make its equal; against three, a quarter; and who wins more is rated higher."""
    for rivals, wins in ((1, 5), (3, 3)):
        games = [game(["landlord"] * rivals, n < wins) for n in range(wins * (rivals + 1))]
        assert record.rating(games) == pytest.approx(record.RATINGS["landlord"], abs=1)
        assert record.rating([*games, game(["gcp"], True)]) == record.rating(games)  # it has no rating
    ratings = [record.rating([game(["agent"] * 3, n < wins) for n in range(8)]) for wins in range(9)]
    assert ratings == sorted(ratings) and ratings[0] > 900 and ratings[-1] < 2300


DAMAGED = ["", "[]", "{", '{"a": 1}', '{"a": {"rivals": [3], "won": true}}', '{"a": {"rivals": [], "won": true}}']


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_record_is_told_in_one_line(text):
    record.FILE.parent.mkdir()
    record.FILE.write_text(text)
    with pytest.raises(UserError, match=r"^games/record\.json is no record of games\. Delete it, or move it away[^\n]*$"):
        record.read()


def test_the_curve_of_worths():
    sitting = Sitting(*"1n" * 200, seats="me,fp-a", turns=30, choosers=bots("fp-a"))
    text = sitting.run()
    table = sitting.table
    assert list(table.worths) == sorted(table.worths) and len(table.worths) > 10
    assert table.worths[1] == (1500, 1500)
    lines = worth_lines(table)
    assert max(map(len, lines)) <= 79 and "\n".join(lines) in text
    top = max(*(max(worth) for worth in table.worths.values()), *(net_worth(table.game, seat) for seat in range(2)))
    assert f"${top:,}" in "\n".join(lines) and "AA You" in "\n".join(lines)


def test_the_page_of_a_game(model, tmp_path):
    sitting = Sitting(*"1n" * 200, seats="me,landlord,fp-a", names="</script>", turns=12, choosers=bots())
    sitting.run()
    path = tmp_path / "game.html"
    write_page(read(sitting.path), {}, path)
    page = path.read_text(encoding="utf-8")
    assert page.count("</script>") == 2 and not re.search(r"(src|href)=", page), "nothing else is needed"
    data = json.loads(re.search(r'type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["names"][0] == "</script>" and len(data["squares"]) == 40
    last = data["frames"][-1]
    assert last["cash"] == sitting.game.cash[:3].tolist() and last["owner"] == sitting.game.owner.tolist()
    told = [text for frame in data["frames"] for text in frame["text"]]
    assert told[0].startswith("Turn 1: it is ") and len(told) == len(sitting.table.rows)


def test_the_page_says_why_agents_decided_so(model, tmp_path):
    from agent.play.game_file import GameFile
    from agent.play.setup import Options, Wishes, make_setup
    from agent.play.table import Table

    setup = make_setup(Wishes("agent,landlord", models=[model], seed=2, max_turns=20))
    table = Table(setup, players := load_players(setup))
    table.play_on()
    GameFile(file := tmp_path / "bots.jsonl", table, Options()).save()
    write_page(read(file), players, tmp_path / "bots.html")
    page = (tmp_path / "bots.html").read_text(encoding="utf-8")
    chosen = [act for act in table.acts if act.seat == 0]
    assert page.count("Ada chose to ") == len(chosen) > 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (Arguments(html="a.html"), "A page is made of a saved game: --replay GAME --html a.html"),
        (
            Arguments(record=True, list=True),
            "Choose one of --resume, --list, --replay and --record. Received:",
        ),
    ],
)
def test_options_that_do_not_fit(arguments, said):
    with pytest.raises(UserError, match=re.escape(said)):
        program.run(arguments)


def test_a_page_needs_a_name_of_a_page():
    Sitting("1").run()
    with pytest.raises(UserError, match=r"The file of --html ends in \.html or \.htm\. Received: 'a\.txt'"):
        program.run(Arguments(replay="test", html="a.txt"))


def test_the_levels_are_tables_of_one_person():
    assert list(LEVELS) == ["easy", "normal", "hard"] and all(seats.count("me") == 1 for seats in LEVELS.values())
