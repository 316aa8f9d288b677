"""What a lesson is made of, and its two forms: for the terminal (Rich) and as Markdown.

A block is ``measured`` when it holds numbers or words of one run (scores, first rows, whole error texts): these may differ
from machine to machine. Everything else is the same everywhere, and ``stable_part`` of a document is checked by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_OPEN, _CLOSE = "<!-- measured -->", "<!-- end of measured -->"
_LABEL_LENGTH = 40  # a first column of longer cells is prose, and may wrap
_MARKS = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the lesson) or 2 (its parts)."""

    text: str
    level: int = 1
    measured: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph; `**bold**` and backquotes for code are understood."""

    text: str
    measured: bool = False


@dataclass(frozen=True)
class Code:
    """Python, or plain text as a program prints it."""

    text: str
    language: str = "python"
    measured: bool = False


@dataclass(frozen=True)
class Table:
    """A table of ready strings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    measured: bool = False


Block = Heading | Text | Code | Table


def for_terminal(block: Block) -> Any:
    """Return the block as something Rich prints."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.syntax import Syntax
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    if isinstance(block, Heading):
        return Rule(f"[bold]{block.text}", align="left") if block.level == 1 else RichText(f"\n{block.text}", "bold cyan")
    if isinstance(block, Text):
        return _styled(block.text)
    if isinstance(block, Code):
        if block.language != "python":
            return Padding(RichText(block.text, "yellow"), (0, 0, 0, 4))
        return Padding(
            Syntax(block.text, "python", theme="ansi_dark", background_color="default", word_wrap=True), (0, 0, 0, 4)
        )
    labels = all(len(row[0]) <= _LABEL_LENGTH for row in block.rows)
    table = RichTable(header_style="bold", show_lines=not labels)
    for number, column in enumerate(block.columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0 and labels)
    for row in block.rows:
        table.add_row(*map(_styled, row))
    return table


def _styled(text: str) -> Any:
    from rich.text import Text as RichText

    styled, position = RichText(), 0
    for match in _MARKS.finditer(text):
        styled.append(text[position : match.start()])
        styled.append(match[1] or match[2], "bold" if match[1] else "cyan")
        position = match.end()
    return styled.append(text[position:])


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as Markdown, measured ones between two comments."""
    parts, measuring = [], False
    for block in blocks:
        if block.measured != measuring:
            parts.append(_OPEN if block.measured else _CLOSE)
            measuring = block.measured
        parts.append(_markdown(block))
    if measuring:
        parts.append(_CLOSE)
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return "#" * (block.level + 1) + " " + block.text
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Code):
        return f"```{block.language}\n{block.text}\n```"
    lines = [block.columns, tuple("---" for _ in block.columns), *block.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def stable_part(markdown: str) -> str:
    """Return Markdown without what was measured."""
    text = re.sub(rf"{_OPEN}.*?{_CLOSE}\n*", "", markdown, flags=re.DOTALL)
    return text.strip() + "\n"
