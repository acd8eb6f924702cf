"""Thoughts are inside one format's count and beside the other's; whether Google added them itself, its total tells."""

import json
from typing import Any

import pytest

from addons.domain import convert
from addons.domain.convert.usages import gemini_usage, openai_usage
from addons.domain.usage import Usage

TO_OPENAI = convert.Reply(client="openai", provider="gemini", model="g")


@pytest.mark.parametrize(
    ("counts", "completion"),
    [
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 2, "totalTokenCount": 17}, 7),
        ({"promptTokenCount": 10, "candidatesTokenCount": 7, "thoughtsTokenCount": 2, "totalTokenCount": 17}, 7),
        ({"promptTokenCount": 10, "candidatesTokenCount": 7, "totalTokenCount": 17}, 7),
    ],
    ids=["beside", "inside", "none"],
)
def test_thoughts_are_counted_once(counts: dict[str, int], completion: int) -> None:
    body: dict[str, Any] = {"candidates": [{"content": {"parts": [{"text": "A"}]}}], "usageMetadata": counts}
    usage = json.loads(convert.answer(json.dumps(body).encode(), TO_OPENAI))["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (10, completion, 17)


def test_the_prompt_of_tools_is_part_of_the_prompt() -> None:
    counts = {"promptTokenCount": 10, "toolUsePromptTokenCount": 3, "candidatesTokenCount": 5, "totalTokenCount": 18}
    body = {"candidates": [], "promptFeedback": {"blockReason": "OTHER"}, "usageMetadata": counts}
    assert json.loads(convert.answer(json.dumps(body).encode(), TO_OPENAI))["usage"]["prompt_tokens"] == 13


def test_cached_tokens_never_exceed_the_prompt() -> None:
    counts = {"promptTokenCount": 10, "cachedContentTokenCount": 99, "candidatesTokenCount": 1, "totalTokenCount": 11}
    body = {"candidates": [{}], "usageMetadata": counts}
    usage = json.loads(convert.answer(json.dumps(body).encode(), TO_OPENAI))["usage"]
    assert usage["prompt_tokens_details"] == {"cached_tokens": 10}


def test_what_nobody_counted_is_left_out() -> None:
    assert openai_usage(Usage(prompt_tokens=3), None) == {"prompt_tokens": 3, "completion_tokens": 0, "total_tokens": 3}
    assert gemini_usage(Usage(prompt_tokens=3), None) == {
        "promptTokenCount": 3,
        "candidatesTokenCount": 0,
        "totalTokenCount": 3,
    }


def test_reasoning_is_taken_out_of_googles_candidates() -> None:
    counts = gemini_usage(Usage(prompt_tokens=1, completion_tokens=9, reasoning_tokens=4, cached_tokens=1), None)
    assert (counts["candidatesTokenCount"], counts["thoughtsTokenCount"], counts["totalTokenCount"]) == (5, 4, 10)
    assert counts["cachedContentTokenCount"] == 1
