"""The running game: the record, what everybody has done, what has happened, and the players that are not people.

    table = Table(setup, load_players(setup))
    table.play_on()                     # until a person decides or the game is over
    table.decide(BUY, "Park Place for $350", "buy it")

Nothing here reads or prints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from agent.play.acts import FREE_MOVES, Act, chosen_text
from agent.play.players import Chooser, Thought, head_of
from agent.play.setup import Setup
from monopoly_env.actions import MANAGE, Action, IllegalActionError
from monopoly_env.board import GROUP_OF
from monopoly_env.bots import BOTS, RANDOM, ask_bot
from monopoly_env.events import take_events
from monopoly_env.game import GAME, NO_TRADES
from monopoly_env.observation import observe
from monopoly_env.rules import engine, free_moves
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
        settled: play on to the first decision.

    Attributes:
        rows: everything that has happened, events of seven integers.
        acts: everything that the seats have done. With the setup they make the game again.
        records: the decisions of people.
    """

    def __init__(
        self, setup: Setup, choosers: Mapping[int, Chooser], game: np.record | None = None, settled: bool = True
    ) -> None:
        self.setup = setup
        self.names = setup.names
        self.choosers = dict(choosers)
        self.game = setup.new_game() if game is None else game
        self.rows: list[tuple[int, ...]] = []
        self.acts: list[Act] = []
        self.records: list[Record] = []
        self.thoughts: deque[Thought] = deque(maxlen=_KEPT_THOUGHTS)
        self.bid_limits: dict[int, tuple[int, int]] = {}  # by seat: the title and the dollars up to which a person bids
        if settled:
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

    @property
    def news(self) -> int:
        """The number of the first event since a person acted last."""
        return next((act.first for act in reversed(self.acts) if act.seat in self.setup.people), 0)

    def settle(self) -> None:
        """Let the engine play on to the next decision or the end, and take its events."""
        while True:
            engine.advance(self.game)
            self._take_events()
            if self.game.phase or self.game.over:
                return

    def advance_one(self) -> bool:
        """Let the engine play one step on, and take its events; return whether there was one to play."""
        if self.game.phase or self.game.over:
            return False
        engine.advance_one(self.game)
        self._take_events()
        return True

    def _take_events(self) -> None:
        self.rows += [tuple(row) for row in take_events(self.game).tolist()]

    def carry_out(self, act: Act) -> None:
        """Carry out what a seat does, and remember it. ``settle`` or ``advance_one`` plays on.

        Raises:
            IllegalActionError: the rules forbid it, or it is not the seat that decides; nothing has changed.
        """
        if self.over or not self.game.phase or act.seat != self.game.actor:
            raise IllegalActionError(f"It is not for seat {act.seat} to act here.")
        if act.name in FREE_MOVES:
            if act.seat not in self.setup.people:
                raise IllegalActionError(f"Free moves are for people. Received: {act.name} of seat {act.seat}")
            getattr(free_moves, act.name)(self.game, *act.arguments)
        else:
            engine.apply(self.game, Action[act.name])
        self.acts.append(replace(act, first=len(self.rows)))

    def carry_out_again(self, act: Act) -> None:
        """Carry out what a seat did before. Raises IllegalActionError."""
        game = self.game
        if game.phase and act.seat == game.actor and self.setup.seats[act.seat].kind == BOTS[RANDOM]:
            ask_bot(game, engine.legal_actions(game), RANDOM)  # its answer is known, but it draws from the game's generator
        self.carry_out(act)

    def replay(self, act: Act) -> None:
        """Let a seat act as it did before, with the records of a person's decision, and play on. Raises IllegalActionError."""
        if act.seat not in self.setup.people or act.seat != self.person:
            self.carry_out_again(act)
            self.settle()
        elif act.name in FREE_MOVES:
            chose, action = chosen_text(self.game, act), Action.__members__.get(act.name.upper())
            group = -1 if action is None else int(GROUP_OF[act.arguments[0]])
            self.free_moves(getattr(free_moves, act.name), *act.arguments, action=action, group=group, chose=chose)
        else:
            self.decide(Action[act.name], chosen_text(self.game, act))

    def step(self) -> Thought:
        """Let the bot or agent that is asked decide, and play on to the next decision."""
        thought = self.choose()
        self.settle()
        return thought

    def choose(self) -> Thought:
        """Let the bot or agent that is asked decide. ``settle`` or ``advance_one`` plays on."""
        game, seat = self.game, int(self.game.actor)
        mask = engine.legal_actions(game)
        action, state, values = self.choosers[seat].choose(game, mask)
        subject, chose = wording.about(game, self.names), wording.action_text(game, action, self.names)
        thought = Thought(int(game.turns), seat, subject, chose, action, mask, state, values, head_of(self.choosers[seat]))
        self.thoughts.append(thought)
        self.carry_out(Act(seat, Action(action).name))
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
                self.carry_out(Act(self.person, Action.PASS.name))
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
        self.carry_out(Act(int(self.game.actor), Action(action).name))
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
        self.carry_out(Act(int(self.game.actor), act.__name__, arguments))
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
