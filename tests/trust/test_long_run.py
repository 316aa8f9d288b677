"""A short long run: what would grow over 200 million decisions would show over one. The long one: ``long_run.py``."""

from dataclasses import replace

import pytest

from .long_run import Part, drift, faults, settings, watched


@pytest.mark.slow
def test_memory_and_files_do_not_grow(tmp_path):
    config = settings(1_000_000, 256, None)
    parts = watched(config, tmp_path, save_seconds=0)  # some hundred updates and saves
    assert len(parts) == 10 and config.updates > 100
    assert faults(parts, config.updates) == []
    assert parts[-1].metrics_bytes > 5 * parts[0].metrics_bytes, "a line an update"


def test_what_grows_is_told():
    good = [Part(n, 1000.0, 900.0, 2, 50_000, 9_000, 400 * n) for n in range(1, 11)]
    assert faults(good, 10) == [] and drift(good) == 0
    for change in (
        {"memory": 940.0},
        {"checkpoints": 3},
        {"checkpoint_bytes": 60_000},
        {"model_bytes": 9_900},
        {"metrics_bytes": 9_000},
    ):
        (line,) = faults([*good[:-1], replace(good[-1], **change)], 10)
        assert line.endswith(".")
    slower = [replace(part, rate=1000.0 - 50 * n) for n, part in enumerate(good)]
    assert 0.3 < drift(slower) < 0.4
