"""An import that does not add up is taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from addons.domain.errors import UserError
from db.legacy import storing
from db.legacy.takeover import Outcome
from db.records import hours, sessions, traffic
from tests.db.legacy_files import make
from tests.db.stores import Ask

TakeOver = Callable[[Path], Outcome]


def nothing(*_: object) -> None:
    """In the place of what writes."""


LOSSES = {
    "originals": ((storing, "_write_originals"), "the rows: originals 0 instead of 3"),
    "events": ((storing, "_write_events"), r"the rows: events 0 instead of \d"),
    "requests": ((traffic, "write"), "the rows: requests 0 instead of 40"),
    "counters": ((sessions, "write"), "the counters of sessions: requests 0 instead of 35"),
    "hours": ((hours, "write"), "the sums of hours: requests 0 instead of 40"),
}


@pytest.mark.parametrize(("where", "message"), LOSSES.values(), ids=LOSSES)
def test_whatever_is_lost_is_noticed(
    old: Path,
    take_over: TakeOver,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[object, str],
    message: str,
) -> None:
    make(old)
    monkeypatch.setattr(*where, nothing)
    with pytest.raises(UserError, match=f"does not add up in {message}"):
        take_over(old)
    monkeypatch.undo()
    take_over(old)
    assert ask("SELECT count(*) AS n, sum(completions) AS counted FROM sessions") == [{"n": 4, "counted": 35}]
    assert ask("SELECT count(*) AS n FROM completions") == [{"n": 40}]
    assert ask("SELECT count(*) AS n FROM originals") == [{"n": 3}]


def test_a_row_that_is_there_twice_is_noticed(
    old: Path, take_over: TakeOver, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = traffic.write

    def twice(tx: Connection, records: list[object], proxy_id: str) -> None:
        once(tx, [*records, records[0]], proxy_id)  # type: ignore[list-item]

    monkeypatch.setattr(traffic, "write", twice)
    with pytest.raises(UserError, match="requests 41 instead of 40"):
        take_over(make(old))
    assert ask("SELECT count(*) AS n FROM completions") == [{"n": 0}]
