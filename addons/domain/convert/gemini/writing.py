"""`Ask` -> a generateContent request."""

import re
from collections.abc import Iterator
from typing import Any

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import (
    AnswerForm,
    Ask,
    Call,
    Media,
    Part,
    Result,
    Text,
    Thought,
    Tool,
    ToolChoice,
    Turn,
)
from addons.domain.convert.fields import encode, raw, value_of
from addons.domain.convert.gemini.models import (
    SIGNATURE_STAND_IN,
    model_path,
    takes_ids,
    takes_media_in_results,
    takes_penalties,
    wants_signatures,
)
from addons.domain.convert.gemini.parts import write_media, write_spoken
from addons.domain.convert.gemini.reading import SAMPLING
from addons.domain.convert.gemini.schemas import reduced
from addons.domain.convert.gemini.thinking import thinking_config
from addons.domain.convert.ids import fitting_name
from addons.domain.messages import Role

MOST_STOPS = 5
"""stopSequences that Google takes."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")
_NAME_CHARS = 64
_FILLER = {"text": " "}
"""Google refuses an empty text, and wants one in each of the user's contents."""
_MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY"}


def tool_name(name: str) -> str:
    return fitting_name(name, _NAME, _NAME_CHARS)


def write_request(ask: Ask, model: str, notes: Notes, *, reduced_schemas: bool = False) -> tuple[bytes, str]:
    """Body and path. The contents of a history begin like those of every longer one.

    :raises ConvertError: where nothing is said.
    """
    if not ask.turns:
        raise ConvertError("request: no messages")
    turns = list(ask.turns)
    system = [part for part in _leading_system(turns) if isinstance(part, Text) and part.text]
    body: dict[str, Any] = {}
    if system:
        body["systemInstruction"] = {"parts": [{"text": part.text} for part in system]}
    body["contents"] = _contents(turns, model, notes)
    if ask.tools:
        body["tools"] = [{"functionDeclarations": [_declaration(tool, reduced_schemas) for tool in ask.tools]}]
    if ask.choice:
        body["toolConfig"] = {"functionCallingConfig": _choice(ask.choice)}
    if config := _config(ask, model, notes, reduced_schemas):
        body["generationConfig"] = config
    method = ":streamGenerateContent?alt=sse" if ask.stream else ":generateContent"
    return encode(body), f"/{model_path(model)}{method}"


def _leading_system(turns: list[Turn]) -> Iterator[Part]:
    """Their parts; the turns are taken off the list."""
    while turns and turns[0].role is Role.SYSTEM:
        yield from turns.pop(0).parts


def _contents(turns: list[Turn], model: str, notes: Notes) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = []
    for turn in turns:
        role = "model" if turn.role is Role.ASSISTANT else "user"
        parts = list(_parts(turn, model, notes))
        if not parts:
            notes.add("an empty message left out")
        elif contents and contents[-1]["role"] == role:
            contents[-1]["parts"] += parts
        else:
            contents.append({"role": role, "parts": parts})
    if not contents or contents[0]["role"] == "model":
        notes.add("an empty user turn put first: Google wants a conversation to begin with one")
        contents.insert(0, {"role": "user", "parts": [_FILLER]})
    return contents


def _parts(turn: Turn, model: str, notes: Notes) -> Iterator[dict[str, Any]]:
    match turn.role:
        case Role.TOOL:
            yield from _results(turn, model)
        case Role.SYSTEM:
            for part in turn.parts:
                if isinstance(part, Text) and part.text:
                    yield {"text": f"<system>\n{part.text}\n</system>"}
        case Role.USER:
            spoken = [part for part in turn.parts if not (isinstance(part, Text) and not part.text)]
            yield from (_spoken(part, model) for part in spoken)
            if spoken and not any(isinstance(part, Text) for part in spoken):
                yield _FILLER
        case Role.ASSISTANT:
            yield from (_spoken(part, model) for part in _said(turn, model, notes))


def _said(turn: Turn, model: str, notes: Notes) -> Iterator[Part]:
    """What the model said: its reasoning where it is Google's own, and a signature on the first call of the step."""
    own = any(not isinstance(part, (Media, Result)) and part.signature for part in turn.parts)
    needs_stand_in = wants_signatures(model) and not any(call.signature for call in turn.calls)
    for part in turn.parts:
        if isinstance(part, Thought) and not own:
            notes.add("reasoning of another model left out")
        elif isinstance(part, (Text, Thought)) and not part.text and not part.signature:
            continue
        elif isinstance(part, Call) and needs_stand_in:
            needs_stand_in = False
            notes.add("thought signature of a tool call replaced by Google's stand-in")
            yield Call(part.name, part.arguments, part.id, SIGNATURE_STAND_IN)
        else:
            yield part


def _spoken(part: Part, model: str) -> dict[str, Any]:
    name = tool_name(part.name) if isinstance(part, Call) else ""
    return write_spoken(part, name=name, with_id=takes_ids(model))


def _results(turn: Turn, model: str) -> Iterator[dict[str, Any]]:
    """All of them in one content; the images of older models stand beside them, after the last."""
    aside: list[Media] = []
    for part in turn.parts:
        assert isinstance(part, Result)
        response: dict[str, Any] = {"name": tool_name(part.name), "response": {"output": part.text}}
        if takes_ids(model):
            response = {"id": part.call_id} | response
        if part.media and takes_media_in_results(model):
            response["parts"] = [write_media(media) for media in part.media]
        else:
            aside += part.media
        yield {"functionResponse": response}
    yield from (write_media(media) for media in aside)


def _declaration(tool: Tool, reduced_schemas: bool) -> dict[str, Any]:
    declared: dict[str, Any] = {"name": tool_name(tool.name)}
    if tool.description:
        declared["description"] = tool.description
    if not tool.schema:
        return declared
    if not reduced_schemas:
        return declared | {"parametersJsonSchema": raw(tool.schema)}
    schema = reduced(value_of(tool.schema, f"tool {tool.name!r}, parameters"))
    # An object without properties is refused; without parameters a function takes none.
    return declared | ({"parameters": schema} if schema.get("properties") else {})


def _choice(choice: ToolChoice) -> dict[str, Any]:
    names = [tool_name(name) for name in choice.names]
    return {"mode": _MODES[choice.mode]} | ({"allowedFunctionNames": names} if names else {})


def _config(ask: Ask, model: str, notes: Notes, reduced_schemas: bool) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name, data in ask.sampling.items():
        if name.endswith("_penalty") and not takes_penalties(model):
            notes.add(f"{name} left out: {model} does not take it")
        elif name == "stop":
            stops = value_of(data, "stop")
            stops = stops if isinstance(stops, list) else [stops]
            if len(stops) > MOST_STOPS:
                notes.add(f"stop cut to {MOST_STOPS}")
            config[SAMPLING[name]] = stops[:MOST_STOPS]
        else:
            config[SAMPLING[name]] = raw(data)
    if ask.form:
        config |= _form(ask.form, reduced_schemas)
    if ask.effort and (thinking := thinking_config(ask.effort, model, notes)):
        config["thinkingConfig"] = thinking
    return config


def _form(form: AnswerForm, reduced_schemas: bool) -> dict[str, Any]:
    json: dict[str, Any] = {"responseMimeType": "application/json"}
    if form.schema and reduced_schemas:
        return json | {"responseSchema": reduced(value_of(form.schema, "response_format"))}
    return json | ({"responseJsonSchema": raw(form.schema)} if form.schema else {})
