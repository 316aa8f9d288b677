"""The screens, as golden texts; `python -m tests.play.screens` writes them anew after a change that is meant."""

import io
import re

import pytest
from rich.console import Console
from rules.situations import at, load_dice

from agent.play.screen import build_screen, layout_for
from agent.play.terminal import say

from .screens import EIGHT, FOUR, GOLDEN, SCREENS, crowded, draw, end_of_turn, middle, view_of
from .sitting import Sitting


@pytest.mark.parametrize("name", SCREENS)
def test_a_golden_screen(name):
    assert draw(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_nothing_golden_is_left_over():
    assert {path.stem for path in GOLDEN.iterdir()} == set(SCREENS)


@pytest.mark.parametrize(
    ("size", "layout"),
    [
        ((120, 40), "full"),
        ((119, 40), "compact"),
        ((120, 39), "compact"),
        ((80, 24), "compact"),
        ((79, 24), "plain"),
        ((80, 23), "plain"),
    ],
)
def test_the_layout_follows_the_window(size, layout):
    assert layout_for(*size) == layout


SIZES = [(80, 24), (81, 25), (100, 30), (119, 60), (120, 40), (133, 41), (200, 60), (300, 100)]


def checked_screen(view, size):
    """Return the screen as text after checking that it fits and lacks no number."""
    lines = build_screen(view, *size).split("\n")
    assert len(lines) == size[1] - 1, "the last line is left to the prompt"
    assert all(line.cell_len <= size[0] - 1 for line in lines)
    text = "\n".join(line.plain for line in lines)
    for number, choice in enumerate(view.question.choices, start=1):
        forms = re.escape(choice.text[:16])
        if choice.short:
            forms += "|" + (re.escape(choice.short.partition("{}")[0]) or r"\w")
        assert re.search(rf"(^|\W){choice.key or number} ({forms})", text, re.MULTILINE), choice.text
    return text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("answers", [(), ("deal", "1"), ("build",), ("mortgage",)])
def test_a_screen_fits_its_window_and_shows_every_choice(size, answers):
    view = view_of(end_of_turn if answers else middle, answers, **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    checked_screen(view, size)


def divided(mine):
    """Two players share all titles: ``mine`` of the 28 are seat 0's; it comes to the end of its turn."""

    def prepare(game):
        at(game, 0, 10)
        load_dice(game, (4, 6))
        game.owner[:] = 1
        game.owner[:mine] = 0
        game.mortgaged[::3] = 1

    return prepare


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mine", [1, 6, 14, 27])
def test_the_largest_deal_keeps_its_numbers_its_hint_and_its_cash(size, mine):
    numbers = " ".join(map(str, range(1, 29)))
    for answers in (("deal",), ("deal", numbers, "cash 2000"), ("deal", numbers[: len(numbers) // 2], "ask 10")):
        view = view_of(divided(mine), answers, seats="me,landlord", names="Fourteen-Tall,Other-Fourteen")
        view.coach = ["Coach: a line that is about as long as a line can get before it wraps around"] * 9
        words = " ".join(checked_screen(view, size).split())
        if "│" not in words:  # in the ring a line holds more than the decision
            assert "Numbers put titles in or out (1 4 5), cash 100 adds your dollars" in words
            assert "b goes back." in words
        assert (" to -$" in words) == ("cash 2000" in answers)
        assert ("and 1 more" in words or "more: coach" in words) or words.count("Coach: ") == 9


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_lists_keep_every_number(size):
    for answers in (("mortgage",), ("redeem",)):
        checked_screen(view_of(divided(28), answers, seats="me,landlord"), size)

    def built(game):
        divided(28)(game)
        game.mortgaged[:] = 0

    checked_screen(view_of(built, ("build",), seats="me,landlord"), size)


def test_a_long_offer_is_folded_with_a_note():
    view = view_of(divided(14), ("deal", " ".join(map(str, range(1, 29)))), seats="me,landlord")
    text = checked_screen(view, (80, 24))
    assert re.search(r"\.\.\. and \d+ more", text)
    assert "> You moved" not in text and "Your deal with Ben. Titles below: yours left, theirs right." in text


def test_a_page_tells_the_end_of_the_story_where_there_is_room():
    sitting = Sitting("deal", "1", "2", "ok", prepare=end_of_turn, screen=(80, 24))
    drawn = sitting.run().split("\x1b[H")[-1]
    assert "StCh" not in drawn and "nothing: refused." in " ".join(drawn.split())


def test_rows_of_players_leave_out_the_square_before_the_gaps():
    def scattered(game):
        middle(game)
        game.owner[:] = -1
        for title in (0, 2, 5, 8, 11, 14, 17, 20, 22, 26):  # one of each group
            game.owner[title] = 0

    text = build_screen(view_of(scattered, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord"}), 80, 24).plain
    row = next(line for line in text.split("\n") if line.startswith("> A You"))
    assert re.fullmatch(r"> A You     \$762 worth  \$\d,\d+ Bdwk +br1 lb1 pk1 or1 rd1 yl1 gr1 db1 rr1 ut1 *", row)


def test_a_long_notice_has_two_lines():
    view = view_of(middle, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    view.notice = "word " * 25
    for size in SIZES:
        assert " ".join(checked_screen(view, size).split()).count("word") == 25


def test_the_end_of_a_game_is_told_whole():
    view = view_of(middle, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord", "names": "Fourteen-Tall,B,C,D"})
    view.game.turns, view.game.over, view.game.winner = 1000, 1, 0
    assert "Fourteen-Tall won in turn 1000." in build_screen(view, 80, 24).plain
    view.game.over, view.game.pot, view.game.turns = 0, 12345, 1000
    assert "12 hotels, pot\n" not in build_screen(view, 80, 24).plain
    assert "…" not in build_screen(view, 80, 24).plain


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_eight_players_fit(size):
    view = view_of(crowded, (), **{**EIGHT, "seats": EIGHT["seats"].replace("agent", "fp-a")})
    text = build_screen(view, *size).plain
    for name in view.names:
        assert name in text


def styled(screen, **options):
    console = Console(file=io.StringIO(), width=120, height=40, force_terminal=True, legacy_windows=False, **options)
    console.print(screen)
    return console.file.getvalue()


def test_without_colours_nothing_is_lost():
    view = view_of(middle, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    screen = build_screen(view, 120, 40)
    coloured = styled(screen, color_system="truecolor", _environ={})
    bare = styled(screen, color_system="truecolor", _environ={"NO_COLOR": "1"})
    assert "48;2;" in coloured and "48;2;" not in bare and "38;2;" not in bare
    strip = re.compile(r"\x1b\[[0-9;]*m")
    assert strip.sub("", coloured) == strip.sub("", bare)


def test_coloured_text_names_both_colours():
    """A text colour alone would vanish on a background of the same colour; a pair reads anywhere."""
    view = view_of(middle, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    text = build_screen(view, 120, 40)
    console = Console(width=120, color_system="truecolor")
    coloured = 0
    for segment in text.render(console):
        style = segment.style
        if style and (style.color or style.bgcolor):
            coloured += 1
            assert style.color and style.bgcolor, segment
            dark, light = sorted(sum(c.get_truecolor()) for c in (style.color, style.bgcolor))
            assert light - dark > 200, segment
    assert coloured > 40


def test_a_terminal_without_unicode_gets_ascii():
    view = view_of(middle, (), **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    ring = build_screen(view, 120, 40, unicode=False).plain.split("\n")[:34]
    assert all(line[:78].isascii() for line in ring)


def test_a_small_window_gets_sentences():
    text = Sitting("1", prepare=middle, screen=(60, 20)).run()
    assert "Boardwalk is for sale." in text and "  1 Buy Boardwalk for $400 (leaves $362)" in text
    assert "StCh" not in text


def test_pages_are_turned():
    sitting = Sitting("?", "", "", "1", prepare=middle, screen=(80, 24))
    sitting.run()
    assert sitting.script.prompts[1:3] == ["Enter for more, b for the game: ", "Enter for the game: "]
    sitting = Sitting("?", "b", "1", prepare=middle, screen=(80, 24))
    sitting.run()
    assert len(sitting.script.prompts) == 4
    assert sitting.game.owner[21] == 0


def test_what_is_typed_at_a_page_is_the_next_answer():
    sitting = Sitting("?", "1", prepare=middle, screen=(80, 24))
    sitting.run()
    assert sitting.game.owner[21] == 0 and sitting.script.prompts[:2] == ["> ", "Enter for more, b for the game: "]
    sitting = Sitting("deed boardwalk", "rules R44", "q", "1", prepare=middle, screen=(80, 24))
    assert not sitting.session.run()
    assert sitting.script.answers == ["1"], "q left"
    assert "R44  Everyone alive may bid" in sitting.out.getvalue()


def test_a_page_with_a_long_title_fits():
    sitting = Sitting(prepare=middle, screen=(80, 24))
    sitting.script.answers = [""] * 2
    sitting.terminal.page("word " * 20, [f"line {number}" for number in range(25)])
    first, second = sitting.out.getvalue().split("\x1b[2J")[1:]
    assert "line 18\n" in first and "line 19\n" not in first and "line 19\n" in second


def test_the_first_screen_names_the_help():
    for size in ((80, 24), (120, 40)):
        drawn = Sitting("deed boardwalk", "", prepare=middle, screen=size).run().split("\x1b[H")[1:]
        assert "? explains everything; q leaves, and the game is kept." in drawn[0] and "? explains" not in drawn[1]


def test_a_long_wait_is_explained(monkeypatch):
    for patience, said in ((0.0, 1), (1e9, 0)):
        monkeypatch.setattr("agent.play.session._PATIENCE", patience)
        for size in ((80, 24), (120, 40)):
            text = Sitting(prepare=middle, screen=size, seats="random,me,random").run()
            assert text.count("The others are thinking ...") == said
        assert "thinking" not in Sitting(prepare=middle, seats="random,me,random").run()


def test_help_fits_a_small_window():
    from agent.play.help import HELP

    assert max(map(len, HELP.split("\n"))) <= 79


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
