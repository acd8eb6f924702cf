"""tokensGenerated.jsonl."""

import json
from typing import Any

import pytest

from addons.domain.continue_log import LogEvent, LogKind, dev_data

LINE = (
    '{"eventName":"tokensGenerated","schema":"0.2.0","timestamp":"2026-07-12T08:16:08.412Z","userId":"",'
    '"userAgent":"PyCharm/2025.1 (Continue/1.0.40)","selectedProfileId":"local","model":"kimi-for-coding",'
    '"provider":"openai","promptTokens":5120,"generatedTokens":310}'
)
EVENT = LogEvent(
    log="tokensGenerated.jsonl",
    kind=LogKind.USAGE,
    at_ms=1_783_844_168_412,
    model="kimi-for-coding",
    provider="openai",
    prompt_tokens=5_120,
    generated_tokens=310,
)


def line(**fields: Any) -> str:
    return json.dumps(json.loads(LINE) | fields)


def test_a_line_gives_what_the_ide_estimates() -> None:
    assert dev_data.read(LINE) == EVENT


def test_a_time_without_a_zone_is_utc() -> None:
    assert dev_data.read(line(timestamp="2026-07-12T08:16:08.412")) == EVENT


NOTHING = {
    "another event": line(eventName="chatInteraction"),
    "cut off": LINE[:-20],
    "the rest of a line": LINE[20:],
    "no time": line(timestamp="yesterday"),
    "no figures": line(promptTokens=None, generatedTokens=None),
    "a list": "[1]",
    "empty": "",
    "deep": "[" * 50_000,
}


@pytest.mark.parametrize("record", NOTHING.values(), ids=NOTHING.keys())
def test_other_lines_give_nothing(record: str) -> None:
    assert dev_data.read(record) is None


COUNTS = {"a fraction": (5_119.6, 5_120), "negative": (-1, None), "too many": (10**30, None), "absent": (None, None)}


@pytest.mark.parametrize(("given", "expected"), COUNTS.values(), ids=COUNTS.keys())
def test_counts_are_whole_numbers_of_tokens(given: float | None, expected: int | None) -> None:
    found = dev_data.read(line(promptTokens=given))
    assert found
    assert found.prompt_tokens == expected
