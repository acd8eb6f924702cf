"""Files of a store that cannot be used any longer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from addons.domain.errors import UserError
from db import aside
from db.aside import SideFiles


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "sessions.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE counters (name TEXT PRIMARY KEY, value)")
        connection.executemany("INSERT INTO counters VALUES (?, 1)", [(f"name {n:0200}",) for n in range(200)])
        connection.commit()
    return path


def overwrite(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\x5a" * 4096)


def test_a_sound_file_is_not_damaged(database: Path) -> None:
    assert not aside.is_damaged(database)


@pytest.mark.parametrize(("page", "at_first_sight"), [(0, True), (5, False)], ids=["its head", "a page in its midst"])
def test_a_file_with_a_page_overwritten_is_damaged(database: Path, page: int, at_first_sight: bool) -> None:
    overwrite(database, page)
    assert aside.is_damaged(database)
    assert aside.is_damaged(database, thorough=False) is at_first_sight


def test_a_file_that_is_not_there_or_not_readable_is_not_called_damaged(tmp_path: Path) -> None:
    assert not aside.is_damaged(tmp_path / "none.db")
    assert not aside.is_damaged(tmp_path)


def test_it_is_moved_with_its_log_under_a_name_that_nobody_has(database: Path) -> None:
    for number in range(2):
        database.write_bytes(b"d")
        database.with_name("sessions.db-wal").write_bytes(b"w")
        moved = aside.set_aside(database, "20261122")
        assert moved.name == "sessions.db.damaged-20261122" + "-2" * number
        assert moved.with_name(moved.name + "-wal").read_bytes() == b"w"
        assert not database.exists()


def test_only_side_files_that_are_still_the_same_are_removed(database: Path) -> None:
    log, index = aside.side_files(database)
    log.write_bytes(b"ours")
    index.write_bytes(b"ours")
    known = SideFiles.of(database)
    another = database.with_name("another")
    another.write_bytes(b"another's")
    another.replace(log)
    known.remove()
    assert log.read_bytes() == b"another's"
    assert not index.exists()


def damage() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def raised_from(cause: Exception) -> UserError:
    error = UserError("The database cannot be set up.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (damage(), True),
        (DatabaseError("SELECT 1", {}, damage()), True),
        (raised_from(DatabaseError("SELECT 1", {}, damage())), True),
        (sqlite3.OperationalError("database is locked"), False),
        (raised_from(OSError("no")), False),
    ],
    ids=["SQLite's own", "within SQLAlchemy's", "under ours", "locked", "another"],
)
def test_what_says_that_the_file_is_damaged(error: Exception, expected: bool) -> None:
    assert aside.is_damage(error) is expected
