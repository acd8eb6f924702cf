"""Sessions, live and past."""

from dashboard.data.asking import asks
from db.queries import live, sessions
from db.queries.live import LiveRow, Tail
from db.queries.sessions import SessionFilter, SessionRow

session = asks(sessions.one)
session_last_active = asks(sessions.last_active)
sessions_latest = asks(sessions.latest)
sessions_count = asks(sessions.count)
session_newest_since = asks(sessions.newest_since)
session_tail = asks(live.tail)
changed_since = asks(live.changed_since)

__all__ = [
    "LiveRow",
    "SessionFilter",
    "SessionRow",
    "Tail",
    "changed_since",
    "session",
    "session_last_active",
    "session_newest_since",
    "session_tail",
    "sessions_count",
    "sessions_latest",
]
