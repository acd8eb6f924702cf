"""Where each proxy runs: whoever starts after it was killed can tell so."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "proxy_processes",
        sa.Column("proxy_id", sa.String(40), primary_key=True),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("told_at_ms", sa.BigInteger(), comment="when its end without a word was told"),
    )
