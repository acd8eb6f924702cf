"""Answers of another provider, in the client's own form."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence

import pytest
from mitmproxy import http

from addons.domain.completion import Completion
from tests.addons.hooks.own import Own, gemini, stream_of
from tests.addons.hooks.test_routing import FALLBACK, asked, google, history, streamed

MakeOwn = Callable[..., Own]
TO_OPENAI = FALLBACK.split("[routing]")[0] + '[routing.rules]\n"gemini-small" = "acme/small"\n'
SSE = {"content-type": "text/event-stream"}


@pytest.fixture
def own(make_own: MakeOwn, monkeypatch: pytest.MonkeyPatch) -> Own:
    monkeypatch.setenv("GEM_KEY", "AIza-ours")
    return make_own(providers=FALLBACK)


def held(own: Own, flow: http.HTTPFlow, body: bytes, headers: Mapping[str, str], status: int = 200) -> http.Response:
    """An answer that mitmproxy holds until it is whole."""

    async def answer() -> None:
        await own.head(flow, status, headers)
        assert flow.response
        assert flow.response.stream is False
        flow.response.raw_content = body
        await own.hook("response", flow)

    own.run(answer())
    assert flow.response
    return flow.response


def whole(*chunks: bytes) -> bytes:
    return b"".join(chunk.removeprefix(b"data: ").strip() for chunk in chunks)


class TestAnOpenAIClient:
    def test_a_whole_answer(self, own: Own) -> None:
        flow = asked(own, history(3_800), stream=False)
        assert flow.request.path.endswith(":generateContent")
        response = held(
            own, flow, whole(google({"text": "Done."}, finish="STOP")), {"content-type": "application/json"}
        )
        said = response.json()
        assert said["choices"][0]["message"]["content"] == "Done."
        assert said["usage"]["prompt_tokens"] == 3_850
        (row,) = own.records.of(Completion)
        assert (row.prompt_tokens, row.outcome) == (3_850, "ok")

    def test_a_stream_that_is_compressed_although_nobody_asked(self, own: Own) -> None:
        flow = asked(own, history(3_800))
        body = gzip.compress(google({"text": "Done."}, finish="STOP"))

        async def head() -> None:
            await own.head(flow, 200, SSE | {"content-encoding": "gzip"})

        own.run(head())
        assert flow.response
        assert callable(flow.response.stream)
        got = b"".join(part for chunk in (body[:20], body[20:], b"") for part in flow.response.stream(chunk))
        assert b'"content":"Done."' in got
        assert "content-encoding" not in flow.response.headers

    def test_what_cannot_be_decoded_while_it_passes_is_held(self, own: Own) -> None:
        flow = asked(own, history(3_800))
        response = held(own, flow, google({"text": "Done."}, finish="STOP"), SSE | {"content-encoding": "identity, br"})
        assert response.status_code in (200, 502)
        assert b"data: " in (response.raw_content or b"") or b'"error"' in (response.raw_content or b"")

    def test_an_answer_that_is_none_becomes_an_error(self, own: Own) -> None:
        flow = asked(own, history(3_800), stream=False)
        response = held(own, flow, b"<html>", {"content-type": "text/html"})
        assert response.status_code == 502
        assert "cannot be read" in response.json()["error"]["message"]
        assert own.exchange(flow).failures

    def test_a_failure_of_ours_ends_the_stream_with_an_error(self, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
        flow = asked(own, history(3_800))

        own.run(own.head(flow, 200, SSE))
        assert flow.response
        assert callable(flow.response.stream)
        stream = flow.response.stream
        monkeypatch.setattr(stream.__self__, "decode", lambda chunk: 1 / 0)  # type: ignore[union-attr]
        got = b"".join(part for chunk in (google({"text": "I"}), google({"text": "I"}), b"") for part in stream(chunk))
        assert got.count(b'"error"') == 1
        assert own.exchange(flow).failures == ["Answers: ZeroDivisionError; the client's stream ends with an error"]


def googles(got: bytes) -> Sequence[Mapping[str, object]]:
    return [json.loads(line[6:]) for line in got.replace(b"\r", b"").split(b"\n\n") if line.startswith(b"data: ")]


class TestAGeminiClient:
    def test_an_openai_provider_serves_it(self, make_own: MakeOwn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ACME_KEY", "sk-ours")
        own = make_own(providers=TO_OPENAI.replace('base_path = "/v1"\n', 'base_path = "/v1"\nkey_env = "ACME_KEY"\n'))
        flow = gemini([{"role": "user", "parts": [{"text": "Hello"}]}], headers={"x-goog-api-key": "AIza-own"})
        flow.request.path = "/v1beta/models/gemini-small:streamGenerateContent?alt=sse"
        own.run(own.request(flow))
        assert (flow.request.host, flow.request.path) == ("llm.acme.test", "/v1/chat/completions")
        assert flow.request.headers["authorization"] == "Bearer sk-ours"
        assert "x-goog-api-key" not in flow.request.headers
        got = streamed(own, flow, stream_of("Done.", usage={"prompt_tokens": 5, "completion_tokens": 1}))
        first = googles(got)[0]["candidates"]
        assert first[0]["content"]["parts"] == [{"text": "Done."}]  # type: ignore[index]
        (row,) = own.records.of(Completion)
        assert (row.provider, row.routed_from, row.prompt_tokens) == ("acme", "gem/gemini-small", 5)
