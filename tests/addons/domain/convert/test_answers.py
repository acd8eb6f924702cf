"""Whole answers through the public face, in both directions."""

import json
from typing import Any

import pytest

from addons.domain import convert

Json = dict[str, Any]


def call(call_id: str, name: str = "read", arguments: str = "{}") -> Json:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


WHOLE = {
    "id": "c-1",
    "model": "kimi",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Hi",
                "reasoning_content": "Hm",
                "tool_calls": [call("x", "read", '{"a": 1.0}')],
            },
            "finish_reason": "tool_calls",
        }
    ],
    "usage": {
        "prompt_tokens": 10,
        "completion_tokens": 8,
        "total_tokens": 18,
        "cached_tokens": 4,
        "completion_tokens_details": {"reasoning_tokens": 3},
    },
}


def reply(client: str, provider: str, **fields: Any) -> convert.Reply:
    return convert.Reply(client=client, provider=provider, model="m", **fields)


def test_a_whole_answer_goes_to_gemini_and_back() -> None:
    google = pytest.importorskip("google.genai.types")
    openai = pytest.importorskip("openai.types.chat")
    there = convert.answer(json.dumps(WHOLE).encode(), reply("gemini", "openai"))
    read = google.GenerateContentResponse.model_validate_json(there)
    assert read.text == "Hi"
    assert read.function_calls[0].args == {"a": 1.0}
    counts = read.usage_metadata
    assert (counts.candidates_token_count, counts.thoughts_token_count, counts.total_token_count) == (5, 3, 18)
    back = convert.answer(there, reply("openai", "gemini"), now_s=5)
    openai.ChatCompletion.model_validate_json(back)
    choice, sent = json.loads(back)["choices"][0], WHOLE["choices"][0]  # type: ignore[index]
    assert choice["message"] == sent["message"]
    assert (choice["finish_reason"], json.loads(back)["created"]) == ("tool_calls", 5)
    assert json.loads(back)["usage"]["prompt_tokens_details"] == {"cached_tokens": 4}


def test_an_error_with_status_200_stays_an_error() -> None:
    body = convert.answer(
        b'{"error": {"code": 503, "message": "no", "status": "UNAVAILABLE"}}', reply("openai", "gemini")
    )
    assert json.loads(body)["error"]["message"] == "no"


@pytest.mark.parametrize("body", [b"", b"[1]", b"<html>", b'"x"'])
@pytest.mark.parametrize("client", ["openai", "gemini"])
def test_what_is_no_answer_is_refused(body: bytes, client: str) -> None:
    provider = "gemini" if client == "openai" else "openai"
    with pytest.raises(convert.ConvertError):
        convert.answer(body, reply(client, provider))


def test_the_content_type_is_that_of_the_clients_framing() -> None:
    assert reply("openai", "gemini", stream=True).content_type == "text/event-stream"
    assert reply("gemini", "openai", stream=True, json_array=True).content_type == "application/json"
    assert reply("gemini", "openai").content_type == "application/json"
