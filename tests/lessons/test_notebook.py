"""The notebook of the first day runs from top to bottom, and what stands under its cells is what they show."""

import copy
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from agent.lessons.page import agrees

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "notebooks" / "first_day.ipynb"
NOTEBOOK = nbformat.read(FILE, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kinds(cell):
    """What a cell shows: printed text, values, pictures."""
    return {output.get("name") or " ".join(sorted(output.data)) for output in cell.outputs}


def text(cell):
    return "".join(output.get("text") or output.data.get("text/plain", "") for output in cell.outputs)


def test_its_outputs_are_committed_and_small():
    assert [cell.execution_count for cell in code(NOTEBOOK)] == list(range(1, len(code(NOTEBOOK)) + 1))
    shown = [kind for cell in code(NOTEBOOK) for kind in kinds(cell)]
    assert "stderr" not in shown and sum("image/png" in kind for kind in shown) == 3
    assert all(cell.outputs for cell in code(NOTEBOOK))
    assert FILE.stat().st_size < 200_000
    assert not re.search("/home/|/tmp/|site-packages", FILE.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_it_runs_and_shows_the_same():
    again = copy.deepcopy(NOTEBOOK)
    NotebookClient(again, timeout=None, resources={"metadata": {"path": str(ROOT)}}).execute()
    trained = False
    for old, new in zip(code(NOTEBOOK), code(again), strict=True):
        assert kinds(old) == kinds(new) - {"stderr"}
        trained = trained or ".fit(" in old.source
        if not trained:  # from there on every machine has networks of its own
            assert agrees(text(old), text(new)), f"the notebook:\n{text(old)}\nits code:\n{text(new)}"
        assert all(float(won) > 50 for won in re.findall(r"(?:against random: |^)won ([\d.]+) %", text(new)))
