"""The whole screen, driven by keys and mouse (Textual's Pilot): what is on it at three sizes, and which keys count."""

import io
import re
import threading

import pytest
from rich.console import Console
from rules.situations import at, load_dice, title
from textual import events

from agent.play.board import Square, on_the_way, square_lines, squares_on_the_way
from agent.play.terminal import say
from monopoly_env.board import SQUARES

from .screens import EIGHT, FOUR, LARGE, MIDDLE, SMALL, crowded, end_of_turn, middle, play, screen_after
from .sitting import Passive, Sitting

SIZES = (SMALL, MIDDLE, LARGE)


@pytest.mark.parametrize("size", SIZES)
def test_the_board_the_players_the_story_and_the_question_are_on_every_screen(size):
    text = screen_after(size=size, prepare=middle, **FOUR)
    lines = text.split("\n")
    assert len(lines) <= size[1] and max(map(len, lines)) <= size[0]
    for words in ("Boardwalk is for sale.", "1 Buy Boardwalk for $400", "> You rolled 1+2", "Turn 1. Bank: 21"):
        assert words in text
    for name in ("You", "Ben", "Cleo", "Dan"):
        assert re.search(rf"[A-D] {name}( \([a-z-]+\))? +\$", text)
    assert (lines[0].startswith("Free") and "Bdwk" in text) or "Boardwalk  " in text
    assert "Help" in lines[-1]


@pytest.mark.parametrize(("size", "told"), [(MIDDLE, "A     $600"), (LARGE, "You      $600")])
def test_larger_squares_say_more(size, told):
    text = screen_after(size=size, prepare=middle, **FOUR)
    assert "pay $200" in text and "no rent" in text and told in text
    if size == LARGE:
        assert "Mediterranean" in text and "Pennsylvania" in text


@pytest.mark.parametrize("size", SIZES)
def test_eight_players_fit(size):
    text = screen_after(size=size, prepare=crowded, **EIGHT)
    for name in ("You", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"):
        assert name in text


def divided(game):
    """Two players share all titles; seat 0 comes to the end of its turn."""
    at(game, 0, 10)
    load_dice(game, (4, 6))
    game.owner[:] = 1
    game.owner[:14] = 0


def test_in_the_largest_deal_the_board_stays_and_every_title_can_be_reached():
    async def act(seat):
        await seat.answer("deal", "1 2 15 16")
        text = seat.read()
        assert text.startswith("Free") and "Bdwk" in text and "Your deal with Ben." in text
        assert "You get" in text and "[x] Med" in text and "28 [ ]" not in text
        await seat.pilot.press("right", *["down"] * 13)
        assert "28 [ ] Water" in seat.read()

    play(act, prepare=divided, seats="me,landlord")


@pytest.mark.parametrize(("width", "height"), [(6, 2), (7, 3), (10, 3), (13, 4), (20, 6)])
def test_a_square_fills_its_place_and_tells_owner_from_token(width, height):
    game = Sitting().game
    game.owner[:] = 1
    game.houses[::2] = 5
    game.position[0] = 39
    for square in range(SQUARES):
        lines = square_lines(game, ("You", "Fourteen-Tall!"), square, width, height)
        assert len(lines) == height and all(line.cell_len <= width for line in lines)
        for style in (str(span.style) for line in lines for span in line.spans):
            assert " on #" in style, "a text colour alone would vanish on a background of the same colour"
    owner = next(span.style for line in lines for span in line.spans if line.plain[span.start] in "BF" and line != lines[0][:3])
    assert lines[-1].plain.endswith("●A") and owner != lines[-1].spans[-1].style


@pytest.mark.parametrize(
    ("start", "end", "jailed", "way"),
    [(36, 2, 0, [36, 37, 38, 39, 0, 1, 2]), (22, 19, 0, [22, 21, 20, 19]), (30, 10, 1, []), (5, 5, 0, [])],
    ids=["over GO", "back three spaces", "to jail at once", "stays"],
)
def test_tokens_walk_along_the_squares_between(start, end, jailed, way):
    before, after = Sitting().game.copy(), Sitting().game.copy()
    before.position[:], after.position[:], after.jailed[:1] = 7, 7, jailed
    before.position[0], after.position[0] = start, end
    assert squares_on_the_way(before, after) == set(way)
    seen = [int(on_the_way(before, after, step / 60).position[0]) for step in range(61)]
    assert sorted(set(seen), key=seen.index) == (way or [end])
    assert after.position[0] == end and (on_the_way(before, after, 0.5).position[1:] == 7).all()


def test_moving_tokens_and_dice_come_to_where_they_are():
    seen = []

    async def act(seat):
        await seat.answer("1", "1")
        await seat.pilot.pause(0.5)
        seen.append(await seat.still())

    for moving in (False, True):
        play(act, MIDDLE, moving=moving, prepare=middle, **FOUR)
    assert seen[0] == seen[1]


def test_what_is_typed_before_a_question_is_on_the_screen_does_not_count():
    async def act(seat):
        await seat.asked()
        for key in ("2", "1", "1", "enter", "1", "y"):
            seat.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await seat.asked(2)
        assert "Boardwalk is up for auction" in seat.read()

    sitting = play(act, prepare=middle, **FOUR)
    assert [act.name for act in sitting.table.acts if act.seat == 0] == ["PASS"]


def offered(game):
    """Ben stands at the end of its turn; it may offer you something."""
    end_of_turn(game)
    game.turn = 1
    at(game, 1, 10)


@pytest.mark.parametrize(("key", "owner"), [("y", 1), ("n", 0)])
def test_an_offer_is_taken_by_a_key_of_its_own(key, owner):
    async def act(seat):
        await seat.answer("deal you 50 for park place")
        await seat.answer("ok")
        assert "y Accept the deal" in seat.read()
        await seat.pilot.press("enter")
        await seat.answer("1")
        assert "Ben offers you a deal." in seat.read()
        await seat.answer(key)

    sitting = play(act, prepare=offered, seats="me,me", names="You,Ben", seed=3)
    assert sitting.game.owner[title("Park Place")] == owner


def test_mouse_arrows_and_enter():
    async def act(seat):
        await seat.asked()
        await seat.pilot.click(next(square for square in seat.app.query(Square) if square.number == 37))
        await seat.page()
        assert "Park Place (dark blue), list price $350" in seat.read()
        await seat.pilot.press("escape")
        await seat.asked(2)
        await seat.pilot.press("down", "enter")
        await seat.asked(3)
        assert "Boardwalk is up for auction" in seat.read()
        await seat.pilot.click("#left", offset=(5, 1))
        await seat.asked(4)

    sitting = play(act, prepare=middle, **FOUR)
    assert [act.name for act in sitting.table.acts if act.seat == 0][:2] == ["PASS", "PASS"]


def test_commands_pages_and_the_way_back():
    async def act(seat):
        await seat.answer("nonsense here")
        assert "Type a number from 1 to 2, or ? for help." in seat.read()
        await seat.pilot.press("d", "e")
        assert "> de" in seat.read()
        await seat.pilot.press("escape", "f1")
        await seat.page()
        assert "How to play" in seat.read() and "In an auction" in seat.read()
        await seat.pilot.press("enter")
        await seat.asked(3)
        assert "Boardwalk is for sale." in seat.read()
        await seat.pilot.press("ctrl+q")

    sitting = play(act, prepare=middle, **FOUR)
    assert not sitting.finished and not sitting.table.acts


def test_while_others_think_the_screen_says_so_and_lives():
    go_on = threading.Event()

    class Thinker(Passive):
        def decide(self, game):
            assert go_on.wait(60)
            return super().decide(game)

    async def act(seat):
        await seat.asked()
        await seat.pilot.press("2")
        await seat.until(lambda: "thinking ..." in seat.read(), "thinking")
        await seat.pilot.resize_terminal(*LARGE)
        await seat.until(lambda: "Mediterranean" in seat.read() and "thinking ..." in seat.read(), "drawn again")
        go_on.set()
        await seat.asked(2)

    play(act, prepare=middle, choosers=Thinker(), seats="me,random,random,random", seed=3)


def test_the_end_of_a_game_and_its_review():
    async def act(seat):
        await seat.asked()
        await seat.pilot.press("2")
        await seat.asked(2)
        await seat.pilot.press("2")
        await seat.asked(3)
        await seat.pilot.press("1")
        await seat.asked(4)
        assert "The game is over. Press Enter for the review." in seat.read()
        await seat.pilot.press("enter")
        await seat.page()
        assert "Your game, reviewed" in seat.read()
        await seat.pilot.press("escape")

    assert play(act, prepare=middle, turns=1, **FOUR).finished


def test_a_small_window_keeps_the_question():
    text = screen_after(size=(60, 20), prepare=middle, **FOUR)
    assert "1 Buy Boardwalk for $400 (leaves $362)" in text and "Bdwk" not in text


@pytest.mark.parametrize("terminal", [True, False])
def test_lines_break_at_blanks_and_only_on_a_terminal(terminal):
    console = Console(file=io.StringIO(), width=40, force_terminal=terminal, color_system=None, legacy_windows=False)
    say(console, "new  turn 5, saved yesterday: A You (me), B Ben (agent)")
    say(console, "Go on with:", "python scripts/play.py --resume")
    say(console, "Saved in", "games/g.npz")
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    if terminal:
        assert lines[:2] == ["new  turn 5, saved yesterday: A You", "(me), B Ben (agent)"]
        assert lines[2:] == ["Go on with:", "python scripts/play.py --resume", "Saved in games/g.npz"], "in one piece"
    else:
        assert lines[1:] == ["Go on with: python scripts/play.py --resume", "Saved in games/g.npz"]


def test_help_fits_a_small_window():
    from agent.play.help import HELP

    assert max(map(len, HELP.split("\n"))) <= 77
