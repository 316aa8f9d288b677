"""A Keras agent that learns Monopoly: networks, learners, players, and the files they live in.

    from agent import Training, TrainConfig, Player, advice, play_match, evaluate, save_model, load_model, as_batch

docs/API.md says what each of these returns. `import agent` starts neither TensorFlow nor Keras: a name is looked up when it
is used first.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.evaluation.match import play_match
    from agent.evaluation.plan import evaluate
    from agent.learning.config import TrainConfig
    from agent.learning.trainer import Training
    from agent.players.batching import as_batch
    from agent.players.model_file import load_model, save_model
    from agent.players.network import Player
    from monopoly_env.batch.history import play_history

_PLACES = {
    "Player": "agent.players.network",
    "TrainConfig": "agent.learning.config",
    "Training": "agent.learning.trainer",
    "advice": "agent.players.advice",
    "as_batch": "agent.players.batching",
    "evaluate": "agent.evaluation.plan",
    "load_model": "agent.players.model_file",
    "play_history": "monopoly_env.batch.history",
    "play_match": "agent.evaluation.match",
    "save_model": "agent.players.model_file",
}
__all__ = sorted(_PLACES)


def __getattr__(name: str) -> object:
    """Return one of the names above from its module."""
    if name not in _PLACES:
        raise AttributeError(f"module 'agent' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
