"""How many processes the tests run in: see tests/conftest.py."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def conftest():
    """The file that chooses."""
    spec = importlib.util.spec_from_file_location("chooses_workers", TESTS / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    """Each test is told that it is not in a worker."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


def config(*named, xdist=True, **options):
    """A configuration as pytest has it before any option is looked at."""
    option = {"numprocesses": None, "tx": [], "dist": "no", "capture": "fd", "usepdb": False, "trace": False}
    option |= {"collectonly": False, "file_or_dir": [str(name) for name in named], **options}
    return SimpleNamespace(option=SimpleNamespace(**option), pluginmanager=SimpleNamespace(hasplugin=lambda name: xdist))


def workers(conftest, config):
    """How many workers are chosen."""
    conftest.pytest_cmdline_main(config)
    return config.option.numprocesses


@pytest.mark.parametrize("named", [(), (TESTS,), (TESTS.parent,)])
def test_the_whole_suite_has_a_worker_a_core(conftest, named, monkeypatch):
    for cores, expected in ((2, 2), (64, 4)):
        monkeypatch.setattr(conftest, "cores", lambda cores=cores: cores)
        chosen = config(*named)
        assert workers(conftest, chosen) == expected and chosen.option.dist == "loadfile"


@pytest.mark.parametrize(
    "options", [{"capture": "no"}, {"usepdb": True}, {"trace": True}, {"collectonly": True}, {"xdist": False}]
)
def test_what_needs_one_process_has_one(conftest, options, monkeypatch):
    monkeypatch.setattr(conftest, "cores", lambda: 2)
    assert workers(conftest, config(**options)) is None
    assert workers(conftest, config(TESTS / "rules")) is None
    monkeypatch.setattr(conftest, "cores", lambda: 1)
    assert workers(conftest, config()) is None


def test_the_command_line_has_the_last_word(conftest):
    assert workers(conftest, config(numprocesses=3)) == 3
    assert workers(conftest, config(numprocesses=0)) == 0


def test_a_worker_starts_no_workers(conftest, monkeypatch):
    monkeypatch.setattr(conftest, "cores", lambda: 2)
    worker = config()
    worker.workerinput = {}
    assert workers(conftest, worker) is None
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert workers(conftest, config()) is None
