"""Gemini's own protocol in its three framings."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from addons.services.simulator.script import Answer, ToolCall
from addons.services.simulator.server import Simulator

HOST = "generativelanguage.googleapis.com"
MODEL = "/v1beta/models/gemini-2.5-flash"
BODY = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}

Post = Callable[[str], httpx.Response]


@pytest.fixture
def post(client: httpx.Client) -> Post:
    return lambda method: client.post(f"{MODEL}:{method}", headers={"host": HOST, "x-goog-api-key": "k"}, json=BODY)


def sse(text: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(event.removeprefix("data: ")) for event in text.split("\r\n\r\n") if event]


FRAMINGS: dict[str, tuple[str, Callable[[str], list[dict[str, Any]]]]] = {
    "server-sent events": ("streamGenerateContent?alt=sse", sse),
    "a growing array": ("streamGenerateContent?key=K", msgspec.json.decode),
    "whole": ("generateContent", lambda text: [msgspec.json.decode(text)]),
}


@pytest.mark.parametrize(("method", "decode"), FRAMINGS.values(), ids=FRAMINGS.keys())
def test_every_framing_has_the_text_the_finish_reason_and_the_claimed_usage(
    simulator: Simulator, post: Post, method: str, decode: Callable[[str], list[dict[str, Any]]]
) -> None:
    simulator.script.answer(Answer(text="The test fails because of a typo.", chunk_chars=8))
    found = decode(post(method).text)
    parts = [part for chunk in found for part in chunk["candidates"][0]["content"]["parts"]]
    claim = simulator.inbox.all()[0].claim
    assert "".join(part["text"] for part in parts) == "The test fails because of a typo."
    assert found[-1]["candidates"][0]["finishReason"] == "STOP"
    assert claim is not None
    assert found[-1]["usageMetadata"]["promptTokenCount"] == claim.prompt_tokens
    assert found[-1]["usageMetadata"]["candidatesTokenCount"] == claim.completion_tokens


def test_thoughts_are_counted_beside_the_candidates(simulator: Simulator, post: Post) -> None:
    simulator.script.answer(Answer(text="Yes.", reasoning="Is it so? It is."))
    usage = post("generateContent").json()["usageMetadata"]
    claim = simulator.inbox.all()[0].claim
    assert claim is not None
    assert usage["thoughtsTokenCount"] == claim.reasoning_tokens == 4
    assert usage["candidatesTokenCount"] + usage["thoughtsTokenCount"] == claim.completion_tokens
    assert usage["totalTokenCount"] == claim.prompt_tokens + claim.completion_tokens


def test_the_first_call_of_a_step_carries_a_signature(simulator: Simulator, post: Post) -> None:
    calls = (ToolCall(name="ls", arguments={"dirpath": "."}), ToolCall(name="read_file"))
    simulator.script.answer(Answer(text="", tool_calls=calls))
    parts = post("generateContent").json()["candidates"][0]["content"]["parts"]
    assert parts[0]["functionCall"] == {"name": "ls", "args": {"dirpath": "."}}
    assert ["thoughtSignature" in part for part in parts] == [True, False]


def test_tokens_can_be_counted_without_an_answer(post: Post) -> None:
    assert post("countTokens").json()["totalTokens"] > 0


def test_a_method_nobody_knows_is_not_found(post: Post) -> None:
    assert post("writePoetry").status_code == 404
