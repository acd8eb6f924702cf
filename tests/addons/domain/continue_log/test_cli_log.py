"""cn.log: the shapes that winston 3 gives cn's calls of its logger."""

from datetime import UTC, datetime
from typing import Any

import pytest

from addons.domain.continue_log import LogEvent, LogKind, cli_log

STAMP = "2026-11-22 06:01:12.005 [2492e19b]"
AT_MS = int(datetime(2026, 11, 22, 5, 1, 12, 5_000, tzinfo=UTC).timestamp() * 1000)


def one_hour_east(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000) - 3_600_000


def read(record: str) -> LogEvent | None:
    return cli_log.read(record, one_hour_east)


def event(kind: LogKind, message: str, **fields: Any) -> LogEvent:
    return LogEvent(log="cn.log", kind=kind, at_ms=AT_MS, message=message, **fields)


LINES = {
    "refused": (
        f'{STAMP} [error]: Non-retryable LLM API error 401 Invalid Authentication {{"status":401,"statusText":'
        '"[undefined]","error":"401 Invalid Authentication","model":"kimi-for-coding"}\n'
        "Error: 401 Invalid Authentication\n    at APIError.generate (/usr/lib/cn.js:6:9)",
        event(LogKind.ERROR, "401 Invalid Authentication", error_class="auth", status=401, model="kimi-for-coding"),
    ),
    "refused, with no more than a stack": (
        f"{STAMP} [error]: Non-retryable LLM API error\nError: 400 Your request exceeded model token limit: 262144",
        event(LogKind.ERROR, "400 Your request exceeded model token limit: 262144", error_class="context", status=400),
    ),
    "compaction failed": (
        f"{STAMP} [error]: Auto-compaction error: 429 Rate limit reached",
        event(LogKind.ERROR, "Auto-compaction error: 429 Rate limit reached", error_class="rate"),
    ),
    "in colour": (
        f"{STAMP} [error]: \n\x1b[31mError: Connection error.\x1b[39m",
        event(LogKind.ERROR, "Connection error.", error_class="transport"),
    ),
    "compacts by itself": (
        f"{STAMP} [info]: Auto-compaction triggered in headless mode",
        event(LogKind.COMPACTION, "Auto-compaction triggered in headless mode"),
    ),
    "compacts because a tool's result is too long": (
        f'{STAMP} [warn]: Tool execution caused context overflow, forcing compaction {{"inputTokens":210000,'
        '"contextLimit":200000}',
        event(
            LogKind.COMPACTION,
            "Tool execution caused context overflow, forcing compaction",
            prompt_tokens=210_000,
            figures={"context_length": 200_000},
        ),
    ),
    "gives up": (
        f'{STAMP} [error]: Compaction failed to bring context under limit, stopping execution {{"error":'
        '{"inputTokens":210000,"contextLimit":200000}}',
        event(
            LogKind.CONTEXT,
            "Compaction failed to bring context under limit, stopping execution",
            error_class="context",
            prompt_tokens=210_000,
            figures={"context_length": 200_000},
        ),
    ),
}


@pytest.mark.parametrize(("record", "expected"), LINES.values(), ids=LINES.keys())
def test_lines_of_interest(record: str, expected: LogEvent) -> None:
    assert read(record) == expected


NOTHING = {
    "debug lines hold answers": f'{STAMP} [debug]: Received chunk {{"chunk":{{"content":"429 rate limit"}}}}',
    "and keys": f'{STAMP} [debug]: streamChatResponse called {{"model":{{"apiKey":"sk-kimi-abcdef123456"}}}}',
    "an information": f'{STAMP} [info]: Created default permissions.yaml {{"path":"/home/me/.continue"}}',
    "an error of its files": f"{STAMP} [error]: Error saving session: {{}}",
    "a conversation": f"{STAMP} [info]: Chat history:\n[]",
    "no stamp": "Error: 429 Rate limit",
    "no day": "2026-13-45 06:01:12.005 [2492e19b] [error]: Error: 429 x",
}


@pytest.mark.parametrize("record", NOTHING.values(), ids=NOTHING.keys())
def test_other_lines_give_nothing(record: str) -> None:
    assert read(record) is None


def test_a_time_that_the_machine_does_not_know_gives_nothing() -> None:
    def refuses(at: datetime) -> int:
        raise OverflowError

    assert cli_log.read(f"{STAMP} [info]: Auto-compaction triggered", refuses) is None
