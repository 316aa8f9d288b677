"""The whole screen in situations: keys in, text out. `python -m tests.play.screens` draws docs/images/play.svg."""

import asyncio
import html
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from rules.situations import at, gives, has, holds_jail_card, jailed, load_dice, mortgaged, stands_on  # noqa: E402

from agent.play.full_screen import FullScreen  # noqa: E402
from agent.play.widgets import Page  # noqa: E402

if __package__ == "play":
    from play.sitting import Sitting
else:
    from tests.play.sitting import Sitting

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (160, 50)
_SVG_TEXT = re.compile(r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"[^>]*>([^<]*)</text>')


def middle(game):
    """Four players in the middle of a game; seat 0 lands on Boardwalk."""
    at(game, 0, 36)
    load_dice(game, (1, 2))
    gives(game, 0, "Park Place", "orange", "Short Line")
    gives(game, 1, "light blue", "States Avenue", "Reading Railroad")
    gives(game, 2, "Kentucky Avenue", "Electric Company")
    stands_on(game, "orange", 2, 2, 3)
    stands_on(game, "light blue", 5, 4, 5)
    mortgaged(game, "Short Line", "States Avenue")
    has(game, 0, 762)
    has(game, 1, 91)
    at(game, 1, 24)
    at(game, 2, 24)
    holds_jail_card(game, 1)
    jailed(game, 2)


def end_of_turn(game):
    """The same table; seat 0 comes to the end of its turn on Free Parking."""
    middle(game)
    at(game, 0, 10)
    load_dice(game, (4, 6))


def crowded(game):
    """Eight players, all on one square, one after the other with titles."""
    end_of_turn(game)
    for seat in range(3, game.players):
        at(game, seat, 20)


FOUR = {"seats": "me,fp-a,fp-b,landlord", "seed": 3}
EIGHT = {"seats": "me,fp-a,fp-b,landlord,fp-a,fp-b,fp-c,random", "seed": 3}


def text_of(svg):
    """What a picture of a screen says, line by line."""
    lines = {}
    for x, y, length, text in _SVG_TEXT.findall(svg):
        text = html.unescape(text).replace("\xa0", " ")
        width = float(length) / len(text)
        line = lines.setdefault(float(y), [])
        line += [" "] * (round(float(x) / width) - len(line)) + list(text)
    return "\n".join("".join(lines[y]).rstrip() for y in sorted(lines))


class Watched(FullScreen):
    """Counts the questions that were asked."""

    asks = 0

    def ask(self):
        self.asks += 1
        return super().ask()


class Seat:
    """A person before the whole screen: presses keys, reads what is there."""

    def __init__(self, pilot, front):
        self.pilot, self.app, self.front = pilot, pilot.app, front

    async def until(self, ready, what):
        """Wait until ``ready`` holds."""
        for _ in range(1000):
            await self.pilot.pause(0.01)
            if ready():
                return
        raise AssertionError(f"not {what}:\n{self.read()}")

    async def asked(self, number=1):
        """Wait for a question, from this number on, and for the line of keys below it."""

        def ready():
            drawn = self.app.is_running and self.app.screen_stack[0].query("FooterKey")
            return (self.front.asks >= number and self.app.asking and drawn) or not self.app.is_running

        await self.until(ready, "asked")

    async def answer(self, *keys):
        """Answer one question after the other by a key, or by a line that is typed."""
        await self.asked()
        for key in keys:
            asks = self.front.asks
            line = ["space" if letter == " " else letter for letter in key]
            await self.pilot.press(*(line if len(key) == 1 else [*line, "enter"]))
            await self.asked(asks + 1)

    async def page(self):
        """Wait for a page."""
        await self.until(lambda: isinstance(self.app.screen, Page), "a page")

    async def still(self):
        """Wait until the screen stands still; return what it says."""
        before, text = "", self.read()
        while before != text:
            await self.pilot.pause(0.05)
            before, text = text, self.read()
        return text

    def svg(self):
        return self.app.export_screenshot(title="Monopoly", simplify=True)

    def read(self):
        return text_of(self.svg())


def play(act, size=SMALL, *, game=None, moving=False, **options):
    """Let ``act``, which gets the ``Seat``, do something at a table (see ``Sitting``); return the ``Sitting``."""

    async def sit():
        async with front.app.run_test(size=size) as pilot:
            await act(Seat(pilot, front))

    front = Watched(moving=moving)
    sitting = Sitting(terminal=front, **options)
    with front.playing(game or sitting.session.run) as begun:
        asyncio.run(sit())
    sitting.finished = begun[0].result()
    return sitting


def screen_after(*answers, size=SMALL, **options):
    """What is on the screen after some answers: keys, or lines."""
    seen = []

    async def act(seat):
        await seat.answer(*answers)
        seen.append(await seat.still())

    play(act, size, **options)
    return seen[0]


async def _draw(seat):
    await seat.asked()
    (ROOT / "docs" / "images" / "play.svg").write_text(seat.svg(), encoding="utf-8")


if __name__ == "__main__":
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        play(_draw, MIDDLE, prepare=middle, network="agent", coach=True, **FOUR)
