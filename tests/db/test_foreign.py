"""What is not ours is left as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db.engine import reader, writer


def made_with(path: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["CREATE TABLE providers (id)", "CREATE TABLE metrics (id)", "CREATE TABLE sessions (id)"], "a predecessor"),
        (["CREATE TABLE sessions (id)"], r"another program \(tables: sessions\)"),
    ],
    ids=["predecessor", "another program"],
)
def test_a_foreign_database_is_refused_and_not_touched(
    path: Path, url: str, statements: list[str], message: str
) -> None:
    before = made_with(path, *statements)
    for opened in (writer, reader):
        with pytest.raises(UserError, match=message):
            opened(url)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("sessions.db*")] == ["sessions.db"]


def test_an_empty_file_is_ours_to_fill(path: Path, url: str) -> None:
    path.touch()
    writer(url).dispose()
