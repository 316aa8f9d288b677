"""Random playouts: what must hold after every decision of every game.

The checker is compiled like the engine, so that thousands of games take seconds; a sample is checked again in plain Python by
rules written a second time, from the rule book.
"""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monopoly_env import board, cards
from monopoly_env.actions import (
    ACTION_COUNT,
    AUCTION,
    BUILD,
    BUY,
    LIQUIDATE,
    MANAGE,
    MORTGAGE,
    PASS,
    REDEEM,
    SELL,
    IllegalActionError,
)
from monopoly_env.game import CAPPED, DECIDED, GAME, MAX_EVENTS, RUNNING, new_games
from monopoly_env.jit import kernel
from monopoly_env.rng import below
from monopoly_env.rules import freely
from monopoly_env.rules.engine import advance, apply, carry_out, legal_actions, play_on, write_mask

GROUP_FIRST, GROUP_OF = board.GROUP_FIRST, board.GROUP_OF
UNIFORM, EAGER, SHY, BUYER = range(4)  # how a playout chooses
MAX_DECISIONS_A_TURN = 400  # bids aside: they end because the bid rises and cash does not
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
    freely = game.phase == MANAGE and game.manual[game.actor] != 0
    if mask.sum() < 2 and not freely:
        return 11
    return 17 if (game.phase == 1 or freely) != (game.table_group < 0) else 0


@kernel
def any_fault(game, mask):
    """Return the number of the first fault found, or 0."""
    fault = money_fault(game)
    if fault == 0:
        fault = title_fault(game)
    if fault == 0:
        fault = deck_fault(game)
    if fault == 0:
        fault = decision_fault(game, mask)
    return fault


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
def play_out(games, way, rng, counts, limit):
    """Play games to their end with a check at every decision.

    Returns ``(fault, game)``, fault 0: none. ``counts``: decisions in all, most in one turn (bids aside), and 42 places for
    phase and action chosen. ``limit``: decisions of one game at the most, 0: no limit.
    """
    mask = np.zeros(ACTION_COUNT, np.int8)
    for number in range(len(games)):
        game = games[number]
        turn, in_turn, decisions = -1, 0, 0
        while True:
            play_on(game)
            write_mask(game, mask)
            fault = any_fault(game, mask)
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
            action = choose(mask, way, rng)
            counts[0] += 1
            counts[2 + (game.phase - 1) * 7 + action] += 1
            decisions += 1
            carry_out(game, action)
    return 0, -1


def played_out(games, way, seed=0, limit=0):
    """Play ``games`` out; return the counts."""
    counts = np.zeros(44, np.int64)
    rng = np.array([seed + 1, 2, 3, 4], np.int64)
    fault, number = play_out(games, way, rng, counts, limit)
    assert fault == 0, f"{FAULTS[fault]}: game {number} of {games[0].players} players, way {way}, turn {games[number].turns}"
    return counts


@pytest.mark.parametrize("way", [UNIFORM, EAGER, SHY, BUYER])
@pytest.mark.parametrize("players", range(2, 9))
def test_playouts(players, way):
    games = new_games(150, players, 1000 * players + way, max_turns=500)
    counts = played_out(games, way)
    assert counts[0] > 150 * 50
    assert (games["over"] != RUNNING).all()


@pytest.mark.parametrize("house_rules", [("free_parking_pot",), ("no_auctions", "no_trades"), ("double_salary",)])
def test_playouts_with_house_rules(house_rules):
    games = new_games(100, 4, 5, max_turns=500, house_rules=house_rules, starting_cash=800)
    counts = played_out(games, UNIFORM)[2:].reshape(6, 7)
    if "no_trades" in house_rules:
        assert not counts[4].any() and not counts[2].any()


def test_playouts_reach_every_decision_and_every_action():
    games = new_games(400, 4, 77, max_turns=500)
    counts = played_out(games, UNIFORM)[2:].reshape(6, 7)
    legal_somewhere = np.zeros((6, 7), bool)
    legal_somewhere[:, PASS] = True
    legal_somewhere[[0, 1, 2, 4], BUY] = True
    legal_somewhere[3, [BUILD, REDEEM, 6]] = True
    legal_somewhere[5, [SELL, MORTGAGE]] = True
    assert ((counts > 0) == legal_somewhere).all()
    assert (games["over"] == DECIDED).mean() > 0.2


def at_decisions(count, players=4, seed=0):
    """Yield games (copies) that wait for decisions in the middle of random games, ``count`` of each."""
    for number in range(count):
        games = new_games(1, players, seed + number, max_turns=400)
        played_out(games, number % 3, seed=number, limit=20 + 37 * number % 400)
        if not games[0].over:
            yield games[0]


def may(game, group):
    """What BUILD, SELL, MORTGAGE and REDEEM need, written once more from R34 to R42 (the money of BUILD aside)."""
    titles = range(GROUP_FIRST[group], GROUP_FIRST[group + 1])
    seat = game.actor
    mine = [title for title in titles if game.owner[title] == seat]
    levels = [int(game.houses[title]) for title in titles]
    clear = not any(game.mortgaged[title] for title in titles)
    low, built = min(levels), any(levels)
    in_bank = game.hotels_left if low == 4 else game.houses_left
    return {
        BUILD: group < 8 and len(mine) == len(titles) and clear and low < 5 and in_bank > 0,
        SELL: bool(mine) and built,
        MORTGAGE: not built and any(not game.mortgaged[title] for title in mine),
        REDEEM: any(
            game.mortgaged[title] and game.cash[seat] >= board.PRICE[title] // 2 + -(-board.PRICE[title] // 20)
            for title in mine
        ),
    }


def could_raise(game, spared):
    """Cash of the deciding seat and what selling and mortgaging would bring, a group spared."""
    total = int(game.cash[game.actor])
    for title in np.flatnonzero(game.owner == game.actor):
        if GROUP_OF[title] != spared:
            total += int(game.houses[title]) * int(board.HOUSE_COST[GROUP_OF[title]]) // 2
            total += 0 if game.mortgaged[title] else int(board.PRICE[title]) // 2
    return total


def check_mask(game):
    """Compare the mask with the rules written once more."""
    mask = legal_actions(game)
    assert mask.dtype == np.int8 and mask.shape == (7,) and set(mask.tolist()) <= {0, 1}
    assert mask[PASS] == 1 and mask[BUY] == (game.phase not in (MANAGE, LIQUIDATE))
    allowed = may(game, game.table_group) if game.table_group >= 0 else {}
    if game.phase == MANAGE:
        affordable = could_raise(game, game.table_group) >= board.HOUSE_COST[game.table_group]
        assert mask[BUILD] == (allowed[BUILD] and affordable)
        assert mask[REDEEM] == allowed[REDEEM] and mask[SELL] == mask[MORTGAGE] == 0
    elif game.phase == LIQUIDATE:
        assert mask[SELL] == allowed[SELL] and mask[MORTGAGE] == allowed[MORTGAGE]
        assert not mask[BUILD] and not mask[REDEEM] and not mask[6]
    else:
        assert mask[2:].sum() == 0
    return mask


def test_the_mask_says_what_the_rules_say_and_apply_refuses_the_rest():
    seen = set()
    for game in at_decisions(120):
        for step in range(25):
            mask = check_mask(game)
            before = game.tobytes()
            for action in range(ACTION_COUNT):
                if not mask[action]:
                    with pytest.raises(IllegalActionError, match="Legal"):
                        apply(game, action)
            assert game.tobytes() == before
            legal = np.flatnonzero(mask)
            for action in legal:
                copy = np.array(game, GAME)[()]
                apply(copy, action)
                assert copy.tobytes() != before
            seen.add(int(game.phase))
            apply(game, legal[step % len(legal)])
            advance(game)
            if game.over:
                break
    assert seen == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("action", [-1, 7, 100, 1.0, "BUY", None, True, np.float32(1), [1]])
def test_apply_refuses_what_is_no_action(action):
    game = next(iter(at_decisions(1)))
    before = game.tobytes()
    with pytest.raises(IllegalActionError, match="Received"):
        apply(game, action)
    assert game.tobytes() == before


def test_a_seat_that_manages_freely_may_have_passing_alone():
    games = new_games(40, 4, 9, max_turns=200)
    games["manual"][:, 0] = 1
    for game in games:
        advance(game)
        for _ in range(200):
            if game.over:
                break
            mask = legal_actions(game)
            assert mask[PASS] == 1 and (mask.sum() >= 2 or (game.phase == MANAGE and game.actor == 0))
            apply(game, int(np.flatnonzero(mask)[-1]))
            advance(game)


def freely_at_random(game, source):
    """Try something that a person may do, at random; return whether the rules took it."""
    title, other = int(source.integers(28)), int(source.integers(8))
    mine = source.permutation(np.flatnonzero(game.owner == game.actor))[: source.integers(3)]
    theirs = source.permutation(np.flatnonzero(game.owner == other))[: source.integers(3)]
    calls = (
        lambda: freely.build(game, title),
        lambda: freely.sell(game, title),
        lambda: freely.mortgage(game, title),
        lambda: freely.redeem(game, title),
        lambda: freely.propose(game, other, mine.tolist(), theirs.tolist(), int(source.integers(-300, 300))),
    )
    before = game.tobytes()
    try:
        calls[source.choice(5, p=(0.4, 0.15, 0.25, 0.15, 0.05))]()
    except IllegalActionError:
        assert game.tobytes() == before
        return False
    return True


def test_people_who_do_anything_break_nothing():
    source = np.random.default_rng(3)
    taken = 0
    for players in (2, 3, 4, 6):
        for number in range(8):
            game = new_games(1, players, number, max_turns=150)[0]
            game.manual[:] = 1
            advance(game)
            while not game.over:
                for _ in range(6):
                    if game.phase in (MANAGE, LIQUIDATE):
                        taken += freely_at_random(game, source)
                mask = legal_actions(game)
                fault = any_fault(game, mask)
                assert fault == 0, FAULTS[fault]
                if not game.over:
                    weights = mask * np.where(np.arange(7) == BUY, 4.0, 1.0)
                    apply(game, int(source.choice(7, p=weights / weights.sum())))
                    advance(game)
    assert taken > 1000


def test_a_game_survives_bytes_and_files_and_goes_on_alike(tmp_path):
    for number, game in enumerate(at_decisions(12)):
        by_bytes = np.frombuffer(game.tobytes(), GAME).copy()
        np.save(tmp_path / f"{number}.npy", np.array([game], GAME), allow_pickle=False)
        by_file = np.load(tmp_path / f"{number}.npy", allow_pickle=False)
        buffer = io.BytesIO()
        np.savez(buffer, games=np.array([game], GAME))
        buffer.seek(0)
        by_archive = np.load(buffer, allow_pickle=False)["games"]
        straight_on = np.array([game], GAME)
        for games in (straight_on, by_bytes, by_file.astype(GAME), by_archive.astype(GAME)):
            assert games[0].tobytes() == game.tobytes()
            played_out(games, UNIFORM, seed=number)
            assert games.tobytes() == straight_on.tobytes()


def test_the_same_seed_is_the_same_game_alone_and_in_a_batch():
    seeds = [11, 12, 13, 14]
    batch = new_games(4, 3, seeds, max_turns=300)
    for number, seed in enumerate(seeds):
        alone = new_games(1, 3, [seed], max_turns=300)
        assert alone[0].tobytes() == batch[number].tobytes()
        played_out(alone, BUYER, seed=5)
        one = batch[number : number + 1]
        played_out(one, BUYER, seed=5)
        assert one[0].tobytes() == alone[0].tobytes()


def test_other_seeds_are_other_games():
    games = new_games(50, 2, 1)
    assert len({tuple(game.rng) for game in games}) == 50
    assert len({tuple(game.deck.ravel()) for game in games}) == 50


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    players=st.integers(2, 8),
    bits=st.integers(0, 15),
    cash=st.integers(0, 4000),
    choices=st.lists(st.integers(0, 2**16), min_size=20, max_size=120),
    logging=st.booleans(),
)
def test_any_seed_any_table_any_actions(seed, players, bits, cash, choices, logging):
    games = new_games(1, players, [seed], max_turns=60, starting_cash=cash)
    game = games[0]
    game.house_rules = bits
    game.logging = int(logging)
    mask = np.zeros(ACTION_COUNT, np.int8)
    for choice in choices:
        advance(game)
        while logging and not game.phase and not game.over:
            game.events = 0
            advance(game)
        assert game.events < MAX_EVENTS
        write_mask(game, mask)
        fault = any_fault(game, mask)
        assert fault == 0, FAULTS[fault]
        if game.over:
            break
        legal = np.flatnonzero(check_mask(game))
        apply(game, int(legal[choice % len(legal)]))


# The checks that the observation lies inside its Box belong to the tests of the observation.
