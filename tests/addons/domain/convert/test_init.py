"""Whole requests and answers through the public face, in both directions."""

import json
from typing import Any

import pytest

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


def test_signatures_that_a_client_drops_are_put_back() -> None:
    part = {"functionCall": {"id": "x", "name": "read", "args": {}}, "thoughtSignature": "c2ln"}
    body = {"candidates": [{"content": {"parts": [part, {"functionCall": {"id": "y", "name": "read"}}]}}]}
    learned = convert.signatures(
        json.dumps(body).encode(), convert.Reply(client="openai", provider="gemini", model="g")
    )
    assert learned == {"x": "c2ln"}
    converter = convert.stream(convert.Reply(client="openai", provider="gemini", model="g", stream=True))
    converter.feed(b"data: " + json.dumps(body).encode() + b"\n\n")
    assert converter.signatures == learned
    history = openai_body([USER, step(call("x"), call("y")), result("x"), result("y")])
    said = convert.request(history, "openai", "gemini", model="gemini-3-pro", signatures=learned)
    assert [part.get("thoughtSignature") for part in json.loads(said.body)["contents"][1]["parts"]] == ["c2ln", None]


def test_a_body_that_is_not_utf_8_is_refused() -> None:
    """Found by fuzzing: what both formats have is taken over byte by byte, and the other body was no JSON."""
    body = openai_body([{"role": "user", "content": "Hi"}], stop="END").replace(b"END", b"\xd4ND")
    with pytest.raises(convert.ConvertError, match=r"byte \d+ is not UTF-8"):
        to_gemini(body)
