"""Deals between players (R47, R50)."""

from monopoly_env.actions import BUY, NONE, OFFER, PASS
from monopoly_env.board import (
    GROUP_OF,
    INTEREST,
    JAIL_FEE,
    PRICE,
    TITLE_BITS,
    TITLES,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.events import E_ACCEPT, E_PROPOSE, E_REFUSE, emit
from monopoly_env.game import INTEREST as FOR_INTEREST
from monopoly_env.game import NO_TRADES, clear_offer
from monopoly_env.rules.money import pay
from monopoly_env.rules.property import first_title, give_title, has_buildings


@kernel
def interest_on(game, things):
    """Return the interest due when the titles in the bit set ``things`` change hands (R43)."""
    total, titles = 0, things & TITLE_BITS
    while titles:
        title = first_title(titles)
        if game.mortgaged[title]:
            total += INTEREST[title]
        titles &= titles - 1
    return total


@kernel
def has_card(things, deck):
    """Whether the bit set ``things`` holds the Get Out of Jail Free card of ``deck``."""
    return (things >> (TITLES + deck)) & 1


@kernel
def worth_of_cards(things):
    """Return what programs take the Get Out of Jail Free cards in a bit set to be worth: the fee each, in dollars."""
    return JAIL_FEE * (has_card(things, 0) + has_card(things, 1))


@kernel
def _may_hand_over(game, seat, things):
    for deck in range(2):
        if has_card(things, deck) and game.jail_card_holder[deck] != seat:
            return False
    titles = things & TITLE_BITS
    while titles:
        title = first_title(titles)
        if game.owner[title] != seat or has_buildings(game, GROUP_OF[title]):
            return False
        titles &= titles - 1
    return True


@kernel
def deal_is_legal(game, seat, other, give, take, cash):
    """Whether ``seat`` may give ``give`` and ``cash`` dollars to ``other`` for ``take`` (R47).

    ``give`` and ``take`` are bit sets of titles and cards (bits 28 and 29); negative cash goes the other way.
    """
    if game.house_rules & NO_TRADES or other == seat or not (0 <= other < game.players):  # H4
        return False
    if not game.alive[seat] or not game.alive[other] or (give == 0 and take == 0):
        return False
    if not _may_hand_over(game, seat, give) or not _may_hand_over(game, other, take):
        return False
    return game.cash[seat] >= cash + interest_on(game, take) and game.cash[other] >= interest_on(game, give) - cash


@kernel
def group_of_titles(things):
    """Return the group of the dearest title in a bit set, or -1 where there is none."""
    best, titles = -1, things & TITLE_BITS
    while titles:
        title = first_title(titles)
        if best < 0 or PRICE[title] > PRICE[best]:
            best = title
        titles &= titles - 1
    return -1 if best < 0 else GROUP_OF[best]


@kernel
def put_offer(game, seat, other, give, take, cash, group):
    """Lay a legal deal before ``other``, who now decides. ``group``: of a composed deal, -1 for a free one."""
    game.offer_from = seat
    game.offer_to = other
    game.offer_give = give
    game.offer_take = take
    game.offer_cash = cash
    game.offer_group = group
    emit(game, E_PROPOSE, seat, other, give, take, cash)
    ask_about_offer(game)


@kernel
def ask_about_offer(game):
    """Ask the other side of the deal on the table; one that can no longer be carried out counts as refused."""
    give, take = game.offer_give, game.offer_take
    game.phase = OFFER
    game.actor = game.offer_to
    gain = group_of_titles(give)
    game.table_group = gain if gain >= 0 else group_of_titles(take)
    if not deal_is_legal(game, game.offer_from, game.offer_to, give, take, game.offer_cash):
        apply_answer(game, PASS)


@kernel
def carry_out_deal(game):
    """Carry out the deal on the table (R50), with the interest on mortgaged titles (R43)."""
    seat, other = game.offer_from, game.offer_to
    due_seat = interest_on(game, game.offer_take)
    due_other = interest_on(game, game.offer_give)
    game.cash[seat] -= game.offer_cash
    game.cash[other] += game.offer_cash
    for title in range(TITLES):
        if game.offer_give >> title & 1:
            give_title(game, title, other)
        elif game.offer_take >> title & 1:
            give_title(game, title, seat)
    for deck in range(2):
        if has_card(game.offer_give, deck):
            game.jail_card_holder[deck] = other
        elif has_card(game.offer_take, deck):
            game.jail_card_holder[deck] = seat
    if due_seat > 0:  # R43
        pay(game, seat, -1, due_seat, FOR_INTEREST)
    if due_other > 0:
        pay(game, other, -1, due_other, FOR_INTEREST)


@kernel
def apply_answer(game, action):
    """Carry out BUY (accept, R50) or PASS (refuse) of the seat that was asked."""
    seat, other = game.offer_from, game.offer_to
    game.phase = NONE
    if action == BUY:
        emit(game, E_ACCEPT, other, seat)
        carry_out_deal(game)
    else:
        emit(game, E_REFUSE, other, seat)
        if game.offer_group >= 0:
            game.refusals[seat, game.offer_group] += 1
    clear_offer(game)
