"""UsageTap: keeps a copy of every answer while it passes, and never holds a chunk back.

What is streamed is only gathered; it is read once, when the answer has ended, so that an event costs a microsecond on
its way. An exception inside mitmproxy's stream callable would cost the client its answer, so the tap catches
everything, stops gathering, and goes on handing over the bytes it was given.
"""

import logging
import time
from collections.abc import Iterable

from mitmproxy import http

from addons.domain.encodings import decoder
from addons.domain.kinds import Kind
from addons.domain.wire import FORMATS, StreamEvent
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import fail

log = logging.getLogger(__name__)

KEPT_BYTES = 8_000_000
"""Most of an answer that is kept to be read at its end. Chat answers stay below 1 MB; inline images are the largest."""
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
        exchange.tap = Tap(exchange, flow.response)
        flow.response.stream = exchange.tap.__call__


class Tap:
    """The callable that mitmproxy calls with each chunk; `read` tells the exchange what the answer said."""

    def __init__(self, exchange: Exchange, response: http.Response) -> None:
        self.exchange = exchange
        self.content_type = response.headers.get("content-type", "").lower()
        self.is_error = response.status_code >= 400
        self.is_wanted = self.is_error or exchange.request is not None
        self.chunks: list[bytes] = []
        self.size = 0
        encoding = response.headers.get("content-encoding", "")
        decode = decoder(encoding)
        self.decode = decode or bytes
        """The answer may be compressed although identity was asked for."""
        if decode is None:
            log.warning("an answer is encoded as %r; its usage cannot be read", encoding[:20])
            self.give_up()

    def __call__(self, chunk: bytes) -> bytes:
        if self.is_wanted and chunk:
            try:
                self.keep(chunk)
            except Exception as error:  # noqa: BLE001 - raised here, it would cost the client its answer
                self.give_up()
                fail(self.exchange, "UsageTap", error, "the answer goes on unread")
        return chunk

    def give_up(self) -> None:
        self.is_wanted, self.exchange.answer_unread = False, True
        self.chunks.clear()

    def keep(self, chunk: bytes) -> None:
        """Beyond KEPT_BYTES the oldest chunks go: usage stands at the end."""
        plain = self.decode(chunk)
        self.chunks.append(plain)
        self.size += len(plain)
        while self.size > KEPT_BYTES:
            self.size -= len(self.chunks.pop(0))

    def read(self) -> None:
        """Tell the exchange what the answer said, as far as it came."""
        if not self.is_wanted:
            return
        if self.is_error:
            self.exchange.answer_error = b"".join(self.chunks)
        elif self.exchange.stream or self.content_type.startswith(STREAMS):
            is_wanted = wants_text(self.exchange)
            self.note(self.events(want_text=is_wanted))
            if not is_wanted and self.exchange.usage is None:
                self.note(self.events(want_text=True))
        else:
            self.note([FORMATS[self.exchange.answer_wire].answer_of_body(b"".join(self.chunks))])
        self.chunks.clear()

    def events(self, *, want_text: bool) -> list[StreamEvent]:
        reader = FORMATS[self.exchange.answer_wire].stream_reader(self.content_type, want_text=want_text)
        return reader.feed(b"".join(self.chunks)) + reader.close()

    def note(self, events: Iterable[StreamEvent]) -> None:
        exchange = self.exchange
        for event in events:
            exchange.usage = event.usage or exchange.usage
            exchange.answer_error = event.error or exchange.answer_error
            exchange.answer_finished |= event.finished
            exchange.answer_text += event.text
            exchange.other_text += event.other_text


def wants_text(exchange: Exchange) -> bool:
    """A compaction's answer may begin the next history; a first answer comes back in the request for a title."""
    return exchange.kind is Kind.COMPACTION or (exchange.reading is not None and exchange.reading.turns <= 1)
