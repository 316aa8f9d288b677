"""The long mode of fuzzing: random players play whole games, and everything is checked at every decision.

    python tests/trust/fuzz.py --games 100000

Prints what was played and ends with exit code 1 at the first violation, with the numbers that repeat it.
"""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agent.files.errors import user_errors
from trust.fuzzing import run


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
