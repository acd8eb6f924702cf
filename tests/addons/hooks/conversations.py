"""Random conversations that grow as a coding assistant's do, with every message's bytes written once and resent."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from mitmproxy import http

from addons.domain.wire import FORMATS
from tests.addons.hooks.own import chat, flow_to

CONTENTS = ("log", "json", "source", "search", "prose", "short")


def content(kind: str, size: int, seed: int) -> str:
    """Some text of a kind; `size` is its number of lines."""
    chance = random.Random(f"{kind}{size}{seed}")
    word = chance.choice(["alpha", "béta", "gamma\t", "delta\\", 'ε"'])
    if kind == "log":
        levels = ["INFO"] * 9 + ["ERROR"]
        lines = [f"2026-01-02T03:04:{i % 60:02d} {chance.choice(levels)} {word} request {i} done" for i in range(size)]
    elif kind == "json":
        return json.dumps([{"id": i, "name": f"{word} {i}", "price": i / 7, "tags": [word]} for i in range(size)])
    elif kind == "source":
        lines = [f"def function_{i}(value):\n    return value * {chance.random()}  # {word}" for i in range(size // 2)]
    elif kind == "search":
        lines = [f"src/module_{i % 7}.py:{i}:    call({word!r}, {chance.random()})" for i in range(size)]
    elif kind == "prose":
        lines = [f"Sentence {i} about {word} and {chance.random()} other things." for i in range(size)]
    else:
        lines = [f"ok {word}"]
    return "\n".join(lines)


def written(message: dict[str, Any], seed: int) -> bytes:
    """JSON as another program would write it: spaces, escapes and an unknown number's spelling differ."""
    chance = random.Random(seed)
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\n", " : ")])
    text = json.dumps(message, ensure_ascii=chance.random() < 0.5, separators=separators)
    if chance.random() < 0.5:
        text = text[:-1] + separators[0] + '"x_unknown"' + separators[1] + "1e2}"
    return text.encode()


@dataclass
class Conversation:
    """One history and how to ask with it."""

    wire: str
    name: str
    raws: list[bytes] = field(default_factory=list)
    forwarded: list[bytes | None] = field(default_factory=list)
    """Each message as it is to be forwarded from now on; None where either is right."""
    words: dict[int, str] = field(default_factory=dict)
    """By the message's index: what the person wrote at the end of its text."""
    calls: int = 0

    def add(self, message: dict[str, Any], seed: int) -> None:
        self.raws.append(written(message, seed))

    def ask(self, at_s: float, *, last: bytes | None = None, **headers: str) -> http.HTTPFlow:
        """A request with the whole history, and with one message more if it is given."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        messages = b" , ".join([*self.raws, last] if last else self.raws)
        if self.wire == "openai":
            body = b'{"model":"large" ,"stream":true,"temperature":1e0, "messages":[ ' + messages + b" ]}"
            return chat([], raw=body, headers=fields, at_s=at_s)
        body = b'{"contents" : [' + messages + b'],"generationConfig":{"temperature":1e0}}'
        path = "/v1beta/models/flash:streamGenerateContent?alt=sse"
        return flow_to("gem.test", path, body, headers=fields, at_s=at_s)

    def check(self, forwarded: list[bytes]) -> None:
        """A request begins as the one before did."""
        for before, now in zip(self.forwarded, forwarded, strict=False):
            assert before in (None, now)

    @property
    def instruction(self) -> bytes:
        """Of Continue, for its own summary of this conversation."""
        text = "Create a comprehensive summary of this conversation that captures all essential information"
        message = {"parts": [{"text": text}]} if self.wire == "gemini" else {"content": text}
        return json.dumps({"role": "user"} | message).encode()

    def cut(self, body: bytes) -> list[bytes]:
        """The messages of a body."""
        request = FORMATS[self.wire].parse_request(body)
        return [request.raw(span) for span in request.messages]

    def begin(self, seed: int) -> None:
        if self.wire == "openai":
            self.add({"role": "system", "content": content("prose", 80, seed)}, seed)
        self.user(f"Please look at {self.name}.", seed)

    def user(self, text: str, seed: int) -> None:
        if self.wire == "openai":
            self.add({"role": "user", "content": text}, seed)
        else:
            self.add({"role": "user", "parts": [{"text": text}]}, seed)

    def step(self, step: "Step") -> None:
        """The assistant's answer, and what comes back from it."""
        if step.way == "said":
            self.answer("Here is a long answer. " + content("prose", step.size, step.seed), step.seed)
            self.user(content("prose", step.size, step.seed + 1) + step.words, step.seed)
            self.words[len(self.raws) - 1] = content("prose", step.size, step.seed + 1) + step.words
        elif step.way == "attached":
            self.answer("Show me the file.", step.seed)
            block = f"```py src/file_{step.seed}.py\n{content(step.kind, step.size, step.seed)}\n```\n"
            self.user(block + step.words, step.seed)
            self.words[len(self.raws) - 1] = step.words
        elif step.way == "system tool":
            self.answer("```tool\nTOOL_NAME: run\n```", step.seed)
            self.user(f"Tool output for run tool call:\n\n{content(step.kind, step.size, step.seed)}", step.seed)
        else:
            self.tool(step)

    def answer(self, text: str, seed: int) -> None:
        if self.wire == "openai":
            self.add({"role": "assistant", "reasoning_content": text * 3, "content": text}, seed)
        else:
            self.add({"role": "model", "parts": [{"text": text, "thoughtSignature": "c2ln"}]}, seed)

    def tool(self, step: "Step") -> None:
        text = content(step.kind, step.size, step.seed)
        name, arguments = ("run_command", {"command": f"make {step.seed}"})
        if step.kind == "source":
            name, arguments = ("read_file", {"filepath": f"src/file_{step.seed}.py"})
        if self.wire == "gemini":
            self.add({"role": "model", "parts": [{"functionCall": {"name": name, "args": arguments}}]}, step.seed)
            response = {step.key: text} if step.key != "object" else {"stdout": text, "code": 0}
            parts: list[dict[str, Any]] = [{"functionResponse": {"name": name, "response": response}}]
            parts += [{"text": step.words}] if step.words else []
            self.add({"role": "user", "parts": parts}, step.seed)
            self.words[len(self.raws) - 1] = step.words
            return
        self.calls += 1
        call_id = f"call_{self.name}_{self.calls}"
        call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        self.add({"role": "assistant", "content": "", "tool_calls": [call]}, step.seed)
        parts = [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]
        parts += [{"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}}]
        self.add({"role": "tool", "tool_call_id": call_id, "content": parts if step.in_parts else text}, step.seed)


@dataclass(frozen=True)
class Step:
    way: str
    kind: str
    size: int
    seed: int
    words: str
    in_parts: bool
    key: str
    pause_s: int
    """Since the request before; longer than the cache lives in some."""


STEPS = st.builds(
    Step,
    way=st.sampled_from(["tool", "tool", "tool", "said", "attached", "system tool"]),
    kind=st.sampled_from(CONTENTS),
    size=st.sampled_from([3, 40, 60, 150]),
    seed=st.integers(0, 20),
    words=st.sampled_from(["", "Go on.", "Why does it say ```py src/a.py\nx\n``` there?"]),
    in_parts=st.booleans(),
    key=st.sampled_from(["output", "content", "object"]),
    pause_s=st.sampled_from([5, 5, 5, 400]),
)
WIRES = st.sampled_from(["openai", "gemini"])


def texts(raw: bytes) -> list[str]:
    """Of a message, in order, without a function's response."""
    message = json.loads(raw)
    body = message.get("content", message.get("parts"))
    if isinstance(body, str):
        return [body]
    return [part["text"] for part in body if "text" in part]


def frame(raw: bytes) -> Any:
    """A message without what may be masked in it: the texts of a tool's result, and of a user's message."""
    message = json.loads(raw)
    if message["role"] in ("system", "assistant", "model"):
        return raw
    body = message.get("content", message.get("parts"))
    for part in body if isinstance(body, list) else ():
        if "text" in part:
            part["text"] = ""
        if "functionResponse" in part:
            part["functionResponse"].pop("response")
    if isinstance(body, str):
        message["content"] = ""
    return message


def started(wire: str, name: str = "it") -> Conversation:
    conversation = Conversation(wire, name)
    conversation.begin(len(name))
    return conversation
