"""Whole answers of every dialect, as a Gemini client reads them, and Gemini's as an OpenAI client does."""

import json
from typing import Any

import pytest

from addons.domain import convert

Json = dict[str, Any]
TO_GEMINI = convert.Reply(client="gemini", provider="openai", model="m")
TO_OPENAI = convert.Reply(client="openai", provider="gemini", model="g")


def candidate(message: Json, finish: str | None = "stop") -> Json:
    body = {"id": "c", "choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    answer = json.loads(convert.answer(json.dumps(body).encode(), TO_GEMINI))
    return dict(answer["candidates"][0])


def choice(*parts: Json, finish: str = "STOP") -> Json:
    body = {"candidates": [{"content": {"parts": list(parts)}, "finishReason": finish}], "responseId": "r"}
    return dict(json.loads(convert.answer(json.dumps(body).encode(), TO_OPENAI))["choices"][0])


@pytest.mark.parametrize(
    ("finish", "native"),
    [
        ("stop", "STOP"),
        ("length", "MAX_TOKENS"),
        ("tool_calls", "STOP"),
        ("content_filter", "SAFETY"),
        ("error", "OTHER"),
        ("model_length", "STOP"),
    ],
)
def test_a_finish_reason_becomes_googles(finish: str, native: str) -> None:
    assert candidate({"content": "A"}, finish)["finishReason"] == native


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ({"content": "A", "reasoning_content": "Hm"}, [{"text": "Hm", "thought": True}, {"text": "A"}]),
        ({"content": None, "refusal": "No."}, [{"text": "No."}]),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                    {"type": "text", "text": "A"},
                ]
            },
            [{"text": "Hm", "thought": True}, {"text": "A"}],
        ),
        ({"content": None}, [{"text": ""}]),
        (
            {"content": "A", "extra_content": {"google": {"thought_signature": "s"}}},
            [{"text": "A", "thoughtSignature": "s"}],
        ),
        (
            {"content": "", "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
            [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}],
        ),
    ],
    ids=["reasoning", "refusal", "mistral", "nothing", "signature", "image"],
)
def test_a_message_becomes_parts(message: Json, parts: list[Json]) -> None:
    assert candidate(message)["content"] == {"parts": parts, "role": "model"}


def test_calls_without_ids_get_the_same_ones_each_time_and_each_its_own() -> None:
    call = {"functionCall": {"name": "ls", "args": {}}}
    first, second = (choice(call, call)["message"]["tool_calls"] for _ in range(2))
    assert first == second
    assert first[0]["id"] != first[1]["id"]


def test_a_call_beside_a_stop_is_a_finish_of_calls_and_content_is_null() -> None:
    said = choice({"functionCall": {"name": "ls"}})
    assert (said["finish_reason"], said["message"]["content"]) == ("tool_calls", None)
    assert said["message"]["tool_calls"][0]["function"]["arguments"] == "{}"
    assert choice({"functionCall": {"name": "ls"}}, finish="MAX_TOKENS")["finish_reason"] == "length"


def test_a_blocked_prompt_is_filtered_with_a_reason() -> None:
    body = b'{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}'
    [said] = json.loads(convert.answer(body, TO_OPENAI))["choices"]
    assert (said["finish_reason"], said["message"]["content"]) == ("content_filter", None)
    assert "PROHIBITED_CONTENT" in said["message"]["refusal"]


def test_an_image_that_gemini_made_stands_beside_the_content() -> None:
    said = choice({"text": "Here"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}})
    assert said["message"]["images"][0]["image_url"]["url"] == "data:image/png;base64,AAAA"


def test_an_array_of_pieces_is_one_answer() -> None:
    pieces = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("A", "B")]
    pieces[1]["candidates"][0]["finishReason"] = "STOP"  # type: ignore[assignment]
    [said] = json.loads(convert.answer(json.dumps(pieces).encode(), TO_OPENAI))["choices"]
    assert (said["message"]["content"], said["finish_reason"]) == ("AB", "stop")


def test_every_candidate_is_a_choice() -> None:
    body = {
        "candidates": [{"index": n, "content": {"parts": [{"text": str(n)}]}, "finishReason": "STOP"} for n in (0, 1)]
    }
    choices = json.loads(convert.answer(json.dumps(body).encode(), TO_OPENAI))["choices"]
    assert [(one["index"], one["message"]["content"]) for one in choices] == [(0, "0"), (1, "1")]


def test_parts_of_a_content_that_nobody_knows_are_left_out() -> None:
    content = [
        {"type": "text", "text": "A"},
        {"type": "reference", "reference_ids": [1]},
        {"type": "text", "text": "B"},
    ]
    assert candidate({"content": content})["content"]["parts"] == [{"text": "A"}, {"text": "B"}]
    assert candidate({"content": "A", "extra_content": [], "images": [{}]})["content"]["parts"] == [{"text": "A"}]
