"""A copy while somebody writes, and back again; nothing that is there is overwritten or lost."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db import backups, schema
from db.engine import writer
from db.version import HEAD
from db.writing import write
from tests.db.stores import NOW_MS, MakeCompletion, MakeState


@pytest.fixture
def store(tmp_path: Path, make_state: MakeState, make_completion: MakeCompletion) -> Iterator[Path]:
    """Open for writing, as a proxy has it."""
    path = tmp_path / "store.db"
    engine = writer(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.begin() as tx:
        write(tx, [make_state(), make_completion()], "p-1")
    yield path
    engine.dispose()


def heartbeat(path: Path, stopped_at_ms: int | None) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO heartbeat (proxy_id, started_at_ms, seen_at_ms, stopped_at_ms, listen, version, queued,"
            " dropped, settings_error) VALUES ('p-1', ?, ?, ?, '', '', 0, 0, '')",
            (NOW_MS, NOW_MS, stopped_at_ms),
        )
        connection.commit()


def test_a_copy_of_an_open_store_holds_all_and_is_the_owners_alone(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    contents = backups.make(store, target, {"providers.toml": b"x"})
    assert contents == backups.look(target) == backups.Contents(HEAD, 1, 1, ("providers.toml",))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def test_in_a_copy_no_proxy_seems_to_run(store: Path, tmp_path: Path) -> None:
    heartbeat(store, stopped_at_ms=None)
    backups.make(store, tmp_path / "copy.db", {})
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT stopped_at_ms FROM heartbeat").fetchall() == [(NOW_MS,)]


def test_a_file_that_is_there_is_not_overwritten(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        backups.make(store, target, {})
    assert target.read_text() == "mine" and not list(tmp_path.glob(f"*{backups.UNFINISHED}*"))


def test_what_was_there_is_put_aside_with_its_log(store: Path, tmp_path: Path, make_state: MakeState) -> None:
    backup, aside = tmp_path / "copy.db", tmp_path / "store.db.before"
    backups.make(store, backup, {"ca/key": b"secret key"})
    engine = writer(f"sqlite:///{store}")
    with engine.begin() as tx:
        write(tx, [make_state(id="s-later")], "p-1")
    files = backups.restore(backup, store, aside)
    engine.dispose()
    assert files == {"ca/key": b"secret key"} and b"secret key" not in store.read_bytes()
    assert backups.look(store).sessions == 1 and backups.look(aside).sessions == 2
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "There is no file"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_text("a letter, not a database at all" * 99), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:40_000]), "damaged|cannot be read|malformed"),
    ],
    ids=["missing", "empty", "another file", "cut off"],
)
def test_what_is_no_sound_backup_is_refused(store: Path, tmp_path: Path, spoil: object, said: str) -> None:
    backup = tmp_path / "copy.db"
    backups.make(store, backup, {})
    spoil(backup)  # type: ignore[operator]
    with pytest.raises(UserError, match=said):
        backups.look(backup)


def test_a_backup_of_a_later_version_is_refused(store: Path, tmp_path: Path) -> None:
    backup = tmp_path / "copy.db"
    backups.make(store, backup, {})
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(UserError, match="Update it first"):
        backups.look(backup)


@pytest.mark.parametrize(
    ("stopped_at_ms", "later_ms", "refused"),
    [(None, 1_000, True), (None, 60_000, False), (NOW_MS, 0, False)],
    ids=["running", "killed", "stopped"],
)
def test_a_running_proxy_is_noticed(store: Path, stopped_at_ms: int | None, later_ms: int, refused: bool) -> None:
    heartbeat(store, stopped_at_ms)
    if refused:
        with pytest.raises(UserError, match="Proxy p-1 is running"):
            backups.refuse_running(store, NOW_MS + later_ms)
    else:
        backups.refuse_running(store, NOW_MS + later_ms)


def test_only_sqlite_has_a_file() -> None:
    assert backups.sqlite_file("sqlite:////x/y.db") == Path("/x/y.db")
    assert backups.sqlite_file("postgresql+psycopg://me@host/kimi") is None
