"""What has happened, in sentences: the short form tells all that matters."""

from agent.play.players import load_players
from agent.play.setup import Wishes, make_setup
from agent.play.story import full_story, short_story
from agent.play.table import Table


def test_the_short_story_leaves_out_nothing_that_matters():
    setup = make_setup(Wishes("landlord,landlord,fp-a", seed=5, max_turns=150))
    table = Table(setup, load_players(setup))
    table.play_on()
    short, full = short_story(table.rows, table.names), full_story(table.rows, table.names)
    assert len(short) < 0.6 * len(full)
    assert [line.event for line in short] == sorted({line.event for line in short})
    assert short[-1].event == len(table.rows) - 1
    told = " ".join(line.text for line in short)
    for line in full:
        for word in ("bought", "won the auction", "went bankrupt", "drew from", "won the game", "left jail"):
            if word in line.text:
                assert line.text in told
    text = "\n".join(line.text for line in short)
    assert "built on" in text and ": accepted." in text and " rent: " in text and " at GO." in text


def test_short_stories_of_single_turns():
    names = ("You", "Ada")
    rows = [(0, 0, 1), (1, 0, 3, 3, 0), (2, 0, 39, 5), (3, 0, 200), (9, 0, 22, 200)]
    rows = [row + (0,) * (7 - len(row)) for row in rows]
    assert [line.text for line in short_story(rows, names)] == [
        "You rolled 3+3 (doubles) to Reading Railroad, with $200 at GO.",
        "You bought Reading Railroad for $200.",
    ]
    rows = [(5, 1, 0, 5, 25, 3, 1), (7, 1, 0, 25, 0, 0, 0), (19, 0, 0, 1, 50, 0, 0), (19, 0, 1, 2, 50, 0, 0)]
    assert [(line.text, line.event) for line in short_story(rows, names)] == [
        ("Ada paid you $25 rent: with one railroad in one hand.", 1),
        ("You built on Mediterranean (one house) and Baltic (two houses) for $100.", 3),
    ]
