"""Games shown event by event: the board of each event, and keys that steer."""

import numpy as np
import pytest

from agent.play.keys import NoKeys
from agent.play.players import load_players
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from agent.play.terminal import Leave
from agent.play.watching import Show, live_events


class Screen:
    """Remembers what it is shown."""

    screen = True

    def __init__(self):
        self.seen = []
        self.views = []

    def skip(self, events):
        self.skipped = events

    def show(self, view):
        self.views.append(view)
        self.seen.append((view.story[-1].event, view.game.cash.copy(), view.game.owner.copy(), view.keys))


class Keys(NoKeys):
    """Presses keys one after the other; then none."""

    def __init__(self, *pressed):
        self.pressed = list(pressed)
        self.waits = []

    def wait(self, seconds):
        self.waits.append(seconds)
        return self.pressed.pop(0) if self.pressed else ""


def table(turns=40):
    setup = make_setup(Wishes("landlord,fp-a,random", seed=3, max_turns=turns))
    return Table(setup, load_players(setup))


def test_the_last_picture_is_the_end_of_the_game():
    game, screen, saved = table(), Screen(), []
    Show(game.setup, screen, Keys(), 1000.0).run(live_events(game, 0, lambda: saved.append(len(game.rows))))
    assert [number for number, *_ in screen.seen] == [*range(len(game.rows)), len(game.rows) - 1]
    _, cash, owner, keys = screen.seen[-1]
    assert (cash == game.game.cash).all() and (owner == game.game.owner).all()
    assert keys == "That is the end. Press any key."
    assert saved[-1] == len(game.rows)
    changes = [(one[1] != other[1]).sum() for one, other in zip(screen.seen, screen.seen[1:], strict=False)]
    assert max(changes) <= 3 and np.count_nonzero(changes) > 20, "money moves event by event"


def test_what_has_been_seen_is_not_shown_again():
    game = table()
    before = list(game.rows)
    for _ in range(30):
        game.step()
    before, screen = list(game.rows), Screen()
    Show(game.setup, screen, Keys(), 0.0).run(live_events(game, len(before), lambda: None), before)
    assert screen.skipped == len(before) and screen.seen[0][0] >= len(before)
    assert (screen.seen[-1][1] == game.game.cash).all()


def test_keys_pause_step_change_the_speed_and_leave():
    game, screen = table(), Screen()
    keys = Keys(" ", "n", "n", "+", "+", "-", " ", "x", "q")
    with pytest.raises(Leave):
        Show(game.setup, screen, keys, 16.0).run(live_events(game, 0, lambda: None))
    assert keys.waits[1] is None, "paused: it waits for a key, however long"
    told = [keys.split("   (")[-1] for *_, keys in screen.seen]
    for words in ("16 a second)", "paused)"):
        assert words in told
    assert any("32 a second" in keys or "paused" in keys for *_, keys in screen.seen)
    assert screen.seen[-1][0] >= 2


def test_speeds():
    from agent.play.watching import _changed

    assert [_changed(speed, "+") for speed in (0.25, 2.0, 32.0, 64.0, 0.0)] == [0.5, 4.0, 64.0, 0.0, 0.0]
    assert [_changed(speed, "-") for speed in (0.25, 2.0, 64.0, 0.0)] == [0.25, 1.0, 32.0, 64.0]
