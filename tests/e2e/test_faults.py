"""What breaks at the provider or at the client: the client sees it as it is, and the row says what happened."""

import httpx
import pytest

from addons.services.simulator.failures import failure, failures
from addons.services.simulator.hosts import DIALECTS
from addons.services.simulator.script import Answer
from tests.e2e.harness import Case, Way

pytestmark = pytest.mark.e2e

MESSAGES = [{"role": "user", "content": "Why does the test fail?"}]
BODY = {"model": "kimi-for-coding", "messages": MESSAGES, "stream": True}
TEXT = "a" * 400


def url(way: Way) -> str:
    return way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"


def test_a_cut_stream_is_an_upstream_abort_with_what_was_counted(case: Case, way: Way) -> None:
    case.simulator.script.answer(Answer(text=TEXT, cut_at=2000))
    received = b""
    with (
        pytest.raises(httpx.RemoteProtocolError),
        way.client() as client,
        client.stream("POST", url(way), json=BODY) as response,
    ):
        for chunk in response.iter_raw():
            received += chunk
    assert len(received) == 2000
    (row,) = case.rows(1)
    assert (row["outcome"], row["status"], row["error_class"]) == ("upstream_abort", 200, "transport")
    assert (row["usage_source"], row["prompt_tokens"]) == ("estimated", row["prompt_tokens_sent"])
    assert 0 < row["completion_tokens"] < 100


def test_counts_that_came_before_the_cut_are_kept(case: Case, way: Way) -> None:
    """SiliconFlow states its usage in every chunk."""
    case.simulator.script.answer(Answer(text=TEXT, cut_at=3000))
    body = BODY | {"model": "Qwen/Qwen3-32B"}
    with way.client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.post(way.base_url("siliconflow", "api.siliconflow.com", "/v1") + "/chat/completions", json=body)
    (row,) = case.rows(1)
    claim = case.received()[0].claim
    assert claim is not None
    assert (row["outcome"], row["usage_source"]) == ("upstream_abort", "reported")
    assert row["prompt_tokens"] == claim.prompt_tokens
    assert 0 < row["completion_tokens"] < (claim.completion_tokens or 0)


def test_a_stream_that_ends_too_early_but_properly_is_an_upstream_abort_too(case: Case, way: Way) -> None:
    body = b'data: {"choices":[{"index":0,"delta":{"content":"Half of it"}}]}\n\n'
    case.simulator.script.answer(Answer(body=body, content_type="text/event-stream"))
    with way.client() as client:
        assert client.post(url(way), json=BODY).content == body
    assert case.rows(1)[0]["outcome"] == "upstream_abort"


@pytest.mark.parametrize(
    "answer", [Answer(reset=True), Answer(garbage=b"\x00\x01\x02 no HTTP\r\n")], ids=["reset", "garbage"]
)
def test_no_answer_at_all_is_an_upstream_abort(case: Case, way: Way, answer: Answer) -> None:
    case.simulator.script.answer(answer)
    with way.client() as client:
        assert client.post(url(way), json=BODY).status_code == httpx.codes.BAD_GATEWAY
    (row,) = case.rows(1)
    assert (row["outcome"], row["error_class"]) == ("upstream_abort", "transport")


def test_a_client_that_hangs_up_is_a_client_abort_and_the_provider_is_told(case: Case, way: Way) -> None:
    case.simulator.script.answer(Answer(text=TEXT, chunk_chars=4, chunk_delay_s=0.05))
    with way.client() as client, client.stream("POST", url(way), json=BODY) as response:
        for _, chunk in zip(range(5), response.iter_raw(), strict=False):
            assert chunk
    (row,) = case.rows(1)
    assert (row["outcome"], row["usage_source"]) == ("client_abort", "estimated")
    assert 0 < row["completion_tokens"] < 100
    (received,) = case.received()
    assert not received.finished


HOSTS = {
    "kimi-code": ("api.kimi.com", "/coding/v1"),
    "nvidia": ("integrate.api.nvidia.com", "/v1"),
    "mistral": ("api.mistral.ai", "/v1"),
    "groq": ("api.groq.com", "/openai/v1"),
    "openrouter": ("openrouter.ai", "/api/v1"),
    "siliconflow": ("api.siliconflow.com", "/v1"),
    "cerebras": ("api.cerebras.ai", "/v1"),
}
ERRORS = [
    (provider, case, error_class)
    for provider, (host, _) in HOSTS.items()
    for case, error_class in {
        "rate": "rate",
        "auth": "auth",
        "context": "context",
        "quota": "quota",
        "overload": "overload",
    }.items()
    if case in failures()[DIALECTS[host].name]
]


@pytest.mark.parametrize(
    ("provider", "error", "error_class"), ERRORS, ids=[f"{provider} {error}" for provider, error, _ in ERRORS]
)
def test_an_error_passes_through_untouched_and_is_classified(
    case: Case, product_way: Way, provider: str, error: str, error_class: str
) -> None:
    host, base_path = HOSTS[provider]
    case.simulator.script.answer(Answer(error=error))
    with product_way.client() as client:
        response = client.post(product_way.base_url(provider, host, base_path) + "/chat/completions", json=BODY)
    expected = failure(DIALECTS[host].name, error)
    assert (response.status_code, response.text) == (expected.status, expected.body)
    assert {name: response.headers[name] for name in expected.headers} == expected.headers
    (row,) = case.rows(1)
    assert (row["outcome"], row["status"], row["error_class"]) == ("error", expected.status, error_class)
    assert row["error_message"]
    assert row["completion_tokens"] is None


@pytest.mark.parametrize("error", ["rate", "quota", "auth", "context", "overload"])
def test_geminis_errors_pass_through_and_are_classified(case: Case, product_way: Way, error: str) -> None:
    case.simulator.script.answer(Answer(error=error))
    base = product_way.base_url("gemini", "generativelanguage.googleapis.com", "/v1beta")
    body = {"contents": [{"role": "user", "parts": [{"text": "Why?"}]}]}
    with product_way.client() as client:
        response = client.post(f"{base}/models/gemini-2.5-flash:streamGenerateContent?alt=sse", json=body)
    assert response.text == failure("gemini", error).body
    assert case.rows(1)[0]["error_class"] == error


@pytest.mark.parametrize(
    ("provider", "host", "base_path"),
    [("openrouter", *HOSTS["openrouter"]), ("cerebras", *HOSTS["cerebras"])],
    ids=["openrouter", "cerebras"],
)
def test_an_error_inside_a_stream_is_an_error_although_its_status_is_200(
    case: Case, product_way: Way, provider: str, host: str, base_path: str
) -> None:
    case.simulator.script.answer(Answer(text=TEXT, error="overload", error_after=5))
    with product_way.client() as client:
        response = client.post(product_way.base_url(provider, host, base_path) + "/chat/completions", json=BODY)
    assert response.status_code == httpx.codes.OK
    (row,) = case.rows(1)
    assert (row["outcome"], row["status"]) == ("error", 200)
    assert row["error_class"]


def test_a_repetition_by_the_sdk_names_its_first_try(case: Case, way: Way) -> None:
    case.simulator.script.answer(Answer(error="rate"), Answer(text="Now it works."))
    body = BODY | {"messages": [{"role": "user", "content": f"Asked twice, by way {way}."}]}
    with way.client() as client:
        for number in range(2):
            client.post(url(way), json=body, headers={"x-stainless-retry-count": str(number)})
    first, second = case.rows(2)
    assert (first["outcome"], second["outcome"]) == ("error", "ok")
    assert second["retry_of_ms"] == first["started_at_ms"]
    assert first["session_id"] == second["session_id"]
