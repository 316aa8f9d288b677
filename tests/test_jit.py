"""What is said to be compiled: see ``monopoly_env.compiled.jit``."""

from pathlib import Path

import pytest

from monopoly_env.compiled import jit


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(jit, "CACHE", str(tmp_path))
    monkeypatch.setattr(jit, "_noted", set())
    monkeypatch.setattr(jit.config, "DISABLE_JIT", 0)


def test_a_part_counts_as_compiled_once_all_of_it_is():
    assert not jit.is_compiled("game")
    jit.note_compiled("game")
    assert jit.is_compiled("game")
    assert not jit.is_compiled("tables")


def test_a_compilation_that_broke_off_does_not_count(tmp_path):
    (tmp_path / "engine.play_on-1.py311.nbi").touch()
    assert not jit.is_compiled("game")


def test_another_copy_of_the_same_sources_compiles_for_itself(monkeypatch, tmp_path):
    monkeypatch.setattr(jit, "_source_hash", lambda: "the same")
    jit.note_compiled("tables")
    assert jit.is_compiled("tables")
    monkeypatch.setattr(jit, "__file__", str(tmp_path / "elsewhere" / "jit.py"))
    assert not jit.is_compiled("tables")


def test_the_cache_is_where_the_user_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    folder = Path(jit._usable_cache())
    assert folder.parent == tmp_path / "caches" / "monopoly-rl" and folder.is_dir()


def test_without_a_cache_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(jit, "CACHE", None)
    jit.note_compiled("game")
    assert not jit.is_compiled("game")
