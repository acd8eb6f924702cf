"""Streams of generateContent: events read into pieces of an answer, and written from them."""

from dataclasses import replace

from addons.domain.convert.answers import Answer, Candidate
from addons.domain.convert.contract import Reply
from addons.domain.convert.conversation import Call
from addons.domain.convert.fields import encode, items_of
from addons.domain.convert.gemini.answers import joined, read_answer, write_answer


class Reader:
    def __init__(self) -> None:
        self._calls = 0

    def read(self, data: bytes) -> Answer | None:
        if data.startswith(b"["):
            # An error inside an event stream may be bare JSON, and then an array.
            return joined([read_answer(item) for item in items_of(data, "event")])
        answer = read_answer(data, self._calls)
        parts = [part for candidate in answer.candidates for part in candidate.parts]
        self._calls += sum(isinstance(part, Call) for part in parts)
        return answer


class Writer:
    """An event per piece that says something; the finish is held for the usage, which chat completions send last."""

    def __init__(self, reply: Reply, now_s: int) -> None:
        self._reply = reply
        self._last = Answer()
        self._finishes: dict[int, Candidate] = {}
        self._begun = False
        self._ended = False

    def write(self, answer: Answer) -> bytes:
        self._last = Answer(
            id=self._last.id or answer.id,
            model=self._last.model or answer.model,
            usage=answer.usage or self._last.usage,
            total_tokens=answer.total_tokens if answer.usage else self._last.total_tokens,
        )
        self._finishes |= {candidate.index: candidate for candidate in answer.candidates if candidate.finish}
        spoken = tuple(
            replace(candidate, finish=None, refusal="") for candidate in answer.candidates if candidate.parts
        )
        return self._event(self._said(spoken)) if spoken else b""

    def fail(self, error: bytes) -> bytes:
        self._ended = True
        return self._event(error) + (b"]" if self._reply.json_array else b"")

    def close(self) -> bytes:
        """Nothing where no candidate finished: the stream was cut, and must not look complete."""
        if not self._finishes or self._ended:
            return b""
        ends = tuple(replace(self._finishes[index], parts=()) for index in sorted(self._finishes))
        last = replace(self._last, candidates=ends)
        return self._event(encode(write_answer(last, self._reply))) + (b"]" if self._reply.json_array else b"")

    def _said(self, candidates: tuple[Candidate, ...]) -> bytes:
        said = Answer(id=self._last.id, model=self._last.model, candidates=candidates)
        return encode(write_answer(said, self._reply))

    def _event(self, data: bytes) -> bytes:
        if not self._reply.json_array:
            return b"data: " + data + b"\r\n\r\n"
        before = b",\r\n" if self._begun else b"["
        self._begun = True
        return before + data
