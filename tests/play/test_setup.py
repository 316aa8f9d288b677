"""Seats, names, models and rules from the command line."""

import pytest

from agent.play.errors import PlayError
from agent.play.players import load_coach, load_players, model_prints
from agent.play.setup import Setup, Wishes, describe, make_setup
from monopoly_env.board import STARTING_CASH
from monopoly_env.game import DEFAULT_MAX_TURNS


def test_the_usual_table():
    setup = make_setup(Wishes(seed=7))
    assert describe(setup) == "A You (me), B Ben (agent), C Cleo (agent), D Dan (agent)"
    assert (setup.starting_cash, setup.max_turns, setup.people) == (STARTING_CASH, DEFAULT_MAX_TURNS, (0,))
    game = setup.new_game()
    assert game.logging and list(game.manual[:4]) == [1, 0, 0, 0]


def test_every_kind_of_seat_and_every_number_of_players():
    kinds = ["me", "agent", "landlord", "fp-a", "fp-b", "searcher", "random", "me"]
    for count in range(2, 9):
        setup = make_setup(Wishes(seats=" , ".join(kinds[:count]).upper(), seed=1))
        assert [seat.kind for seat in setup.seats] == kinds[:count]
    assert setup.names == ("Player 1", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Player 2")


def test_names_fill_the_seats_in_order():
    assert make_setup(Wishes(names="Zoë,,Mr. X", seed=1)).names == ("Zoë", "Ben", "Mr. X", "Dan")


def test_models_by_seat():
    seats = "me,agent,landlord,searcher"
    assert [s.model for s in make_setup(Wishes(seats, models=["x"], seed=1)).seats] == [None, "x", None, "x"]
    assert [s.model for s in make_setup(Wishes(seats, models=["x", "y"], seed=1)).seats] == [None, "x", None, "y"]


def test_shipped_agents_by_name(tmp_path):
    players = load_players(make_setup(Wishes("me,agent,agent", models=["agent", "agent-linear"], seed=1)))
    assert [players[seat].head for seat in (1, 2)] == ["softmax", "linear"]
    assert load_coach({}, "agent-linear").head == "linear"
    prints = [
        model_prints(make_setup(Wishes("me,agent", models=models, seed=1)))[1] for models in ([], ["agent"], ["agent-linear"])
    ]
    assert prints[0] == prints[1] != prints[2] is not None
    with pytest.raises(
        PlayError, match=r"Unknown network\. Expected one of agent, agent-softmax, agent-linear, a run's folder"
    ):
        load_coach({}, "hal")


def test_a_seed_is_drawn_where_none_is_given():
    assert make_setup(Wishes()).seed != make_setup(Wishes()).seed


def test_a_setup_survives_being_written_down():
    setup = make_setup(Wishes("me,landlord", "A,B", [], 5, "no_trades, free_parking_pot", 900, 80))
    assert Setup.from_dict(setup.to_dict()) == setup
    assert Setup.from_dict(setup.to_dict()).new_game().tobytes() == setup.new_game().tobytes()
    with pytest.raises(PlayError, match="incomplete"):
        Setup.from_dict({"seats": []})


WRONG = [
    (Wishes(seats="me"), "Monopoly needs 2 to 8 seats. Received: --seats me (1)"),
    (Wishes(seats=""), "Monopoly needs 2 to 8 seats."),
    (Wishes(seats=",".join(["me"] * 9)), "Monopoly needs 2 to 8 seats."),
    (
        Wishes(seats="me,hal"),
        "A seat is one of me, agent, searcher, random, fp-a, fp-b, fp-c, landlord, gnome-fp-a",
    ),
    (Wishes(names="a,b,c,d,e"), "There are 4 seats. Received: --names with 5 names"),
    (Wishes(names="Ben"), "Every player needs a name of its own."),
    (Wishes(names="a" * 15), "A name has up to 14 letters"),
    (Wishes(names="a\tb"), "A name has up to 14 letters"),
    (Wishes(names="日本"), "A name has up to 14 letters"),
    (Wishes(models=["x", "y"]), "Give one --model for all agents, or one for each of the 3. Received: 2"),
    (
        Wishes("landlord,random", models=["x"]),
        "--model is for agents, searchers and a person's coach; here is none. Received: --model x",
    ),
    (Wishes(seed=-1), "A seed is a number from 0 to 2^63 - 1. Received: --seed -1"),
    (Wishes(house_rules="free_beer"), "--house-rules takes names out of free_parking_pot"),
    (Wishes(starting_cash=-1), "starting_cash must lie between 0 and 1,000,000 dollars. Received: -1"),
    (Wishes(max_turns=0), "max_turns must lie between 1 and 1,000,000. Received: 0"),
]


@pytest.mark.parametrize(("wishes", "said"), WRONG, ids=[said[:30] for _, said in WRONG])
def test_mistakes_are_one_clear_line(wishes, said):
    with pytest.raises(PlayError) as caught:
        make_setup(wishes)
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)


def test_a_model_that_is_missing(tmp_path):
    setup = make_setup(Wishes("me,agent", models=[str(tmp_path / "no.keras")], seed=1))
    with pytest.raises(PlayError, match="No model at"):
        load_players(setup)
    assert model_prints(setup) == [None, None]


def test_agents_with_one_model_share_it_and_the_coach_is_one_of_them(model, linear_model):
    setup = make_setup(Wishes("me,agent,agent,landlord", models=[model], seed=1))
    players = load_players(setup)
    assert players[1] is players[2] and set(players) == {1, 2, 3}
    assert load_coach(players) is players[1]
    assert load_coach({}, linear_model).head == "linear"
    with pytest.raises(PlayError):
        load_coach({}, "no.keras")
