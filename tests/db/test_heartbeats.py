"""Signs of life."""

from dataclasses import fields, replace

from sqlalchemy import Engine

from db import heartbeats
from db.heartbeats import Heartbeat
from db.tables import heartbeat
from tests.db.stores import NOW_MS, Ask

BEAT = Heartbeat(
    proxy_id="p-1",
    started_at_ms=NOW_MS,
    seen_at_ms=NOW_MS,
    stopped_at_ms=None,
    listen="127.0.0.1:8080",
    version="1",
    queued=0,
    dropped=0,
    settings_error="",
)


def test_every_column_has_its_field() -> None:
    assert {field.name for field in fields(Heartbeat)} == set(heartbeat.columns.keys())


def test_a_proxy_has_one_row_that_is_kept_current(engine: Engine, ask: Ask) -> None:
    other = replace(BEAT, proxy_id="p-2")
    with engine.begin() as tx:
        for beat in (BEAT, other, replace(BEAT, seen_at_ms=NOW_MS + 1000, stopped_at_ms=NOW_MS + 1000)):
            heartbeats.write(tx, beat)
    assert ask("SELECT proxy_id, seen_at_ms - started_at_ms AS age_ms, stopped_at_ms FROM heartbeat ORDER BY 1") == [
        {"proxy_id": "p-1", "age_ms": 1000, "stopped_at_ms": NOW_MS + 1000},
        {"proxy_id": "p-2", "age_ms": 0, "stopped_at_ms": None},
    ]
