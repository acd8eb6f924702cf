"""What each row of a predecessor's tables becomes here.

A row of `metrics` is a completion, one of `masked_content` an original; what has no table here is an event that holds
the whole row. Nothing is thrown away: what a table here has no column for is kept beside it, in `legacy_rows`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePath

from addons.domain.completion import Completion
from addons.domain.decisions import Original
from addons.domain.events import Event
from addons.domain.masking.placeholder import content_tag
from addons.domain.scrub import holds_secret, scrub
from db.legacy import identity, source
from db.legacy.items import NOTHING, Amounts, Item, OldOriginal, OldSession
from db.legacy.requests import OldRequest
from db.legacy.source import Row
from db.legacy.values import at_ms, clean, count

PROVIDERS = {"managed:kimi-code": "kimi-code", "siliconflow": "siliconflow-cn"}
"""The predecessor's names for providers that are called otherwise in providers.toml: its SiliconFlow was
api.siliconflow.cn."""
TIME_COLUMNS = ("timestamp", "created_at")
EVENT_KINDS = {
    "compression_log": "legacy_compression",
    "compaction_history": "legacy_compaction",
    "memory_metrics": "legacy_memory",
    "memory_segments": "legacy_memory_segment",
    "providers": "legacy_provider",
}
"""Of other tables: `legacy_` and their name."""
ORIGINAL_KIND = "legacy"
UNOWNED = "Masked contents"
"""The session that masked contents belong to where a file has none: an original lives as long as a session needs it."""


class Mapper:
    """For one file. Sessions must be mapped first, because the others refer to them."""

    def __init__(self, file: source.Source, count_tokens: Callable[[str], int]) -> None:
        self._count_tokens = count_tokens
        self._first_times = file.first_times()
        self._sessions: dict[object, OldSession] = {}
        self._begun: list[tuple[int, str]] = []
        self._alike: Counter[str] = Counter()
        self._latest_ms = int(file.path.stat().st_mtime * 1000)
        """Of a row without a readable time whose session has none either."""

    def items(self, table: str, rows: Iterator[Row]) -> Iterator[Item]:
        of_table = {"sessions": self._session, "metrics": self._request, "masked_content": self._masked}
        make = of_table.get(table)
        for row in rows:
            yield make(row) if make is not None else self._event(table, row)

    def _session(self, row: Row) -> Item:
        old_id = row.get("id")
        made_at = row.get("created_at") or self._first_times.get(old_id) or row.get("name")
        created = at_ms(row.get("created_at"))
        first = at_ms(self._first_times.get(old_id))
        session = OldSession(
            id=identity.session_id(old_id, made_at),
            name=clean(str(row.get("name") or f"Session {old_id}")),
            provider=provider_key(row.get("provider")),
            model=str(row.get("model") or ""),
            created_at_ms=next((ms for ms in (created, first) if ms is not None), self._latest_ms),
        )
        self._sessions[old_id] = session
        self._begun.append((session.created_at_ms, session.id))
        notes = [*_no_time(created), *([] if session.model else ["model not known"])]
        return self._item("sessions", row, session.id, session, notes, key=session.id)

    def _request(self, row: Row) -> Item:
        session = self._sessions.get(row.get("session_id"))
        at = at_ms(row.get("timestamp"))
        request = OldRequest.of(row)
        completion = request.completion(session, self._time(at, session))
        notes = [*_no_time(at), *request.notes(completion)]
        return self._item("metrics", row, completion.session_id, completion, notes, amounts=request.amounts)

    def _masked(self, row: Row) -> Item:
        text = row.get("original_content")
        at = at_ms(row.get("created_at"))
        if not isinstance(text, str) or not text:
            return self._item("masked_content", row, None, None, ["no content: only its preview is kept"])
        notes = _no_time(at)
        if holds_secret(text):
            text = scrub(text)
            notes.append("held a key, which is left out")
        created_ms = at if at is not None else self._latest_ms
        owner = self._owner(created_ms)
        original = Original(
            tag=content_tag(text),
            session_id=owner.id,
            text=text,
            kind=ORIGINAL_KIND,
            tool="",
            path=_path(row),
            tokens=count(row.get("token_count")) or self._count_tokens(text),
            at_ms=created_ms,
        )
        made = None if self._begun else owner
        becomes = OldOriginal(original=original, alias=clean(str(row.get("content_hash") or "")), owner=made)
        rest = {name: value for name, value in row.items() if name != "original_content"}
        return self._item("masked_content", rest, owner.id, becomes, notes)

    def _event(self, table: str, row: Row) -> Item:
        session = self._sessions.get(row.get("session_id"))
        at = at_ms(_made_at(row))
        notes = [] if table == "providers" else _no_time(at)
        if session is None and row.get("session_id") is not None:
            notes.append("its session is not in the file")
        event = Event(
            at_ms=self._time(at, session),
            kind=EVENT_KINDS.get(table, f"legacy_{table}")[:40],
            session_id=session.id if session else None,
            message=told(table, row),
            data=row,
        )
        return self._item(table, row, event.session_id, event, notes)

    def _item(
        self,
        table: str,
        row: Row,
        session_id: str | None,
        becomes: OldSession | Completion | OldOriginal | Event | None,
        notes: list[str],
        *,
        key: str = "",
        amounts: Amounts = NOTHING,
    ) -> Item:
        owner = None if table == "masked_content" else session_id
        return Item(
            key=key or self._key(table, owner, row),
            table=table,
            old_id=str(row.get("id", row.get("key", "")))[:80],
            session_id=session_id,
            becomes=becomes,
            data={} if isinstance(becomes, Event) else row,
            amounts=amounts,
            notes=tuple(notes),
        )

    def _key(self, table: str, owner: str | None, row: Row) -> str:
        time_column = _time_column(row)
        if time_column is not None and identity.has_number(row, time_column):
            return identity.row_key(table, owner or row.get("session_id"), row["id"], row[time_column])
        key = identity.content_key(table, owner, row, 0)
        before = self._alike[key]
        self._alike[key] += 1
        return identity.content_key(table, owner, row, before)

    def _time(self, at: int | None, session: OldSession | None) -> int:
        if at is not None:
            return at
        return session.created_at_ms if session else self._latest_ms

    def _owner(self, at: int) -> OldSession:
        """The session that had begun last by then: the predecessor had one at a time."""
        if not self._begun:
            made = identity.session_id(None, UNOWNED)
            return OldSession(id=made, name=UNOWNED, provider="", model="", created_at_ms=at)
        self._begun.sort()
        place = max(0, bisect_right(self._begun, (at, "\U0010ffff")) - 1)
        created_ms, session_id = self._begun[place]
        return OldSession(id=session_id, name="", provider="", model="", created_at_ms=created_ms)


def provider_key(old: object) -> str:
    """As in providers.toml; one that is not known there stays as it is."""
    name = str(old or "")
    return PROVIDERS.get(name, name)


def told(table: str, row: Row) -> str:
    """For people."""
    before = count(row.get("original_tokens", row.get("tokens_before")))
    after = count(row.get("compressed_tokens", row.get("tokens_after")))
    if before is not None and after is not None:
        reason = row.get("trigger_reason")
        return f"compressed {before:,} to {after:,} tokens{f' ({reason})' if reason else ''}"
    memory = count(row.get("memory_tokens", row.get("token_count")))
    subject = table.replace("_", " ")
    return subject if memory is None else f"{subject}: {memory:,} tokens"


def _no_time(at: int | None) -> list[str]:
    return [] if at is not None else ["no readable time: its session's stands for it"]


def _time_column(row: Row) -> str | None:
    return next((name for name in TIME_COLUMNS if name in row), None)


def _made_at(row: Row) -> object:
    name = _time_column(row)
    return None if name is None else row[name]


def _path(row: Row) -> str:
    """The file that it is of; not the one in which the predecessor kept it."""
    path = str(row.get("file_path") or "")
    return "" if PurePath(path).stem == str(row.get("content_hash")) else clean(path)
