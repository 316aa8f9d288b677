"""What the engine refuses and in which words, and the sums that stand behind the state of a player."""

import numpy as np
import pytest

from monopoly_env.actions import BUILD, PASS, Action, IllegalActionError
from monopoly_env.engine.engine import apply
from monopoly_env.rules.deal import deal_is_legal
from monopoly_env.rules.property import net_worth

from .situations import asks, bits, comes_to_manage, gone, lands, play, stands_still, table


def refused(game, action, text):
    """Check that an action is refused with this text and changes nothing."""
    before = game.tobytes()
    with pytest.raises(IllegalActionError) as error:
        apply(game, action)
    assert str(error.value) == text
    assert game.tobytes() == before


def test_a_refusal_names_action_seat_phase_and_what_is_legal():
    game = lands(table(), "Baltic Avenue")
    refused(game, BUILD, "BUILD is not legal for seat 0 in PURCHASE on brown. Legal: PASS, BUY.")


def test_nothing_is_legal_where_no_decision_waits():
    game = play(lands(table(2), "Baltic Avenue"), PASS, PASS, PASS)
    assert stands_still(game)
    refused(game, PASS, "PASS is not legal: the game waits for no decision.")


@pytest.mark.parametrize("action", [-1, 7, 100, 1.0, "BUY", None, True, np.float32(1), [1]])
def test_an_action_is_an_integer_from_0_to_6(action):
    game = lands(table(), "Baltic Avenue")
    refused(game, action, f"An action is an integer from 0 to 6. Received: {action!r}")


def test_r47_a_deal_needs_two_living_players_and_a_title():
    game = table(3, owns={0: "Baltic Avenue"})
    assert deal_is_legal(game, 0, 1, bits("Baltic Avenue"), 0, -50)
    assert not deal_is_legal(game, 0, 1, 0, 0, 50)
    assert not deal_is_legal(game, 0, 0, bits("Baltic Avenue"), 0, -50)
    assert not deal_is_legal(game, 0, 3, bits("Baltic Avenue"), 0, -50)
    gone(game, 1)
    assert not deal_is_legal(game, 0, 1, bits("Baltic Avenue"), 0, 0)
    assert not deal_is_legal(game, 1, 0, 0, bits("Baltic Avenue"), 0)


def test_a_person_ends_its_turn_by_passing():
    game = comes_to_manage(table(2, turns=2, owns={1: "everything else"}, people=[0]))
    asks(game, 0, "MANAGE")
    for action in (Action.BUILD, Action.MORTGAGE, Action.TRADE):
        refused(game, action, f"{action.name} is not legal for seat 0 in MANAGE. Legal: PASS.")
    play(game, PASS)
    assert game.turn == 1


def test_net_worth_is_cash_titles_and_buildings():
    game = table(
        owns={0: "light blue, Boardwalk, Water Works"}, built={"light blue": (4, 4, 5)}, mortgaged="Boardwalk", cash={0: 77}
    )
    assert net_worth(game, 0) == 77 + (100 + 100 + 120) + 200 + 150 + 13 * 50
    assert net_worth(game, 1) == 1500
