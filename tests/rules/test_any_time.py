"""Chapter "When players manage": R60."""

import pytest

from monopoly_env.actions import BUILD, BUY, PASS
from monopoly_env.engine import free_moves
from monopoly_env.game import new_game

from .situations import answers, asks, comes_to_manage, gives, has, jailed, lands, legal, play, refuses, roll, table, title


def test_r60_both_is_a_stop_before_the_roll_and_one_at_the_end():
    game = roll(table(manage="both", owns={0: "brown"}, at={0: "Just Visiting"}), (4, 6))
    asks(game, 0, "MANAGE", "brown")
    assert game.position[0] == 10
    play(game, BUILD, PASS)
    assert game.position[0] == 20
    asks(game, 0, "MANAGE", "brown")
    assert game.houses[:2].tolist() == [0, 1]


def test_r60_end_is_the_default_and_nothing_else_is_an_option():
    game = roll(table(owns={0: "brown"}, at={0: "Just Visiting"}), (4, 6))
    assert game.position[0] == 20
    with pytest.raises(ValueError, match=r"manage must be one of end, both. Received: 'start'"):
        new_game(2, 0, manage="start")


def test_r60_in_jail_too_and_a_dropped_house_leaves_the_way_out_open():
    game = roll(table(manage="both", owns={0: "red, Short Line"}, cash={0: 60}, jailed={0: 0}), (4, 6))
    answers(game, 0, "MANAGE", "red", BUILD, PASS)
    answers(game, 0, "JAIL", BUY)
    assert game.position[0] == 20 and game.cash[0] == 10


def test_r60_after_doubles_there_is_no_stop_before_the_next_roll():
    game = play(roll(table(manage="both", owns={0: "brown"}, at={0: "Just Visiting"}), (5, 5), (1, 2)), PASS)
    assert game.dice.tolist() == [1, 2]


def everything(game):
    """Let the seat that is asked, of which the game knows that it is a person's, do all that it may do."""
    for move, name in (
        (free_moves.mortgage, "Short Line"),
        (free_moves.redeem, "Water Works"),
        (free_moves.build, "Baltic Avenue"),
        (free_moves.sell, "Baltic Avenue"),
    ):
        before = [int(game[field]) for field in ("phase", "actor", "table_group", "turn", "turns")]
        move(game, title(name))
        assert [int(game[field]) for field in ("phase", "actor", "table_group", "turn", "turns")] == before


@pytest.mark.parametrize("kind", ["PURCHASE", "AUCTION", "JAIL", "OFFER"])
def test_r60_a_person_manages_whenever_it_is_asked_and_is_asked_again(kind):
    seat = int(kind in ("AUCTION", "OFFER"))
    game = table(2, owns={seat: "brown, Short Line, Water Works"}, mortgaged="Water Works")
    if kind == "JAIL":
        jailed(game, 0)
        roll(game, (4, 6))
    elif kind == "OFFER":
        gives(game, 0, "Reading Railroad", "Boardwalk")
        game.manual[0] = 1
        comes_to_manage(game)
        free_moves.propose(game, 1, [title("Boardwalk")], [], -400)
    else:
        lands(game, "Boardwalk")
        play(game, *[PASS] * seat)
    asks(game, seat, kind)
    everything(game)
    assert game.cash[seat] == 1500 + 100 - 83 - 50 + 25
    play(game, BUY, *[PASS] * (kind == "AUCTION"))
    assert kind == "JAIL" or game.owner[title("Boardwalk")] == seat


@pytest.mark.parametrize("kind", ["PURCHASE", "JAIL"])
def test_r60_a_deal_may_come_first(kind):
    game = table(2, owns={0: "Short Line"}, jailed={0: 0} if kind == "JAIL" else {})
    game = roll(game, (4, 6)) if kind == "JAIL" else lands(game, "Boardwalk")
    asks(game, 0, kind)
    free_moves.propose(game, 1, [title("Short Line")], [], -150)
    asks(game, 1, "OFFER", "railroads")
    free_moves.propose(game, 0, [], [title("Short Line")], 100)  # an answer by another offer refuses the first
    answers(game, 0, "OFFER", "railroads", BUY)
    asks(game, 0, kind)
    assert game.owner[title("Short Line")] == 1 and game.cash[0] == 1600 and legal(game) == {"PASS", "BUY"}


def test_r60_deals_wait_for_the_end_of_an_auction():
    game = play(lands(table(2, owns={0: "Short Line"}), "Boardwalk"), PASS, BUY)
    refuses(game, "Now: AUCTION", free_moves.propose, 1, [title("Short Line")], [], -1500)


def test_r60_what_can_no_longer_be_paid_has_passed():
    game = play(lands(table(3, owns={1: "green"}, cash={1: 205}), "Boardwalk"), PASS)
    free_moves.build(game, title("Pennsylvania Avenue"))  # leaves $5
    asks(game, 2, "AUCTION")
    gives(game, 2, "green")
    has(game, 2, 100)
    refuses(game, r"costs .200; seat 2 has .100.*R36", free_moves.build, title("Pacific Avenue"))
    game = comes_to_manage(table(2, owns={0: "Boardwalk", 1: "brown"}, cash={1: 420}, people=[0]))
    free_moves.propose(game, 1, [title("Boardwalk")], [], -400)
    free_moves.build(game, title("Baltic Avenue"))  # leaves $370: the offer counts as refused
    asks(game, 0, "MANAGE")
    assert game.owner[title("Boardwalk")] == 0 and game.offer_from == -1
