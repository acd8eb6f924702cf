"""What is remembered of where each session goes on: from the store after a restart."""

import asyncio
from dataclasses import dataclass, field

from addons.domain.memo import Memo
from addons.domain.routes import SessionRoute
from addons.domain.sessions import Match
from addons.hooks.configuration import Configuration
from db.engine import opened, reader
from db.errors import StoreNotReady
from db.queries.routes import route_of

REMEMBERED_SESSIONS = 2_000


@dataclass(slots=True, eq=False)
class RoutedSession:
    session_id: str
    current: SessionRoute | None = None
    signatures: dict[str, str] = field(default_factory=dict)
    """Google's thought signatures of tool calls by id, from the answers so far."""
    refused: set[tuple[str, str]] = field(default_factory=set)
    """Provider and model that did not take the session: it is not moved there again."""
    told: str = ""
    """What was last said of it: nothing is said twice in a row."""


class Routes:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._sessions: Memo[RoutedSession] = Memo(REMEMBERED_SESSIONS)

    async def of(self, match: Match) -> RoutedSession:
        """The session's; read from the store if this process has not seen the session yet.

        :raises sqlalchemy.exc.SQLAlchemyError: if the store cannot be read; the request then goes as it came.
        """
        key = match.session_id.encode()
        found = self._sessions.get(key)
        if found is None:
            current = None if match.is_new else await asyncio.to_thread(self._stored, match.session_id)
            # While the store was read, another request of the session may have been quicker.
            found = self._sessions.get(key)
        if found is None:
            found = RoutedSession(match.session_id, current, dict(current.signatures) if current else {})
            self._sessions.put(key, found)
        return found

    def _stored(self, session_id: str) -> SessionRoute | None:
        try:
            with opened(reader, self.configuration.database_url) as engine:
                return route_of(engine, session_id)
        except StoreNotReady:
            return None  # where nothing was ever recorded, no session was ever moved
