"""The metrics of a run: a row of numbers an update, kept as a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from agent.files.atomic import atomic_write

Row = dict[str, float]


class Metrics:
    """Rows of numbers, and the CSV file they are written to; a cell is empty where an update has no such number.

    Attributes:
        path: the file.
        rows: a dict an update, with `update` and `decisions` in it; at first those that the file holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = _read(path) if path.exists() else []

    def add(self, row: Row) -> None:
        """Add a row; `write` puts it into the file."""
        self.rows.append(row)

    def keep(self, updates: int) -> None:
        """Leave the rows of the first `updates` updates alone."""
        rows: list[Row] = []
        for row in self.rows:
            if (rows[-1]["update"] if rows else 0) < row["update"] <= updates:
                rows.append(row)
        self.rows = rows

    def write(self) -> None:
        """Write all rows; the file is as it was where the disk refuses.

        Raises:
            OSError: the disk refuses.
        """
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        with atomic_write(self.path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)

    def columns(self, *names: str) -> list[np.ndarray]:
        """Return the decisions and the values of those names, `(n,)` each, of the rows that have them all."""
        rows = [row for row in self.rows if all(name in row for name in names)]
        return [np.array([row[name] for row in rows]) for name in ("decisions", *names)]


def _read(path: Path) -> list[Row]:
    """Return the rows of a file that are whole: a name for each cell, and numbers in all cells that are not empty."""
    rows = []
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = (line[:-1].split(",") for line in file if line.endswith("\n"))
        names = next(lines, [])
        for cells in lines:
            try:
                row = {name: _number(cell) for name, cell in zip(names, cells, strict=True) if cell}
            except ValueError:
                continue
            if "update" in row and "decisions" in row:
                rows.append(row)
    return rows


def _number(cell: str) -> float:
    return int(cell) if cell.isdecimal() else float(cell)
