"""Who plays: from what a user writes (`landlord`, `agent`, `runs/x/model.keras`), or a Keras model, to a bot or a network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.players.model_file import MODELS, ModelError
from agent.players.network import Player
from agent.players.playouts import Participant
from agent.players.search import Searcher
from monopoly_env.bots import BOTS

SHIPPED = {"agent": "monopoly", "agent-softmax": "monopoly", "agent-linear": "monopoly_linear"}
SEARCHER = "searcher"  # the shipped agent, looking ahead


def participant(name: Any) -> Participant:
    """Return the bot or the network behind `name`.

    Args:
        name: a bot, one of the shipped agents ("agent", "agent-softmax", "agent-linear"), "searcher", the path of a
            `.keras` file or of a run's folder; in a program also a Keras model, or a `Player`, which is returned as it is.

    Raises:
        ModelError: none of these, or a model that does not fit; one line.
    """
    if callable(getattr(name, "batch", None)):
        return name
    if not isinstance(name, str | Path):
        return Player(name)
    name = str(name).strip()
    if name in BOTS:
        return name
    if name == SEARCHER:
        return Searcher(Player.load())
    return Player.load(model_path(name, (*BOTS, SEARCHER)))


def network(name: str) -> Player:
    """Return the network behind `name`, which must be no bot and no "searcher".

    Raises:
        ModelError: it is one, or see `participant`.
    """
    if name.strip() in (*BOTS, SEARCHER):
        raise ModelError(f"Only a network can be asked: give an agent, a run's folder or a .keras file. Received: {name!r}")
    return Player.load(model_path(name))


def model_path(name: str, bots: Iterable[str] = ()) -> Path:
    """Return the model file that `name` stands for: a shipped agent's, a run's or the path itself.

    Args:
        name: as a user writes it.
        bots: what else could have been meant, for the message.

    Raises:
        ModelError: none of these. Whether there is such a file is not looked at.
    """
    name = name.strip()
    if name in SHIPPED:
        return MODELS / f"{SHIPPED[name]}.keras"
    path = Path(name)
    if name and path.is_dir():
        path = path / "model.keras"
    if path.suffix != ".keras":
        known, kind = ", ".join([*bots, *SHIPPED]), "player" if bots else "network"
        raise ModelError(f"Unknown {kind}. Expected one of {known}, a run's folder or a .keras file. Received: {name!r}")
    return path


def participants(names: str) -> dict[str, Participant]:
    """Return what the names (with commas between them) stand for, in their order; the same name is loaded once.

    Raises:
        ModelError: see `participant`; or no name at all.
    """
    listed = split_names(names)
    if not listed:
        raise ModelError(f"Expected names of players with commas between them. Received: {names!r}")
    return {name: participant(name) for name in listed}


def split_names(names: str) -> list[str]:
    """Return the names in a text with commas between them, in their order."""
    return [part.strip() for part in names.split(",") if part.strip()]
