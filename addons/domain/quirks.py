"""What a provider wants otherwise than OpenAI does, done to a body.

Only for bodies that are changed anyway: routed, converted, or refused and to be repaired. An untouched request is the
client's own affair and keeps its bytes. A pure function of body and settings, so a history keeps its prefix; what is
not named in the settings keeps its bytes too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from addons.domain.convert.contract import Notes
from addons.domain.convert.fields import Fields, encode, items_of, value_of
from addons.domain.convert.ids import short_id
from addons.domain.settings import Quirks
from addons.domain.wire.values import as_dict, has_value

Raws = dict[str, bytes]
"""A JSON object: its values as they are written."""
SIGNED = "extra_content"
"""Where Google's thought signatures stand in OpenAI's format."""
REASONING = "reasoning_content"


def apply_quirks(body: bytes, quirks: Quirks) -> tuple[bytes, tuple[str, ...]]:
    """The body as the provider takes it, and what was changed: names of fields, never text.

    :param body: a chat completions request.
    :raises ConvertError: if it is none.
    """
    notes = Notes()
    fields = _raws(body, "request")
    new = _body_fields(fields, quirks, notes)
    if "messages" in new:
        messages = items_of(new["messages"], "request.messages")
        rewritten = list(_messages(messages, quirks, notes))
        if rewritten != messages:
            new["messages"] = _array(rewritten)
    if new == fields:
        return body, ()
    return _object(new), notes.all()


def _raws(data: bytes, place: str) -> Raws:
    read = Fields(data, place)
    return {name: read.as_written(name) for name in read.names()}


def _object(raws: Raws) -> bytes:
    return encode({name: msgspec.Raw(data) for name, data in raws.items()})


def _array(items: Iterable[bytes]) -> bytes:
    return encode([msgspec.Raw(item) for item in items])


def _body_fields(fields: Raws, quirks: Quirks, notes: Notes) -> Raws:
    new = _renamed(fields, quirks.rename_fields, notes)
    for name in tuple(new):
        if name in quirks.strip_fields or (quirks.only_fields and name not in quirks.only_fields):
            del new[name]
            notes.add(f"{name} left out")
    choice = new.get("tool_choice", b"")
    if quirks.tool_choices and choice.startswith(b'"') and value_of(choice, "tool_choice") not in quirks.tool_choices:
        del new["tool_choice"]
        notes.add("tool_choice left out")
    for name, most in (("tools", quirks.most_tools), ("stop", quirks.most_stops)):
        if most is not None and new.get(name, b"").startswith(b"["):
            items = items_of(new[name], name)
            if len(items) > most:
                new[name] = _array(items[:most])
                notes.add(f"{name} cut to {most} of {len(items)}")
    return new


def _renamed(fields: Raws, names: Mapping[str, str], notes: Notes) -> Raws:
    """In the place of the old name; a field that has the new one already stays, and the old one goes."""
    new: Raws = {}
    for name, data in fields.items():
        there = names.get(name, name)
        if there == name:
            new[name] = data
            continue
        notes.add(f"{name} sent as {there}")
        if there not in fields:
            new[there] = data
    return new


def _messages(messages: list[bytes], quirks: Quirks, notes: Notes) -> Iterator[bytes]:
    role_before = ""
    for index, raw in enumerate(messages):
        fields = _raws(raw, f"messages[{index}]")
        role = str(value_of(fields.get("role", b'""'), "role"))
        if role == "user" and role_before == "tool" and quirks.between_tool_and_user:
            notes.add("an answer put between a tool result and a message of the user")
            yield encode({"role": "assistant", "content": quirks.between_tool_and_user})
        new = _message(fields, role, quirks, notes)
        yield raw if new == fields else _object(new)
        role_before = role


def _message(fields: Raws, role: str, quirks: Quirks, notes: Notes) -> Raws:
    new = _renamed(fields, quirks.rename_message_fields, notes)
    for name in tuple(new):
        is_null = quirks.strip_null_fields and name != "content" and new[name] == b"null"
        if name in quirks.strip_message_fields or is_null:
            del new[name]
            notes.add(f"{name} of a message left out")
    if not quirks.thought_signatures:
        _strip_signatures(new, notes)
    if quirks.tool_id_pattern:
        _fit_ids(new, re.compile(quirks.tool_id_pattern), notes)
    _fill(new, role, quirks, notes)
    return new


def _strip_signatures(message: Raws, notes: Notes) -> None:
    """On the message, on its calls, on the parts of its content."""
    if message.pop(SIGNED, None) is not None:
        notes.add(f"{SIGNED} of a message left out")
    for name in ("tool_calls", "content"):
        raw = message.get(name, b"")
        if not raw.startswith(b"[") or SIGNED.encode() not in raw:
            continue
        items = items_of(raw, name)
        stripped = [_without(item, SIGNED) for item in items]
        if stripped != items:
            notes.add(f"{SIGNED} of {name} left out")
            message[name] = _array(stripped)


def _without(item: bytes, name: str) -> bytes:
    if not item.startswith(b"{"):
        return item
    fields = _raws(item, "messages")
    return item if fields.pop(name, None) is None else _object(fields)


def _fit_ids(message: Raws, pattern: re.Pattern[str], notes: Notes) -> None:
    """Of calls and of results alike, so that they still belong together."""
    if "tool_call_id" in message:
        message["tool_call_id"] = _fitting_id(message["tool_call_id"], pattern, notes)
    if message.get("tool_calls", b"").startswith(b"["):
        items = items_of(message["tool_calls"], "tool_calls")
        calls = [_raws(item, "tool_calls") for item in items]
        fitted = [call | {"id": _fitting_id(call["id"], pattern, notes)} if "id" in call else call for call in calls]
        if fitted != calls:
            message["tool_calls"] = _array(map(_object, fitted))


def _fitting_id(raw: bytes, pattern: re.Pattern[str], notes: Notes) -> bytes:
    call_id = value_of(raw, "id")
    if not isinstance(call_id, str) or pattern.fullmatch(call_id):
        return raw
    notes.add("ids of tool calls replaced")
    return encode(short_id("id", call_id))


def _fill(message: Raws, role: str, quirks: Quirks, notes: Notes) -> None:
    """What may not be empty."""
    has_calls = has_value(message.get("tool_calls", b"")) and message["tool_calls"] != b"[]"
    reasoning = quirks.rename_message_fields.get(REASONING, REASONING)
    if quirks.fill_reasoning and has_calls and not has_value(message.get(reasoning, b"")):
        message[reasoning] = encode(quirks.fill_reasoning)
        notes.add(f"{reasoning} put into a message with tool calls")
    if "content" not in message or not _is_empty(message["content"]):
        return
    if has_calls and quirks.drop_empty_content:
        del message["content"]
        notes.add("empty content of a message left out")
    elif role in ("user", "tool") and quirks.fill_empty_content:
        message["content"] = encode(quirks.fill_empty_content)
        notes.add("empty content of a message filled")


def _is_empty(content: bytes) -> bool:
    """A text of nothing, no content, or parts that are texts of nothing."""
    value = value_of(content, "content")
    if not isinstance(value, list):
        return not value
    return all(as_dict(part).get("type") == "text" and not as_dict(part).get("text") for part in value)
