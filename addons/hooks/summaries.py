"""What is remembered of each session's summary: from the store after a restart."""

import asyncio
from dataclasses import dataclass, field

from addons.domain.compression.summary import Summary
from addons.domain.compression.triggers import Pace
from addons.domain.memo import Memo
from addons.domain.sessions import Match
from addons.hooks.configuration import Configuration
from db.engine import reader
from db.queries.compressions import active_summary

REMEMBERED_SESSIONS = 2_000


@dataclass(slots=True, eq=False)
class SessionSummary:
    session_id: str
    current: Summary | None = None
    """Stands in every request of the session that it fits."""
    better: Summary | None = None
    """The same by a model, not forwarded yet: it takes its place with the next request."""
    pace: Pace = field(default_factory=Pace)


class Summaries:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._sessions: Memo[SessionSummary] = Memo(REMEMBERED_SESSIONS)

    async def of(self, match: Match) -> SessionSummary:
        """The session's; read from the store if this process has not seen the session yet.

        :raises sqlalchemy.exc.SQLAlchemyError: if the store cannot be read; the request then goes as it came.
        """
        key = match.session_id.encode()
        found = self._sessions.get(key)
        if found is None:
            current = None if match.is_new else await asyncio.to_thread(self._stored, match.session_id)
            found = SessionSummary(match.session_id, current, pace=Pace(current.created_at_ms if current else None))
            self._sessions.put(key, found)
        return found

    def forget(self, session_id: str) -> None:
        self._sessions.put(session_id.encode(), SessionSummary(session_id))

    def _stored(self, session_id: str) -> Summary | None:
        engine = reader(self.configuration.database_url)
        try:
            return active_summary(engine, session_id)
        finally:
            engine.dispose()
