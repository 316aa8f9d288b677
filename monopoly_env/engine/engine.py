"""The engine: play on to the next decision, say what is legal there, carry out an action.

    advance(game)                    # plays dice, rents, cards, forced moves
    mask = legal_actions(game)       # int8 (7,)
    apply(game, action)              # then advance again

A game waits for a decision when ``game.phase`` is not ``Phase.NONE``: seat ``game.actor`` decides. It is over when
``game.over`` is not 0. The compiled functions ``play_on``, ``write_mask`` and ``carry_out`` are the same for use in other
compiled code.
"""

import numpy as np

from monopoly_env import board
from monopoly_env.actions import (
    ACTION_COUNT,
    AUCTION,
    BUILD,
    BUY,
    IN_JAIL,
    LIQUIDATE,
    MANAGE,
    MORTGAGE,
    NONE,
    OFFER,
    PASS,
    PURCHASE,
    REDEEM,
    SELL,
    TRADE,
    Action,
    IllegalActionError,
    Phase,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.engine.managing import apply_manage, ask_to_redeem, manage
from monopoly_env.events import HEADROOM
from monopoly_env.game import (
    AFTER,
    BEFORE_ROLL,
    BUYING,
    END,
    JAIL,
    JAIL_ROLL,
    LAND,
    MANAGING,
    MAX_EVENTS,
    MOVE,
    NO_PLAN,
    ROLL,
    RUNNING,
    TURN,
)
from monopoly_env.rules.auction import apply_bid, auction_step, open_next_auction
from monopoly_env.rules.deal import apply_answer, ask_about_offer
from monopoly_env.rules.debt import apply_liquidate, settle_debt
from monopoly_env.rules.landing import apply_purchase, land, offer_title
from monopoly_env.rules.property import mortgage_title, redeem_title, sell_title
from monopoly_env.rules.turn import (
    after_landing,
    apply_jail,
    ask_in_jail,
    begin_turn,
    can_build_group,
    end_turn,
    follow_plan,
    move,
    roll_and_move,
    roll_in_jail,
)


@kernel
def play_on(game):
    """Play until a decision or the end. Returns early when the event buffer of a logged game is nearly full."""
    while game.over == RUNNING and game.phase == NONE:
        if game.logging and game.events > MAX_EVENTS - HEADROOM:
            return
        play_one(game)


@kernel
def play_one(game):
    """Play one step of a game that waits for no decision: a debt, a bid, a roll with its move, what the square brings ..."""
    if game.offer_from >= 0:
        ask_about_offer(game)
    elif game.debts > 0:
        settle_debt(game)
    elif game.received:
        ask_to_redeem(game)
    elif game.auction_title >= 0:
        auction_step(game)
    elif open_next_auction(game):
        return
    elif not game.alive[game.turn]:
        end_turn(game)
    elif game.plan != NO_PLAN:
        follow_plan(game)
    else:
        _run_stage(game)


@kernel
def _run_stage(game):
    stage = game.stage
    if stage == TURN:
        begin_turn(game)
    elif stage == ROLL:
        roll_and_move(game)
    elif stage == JAIL:
        ask_in_jail(game)
    elif stage == JAIL_ROLL:
        roll_in_jail(game)
    elif stage == MOVE:
        move(game)
    elif stage == LAND:
        land(game)
    elif stage == BUYING:
        offer_title(game)
    elif stage == AFTER:
        after_landing(game)
    elif stage == MANAGING or stage == BEFORE_ROLL:
        manage(game)
    elif stage == END:
        end_turn(game)


@kernel
def is_legal(game, action):
    """Whether the pending decision allows ``action``, any integer. The only authority on legality."""
    phase, seat, group = game.phase, game.actor, game.table_group
    if phase == NONE or action == PASS:
        return phase != NONE
    if phase == MANAGE:
        if group < 0:
            return False
        if action == BUILD:
            return can_build_group(game, seat, group)
        if action == REDEEM:
            return redeem_title(game, seat, group) >= 0
        return action == TRADE and game.composed[0] >= 0
    if phase == LIQUIDATE:
        if group < 0:  # a person that only deals can save (R52)
            return False
        if action == SELL:
            return sell_title(game, seat, group) >= 0
        return action == MORTGAGE and mortgage_title(game, seat, group) >= 0
    return action == BUY


@kernel
def write_mask(game, mask):
    """Write the action mask of the pending decision into ``mask``, int8 ``(7,)``."""
    for action in range(ACTION_COUNT):
        mask[action] = is_legal(game, action)


@kernel
def carry_out(game, action):
    """Carry out an action that the mask allows. Does not check: see ``apply``."""
    phase = game.phase
    if phase == PURCHASE:
        apply_purchase(game, action)
    elif phase == AUCTION:
        apply_bid(game, action)
    elif phase == MANAGE:
        apply_manage(game, action)
    elif phase == OFFER:
        apply_answer(game, action)
    elif phase == LIQUIDATE:
        apply_liquidate(game, action)
    elif phase == IN_JAIL:
        apply_jail(game, action)


def advance(game: np.record) -> None:
    """Play on until a decision or the end; a logged game also stops when its event buffer is nearly full."""
    play_on(game)


def advance_one(game: np.record) -> None:
    """Play one step towards the next decision, for whoever wants to look at the game in between; nothing where it waits."""
    if game.over == RUNNING and game.phase == NONE:
        play_one(game)


def legal_actions(game: np.record) -> np.ndarray:
    """Return the action mask of the pending decision, int8 ``(7,)``; all zero when the game waits for none."""
    mask = np.zeros(ACTION_COUNT, np.int8)
    write_mask(game, mask)
    return mask


def apply(game: np.record, action: int) -> None:
    """Carry out ``action`` for the seat that decides. Call ``advance`` afterwards.

    Raises:
        IllegalActionError: the rules do not allow it now. The game is left as it was.
    """
    mask = legal_actions(game)
    if not _is_action(action) or not mask[action]:
        raise refusal(game, action, mask)
    carry_out(game, int(action))


def _is_action(action: object) -> bool:
    return isinstance(action, int | np.integer) and not isinstance(action, bool) and 0 <= action < ACTION_COUNT


def refusal(game: np.record, action: int, mask: np.ndarray) -> IllegalActionError:
    """Return the error that says why an action is refused: action, seat, phase and what is legal."""
    if not _is_action(action):
        return IllegalActionError(f"An action is an integer from 0 to {ACTION_COUNT - 1}. Received: {action!r}")
    if game.phase == NONE:
        return IllegalActionError(f"{Action(action).name} is not legal: the game waits for no decision.")
    legal = ", ".join(Action(number).name for number in np.flatnonzero(mask))
    group = f" on {board.GROUPS[game.table_group]}" if game.table_group >= 0 else ""
    phase = Phase(int(game.phase)).name
    reason = f"{Action(action).name} is not legal for {{seat}} in {phase}{group}. Legal: {legal}."
    return IllegalActionError(reason, int(game.actor))
