"""What must hold at every decision of every game, and games played out with all of it checked.

The checks are compiled like the engine, so that thousands of games take seconds. The rules of legality are written here a
second time, from the rule book. All kernels are in this one file: a cached kernel does not notice a change in another file
of the tests.
"""

import numpy as np

from monopoly_env import board, cards
from monopoly_env.actions import (
    ACTION_COUNT,
    AUCTION,
    BUILD,
    BUY,
    IN_JAIL,
    LIQUIDATE,
    MANAGE,
    MORTGAGE,
    OFFER,
    PASS,
    PURCHASE,
    REDEEM,
    SELL,
    TRADE,
)
from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import below
from monopoly_env.engine.engine import carry_out, is_legal, play_on, play_one, write_mask
from monopoly_env.game import CAPPED, DECIDED, GAME, MAX_DEBTS, NO_TRADES, RUNNING, new_games
from monopoly_env.observation import HIGH, LOW, STATE_SIZE, write_observation
from monopoly_env.rules.deal import deal_is_legal
from monopoly_env.strength.composer import composed_deal, scratch_holdings
from monopoly_env.strength.holdings import HOLDINGS
from monopoly_env.strength.strength import shares_by_deal

GROUP_FIRST, GROUP_OF, GROUP_SIZE, PRICE = board.GROUP_FIRST, board.GROUP_OF, board.GROUP_SIZE, board.PRICE
UNIFORM, EAGER, SHY, BUYER = range(4)  # how a playout chooses
MAX_DECISIONS_A_TURN = 400  # bids aside: they end because the bid rises and cash does not
COUNTS = 44  # places for the counts of a playout
FAULTS = {
    1: "the ledger of the bank does not balance",
    2: "a player has less than no cash",
    3: "a title belongs to a seat that is not in the game",
    4: "buildings are not 32 houses and 12 hotels",
    5: "a group is not built on evenly",
    6: "a building stands on a mortgaged group",
    7: "a building stands on a group that is not complete",
    8: "a mortgaged title belongs to the bank",
    9: "the seat that decides is not in the game",
    10: "PASS is not legal",
    11: "fewer than two actions are legal",
    12: "a deck does not hold each card once, held cards excepted",
    13: "too many decisions in one turn",
    14: "the dead have cash, titles or a card",
    15: "a game is over but the result does not say so",
    16: "a token is off the board, or jailed elsewhere than in jail",
    17: "the table group does not fit the phase",
    18: "debts, plans or auctions are left over at the end",
    19: "the mask is not what the rules say",
    20: "the state of a player is outside its Box or not finite",
    21: "a decision is still open after a legal action",
    22: "the queue of debts is full",
    23: "a title is to be redeemed at once that is not mortgaged",
    24: "the leader of an auction cannot pay its bid",
    25: "an action cannot be carried to its end",
}


@kernel
def money_fault(game):
    """Return the number of a fault in money and seats, or 0."""
    total = game.pot
    for seat in range(8):
        total += game.cash[seat]
        if game.cash[seat] < 0:
            return 2
        if not game.alive[seat] and game.cash[seat] != 0:
            return 14
        if not 0 <= game.position[seat] < 40 or (game.jailed[seat] and game.position[seat] != board.JAIL):
            return 16
    return 1 if total != game.paid_out - game.paid_in else 0


@kernel
def title_fault(game):
    """Return the number of a fault in titles and buildings, or 0."""
    houses, hotels = game.houses_left, game.hotels_left
    for title in range(board.TITLES):
        owner = game.owner[title]
        if owner < -1 or owner >= game.players or (owner >= 0 and not game.alive[owner]):
            return 3
        if owner < 0 and game.mortgaged[title]:
            return 8
        if game.received >> title & 1 and not game.mortgaged[title]:
            return 23
        group = GROUP_OF[title]
        level = game.houses[title]
        if level == 5:
            hotels += 1
        else:
            houses += level
        if level < 0 or level > 5 or (level > 0 and group >= board.STREET_GROUPS):
            return 4
        for other in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
            if level > 0:
                if level > game.houses[other] + 1:
                    return 5
                if game.mortgaged[other]:
                    return 6
                if game.owner[other] != owner or owner < 0:
                    return 7
    return 4 if houses != 32 or hotels != 12 or game.houses_left < 0 or game.hotels_left < 0 else 0


@kernel
def deck_fault(game):
    """Return the number of a fault in the decks, or 0."""
    for deck in range(2):
        seen = 0
        for place in range(game.deck_size[deck]):
            seen |= 1 << game.deck[deck, place]
        holder = game.jail_card_holder[deck]
        if holder >= 0:
            if not game.alive[holder]:
                return 14
            if game.deck_size[deck] != 15 or seen != 0xFFFF ^ (1 << cards.JAIL_CARD[deck]):
                return 12
        elif game.deck_size[deck] != 16 or seen != 0xFFFF:
            return 12
    return 0


@kernel
def decision_fault(game, mask):
    """Return the number of a fault in the decision that the game waits for, or in its end, or 0."""
    if game.over != RUNNING:
        living = game.alive.sum()
        if game.phase != 0 or mask.sum() != 0:
            return 15
        if game.over == DECIDED and (living != 1 or not game.alive[game.winner]):
            return 15
        if game.over == CAPPED and (living < 2 or game.winner != -1 or game.turns != game.max_turns):
            return 15
        return 18 if game.debts or game.plan or game.auction_title >= 0 or game.auction_queue.sum() else 0
    if not game.alive[game.actor]:
        return 9
    if mask[PASS] != 1:
        return 10
    person = game.manual[game.actor] != 0
    freely = person and (game.phase == LIQUIDATE or (game.phase == MANAGE and not game.received))
    if mask.sum() < 2 and not (freely and game.table_group < 0):
        return 11
    cards_only = game.phase == OFFER and (game.offer_give | game.offer_take) & board.TITLE_BITS == 0
    if game.phase == LIQUIDATE and game.table_group < 0:
        return 0 if freely else 17
    return 17 if (game.phase == IN_JAIL or freely * (game.phase == MANAGE) or cards_only) != (game.table_group < 0) else 0


@kernel
def state_fault(game):
    """Return the number of a fault in what money, titles, auctions and decks look like, or 0."""
    if game.auction_title >= 0 and game.auction_leader >= 0 and game.cash[game.auction_leader] < game.auction_bid:
        return 24
    fault = money_fault(game)
    if fault == 0:
        fault = title_fault(game)
    if fault == 0:
        fault = deck_fault(game)
    return 22 if fault == 0 and game.debts >= MAX_DEBTS else fault


@kernel
def any_fault(game, mask):
    """Return the number of the first fault found, or 0."""
    fault = state_fault(game)
    return decision_fault(game, mask) if fault == 0 else fault


@kernel
def held_by(game, seat, group):
    """How many titles of a group a seat owns."""
    return (game.owner[GROUP_FIRST[group] : GROUP_FIRST[group + 1]] == seat).sum()


@kernel
def could_raise(game, seat, spared):
    """Cash of a seat and what selling and mortgaging would bring, a group spared (R38, R40, R54)."""
    total = game.cash[seat]
    for title in range(board.TITLES):
        group = GROUP_OF[title]
        if game.owner[title] == seat and group != spared:
            total += game.houses[title] * board.HOUSE_COST[group] // 2
            total += 0 if game.mortgaged[title] else PRICE[title] // 2
    return total


@kernel
def interest(game, title):
    """What the new owner of a title owes at once: a tenth of the mortgage, rounded up (R43)."""
    return -(-PRICE[title] // 20) if game.mortgaged[title] else 0


@kernel
def could_build(game, seat, group):
    """Whether BUILD is legal on a group (R34 to R37, R54)."""
    if group >= board.STREET_GROUPS or held_by(game, seat, group) < GROUP_SIZE[group]:
        return False
    low = 5
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        if game.mortgaged[title]:
            return False
        low = min(low, game.houses[title])
    in_bank = game.hotels_left if low == 4 else game.houses_left
    if low == 5 or in_bank == 0:
        return False
    cost = board.HOUSE_COST[group]
    if low == 4 or game.cash[seat] >= cost or game.houses_left > 4 * hotels_of(game, seat):
        return could_raise(game, seat, group) >= cost
    return could_raise(game, seat, group) - worth_with_hotels(game, seat) >= cost


@kernel
def hotels_of(game, seat):
    """How many hotels a seat has."""
    return ((game.owner == seat) & (game.houses == 5)).sum()


@kernel
def worth_with_hotels(game, seat):
    """What selling and mortgaging the groups would bring in which a seat has a hotel."""
    total = 0
    for title in range(board.TITLES):
        first, end = GROUP_FIRST[GROUP_OF[title]], GROUP_FIRST[GROUP_OF[title] + 1]
        if game.owner[title] == seat and (game.houses[first:end] == 5).any():
            total += game.houses[title] * board.HOUSE_COST[GROUP_OF[title]] // 2 + PRICE[title] // 2
    return total


@kernel
def could_redeem(game, seat, group):
    """Whether REDEEM is legal on a group (R42); of what has just been received mortgaged (R43) nothing else, and for less."""
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        cost = PRICE[title] // 2 + (0 if game.received else -(-PRICE[title] // 20))
        if game.received and not game.received >> title & 1:
            continue
        if game.owner[title] == seat and game.mortgaged[title] and game.cash[seat] >= cost:
            return True
    return False


@kernel
def could_sell_or_mortgage(game, seat, group):
    """Whether SELL and whether MORTGAGE is legal on a group (R35, R38, R40)."""
    built, unmortgaged = False, False
    for title in range(GROUP_FIRST[group], GROUP_FIRST[group + 1]):
        built |= game.houses[title] > 0
        unmortgaged |= game.owner[title] == seat and not game.mortgaged[title]
    return built and held_by(game, seat, group) > 0, unmortgaged and not built


@kernel
def built_on(game, group):
    """Whether a group has a building."""
    return game.houses[GROUP_FIRST[group] : GROUP_FIRST[group + 1]].sum() > 0


@kernel
def could_trade(game, seat, group):
    """Whether TRADE is legal on a group: a deal is composed (R48, R49) that can be made (R47) and costs the proposer little."""
    holdings = scratch_holdings()[0]
    holdings.players = 0
    other, give, take, cash, refusals = composed_deal(game, seat, group, holdings)
    if other < 0:
        return False
    mine = held_by(game, seat, group)
    if game.house_rules & NO_TRADES or mine == 0 or mine == GROUP_SIZE[group] or game.proposed >> group & 1:
        return False
    if refusals < game.refusals[seat, group] or refusals > 3 or not deal_is_legal(game, seat, other, give, take, cash):
        return False
    before, after, _, _ = shares_by_deal(game, seat, other, take, give, -cash, holdings)
    return after > 0.89 * before


@kernel
def expected_mask(game, mask):
    """Write what is legal at the pending decision, by the rules as written here."""
    mask[:] = 0
    if game.phase == 0:
        return
    mask[PASS] = 1
    seat, group = game.actor, game.table_group
    if game.phase == MANAGE:
        if group >= 0:
            mask[REDEEM] = could_redeem(game, seat, group)
            if not game.received:
                mask[BUILD] = could_build(game, seat, group)
                mask[TRADE] = could_trade(game, seat, group)
    elif game.phase == LIQUIDATE:
        if group >= 0:
            mask[SELL], mask[MORTGAGE] = could_sell_or_mortgage(game, seat, group)
    else:
        mask[BUY] = 1


@kernel
def observation_fault(game, state, holdings):
    """Return the number of a fault in the 23 floats of any seat, or 0."""
    for seat in range(game.players):
        write_observation(game, seat, state, holdings)
        for i in range(STATE_SIZE):
            if not LOW[i] <= state[i] <= HIGH[i]:  # false for what is not a number, too
                return 20
    return 0


@kernel
def action_fault(games, number, mask, scratch):
    """Try every legal action on a copy of a game and play on; return the number of a fault, or 0. ``scratch``: one game."""
    for action in range(ACTION_COUNT):
        if not mask[action]:
            continue
        scratch[0] = games[number]
        copy = scratch[0]
        carry_out(copy, action)
        if copy.phase != (OFFER if action == TRADE else 0):
            return 21
        play_on(copy)
        fault = state_fault(copy)
        if fault:
            return fault
    return 0


@kernel
def reached(game, seat, phase, group, title):
    """How much of what a seat wants there is: levels on a group, the title owned, or freedom."""
    if phase == MANAGE:
        return game.houses[GROUP_FIRST[group] : GROUP_FIRST[group + 1]].sum()
    return int(game.owner[title] == seat) if phase == PURCHASE else int(not game.jailed[seat])


@kernel
def plan_fault(games, number, mask, scratch):
    """Carry a plan for which cash is raised (R54) to its end, with hotels sold or kept; return 25 if neither brings it."""
    game = games[number]
    seat, phase, group = game.actor, game.phase, game.table_group
    action = BUILD if phase == MANAGE else BUY
    if not mask[action] or (phase != MANAGE and phase != PURCHASE and phase != IN_JAIL):
        return 0
    title = max(0, board.TITLE_AT[game.position[seat]])
    before = reached(game, seat, phase, group, title)
    for keeps_hotels in range(2):
        scratch[0] = game
        copy = scratch[0]
        carry_out(copy, action)
        while copy.plan != 0:
            if copy.phase == 0:
                play_one(copy)
                continue
            first, end = GROUP_FIRST[copy.table_group], GROUP_FIRST[copy.table_group + 1]
            if keeps_hotels and (copy.houses[first:end] == 5).any():
                carry_out(copy, PASS)
            else:
                carry_out(copy, SELL if is_legal(copy, SELL) else MORTGAGE)
        if reached(copy, seat, phase, group, title) > before:
            return 0
    return 25


@kernel
def thorough_fault(games, number, mask, scratch):
    """Return the number of a fault in the mask, the floats or the outcome of any legal action, or 0."""
    game = games[number]
    expected = np.zeros(ACTION_COUNT, np.int8)
    expected_mask(game, expected)
    if (expected != mask).any():
        return 19
    fault = observation_fault(game, np.zeros(STATE_SIZE, np.float32), np.zeros(1, HOLDINGS)[0])
    if fault == 0:
        fault = plan_fault(games, number, mask, scratch)
    return action_fault(games, number, mask, scratch) if fault == 0 else fault


@kernel
def choose(mask, way, rng):
    """Return a legal action: any, rarely PASS, mostly PASS, or BUY whenever it can be."""
    if mask[PASS] and ((way == SHY and below(rng, 4) > 0) or (way == EAGER and mask.sum() == 1)):
        return PASS
    if way == BUYER and mask[BUY]:
        return BUY
    first = 1 if way == EAGER and below(rng, 10) > 0 else 0
    number = below(rng, mask[first:].sum())
    for action in range(first, len(mask)):
        if mask[action]:
            if number == 0:
                return action
            number -= 1
    return PASS


@kernel
def play_out(games, way, counts, limit, thorough):
    """Play games to their end with a check at every decision; chance decides by the games' own ``bot_rng``.

    Args:
        games: ``(n,)``, changed.
        way: how actions are chosen (``UNIFORM`` and the like).
        counts: int64 ``(44,)``: decisions in all, most in one turn (bids aside), and 42 places for phase and action chosen.
        limit: decisions of one game at the most, 0: no limit.
        thorough: also compare the mask with the rules, check the floats of all seats and try every legal action on a copy.

    Returns:
        ``(fault, game)``, fault 0: none.
    """
    mask = np.zeros(ACTION_COUNT, np.int8)
    scratch = np.zeros_like(games[:1])
    for number in range(len(games)):
        game = games[number]
        turn, in_turn, decisions = -1, 0, 0
        while True:
            play_on(game)
            write_mask(game, mask)
            fault = any_fault(game, mask)
            if fault == 0 and thorough:
                fault = thorough_fault(games, number, mask, scratch)
            if fault:
                return fault, number
            if game.over != RUNNING or (limit and decisions == limit):
                break
            in_turn = in_turn if game.turns == turn else 0
            in_turn += game.phase != AUCTION
            turn = game.turns
            counts[1] = max(counts[1], in_turn)
            if in_turn > MAX_DECISIONS_A_TURN:
                return 13, number
            action = choose(mask, way, game.bot_rng)
            counts[0] += 1
            counts[2 + (game.phase - 1) * 7 + action] += 1
            decisions += 1
            carry_out(game, action)
    return 0, -1


def played_out(games, way, limit=0, thorough=False):
    """Play ``games`` out in place; return the counts of ``play_out``, int64 ``(44,)``. A fault is an AssertionError."""
    counts = np.zeros(COUNTS, np.int64)
    fault, number = play_out(games, way, counts, limit, thorough)
    assert fault == 0, f"{FAULTS[fault]}: game {number} of {games[0].players} players, way {way}, turn {games[number].turns}"
    return counts


def at_decisions(count, players=4, seed=0):
    """Yield games (copies) that wait for decisions in the middle of random games, ``count`` of each."""
    for number in range(count):
        games = new_games(1, players, seed + number, max_turns=400)
        played_out(games, number % 3, limit=20 + 37 * number % 400)
        if not games[0].over:
            yield games[0]


def check_mask(game):
    """Compare the mask with the rules as written here; return it, int8 ``(7,)``."""
    mask, expected = np.zeros(ACTION_COUNT, np.int8), np.zeros(ACTION_COUNT, np.int8)
    write_mask(game, mask)
    expected_mask(game, expected)
    assert mask.tolist() == expected.tolist(), (int(game.phase), int(game.table_group))
    return mask


def copy_of(game):
    """A copy of one game."""
    return np.array(game, GAME)[()]
