"""What fills the window, memory segments, how models count, and costs without a prefix cache."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name, comment in (
        ("parts", "JSON: the same tokens, divided finer"),
        ("tool_tokens", "JSON: of the tool results among them, by tool"),
        ("largest", "JSON: the largest messages, without their text"),
    ):
        op.add_column("completions", sa.Column(name, sa.Text(), comment=comment))
    calibrated = "estimate, as the model was known to count"
    op.add_column("completions", sa.Column("prompt_tokens_calibrated", sa.Integer(), comment=calibrated))
    uncached = "without the provider's prefix cache"
    op.add_column("completions", sa.Column("cost_uncached_usd", sa.Double(), comment=uncached))
    for table in ("sessions", "rollup_hour"):
        op.add_column(
            table,
            sa.Column(
                "cost_uncached_usd", sa.Double(), nullable=False, server_default="0", comment="without prefix cache"
            ),
        )
        # Of older completions it is not known what the cache saved: they are taken to have had none.
        op.execute(f"UPDATE {table} SET cost_uncached_usd = cost_usd")
    _memory_segments()
    _calibrations()


def _memory_segments() -> None:
    op.create_table(
        "memory_segments",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.LargeBinary(), primary_key=True, comment="hash of the text, 16 bytes"),
        sa.Column("type", sa.String(20), nullable=False, comment="the form of its marker, or tool result"),
        sa.Column("server", sa.String(200), nullable=False, comment="MCP server, empty where nothing says so"),
        sa.Column("tokens", sa.Integer(), nullable=False, comment="estimate"),
        sa.Column("first_seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False, comment="requests that had it; the first one included"),
    )
    op.create_index("ix_memory_segments_last_seen", "memory_segments", ["last_seen_ms"])


def _calibrations() -> None:
    op.create_table(
        "calibrations",
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("ratio", sa.Double(), nullable=False, comment="reported / estimated prompt tokens, running mean"),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column(
            "error_before", sa.Double(), nullable=False, comment="0..: |estimated - reported| / reported, running mean"
        ),
        sa.Column("error_after", sa.Double(), nullable=False, comment="the same of the calibrated estimate"),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
    )
