"""The long mode of fuzzing: random players play whole games, and everything is checked at every decision.

    python tests/trust/fuzz.py --games 100000

Prints what was played and ends with exit code 1 at the first violation, with the numbers that repeat it.
"""

import argparse
import os
import sys
import time
from pathlib import Path


def count(text: str) -> int:
    """An integer from 1 up, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected an integer from 1 up. Received: {text!r}")
    return int(text)


def root_seed(text: str) -> int:
    """An integer from 0 up, for argparse."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected an integer from 0 up. Received: {text!r}")
    return int(text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Play random games of 2 to 8 players and check every rule at every decision.")
    parser.add_argument("--games", type=count, default=10_000, help="games to play (default: 10000)")
    parser.add_argument("--seed", type=root_seed, default=0, help="root seed; the same seed plays the same games (default: 0)")
    parser.add_argument("--threads", type=count, default=os.cpu_count() or 1, help="threads (default: all cores)")
    return parser.parse_args()


def main() -> int:
    """Play, show progress, and print the figures."""
    options = arguments()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from trust.fuzzing import run

    print("Compiling the engine and its checks: the first run takes a minute or so.", flush=True)
    games = decisions = most = decided = capped = 0
    started = time.monotonic()
    for result in run(options.games, options.seed, options.threads):
        if result.violation:
            print(f"\nViolation in {result.violation}. Repeat with --seed {options.seed} --games {options.games}.")
            return 1
        games += result.games
        decisions += result.decisions
        most = max(most, result.most_in_turn)
        decided += result.decided
        capped += result.capped
        if sys.stdout.isatty():
            print(f"\r{games:,} of {options.games:,} games, {decisions:,} decisions", end="", flush=True)
    print(f"\r{games:,} games of 2 to 8 players ({decided:,} decided, {capped:,} stopped by the turn cap)")
    print(f"{decisions:,} decisions, each checked; at most {most} in one turn, bids aside")
    print(f"0 violations, {time.monotonic() - started:.0f} s on {options.threads} threads")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped.")
        sys.exit(130)
