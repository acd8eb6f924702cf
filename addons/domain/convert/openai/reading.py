"""A chat completions request -> `Ask`."""

from collections.abc import Iterator
from typing import Any, get_args

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import (
    AnswerForm,
    Ask,
    Effort,
    Media,
    Part,
    Result,
    Text,
    Tool,
    ToolChoice,
    Turn,
)
from addons.domain.convert.fields import Fields
from addons.domain.convert.openai.content import read_call, read_content, read_reasoning, signature_of
from addons.domain.convert.pairing import paired
from addons.domain.messages import Role
from addons.domain.wire.values import as_dict, as_text

_SAMPLING = (
    "temperature",
    "top_p",
    "top_k",
    "stop",
    "n",
    "seed",
    "presence_penalty",
    "frequency_penalty",
)
_READ = frozenset(
    (
        *_SAMPLING,
        *("model", "messages", "stream", "stream_options", "tools", "tool_choice", "max_tokens"),
        *("max_completion_tokens", "response_format", "reasoning_effort", "reasoning", "thinking"),
    )
)
_ROLES = {"system": Role.SYSTEM, "developer": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT}
_READ_OF_MESSAGE = frozenset(
    (
        *("role", "content", "tool_calls", "tool_call_id", "extra_content", "refusal"),
        *("reasoning_content", "reasoning", "reasoning_details"),
    )
)


def read_request(body: bytes, path: str, notes: Notes) -> Ask:
    """:param path: says nothing here; for the interface.

    :raises ConvertError: naming the place that cannot be read or said in another format.
    """
    fields = Fields(body, "request")
    if not fields.raw("messages"):
        raise ConvertError("request.messages: missing; expected a chat completions request")
    for key in fields.names():
        if key not in _READ and (fields.has(key) or key == "parallel_tool_calls"):
            notes.add(f"{key} left out")
    return Ask(
        turns=paired(_turns(fields, notes)),
        tools=tuple(_tools(fields, notes)),
        choice=_choice(fields, notes),
        sampling=_sampling(fields),
        form=_form(fields),
        effort=_effort(fields),
        stream=fields.flag("stream"),
        include_usage=fields.child("stream_options").flag("include_usage"),
    )


def _turns(fields: Fields, notes: Notes) -> Iterator[Turn]:
    for index, raw in enumerate(fields.items("messages")):
        message = Fields(raw, f"messages[{index}]")
        for key in message.names():
            if key not in _READ_OF_MESSAGE and message.has(key):
                notes.add(f"{key} of a message left out")
        role = message.text("role")
        if role == "tool":
            yield Turn(Role.TOOL, (_result(message, notes),), message.place)
        elif role not in _ROLES:
            expected = "system, developer, user, assistant or tool"
            raise ConvertError(f"{message.place}.role is {role!r}; expected {expected}")
        elif parts := tuple(_parts(message, _ROLES[role], notes)):
            yield Turn(_ROLES[role], parts, message.place)
        else:
            notes.add("an empty message left out")


def _parts(message: Fields, role: Role, notes: Notes) -> Iterator[Part]:
    if role is Role.ASSISTANT:
        if message.has("function_call"):
            raise ConvertError(f"{message.place}.function_call has no counterpart; expected tool_calls")
        yield from read_reasoning(message)
        yield from _assistant_texts(message, notes)
        for index, raw in enumerate(message.items("tool_calls")):
            yield read_call(Fields(raw, f"{message.place}.tool_calls[{index}]"))
        return
    texts = list(read_content(message, notes))
    if role is Role.SYSTEM:
        whole = "".join(part.text for part in texts if isinstance(part, Text))
        yield from (Text(whole),) if whole else ()
        return
    yield from texts


def _assistant_texts(message: Fields, notes: Notes) -> Iterator[Part]:
    """With the message's signature on the last of them, for it stands behind what it signs."""
    parts = list(read_content(message, notes))
    if refusal := message.text("refusal"):
        parts.append(Text(refusal))
    if signature := signature_of(message):
        last = parts[-1] if parts else None
        parts[-1:] = [Text(last.text, signature)] if isinstance(last, Text) else [*parts[-1:], Text("", signature)]
    yield from parts


def _result(message: Fields, notes: Notes) -> Result:
    call_id = message.text("tool_call_id")
    if not call_id:
        raise ConvertError(f"{message.place}.tool_call_id: missing")
    parts = list(read_content(message, notes))
    text = "".join(part.text for part in parts if isinstance(part, Text))
    return Result(text, call_id, media=tuple(part for part in parts if isinstance(part, Media)))


def _tools(fields: Fields, notes: Notes) -> Iterator[Tool]:
    for index, raw in enumerate(fields.items("tools")):
        tool = Fields(raw, f"tools[{index}]")
        if tool.text("type") not in ("", "function"):
            notes.add(f"a tool of type {tool.text('type')} left out")
            continue
        function = tool.child("function")
        if function.has("strict"):
            notes.add("strict of a tool left out")
        schema = function.raw("parameters")
        yield Tool(function.text("name"), function.text("description"), b"" if schema == b"{}" else schema)


def _choice(fields: Fields, notes: Notes) -> ToolChoice | None:
    choice = fields.value("tool_choice")
    if isinstance(choice, dict):
        names = [as_text(as_dict(choice.get("function")).get("name"))]
        if choice.get("type") == "allowed_tools":
            allowed = as_dict(choice.get("allowed_tools"))
            names = [as_text(as_dict(as_dict(tool).get("function")).get("name")) for tool in allowed.get("tools", ())]
        return ToolChoice("required", tuple(name for name in names if name))
    match choice:
        case "auto" | "none":
            return ToolChoice(choice)
        case "required" | "any":
            return ToolChoice("required")
        case None:
            return None
    notes.add("tool_choice left out")
    return None


def _sampling(fields: Fields) -> dict[str, bytes]:
    sampling = {name: data for name in _SAMPLING if (data := fields.raw(name))}
    if limit := fields.raw("max_completion_tokens") or fields.raw("max_tokens"):
        sampling["max_tokens"] = limit
    return sampling


def _form(fields: Fields) -> AnswerForm | None:
    form = fields.child("response_format")
    match form.text("type"):
        case "json_object":
            return AnswerForm()
        case "json_schema":
            schema = form.child("json_schema")
            return AnswerForm(schema.raw("schema"), schema.text("name"))
    return None


def _effort(fields: Fields) -> Effort | None:
    """OpenAI's word, OpenRouter's object, Kimi's switch."""
    asked: tuple[Any, ...] = (fields.value("reasoning_effort"), as_dict(fields.value("reasoning")).get("effort"))
    for effort in get_args(Effort):
        if effort in asked:
            found: Effort = effort
            return found
    return "none" if as_dict(fields.value("thinking")).get("type") == "disabled" else None
