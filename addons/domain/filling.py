"""What the messages of a request are, summed up: a session's next request costs what is new in it.

A tool's result is a memory server's if the call before it says so; that is why this is worked out here and not with
each message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from addons.domain.facts import MessageFacts
from addons.domain.memory import MIN_TOKENS, TOOL_RESULT, Segment
from addons.domain.memory_servers import server_of
from addons.domain.shares import MEMORY, TOOL_RESULTS, Share

MOST_SEGMENTS = 500
"""Of one request that are told apart; all of them count."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Sums over the messages of one request, as the client sent it. Never changed: `extended` makes another."""

    servers: tuple[str, ...]
    """Those whose tools' results are memory."""
    messages: tuple[MessageFacts, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    """Tokens by what they are (`shares.PARTS`)."""
    tools: Mapping[str, int] = field(default_factory=dict)
    """Tokens of tool results by tool; those of memory servers are not among them."""
    calls: Mapping[str, str] = field(default_factory=dict)
    """Tool by call id."""
    segments: Mapping[bytes, Segment] = field(default_factory=dict)
    """By key."""
    system_tokens: int = 0
    """Of the system messages, less the memory in them."""
    others: int = 0
    """How many messages are not system messages."""

    shares: tuple[tuple[Share, ...], ...] = ()
    """Of each message: results with their tools, and as memory where they are a memory server's."""

    def extended(self, messages: tuple[MessageFacts, ...]) -> "Filling":
        """That of these messages: what they have in common with those here at the beginning is not summed again."""
        known = len(self.messages)
        if messages[:known] != self.messages:
            return Filling(self.servers).extended(messages)
        if known == len(messages):
            return self
        parts, tools, calls, segments = dict(self.parts), dict(self.tools), dict(self.calls), dict(self.segments)
        new, resolved = messages[known:], []
        for facts in new:
            calls.update(facts.calls)
            shares = self._resolved(facts, calls)
            resolved.append(shares)
            for share in shares:
                parts[share.part] = parts.get(share.part, 0) + share.tokens
                if share.part == TOOL_RESULTS and share.key:
                    tools[share.tool] = tools.get(share.tool, 0) + share.tokens
            if len(segments) < MOST_SEGMENTS:
                segments.update((segment.key, segment) for segment in self._segments(facts, shares))
        return Filling(
            servers=self.servers,
            messages=messages,
            parts=parts,
            tools=tools,
            calls=calls,
            segments=segments,
            system_tokens=self.system_tokens
            + sum(facts.tokens - facts.memory_tokens for facts in new if not facts.key),
            others=self.others + sum(bool(facts.key) for facts in new),
            shares=(*self.shares, *resolved),
        )

    def _resolved(self, facts: MessageFacts, calls: Mapping[str, str]) -> tuple[Share, ...]:
        if not facts.has_tool_result:
            return facts.shares
        return tuple(self._known(share, calls) if share.call_id or share.tool else share for share in facts.shares)

    def _known(self, share: Share, calls: Mapping[str, str]) -> Share:
        tool = share.tool or calls.get(share.call_id, "")
        if share.part == TOOL_RESULTS and share.tokens >= MIN_TOKENS and server_of(tool, self.servers):
            return share._replace(part=MEMORY, tool=tool)
        return share._replace(tool=tool)

    def _segments(self, facts: MessageFacts, shares: tuple[Share, ...]) -> Iterable[Segment]:
        """Memory in one of the messages; what lies within a memory server's result is part of it."""
        whole = [share for share in shares if share.part == MEMORY and share.key]
        if not whole:
            return facts.segments
        results = {share.at for share in whole}
        inner = {share.at: share.tokens for share in shares if share.is_within_result}
        return [segment for segment in facts.segments if segment.part not in results] + [
            Segment(
                type=TOOL_RESULT,
                server=server_of(share.tool, self.servers),
                part=share.at,
                start=0,
                end=0,
                tokens=share.tokens + inner.get(share.at, 0),
                key=share.key,
            )
            for share in whole
        ]
