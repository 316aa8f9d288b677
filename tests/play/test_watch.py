"""Games shown step by step: the board as it stands after each step, and keys that steer."""

from pathlib import Path

import numpy as np
import pytest

from agent.play.game_file import GameFile, read
from agent.play.players import load_players
from agent.play.setup import Options, Wishes, make_setup
from agent.play.table import Table
from agent.play.terminal import Leave
from agent.play.watch import Show, live, replayed

PATH = Path("game.jsonl")


class Screen:
    """A front of the session's: remembers what it is shown, and presses keys one after the other; then none."""

    screen = True

    def __init__(self, *pressed):
        self.seen = []
        self.pressed = list(pressed)
        self.waits = []

    def skip(self, events):
        self.skipped = events

    def show(self, view):
        new = [line.event for line in view.story if line.event >= view.fresh]
        game = view.game
        state = (game.cash.copy(), game.owner.copy(), game.position.copy())
        self.seen.append((new, *state, view.keys))

    def key(self, seconds):
        self.waits.append(seconds)
        return self.pressed.pop(0) if self.pressed else ""


def laid(turns=40, settled=False):
    """A table of bots, and its file."""
    setup = make_setup(Wishes("landlord,fp-a,random", seed=3, max_turns=turns))
    table = Table(setup, load_players(setup), settled=settled)
    return table, GameFile(PATH, table, Options())


def test_every_step_is_shown_on_the_board_as_it_stands_then():
    (table, file), screen = laid(), Screen()
    Show(table, screen, 1000.0).run(live(table, file))
    shown = [event for new, *_ in screen.seen[:-1] for event in new]
    assert shown == list(range(len(table.rows))), "each event once, in order"
    *_, cash, owner, _, keys = screen.seen[-1]
    assert (cash == table.game.cash).all() and (owner == table.game.owner).all()
    assert keys == "That is the end. Press any key."
    changes = [(one[1] != other[1]).sum() for one, other in zip(screen.seen, screen.seen[1:], strict=False)]
    assert max(changes) <= 3 and np.count_nonzero(changes) > 20, "money moves step by step"
    moves = [(one[3] != other[3]).sum() for one, other in zip(screen.seen, screen.seen[1:], strict=False)]
    assert max(moves) == 1, "one token at a time"
    assert max(len(new) for new, *_ in screen.seen) <= 6


def test_a_replay_shows_what_watching_showed():
    (table, file), watched, again = laid(), Screen(), Screen()
    Show(table, watched, 1000.0).run(live(table, file))
    file.save()
    saved = read(PATH)
    replay = Table(saved.setup, {}, settled=False)
    Show(replay, again, 1000.0).run(replayed(replay, saved))
    assert replay.rows == table.rows and replay.game.tobytes() == table.game.tobytes()
    for one, other in zip(watched.seen, again.seen, strict=True):
        assert one[0] == other[0] and all((a == b).all() for a, b in zip(one[1:4], other[1:4], strict=True))


def test_what_has_been_seen_is_not_shown_again():
    (table, file), screen = laid(settled=True), Screen()
    for _ in range(30):
        table.step()
    before = len(table.rows)
    Show(table, screen, 0.0).run(live(table, file))
    assert screen.skipped == before and screen.seen[0][0][0] >= before
    assert (screen.seen[-1][1] == table.game.cash).all()


def test_keys_pause_step_change_the_speed_and_leave():
    (table, file), screen = laid(), Screen(" ", "n", "n", "+", "+", "-", " ", "x", "q")
    with pytest.raises(Leave):
        Show(table, screen, 16.0).run(live(table, file))
    assert screen.waits[1] is None, "paused: it waits for a key, however long"
    told = [keys.split("   (")[-1] for *_, keys in screen.seen]
    for words in ("16 a second)", "paused)"):
        assert words in told
    assert any("32 a second" in keys or "paused" in keys for *_, keys in screen.seen)
    assert screen.seen[-1][0][0] >= 2


def test_so_many_events_a_second():
    (table, file), screen = laid(), Screen(*["n"] * 10, "q")
    with pytest.raises(Leave):
        Show(table, screen, 2.0).run(live(table, file))
    assert screen.waits[0] == pytest.approx(len(screen.seen[0][0]) / 2, abs=0.1)


def test_a_game_that_is_left_in_the_middle_of_a_turn_goes_on_as_if_it_had_not_been():
    (table, file), (whole, _) = laid(), laid(settled=True)
    file.save()
    whole.play_on()
    for keys in (["n"] * 7, ["n"] * 20):
        with pytest.raises(Leave):
            Show(table, Screen(*keys, "q"), 1.0).run(live(table, file))
        table.settle()
        GameFile(PATH, table, Options()).save()
        table = read(PATH).play()
        table.choosers = load_players(table.setup)
        file = GameFile(PATH, table, Options(), read(PATH))
    table.play_on()
    assert table.rows == whole.rows and table.game.tobytes() == whole.game.tobytes()


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("+", 0.25, "0.5"), ("+", 32.0, "64"), ("+", 64.0, "no pause"), ("-", 2.0, "1"), ("-", 0.25, "0.25"), ("-", 64.0, "32")],
)
def test_speeds(key, before, after):
    (table, file), screen = laid(), Screen(key, "q")
    with pytest.raises(Leave):
        Show(table, screen, before).run(live(table, file))
    assert after in screen.seen[-1][-1]
