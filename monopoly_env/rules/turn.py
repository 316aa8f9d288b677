"""The course of a turn: managing, jail, rolls, managing again, the next seat (R2 to R6, R29 to R33, R54, R59)."""

from monopoly_env.actions import BUY, IN_JAIL, NONE
from monopoly_env.board import GROUP_OF, HOUSE_COST, JAIL_FEE, SQUARES
from monopoly_env.board import IN_JAIL as IN_JAIL_SQUARE
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import (
    E_CAP,
    E_DECLINE,
    E_LEAVE_JAIL,
    E_STAY_IN_JAIL,
    E_TURN,
    JAIL_DOUBLES,
    OUT_BY_CARD,
    OUT_BY_DOUBLES,
    OUT_BY_FEE,
    OUT_BY_THIRD_ROLL,
    emit,
)
from monopoly_env.game import (
    BANK,
    BEFORE_ROLL,
    CAPPED,
    JAIL,
    JAIL_ROLL,
    MANAGING,
    MOVE,
    NO_PLAN,
    PLAN_BUILD,
    PLAN_JAIL_FEE,
    ROLL,
    TURN,
    next_seat,
)
from monopoly_env.game import JAIL_FEE as FOR_JAIL
from monopoly_env.rules.auction import open_auction
from monopoly_env.rules.debt import ask_to_raise, needed, return_jail_card
from monopoly_env.rules.landing import buy, go_to_jail, move_to, roll
from monopoly_env.rules.money import owe, pay
from monopoly_env.rules.property import (
    build,
    build_title,
    can_build,
    can_pay_for_building,
    can_raise,
)

_FEE_TRIES = 2  # the fee may be paid before the first and the second try; the third ends in it (R31, R33)


@kernel
def begin_turn(game):
    """Open the turn of seat ``game.turn``, or stop the game at the turn cap (R59)."""
    if game.turns >= game.max_turns:
        game.over = CAPPED
        emit(game, E_CAP, -1)
        return
    seat = game.turn
    game.turns += 1
    game.doubles = 0
    game.proposed = 0
    emit(game, E_TURN, seat, game.turns)
    if game.manage_both[seat]:
        game.stage = BEFORE_ROLL
        game.manage_group = 0
    else:
        go_to_the_dice(game, seat)


@kernel
def go_to_the_dice(game, seat):
    """Let the seat roll, in jail after its choice."""
    game.stage = JAIL if game.jailed[seat] else ROLL


@kernel
def ask_in_jail(game):
    """Ask whether the player leaves jail before it rolls, if it can (R31)."""
    seat = game.turn
    if jail_card(game, seat) >= 0 or may_pay_jail_fee(game, seat):
        game.phase = IN_JAIL
        game.actor = seat
        game.table_group = -1
    else:
        game.stage = JAIL_ROLL


@kernel
def may_pay_jail_fee(game, seat):
    """Whether a jailed seat may leave for the fee before it rolls, raising it if need be (R31)."""
    return game.jail_rolls[seat] < _FEE_TRIES and can_raise(game, seat, JAIL_FEE, -1)


@kernel
def jail_card(game, seat):
    """Return the deck of a Get Out of Jail Free card that the seat holds, or -1."""
    for deck in range(2):
        if game.jail_card_holder[deck] == seat:
            return deck
    return -1


@kernel
def apply_jail(game, action):
    """Carry out BUY (card or $50) or PASS (try for doubles) at JAIL (R31)."""
    seat = game.actor
    game.phase = NONE
    deck = jail_card(game, seat)
    if action != BUY:
        game.stage = JAIL_ROLL
    elif deck >= 0:
        return_jail_card(game, deck)
        leave_jail(game, seat, OUT_BY_CARD)
        game.stage = ROLL
    else:
        pay_jail_fee(game, seat)


@kernel
def pay_jail_fee(game, seat):
    """Leave jail for the fee, or first raise the cash (R31, R54)."""
    if game.cash[seat] >= JAIL_FEE:
        pay(game, seat, BANK, JAIL_FEE, FOR_JAIL)
        leave_jail(game, seat, OUT_BY_FEE)
        game.stage = ROLL
    else:
        game.plan = PLAN_JAIL_FEE
        game.raise_group = 0


@kernel
def leave_jail(game, seat, how):
    """Set a jailed player free."""
    game.jailed[seat] = 0
    game.jail_rolls[seat] = 0
    emit(game, E_LEAVE_JAIL, seat, how)


@kernel
def roll_and_move(game):
    """Roll and move (R2), with the third double going to jail (R4, R5)."""
    seat = game.turn
    roll(game, seat)
    if game.dice[0] == game.dice[1]:
        game.doubles += 1
        if game.doubles == 3:
            go_to_jail(game, seat, JAIL_DOUBLES)
            return
    else:
        game.doubles = 0
    move(game)


@kernel
def move(game):
    """Move the token by the dice."""
    seat = game.turn
    move_to(game, seat, (game.position[seat] + game.dice[0] + game.dice[1]) % SQUARES, True)


@kernel
def roll_in_jail(game):
    """Try for doubles (R32); the third failure costs $50 and moves by that roll (R33)."""
    seat = game.turn
    roll(game, seat)
    if game.dice[0] == game.dice[1]:
        leave_jail(game, seat, OUT_BY_DOUBLES)
        move(game)
        return
    game.jail_rolls[seat] += 1
    if game.jail_rolls[seat] == 3:
        leave_jail(game, seat, OUT_BY_THIRD_ROLL)
        owe(game, seat, BANK, JAIL_FEE, FOR_JAIL)
        game.stage = MOVE
        return
    emit(game, E_STAY_IN_JAIL, seat, game.jail_rolls[seat])
    game.visits[IN_JAIL_SQUARE] += 1
    start_managing(game)  # R30


@kernel
def start_managing(game):
    """Go to the end of the turn, where the player builds, redeems and trades."""
    game.stage = MANAGING
    game.manage_group = 0


@kernel
def after_landing(game):
    """Roll again after doubles (R4), otherwise manage."""
    if game.doubles > 0:
        game.stage = ROLL
    else:
        start_managing(game)


@kernel
def can_build_group(game, seat, group):
    """Whether BUILD is legal on ``group``."""
    title = build_title(game, seat, group)
    return title >= 0 and can_pay_for_building(game, seat, title)


@kernel
def build_or_plan(game, seat, title):
    """Build, or first raise the cash (R54)."""
    if game.cash[seat] >= HOUSE_COST[GROUP_OF[title]]:
        build(game, seat, title)
    else:
        game.plan = PLAN_BUILD
        game.plan_title = title
        game.raise_group = 0


@kernel
def follow_plan(game):
    """Carry out the plan once there is cash, ask to raise more, or drop it (R54)."""
    seat, title, plan = game.turn, game.plan_title, game.plan
    # A hotel sold meanwhile may have taken the bank's last houses (R37, R39).
    possible = plan != PLAN_BUILD or can_build(game, seat, title)
    paid = possible and game.cash[seat] >= needed(game)
    if possible and not paid and ask_to_raise(game, seat):
        return
    game.plan = NO_PLAN
    game.plan_title = -1
    game.raise_group = 0
    if plan == PLAN_JAIL_FEE:
        if paid:
            pay_jail_fee(game, seat)
        else:
            game.stage = JAIL_ROLL
    elif plan == PLAN_BUILD:
        if paid:
            build(game, seat, title)
        else:
            game.manage_group = GROUP_OF[title] + 1
    elif paid:
        buy(game, seat, title)
    else:
        emit(game, E_DECLINE, seat, title)
        open_auction(game, title, seat)


@kernel
def end_turn(game):
    """Pass the turn to the next living seat (R6)."""
    game.turn = next_seat(game, game.turn)
    game.stage = TURN
