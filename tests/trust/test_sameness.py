"""The same game however it is played: copied, saved, alone or among others, on one thread or two, forked, without the compiler.

Vector against single environments: ``tests/env/test_vector_env.py``. Golden games: ``test_golden_games.py``.
"""

import copy
import hashlib
import multiprocessing
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from numba import config

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from interpreted import interpreted
from invariants import BUYER, COUNTS, EAGER, SHY, UNIFORM, play_out

from agent.files.checkpoint import load_checkpoint, save_checkpoint
from monopoly_env import MonopolyEnv, MonopolyVectorEnv
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER, NEXT_STEP, SAME_STEP
from monopoly_env.bots import BOTS, ask_bot
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.game import GAME, new_games
from monopoly_env.observation import STATE_SIZE, observe

WAYS = {"uniform": UNIFORM, "eager": EAGER, "shy": SHY, "buyer": BUYER}
RULES = Path(__file__).parents[1] / "rules"
GUEST = LEARNER - 1
GAMES, MANY = 48, 300  # two threads share the work of a batch from 256 on

compiled = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="this compares with the compiled engine")


# What is played: records of games, batches with all that passes between seats, environments


def records(way, players=4, count=GAMES):
    """Some games before their first turn, the same at each call."""
    return new_games(count, players, 70 + 8 * way + players, max_turns=300)


def play_records(games, way, limit=0):
    """Play on in place, chance deciding, for so many decisions or to the end; return the records."""
    fault, _ = play_out(games, way, np.zeros(COUNTS, np.int64), limit, False)
    assert fault == 0
    return games.tobytes()


def seating(number):
    """Players of table ``number``: 2 to 8 of all kinds, the learner among them."""
    rng = np.random.default_rng(number)
    return [LEARNER, *rng.integers(GUEST, len(BOTS), rng.integers(1, 8)).tolist()]


def seated(numbers, **options):
    """Tables of these numbers at their first decisions."""
    batch = GameBatch([seating(number) for number in numbers], max_turns=60, **options)
    batch.begin([np.random.SeedSequence((5, number)) for number in numbers])
    return batch


def play_batch(batch, numbers, steps, restart=SAME_STEP):
    """Play on by a fixed rule that knows the table's number and its mask; return everything after each step."""
    rows = []
    for step in steps:
        batch.step(choose(batch.episodes["mask"], step, numbers), restart)
        rows.append((batch.games.tobytes(), batch.episodes.tobytes()))
    return rows


def choose(masks, step, numbers=None):
    """A legal action for each mask, int64 ``(n,)``."""
    numbers = range(len(masks)) if numbers is None else numbers
    return np.array([np.flatnonzero(mask)[(7 * step + 3 * n) % mask.sum()] for n, mask in zip(numbers, masks, strict=True)])


class Env:
    """An environment of Gymnasium, a single or a vector one, and the masks that it showed last."""

    def __init__(self, env):
        self.env, self.single = env, isinstance(env.unwrapped, MonopolyEnv)
        self.masks = env.reset(seed=8)[1]["action_mask"]

    def play(self, steps):
        """Step it; return everything that it gives back."""
        rows = []
        for step in steps:
            actions = choose(np.reshape(self.masks, (-1, 7)), step)
            observation, *result, info = self.env.step(int(actions[0]) if self.single else actions)
            rows.append((observation.tobytes(), np.array(result, np.float64).tobytes(), info["action_mask"].tobytes()))
            self.masks = info["action_mask"]
            if self.single and (result[1] or result[2]):
                self.masks = self.env.reset()[1]["action_mask"]
        return rows


class Agents:
    """PettingZoo's environment."""

    def __init__(self):
        pytest.importorskip("pettingzoo")
        from monopoly_env.envs import pettingzoo

        self.env = pettingzoo.env(players=3)
        self.env.reset(seed=4)

    def play(self, steps):
        """Step it; return everything that its agents are told."""
        rows = []
        for step in steps:
            observation, reward, terminated, truncated, _ = self.env.last()
            over = terminated or truncated
            self.env.step(None if over else int(choose([observation["action_mask"]], step)[0]))
            told = np.array([reward, over], np.float64).tobytes()
            rows.append((observation["observation"].tobytes(), told, self.env.unwrapped.game.tobytes()))
            if not self.env.agents:
                self.env.reset()
        return rows


def wrapped():
    """A single environment in wrappers of Gymnasium."""
    env = gymnasium.make("monopoly_env:Monopoly-v0", players=3, opponents="fp-a")
    return gymnasium.wrappers.RecordEpisodeStatistics(gymnasium.wrappers.TimeLimit(env, 200))


# How each begins, and how it is played on.
SUBJECTS = {
    "records": (lambda: records(UNIFORM), lambda games, steps: [play_records(games, UNIFORM, 7) for _ in steps]),
    "batch": (lambda: seated(range(MANY), threads=2), lambda batch, steps: play_batch(batch, range(MANY), steps)),
    "single": (lambda: Env(MonopolyEnv(players=3)), Env.play),
    "wrapped": (lambda: Env(wrapped()), Env.play),
    "vector": (lambda: Env(MonopolyVectorEnv(MANY, players=3, threads=2)), Env.play),
    "agents": (Agents, Agents.play),
}


# Copies


def by_pickle(thing, folder):
    return pickle.loads(pickle.dumps(thing))


def by_deepcopy(thing, folder):
    return copy.deepcopy(thing)


def by_file(games, folder):
    np.save(folder / "games.npy", games, allow_pickle=False)
    return np.load(folder / "games.npy", allow_pickle=False).astype(GAME)


def by_archive(games, folder):
    np.savez_compressed(folder / "games.npz", games=games)
    with np.load(folder / "games.npz", allow_pickle=False) as archive:
        return archive["games"].astype(GAME)


def by_bytes(games, folder):
    return np.frombuffer(games.tobytes(), GAME).copy()


def by_checkpoint(batch, folder):
    save_checkpoint(folder / "tables.npz", {"tables": batch.get_state()})
    fresh = seated(range(200, 200 + len(batch)), threads=2)
    fresh._set_seatings([seating(number) for number in range(len(batch))], -1)
    fresh.set_state(load_checkpoint(folder / "tables.npz")[0]["tables"])
    return fresh


CARRIED = [(name, carry) for name in SUBJECTS for carry in (by_pickle, by_deepcopy)]
CARRIED += [("records", by_file), ("records", by_archive), ("records", by_bytes), ("batch", by_checkpoint)]


@pytest.mark.parametrize(("name", "carry"), CARRIED, ids=[f"{name}-{carry.__name__}" for name, carry in CARRIED])
def test_a_copy_goes_on_alike_and_apart(name, carry, tmp_path):
    start, play = SUBJECTS[name]
    thing = start()
    play(thing, range(15))
    carried = carry(thing, tmp_path)
    assert carried is not thing
    there = play(carried, range(15, 60))  # before the original: what both shared would now have moved
    assert digest_of(play(thing, range(15, 60))) == digest_of(there) and len(set(there)) > 20


# Threads, processes, company


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_records_on_one_thread_or_two_in_another_order_or_interrupted(way):
    whole, two, back, pieces = records(way), records(way), records(way)[::-1].copy(), records(way)
    play_records(whole, way)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda part: play_records(two[part::2], way), range(2)))
    assert two.tobytes() == whole.tobytes()
    play_records(back, way)
    assert back[::-1].tobytes() == whole.tobytes()
    for _ in range(200):
        play_records(pieces, way, 11)
    assert play_records(pieces, way) == whole.tobytes()


@pytest.mark.parametrize("players", [2, 4, 8])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_records_among_others_or_alone(way, players):
    together = records(way, players)
    play_records(together, way)
    seeds = np.random.SeedSequence(70 + 8 * way + players).spawn(GAMES)
    for number in range(0, GAMES, 7):
        alone = play_records(new_games(1, players, [seeds[number]], max_turns=300), way)
        assert alone == together[number : number + 1].tobytes()


@pytest.mark.parametrize("restart", [SAME_STEP, NEXT_STEP])
def test_a_batch_on_one_thread_or_two_and_any_part_of_it(restart):
    numbers = range(MANY)
    one, two = (seated(numbers, threads=threads) for threads in (1, 2))
    together = play_batch(one, numbers, range(80), restart)
    assert digest_of(play_batch(two, numbers, range(80), restart)) == digest_of(together)
    two.close()
    games, episodes = (
        np.frombuffer(part, kind.dtype) for part, kind in zip(together[-1], (one.games, one.episodes), strict=True)
    )
    assert (episodes["decisions"] < 80).sum() > 100, "games have ended on the way"
    for number in (0, 17, 299):
        alone = play_batch(seated([number], threads=1), [number], range(80), restart)[-1]
        assert alone == (games[number].tobytes(), episodes[number].tobytes())
    backwards = list(numbers)[::-1]
    last = play_batch(seated(backwards, threads=2), backwards, range(80), restart)[-1]
    assert np.frombuffer(last[0], games.dtype)[::-1].tobytes() == games.tobytes()
    assert np.frombuffer(last[1], episodes.dtype)[::-1].tobytes() == episodes.tobytes()


def test_the_states_of_two_threads_do_not_mix():
    games = records(UNIFORM)
    play_records(games, UNIFORM, 40)
    games = games[games["over"] == 0]
    expected = [observe(game) for game in games]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            assert np.array_equal(list(pool.map(observe, games)), expected)
    assert np.shape(expected) == (len(games), STATE_SIZE)


def play_and_send(batch, sender):
    """What a forked process does: step the tables it was born with."""
    sender.send(digest_of(play_batch(batch, range(MANY), range(30, 40))))
    batch.close()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="the system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on_with_threads_of_its_own():
    batch = seated(range(MANY), threads=2)
    play_batch(batch, range(MANY), range(30))
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=play_and_send, args=(batch, sender), daemon=True)
    child.start()
    answered = receiver.poll(60)
    if not answered:
        child.kill()
    child.join()
    expected = digest_of(play_batch(batch, range(MANY), range(30, 40)))
    assert answered and receiver.recv() == expected and child.exitcode == 0
    batch.close()


# Without the compiler


def digest_of(rows):
    """A digest of bytes in nested lists and tuples."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row if isinstance(row, bytes) else digest_of(row).encode())
    return digest.hexdigest()


def records_on_the_way():
    """The first decisions of some games by a fixed rule, logged and not, with house rules and without."""
    for number, (players, house_rules) in enumerate(((2, ()), (3, ("free_parking_pot", "double_salary")), (4, ()), (8, ()))):
        game = new_games(1, players, [number], max_turns=200, house_rules=house_rules)[0]
        game.logging = number % 2
        for step in range(400):
            advance(game)
            yield game.tobytes()
            game.events = 0
            if game.over:
                break
            if game.phase:  # otherwise the log was full
                mask = legal_actions(game)
                yield mask.tobytes()
                apply(game, int(choose([mask], step)[0]))


def bots():
    """All actions, masks and states of the beginnings of games, by every bot."""
    for bot in range(len(BOTS)):
        for players in (2, 5):
            game = new_games(1, players, [100 + bot], max_turns=1000)[0]
            for _ in range(100):
                advance(game)
                if game.over:
                    break
                mask = legal_actions(game)
                action = ask_bot(game, mask, bot)
                yield bytes([action, *mask]) + observe(game).tobytes()
                apply(game, int(action))
            yield game.tobytes()


def whole_games():
    """Whole games by chance, every check on for some."""
    for way in (UNIFORM, BUYER):
        games = new_games(1, 2 + way, 20 + way, max_turns=60)
        fault, _ = play_out(games, way, np.zeros(COUNTS, np.int64), 0, way == UNIFORM)
        assert fault == 0
        yield games.tobytes()


def tables():
    """Every record after every step at some tables, with both rewards and both ways of going on."""
    for reward, restart in (("shaped", SAME_STEP), ("win", NEXT_STEP)):
        yield from play_batch(seated(range(3), reward=reward, threads=1), range(3), range(25), restart)


def environments():
    """What a single environment and a vector of them give back."""
    for env in (MonopolyEnv(players=3, opponents="fp-a"), MonopolyVectorEnv(3, players=5)):
        yield from Env(env).play(range(20))


INTERPRETED = {function.__name__: function for function in (records_on_the_way, bots, whole_games, tables, environments)}


@compiled
@pytest.mark.parametrize(
    "name", ["records_on_the_way", *(pytest.param(n, marks=pytest.mark.slow) for n in list(INTERPRETED)[1:])]
)
def test_it_is_the_same_without_the_compiler(name):
    assert interpreted(__file__, name).split() == [digest_of(INTERPRETED[name]())]


@compiled
@pytest.mark.slow
def test_the_rules_hold_without_the_compiler():
    assert " passed" in interpreted("-m", "pytest", str(RULES), "-o", "addopts=", "-p", "no:cacheprovider")


if __name__ == "__main__":
    print(digest_of(INTERPRETED[sys.argv[1]]()))
