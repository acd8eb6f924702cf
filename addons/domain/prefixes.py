"""The heads of the latest requests: clients resend their history, so one comparison finds most of a body known."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

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

    def parse(self, body: bytes, parse: Callable[[bytes], Request]) -> Request:
        """What `parse` makes of the body, at the cost of what follows the longest head that it begins with.

        The messages of that head are taken out, the short body is parsed, and its spans are moved to where they lie in
        the whole one.

        :raises WireError: as `parse`.
        """
        heads = [head for head in self._heads if body.startswith(head.body)]
        head = max(heads, key=lambda one: len(one.body), default=None)
        after = _AFTER_VALUE.match(body, len(head.body)) if head else None
        if head is None or after is None:
            return parse(body)
        start, resume = head.spans[0][0], after.end() if after[1] == b"," else after.start(1)
        return _moved(parse(body[:start] + body[resume:]), body, start, resume - start, head.spans)

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


_AFTER_VALUE = re.compile(rb"[ \t\r\n]*([,\]])")
"""What may follow an item of a JSON array."""


def _moved(short: Request, body: bytes, start: int, missing: int, spans: tuple[Span, ...]) -> Request:
    """The request of the whole body; `missing` bytes with the messages at `spans` were taken out of it at `start`."""

    def moved(span: Span) -> Span:
        return (span[0] + missing if span[0] >= start else span[0], span[1] + missing if span[1] > start else span[1])

    return replace(
        short,
        body=body,
        messages=(*spans, *(moved(span) for span in short.messages)),
        system=moved(short.system) if short.system else None,
        tools=moved(short.tools) if short.tools else None,
        fields={name: moved(span) for name, span in short.fields.items()},
    )
