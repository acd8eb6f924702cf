"""The recorder driven directly, because no proxy on one machine reaches its limit."""

import time
from pathlib import Path

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.domain.usage import UsageSource
from db.clock import now_ms
from db.recorder import Recorder
from tests.soak.verdicts import Verdict
from tests.soak.watch import query

WAITING = 5_000
"""Below the recorder's capacity: what is submitted faster than it writes is held back here, so that none is dropped."""
RATE = 200
"""Requests a second that must never fill the queue."""


def completion(number: int) -> Completion:
    return Completion(
        session_id=f"s-{number // 20 % 500}",
        started_at_ms=now_ms(),
        provider="kimi-code",
        model="kimi-for-coding",
        kind=Kind.CHAT,
        stream=True,
        status=200,
        outcome=Outcome.OK,
        prompt_tokens=10_000 + number % 1_000,
        completion_tokens=200,
        usage_source=UsageSource.REPORTED,
        duration_ms=1_000.0,
    )


def paced(folder: Path, seconds: float) -> Verdict:
    """At RATE a second: the fullest that the queue was."""
    path = folder / "paced.db"
    recorder = started(path)
    most, number, begun = 0, 0, time.perf_counter()
    while (now := time.perf_counter() - begun) < seconds:
        while number < now * RATE:
            recorder.submit(completion(number))
            number += 1
        most = max(most, recorder.queued)
        time.sleep(0.002)
    lost = ended(recorder)
    written = query(path, "SELECT count(*) FROM completions")[0][0]
    found = f"{written:,} of {number:,} written, {lost} dropped, at most {most} waiting"
    return Verdict(f"recorder at {RATE} records/s", found, "none dropped", lost == 0 and written == number)


def at_its_limit(folder: Path, records: int) -> Verdict:
    """As fast as it takes them without dropping any."""
    path = folder / "limit.db"
    recorder = started(path)
    begun = time.perf_counter()
    for number in range(records):
        while recorder.queued >= WAITING:
            time.sleep(0.001)
        recorder.submit(completion(number))
    recorder.flush(60)
    rate = records / (time.perf_counter() - begun)
    lost = ended(recorder)
    return Verdict(
        "recorder's limit", f"{rate:,.0f} records/s, {lost} dropped", "≥ 2,000 records/s", rate >= 2_000 and not lost
    )


def started(path: Path) -> Recorder:
    recorder = Recorder(f"sqlite:///{path}", proxy_id="p-soak", clock_ms=now_ms)
    recorder.start()
    return recorder


def ended(recorder: Recorder) -> int:
    recorder.close(30)
    return recorder.lost
