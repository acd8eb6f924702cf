"""The table that a run prints: each row one comparison, with what design allows beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison within one run; `bare` is what it is compared with."""

    what: str
    bare: float
    ours: float
    unit: str
    target: float = UNLIMITED
    """Largest ratio (or difference, where `difference`) that is allowed."""
    difference: bool = False

    @property
    def result(self) -> float:
        return self.ours - self.bare if self.difference else self.ours / self.bare

    def cells(self) -> list[str]:
        sign, unit = ("+ ", f" {self.unit}") if self.difference else ("× ", "")
        target = "–" if self.target == UNLIMITED else f"≤ {sign}{self.target:.2f}{unit}"
        values = [f"{value:.2f} {self.unit}" for value in (self.bare, self.ours)]
        return [self.what, *values, f"{sign}{self.result:.2f}{unit}", target]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second, and no comparison."""

    what: str
    ours: float
    unit: str
    target: float
    at_least: bool = False

    def cells(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        ours = f"{self.ours:,.0f}" if self.ours > 100 else f"{self.ours:.3f}"
        return [self.what, "–", f"{ours} {self.unit}", "–", f"{sign} {self.target:,g} {self.unit}"]


def p(values: Sequence[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def markdown(table: Sequence[Row | Rate]) -> str:
    lines = ["| what | beside it | this project | result | target |", "|---|---:|---:|---:|---:|"]
    return "\n".join(lines + [f"| {' | '.join(row.cells())} |" for row in table])
