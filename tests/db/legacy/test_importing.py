"""A large file, batch by batch."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.engine import opened, writer
from db.legacy import importing, source
from db.legacy.importing import BATCH, Planning
from db.legacy.items import Item
from db.legacy.source import Source
from db.legacy.storing import Storing
from db.schema import upgrade
from tests.db import legacy_files
from tests.db.legacy_files import make
from tests.db.stores import NOW_MS, Ask


class Keeping:
    """Takes all, and remembers in which batches."""

    def __init__(self) -> None:
        self.batches: list[Sequence[Item]] = []

    def take(self, items: Sequence[Item]) -> list[Item]:
        self.batches.append(items)
        return list(items)


@pytest.mark.sqlite
def test_fifty_thousand_requests_are_taken_over_whole(old: Path, url: str, ask: Ask) -> None:
    make(old, sessions=300, requests=50_000)
    with opened(writer, url) as engine, source.opened(old) as file:
        upgrade(engine)
        report = importing.run(file, Storing(lambda: engine, NOW_MS))
    expected = legacy_files.sums(old)
    assert report.tables["metrics"].new == expected["requests"] == 50_000
    assert (report.amounts.prompt_tokens, report.amounts.completion_tokens, report.amounts.memory_tokens) == (
        *(expected["prompt"], expected["completion"]),
        expected["memory"],
    )
    sums = "SELECT sum(completions) AS n, sum(prompt_tokens) AS prompt, sum(completion_tokens) AS answer"
    assert ask(f"{sums} FROM rollup_hour") == [
        {"n": 50_000, "prompt": expected["prompt"], "answer": expected["completion"]}
    ]


def test_batches_are_bounded_and_of_one_table(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    keeping = Keeping()
    with source.opened(make(old)) as file:
        importing.run(file, keeping)
    assert max(map(len, keeping.batches)) == 7
    assert all(len({item.table for item in batch}) == 1 for batch in keeping.batches)
    assert keeping.batches[0][0].table == "sessions"


def test_large_texts_make_small_batches(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_CHARS", 1_500)
    keeping = Keeping()
    with source.opened(make(old)) as file:
        importing.run(file, keeping)
    assert [len(batch) for batch in keeping.batches if batch[0].table == "masked_content"] == [2, 1]
    assert BATCH > 2


def test_each_row_has_a_key_of_its_own(old: Path) -> None:
    keeping = Keeping()
    with source.opened(make(old, "unknown", requests=300)) as file:
        importing.run(file, keeping)
    keys = [item.key for batch in keeping.batches for item in batch]
    assert len(set(keys)) == len(keys) == sum(legacy_files.counts(old).values())


def test_planning_leaves_out_what_is_there(old: Path) -> None:
    with source.opened(make(old)) as file:
        first = importing.run(file, Planning(lambda keys: set(keys[1:])))
    assert all(table.new == 1 for table in first.tables.values())


def test_rows_that_are_not_read_are_an_error(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(old)
    with source.opened(old) as file:
        monkeypatch.setattr(Source, "count", lambda _file, table: 41 if table == "metrics" else 4)
        with pytest.raises(UserError, match="40 rows of metrics were read; it has 41"):
            importing.run(file, Keeping())
