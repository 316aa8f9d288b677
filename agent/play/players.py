"""The players that are not people, and the network that is the coach."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from agent.files.command import command
from agent.play.errors import PlayError
from agent.play.setup import NETWORKS, PERSON, Setup
from agent.players.advice import BotChooser
from agent.players.model_file import DEFAULT_MODEL, ModelError
from agent.players.network import Player
from agent.players.playouts import Decider
from agent.players.registry import SEARCHER, model_path
from agent.players.search import Searcher, without_search

MODELS_HINT = f"train one with {command('train')}, pass --model PATH, or seat bots: --seats me,landlord,landlord,landlord"


def load_players(setup: Setup) -> dict[int, Decider]:
    """Return the players by seat, people left out; a model that several seats share is read once.

    Raises:
        PlayError: a model is missing or does not fit.
    """
    networks: dict[str | None, Player] = {}
    choosers: dict[int, Decider] = {}
    for number, seat in enumerate(setup.seats):
        if seat.kind in NETWORKS:
            if seat.model not in networks:
                networks[seat.model] = load_network(seat.model)
            network = networks[seat.model]
            choosers[number] = Searcher(network) if seat.kind == SEARCHER else network
        elif seat.kind != PERSON:
            choosers[number] = BotChooser(seat.kind)
    return choosers


def load_network(model: str | None) -> Player:
    """Return the network in a model file, a run's folder, or of a shipped agent by name (None: the shipped one).

    Raises:
        PlayError: it is missing or does not fit.
    """
    try:
        return Player.load(None if model is None else model_path(model))
    except ModelError as error:
        hint = f" To play: {MODELS_HINT}." if model is None else ""
        raise PlayError(f"{str(error).rstrip('.')}.{hint}") from error


def load_coach(choosers: dict[int, Decider], model: str | None = None) -> Player | None:
    """Return the network that advises people: the first agent's at the table, else ``model``, else the shipped one or None.

    Raises:
        PlayError: ``model`` is missing or does not fit.
    """
    for chooser in choosers.values():
        if isinstance(network := without_search(chooser), Player):
            return network
    if model is not None:
        return load_network(model)
    try:
        return load_network(None)
    except PlayError:
        return None


def model_prints(setup: Setup) -> list[str | None]:
    """Return a fingerprint of each seat's model file, so that a resumed game can tell whether an agent has changed."""
    return [_fingerprint(seat.model) if seat.kind in NETWORKS else None for seat in setup.seats]


@cache
def _fingerprint(model: str | None) -> str | None:
    try:
        path = DEFAULT_MODEL if model is None else model_path(model)
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
    except (ModelError, OSError):
        return None
