"""Each proxy's last batch: one whose commit was not heard of is not written again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "last_batches",
        sa.Column("proxy_id", sa.String(40), primary_key=True),
        sa.Column("token", sa.String(32), nullable=False, comment="random"),
    )
