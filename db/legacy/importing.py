"""Goes through a predecessor's file, table by table, and hands over what its rows become, a batch at a time."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from addons.domain.errors import UserError
from addons.domain.events import Event
from addons.domain.tokens import TokenCounter
from db.legacy.items import Item, OldOriginal
from db.legacy.mapping import Mapper
from db.legacy.report import Report
from db.legacy.source import Source

BATCH = 5_000
"""Rows in one transaction: less than half a second, so that a running proxy is not kept from writing."""
BATCH_CHARS = 32_000_000
"""Of texts in one batch, which are in memory at once."""

Progress = Callable[[int, int], None]
"""Called with the number of rows done, and of all."""


class Target(Protocol):
    def take(self, items: Sequence[Item]) -> list[Item]:
        """Those that are new."""
        ...


def run(source: Source, target: Target, progress: Progress = lambda _done, _all: None) -> Report:
    """:raises UserError: if the target refuses a batch; what was taken before stays, and is known the next time."""
    report = Report(keys=source.keys())
    mapper = Mapper(source, TokenCounter().count)
    tables = source.tables()
    counts = {table: source.count(table) for table in tables}
    done, everything = 0, sum(counts.values())
    for table in tables:
        report.add(table, [], [])
        for items in _batches(mapper.items(table, source.rows(table))):
            report.add(table, items, target.take(items))
            done += len(items)
            progress(done, everything)
        if report.tables[table].rows != counts[table]:
            found = report.tables[table].rows
            raise UserError(f"{source.path}: {found:,} rows of {table} were read; it has {counts[table]:,}.")
    return report


class Planning:
    """For a dry run: asks what is there, and takes nothing."""

    def __init__(self, known: Callable[[Sequence[str]], set[str]]) -> None:
        self._known = known

    def take(self, items: Sequence[Item]) -> list[Item]:
        there = self._known([item.key for item in items])
        return [item for item in items if item.key not in there]


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    chars = 0
    for item in items:
        batch.append(item)
        chars += _chars(item)
        if len(batch) == BATCH or chars > BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _chars(item: Item) -> int:
    """Of what may be large; of a request the predecessor kept 200 characters."""
    if isinstance(item.becomes, OldOriginal):
        return len(item.becomes.original.text)
    row = item.becomes.data if isinstance(item.becomes, Event) else {}
    return sum(len(value) for value in row.values() if isinstance(value, str | bytes))
