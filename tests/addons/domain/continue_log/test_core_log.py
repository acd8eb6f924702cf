"""Every form of line that the JetBrains core writes; the file is facts as they were seen, not made for these tests."""

from datetime import UTC, datetime
from typing import Any

import pytest

from addons.domain.continue_log import LogEvent, LogKind, core_log
from addons.domain.continue_log.records import Records
from addons.domain.places import ROOT

CORE_LOG = (ROOT / "tests/data/continue/logs/core.log").read_text(encoding="utf-8")


def records(text: str) -> list[str]:
    gathered = Records(core_log.BEGINS)
    found = [gathered.feed(line) for line in text.split("\n")]
    return [record for record in [*found, gathered.flush()] if record]


def at(clock: str) -> int:
    return int(datetime.fromisoformat(f"2026-07-12T{clock}").replace(tzinfo=UTC).timestamp() * 1000)


def event(clock: str, kind: LogKind, message: str = "", **fields: Any) -> LogEvent:
    return LogEvent(log="core.log", kind=kind, at_ms=at(clock), message=message, **fields)


CHAT = "llm/streamChat"
RATE = {"error_class": "rate", "status": 429}
TOO_LONG = "400 Invalid request: Your request exceeded model token limit: 262144 (requested: 300001)"
REFUSED = "request to https://api.siliconflow.cn/v1/completions failed, reason: connect ECONNREFUSED 127.0.0.1:8080"
COUNTS = {
    "context_length": 32_768,
    "safety_buffer_tokens": 655.36,
    "tools_tokens": 2_941,
    "system_tokens": 1_180,
    "max_output_tokens": 8_192,
    "least_output_tokens": 1_000,
}

EVENTS = [
    event("08:15:01", LogKind.STARTED),
    event(
        "08:15:42",
        LogKind.CONTEXT,
        "Not enough context available to include the system message, last user message, and tools.",
        error_class="context",
        operation="llm/compileChat",
        figures=COUNTS,
    ),
    event("08:16:10", LogKind.ERROR, "429 Rate limit reached for requests", **RATE),
    event("08:16:10", LogKind.ERROR, "429 Rate limit reached for requests", operation=CHAT, **RATE),
    event("08:16:41", LogKind.ERROR, "401 Invalid Authentication", error_class="auth", status=401),
    event("08:17:03", LogKind.ERROR, TOO_LONG, error_class="context", status=400),
    event("08:17:03", LogKind.ERROR, TOO_LONG, error_class="context", status=400, operation=CHAT),
    event("08:18:20", LogKind.ERROR, "Connection error.", error_class="transport"),
    event("08:18:20", LogKind.ERROR, "Connection error.", error_class="transport", operation=CHAT),
    event(
        "08:19:00",
        LogKind.ERROR,
        "The response was cancelled mid-stream. Try again. (Premature Close).",
        error_class="transport",
    ),
    event(
        "08:19:31",
        LogKind.ERROR,
        "Error streaming response: engine overloaded, try later",
        error_class="overload",
    ),
    event(
        "08:20:05",
        LogKind.RETRY,
        "Hit rate limit. Retrying in 0.5 seconds (attempt 1)",
        error_class="rate",
        figures={"wait_s": 0.5, "attempt": 1},
    ),
    event(
        "08:20:30",
        LogKind.ERROR,
        "HTTP 429 Too Many Requests from https://api.siliconflow.cn/v1/chat/completions",
        **RATE,
    ),
    event("08:20:44", LogKind.ERROR, REFUSED, error_class="transport"),
    event("08:21:00", LogKind.REQUEST, figures={"request_id": "req_7f3c"}, **RATE),
    event("08:21:40", LogKind.WARNING, 'Tool override warning: Unknown tool "foo" in toolOverrides'),
    event(
        "08:22:02",
        LogKind.ERROR,
        "HTTP 404 Not Found from https://api.kimi.com/coding/v1/completions",
        error_class="bad_request",
        status=404,
        operation="autocomplete/complete",
    ),
    event("08:25:00", LogKind.STOPPED),
]


def test_the_whole_file_gives_these_events() -> None:
    read = [core_log.read(record) for record in records(CORE_LOG)]
    assert [each for each in read if each] == EVENTS


NOTHING = {
    "no stamp": "[info] Starting Continue core...",
    "of no interest": "[2026-07-12T08:15:01] Setup ",
    "of another program": "[2026-07-12T08:15:02] [binary] Core started ",
    "an error of which nothing is said": "[2026-07-12T08:19:31] Error in streamed response: [object Object]",
    "a handler's, likewise": '[2026-07-12T08:19:31] Error running handler for "llm/streamChat":  [object Object]',
    "no day": "[2026-13-45T08:15:01] Error: 429 x",
    "digits of another script": "[２０２６-07-12T08:15:01] Error: 429 x",
    "what somebody printed": "[2026-07-12T08:15:01] please fix the parser: it says 429 rate limit",
    "empty": "",
}


@pytest.mark.parametrize("record", NOTHING.values(), ids=NOTHING.keys())
def test_other_lines_give_nothing(record: str) -> None:
    assert core_log.read(record) is None


def test_a_token_count_block_that_was_cut_off_gives_what_it_has() -> None:
    cut = "\n".join(CORE_LOG.split("\n")[4:9])
    found = core_log.read(cut)
    assert found
    assert found.figures == {"context_length": 32_768, "safety_buffer_tokens": 655.36, "least_output_tokens": 1_000}
