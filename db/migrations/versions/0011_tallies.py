"""What became of requests, by the hour, so that pages over months read sums; and indexes for what still reads rows.

On a store of a million completions this takes about half a minute, once.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

STEPS_MS = (
    *(62, 88, 125, 177, 250, 354, 500, 707, 1_000, 1_414, 2_000, 2_828, 4_000, 5_657, 8_000, 11_314, 16_000, 22_627),
    *(32_000, 45_255, 64_000),
)
ANSWERED = "status BETWEEN 200 AND 299 AND outcome NOT IN ('blocked', 'error')"
SENT = "source = 'proxy' AND outcome <> 'blocked'"
COUNTED = f"{ANSWERED} AND prompt_tokens_before IS NOT NULL AND prompt_tokens_sent IS NOT NULL"
REPORTED = f"{ANSWERED} AND cached_tokens IS NOT NULL AND prompt_tokens > 0"
PRICED = f"{ANSWERED} AND cost_usd IS NOT NULL AND cost_unmodified_usd IS NOT NULL"
REMEMBERING = "memory_tokens IS NOT NULL AND prompt_tokens_sent IS NOT NULL"
INTEGER, BIG, DOUBLE = sa.Integer, sa.BigInteger, sa.Double
AMOUNTS: tuple[tuple[str, Any, str, str, str], ...] = (
    ("calls", INTEGER, "source = 'proxy'", "1", "through the proxy"),
    ("sent", INTEGER, SENT, "1", "of these, to the provider"),
    ("failed", INTEGER, f"{SENT} AND outcome IN ('error', 'upstream_abort')", "1",
     "of these, with outcome error or upstream_abort"),
    ("answered", INTEGER, ANSWERED, "1", "of any source, with status 2xx and no error in the stream"),
    ("before_tokens", BIG, COUNTED, "prompt_tokens_before", "estimates of the answered, as received"),
    ("sent_tokens", BIG, COUNTED, "prompt_tokens_sent", "likewise, as forwarded"),
    ("masked_tokens", BIG, COUNTED, "masked_tokens_saved", "likewise, masking kept out"),
    ("compressed_tokens", BIG, COUNTED, "compressed_tokens_saved", "likewise, summaries kept out"),
    ("compressed", INTEGER, f"{COUNTED} AND compressed_tokens_saved > 0", "1",
     "answered requests with a summary in them"),
    ("reported", INTEGER, REPORTED, "1", "answered requests that tell how much was cached"),
    ("reported_tokens", BIG, REPORTED, "prompt_tokens", "their prompt tokens"),
    ("cached_tokens", BIG, REPORTED, "cached_tokens", "of these, the cached ones"),
    ("priced", INTEGER, PRICED, "1", "answered requests with a price as sent and as received"),
    ("cost_usd", DOUBLE, PRICED, "cost_usd", "of these"),
    ("cost_unmodified_usd", DOUBLE, PRICED, "cost_unmodified_usd", "of these"),
    ("remembering", INTEGER, REMEMBERING, "1", "requests whose memory is known, however they ended"),
    ("memory_tokens", BIG, REMEMBERING, "memory_tokens", "of these"),
    ("memory_prompt_tokens", BIG, REMEMBERING, "prompt_tokens_sent", "of these, as forwarded"),
)  # fmt: skip
"""Column, type, which completions count, what each of them adds, comment."""
HOUR = "started_at_ms / 3600000 * 3600000"
SIX_HOURS = "started_at_ms / 21600000 * 21600000"
OTHERS = (("ix_completions_failed", "outcome <> 'ok'",
           ("outcome", "started_at_ms", "provider", "kind", "error_class", "source")),
          ("ix_completions_logged", "logged_at_ms IS NOT NULL", ("started_at_ms", "source")),
          ("ix_completions_routed", "routed_from <> ''",
           ("started_at_ms", "routed_from", "provider", "model", "session_id")))  # fmt: skip
"""Indexes of a few rows: name, of which, columns."""


def upgrade() -> None:
    _tables()
    _fill()
    money = ("provider", "cost_usd", "cost_unmodified_usd")
    op.create_index("ix_completions_session_time", "completions", ["session_id", "started_at_ms", *money])
    op.create_index("ix_completions_provider", "completions", ["provider", "started_at_ms"])
    for name, which, columns in OTHERS:
        op.create_index(name, "completions", columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
    op.create_index("ix_events_session", "events", ["session_id", "kind", "at_ms"])
    op.create_index("ix_originals_kind", "originals", ["kind", "created_at_ms"])


def _tables() -> None:
    keys = [
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("project", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
    ]
    hour = sa.Column("hour_ms", BIG, primary_key=True, comment="start of the hour, UTC")
    sums = [sa.Column(name, kind, nullable=False, comment=comment) for name, kind, _, _, comment in AMOUNTS]
    op.create_table("tally_hour", hour, *keys, *sums, sqlite_with_rowid=False)
    op.create_table(
        "latency_spans",
        sa.Column("time", sa.String(20), primary_key=True, comment="ttfb_ms | duration_ms"),
        sa.Column("begins_at_ms", BIG, primary_key=True, comment="start of the six hours, UTC"),
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("step", INTEGER, primary_key=True, autoincrement=False, comment="index into STEPS_MS"),
        sa.Column("answers", INTEGER, nullable=False),
        sqlite_with_rowid=False,
    )


def _fill() -> None:
    """From the completions that are there; no session is deleted now (see 0010)."""
    sums = ", ".join(f"sum(CASE WHEN {which} THEN {amount} ELSE 0 END)" for _, _, which, amount, _ in AMOUNTS)
    names = ", ".join(name for name, *_ in AMOUNTS)
    op.execute(f"INSERT INTO tally_hour (hour_ms, provider, model, project, kind, {names})"
               f" SELECT {HOUR}, provider, model, project, kind, {sums} FROM completions"
               " GROUP BY 1, 2, 3, 4, 5")  # fmt: skip
    for time in ("ttfb_ms", "duration_ms"):
        steps = " ".join(f"WHEN {time} < {end} THEN {place}" for place, end in enumerate(STEPS_MS))
        step = f"CASE {steps} ELSE {len(STEPS_MS)} END"
        op.execute(f"INSERT INTO latency_spans (time, begins_at_ms, provider, kind, step, answers)"
                   f" SELECT '{time}', {SIX_HOURS}, provider, kind, {step}, count(*) FROM completions"
                   f" WHERE {SENT} AND outcome = 'ok' AND {time} IS NOT NULL GROUP BY 1, 2, 3, 4, 5")  # fmt: skip
