"""The compiled code that a table of people, agents and bots needs, loaded or compiled before anybody waits for it."""

from __future__ import annotations

from agent.play.players import load_players
from agent.play.setup import Wishes, make_setup
from agent.play.table import Table
from monopoly_env.batch.batch import GameBatch
from monopoly_env.bots import BOTS, RANDOM
from monopoly_env.compiled.jit import note_compiled
from monopoly_env.observation import observe

_TURNS = 60  # long enough for every kind of decision


def warm_up(whole: bool, searching: bool) -> None:
    """Play a little.

    Args:
        whole: a game with everything in it, so that all of it is compiled; else one turn, to load what is on disk.
        searching: the tables on which a searcher plays out games as well.
    """
    setup = make_setup(Wishes(seats=f"landlord,{BOTS[RANDOM]}", seed=0, max_turns=_TURNS if whole else 1))
    table = Table(setup, load_players(setup))
    table.play_on()
    observe(table.game, 0)
    if whole:
        note_compiled("game")
    if searching:
        GameBatch([[RANDOM, RANDOM]], to_the_end=True).begin([0])
