"""Sessions, live and past."""

from addons.domain.calibration import Calibration
from dashboard.data.asking import asks
from db.queries import calibrations as calibrations_query
from db.queries import live, sessions
from db.queries import prefix_changes as prefix_changes_query
from db.queries.live import LiveRow, Tail
from db.queries.prefix_changes import PrefixChanges
from db.queries.sessions import SessionFilter, SessionRow

session = asks(sessions.one)
session_last_active = asks(sessions.last_active)
sessions_latest = asks(sessions.latest)
sessions_count = asks(sessions.count)
session_newest_since = asks(sessions.newest_since)
session_tail = asks(live.tail)
changed_since = asks(live.changed_since)
prefix_changes = asks(prefix_changes_query.prefix_changes)
calibrations = asks(calibrations_query.calibrations_of)

__all__ = [
    "Calibration",
    "LiveRow",
    "PrefixChanges",
    "SessionFilter",
    "SessionRow",
    "Tail",
    "calibrations",
    "changed_since",
    "prefix_changes",
    "session",
    "session_last_active",
    "session_newest_since",
    "session_tail",
    "sessions_count",
    "sessions_latest",
]
