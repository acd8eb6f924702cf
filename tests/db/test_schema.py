"""The migrations make what the models say."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, insert, inspect, text

from addons.domain.errors import UserError
from db import schema, version
from db.engine import reader, writer
from db.errors import StoreNotReady
from db.models import Base
from db.writing import write
from tests.db.stores import Ask, make_decision, make_original

ROOT = Path(__file__).resolve().parents[2]
PIPES: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | {"text": True}


def set_version(engine: Engine, value: str) -> None:
    with engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :value"), {"value": value})


def test_the_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [version.HEAD]


def test_upgrading_again_changes_nothing(engine: Engine, url: str, path: Path) -> None:
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO counters VALUES ('rev', 7)"))
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM counters")).scalars().all() == [7]


def test_a_newer_store_is_refused_by_writers_and_readers(engine: Engine, url: str) -> None:
    set_version(engine, "9999")
    with pytest.raises(UserError, match="has schema 9999; this checkout knows them up to"):
        schema.upgrade(engine)
    with pytest.raises(UserError, match="has schema 9999"):
        reader(url)


def test_an_older_store_is_not_ready_for_readers(engine: Engine, url: str) -> None:
    set_version(engine, "0000")
    with pytest.raises(StoreNotReady, match="has schema 0000 and needs"):
        reader(url)


@pytest.mark.bare
def test_a_migration_that_fails_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = writer(url)
    monkeypatch.setattr(version, "HEAD", "no such migration")
    with pytest.raises(Exception, match="no such migration"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


@pytest.mark.bare
def test_threads_that_start_together_make_one_schema(url: str) -> None:
    def start(_: int) -> None:
        engine = writer(url)
        schema.upgrade(engine)
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    reader(url).dispose()


SAME = {"project": "", "source": "proxy", "provider": "kimi-code", "model": "m", "prompt_tokens": 7}
SUMS = ("errors", "cached_tokens", "completion_tokens", "saved_tokens", "cost_usd", "cost_unmodified_usd")
FIRST_ROWS: Mapping[str, Mapping[str, object]] = {
    "sessions": SAME
    | dict.fromkeys(SUMS, 0)
    | {"id": "s-1", "name": "A", "renamed": False, "pinned": False, "created_at_ms": 1, "last_seen_ms": 1, "rev": 1}
    | {"message_keys": b"", "summary_keys": b"", "completions": 1, "turns": 1, "unpriced": 1},
    "completions": SAME
    | {"rev": 2, "session_id": "s-1", "started_at_ms": 1, "kind": "chat", "stream": True, "outcome": "ok"}
    | {"masked_count": 0, "masked_tokens_saved": 0, "compressed_tokens_saved": 0, "epoch": False, "composition": "{}"}
    | dict.fromkeys(("routed_from", "error_class", "error_message", "trace_id"), "")
    | {"proxy_id": "p-1"},
}
"""As the first version wrote them: today's writers know columns that its tables have not."""


def first_version(url: str) -> None:
    """A store of the first version, with a session and its request."""
    engine = writer(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(version, "HEAD", "0001")
        schema.upgrade(engine)
    with engine.begin() as tx:
        for name, row in FIRST_ROWS.items():
            tx.execute(insert(Table(name, MetaData(), autoload_with=tx)), row)
    engine.dispose()


@pytest.mark.bare
def test_a_store_of_the_first_version_keeps_its_rows(url: str, ask: Ask) -> None:
    first_version(url)
    engine = writer(url)
    schema.upgrade(engine)
    with engine.begin() as tx:
        write(tx, [make_original("text"), make_decision()], "p-1")
    assert ask("SELECT version_num FROM alembic_version") == [{"version_num": version.HEAD}]
    assert ask("SELECT session_id, prompt_tokens FROM completions") == [{"session_id": "s-1", "prompt_tokens": 7}]
    assert ask("SELECT id, completions FROM sessions") == [{"id": "s-1", "completions": 1}]
    assert len(ask("SELECT tag FROM originals")) == 1
    engine.dispose()


@pytest.mark.parametrize("made", [lambda _: None, first_version], ids=["empty", "first version"])
@pytest.mark.bare
def test_processes_that_start_together_make_one_schema(url: str, made: Callable[[str], None]) -> None:
    """Each says when it is ready, and then all of them begin at once."""
    made(url)
    program = (
        "import sys; from alembic import command; from db.opened import Opened;"
        " print('ready', flush=True); sys.stdin.readline(); Opened(sys.argv[1]).close()"
    )
    command = [sys.executable, "-c", program, url]
    running = [subprocess.Popen(command, cwd=ROOT, **PIPES) for _ in range(3)]
    assert [process.stdout.readline() for process in running if process.stdout] == ["ready\n"] * 3
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    failures = [(process.communicate()[1], process.returncode) for process in running]
    assert failures == [("", 0)] * 3
    reader(url).dispose()
