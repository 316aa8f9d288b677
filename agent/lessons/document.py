"""The document of the lessons, ``docs/SHAPES.md``: what ``shapes.py all`` shows, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.atomic import atomic_write
from agent.lessons import LESSONS
from agent.lessons.blocks import to_markdown
from agent.lessons.page import Page

_OPENING = """# The shapes, answered

Questions that Keras newcomers ask about the shapes of networks, each answered by a network that is built, run and trained on
games of Monopoly played by this project's engine. Run one with `python scripts/shapes.py lstm`, all of them with
`python scripts/shapes.py all`, and add `--plot` for the picture that explains it.

This document is written by the command `python scripts/shapes.py all --markdown docs/SHAPES.md`. Scores, first rows and whole
error texts belong to one run and may differ a little from machine to machine; the rest is checked by a test."""


def document(pages: Sequence[Page]) -> str:
    """Return the whole document."""
    lines = [f"- [{page.name}](#{page.name}): {LESSONS[page.name][1]}" for page in pages]
    return "\n\n".join((_OPENING, "\n".join(lines), *(to_markdown(page.blocks).rstrip() for page in pages))) + "\n"


def write_document(path: Path, pages: Sequence[Page]) -> None:
    """Write the document, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    with atomic_write(path) as temporary:
        temporary.write_text(document(pages), encoding="utf-8")
