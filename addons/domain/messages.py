"""One message of a conversation, the same for every wire format.

A wire format turns the bytes of one message into a `Message`; nothing here is ever turned back into bytes, because what
is forwarded is always a slice of what the client sent, or a splice into it (see `wire`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SYSTEM = "system"
    """`system` and `developer`; Gemini's systemInstruction."""
    USER = "user"
    ASSISTANT = "assistant"
    """`assistant`; Gemini's `model`."""
    TOOL = "tool"
    """`tool` and `function`; a Gemini content that holds a functionResponse."""


class PartType(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    REASONING = "reasoning"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message."""

    type: PartType
    text: str = ""
    """What counts as tokens: the text itself, a call's arguments as they came, a result's text; "" for an image."""
    name: str = ""
    """The tool's name, of a call and, where the wire format says it, of a result."""
    call_id: str = ""
    """What ties a result to its call."""


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The text parts, joined without separator as Continue joins them."""
        return "".join(part.text for part in self.parts if part.type is PartType.TEXT)
