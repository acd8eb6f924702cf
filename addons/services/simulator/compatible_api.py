"""Answers in OpenAI's form: chat, legacy and fill-in-the-middle completions, streamed or whole."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from addons.domain.usage import Usage
from addons.services.simulator.claims import tokens
from addons.services.simulator.dialects import Dialect, Fields, Place
from addons.services.simulator.script import Answer, ToolCall


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class Asked(msgspec.Struct):
    """What of a request decides the form of its answer."""

    model: str = ""
    stream: bool = False
    stream_options: StreamOptions | None = None


def sse(event: Fields | bytes) -> bytes:
    return b"data: " + (event if isinstance(event, bytes) else msgspec.json.encode(event)) + b"\n\n"


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def call_id(dialect: Dialect, call: ToolCall, seq: int, index: int) -> str:
    """In the provider's manner: Kimi counts, Mistral takes nine characters, the others make up a longer one."""
    if call.id:
        return call.id
    if dialect.name in ("kimi", "moonshot"):
        return f"functions.{call.name}:{seq * 10 + index}"
    digest = hashlib.sha256(f"{seq} {index}".encode()).hexdigest()
    return digest[:9] if dialect.name == "mistral" else f"call_{digest[:24]}"


class Chat:
    """One answer of `…/chat/completions` (or of Mistral's `…/fim/completions`, which has the same form)."""

    def __init__(self, dialect: Dialect, asked: Asked, answer: Answer, usage: Usage, seq: int) -> None:
        self.dialect, self.asked, self.answer, self.usage, self.seq = dialect, asked, answer, usage, seq
        self.frame: Fields = {
            "id": f"chatcmpl-{seq:08d}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": asked.model,
        }

    @property
    def states_usage(self) -> bool:
        """Not every provider does in a stream unless it is asked."""
        return not self.asked.stream or self.dialect.unasked or self._asked_for_usage

    @property
    def _asked_for_usage(self) -> bool:
        return bool(self.asked.stream_options and self.asked.stream_options.include_usage)

    def events(self) -> Iterator[bytes]:
        if self.dialect.comment:
            yield self.dialect.comment
        sent = 0
        for delta in self._deltas():
            sent += sum(tokens(text) for text in delta.values() if isinstance(text, str) and "role" not in delta)
            yield sse(self._chunk(delta, None, sent))
        yield from map(sse, self._endings())
        yield b"data: [DONE]\n\n"

    def _deltas(self) -> Iterator[Fields]:
        size = self.answer.chunk_chars
        yield {"role": "assistant", "content": ""}
        for piece in pieces(self.answer.reasoning, size):
            yield {self.dialect.reasoning: piece} if self.dialect.reasoning else {"content": [_thinking(piece)]}
        for piece in pieces(self.answer.text, size):
            yield {"content": piece}
        for index, call in enumerate(self.answer.tool_calls):
            whole = self._call(index, call) | {"index": index}
            if self.dialect.whole_calls:
                yield {"tool_calls": [whole]}
                continue
            yield {"tool_calls": [whole | {"function": {"name": call.name, "arguments": ""}}]}
            for piece in pieces(whole["function"]["arguments"], size):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}

    def _call(self, index: int, call: ToolCall) -> Fields:
        arguments = msgspec.json.encode(call.arguments).decode()
        function = {"name": call.name, "arguments": arguments}
        return {"id": call_id(self.dialect, call, self.seq, index), "type": "function", "function": function}

    def _chunk(self, delta: Fields, finish: str | None, sent: int = 0) -> Fields:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = self.frame | {"choices": [choice]}
        if self.dialect.place is Place.EVERY_CHUNK:
            chunk["usage"] = self.dialect.usage(replace(self.usage, completion_tokens=sent, reasoning_tokens=0))
        elif self.dialect.place is Place.EXTRA_CHUNK and self._asked_for_usage and self.dialect.name == "openai":
            chunk["usage"] = None
        return chunk

    def _endings(self) -> Iterator[Fields]:
        """The chunk with the finish reason and what follows it."""
        usage = self.dialect.usage(self.usage)
        finish = self._chunk({}, self.answer.finish_reason)
        place = self.dialect.place
        if place is Place.FINISH_CHOICE:
            finish["choices"][0]["usage"] = usage
        elif place in (Place.FINISH_CHUNK, Place.EVERY_CHUNK):
            finish["usage"] = usage
        elif place is Place.X_GROQ:
            finish["x_groq"] = {"id": f"req_{self.seq:026d}", "usage": usage}
        yield finish
        if place is Place.LAST_CHUNK:
            yield self._chunk({"role": "assistant", "content": ""}, None) | {"usage": usage, "provider": "Simulated"}
        elif (place is Place.EXTRA_CHUNK and self.states_usage) or (
            self.dialect.extra_if_asked and self._asked_for_usage
        ):
            yield self.frame | {"choices": [], "usage": usage} | self._times()

    def _times(self) -> Fields:
        if self.dialect.name != "cerebras":
            return {}
        times = {"queue_time": 0.001, "prompt_time": 0.006, "completion_time": 0.014, "total_time": 0.09}
        return {"time_info": times | {"created": time.time()}}

    def whole(self) -> bytes:
        message: Fields = {"role": "assistant", "content": self.answer.text or None}
        if self.answer.tool_calls:
            message["tool_calls"] = [self._call(index, call) for index, call in enumerate(self.answer.tool_calls)]
        if self.answer.reasoning and self.dialect.reasoning:
            message[self.dialect.reasoning] = self.answer.reasoning
        elif self.answer.reasoning:
            message["content"] = [_thinking(self.answer.reasoning), {"type": "text", "text": self.answer.text}]
        choice = {"index": 0, "message": message, "finish_reason": self.answer.finish_reason}
        body = self.frame | {"object": "chat.completion", "choices": [choice], "usage": self.dialect.usage(self.usage)}
        return msgspec.json.encode(body | self._times())


class Text(Chat):
    """One answer of the legacy `…/completions`: the same endings, the text in another place."""

    def _deltas(self) -> Iterator[Fields]:
        for piece in pieces(self.answer.text, self.answer.chunk_chars):
            yield {"content": piece}

    def _chunk(self, delta: Fields, finish: str | None, sent: int = 0) -> Fields:
        chunk = super()._chunk(delta, finish, sent)
        choice = {"index": 0, "text": delta.get("content", ""), "logprobs": None, "finish_reason": finish}
        return chunk | {"object": "text_completion", "choices": [choice]}

    def whole(self) -> bytes:
        choice = {"index": 0, "text": self.answer.text, "logprobs": None, "finish_reason": self.answer.finish_reason}
        usage = self.dialect.usage(self.usage)
        return msgspec.json.encode(self.frame | {"object": "text_completion", "choices": [choice], "usage": usage})


def _thinking(text: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
