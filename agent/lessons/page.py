"""A page of lessons in Markdown, read and run.

A lesson is a section ``## name``. Its Python blocks run one after the other with the same names, as the cells of a notebook do.
A ``text`` block behind a Python block is what that block shows: what it prints, the value of its last line, or its error.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"^```(python|text|text timing)\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_SUMMARY = re.compile(r"^- \[(.+?)\]\(#.+?\): (.+)$", re.MULTILINE)
_DECIMAL = re.compile(r"-?\d+\.\d+")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Part:
    """A piece of a lesson: ``prose`` in Markdown, ``python`` to run, ``text`` that it shows, ``text timing`` of one machine."""

    kind: str
    text: str


@dataclass(frozen=True)
class Page:
    """The page: what stands before the lessons, and the parts of each lesson by name."""

    opening: str
    lessons: dict[str, list[Part]]

    @property
    def summaries(self) -> dict[str, str]:
        """Return one line about each lesson by its name, from the list in the opening."""
        return dict(_SUMMARY.findall(self.opening))


def read_page(path: Path) -> Page:
    """Read a page.

    Raises:
        OSError: the file cannot be read.
    """
    opening, *sections = _SECTION.split(path.read_text(encoding="utf-8"))
    return Page(opening, {name: list(parts(text)) for name, text in zip(sections[::2], sections[1::2], strict=True)})


def parts(text: str) -> Iterator[Part]:
    """Split the Markdown of a lesson at its blocks."""
    pieces = iter(_BLOCK.split(text))
    yield Part("prose", next(pieces))
    for kind, block, prose in zip(pieces, pieces, pieces, strict=True):
        yield Part(kind, block)
        yield Part("prose", prose)


def script(lesson: list[Part]) -> str:
    """Return the program a lesson begins with: complete, to copy."""
    return next(part.text for part in lesson if part.kind == "python")


def run_lesson(lesson: list[Part], names: dict[str, Any]) -> Iterator[Part]:
    """Run a lesson and yield its parts with what its code shows now in place of what the page shows.

    Args:
        lesson: the parts.
        names: filled with the names that the code defines.
    """
    import logging

    from agent.learning.keras_setup import load_keras

    _, keras = load_keras()
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of many small networks, which is what lessons are
    keras.backend.clear_session()  # layers are numbered from the start
    shown = ""
    for part in lesson:
        if part.kind == "prose":
            yield part
        elif part.kind == "python":
            yield part
            shown = run_code(part.text, names)
        else:
            yield Part(part.kind, shown)


def run_code(code: str, names: dict[str, Any]) -> str:
    """Run Python and return what it shows: what it prints, then the value of the last line, or its error."""
    lines = ast.parse(code)
    value = ast.Expression(lines.body.pop().value) if isinstance(lines.body[-1], ast.Expr) else None
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(lines, "<lesson>", "exec"), names)
            result = eval(compile(value, "<lesson>", "eval"), names) if value is not None else None
            if result is not None:
                print(repr(result))
        except Exception as error:
            print(error_text(error))
    return output.getvalue().rstrip()


def error_text(error: Exception) -> str:
    """Return kind and message of an error, without colours, places in files and the arguments that Keras lists."""
    text = _ANSI.sub("", str(error)).split("\n\nArguments received")[0]
    lines = (line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith(('  File "', "Detected at")))
    return f"{type(error).__name__}: " + "\n".join(lines)


def agrees(wanted: str, shown: str) -> bool:
    """Return whether code shows what the page says.

    ``...`` on the page stands for anything. Whole numbers and words must be the same; a number with a decimal point depends a
    little on the machine and may differ by a twentieth.
    """
    alike = doctest.OutputChecker().check_output(
        _DECIMAL.sub("#", wanted), _DECIMAL.sub("#", shown), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    if not alike or "..." in wanted:
        return alike
    numbers = zip(_DECIMAL.findall(wanted), _DECIMAL.findall(shown), strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=0.05, abs_tol=0.02) for one, other in numbers)


def markdown(page: Page, names: list[str]) -> str:
    """Return the page as Markdown again, with the lessons of these names."""
    sections = (f"## {name}" + "".join(_fenced(part) for part in page.lessons[name]) for name in names)
    return page.opening + "".join(sections)


def _fenced(part: Part) -> str:
    return part.text if part.kind == "prose" else f"```{part.kind}\n{part.text}\n```"
