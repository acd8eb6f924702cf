"""What stands in a request to Gemini, and for which models."""

import json
from typing import Any

import pytest

from addons.domain import convert

Json = dict[str, Any]
USER: Json = {"role": "user", "content": "?"}


def written(messages: list[Json], model: str = "gemini-3-pro", reduced: bool = False, **fields: Any) -> Json:
    body = json.dumps({"model": "m", "messages": messages} | fields).encode()
    converted = convert.request(body, "openai", "gemini", model=model, reduced_schemas=reduced)
    return dict(json.loads(converted.body))


def call(call_id: str, signature: str = "") -> Json:
    signed = {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}
    return {"id": call_id, "type": "function", "function": {"name": "read", "arguments": "{}"}} | signed


def step(*calls: Json, **fields: Any) -> list[Json]:
    results = [{"role": "tool", "tool_call_id": one["id"], "content": one["id"]} for one in calls]
    return [{"role": "assistant", "content": None, "tool_calls": list(calls)} | fields, *results]


def signatures(body: Json) -> list[str | None]:
    """Of each call, in order."""
    parts = [part for content in body["contents"] for part in content["parts"] if "functionCall" in part]
    return [part.get("thoughtSignature") for part in parts]


def test_ids_go_to_the_third_generation_only() -> None:
    new, old = (written([USER, *step(call("a"))], model) for model in ("gemini-3-pro", "gemini-2.5-pro"))
    assert new["contents"][1]["parts"][0]["functionCall"]["id"] == "a"
    assert new["contents"][2]["parts"][0]["functionResponse"]["id"] == "a"
    assert b'"id"' not in json.dumps(old).encode()


STAND_IN = "skip_thought_signature_validator"


@pytest.mark.parametrize(
    ("calls", "model", "expected"),
    [
        ([call("a"), call("b")], "gemini-3-pro", [STAND_IN, None]),
        ([call("a", "c2ln"), call("b")], "gemini-3-pro", ["c2ln", None]),
        ([call("a"), call("b", "c2ln")], "gemini-3-pro", [None, "c2ln"]),
        ([call("a"), call("b")], "gemini-2.5-pro", [None, None]),
        ([call("a", "c2ln")], "gemini-2.5-pro", ["c2ln"]),
    ],
    ids=["foreign", "own", "own on another", "older model", "older model, own"],
)
def test_the_first_call_of_a_step_has_a_signature(calls: list[Json], model: str, expected: list[str | None]) -> None:
    assert signatures(written([USER, *step(*calls)], model)) == expected


def test_every_step_of_a_foreign_history_has_a_stand_in_also_in_older_turns() -> None:
    body = written([USER, *step(call("a")), *step(call("b"), call("c")), USER, *step(call("d"))])
    assert signatures(body) == [STAND_IN, STAND_IN, None, STAND_IN]


def test_reasoning_is_sent_back_only_to_the_model_it_came_from() -> None:
    own = written([USER, *step(call("a", "c2ln"), reasoning_content="Hm")])
    foreign = written([USER, *step(call("a"), reasoning_content="Hm")])
    assert own["contents"][1]["parts"][0] == {"text": "Hm", "thought": True}
    assert "functionCall" in foreign["contents"][1]["parts"][0]


def test_results_stand_before_what_the_user_says_in_the_same_content() -> None:
    contents = written([USER, *step(call("a"), call("b")), USER])["contents"]
    assert [content["role"] for content in contents] == ["user", "model", "user"]
    assert ["text" in part for part in contents[2]["parts"]] == [False, False, True]


def test_images_of_results_stand_in_them_or_for_older_models_beside_them() -> None:
    messages = [USER, *step(call("a"))]
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    messages[2]["content"] = [{"type": "text", "text": "shot"}, image]
    data = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    new = written(messages)["contents"][2]["parts"]
    old = written(messages, "gemini-2.5-pro")["contents"][2]["parts"]
    assert new[0]["functionResponse"]["parts"] == [data]
    assert old[1:] == [data]
    assert old[0]["functionResponse"]["response"] == {"output": "shot"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            {"type": "image_url", "image_url": {"url": "https://x.test/a.png?b"}},
            {"fileData": {"fileUri": "https://x.test/a.png?b", "mimeType": "image/png"}},
        ),
        (
            {"type": "image_url", "image_url": {"url": "data:image/svg+xml,%3Csvg/%3E"}},
            {"inlineData": {"mimeType": "image/svg+xml", "data": "PHN2Zy8+"}},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
            {"inlineData": {"mimeType": "audio/mp3", "data": "AAAA"}},
        ),
        (
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
            {"inlineData": {"mimeType": "application/pdf", "data": "AAAA"}},
        ),
    ],
    ids=["address", "data without base64", "sound", "document"],
)
def test_media_keep_their_type(part: Json, expected: Json) -> None:
    parts = written([{"role": "user", "content": [part]}])["contents"][0]["parts"]
    assert parts == [expected, {"text": " "}]


def test_a_schema_is_sent_as_it_is_or_reduced_where_asked() -> None:
    schema = {"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "additionalProperties": False}
    tools = [
        {"type": "function", "function": {"name": "a", "description": "D", "parameters": schema}},
        {"type": "function", "function": {"name": "b", "parameters": {"type": "object", "properties": {}}}},
        {"type": "function", "function": {"name": "c"}},
    ]
    [whole] = written([USER], tools=tools)["tools"]
    [small] = written([USER], reduced=True, tools=tools)["tools"]
    assert whole["functionDeclarations"][0] == {"name": "a", "description": "D", "parametersJsonSchema": schema}
    properties = {"a": {"type": "STRING", "nullable": True}}
    assert small["functionDeclarations"] == [
        {"name": "a", "description": "D", "parameters": {"type": "OBJECT", "properties": properties}},
        {"name": "b"},
        {"name": "c"},
    ]


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        ({"type": "function", "function": {"name": "read"}}, {"mode": "ANY", "allowedFunctionNames": ["read"]}),
    ],
    ids=str,
)
def test_a_tool_choice_becomes_a_mode(choice: Any, config: Json) -> None:
    assert written([USER], tool_choice=choice)["toolConfig"] == {"functionCallingConfig": config}


def test_what_a_model_does_not_take_is_left_out() -> None:
    config = written([USER], presence_penalty=1, stop=list("abcdefg"), max_completion_tokens=5, temperature=None)
    assert config["generationConfig"] == {"stopSequences": list("abcde"), "maxOutputTokens": 5}
    assert written([USER], "gemini-2.5-pro", presence_penalty=1)["generationConfig"] == {"presencePenalty": 1}


def test_kimis_switch_turns_thinking_off() -> None:
    body = written([USER], "gemini-2.5-flash", thinking={"type": "disabled"})
    assert body["generationConfig"] == {"thinkingConfig": {"thinkingBudget": 0}}


def test_arguments_go_verbatim_and_what_is_no_object_is_kept_as_one() -> None:
    messages = [USER, *step(call("a"), call("b"))]
    messages[1]["tool_calls"][0]["function"]["arguments"] = '{"n": 1.0, "big": 123456789012345678901}'
    messages[1]["tool_calls"][1]["function"]["arguments"] = "{oops"
    body = json.dumps({"messages": messages}).encode()
    said = convert.request(body, "openai", "gemini", model="gemini-3-pro").body
    assert b'"args":{"n": 1.0, "big": 123456789012345678901}' in said
    assert b'"args":{"_raw":"{oops"}' in said


@pytest.mark.parametrize("name", ["9lives", "a b", "x" * 70, "é"])
def test_a_name_that_google_refuses_is_spelt_otherwise_everywhere(name: str) -> None:
    messages = [USER, *step(call("a"))]
    messages[1]["tool_calls"][0]["function"]["name"] = name
    tools = [{"type": "function", "function": {"name": name}}]
    choice = {"type": "function", "function": {"name": name}}
    body = written(messages, tools=tools, tool_choice=choice)
    [declared] = body["tools"][0]["functionDeclarations"]
    assert declared["name"] != name
    assert body["contents"][1]["parts"][0]["functionCall"]["name"] == declared["name"]
    assert body["contents"][2]["parts"][0]["functionResponse"]["name"] == declared["name"]
    assert body["toolConfig"]["functionCallingConfig"]["allowedFunctionNames"] == [declared["name"]]
