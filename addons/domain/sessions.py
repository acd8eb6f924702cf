"""Which session a request continues: nothing on the wire names it, so the messages themselves do."""

from dataclasses import dataclass

KEY_BYTES = 16
"""Length of a message key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """What is kept of a session to recognise its next request, also after a restart."""

    id: str
    name: str
    """From the first user text, at most 60 characters; "" where a setting turned that off."""
    project: str = ""
    created_at_ms: int
    last_seen_ms: int
    keys: tuple[bytes, ...]
    """One key of KEY_BYTES for each message of the latest request, system messages left out."""
    summaries: tuple[bytes, ...] = ()
    """Keys of the answers to this session's compaction requests: the next history may start with one."""
