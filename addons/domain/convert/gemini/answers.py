"""Gemini's answers: GenerateContentResponse, whole or one of a stream, which have the same shape."""

from typing import Any

from addons.domain.convert.answers import Answer, Candidate, Finish
from addons.domain.convert.contract import Notes, Reply
from addons.domain.convert.conversation import Call, Part
from addons.domain.convert.fields import Fields, encode, items_of
from addons.domain.convert.gemini.parts import read_spoken, write_spoken
from addons.domain.convert.ids import short_id
from addons.domain.convert.usages import gemini_usage
from addons.domain.wire.gemini_answer import read_usage
from addons.domain.wire.values import as_count, as_dict, as_text

_FINISHES = {
    "STOP": Finish.STOP,
    "MAX_TOKENS": Finish.LENGTH,
    "CONTINUATION": Finish.LENGTH,
    "MALFORMED_FUNCTION_CALL": Finish.STOP,
    "MALFORMED_RESPONSE": Finish.STOP,
    "UNEXPECTED_TOOL_CALL": Finish.STOP,
    "TOO_MANY_TOOL_CALLS": Finish.STOP,
    "MISSING_THOUGHT_SIGNATURE": Finish.STOP,
    "FINISH_REASON_UNSPECIFIED": Finish.STOP,
}
"""The rest (SAFETY, RECITATION, BLOCKLIST, IMAGE_…, OTHER) says that something was held back. After litellm 1.109.1,
core_helpers._FINISH_REASON_MAP; the words are those of google-genai's FinishReason."""
_PLAIN = frozenset({"STOP", "MAX_TOKENS"})
_NATIVE = {
    Finish.STOP: "STOP",
    Finish.TOOL_CALLS: "STOP",
    Finish.LENGTH: "MAX_TOKENS",
    Finish.CONTENT_FILTER: "SAFETY",
    Finish.ERROR: "OTHER",
}


def read_whole(body: bytes) -> Answer:
    """A whole answer.

    :raises ConvertError: if it is no answer of this format.
    """
    if body.lstrip().startswith(b"["):
        # An answer that was asked for whole but came as a stream's array, or an error that did.
        items = [read_answer(item) for item in items_of(body, "answer")]
        return joined(items)
    return read_answer(body)


def joined(pieces: list[Answer]) -> Answer:
    """Pieces of one stream in one answer."""
    parts: dict[int, list[Part]] = {}
    finishes: dict[int, Candidate] = {}
    for piece in pieces:
        for candidate in piece.candidates:
            parts.setdefault(candidate.index, []).extend(candidate.parts)
            if candidate.finish or candidate.index not in finishes:
                finishes[candidate.index] = candidate
    usages = [piece for piece in pieces if piece.usage]
    return Answer(
        id=next((piece.id for piece in pieces if piece.id), ""),
        model=next((piece.model for piece in pieces if piece.model), ""),
        candidates=tuple(
            Candidate(
                index=index,
                parts=tuple(parts[index]),
                finish=last.finish,
                native_finish=last.native_finish,
                refusal=last.refusal,
            )
            for index, last in finishes.items()
        ),
        usage=usages[-1].usage if usages else None,
        total_tokens=usages[-1].total_tokens if usages else None,
        error=next((piece.error for piece in pieces if piece.error), b""),
    )


def read_answer(data: bytes, first_call: int = 0) -> Answer:
    """One GenerateContentResponse.

    :param first_call: how many calls the stream had before, so that equal ones get ids of their own.
    :raises ConvertError: if it is no object.
    """
    fields = Fields(data, "answer")
    if fields.raw("error"):
        return Answer(error=b'{"error":' + fields.raw("error") + b"}")
    answer_id = fields.text("responseId")
    candidates = [
        _candidate(Fields(raw, f"candidates[{index}]"), answer_id, first_call)
        for index, raw in enumerate(fields.items("candidates"))
    ]
    blocked = as_dict(fields.value("promptFeedback")).get("blockReason")
    if blocked and not candidates:
        refusal = f"The provider refused the prompt: {as_text(blocked)}."
        candidates = [Candidate(finish=Finish.CONTENT_FILTER, native_finish=as_text(blocked), refusal=refusal)]
    counts = fields.value("usageMetadata")
    return Answer(
        id=answer_id,
        model=fields.text("modelVersion"),
        candidates=tuple(candidates),
        usage=read_usage(counts),
        total_tokens=as_count(as_dict(counts).get("totalTokenCount")),
    )


def _candidate(fields: Fields, answer_id: str, first_call: int) -> Candidate:
    index = as_count(fields.value("index")) or 0
    content = fields.child("content")
    parts: list[Part] = []
    calls = first_call
    for raw in content.items("parts"):
        for part in read_spoken(Fields(raw, f"{fields.place}.parts"), Notes()):
            if isinstance(part, Call):
                part = part if part.id else _identified(part, answer_id, index, calls)
                calls += 1
            parts.append(part)
    native = fields.text("finishReason")
    return Candidate(
        index=index,
        parts=tuple(parts),
        finish=_FINISHES.get(native, Finish.CONTENT_FILTER) if native else None,
        native_finish="" if native in _PLAIN else native,
        refusal=fields.text("finishMessage"),
    )


def _identified(call: Call, answer_id: str, candidate: int, nth: int) -> Call:
    """Older models give calls no id. The same answer read twice gives the same ids."""
    made = short_id("call", answer_id, candidate, nth, call.name, call.arguments)
    return Call(call.name, call.arguments, made, call.signature)


def write_answer(answer: Answer, reply: Reply) -> dict[str, Any]:
    """A GenerateContentResponse."""
    body: dict[str, Any] = {"candidates": [_written(candidate, reply) for candidate in answer.candidates]}
    if answer.usage:
        body["usageMetadata"] = gemini_usage(answer.usage, answer.total_tokens)
    body["modelVersion"] = answer.model or reply.model
    return body | ({"responseId": answer.id} if answer.id else {})


def _written(candidate: Candidate, reply: Reply) -> dict[str, Any]:
    parts = [
        write_spoken(part, name=reply.own_name(part.name) if isinstance(part, Call) else "", with_id=True)
        for part in candidate.parts
    ]
    if candidate.refusal and not parts:
        parts = [{"text": candidate.refusal}]
    written: dict[str, Any] = {"content": {"parts": parts or [{"text": ""}], "role": "model"}}
    if candidate.finish:
        written["finishReason"] = _NATIVE[candidate.finish]
    return written | {"index": candidate.index}


def write_whole(answer: Answer, reply: Reply, now_s: int) -> bytes:
    """:param now_s: says nothing here; for the interface."""
    return encode(write_answer(answer, reply))
