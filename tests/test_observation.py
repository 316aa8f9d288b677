"""The 23 floats: worked by hand in single situations, and the documents that are written from their declaration."""

import numpy as np
import pytest
from rules.situations import asks, at, comes_to_manage, group, has, lands, roll, table, title

from monopoly_env import FEATURES, MonopolyEnv, MonopolyVectorEnv, observe
from monopoly_env.actions import MANAGE
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.decision.asked import purchase_shares
from monopoly_env.game import MANAGING
from monopoly_env.observation import (
    CASH,
    CASH_AFTER,
    CASH_LEFT,
    FACTS,
    GAIN,
    MINE,
    RIVALS,
    STATE_SIZE,
    STRENGTH,
    WEALTH,
    write_facts,
)
from monopoly_env.rules.deal import put_offer
from monopoly_env.strength.exposure import danger
from monopoly_env.strength.holdings import new_holdings
from monopoly_env.strength.strength import shares_by_deal


def squash(dollars):
    """x / (|x| + 500), once more."""
    return dollars / (abs(dollars) + 500)


def test_the_declaration_has_23_floats_in_the_order_of_the_state():
    names = [feature.name for feature in FEATURES]
    assert len(names) == len(set(names)) == STATE_SIZE == 23
    assert (names[0], names[MINE + 7]) == ("mine[brown]", "mine[dark_blue]")
    assert (names[RIVALS], names[19]) == ("rivals[brown]", "rivals[utilities]")
    assert names[CASH_AFTER:] == ["cash_after", "strength", "gain"]


def test_at_the_start_nobody_holds_anything():
    state = observe(table(), 2)
    assert state.dtype == np.float32 and not state[:20].any()
    assert state[CASH_AFTER] == pytest.approx(1500 / 2000)
    assert state[STRENGTH] == pytest.approx(0.25) and state[GAIN] == 0


@pytest.mark.parametrize(
    ("situation", "side", "name", "hold"),
    [
        ({"owns": {0: "Oriental Avenue, Vermont Avenue"}, "mortgaged": "Vermont Avenue"}, MINE, "light blue", 0.5 * 1.5 / 3),
        ({"owns": {0: "Reading Railroad, Short Line"}, "mortgaged": "Short Line"}, MINE, "railroads", 1.5 / 4),
        ({"owns": {0: "Electric Company"}}, MINE, "utilities", 0.5),
        ({"owns": {0: "orange"}, "built": {"orange": (2, 2, 3)}}, MINE, "orange", 0.5 + 0.1 * 7 / 3),
        ({"owns": {0: "dark blue"}, "built": {"dark blue": 5}}, MINE, "dark blue", 1.0),
        # the strongest living rival counts
        ({"owns": {1: "Kentucky Avenue", 2: "Indiana Avenue, Illinois Avenue"}}, RIVALS, "red", 0.5 * 2 / 3),
        ({"owns": {1: "Kentucky Avenue", 0: "Indiana Avenue, Illinois Avenue"}}, RIVALS, "red", 0.5 / 3),
    ],
)
def test_holds_of_a_group(situation, side, name, hold):
    assert observe(table(**situation), 0)[side + group(name)] == pytest.approx(hold)


def test_strengths_add_up_to_one_and_grow_with_what_is_owned():
    game = table(3, owns={0: "orange", 1: "Kentucky Avenue"})
    shares = [observe(game, seat)[STRENGTH] for seat in range(3)]
    assert sum(shares) == pytest.approx(1) and shares[0] > shares[1] > shares[2]
    has(game, 2, 5000)
    assert observe(game, 2)[STRENGTH] > shares[2]


def test_the_bankrupt_have_no_strength_and_the_last_player_has_all():
    game = table(2, out=[1])
    assert observe(game, 0)[STRENGTH] == pytest.approx(1) and observe(game, 1)[STRENGTH] == 0


def test_gain_compares_the_shares_after_no_and_after_yes():
    game = lands(table(owns={0: "St. James Place, Tennessee Avenue"}, cash={0: 1000}), "New York Avenue")
    no, yes = purchase_shares(game, 0, new_holdings())
    contrast = (yes - no) / (yes + no)
    assert contrast > 0.1 and observe(game)[GAIN] == pytest.approx(contrast / (contrast + 0.1))
    assert observe(game, 1)[GAIN] == 0  # it is not asked


def test_a_bad_deal_has_a_negative_gain_and_a_good_one_a_positive():
    gains = []
    for cash in (-100, 900):
        game = table(owns={0: "St. James Place, Tennessee Avenue", 1: "New York Avenue"})
        game.stage, game.phase, game.turn, game.actor = MANAGING, MANAGE, 0, 0
        put_offer(game, 0, 1, 0, (1 << title("New York Avenue")), cash, -1)
        gains.append(float(observe(game, 1)[GAIN]))
    assert gains[0] < 0 < gains[1]


def test_gain_of_a_building_is_the_rent_that_arriving_rivals_pay_more_for_each_dollar():
    game = comes_to_manage(table(2, owns={0: "orange"}))
    asks(game, 0, "MANAGE", "orange")
    at(game, 1, "St. Charles Place")  # 5 squares before St. James, 7 before Tennessee, 8 before New York Avenue
    visitors = (4 + 6 + 5) / 36
    rise = visitors * (80 - 2 * 16) / 100  # New York Avenue first: from twice $16 to $80, a house is $100
    assert observe(game)[GAIN] == pytest.approx(rise / (rise + 1))
    at(game, 1, "GO")
    assert observe(game)[GAIN] == 0  # nobody can come by the next roll


def test_the_expected_rent_of_the_next_roll_is_taken_from_the_cash():
    # 31: 6 squares before Park Place (37), 8 before Boardwalk (39)
    game = table(2, owns={1: "dark blue"}, at={0: "Pacific Avenue"})
    rent = (5 * 2 * 35 + 5 * 2 * 50) / 36
    assert observe(game, 0)[CASH_AFTER] == pytest.approx(squash(1500 - rent))


def test_a_purchase_marks_the_group_and_shows_the_cash_after_it():
    game = lands(table(cash={0: 700}), "Boardwalk")
    asks(game, 0, "PURCHASE", "dark blue")
    state = observe(game)
    assert state[MINE + group("dark blue")] == pytest.approx(1.0)
    assert state[CASH_AFTER] == pytest.approx(squash(300))
    other = observe(game, 1)
    assert other[MINE + group("dark blue")] == 0 and other[CASH_AFTER] == pytest.approx(squash(1500))


def test_a_price_above_the_cash_shows_what_is_missing():
    game = lands(table(owns={0: "green"}, cash={0: 300}), "Boardwalk")
    assert observe(game)[CASH_AFTER] == pytest.approx(squash(-100))


def test_the_jail_decision_marks_no_group_and_has_no_gain():
    game = roll(table(jailed={0: 0}), (1, 2))
    asks(game, 0, "JAIL")
    state = observe(game)
    assert (state[:20] == 0).all() and state[CASH_AFTER] == pytest.approx(squash(1450)) and state[GAIN] == 0


def test_a_deal_marks_the_group_wanted_and_the_group_given():
    mine, theirs = "St. James Place, Tennessee Avenue, Kentucky Avenue", "New York Avenue, Indiana Avenue, Illinois Avenue"
    game = table(owns={0: mine, 1: theirs})
    game.refusals[0, group("orange")] = 2
    comes_to_manage(game)
    asks(game, 0, "MANAGE", "orange")
    state = observe(game)
    cash = int(game.cash[0])
    assert state[MINE + group("orange")] == pytest.approx(1 + 0.5 * 2 / 3)
    gets, gives_away = (1 << title("New York Avenue")), (1 << title("Kentucky Avenue"))
    deal = shares_by_deal(game, 0, 1, gets, gives_away, -80, new_holdings())
    before, after, other_before, other_after = deal
    assert state[STRENGTH] == pytest.approx(before) and after > before
    gains = [(yes - no) / (yes + no) for no, yes in ((before, after), (other_before, other_after))]
    gains = [gain / (abs(gain) + 0.1) for gain in gains]
    assert state[GAIN] == pytest.approx(gains[0])
    assert state[RIVALS + group("red")] == pytest.approx(1.5 + 0.5 * gains[1]) and gains[1] > 0
    assert state[CASH_AFTER] == pytest.approx(squash(cash - (300 - 220) - danger(game, 0)))


def test_a_debt_shows_as_cash_that_is_short():
    game = lands(table(owns={0: "Kentucky Avenue, Indiana Avenue"}, cash={0: 50}), "Income Tax")
    asks(game, 0, "LIQUIDATE", "red")
    state = observe(game)
    assert state[CASH_AFTER] == pytest.approx(squash(50 - 200))
    assert state[MINE + group("red")] == pytest.approx(1 + 0.5 * 2 / 3)


@pytest.mark.parametrize("players", [2, 5, 8])
def test_the_state_in_a_running_game_is_the_one_that_observe_gives(players):
    batch = GameBatch([[-1] * players] * 50)
    batch.begin(list(range(50)))
    rng = np.random.default_rng(players)
    for _ in range(150):
        masks = batch.episodes["mask"]
        actions = np.array([rng.choice(np.flatnonzero(mask)) for mask in masks])
        batch.step(actions, 2)
        for number in range(0, 50, 7):
            assert np.array_equal(batch.episodes["state"][number], observe(batch.games[number]))


# The facts alone


def facts(game, seat):
    state = np.zeros(STATE_SIZE, np.float32)
    write_facts(game, seat, state, new_holdings())
    return state


def test_the_facts_say_what_lies_on_the_table_and_judge_nothing():
    game = table(owns={0: "Oriental Avenue, Vermont Avenue", 1: "Boardwalk"}, cash={0: 900})
    lands(game, "Connecticut Avenue")
    asks(game, 0, "PURCHASE", "light blue")
    state = facts(game, 0)
    assert state[MINE + group("light blue")] == pytest.approx(1 + 0.5 * 2 / 3)
    assert state[RIVALS + group("dark blue")] == pytest.approx(0.5 * 1 / 2)
    assert state[CASH] == pytest.approx(900 / 1400)
    assert state[WEALTH] == pytest.approx((900 + 200) / (900 + 200 + 1500 + 400 + 2 * 1500))
    assert state[CASH_LEFT] == pytest.approx(squash(900 - 120))
    assert len(FACTS) == STATE_SIZE and [feature.name for feature in FACTS[20:]] == ["cash", "wealth", "cash_after"]


def test_in_a_deal_the_facts_mark_both_groups():
    game = comes_to_manage(table(owns={0: "Oriental Avenue, Boardwalk", 1: "Vermont Avenue"}))
    put_offer(game, 1, 0, 1 << title("Vermont Avenue"), 1 << title("Boardwalk"), 250, -1)
    state = facts(game, 0)
    assert state[MINE + group("light blue")] == pytest.approx(1 + 0.5 / 3)
    assert state[RIVALS + group("dark blue")] == pytest.approx(1)
    assert state[CASH_LEFT] == pytest.approx(squash(1500 + 250))


def test_games_and_rewards_are_the_same_whatever_is_shown():
    told = {}
    for observation in ("assessed", "facts"):
        envs = MonopolyVectorEnv(20, opponents="fp-a", observation=observation, autoreset_mode="SameStep", max_turns=60)
        single = MonopolyEnv(opponents="fp-a", observation=observation, max_turns=60)
        states, info = envs.reset(seed=3)
        assert np.array_equal(single.reset(seed=3)[0], states[0])
        rng, rows, finals = np.random.default_rng(0), [], []
        for _ in range(150):
            actions = (rng.random((20, 7)) * info["action_mask"]).argmax(1)
            states, rewards, terminated, truncated, info = envs.step(actions)
            assert all(envs.single_observation_space.contains(state) for state in states)
            finals += [final for final in info.get("final_obs", ()) if final is not None]
            rows.append((rewards.tolist(), terminated.tolist(), truncated.tolist(), info["action_mask"].tolist()))
        assert finals and all(single.observation_space.contains(final) for final in finals)
        told[observation] = rows
    assert told["assessed"] == told["facts"]
