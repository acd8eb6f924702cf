"""The recorder: what was submitted is on disk soon, whatever happens, and nobody waits for it."""

import logging
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from addons.domain.errors import UserError
from addons.domain.events import Event
from addons.domain.places import ROOT
from db import settling
from db.hiding import UNDO_MS, delete_session
from db.opened import Opened
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeRecorder, MakeState, until

COUNT = "SELECT count(*) AS n FROM completions"

PROGRAM = """
import os, sys, time
from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from db.clock import now_ms
from db.recorder import Recorder

def submit(number):
    for at in range(number):
        recorder.submit(Completion(session_id=f"s-{at % 7}", started_at_ms=at, provider="p", model="m", kind=Kind.CHAT,
                                   stream=True, outcome=Outcome.OK, prompt_tokens=1))

recorder = Recorder(sys.argv[1], proxy_id="p-1", clock_ms=now_ms)
recorder.start()
submit(200)
"""


def test_a_record_is_on_disk_with_its_session_and_sums(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, make_state: MakeState, ask: Ask
) -> None:
    recorder = make_recorder()
    recorder.start()
    records = [make_completion(prompt_tokens=100), make_state(), Event(at_ms=NOW_MS, kind="failure")]
    assert [recorder.submit(record) for record in records] == [True] * 3
    assert recorder.flush(60)
    assert ask("SELECT name, completions, prompt_tokens FROM sessions") == [
        {"name": "Fix the parser", "completions": 1, "prompt_tokens": 100}
    ]
    assert ask("SELECT proxy_id, session_id FROM completions") == [{"proxy_id": "p-1", "session_id": "s-1"}]
    assert ask("SELECT completions FROM rollup_hour") == [{"completions": 1}]
    assert ask("SELECT kind FROM events") == [{"kind": "failure"}]


def test_what_is_submitted_before_the_start_is_written_too(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    recorder = make_recorder()
    recorder.submit(make_completion())
    recorder.start()
    recorder.start()
    assert recorder.flush(60)
    assert ask(COUNT) == [{"n": 1}]


def test_without_a_flush_a_record_is_written_within_a_moment(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    recorder = make_recorder()
    recorder.start()
    recorder.submit(make_completion())
    until(lambda: ask(COUNT) == [{"n": 1}])


def test_closing_writes_what_waits_and_says_that_the_proxy_stopped(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    recorder = make_recorder(listen="127.0.0.1:8080", version="1")
    recorder.start()
    for _ in range(500):
        recorder.submit(make_completion())
    recorder.close(60)
    recorder.close(60)
    assert ask(COUNT) == [{"n": 500}]
    assert ask("SELECT * FROM heartbeat") == [
        {
            "proxy_id": "p-1",
            "started_at_ms": NOW_MS,
            "seen_at_ms": NOW_MS,
            "stopped_at_ms": NOW_MS,
            "listen": "127.0.0.1:8080",
            "version": "1",
            "queued": 0,
            "dropped": 0,
            "settings_error": "",
            "waiting": "[]",
        }
    ]
    assert recorder.submit(make_completion()) is False


def test_closing_a_recorder_that_never_started_does_nothing(make_recorder: MakeRecorder, path: Path) -> None:
    make_recorder().close(1)
    assert not path.exists()


def test_the_heartbeat_goes_on_without_records(make_recorder: MakeRecorder, ask: Ask) -> None:
    seconds = count()
    recorder = make_recorder(clock_ms=lambda: NOW_MS + 1000 * next(seconds))
    recorder.settings_error = "providers.toml: line 3"
    recorder.start()
    recorder.flush(60)
    (first,) = ask("SELECT * FROM heartbeat")
    recorder.flush(60)
    (second,) = ask("SELECT * FROM heartbeat")
    assert second["seen_at_ms"] > first["seen_at_ms"]
    assert (second["stopped_at_ms"], second["settings_error"]) == (None, "providers.toml: line 3")


def test_a_heartbeat_that_would_not_fit_is_cut_and_stops_nothing(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    recorder = make_recorder(listen="x" * 900, version="v\ud800")
    recorder.settings_error = "\ud800" * 5000
    recorder.submit(make_completion())
    recorder.start()
    recorder.close(60)
    assert ask(COUNT) == [{"n": 1}]
    assert ask("SELECT length(listen) AS listen, version, length(settings_error) AS error FROM heartbeat") == [
        {"listen": 200, "version": "v?", "error": 2000}
    ]


def test_a_full_backlog_drops_counts_and_tells_once(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    recorder = make_recorder(capacity=10)
    taken = [recorder.submit(make_completion()) for _ in range(13)]
    recorder.start()
    for _ in range(4):
        recorder.flush(60)
    recorder.close(60)
    assert taken == [True] * 10 + [False] * 3
    assert ask("SELECT kind, level, data FROM events") == [
        {"kind": "dropped", "level": "warning", "data": '{"records": 3}'}
    ]
    assert ask("SELECT dropped FROM heartbeat") == [{"dropped": 3}]


@pytest.mark.parametrize(
    "bad",
    [{"started_at_ms": None}, {"prompt_tokens": 2**70}, {"session_id": object()}, {"composition": {"x": object()}}],
    ids=["missing", "too large", "not text", "not JSON"],
)
def test_a_record_that_cannot_be_stored_takes_no_other_with_it(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    ask: Ask,
    caplog: pytest.LogCaptureFixture,
    bad: dict[str, object],
) -> None:
    recorder = make_recorder()
    for at in range(9):
        recorder.submit(make_completion(trace_id=f"t-{at}", prompt_tokens=1))
    recorder.submit(make_completion(**bad))
    recorder.submit(make_completion(trace_id="t-9", prompt_tokens=1))
    recorder.start()
    recorder.close(60)
    assert [row["trace_id"] for row in ask("SELECT trace_id FROM completions ORDER BY id")] == [
        f"t-{at}" for at in range(10)
    ]
    assert ask("SELECT completions, prompt_tokens FROM sessions") == [{"completions": 10, "prompt_tokens": 10}]
    assert ask("SELECT dropped FROM heartbeat") == [{"dropped": 1}]
    assert [record.levelname for record in caplog.records if record.name == settling.__name__] == ["ERROR"]


def test_what_nobody_writes_is_left_out(make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask) -> None:
    recorder = make_recorder()
    recorder.start()
    assert recorder.submit("no record")
    recorder.submit(make_completion())
    recorder.close(60)
    assert ask(COUNT) == [{"n": 1}]


def test_a_locked_store_is_waited_for_and_nothing_is_lost(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    ask: Ask,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("db.engine.BUSY_S", 0.05)
    recorder = make_recorder()
    recorder.start()
    recorder.flush(60)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(50):
            assert recorder.submit(make_completion())
        assert recorder.flush(0.5) is False
        until(lambda: "trying again" in caplog.text)
        other.execute("ROLLBACK")
    assert recorder.flush(60)
    assert ask(COUNT) == [{"n": 50}]
    lines = [record.message for record in caplog.records if record.name == settling.__name__]
    assert lines == [
        "recorder: the store cannot be written, trying again: OperationalError: database is locked",
        "recorder: the store can be written again",
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("trouble", "cure", "message"),
    [
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0", "readonly database"),
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823", "database or disk is full"),
    ],
    ids=["read-only", "full"],
)
def test_a_store_that_takes_nothing_is_tried_until_it_does(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
    cure: str,
    message: str,
) -> None:
    """A file's mode does not bind root, who may run these tests, so the connection itself is made to refuse."""
    refusals = iter(())

    class Refusing(Opened):
        def connection(self) -> Connection:
            connection = super().connection()
            connection.connection.cursor().execute(next(refusals, cure))
            return connection

    monkeypatch.setattr("db.recorder.Opened", Refusing)
    recorder = make_recorder()
    recorder.start()
    recorder.flush(60)
    refusals = iter([trouble] * 3)
    for at in range(300):
        recorder.submit(make_completion(error_message=f"{at} " + "x" * 400))
    assert recorder.flush(60)
    assert next(refusals, None) is None
    assert ask(COUNT) == [{"n": 300}]
    assert message in caplog.text


def test_closing_gives_up_in_time_when_the_store_stays_locked(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("db.engine.BUSY_S", 0.05)
    recorder = make_recorder()
    recorder.start()
    recorder.flush(60)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(3):
            recorder.submit(make_completion())
        recorder.close(0.3)
    assert "3 records were not written" in caplog.text


def test_a_file_moved_away_is_made_anew(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask, path: Path
) -> None:
    recorder = make_recorder()
    recorder.start()
    recorder.submit(make_completion())
    recorder.flush(60)
    path.rename(path.with_name("elsewhere.db"))
    recorder.submit(make_completion(trace_id="later"))
    assert recorder.flush(60)
    assert ask("SELECT trace_id FROM completions") == [{"trace_id": "later"}]


def test_deleted_sessions_are_removed_when_they_are_due(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask, engine: Engine
) -> None:
    now_ms = NOW_MS
    recorder = make_recorder(clock_ms=lambda: now_ms)
    recorder.submit(make_completion())
    recorder.start()
    recorder.flush(60)
    delete_session(engine, "s-1", NOW_MS)
    now_ms += UNDO_MS
    until(lambda: not ask("SELECT 1 FROM sessions"))


def test_a_store_that_cannot_be_used_is_told_at_the_start(make_recorder: MakeRecorder, path: Path) -> None:
    path.mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        make_recorder().start()


def test_two_proxies_share_a_store(make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask) -> None:
    recorders = [make_recorder(proxy_id=f"p-{at}") for at in range(2)]
    for recorder in recorders:
        recorder.start()
    for at in range(400):
        recorders[at % 2].submit(make_completion(prompt_tokens=1))
    assert [recorder.flush(60) for recorder in recorders] == [True, True]
    assert ask("SELECT completions, prompt_tokens FROM sessions") == [{"completions": 400, "prompt_tokens": 400}]
    assert ask("SELECT count(DISTINCT rev) AS revs, count(DISTINCT proxy_id) AS proxies FROM completions") == [
        {"revs": 400, "proxies": 2}
    ]


def test_what_was_flushed_survives_a_kill(url: str, ask: Ask) -> None:
    program = PROGRAM + "recorder.flush(120); print('flushed', flush=True); submit(50); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "flushed\n"
        process.send_signal(signal.SIGKILL)
    (found,) = ask("SELECT count(*) AS n, (SELECT sum(completions) FROM sessions) AS counted FROM completions")
    assert found["n"] >= 200
    assert found["counted"] == found["n"]
    if url.startswith("sqlite"):
        assert ask("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_what_was_closed_survives_an_exit_without_goodbye(url: str, ask: Ask) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM + "recorder.close(120); os._exit(0)", url], cwd=ROOT, check=True)
    assert ask(COUNT) == [{"n": 200}]


def test_log_lines_name_no_recorded_value(
    make_recorder: MakeRecorder, make_completion: MakeCompletion, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        recorder = make_recorder()
        recorder.submit(make_completion(started_at_ms=None, model="sk-secret"))
        recorder.start()
        recorder.close(60)
    assert "a record was left out" in caplog.text
    assert "sk-secret" not in caplog.text
