"""How many decisions a game of four takes, by kind, and what a stop before the roll (R60) costs and brings.

    python tests/trust/pace.py --games 10000

All four seats are played alike: by ``random``, by ``landlord``, or by the shipped network, which plays a tenth of the games.
Then one ``landlord`` that manages before its roll too, in each seat in turn, plays against three that do not.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monopoly_env.actions import Phase
from monopoly_env.bots import bot_action, bot_number
from monopoly_env.compiled.jit import kernel
from monopoly_env.engine.engine import carry_out, play_on, write_mask
from monopoly_env.game import DECIDED, MANAGE_TIMES, RUNNING, new_games
from monopoly_env.strength.holdings import new_holdings

SEED = 11


@kernel
def play(games, bot, counts, holdings):
    """Play games out with one bot in all seats; ``counts``, int64 ``(7,)``, takes the decisions by phase."""
    mask = np.zeros(7, np.int8)
    for number in range(len(games)):
        game = games[number]
        play_on(game)
        while game.over == RUNNING:
            counts[game.phase] += 1
            write_mask(game, mask)
            carry_out(game, bot_action(game, mask, bot, holdings))
            play_on(game)


def played(games, bot):
    """Play games out with a bot; return the decisions a game by phase, float ``(7,)``."""
    counts = np.zeros(7, np.int64)
    play(games, bot_number(bot), counts, new_holdings())
    return counts / len(games)


def played_by_network(games, manage):
    """The same for the shipped network, in as many games as it is told."""
    from agent.players.network import Player
    from agent.players.playouts import controllers, play_out
    from monopoly_env.batch.game_batch import GameBatch

    codes, networks = controllers([Player.load()] * 4)
    batch = GameBatch([codes] * games, 0, manage=manage, to_the_end=True)
    batch.begin(np.random.SeedSequence(SEED).spawn(games))
    counts = np.zeros(7)
    for going, _ in play_out(batch, networks, None, 0):
        counts += np.bincount(batch.games["phase"][going], minlength=7)
    return counts / games


def tell(who, manage, counts):
    """Print the decisions a game."""
    kinds = ", ".join(f"{counts[phase]:.1f} {phase.name}" for phase in Phase if phase)
    print(f'{who}, manage="{manage}": {counts.sum():.1f} decisions a game ({kinds})', flush=True)


def match(count):
    """Print how often one ``landlord`` with the stop before its roll wins against three without."""
    from agent.evaluation.statistics import percent, span, wilson_interval

    games = new_games(count, 4, SEED)
    seats = np.arange(count) % 4
    games["manage_both"][np.arange(count), seats] = 1
    played(games, "landlord")
    decided = games["over"] == DECIDED
    wins = int((decided & (games["winner"] == seats)).sum())
    low, high = wilson_interval(wins, int(decided.sum()))
    print(
        f"one landlord with the stop before its roll won {percent(wins / decided.sum())} ({span((low, high))}) of "
        f"{decided.sum():,} decided games against three without, {count - decided.sum()} capped; alike they would win 25.0 %"
    )


def main():
    """Read the command line, play, and print the figures."""
    parser = argparse.ArgumentParser(description="Count decisions a game, and try a stop before the roll.")
    parser.add_argument("--games", type=int, default=10_000, help="of each kind (default: 10000)")
    count = max(10, parser.parse_args().games)
    for bot in ("random", "landlord"):
        for manage in MANAGE_TIMES:
            tell(bot, manage, played(new_games(count, 4, SEED, manage=manage), bot))
    for manage in MANAGE_TIMES:
        tell("the shipped network", manage, played_by_network(count // 10, manage))
    match(count)


if __name__ == "__main__":
    main()
