"""A predecessor's file from elsewhere: all of it, once."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from addons.domain.errors import UserError
from addons.domain.masking.placeholder import content_tag
from db import version
from db.engine import opened, reader, writer
from db.errors import StoreNotReady
from db.hiding import delete_session, purge_deleted
from db.legacy import takeover
from db.legacy.takeover import Outcome
from db.opened import Opened
from db.queries.originals import original
from db.schema import upgrade
from tests.db import legacy_files
from tests.db.legacy_files import SECRET, add, at, counts, make, masked_text
from tests.db.stores import Ask

TakeOver = Callable[[Path], Outcome]
Sums = Callable[[], dict[str, Any]]
LEGACY_TABLES = ("sessions", "completions", "originals", "events", "legacy_rows", "rollup_hour", "original_aliases")


def content(ask: Ask) -> dict[str, list[dict[str, Any]]]:
    return {table: ask(f"SELECT * FROM {table} ORDER BY 1") for table in LEGACY_TABLES}


@pytest.mark.parametrize("schema", legacy_files.SCHEMAS)
def test_counts_and_sums_are_equal_before_and_after(
    old: Path, schema: str, take_over: TakeOver, ask: Ask, sums: Sums
) -> None:
    make(old, schema)
    report = take_over(old).report
    before = counts(old)
    assert {name: table.rows for name, table in report.tables.items()} == before
    assert sums() == legacy_files.sums(old)
    assert ask("SELECT count(*) AS n FROM sessions") == [{"n": before["sessions"]}]
    assert ask("SELECT count(*) AS n FROM originals") == [{"n": before.get("masked_content", 0)}]
    events = sum(before.values()) - sum(before.get(name, 0) for name in ("sessions", "metrics", "masked_content"))
    assert ask("SELECT count(*) AS n FROM events WHERE kind != 'legacy_import'") == [{"n": events}]
    assert ask("SELECT table_name AS name, count(*) AS n FROM legacy_rows GROUP BY 1 ORDER BY 1") == [
        {"name": name, "n": number} for name, number in sorted(before.items()) if number
    ]


def test_counters_of_sessions_and_hours_are_the_sums_of_their_requests(
    old: Path, take_over: TakeOver, ask: Ask
) -> None:
    take_over(make(old, requests=200))
    names = "sum(completions) AS n, sum(prompt_tokens) AS prompt, sum(completion_tokens) AS completion"
    rows = "count(*) AS n, sum(coalesce(prompt_tokens, prompt_tokens_sent, 0)) AS prompt, sum(completion_tokens) AS"
    assert ask(f"SELECT {names} FROM sessions") == ask(
        f"SELECT {rows} completion FROM completions WHERE session_id IS NOT NULL"
    )
    assert ask(f"SELECT {names} FROM rollup_hour") == ask(f"SELECT {rows} completion FROM completions")
    assert ask("SELECT DISTINCT source FROM sessions") == [{"source": "legacy"}]


def test_sessions_keep_their_names_models_and_moments(old: Path, take_over: TakeOver, ask: Ask) -> None:
    take_over(make(old, sessions=5))
    found = ask("SELECT name, provider, model, created_at_ms FROM sessions ORDER BY name")
    assert [(row["name"], row["provider"], row["model"]) for row in found] == [
        ("Session 1", "kimi-code", "kimi-for-coding"),
        ("Session 2", "nvidia", "kimi-for-coding"),
        ("Session 3", "siliconflow-cn", "kimi-for-coding"),
        ("Session 4", "my-own", ""),
        ("Session 5", "", "kimi-for-coding"),
    ]
    start_ms = int(legacy_files.START.timestamp() * 1000)
    first_request_of_three_ms = start_ms + 2_000
    expected = [start_ms + 1_000, start_ms + 2_000, first_request_of_three_ms, start_ms + 4_000, start_ms + 5_000]
    assert [row["created_at_ms"] for row in found] == expected


def test_masked_contents_are_found_by_our_tag_and_by_the_old_hash(old: Path, url: str, take_over: TakeOver) -> None:
    take_over(make(old))
    scrubbed = masked_text(2).replace(f"api_key={SECRET}", "api_key=[key]")
    with opened(reader, url) as engine:
        for number, text in ((1, masked_text(1)), (2, scrubbed), (3, masked_text(3))):
            old_hash = f"{number}bad5eed0123456789abcdef01234567"
            for name in (content_tag(text), old_hash, old_hash[:8], old_hash.upper()[:12]):
                found = original(engine, name)
                assert found and found.text == text
        third = original(engine, content_tag(masked_text(3)))
        assert third and third.tokens > 100  # counted here: the file says 0
        assert third.path == ""


def test_a_hash_that_is_no_number_is_an_old_name_too(old: Path, url: str, take_over: TakeOver) -> None:
    make(old)
    add(old, "masked_content", {"content_hash": "hash-of-7", "original_content": "seven", "preview": "", "tags": ""})
    take_over(old)
    with opened(reader, url) as engine:
        found = original(engine, "hash-of-7")
        assert found and found.text == "seven"
        with pytest.raises(UserError, match="is not a digest"):
            original(engine, "hash-of-8")


def test_masked_contents_of_a_file_without_sessions_get_one(old: Path, url: str, take_over: TakeOver, ask: Ask) -> None:
    make(old, sessions=1, requests=0)
    with closing(sqlite3.connect(old)) as file:
        file.execute("DELETE FROM sessions")
        file.commit()
    take_over(old)
    assert ask("SELECT name, source FROM sessions") == [{"name": "Masked contents", "source": "legacy"}]
    with opened(reader, url) as engine:
        assert original(engine, content_tag(masked_text(1)))


def test_what_has_no_table_is_an_event_with_its_whole_row(old: Path, take_over: TakeOver, ask: Ask) -> None:
    take_over(make(old, "unknown"))
    found = {row["kind"]: row for row in ask("SELECT kind, message, data, session_id FROM events ORDER BY id DESC")}
    compaction = found["legacy_compaction"]
    assert compaction["message"] == "compressed 80,000 to 20,000 tokens (auto)"
    assert json.loads(compaction["data"]) == {
        "id": 1,
        "session_id": 1,
        "timestamp": at(1),
        "tokens_before": 80_000,
        "tokens_after": 20_000,
        "tokens_saved": 60_000,
        "preserved_messages": 6,
        "summarized_messages": 31,
        "compaction_ratio": 0.75,
        "trigger_reason": "auto",
    }
    assert compaction["session_id"] == ask("SELECT id FROM sessions WHERE name = 'Session 1'")[0]["id"]
    assert json.loads(found["legacy_memory_segment"]["data"])["content_preview"] == "memory of [key]"
    assert json.loads(found["legacy_provider"]["data"])["key"] in (
        "managed:kimi-code",
        "nvidia",
        "siliconflow",
        "my-own",
    )
    assert json.loads(found["legacy_routing_decisions"]["data"]) == {"session_id": 1, "reason": "too full"}
    assert ask("SELECT count(*) AS n FROM events WHERE kind = 'legacy_routing_decisions'") == [{"n": 2}]


def test_columns_without_a_place_here_are_kept_beside_their_row(old: Path, take_over: TakeOver, ask: Ask) -> None:
    take_over(make(old))
    row = json.loads(ask("SELECT data FROM legacy_rows WHERE table_name = 'metrics' AND old_id = '7'")[0]["data"])
    assert (row["content_preview"], row["chat_tokens"], row["source"]) == ("request 7: is [key] right?", 50, "proxy")
    session = json.loads(ask("SELECT data FROM legacy_rows WHERE table_name = 'sessions' AND old_id = '1'")[0]["data"])
    assert (session["external_session_id"], session["is_active"]) == ("ide-1", 1)


def test_no_key_reaches_the_store(old: Path, take_over: TakeOver, stored_bytes: Callable[[], bytes], ask: Ask) -> None:
    outcome = take_over(make(old, "unknown", requests=100))
    assert SECRET.encode() in old.read_bytes()
    assert SECRET.encode() not in stored_bytes()
    assert outcome.report.keys == 3
    (event,) = ask("SELECT level, message FROM events WHERE kind = 'legacy_import'")
    assert event["level"] == "warning" and "the old file holds 3 API keys: delete it" in event["message"]


def test_again_nothing_comes_twice(old: Path, tmp_path: Path, take_over: TakeOver, ask: Ask) -> None:
    make(old, "unknown")
    take_over(old)
    before = content(ask)
    for file in (old, Path(copy(old, tmp_path / "a copy of it.db"))):
        report = take_over(file).report
        assert report.new == 0
        assert {name: table.known for name, table in report.tables.items()} == counts(old)
    assert content(ask) == before


def test_what_has_come_since_is_added(old: Path, take_over: TakeOver, sums: Sums, ask: Ask) -> None:
    take_over(make(old))
    with closing(sqlite3.connect(old)) as file:
        file.execute("UPDATE sessions SET name = 'renamed meanwhile' WHERE id = 1")
        file.commit()
    add(old, "sessions", {"id": 50, "name": "Late", "provider": "groq", "created_at": at(900)})
    late = {"estimated_tokens": 700, "percentage": 1.0, "prompt_tokens": 600, "completion_tokens": 5, "is_estimated": 0}
    add(old, "metrics", *({"session_id": session, "timestamp": at(900), **late} for session in (1, 50)))
    report = take_over(old).report
    assert {name: table.new for name, table in report.tables.items() if table.new} == {"sessions": 1, "metrics": 2}
    assert sums() == legacy_files.sums(old)
    assert ask("SELECT completions, prompt_tokens FROM sessions WHERE name = 'Late'") == [
        {"completions": 1, "prompt_tokens": 600}
    ]


def test_two_files_that_count_alike_are_both_taken(old: Path, tmp_path: Path, take_over: TakeOver, ask: Ask) -> None:
    take_over(make(old))
    other = make(tmp_path / "other.db", seed=2)
    with closing(sqlite3.connect(other)) as file:
        file.execute("UPDATE sessions SET created_at = '2025-01-01 00:00:0' || id")
        file.commit()
    report = take_over(other).report
    assert report.tables["sessions"].new == 4
    known = {name: table.known for name, table in report.tables.items() if table.known}
    # Requests and events without a session, the same texts, and the providers: the same in both.
    assert known.keys() <= {"metrics", "masked_content", "providers"}
    assert ask("SELECT count(*) AS n FROM sessions") == [{"n": 8}]


def test_a_session_that_was_deleted_comes_again(old: Path, url: str, take_over: TakeOver, sums: Sums, ask: Ask) -> None:
    take_over(make(old))
    (gone,) = ask("SELECT id FROM sessions WHERE name = 'Session 1'")
    with opened(writer, url) as engine:
        delete_session(engine, gone["id"], 0)
        with engine.begin() as tx:
            assert purge_deleted(tx, 10**12) == 1
    assert take_over(old).report.tables["sessions"].new == 1
    assert sums() == legacy_files.sums(old)


def test_a_dry_run_says_what_the_import_then_does_and_touches_nothing(
    old: Path, url: str, path: Path, take_over: TakeOver
) -> None:
    make(old, "unknown")
    before = old.read_bytes()
    planned = takeover.plan(url, old, lambda _done, _all: None)
    assert not path.exists() and old.read_bytes() == before
    assert [file.name for file in old.parent.iterdir()] == [old.name]
    assert planned.report == take_over(old).report
    again = takeover.plan(url, old, lambda _done, _all: None)
    assert again.report == take_over(old).report
    assert again.report.new == 0


def test_a_dry_run_does_not_bring_an_old_store_up_to_date(
    old: Path, url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, opened(writer, url) as engine:
        patch.setattr(version, "HEAD", "0003")
        upgrade(engine)
    before = path.read_bytes()
    planned = takeover.plan(url, make(old), lambda _done, _all: None)
    assert planned.report.new == sum(counts(old).values())
    assert path.read_bytes() == before


def test_a_dry_run_waits_for_another_predecessors_file_in_the_stores_place(old: Path, url: str, path: Path) -> None:
    """What it holds, and this file as well, is known only then."""
    make(path)
    with pytest.raises(StoreNotReady, match="start the proxy once"):
        takeover.plan(url, make(old), lambda _done, _all: None)


def test_what_is_no_predecessors_file_makes_no_store(old: Path, path: Path, take_over: TakeOver) -> None:
    with pytest.raises(UserError, match="there is no such file"):
        take_over(old)
    assert not path.exists()


def test_the_store_itself_is_none_once_it_has_been_taken_over(path: Path, take_over: TakeOver) -> None:
    assert take_over(make(path)).is_store
    with pytest.raises(UserError, match="this project's own store"):
        take_over(path)


def test_progress_ends_at_all_rows(old: Path, url: str) -> None:
    told: list[tuple[int, int]] = []
    takeover.take_over(url, make(old), lambda done, everything: told.append((done, everything)))
    assert told[-1] == (sum(counts(old).values()),) * 2
    assert told == sorted(told)


def test_a_store_that_takes_no_more_is_told(old: Path, url: str, path: Path, take_over: TakeOver) -> None:
    Opened(url).close()
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TRIGGER full BEFORE INSERT ON completions BEGIN SELECT RAISE(ABORT, 'no room'); END")
    with pytest.raises(UserError, match=r"cannot take more of .*no room\. What it has taken stays; import it again"):
        take_over(make(old))
    with closing(sqlite3.connect(path)) as store:
        store.execute("DROP TRIGGER full")
    assert take_over(old).report.tables["sessions"].known == 4
