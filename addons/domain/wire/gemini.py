"""Gemini's native schema: generateContent and streamGenerateContent, embedContent and batchEmbedContents.

The API takes lowerCamelCase and snake_case; clients send both. Model and streaming stand in the path, not in the body.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.wire.contract import Request, StreamEvent, StreamReader, WireError
from addons.domain.wire.cut import cut_array, cut_object
from addons.domain.wire.gemini_answer import read_body, read_event
from addons.domain.wire.reader import EventReader, framing_of
from addons.domain.wire.values import NOTHING, as_count, as_dict, as_text, decode, has_value, text_of_raw, texts_of

_ROLES = {"": Role.USER, "user": Role.USER, "model": Role.ASSISTANT, "function": Role.TOOL, "system": Role.SYSTEM}


class _Call(msgspec.Struct):
    """A functionCall or a functionResponse."""

    name: Any = ""
    id: Any = ""
    args: msgspec.Raw = NOTHING
    response: msgspec.Raw = NOTHING


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: Any = False
    function_call: _Call | None = None
    function_response: _Call | None = None
    inline_data: msgspec.Raw = NOTHING
    file_data: msgspec.Raw = NOTHING
    executable_code: Any = None
    code_execution_result: Any = None


class _SnakePart(msgspec.Struct):
    function_call: _Call | None = None
    function_response: _Call | None = None
    inline_data: msgspec.Raw = NOTHING
    file_data: msgspec.Raw = NOTHING
    executable_code: Any = None
    code_execution_result: Any = None


class _Content(msgspec.Struct):
    role: str | None = None
    parts: list[msgspec.Raw] | None = None


_CONTENT = msgspec.json.Decoder(_Content)
_PART = msgspec.json.Decoder(_Part)
_SNAKE_PART = msgspec.json.Decoder(_SnakePart)
_ANY = msgspec.json.Decoder(Any)


class Gemini:
    name = "gemini"

    def parse_request(self, body: bytes) -> Request:
        fields = cut_object(body)
        contents = fields.get("contents")
        system = fields.get("systemInstruction") or fields.get("system_instruction")
        tools = fields.get("tools")

        def value(*keys: str) -> Any:
            start, end = next((fields[key] for key in keys if key in fields), (0, 0))
            return decode(_ANY, body[start:end], f"request body, {keys[0]}") if end else None

        config = as_dict(value("generationConfig", "generation_config"))
        return Request(
            body=body,
            model=as_text(value("model")),
            stream=False,
            messages=cut_array(body, contents) if contents else (),
            system=system if system and body[system[0] : system[0] + 1] in (b"{", b'"') else None,
            tools=tools if tools and body.startswith(b"[", tools[0]) else None,
            prompt="" if contents else _embedded_text(value("content"), value("requests")),
            max_output_tokens=as_count(config.get("maxOutputTokens", config.get("max_output_tokens"))),
            fields=fields,
        )

    def parse_message(self, raw: bytes) -> Message:
        content = decode(_CONTENT, raw, "content")
        role = _ROLES.get(content.role or "")
        if role is None:
            raise WireError(f"content: role is {content.role!r}; expected user, model, function or system")
        parts = tuple(part for raw_part in content.parts or () for part in _parts(raw_part))
        # Clients merge what follows a tool's result into the same content: it stays the content of a result.
        if any(part.type is PartType.TOOL_RESULT for part in parts):
            role = Role.TOOL
        return Message(role, parts)

    def parse_system(self, raw: bytes) -> Message:
        if raw.startswith(b'"'):
            return Message(Role.SYSTEM, (Part(PartType.TEXT, as_text(decode(_ANY, raw, "systemInstruction"))),))
        return Message(Role.SYSTEM, self.parse_message(raw).parts)

    def answer_of_body(self, body: bytes) -> StreamEvent:
        return read_body(body)

    def stream_reader(self, content_type: str, *, want_text: bool = True) -> StreamReader:
        return EventReader(framing_of(content_type), read_event, want_text)


def _embedded_text(content: Any, requests: Any) -> str:
    """The texts of embedContent or of batchEmbedContents."""
    batch = requests if isinstance(requests, list) else []
    contents = [content, *(as_dict(request).get("content") for request in batch)]
    return "".join(text for one in contents for text in texts_of(as_dict(one).get("parts")))


def _parts(raw: msgspec.Raw) -> Iterator[Part]:
    part = decode(_PART, raw, "part")
    if part.text is not None:
        yield Part(PartType.REASONING if part.thought else PartType.TEXT, part.text)
        return
    snake = decode(_SNAKE_PART, raw, "part")
    if call := part.function_call or snake.function_call:
        yield Part(PartType.TOOL_CALL, text_of_raw(call.args), as_text(call.name), as_text(call.id))
    elif result := part.function_response or snake.function_response:
        yield Part(PartType.TOOL_RESULT, text_of_response(result.response), as_text(result.name), as_text(result.id))
    elif any(map(has_value, (part.inline_data, part.file_data, snake.inline_data, snake.file_data))):
        yield Part(PartType.IMAGE)
    elif code := as_dict(part.executable_code or snake.executable_code):
        yield Part(PartType.OTHER, as_text(code.get("code")))
    else:
        yield Part(
            PartType.OTHER, as_text(as_dict(part.code_execution_result or snake.code_execution_result).get("output"))
        )


def text_of_response(raw: bytes) -> str:
    """A function's response: the string in it where it is nothing but one (`output` by Google's convention, `content`
    from Continue, `result`), else the JSON as it came.

    :raises WireError: if it is not UTF-8.
    """
    response = decode(_ANY, raw, "response") if has_value(raw) else None
    if isinstance(response, dict) and len(response) == 1:
        ((key, value),) = response.items()
        if key in ("output", "content", "result") and isinstance(value, str):
            return value
    return text_of_raw(raw)
