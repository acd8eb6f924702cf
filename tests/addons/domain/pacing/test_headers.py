import pytest

from addons.domain.pacing.headers import retry_after_ms, told_by_headers
from addons.domain.pacing.limit import LimitKind, Told

NOW_MS = 1_790_000_000_000

GROQ = {
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-limit-tokens": "18000",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-reset-tokens": "7.66s",
}
OPENAI = GROQ | {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}
CEREBRAS = {
    "x-ratelimit-limit-requests-day": "14400",
    "x-ratelimit-limit-tokens-minute": "30000",
    "x-ratelimit-remaining-requests-day": "14399",
    "x-ratelimit-remaining-tokens-minute": "29000",
    "x-ratelimit-reset-requests-day": "33011.382867",
    "x-ratelimit-reset-tokens-minute": "11.382867",
}
MISTRAL = {
    "ratelimitbysize-limit": "500000",
    "ratelimitbysize-remaining": "499984",
    "ratelimitbysize-reset": "22",
    "ratelimitbysize-query-cost": "16",
    "x-ratelimitbysize-limit-minute": "500000",
    "x-ratelimitbysize-remaining-minute": "499984",
    "x-ratelimitbysize-limit-month": "1000000000",
    "x-ratelimitbysize-remaining-month": "999998000",
}
MISTRAL_NEW = {
    "x-ratelimit-limit-req-minute": "60",
    "x-ratelimit-remaining-req-minute": "58",
    "x-ratelimit-limit-tokens-minute": "50000",
    "x-ratelimit-remaining-tokens-minute": "49000",
    "x-ratelimit-tokens-query-cost": "40",
}
MOONSHOT = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "19", "X-RateLimit-Reset": "12"}
OPENROUTER = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW_MS + 3_600_000)}
ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-09-21T14:13:25Z",
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-input-tokens-remaining": "1",
}


def told(
    kind: LimitKind, limit: int | None, remaining: int | None, ahead_ms: int | None, refills: bool = False
) -> Told:
    reset_at_ms = None if ahead_ms is None else NOW_MS + ahead_ms
    return Told(kind=kind, limit=limit, remaining=remaining, reset_at_ms=reset_at_ms, refills=refills)


@pytest.mark.parametrize(
    ("headers", "requests_per", "expected"),
    [
        pytest.param(
            GROQ,
            "day",
            [
                told(LimitKind.REQUESTS_PER_DAY, 14400, 14370, 179_560, refills=True),
                told(LimitKind.TOKENS_PER_MINUTE, 18000, 17997, 7_660, refills=True),
            ],
            id="Groq, whose requests are per day",
        ),
        pytest.param(
            OPENAI,
            "minute",
            [
                told(LimitKind.REQUESTS_PER_MINUTE, 60, 59, 179_560, refills=True),
                told(LimitKind.TOKENS_PER_MINUTE, 18000, 17997, 7_660, refills=True),
            ],
            id="OpenAI",
        ),
        pytest.param(
            CEREBRAS,
            "minute",
            [
                told(LimitKind.REQUESTS_PER_DAY, 14400, 14399, 33_011_383),
                told(LimitKind.TOKENS_PER_MINUTE, 30000, 29000, 11_383),
            ],
            id="Cerebras",
        ),
        pytest.param(
            MISTRAL,
            "minute",
            [
                told(LimitKind.TOKENS_PER_MINUTE, 500000, 499984, 22_000),
                told(LimitKind.TOKENS_PER_MONTH, 1000000000, 999998000, None),
            ],
            id="Mistral, by size",
        ),
        pytest.param(
            MISTRAL_NEW,
            "minute",
            [
                told(LimitKind.REQUESTS_PER_MINUTE, 60, 58, None),
                told(LimitKind.TOKENS_PER_MINUTE, 50000, 49000, None),
            ],
            id="Mistral, by unit and period",
        ),
        pytest.param(MOONSHOT, "minute", [told(LimitKind.REQUESTS_PER_MINUTE, 20, 19, 12_000)], id="Moonshot"),
        pytest.param(
            OPENROUTER, "minute", [told(LimitKind.REQUESTS_PER_DAY, 50, 0, 3_600_000)], id="OpenRouter, a day's"
        ),
        pytest.param(
            ANTHROPIC, "minute", [told(LimitKind.REQUESTS_PER_MINUTE, 50, 49, 5_000, refills=True)], id="Anthropic"
        ),
        pytest.param({"x-ratelimit-limit": "many", "x-ratelimit-remaining": "-"}, "minute", [], id="no numbers"),
        pytest.param(
            {"x-ratelimit-limit-requests": "0"},
            "minute",
            [],
            id="a limit of 0 is none",
        ),
        pytest.param({"x-ratelimit-reset-requests": "1s"}, "minute", [], id="a reset alone"),
        pytest.param({"x-request-id": "1", "content-type": "a"}, "minute", [], id="nothing about limits"),
    ],
)
def test_headers_teach(headers: dict[str, str], requests_per: str, expected: list[Told]) -> None:
    assert told_by_headers(headers.items(), NOW_MS, requests_per=requests_per) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after-ms": "250", "retry-after": "9"}, 250),
        ({"retry-after": "2"}, 2_000),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:25 GMT"}, 5_000),
        ({"retry-after": "Mon, 21 Sep 2020 14:13:25 GMT"}, 0),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read_as_the_sdk_reads_it(headers: dict[str, str], expected: int | None) -> None:
    assert retry_after_ms(headers, NOW_MS) == expected
