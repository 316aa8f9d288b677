"""The document of the lessons, ``docs/SHAPES.md``: what ``shapes.py all`` shows, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.files.output import output_file
from agent.lessons import LESSONS
from agent.lessons.blocks import to_markdown
from agent.lessons.index import INDEX, index_table
from agent.lessons.page import Page

_OPENING = """# The shapes, answered

Questions that Keras newcomers ask about the shapes of networks, each answered by a network that is built, run and trained on
games of Monopoly played by this project's engine. Run one with `python scripts/shapes.py lstm`, all of them with
`python scripts/shapes.py all`, and add `--plot` for the picture that explains it. Look your question or
your error text up here:"""

_WRITTEN = """This document is written by the command `python scripts/shapes.py all --markdown docs/SHAPES.md`. Scores, first
rows and whole error texts belong to one run and may differ a little from machine to machine; the rest is checked by a test."""


def opening(names: Sequence[str]) -> str:
    """Return what stands before the lessons: answers by question and error text, and the list of the lessons named."""
    lines = [f"- [{name}](#{name}): {LESSONS[name][1]}" for name in names]
    index = to_markdown([index_table([entry for entry in INDEX if entry.lesson in names], linked=True)]).rstrip()
    return "\n\n".join((_OPENING, index, "The lessons:", "\n".join(lines), _WRITTEN))


def document(pages: Sequence[Page]) -> str:
    """Return the whole document."""
    return "\n\n".join((opening([page.name for page in pages]), *(to_markdown(page.blocks).rstrip() for page in pages))) + "\n"


def write_document(path: Path, pages: Sequence[Page]) -> None:
    """Write the document, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    with output_file(path) as temporary:
        temporary.write_text(document(pages), encoding="utf-8")
