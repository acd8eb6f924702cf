"""Conversations that outgrow a small window, and a model that writes summaries without a network."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mitmproxy import http

from addons.domain.compression.asking import Reply
from addons.domain.usage import Usage
from addons.hooks.compression import Compression
from addons.services.summarizer import Place
from tests.addons.hooks.own import NOW_S, PROVIDERS, Own, chat, gemini, stream_of

WINDOW = 8_000
SMALL = f"""{PROVIDERS}
[providers.acme.models.mid]
context_window = {WINDOW}
price = {{ input = 1.0, cached = 0.1, output = 4.0 }}
[providers.gem.models.lite]
context_window = {WINDOW}
[masking]
policy = "off"
[routing]
enabled = false
[compression]
reserved_tokens = 500
"""
WORDS = " ".join(f"word{number}" for number in range(100))
"""Some 250 tokens."""


class Writer:
    """In the model's place: answers what it is told, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[Place, dict[str, Any]]] = []
        self.held: asyncio.Event | None = None
        """Set: no answer before it."""

    async def ask(self, place: Place, body: bytes) -> Reply:
        self.asked.append((place, json.loads(body)))
        if self.held:
            await self.held.wait()
        return self.replies.pop(0) if self.replies else written(f"The model's summary {len(self.asked)}.")


def written(text: str) -> Reply:
    return Reply(text=text, usage=Usage(prompt_tokens=1_000, completion_tokens=50), status=200)


def with_writer(own: Own, *replies: Reply) -> Writer:
    writer = Writer(*replies)
    own.addon(Compression).summarising.ask = writer.ask
    return writer


async def finished(own: Own) -> None:
    """Until no summary is being written."""
    await asyncio.gather(*own.addon(Compression).summarising.tasks.values(), return_exceptions=True)


def steps(count: int, start: int = 0) -> list[dict[str, Any]]:
    """A task and so many steps with a tool, some 320 tokens each."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You are in agent mode."},
        {"role": "user", "content": "Repair the parser."},
    ]
    for number in range(start, start + count):
        function = {"name": "run_terminal_command", "arguments": json.dumps({"command": f"test {number}"})}
        call = {"id": f"call{number}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": f"Step {number}.", "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"call{number}", "content": f"{number}: {WORDS}"})
    return messages


def contents(count: int) -> list[dict[str, Any]]:
    """The same for Gemini."""
    found: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": "Repair the parser."}]}]
    for number in range(count):
        call = {"name": "run", "args": {"command": f"test {number}"}}
        found.append({"role": "model", "parts": [{"functionCall": call, "thoughtSignature": "c2ln"}]})
        answer = {"name": "run", "response": {"output": f"{number}: {WORDS}"}}
        found.append({"role": "user", "parts": [{"functionResponse": answer}]})
    return found


def ask(own: Own, messages: Sequence[Mapping[str, Any]], minute: float = 0, **fields: Any) -> http.HTTPFlow:
    """A whole call, and its flow."""
    flow = chat(messages, **({"model": "mid", "at_s": NOW_S + 60 * minute} | fields))
    own.run(own.request(flow))
    if flow.response is None:
        own.run(own.answer(flow, stream_of("Done.")))
    return flow


def ask_gemini(own: Own, messages: Sequence[Mapping[str, Any]], minute: float = 0) -> http.HTTPFlow:
    flow = gemini(messages, at_s=NOW_S + 60 * minute)
    flow.request.path = "/v1beta/models/lite:streamGenerateContent?alt=sse&key=AIzaf4k3f4k3f4k3"
    own.run(own.request(flow))
    own.run(own.answer(flow, stream_of("Done.")))
    return flow


def sent(flow: http.HTTPFlow) -> list[dict[str, Any]]:
    body = json.loads(flow.request.raw_content or b"{}")
    found: list[dict[str, Any]] = body.get("messages") or body["contents"]
    return found
