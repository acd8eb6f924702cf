"""What is worked out of one message and remembered: its tokens, its key, what it is. Never its text."""

import re
from dataclasses import dataclass

from addons.domain.keys import message_key, summary_key
from addons.domain.messages import Message, PartType, Role
from addons.domain.naming import session_name
from addons.domain.tokens import TokenCounter

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


def facts_of(message: Message, raw: bytes, digest: bytes, counter: TokenCounter) -> MessageFacts:
    tokens = counter.count_message(message)
    text = message.text
    if message.role is Role.SYSTEM:
        return MessageFacts(digest=digest, role=message.role, tokens=tokens, key=b"", summary_key=summary_key(message))
    is_output = message.role is Role.USER and _TOOL_OUTPUT.match(text) is not None
    # Gemini: what the person wrote right after a tool's result is merged into the same content.
    is_turn = not is_output if message.role is Role.USER else message.role is Role.TOOL and bool(text.strip())
    return MessageFacts(
        digest=digest,
        role=message.role,
        tokens=tokens,
        key=message_key(message, raw),
        images=sum(part.type is PartType.IMAGE for part in message.parts),
        has_tool_result=is_output or message.role is Role.TOOL,
        is_turn=is_turn,
        name=session_name(text) if is_turn else "",
        summary_key=summary_key(message),
    )
