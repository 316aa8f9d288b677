"""Experiments: variants are trained and measured, the table pools their seeds, and what was measured is kept."""

import json

import pytest
from programs import ROOT, refused

from agent.experiments.results import ResultsError, load, markdown, picture, save
from agent.experiments.variants import OPPONENTS, POINTS, VARIANTS, Trial, train

RESULTS = ROOT / "docs" / "experiments.json"
RUN = {"variant": "default", "seed": 0, "decisions": 100, "games": 10, "final_games": 20}
POINT = {"decisions": 100, "games": 20, "wins": {"landlord": 5, "fixed policies": 10, "random": 15}}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["default", "linear"])
def test_a_variant_trains_and_is_measured(name):
    small = {"num_envs": 16, "rollout_steps": 16, "minibatches": 2, "epochs": 1, "xla": False}
    run = train(Trial(name, 0, 1536, games=8, final_games=12, settings=small))
    points = run.pop("points")
    assert run == {"variant": name, "seed": 0, "decisions": 1536, "games": 8, "final_games": 12}
    assert [point["decisions"] for point in points] == [256 * (i + 1) for i in range(POINTS)]
    assert [point["games"] for point in points] == [8] * (POINTS - 1) + [12]
    assert all(set(point["wins"]) == set(OPPONENTS) for point in points)
    json.dumps(points)


def test_every_variant_has_settings_that_can_be():
    default = Trial("default", 0, 1000, 1, 1).config
    for name in VARIANTS:
        config = Trial(name, 0, 1000, 1, 1).config
        assert name == "default" or config != default


def test_the_table_pools_the_seeds(tmp_path):
    runs = [{**RUN, "seed": seed, "points": [POINT]} for seed in range(2)]
    save(tmp_path / "r.json", runs)
    assert load(tmp_path / "r.json") == runs
    text = markdown(runs)
    assert "**25.0 %** (14.2 to 40.2); 25.0 / 25.0" in text  # 10 of 40: Wilson's interval worked by hand
    assert "`linear`" not in text
    picture(runs, tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["[1]", "{}", "3", '"x"', '{"a": 1}'])
def test_other_files_are_refused_and_left_alone(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(ResultsError, match="does not hold results"):
        load(path)
    assert "does not hold results" in refused("experiments", "run", "default", "--results", path)
    assert path.read_text() == text and load(tmp_path / "none.json") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "defualt"), "Unknown variant 'defualt'"),
        (("run", "default", "--seeds", "a"), "--seeds takes whole numbers"),
        (("report", "--results", "none.json"), "No results in none.json"),
        (("report", "--results", RESULTS, "--plot", "x.foo"), "ends in .png or .svg or .pdf. Received: 'x.foo'"),
        (("report", "--results", RESULTS, "--plot", "x"), "ends in .png or .svg or .pdf. Received: 'x'"),
        (("report", "--results", RESULTS, "--plot", "folder.png"), "Cannot write"),
    ],
)
def test_bad_input_gets_one_line(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    assert said in refused("experiments", *words)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_the_results_show_all_runs_that_were_kept():
    runs = load(RESULTS)
    assert markdown(runs) in (ROOT / "docs/RESULTS.md").read_text(encoding="utf-8")
    assert {run["variant"] for run in runs} >= set(VARIANTS)
