"""What stands for the oldest messages of a session."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("created_at_ms", sa.BigInteger(), primary_key=True),
        sa.Column("keys", sa.LargeBinary(), nullable=False, comment="of the messages it stands for, 16 bytes each"),
        sa.Column("text", sa.Text(), nullable=False, comment="as sent, without its frame; scrubbed"),
        sa.Column("request", sa.Text(), nullable=False, comment="the person's latest words among them; scrubbed"),
        sa.Column("writer", sa.String(200), nullable=False, comment="heuristic, or the model"),
        sa.Column("trigger", sa.String(20), nullable=False, comment="pressure | no room | cold | by hand"),
        sa.Column("kept_exchanges", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False, comment="that it stands for"),
        sa.Column(
            "tokens_before", sa.Integer(), nullable=False, comment="estimate, of these messages as forwarded until then"
        ),
        sa.Column("tokens_after", sa.Integer(), nullable=False, comment="estimate, of the message in their place"),
        sa.Column(
            "prompt_tokens_before",
            sa.Integer(),
            nullable=False,
            comment="estimate, of the request in which it first stood",
        ),
        sa.Column("context_window", sa.Integer()),
        sa.Column("cost_usd", sa.Double(), comment="of the model's writing"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="false once edited away or followed by another"),
        sa.Column("rev", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_summaries_created", "summaries", ["created_at_ms"])
    op.create_index("ix_summaries_rev", "summaries", ["rev"])
