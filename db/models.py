"""The tables. Times are milliseconds since 1970-01-01 UTC; a count that is not known is NULL, never 0.

`rev` grows with every insert and every correction of a row, across all tables that have it: a reader that remembers the
last one it saw reads `rev > last` and misses nothing. The writer takes it from `counters` in its own transaction."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import Integer

BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite only counts up a column whose type is exactly INTEGER."""

NOT_OK, ROUTED, OF_PROJECT = "outcome <> 'ok'", "routed_from <> ''", "project <> ''"
"""Of which completions there are indexes of their own; queries say the same words, else these are not used."""


def _of_few(name: str, which: str, *columns: str) -> Index:
    """An index of the rows that a condition leaves."""
    return Index(name, *columns, sqlite_where=text(which), postgresql_where=text(which))


class Base(DeclarativeBase):
    """All tables of the store."""


class Counter(Base):
    """Numbers that only grow, by name; `rev` is one."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigId, default=0)


class Session(Base):
    """One conversation, with its counters: written in the same transaction as each of its completions."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    renamed: Mapped[bool] = mapped_column(default=False, comment="named by the person: never renamed by us")
    project: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(10), default="proxy")
    provider: Mapped[str] = mapped_column(
        String(60), default="", comment="of the latest completion that fills the context; before one, of the latest"
    )
    model: Mapped[str] = mapped_column(String(200), default="", comment="likewise")
    created_at_ms: Mapped[int] = mapped_column(BigInteger)
    last_seen_ms: Mapped[int] = mapped_column(BigInteger)
    pinned: Mapped[bool] = mapped_column(default=False)
    deleted_at_ms: Mapped[int | None] = mapped_column(
        BigInteger, comment="hidden since, and removed after the undo time"
    )
    message_keys: Mapped[bytes] = mapped_column(
        LargeBinary, default=b"", comment="16 bytes a message: what the next request is matched by"
    )
    summary_keys: Mapped[bytes] = mapped_column(
        LargeBinary, default=b"", comment="16 bytes for each answer to a compaction request of this session"
    )
    completions: Mapped[int] = mapped_column(default=0)
    turns: Mapped[int] = mapped_column(default=0, comment="user messages answered")
    errors: Mapped[int] = mapped_column(default=0, comment="outcome error or upstream_abort")
    prompt_tokens: Mapped[int] = mapped_column(BigInteger, default=0, comment="reported, else estimated")
    cached_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    completion_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    saved_tokens: Mapped[int] = mapped_column(BigInteger, default=0, comment="estimate before - estimate sent")
    cost_usd: Mapped[float] = mapped_column(default=0.0, comment="of the completions whose price is known")
    cost_unmodified_usd: Mapped[float] = mapped_column(default=0.0)
    cost_uncached_usd: Mapped[float] = mapped_column(default=0.0, server_default="0", comment="without prefix cache")
    unpriced: Mapped[int] = mapped_column(default=0, comment="completions whose price is not known")
    context_window: Mapped[int | None] = mapped_column(comment="of the latest completion that fills the context")
    context_fill: Mapped[float | None] = mapped_column(comment="0..1, of the latest completion that fills the context")
    memory_tokens: Mapped[int | None] = mapped_column(comment="of the latest completion that fills the context")
    memory_ratio: Mapped[float | None] = mapped_column(comment="0..1, likewise")
    rev: Mapped[int] = mapped_column(BigInteger, default=0)
    __table_args__ = (Index("ix_sessions_last_seen", "last_seen_ms"), Index("ix_sessions_rev", "rev"))


class Completion(Base):
    """One LLM call; the fields of `addons.domain.completion.Completion`."""

    __tablename__ = "completions"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    project: Mapped[str] = mapped_column(String(200), default="")
    started_at_ms: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(10))
    provider: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(200))
    routed_from: Mapped[str] = mapped_column(String(260), default="")
    kind: Mapped[str] = mapped_column(String(20))
    stream: Mapped[bool]
    status: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(20))
    error_class: Mapped[str] = mapped_column(String(20), default="")
    error_message: Mapped[str] = mapped_column(String(500), default="", comment="scrubbed")
    prompt_tokens_before: Mapped[int | None] = mapped_column(comment="estimate, as received")
    prompt_tokens_sent: Mapped[int | None] = mapped_column(comment="estimate, as forwarded")
    prompt_tokens: Mapped[int | None]
    cached_tokens: Mapped[int | None] = mapped_column(comment="part of prompt_tokens")
    completion_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None] = mapped_column(comment="part of completion_tokens")
    usage_source: Mapped[str | None] = mapped_column(String(10), comment="of the four above")
    logged_at_ms: Mapped[int | None] = mapped_column(BigInteger, comment="when the IDE's log told of the call")
    logged_prompt_tokens: Mapped[int | None] = mapped_column(comment="the IDE's own estimate, without tools")
    logged_completion_tokens: Mapped[int | None] = mapped_column(comment="likewise")
    context_window: Mapped[int | None] = mapped_column(comment="tokens")
    context_fill: Mapped[float | None] = mapped_column(comment="0..1")
    memory_tokens: Mapped[int | None]
    memory_ratio: Mapped[float | None] = mapped_column(comment="0..1")
    masked_count: Mapped[int] = mapped_column(default=0, comment="messages")
    masked_tokens_saved: Mapped[int] = mapped_column(default=0)
    compressed_tokens_saved: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[bool] = mapped_column(default=False)
    rate_wait_ms: Mapped[float | None]
    ttfb_ms: Mapped[float | None]
    duration_ms: Mapped[float | None]
    overhead_ms: Mapped[float | None]
    cost_usd: Mapped[float | None]
    cost_unmodified_usd: Mapped[float | None]
    turn: Mapped[int | None] = mapped_column(comment="user messages so far, this one included")
    message_count: Mapped[int | None]
    composition: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: estimated tokens by what they are")
    parts: Mapped[str | None] = mapped_column(Text, comment="JSON: the same tokens, divided finer")
    tool_tokens: Mapped[str | None] = mapped_column(Text, comment="JSON: of the tool results among them, by tool")
    largest: Mapped[str | None] = mapped_column(Text, comment="JSON: the largest messages, without their text")
    headers: Mapped[str | None] = mapped_column(
        Text, comment="JSON: request and response, those on the list of addons.domain.headers; scrubbed"
    )
    prompt_tokens_calibrated: Mapped[int | None] = mapped_column(comment="estimate, as the model was known to count")
    cost_uncached_usd: Mapped[float | None] = mapped_column(comment="without the provider's prefix cache")
    retry_of_ms: Mapped[int | None] = mapped_column(BigInteger, comment="started_at_ms of the first try")
    trace_id: Mapped[str] = mapped_column(String(200), default="")
    proxy_id: Mapped[str] = mapped_column(String(40), default="")
    __table_args__ = (
        Index("ix_completions_session", "session_id", "id"),
        Index("ix_completions_started", "started_at_ms"),
        Index("ix_completions_rev", "rev"),
        *(Index(f"ix_completions_{of}", of, "started_at_ms") for of in ("kind", "provider", "model")),
        Index("ix_completions_proxy", "proxy_id", "started_at_ms"),
        # What a session and its epochs saved is read from it alone.
        Index("ix_completions_session_time", "session_id", "started_at_ms", "provider", "cost_usd",
              "cost_unmodified_usd", "status", "outcome", "prompt_tokens_before", "prompt_tokens_sent",
              "masked_tokens_saved", "compressed_tokens_saved", "prompt_tokens", "cached_tokens"),
        _of_few("ix_completions_failed", NOT_OK, "outcome", "started_at_ms", "provider", "kind", "error_class",
                "source"),
        _of_few("ix_completions_logged", "logged_at_ms IS NOT NULL", "started_at_ms", "source"),
        _of_few("ix_completions_project", OF_PROJECT, "project", "started_at_ms"),
        _of_few("ix_completions_routed", ROUTED, "routed_from", "provider", "model", "session_id", "started_at_ms"),
    )  # fmt: skip


class RollupHour(Base):
    """Sums per hour, provider, model and project: what the pages over days read instead of a million rows."""

    __tablename__ = "rollup_hour"
    hour_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="start of the hour, UTC")
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    project: Mapped[str] = mapped_column(String(200), primary_key=True)
    completions: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)
    prompt_tokens: Mapped[int] = mapped_column(BigInteger, default=0, comment="reported, else estimated")
    cached_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    completion_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    reasoning_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    saved_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    memory_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    cost_usd: Mapped[float] = mapped_column(default=0.0)
    cost_unmodified_usd: Mapped[float] = mapped_column(default=0.0)
    cost_uncached_usd: Mapped[float] = mapped_column(default=0.0, server_default="0", comment="without prefix cache")
    unpriced: Mapped[int] = mapped_column(default=0)


class Setting(Base):
    """What the person changed at run time; the proxy applies it and says so in `applied_at_ms`."""

    __tablename__ = "settings"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text, comment="JSON")
    version: Mapped[int] = mapped_column(BigInteger)
    updated_at_ms: Mapped[int] = mapped_column(BigInteger)
    applied_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    applied_by: Mapped[str | None] = mapped_column(String(40), comment="the proxy that did last")
    error: Mapped[str] = mapped_column(Text, default="", comment="why it was not applied")


class Command(Base):
    """What the person asked a proxy to do: inserted by a page, carried out and answered by a proxy."""

    __tablename__ = "commands"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text, default="{}", comment="JSON")
    created_at_ms: Mapped[int] = mapped_column(BigInteger)
    picked_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    done_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[str] = mapped_column(Text, default="", comment='JSON: {"ok": …} or {"error": …}')
    __table_args__ = (Index("ix_commands_open", "done_at_ms", "id"),)


class Heartbeat(Base):
    """Each proxy's sign of life, every second."""

    __tablename__ = "heartbeat"
    proxy_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at_ms: Mapped[int] = mapped_column(BigInteger)
    seen_at_ms: Mapped[int] = mapped_column(BigInteger)
    stopped_at_ms: Mapped[int | None] = mapped_column(BigInteger, comment="set by an orderly stop")
    listen: Mapped[str] = mapped_column(String(200), default="", comment="addresses, for people")
    version: Mapped[str] = mapped_column(String(40), default="")
    queued: Mapped[int] = mapped_column(default=0, comment="records waiting for the writer")
    dropped: Mapped[int] = mapped_column(default=0, comment="records lost to a full queue or an unwritable store")
    settings_error: Mapped[str] = mapped_column(Text, default="", comment="why a changed providers.toml is not in use")
    waiting: Mapped[str] = mapped_column(Text, default="[]", server_default="[]", comment="JSON: who waits now")


class Event(Base):
    """What happened that is not a completion: a failure of ours, an epoch, an alert, a line of the IDE's log."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(10), default="info", comment="info | warning | critical")
    session_id: Mapped[str | None] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(500), default="", comment="scrubbed")
    data: Mapped[str] = mapped_column(Text, default="{}", comment="JSON")
    __table_args__ = (
        Index("ix_events_kind", "kind", "at_ms"),
        Index("ix_events_rev", "rev"),
        Index("ix_events_session", "session_id", "kind", "at_ms"),
    )


class Original(Base):
    """A text that was taken out of a request; kept as long as a session that needs it (`SessionOriginal`)."""

    __tablename__ = "originals"
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, comment="content tag, k1:…")
    packed: Mapped[bytes] = mapped_column(LargeBinary, comment="the text as db.content packs it")
    size_bytes: Mapped[int] = mapped_column(BigInteger, comment="of the text in UTF-8")
    lines: Mapped[int]
    tokens: Mapped[int] = mapped_column(comment="estimate")
    kind: Mapped[str] = mapped_column(String(40), comment="the rule that wrote the digest")
    tool: Mapped[str] = mapped_column(String(200), default="", comment="whose result it is, or empty")
    path: Mapped[str] = mapped_column(String(1000), default="", comment="the file it is of, or empty")
    created_at_ms: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        Index("ix_originals_created", "created_at_ms", "tag"),
        Index("ix_originals_kind", "kind", "created_at_ms", "tag"),
    )


class SessionOriginal(Base):
    """Which session needs which original."""

    __tablename__ = "session_originals"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(ForeignKey("originals.tag"), primary_key=True)
    __table_args__ = (Index("ix_session_originals_tag", "tag"),)


class Decision(Base):
    """What is forwarded for one message of a session; the fields of `addons.domain.decisions.Decision`."""

    __tablename__ = "decisions"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="the message's key, 16 bytes")
    action: Mapped[str] = mapped_column(String(20), comment="keep | mask | summarised")
    reason: Mapped[str] = mapped_column(Text, default="")
    replacements: Mapped[str] = mapped_column(Text, default="[]", comment="JSON: what takes the place of which pieces")
    tokens_saved: Mapped[int] = mapped_column(default=0, comment="each time the message is sent")
    decided_at_ms: Mapped[int] = mapped_column(BigInteger)
    rev: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_decisions_rev", "rev"),)


class Summary(Base):
    """What stands for the oldest messages of a session; the fields of `addons.domain.compression.summary.Summary`."""

    __tablename__ = "summaries"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    created_at_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    keys: Mapped[bytes] = mapped_column(LargeBinary, comment="of the messages it stands for, 16 bytes each")
    text: Mapped[str] = mapped_column(Text, comment="as sent, without its frame; scrubbed")
    request: Mapped[str] = mapped_column(Text, default="", comment="the person's latest words among them; scrubbed")
    writer: Mapped[str] = mapped_column(String(200), comment="heuristic, or the model")
    trigger: Mapped[str] = mapped_column(String(20), comment="pressure | no room | cold | by hand")
    kept_exchanges: Mapped[int]
    messages: Mapped[int] = mapped_column(comment="that it stands for")
    tokens_before: Mapped[int] = mapped_column(comment="estimate, of these messages as forwarded until then")
    tokens_after: Mapped[int] = mapped_column(comment="estimate, of the message in their place")
    prompt_tokens_before: Mapped[int] = mapped_column(comment="estimate, of the request in which it first stood")
    context_window: Mapped[int | None]
    cost_usd: Mapped[float | None] = mapped_column(comment="of the model's writing")
    active: Mapped[bool] = mapped_column(comment="false once edited away or followed by another")
    rev: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_summaries_created", "created_at_ms"), Index("ix_summaries_rev", "rev"))
