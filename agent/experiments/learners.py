"""Learners that differ from the project's in one thing, for experiments. Importing this module starts TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.learning.config import TrainConfig
from agent.learning.keras_setup import load_keras
from agent.learning.learner import Learner
from agent.learning.network import LOGITS
from agent.learning.ppo import PPO
from agent.learning.q_lambda import QLambda
from monopoly_env.actions import ACTION_COUNT

_, keras = load_keras()

EPSILON, EPSILON_FINAL = 1.0, 0.02
_GREEDY = 1e-4  # a temperature at which the best action is all but certain


class SigmoidQ(QLambda):
    """The network of the question that started it all: Dense(150), Dense(7, sigmoid), mean squared error, Adam(0.2)."""

    def build_model(self, config: TrainConfig) -> Any:
        """Return `(batch, 23) -> (batch, 7)` with a sigmoid on every output."""
        keras.utils.set_random_seed(config.seed)
        state = keras.Input((self.inputs,), name="state")
        x = keras.layers.Dense(config.hidden[0], activation="relu", name="hidden_1")(state)
        x = keras.layers.Dense(ACTION_COUNT, name=LOGITS)(x)
        return keras.Model(state, keras.layers.Activation("sigmoid", name="action_values")(x))

    def build_scores(self) -> Any:
        """Return the model itself: its outputs are the action values."""
        return self.model


class EpsilonGreedyQ(QLambda):
    """Q(lambda) that explores by epsilon-greedy: any legal action with a chance that falls in a straight line."""

    def act(self, states: np.ndarray, masks: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Take the best action, or with chance epsilon any legal one. See `Learner.act`; `logp` is not that of the draw."""
        temperature, self.temperature = self.temperature, _GREEDY
        chosen = super().act(states, masks, rng)
        self.temperature = temperature
        falling = min(self.progress / self.config.temperature_fraction, 1.0)
        epsilon = EPSILON + (EPSILON_FINAL - EPSILON) * falling
        exploring = rng.random(len(states)) < epsilon
        anything = (rng.random(masks.shape) * (masks != 0)).argmax(axis=1)
        return chosen | {"action": np.where(exploring, anything, chosen["action"]).astype(np.int32)}


def ranking(learner: Learner) -> Any:
    """Return the network whose largest output is the action that the learner thinks best."""
    if isinstance(learner, SigmoidQ):  # a sigmoid changes no order, but rounds large values to 1
        return keras.Model(learner.model.input, learner.model.get_layer(LOGITS).output)
    return learner.scores


def of_width(learner: type, width: int) -> type:
    """Return ``learner`` for states of another width."""
    return type(learner.__name__, (learner,), {"inputs": width})


LEARNERS = {"ppo": PPO, "q_lambda": QLambda, "sigmoid": SigmoidQ, "epsilon_greedy": EpsilonGreedyQ}
