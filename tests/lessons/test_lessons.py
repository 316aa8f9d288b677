"""Every lesson of docs/SHAPES.md run as it stands: what the page shows is what its code shows."""

import re
import struct
from pathlib import Path

import pytest

from agent.lessons.page import agrees, read_page, run_lesson, script
from agent.lessons.pictures import DRAW, write_picture

ROOT = Path(__file__).parents[2]
PAGE = read_page(ROOT / "docs" / "SHAPES.md")
ROW = re.compile(r"^\| (\w.*?) \| (.*?) ?\| (.*?) ?\| (.+?) \|$", re.MULTILINE)
TABLE = re.compile(r"^\| `(\w+)` \| output \| weights \| parameters \|\n\| --- .*\n((?:\|.*\n)+)", re.MULTILINE)


def number(text):
    return int(text.replace(",", ""))


def check_layers(prose, names):
    """Hold the tables of layers, written by hand, against the networks they are about; return how many tables."""
    tables = TABLE.findall(prose)
    for name, table in tables:
        network = names[name]
        rows = ROW.findall(table)
        for layer, (label, output, weights, parameters) in zip(network.layers, rows, strict=False):
            assert label.startswith(type(layer).__name__)
            assert output == str(tuple(layer.output.shape))
            shapes = [str(tuple(weight.shape)) for weight in layer.weights if "seed" not in weight.name]
            assert weights == (", ".join(shapes) or "none")
            *formula, total = parameters.split(" = ")
            assert number(total) == layer.count_params()
            assert not formula or eval(formula[0].replace("x", "*")) == number(total)
        assert len(rows) - len(network.layers) in (0, 1)
        if len(rows) > len(network.layers):
            assert number(rows[-1][3]) == network.count_params()
    return len(tables)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGE.lessons)
def test_the_page_shows_what_its_code_shows(name, tmp_path):
    names, tables = {}, 0
    for wanted, shown in zip(PAGE.lessons[name], run_lesson(PAGE.lessons[name], names), strict=True):
        if wanted.kind == "text":
            assert agrees(wanted.text, shown.text), f"the page:\n{wanted.text}\nthe code:\n{shown.text}"
        tables += check_layers(wanted.text, names) if wanted.kind == "prose" else 0
    assert tables == {"q-values": 0, "rnn": 2, "conv": 2}.get(name, 1)
    write_picture(tmp_path / "picture.png", name, names)
    data = (tmp_path / "picture.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and width > 900 and height > 400 and len(data) > 15_000


@pytest.mark.parametrize("name", PAGE.lessons)
def test_a_lesson_begins_with_a_complete_short_program(name):
    program = script(PAGE.lessons[name])
    for part in ("import keras\n", "from agent.lessons.data import ", "set_random_seed(0)", ".compile(", ".fit(", ".predict("):
        assert part in program
    assert 15 <= len(program.splitlines()) <= 25


def test_every_lesson_is_listed_and_has_its_picture_on_the_page():
    assert list(PAGE.summaries) == list(PAGE.lessons) == list(DRAW)
    for name, lesson in PAGE.lessons.items():
        images = re.findall(r"!\[.+\]\((.+)\)", "".join(part.text for part in lesson if part.kind == "prose"))
        assert images == [f"images/shapes-{name}.png"]
        assert (ROOT / "docs" / images[0]).is_file()


def test_the_page_has_no_paths_of_a_machine_and_no_block_left_empty():
    text = (ROOT / "docs" / "SHAPES.md").read_text(encoding="utf-8")
    for trace in ("/home/", "/tmp/", "site-packages", 'File "', "\n?\n"):
        assert trace not in text
