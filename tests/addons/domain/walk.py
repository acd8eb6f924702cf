"""A session's requests and what each records of its messages, for the tests of message lists."""

import json
from dataclasses import dataclass, field
from typing import Any

from addons.domain.composition import NOTHING, Rewritten
from addons.domain.filling import Filling
from addons.domain.memory_servers import SERVERS
from addons.domain.message_list import Before, MessageStep, next_step
from addons.domain.reading import Reader, Reading
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS

READERS = {wire: Reader(FORMATS[wire], TokenCounter()) for wire in FORMATS}


def read(body: Any, wire: str = "openai") -> Reading:
    return READERS[wire].read(FORMATS[wire].parse_request(json.dumps(body).encode()))


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def answer(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def call(tool: str, call_id: str) -> dict[str, Any]:
    function = {"name": tool, "arguments": "{}"}
    return {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "function": function}]}


def result(text: str, call_id: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


@dataclass
class Walk:
    """Sends one request after the other, as the hooks see them."""

    chain: str = "c"
    steps: list[MessageStep] = field(default_factory=list)
    before: Before | None = None

    def send(
        self, *messages: dict[str, Any], known: int = 0, rewritten: Rewritten = NOTHING, **fields: Any
    ) -> MessageStep:
        return self.take(read({"messages": messages, **fields}), known, rewritten)

    def take(self, reading: Reading, known: int = 0, rewritten: Rewritten = NOTHING) -> MessageStep:
        filling = self.before.filling if self.before else Filling(SERVERS)
        extended = filling.extended(reading.messages)
        step, self.before = next_step(self.before, self.chain, reading, known, extended, rewritten)
        self.steps.append(step)
        return step
