"""What leaves this machine: the client's own bytes, unless a station put others in their place."""

import gzip
import json

import pytest
from mitmproxy import http

from addons.hooks.exchange import Exchange
from addons.hooks.outgoing import Outgoing
from addons.hooks.station import Station
from tests.addons.hooks.own import Own, chat, flow_to

ODD_BODIES = {
    "escapes": rb'{"model":"large","messages":[{"role":"user","content":"\u0041\/\u00e9 \ud83d\ude00"}]}',
    "spaces": b'{ "model" :  "large" ,\r\n"messages":[ {"role": "user","content":"a"} ]\t}',
    "numbers": b'{"model":"large","temperature":1e2,"seed":12345678901234567890123,"messages":[]}',
    "unknown fields": b'{"x":{"y":[null,{}]},"model":"large","messages":[{"role":"user","content":"a","z":0.10}]}',
    "a key twice": b'{"model":"large","model":"small","messages":[{"role":"user","content":"a"}]}',
    "lone surrogate": rb'{"model":"large","messages":[{"role":"user","content":"\ud800"}]}',
    "not JSON": b'{"model":"large","messages":[',
    "not an object": b'"model"',
    "not UTF-8": b'{"model":"large","messages":[{"role":"user","content":"\xff"}]}',
    "byte order mark": b'\xef\xbb\xbf{"model":"large","messages":[]}',
    "unknown role": b'{"model":"large","messages":[{"role":"alien","content":"a"}]}',
    "deep": b'{"model":"large","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "empty": b"",
}


class Upper(Station):
    """Puts the last message's bytes in upper case."""

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        assert exchange.request
        span = exchange.request.messages[-1]
        exchange.replacements[span] = exchange.request.raw(span).upper()


class Broken(Station):
    """Fails half-way."""

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        exchange.replacements[(0, 1)] = b"["
        raise ValueError("half-way")


class TestOutgoing:
    @pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES.keys())
    def test_without_a_rewrite_the_body_is_the_clients(self, own: Own, body: bytes) -> None:
        flow = flow_to("llm.acme.test", "/v1/chat/completions", body)
        assert own.run(own.request(flow)) == body
        assert flow.request.headers["content-length"] == str(len(body))

    def test_a_text_that_a_client_cut_in_an_emoji_is_counted_all_the_same(self, own: Own) -> None:
        first = {"role": "user", "content": "Look at \ud83d"}
        body = json.dumps({"model": "large", "messages": [first]}).encode()
        assert rb"\ud83d" in body
        flow = chat([], raw=body)
        assert own.run(own.request(flow)) == body
        exchange = own.exchange(flow)
        assert exchange.failures == []
        assert exchange.match and exchange.session_id
        assert exchange.reading and exchange.reading.total_tokens > 5
        assert exchange.message(0).text == "Look at \ufffd"

    def test_a_rewrite_leaves_half_a_surrogate_pair_as_it_came(self, own: Own) -> None:
        own.insert(Upper(own.exchanges), Outgoing)
        body = json.dumps({"model": "large", "messages": [{"role": "user", "content": "\udc00"}] * 2}).encode()
        assert own.run(own.request(chat([], raw=body))) == body[:-2].rpartition(b"{")[0] + (
            body[:-2].rpartition(b"{")[2].upper().join((b"{", b"]}"))
        )

    def test_a_rewrite_changes_its_slice_alone(self, own: Own) -> None:
        own.insert(Upper(own.exchanges), Outgoing)
        body = b'{ "seed":1e2, "messages":[{"a":1}, {"role":"user","content":"x"} ],"model":"large"}'
        body = body.replace(b'{"a":1}', b'{"role":"user","content":"\\u0041"}')
        forwarded = own.run(own.request(chat([], raw=body)))
        assert forwarded == body.replace(b'{"role":"user","content":"x"}', b'{"ROLE":"USER","CONTENT":"X"}')

    def test_the_length_follows_a_rewrite(self, own: Own) -> None:
        class Longer(Station):
            async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
                assert exchange.request
                exchange.replacements[exchange.request.messages[0]] = b'{"role":"user","content":"much longer"}'

        own.insert(Longer(own.exchanges), Outgoing)
        flow = chat([{"role": "user", "content": "x"}])
        forwarded = own.run(own.request(flow))
        assert flow.request.headers["content-length"] == str(len(forwarded))

    def test_a_request_compressed_in_pieces_is_read_whole(self, own: Own) -> None:
        own.insert(Upper(own.exchanges), Outgoing)
        plain = b'{"model":"large","messages":[{"role":"user","content":"x"}]}'
        raw = gzip.compress(plain[:30]) + gzip.compress(plain[30:])
        flow = chat([], raw=raw, headers={"content-encoding": "gzip"})
        forwarded = own.run(own.request(flow))
        assert b'"CONTENT":"X"' in gzip.decompress(forwarded)

    def test_a_compressed_request_stays_compressed(self, own: Own) -> None:
        own.insert(Upper(own.exchanges), Outgoing)
        plain = b'{"model":"large","messages":[{"role":"user","content":"x"}]}'
        flow = chat([], raw=gzip.compress(plain), headers={"content-encoding": "gzip"})
        forwarded = own.run(own.request(flow))
        assert gzip.decompress(forwarded) == plain.replace(
            b'{"role":"user","content":"x"}', b'{"ROLE":"USER","CONTENT":"X"}'
        )

    def test_a_failed_station_leaves_the_bytes_alone(self, own: Own) -> None:
        own.insert(Upper(own.exchanges), Outgoing)
        own.insert(Broken(own.exchanges), Upper)
        flow = chat([{"role": "user", "content": "x"}])
        body = flow.request.raw_content
        assert own.run(own.request(flow)) == body

    def test_our_own_headers_stay_here(self, own: Own) -> None:
        flow = chat([{"role": "user", "content": "x"}], headers={"X-Kimi-Project": "p", "X-Kimi-Bypass": "1"})
        own.run(own.request(flow))
        assert not [name for name in flow.request.headers if name.lower().startswith("x-kimi")]

    def test_our_own_headers_stay_here_also_after_a_failure(self, own: Own) -> None:
        own.insert(Broken(own.exchanges), Outgoing)
        flow = chat([{"role": "user", "content": "x"}], headers={"X-Kimi-Project": "p"})
        own.run(own.request(flow))
        assert "x-kimi-project" not in flow.request.headers

    def test_the_provider_is_asked_not_to_compress(self, own: Own) -> None:
        flow = chat([{"role": "user", "content": "x"}], headers={"Accept-Encoding": "gzip, br"})
        own.run(own.request(flow))
        assert flow.request.headers.get_all("accept-encoding") == ["identity"]

    def test_no_header_is_added_where_the_client_sent_none(self, own: Own) -> None:
        flow = chat([{"role": "user", "content": "x"}])
        before = list(flow.request.headers.fields)
        own.run(own.request(flow))
        assert list(flow.request.headers.fields) == before

    def test_what_is_answered_already_is_left_alone(self, own: Own) -> None:
        flow = chat([{"role": "user", "content": "x"}], headers={"Accept-Encoding": "gzip"})
        own.run(own.hook("requestheaders", flow))
        flow.response = http.Response.make(429)
        own.run(own.hook("request", flow))
        assert flow.request.headers["accept-encoding"] == "gzip"

    def test_what_is_not_a_providers_is_left_alone(self, own: Own) -> None:
        flow = flow_to("example.org", "/", headers={"Accept-Encoding": "gzip", "X-Kimi-Project": "p"}, scheme="http")
        before = list(flow.request.headers.fields)
        own.run(own.request(flow))
        assert list(flow.request.headers.fields) == before
