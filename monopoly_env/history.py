"""Whole games as arrays: bots play, and everything that happened comes back as named NumPy arrays.

    history = play_history(4000, ["landlord"] * 4, seed=0)
    history.winner                                       # (4000,) seat, -1 for a capped game
    history.net_worth[history.rows_at([20, 40, 60])]     # (4000, 3, 4) dollars after turns 20, 40 and 60
    history.holds(history.rows_at(60))                   # (4000, 4, 10) holds on the ten groups
    history.rent_by_group()                              # (4000, 4, 10) dollars earned

Games differ in length, so what happens by turn lies in one long array, game after game: ``turn_start[i]`` is the first row of
game i, the table before its first turn, and the row behind it by t shows the table after turn t. Rents and decisions
are kept in the same way. The games are those that the same seed gives anywhere else.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np

from monopoly_env.actions import ACTION_COUNT, NONE
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, GROUPS, STARTING_CASH, STREET_GROUPS, TITLE_AT, TITLES
from monopoly_env.bots import bot_action, bot_number
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_PAY, E_RENT, E_TURN
from monopoly_env.game import CAPPED, DEFAULT_MAX_TURNS, MAX_EVENTS, MAX_PLAYERS, RENT, RUNNING, new_games
from monopoly_env.observation import STATE_SIZE, write_observation
from monopoly_env.rules.engine import carry_out, play_on, write_mask
from monopoly_env.rules.property import net_worth
from monopoly_env.strength.holdings import HOLDINGS

_SEATS = (MAX_PLAYERS,)
_TITLES = (TITLES,)
_ROWS = 1 << 14  # rows of each kind that a kernel fills before Python takes them
_CHUNK = 250  # games that one thread plays at a time


def _record(*named: tuple) -> np.dtype:
    return np.dtype((np.record, list(named)))


_TURN_ROW = _record(
    ("game", "i4"),
    ("mover", "i1"),
    ("alive", "i1", _SEATS),
    ("position", "i1", _SEATS),
    ("cash", "i4", _SEATS),
    ("net_worth", "i4", _SEATS),
    ("owner", "i1", _TITLES),
    ("houses", "i1", _TITLES),
    ("mortgaged", "i1", _TITLES),
)
_RENT_ROW = _record(("game", "i4"), ("turn", "i4"), ("payer", "i1"), ("owner", "i1"), ("title", "i1"), ("amount", "i4"))
_DECISION_ROW = _record(
    ("game", "i4"),
    ("turn", "i4"),
    ("seat", "i1"),
    ("phase", "i1"),
    ("group", "i1"),
    ("action", "i1"),
    ("mask", "i1", (ACTION_COUNT,)),
    ("state", "f4", (STATE_SIZE,)),
)
# Where a kernel stands: the game being played and how many rows wait to be taken.
_CURSOR = _record(
    ("game", "i8"),
    ("stop", "i8"),
    ("started", "i8"),
    ("max_turns", "i8"),
    ("mover", "i8"),
    ("rent_title", "i8"),
    ("seen", "i8"),  # decisions of this game so far
    ("turn_rows", "i8"),
    ("rent_rows", "i8"),
    ("decision_rows", "i8"),
)


@dataclass(frozen=True)
class History:
    """What happened in N games of P seats, as arrays.

    R, Q and D count the rows of all games together: positions after turns, rents paid in full, decisions recorded. Game i has
    the rows ``start[i] : start[i + 1]`` of each kind. Money is in dollars, a bankrupt seat has none.
    """

    bots: np.ndarray  # (N, P) int8: number of the bot in each seat (`monopoly_env.bots.BOTS`)
    winner: np.ndarray  # (N,) int8: seat, -1 for a capped game
    turns: np.ndarray  # (N,) int32: turns played
    turn_start: np.ndarray  # (N + 1,) int64
    mover: np.ndarray  # (R,) int8: seat whose turn it was, -1 in the first row of a game
    alive: np.ndarray  # (R, P) bool
    position: np.ndarray  # (R, P) int8: square of the token
    cash: np.ndarray  # (R, P) int32
    net_worth: np.ndarray  # (R, P) int32: cash, titles at list price (mortgaged: half), buildings at cost
    owner: np.ndarray  # (R, 28) int8: seat, -1 for the bank
    houses: np.ndarray  # (R, 28) int8: building level 0 to 5
    mortgaged: np.ndarray  # (R, 28) bool
    rent_start: np.ndarray  # (N + 1,) int64
    rent_turn: np.ndarray  # (Q,) int32: during this turn, counted from 1
    rent_payer: np.ndarray  # (Q,) int8: seat
    rent_owner: np.ndarray  # (Q,) int8: seat
    rent_title: np.ndarray  # (Q,) int8
    rent_amount: np.ndarray  # (Q,) int32
    decision_start: np.ndarray  # (N + 1,) int64
    decision_turn: np.ndarray  # (D,) int32
    decision_seat: np.ndarray  # (D,) int8
    decision_phase: np.ndarray  # (D,) int8: `monopoly_env.actions.Phase`
    decision_group: np.ndarray  # (D,) int8: the table group, -1 for none
    state: np.ndarray  # (D, 23) float32: what the seat saw
    action_mask: np.ndarray  # (D, 7) int8: 1 = legal
    action: np.ndarray  # (D,) int8: what it did

    @property
    def games(self) -> int:
        """N, the number of games."""
        return len(self.winner)

    @property
    def players(self) -> int:
        """P, the number of seats."""
        return self.bots.shape[1]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all arrays by name, as for ``np.savez(file, **history.arrays())``."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def rows_at(self, turns: int | Sequence[int] | np.ndarray) -> np.ndarray:
        """Return the rows of the tables after so many turns; a game that is over stays as it ended.

        Args:
            turns: one number for all games, M numbers for all games, or ``(N, M)`` numbers of their own.

        Returns:
            Row numbers, int64 ``(N,)`` or ``(N, M)``.

        Raises:
            ValueError: a number below 0 or another shape.
        """
        turns = np.asarray(turns)
        if (
            turns.ndim > 2
            or (turns.ndim == 2 and len(turns) != self.games)
            or turns.dtype.kind not in "iu"
            or (turns < 0).any()
        ):
            raise ValueError(
                f"Expected turns, 0 or more, as an integer, (M,) or ({self.games}, M) integers. Received: "
                f"{turns.dtype} {turns.shape}"
            )
        first, last = self.turn_start[:-1], self.turns
        if turns.ndim:
            first, last = first[:, np.newaxis], last[:, np.newaxis]
        return first + np.minimum(turns, last)

    def holds(self, rows: np.ndarray) -> np.ndarray:
        """Return every seat's hold on the ten groups at the rows given, as in the 23 floats but without marks.

        Args:
            rows: row numbers of any shape ``S``.

        Returns:
            float32 ``(*S, P, 10)`` in [0, 1].
        """
        mine = self.owner[rows][..., np.newaxis, :] == np.arange(self.players)[:, np.newaxis]  # (*S, P, 28)
        halves = mine * (2 - self.mortgaged[rows].astype(np.int8))[..., np.newaxis, :]
        levels = mine * self.houses[rows][..., np.newaxis, :]
        first = GROUP_FIRST[:-1]
        count, halves, levels = (np.add.reduceat(each, first, axis=-1, dtype=np.int64) for each in (mine, halves, levels))
        share = halves / (2.0 * GROUP_SIZE)
        street = np.arange(len(GROUPS)) < STREET_GROUPS
        whole = count == GROUP_SIZE
        built = 0.5 * share + 0.1 * levels / GROUP_SIZE
        return np.where(street, np.where(whole, built, 0.5 * share), share).astype(np.float32)

    def rent_by_group(self, after_turn: int | np.ndarray = 0) -> np.ndarray:
        """Return the rent that every seat earned with every group after turn ``after_turn``, int64 ``(N, P, 10)``.

        Args:
            after_turn: one number, or ``(N,)`` numbers. 0: in the whole game.
        """
        game = np.repeat(np.arange(self.games), np.diff(self.rent_start))  # (Q,)
        late = self.rent_turn > np.broadcast_to(np.asarray(after_turn), (self.games,))[game]
        earned = np.zeros((self.games, self.players, len(GROUPS)), np.int64)
        np.add.at(earned, (game[late], self.rent_owner[late], GROUP_OF[self.rent_title[late]]), self.rent_amount[late])
        return earned


def strongest_rival(holds: np.ndarray) -> np.ndarray:
    """Return the strongest hold among the other seats: ``(..., P, 10)`` to ``(..., P, 10)``, as in the 23 floats."""
    seats = holds.shape[-2]
    others = [holds[..., [other for other in range(seats) if other != seat], :].max(axis=-2) for seat in range(seats)]
    return np.stack(others, axis=-2)


def play_history(
    games: int,
    bots: Sequence[str] = ("landlord",) * 4,
    seed: "int | np.random.SeedSequence | None" = None,
    *,
    decisions: int = 0,
    rotate: bool = True,
    max_turns: int = DEFAULT_MAX_TURNS,
    house_rules: Iterable[str] = (),
    starting_cash: int = STARTING_CASH,
    threads: int = 2,
) -> History:
    """Let bots play ``games`` games to the end and return what happened.

    Args:
        games: number of games, 1 or more.
        bots: names of 2 to 8 bots, one a seat (``monopoly_env.bots.BOTS``).
        seed: root seed; the games' own are spawned from it.
        decisions: which decisions to record: 0 none, 1 all (hundreds a game, 120 bytes each), k every k-th of each game.
        rotate: shift the bots by one seat from game to game, so that none profits from its place.
        max_turns, house_rules, starting_cash: see ``monopoly_env.game.new_games``.
        threads: games are played on so many threads; the result does not depend on it.

    Raises:
        ValueError: an argument is out of range or names no bot.
    """
    for name, value, low in (("games", games, 1), ("decisions", decisions, 0), ("threads", threads, 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
            raise ValueError(f"{name} must be an integer, {low} or more. Received: {value!r}")
    numbers = [bot_number(name) for name in bots]
    records = new_games(games, len(numbers), seed, max_turns=max_turns, house_rules=house_rules, starting_cash=starting_cash)
    shift = np.arange(games)[:, np.newaxis] * bool(rotate)
    seating = np.array(numbers, np.int8)[(np.arange(len(numbers)) + shift) % len(numbers)]  # (N, P)

    def play(start: int) -> list[np.ndarray]:
        return _play_chunk(records, seating, start, min(start + _CHUNK, games), int(decisions))

    with ThreadPoolExecutor(threads) as pool:
        chunks = list(pool.map(play, range(0, games, _CHUNK)))
    return _history(records, seating, *(np.concatenate(kind) for kind in zip(*chunks, strict=True)))


def _history(records, seating, turn, rent, decision) -> History:
    """Turn rows into named arrays."""
    games, players = seating.shape
    return History(
        bots=seating,
        winner=records["winner"].astype(np.int8),
        turns=records["turns"].copy(),
        turn_start=_starts(turn, games),
        mover=turn["mover"].copy(),
        alive=turn["alive"][:, :players] != 0,
        position=turn["position"][:, :players].copy(),
        cash=turn["cash"][:, :players].copy(),
        net_worth=turn["net_worth"][:, :players].copy(),
        owner=turn["owner"].copy(),
        houses=turn["houses"].copy(),
        mortgaged=turn["mortgaged"] != 0,
        rent_start=_starts(rent, games),
        **{f"rent_{name}": rent[name].copy() for name in ("turn", "payer", "owner", "title", "amount")},
        decision_start=_starts(decision, games),
        **{f"decision_{name}": decision[name].copy() for name in ("turn", "seat", "phase", "group")},
        state=decision["state"].copy(),
        action_mask=decision["mask"].copy(),
        action=decision["action"].copy(),
    )


def _starts(rows: np.ndarray, games: int) -> np.ndarray:
    """Return the first row of every game and the end, int64 ``(games + 1,)``."""
    return np.searchsorted(rows["game"], np.arange(games + 1))


def _play_chunk(records: np.ndarray, seating: np.ndarray, start: int, stop: int, decisions: int) -> list[np.ndarray]:
    """Play the games ``start .. stop - 1`` and return their rows: turns, rents, decisions."""
    buffers = [np.zeros(_ROWS, kind) for kind in (_TURN_ROW, _RENT_ROW, _DECISION_ROW)]
    cursors = np.zeros(1, _CURSOR)
    cursors["game"], cursors["stop"] = start, stop
    taken: list[list[np.ndarray]] = [[], [], []]
    while cursors["game"][0] < stop:
        _play(records, seating, cursors, *buffers, decisions)
        for name, buffer, rows in zip(("turn_rows", "rent_rows", "decision_rows"), buffers, taken, strict=True):
            rows.append(buffer[: cursors[name][0]].copy())
            cursors[name] = 0
    return [np.concatenate(rows) for rows in taken]


@kernel
def _play(games, seating, cursors, turn_rows, rent_rows, decision_rows, every):
    """Play on, writing rows, until all games are over or a buffer is nearly full."""
    cursor = cursors[0]
    mask = np.zeros(ACTION_COUNT, np.int8)
    holdings = np.zeros(1, HOLDINGS)[0]
    room = len(turn_rows) - MAX_EVENTS  # what one step may write at most
    while cursor.game < cursor.stop:
        game = games[cursor.game]
        if not cursor.started:
            _start(game, cursor, turn_rows)
        while cursor.started:
            if max(cursor.turn_rows, cursor.rent_rows, cursor.decision_rows) > room:
                return
            play_on(game)
            _read_log(game, cursor, rent_rows)
            if game.over != RUNNING:
                _end_turn(game, cursor, turn_rows)
            elif game.phase != NONE:
                write_mask(game, mask)
                action = bot_action(game, mask, seating[cursor.game, game.actor], holdings)
                if every > 0 and cursor.seen % every == 0:
                    _write_decision(game, cursor, decision_rows, mask, action, holdings)
                cursor.seen += 1
                carry_out(game, action)


@kernel
def _start(game, cursor, turn_rows):
    """Begin a game. The turn cap, moved up turn by turn, stops the engine between turns."""
    cursor.started = 1
    cursor.seen = 0
    cursor.mover = -1
    cursor.rent_title = -1
    cursor.max_turns = game.max_turns
    game.logging = 1
    _write_turn(game, cursor, turn_rows)
    game.max_turns = 1


@kernel
def _end_turn(game, cursor, turn_rows):
    """Keep the table as it stands, and play on unless the game is over."""
    _write_turn(game, cursor, turn_rows)
    if game.over == CAPPED and game.turns < cursor.max_turns:
        game.over = RUNNING
        game.max_turns = game.turns + 1
    else:
        game.max_turns = cursor.max_turns
        cursor.started = 0
        cursor.game += 1


@kernel
def _write_turn(game, cursor, turn_rows):
    row = turn_rows[cursor.turn_rows]
    cursor.turn_rows += 1
    row.game = cursor.game
    row.mover = cursor.mover
    for seat in range(game.players):
        row.alive[seat] = game.alive[seat]
        row.position[seat] = game.position[seat]
        row.cash[seat] = game.cash[seat]
        row.net_worth[seat] = net_worth(game, seat)
    for title in range(TITLES):
        row.owner[title] = game.owner[title]
        row.houses[title] = game.houses[title]
        row.mortgaged[title] = game.mortgaged[title]


@kernel
def _read_log(game, cursor, rent_rows):
    """Empty the log: whose turn it is, and rents that were paid."""
    for number in range(game.events):
        kind, seat = game.event[number, 0], game.event[number, 1]
        if kind == E_TURN:
            cursor.mover = seat
        elif kind == E_RENT:
            cursor.rent_title = TITLE_AT[game.event[number, 3]]
        elif kind == E_PAY and game.event[number, 4] == RENT:
            row = rent_rows[cursor.rent_rows]
            cursor.rent_rows += 1
            row.game = cursor.game
            row.turn = game.turns
            row.payer = seat
            row.owner = game.event[number, 2]
            row.title = cursor.rent_title
            row.amount = game.event[number, 3]
    game.events = 0


@kernel
def _write_decision(game, cursor, decision_rows, mask, action, holdings):
    row = decision_rows[cursor.decision_rows]
    cursor.decision_rows += 1
    row.game = cursor.game
    row.turn = game.turns
    row.seat = game.actor
    row.phase = game.phase
    row.group = game.table_group
    row.action = action
    row.mask[:] = mask
    write_observation(game, game.actor, row.state, holdings)
