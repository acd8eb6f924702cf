"""What a row of `metrics` says, and what it does not."""

from typing import Any

import pytest

from addons.domain.usage import UsageSource
from db.legacy.items import OldSession
from db.legacy.requests import OldRequest

SESSION = OldSession(id="l-1", name="", provider="kimi-code", model="kimi-for-coding", created_at_ms=0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"estimated_tokens": 900, "prompt_tokens": 1000, "completion_tokens": 50, "is_estimated": 0},
            (900, 1000, 50, UsageSource.REPORTED),
            id="reported",
        ),
        pytest.param(
            {"estimated_tokens": 900, "prompt_tokens": 0, "completion_tokens": 0, "is_estimated": 1},
            (900, None, None, None),
            id="estimate only: 0 is not known",
        ),
        pytest.param(
            {"estimated_tokens": 1050, "prompt_tokens": 1000, "completion_tokens": 50, "is_estimated": 0},
            (None, 1000, 50, UsageSource.REPORTED),
            id="the total written over the estimate",
        ),
        pytest.param(
            {"estimated_tokens": 1050, "prompt_tokens": 1000, "completion_tokens": 50, "is_estimated": 1},
            (1050, 1000, 50, UsageSource.ESTIMATED),
            id="all estimated",
        ),
        pytest.param(
            {"estimated_tokens": 900, "prompt_tokens": 1000, "is_estimated": 1, "source": "logs"},
            (900, 1000, None, UsageSource.LOGGED),
            id="from the log",
        ),
        pytest.param(
            {"estimated_tokens": 900, "prompt_tokens": 1000, "completion_tokens": 0, "is_estimated": 0},
            (900, 1000, 0, UsageSource.REPORTED),
            id="an answer of no tokens was reported",
        ),
        pytest.param(
            {"estimated_tokens": 900, "prompt_tokens": 1000, "completion_tokens": 5, "is_estimated": None},
            (900, 1000, 5, UsageSource.REPORTED),
            id="does not say whether it is estimated",
        ),
        pytest.param({}, (None, None, None, None), id="nothing"),
    ],
)
def test_counts_are_what_the_row_knows(row: dict[str, Any], expected: tuple[Any, ...]) -> None:
    made = OldRequest.of(row).completion(SESSION, 5)
    assert (made.prompt_tokens_sent, made.prompt_tokens, made.completion_tokens, made.usage_source) == expected
    assert made.prompt_tokens_before == made.prompt_tokens_sent
    assert (made.session_id, made.provider, made.model, made.started_at_ms) == (
        "l-1",
        "kimi-code",
        "kimi-for-coding",
        5,
    )
    assert (made.source, made.cached_tokens, made.cost_usd) == ("legacy", None, None)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"percentage": 140.0, "memory_tokens": 30, "memory_ratio": 12.5}, (1.4, 30, 0.125)),
        ({"percentage": 0.0, "memory_tokens": 0, "memory_ratio": 0}, (0.0, 0, 0.0)),
        ({}, (None, None, None)),
    ],
    ids=["over the window", "no memory found", "columns missing"],
)
def test_percentages_are_kept_as_fractions(row: dict[str, Any], expected: tuple[Any, ...]) -> None:
    made = OldRequest.of(row).completion(SESSION, 5)
    assert (made.context_fill, made.memory_tokens, made.memory_ratio) == expected


def test_a_request_whose_session_is_gone_belongs_to_none() -> None:
    request = OldRequest.of({"estimated_tokens": 5, "percentage": 101})
    made = request.completion(None, 5)
    assert (made.session_id, made.provider) == (None, "")
    assert request.notes(made) == ["its session is not in the file", "estimate only", "more than the context window"]
