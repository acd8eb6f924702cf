"""The migrations make what the models say."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from addons.domain.errors import UserError
from db import schema, version
from db.engine import reader, writer
from db.errors import StoreNotReady
from db.models import Base
from db.writing import write
from tests.db.stores import Ask, make_decision, make_original

ROOT = Path(__file__).resolve().parents[2]


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


def test_a_migration_that_fails_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = writer(url)
    monkeypatch.setattr(version, "HEAD", "no such migration")
    with pytest.raises(Exception, match="no such migration"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    engine.dispose()


def test_threads_that_start_together_make_one_schema(url: str) -> None:
    def start(_: int) -> None:
        engine = writer(url)
        schema.upgrade(engine)
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    reader(url).dispose()


def test_processes_that_start_together_make_one_schema(url: str) -> None:
    program = "import sys; from db.opened import Opened; Opened(sys.argv[1]).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    failures = [(process.communicate()[1], process.returncode) for process in running]
    assert failures == [("", 0)] * 3
    reader(url).dispose()


FIRST_ROWS = (
    "INSERT INTO sessions (id, name, renamed, project, source, provider, model, created_at_ms, last_seen_ms, pinned,"
    " message_keys, summary_keys, completions, turns, errors, prompt_tokens, cached_tokens, completion_tokens,"
    " saved_tokens, cost_usd, cost_unmodified_usd, unpriced, rev) VALUES ('s-1', 'A', 0, '', 'proxy', 'kimi-code', 'm',"
    " 1, 1, 0, x'', x'', 1, 1, 0, 7, 0, 0, 0, 0, 0, 1, 1)",
    "INSERT INTO completions (rev, session_id, project, started_at_ms, source, provider, model, routed_from, kind,"
    " stream, outcome, error_class, error_message, prompt_tokens, masked_count, masked_tokens_saved,"
    " compressed_tokens_saved, epoch, composition, trace_id, proxy_id) VALUES (2, 's-1', '', 1, 'proxy', 'kimi-code',"
    " 'm', '', 'chat', 1, 'ok', '', '', 7, 0, 0, 0, 0, '{}', '', 'p-1')",
)
"""As the first version wrote them: today's writers know columns that its tables have not."""


def test_a_store_of_the_first_version_keeps_its_rows(url: str, ask: Ask) -> None:
    engine = writer(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(version, "HEAD", "0001")
        schema.upgrade(engine)
    with engine.begin() as tx:
        for row in FIRST_ROWS:
            tx.exec_driver_sql(row)
    schema.upgrade(engine)
    with engine.begin() as tx:
        write(tx, [make_original("text"), make_decision()], "p-1")
    assert ask("SELECT version_num FROM alembic_version") == [{"version_num": version.HEAD}]
    assert ask("SELECT session_id, prompt_tokens FROM completions") == [{"session_id": "s-1", "prompt_tokens": 7}]
    assert ask("SELECT id, completions FROM sessions") == [{"id": "s-1", "completions": 1}]
    assert len(ask("SELECT tag FROM originals")) == 1
    engine.dispose()
