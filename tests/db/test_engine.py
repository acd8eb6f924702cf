"""The three ways to open the store, and what each may do."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from db.engine import control, reader, writer
from db.errors import StoreNotReady
from db.schema import upgrade


def value(engine: Engine, sql: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(sql)).scalar()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 5000)],
    ids=["write-ahead log", "synchronous normal", "foreign keys", "busy timeout"],
)
def test_a_writer_is_set_up(engine: Engine, pragma: str, expected: object) -> None:
    assert value(engine, f"PRAGMA {pragma}") == expected


def test_all_files_are_for_their_owner_alone(url: str, path: Path) -> None:
    previous = os.umask(0)
    try:
        engine = writer(url)
        upgrade(engine)
    finally:
        os.umask(previous)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("sessions.db*")}
    engine.dispose()
    assert modes == {"sessions.db": 0o600, "sessions.db-wal": 0o600, "sessions.db-shm": 0o600}


def test_a_path_with_odd_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    odd = tmp_path / "a b#c é.db"
    engine = writer(f"sqlite:///{odd}")
    upgrade(engine)
    engine.dispose()
    reader(f"sqlite:///{odd}").dispose()
    assert [file.name for file in tmp_path.glob("*.db")] == [odd.name]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the folder .*/nowhere does not exist"):
        writer(f"sqlite:///{tmp_path}/nowhere/sessions.db")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        writer(f"sqlite:///{tmp_path}")


@pytest.mark.sqlite
def test_two_writers_take_turns(engine: Engine, url: str) -> None:
    second = writer(url)
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO counters VALUES ('x', 1)"))
        impatient = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)
        with closing(impatient), pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("BEGIN IMMEDIATE")
    with second.begin() as tx:
        tx.execute(text("UPDATE counters SET value = value + 1 WHERE name = 'x'"))
    second.dispose()
    assert value(engine, "SELECT value FROM counters WHERE name = 'x'") == 2


@pytest.mark.sqlite
@pytest.mark.parametrize("opened", [reader, control], ids=["reader", "control"])
class TestNotReady:
    def test_a_missing_file_is_not_made(self, opened: Callable[[str], Engine], url: str, path: Path) -> None:
        with pytest.raises(StoreNotReady, match=f"no database at {path}"):
            opened(url)
        assert not path.exists()

    def test_a_store_without_tables_is_not_ready(self, opened: Callable[[str], Engine], url: str) -> None:
        writer(url).dispose()
        with pytest.raises(StoreNotReady, match="has no tables yet"):
            opened(url)

    def test_a_file_of_another_kind_is_refused(self, opened: Callable[[str], Engine], url: str, path: Path) -> None:
        path.write_bytes(b"this is not a database at all" * 100)
        with pytest.raises(UserError, match="cannot be read as a SQLite database"):
            opened(url)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO counters VALUES ('x', 1)",
        "UPDATE settings SET value = 1",
        "DROP TABLE events",
        "CREATE TABLE t (x INTEGER)",
    ],
)
def test_a_reader_cannot_write(engine: Engine, url: str, sql: str) -> None:
    reading = reader(url)
    with pytest.raises(DBAPIError, match=r"readonly|in a read-only transaction"):
        value(reading, sql)
    reading.dispose()


def test_a_reader_sees_what_was_committed_since_its_last_statement(engine: Engine, url: str) -> None:
    reading = reader(url)
    with reading.connect() as connection:
        count = text("SELECT count(*) FROM counters")
        before = connection.execute(count).scalar()
        with engine.begin() as tx:
            tx.execute(text("INSERT INTO counters VALUES ('x', 1)"))
        assert (before, connection.execute(count).scalar()) == (0, 1)
    reading.dispose()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO counters VALUES ('x', 1)",
        "UPDATE sessions SET name = 'x'",
        "DELETE FROM completions",
        "DROP TABLE events",
        "CREATE TABLE t (x)",
        "ATTACH DATABASE '/tmp/other.db' AS other",
    ],
)
def test_control_reaches_no_other_table(engine: Engine, url: str, sql: str) -> None:
    controlling = control(url)
    with pytest.raises(DBAPIError, match="not authorized"), controlling.begin() as tx:
        tx.execute(text(sql))
    controlling.dispose()


def test_errors_do_not_repeat_what_was_to_be_stored(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, engine.begin() as tx:
        tx.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "sk-secret"})
    assert "sk-secret" not in str(caught.value)


def test_another_program_that_leaves_does_not_take_the_log_with_it(engine: Engine, url: str, path: Path) -> None:
    """Were the file opened and closed here by hand, our locks on it would be gone, and SQLite there would tidy up."""
    with engine.connect() as ours:
        ours.exec_driver_sql("SELECT count(*) FROM counters")
        writer(url).dispose()
        leaves = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM counters'); c.close()"
        subprocess.run([sys.executable, "-c", leaves, str(path)], check=True)
        assert path.with_name(path.name + "-wal").exists()
