"""Events alone keep a second record in step with the game: the board of --watch and --replay is the real one."""

import numpy as np
import pytest
from rules.situations import at, bank_has, gives, has, holds_jail_card, load_dice, mortgaged, stands_on

from agent.play.players import load_players
from agent.play.replica import follow, replica_of
from agent.play.setup import Wishes, make_setup
from agent.play.story import full_story, short_story
from agent.play.table import Table
from monopoly_env.board import TITLE_NAMES
from monopoly_env.events import take_events
from monopoly_env.game import GAME, new_game
from monopoly_env.rules.engine import advance, apply

SHOWN = [
    "turn",
    "turns",
    "alive",
    "cash",
    "position",
    "jailed",
    "jail_rolls",
    "owner",
    "houses",
    "mortgaged",
    "houses_left",
    "hotels_left",
]
SHOWN += ["pot", "jail_card_holder", "deck_size", "over", "winner"]


def same(one, other):
    for name in SHOWN:
        assert (np.asarray(one[name]) == np.asarray(other[name])).all(), name


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rules", ["", "free_parking_pot,double_salary"])
def test_a_whole_game(seed, rules):
    seats = ",".join(("random", "landlord", "fp-a", "fp-b", "landlord", "fp-c")[: 2 + seed])
    setup = make_setup(Wishes(seats, seed=seed, house_rules=rules, max_turns=300))
    table = Table(setup, load_players(setup))
    replica = replica_of(len(setup.seats), setup.house_rules, setup.starting_cash, setup.max_turns)
    told = 0
    while True:
        for row in table.rows[told:]:
            follow(replica, row)
        told = len(table.rows)
        same(replica, table.game)
        if table.over:
            break
        table.step()


def test_a_hotel_sold_while_the_bank_is_short_of_houses():
    game = new_game(2, seed=0, max_turns=1)
    at(game, 0, 35)
    load_dice(game, (1, 2))  # luxury tax
    gives(game, 0, "orange")
    stands_on(game, "orange", 5, 5, 5)
    has(game, 0, 0)
    bank_has(game, houses=1)
    replica, before = np.array(game, GAME)[()], int(game.houses.sum())
    game.logging = 1
    advance(game)
    apply(game, 3)
    advance(game)
    for row in game.event[: game.events]:
        follow(replica, row)
    assert before - game.houses.sum() > 1, "one sale took several levels"
    assert (replica.houses == game.houses).all() and (replica.cash == game.cash).all()


def test_a_bankruptcy_to_the_bank():
    game = new_game(3, seed=0, max_turns=1)
    at(game, 0, 1)
    load_dice(game, (1, 2))  # income tax
    gives(game, 0, "railroads", "Boardwalk")
    mortgaged(game, "Boardwalk", *TITLE_NAMES[22:26])
    holds_jail_card(game, 0)
    has(game, 0, 50)
    replica = np.array(game, GAME)[()]
    game.logging = 1
    while not game.over:
        advance(game)
        for row in take_events(game):
            follow(replica, row)
        if game.phase:
            apply(game, 0)
    assert not game.alive[0] and not game.mortgaged.any()
    replica.turn = game.turn  # passed on at the cap, which no event tells
    same(replica, game)


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
