"""What a request holds, at the cost of what is new in it: facts are remembered for every message seen before."""

import hashlib
from dataclasses import dataclass

from addons.domain.facts import MessageFacts, facts_of
from addons.domain.memo import Memo
from addons.domain.messages import Role
from addons.domain.prefixes import Prefixes
from addons.domain.tokens import REPLY_PRIMER_TOKENS, TokenCounter
from addons.domain.wire import Request, WireFormat

MEMO_MESSAGES = 32_768
"""Messages remembered by each reader: 300 bytes each, 65 conversations of 500 messages."""
INLINE_BYTES = 4_096
"""As much new text as is cheaper to count at once (0.4 ms) than to hand to a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The estimated tokens of a request, as the client sent it, and what its session is recognised by."""

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


class Reader:
    """Reads the requests of one wire format. Safe to use from several threads at once."""

    def __init__(self, wire: WireFormat, counter: TokenCounter, *, capacity: int = MEMO_MESSAGES) -> None:
        self._wire = wire
        self._counter = counter
        self._facts: Memo[MessageFacts] = Memo(capacity)
        self._tools: Memo[int] = Memo(256)
        self._prefixes = Prefixes()

    def known(self, request: Request, *, new_bytes: int = INLINE_BYTES) -> Reading | None:
        """The reading if at most `new_bytes` of the request are new, so that no thread is needed; else None.

        :raises WireError: as `read`.
        """
        return self._read(request, new_bytes if self._counter.loaded else 0)

    def read(self, request: Request) -> Reading:
        """The reading, whatever it costs: 30 ms of a thread for 100 000 tokens never seen before.

        :raises WireError: if a message is not one of the wire format.
        """
        reading = self._read(request, None)
        assert reading is not None
        return reading

    def _read(self, request: Request, budget: int | None) -> Reading | None:
        """None if more than `budget` bytes are new."""
        seen = self._prefixes.longest(request)
        tail = [self._look_up(request.raw(span)) for span in request.messages[len(seen) :]]
        system = self._look_up(request.raw(request.system), b"system") if request.system else None
        tools = request.raw(request.tools) if request.tools else b""
        tools_digest = hashlib.blake2b(tools, digest_size=16).digest()
        tools_tokens = self._tools.get(tools_digest) if tools else 0
        if budget is not None:
            new = sum(len(raw) for raw, _, facts in [*tail, *([system] if system else [])] if facts is None)
            if new + len(request.prompt) + (len(tools) if tools_tokens is None else 0) > budget:
                return None
        if tools_tokens is None:
            tools_tokens = self._counter.count_tools(tools)
            self._tools.put(tools_digest, tools_tokens)
        messages = (*seen, *(facts or self._learn(raw, digest) for raw, digest, facts in tail))
        if tail:
            self._prefixes.remember(request, messages)
        return _reading(
            messages,
            (system[2] or self._learn(system[0], system[1], is_system=True)) if system else None,
            tools_tokens,
            self._counter.count(request.prompt),
        )

    def _look_up(self, raw: bytes, person: bytes = b"") -> tuple[bytes, bytes, MessageFacts | None]:
        """The bytes, their digest, and what is remembered under it. A system message may have the bytes of another."""
        digest = hashlib.blake2b(raw, digest_size=16, person=person).digest()
        return raw, digest, self._facts.get(digest)

    def _learn(self, raw: bytes, digest: bytes, *, is_system: bool = False) -> MessageFacts:
        message = self._wire.parse_system(raw) if is_system else self._wire.parse_message(raw)
        facts = facts_of(message, raw, digest, self._counter)
        self._facts.put(digest, facts)
        return facts


def _reading(
    messages: tuple[MessageFacts, ...], system: MessageFacts | None, tools_tokens: int, prompt_text_tokens: int
) -> Reading:
    keyed = [facts for facts in messages if facts.key]
    counted = [*messages, system] if system else messages
    return Reading(
        messages=messages,
        system=system,
        tools_tokens=tools_tokens,
        prompt_text_tokens=prompt_text_tokens,
        total_tokens=sum(facts.tokens for facts in counted)
        + tools_tokens
        + prompt_text_tokens
        + (REPLY_PRIMER_TOKENS if messages else 0),
        keys=tuple(facts.key for facts in keyed),
        opening=next((at for at, facts in enumerate(keyed) if facts.role is not Role.USER), len(keyed)),
        name=next((facts.name for facts in keyed if facts.is_turn), ""),
        summary_key=next((facts.summary_key for facts in counted if facts.summary_key), b""),
        turns=sum(facts.is_turn for facts in messages),
    )
