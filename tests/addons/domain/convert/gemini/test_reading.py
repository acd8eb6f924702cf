"""Requests of Gemini clients: both spellings, results without ids, what cannot be said elsewhere."""

import json
from typing import Any

import pytest

from addons.domain import convert

Json = dict[str, Any]
USER: Json = {"role": "user", "parts": [{"text": "?"}]}


def converted(contents: list[Json], **fields: Any) -> convert.Converted:
    body = json.dumps({"contents": contents} | fields).encode()
    return convert.request(body, "gemini", "openai", model="m", path="/v1beta/models/g:generateContent")


def read(contents: list[Json], **fields: Any) -> Json:
    return dict(json.loads(converted(contents, **fields).body))


def test_snake_case_is_read_like_camel_case() -> None:
    contents = [
        USER,
        {
            "role": "model",
            "parts": [{"function_call": {"name": "read", "args": {"a": 1}}, "thought_signature": "c2ln"}],
        },
        {"role": "user", "parts": [{"function_response": {"name": "read", "response": {"result": "R"}}}]},
        {"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": "AAAA"}}]},
    ]
    body = read(
        contents,
        system_instruction={"parts": [{"text": "S"}]},
        generation_config={"max_output_tokens": 5},
        tools=[{"function_declarations": [{"name": "read", "parameters_json_schema": {"type": "object"}}]}],
    )
    call, result = body["messages"][2]["tool_calls"][0], body["messages"][3]
    assert body["messages"][0] == {"role": "system", "content": "S"}
    assert call["function"] == {"name": "read", "arguments": '{"a": 1}'}
    assert call["extra_content"]["google"]["thought_signature"] == "c2ln"
    assert result == {"role": "tool", "tool_call_id": call["id"], "content": "R"}
    assert body["messages"][4]["content"][0]["image_url"]["url"] == "data:image/png;base64,AAAA"
    assert body["max_tokens"] == 5
    assert body["tools"][0]["function"]["parameters"] == {"type": "object"}


@pytest.mark.parametrize(
    ("response", "content"),
    [
        ({"output": "x"}, "x"),
        ({"content": "x"}, "x"),
        ({"error": "x"}, '{"error": "x"}'),
        ({"output": {"a": 1.0}}, '{"output": {"a": 1.0}}'),
        ({}, "{}"),
    ],
    ids=str,
)
def test_a_response_becomes_the_text_in_it_or_its_json(response: Json, content: str) -> None:
    contents = [
        USER,
        {"role": "model", "parts": [{"functionCall": {"name": "read"}}]},
        {"role": "function", "parts": [{"functionResponse": {"name": "read", "response": response}}]},
    ]
    assert read(contents)["messages"][2]["content"] == content


def test_a_turn_that_a_client_stored_chunk_by_chunk_becomes_one_message() -> None:
    contents = [USER, *({"role": "model", "parts": [{"text": piece}]} for piece in ("A", "", "B"))]
    assert read(contents)["messages"][1:] == [{"role": "assistant", "content": "AB"}]


def test_thoughts_become_reasoning() -> None:
    contents = [USER, {"role": "model", "parts": [{"text": "Hm", "thought": True}, {"text": "A"}]}]
    assert read(contents)["messages"][1] == {"role": "assistant", "content": "A", "reasoning_content": "Hm"}


def test_images_of_results_go_into_a_message_of_the_user() -> None:
    response = {"name": "shot", "response": {}, "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]}
    contents = [
        USER,
        {"role": "model", "parts": [{"functionCall": {"name": "shot"}}]},
        {"role": "user", "parts": [{"functionResponse": response}]},
    ]
    said = converted(contents)
    assert [message["role"] for message in json.loads(said.body)["messages"]] == ["user", "assistant", "tool", "user"]
    assert said.notes == ("images of tool results put into a message of the user",)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"mode": "AUTO"}, "auto"),
        ({"mode": "NONE"}, "none"),
        ({"mode": "ANY"}, "required"),
        ({"mode": "ANY", "allowedFunctionNames": ["a"]}, {"type": "function", "function": {"name": "a"}}),
        ({"mode": "ANY", "allowedFunctionNames": ["a", "b"]}, "required"),
        ({"mode": "VALIDATED"}, "auto"),
        ({}, None),
    ],
    ids=str,
)
def test_a_mode_becomes_a_tool_choice(config: Json, expected: Any) -> None:
    assert read([USER], toolConfig={"functionCallingConfig": config}).get("tool_choice") == expected


def test_googles_schema_of_a_tool_becomes_json_schema() -> None:
    parameters = {"type": "OBJECT", "properties": {"a": {"type": "STRING", "nullable": True}}}
    [tool] = read([USER], tools=[{"functionDeclarations": [{"name": "a", "parameters": parameters}]}])["tools"]
    assert tool["function"]["parameters"]["properties"] == {"a": {"type": ["string", "null"]}}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"responseMimeType": "application/json"}, {"type": "json_object"}),
        (
            {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}},
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}},
        ),
        ({"responseMimeType": "text/plain"}, None),
    ],
    ids=["any", "schema", "prose"],
)
def test_json_is_asked_for(config: Json, expected: Any) -> None:
    assert read([USER], generationConfig=config).get("response_format") == expected


def test_what_only_google_has_is_noted() -> None:
    said = converted(
        [USER], safetySettings=[{}], tools=[{"googleSearch": {}}], generationConfig={"mediaResolution": "LOW"}
    )
    assert said.notes == (
        "request.safetySettings left out",
        "request.generationConfig.mediaResolution left out",
        "tools[0].googleSearch left out: Google's own tool",
    )


@pytest.mark.parametrize(
    ("contents", "fields", "message"),
    [
        ([USER], {"cachedContent": "cachedContents/x"}, "cachedContent: the conversation is stored at Google"),
        ([{"role": "judge", "parts": []}], {}, r"contents\[0\].role is 'judge'"),
        (
            [{"parts": [{"inlineData": {"mimeType": "video/mp4", "data": "AA"}}]}],
            {},
            r"contents\[0\]: media .*'video/mp4'",
        ),
        ([{"parts": [{"inlineData": {"mimeType": "text/plain", "data": "!"}}]}], {}, "not base64"),
        ([], {}, "no messages"),
        ([{"role": "user", "parts": [{"functionCall": {"name": "x"}}]}], {}, r"contents\[0\]: a tool call"),
        ([USER, {"role": "model", "parts": [{"functionCall": {"name": "x"}}]}], {}, r"contents\[1\]: no tool results"),
    ],
    ids=["stored", "role", "video", "base64", "nothing", "call of the user", "no results"],
)
def test_what_cannot_be_said_is_named(contents: list[Json], fields: Json, message: str) -> None:
    with pytest.raises(convert.ConvertError, match=message):
        converted(contents, **fields)


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        (
            {"mimeType": "audio/mpeg", "data": "AA=="},
            {"type": "input_audio", "input_audio": {"data": "AA==", "format": "mp3"}},
        ),
        ({"mimeType": "text/markdown", "data": "IyBI"}, {"type": "text", "text": "# H"}),
        (
            {"mimeType": "application/pdf", "data": "AAAA"},
            {"type": "file", "file": {"filename": "file.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
        ),
    ],
    ids=["sound", "text", "document"],
)
def test_media_keep_their_type(blob: Json, expected: Json) -> None:
    assert read([{"role": "user", "parts": [{"inlineData": blob}]}])["messages"][0]["content"] == [expected]
