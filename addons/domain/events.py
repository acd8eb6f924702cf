"""What happened that is not a completion: a failure of ours, an epoch, an alert, a line of the IDE's log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

STORE_KIND = "store"
"""The kind of events about the store itself: it could not be written for a while, another file has taken its place."""
SETTINGS_KIND = "settings"
"""The kind of events about a changed settings file."""


class Level(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at_ms: int
    """Milliseconds since 1970-01-01 UTC."""
    kind: str
    """`failure` (of ours: the client's own bytes went on), `dropped`, `settings`, …; one word, for filters."""
    level: Level = Level.INFO
    session_id: str | None = None
    message: str = ""
    """For people; scrubbed, at most 500 characters."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the page needs to show more; JSON types, scrubbed."""
