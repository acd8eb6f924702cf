"""A request is matched, read once, and given its session; what is not a provider's passes."""

import json
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from addons.domain.completion import Completion
from addons.domain.kinds import Kind
from addons.domain.sessions import How
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import NOW_S, PROVIDERS, Own, chat, flow_to, gemini

HELLO = {"role": "user", "content": "Hello"}
MORE = [HELLO, {"role": "assistant", "content": "Done."}, {"role": "user", "content": "More"}]
TITLE = "Given the following... please reply with a title for the chat that is 3-4 words in length\n\nDone."
COMPACTION = "Create a comprehensive summary of this conversation that captures all essential information"


def post(path: str, **body: Any) -> http.HTTPFlow:
    return flow_to("llm.acme.test", path, json.dumps(body).encode())


class TestIntake:
    def test_a_chat_is_read_and_given_a_session(self, own: Own) -> None:
        flow = chat([{"role": "system", "content": "Be kind."}, HELLO])
        own.run(own.request(flow))
        exchange = own.exchange(flow)
        assert (exchange.endpoint.provider, exchange.model_id, exchange.stream) == ("acme", "large", True)
        assert (exchange.kind, exchange.started_at_ms) == (Kind.CHAT, int(NOW_S * 1000))
        assert exchange.match
        assert exchange.match.is_new
        assert exchange.session_id
        assert exchange.reading
        assert len(exchange.reading.messages) == 2

    def test_the_next_request_continues_it(self, own: Own) -> None:
        first, second = chat([HELLO]), chat(MORE)
        own.run(own.call(first))
        own.run(own.call(second))
        match = own.exchange(second).match
        assert match
        assert (match.session_id, match.how, match.known) == (own.exchange(first).session_id, How.PREFIX, 1)

    def test_a_gemini_path_says_model_and_streaming(self, own: Own) -> None:
        flow = gemini([{"role": "user", "parts": [{"text": "Hello"}]}])
        own.run(own.request(flow))
        exchange = own.exchange(flow)
        assert (exchange.endpoint.provider, exchange.model_id, exchange.stream) == ("gem", "flash", True)
        assert exchange.kind is Kind.CHAT

    @pytest.mark.parametrize(
        ("flow", "kind"),
        [
            (post("/v1/completions", model="large", prompt="def f"), Kind.AUTOCOMPLETE),
            (post("/v1/fim/completions", model="large", prompt="def f"), Kind.AUTOCOMPLETE),
            (post("/v1/embeddings", model="large", input=["a"]), Kind.EMBEDDING),
            (post("/v1/rerank", model="large", query="a", documents=["b"]), Kind.RERANK),
            (flow_to("llm.acme.test", "/v1/models", method="GET"), Kind.MODELS),
            (post("/v1/anything", model="large"), Kind.OTHER),
        ],
        ids=lambda value: value.request.path if isinstance(value, http.HTTPFlow) else "",
    )
    def test_other_operations_have_a_kind_and_no_session(self, own: Own, flow: http.HTTPFlow, kind: Kind) -> None:
        own.run(own.request(flow))
        assert (own.exchange(flow).kind, own.exchange(flow).match) == (kind, None)

    def test_a_title_is_the_sessions_that_it_names(self, own: Own) -> None:
        first = chat([HELLO])
        own.run(own.call(first))
        title = chat([{"role": "user", "content": TITLE}])
        own.run(own.request(title))
        assert own.exchange(title).kind is Kind.TITLE
        assert own.exchange(title).session_id == own.exchange(first).session_id

    def test_a_compaction_is_its_chats(self, own: Own) -> None:
        first = chat(MORE)
        own.run(own.call(first))
        compaction = chat([*MORE, {"role": "assistant", "content": "Done."}, {"role": "user", "content": COMPACTION}])
        own.run(own.request(compaction))
        assert own.exchange(compaction).kind is Kind.COMPACTION
        assert own.exchange(compaction).session_id == own.exchange(first).session_id

    @pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("", False)])
    def test_the_bypass_header_asks_for_this_request_as_it_came(self, own: Own, value: str, expected: bool) -> None:
        flow = chat([HELLO], headers={"X-Kimi-Bypass": value})
        own.run(own.request(flow))
        assert own.exchange(flow).is_bypassed is expected

    def test_a_bypassed_session_goes_as_it_came(self, own: Own) -> None:
        first, other = chat(MORE), chat([{"role": "user", "content": "Another."}])
        own.run(own.call(first))
        own.change("sessions", bypassed=(own.exchange(first).session_id,))
        again = chat([*MORE, {"role": "assistant", "content": "Done."}, {"role": "user", "content": "Go on."}])
        own.run(own.request(again))
        own.run(own.request(other))
        assert (own.exchange(again).is_bypassed, own.exchange(other).is_bypassed) == (True, False)
        assert own.exchange(again).session_id == own.exchange(first).session_id

    def test_the_project_header_keeps_sessions_apart(self, own: Own) -> None:
        one, other = chat(MORE, headers={"X-Kimi-Project": "a"}), chat(MORE, headers={"X-Kimi-Project": "b"})
        own.run(own.call(one))
        own.run(own.call(other))
        assert own.exchange(one).project == "a"
        assert own.exchange(one).session_id != own.exchange(other).session_id

    def test_an_sdks_retry_is_linked_to_its_first_try(self, own: Own) -> None:
        first, retry = chat(MORE), chat(MORE, headers={"x-stainless-retry-count": "1"}, at_s=NOW_S + 2)
        own.run(own.request(first))
        own.run(own.answer(first, [b'{"error":{"message":"slow down"}}'], 429, {"content-type": "application/json"}))
        own.run(own.call(retry))
        match = own.exchange(retry).match
        assert match
        assert (match.how, match.turns, match.repeat_of_ms) == (How.REPEAT, 0, int(NOW_S * 1000))
        rows = own.records.of(Completion)
        assert [row.retry_of_ms for row in rows] == [None, int(NOW_S * 1000)]

    def test_a_count_of_no_retries_is_no_retry(self, own: Own) -> None:
        flows = [chat([HELLO], headers={"x-stainless-retry-count": "0"}) for _ in range(2)]
        for flow in flows:
            own.run(own.call(flow))
        assert own.exchange(flows[0]).session_id != own.exchange(flows[1]).session_id

    def test_a_session_may_go_without_a_name(self, make_own: MakeOwn) -> None:
        own = make_own(providers=PROVIDERS + "\n[sessions]\nname_from_prompt = false\n")
        flow = chat([HELLO])
        own.run(own.request(flow))
        assert own.sessions.state(own.exchange(flow).session_id).name == ""

    def test_a_body_that_cannot_be_read_is_known_by_its_path(self, own: Own) -> None:
        flow = flow_to("llm.acme.test", "/v1/chat/completions", b"{")
        own.run(own.call(flow))
        exchange = own.exchange(flow)
        assert (exchange.request, exchange.kind, exchange.failures) == (None, Kind.CHAT, [])


class TestWhatIsNotOurs:
    def test_it_is_streamed_both_ways(self, own: Own) -> None:
        flow = flow_to("example.org", "/upload", b"x", scheme="http")
        own.run(own.request(flow))
        assert own.exchanges.of(flow) is None
        assert flow.request.stream is True
        own.run(own.head(flow))
        assert flow.response
        assert flow.response.stream is True
        own.run(own.hook("response", flow))
        assert own.records.records == []

    def test_a_providers_request_is_not_streamed_past_us(self, own: Own) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        assert not flow.request.stream

    @pytest.mark.parametrize("state", ["answered", "failed", "gone"])
    def test_what_is_over_opens_no_exchange(self, own: Own, state: str) -> None:
        flow = chat([HELLO])
        flow.response = http.Response.make(403) if state == "answered" else None
        flow.error = tflow.terr() if state == "failed" else None
        flow.live = state != "gone"
        own.run(own.request(flow))
        assert own.exchanges.of(flow) is None
