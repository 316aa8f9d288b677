"""The long mode of fuzzing: random players play whole games, and everything is checked at every decision.

    python tests/trust/fuzz.py --games 100000

A batch is some games of one number of players, played in one way, from the start or from random situations. Batch ``i`` of a
seed is the same whatever the number of threads. Prints what was played and ends with exit code 1 at the first violation, with
the numbers that repeat it.
"""

import io
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from invariants import COUNTS, FAULTS, play_out

from agent.files.errors import user_errors
from monopoly_env.game import CAPPED, DECIDED, GAME, HOUSE_RULES, new_games
from trust.random_tables import numpy_pick, random_table

PLAYERS = range(2, 9)
WAYS = 4
MAX_TURNS = 500
TABLE_TURNS = 200  # turn cap of games that begin in the middle
MIDDLE = 60  # decisions after which a game is saved and loaded


class Batch(NamedTuple):
    """What to play: games of ``players`` seats, chosen in one ``way``, from the start or from random situations."""

    number: int
    count: int
    players: int
    way: int
    from_tables: bool
    seed: np.random.SeedSequence


class Result(NamedTuple):
    """What came of a batch: its counts, and the first violation as text (or None)."""

    games: int
    decisions: int
    most_in_turn: int
    decided: int
    capped: int
    violation: str | None


def batches(games: int, seed: int, size: int = 200) -> list[Batch]:
    """Split ``games`` games into batches over all numbers of players and ways; every fourth one begins in random situations."""
    root = np.random.SeedSequence(seed)
    result = []
    for start in range(0, games, size):
        number = len(result)
        players, way = PLAYERS[number % len(PLAYERS)], number // len(PLAYERS) % WAYS
        from_tables = (number + number // (len(PLAYERS) * WAYS)) % 4 == 3
        child = np.random.SeedSequence(root.entropy, spawn_key=(number,))
        result.append(Batch(number, min(size, games - start), players, way, from_tables, child))
    return result


def set_up(batch: Batch) -> np.ndarray:
    """The games of a batch before their first decision."""
    if batch.from_tables:
        pick = numpy_pick(np.random.default_rng(batch.seed))
        return np.array([random_table(pick, batch.players, TABLE_TURNS) for _ in range(batch.count)], GAME)
    house_rules = [name for bit, name in enumerate(HOUSE_RULES) if batch.number % 5 == 4 and batch.number >> bit & 1]
    manage = "both" if batch.number % 3 == 2 else "end"
    return new_games(batch.count, batch.players, batch.seed, max_turns=MAX_TURNS, house_rules=house_rules, manage=manage)


def saved_and_loaded(games: np.ndarray) -> np.ndarray:
    """The games as they come back from a file."""
    buffer = io.BytesIO()
    np.save(buffer, games, allow_pickle=False)
    buffer.seek(0)
    return np.load(buffer, allow_pickle=False).astype(GAME)


def play_batch(batch: Batch) -> Result:
    """Play a batch three times: checked, again from the same seeds, and saved and loaded on the way; all must end alike."""
    start = set_up(batch)
    games, again, in_pieces = start.copy(), start.copy(), start.copy()
    counts, ignored = np.zeros(COUNTS, np.int64), np.zeros(COUNTS, np.int64)
    fault, number = play_out(games, batch.way, counts, 0, True)
    violation = f"{FAULTS[fault]}, game {number}, turn {games[number]['turns']}" if fault else None
    if not fault:
        play_out(again, batch.way, ignored, 0, False)
        play_out(in_pieces, batch.way, ignored, MIDDLE, False)
        in_pieces = saved_and_loaded(in_pieces)
        play_out(in_pieces, batch.way, ignored, 0, False)
        if again.tobytes() != games.tobytes():
            violation = "the same seed gave another game"
        elif in_pieces.tobytes() != games.tobytes():
            violation = "saved and loaded, a game went another way"
    if violation:
        violation = f"batch {batch.number} ({batch.players} players, way {batch.way}): {violation}"
    decided, capped = (int((games["over"] == over).sum()) for over in (DECIDED, CAPPED))
    return Result(batch.count, int(counts[0]), int(counts[1]), decided, capped, violation)


def run(games: int, seed: int, threads: int) -> Iterator[Result]:
    """Play ``games`` games on so many threads; yield the result of each batch, in order."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(play_batch, batches(games, seed))
    finally:
        pool.shutdown(cancel_futures=True)


@user_errors()
def main(
    games: Annotated[int, typer.Option(min=1, help="Games to play.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Root seed; the same seed plays the same games.")] = 0,
    threads: Annotated[int, typer.Option(min=1, show_default="all cores")] = os.cpu_count() or 1,
) -> None:
    """Play random games of 2 to 8 players and check every rule at every decision."""
    print("Compiling the engine and its checks: the first run takes a minute or so.", flush=True)
    played = decisions = most = decided = capped = 0
    started = time.monotonic()
    for result in run(games, seed, threads):
        if result.violation:
            print(f"\nViolation in {result.violation}. Repeat with --seed {seed} --games {games}.")
            raise typer.Exit(1)
        played += result.games
        decisions += result.decisions
        most = max(most, result.most_in_turn)
        decided += result.decided
        capped += result.capped
        if sys.stdout.isatty():
            print(f"\r{played:,} of {games:,} games, {decisions:,} decisions", end="", flush=True)
    print(f"\r{played:,} games of 2 to 8 players ({decided:,} decided, {capped:,} stopped by the turn cap)")
    print(f"{decisions:,} decisions, each checked; at most {most} in one turn, bids aside")
    print(f"0 violations, {time.monotonic() - started:.0f} s on {threads} threads")


if __name__ == "__main__":
    typer.run(main)
