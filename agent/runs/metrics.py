"""The metrics of a run as a CSV file that grows: lines are added and never held in memory, so a run may be of any length."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from agent.files.atomic import atomic_write

Row = dict[str, float]


class Metrics:
    """A CSV file of numbers, one line an update; a cell is empty where an update has no such number.

    Attributes:
        path: the file.
        fresh: lines that ``write`` has yet to add.
        lines: how many are in the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fresh: list[Row] = []
        self.lines = 0

    def add(self, row: Row) -> None:
        """Add a line, with ``update`` and ``decisions`` among its names; ``write`` puts it into the file."""
        self.fresh.append(row)

    def write(self) -> None:
        """Bring the file up to date; where the disk refuses it is left as it was.

        Raises:
            OSError: the disk refuses.
        """
        names = self._names()
        wanted = list(dict.fromkeys([*names, *(name for row in self.fresh for name in row)]))
        if wanted != names or not self.path.exists():
            self._rewrite(wanted, [*self.rows()])
        else:
            self._append("".join(_line(row, names) for row in self.fresh))
        self.lines += len(self.fresh)
        self.fresh = []

    def mend(self, updates: int) -> None:
        """Leave the whole lines of the first ``updates`` updates, and nothing else, in the file.

        Raises:
            OSError: the disk refuses.
        """
        rows: list[Row] = []
        for row in self._written():
            if (rows[-1]["update"] if rows else 0) < row["update"] <= updates:
                rows.append(row)
        names = self._names()
        if names:
            self._rewrite(names, rows)
        self.lines, self.fresh = len(rows), []

    def rows(self) -> Iterator[Row]:
        """Yield the lines in the file, then those still to be written."""
        yield from self._written()
        yield from self.fresh

    def _written(self) -> Iterator[Row]:
        """Yield the whole lines of the file."""
        names = self._names()
        for line in itertools.islice(self._text(), 1, None):
            cells = line.split(",")
            try:
                row = {name: _number(cell) for name, cell in zip(names, cells, strict=True) if cell}
            except ValueError:
                continue
            if "update" in row and "decisions" in row:
                yield row

    def column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return ``(decisions, values)`` where there are values of that name, in the file or still to be written."""
        rows = [row for row in self.rows() if name in row]
        return np.array([row["decisions"] for row in rows]), np.array([row[name] for row in rows])

    def _append(self, text: str) -> None:
        data = text.encode()
        with open(self.path, "ab", buffering=0) as file:
            end = file.tell()
            try:
                while data:
                    data = data[file.write(data) :]
                os.fsync(file.fileno())
            except BaseException:
                os.truncate(self.path, end)
                raise

    def _rewrite(self, names: list[str], rows: list[Row]) -> None:
        with atomic_write(self.path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as file:
            if names:
                file.write(",".join(names) + "\n")
            file.writelines(_line(row, names) for row in rows)

    def _text(self) -> Iterator[str]:
        """Yield the complete lines of the file; none where there is no file."""
        if self.path.exists():
            with open(self.path, encoding="utf-8", errors="replace") as file:
                yield from (line[:-1] for line in file if line.endswith("\n"))

    def _names(self) -> list[str]:
        """Return the names of the columns; none where the file does not begin with them."""
        names = next(self._text(), "").split(",")
        return names if {"update", "decisions"} <= set(names) else []


def _number(cell: str) -> float:
    return int(cell) if cell.isdecimal() else float(cell)


def _line(row: Row, names: list[str]) -> str:
    return ",".join(str(row[name]) if name in row else "" for name in names) + "\n"
