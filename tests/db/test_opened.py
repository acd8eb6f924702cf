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


def test_a_log_left_behind_is_not_taken_for_the_next_databases(url: str, path: Path) -> None:
    """The file alone was deleted, while somebody else has it open: SQLite would mix the old log into the new file."""
    told: list[str] = []
    opened = Opened(url, told.append)
    with closing(sqlite3.connect(path)) as page:
        page.execute("SELECT count(*) FROM counters").fetchone()
        with opened.begin() as tx:
            tx.exec_driver_sql("INSERT INTO counters VALUES ('old', 1)")
        path.unlink()
        with opened.begin() as tx:
            assert tx.exec_driver_sql("SELECT * FROM counters").all() == []
            tx.exec_driver_sql("INSERT INTO counters VALUES ('new', 1)")
    opened.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM counters").fetchall() == [("new", 1)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ["deleted or moved" in message for message in told] == [True]


def test_a_moved_file_takes_what_is_in_its_log_along(url: str, path: Path) -> None:
    opened = Opened(url)
    with opened.begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('old', 1)")
    moved = path.rename(path.with_name("moved.db"))
    with opened.begin():
        pass
    opened.close()
    with closing(sqlite3.connect(moved)) as connection:
        assert connection.execute("SELECT * FROM counters").fetchall() == [("old", 1)]


def test_a_file_whose_head_is_destroyed_is_put_aside_and_begun_anew(url: str, path: Path) -> None:
    told: list[str] = []
    opened = Opened(url, told.append)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log would stand in for the lost page
    with path.open("r+b") as file:
        file.write(b"\x5a" * 4096)
    opened.look()
    with opened.begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('new', 1)")
    opened.close()
    assert [name for name in path.parent.iterdir() if ".damaged-" in name.name]
    assert ["damaged" in message for message in told] == [True]


def test_a_file_of_ours_that_was_damaged_meanwhile_is_put_aside_at_the_start(url: str, path: Path) -> None:
    Opened(url).close()
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x5a" * 4096)
    told: list[str] = []
    opened = Opened(url, told.append)
    with opened.begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('new', 1)")
    opened.close()
    assert ["damaged" in message for message in told] == [True]
