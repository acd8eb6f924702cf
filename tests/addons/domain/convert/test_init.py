"""Whole requests and answers through the public face, in both directions."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain import convert

Json = dict[str, Any]

TINY = "iVBORw0KGgo="
PNG, JPEG, WEBP = (f"data:image/{kind};base64,{TINY}" for kind in ("png", "jpeg", "webp"))


def openai_body(messages: list[Json], **fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": messages} | fields, ensure_ascii=False).encode()


def to_gemini(body: bytes, model: str = "gemini-3-pro") -> convert.Converted:
    return convert.request(body, "openai", "gemini", model=model)


def there_and_back(messages: list[Json], model: str = "gemini-3-pro", **fields: Any) -> Json:
    there = to_gemini(openai_body(messages, **fields), model)
    back = convert.request(there.body, "gemini", "openai", model="m", path=there.path)
    return dict(json.loads(back.body))


def call(call_id: str, name: str = "read", arguments: str = "{}") -> Json:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def step(*calls: Json, content: str | None = None) -> Json:
    return {"role": "assistant", "content": content, "tool_calls": list(calls)}


def result(call_id: str, content: str = "done") -> Json:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


USER: Json = {"role": "user", "content": "Hello"}


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([USER], id="text"),
        pytest.param([USER, {"role": "assistant", "content": "Hi"}], id="trailing assistant"),
        pytest.param([{"role": "system", "content": "A"}, {"role": "system", "content": "B"}, USER], id="two systems"),
        pytest.param(
            [USER, {"role": "assistant", "content": "Hi"}, {"role": "system", "content": "Now\nB"}, USER],
            id="a system message in mid-conversation",
        ),
        pytest.param([{"role": "assistant", "content": "Summary"}, USER], id="a leading assistant"),
        pytest.param([USER, step(call("a")), result("a")], id="one call"),
        pytest.param([USER, step(call("a"), content="I read."), result("a"), USER], id="text and call"),
        pytest.param(
            [USER, step(call("a"), call("b"), call("c")), result("a", "1"), result("b", "2"), result("c", "3")],
            id="three parallel calls",
        ),
        pytest.param(
            [USER, step(call("a", arguments='{"x": {"é": [1.0, 10000000000000000000000, null]}}')), result("a")],
            id="nested",
        ),
        *(
            pytest.param([USER, step(call("a")), result("a", content)], id=f"result {content!r}")
            for content in ("", "plain", '{"a": 1}', '{"output":"x"}', "[1, 2]", '"quoted"', "né\n\u2028")
        ),
        *(
            pytest.param(
                [
                    {
                        "role": "user",
                        "content": [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": url}}],
                    }
                ],
                id=url[5:15],
            )
            for url in (PNG, JPEG, WEBP)
        ),
        pytest.param(
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": PNG}}]}], id="image alone"
        ),
    ],
)
def test_a_conversation_comes_back_from_gemini_as_it_went(messages: list[Json]) -> None:
    assert there_and_back(messages)["messages"] == messages


def test_two_messages_of_the_user_come_back_as_two_parts_of_one() -> None:
    messages = there_and_back([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])["messages"]
    assert messages == [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]


def test_results_out_of_order_come_back_in_the_order_of_their_calls() -> None:
    sent = [USER, step(call("a"), call("b")), result("b", "2"), result("a", "1")]
    assert there_and_back(sent)["messages"] == [*sent[:2], sent[3], sent[2]]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_conversation_comes_back(data: st.DataObject, exchanges: Any, systems: Any, in_call_order: Any) -> None:
    drawn = data.draw(exchanges)
    messages = [*data.draw(systems), *(message for exchange in drawn for message in exchange)]
    assert there_and_back(messages)["messages"] == in_call_order(messages)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), model=st.sampled_from(["gemini-2.5-flash", "gemini-3-pro"]))
def test_a_longer_history_begins_like_a_shorter_one(data: st.DataObject, model: str, exchanges: Any) -> None:
    drawn = data.draw(exchanges)
    longer = [message for exchange in drawn for message in exchange]
    shorter = [message for exchange in drawn[:-1] for message in exchange]
    contents = json.loads(to_gemini(openai_body([*longer, USER]), model).body)["contents"]
    before = json.loads(to_gemini(openai_body([*shorter, drawn[-1][0]]), model).body)["contents"]
    assert contents[: len(before)] == before
    there = to_gemini(openai_body([*longer, USER]), model).body
    messages = json.loads(convert.request(there, "gemini", "openai", model="m").body)["messages"]
    there = to_gemini(openai_body([*shorter, drawn[-1][0]]), model).body
    messages_before = json.loads(convert.request(there, "gemini", "openai", model="m").body)["messages"]
    assert messages[: len(messages_before)] == messages_before


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_same_request_gives_the_same_bytes(data: st.DataObject, exchanges: Any) -> None:
    body = openai_body([message for exchange in data.draw(exchanges) for message in exchange])
    assert to_gemini(body) == to_gemini(body)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), model=st.sampled_from(["gemini-2.5-flash", "gemini-3-pro"]))
def test_what_is_written_is_valid_by_the_sdks_of_both_providers(
    data: st.DataObject, model: str, exchanges: Any, systems: Any
) -> None:
    google = pytest.importorskip("google.genai.types")
    openai = pytest.importorskip("openai.types.chat")
    pydantic = pytest.importorskip("pydantic")
    drawn = data.draw(exchanges)
    messages = [*data.draw(systems), *(message for exchange in drawn for message in exchange)]
    tools = [{"type": "function", "function": {"name": "read", "parameters": {"type": "object", "properties": {}}}}]
    asked = {"temperature": 0.5, "stop": "x", "reasoning_effort": "low", "tool_choice": "required", "max_tokens": 9}
    there = to_gemini(openai_body(messages, tools=tools, **asked), model)
    body = json.loads(there.body)
    for content in (*body["contents"], *([body["systemInstruction"]] if "systemInstruction" in body else [])):
        google.Content.model_validate(content)
    google.GenerationConfig.model_validate(body["generationConfig"])
    google.ToolConfig.model_validate(body["toolConfig"])
    for tool in body["tools"]:
        google.Tool.model_validate(tool)
    back = json.loads(convert.request(there.body, "gemini", "openai", model="m").body)
    adapter = pydantic.TypeAdapter(openai.ChatCompletionMessageParam)
    for message in back["messages"]:
        adapter.validate_python(message)


SIGNED: list[Json] = [
    {"role": "user", "parts": [{"text": "Read."}]},
    {
        "role": "model",
        "parts": [
            {"text": "I read.", "thoughtSignature": "c2lnMQ=="},
            {"functionCall": {"id": "x", "name": "read", "args": {"a": 1}}, "thoughtSignature": "c2lnMg=="},
            {"functionCall": {"id": "y", "name": "read", "args": {"a": 2}}},
        ],
    },
    {
        "role": "user",
        "parts": [
            {"functionResponse": {"id": "x", "name": "read", "response": {"output": "1"}}},
            {"functionResponse": {"id": "y", "name": "read", "response": {"output": "2"}}},
        ],
    },
    {
        "role": "model",
        "parts": [{"functionCall": {"id": "z", "name": "read", "args": {}}, "thoughtSignature": "c2lnMw=="}],
    },
    {"role": "user", "parts": [{"functionResponse": {"id": "z", "name": "read", "response": {"output": "3"}}}]},
    {
        "role": "model",
        "parts": [
            {"text": "A", "thoughtSignature": "c2lnNA=="},
            {"text": "B", "thoughtSignature": "c2lnNQ=="},
            {"text": "C"},
        ],
    },
]


def test_signatures_come_back_from_openai_to_the_byte() -> None:
    body = json.dumps({"contents": SIGNED}).encode()
    there = convert.request(body, "gemini", "openai", model="m")
    back = json.loads(to_gemini(there.body).body)
    assert back["contents"] == SIGNED


def test_the_stand_in_of_a_signature_is_none_and_comes_back() -> None:
    part = {
        "functionCall": {"id": "x", "name": "r", "args": {}},
        "thoughtSignature": "skip_thought_signature_validator",
    }
    contents = [
        {"role": "user", "parts": [{"text": "?"}]},
        {"role": "model", "parts": [part]},
        {"role": "user", "parts": [{"functionResponse": {"id": "x", "name": "r", "response": {"output": ""}}}]},
    ]
    there = convert.request(json.dumps({"contents": contents}).encode(), "gemini", "openai", model="m")
    assert b"skip_thought" not in there.body
    assert json.loads(to_gemini(there.body).body)["contents"] == contents


FIELDS: Json = {
    "temperature": 0.25,
    "top_p": 1.0,
    "top_k": 40,
    "max_tokens": 100,
    "stop": ["a", "b"],
    "n": 2,
    "seed": 7,
    "presence_penalty": 0.5,
    "frequency_penalty": -0.5,
    "tool_choice": {"type": "function", "function": {"name": "read"}},
    "reasoning_effort": "medium",
    "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}},
    "tools": [{"type": "function", "function": {"name": "read", "description": "D", "parameters": {"$defs": {}}}}],
}


def test_every_setting_of_a_request_comes_back() -> None:
    assert there_and_back([USER], "gemini-2.5-pro", **FIELDS) == {"model": "m", "messages": [USER]} | FIELDS


@pytest.mark.parametrize(
    ("source", "path", "stream", "json_array", "target_path"),
    [
        ("openai", "", False, False, "/models/gemini-3-pro:generateContent"),
        ("openai", "stream", True, False, "/models/gemini-3-pro:streamGenerateContent?alt=sse"),
        ("gemini", "/v1beta/models/g:generateContent", False, False, "/chat/completions"),
        ("gemini", "/v1beta/models/g:streamGenerateContent?alt=sse&key=K", True, False, "/chat/completions"),
        ("gemini", "/v1beta/models/g:streamGenerateContent?key=K", True, True, "/chat/completions"),
    ],
)
def test_a_stream_is_asked_for_as_the_target_wants_it(
    source: str, path: str, stream: bool, json_array: bool, target_path: str
) -> None:
    if source == "openai":
        body, target, model = openai_body([USER], stream=path == "stream"), "gemini", "gemini-3-pro"
    else:
        body, target, model = json.dumps({"contents": [{"parts": [{"text": "?"}]}]}).encode(), "openai", "m"
    converted = convert.request(body, source, target, model=model, path=path)
    assert (converted.reply.stream, converted.reply.json_array, converted.path) == (stream, json_array, target_path)
    if target == "openai":
        assert (b'"stream":true' in converted.body) is stream


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "request: "),
        (b"{", "request: "),
        (b'{"prompt": "x"}', "request.messages: missing"),
        (b'{"messages": []}', "request: no messages"),
        (b'{"messages": [{"role": "robot"}]}', r"messages\[0\].role is 'robot'"),
        (b'{"messages": [{"role": "user", "content": [{"type": "hologram"}]}]}', r"content\[0\]: .*'hologram'"),
        (b'{"messages": [{"role": "assistant", "function_call": {"name": "x"}}]}', "function_call"),
        (b'{"messages": [{"role": "user", "content": "\\ud800"}]}', "request: "),
    ],
)
def test_what_cannot_be_said_is_named(body: bytes, message: str) -> None:
    with pytest.raises(convert.ConvertError, match=message):
        to_gemini(body)


def test_an_unknown_wire_format_is_refused() -> None:
    with pytest.raises(convert.ConvertError, match="'morse'"):
        convert.request(openai_body([USER]), "openai", "morse", model="m")


def test_what_is_left_out_is_noted_once_and_without_text() -> None:
    converted = to_gemini(openai_body([{**USER, "name": "Ada"}, {**USER, "name": "Bob"}], user="u", store=True))
    assert converted.notes == ("user left out", "store left out", "name of a message left out")


def test_tool_names_are_spelt_as_the_provider_takes_them_and_come_back_as_the_clients() -> None:
    name = "default_api.read:file"
    body = json.dumps(
        {
            "contents": [{"role": "user", "parts": [{"text": "?"}]}],
            "tools": [{"functionDeclarations": [{"name": name}, {"name": "plain"}]}],
        }
    ).encode()
    converted = convert.request(body, "gemini", "openai", model="m")
    spelt, plain = (tool["function"]["name"] for tool in json.loads(converted.body)["tools"])
    assert plain == "plain"
    assert converted.reply.names == {spelt: name}
    message = {"role": "assistant", "tool_calls": [call("x", spelt)]}
    answer = json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}).encode()
    parts = json.loads(convert.answer(answer, converted.reply))["candidates"][0]["content"]["parts"]
    assert parts == [{"functionCall": {"id": "x", "name": name, "args": {}}}]


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


def test_signatures_that_a_client_drops_are_put_back() -> None:
    part = {"functionCall": {"id": "x", "name": "read", "args": {}}, "thoughtSignature": "c2ln"}
    body = {"candidates": [{"content": {"parts": [part, {"functionCall": {"id": "y", "name": "read"}}]}}]}
    learned = convert.signatures(json.dumps(body).encode(), reply("openai", "gemini"))
    assert learned == {"x": "c2ln"}
    converter = convert.stream(reply("openai", "gemini", stream=True))
    converter.feed(b"data: " + json.dumps(body).encode() + b"\n\n")
    assert converter.signatures == learned
    history = openai_body([USER, step(call("x"), call("y")), result("x"), result("y")])
    said = convert.request(history, "openai", "gemini", model="gemini-3-pro", signatures=learned)
    assert [part.get("thoughtSignature") for part in json.loads(said.body)["contents"][1]["parts"]] == ["c2ln", None]
