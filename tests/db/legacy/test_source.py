"""A predecessor's file, read without leaving a trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.legacy import source
from tests.db import legacy_files


@pytest.mark.parametrize("schema", legacy_files.SCHEMAS)
def test_every_version_is_read_whole_and_left_as_it_is(tmp_path: Path, schema: str) -> None:
    path = legacy_files.make(tmp_path / "old.db", schema)
    before = path.read_bytes()
    with source.opened(path) as file:
        read = {table: list(file.rows(table)) for table in file.tables()}
        assert {table: len(rows) for table, rows in read.items()} == legacy_files.counts(path)
        assert {table: file.count(table) for table in read} == legacy_files.counts(path)
        assert file.tables()[:2] == ["sessions", "metrics"]
        assert file.keys() == (0 if schema == "no providers" else 3)
        assert not any("api_key" in row for rows in read.values() for row in rows)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.glob("old.db*")] == ["old.db"]


def test_a_file_in_wal_mode_is_read_without_files_beside_it(tmp_path: Path) -> None:
    path = legacy_files.make(tmp_path / "old.db")
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
    with source.opened(path) as opened:
        assert opened.count("metrics") == 40
    assert [file.name for file in tmp_path.glob("old.db*")] == ["old.db"]


def test_what_waits_in_a_wal_file_is_read_too(tmp_path: Path) -> None:
    path = legacy_files.make(tmp_path / "old.db")
    with closing(sqlite3.connect(path)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("INSERT INTO metrics (session_id, estimated_tokens) VALUES (1, 5)")
        running.commit()
        with source.opened(path) as opened:
            assert opened.count("metrics") == 41


def test_text_that_is_not_utf8_is_read_with_marks(tmp_path: Path) -> None:
    path = legacy_files.make(tmp_path / "old.db", requests=1)
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE metrics SET content_preview = CAST(x'61ff62' AS TEXT)")
        file.commit()
    with source.opened(path) as opened:
        assert [row["content_preview"] for row in opened.rows("metrics")] == ["a\ufffdb"]


def made_with(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


def test_what_is_no_predecessors_file_is_told(tmp_path: Path) -> None:
    ours = tmp_path / "ours.db"
    made_with(ours, "CREATE TABLE alembic_version (x)", "CREATE TABLE sessions (x)", "CREATE TABLE metrics (x)")
    other = tmp_path / "other.db"
    made_with(other, "CREATE TABLE songs (x)")
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and long enough to see that at once" * 50)
    expected = {
        tmp_path / "none.db": "there is no such file",
        ours: r"not a predecessor's sessions.db \(this project's own store\)",
        other: r"not a predecessor's sessions.db \(tables: songs\)",
        text: "cannot be read as a SQLite database",
    }
    for path, message in expected.items():
        with pytest.raises(UserError, match=message), source.opened(path):
            pass


@pytest.mark.parametrize(
    ("column", "is_secret"),
    [
        ("api_key", True),
        ("apikey", True),
        ("openai_api_keys", True),
        ("client_secret", True),
        ("password", True),
        ("access_token", True),
        ("key", False),
        ("token_count", False),
        ("memory_tokens", False),
        ("embedding_id", False),
    ],
)
def test_columns_of_credentials_are_known_by_their_names(column: str, is_secret: bool) -> None:
    assert bool(source.SECRET.search(column)) is is_secret
