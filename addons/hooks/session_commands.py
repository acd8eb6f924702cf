"""SessionCommands: what a person may ask for a session."""

from collections.abc import Mapping
from typing import Any

from addons.domain.errors import UserError
from addons.domain.sessions import SessionIndex
from addons.hooks.configuration import Configuration
from addons.hooks.eventloop import EventLoop
from addons.hooks.memories import Memories
from addons.hooks.store import now_ms
from db import commands
from db.engine import opened, writer
from db.queries.states import state_of

Payload = Mapping[str, Any]


class SessionCommands:
    """`handlers` for `Control`. Each payload has a session_id; `rename_session` a name, `pin_session` pinned."""

    def __init__(
        self, configuration: Configuration, sessions: SessionIndex, memories: Memories, loop: EventLoop
    ) -> None:
        self.configuration = configuration
        self.sessions = sessions
        self.memories = memories
        self.loop = loop
        self.handlers = {
            "rename_session": self.rename,
            "pin_session": self.pin,
            "delete_session": self.delete,
            "restore_session": self.restore,
            "mask_now": self.mask_now,
        }

    def rename(self, payload: Payload) -> Payload:
        with opened(writer, self.configuration.database_url) as engine:
            commands.rename_session(engine, _text(payload, "session_id"), _text(payload, "name"))
        return {}

    def pin(self, payload: Payload) -> Payload:
        pinned = payload.get("pinned")
        if not isinstance(pinned, bool):
            raise UserError(f"pinned is {pinned!r}; expected true or false.")
        with opened(writer, self.configuration.database_url) as engine:
            commands.pin_session(engine, _text(payload, "session_id"), pinned)
        return {}

    def delete(self, payload: Payload) -> Payload:
        """From now on no request continues it: the conversation, if it goes on, is a new session."""
        session_id = _text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            commands.delete_session(engine, session_id, now_ms())
        self.loop.soon(self.sessions.forget, session_id)
        return {"undo_ms": commands.UNDO_MS}

    def restore(self, payload: Payload) -> Payload:
        session_id = _text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            commands.restore_session(engine, session_id)
            state = state_of(engine, session_id)
        self.loop.soon(self.sessions.load, [state] if state else [])
        return {}

    def mask_now(self, payload: Payload) -> Payload:
        """With the session's next request, at the price of its prefix cache."""
        session_id = _text(payload, "session_id")
        with opened(writer, self.configuration.database_url) as engine:
            if state_of(engine, session_id) is None:
                raise UserError(f"There is no session {session_id!r}; it may have been deleted.")
        self.loop.soon(self.memories.ask, session_id)
        return {}


def _text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise UserError(f"{name} is {value!r}; expected text.")
    return value
