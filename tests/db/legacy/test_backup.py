"""The copy of a predecessor's file."""

import sqlite3
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.legacy import backup
from tests.db.legacy_files import counts, make

DAY = date(2026, 11, 22)


def test_the_copy_has_every_row_and_a_name_of_its_own(path: Path) -> None:
    make(path)
    first = backup.make(path, DAY)
    assert first.name == "sessions.db.legacy-2026-11-22"
    first.write_bytes(b"somebody else's")
    second = backup.make(path, DAY)
    assert second.name == "sessions.db.legacy-2026-11-22-2"
    assert first.read_bytes() == b"somebody else's"
    assert counts(second) == counts(path)
    assert [file.name for file in islice(backup.names(path, DAY), 3)] == [
        first.name,
        second.name,
        "sessions.db.legacy-2026-11-22-3",
    ]


def test_a_file_that_is_not_sound_is_not_copied(path: Path) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE sound (x INTEGER)")
        file.execute("INSERT INTO sound VALUES ('not a number')")
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE sound (x INTEGER NOT NULL)' WHERE name = 'sound'")
        file.execute("INSERT INTO sound VALUES (NULL)")
        file.commit()
    with pytest.raises(UserError, match=r"is damaged .* left as it is"):
        backup.make(path, DAY)
    assert [file.name for file in path.parent.glob("sessions.db*")] == ["sessions.db"]


def test_where_nothing_can_be_written_nothing_is_left(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        backup.make(path, DAY)
    assert list(path.parent.glob("sessions.db*")) == []
