"""The situations of the golden screens, and the script that writes them anew: `python -m tests.play.screens`."""

import sys
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
sys.path.insert(0, str(Path(__file__).parents[1]))

import io  # noqa: E402

from rich.console import Console  # noqa: E402
from rules.situations import at, gives, has, holds_jail_card, jailed, load_dice, mortgaged, stands_on  # noqa: E402

from agent.play.screen import View, build_screen  # noqa: E402

if __package__ == "play":
    from play.sitting import Sitting
else:
    from tests.play.sitting import Sitting


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


FOUR = {"seats": "me,agent,agent,landlord", "seed": 3}
EIGHT = {"seats": "me,agent,agent,landlord,fp-a,fp-b,fp-c,random", "seed": 3}
SCREENS = {
    "full": ((120, 40), middle, FOUR, ()),
    "full_wide": ((170, 45), end_of_turn, FOUR, ()),
    "full_ascii": ((120, 40), middle, FOUR, ()),
    "full_eight": ((120, 40), crowded, EIGHT, ()),
    "full_draft": ((120, 40), end_of_turn, FOUR, ("deal", "1", "1 4", "cash 50")),
    "compact": ((80, 24), middle, FOUR, ()),
    "compact_eight": ((80, 24), crowded, EIGHT, ()),
    "compact_wide": ((110, 30), end_of_turn, FOUR, ("build",)),
    "compact_page": ((80, 24), end_of_turn, FOUR, ("deal", "1")),
    "plain": (None, middle, FOUR, ("1", "1")),
}


def view_of(prepare, answers, **options) -> View:
    """Return the view that a person sees after giving ``answers``."""
    sitting = Sitting(*answers, prepare=prepare, screen=(120, 40), **options)
    views = []
    show = sitting.terminal.show

    def remember(view):
        views.append(view)
        show(view)

    sitting.terminal.show = remember
    sitting.run()
    views[-1].status = "Seed 3, saved in games/test.jsonl"
    return views[-1]


def draw(name: str) -> str:
    """Return a golden screen as text without colours."""
    size, prepare, options, answers = SCREENS[name]
    options = {**options, "seats": options["seats"].replace("agent", "fp-a")}
    if size is None:
        return Sitting(*answers, prepare=prepare, **options).run()
    text = build_screen(view_of(prepare, answers, **options), *size, unicode=name != "full_ascii")
    console = Console(file=io.StringIO(), width=size[0], height=size[1], color_system=None, legacy_windows=False)
    console.print(text)
    return "\n".join(line.rstrip() for line in console.file.getvalue().split("\n"))


if __name__ == "__main__":
    import os
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for each in SCREENS:
            (GOLDEN / f"{each}.txt").write_text(draw(each), encoding="utf-8")
            print(GOLDEN / f"{each}.txt")
