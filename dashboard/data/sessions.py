"""Sessions, live and past."""

from addons.domain.calibration import Calibration
from dashboard.data.asking import asks
from db.queries import calibrations as calibrations_query
from db.queries import live, session_requests, sessions
from db.queries import prefix_changes as prefix_changes_query
from db.queries.live import LiveRow, Tail
from db.queries.prefix_changes import PrefixChanges
from db.queries.session_requests import TurnStart
from db.queries.sessions import SORTS as SESSION_SORTS
from db.queries.sessions import ProjectSums, SessionFilter, SessionRow, SessionSums

session = asks(sessions.one)
session_last_active = asks(sessions.last_active)
sessions_latest = asks(sessions.latest)
session_sums = asks(sessions.sums)
session_projects = asks(sessions.projects)
session_newest_since = asks(sessions.newest_since)
merged_into = asks(sessions.merged_into)
fill_trends = asks(session_requests.fill_trends)
turn_starts = asks(session_requests.turn_starts)
session_tail = asks(live.tail)
changed_since = asks(live.changed_since)
prefix_changes = asks(prefix_changes_query.prefix_changes)
calibrations = asks(calibrations_query.calibrations_of)

__all__ = [
    "SESSION_SORTS",
    "Calibration",
    "LiveRow",
    "PrefixChanges",
    "ProjectSums",
    "SessionFilter",
    "SessionRow",
    "SessionSums",
    "Tail",
    "TurnStart",
    "calibrations",
    "changed_since",
    "fill_trends",
    "merged_into",
    "prefix_changes",
    "session",
    "session_last_active",
    "session_newest_since",
    "session_projects",
    "session_sums",
    "session_tail",
    "sessions_latest",
    "turn_starts",
]
