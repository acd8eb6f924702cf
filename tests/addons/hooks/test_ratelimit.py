"""Requests at the edge of a provider's limits, hook by hook."""

import asyncio
import json
import time

import pytest
from mitmproxy import http

from addons.domain.completion import Completion, Outcome
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.hooks.pacing import Pacing
from addons.hooks.ratelimit import credential_of
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import Own, chat, flow_to, gemini, stream_of

PROVIDERS = """
[pacing]
max_wait_s = 1
[providers.acme]
name = "Acme"
hosts = ["llm.acme.test"]
base_path = "/v1"
limits = { requests_per_minute = 1 }
[providers.gem]
name = "Gem"
hosts = ["gem.test"]
base_path = "/v1beta"
wire = "gemini"
limits = { requests_per_minute = 1 }
[providers.many]
name = "Many"
hosts = ["many.test"]
base_path = "/v1"
limits = { requests_per_minute = 1000000, tokens_per_minute = 1000000000, concurrency = 1000 }
"""
HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def own(make_own: MakeOwn) -> Own:
    found = make_own(providers=PROVIDERS)
    found.addon(Pacing).running()
    return found


def legacy(host: str = "llm.acme.test", **fields: object) -> http.HTTPFlow:
    body = {"model": "large", "prompt": "def f(", "stream": True} | fields
    return flow_to(host, "/v1/completions", json.dumps(body).encode())


async def refused(own: Own, flow: http.HTTPFlow) -> http.Response:
    """As mitmproxy goes on with an answer that an addon gave."""
    await own.request(flow)
    assert flow.response
    await own.hook("responseheaders", flow)
    await own.hook("response", flow)
    return flow.response


class TestRateLimit:
    def test_within_the_limit_a_request_goes_as_it_came(self, own: Own) -> None:
        flow = chat(HELLO)
        body = flow.request.raw_content
        assert own.run(own.request(flow)) == body
        assert flow.response is None
        assert own.exchange(flow).rate_pass is not None

    def test_a_wait_that_is_too_long_is_refused_readably(self, own: Own) -> None:
        own.run(own.call(chat(HELLO)))
        response = own.run(refused(own, chat(HELLO)))
        assert (response.status_code, response.headers["x-should-retry"]) == (413, "false")
        assert "Acme allows 1 requests a minute" in json.loads(response.content or b"")["error"]["message"]
        completion = own.records.of(Completion)[-1]
        assert (completion.outcome, completion.error_class, completion.usage_source) == (Outcome.BLOCKED, "rate", None)
        assert completion.rate_wait_ms is not None

    def test_gemini_is_refused_in_its_own_form(self, own: Own) -> None:
        turn = [{"role": "user", "parts": [{"text": "Hello"}]}]
        own.run(own.request(gemini(turn)))
        response = own.run(refused(own, gemini(turn)))
        assert json.loads(response.content or b"")["error"]["code"] == response.status_code == 413

    @pytest.mark.parametrize("stream", [True, False])
    def test_autocomplete_gets_nothing_at_once(self, own: Own, stream: bool) -> None:
        own.run(own.call(chat(HELLO)))
        response = own.run(refused(own, legacy(stream=stream)))
        assert response.status_code == 200
        assert (b"[DONE]" in (response.content or b"")) == stream
        completion = own.records.of(Completion)[-1]
        assert (completion.kind, completion.outcome) == (Kind.AUTOCOMPLETE, Outcome.BLOCKED)
        assert completion.completion_tokens is None

    def test_a_client_that_is_gone_is_not_answered(self, own: Own) -> None:
        own.configuration.use(own.configuration.settings)
        own.run(own.call(chat(HELLO)))
        flow = chat(HELLO)
        settings = own.configuration.settings
        pacing = type(settings.pacing)(max_wait_s=90)
        fields = {name: getattr(settings, name) for name in settings.__struct_fields__} | {"pacing": pacing}
        own.configuration.use(type(settings)(**fields))

        async def hang_up() -> None:
            request = asyncio.ensure_future(own.request(flow))
            while not (waiting := json.loads(own.addon(Pacing).show_waiting())):
                await asyncio.sleep(0.01)
            assert waiting[0]["provider"] == "acme"
            flow.client_conn.timestamp_end = time.time()
            flow.client_conn.state = type(flow.client_conn.state)(0)
            await request

        own.run(hang_up())
        assert flow.response is None
        assert own.exchange(flow).rate_pass is None
        assert own.addon(Pacing).show_waiting() == "[]"

    def test_lists_of_models_do_not_count(self, own: Own) -> None:
        for _ in range(3):
            flow = flow_to("llm.acme.test", "/v1/models", method="GET")
            own.run(own.request(flow))
            assert flow.response is None

    def test_switched_off_nothing_waits(self, make_own: MakeOwn) -> None:
        own = make_own(providers=PROVIDERS.replace("max_wait_s = 1", "enabled = false"))
        own.addon(Pacing).running()
        for _ in range(3):
            flow = chat(HELLO)
            own.run(own.request(flow))
            assert flow.response is None

    def test_the_use_of_a_limit_is_shown_and_its_edge_is_told_once(self, own: Own) -> None:
        own.run(own.call(chat(HELLO)))
        (seen,) = own.records.of(LimitSeen)
        assert (seen.provider, seen.kind, seen.basis) == ("acme", LimitKind.REQUESTS_PER_MINUTE, Basis.COUNTED)
        assert (seen.limit, seen.remaining) == (1, 0)
        (event,) = [event for event in own.records.of(Event) if event.kind == "rate_limit"]
        assert event.message == "acme: 1 of 1 requests per minute used"

    def test_with_no_limit_near_it_costs_next_to_nothing(self, own: Own) -> None:
        times = []
        for index in range(300):
            flow = flow_to("many.test", "/v1/completions", b'{"model":"m","prompt":"x"}')
            own.run(own.hook("requestheaders", flow))
            flow.request.headers["authorization"] = f"Bearer {index % 3}"
            own.run(own.request(flow))
            waited_ms = own.exchange(flow).rate_wait_ms
            assert waited_ms is not None
            times.append(waited_ms)
            own.run(own.answer(flow, stream_of("x")))
        assert sorted(times)[100] < 0.25, "50 µs on an idle machine"


@pytest.mark.parametrize(
    ("headers", "path", "expected"),
    [
        ({"authorization": "Bearer sk-1"}, "/v1/chat/completions", "sk-1"),
        ({"x-goog-api-key": "AIza1"}, "/v1", "AIza1"),
        ({"api-key": "k", "x-api-key": "x"}, "/v1", "x"),
        ({}, "/v1beta/models/m:generateContent?alt=sse&key=AIza2", "AIza2"),
        ({}, "/v1", ""),
    ],
)
def test_the_account_is_told_by_its_key(headers: dict[str, str], path: str, expected: str) -> None:
    assert credential_of(flow_to("llm.acme.test", path, headers=headers).request) == expected
