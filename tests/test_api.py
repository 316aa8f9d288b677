"""`from agent import ...`: what docs/API.md says of it."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import agent
from agent import TrainConfig, Training, evaluate, play_history, play_match

PAGE = (Path(__file__).parents[1] / "docs" / "API.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SMALL = {"hidden": (8,), "num_envs": 64, "rollout_steps": 64, "minibatches": 2, "decisions": 1, "xla": False}


def test_the_page_names_all_that_there_is():
    assert re.search(r"from agent import (.*)", EXAMPLES[0])[1].split(", ") == agent.__all__
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    for name in agent.__all__:
        assert f"`{name}(" in rows, name
        assert callable(getattr(agent, name)) and name in dir(agent)
    with pytest.raises(ImportError, match="cannot import name 'Trainer'"):
        from agent import Trainer  # noqa: F401


def test_the_import_starts_no_tensorflow():
    code = f"{EXAMPLES[0]}import sys; print(sorted({{'tensorflow', 'keras'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("number", range(2, len(EXAMPLES)))  # the first one: test_imitation_beats_random_players
def test_the_examples_of_the_page_run(number, capsys):
    code = EXAMPLES[number].replace("games=1000", "games=20").replace("1_000_000", "1")
    code = code.replace("TrainConfig(", "TrainConfig(num_envs=32, rollout_steps=16, minibatches=2, xla=False, ")
    assert code != EXAMPLES[number]
    exec(compile(code, "API.md", "exec"), {"__name__": "example"})
    assert re.search(r"won [\d.]+ %|decisions", capsys.readouterr().out)


def test_imitation_beats_random_players():
    code = EXAMPLES[1].replace("games=1000", "games=300").replace("print(play_match", "match = (play_match")
    namespace = {}
    exec(code, namespace)
    assert namespace["match"].interval[0] > 0.5  # par 0.25


def test_a_match_prints_as_three_lines():
    match = play_match("landlord", ["random"] * 3, 40, seed=1, max_turns=100)
    first, seats, turns = repr(match).splitlines()
    low, high = match.interval
    assert first == f"won {100 * match.rate:.1f} % ({100 * low:.1f} to {100 * high:.1f}) of 40 games; par 25.0 %"
    assert re.fullmatch(r"by seat: [\d.]+ %, [\d.]+ %, [\d.]+ %, [\d.]+ %", seats)
    assert turns.startswith(f"stopped by the turn cap: {(~match.decided).sum()}; turns in the mean: ")


def test_evaluate_takes_one_name_or_several():
    assert list(evaluate("landlord", "random", games=4, players=2, max_turns=30)) == ["random"]
    several = evaluate("agent", ["random,fp-a", "landlord"], games=4, seed=3, max_turns=30)
    assert [match.players for match in several.values()] == [3, 4]


def test_a_history_keeps_all_decisions_unless_told():
    history = play_history(3, seed=0, max_turns=40)
    assert len(history.state) == len(history.action) == history.decision_start[-1] > 20
    assert history.state.shape[1:] == (23,)


def test_a_function_of_the_states_makes_the_reward():
    """Win or loss plus the change of strength, written by hand, is the environment's own shaped reward."""
    from monopoly_env.observation import FEATURE_NAMES

    strength = FEATURE_NAMES.index("strength")

    def shaped(states, following, rewards):
        return rewards + following[:, strength] - states[:, strength]

    by_hand = Training(TrainConfig(reward="win", max_turns=60, **SMALL), reward_function=shaped)
    built_in = Training(TrainConfig(reward="shaped", max_turns=60, **SMALL))
    plain = Training(TrainConfig(reward="win", max_turns=60, **SMALL))
    wanted, received, before = (training.play() for training in (built_in, by_hand, plain))
    assert wanted.truncated.sum() > 5 and wanted.terminated.sum() > 5
    np.testing.assert_allclose(received.rewards, wanted.rewards, atol=1e-5)
    assert np.abs(before.rewards - wanted.rewards).max() > 0.1


@pytest.mark.parametrize("bad", [lambda s, f, r: r[:1], lambda s, f, r: r * np.nan, lambda s, f, r: None])
def test_a_reward_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match=r"reward_function must return finite numbers of shape \(64,\)\. Received: "):
        Training(TrainConfig(**SMALL), reward_function=bad).step()


def test_a_resumed_training_keeps_its_reward():
    arrays, meta = Training(TrainConfig(**SMALL)).get_state()
    resumed = Training.from_state(arrays, meta, reward_function=lambda states, following, rewards: rewards * 0 + 5)
    assert (resumed.play().rewards == 5).all()
