"""A complete, fast Monopoly environment: ``gymnasium.make("monopoly_env:Monopoly-v0")``.

from monopoly_env import new_game, advance, legal_actions, apply, observe   # one game, by hand
env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord")
envs = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=4096)
"""

import gymnasium

from monopoly_env.actions import Action, IllegalActionError, Phase
from monopoly_env.bots import BOTS
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.envs.single import MonopolyEnv
from monopoly_env.envs.vector import MonopolyVectorEnv
from monopoly_env.game import GAME, HOUSE_RULES, RULES_VERSION, new_game, new_games
from monopoly_env.observation import FEATURES, LAYOUT_VERSION, observe

__version__ = "0.1.0"

__all__ = [
    "BOTS",
    "FEATURES",
    "GAME",
    "HOUSE_RULES",
    "LAYOUT_VERSION",
    "RULES_VERSION",
    "Action",
    "IllegalActionError",
    "MonopolyEnv",
    "MonopolyVectorEnv",
    "Phase",
    "__version__",
    "advance",
    "apply",
    "legal_actions",
    "new_game",
    "new_games",
    "observe",
]

gymnasium.register(
    id="Monopoly-v0",
    entry_point="monopoly_env.envs.single:MonopolyEnv",
    vector_entry_point="monopoly_env.envs.vector:MonopolyVectorEnv",
)
