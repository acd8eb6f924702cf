"""`Ask` -> a chat completions request, in the form that OpenAI's dialects have in common.

What a single provider does not take of it is for `quirks`.
"""

import re
from collections.abc import Iterator
from typing import Any

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import Ask, Media, Result, Text, Thought, Tool, ToolChoice, Turn
from addons.domain.convert.fields import encode, raw
from addons.domain.convert.ids import fitting_name
from addons.domain.convert.openai.content import write_call, write_part, write_texts
from addons.domain.messages import Role

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_NAME_CHARS = 64
PATH = "/chat/completions"
_FORM_NAME = "answer"
"""response_format wants a name for its schema; Gemini's has none."""
Json = dict[str, Any]


def tool_name(name: str) -> str:
    return fitting_name(name, _NAME, _NAME_CHARS)


def write_request(ask: Ask, model: str, notes: Notes, *, reduced_schemas: bool = False) -> tuple[bytes, str]:
    """Body and path. The messages of a history begin like those of every longer one.

    :param reduced_schemas: says nothing here; for the interface.
    :raises ConvertError: on media that chat completions cannot carry, or where nothing is said.
    """
    body: Json = {"model": model.removeprefix("models/")}
    body["messages"] = [message for turn in ask.turns for message in _messages(turn, notes)]
    if not body["messages"]:
        raise ConvertError("request: no messages")
    if ask.tools:
        body["tools"] = [{"type": "function", "function": _function(tool)} for tool in ask.tools]
    if ask.choice:
        body["tool_choice"] = _choice(ask.choice, notes)
    body |= {name: raw(data) for name, data in ask.sampling.items()}
    if ask.form:
        schema = {"name": ask.form.name or _FORM_NAME, "schema": raw(ask.form.schema)} if ask.form.schema else None
        body["response_format"] = {"type": "json_schema", "json_schema": schema} if schema else {"type": "json_object"}
    if ask.effort:
        body["reasoning_effort"] = ask.effort
    if ask.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return encode(body), PATH


def _messages(turn: Turn, notes: Notes) -> Iterator[Json]:
    match turn.role:
        case Role.SYSTEM:
            yield {"role": "system", "content": "".join(part.text for part in turn.parts if isinstance(part, Text))}
        case Role.USER:
            if content := _content(turn):
                yield {"role": "user", "content": content}
        case Role.ASSISTANT:
            if message := _assistant(turn, notes):
                yield message
        case Role.TOOL:
            yield from _results(turn, notes)


def _content(turn: Turn) -> str | list[Json]:
    """A string where it is one text: some providers take no list for it."""
    parts = [part for part in turn.parts if isinstance(part, (Text, Media))]
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [write_part(part, turn.place) for part in parts]


def _assistant(turn: Turn, notes: Notes) -> Json | None:
    content, signature = write_texts([part for part in turn.parts if isinstance(part, Text)])
    thoughts = "".join(part.text for part in turn.parts if isinstance(part, Thought))
    calls = [write_call(call, name=tool_name(call.name)) for call in turn.calls]
    if any(isinstance(part, Media) for part in turn.parts):
        notes.add("media in an answer of the model left out")
    if any(isinstance(part, Thought) and part.signature for part in turn.parts):
        notes.add("thought signature of a reasoning text left out")
    if content is None and not calls and not signature:
        notes.add("an empty message left out")
        return None
    message: Json = {"role": "assistant", "content": content if content or calls else ""}
    if thoughts:
        message["reasoning_content"] = thoughts
    if calls:
        message["tool_calls"] = calls
    if signature:
        message["extra_content"] = {"google": {"thought_signature": signature}}
    return message


def _results(turn: Turn, notes: Notes) -> Iterator[Json]:
    """A message each; their images in a message of the user behind the last, because a result may hold text only."""
    media: list[Media] = []
    for part in turn.parts:
        assert isinstance(part, Result)
        yield {"role": "tool", "tool_call_id": part.call_id, "content": part.text}
        media += part.media
    if media:
        notes.add("images of tool results put into a message of the user")
        yield {"role": "user", "content": [write_part(one, turn.place) for one in media]}


def _function(tool: Tool) -> Json:
    function: Json = {"name": tool_name(tool.name)}
    if tool.description:
        function["description"] = tool.description
    # Some providers refuse a function without parameters.
    function["parameters"] = raw(tool.schema) if tool.schema else {"type": "object", "properties": {}}
    return function


def _choice(choice: ToolChoice, notes: Notes) -> str | Json:
    if len(choice.names) == 1:
        return {"type": "function", "function": {"name": tool_name(choice.names[0])}}
    if choice.names:
        notes.add("the tools allowed by name: all of them are")
    return choice.mode
