"""A store of a million completions in two thousand sessions over 90 days, made in about two minutes.

Rows are inserted in bulk; the counters of sessions and the hourly sums are then those of the rows, by the statements
with which the recorder keeps them.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from db import revs, schema
from db.engine import opened, writer
from db.records import rolling
from db.tables import completions
from tests.bench import large_extras, large_rows
from tests.bench.large_rows import COLUMNS, OUTSIDE, WINDOW, Made

A_SESSION = 500
"""Requests a session, on average."""
KEYS = 16 * 400
"""Bytes by which a session is recognised: 400 messages."""
COUNTED = {
    "completions": "count(*)",
    "turns": "coalesce(max(turn), 0)",
    "errors": "sum(outcome IN ('error', 'upstream_abort'))",
    "prompt_tokens": "sum(coalesce(prompt_tokens, 0))",
    "cached_tokens": "sum(coalesce(cached_tokens, 0))",
    "completion_tokens": "sum(coalesce(completion_tokens, 0))",
    "saved_tokens": "sum(prompt_tokens_before - prompt_tokens_sent)",
    "cost_usd": "sum(coalesce(cost_usd, 0.0))",
    "cost_unmodified_usd": "sum(coalesce(cost_unmodified_usd, cost_usd, 0.0))",
    "cost_uncached_usd": "sum(coalesce(cost_uncached_usd, cost_usd, 0.0))",
    "unpriced": "sum(cost_usd IS NULL AND prompt_tokens > 0)",
}


def build(path: Path, rows: int) -> None:
    """:param path: where there is no file yet."""
    now_ms, random = time.time_ns() // 1_000_000, Random(7)
    url = f"sqlite:///{path}"
    with opened(writer, url) as engine:
        schema.upgrade(engine)
    found = large_rows.sessions(max(20, rows // A_SESSION), round(rows * (1 - OUTSIDE)), now_ms, random)
    with closing(sqlite3.connect(path)) as tx, _fast(tx):
        _sessions(tx, found, random)
        places = ", ".join("?" * len(COLUMNS))
        made = large_rows.completions(found, round(rows * OUTSIDE), now_ms, random)
        tx.executemany(f"INSERT INTO completions ({', '.join(COLUMNS)}) VALUES ({places})", made)
        large_extras.fill(tx, found, now_ms, random)
        _counters(tx)
    with opened(writer, url) as engine, engine.begin() as tx_:
        revs.take(tx_, 2 * rows)
        rolling.shift(tx_, completions.c.id > 0, 1)


@contextmanager
def _fast(tx: sqlite3.Connection) -> Iterator[None]:
    """One transaction whose loss would be no loss."""
    tx.execute("PRAGMA synchronous = OFF")
    tx.execute("PRAGMA cache_size = -400000")
    yield
    tx.commit()


def _sessions(tx: sqlite3.Connection, found: list[Made], random: Random) -> None:
    names = ("id", "name", "renamed", "project", "source", "provider", "model", "created_at_ms", "last_seen_ms",
             "pinned", "message_keys", "summary_keys", *COUNTED, "context_window", "rev")  # fmt: skip
    zeros = (0,) * len(COUNTED)
    rows = [
        (session.id, f"Work on item {session.number}", 0, session.project, "proxy", session.provider, session.model,
         session.begins_at_ms, session.begins_at_ms, session.number % 400 == 7,
         random.randbytes(min(KEYS, 16 * session.requests)), b"", *zeros, WINDOW, session.number)
        for session in found
    ]  # fmt: skip
    places = ", ".join("?" * len(names))
    tx.executemany(f"INSERT INTO sessions ({', '.join(names)}) VALUES ({places})", rows)


def _counters(tx: sqlite3.Connection) -> None:
    sums = ", ".join(f"{name} = found.{name}" for name in COUNTED)
    amounts = ", ".join(f"{amount} AS {name}" for name, amount in COUNTED.items())
    tx.execute(f"UPDATE sessions SET last_seen_ms = found.at_ms, {sums} FROM (SELECT session_id, max(started_at_ms)"
               f" AS at_ms, {amounts} FROM completions WHERE session_id IS NOT NULL GROUP BY session_id) AS found"
               " WHERE sessions.id = found.session_id")  # fmt: skip
    tx.execute("UPDATE sessions SET (context_fill, memory_tokens, memory_ratio) = (SELECT context_fill, memory_tokens,"
               " memory_ratio FROM completions WHERE session_id = sessions.id AND context_fill IS NOT NULL"
               " ORDER BY id DESC LIMIT 1)")  # fmt: skip
