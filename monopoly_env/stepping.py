"""One step of a game with the players at its table, compiled: from an action to the next decision made from outside.

A seat is controlled by a bot (its number, 0 and up, see ``monopoly_env.bots``), by the learner (``LEARNER`` = -1), or by a
guest that is asked from outside too (-2 and down, told apart by the caller). The learner's seats earn rewards, and an
episode lasts as long as one of them is in the game. ``monopoly_env.tables`` makes arrays of these records and steps them.
"""

import numpy as np

from monopoly_env.actions import ACTION_COUNT, NONE, PASS
from monopoly_env.appraisal import APPRAISAL
from monopoly_env.bots import LANDLORD, bot_action
from monopoly_env.game import CAPPED, DECIDED, GAME, MAX_PLAYERS, RUNNING, set_up_next
from monopoly_env.jit import kernel
from monopoly_env.memory import prefetch
from monopoly_env.observation import STATE_SIZE, STRENGTH, write_observation
from monopoly_env.rng import below
from monopoly_env.rules.engine import carry_out, is_legal, play_on, write_mask

LEARNER = -1
NO_RESTART, NEXT_STEP, SAME_STEP = range(3)  # what a step does at the end of an episode
BEGIN, BEGIN_NEXT, STEP, GO_ON = range(4)  # tasks
IDLE, STARTING, STEPPING = range(3)  # what is under way at a table
MOST_STARTS = 5000  # games in one task at one table; if none of them asks anybody, no game will

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
            # earned since the seat's last decision, for the seat that decides and those that ended
            ("reward", "f4", (MAX_PLAYERS,)),
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
    return STARTING


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
        if game.over == RUNNING and table.controller[game.actor] < 0:
            _show(game, table, appraisal)
            _growth(table, game.actor, table.state, shaped)
            return IDLE
        if not to_the_end:
            return _start(game, table, True)  # it ended before anybody was asked: there is nothing to learn from it
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

    Returns:
        -1, or the number of the first table where ``MOST_STARTS`` games in a row have asked nobody; its episode is over, and
        those behind it are as they were.
    """
    for number in range(start, stop):
        if number + 1 < stop:
            prefetch(games, number + 1, 0, _BEFORE_DEBTS)
            prefetch(games, number + 1, _AFTER_DEBTS, _BEFORE_COUNTS)
            prefetch(tables, number + 1, 0, TABLE_BYTES)
            prefetch(appraisals, number + 1, 0, _APPRAISAL_BYTES)
        game, table, appraisal = games[number], tables[number], appraisals[number]
        doing = _prepare(game, table, task, given[number], restart)
        starts = 0
        while doing != IDLE:
            play_to_decision(game, table, appraisal, to_the_end)
            doing = _settle(game, table, appraisal, doing, restart, shaped, max_decisions, to_the_end)
            starts += doing == STARTING
            if starts == MOST_STARTS:
                table.episode_over = 1
                return number
    return -1
