"""Where a session goes on that has left the model its client asks for: kept, so that it stays there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Signatures = Mapping[str, str]
"""Google's thought signatures of tool calls by call id."""
NO_SIGNATURES: Signatures = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRoute:
    session_id: str
    asked: str
    """`provider/model` as the client asks; where it asks for another, the route does not hold."""
    provider: str
    model: str
    reason: str
    """For people."""
    decided_at_ms: int
    signatures: Signatures = field(default_factory=lambda: NO_SIGNATURES)  # Python 3.11 takes it for mutable
    """Those of its answers, for clients that do not send them back."""
