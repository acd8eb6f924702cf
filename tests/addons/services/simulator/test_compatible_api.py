"""The form of the answers, provider by provider."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from addons.services.simulator.script import Answer, ToolCall
from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]


def chunks(response: httpx.Response) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line.startswith("data: {")]
    return [msgspec.json.decode(line) for line in lines]


USAGE_PLACES = {
    "kimi: in the choice that finishes": ("api.kimi.com", False, lambda all: all[-1]["choices"][0]["usage"]),
    "kimi: asked for it, in one more chunk": ("api.kimi.com", True, lambda all: all[-1]["usage"]),
    "kimi: asked for it, in the choice as well": ("api.kimi.com", True, lambda all: all[-2]["choices"][0]["usage"]),
    "groq: in x_groq": ("api.groq.com", False, lambda all: all[-1]["x_groq"]["usage"]),
    "groq: asked for it, in one more chunk": ("api.groq.com", True, lambda all: all[-1]["usage"]),
    "mistral: in the chunk that finishes": ("api.mistral.ai", False, lambda all: all[-1]["usage"]),
    "openrouter: in one more chunk": ("openrouter.ai", False, lambda all: all[-1]["usage"]),
    "cerebras: in one more chunk without choices": ("api.cerebras.ai", False, lambda all: all[-1]["usage"]),
    "siliconflow: in every chunk": ("api.siliconflow.cn", False, lambda all: all[-1]["usage"]),
    "openai: asked for it": ("api.openai.com", True, lambda all: all[-1]["usage"]),
    "nvidia: asked for it": ("integrate.api.nvidia.com", True, lambda all: all[-1]["usage"]),
    "gemini's second protocol: asked for it": (
        "generativelanguage.googleapis.com",
        True,
        lambda all: all[-1]["usage"],
    ),
}


@pytest.mark.parametrize(("host", "asked", "usage"), USAGE_PLACES.values(), ids=USAGE_PLACES.keys())
def test_a_stream_states_the_claimed_usage_where_the_provider_puts_it(
    simulator: Simulator, ask: Ask, host: str, asked: bool, usage: Callable[[list[dict[str, Any]]], dict[str, int]]
) -> None:
    found = chunks(ask(host, stream=True, **({"stream_options": {"include_usage": True}} if asked else {})))
    claim = simulator.inbox.all()[0].claim
    assert claim is not None
    assert usage(found)["prompt_tokens"] == claim.prompt_tokens
    assert usage(found)["completion_tokens"] == claim.completion_tokens


@pytest.mark.parametrize("host", ["api.openai.com", "integrate.api.nvidia.com"])
def test_some_providers_state_no_usage_unless_asked(simulator: Simulator, ask: Ask, host: str) -> None:
    assert not any(chunk.get("usage") for chunk in chunks(ask(host, stream=True)))
    assert simulator.inbox.all()[0].claim is None


def test_siliconflow_counts_up_from_chunk_to_chunk(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="one two three four five six seven eight", chunk_chars=8))
    counted = [chunk["usage"]["completion_tokens"] for chunk in chunks(ask("api.siliconflow.cn", stream=True))]
    assert counted == sorted(counted)
    assert counted[0] == 0 < counted[-1]


def test_openrouter_sends_a_comment_first_and_states_the_cost(simulator: Simulator, ask: Ask) -> None:
    response = ask("openrouter.ai", stream=True)
    assert response.text.startswith(": OPENROUTER PROCESSING\n\n")
    claim = simulator.inbox.all()[0].claim
    assert claim is not None
    assert chunks(response)[-1]["usage"]["cost"] == claim.cost_usd


@pytest.mark.parametrize(("host", "pieces"), [("api.kimi.com", 4), ("api.mistral.ai", 1)], ids=["kimi", "mistral"])
def test_a_tool_call_arrives_in_pieces_or_whole(simulator: Simulator, ask: Ask, host: str, pieces: int) -> None:
    call = ToolCall(name="read_file", arguments={"filepath": "a/rather/long/path.py"})
    simulator.script.answer(Answer(text="", tool_calls=(call,), chunk_chars=12))
    found = chunks(ask(host, stream=True))
    deltas = [chunk["choices"][0]["delta"].get("tool_calls", [None])[0] for chunk in found]
    deltas = [delta for delta in deltas if delta]
    arguments = "".join(delta["function"]["arguments"] for delta in deltas)
    assert msgspec.json.decode(arguments) == call.arguments
    assert len(deltas) == pieces
    assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"


REASONING = {
    "kimi": ("api.kimi.com", "reasoning_content"),
    "groq": ("api.groq.com", "reasoning"),
    "openrouter": ("openrouter.ai", "reasoning"),
}


@pytest.mark.parametrize(("host", "field"), REASONING.values(), ids=REASONING.keys())
def test_reasoning_stands_in_the_providers_own_field(simulator: Simulator, ask: Ask, host: str, field: str) -> None:
    simulator.script.answer(Answer(reasoning="first this, then that", chunk_chars=100))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks(ask(host, stream=True)) if chunk["choices"]]
    assert "first this, then that" in [delta.get(field) for delta in deltas]


def test_mistral_puts_reasoning_into_the_content(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="So.", reasoning="Hm."))
    content = ask("api.mistral.ai").json()["choices"][0]["message"]["content"]
    assert content[0] == {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    assert content[1] == {"type": "text", "text": "So."}


def test_an_answer_that_is_not_streamed_has_text_calls_and_usage(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="Reading.", tool_calls=(ToolCall(name="ls"),)))
    body = ask("api.openai.com").json()
    message = body["choices"][0]["message"]
    assert (message["content"], message["tool_calls"][0]["function"]["name"]) == ("Reading.", "ls")
    assert body["usage"]["prompt_tokens"] > 0


def test_legacy_completions_have_text_instead_of_a_delta(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="return a + b"))
    found = chunks(ask("api.kimi.com", "/coding/v1/completions", prompt="def add(a, b):", stream=True))
    assert "".join(chunk["choices"][0]["text"] for chunk in found) == "return a + b"
    assert found[-1]["choices"][0]["usage"]["prompt_tokens"] > 0


def test_fill_in_the_middle_has_the_form_of_chat(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="a + b"))
    found = chunks(ask("codestral.mistral.ai", "/v1/fim/completions", prompt="return ", suffix="\n", stream=True))
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in found) == "a + b"
