"""Games side by side are the games alone: interpreted and compiled, on one thread and two, copied, pickled, saved and loaded.

``test_compiled.py`` holds the same for single records. Vector against single environments: ``tests/env/test_vector_env.py``.
"""

import copy
import hashlib
import json
import multiprocessing
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import config

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from interpreted import interpreted

from agent.files.checkpoint import load_checkpoint, save_checkpoint
from monopoly_env import MonopolyEnv, MonopolyVectorEnv
from monopoly_env.batch.batch import GameBatch
from monopoly_env.batch.step import LEARNER, NEXT_STEP, SAME_STEP
from monopoly_env.bots import BOTS

GUEST = LEARNER - 1
MANY = 300  # two threads share the work from 256 on


def seating(number):
    """Players of table ``number``: 2 to 8 of all kinds, the learner among them."""
    rng = np.random.default_rng(number)
    return [LEARNER, *rng.integers(GUEST, len(BOTS), rng.integers(1, 8)).tolist()]


def seated(numbers, **options):
    """Tables of these numbers at their first decisions."""
    batch = GameBatch([seating(number) for number in numbers], max_turns=60, **options)
    batch.begin([np.random.SeedSequence((5, number)) for number in numbers])
    return batch


def played(batch, numbers, steps, restart=SAME_STEP):
    """Play on by a fixed rule that knows the table's number and its mask; yield everything after each step."""
    for step in steps:
        masks = batch.episodes["mask"]
        chosen = [np.flatnonzero(mask)[(7 * step + 3 * n) % mask.sum()] for n, mask in zip(numbers, masks, strict=True)]
        batch.step(np.array(chosen), restart)
        yield batch.games.tobytes(), batch.episodes.tobytes()


def last(*arguments, **options):
    """The records after all steps."""
    *_, result = played(*arguments, **options)
    return result


def digest_of_tables():
    """A digest of every record after every step at some tables, with both rewards and both ways of going on."""
    digest = hashlib.sha256()
    for reward, restart in (("shaped", SAME_STEP), ("win", NEXT_STEP)):
        batch = seated(range(3), reward=reward, threads=1)
        for games, records in played(batch, range(3), range(25), restart):
            digest.update(games)
            digest.update(records)
    return digest.hexdigest()


def digest_of_environments():
    """A digest of what two environments of Gymnasium give back, a single one and a vector of them."""
    digest = hashlib.sha256()
    for env, count in ((MonopolyEnv(players=3, opponents="fp-a"), 1), (MonopolyVectorEnv(3, players=5), 3)):
        observation, info = env.reset(seed=8)
        for step in range(20):
            masks = np.reshape(info["action_mask"], (count, 7))
            actions = np.array([np.flatnonzero(mask)[step % mask.sum()] for mask in masks])
            observation, *result, info = env.step(actions if count > 1 else int(actions[0]))
            digest.update(observation.tobytes())
            digest.update(np.array(result, np.float64).tobytes())
            if count == 1 and (result[1] or result[2]):
                observation, info = env.reset()
    return digest.hexdigest()


@pytest.mark.slow
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="this compares with the compiled engine")
def test_tables_and_environments_are_the_same_without_the_compiler():
    assert json.loads(interpreted(__file__)) == [digest_of_tables(), digest_of_environments()]


@pytest.mark.parametrize("restart", [SAME_STEP, NEXT_STEP])
def test_one_thread_or_two_and_any_part_of_the_tables(restart):
    numbers = range(MANY)
    one, two = (seated(numbers, threads=threads) for threads in (1, 2))
    together = list(played(one, numbers, range(80), restart))
    assert list(played(two, numbers, range(80), restart)) == together
    assert two._pool is not None and one._pool is None, "the second thread has worked"
    two.close()
    ends = [np.frombuffer(part, records.dtype) for part, records in zip(together[-1], (one.games, one.episodes), strict=True)]
    assert (ends[1]["decisions"] < 80).sum() > 100, "games have ended on the way"
    for number in (0, 17, 299):
        alone = last(seated([number], threads=1), [number], range(80), restart=restart)
        assert alone == (ends[0][number].tobytes(), ends[1][number].tobytes())
    backwards = list(numbers)[::-1]
    games, batch = last(seated(backwards, threads=2), backwards, range(80), restart=restart)
    assert np.frombuffer(games, ends[0].dtype)[::-1].tobytes() == ends[0].tobytes()
    assert np.frombuffer(batch, ends[1].dtype)[::-1].tobytes() == ends[1].tobytes()


def digest_of_last(batch):
    """A digest of the records ten steps on."""
    return hashlib.sha256(b"".join(last(batch, range(MANY), range(30, 40)))).hexdigest()


def step_and_send(batch, sender):
    """What a forked process does: step the tables it was born with."""
    sender.send(digest_of_last(batch))
    batch.close()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="the system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on_with_threads_of_its_own():
    batch = seated(range(MANY), threads=2)
    last(batch, range(MANY), range(30))
    assert batch._pool is not None
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=step_and_send, args=(batch, sender), daemon=True)
    child.start()
    answered = receiver.poll(60)
    if not answered:
        child.kill()
    child.join()
    assert answered and receiver.recv() == digest_of_last(batch) and child.exitcode == 0
    batch.close()


def test_all_seeds_are_read_before_a_game_is_touched():
    batch = seated(range(3))
    last(batch, range(3), range(20))
    before = batch.games.tobytes(), batch.episodes.tobytes()
    for wrong in (-1, "x", 1.5):
        with pytest.raises(ValueError, match=r"^A seed is a whole number of at least 0\. Received: "):
            batch.begin([5, 6, wrong])
    assert (batch.games.tobytes(), batch.episodes.tobytes()) == before


def by_pickle(batch, folder):
    return pickle.loads(pickle.dumps(batch))


def by_deepcopy(batch, folder):
    return copy.deepcopy(batch)


def by_checkpoint(batch, folder):
    save_checkpoint(folder / "tables.npz", {"tables": batch.get_state()})
    fresh = seated(range(200, 200 + len(batch)), threads=2)
    fresh._set_seatings([seating(number) for number in range(len(batch))], -1)
    fresh.set_state(load_checkpoint(folder / "tables.npz")[0]["tables"])
    return fresh


@pytest.mark.parametrize("carry", [by_pickle, by_deepcopy, by_checkpoint])
def test_tables_go_on_alike_wherever_they_have_been(carry, tmp_path):
    numbers = range(MANY)
    batch = seated(numbers, threads=2)
    last(batch, numbers, range(30))
    carried = carry(batch, tmp_path)
    assert carried is not batch and not np.shares_memory(carried.games, batch.games)
    assert list(played(carried, numbers, range(30, 70))) == list(played(batch, numbers, range(30, 70)))


@pytest.mark.parametrize("carry", [by_pickle, by_deepcopy])
@pytest.mark.parametrize("make", [lambda: MonopolyEnv(players=3), lambda: MonopolyVectorEnv(6, players=3)])
def test_environments_go_on_alike(make, carry):
    env = make()
    env.reset(seed=3)

    def on(env):
        results = []
        for _ in range(200):
            single = isinstance(env, MonopolyEnv)
            observation, *result, info = env.step(0 if single else np.zeros(6, np.int64))
            results.append((observation.tobytes(), np.array(result, np.float64).tobytes(), info["action_mask"].tobytes()))
            if single and (result[1] or result[2]):
                env.reset()
        return results

    for _ in range(10):
        env.step(0 if isinstance(env, MonopolyEnv) else np.zeros(6, np.int64))
    carried = carry(env, None)
    assert on(carried) == on(env)


if __name__ == "__main__":
    print(json.dumps([digest_of_tables(), digest_of_environments()]))
