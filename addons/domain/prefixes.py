"""The heads of the latest requests: clients resend their history, so one comparison finds most of a body known."""

import threading
from dataclasses import dataclass

from addons.domain.facts import MessageFacts
from addons.domain.wire import Request, Span

MAX_BYTES = 16 * 2**20
"""All heads together: some 30 conversations of 500 KB."""
MIN_BYTES = 16 * 2**10
"""A shorter head is hashed as fast as it is found here."""


@dataclass(frozen=True, slots=True)
class _Head:
    body: bytes
    """Up to the end of the last message."""
    spans: tuple[Span, ...]
    facts: tuple[MessageFacts, ...]


class Prefixes:
    """Measured on 333 KB in 284 messages: 0.02 ms, against 0.6 ms for hashing each message. Safe in several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES, min_bytes: int = MIN_BYTES) -> None:
        self._max_bytes = max_bytes
        self._min_bytes = min_bytes
        self._heads: tuple[_Head, ...] = ()
        """Latest last; replaced, never changed, so that a reader needs no lock."""
        self._lock = threading.Lock()

    def longest(self, request: Request) -> tuple[MessageFacts, ...]:
        """The facts of as many leading messages as an earlier request had in the same bytes."""
        best: tuple[MessageFacts, ...] = ()
        for head in self._heads:
            count = len(head.spans)
            # The spans are compared too: a body may name its messages twice, and the last one counts.
            if count > len(best) and request.body.startswith(head.body) and request.messages[:count] == head.spans:
                best = head.facts
        return best

    def remember(self, request: Request, facts: tuple[MessageFacts, ...]) -> None:
        """Keeps the request's head in the place of those it goes on from."""
        end = request.messages[-1][1] if request.messages else 0
        if not self._min_bytes <= end <= self._max_bytes:
            return
        new = _Head(request.body[:end], request.messages, facts)
        with self._lock:
            heads = [head for head in self._heads if not new.body.startswith(head.body)]
            room = self._max_bytes - end - sum(len(head.body) for head in heads)
            while room < 0:
                room += len(heads.pop(0).body)
            self._heads = (*heads, new)
