"""The running game: the record, everything that has happened, and the players that are not people.

    table = Table(setup, load_players(setup))
    table.play_on()                     # until a person decides or the game is over
    table.decide(BUY)

Nothing here reads or prints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from agent.play.players import Chooser
from agent.play.setup import Setup
from monopoly_env.actions import MANAGE, Action
from monopoly_env.board import GROUP_OF
from monopoly_env.decision.decision import Decision, Outcome, decision_of, group_by_group, on_group
from monopoly_env.events import played_events
from monopoly_env.game import EVENT_WIDTH, NO_TRADES
from monopoly_env.observation import observe
from monopoly_env.rules import engine, free_moves

_KEPT_THOUGHTS = 400
_FREE_MOVES = {
    Action.BUILD: free_moves.build,
    Action.SELL: free_moves.sell,
    Action.MORTGAGE: free_moves.mortgage,
    Action.REDEEM: free_moves.redeem,
}


class Table:
    """A game with its players.

    Args:
        setup: seats and rules.
        choosers: the players by seat, people left out.
        game: a game under way (default: a new one).
        rows: its events so far, int32 ``(n, 7)``.
        records: the decisions of people so far, as far as a network could have made them: what the review compares.
    """

    def __init__(
        self,
        setup: Setup,
        choosers: Mapping[int, Chooser],
        game: np.record | None = None,
        rows: np.ndarray | None = None,
        records: list[Decision] | None = None,
    ) -> None:
        self.setup = setup
        self.names = setup.names
        self.choosers = dict(choosers)
        self.game = setup.new_game() if game is None else game
        self.rows: list[tuple[int, ...]] = [] if rows is None else [tuple(int(n) for n in row) for row in rows]
        self.records: list[Decision] = list(records or [])
        self.thoughts: deque[Decision] = deque(maxlen=_KEPT_THOUGHTS)
        self.bid_limits: dict[int, tuple[int, int]] = {}  # by seat: the title and the dollars up to which a person bids
        self.settle()

    @property
    def over(self) -> bool:
        """Whether the game is over."""
        return bool(self.game.over)

    @property
    def person(self) -> int:
        """The seat of the person that decides now, or -1."""
        seat = int(self.game.actor)
        return seat if self.game.phase and not self.over and seat not in self.choosers else -1

    @property
    def living_people(self) -> tuple[int, ...]:
        """The seats of the people that are still in the game."""
        return tuple(seat for seat in self.setup.people if self.game.alive[seat])

    def event_array(self) -> np.ndarray:
        """Return everything that has happened, int32 ``(n, 7)``."""
        return np.array(self.rows, np.int32).reshape(-1, EVENT_WIDTH)

    def settle(self) -> None:
        """Let the engine play on to the next decision or the end, and take its events."""
        events = played_events(self.game, lambda: engine.advance(self.game))
        self.rows += [tuple(row) for row in events.tolist()]

    def step(self) -> Decision:
        """Let the bot or agent that is asked decide, and play on to the next decision. Return what it thought."""
        thought = self.choosers[int(self.game.actor)].decide(self.game)
        self.thoughts.append(thought)
        engine.apply(self.game, thought.action)
        self.settle()
        return thought

    def play_on(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Play until a person decides, a person goes bankrupt, or the game is over.

        Args:
            meanwhile: called after each decision.
        """
        people = self.living_people
        while not self.over and self.living_people == people:
            if self.person >= 0:
                if not self._nothing_to_manage():
                    break
                engine.apply(self.game, Action.PASS)
                self.settle()
            else:
                self.step()
                meanwhile()

    def _nothing_to_manage(self) -> bool:
        """Whether the person that decides can do nothing but end its turn: it owns nothing, and so does everyone else."""
        game, seat = self.game, int(self.game.actor)
        if game.phase != MANAGE:
            return False
        owned = [int(owner) for owner in game.owner if owner >= 0]
        return seat not in owned and (not owned or bool(game.house_rules & NO_TRADES))

    def decide(self, action: int) -> None:
        """Carry out one of the seven actions for the person that decides, remember it, and play on."""
        if self.game.phase == MANAGE and self.game.manual[self.game.actor]:
            seen = [_seen(stop, Action.PASS) for stop in group_by_group(self.game)]
        else:
            seen = [_seen(self.game, Action(action))]
        engine.apply(self.game, action)
        self.records += seen
        self.settle()

    def do(self, outcome: Outcome) -> None:
        """Build, sell, mortgage or redeem on the title of ``outcome``, remember it, and play on.

        Raises:
            IllegalActionError: the rules forbid it; nothing has changed.
        """
        stop = on_group(self.game, int(GROUP_OF[outcome.title]))
        seen = _seen(stop, outcome.action, outcome) if stop is not None else None
        self.free_moves(_FREE_MOVES[outcome.action], outcome.title)
        if seen is not None:
            self.records.append(seen)

    def free_moves(self, act: Callable[..., None], *arguments: object) -> None:
        """Carry out one of the free acts of ``monopoly_env.rules.free_moves``, and play on.

        Args:
            act: the function, called with the game and ``arguments``.

        Raises:
            IllegalActionError: the rules forbid it; nothing has changed.
        """
        act(self.game, *arguments)
        self.settle()


def _seen(game: np.record, action: Action, outcome: Outcome | None = None) -> Decision | None:
    """Return what a person decided as a network in its place would have seen it; None where it could not have done that.

    Args:
        game: before the act.
        action: what was done.
        outcome: what it did, where a person may do more than the network: on any title of the group.
    """
    decision = decision_of(game)
    if action not in decision.outcomes:
        return None
    outcomes = decision.outcomes if outcome is None else decision.outcomes | {action: outcome}
    return replace(decision, state=observe(game), outcomes=outcomes, action=action)
