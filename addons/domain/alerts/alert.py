"""Alert: what the person should know of; and what became of telling it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from addons.domain.events import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    key: str
    """`rule:what it is about`: the same each time the same thing happens again; at most 200 characters."""
    at_ms: int
    """Milliseconds since 1970-01-01 UTC; with the key, what `AlertSent` names it by."""
    level: Level
    message: str
    """For people, also on the outside: names and figures only, never a text of a conversation or of a log."""
    session_id: str | None = None
    provider: str = ""
    """Key in providers.toml; empty where it is not about one."""
    data: Mapping[str, object] = field(default_factory=dict)
    """The figures; JSON types."""

    @property
    def rule(self) -> str:
        return self.key.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSent:
    """What a channel did with an alert."""

    key: str
    at_ms: int
    """Both of the alert."""
    sent_at_ms: int | None = None
    """None: it was not taken."""
    error: str = ""
    """Why not; names the channel without its address, which is a secret."""
