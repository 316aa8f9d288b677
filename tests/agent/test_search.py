"""The player that looks ahead: fair, repeatable, and stronger than the network that it starts from."""

import numpy as np
import pytest
from rules.situations import everything_else_to, gives, has, lands, legal, stands_on, table

from agent.evaluation.match import play_match
from agent.learning.network import build_policy
from agent.players.network import Player
from agent.players.registry import SEARCHER, participant
from agent.players.search import Effort, Searcher, _compared, _outlook
from monopoly_env.actions import Action
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.game import GAME, new_game

QUICK = Effort(8, 16, 12)


@pytest.fixture(scope="module")
def player():
    """The shipped network."""
    return Player.load()


def decisions(count=12, seed=3):
    """The first decisions of a game, played by any legal action."""
    game, rng, result = new_game(4, seed), np.random.default_rng(seed), []
    advance(game)
    while len(result) < count:
        result.append(np.array([game], GAME)[0])
        apply(game, int(rng.choice(np.flatnonzero(legal_actions(game)))))
        advance(game)
    return result


def test_it_takes_legal_actions_and_leaves_the_game_as_it_is(player):
    searcher = Searcher(player, effort=QUICK)
    for game in decisions():
        before = game.tobytes()
        outlook = searcher.outlook(game)
        mask = legal_actions(game)
        assert mask[outlook.action] and game.tobytes() == before
        assert outlook.chances.shape == (7,) and (outlook.chances[mask == 0] == 0).all()
        assert ((outlook.chances >= 0) & (outlook.chances <= 1)).all()


def test_the_same_question_gets_the_same_answer_on_any_number_of_threads(player):
    games = np.array(decisions(), GAME)
    masks = np.array([legal_actions(game) for game in games])
    answers = [Searcher(player, effort=QUICK, threads=threads).outlooks(games, masks) for threads in (1, 2, 2)]
    for first, *others in zip(*answers, strict=True):
        assert all(first.action == other.action and np.array_equal(first.chances, other.chances) for other in others)


def test_it_does_not_see_the_dice_and_cards_to_come(player):
    """Two games that differ in what nobody can see get the same answer."""
    searcher = Searcher(player, effort=QUICK)
    for game in decisions(6):
        other = np.array([game], GAME)[0]
        other.rng[:] = other.rng[::-1] + 1
        other.bot_rng[:] = other.bot_rng[::-1] + 1
        other.deck[0, : other.deck_size[0]] = other.deck[0, : other.deck_size[0]][::-1].copy()
        one, two = searcher.outlook(game), searcher.outlook(other)
        assert one.action == two.action and np.array_equal(one.chances, two.chances)


def saving_purchase():
    """Seat 0 has landed on Boardwalk, which would complete a group for it, with cash for a hotel; the others are poor."""
    game = table(players=2)
    gives(game, 0, "Park Place")
    has(game, 0, 3000)
    has(game, 1, 400)
    lands(game, "Boardwalk")
    assert legal(game) == {"PASS", "BUY"}
    return game


def test_it_finds_what_is_plainly_better_against_its_network():
    class Passing:
        """A network that wants nothing."""

        def observe(self, batch, rows):
            return batch.episodes["state"][rows]

        def batch(self, states, masks, rng=None, temperature=1.0):
            return np.zeros(len(states), np.int32)

    outlook = Searcher(Passing(), effort=Effort(32, 64, 60)).outlook(saving_purchase())
    assert outlook.action == Action.BUY and outlook.chances[Action.BUY] > outlook.chances[Action.PASS] + 0.05


def test_all_actions_meet_the_same_dice_and_rivals(player):
    """An action against itself: not a hair's difference in any playout. Of two rivals both sit at the table now and then."""
    game = decisions()[5]
    words = np.random.default_rng(0).integers(1, 2**32, (1, 12, 8)).repeat(2, axis=0)

    def played(*rivals):
        searcher = Searcher(player, rivals, effort=QUICK)
        one, two = searcher._play_out(np.array([game, game], GAME), np.array([0, 0]), words)
        assert np.array_equal(one, two) and len(set(one.tolist())) > 1
        return one

    both = played("landlord", "random")
    assert not np.array_equal(both, played("landlord")) and not np.array_equal(both, played("random"))


def test_comparison_by_hand():
    """Wins of two actions in four playouts with the same dice: one more, one less, twice alike."""
    worths = np.zeros((1, 7, 4))
    worths[0, 0] = [1.0, 0.0, 1.0, 0.0]
    worths[0, 1] = [1.0, 1.0, 1.0, 1.0]
    better, error = _compared(worths, np.array([0]))
    assert better[0, 1] == 0.5 and better[0, 0] == 0 and error[0, 1] == pytest.approx(0.5 / 2)


def test_the_best_is_taken_and_measured_over_the_same_dice_as_the_usual_action():
    worths = np.zeros((7, 4))
    seen = np.array([4, 4, 2, 0, 0, 0, 0])
    worths[0] = [1.0, 1.0, 0.0, 0.0]
    worths[1] = [1.0, 1.0, 1.0, 0.0]  # once better: by 0.25, with a standard error of 0.22
    worths[2, :2] = [1.0, 0.0]  # once worse, then dropped
    outlook = _outlook(worths, seen, 0)
    assert outlook.action == 1 and outlook.chances.tolist() == [0.5, 0.75, 0.0, 0, 0, 0, 0]
    worths[1] = worths[0]
    assert _outlook(worths, seen, 0).action == 0 and _outlook(worths, seen, 1).action == 1  # no reason to leave it


def test_what_may_be_luck_is_no_reason_to_leave_the_usual_action():
    """Twice better and once worse: by 0.25 at a standard error of 0.41."""
    worths = np.zeros((7, 4))
    worths[0], worths[1] = [0.0, 0.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]
    assert _outlook(worths, np.array([4, 4, 0, 0, 0, 0, 0]), 0).action == 0
    worths[2] = [1.0, 0.0, 1.0, 0.0]  # by 0.25 too, but never worse
    outlook = _outlook(worths, np.array([4, 4, 4, 0, 0, 0, 0]), 0)
    assert outlook.action == 2 and outlook.chances[1] == outlook.chances[2] == 0.5


def test_games_played_to_the_end_are_won_or_lost(player):
    """A beggar among hotels loses, their owner wins."""
    searcher = Searcher(player, effort=Effort(1, 1, 1000))
    words = np.random.default_rng(1).integers(1, 2**32, (1, 40, 8))
    results = []
    for owner in (0, 1):
        game = table(players=2)
        everything_else_to(game, owner)
        stands_on(game, "dark blue", 5, 5)
        stands_on(game, "red", 5, 5, 5)
        has(game, owner, 3000)
        has(game, 1 - owner, 100)
        game.jailed[0] = 1
        advance(game)
        assert legal(game) == {"PASS", "BUY"}
        results.append(searcher._play_out(np.array([game], GAME), np.array([0]), words))
    owns, begs = results
    assert owns.mean() > 0.9 and begs.mean() < 0.1


@pytest.mark.parametrize(
    "effort",
    [(0, 16, 20), (16, 8, 20), (16, 16, 0), (1.5, 3, 20), (16, 33, 20), (16, 48, 20), (16, 32, float("nan")), (True, 1, 1)],
)
def test_impossible_efforts_are_refused(effort):
    with pytest.raises(ValueError, match="Received"):
        Effort(*effort)
    assert Effort(np.int64(3), 3 * 8, 1).most == 24


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"rivals": ("nobody",)}, "Unknown bot"),
        ({"rivals": "landlord"}, r"rivals must be names of bots.*Received: 'landlord'"),
        ({"rivals": ()}, r"rivals must be names of bots.*Received: \(\)"),
        ({"player": "landlord"}, r"A searcher needs a network to look ahead with.*Received: 'landlord'"),
        ({"effort": 5}, r"effort must be an Effort.*Received: 5"),
        ({"threads": 0}, r"threads must be None or a whole number of at least 1\. Received: 0"),
        ({"threads": 1.5}, r"threads must be None or a whole number of at least 1\. Received: 1\.5"),
        ({"threads": "2"}, r"threads must be None or a whole number of at least 1\. Received: "),
    ],
)
def test_impossible_searchers_are_refused(player, words, told):
    with pytest.raises(ValueError, match=told):
        Searcher(**{"player": player} | words)


def test_it_sits_at_a_match_by_name():
    searcher = participant(SEARCHER)
    searcher.effort = QUICK
    match = play_match(searcher, ["random", "landlord"], 6, seed=2, max_turns=20)
    assert match.games == 6 and match.actions.sum() > 20


@pytest.mark.slow
def test_search_makes_a_weak_network_stronger():
    """An untrained network wins next to nothing against the fixed policies; looking ahead with it does better than par."""
    weak = Player(build_policy((8,), seed=4))
    alone = play_match(weak, ["fp-a"], 120, seed=9)
    ahead = play_match(Searcher(weak, rivals=("fp-a",), effort=Effort(8, 16, 16)), ["fp-a"], 60, seed=9)
    assert alone.interval[1] < 0.25 < ahead.interval[0]
