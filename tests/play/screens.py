"""The whole screen in situations: keys in, the text that is on the screen out. `python -m tests.play.screens` draws docs/images/play.svg."""

import asyncio
import html
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rules.situations import at, gives, has, holds_jail_card, jailed, load_dice, mortgaged, stands_on  # noqa: E402

from agent.play.full_screen import FullScreen  # noqa: E402

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


class Seat:
    """A person before the whole screen: presses keys, reads what is there."""

    def __init__(self, pilot):
        self.pilot = pilot
        self.app = pilot.app

    async def until(self, ready, what):
        """Wait until ``ready`` holds."""
        for _ in range(400):
            await self.pilot.pause(0.01)
            if ready():
                return
        raise AssertionError(f"not {what}:\n{self.read()}")

    async def asked(self):
        """Wait for the next question."""
        await self.until(lambda: self.app.asking or not self.app.is_running, "asked")

    async def press(self, *keys):
        """Press keys, each at a question of its own."""
        for key in keys:
            await self.asked()
            await self.pilot.press(key)
        await self.asked()

    async def type(self, line):
        """Type a command."""
        await self.asked()
        await self.pilot.press(*(key if key != " " else "space" for key in line), "enter")
        await self.asked()

    def svg(self):
        return self.app.export_screenshot(title="Monopoly", simplify=True)

    def read(self):
        return text_of(self.svg())


def play(act, size=SMALL, *, game=None, **options):
    """Let ``act``, which gets the ``Seat``, do something at a table (see ``Sitting``); return the ``Sitting``."""

    async def sit():
        async with front.app.run_test(size=size) as pilot:
            await act(Seat(pilot))

    front = FullScreen()
    sitting = Sitting(terminal=front, **options)
    with front.playing(game or sitting.session.run) as begun:
        asyncio.run(sit())
    sitting.finished = begun[0].result()
    return sitting


def screen_after(*keys, size=SMALL, **options):
    """What is on the screen after some keys; words of several letters are typed as commands."""
    seen = []

    async def act(seat):
        for key in keys:
            await (seat.type(key) if " " in key else seat.press(key))
        await seat.asked()
        seen.append(seat.read())

    play(act, size, **options)
    return seen[0]
