"""Whole games as arrays, for data and for lessons: bots play, and everything that happened comes back as named NumPy arrays.

    history = play_history(4000, ["landlord"] * 4, seed=0, decisions=30)
    history.winner                                       # (4000,) seat, -1 for a capped game
    history.net_worth[history.rows_at([20, 40, 60])]     # (4000, 3, 4) dollars after turns 20, 40 and 60
    history.holds(history.rows_at(60))                   # (4000, 4, 10) holds on the ten groups
    history.rent_by_group()                              # (4000, 4, 10) dollars earned
    history.state, history.action                        # (D, 23), (D,): every 30th decision of each game

Games differ in length, so what happens by turn lies in one long array, game after game: ``turn_start[i]`` is the first row of
game i, the table before its first turn, and the row behind it by t shows the table after turn t. Rents and decisions
are kept in the same way. The games are those that the same seed gives anywhere else.

To step games oneself, see ``monopoly_env.envs``; to save, replay or show a single one, ``scripts/play.py``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from monopoly_env.actions import NONE
from monopoly_env.batch.game_batch import GameBatch, net_worths
from monopoly_env.batch.step import LEARNER, bots_act
from monopoly_env.board import GROUP_FIRST, GROUP_OF, GROUP_SIZE, GROUPS, STARTING_CASH, STREET_GROUPS, TITLE_AT
from monopoly_env.bots import bot_number
from monopoly_env.events import E_PAY, E_RENT, E_TURN
from monopoly_env.game import CAPPED, DEFAULT_MAX_TURNS, RENT, RUNNING, new_games
from monopoly_env.strength.holdings import HOLDINGS

_GUEST = LEARNER - 1
_CHUNK = 8000  # games side by side

_Rows = dict[str, np.ndarray]  # arrays by name, one entry a row; "game" among them


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
    decisions: int = 1,
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
        decisions: which decisions to record: 1 all (hundreds a game, 120 bytes each), k every k-th of each game, 0 none,
            which is faster.
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
    parts = [slice(start, start + _CHUNK) for start in range(0, games, _CHUNK)]
    chunks = [_play(records[part], seating[part], int(decisions), threads) for part in parts]
    turns, log, taken = (_joined([chunk[kind] for chunk in chunks]) for kind in range(3))
    turn_start, players = _starts(turns, games), len(numbers)
    mover = np.full(len(turns["game"]), -1, np.int8)
    began = log["kind"] == E_TURN
    mover[turn_start[log["game"][began]] + log["b"][began]] = log["a"][began]
    rents = _rents(log)
    return History(
        bots=seating,
        winner=records["winner"].astype(np.int8),
        turns=records["turns"].copy(),
        turn_start=turn_start,
        mover=mover,
        alive=turns["alive"][:, :players] != 0,
        position=turns["position"][:, :players],
        cash=turns["cash"][:, :players],
        net_worth=turns["net_worth"][:, :players],
        owner=turns["owner"],
        houses=turns["houses"],
        mortgaged=turns["mortgaged"] != 0,
        rent_start=_starts(rents, games),
        **{f"rent_{name}": rents[name] for name in ("turn", "payer", "owner", "title", "amount")},
        decision_start=_starts(taken, games),
        **{f"decision_{name}": taken[name] for name in ("turn", "seat", "phase", "group")},
        state=taken["state"],
        action_mask=taken["mask"],
        action=taken["action"],
    )


def _starts(rows: _Rows, games: int) -> np.ndarray:
    """Return the first row of every game and the end, int64 ``(games + 1,)``."""
    return np.searchsorted(rows["game"], np.arange(games + 1))


def _play(records: np.ndarray, seating: np.ndarray, every: int, threads: int) -> tuple[list[_Rows], list[_Rows], list[_Rows]]:
    """Play games to their ends, which ``records`` then hold, and return what happened: turns, log, decisions.

    The turn cap, moved up turn by turn, stops the engine between turns. Where decisions are recorded, all seats are asked from
    outside, and the bots answer here.
    """
    count, players = seating.shape
    batch = GameBatch(seating.tolist(), 0, to_the_end=True, threads=threads)
    games, episodes = batch.games, batch.episodes
    caps = records["max_turns"].copy()
    games[:] = records
    games["logging"], games["max_turns"] = 1, 1
    episodes["controller"][:, :players] = _GUEST if every else seating
    holdings = np.zeros(count, HOLDINGS)
    actions, seen, going = np.zeros(count, np.int64), np.zeros(count, np.int64), np.ones(count, bool)

    def answer(start: int, stop: int) -> None:
        bots_act(games, episodes, holdings, start, stop, seating, actions)

    turns, log, decisions = [_turn_rows(games, np.arange(count))], [], [_decision_rows(batch, np.arange(0), actions)]
    while going.any():
        batch.step(actions, then=answer)  # plays on, and does nothing else where nobody has been asked
        running, pending = games["over"] == RUNNING, games["phase"] != NONE
        asked, ended = np.flatnonzero(going & running & pending), np.flatnonzero(going & ~running)
        if asked.size:
            decisions.append(_decision_rows(batch, asked[seen[asked] % every == 0], actions))
            seen[asked] += 1
        turns.append(_turn_rows(games, ended))
        on = (games["over"][ended] == CAPPED) & (games["turns"][ended] < caps[ended])
        going[ended[~on]] = False
        full = going & running & ~pending
        full[ended[~on]] = True
        log.append(_read_log(games, np.flatnonzero(full)))
        on = ended[on]
        games["over"][on], episodes["episode_over"][on] = RUNNING, 0
        games["max_turns"][on] = games["turns"][on] + 1
    batch.close()
    records[:] = games
    records["max_turns"] = caps
    return turns, log, decisions


def _turn_rows(games: np.ndarray, rows: np.ndarray) -> _Rows:
    names = ("alive", "position", "owner", "houses", "mortgaged")
    return {
        "game": rows,
        "cash": games["cash"][rows],
        "net_worth": net_worths(games, rows).astype(np.int32),
        **{name: games[name][rows].astype(np.int8) for name in names},
    }


def _read_log(games: np.ndarray, rows: np.ndarray) -> _Rows:
    """Empty the logs of those games; return the beginnings of turns, rents due and rents paid that they held."""
    counts = games["events"][rows]
    written = np.arange(counts.max(initial=0)) < counts[:, np.newaxis]
    place, number = np.nonzero(written)
    event = games["event"][rows[place], number]  # (n, 7)
    kept = (event[:, 0] == E_TURN) | (event[:, 0] == E_RENT) | ((event[:, 0] == E_PAY) & (event[:, 4] == RENT))
    games["events"][rows] = 0
    return {"game": rows[place][kept], **{name: event[kept, column] for column, name in enumerate(("kind", "a", "b", "c"))}}


def _rents(log: _Rows) -> _Rows:
    """Return the rents that were paid: each belongs to the last turn and to the last rent due before it in the log."""
    index = np.arange(len(log["game"]))
    turn, due = (np.maximum.accumulate(np.where(log["kind"] == kind, index, 0)) for kind in (E_TURN, E_RENT))
    paid = np.flatnonzero(log["kind"] == E_PAY)
    return {
        "game": log["game"][paid],
        "turn": log["b"][turn[paid]],
        "payer": log["a"][paid].astype(np.int8),
        "owner": log["b"][paid].astype(np.int8),
        "title": TITLE_AT[log["c"][due[paid]]].astype(np.int8),
        "amount": log["c"][paid],
    }


def _decision_rows(batch: GameBatch, rows: np.ndarray, actions: np.ndarray) -> _Rows:
    games, episodes = batch.games, batch.episodes
    return {
        "game": rows,
        "turn": games["turns"][rows],
        "seat": games["actor"][rows].astype(np.int8),
        "phase": games["phase"][rows].astype(np.int8),
        "group": games["table_group"][rows].astype(np.int8),
        "action": actions[rows].astype(np.int8),
        "mask": episodes["mask"][rows],
        "state": episodes["state"][rows],
    }


def _joined(chunks: list[list[_Rows]]) -> _Rows:
    """Return the rows of all chunks, game after game, each in the order in which it was played."""
    parts = [{**rows, "game": rows["game"] + _CHUNK * number} for number, chunk in enumerate(chunks) for rows in chunk]
    whole = {name: np.concatenate([rows[name] for rows in parts]) for name in parts[0]}
    order = np.argsort(whole["game"], kind="stable")
    return {name: column[order] for name, column in whole.items()}
