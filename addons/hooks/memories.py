"""What is remembered of each session to forward it the same way again: from the store after a restart."""

import asyncio
from dataclasses import dataclass, field

from addons.domain.decisions import Decision
from addons.domain.memo import Memo
from addons.domain.sessions import Match
from addons.hooks.configuration import Configuration
from db.engine import reader
from db.queries.decisions import decisions_of

REMEMBERED_SESSIONS = 256
"""Those that were busy last; what was decided of another is read from the store again, as after a restart."""


@dataclass(slots=True)
class SessionMemory:
    session_id: str
    decisions: dict[bytes, Decision] = field(default_factory=dict)
    """By message key."""
    whole: set[bytes] = field(default_factory=set)
    """Keys of messages that were forwarded whole: an equal one that arrives later goes whole too."""
    target: tuple[str, str] | None = None
    """Provider and model of the previous request."""
    sent_at_ms: int | None = None
    """When the previous request was; both None after a restart."""
    is_asked: bool = False
    """A person asked to mask now; holds for one request."""

    def is_cold(self, target: tuple[str, str], now_ms: int, lifetime_s: int) -> bool:
        """Whether nothing of the previous request is in the prefix cache any more; False where that is not known."""
        if self.target is None or self.sent_at_ms is None:
            return False
        return self.target != target or now_ms - self.sent_at_ms > lifetime_s * 1000


class Memories:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._sessions: Memo[SessionMemory] = Memo(REMEMBERED_SESSIONS)
        self._asked: set[str] = set()
        """Sessions for which the person asked before this process has seen them."""

    async def of(self, match: Match) -> SessionMemory:
        """The session's memory; read from the store if this process has not seen the session yet.

        :raises sqlalchemy.exc.SQLAlchemyError: if the store cannot be read; the request then goes as it came.
        """
        key = match.session_id.encode()
        memory = self._sessions.get(key)
        if memory is None:
            stored = [] if match.is_new else await asyncio.to_thread(self._stored, match.session_id)
            # While the store was read, another request of the session may have been quicker.
            memory = self._sessions.get(key)
        if memory is None:
            memory = SessionMemory(match.session_id, {decision.key: decision for decision in stored})
            memory.is_asked = match.session_id in self._asked
            self._asked.discard(match.session_id)
            self._sessions.put(key, memory)
        return memory

    def ask(self, session_id: str) -> None:
        """The person wants all masked that may be, with the session's next request."""
        if memory := self._sessions.get(session_id.encode()):
            memory.is_asked = True
        else:
            self._asked.add(session_id)

    def forget(self, session_id: str) -> None:
        self._sessions.put(session_id.encode(), SessionMemory(session_id))

    def _stored(self, session_id: str) -> list[Decision]:
        engine = reader(self.configuration.database_url)
        try:
            return decisions_of(engine, session_id)
        finally:
            engine.dispose()
