"""The figures of ``scripts/benchmark.py``: what is timed, and the yardstick beside it."""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_STRETCHES = 7


class Row(NamedTuple):
    """One line of the table: a figure and what it is held against."""

    what: str
    figure: str
    yardstick: str
    ratio: str


def rate(work: Callable[[], int], seconds: float) -> float:
    """Return units per second: the median of some stretches of ``work``, which returns the units it did."""
    return statistics.median(_stretches([work], seconds)[0])


def beside(work: Callable[[], int], yardstick: Callable[[], int], seconds: float) -> tuple[float, float, float]:
    """Measure two kinds of work in turns, so that a machine whose speed drifts does so for both.

    Returns:
        ``(figure, yardstick, ratio)``: units per second of each, and how many times as many the first does, all medians.
    """
    ours, theirs = _stretches([work, yardstick], seconds)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return statistics.median(ours), statistics.median(theirs), statistics.median(ratios)


def _stretches(works: Sequence[Callable[[], int]], seconds: float) -> list[list[float]]:
    """Return the units per second of stretches of each work, the works in turns; ``seconds`` for each of them altogether."""
    for work in works:
        work()
    rates: list[list[float]] = [[] for _ in works]
    for _ in range(_STRETCHES):
        for work, found in zip(works, rates, strict=True):
            done, started = 0, time.perf_counter()
            while time.perf_counter() - started < seconds / _STRETCHES:
                done += work()
            found.append(done / (time.perf_counter() - started))
    return rates


def engine_rows(seconds: float) -> list[Row]:
    """Whole games among bots, one thread."""
    import numpy as np

    from monopoly_env.batch.game_batch import GameBatch
    from monopoly_env.bots import bot_number

    rows = []
    for bot in ("random", "landlord"):
        counts = {"games": 0, "turns": 0}

        def play(bot: str = bot, counts: dict = counts) -> int:
            batch = GameBatch([[bot_number(bot)] * 4] * 256, 0, to_the_end=True, threads=1)
            batch.begin(np.random.SeedSequence(counts["games"]).spawn(256))
            counts["games"] += 256
            counts["turns"] += int(batch.games["turns"].sum())
            return 256

        games = rate(play, seconds)
        turns = counts["turns"] / counts["games"]
        rows.append(Row(f"games of four {bot}, one core", f"{games:,.0f} games/s", f"{games * turns:,.0f} turns/s", ""))
    return rows


def _single(env: Any, choose: Callable[[Any], int]) -> Callable[[], int]:
    """Return work that steps one environment by ``choose(info)``."""
    state = {"info": env.reset(seed=0)[1]}

    def work() -> int:
        for _ in range(200):
            *_, terminated, truncated, state["info"] = env.step(choose(state["info"]))
            if terminated or truncated:
                state["info"] = env.reset()[1]
        return 200

    return work


def _vector(envs: Any, choose: Callable[[Any], Any]) -> Callable[[], int]:
    """Return work that steps many environments by ``choose(info)``."""
    state = {"info": envs.reset(seed=0)[1]}

    def work() -> int:
        state["info"] = envs.step(choose(state["info"]))[4]
        return envs.num_envs

    return work


def environment_rows(seconds: float) -> list[Row]:
    """Steps of the environment, alone and as a vector, beside CartPole."""
    import gymnasium
    import numpy as np

    game = "monopoly_env:Monopoly-v0"
    pole, name = gymnasium.make("CartPole-v1"), "CartPole-v1"
    yardstick = _single(pole, lambda info: pole.action_space.sample())
    rows = []
    for opponents in ("landlord", "random"):
        work = _single(gymnasium.make(game, opponents=opponents), lambda info: int(info["action_mask"].nonzero()[0][-1]))
        rows.append(_steps_row(f"one environment, against {opponents}", beside(work, yardstick, seconds), name))
    poles, name = gymnasium.make_vec("CartPole-v1", num_envs=64, vectorization_mode="sync"), "CartPole-v1 x 64, sync"
    yardstick = _vector(poles, lambda info: poles.action_space.sample())
    for opponents in ("landlord", "random", "self"):
        envs = gymnasium.make_vec(game, num_envs=4096, opponents=opponents)
        work = _vector(envs, lambda info: 6 - np.argmax(info["action_mask"][:, ::-1], axis=1))  # the last legal action
        setting = "self-play" if opponents == "self" else f"against {opponents}"
        rows.append(_steps_row(f"4,096 environments, {setting}", beside(work, yardstick, seconds), name))
        envs.close()
    return rows


def _steps_row(what: str, figures: tuple[float, float, float], name: str) -> Row:
    figure, yardstick, ratio = figures
    return Row(what, f"{figure:,.0f} steps/s", f"{yardstick:,.0f} steps/s ({name})", f"{ratio:.2f} x")


def inference_rows(seconds: float) -> list[Row]:
    """One state through the network, one decision of a searcher, one position by names: beside Keras' ``predict``."""
    import numpy as np

    from agent.learning.network import build_policy
    from agent.players.network import Player
    from agent.players.search import Searcher
    from monopoly_env import advance, apply, new_game
    from monopoly_env.situation.situation import Situation

    model = build_policy(seed=0)
    player = Player(model)
    state, mask = np.random.default_rng(0).random(23, dtype=np.float32), np.ones(7, np.int8)

    def act() -> int:
        for _ in range(50):
            player.act(state, mask)
        return 50

    def predict() -> int:
        model.predict(state[np.newaxis], verbose=0)
        return 1

    searcher, games = Searcher(Player.load()), itertools.count()
    table = {"game": new_game(4, next(games))}
    advance(table["game"])

    def search() -> int:
        game = table["game"]
        apply(game, searcher.outlook(game).action)
        advance(game)
        if game.over:
            table["game"] = new_game(4, next(games))
            advance(table["game"])
        return 1

    seats = [{"cash": 500, "titles": [group], "position": 20} for group in ("orange", "light blue", "railroads", "utilities")]
    seats[0]["buildings"] = {"orange": 2}

    def position() -> int:
        for _ in range(50):
            Situation.from_dict({"players": seats, "phase": "MANAGE"}).game(seed=0)
        return 50

    ours, keras, ratio = beside(act, predict, seconds)
    read = rate(position, seconds)
    found = rate(search, 2 * seconds)
    predicted = f"{1e6 / keras:,.0f} us (model.predict)"
    return [
        Row("one decision of a network", f"{1e6 / ours:,.0f} us", predicted, f"{ratio:.0f} x"),
        Row("one position by names, to a game record", f"{1e6 / read:,.0f} us", predicted, f"{read / keras:.0f} x"),
        Row("one decision of a searcher", f"{1e3 / found:,.0f} ms", predicted, f"{found / keras:.2f} x"),
    ]


def training_rows(updates: int) -> list[Row]:
    """Decisions per second of training with both heads, and where the time goes."""
    from agent.learning.config import TrainConfig
    from agent.learning.trainer import Training

    rows = []
    for head in ("softmax", "linear"):
        training = Training(TrainConfig.for_head(head))
        training.step()
        seconds = {"environment": 0.0, "network": 0.0, "update": 0.0}
        timed = (
            (training.envs, "step", "environment"),
            (training.learner, "act", "network"),
            (training.learner, "update", "update"),
        )
        for owner, method, part in timed:
            setattr(owner, method, _timed(getattr(owner, method), seconds, part))
        started = time.perf_counter()
        for _ in range(updates):
            training.step()
        total = time.perf_counter() - started
        split = ", ".join(f"{part} {100 * spent / total:.0f} %" for part, spent in seconds.items())
        rows.append(Row(f"training, {head} head", f"{updates * training.config.batch / total:,.0f} decisions/s", split, ""))
    return rows


def _timed(function: Callable, seconds: dict[str, float], part: str) -> Callable:
    def wrapper(*args: object, **options: object) -> object:
        started = time.perf_counter()
        result = function(*args, **options)
        seconds[part] += time.perf_counter() - started
        return result

    return wrapper


def start_rows() -> list[Row]:
    """Memory of a game, start-up, and the first compilation (in an empty cache)."""
    from monopoly_env.batch.step import EPISODE
    from monopoly_env.game import GAME
    from monopoly_env.strength.holdings import HOLDINGS

    first = "import gymnasium; gymnasium.make('monopoly_env:Monopoly-v0').reset(seed=0)"
    with tempfile.TemporaryDirectory() as cache:
        before = os.times()
        _seconds_of(first, cache)
        after = os.times()
        cold = after.children_user + after.children_system - before.children_user - before.children_system
        warm = _seconds_of(first, cache)
    bare = _seconds_of("import gymnasium, numba", None)
    size = GAME.itemsize + EPISODE.itemsize + HOLDINGS.itemsize
    return [
        Row("memory of one game", f"{size:,} bytes", f"{4096 * size / 2**20:.0f} MiB for 4,096", ""),
        Row("first reset, engine compiled", f"{warm:.1f} s", f"{bare:.1f} s (import gymnasium, numba)", f"{warm / bare:.1f} x"),
        Row("first reset ever (compiles the engine)", f"{cold:.0f} s of processor time", "", ""),
    ]


def _seconds_of(code: str, cache: str | None) -> float:
    environment = dict(os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {}))
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=Path(__file__).parents[2], check=True)
    return time.perf_counter() - started
