"""Rows for files."""

from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from addons.domain.completion import Outcome
from addons.domain.kinds import Kind
from addons.domain.selection import Selection
from db import heartbeats
from db.heartbeats import Heartbeat
from db.hiding import delete_session
from db.queries import export
from db.queries.export import EXPORT_COLUMNS, rows
from db.writing import write
from tests.db.stores import NOW_MS, MakeCompletion, MakeState


def store(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        write(tx, records, "p-1")


def test_a_row_has_the_columns_in_their_order(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    store(engine, make_state(), make_completion(prompt_tokens=5, epoch=True))
    (row,) = rows(engine)
    assert tuple(row) == EXPORT_COLUMNS
    expected = {
        "id": 1,
        "session_id": "s-1",
        "session_name": "Fix the parser",
        "started_at": "2026-09-21T14:13:20.000Z",
        "kind": "chat",
        "stream": True,
        "epoch": True,
        "prompt_tokens": 5,
        "cached_tokens": None,
        "cost_usd": None,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["stream"] is True


def test_a_row_outside_a_session_has_no_name(engine: Engine, make_completion: MakeCompletion) -> None:
    store(engine, make_completion(session_id=None, kind=Kind.AUTOCOMPLETE))
    assert [(row["session_id"], row["session_name"]) for row in rows(engine)] == [(None, None)]


def test_an_empty_store_has_no_rows(engine: Engine) -> None:
    assert list(rows(engine)) == []


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2, 3, 4]),
        ({"session": "s-2"}, [2]),
        ({"session": "nowhere"}, []),
        ({"since": NOW_MS + 2000}, [3, 4]),
        ({"until": NOW_MS + 2000}, [1, 2]),
        ({"since": NOW_MS + 1000, "until": NOW_MS + 2000}, [2]),
        ({"session": "s-1", "since": NOW_MS + 1000}, [3]),
        ({"kind": "title"}, [3]),
        ({"outcome": "error"}, [4]),
        ({"provider": "other"}, [4]),
        ({"model": "kimi-for-coding", "kind": "chat"}, [1, 2, 4]),
        ({"proxy": "ana-00000001"}, [3]),
        ({"user": "ana"}, [3]),
        ({"user": "an"}, []),
    ],
    ids=str,
)
def test_filters(engine: Engine, make_completion: MakeCompletion, wanted: dict[str, Any], ids: list[int]) -> None:
    store(
        engine,
        make_completion(),
        make_completion(session_id="s-2", started_at_ms=NOW_MS + 1000),
        make_completion(kind=Kind.TITLE, started_at_ms=NOW_MS + 2000, proxy_id="ana-00000001"),
        make_completion(session_id=None, provider="other", outcome=Outcome.ERROR, started_at_ms=NOW_MS + 3000),
    )
    with engine.begin() as tx:
        beat = Heartbeat(proxy_id="ana-00000001", started_at_ms=NOW_MS, seen_at_ms=NOW_MS, stopped_at_ms=None,
                         listen="", version="", queued=0, dropped=0, settings_error="")  # fmt: skip
        heartbeats.write(tx, beat)
    assert [row["id"] for row in rows(engine, Selection(**wanted))] == ids


def test_deleted_sessions_are_left_out(engine: Engine, make_completion: MakeCompletion) -> None:
    store(engine, make_completion(), make_completion(session_id="s-2"))
    delete_session(engine, "s-1", NOW_MS)
    assert [row["session_id"] for row in rows(engine)] == ["s-2"]


def test_rows_come_in_short_reads_and_gaps_do_no_harm(
    engine: Engine, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "RANGE", 3)
    store(engine, *(make_completion() for _ in range(10)))
    with engine.begin() as tx:
        tx.execute(text("DELETE FROM completions WHERE id BETWEEN 3 AND 8"))
    found = []
    for row in rows(engine):
        found.append(row["id"])
        with engine.begin() as tx:  # a read that were still open would keep this waiting
            tx.execute(text("INSERT INTO counters VALUES (:id, 1)"), {"id": str(row["id"])})
    assert found == [1, 2, 9, 10]


def test_what_is_recorded_meanwhile_does_not_make_it_endless(engine: Engine, make_completion: MakeCompletion) -> None:
    store(engine, make_completion())
    found = rows(engine)
    first = next(found)
    store(engine, make_completion())
    assert (first["id"], list(found)) == (1, [])


@pytest.mark.sqlite
def test_a_filter_makes_no_range_read_the_whole_table(engine: Engine, make_completion: MakeCompletion) -> None:
    statements: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        statements.append((sql, parameters))

    store(engine, make_completion())
    statements.clear()
    list(rows(engine, Selection(kind="chat", since=NOW_MS)))
    sql, parameters = next(each for each in statements if "JOIN sessions" in each[0])
    with engine.connect() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, parameters).all()
    assert "SEARCH completions USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in {row[3] for row in plan}
