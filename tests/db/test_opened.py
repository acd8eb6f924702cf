"""The store as a thread has it open."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.opened import Opened
from tests.db import legacy_files


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


def test_a_reader_that_closes_later_leaves_no_log_behind(url: str, path: Path) -> None:
    """SQLite empties the log with the last connection; one that may only read cannot."""
    opened = Opened(url)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
        reader.execute("SELECT * FROM counters").fetchall()
        with opened.begin() as tx:
            tx.exec_driver_sql("INSERT INTO counters VALUES ('x', 1)")
        opened.close()
    log = path.with_name(f"{path.name}-wal")
    assert not log.exists() or not log.stat().st_size


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


def overwritten(path: Path, start: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(random.Random(1).randbytes(size))


def without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    overwritten(path, (page - 1) * 4096, 4096)


def without_a_part_of_its_schema(path: Path) -> None:
    overwritten(path, path.read_bytes().index(b"CREATE TABLE heartbeat") & ~4095, 4096)


DAMAGES = {
    "a table": without_a_table,
    "its first hundred bytes": lambda path: overwritten(path, 0, 100),
    "its first page": lambda path: overwritten(path, 0, 4096),
    "its beginning": lambda path: overwritten(path, 0, 65_536),
    "its schema on the first page": lambda path: overwritten(path, 100, 3_996),
    "a part of its schema": without_a_part_of_its_schema,
    "its end": lambda path: os.truncate(path, path.stat().st_size - 4096 * 3),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_file_of_ours_that_was_damaged_meanwhile_is_put_aside_at_the_start(
    url: str, path: Path, damage: Callable[[Path], None]
) -> None:
    Opened(url).close()
    damage(path)
    size = path.stat().st_size
    told: list[str] = []
    opened = Opened(url, told.append)
    with opened.begin() as tx:
        tx.exec_driver_sql("INSERT INTO counters VALUES ('new', 1)")
    opened.close()
    (kept,) = (each for each in path.parent.glob("sessions.db.damaged-*") if not each.name.endswith(("-wal", "-shm")))
    assert kept.stat().st_size == size
    (message,) = told
    assert message.startswith(f"The database was damaged: it is {kept} now, and a new one was begun")
    assert "./just restore" in message


def test_a_damaged_file_is_put_aside_with_its_log(url: str, path: Path) -> None:
    Opened(url).close()
    overwritten(path, 0, 4096)
    path.with_name("sessions.db-wal").write_bytes(b"of the damaged one")
    Opened(url, lambda message: None).close()
    (kept,) = path.parent.glob("sessions.db.damaged-*-wal")
    assert kept.read_bytes() == b"of the damaged one"


def filled(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def of_another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE heartbeat (at)")
        connection.execute("CREATE TABLE other (x)")
    overwritten(path, 0, 64)


REFUSED = {
    "text": lambda path: filled(path, b"not a database at all " * 400),
    "zeros": lambda path: filled(path, bytes(20_000)),
    "another program's, damaged": of_another,
    "a predecessor's, damaged": lambda path: overwritten(legacy_files.make(path), 0, 64),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_shows_no_sign_of_being_ours_stays_where_it_is(url: str, path: Path, make: Callable[[Path], None]) -> None:
    path.touch()
    make(path)
    before = path.read_bytes()
    with pytest.raises(UserError, match="move it away"):
        Opened(url)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob("sessions.db*")] == ["sessions.db"]


def test_a_newer_store_is_not_put_aside(url: str, path: Path) -> None:
    Opened(url).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(UserError, match="has schema 9999"):
        Opened(url)
    assert [each.name for each in path.parent.glob("sessions.db.*")] == []


def test_a_locked_store_is_not_put_aside(url: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Opened(url).close()
    monkeypatch.setattr("db.engine.BUSY_S", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match="locked"):
            Opened(url)
    assert [each.name for each in path.parent.glob("sessions.db.*")] == []
