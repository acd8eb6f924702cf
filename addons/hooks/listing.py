"""What each request's list of messages adds to that of its session's previous request, for the record."""

import secrets

from addons.domain.composition import Rewritten
from addons.domain.filling import Filling
from addons.domain.memo import Memo
from addons.domain.message_list import Before, MessageStep, next_step
from addons.hooks.exchange import Exchange

REMEMBERED_SESSIONS = 256
"""What is remembered of one is little beside its filling, which is remembered anyway."""
CHAIN_BYTES = 8


class Listing:
    def __init__(self) -> None:
        self._before: Memo[Before] = Memo(REMEMBERED_SESSIONS)

    def step(self, exchange: Exchange, filling: Filling, rewritten: Rewritten) -> MessageStep:
        """Of a request that was read. One outside the session's conversation stands alone."""
        assert exchange.reading
        match = exchange.match
        key = match.session_id.encode() if match else b""
        before = self._before.get(key) if match else None
        known = match.known if match else 0
        step, now = next_step(before, secrets.token_hex(CHAIN_BYTES), exchange.reading, known, filling, rewritten)
        if match:
            self._before.put(key, now)
        return step

    def lost(self, exchange: Exchange) -> None:
        """Its step is not recorded: the session's next request does not build on it."""
        if exchange.match:
            self._before.drop(exchange.match.session_id.encode())
