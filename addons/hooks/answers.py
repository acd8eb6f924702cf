"""Answers: turns what another provider answers into the client's own wire format, while it passes.

Stands after `UsageTap`, whose copy is of the provider's own bytes. What is streamed is converted event by event; what
comes in one piece, errors above all, is held until it is whole, because its status may have to change.
"""

import time
from collections.abc import Callable

from mitmproxy import http

from addons.domain import convert
from addons.domain.convert import Reply, StreamConverter
from addons.domain.encodings import decoder
from addons.hooks.contents import content_of
from addons.hooks.exchange import AnswerReader, Exchange, Exchanges
from addons.hooks.station import fail

BAD_GATEWAY = 502
UNREADABLE = b'{"error":{"message":"the provider\'s answer cannot be read","code":502}}'
"""In the provider's place, to be said in the client's form."""
Decode = Callable[[bytes], bytes]


class Answers:
    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        reply = reply_of(exchange)
        if exchange is None or reply is None or flow.response is None:
            return
        headers = flow.response.headers
        decode = decoder(headers.get("content-encoding", ""))
        if flow.response.status_code >= 400 or not reply.stream or decode is None or exchange.tap is None:
            flow.response.stream = False
            return
        made = convert.stream(reply, headers.get("content-type", ""), now_s=int(time.time()))
        flow.response.stream = Converting(exchange, exchange.tap, decode, made).__call__
        headers["content-type"] = reply.content_type
        for name in ("content-length", "content-encoding"):
            headers.pop(name, None)
        if flow.response.is_http10 or flow.response.is_http11:
            headers["transfer-encoding"] = "chunked"

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        reply = reply_of(exchange)
        if exchange is None or reply is None or flow.response is None or flow.response.stream or exchange.refusal:
            return
        body = flow.response.raw_content or b""
        if exchange.tap:
            exchange.tap(body)
        try:
            self.convert(flow.response, exchange, reply)
        except Exception as error:  # noqa: BLE001 - the client must be told something that it can read
            fail(exchange, "Answers", error, "the client got an error in the place of the answer")
            put_failure(flow.response, convert.error(BAD_GATEWAY, UNREADABLE, reply))

    def convert(self, response: http.Response, exchange: Exchange, reply: Reply) -> None:
        """:raises ConvertError: if the answer is none of the provider's format."""
        body = content_of(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code >= 400:
            put_failure(response, convert.error(response.status_code, body, reply, headers))
            return
        if reply.stream:
            made = convert.stream(reply, response.headers.get("content-type", ""), now_s=int(time.time()))
            put(response, made.feed(body) + made.close(), reply.content_type)
            exchange.signatures |= made.signatures
            return
        exchange.signatures |= convert.signatures(body, reply)
        put(response, convert.answer(body, reply, now_s=int(time.time())), reply.content_type)


class Converting:
    """The callable that mitmproxy calls with each chunk, and with an empty one at the end.

    An exception here would cost the client its answer, so it ends the stream with an error that the client can read.
    """

    def __init__(self, exchange: Exchange, tap: AnswerReader, decode: Decode, converter: StreamConverter) -> None:
        self.exchange = exchange
        self.tap = tap
        self.decode = decode
        self.converter = converter
        self.is_over = False

    def __call__(self, chunk: bytes) -> list[bytes]:
        """What there is to say; nothing is an empty list: mitmproxy would send b"" as the chunk that ends a body."""
        said = self.converted(chunk)
        return [said] if said else []

    def converted(self, chunk: bytes) -> bytes:
        self.tap(chunk)
        if self.is_over:
            return b""
        try:
            said = self.converter.feed(self.decode(chunk)) if chunk else self.converter.close()
            self.exchange.signatures |= self.converter.signatures
        except Exception as error:  # noqa: BLE001 - raised here, it would cost the client its answer
            self.is_over = True
            fail(self.exchange, "Answers", error, "the client's stream ends with an error")
            return self.broken()
        return said

    def broken(self) -> bytes:
        """An error event in the client's form, from a converter that has seen nothing."""
        reply = reply_of(self.exchange)
        assert reply
        anew = convert.stream(reply, "text/event-stream")
        return anew.feed(b"data: " + UNREADABLE + b"\n\n") + anew.close()


def reply_of(exchange: Exchange | None) -> Reply | None:
    is_elsewhere = exchange is not None and exchange.forward is not None and exchange.forwarded_at_s is not None
    return exchange.forward.reply if exchange and exchange.forward and is_elsewhere else None


def put(response: http.Response, body: bytes, content_type: str) -> None:
    response.headers.pop("content-encoding", None)
    response.headers["content-type"] = content_type
    response.content = body


def put_failure(response: http.Response, failure: convert.Failure) -> None:
    response.status_code = failure.status
    put(response, failure.body, "application/json")
    response.headers.update(failure.headers)
