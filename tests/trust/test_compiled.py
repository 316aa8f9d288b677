"""One game, however it is played: compiled or not, on one thread or two, in a batch or alone, from a copy or a file.

More of the interpreted engine: ``tests/test_interpreted.py`` (records on the way, rules tests) and ``test_golden_games.py``.
"""

import copy
import hashlib
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numba import config

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from interpreted import interpreted
from invariants import BUYER, COUNTS, EAGER, SHY, UNIFORM, play_out

from monopoly_env.bots import BOTS, ask_bot
from monopoly_env.game import GAME, new_games
from monopoly_env.observation import STATE_SIZE, observe
from monopoly_env.rules.engine import advance, apply, legal_actions

WAYS = (UNIFORM, EAGER, SHY, BUYER)
GAMES = 48


def start(way, players=4, count=GAMES):
    """Some games before their first turn, the same at each call."""
    return new_games(count, players, 70 + 8 * way + players, max_turns=300)


def on(games, way, limit=0):
    """Play games on in place, chance deciding; return them."""
    fault, _ = play_out(games, way, np.zeros(COUNTS, np.int64), limit, False)
    assert fault == 0
    return games


def digest_of_bot_games():
    """Play the beginnings of games by every bot; return a digest of all actions, masks and states seen."""
    digest = hashlib.sha256()
    for bot in range(len(BOTS)):
        for players in (2, 5):
            game = new_games(1, players, [100 + bot], max_turns=1000)[0]
            for _ in range(100):
                advance(game)
                if game.over:
                    break
                mask = legal_actions(game)
                action = ask_bot(game, mask, bot)
                digest.update(bytes([action, *mask]) + observe(game).tobytes())
                apply(game, int(action))
            digest.update(game.tobytes())
    return digest.hexdigest()


def digest_of_random_games():
    """Play whole games by chance, every check on; return a digest of their last records."""
    digest = hashlib.sha256()
    for way in (UNIFORM, BUYER):
        games = new_games(1, 2 + way, 20 + way, max_turns=60)
        fault, _ = play_out(games, way, np.zeros(COUNTS, np.int64), 0, way == UNIFORM)
        assert fault == 0
        digest.update(games.tobytes())
    return digest.hexdigest()


@pytest.mark.slow
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="this compares with the compiled engine")
def test_bots_states_and_whole_games_are_the_same_without_the_compiler():
    assert interpreted(__file__).split() == [digest_of_bot_games(), digest_of_random_games()]


@pytest.mark.parametrize("way", WAYS)
def test_one_thread_or_two(way):
    one, two = on(start(way), way), start(way)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda part: on(two[part::2], way), range(2)))
    assert two.tobytes() == one.tobytes()


@pytest.mark.parametrize("players", [2, 4, 8])
@pytest.mark.parametrize("way", WAYS)
def test_in_a_batch_or_alone(way, players):
    batch = on(start(way, players), way)
    seeds = np.random.SeedSequence(70 + 8 * way + players).spawn(GAMES)
    for number in range(0, GAMES, 7):
        alone = on(new_games(1, players, [seeds[number]], max_turns=300), way)
        assert alone.tobytes() == batch[number : number + 1].tobytes()


@pytest.mark.parametrize("way", WAYS)
def test_in_another_order_or_interrupted_at_any_decision(way):
    whole, back, pieces = on(start(way), way), start(way)[::-1].copy(), start(way)
    assert on(back, way)[::-1].tobytes() == whole.tobytes()
    for _ in range(200):
        on(pieces, way, 11)
    assert on(pieces, way).tobytes() == whole.tobytes()


def by_pickle(games, folder):
    return pickle.loads(pickle.dumps(games))


def by_deepcopy(games, folder):
    return copy.deepcopy(games)


def by_file(games, folder):
    np.save(folder / "games.npy", games, allow_pickle=False)
    return np.load(folder / "games.npy", allow_pickle=False).astype(GAME)


def by_archive(games, folder):
    np.savez_compressed(folder / "games.npz", games=games)
    with np.load(folder / "games.npz", allow_pickle=False) as archive:
        return archive["games"].astype(GAME)


def by_bytes(games, folder):
    return np.frombuffer(games.tobytes(), GAME).copy()


@pytest.mark.parametrize("carry", [by_pickle, by_deepcopy, by_file, by_archive, by_bytes])
@pytest.mark.parametrize("way", WAYS)
def test_a_game_goes_on_alike_wherever_its_record_has_been(way, carry, tmp_path):
    games = on(start(way), way, 70)
    carried = carry(games, tmp_path)
    assert carried is not games and carried.dtype == GAME and carried.tobytes() == games.tobytes()
    assert on(carried, way).tobytes() == on(games, way).tobytes()


def test_the_states_of_two_threads_do_not_mix():
    games = on(start(UNIFORM), UNIFORM, 40)
    games = games[games["over"] == 0]
    expected = [observe(game) for game in games]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            assert np.array_equal(list(pool.map(observe, games)), expected)
    assert np.shape(expected) == (len(games), STATE_SIZE)


if __name__ == "__main__":
    print(digest_of_bot_games(), digest_of_random_games())
