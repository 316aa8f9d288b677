"""Random playouts: what must hold after every decision of every game. The checks themselves are in ``invariants``.

From random situations: ``trust/test_fuzzing.py``. The same game however it is played: ``trust/test_sameness.py``.
"""

import numpy as np
import pytest
from invariants import BUYER, EAGER, FAULTS, SHY, UNIFORM, any_fault, played_out

from monopoly_env.actions import BUILD, BUY, LIQUIDATE, MANAGE, MORTGAGE, PASS, REDEEM, SELL, TRADE, IllegalActionError
from monopoly_env.engine import free_moves
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.game import DECIDED, RUNNING, new_games


@pytest.mark.parametrize("way", [UNIFORM, EAGER, SHY, BUYER])
@pytest.mark.parametrize("players", range(2, 9))
def test_playouts(players, way):
    games = new_games(150, players, 1000 * players + way, max_turns=500)
    counts = played_out(games, way)
    assert counts[0] > 150 * 50
    assert (games["over"] != RUNNING).all()
    tried = new_games(10, players, 7 * players + way, max_turns=300)
    assert played_out(tried, way, thorough=True)[0] > 0, "every legal action is tried as well"


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
    legal_somewhere[3, [BUILD, REDEEM, TRADE]] = True
    legal_somewhere[5, [SELL, MORTGAGE]] = True
    assert ((counts > 0) == legal_somewhere).all()
    assert (games["over"] == DECIDED).mean() > 0.2


def test_a_seat_that_manages_freely_may_have_passing_alone():
    games = new_games(40, 4, 9, max_turns=200)
    games["manual"][:, 0] = 1
    for game in games:
        advance(game)
        for _ in range(200):
            if game.over:
                break
            mask = legal_actions(game)
            assert mask[PASS] == 1 and (mask.sum() >= 2 or (game.phase in (MANAGE, LIQUIDATE) and game.actor == 0))  # R52
            apply(game, int(np.flatnonzero(mask)[-1]))
            advance(game)


def freely_at_random(game, source):
    """Try something that a person may do, at random; return whether the rules took it."""
    title, other = int(source.integers(28)), int(source.integers(8))
    holders = np.append(game.owner, game.jail_card_holder)  # of titles and jail cards
    mine = source.permutation(np.flatnonzero(holders == game.actor))[: source.integers(3)]
    theirs = source.permutation(np.flatnonzero(holders == other))[: source.integers(3)]
    calls = (
        lambda: free_moves.build(game, title),
        lambda: free_moves.sell(game, title),
        lambda: free_moves.mortgage(game, title),
        lambda: free_moves.redeem(game, title),
        lambda: free_moves.propose(game, other, mine.tolist(), theirs.tolist(), int(source.integers(-300, 300))),
        lambda: free_moves.bid(game, int(source.integers(0, 400))),
        lambda: free_moves.pay_fee(game),
    )
    before = game.tobytes()
    try:
        calls[source.choice(7, p=(0.36, 0.14, 0.2, 0.14, 0.05, 0.1, 0.01))]()
    except IllegalActionError:
        assert game.tobytes() == before
        return False
    return True


@pytest.mark.slow
def test_people_who_do_anything_break_nothing():
    source = np.random.default_rng(3)
    taken = 0
    for players in (2, 3, 4, 6):
        for number in range(8):
            game = new_games(1, players, number, max_turns=150)[0]
            game.manual[:] = game.manage_both[:] = 1
            advance(game)
            while not game.over:
                for _ in range(6):
                    if game.phase:
                        taken += freely_at_random(game, source)
                mask = legal_actions(game)
                fault = any_fault(game, mask)
                assert fault == 0, FAULTS[fault]
                if not game.over:
                    weights = mask * np.where(np.arange(7) == BUY, 4.0, 1.0)
                    apply(game, int(source.choice(7, p=weights / weights.sum())))
                    advance(game)
    assert taken > 1000


def test_other_seeds_are_other_games():
    games = new_games(50, 2, 1)
    assert len({tuple(game.rng) for game in games}) == 50
    assert len({tuple(game.deck.ravel()) for game in games}) == 50
