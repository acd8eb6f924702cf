"""Any conversation: it comes back, it keeps its beginning, and the providers' own schemas accept it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain import convert

Json = dict[str, Any]
USER: Json = {"role": "user", "content": "Hello"}


def openai_body(messages: list[Json], **fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": messages} | fields, ensure_ascii=False).encode()


def to_gemini(body: bytes, model: str = "gemini-3-pro") -> convert.Converted:
    return convert.request(body, "openai", "gemini", model=model)


def there_and_back(messages: list[Json], model: str = "gemini-3-pro", **fields: Any) -> Json:
    there = to_gemini(openai_body(messages, **fields), model)
    back = convert.request(there.body, "gemini", "openai", model="m", path=there.path)
    return dict(json.loads(back.body))


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
