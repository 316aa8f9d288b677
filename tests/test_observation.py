"""The 23 floats: worked by hand in single situations, and the documents that are written from their declaration."""

from pathlib import Path

import numpy as np
import pytest
from rules.situations import (
    asks,
    at,
    comes_to_manage,
    gives,
    group,
    has,
    jailed,
    lands,
    mortgaged,
    roll,
    stands_on,
    table,
)

from monopoly_env import FEATURES, advance, observe, spaces
from monopoly_env.observation import CASH, CASH_AFTER, MINE, RIVALS, STATE_SIZE, WEALTH
from monopoly_env.tables import Tables

ROOT = Path(__file__).parents[1]


def squash(dollars):
    """x / (|x| + 500), once more."""
    return dollars / (abs(dollars) + 500)


def test_docs_spaces_is_what_the_code_declares():
    assert (ROOT / "docs" / "SPACES.md").read_text(encoding="utf-8") == spaces.document()


def test_the_declaration_has_23_floats_in_the_order_of_the_state():
    names = [feature.name for feature in FEATURES]
    assert len(names) == len(set(names)) == STATE_SIZE == 23
    assert (names[0], names[MINE + 7], names[RIVALS], names[19]) == (
        "mine[brown]",
        "mine[dark_blue]",
        "rivals[brown]",
        "rivals[utilities]",
    )
    assert names[CASH:] == ["cash", "wealth", "cash_after"]


def test_at_the_start_nobody_holds_anything():
    game = table()
    state = observe(game, 2)
    assert state.dtype == np.float32 and not state[:20].any()
    assert state[CASH] == pytest.approx(1500 / 2000) and state[WEALTH] == pytest.approx(0.25)
    assert state[CASH_AFTER] == state[CASH]


def test_holds_of_incomplete_groups_mortgages_and_railroads():
    game = table()
    gives(game, 0, "Oriental Avenue", "Vermont Avenue", "Reading Railroad", "Short Line", "Electric Company")
    mortgaged(game, "Vermont Avenue", "Short Line")
    state = observe(game, 0)
    assert state[MINE + group("light blue")] == pytest.approx(0.5 * 1.5 / 3)
    assert state[MINE + group("railroads")] == pytest.approx(1.5 / 4)
    assert state[MINE + group("utilities")] == pytest.approx(0.5)


def test_holds_of_complete_groups_grow_with_the_buildings():
    game = table()
    gives(game, 0, "orange", "dark blue")
    stands_on(game, "orange", 2, 2, 3)
    stands_on(game, "dark blue", 5, 5)
    state = observe(game, 0)
    assert state[MINE + group("orange")] == pytest.approx(0.5 + 0.1 * 7 / 3)
    assert state[MINE + group("dark blue")] == pytest.approx(1.0)


def test_the_strongest_living_rival_counts():
    game = table()
    gives(game, 1, "Kentucky Avenue")
    gives(game, 2, "Indiana Avenue", "Illinois Avenue")
    assert observe(game, 0)[RIVALS + group("red")] == pytest.approx(0.5 * 2 / 3)
    assert observe(game, 2)[RIVALS + group("red")] == pytest.approx(0.5 / 3)


def test_wealth_is_the_share_of_all_net_worth():
    game = table(2)
    has(game, 0, 1000)
    has(game, 1, 500)
    gives(game, 0, "Boardwalk")  # 400
    gives(game, 1, "Baltic Avenue")  # 60, mortgaged 30
    mortgaged(game, "Baltic Avenue")
    assert observe(game, 0)[WEALTH] == pytest.approx(1400 / 1930)


def test_a_purchase_marks_the_group_and_shows_the_cash_after_it():
    game = table()
    has(game, 0, 700)
    lands(game, "Boardwalk")
    asks(game, 0, "PURCHASE", "dark blue")
    state = observe(game)
    assert state[MINE + group("dark blue")] == pytest.approx(1.0)
    assert state[CASH] == pytest.approx(squash(700)) and state[CASH_AFTER] == pytest.approx(squash(300))
    other = observe(game, 1)
    assert other[MINE + group("dark blue")] == 0 and other[CASH_AFTER] == other[CASH]


def test_a_price_above_the_cash_shows_what_is_missing():
    game = table()
    has(game, 0, 300)
    gives(game, 0, "green")
    lands(game, "Boardwalk")
    state = observe(game)
    assert state[CASH_AFTER] == pytest.approx(squash(-100)) and state[CASH_AFTER] < 0


def test_the_jail_decision_marks_no_group():
    game = table()
    jailed(game, 0)
    advance(game)
    asks(game, 0, "JAIL")
    state = observe(game)
    assert (state[:20] == 0).all() and state[CASH_AFTER] == pytest.approx(squash(1450))


def test_a_deal_marks_the_group_wanted_and_the_group_given():
    game = table()
    gives(game, 0, "St. James Place", "Tennessee Avenue", "Kentucky Avenue")
    gives(game, 1, "New York Avenue", "Indiana Avenue", "Illinois Avenue")
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "orange")
    state = observe(game)
    cash = int(game.cash[0])
    assert state[MINE + group("orange")] == pytest.approx(1 + 0.5 * 2 / 3)
    assert state[RIVALS + group("red")] == pytest.approx(1 + 0.5 * 2 / 3)
    assert state[CASH_AFTER] == pytest.approx(squash(cash - (200 - 220)))


def test_a_debt_shows_as_cash_that_is_short():
    game = table()
    gives(game, 0, "Kentucky Avenue", "Indiana Avenue")
    has(game, 0, 50)
    at(game, 0, "GO")
    roll(game, (1, 3))  # income tax
    asks(game, 0, "LIQUIDATE", "red")
    state = observe(game)
    assert state[CASH_AFTER] == pytest.approx(squash(50 - 200))
    assert state[MINE + group("red")] == pytest.approx(1 + 0.5 * 2 / 3)


@pytest.mark.parametrize("players", [2, 5, 8])
def test_the_state_in_a_running_game_is_the_one_that_observe_gives(players):
    tables = Tables([[-1] * players] * 50)
    tables.begin(list(range(50)))
    rng = np.random.default_rng(players)
    for _ in range(150):
        masks = tables.tables["mask"]
        actions = np.array([rng.choice(np.flatnonzero(mask)) for mask in masks])
        tables.step(actions, 2)
        for number in range(0, 50, 7):
            assert np.array_equal(tables.tables["state"][number], observe(tables.games[number]))
