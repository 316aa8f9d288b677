"""N games side by side, each played on to the next decision that somebody outside the engine makes.

A seat is controlled by a bot (its number, 0 and up, see ``monopoly_env.bots``), by the learner (``LEARNER`` = -1), or by a
guest that is asked from outside too (-2 and down, told apart by the caller). The learner's seats earn rewards, and an
episode lasts as long as one of them is in the game. ``Tables`` steps all games in one compiled call on all cores;
environments, training and evaluation are built on it. Game i goes the same way alone, in any batch and on any number of
threads.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, NONE, PASS, IllegalActionError
from monopoly_env.appraisal import APPRAISAL
from monopoly_env.bots import BOTS, LANDLORD, bot_action
from monopoly_env.game import (
    CAPPED,
    DECIDED,
    DEFAULT_MAX_TURNS,
    GAME,
    MAX_PLAYERS,
    RUNNING,
    check_players,
    new_game,
    set_up,
    set_up_next,
)
from monopoly_env.jit import kernel
from monopoly_env.memory import prefetch
from monopoly_env.observation import STATE_SIZE, STRENGTH, write_observation
from monopoly_env.rng import below, seed_words
from monopoly_env.rules.engine import carry_out, illegal_text, is_legal, play_on, write_mask
from monopoly_env.rules.property import net_worth

LEARNER = -1
REWARDS = ("shaped", "win")
NO_RESTART, NEXT_STEP, SAME_STEP = range(3)  # what a step does at the end of an episode
BEGIN, BEGIN_NEXT, STEP, GO_ON = range(4)  # tasks
IDLE, STARTING, STEPPING = range(3)  # what is under way at a table
_CHUNK = 128  # games below which a second thread costs more than it saves

# Who sits at one table, and what passes between its seats and the players outside.
TABLE = np.dtype(
    (
        np.record,
        [
            ("strength", "f8", (MAX_PLAYERS,)),  # the seat's share at its last decision, -1 before the first
            ("starting_cash", "i4"),
            ("lineup", "i4", (MAX_PLAYERS,)),  # controllers clockwise, from the first one on
            ("first_seat", "i4"),  # seat of lineup[0]; -1: drawn for each game
            ("controller", "i4", (MAX_PLAYERS,)),  # by seat
            ("in_play", "i4", (MAX_PLAYERS,)),  # 1: a learner's seat that is still in the game
            ("decisions", "i4"),  # made from outside in this game
            ("episode_over", "i4"),  # no learner's seat will decide again
            # what a step brings
            ("seat", "i4"),  # the seat that decides now
            ("illegal", "i4"),  # the last action was illegal and PASS was played
            ("state", "f4", (STATE_SIZE,)),
            ("mask", "i1", (ACTION_COUNT,)),
            (
                "reward",
                "f4",
                (MAX_PLAYERS,),
            ),  # earned since the seat's last decision, for the seat that decides and those that ended
            ("terminated", "i1", (MAX_PLAYERS,)),
            ("truncated", "i1", (MAX_PLAYERS,)),
            # the same for one seat: the one that decides now, or where the episode is over a learner's seat that ended
            ("acted", "i4"),  # the seat that made the last decision from outside
            ("ended_seat", "i4"),
            ("step_reward", "f4"),
            ("step_terminated", "i1"),
            ("step_truncated", "i1"),
            ("result", "i4"),  # of the last episode: RUNNING where bots could still go on, DECIDED or CAPPED
            ("winner", "i4"),  # of the last episode; -1: none, or not yet
            ("final_state", "f4", (MAX_PLAYERS, STATE_SIZE)),  # of the seats that ended in this step
        ],
    )
)

# What most steps read or write of the records, in bytes from their starts.
_BEFORE_DEBTS, _AFTER_DEBTS = int(GAME.fields["debtor"][1]), int(GAME.fields["raise_group"][1])
_BEFORE_COUNTS = int(GAME.fields["visits"][1])
TABLE_BYTES = int(TABLE.fields["final_state"][1])
_APPRAISAL_BYTES = APPRAISAL.itemsize


@kernel
def play_to_decision(game, table, appraisal, to_the_end):
    """Play on, bots included, until a seat is asked from outside, the game is over, or no learner's seat is left.

    ``to_the_end``: bots finish the game among themselves. A logged game also stops when its event buffer is nearly full.
    """
    while True:
        play_on(game)
        if game.over != RUNNING or game.phase == NONE:
            return
        if not to_the_end:
            left = 0
            for seat in range(game.players):
                left += game.alive[seat] * (table.controller[seat] == LEARNER)
            if left == 0:
                return
        bot = table.controller[game.actor]
        if bot < 0:
            return
        if bot != LANDLORD:  # it finds out for itself what it needs to know of the mask
            write_mask(game, table.mask)
        carry_out(game, bot_action(game, table.mask, bot, appraisal))


@kernel
def take_seats(game, table):
    """Seat the lineup for a new game."""
    first = table.first_seat
    if first < 0:
        first = below(game.rng, game.players)
    table.controller[:] = 0
    table.in_play[:] = 0
    for place in range(game.players):
        seat = (first + place) % game.players
        table.controller[seat] = table.lineup[place]
        table.in_play[seat] = table.lineup[place] == LEARNER
    table.strength[:] = -1.0
    table.decisions = 0
    table.episode_over = 0


@kernel
def _growth(table, seat, state, shaped):
    """Change of the seat's share of the strength since its last decision; the next change is counted from ``state``."""
    share, before = float(state[STRENGTH]), table.strength[seat]
    table.strength[seat] = share
    return share - before if shaped and before >= 0.0 else 0.0


@kernel
def _end_seat(game, table, appraisal, seat, shaped, cut):
    """Settle the reward of a learner's seat that plays no more: bankrupt, game decided, or stopped (``cut``)."""
    table.in_play[seat] = 0
    reward = 0.0
    if not cut:
        reward = 1.0 if game.over == DECIDED and game.winner == seat else -1.0
    write_observation(game, seat, table.final_state[seat], appraisal)
    table.reward[seat] = reward + _growth(table, seat, table.final_state[seat], shaped)
    table.terminated[seat] = not cut
    table.truncated[seat] = cut


@kernel
def _end_seats(game, table, appraisal, shaped, max_decisions):
    """Settle all learner's seats that end with this step; return how many go on."""
    stopped = game.over == CAPPED or (max_decisions > 0 and table.decisions >= max_decisions)
    left = 0
    for seat in range(game.players):
        if table.in_play[seat]:
            if not game.alive[seat] or game.over == DECIDED:
                _end_seat(game, table, appraisal, seat, shaped, False)
            elif stopped:
                _end_seat(game, table, appraisal, seat, shaped, True)
            else:
                left += 1
    return left


@kernel
def _show(game, table, appraisal):
    """Write what the seat that decides sees."""
    table.seat = game.actor
    write_mask(game, table.mask)
    write_observation(game, game.actor, table.state, appraisal)


@kernel
def _clear_step(table):
    table.reward[:] = 0.0
    table.terminated[:] = 0
    table.truncated[:] = 0
    table.illegal = 0
    table.step_reward = 0.0
    table.step_terminated = 0
    table.step_truncated = 0


@kernel
def _end_episode(game, table):
    """Tell the end from the acting seat's side, or if a guest acted from that of a learner's seat that ended with it."""
    seat = table.acted
    for other in range(game.players):
        if not (table.terminated[seat] or table.truncated[seat]):
            seat = other
    table.episode_over = 1
    table.seat = seat
    table.ended_seat = seat
    table.result = game.over
    table.winner = game.winner
    table.step_reward = table.reward[seat]
    table.step_terminated = table.terminated[seat]
    table.step_truncated = table.truncated[seat]
    table.state[:] = table.final_state[seat]
    table.mask[:] = 0
    table.mask[PASS] = 1


@kernel
def _start(game, table, next_game):
    if next_game:
        set_up_next(game, table.starting_cash)
    take_seats(game, table)
    for place in range(game.players):
        if table.lineup[place] < 0:
            return STARTING
    return STEPPING  # bots alone: nobody will be asked


@kernel
def _prepare(game, table, task, given, restart):
    """Do the first part of a task; return what is then under way: ``STARTING`` a game, ``STEPPING`` one, or ``IDLE``."""
    if task == GO_ON:
        return STEPPING if table.decisions > 0 else STARTING
    over = task == STEP and table.episode_over
    if (task != STEP and given == 0) or (over and restart != NEXT_STEP):
        return IDLE
    _clear_step(table)
    if task != STEP or over:
        return _start(game, table, task != BEGIN)
    legal = is_legal(game, given)
    table.illegal = not legal
    table.acted = game.actor
    table.decisions += 1
    carry_out(game, given if legal else PASS)
    return STEPPING


@kernel
def _settle(game, table, appraisal, doing, restart, shaped, max_decisions, to_the_end):
    """Write what the seats get to know after playing on; return what is under way now, ``IDLE`` when somebody is asked."""
    if game.over == RUNNING and game.phase == NONE:
        return IDLE  # the event buffer is full
    if doing == STARTING:
        if game.over != RUNNING or table.controller[game.actor] >= 0:
            return _start(game, table, True)  # it ended before anybody was asked (no cash): there is nothing to learn from it
        _show(game, table, appraisal)
        _growth(table, game.actor, table.state, shaped)
        return IDLE
    left = _end_seats(game, table, appraisal, shaped, max_decisions)
    if game.over != RUNNING or (left == 0 and not to_the_end):
        _end_episode(game, table)
        return _start(game, table, True) if restart == SAME_STEP else IDLE
    _show(game, table, appraisal)
    table.step_reward = _growth(table, game.actor, table.state, shaped)
    table.reward[game.actor] = table.step_reward
    return IDLE


@kernel
def run_range(games, tables, appraisals, start, stop, task, given, restart, shaped, max_decisions, to_the_end):
    """Do a task at the tables ``start .. stop - 1``.

    One entry on purpose: whatever calls the engine and the bots is compiled with all of them, which takes many seconds.

    Args:
        task: ``BEGIN`` a game that stands before its first turn, ``BEGIN_NEXT`` game at the same table, ``STEP``, or ``GO_ON``
            with a logged game whose event buffer was full and has been emptied.
        given: int64 ``(N,)``; the actions for ``STEP``, otherwise 1 for the tables that the task is for.
        restart: as in ``Tables.step``.
        shaped, max_decisions, to_the_end: the options of ``Tables``.
    """
    for number in range(start, stop):
        if number + 1 < stop:
            prefetch(games, number + 1, 0, _BEFORE_DEBTS)
            prefetch(games, number + 1, _AFTER_DEBTS, _BEFORE_COUNTS)
            prefetch(tables, number + 1, 0, TABLE_BYTES)
            prefetch(appraisals, number + 1, 0, _APPRAISAL_BYTES)
        game, table, appraisal = games[number], tables[number], appraisals[number]
        doing = _prepare(game, table, task, given[number], restart)
        while doing != IDLE:
            play_to_decision(game, table, appraisal, to_the_end and doing == STEPPING)
            doing = _settle(game, table, appraisal, doing, restart, shaped, max_decisions, to_the_end)


class Tables:
    """N games side by side with the players that decide in them.

    Args:
        lineups: controllers of each game, clockwise: negative numbers are decided from outside, the others are bot numbers.
            The length of a lineup is the number of players. Bots alone may sit at a table that is played ``to_the_end``.
        first_seats: the seat of each lineup's first controller, one for all or one a game; -1 draws it anew for every game.
        reward: "shaped" (win or loss plus change of strength) or "win" (win or loss alone).
        max_turns: turn cap (R59).
        max_decisions: stop an episode after this many outside decisions; 0: never.
        house_rules: names out of ``monopoly_env.game.HOUSE_RULES``.
        starting_cash: dollars for each player (H5).
        to_the_end: go on with a game after the last outside seat is out, so that every game has its result.
        threads: threads that step the games; None: one a core.

    Attributes:
        games: the game records, ``(N,)`` of dtype ``GAME``.
        tables: what passes between seats and outside, ``(N,)`` of dtype ``TABLE``; its fields (``tables["state"]``) are
            strided views.

    Raises:
        ValueError: an option is out of range.
    """

    def __init__(
        self,
        lineups: Sequence[Sequence[int]],
        first_seats: int | Sequence[int] = -1,
        *,
        reward: str = "shaped",
        max_turns: int = DEFAULT_MAX_TURNS,
        max_decisions: int = 0,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        to_the_end: bool = False,
        threads: int | None = None,
    ) -> None:
        if reward not in REWARDS:
            raise ValueError(f"reward must be one of {', '.join(REWARDS)}. Received: {reward!r}")
        if threads is not None and threads < 1:
            raise ValueError(f"threads must be None or at least 1. Received: {threads}")
        self.shaped = int(reward == "shaped")
        self.max_decisions = int(max_decisions)
        self.to_the_end = int(to_the_end)
        self.threads = threads or available_cores()
        self._pool: ThreadPoolExecutor | None = None
        # Plain arrays of records: calls of compiled code with them cost a microsecond, with recarrays ten.
        self.games = np.zeros(len(lineups), GAME)
        self.tables = np.zeros(len(lineups), TABLE)
        self._appraisals = np.zeros(len(lineups), APPRAISAL)
        self.tables["starting_cash"] = starting_cash
        self._set_lineups(lineups, first_seats)
        fresh = {len(lineup): None for lineup in lineups}
        for players in fresh:
            # Checks the options as any new game does; its record is the template for the others.
            fresh[players] = new_game(players, 0, max_turns=max_turns, house_rules=house_rules, starting_cash=starting_cash)
        for number, lineup in enumerate(lineups):
            self.games[number] = fresh[len(lineup)]

    def _set_lineups(self, lineups: Sequence[Sequence[int]], first_seats: int | Sequence[int]) -> None:
        seats = np.broadcast_to(np.asarray(first_seats, np.int64), (len(lineups),))
        for number, (lineup, first) in enumerate(zip(lineups, seats, strict=True)):
            players = check_players(len(lineup))
            if not -1 <= first < players:
                raise ValueError(f"The first seat must be -1 (drawn) or 0 to {players - 1}. Received: {first}")
            if LEARNER not in lineup and not (self.to_the_end and min(lineup) >= 0):
                raise ValueError(f"A lineup needs a learner's seat ({LEARNER}). Received: {list(lineup)}")
            if max(lineup) >= len(BOTS):
                raise ValueError(f"A bot is a number from 0 to {len(BOTS) - 1}. Received: {max(lineup)}")
            self.tables[number].lineup[:players] = lineup
            self.tables[number].first_seat = first

    def __len__(self) -> int:
        """Return the number of games."""
        return len(self.games)

    def begin(self, seeds: Sequence[int | np.random.SeedSequence | None], which: np.ndarray | None = None) -> None:
        """Start a game by its seed at the tables ``which`` (bool ``(N,)``; default: all) and play to the first outside
        decisions.

        Args:
            seeds: one a table.
            which: the tables; the seeds of the others are not looked at.
        """
        which = np.ones(len(self), bool) if which is None else which
        for number in np.flatnonzero(which):
            self.set_up(number, seeds[number])
        self._run(BEGIN, which.astype(np.int64))

    def set_up(self, number: int, seed: int | np.random.SeedSequence | None) -> None:
        """Put one game before its first turn."""
        game = self.games[number]
        cash = self.tables[number].starting_cash
        set_up(game, seed_words(seed), game.players, game.max_turns, game.house_rules, cash)

    def begin_next(self, which: np.ndarray | None = None) -> None:
        """Start the next game at the tables ``which`` (bool ``(N,)``; default: where the episode is over)."""
        which = self.tables["episode_over"] != 0 if which is None else which
        self._run(BEGIN_NEXT, which.astype(np.int64))

    def step(self, actions: np.ndarray, restart: int = NO_RESTART, then: Callable[[int, int], None] | None = None) -> None:
        """Carry out one outside action a game and play to the next outside decisions. The results lie in ``tables``.

        Args:
            actions: int ``(N,)``; illegal ones are played as PASS and marked in ``tables.illegal``. Ignored where the
                episode is over.
            restart: ``NO_RESTART`` leaves a table alone once its episode is over, ``NEXT_STEP`` begins the next game in
                place of the step after that. ``SAME_STEP`` begins it at once: ``reward``, ``terminated``, ``truncated``,
                ``final_state``, ``acted`` and the ``step_`` fields then tell of the old game, everything else of the new
                one.
            then: called with ``(start, stop)`` for each part of the tables that a thread has stepped, in that thread.
        """
        self._run(STEP, np.asarray(actions, np.int64), restart, then)

    def go_on(self) -> None:
        """Go on with logged games whose full event buffers have been emptied."""
        self._run(GO_ON, np.ones(len(self), np.int64))

    def refuse_illegal(self, actions: np.ndarray) -> None:
        """Raise IllegalActionError for the first action that the mask of its game forbids; nothing is played then."""
        legal = (actions >= 0) & (actions < ACTION_COUNT)
        legal &= self.tables["mask"][np.arange(len(self)), np.where(legal, actions, 0)] != 0
        legal |= self.tables["episode_over"] != 0
        if not legal.all():
            number = int(np.argmin(legal))
            raise IllegalActionError(illegal_text(self.games[number], int(actions[number]), self.tables[number].mask))

    def get_state(self) -> dict[str, np.ndarray]:
        """Return copies of all records; ``set_state`` puts them back, and the games go on exactly as they would have."""
        return {"games": np.array(self.games, GAME), "tables": np.array(self.tables, TABLE)}

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Put back what ``get_state`` returned.

        Raises:
            ValueError: the records are of other tables: another number of games, or another version.
        """
        for name, dtype, records in (("games", GAME, self.games), ("tables", TABLE, self.tables)):
            received = state.get(name)
            if received is None or received.dtype.descr != dtype.descr or received.shape != records.shape:
                raise ValueError(f"The saved {name} do not fit: expected {records.shape} records of this version.")
            records[:] = received.astype(dtype)

    def _run(
        self, task: int, given: np.ndarray, restart: int = NO_RESTART, then: Callable[[int, int], None] | None = None
    ) -> None:
        """Do a task at all tables, on several threads where it pays."""
        count = len(self)
        options = (task, given, restart, self.shaped, self.max_decisions, self.to_the_end)

        def part(start: int, stop: int) -> None:
            run_range(self.games, self.tables, self._appraisals, start, stop, *options)
            if then is not None:
                then(start, stop)

        parts = min(self.threads, -(-count // _CHUNK))
        if parts <= 1:
            part(0, count)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads)
        bounds = [count * part // parts for part in range(parts + 1)]
        futures = [self._pool.submit(part, start, stop) for start, stop in itertools.pairwise(bounds)]
        for future in futures:
            future.result()

    def close(self) -> None:
        """Stop the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __getstate__(self) -> dict:
        """Leave the threads out of a copy or pickle."""
        return self.__dict__ | {"_pool": None}


@kernel
def _write_worths(games, worths):
    for number in range(len(games)):
        for seat in range(games[number].players):
            worths[number, seat] = net_worth(games[number], seat)


def net_worths(games: np.ndarray) -> np.ndarray:
    """Return the net worth of every seat of every game in dollars, int64 ``(N, 8)``."""
    worths = np.zeros((len(games), MAX_PLAYERS), np.int64)
    _write_worths(games, worths)
    return worths


def available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
