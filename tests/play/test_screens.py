"""The screens, as golden texts; `python -m tests.play.screens` writes them anew after a change that is meant."""

import io
import re

import pytest
from rich.console import Console

from agent.play.screen import build_screen, layout_for

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


@pytest.mark.parametrize("size", [(80, 24), (81, 25), (100, 30), (119, 60), (120, 40), (133, 41), (200, 60), (300, 100)])
@pytest.mark.parametrize("answers", [(), ("deal", "1"), ("build",), ("mortgage",)])
def test_a_screen_fits_its_window_and_shows_every_choice(size, answers):
    view = view_of(end_of_turn if answers else middle, answers, **{**FOUR, "seats": "me,fp-a,fp-b,landlord"})
    lines = build_screen(view, *size).split("\n")
    assert len(lines) == size[1] - 1, "the last line is left to the prompt"
    assert all(line.cell_len <= size[0] - 1 for line in lines)
    text = "\n".join(line.plain for line in lines)
    for number, choice in enumerate(view.question.choices, start=1):
        words = (choice.short or choice.text).split(" (")[0][:20]
        assert re.search(rf"{number} {re.escape(words)}", text), choice.text


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


def test_help_fits_a_small_window():
    from agent.play.reference import HELP

    assert max(map(len, HELP.split("\n"))) <= 79
