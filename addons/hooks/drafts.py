"""Drafts of digests, by message: made in a thread, remembered, and ready when a decision falls."""

import asyncio
from collections.abc import Callable, Iterable

from addons.domain.facts import MessageFacts
from addons.domain.masking.digest import Budget
from addons.domain.masking.document import Hint
from addons.domain.masking.draft import Draft, calls_of, draft
from addons.domain.memo import Memo
from addons.domain.messages import Message, Role
from addons.domain.tokens import ENVELOPE_TOKENS, TokenCounter
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
            message, facts = exchange.message(index), exchange.reading.messages[index]
            made = draft(message, self._hints(exchange, index), self._budget, self._count(message, facts))
            self._drafts.put(facts.digest, made)

    def _count(self, message: Message, facts: MessageFacts) -> Callable[[str], int]:
        """The text of a message that has only one was counted when the message was read."""
        if len(message.parts) != 1:
            return self._counter.count
        whole, tokens = message.parts[0].text, facts.tokens - ENVELOPE_TOKENS
        return lambda text: tokens if text == whole else self._counter.count(text)

    def _hints(self, exchange: Exchange, index: int) -> dict[str, Hint]:
        """What the calls say that this message's results answer: they stand in the nearest assistant message before."""
        assert exchange.reading
        roles = [facts.role for facts in exchange.reading.messages[:index]]
        if exchange.reading.messages[index].role is not Role.TOOL or Role.ASSISTANT not in roles:
            return {}
        return calls_of(exchange.message(len(roles) - 1 - roles[::-1].index(Role.ASSISTANT)))
