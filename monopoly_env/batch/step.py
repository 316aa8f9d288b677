"""One step of a game with the players at its table, compiled: from an action to the next decision made from outside.

A seat is controlled by a bot (its number, 0 and up, see ``monopoly_env.bots``), by the learner (``LEARNER`` = -1), or by a
guest that is asked from outside too (-2 and down, told apart by the caller). The learner's seats earn rewards, and an
episode lasts as long as one of them is in the game. ``GameBatch`` makes arrays of these records and steps them.
"""

import numpy as np

from monopoly_env.actions import ACTION_COUNT, NONE, PASS
from monopoly_env.bots import LANDLORD, bot_action
from monopoly_env.compiled.intrinsics import prefetch
from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import below
from monopoly_env.engine.engine import carry_out, is_legal, play_on, write_mask
from monopoly_env.game import CAPPED, DECIDED, GAME, MAX_PLAYERS, RUNNING, set_up_next
from monopoly_env.observation import STATE_SIZE, write_facts, write_observation
from monopoly_env.strength.holdings import HOLDINGS

LEARNER = -1
NO_RESTART, NEXT_STEP, SAME_STEP = range(3)  # what a step does at the end of an episode
BEGIN, BEGIN_NEXT, STEP, GO_ON = range(4)  # tasks
SKIP = np.iinfo(np.int64).min  # in place of an action: leave this game as it is
IDLE, STARTING, STEPPING = range(3)  # what is under way at a table
MOST_STARTS = 5000  # games in one task at one table; if none of them asks anybody, no game will

# Who sits at one table, and what passes between its seats and the players outside.
EPISODE = np.dtype(
    (
        np.record,
        [
            ("strength", "f8", (MAX_PLAYERS,)),  # the seat's share at its last decision, -1 before the first
            ("starting_cash", "i4"),
            ("seating", "i4", (MAX_PLAYERS,)),  # controllers clockwise, from the first one on
            ("first_seat", "i4"),  # seat of seating[0]; -1: drawn for each game
            ("controller", "i4", (MAX_PLAYERS,)),  # by seat
            ("in_play", "i4", (MAX_PLAYERS,)),  # 1: a learner's seat that is still in the game
            ("decisions", "i4"),  # made from outside in this game
            ("steps", "i4"),  # those of them that were the learner's
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
EPISODE_BYTES = int(EPISODE.fields["final_state"][1])
_HOLDINGS_BYTES = HOLDINGS.itemsize


@kernel
def play_to_decision(game, episode, holdings, to_the_end):
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
                left += game.alive[seat] * (episode.controller[seat] == LEARNER)
            if left == 0:
                return
        bot = episode.controller[game.actor]
        if bot < 0:
            return
        if bot != LANDLORD:  # it finds out for itself what it needs to know of the mask
            write_mask(game, episode.mask)
        carry_out(game, bot_action(game, episode.mask, bot, holdings))


@kernel
def take_seats(game, episode):
    """Seat the seating for a new game."""
    first = episode.first_seat
    if first < 0:
        first = below(game.rng, game.players)
    episode.controller[:] = 0
    episode.in_play[:] = 0
    for place in range(game.players):
        seat = (first + place) % game.players
        episode.controller[seat] = episode.seating[place]
        episode.in_play[seat] = episode.seating[place] == LEARNER
    episode.strength[:] = -1.0
    episode.decisions = 0
    episode.steps = 0
    episode.episode_over = 0


@kernel
def _see(game, seat, state, holdings, facts):
    """Write what the seat sees into ``state``; return its share of the strength at the table, rounded as in a state."""
    share = write_facts(game, seat, state, holdings) if facts else write_observation(game, seat, state, holdings)
    return float(np.float32(share))


@kernel
def _take_strength_change(episode, seat, share, shaped):
    """Return the change of the seat's share of the strength since its last decision; the next is counted from ``share``."""
    before = episode.strength[seat]
    episode.strength[seat] = share
    return share - before if shaped and before >= 0.0 else 0.0


@kernel
def _end_seat(game, episode, holdings, seat, shaped, facts, cut):
    """Settle the reward of a learner's seat that plays no more: bankrupt, game decided, or stopped (``cut``)."""
    episode.in_play[seat] = 0
    reward = 0.0
    if not cut:
        reward = 1.0 if game.over == DECIDED and game.winner == seat else -1.0
    share = _see(game, seat, episode.final_state[seat], holdings, facts)
    episode.reward[seat] = reward + _take_strength_change(episode, seat, share, shaped)
    episode.terminated[seat] = not cut
    episode.truncated[seat] = cut


@kernel
def _end_seats(game, episode, holdings, shaped, facts, max_steps):
    """Settle all learner's seats that end with this step; return how many go on."""
    stopped = game.over == CAPPED or (max_steps > 0 and episode.steps >= max_steps)
    left = 0
    for seat in range(game.players):
        if episode.in_play[seat]:
            if not game.alive[seat] or game.over == DECIDED:
                _end_seat(game, episode, holdings, seat, shaped, facts, False)
            elif stopped:
                _end_seat(game, episode, holdings, seat, shaped, facts, True)
            else:
                left += 1
    return left


@kernel
def _show(game, episode, holdings, facts):
    """Write what the seat that decides sees; return its share of the strength."""
    episode.seat = game.actor
    write_mask(game, episode.mask)
    return _see(game, game.actor, episode.state, holdings, facts)


@kernel
def _clear_step(episode):
    episode.reward[:] = 0.0
    episode.terminated[:] = 0
    episode.truncated[:] = 0
    episode.illegal = 0
    episode.step_reward = 0.0
    episode.step_terminated = 0
    episode.step_truncated = 0


@kernel
def _end_episode(game, episode):
    """Tell the end from the acting seat's side, or if a guest acted from that of a learner's seat that ended with it."""
    seat = episode.acted
    for other in range(game.players):
        if not (episode.terminated[seat] or episode.truncated[seat]):
            seat = other
    episode.episode_over = 1
    episode.seat = seat
    episode.ended_seat = seat
    episode.result = game.over
    episode.winner = game.winner
    episode.step_reward = episode.reward[seat]
    episode.step_terminated = episode.terminated[seat]
    episode.step_truncated = episode.truncated[seat]
    for i in range(STATE_SIZE):
        episode.state[i] = episode.final_state[seat, i]
    episode.mask[:] = 0
    episode.mask[PASS] = 1


@kernel
def _start(game, episode, next_game):
    if next_game:
        set_up_next(game, episode.starting_cash)
    take_seats(game, episode)
    return STARTING


@kernel
def _prepare(game, episode, task, given, restart):
    """Do the first part of a task; return what is then under way: ``STARTING`` a game, ``STEPPING`` one, or ``IDLE``."""
    if task == GO_ON:
        return STEPPING if episode.decisions > 0 else STARTING
    if task == STEP and given == SKIP:
        return IDLE
    over = task == STEP and episode.episode_over
    if (task != STEP and given == 0) or (over and restart != NEXT_STEP):
        return IDLE
    _clear_step(episode)
    if task != STEP or over:
        return _start(game, episode, task != BEGIN)
    legal = is_legal(game, given)
    episode.illegal = not legal
    episode.acted = game.actor
    episode.decisions += 1
    episode.steps += episode.controller[game.actor] == LEARNER
    carry_out(game, given if legal else PASS)
    return STEPPING


@kernel
def _settle(game, episode, holdings, doing, restart, shaped, facts, max_steps, to_the_end):
    """Write what the seats get to know after playing on; return what is under way now, ``IDLE`` when somebody is asked."""
    if game.over == RUNNING and game.phase == NONE:
        return IDLE  # the event buffer is full
    if doing == STARTING:
        if game.over == RUNNING and episode.controller[game.actor] < 0:
            _take_strength_change(episode, game.actor, _show(game, episode, holdings, facts), shaped)
            return IDLE
        if not to_the_end:
            return _start(game, episode, True)  # it ended before anybody was asked: there is nothing to learn from it
    left = _end_seats(game, episode, holdings, shaped, facts, max_steps)
    if game.over != RUNNING or (left == 0 and not to_the_end):
        _end_episode(game, episode)
        return _start(game, episode, True) if restart == SAME_STEP else IDLE
    share = _show(game, episode, holdings, facts)
    episode.step_reward = _take_strength_change(episode, game.actor, share, shaped)
    episode.reward[game.actor] = episode.step_reward
    return IDLE


@kernel
def run_range(games, episodes, all_holdings, start, stop, task, given, restart, shaped, facts, max_steps, to_the_end):
    """Do a task with the games ``start .. stop - 1``.

    One entry on purpose: whatever calls the engine and the bots is compiled with all of them, which takes many seconds.

    Args:
        task: ``BEGIN`` a game that stands before its first turn, the ``BEGIN_NEXT`` game in its place, ``STEP``, or ``GO_ON``
            with a logged game whose event buffer was full and has been emptied.
        given: int64 ``(N,)``; the actions for ``STEP`` (``SKIP``: none), otherwise 1 for the games that the task is for.
        restart: as in ``GameBatch.step``.
        shaped, facts, max_steps, to_the_end: the options of ``GameBatch``.

    Returns:
        -1, or the number of the first game where ``MOST_STARTS`` games in a row have asked nobody; its episode is over, and
        those behind it are as they were.
    """
    for number in range(start, stop):
        if number + 1 < stop:
            prefetch(games, number + 1, 0, _BEFORE_DEBTS)
            prefetch(games, number + 1, _AFTER_DEBTS, _BEFORE_COUNTS)
            prefetch(episodes, number + 1, 0, EPISODE_BYTES)
            prefetch(all_holdings, number + 1, 0, _HOLDINGS_BYTES)
        game, episode, holdings = games[number], episodes[number], all_holdings[number]
        doing = _prepare(game, episode, task, given[number], restart)
        starts = 0
        while doing != IDLE:
            play_to_decision(game, episode, holdings, to_the_end)
            doing = _settle(game, episode, holdings, doing, restart, shaped, facts, max_steps, to_the_end)
            starts += doing == STARTING
            if starts == MOST_STARTS:
                episode.episode_over = 1
                return number
    return -1


@kernel
def bots_act(games, episodes, holdings, start, stop, seating, actions):
    """Write what bots do at the tables ``start .. stop - 1`` where they are asked from outside.

    Args:
        seating: int8 ``(N, P)``, the number of the bot in each seat.
        actions: int64 ``(N,)``.
    """
    for number in range(start, stop):
        game = games[number]
        if game.over == RUNNING and game.phase != NONE:
            actions[number] = bot_action(game, episodes[number].mask, seating[number, game.actor], holdings[number])
