"""The running game: the record, everything that has happened, and the players that are not people.

    table = Table(setup, load_players(setup))
    table.play_on()                     # until a person decides or the game is over
    table.decide(BUY, "Park Place for $350", "buy it")

Nothing here reads or prints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from agent.play.players import Chooser, Thought, head_of
from agent.play.setup import Setup
from monopoly_env.actions import MANAGE, Action
from monopoly_env.events import played_events
from monopoly_env.game import EVENT_WIDTH, GAME, NO_TRADES
from monopoly_env.observation import observe
from monopoly_env.rules import engine
from monopoly_env.text import decisions as wording

_KEPT_THOUGHTS = 400


@dataclass(frozen=True)
class Record:
    """A decision of a person that the network could have made: what the review compares."""

    turn: int
    seat: int
    about: str
    chose: str  # what the person did, in words
    action: int
    state: np.ndarray  # float32 (23,)
    mask: np.ndarray  # int8 (7,)
    meanings: tuple[str, ...]  # what each of the seven actions would have done; "" for illegal ones


class Table:
    """A game with its players.

    Args:
        setup: seats and rules.
        choosers: the players by seat, people left out.
        game: a game under way (default: a new one).
        rows: its events so far, int32 ``(n, 7)``.
        records: the decisions of people so far.
    """

    def __init__(
        self,
        setup: Setup,
        choosers: Mapping[int, Chooser],
        game: np.record | None = None,
        rows: np.ndarray | None = None,
        records: list[Record] | None = None,
    ) -> None:
        self.setup = setup
        self.names = setup.names
        self.choosers = dict(choosers)
        self.game = setup.new_game() if game is None else game
        self.rows: list[tuple[int, ...]] = [] if rows is None else [tuple(int(n) for n in row) for row in rows]
        self.records: list[Record] = list(records or [])
        self.thoughts: deque[Thought] = deque(maxlen=_KEPT_THOUGHTS)
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

    def step(self) -> Thought:
        """Let the bot or agent that is asked decide, and play on to the next decision."""
        game, seat = self.game, int(self.game.actor)
        mask = engine.legal_actions(game)
        action, state, values = self.choosers[seat].choose(game, mask)
        subject, chose = wording.about(game, self.names), wording.action_text(game, action, self.names)
        thought = Thought(int(game.turns), seat, subject, chose, action, mask, state, values, head_of(self.choosers[seat]))
        self.thoughts.append(thought)
        engine.apply(game, action)
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

    def decide(self, action: int, chose: str) -> None:
        """Carry out one of the seven actions for the person that decides, remember it, and play on."""
        if self.game.phase == MANAGE and self.game.manual[self.game.actor]:
            self.records += self._passed_over()
        else:
            self.records.append(self._record(self.game, action, chose))
        engine.apply(self.game, action)
        self.settle()

    def free_moves(
        self, act: Callable[..., None], *arguments: object, action: int | None = None, group: int = -1, chose: str = ""
    ) -> None:
        """Carry out one of the free acts of ``monopoly_env.rules.free_moves``, remember it, and play on.

        Args:
            act: the function, called with the game and ``arguments``.
            action: the one of the seven actions that it corresponds to, if it does.
            group: the group it is about.
            chose: the act in words.

        Raises:
            IllegalActionError: the rules forbid it; nothing has changed.
        """
        record = None
        if action is not None:
            record = self._record_on_group(group, action, chose)
        act(self.game, *arguments)
        if record is not None:
            self.records.append(record)
        self.settle()

    def _record(self, game: np.record, action: int, chose: str) -> Record:
        mask = engine.legal_actions(game)
        meanings = tuple(wording.action_text(game, number, self.names) if mask[number] else "" for number in range(len(mask)))
        subject = wording.about(game, self.names)
        return Record(int(game.turns), int(game.actor), subject, chose, int(action), observe(game), mask, meanings)

    def _record_on_group(self, group: int, action: int, chose: str) -> Record | None:
        """Return the record of a free act as a decision on ``group``; None where the network would not have been asked."""
        probe = on_group(self.game, group)
        if probe is None or not engine.legal_actions(probe)[action]:
            return None
        return self._record(probe, action, chose)

    def _passed_over(self) -> list[Record]:
        """Return a record for each group at which the network would have been asked as the person ends its turn."""
        records = []
        for probe in manage_stops(self.game):
            records.append(
                self._record(probe, Action.PASS, f"left the {wording.about(probe, self.names).removeprefix('the ')} as it was")
            )
        return records


def copy_of(game: np.record) -> np.record:
    """Return a game of its own in the same state."""
    games = np.empty(1, GAME)
    games[0] = game
    return games[0]


def on_group(game: np.record, group: int) -> np.record | None:
    """Return a copy of a game in which the seat that decides is asked about ``group``; None where it would not be."""
    probe = copy_of(game)
    probe.manual[probe.actor] = 0
    probe.table_group = group
    return probe if engine.legal_actions(probe).sum() > 1 else None


def manage_stops(game: np.record) -> list[np.record]:
    """Return the game at MANAGE once for each group that a network in the seat would be asked about."""
    stops = (on_group(game, group) for group in range(len(game.raises[0])))
    return [probe for probe in stops if probe is not None]
