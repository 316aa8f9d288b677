"""Managing: building, redeeming and dealing, group by group (R30, R43, R54, R60)."""

from monopoly_env.actions import BUILD, MANAGE, NONE, REDEEM, TRADE
from monopoly_env.board import GROUP_BITS, GROUP_OF, GROUPS
from monopoly_env.compiled.jit import kernel
from monopoly_env.game import BEFORE_ROLL, END
from monopoly_env.rules.property import build_title, first_title, redeem, redeem_title, titles_of
from monopoly_env.rules.turn import build_or_plan, can_build_group, go_to_the_dice
from monopoly_env.strength.composer import NO_DEAL, ask_about_group, composed_deal, propose_composed, scratch_holdings

_GROUPS = len(GROUPS)


@kernel
def manage(game):
    """Stop at the next group where the player can do something; after the last one go on to the dice or end the turn."""
    seat = game.turn
    if game.manual[seat]:
        game.phase = MANAGE
        game.actor = seat
        game.table_group = -1
        return
    mine, holdings = titles_of(game, seat), scratch_holdings()[0]
    holdings.players = 0  # nothing is known yet
    while game.manage_group < _GROUPS:
        group = game.manage_group
        if mine & GROUP_BITS[group]:
            deal = composed_deal(game, seat, group, holdings)
            if deal[0] >= 0 or can_build_group(game, seat, group) or redeem_title(game, seat, group) >= 0:
                ask_about_group(game, seat, group, deal)
                return
        game.manage_group += 1
    _end_managing(game)


@kernel
def _end_managing(game):
    if game.stage == BEFORE_ROLL:
        go_to_the_dice(game, game.turn)
    else:
        game.stage = END


@kernel
def ask_to_redeem(game):
    """Ask the new owner of mortgaged titles whether it redeems them at once, group by group (R43)."""
    title = first_title(game.received)
    seat, group = game.owner[title], GROUP_OF[title]
    if redeem_title(game, seat, group) >= 0:
        ask_about_group(game, seat, group, NO_DEAL)
    else:
        _keep_mortgaged(game, seat, group)


@kernel
def _keep_mortgaged(game, seat, group):
    game.received &= ~(GROUP_BITS[group] & titles_of(game, seat))


@kernel
def apply_manage(game, action):
    """Carry out BUILD, REDEEM, TRADE or PASS on the table group. A seat that manages freely is done with PASS."""
    seat, group = game.actor, game.table_group
    game.phase = NONE
    if action == BUILD:
        build_or_plan(game, seat, build_title(game, seat, group))
    elif action == REDEEM:
        redeem(game, seat, redeem_title(game, seat, group))
    elif action == TRADE:
        propose_composed(game, seat, group)
    elif game.received:
        _keep_mortgaged(game, seat, group)
    elif game.manual[seat]:
        _end_managing(game)
    else:
        game.manage_group = group + 1
