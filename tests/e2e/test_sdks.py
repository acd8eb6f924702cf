"""The clients that people use, through both ways in: answers are whole, and the rows say what the provider said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from addons.services.simulator.script import Answer, ToolCall
from tests.e2e.harness import Case, Way, recorded_usage

openai = pytest.importorskip("openai", reason="the SDKs are installed on the newest Python only")
mistral = pytest.importorskip("mistralai.client")
genai = pytest.importorskip("google.genai")

pytestmark = pytest.mark.e2e

KEY = "sk-f4k3f4k3f4k3f4k3f4k3"
TEXT = "The test fails because the fee is rounded twice. Größe: 3 € 🙂"
ANSWER = Answer(text=TEXT, reasoning="The amounts differ by the fee.", chunk_chars=7)
CALL = ToolCall(name="read_file", arguments={"filepath": "src/app.py", "lines": [1, 2]})


@dataclass(frozen=True, slots=True)
class Provider:
    key: str
    host: str
    base_path: str
    model: str


PROVIDERS = [
    Provider("kimi-code", "api.kimi.com", "/coding/v1", "kimi-for-coding"),
    Provider("moonshot", "api.moonshot.ai", "/v1", "kimi-k2.6"),
    Provider("nvidia", "integrate.api.nvidia.com", "/v1", "moonshotai/kimi-k2.6"),
    Provider("mistral", "api.mistral.ai", "/v1", "devstral-latest"),
    Provider("groq", "api.groq.com", "/openai/v1", "openai/gpt-oss-120b"),
    Provider("openrouter", "openrouter.ai", "/api/v1", "moonshotai/kimi-k2.6"),
    Provider("siliconflow", "api.siliconflow.com", "/v1", "Qwen/Qwen3-32B"),
    Provider("cerebras", "api.cerebras.ai", "/v1", "gpt-oss-120b"),
    Provider("gemini-openai", "generativelanguage.googleapis.com", "/v1beta/openai", "gemini-2.5-flash"),
]
by_key = {provider.key: provider for provider in PROVIDERS}


@pytest.fixture
def sdk_client(way: Way) -> Iterator[httpx.Client]:
    with way.client() as client:
        yield client


def openai_client(way: Way, http_client: httpx.Client, provider: Provider) -> Any:
    base_url = way.base_url(provider.key, provider.host, provider.base_path)
    return openai.OpenAI(base_url=base_url, api_key=KEY, http_client=http_client, max_retries=0)


def check(case: Case, provider: str, model: str, *, stream: bool, kind: str = "chat") -> None:
    """One request arrived; one row tells what the provider claimed, or an estimate if it claimed nothing."""
    (received,) = case.received()
    (row,) = case.rows(1)
    assert (row["provider"], row["model"], row["kind"], row["outcome"]) == (provider, model, kind, "ok")
    assert (bool(row["stream"]), row["status"]) == (stream, 200)
    assert recorded_usage(row, received.claim) == received.claim
    assert row["prompt_tokens"] > 0


@pytest.mark.parametrize("provider", PROVIDERS, ids=[provider.key for provider in PROVIDERS])
@pytest.mark.parametrize("asked", [True, False], ids=["usage asked for", "usage not asked for"])
def test_openai_streams(case: Case, way: Way, sdk_client: httpx.Client, provider: Provider, asked: bool) -> None:
    case.simulator.script.answer(ANSWER)
    options = {"stream_options": {"include_usage": True}} if asked else {}
    messages = [{"role": "user", "content": "Why does the test fail?"}]
    stream = openai_client(way, sdk_client, provider).chat.completions.create(
        model=provider.model, messages=messages, stream=True, **options
    )
    deltas = [chunk.choices[0].delta.content for chunk in stream if chunk.choices]
    assert "".join(delta for delta in deltas if isinstance(delta, str)) == TEXT
    check(case, provider.key, provider.model, stream=True)


@pytest.mark.parametrize("provider", PROVIDERS, ids=[provider.key for provider in PROVIDERS])
def test_openai_answers_whole(case: Case, way: Way, sdk_client: httpx.Client, provider: Provider) -> None:
    case.simulator.script.answer(Answer(text=TEXT))
    messages = [{"role": "user", "content": "Why does the test fail?"}]
    answer = openai_client(way, sdk_client, provider).chat.completions.create(model=provider.model, messages=messages)
    assert answer.choices[0].message.content == TEXT
    check(case, provider.key, provider.model, stream=False)


@pytest.mark.parametrize("provider", [by_key["kimi-code"], by_key["groq"]], ids=lambda provider: provider.key)
def test_openai_gets_tool_calls(case: Case, way: Way, sdk_client: httpx.Client, provider: Provider) -> None:
    case.simulator.script.answer(Answer(text="", tool_calls=(CALL, CALL)))
    tool = {"type": "function", "function": {"name": "read_file", "parameters": {"type": "object"}}}
    client = openai_client(way, sdk_client, provider)
    messages = [{"role": "user", "content": "Read it."}]
    options = {"stream_options": {"include_usage": True}}
    with client.chat.completions.stream(model=provider.model, messages=messages, tools=[tool], **options) as stream:
        message = stream.get_final_completion().choices[0].message
    assert [call.function.name for call in message.tool_calls] == ["read_file"] * 2
    assert '"filepath":"src/app.py"' in message.tool_calls[1].function.arguments
    check(case, provider.key, provider.model, stream=True)


def test_openai_embeds(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    client = openai_client(way, sdk_client, by_key["mistral"])
    assert len(client.embeddings.create(model="codestral-embed", input=["one", "two"]).data) == 2
    (row,) = case.rows(1)
    assert (row["kind"], row["prompt_tokens"]) == ("embedding", case.received()[0].claim.prompt_tokens)  # type: ignore[union-attr]


def test_openai_lists_models(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    models = openai_client(way, sdk_client, by_key["kimi-code"]).models.list()
    assert "kimi-for-coding" in [model.id for model in models]
    assert case.rows(1)[0]["kind"] == "models"


def test_openai_completes_text(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    case.simulator.script.answer(Answer(text="a + b"))
    client = openai_client(way, sdk_client, by_key["kimi-code"])
    stream = client.completions.create(model="kimi-for-coding", prompt="def add(a, b):\n    return ", stream=True)
    assert "".join(chunk.choices[0].text for chunk in stream) == "a + b"
    check(case, "kimi-code", "kimi-for-coding", stream=True, kind="autocomplete")


def mistral_client(way: Way, http_client: httpx.Client, key: str, host: str) -> Any:
    return mistral.Mistral(api_key=KEY, server_url=way.base_url(key, host, ""), client=http_client)


def test_mistral_streams(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    case.simulator.script.answer(Answer(text=TEXT))
    client = mistral_client(way, sdk_client, "mistral", "api.mistral.ai")
    stream = client.chat.stream(model="devstral-latest", messages=[{"role": "user", "content": "Why?"}])
    assert "".join(event.data.choices[0].delta.content or "" for event in stream) == TEXT
    check(case, "mistral", "devstral-latest", stream=True)


def test_mistral_answers_whole(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    case.simulator.script.answer(ANSWER)
    client = mistral_client(way, sdk_client, "mistral", "api.mistral.ai")
    answer = client.chat.complete(model="magistral-medium-latest", messages=[{"role": "user", "content": "Why?"}])
    assert answer.choices[0].message.content[-1].text == TEXT
    check(case, "mistral", "magistral-medium-latest", stream=False)


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_mistral_fills_in_the_middle(case: Case, way: Way, sdk_client: httpx.Client, stream: bool) -> None:
    case.simulator.script.answer(Answer(text="a + b"))
    client = mistral_client(way, sdk_client, "codestral", "codestral.mistral.ai")
    asked = {"model": "codestral-latest", "prompt": "def add(a, b):\n    return ", "suffix": "\n"}
    if stream:
        found = "".join(event.data.choices[0].delta.content or "" for event in client.fim.stream(**asked))
    else:
        found = client.fim.complete(**asked).choices[0].message.content
    assert found == "a + b"
    check(case, "codestral", "codestral-latest", stream=stream, kind="autocomplete")


@pytest.fixture
def gemini(way: Way) -> Any:
    """Kept until the test ends: it closes its connections as soon as nobody holds it."""
    options = genai.types.HttpOptions(
        base_url=way.base_url("gemini", "generativelanguage.googleapis.com", ""), client_args=way.client_options()
    )
    return genai.Client(api_key=KEY, http_options=options)


def test_gemini_streams(case: Case, gemini: Any) -> None:
    case.simulator.script.answer(ANSWER)
    stream = gemini.models.generate_content_stream(model="gemini-2.5-flash", contents="Why?")
    parts = [part for chunk in stream for part in chunk.candidates[0].content.parts]
    assert "".join(part.text for part in parts if not part.thought) == TEXT
    check(case, "gemini", "gemini-2.5-flash", stream=True)


def test_gemini_answers_whole_and_calls_tools(case: Case, gemini: Any) -> None:
    case.simulator.script.answer(Answer(text="I read it.", tool_calls=(CALL,)))
    answer = gemini.models.generate_content(model="gemini-2.5-pro", contents="Read it.")
    part = answer.candidates[0].content.parts[1]
    assert (part.function_call.name, part.function_call.args) == ("read_file", CALL.arguments)
    assert part.thought_signature
    check(case, "gemini", "gemini-2.5-pro", stream=False)


def test_geminis_growing_array_is_understood(case: Case, way: Way, sdk_client: httpx.Client) -> None:
    """As Continue asks for autocomplete: without `alt=sse`, the key in the address."""
    case.simulator.script.answer(Answer(text=TEXT, chunk_chars=5))
    base = way.base_url("gemini", "generativelanguage.googleapis.com", "/v1beta")
    body = {"contents": [{"role": "user", "parts": [{"text": "Why?"}]}]}
    response = sdk_client.post(f"{base}/models/gemini-2.5-flash:streamGenerateContent?key={KEY}", json=body)
    texts = [chunk["candidates"][0]["content"]["parts"][0]["text"] for chunk in response.json()]
    assert "".join(texts) == TEXT
    check(case, "gemini", "gemini-2.5-flash", stream=True)
