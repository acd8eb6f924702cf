"""A predecessor's file where the store is to be: taken over at start, and kept."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from addons.domain.errors import UserError
from addons.domain.places import ROOT
from db.engine import opened, reader
from db.legacy import backup, checking, in_place
from db.opened import Opened
from tests.db import legacy_files
from tests.db.legacy_files import SECRET, counts, make
from tests.db.stores import Ask, MakeCompletion, MakeRecorder

Sums = Callable[[], dict[str, Any]]
OPEN = "import sys; from db.opened import Opened; Opened(sys.argv[1]).close()"


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob(path.name + ".legacy-*"))


def rows_of(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as file:
        return {table: file.execute(f"SELECT * FROM {table}").fetchall() for table in counts(path)}


@pytest.mark.parametrize("schema", legacy_files.SCHEMAS)
def test_starting_the_recorder_takes_every_version_over(
    path: Path, schema: str, make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask, sums: Sums
) -> None:
    make(path, schema)
    before, old_sums = rows_of(path), legacy_files.sums(path)
    recorder = make_recorder()
    recorder.start()
    recorder.submit(make_completion(session_id=None))
    assert recorder.flush(60)
    recorder.close(60)
    (old,) = backups(path)
    assert rows_of(old) == before
    assert sums() == old_sums
    assert ask("SELECT count(*) AS n FROM sessions") == [{"n": len(before["sessions"])}]
    assert ask("SELECT count(*) AS n FROM completions WHERE source = 'proxy'") == [{"n": 1}]


def test_the_store_and_the_copy_are_for_their_owner_alone(path: Path, url: str) -> None:
    make(path).chmod(0o644)
    Opened(url).close()
    for file in (path, *backups(path)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(file.name for file in path.parent.glob("sessions.db*")) == [path.name, backups(path)[0].name]


def test_a_copy_that_is_there_is_not_overwritten(path: Path, url: str) -> None:
    for _ in range(2):
        make(path)
        Opened(url).close()
        path.unlink()
    first, second = backups(path)
    assert second.name == f"{first.name}-2"
    assert rows_of(first) == rows_of(second)


def test_no_key_is_in_the_new_file_and_the_person_is_told_about_the_old_one(
    path: Path, url: str, stored_bytes: Callable[[], bytes], caplog: pytest.LogCaptureFixture, ask: Ask
) -> None:
    make(path)
    Opened(url).close()
    (old,) = backups(path)
    assert SECRET.encode() in old.read_bytes()
    assert SECRET.encode() not in path.read_bytes()
    assert f"The old file is kept as {old}; it still holds the API keys of 3 providers: delete it" in caplog.text
    assert ask("SELECT level FROM events WHERE kind = 'legacy_import'") == [{"level": "warning"}]


def test_a_file_in_wal_mode_with_waiting_rows_is_taken_over_whole(path: Path, url: str, sums: Sums) -> None:
    make(path)
    program = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL');"
        "c.execute('INSERT INTO metrics (session_id, estimated_tokens, percentage) VALUES (1, 5, 1)'); c.commit();"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)])
    assert path.with_name("sessions.db-wal").stat().st_size > 0
    Opened(url).close()
    assert sums()["requests"] == 41
    assert counts(backups(path)[0])["metrics"] == 41


def test_a_name_that_is_a_link_stays_one(path: Path, url: str, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = make(tmp_path / "real" / "data.db")
    path.symlink_to(real)
    Opened(url).close()
    assert path.is_symlink() and backups(path) == []
    assert len(backups(real)) == 1
    with opened(reader, url):
        pass


def test_what_a_killed_process_left_is_cleared_away(path: Path, url: str) -> None:
    make(path)
    for suffix in (".migrating", ".migrating-wal", ".migrating-shm", ".backing-up"):
        path.with_name(path.name + suffix).write_bytes(b"half")
    Opened(url).close()
    assert len(list(path.parent.glob("sessions.db*"))) == 2


def test_an_import_that_does_not_add_up_leaves_the_old_file(
    path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make(path).read_bytes()
    monkeypatch.setattr(checking.Check, "_stored", lambda check: {**check._expected(), "prompt tokens": 1})
    with pytest.raises(UserError, match="does not add up in the rows: prompt tokens 1 instead of 0"):
        Opened(url)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("sessions.db*")] == ["sessions.db"]


def test_a_damaged_file_is_left_as_it_is(path: Path, url: str) -> None:
    make(path, requests=500)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xaa" * 4096
    path.write_bytes(content)
    with pytest.raises(UserError):
        Opened(url)
    assert path.read_bytes() == bytes(content)
    assert backups(path) == []


def test_a_file_that_another_program_is_writing_is_left_to_it(
    path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    monkeypatch.setattr(in_place, "BUSY_S", 0.05)
    with closing(sqlite3.connect(path)) as running:
        running.execute("UPDATE metrics SET source = 'x'")
        with pytest.raises(UserError, match=r"database is locked\. It has been left as it is; stop the predecessor"):
            Opened(url)
        running.rollback()
    Opened(url).close()


def test_processes_that_start_together_take_it_over_once(path: Path, url: str, sums: Sums) -> None:
    make(path, requests=500)
    expected = legacy_files.sums(path)
    running = [
        subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    endings = [(process.communicate()[1], process.returncode) for process in running]
    assert [status for _, status in endings] == [0, 0], endings
    assert len(backups(path)) == 1
    assert sums() == expected


@contextmanager
def taking_over(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """In another process; killed at the end."""
    process = subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "as the store is made": lambda path: path.with_name(path.name + ".migrating").exists(),
    "as its tables are made": lambda path: size(path, ".migrating-wal") > 100_000,
    "as rows are written": lambda path: size(path, ".migrating") > 1_000_000,
    "later": lambda path: size(path, ".migrating") > 4_000_000,
    "as the copy is made": lambda path: path.with_name(path.name + ".backing-up").exists(),
    "when the copy is there": lambda path: bool(backups(path)),
}


def size(path: Path, suffix: str) -> int:
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_whoever_is_killed_leaves_the_old_file_or_the_new_one(
    path: Path, url: str, moment: Callable[[Path], bool], sums: Sums
) -> None:
    make(path, requests=12_000)
    before = rows_of(path)
    expected = legacy_files.sums(path)
    give_up_at_s = time.monotonic() + 60
    with taking_over(url) as process:
        while not moment(path) and process.poll() is None and time.monotonic() < give_up_at_s:
            os.sched_yield()
    if "alembic_version" in counts(path):
        assert sums() == expected
    else:
        assert rows_of(path) == before
    Opened(url).close()
    assert sums() == expected
    assert all(rows_of(old) == before for old in backups(path))
    unfinished = (in_place.UNFINISHED, backup.UNFINISHED)
    assert not [file.name for file in path.parent.iterdir() if any(ending in file.name for ending in unfinished)]
