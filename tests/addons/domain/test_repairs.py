"""Refusals that are known, and what the request is without their reason."""

import json
from typing import Any

import pytest

from addons.domain.repairs import repair
from addons.domain.settings import Quirks

Json = dict[str, Any]
CALL: Json = {"id": "call_1234", "type": "function", "function": {"name": "f", "arguments": "{}"}}
STEP: Json = {"role": "assistant", "content": "", "tool_calls": [CALL]}
RESULT: Json = {"role": "tool", "tool_call_id": "call_1234", "content": ""}
USER: Json = {"role": "user", "content": "?"}


def openai(message: str) -> Json:
    return {"error": {"message": message, "type": "invalid_request_error"}}


def mistral(*location: str | int) -> Json:
    entry = {"type": "extra_forbidden", "loc": list(location), "msg": "Extra inputs are not permitted"}
    return {"object": "error", "message": {"detail": [entry]}, "type": "invalid_request_error"}


def repaired(refusal: Json, *messages: Json, status: int = 400, **fields: Any) -> Json | None:
    request = {"model": "m", "messages": [USER, *messages]} | fields
    done = repair(json.dumps(request).encode(), status, json.dumps(refusal).encode(), Quirks())
    if done is None:
        return None
    assert done.notes
    body = dict(json.loads(done.body))
    assert body["model"] == "m"
    return body


GROQ_MESSAGE = (
    "'messages.1' : for 'role:assistant' the following must be satisfied"
    "[('messages.1' : property 'reasoning_content' is unsupported)]"
)


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (openai(GROQ_MESSAGE), 400),
        (
            {
                "message": "messages.1.assistant.reasoning_content: property '…' is unsupported",
                "code": "wrong_api_format",
            },
            400,
        ),
        (mistral("body", "messages", 1, "assistant", "reasoning_content"), 422),
        (openai("Unknown parameter: 'messages[1].reasoning_content'."), 400),
    ],
    ids=["groq", "cerebras", "mistral", "openai"],
)
def test_a_field_of_a_message_that_is_refused_is_left_out(refusal: Json, status: int) -> None:
    body = repaired(refusal, STEP | {"reasoning_content": "Hm"}, status=status)
    assert body is not None
    assert body["messages"][1] == STEP


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (mistral("body", "stream_options", "include_usage"), "stream_options"),
        (openai("property 'store' is unsupported"), "store"),
        ({"message": "body.store: property 'body.store' is unsupported"}, "store"),
        (openai("Unrecognized request argument supplied: prompt_cache_key"), "prompt_cache_key"),
        (openai("invalid temperature: only 1 is allowed for this model"), "temperature"),
        (openai("Unsupported value: 'temperature' does not support 0.5 with this model."), "temperature"),
    ],
    ids=["mistral", "groq", "cerebras", "openai", "kimi", "openai value"],
)
def test_a_field_of_the_body_that_is_refused_is_left_out(refusal: Json, field: str) -> None:
    body = repaired(refusal, status=422, **{field: 1})
    assert body is not None
    assert field not in body


def test_missing_reasoning_is_put_in() -> None:
    refusal = openai("thinking is enabled but reasoning_content is missing in assistant tool call message at index 1")
    body = repaired(refusal, STEP, RESULT)
    assert body is not None
    assert body["messages"][1]["reasoning_content"] == " "


def test_empty_content_is_filled_or_dropped() -> None:
    body = repaired(openai("Invalid request: text content is empty"), STEP, RESULT)
    assert body is not None
    assert "content" not in body["messages"][1]
    assert body["messages"][2]["content"] == " "


def test_too_many_tools_are_cut() -> None:
    refusal = openai("Invalid 'tools': array too long. Expected an array with maximum length 128, but got 200 instead.")
    body = repaired(refusal, tools=list(range(200)))
    assert body is not None
    assert body["tools"] == list(range(128))


def test_ids_are_replaced() -> None:
    refusal = openai("Tool call id was call_1234 but must be a-z, A-Z, 0-9, with a length of 9.")
    body = repaired(refusal, STEP, RESULT)
    assert body is not None
    assert len(body["messages"][2]["tool_call_id"]) == 9


def test_a_field_is_sent_under_its_new_name() -> None:
    refusal = openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    body = repaired(refusal, max_tokens=5)
    assert body is not None
    assert body["max_completion_tokens"] == 5


def test_an_order_that_is_refused_gets_an_answer_in_between() -> None:
    body = repaired(openai("Unexpected role 'user' after role 'tool'"), STEP, RESULT, USER)
    assert body is not None
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "tool", "assistant", "user"]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (openai("property 'store' is unsupported"), 429),
        (openai("The model does not exist"), 400),
        (openai("property 'absent' is unsupported"), 400),
        ({}, 400),
        (mistral("body", "messages", 1, "assistant", "tool_calls", 0, "x"), 422),
        (openai("property 'messages' is unsupported"), 400),
    ],
    ids=["another status", "unknown reason", "not in the request", "no reason", "inside a call", "needed"],
)
def test_what_is_not_known_is_not_repaired(refusal: Json, status: int) -> None:
    assert repaired(refusal, STEP, RESULT, status=status, store=1) is None


def test_googles_signatures_are_taken_from_calls() -> None:
    signed = CALL | {"extra_content": {"google": {"thought_signature": "s"}}}
    location = ("body", "messages", 1, "assistant", "tool_calls", 0, "extra_content")
    body = repaired(mistral(*location), STEP | {"tool_calls": [signed]}, RESULT, status=422)
    assert body is not None
    assert body["messages"][1] == STEP


def test_what_was_learned_is_kept_for_the_next_request() -> None:
    request = json.dumps({"messages": [USER], "store": 1, "user": "u"}).encode()
    first = repair(request, 400, json.dumps(openai("property 'store' is unsupported")).encode(), Quirks())
    assert first is not None
    second = repair(first.body, 400, json.dumps(openai("property 'user' is unsupported")).encode(), first.quirks)
    assert second is not None
    assert second.quirks.strip_fields == ("store", "user")
    assert json.loads(second.body) == {"messages": [USER]}
