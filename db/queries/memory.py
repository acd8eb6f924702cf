"""How much of the prompts is memory, whose it is, and what was sent again and again."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select

from addons.domain.kinds import FILLS_CONTEXT
from db.measures import MemorySegment
from db.models import Completion, Session
from db.queries.matching import WHERE, matching, only
from db.queries.tallied import tallied, total
from db.records.hours import HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFilter:
    """Which requests or segments; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    """Of a request; of a segment that of its session's latest request, as the model and the project."""
    model: str = ""
    project: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPeriod:
    """Sums over the requests of a span of time whose memory is known; estimates, as forwarded."""

    at_ms: int
    """Where the span begins; spans are counted from 1970-01-01 UTC."""
    requests: int
    memory_tokens: int
    prompt_tokens: int
    """Memory included; the rest is chat."""

    @property
    def ratio(self) -> float | None:
        """0..1."""
        return self.memory_tokens / self.prompt_tokens if self.prompt_tokens else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPoint:
    """One request of a session."""

    completion_id: int
    started_at_ms: int
    memory_tokens: int
    chat_tokens: int
    memory_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySource:
    """Sums over the segments of one server and type."""

    server: str
    type: str
    segments: int
    tokens: int
    """Of each segment once."""
    sent_tokens: int
    """Of each as often as it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One segment of one session; its text is not stored."""

    session_id: str
    session_name: str
    key: bytes
    type: str
    server: str
    tokens: int
    first_seen_ms: int
    last_seen_ms: int
    sent: int
    """Requests that had it, the first one included."""

    @property
    def resent(self) -> int:
        return self.sent - 1

    @property
    def resent_tokens(self) -> int:
        return self.tokens * self.resent


_KINDS = sorted(map(str, FILLS_CONTEXT))
_COUNTED = (Completion.memory_tokens.is_not(None), Completion.prompt_tokens_sent.is_not(None))


def over_time(tx: Connection, wanted: MemoryFilter, span_ms: int) -> list[MemoryPeriod]:
    """The earliest first; spans without a request are left out.

    :param span_ms: whole hours, or less than one.
    """
    names = ("remembering", "memory_tokens", "memory_prompt_tokens")
    allowed = {"kind": _KINDS, **only(wanted, *WHERE)}
    row = tallied(names, wanted.since_ms, allowed, session_id=wanted.session_id, finer=span_ms < HOUR_MS)
    at_ms = (row.at_ms // span_ms * span_ms).label("at_ms")
    requests = total(row.remembering).label("requests")
    sums = (total(row.memory_tokens).label("memory_tokens"), total(row.memory_prompt_tokens).label("prompt_tokens"))
    query = select(at_ms, requests, *sums).group_by(at_ms).having(requests > 0)
    return [MemoryPeriod(**found) for found in tx.execute(query.order_by(at_ms)).mappings()]


def history(tx: Connection, wanted: MemoryFilter, limit: int) -> list[MemoryPoint]:
    """The latest requests of one session, the earliest first, whatever the time."""
    query = (
        select(
            Completion.id.label("completion_id"),
            Completion.started_at_ms,
            Completion.memory_tokens,
            (Completion.prompt_tokens_sent - Completion.memory_tokens).label("chat_tokens"),
            Completion.memory_ratio,
        )
        .where(*_COUNTED, *matching(Completion, wanted, ("session_id", *WHERE)), Completion.kind.in_(_KINDS))
        .order_by(Completion.id.desc())
        .limit(limit)
    )
    return [MemoryPoint(**row) for row in tx.execute(query).mappings()][::-1]


def sources(tx: Connection, wanted: MemoryFilter) -> list[MemorySource]:
    """By server and type, the one that sent most first."""
    sent_tokens = func.sum(MemorySegment.tokens * MemorySegment.sent)
    columns: list[ColumnElement[Any]] = [
        *(MemorySegment.server.label("server"), MemorySegment.type.label("type")),
        *(func.count().label("segments"), func.sum(MemorySegment.tokens).label("tokens")),
        sent_tokens.label("sent_tokens"),
    ]
    query = _seen(select(*columns), wanted).group_by(MemorySegment.server, MemorySegment.type)
    query = query.order_by(sent_tokens.desc(), MemorySegment.server, MemorySegment.type)
    return [MemorySource(**row) for row in tx.execute(query).mappings()]


def segments(
    tx: Connection, wanted: MemoryFilter, order: Literal["largest", "most resent"], limit: int
) -> list[SegmentRow]:
    """The largest, or those that were sent again most often; not those of deleted sessions."""
    first, second = (MemorySegment.tokens, MemorySegment.sent)[:: 1 if order == "largest" else -1]
    names = [name for name in SegmentRow.__slots__ if name != "session_name"]
    deleted = select(Session.id).where(Session.deleted_at_ms.is_not(None))
    some = _seen(select(*(getattr(MemorySegment, name) for name in names)), wanted)
    some = some.where(MemorySegment.session_id.not_in(deleted))
    some = some.order_by(first.desc(), second.desc(), MemorySegment.key).limit(limit)
    row = some.subquery().c  # the sessions' names are looked up for these alone
    query = select(*row, Session.name.label("session_name")).join(Session, Session.id == row.session_id)
    query = query.order_by(row[first.key].desc(), row[second.key].desc(), row.key)
    return [SegmentRow(**found) for found in tx.execute(query).mappings()]


def _seen(query: Select[Any], wanted: MemoryFilter) -> Select[Any]:
    if wanted.since_ms is not None:
        query = query.where(MemorySegment.last_seen_ms >= wanted.since_ms)
    if wanted.session_id:
        query = query.where(MemorySegment.session_id == wanted.session_id)
    if same := matching(Session, wanted):
        query = query.where(MemorySegment.session_id.in_(select(Session.id).where(*same)))
    return query
