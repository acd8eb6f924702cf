"""What is not ours is left as it is."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db import foreign
from db.engine import reader, writer
from db.errors import StoreNotReady
from db.opened import Opened
from tests.db import legacy_files


def made_with(path: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path.read_bytes()


def test_a_foreign_database_is_refused_and_not_touched(path: Path, url: str) -> None:
    before = made_with(path, "CREATE TABLE sessions (id)", "CREATE TABLE metrics (id)")
    for opened in (writer, reader, Opened):
        with pytest.raises(UserError, match=r"another program \(tables: metrics, sessions\)"):
            opened(url)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("sessions.db*")] == ["sessions.db"]


@pytest.mark.parametrize("schema", legacy_files.SCHEMAS)
def test_a_predecessors_file_is_told_from_others_in_every_version(path: Path, schema: str) -> None:
    legacy_files.make(path, schema)
    assert foreign.holds_predecessor(path)


def test_before_the_proxy_has_moved_it_over_a_predecessors_file_is_no_store(path: Path, url: str) -> None:
    before = legacy_files.make(path).read_bytes()
    for opened in (writer, reader):
        with pytest.raises(StoreNotReady, match="a predecessor of this proxy: start the proxy once"):
            opened(url)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"no database at all, but long enough to be taken for one" * 20])
def test_what_is_no_database_is_no_predecessors(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    assert not foreign.holds_predecessor(path)


def test_a_file_whose_writer_was_killed_is_read_all_the_same(path: Path) -> None:
    legacy_files.make(path)
    program = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA cache_size = 1');"
        "c.execute('BEGIN'); c.execute(\"UPDATE metrics SET content_preview = hex(randomblob(20000))\");"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)])
    assert path.with_name("sessions.db-journal").exists()
    assert foreign.holds_predecessor(path)


def test_an_empty_file_is_ours_to_fill(path: Path, url: str) -> None:
    path.touch()
    writer(url).dispose()
