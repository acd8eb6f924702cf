"""What an import does, or would do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.legacy.items import NOTHING, Amounts, Item

KEPT_AS = {
    "sessions": "sessions",
    "metrics": "requests",
    "masked_content": "originals",
}
"""The other tables' rows become events."""


@dataclass(slots=True)
class TableReport:
    table: str
    rows: int = 0
    """In the file."""
    new: int = 0
    known: int = 0
    """Imported before: skipped."""
    notes: Counter[str] = field(default_factory=Counter)
    """What is odd, and in how many of the new rows."""

    @property
    def kept_as(self) -> str:
        return KEPT_AS.get(self.table, "events")


@dataclass(slots=True)
class Report:
    tables: dict[str, TableReport] = field(default_factory=dict)
    amounts: Amounts = NOTHING
    """Of the new rows."""
    keys: int = 0
    """Providers whose API key is in the old file."""

    @property
    def new(self) -> int:
        return sum(table.new for table in self.tables.values())

    def add(self, table: str, items: Sequence[Item], new: Sequence[Item]) -> None:
        found = self.tables.setdefault(table, TableReport(table))
        found.rows += len(items)
        found.new += len(new)
        found.known += len(items) - len(new)
        found.notes.update(note for item in new for note in item.notes)
        self.amounts = total([self.amounts, *(item.amounts for item in new)])


def total(amounts: Iterable[Amounts]) -> Amounts:
    return Amounts(*map(sum, zip(NOTHING, *amounts, strict=True)))


def in_words(report: Report) -> list[str]:
    """Line by line: each table, the sums of requests, the keys."""
    lines = []
    for table in report.tables.values():
        known = f", {table.known:,} imported before" if table.known else ""
        lines.append(f"{table.table}: {table.rows:,} rows, {table.new:,} new as {table.kept_as}{known}")
        lines += [f"  {number:,}: {note}" for note, number in sorted(table.notes.items())]
    lines.append(f"tokens of the new requests: {_sums(report.amounts)}")
    if report.keys:
        lines.append(f"API keys of {report.keys} providers are in the old file; they were not read, nor copied")
    return lines


def _sums(amounts: Amounts) -> str:
    overwritten = f" ({amounts.overwritten_tokens:,} of it reported totals)" if amounts.overwritten_tokens else ""
    return (
        f"prompt {amounts.prompt_tokens:,}, completion {amounts.completion_tokens:,}, "
        f"memory {amounts.memory_tokens:,}, estimated {amounts.estimated_tokens:,}{overwritten}"
    )
