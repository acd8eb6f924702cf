"""The latest request of each session, in memory only: what a person looks at before asking for a compression."""

from collections import OrderedDict
from typing import NamedTuple

from addons.domain.compression.summary import Summary
from addons.hooks.exchange import Exchange

MOST_SESSIONS = 64
MOST_BYTES = 32 * 2**20
"""Of all bodies: some 60 conversations of 500 KB."""


class Seen(NamedTuple):
    exchange: Exchange
    summary: Summary | None
    """That stands in it."""


class Latest:
    """Written by the event loop, read by the inbox's thread too: an entry is replaced, never changed."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._seen: OrderedDict[str, Seen] = OrderedDict()

    def keep(self, exchange: Exchange, summary: Summary | None) -> None:
        assert exchange.session_id
        self._seen[exchange.session_id] = Seen(exchange, summary)
        self._seen.move_to_end(exchange.session_id)
        while len(self._seen) > 1 and (len(self._seen) > MOST_SESSIONS or self._bytes() > self._most_bytes):
            self._seen.popitem(last=False)

    def of(self, session_id: str) -> Seen | None:
        return self._seen.get(session_id)

    def _bytes(self) -> int:
        return sum(len(seen.exchange.request.body) for seen in self._seen.values() if seen.exchange.request)
