"""OpenAI's schema and its dialects: Kimi, NVIDIA, Mistral, Groq, OpenRouter, SiliconFlow, Cerebras.

Chat completions, legacy and fill-in-the-middle completions, embeddings and rerank. The dialects differ in fields that
are read leniently here, and in nothing that needs a format of its own; fields that are not named here pass untouched.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.wire.contract import Request, Span, StreamEvent, StreamReader, WireError
from addons.domain.wire.cut import cut_array, cut_object
from addons.domain.wire.openai_answer import read_event
from addons.domain.wire.openai_parts import parts_of_content, reasoning_text
from addons.domain.wire.reader import EventReader, framing_of
from addons.domain.wire.values import NOTHING, as_count, as_text, decode, has_value, text_of_raw, texts_of

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_PROMPT_FIELDS = ("prompt", "suffix", "input", "query", "documents")
"""Completions and fill-in-the-middle; embeddings; rerank. In the order in which they are joined."""


class _Function(msgspec.Struct):
    name: Any = ""
    arguments: msgspec.Raw = NOTHING
    input: msgspec.Raw = NOTHING
    """The arguments of a custom tool, which are free text."""


class _Call(msgspec.Struct):
    id: Any = ""
    function: _Function | None = None
    custom: _Function | None = None


class _Message(msgspec.Struct):
    role: str
    content: Any = None
    name: Any = ""
    tool_call_id: Any = ""
    tool_calls: list[_Call] | None = None
    function_call: _Function | None = None
    reasoning_content: Any = None
    reasoning: Any = None
    reasoning_details: Any = None
    refusal: Any = None
    tools: msgspec.Raw = NOTHING
    """Kimi: tools that become available with this message."""


_MESSAGE = msgspec.json.Decoder(_Message)
_ANY = msgspec.json.Decoder(Any)


class OpenAI:
    name = "openai"

    def parse_request(self, body: bytes) -> Request:
        fields = cut_object(body)

        def value(key: str) -> Any:
            start, end = fields.get(key, (0, 0))
            return decode(_ANY, body[start:end], f"request body, {key}") if end else None

        model, messages = value("model"), fields.get("messages")
        max_tokens = as_count(value("max_completion_tokens"))
        return Request(
            body=body,
            model=as_text(model),
            stream=value("stream") is True,
            messages=cut_array(body, messages) if messages else (),
            tools=_array(body, fields.get("tools")) or _array(body, fields.get("functions")),
            prompt="" if messages else "".join("\n".join(texts_of(value(key))) for key in _PROMPT_FIELDS),
            max_output_tokens=as_count(value("max_tokens")) if max_tokens is None else max_tokens,
            fields=fields,
        )

    def parse_message(self, raw: bytes) -> Message:
        message = decode(_MESSAGE, raw, "message")
        role = _ROLES.get(message.role)
        if role is None:
            raise WireError(f"message: role is {message.role!r}; expected one of {', '.join(_ROLES)}")
        return Message(role, tuple(_tool_results(message) if role is Role.TOOL else _parts(message)))

    def parse_system(self, raw: bytes) -> Message:
        """OpenAI's system messages are among the messages; this is for the interface only."""
        return Message(Role.SYSTEM, self.parse_message(raw).parts)

    def answer_of_body(self, body: bytes) -> StreamEvent:
        return read_event(body) or StreamEvent()

    def stream_reader(self, content_type: str, *, want_text: bool = True) -> StreamReader:
        return EventReader(framing_of(content_type), read_event, want_text)


def _array(body: bytes, span: Span | None) -> Span | None:
    return span if span and body.startswith(b"[", span[0]) else None


def _parts(message: _Message) -> Iterator[Part]:
    """In the order in which the model generated them: reasoning, text, tool calls."""
    fields = (message.reasoning_content, message.reasoning)
    if reasoning := reasoning_text(fields, message.reasoning_details):
        yield Part(PartType.REASONING, reasoning)
    for kind, text in parts_of_content(message.content):
        yield Part(kind, text)
    if refusal := as_text(message.refusal):
        yield Part(PartType.TEXT, refusal)
    for call in message.tool_calls or ():
        yield _tool_call(call.function or call.custom or _Function(), as_text(call.id))
    if message.function_call:
        yield _tool_call(message.function_call, "")
    if has_value(message.tools):
        yield Part(PartType.OTHER, text_of_raw(message.tools))


def _tool_call(function: _Function, call_id: str) -> Part:
    arguments = function.arguments if has_value(function.arguments) else function.input
    return Part(PartType.TOOL_CALL, text_of_raw(arguments), as_text(function.name), call_id)


def _tool_results(message: _Message) -> Iterator[Part]:
    name, call_id = as_text(message.name), as_text(message.tool_call_id)
    for kind, text in parts_of_content(message.content):
        yield Part(PartType.TOOL_RESULT if kind is PartType.TEXT else kind, text, name, call_id)
