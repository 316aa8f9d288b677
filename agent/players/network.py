"""A trained network as a player: states in, legal actions out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.learning.config import HEADS
from agent.learning.masking import among_legal, log_probabilities, masked_argmax, masked_softmax
from agent.players.batching import as_batch, as_masks
from agent.players.model_file import DEFAULT_MODEL, ModelError, agreed_head, check_model, load_model, read_metadata
from agent.players.numpy_network import Forward, NumpyNetwork, UnsupportedNetworkError
from monopoly_env.actions import ACTION_COUNT, Action
from monopoly_env.decision.decision import Decision, decision_of
from monopoly_env.observation import STATE_SIZE, observe

if TYPE_CHECKING:
    from monopoly_env.batch.game_batch import GameBatch


class Player:
    """Plays with any Keras network `(None, 23) -> (None, 7)`: it takes the legal action with the largest number.

    The weights are copied: a player stays as strong as its model was when it was made.

    Args:
        model: the network; built here if it has never been called.
        metadata: what is known about the model, kept as `player.metadata`.
        head: what the 7 numbers are, "softmax" (probabilities) or "linear" (values, logits). Taking the best action needs no
            head, drawing one does. Default: by the last layer, where that is a softmax or a linear one.

    Attributes:
        head: "softmax", "linear", or None: not said, and the last layer does not tell.

    Raises:
        ModelError: the model does not fit.
    """

    def __init__(self, model: Any, metadata: dict[str, Any] | None = None, head: str | None = None) -> None:
        head = check_model(model, "The model", head)
        try:
            forward: Forward = NumpyNetwork.from_model(model)
        except UnsupportedNetworkError:
            forward = _frozen(model)
        self._set(forward, head, metadata or {})

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None, head: str | None = None) -> Player:
        """Return a player from a model file; None takes the one that ships with the package.

        A plain stack of layers, such as `build_policy` makes, is read without starting TensorFlow. `head` as in the class.

        Raises:
            ModelError: missing or damaged file, a model of other shapes, or made for another state layout.
        """
        path = DEFAULT_MODEL if path is None else Path(path)
        metadata = read_metadata(path)
        said = agreed_head(metadata.get("head"), head, str(path))
        try:
            network = NumpyNetwork.from_file(path)
            shape = network(np.zeros((1, 23), np.float32)).shape
        except ImportError:
            raise
        except Exception:
            # Unusual or damaged alike: Keras can run it or says what is wrong with it.
            return cls(load_model(path), metadata, said)
        found = network.head if network.head in HEADS else None
        if shape != (1, ACTION_COUNT):
            return cls(load_model(path), metadata, said)
        player = cls.__new__(cls)
        player._set(network, agreed_head(found, said, str(path)), metadata)
        return player

    def _set(self, forward: Forward, head: str | None, metadata: dict[str, Any]) -> None:
        self._forward = forward
        self.head = head
        self.metadata = metadata

    def action_values(self, state: Any) -> np.ndarray:
        """Return the network's 7 numbers for one state, float32 `(7,)`, unmasked; `head` says what they are.

        Args:
            state: 23 numbers; see `as_batch`.

        Raises:
            ValueError: not exactly one state.
        """
        return self._forward(_one(state))[0]  # (7,)

    def outputs(self, states: Any) -> np.ndarray:
        """Return the network's numbers for n states, float32 `(n, 7)`, unmasked; `states` as in `as_batch`."""
        return self._forward(as_batch(states))

    def act(
        self,
        state: Any,
        action_mask: Any,
        rng: np.random.Generator | None = None,
        temperature: float = 1.0,
    ) -> int:
        """Return a legal action: the best one, or a drawn one where `rng` is given.

        Args:
            state: 23 numbers; see `as_batch`.
            action_mask: 7 numbers, non-zero = legal.
            rng: draw from the network's distribution over the legal actions.
            temperature: of the draw; lower is greedier. A linear head's values need one well below 1.

        Raises:
            ValueError: not exactly one state, a mask of another shape or of no numbers, no legal action, or a draw without
                a head.
        """
        shape = np.shape(action_mask)
        if shape != (ACTION_COUNT,):
            raise ValueError(f"One decision needs an action mask of shape ({ACTION_COUNT},). Received: {shape}")
        return int(self.batch(_one(state), [action_mask], rng, temperature)[0])

    def ask(self, decision: Decision) -> Decision:
        """Return a decision whose `state` is known, with the network's numbers and the legal action that it takes."""
        outputs = self.action_values(decision.state)  # (7,)
        numbers = outputs.astype(np.float64)
        if self.head == "softmax":
            numbers = among_legal(numbers, decision.mask)
        action = Action(int(masked_argmax(outputs, decision.mask)))
        head = self.head or "linear"  # what does not say it is a probability is shown as a plain number
        return replace(decision, outputs=outputs, numbers=numbers, head=head, action=action)

    def decide(self, game: np.record, mask: Any = None) -> Decision:
        """Return the decision that waits in `game` as the network takes it; `mask` as in `decision_of`.

        Raises:
            ValueError: the game waits for none, or the mask leaves nothing.
        """
        return self.ask(replace(decision_of(game, mask), state=observe(game)))

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return what the seats that decide at those tables see, float32 `(n, 23)`."""
        return batch.episodes["state"][rows]

    def batch(
        self,
        states: Any,
        masks: Any,
        rng: np.random.Generator | None = None,
        temperature: float = 1.0,
    ) -> np.ndarray:
        """Return one legal action per state, int32 `(n,)`.

        Args:
            states: `(n, 23)`; see `as_batch`.
            masks: `(n, 7)`, non-zero = legal.
            rng: draw instead of taking the best.
            temperature: of the draw.

        Raises:
            ValueError: states or masks of another shape or of something else than numbers, a row without legal action, a
                temperature not above 0, or a draw without a head.
        """
        states = as_batch(states)
        masks = as_masks(masks, len(states))  # (n, 7)
        outputs = self._forward(states)  # (n, 7)
        if rng is None:
            return masked_argmax(outputs, masks).astype(np.int32)
        if not temperature > 0:
            raise ValueError(f"temperature must be above 0. Received: {temperature}")
        if self.head is None:
            raise ValueError(
                "Drawing actions needs to know what a network's 7 numbers are, and the last layer of this one does not tell: "
                'say Player(model, head="linear") or head="softmax", or save it by save_model(model, path, head=...).'
            )
        scores = log_probabilities(outputs) if self.head == "softmax" else outputs
        cumulative = masked_softmax(scores.astype(np.float64), masks, temperature).cumsum(axis=-1)  # (n, 7)
        drawn = rng.random((len(states), 1)) * cumulative[:, -1:]
        return (cumulative <= drawn).sum(axis=-1).astype(np.int32)


def _one(state: Any) -> np.ndarray:
    batch = as_batch(state)  # (1, 23)
    if len(batch) != 1:
        raise ValueError(f"One state is needed here; use batch() for several. Received: {len(batch)} states")
    return batch


def _frozen(model: Any) -> _FrozenGraph:
    """Return a network that is no plain stack of layers as a graph of TensorFlow, its weights copied into it."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    from agent.learning.keras_setup import load_keras

    tf, _ = load_keras()
    # Traced once, here: TensorFlow takes many functions from one place for one that is traced again and again, and warns.
    traced = tf.function(lambda states: tf.cast(model(states, training=False), tf.float32))
    concrete = traced.get_concrete_function(tf.TensorSpec((None, STATE_SIZE), tf.float32))
    frozen = convert_variables_to_constants_v2(concrete)
    graph = frozen.graph.as_graph_def().SerializeToString()
    return _FrozenGraph(graph, frozen.inputs[0].name, frozen.outputs[0].name)


class _FrozenGraph:
    """A network of TensorFlow that is bytes when it is pickled, and needs no class of the model's author to run."""

    def __init__(self, graph: bytes, source: str, target: str) -> None:
        from agent.learning.keras_setup import load_keras

        tf, _ = load_keras()
        self._parts = graph, source, target
        definition = tf.compat.v1.GraphDef.FromString(graph)
        wrapped = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(definition, name=""), [])
        self._tensor = tf.constant
        self._call = wrapped.prune(source, target)

    def __call__(self, states: np.ndarray) -> np.ndarray:
        """Return the network's output for a float32 batch, `(n, 23) -> (n, 7)`."""
        return self._call(self._tensor(states)).numpy()

    def __reduce__(self) -> tuple:
        """Travel as the bytes of the graph."""
        return _FrozenGraph, self._parts


__all__ = ["ModelError", "Player"]
