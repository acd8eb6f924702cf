"""What a request holds, at the cost of what is new in it: facts are remembered for every message seen before."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from addons.domain.facts import MessageFacts, facts_of
from addons.domain.memo import Memo
from addons.domain.messages import Message, Role
from addons.domain.prefixes import Prefixes
from addons.domain.tokens import REPLY_PRIMER_TOKENS, TokenCounter
from addons.domain.wire import Request, WireFormat

MEMO_MESSAGES = 8_192
"""Messages remembered by each reader: 600 bytes each, 16 conversations of 500 messages."""
INLINE_BYTES = 4_096
"""As much new text as is cheaper to count at once (0.4 ms) than to hand to a thread."""
MEMO_TOOLS = 256
"""Lists of tool definitions whose tokens are remembered."""
DIGEST_BYTES = 16

_MESSAGE, _SYSTEM = b"", b"system"
"""A systemInstruction may have the very bytes of a content, and is read otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The estimated tokens of a request, and what its session is recognised by."""

    messages: tuple[MessageFacts, ...]
    system: MessageFacts | None
    """Gemini's systemInstruction; elsewhere system messages are among the messages."""
    tools_tokens: int
    prompt_text_tokens: int
    """Of a legacy prompt, which has no messages."""
    total_tokens: int
    """All of these, and the reply primer where there are messages."""
    keys: tuple[bytes, ...]
    """Of the messages that are not system messages, in order."""
    opening: int
    """How many user messages stand before the first message that is not one: all that equal beginnings may share."""
    name: str
    """What the session is called if it begins here; "" where no person wrote anything."""
    summary_key: bytes
    """The key of the summary in the system message, else b""."""
    turns: int
    """Messages that a person wrote."""

    def turns_after(self, known: int) -> int:
        """Messages that a person wrote, after the first `known` of those that have a key."""
        return sum(facts.is_turn for facts in [facts for facts in self.messages if facts.key][known:])


class _Slice(NamedTuple):
    """The bytes of a message, and what is remembered of them."""

    raw: bytes
    digest: bytes
    facts: MessageFacts | None


class _Lookup(NamedTuple):
    """What is remembered of a request."""

    request: Request
    seen: tuple[MessageFacts, ...]
    """Of as many messages at its beginning as an earlier request had."""
    rest: list[_Slice]
    system: list[_Slice]
    """At most one."""
    tools: bytes
    tools_digest: bytes
    tools_tokens: int | None

    @property
    def new_bytes(self) -> int:
        unread = sum(len(one.raw) for one in self.rest + self.system if one.facts is None)
        return unread + len(self.request.prompt) + (len(self.tools) if self.tools_tokens is None else 0)


class Reader:
    """Reads the requests of one wire format. Safe to use from several threads at once."""

    def __init__(self, wire: WireFormat, counter: TokenCounter, *, capacity: int = MEMO_MESSAGES) -> None:
        self._wire = wire
        self._counter = counter
        self._facts: Memo[MessageFacts] = Memo(capacity)
        self._tools: Memo[int] = Memo(MEMO_TOOLS)
        self._prefixes = Prefixes()

    def parse(self, body: bytes) -> Request:
        """The request, parsed only as far as it is new.

        :raises WireError: if it is none of the wire format.
        """
        return self._prefixes.parse(body, self._wire.parse_request)

    def known(self, request: Request, *, new_bytes: int = INLINE_BYTES) -> Reading | None:
        """The reading if at most `new_bytes` of the request are new, so that no thread is needed; else None.

        :raises WireError: as `read`.
        """
        lookup = self._look_up(request)
        enough = lookup.new_bytes <= (new_bytes if self._counter.loaded else 0)
        return self._complete(lookup) if enough else None

    def read(self, request: Request) -> Reading:
        """The reading, whatever it costs: 30 ms of a thread for 100 000 tokens never seen before.

        :raises WireError: if a message is not one of the wire format.
        """
        return self._complete(self._look_up(request))

    def _look_up(self, request: Request) -> _Lookup:
        seen = self._prefixes.longest(request)
        tools = request.raw(request.tools) if request.tools else b""
        tools_digest = _digest(tools)
        return _Lookup(
            request=request,
            seen=seen,
            rest=[self._slice(request.raw(span), _MESSAGE) for span in request.messages[len(seen) :]],
            system=[self._slice(request.raw(request.system), _SYSTEM)] if request.system else [],
            tools=tools,
            tools_digest=tools_digest,
            tools_tokens=self._tools.get(tools_digest) if tools else 0,
        )

    def _slice(self, raw: bytes, purpose: bytes) -> _Slice:
        digest = _digest(raw, purpose)
        return _Slice(raw, digest, self._facts.get(digest))

    def _complete(self, lookup: _Lookup) -> Reading:
        rest = [one.facts or self._learn(one, self._wire.parse_message) for one in lookup.rest]
        system = [one.facts or self._learn(one, self._wire.parse_system) for one in lookup.system]
        tools_tokens = lookup.tools_tokens
        if tools_tokens is None:
            tools_tokens = self._counter.count_tools(lookup.tools)
            self._tools.put(lookup.tools_digest, tools_tokens)
        messages = (*lookup.seen, *rest)
        if rest:
            self._prefixes.remember(lookup.request, messages)
        return _reading(messages, system, tools_tokens, self._counter.count(lookup.request.prompt))

    def _learn(self, one: _Slice, parse: Callable[[bytes], Message]) -> MessageFacts:
        facts = facts_of(parse(one.raw), one.raw, one.digest, self._counter)
        self._facts.put(one.digest, facts)
        return facts


def _digest(raw: bytes, purpose: bytes = _MESSAGE) -> bytes:
    return hashlib.blake2b(raw, digest_size=DIGEST_BYTES, person=purpose).digest()


def _reading(
    messages: tuple[MessageFacts, ...], system: list[MessageFacts], tools_tokens: int, prompt_text_tokens: int
) -> Reading:
    keyed = [facts for facts in messages if facts.key]
    counted = [*messages, *system]
    primer = REPLY_PRIMER_TOKENS if messages else 0
    return Reading(
        messages=messages,
        system=system[0] if system else None,
        tools_tokens=tools_tokens,
        prompt_text_tokens=prompt_text_tokens,
        total_tokens=sum(facts.tokens for facts in counted) + tools_tokens + prompt_text_tokens + primer,
        keys=tuple(facts.key for facts in keyed),
        opening=next((at for at, facts in enumerate(keyed) if facts.role is not Role.USER), len(keyed)),
        name=next((facts.name for facts in keyed if facts.is_turn), ""),
        summary_key=next((facts.summary_key for facts in counted if facts.summary_key), b""),
        turns=sum(facts.is_turn for facts in messages),
    )
