"""The providers' own client libraries, each served by the other's format: what they send and what they make of it."""

import json
from typing import Any

import pytest

from addons.domain import convert
from addons.domain.convert.contract import ConvertError
from addons.domain.convert.formats import format_named

httpx = pytest.importorskip("httpx")

COUNTS = {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 2, "totalTokenCount": 17}
GEMINI = [
    {"candidates": [{"content": {"parts": [{"text": "Hm", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "Größe"}]}}]},
    {"candidates": [{"content": {"parts": [{"functionCall": {"name": "read", "args": {"p": "x"}}}]}}]},
    {"candidates": [{"content": {"parts": []}, "finishReason": "STOP"}], "usageMetadata": COUNTS},
]
CALL = {"index": 0, "id": "a", "type": "function", "function": {"name": "read", "arguments": '{"p": "x"}'}}
DELTAS = [{"role": "assistant", "content": ""}, {"content": "Größe"}, {"tool_calls": [CALL]}]
OPENAI = [
    *({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in DELTAS),
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
    {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 7}},
    b"[DONE]",
]


class Provider:
    """Answers in its own format whatever is asked in the other one; keeps what reached it."""

    def __init__(self, client: str, provider: str, model: str, events: list[Any]) -> None:
        self.client, self.provider, self.model = client, provider, model
        self.stream = b"".join(
            b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n"
            for event in events
        )
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: Any) -> Any:
        path = request.url.raw_path.decode()
        converted = convert.request(request.content, self.client, self.provider, model=self.model, path=path)
        self.asked.append(json.loads(converted.body))
        assert converted.reply.stream
        stream = convert.stream(converted.reply)
        said = stream.feed(self.stream) + stream.close()
        return httpx.Response(200, headers={"content-type": converted.reply.content_type}, content=said)

    @property
    def transport(self) -> Any:
        return httpx.Client(transport=httpx.MockTransport(self))


def test_openais_client_is_served_by_gemini() -> None:
    openai = pytest.importorskip("openai")
    provider = Provider("openai", "gemini", "gemini-3-pro", GEMINI)
    client = openai.OpenAI(api_key="k", base_url="http://p.test/v1", http_client=provider.transport)
    messages: list[Any] = [{"role": "user", "content": "?"}]
    usage = {"include_usage": True}
    with client.chat.completions.stream(model="m", messages=messages, stream_options=usage) as events:
        answer = events.get_final_completion()
    message = answer.choices[0].message
    assert (message.content, answer.choices[0].finish_reason) == ("Größe", "tool_calls")
    assert message.tool_calls[0].function.arguments == '{"p": "x"}'
    assert answer.usage.completion_tokens == 7
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "R"}
    with client.chat.completions.stream(model="m", messages=[*messages, message, result]) as events:
        events.until_done()
    assert [content["role"] for content in provider.asked[1]["contents"]] == ["user", "model", "user"]
    assert provider.asked[1]["contents"][0] == provider.asked[0]["contents"][0]


def test_googles_client_is_served_by_an_openai_compatible_provider() -> None:
    genai = pytest.importorskip("google.genai")
    types = pytest.importorskip("google.genai.types")
    provider = Provider("gemini", "openai", "kimi", OPENAI)
    options = types.HttpOptions(base_url="http://p.test", httpx_client=provider.transport)
    schema = types.Schema(type="OBJECT", properties={"p": types.Schema(type="STRING", nullable=True)})
    declared = types.FunctionDeclaration(name="read", parameters=schema)
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])], system_instruction="S")
    chat = genai.Client(api_key="k", http_options=options).chats.create(model="gemini-2.5-pro", config=config)
    pieces = list(chat.send_message_stream("?"))
    assert "".join(piece.text or "" for piece in pieces if not piece.function_calls) == "Größe"
    assert [call.args for piece in pieces for call in piece.function_calls or ()] == [{"p": "x"}]
    assert pieces[-1].usage_metadata.candidates_token_count == 7
    list(chat.send_message_stream([types.Part.from_function_response(name="read", response={"result": "R"})]))
    first, second = (asked["messages"] for asked in provider.asked)
    assert [message["role"] for message in second] == ["system", "user", "assistant", "tool"]
    assert second[: len(first)] == first
    assert second[3] == {"role": "tool", "tool_call_id": "a", "content": "R"}


def test_a_format_that_is_not_known_is_named() -> None:
    with pytest.raises(ConvertError, match="'anthropic' cannot be converted; expected openai or gemini"):
        format_named("anthropic")
