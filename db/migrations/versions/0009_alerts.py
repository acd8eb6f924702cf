"""Alerts: what the person should know of."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False, comment="rule:what it is about; the same for each repetition"),
        sa.Column("level", sa.String(10), nullable=False, comment="info | warning | critical"),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(40)),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("message", sa.String(500), nullable=False, comment="without captured text"),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON: the figures"),
        sa.Column("acknowledged_at_ms", sa.BigInteger()),
        sa.Column("sent_at_ms", sa.BigInteger(), comment="when the first channel took it"),
        sa.Column("send_error", sa.String(500), nullable=False, comment="why a channel did not; no addresses"),
    )
    op.create_index("ix_alerts_at", "alerts", ["at_ms"])
    op.create_index("ix_alerts_rev", "alerts", ["rev"])
    op.create_index("ix_alerts_key", "alerts", ["key", "at_ms"])
