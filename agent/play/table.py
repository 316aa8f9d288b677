"""The running game: the record, what everybody has done, what has happened, and the players that are not people.

    table = Table(setup, load_players(setup))
    table.play_on()                     # until a person decides or the game is over
    table.decide(BUY)

Nothing here reads or prints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from agent.play.setup import Setup
from agent.players.playouts import Decider
from monopoly_env.actions import BUILD, MANAGE, REDEEM, Action, IllegalActionError
from monopoly_env.board import GROUP_OF
from monopoly_env.bots import BOTS, RANDOM, ask_bot
from monopoly_env.decision.decision import (
    Decision,
    Outcome,
    building,
    decision_of,
    group_by_group,
    mortgaging,
    on_group,
    redeeming,
    selling,
)
from monopoly_env.engine import engine, free_moves
from monopoly_env.events import Event, played_events, take_events
from monopoly_env.game import BEFORE_ROLL, EVENT_WIDTH, GAME, NO_TRADES
from monopoly_env.observation import observe
from monopoly_env.rules.property import net_worth

_KEPT_THOUGHTS = 400
UNDO = "undo"
# What a person may do besides the seven actions, and the arguments: functions of ``monopoly_env.engine.free_moves``, and undo.
FREE_MOVES = {
    "build": ("title",),
    "sell": ("title",),
    "mortgage": ("title",),
    "redeem": ("title",),
    "propose": ("other", "give", "take", "cash"),
    "bid": ("dollars",),
    "pay_fee": (),
    UNDO: (),
}
# What the first four do, told before.
OUTCOMES = {"build": building, "sell": selling, "mortgage": mortgaging, "redeem": redeeming}


@dataclass(frozen=True)
class Act:
    """What a seat did: one of the seven actions or of ``FREE_MOVES`` by name, and its arguments.

    The acts of a game and its setup make the game again.
    """

    seat: int
    name: str
    arguments: tuple[Any, ...] = ()
    first: int = 0  # number of the first event that came of it


class _Past(NamedTuple):
    """How the game stood before an act of a person."""

    seat: int
    game: np.record
    records: int  # decisions that were remembered by then


class Table:
    """A game with its players.

    Args:
        setup: seats and rules.
        choosers: the players by seat, people left out.
        game: a game under way (default: a new one).
        settled: play on to the first decision.

    Attributes:
        rows: everything that has happened, events of seven integers.
        acts: everything that the seats have done.
        records: the decisions of people, as far as a network could have made them: what the review compares.
        thoughts: the latest decisions of the others.
        worths: by turn, what each seat was worth at its first decision, in dollars.
    """

    def __init__(
        self, setup: Setup, choosers: Mapping[int, Decider], game: np.record | None = None, settled: bool = True
    ) -> None:
        self.setup = setup
        self.names = setup.names
        self.choosers = dict(choosers)
        self.game = setup.new_game() if game is None else game
        self.rows: list[tuple[int, ...]] = []
        self.acts: list[Act] = []
        self.records: list[Decision] = []
        self.thoughts: deque[Decision] = deque(maxlen=_KEPT_THOUGHTS)
        self.worths: dict[int, tuple[int, ...]] = {}
        self.bid_limits: dict[int, tuple[int, int]] = {}  # by seat: the auction and the dollars up to which a person bids
        self.least: dict[tuple[int, int], int | None] = {}  # by seat and title: what an offer must bring; None: any is refused
        self.no_offers: dict[int, int] = {}  # by seat: the event that began its last turn, while it hears no more offers
        self.early: set[int] = set()  # the people that are asked before their roll too
        self._past: list[_Past] = []  # of the person that acted last; empty once anybody else has acted
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

    @property
    def can_undo(self) -> bool:
        """Whether the person that decides may take its last act back: nobody else has acted since, and no dice were rolled."""
        if not self._past or self._past[-1].seat != self.person:
            return False
        return bool((self._past[-1].game.rng == self.game.rng).all())

    @property
    def phase_before(self) -> int:
        """The kind of decision that ``undo`` leads back to."""
        return int(self._past[-1].game.phase)

    def settle(self) -> None:
        """Let the engine play on to the next decision or the end, and take its events."""
        events = played_events(self.game, lambda: engine.advance(self.game))
        self.rows += [tuple(row) for row in events.tolist()]

    def advance_one(self) -> bool:
        """Let the engine play one step on, and take its events; return whether there was one to play."""
        if self.game.phase or self.game.over:
            return False
        engine.advance_one(self.game)
        self.rows += [tuple(row) for row in take_events(self.game).tolist()]
        return True

    def carry_out(self, act: Act) -> None:
        """Carry out what a seat does, and remember it. ``settle`` or ``advance_one`` plays on.

        Raises:
            IllegalActionError: the rules forbid it, or it is not the seat that decides; nothing has changed.
        """
        if self.over or not self.game.phase or act.seat != self.game.actor:
            raise IllegalActionError(f"It is not for seat {act.seat} to act here.")
        if act.name in FREE_MOVES and act.seat not in self.setup.people:
            raise IllegalActionError(f"Free moves are for people. Received: {act.name} of seat {act.seat}")
        game, act = self.game, replace(act, first=len(self.rows))
        if int(game.turns) not in self.worths:
            self.worths[int(game.turns)] = tuple(int(net_worth(game, seat)) for seat in range(game.players))
        if act.name == UNDO:
            self._go_back()
        else:
            person = act.seat in self.setup.people  # nobody else takes anything back
            before = [_Past(act.seat, np.array(game, GAME)[()], len(self.records))] if person else []
            if act.name in FREE_MOVES:
                getattr(free_moves, act.name)(game, *act.arguments)
            else:
                engine.apply(game, Action[act.name])
            if self._past and self._past[-1].seat != act.seat:
                self._past.clear()
            self._past += before
        self.acts.append(act)

    def _go_back(self) -> None:
        """Put the game back to before the last act; the events stay, and one more says so."""
        if not self.can_undo:
            raise IllegalActionError("Nothing can be taken back: somebody else has acted since, or dice were rolled.")
        past, now = self._past.pop(), self.game
        row = (int(Event.UNDO), past.seat, int(past.game.cash[past.seat] - now.cash[past.seat]))
        self.rows.append(row + (0,) * (EVENT_WIDTH - len(row)))
        self.game = past.game
        del self.records[past.records :]

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
        elif act.name == UNDO:
            self.undo()
        elif act.name in OUTCOMES:
            self.do(OUTCOMES[act.name](self.game, *act.arguments))
        elif act.name in FREE_MOVES:
            self.free_moves(getattr(free_moves, act.name), *act.arguments)
        else:
            self.decide(Action[act.name])

    def step(self) -> Decision:
        """Let the bot or agent that is asked decide, and play on to the next decision. Return what it thought."""
        thought = self.choose()
        self.settle()
        return thought

    def choose(self) -> Decision:
        """Let the bot or agent that is asked decide. ``settle`` or ``advance_one`` plays on."""
        thought = self.choosers[int(self.game.actor)].decide(self.game)
        self.thoughts.append(thought)
        self.carry_out(Act(thought.seat, Action(thought.action).name))
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
        """Whether there is nothing to stop for.

        At the end of a person's turn: it owns nothing, and so does everyone else. Before its roll: it has not asked for that,
        or can neither build nor redeem anything; deals it may propose whenever it is asked something.
        """
        game, seat = self.game, int(self.game.actor)
        if game.phase != MANAGE:
            return False
        if game.stage == BEFORE_ROLL and game.table_group < 0:
            return seat not in self.early or not any(
                engine.legal_actions(stop)[[BUILD, REDEEM]].any() for stop in group_by_group(game)
            )
        owned = [int(owner) for owner in game.owner if owner >= 0]
        return seat not in owned and (not owned or bool(game.house_rules & NO_TRADES))

    def decide(self, action: int) -> None:
        """Carry out one of the seven actions for the person that decides, remember it, and play on."""
        if self.game.phase == MANAGE and self.game.table_group < 0:
            end = self.game.stage != BEFORE_ROLL and not self._nothing_to_manage()  # no network is asked before its roll
            seen = [_seen(stop, Action.PASS) for stop in group_by_group(self.game)] if end else []
        else:
            seen = [_seen(self.game, Action(action))]
        self.carry_out(Act(int(self.game.actor), Action(action).name))
        self.records += seen
        self.settle()

    def do(self, outcome: Outcome) -> None:
        """Build, sell, mortgage or redeem on the title of ``outcome``, remember it, and play on.

        Raises:
            IllegalActionError: the rules forbid it; nothing has changed.
        """
        stop = on_group(self.game, int(GROUP_OF[outcome.title]))
        seen = _seen(stop, outcome.action, outcome) if stop is not None else None
        self.free_moves(getattr(free_moves, outcome.action.name.lower()), outcome.title)
        if seen is not None:
            self.records.append(seen)

    def free_moves(self, act: Callable[..., None], *arguments: object) -> None:
        """Carry out one of the free acts of ``monopoly_env.engine.free_moves``, and play on.

        Args:
            act: the function, called with the game and ``arguments``.

        Raises:
            IllegalActionError: the rules forbid it; nothing has changed.
        """
        self.carry_out(Act(int(self.game.actor), act.__name__, arguments))
        self.settle()

    def undo(self) -> None:
        """Take back the last act of the person that decides.

        Raises:
            IllegalActionError: there is none, somebody else has acted since, or dice were rolled.
        """
        self.carry_out(Act(int(self.game.actor), UNDO))


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
