"""Sessions that outgrow their model, driven hook by hook."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from mitmproxy import http

from addons.domain.completion import Completion
from addons.domain.events import Event, Level
from addons.domain.kinds import Kind
from addons.domain.routes import SessionRoute
from addons.domain.true_windows import TrueWindow
from tests.addons.hooks.own import NOW_S, Own, chat, flow_to, gemini, passed, stream_of

MakeOwn = Callable[..., Own]

MODELS = """
[providers.acme]
name = "Acme"
hosts = ["llm.acme.test"]
base_path = "/v1"
[providers.acme.models.small]
context_window = 4000
[providers.acme.models.middle]
context_window = 20000
[providers.acme.models.large]
context_window = 200000

[providers.gem]
name = "Gem"
hosts = ["gem.test"]
base_path = "/v1beta"
wire = "gemini"
key_env = "GEM_KEY"
[providers.gem.models."gemini-2.5-flash"]
context_window = 1000000
[providers.gem.models."gemini-small"]
context_window = 4000

[masking]
policy = "off"
[compression]
enabled = false
"""
ONLY_SMALL = MODELS.replace("[providers.acme.models.middle]\ncontext_window = 20000\n", "").replace(
    "[providers.acme.models.large]\ncontext_window = 200000\n", ""
)
FALLBACK = ONLY_SMALL + '[routing]\nfallback = ["gem/gemini-2.5-flash"]\n'
CALL = {"id": "call_1", "type": "function", "function": {"name": "read", "arguments": '{"path":"a.py"}'}}
TOOLS = [{"type": "function", "function": {"name": "read", "parameters": {"type": "object", "properties": {}}}}]


def history(tokens: int) -> list[dict[str, Any]]:
    """A tool call whose result has about so many tokens."""
    return [
        {"role": "system", "content": "You are in agent mode."},
        {"role": "user", "content": "Read the file."},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "word " * tokens},
    ]


def asked(own: Own, messages: Sequence[dict[str, Any]], **fields: Any) -> http.HTTPFlow:
    flow = chat(messages, **{"model": "small", "tools": TOOLS} | fields)
    own.run(own.request(flow))
    return flow


def model_of(flow: http.HTTPFlow) -> str:
    return str(json.loads(flow.request.content or b"")["model"])


def moved(own: Own) -> list[Event]:
    return [event for event in own.records.of(Event) if event.data.get("step") == "moved"]


class TestALargerModelOfTheSameProvider:
    def test_a_request_that_fits_goes_byte_for_byte(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        flow = chat(history(2_000), model="small")
        before = flow.request.raw_content
        assert own.run(own.request(flow)) == before
        assert (flow.request.host, flow.request.path) == ("llm.acme.test", "/v1/chat/completions")

    def test_the_smallest_that_fits_takes_it_and_nothing_else_changes(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        flow = chat(history(3_800), model="small")
        before = flow.request.raw_content or b""
        assert own.run(own.request(flow)) == before.replace(b'"small"', b'"middle"')
        (event,) = moved(own)
        assert "acme/small goes on with acme/middle" in event.message
        assert event.kind == "routing"

    def test_the_session_stays_there_and_it_is_said_once(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        first = asked(own, history(3_800))
        own.run(own.answer(first, stream_of("Done.")))
        more = [*history(3_800), {"role": "assistant", "content": "Done."}, {"role": "user", "content": "Go on."}]
        assert model_of(asked(own, more, at_s=NOW_S + 9)) == "middle"
        assert len(moved(own)) == 1
        (row,) = own.records.of(Completion)
        assert (row.provider, row.model, row.routed_from) == ("acme", "middle", "acme/small")
        assert row.context_window == 20_000
        (route,) = own.records.of(SessionRoute)
        assert (route.asked, route.provider, route.model) == ("acme/small", "acme", "middle")

    def test_a_moved_session_that_grows_on_moves_again(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        own.run(own.answer(asked(own, history(3_800)), stream_of("Done.")))
        more = [
            *history(3_800),
            {"role": "assistant", "content": "Done."},
            {"role": "user", "content": "word " * 16_000},
        ]
        flow = asked(own, more, at_s=NOW_S + 9)
        assert model_of(flow) == "large"
        assert own.exchange(flow).asked.name == "acme/small"  # type: ignore[union-attr]

    def test_switched_off_or_bypassed_it_goes_as_it_came(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS + "[routing]\nenabled = false\n")
        assert model_of(asked(own, history(3_900))) == "small"
        own = make_own(providers=MODELS)
        assert model_of(asked(own, history(3_900), headers={"x-kimi-bypass": "1"})) == "small"

    @pytest.mark.parametrize("path", ["/v1/completions", "/v1/fim/completions"])
    def test_what_completes_code_is_counted_and_stays_where_it_is(self, make_own: MakeOwn, path: str) -> None:
        own = make_own(providers=MODELS)
        body = json.dumps({"model": "small", "prompt": "word " * 6_000, "suffix": "}"}).encode()
        flow = flow_to("llm.acme.test", path, body)
        assert own.run(own.call(flow)) == body
        completion = own.records.of(Completion)[-1]
        assert (completion.kind, completion.model, completion.routed_from) == (Kind.AUTOCOMPLETE, "small", "")
        assert completion.prompt_tokens_before == completion.prompt_tokens_sent
        assert (completion.prompt_tokens_sent or 0) > 6_000
        assert completion.session_id is None

    def test_geminis_model_stands_in_the_path(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        flow = gemini([{"role": "user", "parts": [{"text": "word " * 3_900}]}])
        flow.request.path = "/v1beta/models/gemini-small:streamGenerateContent?alt=sse&key=AIza-own"
        before = flow.request.raw_content
        assert own.run(own.request(flow)) == before
        assert flow.request.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=AIza-own"


class TestAModelThatIsNotThere:
    def test_the_session_does_not_stay_where_it_fails(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        said = b'{"error":{"message":"The model does not exist","code":"model_not_found"}}'
        flow = asked(own, history(3_800))
        assert model_of(flow) == "middle"
        own.run(own.answer(flow, [said], status=404, headers={"content-type": "application/json"}))
        assert model_of(asked(own, history(3_800), at_s=NOW_S + 5)) == "large"
        assert any("back to acme/small" in event.message for event in own.records.of(Event))


@pytest.fixture
def fallback(make_own: MakeOwn, monkeypatch: pytest.MonkeyPatch) -> Own:
    monkeypatch.setenv("GEM_KEY", "AIza-ours")
    return make_own(providers=FALLBACK)


def google(*parts: dict[str, Any], finish: str = "") -> bytes:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    usage = {"promptTokenCount": 3_850, "candidatesTokenCount": 7, "totalTokenCount": 3_857}
    body = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-flash", "responseId": "r1"}
    return b"data: " + json.dumps(body).encode() + b"\r\n\r\n"


def converted(flow: http.HTTPFlow, chunk: bytes) -> list[bytes]:
    """What the client gets for a chunk: nothing at all is never b"", which would end a chunked body."""
    said = passed(flow, chunk)
    assert isinstance(said, list)
    assert all(said)
    return said


def streamed(own: Own, flow: http.HTTPFlow, chunks: Sequence[bytes]) -> bytes:
    """All that the client gets, what is said at the end included."""

    async def pass_on() -> bytes:
        await own.head(flow)
        got = b"".join(part for chunk in (*chunks, b"") for part in converted(flow, chunk))
        await own.hook("response", flow)
        return got

    return own.run(pass_on())


class TestAnotherProvider:
    def test_it_is_asked_in_its_own_form_with_our_key_alone(self, fallback: Own) -> None:
        flow = asked(fallback, history(3_800), headers={"authorization": "Bearer sk-client", "x-kimi-project": "p"})
        request = flow.request
        assert (request.host, request.port, request.scheme) == ("gem.test", 443, "https")
        assert request.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
        assert request.headers["host"] == "gem.test"
        assert request.headers["x-goog-api-key"] == "AIza-ours"
        assert "sk-client" not in str(request.headers)
        body = json.loads(request.content or b"")
        assert [content["role"] for content in body["contents"]] == ["user", "model", "user"]
        assert body["contents"][2]["parts"][0]["functionResponse"]["name"] == "read"
        assert int(request.headers["content-length"]) == len(request.content or b"")

    def test_the_client_gets_a_stream_of_its_own_form(self, fallback: Own) -> None:
        flow = asked(fallback, history(3_800), stream_options={"include_usage": True})
        chunks = [
            google({"text": "I "}),
            google({"functionCall": {"name": "read", "args": {"path": "b.py"}}}, finish="STOP"),
        ]
        got = streamed(fallback, flow, chunks)
        events = [json.loads(line[6:]) for line in got.split(b"\n\n") if line.startswith(b"data: {")]
        assert events[0]["object"] == "chat.completion.chunk"
        calls = [
            call for event in events for choice in event["choices"] for call in choice["delta"].get("tool_calls", ())
        ]
        assert json.loads(calls[0]["function"]["arguments"]) == {"path": "b.py"}
        assert [c["finish_reason"] for e in events for c in e["choices"] if c.get("finish_reason")] == ["tool_calls"]
        (row,) = fallback.records.of(Completion)
        assert (row.provider, row.model, row.routed_from) == ("gem", "gemini-2.5-flash", "acme/small")
        assert (row.prompt_tokens, row.completion_tokens, row.outcome) == (3_850, 7, "ok")
        assert not fallback.exchange(flow).failures

    def test_an_error_comes_in_the_clients_form(self, fallback: Own) -> None:
        flow = asked(fallback, history(3_800))
        body = json.dumps(
            {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
        ).encode()

        async def answer() -> None:
            await fallback.head(flow, 400, {"content-type": "application/json"})
            assert flow.response
            assert flow.response.stream is False
            flow.response.raw_content = body
            await fallback.hook("response", flow)

        fallback.run(answer())
        assert flow.response
        assert flow.response.status_code == 401
        assert flow.response.json()["error"]["code"] == "invalid_api_key"
        (row,) = fallback.records.of(Completion)
        assert (row.outcome, row.error_class, row.status) == ("error", "auth", 401)

    def test_without_its_key_it_is_not_asked_and_an_alert_is_raised(self, make_own: MakeOwn) -> None:
        own = make_own(providers=FALLBACK)
        assert model_of(asked(own, history(3_800))) == "small"
        (alert,) = [event for event in own.records.of(Event) if event.kind == "alert"]
        assert alert.level is Level.CRITICAL
        assert "no other model takes it" in alert.message

    def test_what_cannot_be_read_ends_in_an_error_the_client_reads(self, fallback: Own) -> None:
        flow = asked(fallback, history(3_800))
        got = streamed(fallback, flow, [google({"text": "I "}), b"data: {not json\r\n\r\n"])
        assert b'"content":"I "' in got
        assert b'"error"' in got


class TestRules:
    def test_a_rule_sends_a_model_elsewhere(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS + '[routing.rules]\nsmall = "acme/large"\n')
        assert model_of(asked(own, history(10))) == "large"
        assert any("the rule for small" in event.message for event in own.records.of(Event))


class TestTrueWindows:
    def test_a_refusal_teaches_the_window_and_the_next_request_is_moved(self, make_own: MakeOwn) -> None:
        own = make_own(providers=MODELS)
        flow = asked(own, history(1_500))
        said = b'{"error":{"message":"Your request exceeded model token limit: 1600 (requested: 1700)"}}'
        own.run(own.answer(flow, [said], status=400, headers={"content-type": "application/json"}))
        (learned,) = own.records.of(TrueWindow)
        assert (learned.provider, learned.model, learned.tokens) == ("acme", "small", 1600)
        assert model_of(asked(own, history(1_500), at_s=NOW_S + 5)) == "middle"
