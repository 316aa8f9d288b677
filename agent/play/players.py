"""The players that are not people: what they choose, and what they thought of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from agent.learning.masking import among_legal
from agent.play.errors import PlayError
from agent.play.setup import NETWORKS, PERSON, Setup
from agent.players.model_file import DEFAULT_MODEL, ModelError
from agent.players.network import Player
from agent.players.registry import SEARCHER, model_path
from agent.players.search import Searcher
from monopoly_env.actions import Action
from monopoly_env.bots import ask_bot, bot_number
from monopoly_env.observation import observe

MODELS_HINT = "train one with scripts/train.py, pass --model PATH, or seat bots: --seats me,landlord,landlord,landlord"


@dataclass(frozen=True)
class Thought:
    """A decision of a player: what it was about, what went into the network and what came out (None for a bot)."""

    turn: int
    seat: int
    about: str  # the decision in words: a noun
    chose: str  # the action in words: a verb
    action: int
    mask: np.ndarray  # int8 (7,)
    state: np.ndarray | None  # float32 (23,)
    values: np.ndarray | None  # float32 (7,)
    head: str = ""

    def ranked(self) -> list[tuple[str, float]]:
        """Return ``(action name, number)`` of the legal actions, best first: probabilities, or values for a linear head."""
        if self.values is None:
            return []
        numbers = legal_numbers(self.values, self.mask, self.head)
        legal = np.flatnonzero(self.mask)
        order = legal[np.argsort(-numbers[legal], kind="stable")]
        return [(Action(int(action)).name, float(numbers[action])) for action in order]

    def summary(self) -> str:
        """Return the numbers on one line: "BUY 97 %, PASS 3 %"."""
        return ", ".join(f"{name} {number_text(number, self.head)}" for name, number in self.ranked())


def legal_numbers(values: np.ndarray, mask: np.ndarray, head: str) -> np.ndarray:
    """Return the seven numbers as they are played by: probabilities shared out among the legal actions, values, or chances."""
    return among_legal(values, mask) if head == "softmax" else values


def number_text(number: float, head: str) -> str:
    """Return a probability or a chance to win as "97 %", or a value as "+0.412"."""
    return f"{number:+.3f}" if head == "linear" else f"{100 * number:.0f} %"


class Chooser(Protocol):
    """Chooses an action at a decision."""

    def choose(self, game: np.record, mask: np.ndarray) -> tuple[int, np.ndarray | None, np.ndarray | None]:
        """Return ``(action, state, values)``; state and values are None for a bot."""
        ...


class BotChooser:
    """A scripted player."""

    def __init__(self, name: str) -> None:
        self._number = bot_number(name)

    def choose(self, game: np.record, mask: np.ndarray) -> tuple[int, None, None]:
        """See ``Chooser``."""
        return ask_bot(game, mask, self._number), None, None


class NetworkChooser:
    """A trained network; it takes the best legal action, so the same game brings the same decisions."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.head = player.head

    def choose(self, game: np.record, mask: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
        """See ``Chooser``."""
        state = observe(game)  # (23,)
        return self.player.act(state, mask), state, self.player.action_values(state)


class SearchChooser:
    """A trained network that plays every choice out before it decides (``Searcher``); its values are chances to win."""

    def __init__(self, network: NetworkChooser) -> None:
        self.network = network
        self.searcher = Searcher(network.player)
        self.head = self.searcher.head

    def choose(self, game: np.record, mask: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
        """See ``Chooser``."""
        outlook = self.searcher.outlook(game)
        return outlook.action, observe(game), outlook.chances


def load_players(setup: Setup) -> dict[int, Chooser]:
    """Return the choosers by seat, people left out; a model that several seats share is read once.

    Raises:
        PlayError: a model is missing or does not fit.
    """
    networks: dict[str | None, NetworkChooser] = {}
    choosers: dict[int, Chooser] = {}
    for number, seat in enumerate(setup.seats):
        if seat.kind in NETWORKS:
            if seat.model not in networks:
                networks[seat.model] = load_network(seat.model)
            network = networks[seat.model]
            choosers[number] = SearchChooser(network) if seat.kind == SEARCHER else network
        elif seat.kind != PERSON:
            choosers[number] = BotChooser(seat.kind)
    return choosers


def load_network(model: str | None) -> NetworkChooser:
    """Return the network in a model file, a run's folder, or of a shipped agent by name (None: the shipped one).

    Raises:
        PlayError: it is missing or does not fit.
    """
    try:
        return NetworkChooser(Player.load(None if model is None else model_path(model)))
    except ModelError as error:
        hint = f" To play: {MODELS_HINT}." if model is None else ""
        raise PlayError(f"{str(error).rstrip('.')}.{hint}") from error


def load_coach(choosers: dict[int, Chooser], model: str | None = None) -> NetworkChooser | None:
    """Return the network that advises people: the first agent's at the table, else ``model``, else the shipped one or None.

    Raises:
        PlayError: ``model`` is missing or does not fit.
    """
    for chooser in choosers.values():
        if isinstance(chooser, NetworkChooser):
            return chooser
        if isinstance(chooser, SearchChooser):
            return chooser.network
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


def head_of(chooser: Any) -> str:
    """Return the head of a network, "search" for a searcher, or "" for a bot."""
    return getattr(chooser, "head", "")
