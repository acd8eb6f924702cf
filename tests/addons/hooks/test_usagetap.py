"""The answer passes chunk by chunk as it came, and is read once at its end."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from addons.domain.usage import Usage, UsageSource
from addons.hooks import usagetap
from addons.hooks.usagetap import Tap, UsageTap
from tests.addons.hooks.own import Own, chat, flow_to, gemini, passed, stream_of

HELLO = {"role": "user", "content": "Hello"}
USAGE = {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}
REPORTED = Usage(prompt_tokens=12, completion_tokens=3, cached_tokens=8, source=UsageSource.REPORTED)


def in_members(data: bytes) -> bytes:
    return b"".join(gzip.compress(data[at : at + 20]) for at in range(0, len(data), 20))


def deflated(data: bytes) -> bytes:
    return zlib.compress(data)


class TestUsageTap:
    def test_each_chunk_goes_on_as_it_came(self, own: Own) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        stream = b"".join(stream_of("Grüße", usage=USAGE))
        chunks = [stream[at : at + 7] for at in range(0, len(stream), 7)]
        assert own.run(own.answer(flow, chunks)) == chunks
        assert own.exchange(flow).usage == REPORTED
        assert own.exchange(flow).answer_finished

    def test_each_chunk_goes_on_at_once(self, own: Own) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        own.run(own.head(flow))
        assert passed(flow, b"data: {") == b"data: {"
        assert own.exchange(flow).first_byte_at_s is not None

    def test_a_plain_answer_is_read_too(self, own: Own) -> None:
        flow = chat([HELLO], stream=False)
        own.run(own.request(flow))
        body = json.dumps({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}], "usage": USAGE})
        own.run(own.answer(flow, [body.encode()], headers={"content-type": "application/json"}))
        assert own.exchange(flow).usage == REPORTED
        assert own.exchange(flow).answer_text == "Hi"

    @pytest.mark.parametrize("content_type", ["text/event-stream", "application/json; charset=UTF-8"])
    def test_geminis_two_framings_are_told_apart(self, own: Own, content_type: str) -> None:
        event = {
            "candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 1},
        }
        data = json.dumps(event).encode()
        flow = gemini([{"parts": [{"text": "Hello"}]}])
        own.run(own.request(flow))
        is_sse = content_type.startswith("text")
        chunks = [b"data: " + data + b"\r\n\r\n"] if is_sse else [b"[" + data, b"\n]"]
        own.run(own.answer(flow, chunks, headers={"content-type": content_type}))
        usage = own.exchange(flow).usage
        assert usage
        assert (usage.prompt_tokens, usage.completion_tokens) == (5, 1)
        assert own.exchange(flow).answer_finished

    @pytest.mark.parametrize(
        ("encoding", "encode"),
        [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("gzip", in_members), ("deflate", deflated)],
        ids=["gzip", "x-gzip", "gzip in members", "deflate"],
    )
    def test_an_answer_compressed_all_the_same_is_read(
        self, own: Own, encoding: str, encode: Callable[[bytes], bytes]
    ) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        data = encode(b"".join(stream_of("Hi", usage=USAGE)))
        chunks = [data[:11], data[11:]]
        headers = {"content-type": "text/event-stream", "content-encoding": encoding}
        assert own.run(own.answer(flow, chunks, headers=headers)) == chunks
        assert own.exchange(flow).usage == REPORTED

    @pytest.mark.parametrize(("encoding", "failures"), [("br", 0), ("gzip", 1)])
    def test_what_cannot_be_decoded_passes_unread(self, own: Own, encoding: str, failures: int) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        headers = {"content-type": "text/event-stream", "content-encoding": encoding}
        chunks = [b"\x1b\x00 not gzip", b"more"]
        assert own.run(own.answer(flow, chunks, headers=headers)) == chunks
        exchange = own.exchange(flow)
        assert (exchange.answer_unread, exchange.usage, len(exchange.failures)) == (True, None, failures)

    def test_an_exception_costs_the_client_nothing(self, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(self: Tap, chunk: bytes) -> None:
            raise MemoryError

        monkeypatch.setattr(Tap, "keep", broken)
        flow = chat([HELLO])
        own.run(own.request(flow))
        chunks = stream_of("Hi")
        assert own.run(own.answer(flow, chunks)) == chunks
        assert own.exchange(flow).failures == ["UsageTap: MemoryError; the answer goes on unread"]

    def test_of_a_long_answer_the_end_is_kept(self, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(usagetap, "KEPT_BYTES", 2_000)
        flow = chat([HELLO])
        own.run(own.request(flow))
        chunks = stream_of("x" * 5_000)[:1] * 10 + stream_of("Hi", usage=USAGE)
        assert own.run(own.answer(flow, chunks)) == chunks
        assert own.exchange(flow).usage == REPORTED

    def test_an_errors_body_is_kept_as_an_error(self, own: Own) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        own.run(own.answer(flow, [b'{"error":', b'"no"}'], 400, {"content-type": "application/json"}))
        assert own.exchange(flow).answer_error == b'{"error":"no"}'

    def test_an_error_inside_a_stream_is_kept(self, own: Own) -> None:
        flow = chat([HELLO])
        own.run(own.request(flow))
        own.run(own.answer(flow, [b'data: {"error":{"message":"overloaded"}}\n\n']))
        assert own.exchange(flow).answer_error == b'{"error":{"message":"overloaded"}}'

    @pytest.mark.parametrize(
        ("messages", "text"),
        [
            ([HELLO], "Hi"),
            ([HELLO, {"role": "assistant", "content": "a"}, HELLO], ""),
        ],
        ids=["first turn", "later turn"],
    )
    def test_text_is_read_only_where_somebody_needs_it(self, own: Own, messages: list[Any], text: str) -> None:
        flow = chat(messages)
        own.run(own.request(flow))
        own.run(own.answer(flow, stream_of("Hi", usage=USAGE)))
        assert own.exchange(flow).answer_text == text

    def test_text_is_read_where_nobody_reported_a_count(self, own: Own) -> None:
        flow = chat([HELLO, {"role": "assistant", "content": "a"}, HELLO])
        own.run(own.request(flow))
        own.run(own.answer(flow, stream_of("Hi")))
        assert own.exchange(flow).answer_text == "Hi"

    def test_what_was_not_read_on_the_way_in_is_not_read_on_the_way_back(self, own: Own) -> None:
        flow = flow_to("llm.acme.test", "/v1/models", method="GET")
        own.run(own.request(flow))
        own.run(own.answer(flow, [b'{"data":[]}'], headers={"content-type": "application/json"}))
        tap = own.exchange(flow).tap
        assert isinstance(tap, Tap)
        assert (tap.chunks, own.exchange(flow).answer_unread) == ([], False)

    def test_what_is_not_ours_is_streamed(self, own: Own) -> None:
        flow = flow_to("example.org", "/", scheme="http")
        own.run(own.head(flow))
        assert flow.response
        assert flow.response.stream is True
        assert isinstance(own.addon(UsageTap), UsageTap)
