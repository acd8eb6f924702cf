"""What belongs to many sessions beside their completions: events, alerts, originals, decisions, segments, summaries."""

import json
import sqlite3
from random import Random

from db import content
from tests.bench.large_rows import Made

SEGMENTS, ORIGINALS = 25, 25
"""Of each session, at most."""
SERVERS = (("tool result", "memory"), ("tool result", "mem0"), ("mcp-memory", "basic-memory"), ("[MEMORY]", ""))
KINDS = ("log", "source file", "list of search results", "test run", "JSON document")
IDE_EVENTS = 20
"""Lines of the IDE's logs for each session."""


def fill(tx: sqlite3.Connection, found: list[Made], now_ms: int, random: Random) -> None:
    _epochs(tx)
    _routings(tx)
    for session in found:
        end_ms = session.begins_at_ms + round(session.pause_ms * session.requests)
        times = sorted(random.randint(session.begins_at_ms, end_ms) for _ in range(max(SEGMENTS, ORIGINALS)))
        few = min(session.requests, ORIGINALS)
        _ide_log(tx, times[:IDE_EVENTS], random)
        _originals(tx, session, times[:few], random)
        _segments(tx, session, times[:few], random)
        if session.number % 2:
            _compression(tx, session, times[0])
        if session.number % 3 == 0:
            _alert(tx, session, times[-1])
    tx.execute("INSERT INTO heartbeat (proxy_id, started_at_ms, seen_at_ms, listen, version, queued, dropped,"
               " settings_error) VALUES ('p-1', ?, ?, '127.0.0.1:8080', 'bench', 0, 0, '')",
               (now_ms - 3_600_000, now_ms + 86_400_000))  # fmt: skip


def _epochs(tx: sqlite3.Connection) -> None:
    data = {"reason": "pressure", "first": 7, "messages": 9, "saved_tokens": 6_720, "estimated_gain_tokens": 90_000,
            "estimated_loss_tokens": 31_000}  # fmt: skip
    tx.execute("INSERT INTO events (rev, at_ms, kind, level, session_id, message, data)"
               " SELECT rev, started_at_ms, 'epoch', 'info', session_id, '', ? FROM completions WHERE epoch",
               (json.dumps(data),))  # fmt: skip


def _routings(tx: sqlite3.Connection) -> None:
    tx.execute("INSERT INTO events (rev, at_ms, kind, level, session_id, message, data)"
               " SELECT min(rev), min(started_at_ms), 'routing', 'info', session_id, 'goes on elsewhere', '{}'"
               " FROM completions WHERE routed_from <> '' GROUP BY session_id")  # fmt: skip


def _ide_log(tx: sqlite3.Connection, times: list[int], random: Random) -> None:
    lines = []
    for at_ms in times:
        what, status = random.choice((("error", 429), ("retry", None), ("context", None), ("warning", None)))
        said = {"log": "core.log", "what": what, "error_class": "rate" if status else "", "status": status,
                "operation": "streamChat", "model": "kimi-for-coding"}  # fmt: skip
        lines.append((at_ms, at_ms, "warning", "429 rate limit reached" if status else what, json.dumps(said)))
    tx.executemany("INSERT INTO events (rev, at_ms, kind, level, message, data) VALUES (?, ?, 'ide_log', ?, ?, ?)",
                   lines)  # fmt: skip


def _originals(tx: sqlite3.Connection, session: Made, times: list[int], random: Random) -> None:
    originals, owned, decisions = [], [], []
    packed = content.pack("\n".join(f"{number} {random.random()}" for number in range(60)))
    for place, at_ms in enumerate(times):
        tag, kind = f"k1:{random.randbytes(16).hex()}", KINDS[place % len(KINDS)]
        originals.append((tag, packed, 9_000, 300, 2_400 + place, kind, "read_file", f"src/{place}.py", at_ms))
        owned.append((session.id, tag))
        new = {"part": 0, "start": 0, "end": 9_000, "text": "left out: lines 9-300 " * 20, "tag": tag, "kind": kind,
               "tokens_before": 2_400 + place, "tokens_after": 160}  # fmt: skip
        decisions.append((session.id, random.randbytes(16), "arrival", json.dumps([new]), 2_240, at_ms, at_ms))
    tx.executemany("INSERT INTO originals (tag, packed, size_bytes, lines, tokens, kind, tool, path, created_at_ms)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", originals)  # fmt: skip
    tx.executemany("INSERT INTO session_originals (session_id, tag) VALUES (?, ?)", owned)
    tx.executemany("INSERT INTO decisions (session_id, key, action, reason, replacements, tokens_saved, decided_at_ms,"
                   " rev) VALUES (?, ?, 'mask', ?, ?, ?, ?, ?)", decisions)  # fmt: skip


def _segments(tx: sqlite3.Connection, session: Made, times: list[int], random: Random) -> None:
    rows = [
        (session.id, random.randbytes(16), *SERVERS[place % len(SERVERS)], random.randint(20, 3_000), at_ms, at_ms,
         random.randint(1, 60))
        for place, at_ms in enumerate(times)
    ]  # fmt: skip
    tx.executemany("INSERT INTO memory_segments (session_id, key, type, server, tokens, first_seen_ms, last_seen_ms,"
                   " sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # fmt: skip


def _compression(tx: sqlite3.Connection, session: Made, at_ms: int) -> None:
    tx.execute('INSERT INTO summaries (session_id, created_at_ms, keys, text, request, writer, "trigger",'
               " kept_exchanges, messages, tokens_before, tokens_after, prompt_tokens_before, context_window, cost_usd,"
               " active, rev) VALUES (?, ?, x'', 'Goals: …', '', 'heuristic', 'pressure', 5, 40, 60000, 480, 180000,"
               " 262144, NULL, 1, 0)", (session.id, at_ms))  # fmt: skip
    tx.execute("INSERT INTO events (rev, at_ms, kind, level, session_id, message, data) VALUES"
               " (0, ?, 'compression', 'info', ?, 'a summary stands for 40 messages', '{}')",
               (at_ms, session.id))  # fmt: skip


def _alert(tx: sqlite3.Connection, session: Made, at_ms: int) -> None:
    tx.execute('INSERT INTO alerts (rev, "key", level, at_ms, session_id, provider, message, data, send_error,'
               " acknowledged_at_ms) VALUES (0, ?, 'warning', ?, ?, ?, 'The context window is 90 per cent full', '{}',"
               " '', ?)", (f"context:{session.id}", at_ms, session.id, session.provider,
                           at_ms if session.number % 2 else None))  # fmt: skip
