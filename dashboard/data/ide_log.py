"""What the IDE's logs say."""

from dashboard.data.asking import asks
from db.queries import ide_log
from db.queries.ide_log import IdeLogFilter, IdeLogRow, LoggedCounts, LoggedRow

ide_events = asks(ide_log.events)
ide_event_count = asks(ide_log.event_count)
logged_calls = asks(ide_log.logged)
logged_counts = asks(ide_log.logged_counts)

__all__ = [
    "IdeLogFilter",
    "IdeLogRow",
    "LoggedCounts",
    "LoggedRow",
    "ide_event_count",
    "ide_events",
    "logged_calls",
    "logged_counts",
]
