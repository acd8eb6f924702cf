"""The first tables. Constraints without a name get the one their database gives."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite only counts up a column whose type is exactly INTEGER."""


def upgrade() -> None:
    create_counters()
    create_sessions()
    create_completions()
    create_rollup_hour()
    create_settings()
    create_commands()
    create_heartbeat()
    create_events()


def create_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", BIG_ID, nullable=False),
    )


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("renamed", sa.Boolean(), nullable=False, comment="named by the person: never renamed by us"),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column(
            "provider",
            sa.String(60),
            nullable=False,
            comment="of the latest completion that fills the context; before one, of the latest",
        ),
        sa.Column("model", sa.String(200), nullable=False, comment="likewise"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("deleted_at_ms", sa.BigInteger(), comment="hidden since, and removed after the undo time"),
        sa.Column(
            "message_keys",
            sa.LargeBinary(),
            nullable=False,
            comment="16 bytes a message: what the next request is matched by",
        ),
        sa.Column(
            "summary_keys",
            sa.LargeBinary(),
            nullable=False,
            comment="16 bytes for each answer to a compaction request of this session",
        ),
        sa.Column("completions", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False, comment="user messages answered"),
        sa.Column("errors", sa.Integer(), nullable=False, comment="outcome error or upstream_abort"),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=False, comment="reported, else estimated"),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=False),
        sa.Column("saved_tokens", sa.BigInteger(), nullable=False, comment="estimate before - estimate sent"),
        sa.Column("cost_usd", sa.Double(), nullable=False, comment="of the completions whose price is known"),
        sa.Column("cost_unmodified_usd", sa.Double(), nullable=False),
        sa.Column("unpriced", sa.Integer(), nullable=False, comment="completions whose price is not known"),
        sa.Column("context_window", sa.Integer(), comment="of the latest completion that fills the context"),
        sa.Column("context_fill", sa.Double(), comment="0..1, of the latest completion that fills the context"),
        sa.Column("memory_tokens", sa.Integer(), comment="of the latest completion that fills the context"),
        sa.Column("memory_ratio", sa.Double(), comment="0..1, likewise"),
        sa.Column("rev", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_sessions_last_seen", "sessions", ["last_seen_ms"])
    op.create_index("ix_sessions_rev", "sessions", ["rev"])


def create_completions() -> None:
    op.create_table("completions", *completion_call(), *completion_tokens(), *completion_figures())
    op.create_index("ix_completions_kind", "completions", ["kind", "started_at_ms"])
    op.create_index("ix_completions_rev", "completions", ["rev"])
    op.create_index("ix_completions_session", "completions", ["session_id", "id"])
    op.create_index("ix_completions_started", "completions", ["started_at_ms"])


def completion_call() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE")),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("routed_from", sa.String(260), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("stream", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("error_class", sa.String(20), nullable=False),
        sa.Column("error_message", sa.String(500), nullable=False, comment="scrubbed"),
    ]


def completion_tokens() -> list[sa.Column[Any]]:
    return [
        sa.Column("prompt_tokens_before", sa.Integer(), comment="estimate, as received"),
        sa.Column("prompt_tokens_sent", sa.Integer(), comment="estimate, as forwarded"),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("cached_tokens", sa.Integer(), comment="part of prompt_tokens"),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("reasoning_tokens", sa.Integer(), comment="part of completion_tokens"),
        sa.Column("usage_source", sa.String(10), comment="of the four above"),
        sa.Column("context_window", sa.Integer(), comment="tokens"),
        sa.Column("context_fill", sa.Double(), comment="0..1"),
        sa.Column("memory_tokens", sa.Integer()),
        sa.Column("memory_ratio", sa.Double(), comment="0..1"),
        sa.Column("masked_count", sa.Integer(), nullable=False, comment="messages"),
        sa.Column("masked_tokens_saved", sa.Integer(), nullable=False),
        sa.Column("compressed_tokens_saved", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Boolean(), nullable=False),
    ]


def completion_figures() -> list[sa.Column[Any]]:
    return [
        sa.Column("rate_wait_ms", sa.Double()),
        sa.Column("ttfb_ms", sa.Double()),
        sa.Column("duration_ms", sa.Double()),
        sa.Column("overhead_ms", sa.Double()),
        sa.Column("cost_usd", sa.Double()),
        sa.Column("cost_unmodified_usd", sa.Double()),
        sa.Column("turn", sa.Integer(), comment="user messages so far, this one included"),
        sa.Column("message_count", sa.Integer()),
        sa.Column("composition", sa.Text(), nullable=False, comment="JSON: estimated tokens by what they are"),
        sa.Column("retry_of_ms", sa.BigInteger(), comment="started_at_ms of the first try"),
        sa.Column("trace_id", sa.String(200), nullable=False),
        sa.Column("proxy_id", sa.String(40), nullable=False),
    ]


def create_rollup_hour() -> None:
    op.create_table(
        "rollup_hour",
        sa.Column("hour_ms", sa.BigInteger(), primary_key=True, comment="start of the hour, UTC"),
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("project", sa.String(200), primary_key=True),
        sa.Column("completions", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=False, comment="reported, else estimated"),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=False),
        sa.Column("reasoning_tokens", sa.BigInteger(), nullable=False),
        sa.Column("saved_tokens", sa.BigInteger(), nullable=False),
        sa.Column("memory_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_usd", sa.Double(), nullable=False),
        sa.Column("cost_unmodified_usd", sa.Double(), nullable=False),
        sa.Column("unpriced", sa.Integer(), nullable=False),
    )


def create_settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("applied_at_ms", sa.BigInteger()),
        sa.Column("error", sa.Text(), nullable=False, comment="why it was not applied"),
    )


def create_commands() -> None:
    op.create_table(
        "commands",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("picked_at_ms", sa.BigInteger()),
        sa.Column("done_at_ms", sa.BigInteger()),
        sa.Column("result", sa.Text(), nullable=False, comment='JSON: {"ok": …} or {"error": …}'),
    )
    op.create_index("ix_commands_open", "commands", ["done_at_ms", "id"])


def create_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("proxy_id", sa.String(40), primary_key=True),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at_ms", sa.BigInteger(), comment="set by an orderly stop"),
        sa.Column("listen", sa.String(200), nullable=False, comment="addresses, for people"),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False, comment="records waiting for the writer"),
        sa.Column(
            "dropped", sa.Integer(), nullable=False, comment="records lost to a full queue or an unwritable store"
        ),
        sa.Column("settings_error", sa.Text(), nullable=False, comment="why a changed providers.toml is not in use"),
    )


def create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("level", sa.String(10), nullable=False, comment="info | warning | critical"),
        sa.Column("session_id", sa.String(40)),
        sa.Column("message", sa.String(500), nullable=False, comment="scrubbed"),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON"),
    )
    op.create_index("ix_events_kind", "events", ["kind", "at_ms"])
    op.create_index("ix_events_rev", "events", ["rev"])
