"""Every call leaves one row, however it ended."""

import json
from typing import Any

import pytest
from mitmproxy import ctx, http

from addons.domain.completion import Completion, Outcome
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.sessions import SessionState
from addons.domain.usage import UsageSource
from addons.hooks.recording import Recording
from tests.addons.hooks.own import NOW_S, Own, chat, flow_to, passed, stream_of

HELLO = {"role": "user", "content": "Hello"}
MORE = [HELLO, {"role": "assistant", "content": "Hi"}, {"role": "user", "content": "More"}]
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 500}}
JSON = {"content-type": "application/json"}


def only_row(own: Own) -> Completion:
    (row,) = own.records.of(Completion)
    return row


def asked(own: Own, **fields: Any) -> http.HTTPFlow:
    flow = chat(fields.pop("messages", [HELLO]), **fields)
    own.run(own.request(flow))
    return flow


class TestRecording:
    def test_a_chat_that_went_well(self, own: Own) -> None:
        flow = asked(own, messages=MORE, headers={"X-Kimi-Project": "p"})
        own.run(own.answer(flow, stream_of("Hi", usage=USAGE), headers={"x-request-id": "r-1"}))
        row = only_row(own)
        assert (row.provider, row.model, row.kind, row.stream, row.project) == ("acme", "large", Kind.CHAT, True, "p")
        assert (row.status, row.outcome, row.error_class, row.error_message) == (200, Outcome.OK, "", "")
        assert (row.prompt_tokens, row.cached_tokens, row.completion_tokens) == (1_000, 500, 100)
        assert row.usage_source is UsageSource.REPORTED
        assert (row.context_window, row.context_fill) == (200_000, 1_000 / 200_000)
        assert row.cost_usd == pytest.approx((500 * 1.0 + 500 * 0.1 + 100 * 4.0) / 1e6)
        assert row.cost_unmodified_usd == row.cost_usd
        assert row.prompt_tokens_before == row.prompt_tokens_sent
        assert (row.started_at_ms, row.turn, row.message_count, row.trace_id) == (int(NOW_S * 1000), 2, 3, "r-1")
        assert sum(row.composition.values()) == row.prompt_tokens_before
        assert row.duration_ms is not None
        assert row.ttfb_ms is not None
        assert row.overhead_ms is not None
        assert 0 <= row.overhead_ms <= row.ttfb_ms <= row.duration_ms

    def test_headers_are_kept_without_credentials(self, own: Own) -> None:
        sent = {"Authorization": "Bearer sk-kimi-0123456789", "User-Agent": "ls/JS", "X-Kimi-Project": "p"}
        flow = asked(own, headers=sent)
        limits = {"x-ratelimit-remaining-tokens": "12", "set-cookie": "session=abc"}
        own.run(own.answer(flow, stream_of("Hi"), headers=limits))
        found = only_row(own).headers
        assert found["request"]["user-agent"] == "ls/JS"
        assert found["response"]["x-ratelimit-remaining-tokens"] == "12"
        assert not {"authorization", "x-kimi-project"} & found["request"].keys()
        assert "set-cookie" not in found["response"]

    def test_the_session_is_told_after_each_call(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.answer(flow, stream_of("Hi")))
        (state,) = own.records.of(SessionState)
        assert state.id == own.exchange(flow).session_id
        assert state.name == "Hello"

    def test_without_a_report_it_is_estimated(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.answer(flow, stream_of("one two three")))
        row = only_row(own)
        assert (row.usage_source, row.prompt_tokens) == (UsageSource.ESTIMATED, row.prompt_tokens_before)
        assert row.completion_tokens == 3

    def test_of_an_unread_answer_nothing_is_claimed(self, own: Own) -> None:
        flow = asked(own)
        headers = {"content-type": "text/event-stream", "content-encoding": "br"}
        own.run(own.answer(flow, [b"\x1b\x2a"], headers=headers))
        row = only_row(own)
        assert (row.outcome, row.usage_source) == (Outcome.OK, UsageSource.ESTIMATED)
        assert (row.prompt_tokens, row.completion_tokens) == (row.prompt_tokens_before, None)

    @pytest.mark.parametrize(
        ("status", "body", "expected"),
        [
            (429, '{"error":{"message":"Too many requests"}}', "rate"),
            (429, '{"error":{"message":"m","type":"exceeded_current_quota_error"}}', "quota"),
            (401, '{"error":{"message":"bad key sk-abcdefghijklmnop"}}', "auth"),
            (400, '{"error":{"message":"maximum context length is 8192 tokens"}}', "context"),
            (503, "<html><title>busy</title></html>", "overload"),
            (422, '{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}', "bad_request"),
        ],
    )
    def test_an_error_is_classified_and_scrubbed(self, own: Own, status: int, body: str, expected: str) -> None:
        flow = asked(own)
        own.run(own.answer(flow, [body.encode()], status, JSON))
        row = only_row(own)
        assert (row.status, row.outcome, row.error_class) == (status, Outcome.ERROR, expected)
        assert row.error_message
        assert "sk-abc" not in row.error_message
        assert (row.usage_source, row.prompt_tokens, row.cost_usd) == (None, None, None)

    def test_an_error_inside_a_stream_is_one(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.answer(flow, [b'data: {"error":{"message":"overloaded"}}\n\n']))
        assert (only_row(own).outcome, only_row(own).error_class) == (Outcome.ERROR, "overload")

    def test_a_stream_without_a_finish_reason_was_cut(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.answer(flow, stream_of("half an ans", finish=None)))
        row = only_row(own)
        assert (row.outcome, row.error_class) == (Outcome.UPSTREAM_ABORT, "transport")
        assert row.usage_source is UsageSource.ESTIMATED

    @pytest.mark.parametrize(
        ("body", "outcome"),
        [
            (b'{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}', Outcome.OK),
            (b'{"choices":[{"message":{"content":"Hi"}}]}', Outcome.OK),
            (b'{"choices":[{"mess', Outcome.UPSTREAM_ABORT),
            (b"<!doctype html><title>Sign in</title>", Outcome.UPSTREAM_ABORT),
            (b"", Outcome.UPSTREAM_ABORT),
        ],
        ids=["an answer", "one without a finish reason", "broken JSON", "a page", "nothing"],
    )
    def test_what_comes_in_one_piece_must_be_an_answer(self, own: Own, body: bytes, outcome: Outcome) -> None:
        flow = asked(own, stream=False)
        own.run(own.answer(flow, [body], headers=JSON))
        assert only_row(own).outcome is outcome

    @pytest.mark.parametrize(
        ("message", "outcome"),
        [
            ("Client disconnected.", Outcome.CLIENT_ABORT),
            ("peer closed connection without sending complete message body", Outcome.UPSTREAM_ABORT),
            ("connection refused for key=sk-abcdefghijklmnop", Outcome.UPSTREAM_ABORT),
        ],
    )
    def test_who_broke_it_off_is_told(self, own: Own, message: str, outcome: Outcome) -> None:
        flow = asked(own)
        own.run(own.head(flow))
        for chunk in stream_of("half an", finish=None):
            passed(flow, chunk)
        own.run(own.error(flow, message))
        row = only_row(own)
        assert (row.outcome, row.error_class) == (outcome, "transport")
        assert "sk-abc" not in row.error_message
        assert (row.usage_source, row.completion_tokens) == (UsageSource.ESTIMATED, 2)

    def test_an_answer_that_was_whole_is_ok_whoever_hangs_up_then(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.head(flow))
        for chunk in stream_of("Hi", usage=USAGE):
            passed(flow, chunk)
        own.run(own.error(flow, "Client disconnected."))
        row = only_row(own)
        assert (row.outcome, row.error_message, row.prompt_tokens) == (Outcome.OK, "", 1_000)

    def test_a_provider_that_is_not_reached(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.error(flow, "[Errno 111] Connection refused"))
        row = only_row(own)
        assert (row.status, row.outcome, row.ttfb_ms) == (None, Outcome.UPSTREAM_ABORT, None)
        assert (row.usage_source, row.prompt_tokens) == (None, None)

    @pytest.mark.parametrize(
        "message",
        [
            "Client disconnected.",
            "HTTP/1 protocol error: peer closed connection without sending complete message body (received 5 bytes, "
            "expected 90)",
        ],
        ids=["hangs up", "closes its half of the connection"],
    )
    def test_a_client_that_hangs_up_while_it_sends(self, own: Own, message: str) -> None:
        flow = chat([HELLO])
        own.run(own.hook("requestheaders", flow))
        own.run(own.error(flow, message))
        row = only_row(own)
        assert (row.outcome, row.kind, row.duration_ms) == (Outcome.CLIENT_ABORT, Kind.CHAT, None)

    def test_a_call_is_recorded_once(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.answer(flow, stream_of("Hi")))
        own.run(own.error(flow, "Client disconnected."))
        own.addon(Recording).done()
        assert only_row(own).outcome is Outcome.OK

    def test_an_orderly_stop_records_what_is_under_way(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.head(flow))
        passed(flow, stream_of("half an", finish=None)[0])
        own.addon(Recording).done()
        row = only_row(own)
        assert (row.outcome, row.error_message) == (Outcome.UPSTREAM_ABORT, "the proxy was stopped")
        assert row.completion_tokens == 2

    def test_a_client_that_is_hung_up_on_by_our_stop_has_not_hung_up(self, own: Own) -> None:
        flow = asked(own)
        own.run(own.head(flow))
        ctx.master.should_exit.set()
        own.run(own.error(flow, "Client disconnected."))
        row = only_row(own)
        assert (row.outcome, row.error_message) == (Outcome.UPSTREAM_ABORT, "the proxy was stopped")

    def test_a_call_outside_any_conversation_has_no_session(self, own: Own) -> None:
        flow = flow_to("llm.acme.test", "/v1/completions", json.dumps({"model": "large", "prompt": "def"}).encode())
        own.run(own.request(flow))
        own.run(own.answer(flow, [b'{"choices":[{"text":"x","finish_reason":"stop"}]}'], headers=JSON))
        row = only_row(own)
        assert (row.kind, row.session_id, row.context_fill, row.turn) == (Kind.AUTOCOMPLETE, None, None, None)
        assert own.records.of(SessionState) == []

    def test_what_is_not_ours_leaves_no_row(self, own: Own) -> None:
        own.run(own.call(flow_to("example.org", "/", scheme="http")))
        assert own.records.records == []

    def test_a_row_that_cannot_be_made_is_a_failure_told(self, own: Own) -> None:
        flow = asked(own)
        own.exchange(flow).provider = None  # type: ignore[assignment]
        own.run(own.answer(flow, stream_of("Hi")))
        (event,) = own.records.of(Event)
        assert event.message == "Recording: AttributeError; the call is not recorded"
        assert own.records.of(Completion) == []

    def test_no_header_of_the_client_reaches_the_records(self, own: Own) -> None:
        flow = asked(own, headers={"Authorization": "Bearer sk-abcdefghijklmnop", "Cookie": "id=secret"})
        own.run(own.answer(flow, stream_of("Hi")))
        assert "sk-abc" not in repr(own.records.records)
        assert "secret" not in repr(own.records.records)
