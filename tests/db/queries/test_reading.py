import os
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import reader
from db.queries import proxies
from db.queries.reading import StoreUnavailable, reading
from tests import filled


def url() -> str:
    return os.environ["KIMI_DATABASE_URL"]


def test_a_store_that_is_not_there_is_missing() -> None:
    with pytest.raises(StoreUnavailable) as problem, reading(lambda: reader(url())):
        pass
    assert problem.value.missing


def test_a_file_that_is_something_else_is_not_missing() -> None:
    Path(url().removeprefix("sqlite:///")).write_bytes(b"not a database " * 100)
    with pytest.raises(StoreUnavailable) as problem, reading(lambda: reader(url())):
        pass
    assert not problem.value.missing


def test_an_error_while_asking_says_what_the_database_said() -> None:
    filled.empty(url(), 0).engine.dispose()
    engine = reader(url())
    with pytest.raises(StoreUnavailable, match="no such column"), reading(lambda: engine) as tx:
        tx.execute(text("SELECT unheard_of FROM sessions"))
    engine.dispose()


def test_the_proxy_heard_last_comes_first() -> None:
    filler = filled.empty(url(), 0)
    filler.heartbeat(1_000)
    filler.heartbeat(2_000, stopped_ms=2_000, proxy_id="p-2")
    filler.engine.dispose()
    engine = reader(url())
    with reading(lambda: engine) as tx:
        assert [(sign.proxy_id, sign.stopped_at_ms) for sign in proxies.signs(tx)] == [("p-2", 2_000), ("p-1", None)]
    engine.dispose()
