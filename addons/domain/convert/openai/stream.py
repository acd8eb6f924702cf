"""Streams of chat completions: events read into pieces of an answer, and written from them."""

from dataclasses import replace
from typing import Any

from addons.domain.convert.answers import Answer, Candidate
from addons.domain.convert.contract import ConvertError, Reply
from addons.domain.convert.conversation import Call, Media, Part, Text, Thought
from addons.domain.convert.fields import Fields, encode, object_of
from addons.domain.convert.openai.answers import (
    candidate_of,
    choices_of,
    finish_fields,
    frame,
    image,
    read_frame,
    read_message,
)
from addons.domain.convert.openai.content import signature_of, signed, write_call
from addons.domain.convert.usages import openai_usage
from addons.domain.wire.values import as_count

DONE = b"[DONE]"


class _Fragments:
    """A tool call that arrives in pieces."""

    def __init__(self) -> None:
        self.id = self.name = self.signature = ""
        self.arguments: list[str] = []

    def add(self, piece: Fields) -> None:
        function = piece.child("function")
        self.id = self.id or piece.text("id")
        self.name = self.name or function.text("name")
        self.signature = self.signature or signature_of(piece)
        self.arguments.append(function.text("arguments"))

    def whole(self) -> Call:
        return Call(self.name, object_of("".join(self.arguments)), self.id, self.signature)


class _Calls:
    """Those of one candidate, in the order in which they began."""

    def __init__(self) -> None:
        self._begun: list[_Fragments] = []
        self._at: dict[int, _Fragments] = {}

    def add(self, index: int, piece: Fields) -> None:
        call = self._at.get(index)
        # Some clients' libraries and providers count every call 0: another id is another call.
        if call is None or (call.id and piece.text("id") not in ("", call.id)):
            call = self._at[index] = _Fragments()
            self._begun.append(call)
        call.add(piece)

    def take(self) -> list[Call]:
        calls = [call.whole() for call in self._begun]
        self._begun, self._at = [], {}
        return calls


class Reader:
    """Text passes at once; a call is held until the finish says that it is whole, because no other format has pieces of
    one. A call that never came to its finish is dropped."""

    def __init__(self) -> None:
        self._calls: dict[int, _Calls] = {}
        """By candidate."""

    def read(self, data: bytes) -> Answer | None:
        if data == DONE:
            return Answer(ended=True)
        fields = Fields(data, "event")
        read = read_frame(fields, data)
        if read.error:
            return read
        candidates = tuple(self._candidate(choice) for choice in choices_of(fields))
        return replace(read, candidates=candidates)

    def _candidate(self, choice: Fields) -> Candidate:
        delta = choice.child("delta" if choice.raw("delta") else "message")
        parts: list[Part] = list(read_message(delta))
        index = as_count(choice.value("index")) or 0
        calls = self._calls.setdefault(index, _Calls())
        for position, raw in enumerate(delta.items("tool_calls")):
            piece = Fields(raw, "event.tool_calls")
            at = as_count(piece.value("index"))
            calls.add(position if at is None else at, piece)
        if choice.text("finish_reason"):
            parts += calls.take()
        return candidate_of(choice, tuple(parts))


class Writer:
    """One event per part; the finish comes when the stream has ended, because more may follow Google's."""

    def __init__(self, reply: Reply, now_s: int) -> None:
        self._reply = reply
        self._now_s = now_s
        self._last = Answer()
        self._begun: set[int] = set()
        self._calls: dict[int, int] = {}
        self._finishes: dict[int, Candidate] = {}

    def write(self, answer: Answer) -> bytes:
        self._last = Answer(
            id=self._last.id or answer.id,
            model=self._last.model or answer.model,
            usage=answer.usage or self._last.usage,
            total_tokens=answer.total_tokens if answer.usage else self._last.total_tokens,
        )
        events: list[bytes] = []
        for candidate in answer.candidates:
            if candidate.index not in self._begun:
                self._begun.add(candidate.index)
                events.append(self._delta(candidate.index, {"role": "assistant", "content": ""}))
            events += [self._delta(candidate.index, self._part(candidate.index, part)) for part in candidate.parts]
            if candidate.refusal:
                events.append(self._delta(candidate.index, {"refusal": candidate.refusal}))
            if candidate.finish:
                self._finishes[candidate.index] = candidate
        return b"".join(events)

    def fail(self, error: bytes) -> bytes:
        return _event(error)

    def close(self) -> bytes:
        """Nothing where no candidate finished: the stream was cut, and must not look complete."""
        if not self._finishes:
            return b""
        events = [
            self._choice(index, {}, finish_fields(candidate, bool(self._calls.get(index))))
            for index, candidate in sorted(self._finishes.items())
        ]
        if self._reply.include_usage and self._last.usage:
            usage = openai_usage(self._last.usage, self._last.total_tokens)
            events.append(_event(encode(self._frame() | {"choices": [], "usage": usage})))
        return b"".join((*events, _event(DONE)))

    def _part(self, candidate: int, part: Part) -> dict[str, Any]:
        match part:
            case Text(text, signature):
                return {"content": text} | signed(signature)
            case Thought(text, signature):
                return {"reasoning_content": text} | signed(signature)
            case Media():
                return {"images": [image(part)]}
            case Call():
                index = self._calls.get(candidate, 0)
                self._calls[candidate] = index + 1
                return {"tool_calls": [write_call(part, name=self._reply.own_name(part.name), index=index)]}
        raise ConvertError("answer: a tool result in it")

    def _delta(self, candidate: int, delta: dict[str, Any]) -> bytes:
        return self._choice(candidate, delta, {"finish_reason": None})

    def _choice(self, candidate: int, delta: dict[str, Any], finish: dict[str, Any]) -> bytes:
        choice = {"index": candidate, "delta": delta, "logprobs": None} | finish
        usage = {"usage": None} if self._reply.include_usage else {}
        return _event(encode(self._frame() | {"choices": [choice]} | usage))

    def _frame(self) -> dict[str, Any]:
        return frame(self._last, self._reply, "chat.completion.chunk", self._now_s)


def _event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"
