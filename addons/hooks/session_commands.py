"""SessionCommands: what a person may ask for a session.

Most of it changes the store alone: a session that was split or merged goes on in this proxy as it was, and its records
find their place when they are written (`db.records.following`).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from addons.domain.errors import UserError
from addons.domain.sessions import SessionIndex
from addons.hooks.configuration import Configuration
from addons.hooks.eventloop import EventLoop
from addons.hooks.memories import Memories
from db import managing
from db.engine import opened, writer
from db.queries.states import state_of, states_within

Payload = Mapping[str, Any]


class SessionCommands:
    """`handlers` for `Control`: those of `db.managing`, and `mask_now` with a session_id."""

    def __init__(
        self, configuration: Configuration, sessions: SessionIndex, memories: Memories, loop: EventLoop
    ) -> None:
        self.configuration = configuration
        self.sessions = sessions
        self.memories = memories
        self.loop = loop
        self.handlers: dict[str, Callable[[Payload], Payload]] = {
            **{kind: partial(self.manage, kind) for kind in managing.HANDLERS},
            "delete_session": self.delete,
            "restore_session": self.restore,
            "mask_now": self.mask_now,
        }

    def manage(self, kind: str, payload: Payload) -> Payload:
        with opened(writer, self.configuration.database_url) as engine:
            return managing.HANDLERS[kind](engine, payload)

    def delete(self, payload: Payload) -> Payload:
        """From now on no request continues it: the conversation, if it goes on, is a new session."""
        session_id = managing.text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            managing.delete(engine, payload)
            gone = states_within(engine, session_id)
        for state in gone:
            self.loop.soon(self.sessions.forget, state.id)
        return {"undo_hours": self.configuration.settings.sessions.undo_hours}

    def restore(self, payload: Payload) -> Payload:
        session_id = managing.text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            managing.restore(engine, payload)
            back = states_within(engine, session_id)
        self.loop.soon(self.sessions.load_missing, back)
        return {}

    def mask_now(self, payload: Payload) -> Payload:
        """With the session's next request, at the price of its prefix cache."""
        session_id = managing.text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            if state_of(engine, session_id) is None:
                raise UserError(f"There is no session {session_id!r}; it may have been deleted.")
            latest = states_within(engine, session_id)[0]
        self.loop.soon(self.memories.ask, latest.id)
        return {}
