"""What is worked out of one message and remembered: its tokens, its key, what it is. Never its text."""

import re
from dataclasses import dataclass

from addons.domain.keys import message_key, summary_key
from addons.domain.memory import MOST_SEGMENTS, Segment
from addons.domain.messages import Message, PartType, Role
from addons.domain.naming import session_name
from addons.domain.shares import MEMORY, Share, shares_of
from addons.domain.tokens import ENVELOPE_TOKENS, TokenCounter

_TOOL_OUTPUT = re.compile(r"\s*Tool output for .+? tool call:")
"""A result of Continue's system-message tools, whose role is user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """One message of a request, as the client sent it."""

    digest: bytes
    """blake2b-16 of the message's bytes: under it more can be remembered without hashing again."""
    role: Role
    tokens: int
    """Estimate, the chat template's share included."""
    key: bytes
    """What sessions are recognised by (`keys`); b"" for a system message, which clients change at will."""
    images: int = 0
    has_tool_result: bool = False
    """Role tool, or Continue's "Tool output for … tool call:" in a user message."""
    is_turn: bool = False
    """A person wrote it: a user message that is not a tool's output."""
    name: str = ""
    """Of a turn: what a session that begins with it is called."""
    summary_key: bytes = b""
    """The key of the summary that Continue's IDE put at the end of a system message, or alone into another one."""
    shares: tuple[Share, ...] = ()
    """What the tokens are; together they are `tokens`."""
    segments: tuple[Segment, ...] = ()
    """Memory that its markers show: the MOST_SEGMENTS largest, in the order of the text."""
    memory_tokens: int = 0
    """Of all such segments."""
    calls: tuple[tuple[str, str], ...] = ()
    """Id and tool of each call: what a later result is recognised by."""


def facts_of(message: Message, raw: bytes, digest: bytes, counter: TokenCounter) -> MessageFacts:
    counts = [counter.count_part(part) for part in message.parts]
    shares, segments = shares_of(message, counts, ENVELOPE_TOKENS, counter.count)
    text, is_system = message.text, message.role is Role.SYSTEM
    is_output = message.role is Role.USER and _TOOL_OUTPUT.match(text) is not None
    # Gemini: what the person wrote right after a tool's result is merged into the same content.
    is_turn = not is_output if message.role is Role.USER else message.role is Role.TOOL and bool(text.strip())
    return MessageFacts(
        digest=digest,
        role=message.role,
        tokens=ENVELOPE_TOKENS + sum(counts),
        key=b"" if is_system else message_key(message, raw),
        images=sum(part.type is PartType.IMAGE for part in message.parts),
        has_tool_result=is_output or message.role is Role.TOOL,
        is_turn=is_turn,
        name=session_name(text) if is_turn else "",
        summary_key=summary_key(message),
        shares=shares,
        segments=_largest(segments),
        memory_tokens=sum(share.tokens for share in shares if share.part == MEMORY),
        calls=tuple((part.call_id, part.name) for part in message.parts if part.type is PartType.TOOL_CALL),
    )


def _largest(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    if len(segments) <= MOST_SEGMENTS:
        return segments
    largest = sorted(segments, key=lambda segment: -segment.tokens)[:MOST_SEGMENTS]
    return tuple(sorted(largest, key=lambda segment: (segment.part, segment.start)))
