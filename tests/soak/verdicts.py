"""The table: what was promised, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.soak.watch import Sample

SETTINGS = "[providers.kimi-code.limits]\nrequests_per_minute = 1000000\n"
"""So that the limits count, and nobody waits."""
GROWTH = 0.10
"""Of memory, after the first requests."""
WAL_MB = 16.0
"""SQLite moves its log into the database at 4 MB; a batch under way and a reader let it grow further."""
DATA = frozenset(
    {
        *("completions", "sessions", "rollup_hour", "events", "alerts", "decisions", "originals", "session_originals"),
        *("memory_segments", "memory_seen", "logged_usage", "summaries", "message_steps"),
    }
)
"""Tables that hold what was recorded: one row a call, a session, an hour, a masked message."""
COME_AND_GO = 16
SPARE_ROWS = 50
"""Of a table that holds settings, models, limits, signs of life."""


@dataclass(frozen=True, slots=True)
class Verdict:
    what: str
    found: str
    target: str
    holds: bool


def verdicts(
    samples: Sequence[Sample],
    warm: int,
    answered: int,
    failed: Sequence[str],
    rows: Mapping[str, int],
    left_mb: float,
) -> list[Verdict]:
    """:param warm: requests after which memory should be flat.
    :param left_mb: of SQLite's log, once the proxy has stopped and moved it into the database.
    """
    last = samples[-1]
    first = next((sample for sample in samples if sample.answered >= warm), last)
    later = samples[samples.index(first) :]
    memory = max(sample.memory_mb for sample in later) / first.memory_mb - 1
    grown = {name: count for name, count in rows.items() if name not in DATA and count > SPARE_ROWS}
    recorded, wal = rows["completions"] - 1, max(sample.wal_mb for sample in samples)  # one asked whether it is there
    queued, dropped = max(sample.queued for sample in samples), last.dropped
    files, threads = [sample.files for sample in later], [sample.threads for sample in later]
    span = f"{first.memory_mb:.0f} → {last.memory_mb:.0f} MB, at most {memory:+.1%} after {first.answered:,} requests"
    return [
        Verdict("requests failed", f"{len(failed)} of {answered:,}{told(failed)}", "0", not failed),
        Verdict("records", f"{recorded:,} of {answered:,}", "all", recorded == answered),
        Verdict("records dropped, most waiting", f"{dropped}, {queued}", "0, < 10,000", dropped == 0),
        Verdict("memory", span, f"≤ {GROWTH:+.0%}", memory <= GROWTH),
        Verdict("open files", f"{files[0]} → {files[-1]}, at most {max(files)}", "flat", flat(files)),
        Verdict("threads", f"{threads[0]} → {threads[-1]}, at most {max(threads)}", "flat", flat(threads)),
        Verdict(
            "SQLite's log, and what the stop leaves",
            f"at most {wal:.1f} MB, {left_mb:.1f} MB",
            f"≤ {WAL_MB:.0f} MB, 0",
            wal <= WAL_MB and not left_mb,
        ),
        Verdict("other tables that grew", ", ".join(f"{k} {v}" for k, v in grown.items()) or "none", "none", not grown),
    ]


def flat(values: Sequence[int]) -> bool:
    """The later half holds no more than the earlier, but for connections that come and go: two files for each client
    that begins a new session while the old one's are not closed yet.
    """
    middle = len(values) // 2
    return not middle or max(values[middle:]) <= max(values[:middle]) + COME_AND_GO


def told(failed: Sequence[str]) -> str:
    return f": {failed[0]}" if failed else ""


def markdown(table: Sequence[Verdict]) -> str:
    lines = [f"| {row.what} | {row.found} | {row.target} | {'ok' if row.holds else 'FAILED'} |" for row in table]
    return "\n".join(["| what | found | target | verdict |", "|---|---|---|---|", *lines])
