"""Answers in OpenAI's schema: one event of a stream, or the whole body, which differs in `message` for `delta` only."""

import re
from typing import Any

import msgspec

from addons.domain.messages import PartType
from addons.domain.usage import Usage
from addons.domain.wire.contract import StreamEvent
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.openai_parts import parts_of_content, reasoning_text
from addons.domain.wire.values import NOTHING, as_cost, as_count, as_dict, as_text, has_value

_DONE = StreamEvent(finished=True)


class _Delta(msgspec.Struct):
    content: Any = None
    refusal: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    reasoning_details: Any = None
    tool_calls: Any = None
    function_call: Any = None


class _Choice(msgspec.Struct):
    index: Any = 0
    delta: _Delta | None = None
    message: _Delta | None = None
    text: Any = None
    """Legacy and fill-in-the-middle completions."""
    finish_reason: Any = None
    usage: msgspec.Raw = NOTHING
    """Kimi's, when `include_usage` was not asked for."""


class _Groq(msgspec.Struct):
    usage: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING


class _Answer(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: msgspec.Raw = NOTHING
    x_groq: _Groq | None = None
    error: msgspec.Raw = NOTHING
    status_code: msgspec.Raw = NOTHING
    object: Any = ""


class _Tail(msgspec.Struct):
    """What is still worth reading when the rest has a shape that nobody documented."""

    usage: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING


_TELLING = re.compile(rb'"(?:usage|error|x_groq)"|"finish_reason"\s*:\s*"|"object"\s*:\s*"error"')
"""What an event has that tells more than text: four events in five need not be decoded for it."""

_ANSWER = msgspec.json.Decoder(_Answer)
_TAIL = msgspec.json.Decoder(_Tail)
_ANY = msgspec.json.Decoder(Any)


def read_event(data: bytes, want_text: bool = True) -> StreamEvent | None:
    """What the event tells; None where that is nothing, or where it cannot be read."""
    if data == b"[DONE]":
        return _DONE
    if not want_text and not _TELLING.search(data):
        return None
    try:
        answer = _decode(data)
    except UNREADABLE:
        return None
    choices = answer.choices or []
    usage = _usage_of_answer(answer, choices)
    error = _error_of_answer(answer, data)
    finished = any(choice.finish_reason for choice in choices)
    text, other_text = _texts(choices) if want_text else ("", "")
    if not (usage or error or finished or text or other_text):
        return None
    return StreamEvent(usage, text, other_text, error, finished)


def _decode(data: bytes) -> _Answer:
    try:
        return _ANSWER.decode(data)
    except msgspec.ValidationError:
        tail = _TAIL.decode(data)
        return _Answer(usage=tail.usage, error=tail.error)


def _usage_of_answer(answer: _Answer, choices: list[_Choice]) -> Usage | None:
    """The first that is there: the answer's own, its first choice's (Kimi), Groq's."""
    for raw in (answer.usage, *(choice.usage for choice in choices[:1]), answer.x_groq and answer.x_groq.usage):
        if raw and has_value(raw) and (usage := read_usage(raw)):
            return usage
    return None


def read_usage(raw: bytes) -> Usage | None:
    """A usage object in any dialect; None if it counts nothing."""
    try:
        usage = as_dict(_ANY.decode(raw))
    except UNREADABLE:
        return None
    prompt, completion = as_count(usage.get("prompt_tokens")), as_count(usage.get("completion_tokens"))
    total = as_count(usage.get("total_tokens"))
    if prompt is None and completion is None:
        # Rerank and some embeddings give the total only: there is nothing in it but the prompt.
        prompt = total
    cost = as_cost(usage.get("cost"))
    if prompt is None and completion is None and cost is None:
        return None
    reasoning = _first_count(as_dict(usage.get("completion_tokens_details")).get("reasoning_tokens"))
    if reasoning and completion is not None and _is_apart(prompt, completion, reasoning, total):
        completion += reasoning
    return Usage(
        prompt_tokens=prompt,
        cached_tokens=_at_most(_cached(usage), prompt),
        completion_tokens=completion,
        reasoning_tokens=reasoning,
        cost_usd=cost,
    )


def _cached(usage: dict[str, Any]) -> int | None:
    """OpenAI and most; Kimi; Mistral; SiliconFlow and DeepSeek."""
    return _first_count(
        as_dict(usage.get("prompt_tokens_details")).get("cached_tokens"),
        usage.get("cached_tokens"),
        usage.get("num_cached_tokens"),
        usage.get("prompt_cache_hit_tokens"),
    )


def _first_count(*values: Any) -> int | None:
    return next((count for value in values if (count := as_count(value)) is not None), None)


def _is_apart(prompt: int | None, completion: int, reasoning: int, total: int | None) -> bool:
    """Whether reasoning was counted beside the completion, which the total or the sizes give away."""
    return reasoning > completion or total == (prompt or 0) + completion + reasoning


def _at_most(count: int | None, limit: int | None) -> int | None:
    return count if count is None or limit is None else min(count, limit)


def _error_of_answer(answer: _Answer, data: bytes) -> bytes:
    """The error as the body `{"error": …}`, without the rest of the event: its text is the user's."""
    if answer.object == "error":
        return data
    error = answer.error
    if not has_value(error) and answer.x_groq and has_value(answer.x_groq.error):
        error = answer.x_groq.error
    if not has_value(error):
        return b""
    status = b',"status_code":' + bytes(answer.status_code) if has_value(answer.status_code) else b""
    return b'{"error":' + bytes(error) + status + b"}"


def _texts(choices: list[_Choice]) -> tuple[str, str]:
    """The person reads the first choice; further ones were generated, and paid for, all the same."""
    shown: list[str] = []
    other: list[str] = []
    for choice in choices:
        text, beside = _texts_of_choice(choice)
        (shown if not choice.index else other).append(text)
        other.append(beside)
    return "".join(shown), "".join(other)


def _texts_of_choice(choice: _Choice) -> tuple[str, str]:
    delta = choice.delta or choice.message
    if delta is None:
        return as_text(choice.text), ""
    if isinstance(delta.content, str) and delta.content:
        text, beside = delta.content, []
    else:
        parts = list(parts_of_content(delta.content))
        text = "".join(text for kind, text in parts if kind is PartType.TEXT) or as_text(delta.refusal)
        beside = [text for kind, text in parts if kind is PartType.REASONING]
    if delta.reasoning_content or delta.reasoning or delta.reasoning_details:
        beside.append(reasoning_text((delta.reasoning_content, delta.reasoning), delta.reasoning_details))
    calls = delta.tool_calls if isinstance(delta.tool_calls, list) else []
    for function in (*(as_dict(call).get("function") for call in calls), delta.function_call):
        beside += [as_text(as_dict(function).get(key)) for key in ("name", "arguments")]
    return text, "".join(beside)
