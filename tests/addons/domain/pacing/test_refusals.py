import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.refusals import Refusal, told_by_body
from addons.services.simulator.failures import failure


def error(message: str, **fields: object) -> bytes:
    return json.dumps({"error": {"message": message} | fields}).encode()


def gemini(quota_id: str, *details: dict[str, object], value: str | None = None) -> bytes:
    violation = {"quotaId": quota_id} | ({"quotaValue": value} if value else {})
    quota = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}
    return error("You exceeded your current quota", code=429, status="RESOURCE_EXHAUSTED", details=[quota, *details])


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "20.5s"}
GROQ = (
    "Rate limit reached for model `m` in organization `org_1` service tier `on_demand` on tokens per minute (TPM): "
    "Limit 15000, Used 11972, Requested 4351. Please try again in 5.289s. Need more tokens?"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            error(
                "Your account org-1<ak-2> request reached organization max RPM: 20, please try again after 1 seconds"
            ),
            Refusal((Told(kind=LimitKind.REQUESTS_PER_MINUTE, limit=20),), 1_000),
            id="Moonshot, requests",
        ),
        pytest.param(
            error("request reached organization max concurrency: 1, please try again after 1 seconds"),
            Refusal((Told(kind=LimitKind.CONCURRENCY, limit=1),), 1_000),
            id="Moonshot, concurrency",
        ),
        pytest.param(
            error(GROQ, type="tokens", code="rate_limit_exceeded"),
            Refusal((Told(kind=LimitKind.TOKENS_PER_MINUTE, limit=15000, remaining=3028),), 5_289),
            id="Groq, tokens",
        ),
        pytest.param(
            error("… on requests per day (RPD): Limit 1000, Used 1000, Requested 1. Please try again in 1m26.4s."),
            Refusal((Told(kind=LimitKind.REQUESTS_PER_DAY, limit=1000, remaining=0),), 86_400),
            id="Groq, requests a day",
        ),
        pytest.param(
            error("Request too large for model `m` on tokens per minute (TPM): Limit 12000, Requested 14137"),
            Refusal((Told(kind=LimitKind.TOKENS_PER_MINUTE, limit=12000),)),
            id="Groq, too large",
        ),
        pytest.param(
            error("Request too large, TPM: Limit 12000, Requested 14137"),
            Refusal((Told(kind=LimitKind.TOKENS_PER_MINUTE, limit=12000),)),
            id="Groq, too large, short",
        ),
        pytest.param(
            gemini("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", RETRY, value="15"),
            Refusal((Told(kind=LimitKind.REQUESTS_PER_MINUTE, limit=15),), 20_500),
            id="Gemini, requests",
        ),
        pytest.param(
            b"[" + gemini("GenerateContentInputTokensPerModelPerMinute-FreeTier", RETRY, value="250000") + b"]",
            Refusal((Told(kind=LimitKind.TOKENS_PER_MINUTE, limit=250000),), 20_500),
            id="Gemini, in a stream's array",
        ),
        pytest.param(
            gemini("GenerateRequestsPerDayPerProjectPerModel-FreeTier", value="50"),
            Refusal((Told(kind=LimitKind.REQUESTS_PER_DAY, limit=50),)),
            id="Gemini, a day's, without a delay",
        ),
        pytest.param(gemini("Unknown", RETRY), Refusal((), 20_500), id="Gemini, another quota"),
        pytest.param(failure("nvidia", "rate").body.encode(), Refusal(), id="NVIDIA says nothing"),
        pytest.param(failure("kimi", "rate").body.encode(), Refusal(), id="Kimi says nothing"),
        pytest.param(b"", Refusal(), id="no body"),
        pytest.param(b'{"error":{"details":7,"@type":"type.googleapis.com"}}', Refusal(), id="not as expected"),
    ],
)
def test_a_refusal_teaches(body: bytes, expected: Refusal) -> None:
    assert told_by_body(body) == expected


@given(st.binary(max_size=200) | st.text(max_size=200).map(error))
def test_no_body_raises(body: bytes) -> None:
    told_by_body(body)


@pytest.mark.parametrize(
    "text", ["try again in " + "1" * 50_000, "max RPM: " + "0" * 50_000, "(TPM): Limit " + "9" * 50_000]
)
def test_a_long_body_takes_no_time(text: str) -> None:
    told_by_body(error(text))
