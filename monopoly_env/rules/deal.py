"""Deals between players: general deals, and the standing deal that the action TRADE proposes (R47 to R50)."""

import numpy as np

from monopoly_env.actions import BUY, NONE, OFFER, PASS
from monopoly_env.board import (
    GROUP_BITS,
    GROUP_FIRST,
    GROUP_OF,
    GROUP_SIZE,
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
from monopoly_env.rules.property import first_title, give_title, has_buildings, held, titles_of

MAX_RAISES = 3
_GROUPS = len(GROUP_SIZE)
_COUNT = np.array([bits.bit_count() for bits in range(1 << GROUP_SIZE.max())])  # titles in a bit set of one group


def _fit(size: int, mine: int, theirs: int) -> int:
    """Score what it helps to give one of ``mine`` titles of a group to the owner of ``theirs``, in twelfths of the group."""
    if mine in (0, size) or theirs == 0:  # an incomplete group has no buildings (R34)
        return _NO_FIT
    return theirs * 12 // size + (12 if theirs + 1 == size else 0) - (mine - 1) * 12 // size


_NO_FIT = -99
# (10, 5, 5) by group and by the titles of the two in it
_FIT = np.array([[[_fit(size, mine, theirs) for theirs in range(5)] for mine in range(5)] for size in GROUP_SIZE.tolist()])


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
def _best_swap(game, mine, other, wanted_group):
    """Find which of the titles ``mine`` fits a swap with ``other`` best: worth most to it and least to its owner (R48).

    Returns ``(score, title)``, the score in twelfths of a group; title -1: none fits. All titles of a group score alike, so the
    first one stands for them.
    """
    theirs = titles_of(game, other)
    best, best_group = _NO_FIT, -1
    for group in range(_GROUPS):
        first, bits = GROUP_FIRST[group], GROUP_BITS[group]
        score = _FIT[group, _COUNT[(mine & bits) >> first], _COUNT[(theirs & bits) >> first]]
        if score > best and group != wanted_group:
            best, best_group = score, group
    return best, first_title(mine & GROUP_BITS[best_group]) if best_group >= 0 else -1


@kernel
def standing_deal(game, seat, group):
    """Find the standing deal of ``seat`` for ``group`` (R48, R49).

    Returns:
        ``(other, give, take, cash)``: the rival, the title given (-1: none), the title taken, dollars paid by ``seat``
        (negative: received). ``other`` is -1 where there is no deal.
    """
    best, other, give, take = -1000, -1, -1, -1
    count = 0 if game.received else held(game, seat, group)  # what was received mortgaged comes first (R43)
    if count > 0 and count < GROUP_SIZE[group] and game.raises[seat, group] <= MAX_RAISES:
        mine = titles_of(game, seat)
        for wanted in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
            rival = game.owner[wanted]
            if rival < 0 or rival == seat or rival == other:
                continue
            score, title = _best_swap(game, mine, rival, group)
            if score > best:
                best, other, give, take = score, rival, title, wanted
    if other < 0:
        return -1, -1, -1, 0
    cash = 2 * PRICE[take] if give < 0 else PRICE[take] - PRICE[give]
    return other, give, take, cash + game.raises[seat, group] * (PRICE[take] // 2)


@kernel
def title_bit(title):
    """Return the bit set of one title, or 0 for -1."""
    return 0 if title < 0 else 1 << title


@kernel
def can_propose(game, seat, other, give, take, cash):
    """Whether what ``standing_deal`` returned is a deal that both sides could pay for."""
    return other >= 0 and deal_is_legal(game, seat, other, title_bit(give), title_bit(take), cash)


@kernel
def can_trade(game, seat, group):
    """Whether TRADE is legal on ``group``."""
    other, give, take, cash = standing_deal(game, seat, group)
    return can_propose(game, seat, other, give, take, cash)


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
    """Lay a legal deal before ``other``, who now decides. ``group``: of a standing deal, -1 for a free one."""
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
def propose_standing(game, seat, group):
    """Carry out TRADE: propose the standing deal for ``group``."""
    other, give, take, cash = standing_deal(game, seat, group)
    put_offer(game, seat, other, title_bit(give), title_bit(take), cash, group)


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
    """Carry out BUY (accept, R50) or PASS (refuse, R49) of the seat that was asked."""
    seat, other = game.offer_from, game.offer_to
    game.phase = NONE
    if action == BUY:
        emit(game, E_ACCEPT, other, seat)
        carry_out_deal(game)
    else:
        emit(game, E_REFUSE, other, seat)
        if game.offer_group >= 0:
            game.raises[seat, game.offer_group] += 1
    clear_offer(game)
