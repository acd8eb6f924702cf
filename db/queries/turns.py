"""All that is known of one completion, and which come before and after it."""

import json
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from db.models import Completion, Session
from db.queries.live import LiveRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow(LiveRow):
    """One completion; the names are those of the columns, `session_name` of the session's."""

    session_name: str
    project: str
    source: str
    stream: bool
    error_message: str
    masked_count: int
    masked_tokens_saved: int
    compressed_tokens_saved: int
    rate_wait_ms: float | None
    overhead_ms: float | None
    cost_unmodified_usd: float | None
    cost_uncached_usd: float | None
    logged_prompt_tokens: int | None
    """The IDE's own estimate, which leaves the tools out."""
    logged_completion_tokens: int | None
    message_count: int | None
    retry_of_ms: int | None
    trace_id: str
    proxy_id: str


@dataclass(frozen=True, slots=True)
class Header:
    side: str
    """One of SIDES."""
    name: str
    """In lower case."""
    value: str


SIDES = ("request", "response")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the completions before and after one in its session; None at its ends, and outside a session."""

    before: int | None
    after: int | None


_NAMES = tuple(field.name for field in fields(TurnRow))
_COLUMNS = [Session.name if name == "session_name" else getattr(Completion, name) for name in _NAMES]


def one(tx: Connection, completion_id: int) -> TurnRow | None:
    """None where it does not exist, or its session is deleted."""
    query = select(*_COLUMNS).join(Session, Session.id == Completion.session_id, isouter=True)
    query = query.where(Completion.id == completion_id, Session.deleted_at_ms.is_(None))
    found = tx.execute(query).first()
    if found is None:
        return None
    values: dict[str, Any] = dict(zip(_NAMES, found, strict=True))
    values["composition"] = json.loads(values["composition"] or "{}")
    values["session_name"] = values["session_name"] or ""
    return TurnRow(**values)


def headers_of(tx: Connection, completion_id: int) -> list[Header]:
    """Those that were kept, the request's first; empty where none were."""
    found = json.loads(tx.scalar(select(Completion.headers).where(Completion.id == completion_id)) or "{}")
    return [Header(side, name, value) for side in SIDES for name, value in found.get(side, {}).items()]


def neighbours(tx: Connection, session_id: str | None, completion_id: int) -> Neighbours:
    if session_id is None:
        return Neighbours(None, None)
    mine = select(Completion.id).where(Completion.session_id == session_id).limit(1)
    before = tx.scalar(mine.where(Completion.id < completion_id).order_by(Completion.id.desc()))
    after = tx.scalar(mine.where(Completion.id > completion_id).order_by(Completion.id))
    return Neighbours(before, after)


def newest(tx: Connection) -> int | None:
    """The id of the latest completion of a session that is not deleted; None before there is one."""
    query = select(Completion.id).join(Session, Session.id == Completion.session_id, isouter=True)
    found: int | None = tx.scalar(query.where(Session.deleted_at_ms.is_(None)).order_by(Completion.id.desc()).limit(1))
    return found
