"""Gemini's answers as an OpenAI client reads them."""

import json

import pytest

from addons.domain import convert

TO_OPENAI = convert.Reply(client="openai", provider="gemini", model="g")


@pytest.mark.parametrize(
    ("native", "finish", "kept"),
    [
        ("STOP", "stop", None),
        ("MAX_TOKENS", "length", None),
        ("SAFETY", "content_filter", "SAFETY"),
        ("RECITATION", "content_filter", "RECITATION"),
        ("IMAGE_OTHER", "content_filter", "IMAGE_OTHER"),
        ("SOMETHING_NEW", "content_filter", "SOMETHING_NEW"),
        ("MALFORMED_FUNCTION_CALL", "stop", "MALFORMED_FUNCTION_CALL"),
    ],
)
def test_a_finish_keeps_googles_own_word_where_openais_says_less(native: str, finish: str, kept: str | None) -> None:
    body = json.dumps({"candidates": [{"content": {"parts": []}, "finishReason": native}]}).encode()
    [choice] = json.loads(convert.answer(body, TO_OPENAI))["choices"]
    assert (choice["finish_reason"], choice.get("native_finish_reason")) == (finish, kept)


def test_what_finished_without_saying_why_says_it_as_a_refusal() -> None:
    candidate = {"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "Malformed function call: read("}
    [choice] = json.loads(convert.answer(json.dumps({"candidates": [candidate]}).encode(), TO_OPENAI))["choices"]
    assert choice["message"] == {"role": "assistant", "content": None, "refusal": "Malformed function call: read("}


def test_what_googles_own_tools_say_is_left_out() -> None:
    parts = [{"executableCode": {"code": "1"}}, {"text": "A"}, {"codeExecutionResult": {"output": "1"}}]
    body = json.dumps({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}).encode()
    assert json.loads(convert.answer(body, TO_OPENAI))["choices"][0]["message"]["content"] == "A"
