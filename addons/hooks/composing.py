"""What fills the window in each request, for the record: a session's next request costs what is new in it."""

from typing import Any

from addons.domain.composition import Composition, Rewritten, composition
from addons.domain.filling import Filling
from addons.domain.memo import Memo
from addons.domain.memory import MemorySeen
from addons.domain.reading import Reading
from addons.hooks.exchange import Exchange
from addons.hooks.listing import Listing

REMEMBERED_SESSIONS = 256
"""Of 20 KB each, where a session has 500 messages."""


class Composing:
    def __init__(self) -> None:
        self._fillings: Memo[Filling] = Memo(REMEMBERED_SESSIONS)
        self.listing = Listing()

    def fields(self, exchange: Exchange, servers: tuple[str, ...]) -> dict[str, Any]:
        """Those of a Completion that say what its prompt is made of; none where the request was not read.

        `servers`: those whose tools' results are memory.
        """
        reading = exchange.reading
        if reading is None:
            return {}
        filling = self._filling(exchange, reading, servers)
        rewritten = Rewritten(exchange.masked, exchange.covered, exchange.compressed_tokens_saved)
        found = composition(reading, exchange.match.known if exchange.match else 0, filling, rewritten)
        return composed(found) | {"messages": self.listing.step(exchange, filling, rewritten)}

    def _filling(self, exchange: Exchange, reading: Reading, servers: tuple[str, ...]) -> Filling:
        # Not that of a title's request, which is of the session but holds another text.
        key = exchange.match.session_id.encode() if exchange.match else b""
        filling = self._fillings.get(key) if key else None
        if filling is None or filling.servers != servers:
            filling = Filling(servers)
        filling = filling.extended(reading.messages)
        if key:
            self._fillings.put(key, filling)
        return filling

    def memory_seen(self, exchange: Exchange) -> MemorySeen | None:
        """The segments of a request whose composition was asked for; None where it has none, or no session."""
        if exchange.match is None or exchange.reading is None:
            return None
        filling = self._fillings.get(exchange.match.session_id.encode())
        segments = [*filling.segments.values()] if filling else []
        if exchange.reading.system:
            segments += exchange.reading.system.segments
        if not segments:
            return None
        return MemorySeen(session_id=exchange.match.session_id, at_ms=exchange.started_at_ms, segments=tuple(segments))


def composed(found: Composition) -> dict[str, Any]:
    return {
        "composition": found.overview,
        "parts": found.parts,
        "tool_tokens": found.tools,
        "largest": found.largest,
        "memory_tokens": found.memory_tokens,
        "memory_ratio": found.memory_ratio,
    }
