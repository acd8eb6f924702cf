"""UsageTap: reads a copy of every answer while it passes, chunk by chunk, and never holds one back.

An exception inside mitmproxy's stream callable would cost the client its answer, so the tap catches everything, stops
reading, and goes on handing over the bytes it was given.
"""

import logging
import time
import zlib
from collections.abc import Callable

from mitmproxy import http

from addons.domain.wire import FORMATS, StreamEvent, StreamReader
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import fail

log = logging.getLogger(__name__)

KEPT_BODY_BYTES = 4_000_000
"""Most of a plain answer that is kept to be read at its end; the largest seen are embeddings of some hundred KB."""
KEPT_ERROR_BYTES = 64_000
KEPT_TEXT_CHARACTERS = 200_000
STREAMS = ("text/event-stream", "application/x-ndjson")


class UsageTap:
    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        assert flow.response
        exchange = self.exchanges.of(flow)
        if exchange is None:
            flow.response.stream = True
            return
        exchange.first_byte_at_s = time.perf_counter()
        flow.response.stream = Tap(exchange, flow.response).__call__


class Tap:
    """The callable that mitmproxy calls with each chunk, and with b"" at a clean end."""

    def __init__(self, exchange: Exchange, response: http.Response) -> None:
        self.exchange = exchange
        self.failed = False
        self.decode = decoder(response.headers.get("content-encoding", ""))
        content_type = response.headers.get("content-type", "").lower()
        if response.status_code >= 400:
            self.take: Callable[[bytes], None] = self.keep_error
        elif exchange.request is None:
            self.take = ignore
        elif exchange.stream or content_type.startswith(STREAMS):
            self.reader: StreamReader = FORMATS[exchange.endpoint.wire].stream_reader(content_type)
            self.take = self.read_stream
        else:
            self.body = bytearray()
            self.take = self.read_body

    def __call__(self, chunk: bytes) -> bytes:
        if not self.failed:
            try:
                self.take(self.decode(chunk) if chunk else b"")
            except Exception as error:  # noqa: BLE001 - raised here, it would cost the client its answer
                self.failed = True
                fail(self.exchange, "UsageTap", error)
        return chunk

    def keep_error(self, chunk: bytes) -> None:
        room = KEPT_ERROR_BYTES - len(self.exchange.answer_error)
        self.exchange.answer_error += chunk[:room]

    def read_stream(self, chunk: bytes) -> None:
        for event in self.reader.feed(chunk) if chunk else self.reader.close():
            self.note(event)

    def read_body(self, chunk: bytes) -> None:
        if chunk and len(self.body) < KEPT_BODY_BYTES:
            self.body += chunk
        elif not chunk:
            self.note(FORMATS[self.exchange.endpoint.wire].answer_of_body(bytes(self.body)))

    def note(self, event: StreamEvent) -> None:
        exchange = self.exchange
        exchange.usage = event.usage or exchange.usage
        exchange.answer_error = event.error or exchange.answer_error
        exchange.answer_finished |= event.finished
        if len(exchange.answer_text) < KEPT_TEXT_CHARACTERS:
            exchange.answer_text += event.text
            exchange.other_text += event.other_text


def ignore(chunk: bytes) -> None:
    """For answers that nothing is read from: model lists, unknown operations."""


def decoder(content_encoding: str) -> Callable[[bytes], bytes]:
    """Decodes a copy of an answer that is compressed although identity was asked for.

    gzip and deflate come apart chunk by chunk; other encodings are left unread, and the call keeps its estimate.
    """
    name = content_encoding.strip().lower()
    if name in ("", "identity"):
        return bytes
    if name in ("gzip", "deflate", "x-gzip"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress
    log.warning("an answer is encoded as %r; its usage cannot be read", name[:20])
    return lambda chunk: b""
