"""Answers of chat completions: the whole body, and one event of a stream, which has `delta` for `message`."""

from collections.abc import Iterator
from typing import Any

from addons.domain.convert.answers import Answer, Candidate, Finish
from addons.domain.convert.contract import ConvertError, Notes, Reply
from addons.domain.convert.conversation import Call, Media, Part, Text, Thought
from addons.domain.convert.fields import Fields, encode
from addons.domain.convert.ids import short_id
from addons.domain.convert.openai.content import (
    data_uri,
    media_of,
    read_call,
    read_content,
    read_reasoning,
    signature_of,
    signed,
    write_call,
    write_texts,
)
from addons.domain.convert.usages import openai_usage
from addons.domain.messages import PartType
from addons.domain.wire.openai_answer import read_event
from addons.domain.wire.openai_parts import parts_of_content
from addons.domain.wire.values import as_count, as_dict, as_text

_FINISHES = {
    "stop": Finish.STOP,
    "length": Finish.LENGTH,
    "tool_calls": Finish.TOOL_CALLS,
    "function_call": Finish.TOOL_CALLS,
    "content_filter": Finish.CONTENT_FILTER,
    "error": Finish.ERROR,
}


def read_whole(body: bytes) -> Answer:
    """A whole answer.

    :raises ConvertError: if it is no answer of this format.
    """
    fields = Fields(body, "answer")
    read = read_frame(fields, body)
    if read.error:
        return read
    if not fields.raw("choices"):
        raise ConvertError("answer.choices: missing; expected a chat completion")
    candidates = []
    for choice in choices_of(fields):
        message = choice.child("message")
        calls = [read_call(Fields(raw, f"{choice.place}.tool_calls")) for raw in message.items("tool_calls")]
        candidates.append(candidate_of(choice, (*read_message(message), *calls)))
    return Answer(
        id=read.id, model=read.model, candidates=tuple(candidates), usage=read.usage, total_tokens=read.total_tokens
    )


def read_frame(fields: Fields, data: bytes) -> Answer:
    """What stands around the choices: id, model, usage in any dialect, or an error."""
    event = read_event(data, False)
    return Answer(
        id=fields.text("id"),
        model=fields.text("model"),
        usage=event.usage if event else None,
        total_tokens=as_count(as_dict(fields.value("usage")).get("total_tokens")),
        error=event.error if event else b"",
    )


def choices_of(fields: Fields) -> Iterator[Fields]:
    for index, raw in enumerate(fields.items("choices")):
        yield Fields(raw, f"choices[{index}]")


def candidate_of(choice: Fields, parts: tuple[Part, ...]) -> Candidate:
    reason = choice.text("finish_reason")
    return Candidate(
        index=as_count(choice.value("index")) or 0,
        parts=parts,
        finish=_FINISHES.get(reason, Finish.STOP) if reason else None,
        native_finish="" if reason in _FINISHES else reason,
    )


def read_message(message: Fields) -> Iterator[Part]:
    """All of a message or a delta but its tool calls. What nobody documented is left out: an answer half read is worth
    more than none."""
    yield from read_reasoning(message)
    parts = list(_content(message))
    if refusal := message.text("refusal"):
        parts.append(Text(refusal))
    if signature := signature_of(message):
        last = parts[-1] if parts else None
        parts[-1:] = [Text(last.text, signature)] if isinstance(last, Text) else [*parts[-1:], Text("", signature)]
    yield from parts
    for made in message.items("images"):
        address = as_text(as_dict(Fields(made, f"{message.place}.images").value("image_url")).get("url"))
        if address:
            yield media_of(address, f"{message.place}.images")


def _content(message: Fields) -> Iterator[Part]:
    """A string, or typed parts: texts and, of Mistral, thinking; its references have no counterpart."""
    if message.raw("content").startswith(b'"'):
        yield from read_content(message, Notes())
        return
    for kind, text in parts_of_content(message.value("content")):
        if text and kind in (PartType.TEXT, PartType.REASONING):
            yield Text(text) if kind is PartType.TEXT else Thought(text)


def write_whole(answer: Answer, reply: Reply, now_s: int) -> bytes:
    body = frame(answer, reply, "chat.completion", now_s)
    body["choices"] = [_choice(candidate, reply) for candidate in answer.candidates]
    if answer.usage:
        body["usage"] = openai_usage(answer.usage, answer.total_tokens)
    return encode(body)


def frame(answer: Answer, reply: Reply, kind: str, now_s: int) -> dict[str, Any]:
    return {
        "id": answer.id or f"chatcmpl-{short_id(reply.model, now_s)}",
        "object": kind,
        "created": now_s,
        "model": answer.model or reply.model,
    }


def _choice(candidate: Candidate, reply: Reply) -> dict[str, Any]:
    content, signature = write_texts([part for part in candidate.parts if isinstance(part, Text)])
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if candidate.refusal:
        message["refusal"] = candidate.refusal
    if thoughts := "".join(part.text for part in candidate.parts if isinstance(part, Thought)):
        message["reasoning_content"] = thoughts
    calls = [part for part in candidate.parts if isinstance(part, Call)]
    if calls:
        message["tool_calls"] = [write_call(call, name=reply.own_name(call.name)) for call in calls]
    if images := [image(part) for part in candidate.parts if isinstance(part, Media)]:
        message["images"] = images
    choice = {"index": candidate.index, "message": message | signed(signature), "logprobs": None}
    return choice | finish_fields(candidate, bool(calls))


def image(media: Media) -> dict[str, Any]:
    """As OpenRouter writes an image that a model made."""
    return {"type": "image_url", "image_url": {"url": media.uri or data_uri(media)}}


def finish_fields(candidate: Candidate, with_calls: bool) -> dict[str, Any]:
    """The finish reason, and beside it the provider's own word where that says more (OpenRouter's field)."""
    finish = candidate.finish
    if finish is Finish.STOP and with_calls:
        finish = Finish.TOOL_CALLS
    native = {"native_finish_reason": candidate.native_finish} if candidate.native_finish else {}
    return {"finish_reason": finish} | native
