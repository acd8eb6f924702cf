"""Where sessions go on, and context windows as the providers told them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "session_routes",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("asked", sa.String(261), nullable=False, comment="provider/model, as the client asks"),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("signatures", sa.Text(), nullable=False, comment="JSON: thought signatures by call id"),
    )
    op.create_table(
        "true_windows",
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("learned_at_ms", sa.BigInteger(), nullable=False),
    )
