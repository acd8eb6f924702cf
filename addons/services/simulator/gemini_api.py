"""Answers in Gemini's own form: whole, as server-sent events, or as one JSON array that grows (no `alt=sse`)."""

import base64
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from addons.domain.usage import Usage
from addons.services.simulator.claims import tokens
from addons.services.simulator.compatible_api import pieces
from addons.services.simulator.dialects import Fields
from addons.services.simulator.script import Answer

FINISH = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}


def signature(seq: int) -> str:
    """What Gemini 3 puts beside the first call of a step, and wants back unchanged."""
    return base64.b64encode(f"signature of answer {seq}".encode()).decode()


def usage_metadata(usage: Usage, completion_tokens: int) -> Fields:
    """A snapshot after so many completion tokens; thoughts are not part of the candidates' count, but of the total."""
    prompt, thoughts = usage.prompt_tokens or 0, usage.reasoning_tokens or 0
    fields: Fields = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": max(0, completion_tokens - thoughts),
        "totalTokenCount": prompt + max(thoughts, completion_tokens),
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}],
    }
    if usage.cached_tokens is not None:
        fields["cachedContentTokenCount"] = usage.cached_tokens
    return fields | ({"thoughtsTokenCount": thoughts} if thoughts else {})


def parts(answer: Answer, seq: int) -> Iterator[Fields]:
    for piece in pieces(answer.reasoning, answer.chunk_chars):
        yield {"text": piece, "thought": True}
    for piece in pieces(answer.text, answer.chunk_chars):
        yield {"text": piece}
    for index, call in enumerate(answer.tool_calls):
        part: Fields = {"functionCall": {"name": call.name, "args": call.arguments}}
        yield part | ({"thoughtSignature": signature(seq)} if index == 0 else {})


def chunks(answer: Answer, usage: Usage, model: str, seq: int) -> Iterator[Fields]:
    """One GenerateContentResponse per piece; the last one carries the finish reason."""
    tail = {"modelVersion": model, "responseId": f"resp-{seq:08d}"}
    sent = 0
    for part in parts(answer, seq):
        sent += tokens(part.get("text", ""))
        candidate = {"content": {"parts": [part], "role": "model"}, "index": 0}
        yield {"candidates": [candidate], "usageMetadata": usage_metadata(usage, sent)} | tail
    end = {
        "content": {"parts": [{"text": ""}], "role": "model"},
        "finishReason": FINISH[answer.finish_reason],
        "index": 0,
    }
    yield {"candidates": [end], "usageMetadata": usage_metadata(usage, usage.completion_tokens or 0)} | tail


def events(answer: Answer, usage: Usage, model: str, seq: int) -> Iterator[bytes]:
    for chunk in chunks(answer, usage, model, seq):
        yield b"data: " + msgspec.json.encode(chunk) + b"\r\n\r\n"


def array(answer: Answer, usage: Usage, model: str, seq: int) -> Iterator[bytes]:
    for index, chunk in enumerate(chunks(answer, usage, model, seq)):
        yield (b",\r\n" if index else b"[") + msgspec.json.encode(chunk)
    yield b"]"


def whole(answer: Answer, usage: Usage, model: str, seq: int) -> bytes:
    unsplit = replace(answer, chunk_chars=max(1, len(answer.text), len(answer.reasoning)))
    content = {"parts": list(parts(unsplit, seq)), "role": "model"}
    candidate = {"content": content, "finishReason": FINISH[answer.finish_reason], "index": 0}
    metadata = usage_metadata(usage, usage.completion_tokens or 0)
    return msgspec.json.encode(
        {"candidates": [candidate], "usageMetadata": metadata, "modelVersion": model, "responseId": f"resp-{seq:08d}"}
    )
