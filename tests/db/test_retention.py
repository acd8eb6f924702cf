"""What is removed when, and what stays for ever."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from addons.domain.alerts.alert import Alert
from addons.domain.events import Event, Level
from addons.domain.settings.retention import Retention
from db import retention, schema
from db.engine import writer
from db.housekeeping import EVERY_MS, EXPIRE_MS, Housekeeping
from db.retention import DAY_MS
from db.tables import commands, sessions, summaries
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState, make_decision, make_original

OLD_MS = NOW_MS - 10 * DAY_MS
WEEK = {"originals_days": 7, "previews_days": 7, "log_events_days": 7, "events_days": 7, "alerts_days": 7}
SUMMARY = {
    "keys": b"", "text": "what was said", "request": "and asked", "writer": "heuristic", "trigger": "cold",
    "kept_exchanges": 5, "messages": 3, "tokens_before": 900, "tokens_after": 90, "prompt_tokens_before": 1000,
    "active": True, "rev": 1,
}  # fmt: skip


def expire(engine: Engine, **days: int | None) -> int:
    with engine.begin() as tx:
        return retention.expire(tx, Retention(**({"commands_days": 7} | days)), NOW_MS)


@pytest.fixture
def filled(engine: Engine, make_state: MakeState, make_completion: MakeCompletion) -> Engine:
    """An old session, a pinned old one and one of today, each with texts; they share one original."""
    with engine.begin() as tx:
        for name, seen_ms in (("s-old", OLD_MS), ("s-pin", OLD_MS), ("s-new", NOW_MS)):
            write(
                tx,
                [
                    make_state(id=name, last_seen_ms=seen_ms, created_at_ms=OLD_MS),
                    make_completion(session_id=name, started_at_ms=seen_ms),
                    make_original(f"only {name}", session_id=name),
                    make_original("shared", session_id=name),
                    make_decision(session_id=name),
                    Event(at_ms=seen_ms, kind="ide_log", session_id=name),
                    Event(at_ms=seen_ms, kind="failure", session_id=name),
                    Event(at_ms=seen_ms, kind="epoch", session_id=name),
                    Alert(key=f"context:{name}", at_ms=seen_ms, level=Level.INFO, message="x", session_id=name),
                ],
                "p-1",
            )
            tx.execute(insert(summaries).values(session_id=name, created_at_ms=seen_ms, **SUMMARY))
            tx.execute(
                insert(commands).values(kind="preview", payload='{"a": 1}', created_at_ms=seen_ms, done_at_ms=seen_ms,
                                        result='{"ok": "text"}')
            )  # fmt: skip
        tx.execute(update(sessions).where(sessions.c.id == "s-pin").values(pinned=True))
        tx.execute(update(sessions).where(sessions.c.id.in_(("s-old", "s-pin"))).values(last_seen_ms=OLD_MS))
    return engine


def test_texts_of_stale_sessions_go_and_their_counts_stay(filled: Engine, ask: Ask) -> None:
    while expire(filled, **WEEK):
        continue
    needing = ask("SELECT DISTINCT session_id FROM session_originals ORDER BY 1")
    assert [row["session_id"] for row in needing] == ["s-new", "s-pin"]
    assert len(ask("SELECT 1 FROM originals")) == 3  # the shared one, and those of the two
    assert [row["session_id"] for row in ask("SELECT session_id FROM decisions ORDER BY 1")] == ["s-new", "s-pin"]
    emptied = ask("SELECT session_id, text, active, tokens_before FROM summaries WHERE text = ''")
    assert [(row["session_id"], bool(row["active"]), row["tokens_before"]) for row in emptied] == [
        ("s-old", False, 900)
    ]
    assert len(ask("SELECT 1 FROM completions")) == len(ask("SELECT 1 FROM sessions")) == 3


def test_events_go_but_what_savings_are_counted_by(filled: Engine, ask: Ask) -> None:
    while expire(filled, **WEEK):
        continue
    kinds = [row["kind"] for row in ask("SELECT kind FROM events ORDER BY kind")]
    assert kinds == ["epoch"] * 3 + ["failure", "ide_log"]
    assert [row["key"] for row in ask('SELECT "key" FROM alerts')] == ["context:s-new"]
    assert len(ask("SELECT 1 FROM commands")) == 1


def test_without_a_number_of_days_a_thing_stays(filled: Engine, ask: Ask) -> None:
    none = dict.fromkeys((*WEEK, "commands_days"), None)
    assert expire(filled, **none) == 0
    assert len(ask("SELECT 1 FROM originals")) == 4


def test_a_part_is_removed_at_a_time(filled: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 1)
    assert expire(filled, **WEEK) == 8  # one of each kind, and of the commands two things
    assert expire(filled, **WEEK) > 0
    while expire(filled, **WEEK):
        continue
    assert len(ask("SELECT 1 FROM decisions")) == 2


def test_housekeeping_goes_on_until_nothing_is_left_and_then_rests(
    filled: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 1)
    housekeeping = Housekeeping(filled.begin, retention=lambda: Retention(**WEEK))
    for minute in range(10):
        housekeeping.keep(NOW_MS + minute * EVERY_MS)
    assert len(ask("SELECT 1 FROM decisions")) == 2
    with filled.begin() as tx:
        write(tx, [Event(at_ms=OLD_MS, kind="ide_log")], "p-1")
    housekeeping.keep(NOW_MS + 11 * EVERY_MS)
    late = "SELECT 1 FROM events WHERE kind = 'ide_log'"
    assert len(ask(late)) == 2
    housekeeping.keep(NOW_MS + 11 * EVERY_MS + EXPIRE_MS)
    assert len(ask(late)) == 1


def test_the_file_becomes_smaller(tmp_path: Path, make_state: MakeState) -> None:
    path = tmp_path / "own.db"
    engine = writer(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.begin() as tx:
        write(tx, [make_state()], "p-1")
        write(tx, [Event(at_ms=OLD_MS, kind="ide_log", message="x" * 400) for _ in range(5_000)], "p-1")
    housekeeping = Housekeeping(engine.begin, retention=lambda: Retention(**WEEK))
    sizes = []
    for minute in range(8):
        housekeeping.keep(NOW_MS + minute * EVERY_MS)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        sizes.append(path.stat().st_size)
    engine.dispose()
    assert sizes[-1] < sizes[0] / 2
