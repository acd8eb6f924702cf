"""Makes sessions.db as each version of the predecessor wrote it, with the oddities of real files."""

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SECRET = "sk-legacyKEY0123456789abcdefABCDEF"
START = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)

PROVIDERS = "CREATE TABLE providers (key TEXT PRIMARY KEY, name TEXT, type TEXT, base_url TEXT, api_key TEXT)"
METRICS = (
    "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id INTEGER, timestamp TIMESTAMP DEFAULT"
    " CURRENT_TIMESTAMP, estimated_tokens INTEGER, percentage REAL, content_preview TEXT, prompt_tokens INTEGER"
    " DEFAULT 0, completion_tokens INTEGER DEFAULT 0, is_estimated BOOLEAN DEFAULT 1, source TEXT DEFAULT 'proxy'{})"
)
SESSIONS = (
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, provider TEXT, created_at TIMESTAMP"
    " DEFAULT CURRENT_TIMESTAMP, is_active BOOLEAN DEFAULT 0{})"
)
MASKED = (
    "CREATE TABLE masked_content (id INTEGER PRIMARY KEY AUTOINCREMENT, content_hash TEXT UNIQUE, original_content"
    " TEXT, preview TEXT, file_path TEXT, tags TEXT, token_count INTEGER DEFAULT 0, created_at TIMESTAMP DEFAULT"
    " CURRENT_TIMESTAMP)"
)
MEMORY = (
    "CREATE TABLE memory_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id INTEGER, timestamp TIMESTAMP,"
    " memory_tokens INTEGER, chat_tokens INTEGER, memory_ratio REAL)",
    "CREATE TABLE memory_segments (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id INTEGER, metric_id INTEGER,"
    " segment_type TEXT, content_preview TEXT, token_count INTEGER, created_at TIMESTAMP)",
)
COMPRESSION = (
    "CREATE TABLE compression_log (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id INTEGER, timestamp TIMESTAMP,"
    " original_tokens INTEGER, compressed_tokens INTEGER, compression_ratio REAL, summary_preview TEXT)"
)
COMPACTION = (
    "CREATE TABLE compaction_history (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id INTEGER, timestamp TIMESTAMP,"
    " tokens_before INTEGER, tokens_after INTEGER, tokens_saved INTEGER, preserved_messages INTEGER,"
    " summarized_messages INTEGER, compaction_ratio REAL, trigger_reason TEXT)"
)
LATER = "CREATE TABLE routing_decisions (session_id INTEGER, reason TEXT, api_key TEXT)"
"""Of a version nobody has told us about: no number, no time, and a key where none is expected."""

_MODEL = ", model TEXT"
_MEMORY_COLUMNS = ", memory_tokens INTEGER DEFAULT 0, chat_tokens INTEGER DEFAULT 0, memory_ratio REAL DEFAULT 0"

SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "no providers": (SESSIONS.format(""), METRICS.format("")),
    "first": (PROVIDERS, SESSIONS.format(""), METRICS.format("")),
    "masking": (PROVIDERS, SESSIONS.format(_MODEL), METRICS.format(""), MASKED),
    "memory": (PROVIDERS, SESSIONS.format(_MODEL), METRICS.format(_MEMORY_COLUMNS), MASKED, *MEMORY),
    "compression": (
        *(PROVIDERS, SESSIONS.format(_MODEL), METRICS.format(_MEMORY_COLUMNS), MASKED, *MEMORY, COMPRESSION),
    ),
    "last": (
        *(PROVIDERS, SESSIONS.format(_MODEL + ", external_session_id TEXT"), METRICS.format(_MEMORY_COLUMNS)),
        *(MASKED, *MEMORY, COMPRESSION, COMPACTION),
    ),
    "unknown": (
        *(PROVIDERS, SESSIONS.format(_MODEL + ", reserved_tokens INTEGER"), METRICS.format(_MEMORY_COLUMNS)),
        *(MASKED, *MEMORY, COMPRESSION, COMPACTION, LATER),
    ),
}


def make(path: Path, schema: str = "last", *, sessions: int = 4, requests: int = 40, seed: int = 1) -> Path:
    """A file of that version, filled in a way that `seed` fixes."""
    chance = random.Random(seed)
    with closing(sqlite3.connect(path)) as file:
        for statement in SCHEMAS[schema]:
            file.execute(statement)
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        fillers = {
            "providers": lambda: _providers(),
            "sessions": lambda: [_session(number) for number in range(1, sessions + 1)],
            "metrics": lambda: [_request(number, sessions, chance) for number in range(1, requests + 1)],
            "masked_content": lambda: [_masked(number) for number in range(1, 4)],
            "memory_metrics": lambda: [_memory(number, sessions) for number in range(1, 4)],
            "memory_segments": lambda: [_segment(number, sessions) for number in range(1, 4)],
            "compression_log": lambda: [_compression(number, sessions) for number in range(1, 3)],
            "compaction_history": lambda: [_compaction(number, sessions) for number in range(1, 3)],
            "routing_decisions": lambda: [{"session_id": 1, "reason": "too full", "api_key": SECRET}] * 2,
        }
        for table in tables & fillers.keys():
            insert(file, table, *fillers[table]())
        file.commit()
    return path


def insert(file: sqlite3.Connection, table: str, *rows: Mapping[str, Any]) -> None:
    """Only the columns that this version has."""
    columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
    for names in {tuple(name for name in row if name in columns) for row in rows}:
        alike = [row for row in rows if tuple(name for name in row if name in columns) == names]
        marks = ", ".join("?" for _ in names)
        file.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
            [[row[name] for name in names] for row in alike],
        )


def add(path: Path, table: str, *rows: Mapping[str, Any]) -> None:
    with closing(sqlite3.connect(path)) as file:
        insert(file, table, *rows)
        file.commit()


def sums(path: Path) -> dict[str, int]:
    """Of `metrics`, as SQL has them; prompt tokens as the predecessor summed them."""
    with closing(sqlite3.connect(path)) as file:
        columns = {row[1] for row in file.execute("PRAGMA table_info(metrics)")}
        memory = "coalesce(sum(memory_tokens), 0)" if "memory_tokens" in columns else "0"
        row = file.execute(
            "SELECT count(*), sum(CASE WHEN coalesce(prompt_tokens, 0) > 0 THEN prompt_tokens ELSE"
            f" coalesce(estimated_tokens, 0) END), coalesce(sum(completion_tokens), 0), {memory} FROM metrics"
        ).fetchone()
    return dict(zip(("requests", "prompt", "completion", "memory"), row, strict=True))


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        mine = [name for name in names if not name.startswith("sqlite_")]
        return {name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in mine}


def at(number: int, spelling: int = 0) -> str:
    """The moment of a request, in one of the spellings that files have."""
    when = START + timedelta(seconds=number)
    spellings = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S+00:00")
    return when.strftime(spellings[spelling % len(spellings)])


def masked_text(number: int) -> str:
    """Of the masked content of that number; the second holds a key."""
    return f"output {number}\n" + "line of the build\n" * 50 + (f"api_key={SECRET}\n" if number == 2 else "")


def _providers() -> list[dict[str, Any]]:
    keys = ("managed:kimi-code", "nvidia", "siliconflow", "my-own")
    return [
        {
            "key": key,
            "name": key,
            "type": "openai",
            "base_url": f"https://{n}.example",
            "api_key": SECRET if n < 3 else None,
        }
        for n, key in enumerate(keys)
    ]


def _session(number: int) -> dict[str, Any]:
    keys = ("managed:kimi-code", "nvidia", "siliconflow", "my-own", None)
    return {
        "id": number,
        "name": f"Session {number}",
        "provider": keys[(number - 1) % len(keys)],
        "created_at": None if number == 3 else at(number, number),
        "is_active": number == 1,
        "model": None if number % 4 == 0 else "kimi-for-coding",
        "external_session_id": f"ide-{number}",
        "reserved_tokens": 5000,
    }


def _request(number: int, sessions: int, chance: random.Random) -> dict[str, Any]:
    """Every kind of row in turn: reported, estimated only, overwritten by the total, from the log, full of NULLs."""
    estimate = chance.randint(100, 300_000)
    prompt, answer = chance.randint(100, 300_000), chance.randint(1, 4_000)
    row: dict[str, Any] = {
        "id": number,
        "session_id": 1 + number % sessions,
        "timestamp": at(number, number),
        "estimated_tokens": estimate,
        "percentage": estimate / 2621.44,
        "content_preview": f"request {number}: is {SECRET} right?" if number % 7 == 0 else f"request {number // 9}",
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "is_estimated": 0,
        "source": "proxy",
        "memory_tokens": number % 5 * 100,
        "chat_tokens": 50,
        "memory_ratio": number % 5 * 12.5,
    }
    odd: dict[int, dict[str, Any]] = {
        1: {"prompt_tokens": 0, "completion_tokens": 0, "is_estimated": 1},
        2: {"estimated_tokens": prompt + answer},
        3: {"source": "logs", "is_estimated": 1},
        4: dict.fromkeys(("prompt_tokens", "completion_tokens", "percentage", "content_preview", "memory_tokens")),
        5: {"session_id": 9_999, "timestamp": None},
    }
    return row | (odd.get(number % 8, {}))


def _masked(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "content_hash": f"{number:x}bad5eed0123456789abcdef01234567",
        "original_content": masked_text(number),
        "preview": masked_text(number)[:200],
        "file_path": f"/tmp/kimi/{number:x}bad5eed0123456789abcdef01234567.json",
        "tags": "@console",
        "token_count": 0 if number == 3 else 300,
        "created_at": at(10 * number, 2),
    }


def _memory(number: int, sessions: int) -> dict[str, Any]:
    counts = {"memory_tokens": 100 * number, "chat_tokens": 900, "memory_ratio": 10.0 * number}
    return {"id": number, "session_id": 1 + number % sessions, "timestamp": at(number), **counts}


def _segment(number: int, sessions: int) -> dict[str, Any]:
    about = {"segment_type": "mcp_result", "content_preview": f"memory of {SECRET}", "token_count": 40}
    return {"id": number, "session_id": 1 + number % sessions, "metric_id": number, "created_at": at(number), **about}


def _compression(number: int, sessions: int) -> dict[str, Any]:
    counts = {"original_tokens": 90_000, "compressed_tokens": 30_000, "compression_ratio": 0.33}
    return {"id": number, "session_id": 1, "timestamp": at(number), "summary_preview": "They fixed it.", **counts}


def _compaction(number: int, sessions: int) -> dict[str, Any]:
    counts = {"tokens_before": 80_000, "tokens_after": 20_000, "tokens_saved": 60_000, "compaction_ratio": 0.75}
    kept = {"preserved_messages": 6, "summarized_messages": 31, "trigger_reason": "auto"}
    return {"id": number, "session_id": 1, "timestamp": at(number), **counts, **kept}
