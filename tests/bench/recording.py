"""The recorder: how many records a second reach the disk, and what handing one in costs the flow."""

import time
from pathlib import Path

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.domain.usage import UsageSource
from db.recorder import Recorder
from tests.bench.table import Rate, p

RECORDS = 20_000
SESSIONS = 50
WAITING = 5_000
"""Records in hand at most, half of what the recorder takes: none is dropped."""


def rows(folder: Path, records: int = RECORDS) -> list[Rate]:
    recorder = Recorder(
        f"sqlite:///{folder / 'recorded.db'}", proxy_id="bench", clock_ms=lambda: int(time.time() * 1000)
    )
    recorder.start()
    taken_ms = []
    began_s = time.perf_counter()
    for number in range(records):
        record = completion(number)
        if number % WAITING == 0:
            recorder.flush(60)
        at_s = time.perf_counter()
        recorder.submit(record)
        taken_ms.append((time.perf_counter() - at_s) * 1000)
    recorder.flush(60)
    seconds = time.perf_counter() - began_s
    recorder.close(10)
    if recorder.lost:
        raise RuntimeError(f"the recorder lost {recorder.lost} of {records} records")
    return [
        Rate("records written, sustained", records / seconds, "a second", 2_000, at_least=True),
        Rate("handing in a record, p99", p(taken_ms, 0.99), "ms", 0.1),
    ]


def completion(number: int) -> Completion:
    """As the second turn of a usual conversation leaves one."""
    return Completion(
        session_id=f"s-{number % SESSIONS}",
        project="bench",
        started_at_ms=int(time.time() * 1000),
        provider="kimi-code",
        model="kimi-for-coding",
        kind=Kind.CHAT,
        stream=True,
        status=200,
        outcome=Outcome.OK,
        prompt_tokens_before=52_000,
        prompt_tokens_sent=40_000,
        prompt_tokens=41_000,
        cached_tokens=38_000,
        completion_tokens=400,
        usage_source=UsageSource.REPORTED,
        context_window=262_144,
        context_fill=0.16,
        composition={"system": 800, "tools": 6_000, "memory": 900, "history": 32_000, "new": 300, "prompt": 0},
        parts={"system": 800, "tools": 6_000, "memory": 900, "user": 2_000, "tool results": 30_000, "assistant": 300},
        ttfb_ms=800.0,
        duration_ms=9_000.0,
        overhead_ms=1.2,
    )
