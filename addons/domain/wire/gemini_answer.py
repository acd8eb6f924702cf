"""Gemini's answers: one GenerateContentResponse of a stream, a whole answer, or an array of either."""

from typing import Any

import msgspec

from addons.domain.usage import Usage
from addons.domain.wire.contract import StreamEvent
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import NOTHING, as_count, as_dict, as_text, has_value


class _Call(msgspec.Struct):
    name: Any = ""
    args: msgspec.Raw = NOTHING


class _Part(msgspec.Struct, rename="camel"):
    text: Any = None
    thought: Any = False
    function_call: _Call | None = None


class _Content(msgspec.Struct):
    parts: list[_Part] | None = None


class _Candidate(msgspec.Struct, rename="camel"):
    index: Any = 0
    content: _Content | None = None
    finish_reason: Any = None


class _Answer(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] | None = None
    usage_metadata: Any = None
    prompt_feedback: Any = None
    error: msgspec.Raw = NOTHING


class _Tail(msgspec.Struct, rename="camel"):
    """What is still worth reading when the rest has a shape that nobody documented."""

    usage_metadata: Any = None
    error: msgspec.Raw = NOTHING


_ANSWER = msgspec.json.Decoder(_Answer)
_TAIL = msgspec.json.Decoder(_Tail)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


def read_event(data: bytes, want_text: bool = True) -> StreamEvent | None:
    """What the event tells; None where that is nothing, or where it cannot be read."""
    if data.startswith(b"["):
        return _read_array(data)
    try:
        answer = _decode(data)
    except UNREADABLE:
        return None
    candidates = answer.candidates or []
    usage = read_usage(answer.usage_metadata)
    error = b'{"error":' + bytes(answer.error) + b"}" if has_value(answer.error) else b""
    blocked = bool(as_dict(answer.prompt_feedback).get("blockReason"))
    finished = blocked or any(candidate.finish_reason for candidate in candidates)
    text, other_text = _texts(candidates) if want_text else ("", "")
    if not (usage or error or finished or text or other_text):
        return None
    return StreamEvent(usage, text, other_text, error, finished)


def read_body(body: bytes) -> StreamEvent:
    return read_event(body.lstrip()) or StreamEvent()


def _read_array(data: bytes) -> StreamEvent | None:
    """All the events of an array in one: an error, or an answer that was streamed but not read as a stream."""
    try:
        items = _ARRAY.decode(data)
    except UNREADABLE:
        return None
    # Objects only: an array inside the array is no answer, and could nest deeper than the stack.
    objects = (bytes(item) for item in items if bytes(item).startswith(b"{"))
    events = [event for item in objects if (event := read_event(item)) is not None]
    if not events:
        return None
    return StreamEvent(
        usage=next((event.usage for event in reversed(events) if event.usage), None),
        text="".join(event.text for event in events),
        other_text="".join(event.other_text for event in events),
        error=next((event.error for event in events if event.error), b""),
        finished=any(event.finished for event in events),
    )


def _decode(data: bytes) -> _Answer:
    try:
        return _ANSWER.decode(data)
    except msgspec.ValidationError:
        tail = _TAIL.decode(data)
        return _Answer(usage_metadata=tail.usage_metadata, error=tail.error)


def read_usage(metadata: Any) -> Usage | None:
    """`usageMetadata`: a snapshot so far, in every event; None if it counts nothing."""
    counts = as_dict(metadata)
    prompt, candidates = as_count(counts.get("promptTokenCount")), as_count(counts.get("candidatesTokenCount"))
    thoughts, tool_use = as_count(counts.get("thoughtsTokenCount")), as_count(counts.get("toolUsePromptTokenCount"))
    total = as_count(counts.get("totalTokenCount"))
    if prompt is None and candidates is None and total is None:
        return None
    sent = prompt if tool_use is None else (prompt or 0) + tool_use
    completion = candidates
    # Some models count thoughts among the candidates' tokens: then the total is complete without them.
    if thoughts and (sent or 0) + (candidates or 0) != total:
        completion = (candidates or 0) + thoughts
    cached = as_count(counts.get("cachedContentTokenCount"))
    return Usage(
        prompt_tokens=sent,
        cached_tokens=cached if cached is None or sent is None else min(cached, sent),
        completion_tokens=completion,
        reasoning_tokens=thoughts,
    )


def _texts(candidates: list[_Candidate]) -> tuple[str, str]:
    """The person reads the first candidate's text; the rest was generated, and paid for, all the same."""
    shown: list[str] = []
    other: list[str] = []
    for candidate in candidates:
        for part in (candidate.content and candidate.content.parts) or ():
            text = as_text(part.text)
            (other if part.thought or candidate.index else shown).append(text)
            if part.function_call:
                other += [as_text(part.function_call.name), bytes(part.function_call.args).decode(errors="replace")]
    return "".join(shown), "".join(other)
