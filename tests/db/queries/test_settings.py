"""What the person has set, and what a proxy made of it."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, update

from db.engine import reader
from db.models import Setting
from db.outbox import put_setting
from db.queries.settings import rows


@pytest.fixture
def tx(engine: Engine) -> Iterator[Connection]:
    reading = reader(os.environ["KIMI_DATABASE_URL"])
    with reading.connect() as tx:
        yield tx
    reading.dispose()


def test_each_setting_has_its_latest_value_and_no_answer_yet(engine: Engine, tx: Connection) -> None:
    put_setting(engine, "masking.keep_recent", 3)
    put_setting(engine, "masking.policy", "off")
    put_setting(engine, "masking.keep_recent", None)
    found = rows(tx)
    assert [(row.key, row.value) for row in found] == [("masking.policy", "off"), ("masking.keep_recent", None)]
    assert all(row.applied_at_ms is None and row.error == "" for row in found)


def test_what_a_proxy_answered_is_there(engine: Engine, tx: Connection) -> None:
    put_setting(engine, "masking.policy", "off")
    with engine.begin() as writing:
        writing.execute(update(Setting).values(applied_at_ms=7, applied_by="p-1", error="no"))
    (row,) = rows(tx)
    assert (row.applied_at_ms, row.applied_by, row.error) == (7, "p-1", "no")
    put_setting(engine, "masking.policy", "always")
    (row,) = rows(tx)
    assert (row.applied_at_ms, row.applied_by, row.error) == (None, None, "")
