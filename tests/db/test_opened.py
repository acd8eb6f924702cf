"""The store as a thread has it open."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.opened import Opened


def test_the_same_engine_serves_while_the_file_is_there(url: str) -> None:
    opened = Opened(url)
    assert opened.engine() is opened.engine()
    opened.close()


def test_transactions_share_a_connection_until_one_fails(url: str) -> None:
    opened = Opened(url)
    with opened.begin() as tx:
        first = tx
    with opened.begin() as tx:
        assert tx is first
    with pytest.raises(RuntimeError, match="x"), opened.begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('x', 1)")
        raise RuntimeError("x")
    assert first.closed
    with opened.begin() as tx:
        assert tx.exec_driver_sql("SELECT * FROM counters").all() == []
    opened.close()
    assert tx.closed


def test_a_deleted_file_is_made_again_with_its_tables(url: str, path: Path) -> None:
    opened = Opened(url)
    path.unlink()
    with opened.engine().begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('x', 1)")
    opened.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM counters").fetchall() == [("x", 1)]


def test_a_foreign_file_put_in_its_place_is_refused(url: str, path: Path) -> None:
    opened = Opened(url)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(UserError, match="another program"):
        opened.engine()
    opened.close()
