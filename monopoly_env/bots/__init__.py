"""Scripted players, compiled like the engine.

random         any legal action, all equally likely
fp-a           fixed policy, all groups equal                            (after Bonjour et al. 2022)
fp-b           fixed policy, railroads and dark blue high, utilities low
fp-c           fixed policy, railroads, orange and light blue high
landlord       the strongest rules of the house
gnome-fp-a to gnome-fp-c, gcp, vincero, yyongg, intrepidcoder            the rules of bots of other simulators
varied-1 to varied-8                                                     fixed policies with constants drawn at random

docs/BOTS.md has the rules of each. Nothing that ships is trained against those in ``HELD_OUT``.
"""

import numpy as np

from monopoly_env.actions import ACTION_COUNT
from monopoly_env.bots.fixed import fixed_policy_action
from monopoly_env.bots.landlord import landlord_action
from monopoly_env.bots.policies import ELSEWHERE, OWN, VARIED
from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import below
from monopoly_env.strength.holdings import new_holdings

BOTS = ("random", *OWN, "landlord", *ELSEWHERE, *VARIED)
HELD_OUT = ("gcp", "vincero")
RANDOM = 0
LANDLORD = BOTS.index("landlord")


def bot_number(name: str) -> int:
    """Return the number of a bot for compiled code.

    Raises:
        ValueError: there is no bot of that name.
    """
    if name not in BOTS:
        raise ValueError(f"Unknown bot. Expected one of {', '.join(BOTS)}. Received: {name!r}")
    return BOTS.index(name)


@kernel
def random_action(game, mask):
    """Return any legal action, drawn from the game's ``bot_rng``: dice and cards stay the same."""
    legal = 0
    for action in range(ACTION_COUNT):
        legal += mask[action]
    choice = below(game.bot_rng, legal)
    for action in range(ACTION_COUNT):
        if mask[action]:
            if choice == 0:
                return action
            choice -= 1
    return 0


@kernel
def bot_action(game, mask, bot, holdings):
    """Return the action of the bot numbered ``bot`` for the pending decision.

    Args:
        game: the record of the game.
        mask: its action mask; ``LANDLORD`` does not look at it.
        bot: the number.
        holdings: any record of ``strength.holdings``; ``LANDLORD`` brings it up to date, and is faster with one that the
            same game has used before.
    """
    if bot == RANDOM:
        return random_action(game, mask)
    if bot == LANDLORD:
        return landlord_action(game, holdings)
    return fixed_policy_action(game, mask, bot - 1 if bot < LANDLORD else bot - 2)


def ask_bot(game: np.record, mask: np.ndarray, bot: int) -> int:
    """Return what ``bot_action`` does, from outside compiled code; where ``mask`` forbids that, its first action.

    Args:
        game: a record that waits for a decision.
        mask: its action mask, int8 ``(7,)``, or less: what else may not be done where the game is played.
        bot: the number of the bot.
    """
    action = int(bot_action(game, mask, bot, new_holdings()))
    return action if mask[action] else int(np.argmax(mask))
