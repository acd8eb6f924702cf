"""Drafts of digests, by message: made in a thread, remembered, and ready when a decision falls."""

import asyncio
from collections.abc import Iterable

from addons.domain.masking.digest import Budget
from addons.domain.masking.document import Hint
from addons.domain.masking.draft import Draft, calls_of, draft
from addons.domain.memo import Memo
from addons.domain.messages import Role
from addons.domain.tokens import TokenCounter
from addons.hooks.exchange import Exchange

REMEMBERED_DRAFTS = 512
"""Some 10 KB each, originals not included: the tool results of several long conversations."""


class Drafts:
    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self._budget = Budget()
        self._drafts: Memo[Draft] = Memo(REMEMBERED_DRAFTS)

    def of(self, exchange: Exchange, index: int) -> Draft | None:
        """The draft of a message, if it has been made."""
        assert exchange.reading
        return self._drafts.get(exchange.reading.messages[index].digest)

    async def prepare(self, exchange: Exchange, indices: Iterable[int]) -> None:
        """Make the drafts that are missing."""
        missing = [index for index in indices if self.of(exchange, index) is None]
        if missing:
            await asyncio.to_thread(self._make, exchange, missing)

    def _make(self, exchange: Exchange, indices: Iterable[int]) -> None:
        assert exchange.reading
        for index in indices:
            made = draft(exchange.message(index), self._hints(exchange, index), self._budget, self._counter.count)
            self._drafts.put(exchange.reading.messages[index].digest, made)

    def _hints(self, exchange: Exchange, index: int) -> dict[str, Hint]:
        """What the calls say that this message's results answer: they stand in the nearest assistant message before."""
        assert exchange.reading
        roles = [facts.role for facts in exchange.reading.messages[:index]]
        if exchange.reading.messages[index].role is not Role.TOOL or Role.ASSISTANT not in roles:
            return {}
        return calls_of(exchange.message(len(roles) - 1 - roles[::-1].index(Role.ASSISTANT)))
