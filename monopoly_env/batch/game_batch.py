"""N games side by side, each played on to the next decision that somebody outside the engine makes.

``GameBatch`` steps all games in one compiled call (``batch.step``) on all cores; environments, training and evaluation
are built on it. Game i goes the same way alone, in any batch and on any number of threads.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT
from monopoly_env.batch.step import BEGIN, BEGIN_NEXT, EPISODE, GO_ON, LEARNER, MOST_STARTS, NO_RESTART, STEP, run_range
from monopoly_env.bots import BOTS
from monopoly_env.compiled.jit import kernel, note_compiled
from monopoly_env.compiled.rng import seed_words
from monopoly_env.engine.engine import refusal
from monopoly_env.game import DEFAULT_MAX_TURNS, GAME, MAX_PLAYERS, check_players, is_whole, new_game, set_up
from monopoly_env.observation import OBSERVATIONS
from monopoly_env.rules.property import net_worth
from monopoly_env.strength.holdings import HOLDINGS

REWARDS = ("shaped", "win")
_CHUNK = 128  # games below which a second thread costs more than it saves


class GameBatch:
    """N games side by side with the players that decide in them.

    Args:
        seatings: controllers of each game, clockwise: negative numbers are decided from outside, the others are bot numbers.
            The length of a seating is the number of players. Bots alone may sit at a table that is played ``to_the_end``.
        first_seats: the seat of each seating's first controller, one for all or one a game; -1 draws it anew for every game.
        reward: "shaped" (win or loss plus change of strength) or "win" (win or loss alone).
        observation: "assessed" (``FEATURES``) or "facts" (``FACTS`` of ``monopoly_env.observation``).
        max_turns: turn cap (R59).
        max_steps: stop an episode after this many decisions of the learner; 0: never.
        house_rules: names out of ``monopoly_env.game.HOUSE_RULES``.
        starting_cash: dollars for each player (H5).
        manage: "end" or "both", see ``monopoly_env.game.new_games``.
        to_the_end: go on with a game after the last outside seat is out, so that every game has its result.
        threads: threads that step the games; None: one a core.

    Attributes:
        games: the game records, ``(N,)`` of dtype ``GAME``.
        episodes: what passes between seats and outside, ``(N,)`` of dtype ``EPISODE``; its fields (``episodes["state"]``) are
            strided views.

    Raises:
        ValueError: an option is out of range.
    """

    def __init__(
        self,
        seatings: Sequence[Sequence[int]],
        first_seats: int | Sequence[int] = -1,
        *,
        reward: str = "shaped",
        observation: str = "assessed",
        max_turns: int = DEFAULT_MAX_TURNS,
        max_steps: int = 0,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        manage: str = "end",
        to_the_end: bool = False,
        threads: int | None = None,
    ) -> None:
        if reward not in REWARDS:
            raise ValueError(f"reward must be one of {', '.join(REWARDS)}. Received: {reward!r}")
        if observation not in OBSERVATIONS:
            raise ValueError(f"observation must be one of {', '.join(OBSERVATIONS)}. Received: {observation!r}")
        if threads is not None and (not is_whole(threads) or threads < 1):
            raise ValueError(f"threads must be None or a whole number of at least 1. Received: {threads!r}")
        if not is_whole(max_steps) or max_steps < 0:
            raise ValueError(f"max_steps must be a whole number of at least 0. Received: {max_steps!r}")
        # Checks the options as any new game does; its record is the template for the others.
        options = {"max_turns": max_turns, "house_rules": house_rules, "starting_cash": starting_cash, "manage": manage}
        fresh = {players: new_game(players, 0, **options) for players in dict.fromkeys(map(len, seatings))}
        self.shaped = int(reward == "shaped")
        self.facts = int(observation == "facts")
        self.max_steps = int(max_steps)
        self.to_the_end = int(to_the_end)
        self.threads = int(threads or available_cores())
        self._pool: ThreadPoolExecutor | None = None
        self._pool_process = 0  # a fork takes the pool along, but not its threads
        # Plain arrays of records: calls of compiled code with them cost a microsecond, with recarrays ten.
        self.games = np.zeros(len(seatings), GAME)
        self.episodes = np.zeros(len(seatings), EPISODE)
        self._holdings = np.zeros(len(seatings), HOLDINGS)
        self.episodes["starting_cash"] = starting_cash
        self._set_seatings(seatings, first_seats)
        for number, seating in enumerate(seatings):
            self.games[number] = fresh[len(seating)]

    def _set_seatings(self, seatings: Sequence[Sequence[int]], first_seats: int | Sequence[int]) -> None:
        seats = np.broadcast_to(np.asarray(first_seats, np.int64), (len(seatings),))
        for number, (seating, first) in enumerate(zip(seatings, seats, strict=True)):
            players = check_players(len(seating))
            if not -1 <= first < players:
                raise ValueError(f"The first seat must be -1 (drawn) or 0 to {players - 1}. Received: {first}")
            if LEARNER not in seating and not (self.to_the_end and min(seating) >= 0):
                raise ValueError(f"A seating needs a learner's seat ({LEARNER}). Received: {list(seating)}")
            if max(seating) >= len(BOTS):
                raise ValueError(f"A bot is a number from 0 to {len(BOTS) - 1}. Received: {max(seating)}")
            self.episodes[number].seating[:players] = seating
            self.episodes[number].first_seat = first

    def __len__(self) -> int:
        """Return the number of games."""
        return len(self.games)

    def begin(self, seeds: Sequence[int | np.random.SeedSequence | None], which: np.ndarray | None = None) -> None:
        """Start the games ``which`` (bool ``(N,)``; default: all) and play to the first decisions from outside.

        Args:
            seeds: one a game.
            which: the games; the seeds of the others are not looked at.

        Raises:
            ValueError: something is no seed (no game is touched then), or nobody is asked before the games end.
        """
        which = np.ones(len(self), bool) if which is None else which
        numbers = np.flatnonzero(which)
        words = [_words(seeds[int(number)]) for number in numbers]
        for number, states in zip(numbers, words, strict=True):
            game = self.games[number]
            set_up(game, states, game.players, game.max_turns, game.house_rules, self.episodes[number].starting_cash)
        self._run(BEGIN, which.astype(np.int64))
        note_compiled("batch")

    def begin_next(self, which: np.ndarray | None = None) -> None:
        """Start the next game in place of those ``which`` (bool ``(N,)``; default: where the episode is over)."""
        which = np.not_equal(self.episodes["episode_over"], 0) if which is None else which
        self._run(BEGIN_NEXT, which.astype(np.int64))

    def step(self, actions: np.ndarray, restart: int = NO_RESTART, then: Callable[[int, int], None] | None = None) -> None:
        """Carry out one outside action a game and play to the next outside decisions. The results lie in ``episodes``.

        Args:
            actions: int ``(N,)``; illegal ones are played as PASS and marked in ``episodes["illegal"]``.
                Ignored where the episode is over. A game with ``SKIP`` in place of an action is left as it is.
            restart: ``NO_RESTART`` leaves a game alone once its episode is over, ``NEXT_STEP`` begins the next game in
                place of the step after that. ``SAME_STEP`` begins it at once: ``reward``, ``terminated``, ``truncated``,
                ``final_state``, ``acted``, ``ended_seat``, ``illegal``, ``result``, ``winner`` and the ``step_`` fields then
                tell of the old game, ``state``, ``mask`` and ``seat`` of the new one.
            then: called with ``(start, stop)`` for each part of the games that a thread has stepped, in that thread.
        """
        self._run(STEP, np.asarray(actions, np.int64), restart, then)

    def go_on(self) -> None:
        """Go on with logged games whose full event buffers have been emptied."""
        self._run(GO_ON, np.ones(len(self), np.int64))

    def refuse_illegal(self, actions: np.ndarray) -> None:
        """Raise IllegalActionError for the first action that the mask of its game forbids; nothing is played then."""
        legal = are_legal(self.episodes["mask"], actions) | (self.episodes["episode_over"] != 0)
        if not legal.all():
            number = int(np.argmin(legal))
            raise refusal(self.games[number], int(actions[number]), self.episodes[number].mask)

    def get_state(self) -> dict[str, np.ndarray]:
        """Return copies of all records; ``set_state`` puts them back, and the games go on exactly as they would have."""
        return {"games": np.array(self.games, GAME), "episodes": np.array(self.episodes, EPISODE)}

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Put back what ``get_state`` returned.

        Raises:
            ValueError: another number of games, or another version.
        """
        for name, dtype, records in (("games", GAME, self.games), ("episodes", EPISODE, self.episodes)):
            received = state.get(name)
            if received is None or received.dtype.descr != dtype.descr or received.shape != records.shape:
                raise ValueError(f"The saved {name} do not fit: expected {records.shape} records of this version.")
            records[:] = received.astype(dtype)

    def _run(
        self, task: int, given: np.ndarray, restart: int = NO_RESTART, then: Callable[[int, int], None] | None = None
    ) -> None:
        """Do a task with all games, on several threads where it pays."""
        count = len(self)
        options = (task, given, restart, self.shaped, self.facts, self.max_steps, self.to_the_end)

        def part(start: int, stop: int) -> None:
            stuck = run_range(self.games, self.episodes, self._holdings, start, stop, *options)
            if stuck >= 0:
                raise ValueError(nobody_asked(self.games[stuck].max_turns))
            if then is not None:
                then(start, stop)

        parts = min(self.threads, -(-count // _CHUNK))
        if parts <= 1:
            part(0, count)
            return
        pool = self._threads()
        bounds = [count * part // parts for part in range(parts + 1)]
        futures = [pool.submit(part, start, stop) for start, stop in itertools.pairwise(bounds)]
        errors = [error for future in futures if (error := future.exception()) is not None]  # waits for all of them
        if errors:
            raise errors[0]

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None or self._pool_process != os.getpid():
            self._pool, self._pool_process = ThreadPoolExecutor(self.threads), os.getpid()
        return self._pool

    def close(self) -> None:
        """Stop the threads."""
        if self._pool is not None and self._pool_process == os.getpid():
            self._pool.shutdown()
        self._pool = None

    def __getstate__(self) -> dict:
        """Leave the threads out of a copy or pickle."""
        return self.__dict__ | {"_pool": None}


def are_legal(masks: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """Return whether each action is one that its mask allows, bool ``(n,)``: masks ``(n, 7)``, any integers ``(n,)``."""
    inside = (actions >= 0) & (actions < ACTION_COUNT)
    return inside & (masks[np.arange(len(masks)), np.where(inside, actions, 0)] != 0)


def _words(seed: int | np.random.SeedSequence | None) -> np.ndarray:
    try:
        return seed_words(seed)
    except (TypeError, ValueError):
        raise ValueError(f"A seed is a whole number of at least 0. Received: {seed!r}") from None


def nobody_asked(max_turns: int) -> str:
    """Say in one line that games end too soon for the players that are asked from outside."""
    return (
        f"Nobody is asked within max_turns={max_turns}: {MOST_STARTS:,} games in a row ended before the learner's first "
        "decision. A turn is one seat's turn; raise max_turns."
    )


@kernel
def _write_worths(games, rows, worths):
    for number in range(len(rows)):
        game = games[rows[number]]
        for seat in range(game.players):
            worths[number, seat] = net_worth(game, seat)


def net_worths(games: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Return the net worth of every seat in dollars, int64 ``(n, 8)``, of the games ``rows`` or of all."""
    rows = np.arange(len(games)) if rows is None else rows
    worths = np.zeros((len(rows), MAX_PLAYERS), np.int64)
    _write_worths(games, rows, worths)
    return worths


def available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
