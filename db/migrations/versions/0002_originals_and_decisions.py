"""What was taken out of requests, and what was decided about each message."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_originals()
    create_session_originals()
    create_decisions()


def create_originals() -> None:
    op.create_table(
        "originals",
        sa.Column("tag", sa.String(40), primary_key=True, comment="content tag, k1:…"),
        sa.Column("packed", sa.LargeBinary(), nullable=False, comment="the text as db.content packs it"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False, comment="of the text in UTF-8"),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False, comment="estimate"),
        sa.Column("kind", sa.String(40), nullable=False, comment="the rule that wrote the digest"),
        sa.Column("tool", sa.String(200), nullable=False, comment="whose result it is, or empty"),
        sa.Column("path", sa.String(1000), nullable=False, comment="the file it is of, or empty"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_originals_created", "originals", ["created_at_ms"])


def create_session_originals() -> None:
    op.create_table(
        "session_originals",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag", sa.String(40), sa.ForeignKey("originals.tag"), primary_key=True),
    )
    op.create_index("ix_session_originals_tag", "session_originals", ["tag"])


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.LargeBinary(), primary_key=True, comment="the message's key, 16 bytes"),
        sa.Column("action", sa.String(20), nullable=False, comment="keep | mask | summarised"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replacements", sa.Text(), nullable=False, comment="JSON: what takes the place of which pieces"),
        sa.Column("tokens_saved", sa.Integer(), nullable=False, comment="each time the message is sent"),
        sa.Column("decided_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_decisions_rev", "decisions", ["rev"])
