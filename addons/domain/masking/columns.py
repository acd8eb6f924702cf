"""Tables in columns separated by white space: the columns, what is the same in all rows, which rows stand out."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from addons.domain.masking.salience import scores

NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[KMGTkmgt]i?[Bb]?|%|ms|s)?")
_RULER = re.compile(r"[-=+| ]+")
_UNITS = {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
SHARE = 0.8
"""Of the filled lines that must have the commonest number of columns."""
CONSTANT = 0.95
"""Share of the rows with one value for a column to be said once; the rows that differ show theirs."""


@dataclass(frozen=True)
class Table:
    rows: list[list[str]]
    indices: list[int]
    """Of each row, its line."""
    outside: list[tuple[int, str]]
    """Lines that are no rows: a title, a total."""

    @cached_property
    def constant(self) -> dict[int, str]:
        """Columns that are the same in nearly every row, and that value; never the last."""
        found: dict[int, str] = {}
        for column in range(len(self.rows[0]) - 1):
            value, count = Counter(row[column] for row in self.rows).most_common(1)[0]
            if count >= CONSTANT * len(self.rows):
                found[column] = value
        return found

    @cached_property
    def paths(self) -> bool:
        """Whether the last column holds paths in directories."""
        return sum(1 for row in self.rows if "/" in row[-1]) >= 0.7 * len(self.rows)

    def constants(self) -> str:
        return " ".join(self.constant.values())

    def odd(self, row: int) -> bool:
        """Whether a row has another value where nearly all have the same."""
        return any(self.rows[row][column] != value for column, value in self.constant.items())

    def scores(self) -> list[float]:
        """Rows that differ from all others, the extremes of each numeric column, then rare words and values."""
        result = [score + 0.01 for score in scores([" ".join(row) for row in self.rows])]
        for row in range(len(self.rows)):
            result[row] += 3.0 * self.odd(row)
        for column in range(len(self.rows[0])):
            values = [number(row[column]) for row in self.rows]
            known = [value for value in values if value is not None]
            if len(known) < 0.7 * len(values) or len(set(known)) < 5:
                continue
            order = sorted(
                (row for row, value in enumerate(values) if value is not None), key=lambda row: (values[row], row)
            )
            for rank, row in enumerate(order[::-1][:12]):
                result[row] += 3.0 / (1 + 0.3 * rank)
            for rank, row in enumerate(order[:3]):
                result[row] += 1.0 / (1 + rank)
        return result

    def describe(self) -> tuple[str, ...]:
        """Sum and range of each numeric column."""
        notes = []
        for column in range(len(self.rows[0])):
            if column in self.constant:
                continue
            known = [value for row in self.rows if (value := number(row[column])) is not None]
            if len(known) >= 0.9 * len(self.rows) and len(set(known)) >= 5:
                notes.append(f"column {column + 1}: {min(known):g} to {max(known):g}, sum {math.fsum(known):.10g}")
        return tuple(notes)


def number(cell: str) -> float | None:
    """`18768`, `1,024`, `4.2K`, `93%` as numbers; None for anything else."""
    if not NUMBER.fullmatch(cell) or len(cell) > 30:
        return None
    digits = re.match(r"[-+\d.,]+", cell)
    if not digits:
        return None
    unit = cell[digits.end() : digits.end() + 1].lower()
    return float(digits[0].replace(",", "")) * (_UNITS.get(unit, 1.0) if cell[digits.end() :] != "ms" else 1.0)


def read_table(lines: Sequence[str]) -> Table | None:
    """The table that the lines are, or None. The last column may hold spaces."""
    cells = [line.split() for line in lines]
    widths = Counter(len(row) for row in cells if row)
    filled = sum(widths.values())
    if filled < 8:
        return None
    width = _columns(widths, filled)
    if width < 2:
        return None
    rows, indices, outside = [], [], []
    for index, row in enumerate(cells):
        if len(row) >= width and not _RULER.fullmatch(lines[index]):
            rows.append([*row[: width - 1], " ".join(row[width - 1 :])])
            indices.append(index)
        elif row and not _RULER.fullmatch(lines[index]):
            outside.append((index, lines[index].strip()))
    if len(rows) < SHARE * filled or not _aligned(rows, lines):
        return None
    return Table(rows, indices, outside)


def _columns(widths: Counter[int], filled: int) -> int:
    """The smallest number of cells that nearly all lines reach."""
    reached = 0
    for width in sorted(widths, reverse=True):
        reached += widths[width]
        if reached >= 0.93 * filled:
            return width
    return 0


def _aligned(rows: list[list[str]], lines: Sequence[str]) -> bool:
    """Whether this is a table and not prose or code: padded to its columns, or with a column of numbers."""
    padded = sum(1 for line in lines if "  " in line.strip() or "\t" in line.strip())
    if padded >= 0.6 * len(rows):
        return True
    for column in range(len(rows[0]) - 1):
        values = [row[column] for row in rows]
        if sum(1 for value in values if number(value) is not None) >= 0.8 * len(values):
            return True
    return False
