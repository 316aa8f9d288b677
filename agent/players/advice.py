"""One call for any program: what each legal action does in a position, and what a player thinks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from agent.players.registry import participant
from monopoly_env.actions import Action
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.bots import ask_bot, bot_number
from monopoly_env.decision.decision import Decision, decision_of
from monopoly_env.situation.situation import Situation


class BotChooser:
    """A bot by name, asked like a ``Player`` (by the game itself, not the 23 floats); it has no numbers to tell."""

    def __init__(self, name: str) -> None:
        self._number = bot_number(name)

    def decide(self, game: np.record, mask: Any = None) -> Decision:
        """Return the decision that waits in ``game`` as the bot takes it; ``mask`` as in ``decision_of``."""
        decision = decision_of(game, mask)
        return replace(decision, action=Action(ask_bot(game, decision.mask, self._number)))

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return the games at those tables, copies ``(n,)`` of dtype ``GAME``."""
        return np.array(batch.games[rows])

    def batch(
        self, games: np.ndarray, masks: np.ndarray, rng: np.random.Generator | None = None, temperature: float = 1.0
    ) -> np.ndarray:
        """Return one legal action per game, int ``(n,)``."""
        return np.array([ask_bot(game, mask, self._number) for game, mask in zip(games, masks, strict=True)])


def asked(who: Any) -> Any:
    """Return whoever can be asked in place of a participant: of a bot by name a ``BotChooser``."""
    return BotChooser(who) if isinstance(who, str) else who


def advice(position: Situation | Mapping[str, Any] | np.record, player: Any = "agent", mask: Any = None) -> Decision:
    """Return the decision that waits in a position: what each legal action does, and what ``player`` thinks of it and takes.

    Args:
        position: a situation, the same as a dict (``Situation.from_dict``), or a game record.
        player: who is asked (``agent.players.registry.participant``). Whoever asks often hands over a ``Player`` that is
            loaded once.
        mask: 7 numbers, 0: not to be done where the game is played; None: whatever is legal here.

    Returns:
        A decision; ``action`` is taken, ``outcomes`` says what each action does in titles and dollars, ``ranked`` has the
        player's numbers, the best first (of a bot: none).

    Raises:
        NoDecisionError: the rules leave nothing to decide there.
        SituationError: the position is wrong.
        ModelError: an unknown player.
        ValueError: a game record that waits for no decision, or a mask that leaves nothing.
    """
    who = asked(participant(player))
    if isinstance(position, Mapping):
        position = Situation.from_dict(position)
    game = position.game(seed=0) if isinstance(position, Situation) else position
    return who.decide(game, mask)
