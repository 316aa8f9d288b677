"""docs/SPACES.md names every option and every key of ``info``: its tables against signatures and runs."""

import inspect
import runpy
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

from monopoly_env import MonopolyEnv, MonopolyVectorEnv

ID = "monopoly_env:Monopoly-v0"
DOCS = Path(__file__).parents[2] / "docs"
spaces = SimpleNamespace(**runpy.run_path(str(DOCS / "make_spaces.py")))


def test_the_options_are_those_of_the_environments():
    single, vector = (set(inspect.signature(kind).parameters) for kind in (MonopolyEnv, MonopolyVectorEnv))
    assert set(spaces.OPTIONS) == single | vector and set(spaces.AEC_OPTIONS) <= single
    for name in single & vector:
        assert len({inspect.signature(kind).parameters[name].default for kind in (MonopolyEnv, MonopolyVectorEnv)}) == 1, name


@pytest.mark.integration
def test_the_options_are_those_of_the_agents_too():
    pytest.importorskip("pettingzoo")
    from monopoly_env.envs import pettingzoo as aec_env

    parameters = inspect.signature(aec_env.raw_env).parameters
    assert tuple(sorted(parameters)) == tuple(sorted(spaces.AEC_OPTIONS))
    for name, parameter in parameters.items():
        assert parameter.default == inspect.signature(MonopolyEnv).parameters[name].default


def test_what_the_single_environment_tells():
    env = MonopolyEnv(players=2, opponents="random", max_turns=40)
    seen = {}
    for seed in range(3):
        _, info = env.reset(seed=seed)
        assert set(info) == {key for key, (when, _) in spaces.INFO.items() if when == "always"}
        over = False
        while not over:
            *_, terminated, truncated, info = env.step(3)  # SELL, which is seldom legal
            seen |= info
            over = terminated or truncated
            assert {"winner", "decided"} <= set(info) if over else not {"winner", "decided"} & set(info)
    assert set(seen) == set(spaces.INFO)
    assert {key: type(value) for key, value in seen.items() if key != "action_mask"} == {
        "phase": int,
        "seat": int,
        "illegal_action": bool,
        "winner": int,
        "decided": bool,
    }


def test_a_time_limit_leaves_a_game_under_way():
    env = gymnasium.make(ID, max_episode_steps=2)
    env.reset(seed=1)
    env.step(0)
    *_, truncated, info = env.step(0)
    assert truncated and not {"winner", "decided"} & set(info) and info["phase"] > 0


def told(**options):
    """All keys of ``info`` in a run of a vector environment, with the kind and shape of what they held."""
    envs = MonopolyVectorEnv(20, players=3, max_turns=30, **options)
    _, info = envs.reset(seed=1)
    seen = dict(info)
    for _ in range(100):
        *_, info = envs.step(np.full(20, 3))
        seen |= info
    return seen, {key: f"{value.dtype} {value.shape}" for key, value in seen.items() if isinstance(value, np.ndarray)}


def declared(*batch):
    """The keys of some tables with their masks, and the kind and shape that each row says first."""
    kinds = {}
    for table in batch:
        for key, (*_, what) in table.items():
            kinds |= {key: what.replace("`", "").replace("(N", "(20").replace("P", "3"), f"_{key}": "bool (20,)"}
    return set(kinds), kinds


def fits(kinds, rows):
    """Whether what was seen is what the rows say."""
    return all(rows[key].startswith(kind) for key, kind in kinds.items())


@pytest.mark.parametrize("mode", ["NextStep", "Disabled", "SameStep"])
@pytest.mark.parametrize("opponents", ["random", "self"])
def test_what_the_vector_environment_tells(mode, opponents):
    if mode == "Disabled":
        envs = MonopolyVectorEnv(1, max_episode_steps=1, autoreset_mode=mode)
        envs.reset(seed=1)
        assert set(envs.step(np.zeros(1, int))[4]) == declared(spaces.VECTOR_INFO)[0]
        return
    seen, kinds = told(opponents=opponents, autoreset_mode=mode)
    batch = [spaces.VECTOR_INFO] + [spaces.SELF_PLAY_INFO] * (opponents == "self")
    keys, rows = declared(*batch)
    if mode == "SameStep":
        final = seen.pop("final_info")
        inside = {key for key in final if key[0] != "_"}
        assert inside == set(spaces.VECTOR_INFO) and all(f"`{key}`" in spaces.SAME_STEP_INFO["final_info"][2] for key in inside)
        assert set(final) == inside | {f"_{key}" for key in inside}
        keys, rows = declared(*batch, spaces.SAME_STEP_INFO)
        keys -= {"winner", "_winner", "decided", "_decided", "final_info"}
    assert set(seen) == keys and fits(kinds, rows)


def test_the_page_shows_all_tables():
    page = spaces.document()
    assert (DOCS / "SPACES.md").read_text(encoding="utf-8") == page
    for name in (*spaces.OPTIONS, *spaces.INFO, *spaces.VECTOR_INFO, *spaces.SAME_STEP_INFO, *spaces.SELF_PLAY_INFO):
        assert f"\n| `{name}` | " in page
    assert '| `autoreset_mode` | `"NextStep"` | vector |' in page and "| `players` | `4` | single, vector, AEC |" in page
