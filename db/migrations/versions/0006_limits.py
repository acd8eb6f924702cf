"""What is known of the providers' limits, and who waits for one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "limits_seen",
        sa.Column("provider", sa.String(60), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True, comment="empty: shared by all models of the account"),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("basis", sa.String(10), primary_key=True, comment="reported | counted"),
        sa.Column("limit", sa.BigInteger()),
        sa.Column("remaining", sa.BigInteger()),
        sa.Column("reset_at_ms", sa.BigInteger(), comment="when more of it is there again"),
        sa.Column("full_at_ms", sa.BigInteger(), comment="forecast: when it is used up, if before the reset"),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("proxy_id", sa.String(40), nullable=False),
    )
    # Proxies of an earlier version go on writing heartbeats without the column.
    op.add_column(
        "heartbeat",
        sa.Column("waiting", sa.Text(), nullable=False, server_default="[]", comment="JSON: who waits now"),
    )
