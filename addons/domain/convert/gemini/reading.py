"""A generateContent request -> `Ask`."""

import re
from collections.abc import Iterator

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import AnswerForm, Ask, Media, Part, Text, Tool, ToolChoice, Turn
from addons.domain.convert.fields import Fields, encode
from addons.domain.convert.gemini.parts import read_result, read_spoken
from addons.domain.convert.gemini.schemas import widened
from addons.domain.convert.gemini.thinking import effort_of
from addons.domain.convert.pairing import paired
from addons.domain.messages import Role

SAMPLING = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "max_tokens": "maxOutputTokens",
    "stop": "stopSequences",
    "n": "candidateCount",
    "seed": "seed",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
}
"""OpenAI's names -> those in generationConfig."""

_READ_CONFIG = frozenset(
    (*SAMPLING.values(), "responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig")
)
_READ_BODY = frozenset(
    ("contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "model", "cachedContent")
)
_SYSTEM = re.compile(r"<system>\n(.*)\n</system>", re.DOTALL)
"""How `writing` says a system message in mid-conversation."""
_MODES = {"AUTO": "auto", "NONE": "none", "ANY": "required", "VALIDATED": "auto"}
_ROLES = {"": Role.USER, "user": Role.USER, "model": Role.ASSISTANT, "function": Role.USER}


def read_request(body: bytes, path: str, notes: Notes) -> Ask:
    """:param path: the client's, with its query: it says whether, and how, the answer is streamed.

    :raises ConvertError: naming the place that cannot be read or said in another format.
    """
    fields = Fields(body, "request")
    if fields.has("cachedContent"):
        raise ConvertError("request.cachedContent: the conversation is stored at Google, not in the request")
    _note_others(fields, _READ_BODY, notes)
    config = fields.child("generationConfig")
    _note_others(config, _READ_CONFIG, notes)
    contents = list(_contents(fields, notes))
    if len(contents) > 1 and contents[0].parts == (Text(" "),) and contents[1].role is Role.ASSISTANT:
        del contents[0]  # put there because Google wants a conversation to begin with the user
    turns = [*_system(fields), *contents]
    stream = path.partition("?")[0].endswith(":streamGenerateContent")
    return Ask(
        turns=paired(turns),
        tools=tuple(_tools(fields, notes)),
        choice=_choice(fields, notes),
        sampling={name: data for name, key in SAMPLING.items() if (data := config.raw(key))},
        form=_form(config),
        effort=effort_of(config.child("thinkingConfig")),
        stream=stream,
        include_usage=True,
        json_array=stream and "alt=sse" not in path.partition("?")[2].split("&"),
    )


def _note_others(fields: Fields, read: frozenset[str], notes: Notes) -> None:
    for key in fields.names():
        name = re.sub(r"_([a-z])", lambda found: found[1].upper(), key)
        if name not in read and fields.has(key):
            notes.add(f"{fields.place}.{name} left out")


def _system(fields: Fields) -> Iterator[Turn]:
    """One turn per part, as `writing` makes one part per message."""
    place = "request.systemInstruction"
    raw = fields.raw("systemInstruction")
    if raw.startswith(b'"'):
        yield Turn(Role.SYSTEM, (Text(fields.text("systemInstruction")),), place)
    elif raw:
        for part in fields.child("systemInstruction").items("parts"):
            if text := Fields(part, place).text("text"):
                yield Turn(Role.SYSTEM, (Text(text),), place)


def _contents(fields: Fields, notes: Notes) -> Iterator[Turn]:
    for index, raw in enumerate(fields.items("contents")):
        place = f"contents[{index}]"
        content = Fields(raw, place)
        role = _ROLES.get(content.text("role"))
        if role is None:
            raise ConvertError(f"{place}.role is {content.text('role')!r}; expected user, model or function")
        yield from _turns(role, content, notes)


def _turns(role: Role, content: Fields, notes: Notes) -> Iterator[Turn]:
    """The results of a content first, then what the person said beside them."""
    results: list[Part] = []
    spoken: list[Part] = []
    for index, raw in enumerate(content.items("parts")):
        fields = Fields(raw, f"{content.place}.parts[{index}]")
        if fields.raw("functionResponse"):
            results.append(read_result(fields.child("functionResponse")))
        else:
            spoken += read_spoken(fields, notes)
    if results:
        yield Turn(Role.TOOL, tuple(results), content.place)
    if role is Role.ASSISTANT:
        yield from (Turn(role, tuple(spoken), content.place),) if spoken else ()
        return
    said: list[Part] = []
    for part in _without_filler(spoken):
        system = _SYSTEM.fullmatch(part.text) if isinstance(part, Text) else None
        if system is None:
            said.append(part)
            continue
        if said:
            yield Turn(role, tuple(said), content.place)
            said = []
        yield Turn(Role.SYSTEM, (Text(system[1]),), content.place)
    if said:
        yield Turn(role, tuple(said), content.place)


def _without_filler(parts: list[Part]) -> Iterator[Part]:
    """Beside an image stands an empty text, because Google wants a text in each of the user's contents."""
    has_media = any(isinstance(part, Media) for part in parts)
    return (part for part in parts if not (has_media and part == Text(" ")))


def _tools(fields: Fields, notes: Notes) -> Iterator[Tool]:
    for index, raw in enumerate(fields.items("tools")):
        tool = Fields(raw, f"tools[{index}]")
        for key in tool.names():
            if key not in ("functionDeclarations", "function_declarations"):
                notes.add(f"{tool.place}.{key} left out: Google's own tool")
        for declared in tool.items("functionDeclarations"):
            function = Fields(declared, f"{tool.place}.functionDeclarations")
            schema = function.raw("parametersJsonSchema")
            if not schema and function.has("parameters"):
                schema = encode(widened(function.value("parameters")))
            yield Tool(function.text("name"), function.text("description"), schema)


def _choice(fields: Fields, notes: Notes) -> ToolChoice | None:
    config = fields.child("toolConfig").child("functionCallingConfig")
    mode, names = config.text("mode").upper(), config.value("allowedFunctionNames")
    if mode not in _MODES:
        return None
    if mode == "VALIDATED":
        notes.add("toolConfig.functionCallingConfig.mode VALIDATED sent as auto")
    if mode == "ANY":
        return ToolChoice("required", tuple(map(str, names)) if isinstance(names, list) else ())
    return ToolChoice("none" if mode == "NONE" else "auto")


def _form(config: Fields) -> AnswerForm | None:
    if config.text("responseMimeType") != "application/json":
        return None
    schema = config.raw("responseJsonSchema")
    if not schema and config.has("responseSchema"):
        schema = encode(widened(config.value("responseSchema")))
    return AnswerForm(schema)
