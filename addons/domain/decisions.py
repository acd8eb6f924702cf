"""What is forwarded for a message of a session: decided once, changed only in an epoch.

A decision holds the very texts that take the place of pieces, so that neither a restart nor a change of settings, rules
or tools changes a message that was sent already.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """Stored is what changes a message: one without a decision is forwarded as it came, and one that a summary stands
    for is told by the summary. The pages name all three."""

    KEEP = "keep"
    """Forwarded as it came."""
    MASK = "mask"
    """Pieces of it are forwarded as digests."""
    SUMMARISED = "summarised"
    """Not forwarded: a summary stands for it."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """`message.parts[part].text[start:end]` is forwarded as `text`."""

    part: int
    start: int
    end: int
    text: str
    tag: str
    """Content tag of the original piece (`masking.placeholder.content_tag`)."""
    kind: str
    """The rule that wrote the digest: log, test run, source, …"""
    tokens_before: int
    tokens_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One message of one session; the latest decision for its key counts."""

    session_id: str
    key: bytes
    """The message's key (`keys.message_key`), 16 bytes."""
    action: Action
    replacements: tuple[Replacement, ...] = ()
    """In the order of the text; empty unless the action is `mask`."""
    reason: str
    """`arrival`, or the epoch's reason."""
    decided_at_ms: int
    tokens_saved: int = field(init=False, compare=False)
    """Summed once: every later request of the session asks for it."""

    def __post_init__(self) -> None:
        saved = sum(replacement.tokens_before - replacement.tokens_after for replacement in self.replacements)
        object.__setattr__(self, "tokens_saved", saved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A text that was taken out of a request, to be stored before its digest is forwarded."""

    tag: str
    session_id: str
    text: str
    kind: str
    tool: str
    """The tool whose result it is, "" where it is none."""
    path: str
    """The file it is of, "" where it is none or not known."""
    tokens: int
    at_ms: int
