"""The commands by which people manage sessions: each by its kind, with its payload checked. See HANDLERS."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine

from addons.domain.errors import UserError
from db import commands, hiding, merging, projects, splitting
from db.clock import now_ms

Payload = Mapping[str, Any]


def rename(engine: Engine, payload: Payload) -> Payload:
    commands.rename_session(engine, text(payload, "session_id"), text(payload, "name"))
    return {}


def pin(engine: Engine, payload: Payload) -> Payload:
    commands.pin_session(engine, text(payload, "session_id"), _boolean(payload, "pinned"))
    return {}


def file(engine: Engine, payload: Payload) -> Payload:
    projects.file_session(engine, text(payload, "session_id"), text(payload, "project"))
    return {}


def rename_project(engine: Engine, payload: Payload) -> Payload:
    return {"sessions": projects.rename_project(engine, text(payload, "project"), text(payload, "name"))}


def split(engine: Engine, payload: Payload) -> Payload:
    earlier_id = f"s-{secrets.token_hex(6)}"
    completion_id = payload.get("completion_id")
    if not isinstance(completion_id, int) or isinstance(completion_id, bool):
        raise UserError(f"completion_id is {completion_id!r}; expected a whole number.")
    name = text(payload, "name") if "name" in payload else ""
    splitting.split_session(engine, text(payload, "session_id"), completion_id, earlier_id, name)
    return {"earlier_id": earlier_id}


def merge(engine: Engine, payload: Payload) -> Payload:
    keep_name = _boolean(payload, "keep_name") if "keep_name" in payload else True
    into, other = text(payload, "session_id"), text(payload, "other_id")
    merging.merge_sessions(engine, into, other, now_ms(), keep_name=keep_name)
    return {}


def delete(engine: Engine, payload: Payload) -> Payload:
    hiding.delete_session(engine, text(payload, "session_id"), now_ms())
    return {}


def restore(engine: Engine, payload: Payload) -> Payload:
    hiding.restore_session(engine, text(payload, "session_id"))
    return {}


def erase(engine: Engine, payload: Payload) -> Payload:
    hiding.erase_session(engine, text(payload, "session_id"))
    return {}


HANDLERS: Mapping[str, Callable[[Engine, Payload], Payload]] = {
    "rename_session": rename,
    "pin_session": pin,
    "file_session": file,
    "rename_project": rename_project,
    "split_session": split,
    "merge_sessions": merge,
    "delete_session": delete,
    "restore_session": restore,
    "erase_session": erase,
}
"""By the kind of the command. Each gets a writer, answers what is shown, and raises UserError where it cannot be done.

All payloads but that of `rename_project` (project, name) have a session_id; beside it `rename_session` has a name,
`pin_session` pinned, `file_session` a project, `split_session` the completion_id with which the later part begins and
perhaps its name, `merge_sessions` the other_id that becomes a part of it and perhaps keep_name.
"""


def text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise UserError(f"{name} is {value!r}; expected text.")
    return value


def _boolean(payload: Payload, name: str) -> bool:
    value = payload.get(name)
    if not isinstance(value, bool):
        raise UserError(f"{name} is {value!r}; expected true or false.")
    return value
